//! What a person asks about footage of himself: received by one, decided by another.
//!
//! Invariants:
//! 1. Whoever received a request does not decide it, whatever roles he has. Who decides an objection:
//!    `objection.rs`.
//! 2. What is held for a request is of the cameras that it names, and lapses soon while nobody knows who
//!    asks.

use domain::{Action, Actor, CameraId, EntryNumber, Hold, MAX_SPAN_CAMERAS, WallTime};

use crate::Target;
use crate::decide::{Ask, Facts, RefusalReason};

/// A request to which something is done, and what is to be held for it from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestTarget {
    /// The entry of its receipt; none of one that comes in.
    pub request: Option<EntryNumber>,
    /// The cameras that it is about.
    pub cameras: Vec<CameraId>,
    /// What becomes of its hold; none if that stays as it is, or there is none.
    pub hold: Option<HeldFor>,
}

/// What becomes of the footage that is held for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldFor {
    /// It is held as this says.
    Until(Hold),
    /// It is held no longer.
    Released(Hold),
}

impl HeldFor {
    /// The hold.
    #[must_use]
    pub const fn hold(&self) -> &Hold {
        match self {
            Self::Until(hold) | Self::Released(hold) => hold,
        }
    }
}

/// Whether action and target are of requests both, and fit each other; none if neither is.
pub(crate) fn fits(action: Action, target: &Target) -> Option<bool> {
    let is_of_requests = matches!(
        action,
        Action::ReceiveRequest
            | Action::ContinueRequest
            | Action::DecideRequest
            | Action::ReadRequest
    );
    let Target::Request(target) = target else { return is_of_requests.then_some(false) };
    let is_named = |camera: &CameraId| target.cameras.contains(camera);
    let is_within = |held: &HeldFor| held.hold().cameras().iter().all(is_named);
    let holds_fit = match action {
        Action::ReceiveRequest => !matches!(target.hold, Some(HeldFor::Released(_))),
        Action::ReadRequest => target.hold.is_none(),
        _ => true,
    };
    let is_new = action == Action::ReceiveRequest;
    Some(
        is_of_requests
            && is_new == target.request.is_none()
            && (1..=MAX_SPAN_CAMERAS).contains(&target.cameras.len())
            && holds_fit
            && target.hold.as_ref().is_none_or(is_within),
    )
}

/// A hold for a request ends: soon while nobody knows who asks, and as any other after that.
pub(crate) fn check_hold(ask: &Ask, now: WallTime) -> Result<(), RefusalReason> {
    let Target::Request(target) = &ask.target else { return Ok(()) };
    let Some(HeldFor::Until(hold)) = &target.hold else { return Ok(()) };
    let longest = match ask.action {
        Action::ReceiveRequest => Hold::LONGEST_UNIDENTIFIED,
        _ => Hold::LONGEST,
    };
    let fits = now < hold.until() && hold.until().since(now) <= longest;
    if fits { Ok(()) } else { Err(RefusalReason::TooMuch) }
}

/// Whoever decides is not whoever received: one of whom that is not known is decided by nobody.
pub(crate) fn check_decider(ask: &Ask, facts: &Facts) -> Result<(), RefusalReason> {
    if ask.action != Action::DecideRequest {
        return Ok(());
    }
    match (ask.actor, facts.preceded_by) {
        (Actor::Person(decider), Some(receiver)) if let Some(objection) = &facts.objection => {
            objection.refuses(decider, receiver).map_or(Ok(()), Err)
        }
        (Actor::Person(decider), Some(receiver)) if decider != receiver => Ok(()),
        _ => Err(RefusalReason::OwnRequest),
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
