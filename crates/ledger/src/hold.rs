//! Holds of footage, as the ledger says them: facts like cameras and accounts.
//!
//! The last record of a hold counts. One that cannot be read may hold anything, so then nothing may
//! be destroyed: doubt gives no right, and destroys nothing either.

use std::collections::BTreeMap;

use domain::{Hold, HoldId, WallTime};
use serde::{Deserialize, Serialize};

use crate::PurposeRecord;

/// A hold of footage as it is from this entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRecord {
    /// Id.
    pub hold: String,
    /// For which case.
    pub case: String,
    /// Camera ids.
    pub cameras: Vec<String>,
    /// Its first minute, RFC 3339.
    pub from: String,
    /// The first moment after it, RFC 3339.
    pub to: String,
    /// When it lapses, RFC 3339.
    pub until: String,
    /// Why it was placed.
    pub reason: PurposeRecord,
    /// Who placed it, as written.
    pub placed_by: String,
    /// When, RFC 3339.
    pub placed_at: String,
    /// How it was released, if it was.
    pub released: Option<ReleaseRecord>,
}

/// How a hold was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecord {
    /// By whom, as written.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Why.
    pub reason: PurposeRecord,
}

/// A hold and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldFact {
    /// What is held, and until when.
    pub hold: Hold,
    /// Who placed it and why, and how it was released.
    pub record: HoldRecord,
}

impl HoldFact {
    /// From the record of an entry; none if it cannot be understood.
    #[must_use]
    pub fn from_record(record: &HoldRecord) -> Option<Self> {
        let cameras = record.cameras.iter().map(|camera| camera.parse().ok());
        let hold = Hold::new(
            record.hold.parse().ok()?,
            &record.case,
            cameras.collect::<Option<_>>()?,
            (record.from.parse().ok()?, record.to.parse().ok()?),
            record.until.parse().ok()?,
        );
        Some(Self { hold: hold.ok()?, record: record.clone() })
    }

    /// Whether it holds: nobody has released it, and it has not lapsed.
    #[must_use]
    pub fn is_active(&self, now: WallTime) -> bool {
        self.record.released.is_none() && now < self.hold.until()
    }
}

/// Every hold there ever was.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    known: BTreeMap<HoldId, HoldFact>,
    is_unreadable: bool,
}

impl Holds {
    pub(crate) fn apply(&mut self, record: &HoldRecord) {
        match HoldFact::from_record(record) {
            Some(fact) => drop(self.known.insert(fact.hold.id(), fact)),
            None => self.is_unreadable = true,
        }
    }

    pub(crate) fn forget(&mut self, hold: HoldId) {
        self.known.remove(&hold);
    }

    pub(crate) fn all(&self) -> Option<Vec<HoldFact>> {
        (!self.is_unreadable).then(|| self.known.values().cloned().collect())
    }

    pub(crate) fn get(&self, hold: HoldId) -> Option<HoldFact> {
        self.known.get(&hold).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(to: &str) -> HoldRecord {
        HoldRecord {
            hold: HoldId::from_bytes([1; 16]).to_string(),
            case: "2026-17".into(),
            cameras: vec![domain::CameraId::from_bytes([2; 16]).to_string()],
            from: "2026-11-21T12:00:00.000000Z".into(),
            to: to.into(),
            until: "2026-12-21T12:00:00.000000Z".into(),
            reason: PurposeRecord { kind: "incident".into(), note: "a fall".into() },
            placed_by: "person:1".into(),
            placed_at: "2026-11-21T13:00:00.000000Z".into(),
            released: None,
        }
    }

    #[test]
    fn a_hold_that_cannot_be_read_is_not_taken_for_none() {
        let mut holds = Holds::default();
        holds.apply(&record("2026-11-21T12:10:00.000000Z"));
        let all = holds.all().unwrap();
        assert!(all[0].is_active("2026-12-21T11:59:59Z".parse().unwrap()));
        assert!(!all[0].is_active("2026-12-21T12:00:00Z".parse().unwrap()));
        holds.apply(&record("2026-11-22T12:10:00.000000Z"));
        assert_eq!(holds.all(), None);
    }
}
