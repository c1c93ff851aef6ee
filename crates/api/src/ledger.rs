//! The ledger, as far as a person reads it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Purpose, Time};

/// Some entries, and what the ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerPage {
    /// Year of the log; each year has its own, beginning at number 0.
    pub year: u16,
    /// Entries in it.
    pub size: u64,
    /// Root hash at that size, in standard base64.
    pub root: String,
    /// The log's name for verifiers.
    pub origin: String,
    /// The newest first; may reach back into earlier years.
    pub entries: Vec<LedgerEntry>,
}

/// One entry, as everybody may see it who may read the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// Year of its log.
    pub year: u16,
    /// Its number in it, from 0. Together they are written `2026/17`.
    pub number: u64,
    /// When it was appended.
    pub time: Time,
    /// Its kind, a word of the ledger's closed list (for example `intent`, `outcome`, `refusal`).
    pub kind: String,
    /// The action, where the entry (or the intent it reports on) has one: a word of `domain::Action`.
    pub action: Option<String>,
    /// The intent that this entry closes or reports on, or the proposal that it decides or rests on,
    /// as `2026/17`.
    pub intent: Option<String>,
    /// How it came out: `done`, `failed` or `unknown`; of an approval `approved`, `refused` or
    /// `withdrawn`; of a refusal its reason; null otherwise.
    pub outcome: Option<String>,
    /// Whether the person who asks did it.
    pub mine: bool,
}

/// One entry with what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerRecord {
    /// The entry.
    pub entry: LedgerEntry,
    /// The readable record behind it: for one's own acts, or when records were asked for.
    pub detail: Option<RecordDetail>,
    /// Whether there is a record which this person may not read.
    pub withheld: bool,
}

/// Asks for the record behind somebody else's act. The asking is an act itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRequest {
    /// What it is for.
    pub purpose: Purpose,
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
    /// What else is to be said.
    pub note: Option<String>,
    /// A picture of what it says, JPEG or PNG, in standard base64.
    pub picture_base64: Option<String>,
}

/// A camera by id and by the name it had then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedCamera {
    /// The camera.
    pub id: Id,
    /// Its name.
    pub name: String,
}
