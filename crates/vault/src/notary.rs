//! The notary: enters in the ledger what became durable, then has it listed.
//!
//! Its own thread, so that a slow ledger never holds recording up (L10). What it could not enter is
//! entered at the next start: reels are compared with the ledger then.

use std::sync::mpsc::Receiver;

use domain::{Feed, GapCause, ReelId, WallTime};
use ledger::{BucketFact, Kind, Ledger};

use crate::ClosedReel;

/// Who lists what is durable and entered: the catalog. Called from the notary's thread, may block.
pub trait Listing: Send + Sync + 'static {
    /// A reel is closed and entered.
    fn reel_closed(&self, reel: &ClosedReel);
    /// A reel is destroyed and gone.
    fn reel_gone(&self, reel: ReelId);
    /// A gap is durable.
    fn gap(&self, feed: Feed, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64);
}

pub(crate) enum Notice {
    Keys(Vec<BucketFact>),
    VaultKey { epoch: u64, commitment: [u8; 32] },
    Closed(ClosedReel),
    Gone(ReelId),
    Gap { feed: Feed, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64 },
    ClockStep(i64),
    Flush(std::sync::mpsc::Sender<()>),
}

pub(crate) fn run(notices: &Receiver<Notice>, ledger: &Ledger, listing: &dyn Listing) {
    for notice in notices {
        take_one(notice, ledger, listing);
    }
}

pub(crate) fn take_one(notice: Notice, ledger: &Ledger, listing: &dyn Listing) {
    if let Err(error) = take(notice, ledger, listing) {
        tracing::error!(%error, "not entered in the ledger; the next start tries again");
    }
}

fn take(notice: Notice, ledger: &Ledger, listing: &dyn Listing) -> Result<(), String> {
    let enter = |kind: Kind| {
        ledger.append_blocking(vec![kind.into()]).map(drop).map_err(|error| error.to_string())
    };
    match notice {
        Notice::Keys(keys) => {
            let companion = ledger
                .keep_companion(&ledger.bucket_lines(&keys))
                .map_err(|error| error.to_string())?;
            enter(Kind::Keys { companion })
        }
        Notice::VaultKey { epoch, commitment } => {
            enter(Kind::VaultKey { epoch, sha256: hex(&commitment) })
        }
        Notice::Closed(closed) => {
            if !ledger.knows_reel(closed.header.reel) {
                enter(Kind::ReelClosed {
                    reel: closed.header.reel,
                    sha256: hex(&closed.index.hash),
                    length_bytes: closed.length_bytes,
                    chunks: u64::from(closed.index.records),
                })?;
            }
            listing.reel_closed(&closed);
            Ok(())
        }
        Notice::Gone(reel) => {
            listing.reel_gone(reel);
            Ok(())
        }
        Notice::Gap { feed, from, to, cause, frames_lost } => {
            listing.gap(feed, from, to, cause, frames_lost);
            Ok(())
        }
        Notice::ClockStep(step_us) => enter(Kind::ClockStep { step_us }),
        Notice::Flush(done) => {
            let _ = done.send(());
            Ok(())
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}
