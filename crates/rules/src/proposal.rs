//! Acts that take two people: one proposes, another approves, then one of the two carries it out.
//!
//! Invariants:
//! 1. Nobody approves his own proposal; whoever proposed may take it back.
//! 2. What is carried out is what was approved: action and target are compared, not named anew.
//! 3. Both must still hold what they held: an appointment that ends takes the approval with it.
//! 4. An approval is good for one act, and not longer than the proposal.
//! 5. Single minutes go a day after they were approved, and just these.
//! 6. Footage is destroyed early by a standing rule alone, which two people agreed to and which has
//!    stood for a day without anybody taking it back (K9).

use std::time::Duration;

use domain::{AccountId, Action, Actor, EntryNumber, Hold, Role, WallTime};

use crate::decide::{Ask, Facts, RefusalReason};
use crate::roles::roles_that_count;
use crate::table::{Cell, cell};
use crate::{Place, Target};

/// How long after it was made a proposal can be approved and carried out.
pub const PROPOSAL_VALID_FOR: Duration = Duration::from_secs(7 * 86_400);

/// How long what destroys footage early waits after two people agreed to it, so that whoever sees it
/// can take it back.
pub const COOLING_OFF: Duration = Duration::from_secs(86_400);

/// How long an act waits after another person approved it.
#[must_use]
pub fn waits_for(action: Action) -> Duration {
    match action {
        // What cannot be taken back waits, so that whoever sees it can object.
        Action::DestroyMinutes => COOLING_OFF,
        _ => Duration::ZERO,
    }
}

/// The standing rule: when the disk is full, the oldest footage goes before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlyRule {
    /// What two people agreed to: each destruction names it.
    pub proposal: EntryNumber,
    /// From when it is in force.
    pub from: WallTime,
}

/// A proposal, as the ledger says it, with what its people are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The act.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// The roles that person has now.
    pub proposer_roles: Vec<Role>,
    /// Until when it can be approved and carried out.
    pub until: WallTime,
    /// What was decided of it.
    pub approval: Approval,
}

/// What was decided of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// Nothing yet.
    Open,
    /// It was approved, and nothing rests on it yet.
    Approved {
        /// By whom.
        by: AccountId,
        /// The roles that person has now.
        roles: Vec<Role>,
        /// When.
        at: WallTime,
    },
    /// It was refused or taken back, or an act rests on it already.
    Closed,
}

/// Whether an act takes two people.
#[must_use]
pub fn takes_two(action: Action) -> bool {
    Role::ALL.into_iter().any(|role| asks_for_two(role, action))
}

/// Whether this is a target to which an act that takes two people can be done.
#[must_use]
pub fn fits_two(action: Action, target: &Target) -> bool {
    match action {
        Action::LengthenRetention => matches!(target, Target::Retention { .. }),
        Action::AllowEarly => matches!(target, Target::House),
        Action::LoosenPolicy => matches!(target, Target::Policy { .. }),
        Action::SealExport => crate::export::is_copy(target),
        Action::DestroyMinutes => match target {
            Target::Footage { cameras, from, to } => Hold::fits(cameras, (*from, *to)).is_ok(),
            _ => false,
        },
        _ => false,
    }
}

/// Whether the machine may destroy footage early: by the rule that it names, when that is in force.
pub(crate) fn check_early(ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    match facts.early_rule {
        Some(rule) if ask.proposal == Some(rule.proposal) && now >= rule.from => Ok(()),
        _ => Err(RefusalReason::ApprovalMissing),
    }
}

fn asks_for_two(role: Role, action: Action) -> bool {
    cell(role, action, Place::InScope) == Cell::WithApproval
}

/// Whether somebody may decide of the proposal that the facts hold.
pub(crate) fn check_decision(ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    let (Actor::Person(person), Target::Proposal { approves, .. }) = (ask.actor, &ask.target)
    else {
        return Err(RefusalReason::NoRole);
    };
    let decides = |role: &Role| cell(*role, ask.action, Place::InScope) == Cell::Yes;
    if !facts.roles.iter().any(decides) {
        return Err(RefusalReason::NoRole);
    }
    let Some(proposal) = &facts.proposal else { return Err(RefusalReason::ProposalClosed) };
    check_part(proposal, facts, &facts.roles)?;
    if proposal.approval != Approval::Open || now >= proposal.until {
        return Err(RefusalReason::ProposalClosed);
    }
    if !approves {
        // To refuse, or to take one's own proposal back, changes nothing: it takes no second person.
        return Ok(());
    }
    if person == proposal.proposed_by {
        return Err(RefusalReason::OwnProposal);
    }
    check_pair(&facts.roles, proposal)
}

/// Whether just this act was approved by another person, and by two who may still.
pub(crate) fn check_approved(ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    let (Actor::Person(person), Some(proposal)) = (ask.actor, &facts.proposal) else {
        return Err(RefusalReason::ApprovalMissing);
    };
    if proposal.action != ask.action || proposal.target != ask.target {
        return Err(RefusalReason::ApprovalMissing);
    }
    let (by, roles, at) = match &proposal.approval {
        Approval::Approved { by, roles, at } if now < proposal.until => (*by, roles, *at),
        Approval::Open if now < proposal.until => return Err(RefusalReason::ApprovalMissing),
        _ => return Err(RefusalReason::ProposalClosed),
    };
    if by == proposal.proposed_by {
        return Err(RefusalReason::OwnProposal);
    }
    if person != by && person != proposal.proposed_by {
        return Err(RefusalReason::ApprovalMissing);
    }
    check_pair(roles, proposal)?;
    if now < at + waits_for(ask.action) { Err(RefusalReason::TooSoon) } else { Ok(()) }
}

/// Whether this person can be one of the two, for these cameras.
fn check_part(proposal: &Proposal, facts: &Facts, roles: &[Role]) -> Result<(), RefusalReason> {
    let place = facts.scope.place_of(proposal.target.cameras());
    let takes_part = |role: Role| cell(role, proposal.action, place) == Cell::WithApproval;
    if roles_that_count(proposal.action, roles).any(takes_part) {
        return Ok(());
    }
    match place {
        Place::OutOfScope => Err(RefusalReason::OutOfScope),
        Place::InScope => Err(RefusalReason::NoRole),
    }
}

/// Both may take part, and one of them is a manager.
fn check_pair(approver: &[Role], proposal: &Proposal) -> Result<(), RefusalReason> {
    let may = |roles: &[Role]| roles.iter().any(|role| asks_for_two(*role, proposal.action));
    if !may(approver) || !may(&proposal.proposer_roles) {
        return Err(RefusalReason::NoRole);
    }
    let is_manager = |roles: &[Role]| roles.contains(&Role::Manager);
    if is_manager(approver) || is_manager(&proposal.proposer_roles) {
        Ok(())
    } else {
        Err(RefusalReason::ManagerMissing)
    }
}
