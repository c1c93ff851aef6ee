//! What left the building, as the ledger says it.
//!
//! That something left is public, and the hash of the file: whoever has a bundle and its receipt sees whether
//! it is the one that was sealed, and whoever has the log whether it was revoked. What was on it and whom it
//! was for is in the side records, with those of rights: three years.

use std::collections::BTreeMap;

use domain::{EntryNumber, WallTime};
use rules::Granted;
use serde::{Deserialize, Serialize};

use crate::case::Desk;
use crate::hex::from_hex;
use crate::words::as_text;
use crate::{
    DisclosureDecision, DisclosureFact, DisclosureStep, Record, RequestDecision, RequestFact,
    RequestStep,
};

/// What an entry says of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ExportStep {
    /// A bundle was sealed; this entry's number is its own.
    Sealed {
        /// The request or disclosure, by the entry of its receipt.
        #[serde(with = "as_text")]
        case: EntryNumber,
        /// SHA-256 of the bundle up to its receipt (`docs/formats/bundle.md`).
        sha256: String,
    },
    /// What left is to be used no more.
    Revoked {
        /// Which.
        #[serde(with = "as_text")]
        export: EntryNumber,
    },
}

impl ExportStep {
    /// Itself, if its hash is one.
    pub(crate) fn checked(self) -> Option<Self> {
        match &self {
            Self::Sealed { sha256, .. } if from_hex(sha256).is_none() => None,
            _ => Some(self),
        }
    }

    /// The word of the step.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sealed { .. } => "sealed",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The entry to which it belongs: the case that it answers, or the export that is revoked.
    #[must_use]
    pub const fn about(&self) -> EntryNumber {
        match self {
            Self::Sealed { case, .. } => *case,
            Self::Revoked { export } => *export,
        }
    }
}

/// Exports that are kept in memory: the newest.
const MOST_KEPT: usize = 4096;

/// What is written of a file that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRecord {
    /// For whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Camera ids.
    pub cameras: Vec<String>,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
    /// Whether everybody but whom it is about is covered.
    pub masked: bool,
    /// The last day on which the recipient may use it.
    pub use_until: Option<String>,
    /// SHA-256 of the working copy's list, hexadecimal.
    pub copy: String,
    /// Bytes of the file up to its receipt.
    pub bytes: u64,
}

/// What left, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFact {
    /// Its entry.
    pub number: EntryNumber,
    /// The request or disclosure, by the entry of its receipt.
    pub case: EntryNumber,
    /// SHA-256 of the file up to its receipt, hexadecimal.
    pub sha256: String,
    /// When it was sealed.
    pub at: WallTime,
    /// Who sealed it, as written, and what it is; none if the record is destroyed.
    pub detail: Option<(String, ExportRecord)>,
    /// When it was revoked.
    pub revoked_at: Option<WallTime>,
}

/// Everything that left.
#[derive(Debug, Default)]
pub(crate) struct Exports(BTreeMap<EntryNumber, ExportFact>);

impl Exports {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        at: WallTime,
        step: &ExportStep,
        record: Option<&Record>,
    ) {
        match step {
            ExportStep::Sealed { case, sha256 } => {
                let detail = match record {
                    Some(Record::Export { actor, export }) => Some((actor.clone(), export.clone())),
                    _ => None,
                };
                let (case, sha256) = (*case, sha256.clone());
                let fact = ExportFact { number, case, sha256, at, detail, revoked_at: None };
                self.0.insert(number, fact);
                while self.0.len() > MOST_KEPT {
                    self.0.pop_first();
                }
            }
            ExportStep::Revoked { export } => {
                if let Some(known) = self.0.get_mut(export) {
                    known.revoked_at.get_or_insert(at);
                }
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<ExportFact> {
        self.0.values().cloned().collect()
    }

    pub(crate) fn get(&self, number: EntryNumber) -> Option<ExportFact> {
        self.0.get(&number).cloned()
    }
}

/// What a case lets out now: nothing before it is granted, nor after it was taken back.
pub(crate) fn granted(desk: &Desk, case: EntryNumber) -> Option<Granted> {
    if let Some(request) = desk.requests.get(case) {
        return granted_of_request(&request);
    }
    granted_of_disclosure(&desk.disclosures.get(case)?)
}

/// The last decision counts: one that is decided anew may be refused then.
fn granted_of_request(fact: &RequestFact) -> Option<Granted> {
    use RequestDecision::{Granted as Whole, Partly};
    let mut is_granted = false;
    for step in &fact.steps {
        match step.step {
            RequestStep::Decided { decision, .. } => {
                is_granted = matches!(decision, Whole | Partly);
            }
            RequestStep::Withdrawn { .. } => return None,
            _ => {}
        }
    }
    let (_, record) = fact.detail.as_ref().filter(|_| is_granted)?;
    span_of(&record.cameras, &record.from, &record.until, false)
}

fn granted_of_disclosure(fact: &DisclosureFact) -> Option<Granted> {
    let mut is_granted = false;
    for step in &fact.steps {
        match step.step {
            DisclosureStep::Decided { decision, .. } => {
                is_granted = decision == DisclosureDecision::Granted;
            }
            DisclosureStep::Compelled { .. } => is_granted = true,
            DisclosureStep::Withdrawn { .. } => return None,
            _ => {}
        }
    }
    let (_, record) = fact.detail.as_ref().filter(|_| is_granted)?;
    span_of(&record.cameras, &record.from, &record.until, true)
}

fn span_of(cameras: &[String], from: &str, until: &str, may_be_whole: bool) -> Option<Granted> {
    Some(Granted {
        cameras: cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
        from: from.parse().ok()?,
        to: until.parse().ok()?,
        may_be_whole,
    })
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
