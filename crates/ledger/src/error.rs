//! What can go wrong, by the operation that failed.

use std::sync::Arc;

use host::{FsError, SlotError};

use crate::EntryNumber;

/// What is wrong with the bytes of an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an entry: {0}")]
pub struct ParseEntryError(pub(crate) String);

/// Why an entry was not appended. Nothing of the batch was then acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// The ledger's disk failed now or before; it stays closed until the recorder is restarted.
    #[error(
        "the ledger cannot write ({0}); viewing stops until its disk is repaired and the recorder restarted"
    )]
    Broken(Arc<str>),
    /// The ledger was closed.
    #[error("the ledger is closed: the recorder is stopping")]
    Closed,
    /// The entry is longer than [`crate::Entry::MAX_BYTES`].
    #[error("an entry of {0} bytes is longer than the ledger allows")]
    TooLong(usize),
    /// An act that shows footage, without a quorum of witnesses for a day: it is not entered.
    #[error("{}", crate::GrantEnded::Unwitnessed)]
    Unwitnessed,
}

/// Why a permit did not become a grant.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AdmitError {
    /// The intent could not be appended: without it nothing is opened.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// Why the ledger could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenLedgerError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// A secret could not be read.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// The journal holds less than the last signed checkpoint says: entries were lost or cut away.
    #[error(
        "the ledger of {year} has {found} entries but its signed checkpoint says {signed}: entries were lost. Do not start; restore the journal, or ask for a repair"
    )]
    Shrunk {
        /// Of which year.
        year: u16,
        /// Entries that are whole.
        found: u64,
        /// Entries that were signed for.
        signed: u64,
    },
    /// The journal's entries hash to another root than the signed one: history was changed.
    #[error(
        "the ledger of {year} does not hash to its signed root at size {size}: history was changed. Do not start; keep the disk as evidence"
    )]
    Rewritten {
        /// Of which year.
        year: u16,
        /// At which size.
        size: u64,
    },
    /// The log that this one goes on from is not there at all.
    #[error(
        "the ledger of {year} goes on from an earlier year's, which is gone. Do not start; restore it"
    )]
    YearMissing {
        /// The year that is there.
        year: u16,
    },
    /// The checkpoint cannot be read, or its signature is not ours.
    #[error("the checkpoint of {year} is not a note signed by this ledger: {reason}")]
    Checkpoint {
        /// Of which year.
        year: u16,
        /// What is wrong with it.
        reason: String,
    },
    /// An entry in the journal is not one of ours.
    #[error("entry {number} cannot be read: {source}")]
    Entry {
        /// Which.
        number: EntryNumber,
        /// What is wrong with it.
        source: ParseEntryError,
    },
    /// The signing key is missing while there is a ledger.
    #[error(
        "the ledger's signing key is missing although there is a ledger: restore ledger/key.slots"
    )]
    KeyMissing,
    /// A fact that the machine lives by cannot be read.
    #[error(transparent)]
    Fact(#[from] ReadLedgerError),
    /// The first entry could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// Why something could not be read from the ledger.
#[derive(Debug, thiserror::Error)]
pub enum ReadLedgerError {
    /// There is no such entry.
    #[error("there is no entry {0}")]
    Missing(EntryNumber),
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// A slot of the record roots cannot be read.
    #[error(transparent)]
    Root(#[from] host::SlotError),
    /// The entry is not one of ours.
    #[error("entry {number} cannot be read: {source}")]
    Entry {
        /// Which.
        number: EntryNumber,
        /// What is wrong with it.
        source: ParseEntryError,
    },
    /// The record's root is destroyed (its time is up), or the record was changed.
    #[error("the record behind entry {0} cannot be opened: its time is up, or it was changed")]
    Sealed(EntryNumber),
    /// The act it was asked under has ended.
    #[error("the act has ended: {0}")]
    Ended(#[from] crate::GrantEnded),
    /// The signed checkpoint on the disk is none.
    #[error("the checkpoint of {0} cannot be read; the next one is written within a second")]
    Checkpoint(u16),
    /// A proof for a witness could not be made.
    #[error("the log of {year} could not be proven to follow from what a witness knows: {reason}")]
    Consistency {
        /// Of which year.
        year: u16,
        /// Why not.
        reason: String,
    },
    /// The proof could not be made.
    #[error("the proof of entry {number} could not be made: {reason}")]
    Proof {
        /// Which.
        number: EntryNumber,
        /// Why not.
        reason: String,
    },
}
