//! Objections (이의신청) at the desk: who may enter one, how one is read, and what is shown of it.

use access::{Grant, Reconsidered, RefusalReason, RequestTarget, act};
use api::{ErrorCode, RequestBar, RequestDecided, RequestObjectable, RequestObjected};
use domain::{AccountId, Actor};
use ledger::{RequestFact, RequestNote};
use registers::{events, standing};
use rights::{DecidedAs, Standing, Step, objectable};
use server::HouseError;

use crate::house::House;
use crate::request_desk::{LONGEST_REMARK, cameras_of};

/// Nobody would be left to decide an objection.
#[derive(Debug, thiserror::Error)]
#[error("nobody would be left to decide this objection: let who took the decision enter it")]
struct NobodyLeft;

/// An objection as it came in: its step and what is written beside it.
pub(crate) fn objection_from(
    objection: &api::RequestObjection,
) -> Result<(Step, RequestNote), HouseError> {
    let unfit = || HouseError::Unfit(ErrorCode::ObjectionUnfit);
    let on = law::date(&objection.on).map_err(|_| unfit())?;
    let text = objection.text.trim();
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    if !(1..=LONGEST_REMARK).contains(&text.chars().count()) || has_control {
        return Err(unfit());
    }
    let (text, on_day) = (text.to_owned(), Some(on.to_string()));
    Ok((Step::Objected(on), RequestNote { text, on: on_day, ..RequestNote::default() }))
}

/// Whoever enters an objection does not decide it: in an office of two it is entered by who took the decision,
/// so that the other is left.
pub(crate) fn may_enter(
    house: &House,
    fact: &RequestFact,
    grant: &Grant<act::ManageRequests>,
) -> Result<(), HouseError> {
    let leaves = match grant.actor() {
        Actor::Person(person) => {
            reconsidered(house, fact).is_some_and(|it| it.leaves_somebody(person))
        }
        _ => false,
    };
    if leaves { Ok(()) } else { Err(HouseError::failed(ErrorCode::Forbidden, NobodyLeft)) }
}

fn reconsidered(house: &House, fact: &RequestFact) -> Option<Reconsidered> {
    let cameras = cameras_of(fact)?;
    let target = RequestTarget { request: Some(fact.number), cameras, hold: None };
    Some(house.access.reconsidered(fact, &target))
}

/// An actor as written, if it is a person.
fn person(actor: &str) -> Option<AccountId> {
    actor.strip_prefix("person:")?.parse().ok()
}

/// The objection that waits, as `looker` (as written) sees it.
pub(crate) fn objected(house: &House, fact: &RequestFact, looker: &str) -> Option<RequestObjected> {
    let Standing::Objected(objected) = standing(fact, house.clock.wall()) else { return None };
    let extendable = objected.extendable_until().ok().filter(|_| objected.extended.is_none());
    Some(RequestObjected {
        to: on_wire(objected.to),
        on: objected.on.to_string(),
        extended: objected.extended.map(|day| day.to_string()),
        extendable_until: extendable.map(|day| day.to_string()),
        bar: bar(house, fact, looker),
    })
}

fn bar(house: &House, fact: &RequestFact, looker: &str) -> Option<RequestBar> {
    let looker = person(looker)?;
    let receiver = fact.detail.as_ref().and_then(|(by, _)| person(by))?;
    let it = reconsidered(house, fact)?;
    match it.refuses(looker, receiver)? {
        RefusalReason::OwnRequest => Some(RequestBar::Received),
        _ if it.decided_by == Some(looker) => Some(RequestBar::Decided),
        _ => Some(RequestBar::Entered),
    }
}

/// Until when somebody can object to what was decided.
pub(crate) fn open_to_objection(
    house: &House,
    fact: &RequestFact,
    looker: &str,
) -> Option<RequestObjectable> {
    let objectable = objectable(&events(fact), house.clock.wall())?;
    let leaves = |person| reconsidered(house, fact).is_some_and(|it| it.leaves_somebody(person));
    let is_for_another = person(looker).is_some_and(|person| !leaves(person));
    Some(RequestObjectable {
        from: objectable.from.to_string(),
        until: objectable.until.map(|day| day.to_string()),
        is_for_another,
    })
}

const fn on_wire(decided: DecidedAs) -> RequestDecided {
    match decided {
        DecidedAs::Granted => RequestDecided::Granted,
        DecidedAs::Partly => RequestDecided::Partly,
        DecidedAs::Refused => RequestDecided::Refused,
        DecidedAs::Postponed(_) => RequestDecided::Postponed,
        DecidedAs::Absent => RequestDecided::Absent,
    }
}
