//! What can be said of the ledger at a glance.

use domain::WallTime;

use crate::EntryNumber;

/// The state of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerStatus {
    /// The log's name.
    pub origin: String,
    /// The year of the log that is open.
    pub year: u16,
    /// Durable entries in it.
    pub size: u64,
    /// Root hash over them, base64.
    pub root: String,
    /// Entries covered by the last signed checkpoint.
    pub signed_size: u64,
    /// When that was signed.
    pub signed_at: Option<WallTime>,
    /// The newest entry, if there is one.
    pub last: Option<EntryNumber>,
    /// Why it cannot append, if it cannot.
    pub broken: Option<String>,
}
