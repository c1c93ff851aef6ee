//! Persons' requests about footage of themselves, as the ledger says them.
//!
//! That one came, that somebody saw who asks, what was decided and that it was answered is public, so
//! that whoever has the log alone can count the days. Who asks, about what and why is in the side records,
//! with those of rights: three years.

use domain::{EntryNumber, WallTime};
use serde::{Deserialize, Serialize};

use crate::Record;
use crate::case::{CaseFact, CaseStepFact, Cases};
use crate::words::as_text;

/// What was decided of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestDecision {
    /// As was asked.
    Granted,
    /// In part; the rest is refused.
    Partly,
    /// Not at all.
    Refused,
    /// Later.
    Postponed,
    /// Nothing of what was asked about is kept.
    Absent,
}

/// What an entry says of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum RequestStep {
    /// It came in; this entry's number is its own.
    Received,
    /// Somebody saw who asks.
    Identified {
        /// Which.
        #[serde(with = "as_text")]
        request: EntryNumber,
    },
    /// It was decided.
    Decided {
        /// Which.
        #[serde(with = "as_text")]
        request: EntryNumber,
        /// What.
        decision: RequestDecision,
    },
    /// The answer was given.
    Done {
        /// Which.
        #[serde(with = "as_text")]
        request: EntryNumber,
    },
    /// Whoever asked objected to what was decided; it is decided anew.
    Objected {
        /// Which.
        #[serde(with = "as_text")]
        request: EntryNumber,
    },
    /// Whoever asked took it back: the request, or the objection that waits.
    Withdrawn {
        /// Which.
        #[serde(with = "as_text")]
        request: EntryNumber,
    },
}

impl RequestStep {
    /// The request to which it happens; none if it comes in.
    #[must_use]
    pub const fn request(&self) -> Option<EntryNumber> {
        match self {
            Self::Received => None,
            Self::Identified { request }
            | Self::Decided { request, .. }
            | Self::Done { request }
            | Self::Objected { request }
            | Self::Withdrawn { request } => Some(*request),
        }
    }

    /// The word of the step.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Identified { .. } => "identified",
            Self::Decided { .. } => "decided",
            Self::Done { .. } => "done",
            Self::Objected { .. } => "objected",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A person of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestPerson {
    /// Name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Date of birth, `1980-01-31`; none if not said.
    pub born: Option<String>,
    /// Address; may be empty.
    pub address: String,
}

/// Who asks for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestAgent {
    /// A word of `rights::AgentKind`.
    pub kind: String,
    /// Who.
    pub person: RequestPerson,
    /// What he is to the requester.
    pub relation: String,
}

/// A request as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRecord {
    /// Who was filmed and asks.
    pub requester: RequestPerson,
    /// Who asks for that person.
    pub agent: Option<RequestAgent>,
    /// Words of `rights::Asked`.
    pub asks: Vec<String>,
    /// Camera ids.
    pub cameras: Vec<String>,
    /// Of these, those of which nothing of that time was kept at receipt.
    pub absent: Vec<String>,
    /// The first minute, RFC 3339.
    pub from: String,
    /// The first moment after it, RFC 3339.
    pub until: String,
    /// Purpose and reason.
    pub reason: String,
    /// A word of `rights::Channel`.
    pub channel: String,
    /// The id of its hold; none if nothing is held for it.
    pub hold: Option<String>,
    /// What the public form said of it; none if it came otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front: Option<FrontRecord>,
}

/// A request as the public form took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontRecord {
    /// The number that the form showed.
    pub receipt: String,
    /// When the form took it, RFC 3339.
    pub sealed_at: String,
}

/// What is written beside a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestNote {
    /// Of a refusal: the id of the rule that is its ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The facts of a refusal, the reason of a postponement, the words of an objection, or a remark; may be
    /// empty.
    pub text: String,
    /// Of a postponement: the day on which its reason ends; of an objection that is decided later, the day to
    /// which its days are extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Of an objection: the day on which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// What happened to a request after its receipt.
pub type RequestStepFact = CaseStepFact<RequestStep, RequestNote>;
/// A request and what became of it.
pub type RequestFact = CaseFact<RequestRecord, RequestStep, RequestNote>;

/// Every request.
pub(crate) type Requests = Cases<RequestRecord, RequestStep, RequestNote>;

impl Requests {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        step: &RequestStep,
        record: Option<&Record>,
    ) {
        match (step.request(), record) {
            (None, Some(Record::Request { actor, request })) => {
                self.receive(number, time, Some((actor.clone(), request.clone())));
            }
            (None, _) => self.receive(number, time, None),
            (Some(request), Some(Record::RequestStep { actor, note })) => {
                self.go_on(request, time, step.clone(), Some((actor.clone(), note.clone())));
            }
            (Some(request), _) => self.go_on(request, time, step.clone(), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);
    const DAY: Duration = Duration::from_secs(86_400);

    fn number(year: u16, index: u64) -> EntryNumber {
        EntryNumber { year, index }
    }

    fn record() -> Record {
        let requester = RequestPerson {
            name: "청구인".into(),
            phone: "02-000-0000".into(),
            born: None,
            address: String::new(),
        };
        let request = RequestRecord {
            requester,
            agent: None,
            asks: vec!["viewing".into()],
            cameras: vec!["c".into()],
            absent: Vec::new(),
            from: "2026-11-21T12:00:00.000000Z".into(),
            until: "2026-11-21T12:10:00.000000Z".into(),
            reason: "사고".into(),
            channel: "counter".into(),
            hold: None,
            front: None,
        };
        Record::Request { actor: "person:1".into(), request }
    }

    #[test]
    fn each_year_counts_its_own_requests() {
        let mut requests = Requests::default();
        for entry in [number(2026, 3), number(2026, 9), number(2027, 1)] {
            requests.apply(entry, NOON, &RequestStep::Received, Some(&record()));
        }
        let receipts: Vec<_> = requests.all(NOON).iter().map(RequestFact::receipt).collect();
        assert_eq!(receipts, ["2026-1", "2026-2", "2027-1"]);
        assert_eq!((requests.next_serial(2026), requests.next_serial(2028)), (3, 1));
    }

    #[test]
    fn who_asked_is_not_kept_in_memory_longer_than_its_record() {
        let mut requests = Requests::default();
        let request = number(2026, 3);
        requests.apply(request, NOON, &RequestStep::Received, Some(&record()));
        let note = RequestNote { text: "가림".into(), ..RequestNote::default() };
        let step = Record::RequestStep { actor: "person:2".into(), note };
        requests.apply(number(2026, 4), NOON, &RequestStep::Identified { request }, Some(&step));
        let named = |at| {
            let fact = requests.all(at).remove(0);
            (fact.detail.is_some(), fact.steps[0].by.is_empty(), fact.steps.len())
        };
        assert_eq!(named(NOON + DAY * 1095), (true, false, 1));
        assert_eq!(named(NOON + DAY * 1148), (false, true, 1));
    }

    #[test]
    fn a_step_of_no_request_is_nothing() {
        let mut requests = Requests::default();
        let step = RequestStep::Done { request: number(2026, 3) };
        requests.apply(number(2026, 4), NOON, &step, None);
        assert_eq!(requests.all(NOON), []);
    }
}
