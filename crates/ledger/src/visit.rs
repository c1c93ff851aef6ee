//! Visits of controlled areas, as the ledger says them.
//!
//! That somebody came, whether he consented to his data being kept and whether he was let in is public,
//! and which text he was shown; who he was and where he went is in the side record, and goes with it.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{EntryNumber, WallTime};
use serde::{Deserialize, Serialize};

use crate::words::as_text;
use crate::{Companion, Record};

/// Visits that are kept in memory: the newest.
const MOST_KEPT: usize = 4096;
/// How long their details are kept in memory: what is older is read as records are, with a purpose.
const DETAIL_FOR: Duration = Duration::from_secs(36 * 3600);
/// How long those of whoever did not sign out are.
const INSIDE_FOR: Duration = Duration::from_secs(7 * 86_400);

/// Whether a visitor agreed to his data being collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentWord {
    /// He did.
    Given,
    /// He did not.
    Refused,
}

/// Whether he was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdmissionWord {
    /// He was.
    Granted,
    /// He was not.
    Denied,
}

/// What an entry says of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum VisitStep {
    /// Somebody came; this entry's number is the visit's.
    Arrived {
        /// Whether he agreed to his data being collected.
        consent: ConsentWord,
        /// Whether he was let in.
        admission: AdmissionWord,
        /// The text that he was shown.
        companion: Companion,
    },
    /// He left.
    Departed {
        /// Which visit.
        #[serde(with = "as_text")]
        visit: EntryNumber,
    },
    /// He took his consent back.
    Withdrawn {
        /// Which visit.
        #[serde(with = "as_text")]
        visit: EntryNumber,
    },
}

/// Who came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRecord {
    /// The room: a word of the institution's description.
    pub area: String,
    /// What it was called.
    pub area_name: String,
    /// Who is with him: `domain::Actor` as written.
    pub escort: String,
    /// Who; none without consent.
    pub name: Option<String>,
    /// From where; likewise.
    pub body: Option<String>,
    /// What for; likewise.
    pub business: Option<String>,
    /// Why he was not let in; empty if he was.
    pub reason: String,
}

/// A visit and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitFact {
    /// The entry of his coming.
    pub number: EntryNumber,
    /// When he came.
    pub at: WallTime,
    /// Whether he agreed to his data being collected.
    pub consent: ConsentWord,
    /// When he took that back.
    pub withdrawn_at: Option<WallTime>,
    /// Whether he was let in.
    pub admission: AdmissionWord,
    /// SHA-256 of the text that he was shown, hexadecimal.
    pub notice_sha256: String,
    /// When he left.
    pub left_at: Option<WallTime>,
    /// Who entered it, as written, and the rest; none when it is to be read as records are.
    pub detail: Option<(String, VisitRecord)>,
}

impl VisitFact {
    /// Whether he is in there.
    #[must_use]
    pub const fn is_inside(&self) -> bool {
        matches!(self.admission, AdmissionWord::Granted) && self.left_at.is_none()
    }

    fn forget_what_is_old(&mut self, now: WallTime) {
        let keep_for = if self.is_inside() { INSIDE_FOR } else { DETAIL_FOR };
        if self.at + keep_for < now {
            self.detail = None;
        }
    }
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VisitCounts {
    /// Who came.
    pub arrived: u64,
    /// Of these, who agreed to his data being collected.
    pub consented: u64,
    /// Of those who did not, who was let in all the same.
    pub admitted_without: u64,
}

/// Every visit.
#[derive(Debug, Default)]
pub(crate) struct Visits {
    known: BTreeMap<EntryNumber, VisitFact>,
    counts: VisitCounts,
}

impl Visits {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        step: &VisitStep,
        record: Option<&Record>,
    ) {
        match step {
            VisitStep::Arrived { consent, admission, companion } => {
                let detail = match record {
                    Some(Record::Visit { actor, visit }) => Some((actor.clone(), visit.clone())),
                    _ => None,
                };
                self.count(*consent, *admission);
                let fact = VisitFact {
                    number,
                    at: time,
                    consent: *consent,
                    withdrawn_at: None,
                    admission: *admission,
                    notice_sha256: companion.sha256.clone(),
                    left_at: None,
                    detail,
                };
                self.known.insert(number, fact);
                while self.known.len() > MOST_KEPT {
                    self.known.pop_first();
                }
            }
            VisitStep::Departed { visit } => {
                if let Some(known) = self.known.get_mut(visit) {
                    known.left_at.get_or_insert(time);
                }
            }
            VisitStep::Withdrawn { visit } => {
                if let Some(known) = self.known.get_mut(visit) {
                    known.withdrawn_at.get_or_insert(time);
                    if let Some((_, detail)) = &mut known.detail {
                        (detail.name, detail.body, detail.business) = (None, None, None);
                    }
                }
            }
        }
        self.known.values_mut().for_each(|fact| fact.forget_what_is_old(time));
    }

    fn count(&mut self, consent: ConsentWord, admission: AdmissionWord) {
        self.counts.arrived += 1;
        match (consent, admission) {
            (ConsentWord::Given, _) => self.counts.consented += 1,
            (ConsentWord::Refused, AdmissionWord::Granted) => self.counts.admitted_without += 1,
            (ConsentWord::Refused, AdmissionWord::Denied) => {}
        }
    }

    /// The details that are old go here too, so that whoever asks is not told more than later entries
    /// would leave.
    pub(crate) fn all(&self, now: WallTime) -> Vec<VisitFact> {
        let mut all: Vec<VisitFact> = self.known.values().cloned().collect();
        all.iter_mut().for_each(|fact| fact.forget_what_is_old(now));
        all
    }

    pub(crate) fn get(&self, number: EntryNumber) -> Option<VisitFact> {
        self.known.get(&number).cloned()
    }

    pub(crate) const fn counts(&self) -> VisitCounts {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn number(index: u64) -> EntryNumber {
        EntryNumber { year: 2026, index }
    }

    fn arrived(visits: &mut Visits, index: u64, at: WallTime) {
        let step = VisitStep::Arrived {
            consent: ConsentWord::Given,
            admission: AdmissionWord::Granted,
            companion: Companion { count: 4, sha256: "ab".repeat(32), root: "cd".repeat(32) },
        };
        let visit = VisitRecord {
            area: "server-room".into(),
            area_name: "통신실".into(),
            escort: "person:1".into(),
            name: Some("방문자".into()),
            body: None,
            business: Some("점검".into()),
            reason: String::new(),
        };
        let record = Record::Visit { actor: "person:2".into(), visit };
        visits.apply(number(index), at, &step, Some(&record));
    }

    #[test]
    fn a_name_is_at_hand_for_a_day_and_while_somebody_is_there() {
        let mut visits = Visits::default();
        arrived(&mut visits, 1, NOON);
        arrived(&mut visits, 2, NOON);
        visits.apply(number(3), NOON, &VisitStep::Departed { visit: number(1) }, None);
        let at_hand = |at| {
            let all = visits.all(at);
            all.iter().map(|fact| fact.detail.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(at_hand(NOON + HOUR * 36), [true, true]);
        assert_eq!(at_hand(NOON + HOUR * 37), [false, true]);
        assert_eq!(at_hand(NOON + HOUR * 169), [false, false]);
        // Not in memory either, once anything of visits was entered later.
        arrived(&mut visits, 4, NOON + HOUR * 37);
        assert_eq!(visits.get(number(1)).unwrap().detail, None);
    }

    #[test]
    fn who_takes_his_consent_back_is_named_no_more() {
        let mut visits = Visits::default();
        arrived(&mut visits, 1, NOON);
        visits.apply(number(2), NOON + HOUR, &VisitStep::Withdrawn { visit: number(1) }, None);
        let fact = visits.get(number(1)).unwrap();
        assert_eq!(fact.withdrawn_at, Some(NOON + HOUR));
        let (_, detail) = fact.detail.unwrap();
        assert_eq!((detail.name, detail.business), (None, None));
        assert_eq!(detail.area_name, "통신실");
    }
}
