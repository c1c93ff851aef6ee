//! The ledger, as far as a person reads it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Purpose, Time};

/// Some entries, and what the ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerPage {
    /// Entries altogether.
    pub size: u64,
    /// Root hash at that size, in standard base64.
    pub root: String,
    /// The ledger's name for verifiers.
    pub origin: String,
    /// The newest first.
    pub entries: Vec<LedgerEntry>,
}

/// One entry, as everybody may see it who may read the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// Its number, from 0.
    pub number: u64,
    /// When it was appended.
    pub time: Time,
    /// Its kind, a word of the ledger's closed list (for example `intent`, `outcome`, `reel`).
    pub kind: String,
    /// The action, where the entry is about one: a word of `domain::Action`.
    pub action: Option<String>,
    /// Number of the intent that this entry closes or reports on.
    pub intent: Option<u64>,
    /// How it came out: `done`, `failed`, `refused` or `unknown`.
    pub outcome: Option<String>,
    /// Whether the person who asks did it.
    pub mine: bool,
}

/// One entry with what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerRecord {
    /// The entry.
    pub entry: LedgerEntry,
    /// The readable record behind it: for one's own acts, or with the right to read records.
    pub detail: Option<RecordDetail>,
    /// Whether there is a record which this person may not read.
    pub withheld: bool,
}

/// Who did what for what purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordDetail {
    /// `person:ID`, `os:UID`, `system:WORD` or `unknown`.
    pub actor: String,
    /// What others see of that person.
    pub actor_name: Option<String>,
    /// The cameras it is about.
    pub cameras: Vec<NamedCamera>,
    /// Beginning of the footage it is about.
    pub from: Option<Time>,
    /// End of the footage it is about.
    pub to: Option<Time>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// What else is to be said, on one line.
    pub note: Option<String>,
}

/// A camera by id and by the name it had then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedCamera {
    /// The camera.
    pub id: Id,
    /// Its name.
    pub name: String,
}
