//! What another body asks for: received by one, decided by another; or compelled by one alone, and looked at
//! by another afterwards.
//!
//! Invariants:
//! 1. Whoever received a disclosure does not decide it, and whoever compelled it does not review it,
//!    whatever roles he has.
//! 2. What is held for it is of the cameras that it names.

use domain::{Action, Actor, CameraId, EntryNumber, Hold, MAX_SPAN_CAMERAS, WallTime};

use crate::decide::{Ask, Facts, RefusalReason};
use crate::{HeldFor, Target};

/// A disclosure to which something is done, and what is to be held for it from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureTarget {
    /// The entry of its receipt; none of one that comes in.
    pub disclosure: Option<EntryNumber>,
    /// The cameras that it is about.
    pub cameras: Vec<CameraId>,
    /// What becomes of its hold; none if that stays as it is, or there is none.
    pub hold: Option<HeldFor>,
}

/// Whether action and target are of disclosures both, and fit each other; none if neither is.
pub(crate) fn fits(action: Action, target: &Target) -> Option<bool> {
    let is_of_disclosures = matches!(
        action,
        Action::ReceiveDisclosure
            | Action::ContinueDisclosure
            | Action::DecideDisclosure
            | Action::CompelDisclosure
            | Action::ReviewDisclosure
            | Action::ReadDisclosure
    );
    let Target::Disclosure(target) = target else { return is_of_disclosures.then_some(false) };
    let is_named = |camera: &CameraId| target.cameras.contains(camera);
    let is_within = |held: &HeldFor| held.hold().cameras().iter().all(is_named);
    let holds_fit = match action {
        Action::ReceiveDisclosure => !matches!(target.hold, Some(HeldFor::Released(_))),
        Action::ReadDisclosure => target.hold.is_none(),
        _ => true,
    };
    let is_new = action == Action::ReceiveDisclosure;
    Some(
        is_of_disclosures
            && is_new == target.disclosure.is_none()
            && (1..=MAX_SPAN_CAMERAS).contains(&target.cameras.len())
            && holds_fit
            && target.hold.as_ref().is_none_or(is_within),
    )
}

/// A hold for a disclosure ends, as any other.
pub(crate) fn check_hold(ask: &Ask, now: WallTime) -> Result<(), RefusalReason> {
    let Target::Disclosure(target) = &ask.target else { return Ok(()) };
    let Some(HeldFor::Until(hold)) = &target.hold else { return Ok(()) };
    let fits = now < hold.until() && hold.until().since(now) <= Hold::LONGEST;
    if fits { Ok(()) } else { Err(RefusalReason::TooMuch) }
}

/// Whoever takes the second step is not whoever took the first: where that is not known, nobody takes it.
pub(crate) fn check_second(ask: &Ask, facts: &Facts) -> Result<(), RefusalReason> {
    if !matches!(ask.action, Action::DecideDisclosure | Action::ReviewDisclosure) {
        return Ok(());
    }
    match (ask.actor, facts.preceded_by) {
        (Actor::Person(second), Some(first)) if second != first => Ok(()),
        _ => Err(RefusalReason::OwnDisclosure),
    }
}

#[cfg(test)]
#[path = "disclosure_tests.rs"]
mod tests;
