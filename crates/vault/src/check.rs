//! Checking and repairing reels without any key.

use std::path::PathBuf;
use std::sync::Arc;

use domain::ReelId;
use host::{Fs, FsError};
use ledger::Ledger;
use reel::{Close, Footer, FooterBuilder, Scanner, StopReason, Verify};

use crate::notary::{ClosedReel, Notice, hex};
use crate::open::Shared;
use crate::reels::{ReelPlace, read_footer, reels_on};
use crate::volume::Volume;

/// What is wrong with a reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReelFault {
    /// Which file.
    pub path: PathBuf,
    /// What was found, and what it means.
    pub what: String,
}

/// What a check of every reel found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VaultReport {
    /// Reels read.
    pub reels: u64,
    /// Records whose checksums are right.
    pub records: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Reels that are open: their last records are not looked at.
    pub open: u64,
    /// What is wrong.
    pub faults: Vec<ReelFault>,
}

/// Reads every reel of the volumes whole, and holds each against its checksums, its footer and the
/// ledger.
pub(crate) fn check(volumes: &[Volume], ledger: &Ledger) -> VaultReport {
    let mut report = VaultReport::default();
    for (index, volume) in volumes.iter().enumerate() {
        match reels_on(volume, index) {
            Ok(places) => {
                for place in places {
                    check_reel(&*volume.fs, &place, ledger, &mut report);
                }
            }
            Err(error) => {
                report
                    .faults
                    .push(ReelFault { path: volume.path.clone(), what: error.to_string() });
            }
        }
    }
    report
}

fn check_reel(fs: &dyn Fs, place: &ReelPlace, ledger: &Ledger, report: &mut VaultReport) {
    report.reels += 1;
    let fault = |what: String| ReelFault { path: place.path.clone(), what };
    let footer = match read_footer(fs, place) {
        Ok(Some(footer)) => footer,
        Ok(None) => {
            report.open += 1;
            return;
        }
        Err(error) => return report.faults.push(fault(error)),
    };
    match scan(fs, place) {
        Err(error) => report.faults.push(fault(error.to_string())),
        Ok(scanned) => {
            report.records += scanned.records;
            report.bytes += scanned.end_bytes;
            let rebuilt = scanned.footer.finish(footer.closed_by);
            if rebuilt != footer {
                report.faults.push(fault(
                    "its records are not those its footer lists: it was changed or damaged".into(),
                ));
            }
        }
    }
    match ledger.reel_footer(place.header.reel) {
        Some(entered) if entered == hex(&footer.hash()) => {}
        Some(_) => report
            .faults
            .push(fault("its footer is not the one the ledger holds: it was changed".into())),
        None => report
            .faults
            .push(fault("the ledger has no entry of it; the next start enters it".into())),
    }
}

struct Scanned {
    footer: FooterBuilder,
    records: u64,
    end_bytes: u64,
    reason: StopReason,
}

/// Every record whose checksums are right: one that is damaged is stepped over, so that a bad bit
/// does not cost the footage behind it.
fn scan(fs: &dyn Fs, place: &ReelPlace) -> Result<Scanned, FsError> {
    let file = fs.open_read(&place.path)?;
    let length = file.len()?;
    let damaged = |text: String| FsError {
        doing: "scan",
        path: place.path.clone(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidData, text),
    };
    let mut scanner =
        Scanner::open(length, Verify::All, |at, bytes: &mut [u8]| file.read_at(at, bytes))
            .map_err(|error| damaged(error.to_string()))?;
    let mut footer = FooterBuilder::new(&place.header);
    let mut records = 0;
    loop {
        while let Some(found) = scanner.next_record()? {
            footer.skip_to(found.offset_bytes);
            if footer.add_record(&found.head, &found.record).is_err() {
                return Err(damaged("it has more records than a footer may list".into()));
            }
            records += 1;
        }
        let end = scanner.end().expect("a scan that gave no record is at its end");
        if !scanner.step_over()? {
            return Ok(Scanned {
                footer,
                records,
                end_bytes: end.valid_end_bytes,
                reason: end.reason,
            });
        }
    }
}

/// Brings a reel found at start-up into the register: closes it if a crash left it open, has it
/// entered and listed if it is not.
pub(crate) fn settle_reel(
    shared: &Arc<Shared>,
    volume: &Volume,
    place: &ReelPlace,
    is_listed: bool,
) -> Result<(), FsError> {
    let reel: ReelId = place.header.reel;
    if is_listed && shared.ledger.knows_reel(reel) {
        shared.reels.add(place.clone(), false);
        return Ok(());
    }
    let footer = match read_footer(&*volume.fs, place) {
        Ok(Some(footer)) => footer,
        Ok(None) => close_after_crash(volume, place)?,
        // It could not be read: to cut it now could cut what is whole.
        Err(text) => return Err(unreadable(place, text)),
    };
    let length_bytes = volume.fs.open_read(&place.path)?.len()?;
    shared.reels.add(place.clone(), false);
    shared.notify(Notice::Closed(ClosedReel {
        volume: volume.id,
        header: place.header,
        footer: Arc::new(footer),
        length_bytes,
    }));
    Ok(())
}

/// Has a reel listed once more, if it is closed.
pub(crate) fn list_again(shared: &Shared, place: &ReelPlace) -> Result<(), String> {
    let volume = &shared.volumes[place.volume];
    let Some(footer) = read_footer(&*volume.fs, place)? else { return Ok(()) };
    let length = volume.fs.open_read(&place.path).and_then(|file| file.len());
    shared.notify(Notice::Closed(ClosedReel {
        volume: volume.id,
        header: place.header,
        footer: Arc::new(footer),
        length_bytes: length.map_err(|error| error.to_string())?,
    }));
    Ok(())
}

/// Cuts what a crash tore, and writes the footer of what is whole: nothing that was durable is lost.
/// A closed reel whose footer went bad gets a new one; the check says that it is not the one that
/// was entered.
fn close_after_crash(volume: &Volume, place: &ReelPlace) -> Result<Footer, FsError> {
    let scanned = scan(&*volume.fs, place)?;
    tracing::info!(
        path = %place.path.display(),
        records = scanned.records,
        end = ?scanned.reason,
        "closing a reel that a crash left open"
    );
    let footer = scanned.footer.finish(Close::Recovery);
    let file = volume.fs.open(&place.path)?;
    file.set_len(scanned.end_bytes)?;
    file.write_at(scanned.end_bytes, &footer.encode())?;
    file.sync()?;
    Ok(footer)
}

fn unreadable(place: &ReelPlace, text: String) -> FsError {
    FsError {
        doing: "read the footer of",
        path: place.path.clone(),
        source: std::io::Error::other(text),
    }
}
