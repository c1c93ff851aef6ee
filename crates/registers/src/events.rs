//! What happened to a request or a disclosure, as their rules read it.

use domain::WallTime;
use ledger::{
    DisclosureDecision, DisclosureFact, DisclosureStepFact, RequestDecision, RequestFact,
    RequestStep, RequestStepFact,
};
use rights::{
    DecidedAs, DisclosureEvent, DisclosureStep, Event, Standing, Step, Terms, day_in_korea,
};

/// What happened to a request.
#[must_use]
pub fn events(fact: &RequestFact) -> Vec<Event> {
    let received = Event { at: fact.received_at, step: Step::Received };
    let later = fact.steps.iter().map(|step| Event { at: step.at, step: step_of(step) });
    std::iter::once(received).chain(later).collect()
}

fn step_of(fact: &RequestStepFact) -> Step {
    match &fact.step {
        RequestStep::Received => Step::Received,
        RequestStep::Identified { .. } => Step::Identified,
        RequestStep::Done { .. } => Step::Done,
        RequestStep::Withdrawn { .. } => Step::Withdrawn,
        RequestStep::Objected { .. } => {
            let on = fact.note.on.as_deref().and_then(|day| law::date(day).ok());
            Step::Objected(on.unwrap_or_else(|| day_in_korea(fact.at)))
        }
        RequestStep::Decided { decision, .. } => Step::Decided(match decision {
            RequestDecision::Granted => DecidedAs::Granted,
            RequestDecision::Partly => DecidedAs::Partly,
            RequestDecision::Refused => DecidedAs::Refused,
            RequestDecision::Absent => DecidedAs::Absent,
            RequestDecision::Postponed => {
                let until = fact.note.until.as_deref().and_then(|day| law::date(day).ok());
                // One whose record is gone is long over, whatever the day was.
                DecidedAs::Postponed(until.unwrap_or_else(|| day_in_korea(fact.at)))
            }
        }),
    }
}

/// The same, its days counted from when it was sent: the hold and the time to show who asks begin when the
/// desk has it.
#[must_use]
pub fn counted_events(fact: &RequestFact) -> Vec<Event> {
    let mut events = events(fact);
    if let Some(received) = events.first_mut() {
        received.at = asked_at(fact);
    }
    events
}

/// From when the days of a request are counted: what was sent to the agency's own form has arrived there
/// (Framework Act on Electronic Documents and Transactions, article 6 (2) 1), whenever it is carried on.
#[must_use]
pub fn asked_at(fact: &RequestFact) -> WallTime {
    let sealed_at = fact.detail.as_ref().and_then(|(_, record)| record.front.as_ref());
    let sealed_at = sealed_at.and_then(|front| front.sealed_at.parse().ok());
    sealed_at.map_or(fact.received_at, |at: WallTime| at.min(fact.received_at))
}

/// How a request stands.
#[must_use]
pub fn standing(fact: &RequestFact, now: WallTime) -> Standing {
    rights::standing(&events(fact), now).expect("the first of the events is the receipt")
}

/// What happened to a disclosure, as the rules of disclosures read it.
#[must_use]
pub fn disclosure_events(fact: &DisclosureFact) -> Vec<DisclosureEvent> {
    let received = DisclosureEvent { at: fact.received_at, step: DisclosureStep::Received };
    let later =
        fact.steps.iter().map(|it| DisclosureEvent { at: it.at, step: disclosure_step_of(it) });
    std::iter::once(received).chain(later).collect()
}

fn disclosure_step_of(fact: &DisclosureStepFact) -> DisclosureStep {
    match &fact.step {
        ledger::DisclosureStep::Received => DisclosureStep::Received,
        ledger::DisclosureStep::Decided { decision: DisclosureDecision::Granted, .. } => {
            DisclosureStep::Granted
        }
        ledger::DisclosureStep::Decided { decision: DisclosureDecision::Refused, .. } => {
            DisclosureStep::Refused
        }
        ledger::DisclosureStep::Compelled { .. } => DisclosureStep::Compelled,
        ledger::DisclosureStep::Reviewed { .. } => DisclosureStep::Reviewed,
        ledger::DisclosureStep::Provided { .. } => DisclosureStep::Provided,
        ledger::DisclosureStep::Published { .. } => DisclosureStep::Published,
        ledger::DisclosureStep::Reported { .. } => DisclosureStep::Reported,
        ledger::DisclosureStep::Withdrawn { .. } => DisclosureStep::Withdrawn,
    }
}

/// What the law makes of it. Of one whose record is destroyed no more is known than its steps.
#[must_use]
pub fn disclosure_terms(fact: &DisclosureFact) -> Terms<'_> {
    let record = fact.detail.as_ref().map(|(_, record)| record);
    let use_until = record.and_then(|record| record.use_until.as_deref());
    Terms {
        ground: record.map_or("", |record| &record.ground),
        use_until: use_until.and_then(|day| law::date(day).ok()),
    }
}
