//! Checking and repairing reels without any key.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{MutexGuard, PoisonError};

use domain::ReelId;
use host::{File, FsError};
use ledger::Ledger;
use reel::{
    Close, Footer, FooterBuilder, MAX_FOOTER_BYTES, ReelIndex, Scanner, StopReason, Verify,
};

use crate::closed::ClosedReel;
use crate::find::read_header;
use crate::index::{IndexError, read_trailer};
use crate::notary::hex;
use crate::reels::{ReelPlace, Reels};
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
/// ledger. Several are read at once where there are processors for it.
pub(crate) fn check(volumes: &[Volume], reels: &Reels, ledger: &Ledger) -> VaultReport {
    let report = Mutex::new(VaultReport::default());
    let files = files(volumes, &report);
    // Looked up after the files were listed: what is not open by then has its footer.
    let open = reels.open();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((volume, path)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let part = check_reel(volume, path, &open, ledger);
            add(&mut lock(&report), part);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
    std::thread::scope(|scope| {
        (1..workers).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.faults.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
    report
}

/// Reels that are read at once at most: a disk that turns is slower with many.
const MOST_WORKERS: usize = 2;

fn files<'v>(volumes: &'v [Volume], report: &Mutex<VaultReport>) -> Vec<(&'v Volume, PathBuf)> {
    let mut files = Vec::new();
    for volume in volumes {
        let folder = volume.reels_folder();
        match volume.fs.list(&folder) {
            Ok(names) => {
                let reels = names.iter().filter(|name| name.ends_with(".reel"));
                files.extend(reels.map(|name| (volume, folder.join(name))));
            }
            Err(error) => {
                let fault = ReelFault { path: volume.path.clone(), what: error.to_string() };
                lock(report).faults.push(fault);
            }
        }
    }
    files
}

fn add(report: &mut VaultReport, part: VaultReport) {
    report.reels += part.reels;
    report.records += part.records;
    report.bytes += part.bytes;
    report.open += part.open;
    report.faults.extend(part.faults);
}

/// Why a reel is not as it must be.
pub(crate) enum Fault {
    Found(String),
    /// It is whole, and not what was entered.
    Changed(String),
    /// The ledger does not know it yet.
    Unentered(String),
    Disk(FsError),
    /// It was taken away meanwhile.
    Gone,
}

impl From<FsError> for Fault {
    fn from(error: FsError) -> Self {
        if error.is_missing() { Self::Gone } else { Self::Disk(error) }
    }
}

fn found(what: impl Into<String>) -> Fault {
    Fault::Found(what.into())
}

fn check_reel(
    volume: &Volume,
    path: &std::path::Path,
    open: &HashSet<ReelId>,
    ledger: &Ledger,
) -> VaultReport {
    let mut report = VaultReport { reels: 1, ..VaultReport::default() };
    let checked = volume
        .fs
        .open_read(path)
        .map_err(Fault::from)
        .and_then(|file| check_file(&*file, path, open, ledger, &mut report));
    let what = match checked {
        Ok(()) => return report,
        Err(Fault::Gone) => return VaultReport::default(),
        Err(Fault::Found(what) | Fault::Changed(what) | Fault::Unentered(what)) => what,
        Err(Fault::Disk(error)) => error.to_string(),
    };
    report.faults.push(ReelFault { path: path.to_owned(), what });
    report
}

pub(crate) fn check_file(
    file: &dyn File,
    path: &std::path::Path,
    open: &HashSet<ReelId>,
    ledger: &Ledger,
    report: &mut VaultReport,
) -> Result<(), Fault> {
    let length = file.len()?;
    let header = read_header(file, length)?
        .ok_or_else(|| found("it does not begin with a whole header: it was damaged"))?;
    if open.contains(&header.reel) {
        report.open += 1;
        return Ok(());
    }
    let place = ReelPlace::new(header, 0, path.to_owned());
    let hash = check_records(file, &place, report)?;
    match ledger.reel_footer(header.reel) {
        Some(entered) if entered == hex(&hash) => Ok(()),
        Some(_) => Err(Fault::Changed(
            "its footer is not the one the ledger holds: it was changed or damaged".into(),
        )),
        None => {
            Err(Fault::Unentered("the ledger has no entry of it; the next start enters it".into()))
        }
    }
}

/// Every record, and the footer against them; gives the hash that the ledger should hold.
pub(crate) fn check_records(
    file: &dyn File,
    place: &ReelPlace,
    report: &mut VaultReport,
) -> Result<[u8; 32], Fault> {
    let length = file.len()?;
    // The records first, so that what is whole of a damaged reel is counted.
    let scanned = scan(file, place)?;
    report.records += scanned.records;
    report.bytes += length;
    let (footer, hash) = read_footer(file, length, place.header.reel)?;
    if scanned.footer.finish(footer.closed_by) != footer {
        return Err(found("its records are not those its footer lists: it was changed or damaged"));
    }
    Ok(hash)
}

/// The whole footer, and the hash that the ledger should hold.
fn read_footer(file: &dyn File, length: u64, reel: ReelId) -> Result<(Footer, [u8; 32]), Fault> {
    let damaged = |text: String| found(format!("its footer cannot be read: {text}"));
    let trailer = match read_trailer(file, reel) {
        Ok(trailer) => trailer,
        Err(IndexError::Disk(error)) => return Err(error.into()),
        Err(error) => return Err(damaged(error.to_string())),
    };
    let whole = trailer.whole_bytes();
    let begin = length.checked_sub(whole).filter(|_| whole <= MAX_FOOTER_BYTES as u64);
    let begin = begin.ok_or_else(|| damaged("it is longer than the reel".into()))?;
    let mut bytes = vec![0; usize::try_from(whole).expect("at most 64 MiB")];
    file.read_at(begin, &mut bytes)?;
    let footer = Footer::parse(&bytes).map_err(|error| damaged(error.to_string()))?;
    let index = ReelIndex::parse(&bytes[bytes.len() - trailer.index_bytes()..])
        .map_err(|error| damaged(error.to_string()))?;
    if footer.content_end_bytes != begin {
        return Err(damaged("something stands between the records and it".into()));
    }
    Ok((footer, index.hash))
}

struct Scanned {
    footer: FooterBuilder,
    records: u64,
    end_bytes: u64,
    reason: StopReason,
}

/// Every record whose checksums are right: one that is damaged is stepped over, so that a bad bit
/// does not cost the footage behind it.
fn scan(file: &dyn File, place: &ReelPlace) -> Result<Scanned, FsError> {
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

/// Cuts what a crash tore, and writes the footer of what is whole: nothing that was durable is lost.
/// A closed reel whose footer went bad gets a new one; the check says that it is not the one that
/// was entered.
pub(crate) fn close_after_crash(volume: &Volume, place: &ReelPlace) -> Result<ClosedReel, FsError> {
    let file = volume.fs.open(&place.path)?;
    let scanned = scan(&*file, place)?;
    tracing::info!(
        path = %place.path.display(),
        records = scanned.records,
        end = ?scanned.reason,
        "closing a reel that a crash left open"
    );
    let footer = scanned.footer.finish(Close::Recovery);
    let (bytes, index) = footer.encode_with_index();
    file.set_len(scanned.end_bytes)?;
    file.write_at(scanned.end_bytes, &bytes)?;
    file.sync()?;
    let length_bytes = scanned.end_bytes + bytes.len() as u64;
    Ok(ClosedReel::written(volume.id, place.header, &footer, index, length_bytes))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
