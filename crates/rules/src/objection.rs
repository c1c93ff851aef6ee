//! Who decides anew what somebody objected to.
//!
//! Invariants:
//! 1. Never whoever took the decision, whatever roles he has and however few they are: the law does not say who
//!    decides an objection, but that who decided it alone looks at it again is no second look.
//! 2. Never whoever entered the objection: one who received the request could otherwise enter an objection that
//!    nobody made, and overturn alone what another decided.
//! 3. Nor whoever received the request, unless of those who could decide nobody else is left. An office of two
//!    has one such person always: who received and who decided are two.

use domain::{AccountId, Action, Role, WallTime};

use crate::decide::RefusalReason;
use crate::roles::roles_that_count;
use crate::table::{Cell, cell};
use crate::term::Term;
use crate::{Scope, Target};

/// A decision of a request to which somebody objected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconsidered {
    /// Who took it; none if that is not known.
    pub decided_by: Option<AccountId>,
    /// Who entered the objection; none if that is not known.
    pub entered_by: Option<AccountId>,
    /// All who could decide requests about these cameras: see [`could_decide`].
    pub able: Vec<AccountId>,
}

impl Reconsidered {
    /// Why somebody does not decide it; none if he does. `receiver` received the request.
    #[must_use]
    pub fn refuses(&self, decider: AccountId, receiver: AccountId) -> Option<RefusalReason> {
        // One of which it is not known who decided it is decided by nobody.
        let (Some(decided_by), Some(entered_by)) = (self.decided_by, self.entered_by) else {
            return Some(RefusalReason::OwnDecision);
        };
        if decider == decided_by || decider == entered_by {
            return Some(RefusalReason::OwnDecision);
        }
        let mut others = self.able.iter().filter(|it| **it != decided_by && **it != entered_by);
        let is_left_to_another = decider == receiver && others.any(|it| *it != receiver);
        is_left_to_another.then_some(RefusalReason::OwnRequest)
    }

    /// Whether somebody is left to decide it if that person enters the objection.
    #[must_use]
    pub fn leaves_somebody(&self, entering: AccountId) -> bool {
        self.able.iter().any(|it| *it != entering && Some(*it) != self.decided_by)
    }
}

/// Whether somebody could decide requests about the cameras of a target: by his roles, his cameras and the term of
/// his appointment. When he is on duty does not matter: days are given for it.
#[must_use]
pub fn could_decide(
    roles: &[Role],
    scope: &Scope,
    term: &Term,
    target: &Target,
    now: WallTime,
) -> bool {
    let action = Action::DecideRequest;
    let place = scope.place_of_target(target);
    let is_appointed =
        term.until.is_none_or(|until| now < until) && term.from.is_none_or(|from| from <= now);
    is_appointed
        && roles_that_count(action, roles).any(|role| cell(role, action, place) != Cell::No)
}

#[cfg(test)]
#[path = "objection_tests.rs"]
mod tests;
