//! What becomes of the footage that is held for a request when a step is taken.
//!
//! It is held for as long as somebody can still ask about it here: until it is decided, thirty days on for
//! whoever objects, until an objection is decided, and thirty days on again.

use access::HeldFor;
use domain::{Hold, HoldId};
use ledger::RequestFact;
use registers::{events, standing};
use rights::{DecidedAs, Event, OBJECTION_WITHIN, Standing, Step, objectable, start_of};
use time::Duration;

use crate::house::House;

/// What becomes of its hold; none if there is none that holds, or it stays as it is.
pub(crate) fn held_after(house: &House, fact: &RequestFact, step: Step) -> Option<HeldFor> {
    let (_, record) = fact.detail.as_ref()?;
    let id: HoldId = record.hold.as_ref()?.parse().ok()?;
    let now = house.clock.wall();
    let known = house.ledger.hold(id).filter(|known| known.is_active(now))?;
    let until = |until| Some(HeldFor::Until(known.hold.renewed(until)));
    match step {
        // Until it is decided: a desk that is late costs nobody his footage.
        Step::Identified | Step::Decided(DecidedAs::Postponed(_)) | Step::Objected(_) => {
            until(now + Hold::LONGEST)
        }
        Step::Decided(_) => until(now + OBJECTION_WITHIN),
        // What was decided stands, and the days to object are those of a decision.
        Step::Withdrawn if matches!(standing(fact, now), Standing::Objected(_)) => {
            until(now + OBJECTION_WITHIN)
        }
        Step::Withdrawn => Some(HeldFor::Released(known.hold)),
        // The days to object begin when it is told, and that can be later than it was decided.
        Step::Done => {
            let mut told = events(fact);
            told.push(Event { at: now, step });
            let last = objectable(&told, now)?.until?;
            let end = start_of(last.saturating_add(Duration::days(1)));
            (end > known.hold.until()).then(|| HeldFor::Until(known.hold.renewed(end)))
        }
        Step::Received => None,
    }
}
