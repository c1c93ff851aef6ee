//! The decision.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use domain::{
    AccountId, Action, Actor, CameraId, EntryNumber, Hold, MAX_SPAN_CAMERAS, Purpose, Role, Span,
    WallTime,
};

use crate::Target;
use crate::disclosure;
use crate::export::{self, Granted};
use crate::objection::Reconsidered;
use crate::proposal::{self, EarlyRule, Proposal};
use crate::request;
use crate::roles::{check_roles_asked_for, roles_that_count};
use crate::table::{Cell, cell, socket_may, system_may};
use crate::term::{self, Term};
use crate::ticket::{self, Ticket};

/// The most cameras on one live wall.
pub const MAX_LIVE_CAMERAS: usize = 25;
/// How far back an operator may look.
pub const OPERATOR_LOOK_BACK: Duration = Duration::from_secs(3600);
/// How long one act of watching live may last before it is asked for again.
pub const LONGEST_LIVE: Duration = Duration::from_secs(12 * 3600);
/// How long one act of playing recorded footage may last.
pub const LONGEST_PLAY: Duration = Duration::from_secs(8 * 3600);
/// The longest span of which one certificate of destruction speaks.
const LONGEST_CERTIFIED: Duration = Duration::from_secs(31 * 86_400);
/// The longest time of which a register speaks at once: a leap year.
pub const LONGEST_REGISTER: Duration = Duration::from_secs(366 * 86_400);
/// How long any other act may take.
const LONGEST_OTHER: Duration = Duration::from_secs(600);

/// Where, seen from the person: inside or outside the cameras he is appointed for. What concerns no
/// camera counts as inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Within the scope.
    InScope,
    /// Outside it.
    OutOfScope,
}

/// The cameras a person is appointed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every camera of the recorder.
    All,
    /// These only.
    Cameras(BTreeSet<CameraId>),
}

impl Scope {
    pub(crate) fn place_of(&self, cameras: &[CameraId]) -> Place {
        match self {
            Self::Cameras(scope) if !cameras.iter().all(|camera| scope.contains(camera)) => {
                Place::OutOfScope
            }
            _ => Place::InScope,
        }
    }

    /// A register that names no camera speaks of them all.
    pub(crate) fn place_of_target(&self, target: &Target) -> Place {
        match (self, target) {
            (Self::Cameras(_), Target::Register { cameras, .. }) if cameras.is_empty() => {
                Place::OutOfScope
            }
            _ => self.place_of(target.cameras()),
        }
    }
}

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The proposal it rests on, for an act that takes two people.
    pub proposal: Option<EntryNumber>,
}

/// What is true of the one who asks, as the ledger says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The roles in force.
    pub roles: Vec<Role>,
    /// The cameras they are for.
    pub scope: Scope,
    /// Whether the session is locked by the idle limit: then only what unlocks or ends it is open.
    pub session_locked: bool,
    /// Whether the camera asked for has a device of which no still was taken yet.
    pub device_is_unseen: bool,
    /// The proposal that is asked about or that the act rests on.
    pub proposal: Option<Proposal>,
    /// The standing rule on early destruction, if there is one.
    pub early_rule: Option<EarlyRule>,
    /// Of a contractor: the ticket of his session, or before there is one all that are for him.
    pub tickets: Vec<Ticket>,
    /// For how long the one who asks is appointed.
    pub term: Term,
    /// Of a request or disclosure that is asked about: who took the step that another person follows.
    pub preceded_by: Option<AccountId>,
    /// Of what is to leave: what its case lets out now; none if it is not granted.
    pub granted: Option<Granted>,
    /// Of a request to whose decision somebody objected: who decided it, and who else could.
    pub objection: Option<Reconsidered>,
}

impl Facts {
    /// The facts about somebody of whom nothing is known.
    #[must_use]
    pub const fn nobody() -> Self {
        Self {
            roles: Vec::new(),
            scope: Scope::All,
            session_locked: false,
            device_is_unseen: false,
            proposal: None,
            early_rule: None,
            tickets: Vec::new(),
            term: Term { from: None, until: None, duty: Vec::new() },
            preceded_by: None,
            granted: None,
            objection: None,
        }
    }
}

/// The rules' yes. Made by [`decide`] alone; spent by the ledger, which turns it into a grant.
#[derive(Debug)]
pub struct Permit {
    actor: Actor,
    action: Action,
    purpose: Option<Purpose>,
    target: Target,
    proposal: Option<EntryNumber>,
    usable_for: Duration,
}

impl Permit {
    /// Who may.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// What.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// What for.
    #[must_use]
    pub const fn purpose(&self) -> Option<&Purpose> {
        self.purpose.as_ref()
    }

    /// To what.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The proposal it rests on.
    #[must_use]
    pub const fn proposal(&self) -> Option<EntryNumber> {
        self.proposal
    }

    /// For how long after the intent is entered.
    #[must_use]
    pub const fn usable_for(&self) -> Duration {
        self.usable_for
    }
}

/// The rules' no, with what was asked, so that the refusal can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked. Boxed: a refusal travels as an error.
    pub ask: Box<Ask>,
    /// Why not.
    pub reason: RefusalReason,
}

/// Why not. A closed list: it stands in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalReason {
    /// No role of this person allows it.
    NoRole,
    /// A camera outside the scope.
    OutOfScope,
    /// No purpose was named.
    PurposeMissing,
    /// Longer ago than the role may look.
    TooLongAgo,
    /// More cameras or hours than one act may open, or a camera twice, or nothing at all.
    TooMuch,
    /// The session is locked.
    Locked,
    /// Footage rights and administration cannot be joined in one person.
    RolesClash,
    /// The one test picture of this device was already taken.
    StillAlreadyTaken,
    /// Name or password were wrong, or the link was used or is too old.
    WrongCredentials,
    /// Too many attempts in a short time.
    TooManyAttempts,
    /// Whoever received a request does not decide it.
    OwnRequest,
    /// Whoever decided a request, or entered the objection, does not decide what was objected to.
    OwnDecision,
    /// Whoever received a disclosure does not decide it, and whoever compelled it does not review it.
    OwnDisclosure,
    /// No case that is granted now lets out these cameras and this time.
    CaseNotGranted,
    /// What answers a person's own request does not leave with others to be seen.
    MaskMissing,
    /// The act takes two people, and no second one has approved just this.
    ApprovalMissing,
    /// Nobody approves his own proposal.
    OwnProposal,
    /// There is no such proposal, or it was decided, used or has run out.
    ProposalClosed,
    /// One of the two people must be a manager.
    ManagerMissing,
    /// Two people agreed to it, and it has to wait for a day.
    TooSoon,
    /// A contractor, and no ticket is for him.
    TicketMissing,
    /// His ticket has not begun.
    TicketNotYet,
    /// His ticket is over, or was closed.
    TicketOver,
    /// Nobody of the institution is with him: the person on the ticket has no rights, or is a contractor.
    EscortMissing,
    /// The clock was set back since the ticket was opened.
    ClockSetBack,
    /// A ticket is longer than may be, begins too far ahead, or is over.
    TicketTimeUnfit,
    /// A ticket for somebody who is no contractor.
    NotAContractor,
    /// The appointment has not begun.
    AppointmentNotYet,
    /// The appointment is over.
    AppointmentOver,
    /// Somebody else is on duty.
    OffDuty,
}

impl RefusalReason {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoRole => "no-role",
            Self::OutOfScope => "out-of-scope",
            Self::PurposeMissing => "purpose-missing",
            Self::TooLongAgo => "too-long-ago",
            Self::TooMuch => "too-much",
            Self::Locked => "locked",
            Self::RolesClash => "roles-clash",
            Self::StillAlreadyTaken => "still-already-taken",
            Self::WrongCredentials => "wrong-credentials",
            Self::TooManyAttempts => "too-many-attempts",
            Self::OwnRequest => "own-request",
            Self::OwnDecision => "own-decision",
            Self::OwnDisclosure => "own-disclosure",
            Self::CaseNotGranted => "case-not-granted",
            Self::MaskMissing => "mask-missing",
            Self::ApprovalMissing => "approval-missing",
            Self::OwnProposal => "own-proposal",
            Self::ProposalClosed => "proposal-closed",
            Self::ManagerMissing => "manager-missing",
            Self::TooSoon => "too-soon",
            Self::TicketMissing => "ticket-missing",
            Self::TicketNotYet => "ticket-not-yet",
            Self::TicketOver => "ticket-over",
            Self::EscortMissing => "escort-missing",
            Self::ClockSetBack => "clock-set-back",
            Self::TicketTimeUnfit => "ticket-time-unfit",
            Self::NotAContractor => "not-a-contractor",
            Self::AppointmentNotYet => "appointment-not-yet",
            Self::AppointmentOver => "appointment-over",
            Self::OffDuty => "off-duty",
        }
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Decides.
///
/// # Errors
/// The refusal, which the caller enters in the ledger.
pub fn decide(ask: Ask, facts: &Facts, now: WallTime) -> Result<Permit, Refusal> {
    match check(&ask, facts, now) {
        Ok(()) => Ok(Permit {
            usable_for: usable_for(ask.action),
            actor: ask.actor,
            action: ask.action,
            purpose: ask.purpose,
            target: ask.target,
            proposal: ask.proposal,
        }),
        Err(reason) => Err(Refusal { ask: Box::new(ask), reason }),
    }
}

const fn usable_for(action: Action) -> Duration {
    match action {
        Action::WatchLive => LONGEST_LIVE,
        // Masking takes longer than watching.
        Action::PlayFootage | Action::PrepareExport | Action::LookAtOriginal => LONGEST_PLAY,
        _ => LONGEST_OTHER,
    }
}

fn check(ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    check_bounds(ask)?;
    check_end(ask, now)?;
    request::check_hold(ask, now)?;
    disclosure::check_hold(ask, now)?;
    ticket::check_new(ask, now)?;
    match ask.actor {
        Actor::System(part)
            if system_may(part, ask.action) && ask.action == Action::DestroyEarly =>
        {
            proposal::check_early(ask, facts, now)
        }
        Actor::System(part) if system_may(part, ask.action) => Ok(()),
        Actor::Os { .. } if socket_may(ask.action) => Ok(()),
        // Signing in is how somebody unknown becomes known; the credentials are `access`'s to check.
        Actor::Unknown if ask.action == Action::SignIn => Ok(()),
        Actor::Person(_) => check_person(ask, facts, now),
        _ => Err(RefusalReason::NoRole),
    }
}

/// An act is bounded: one wall, or a few cameras for a day.
fn check_bounds(ask: &Ask) -> Result<(), RefusalReason> {
    let cameras = ask.target.cameras();
    let distinct: BTreeSet<_> = cameras.iter().collect();
    // A proposal is good for the act that was approved; to name it for another would use it up.
    let may_name_one = proposal::takes_two(ask.action) || ask.action == Action::DestroyEarly;
    if ask.proposal.is_some() && !may_name_one {
        return Err(RefusalReason::TooMuch);
    }
    let of_case = request::fits(ask.action, &ask.target)
        .or_else(|| disclosure::fits(ask.action, &ask.target))
        .or_else(|| export::fits(ask.action, &ask.target));
    let fits = match (&ask.action, &ask.target) {
        _ if of_case.is_some() => of_case == Some(true),
        (Action::WatchLive, Target::Live { .. }) => (1..=MAX_LIVE_CAMERAS).contains(&cameras.len()),
        (Action::PlayFootage, Target::Footage { from, to, .. }) => {
            (1..=MAX_SPAN_CAMERAS).contains(&cameras.len())
                && from < to
                && to.since(*from) <= Span::LONGEST
        }
        (Action::DestroyMinutes, target) => proposal::fits_two(ask.action, target),
        // Pictures are opened by these two targets and by a still of one camera, by nothing else.
        (Action::WatchLive | Action::PlayFootage, _) => false,
        (_, Target::Live { .. } | Target::Footage { .. }) => false,
        (Action::CertifyDestruction, Target::Certified { from, to, .. }) => {
            from < to && to.since(*from) <= LONGEST_CERTIFIED
        }
        (Action::CertifyDestruction, _) | (_, Target::Certified { .. }) => false,
        (Action::ReadRegister, Target::Register { from, to, .. }) => {
            cameras.len() <= 1 && from < to && to.since(*from) <= LONGEST_REGISTER
        }
        (Action::ReadRegister, _) | (_, Target::Register { .. }) => false,
        (Action::TakeStill | Action::ReadRange | Action::ChangeRange, target) => {
            matches!(target, Target::Camera(_))
        }
        (Action::ShortenRetention | Action::LengthenRetention, target) => {
            matches!(target, Target::Retention { .. })
        }
        (Action::AllowEarly | Action::RevokeEarly | Action::DestroyEarly, target) => {
            matches!(target, Target::House)
        }
        (Action::HoldFootage | Action::RenewHold | Action::ReleaseHold, target) => {
            matches!(target, Target::Hold(_))
        }
        (Action::ChangePlan, target) => matches!(target, Target::Floor(_)),
        (Action::LoosenPolicy, target) => proposal::fits_two(ask.action, target),
        (_, Target::Hold(_) | Target::Policy { .. } | Target::Floor(_)) => false,
        (Action::Propose, Target::Proposed { action, target }) => {
            proposal::fits_two(*action, target)
        }
        (Action::Propose, _) => false,
        (Action::DecideProposal, target) => matches!(target, Target::Proposal { .. }),
        (Action::CloseTicket, target) => matches!(target, Target::Ticket(_)),
        _ => true,
    };
    if fits && distinct.len() == cameras.len() { Ok(()) } else { Err(RefusalReason::TooMuch) }
}

/// A hold ends: it begins with an end ahead, and not further than somebody would look at it again.
fn check_end(ask: &Ask, now: WallTime) -> Result<(), RefusalReason> {
    let (Action::HoldFootage | Action::RenewHold, Target::Hold(hold)) = (ask.action, &ask.target)
    else {
        return Ok(());
    };
    let fits = now < hold.until() && hold.until().since(now) <= Hold::LONGEST;
    if fits { Ok(()) } else { Err(RefusalReason::TooMuch) }
}

fn check_person(ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    let while_locked = matches!(
        ask.action,
        Action::Unlock | Action::SignOut | Action::HandOver | Action::ReadSession | Action::SignIn
    );
    if facts.session_locked && !while_locked {
        return Err(RefusalReason::Locked);
    }
    term::check_term(ask, &facts.term, now)?;
    ticket::check_contractor(ask, facts, now)?;
    check_roles_asked_for(ask, &facts.roles)?;
    if ask.action == Action::DecideProposal {
        return proposal::check_decision(ask, facts, now);
    }
    let place = facts.scope.place_of_target(&ask.target);
    let best = roles_that_count(ask.action, &facts.roles)
        .map(|role| allowed_by(cell(role, ask.action, place), ask, facts, now))
        .fold(Err(RefusalReason::NoRole), better);
    match best {
        Err(RefusalReason::NoRole) if place == Place::OutOfScope => Err(RefusalReason::OutOfScope),
        Ok(()) => {
            request::check_decider(ask, facts)?;
            disclosure::check_second(ask, facts)?;
            export::check_case(ask, facts)
        }
        other => other,
    }
}

/// A yes beats every no; of two noes, the one that says more.
fn better(
    one: Result<(), RefusalReason>,
    other: Result<(), RefusalReason>,
) -> Result<(), RefusalReason> {
    match (one, other) {
        (Ok(()), _) | (_, Ok(())) => Ok(()),
        (Err(RefusalReason::NoRole), err) => err,
        (err, _) => err,
    }
}

fn allowed_by(cell: Cell, ask: &Ask, facts: &Facts, now: WallTime) -> Result<(), RefusalReason> {
    let purpose = ask.purpose.as_ref().map(|_| ()).ok_or(RefusalReason::PurposeMissing);
    match cell {
        Cell::No => Err(RefusalReason::NoRole),
        Cell::Yes => Ok(()),
        Cell::WithPurpose => purpose,
        Cell::RecentWithPurpose => match &ask.target {
            Target::Footage { from, .. } if now.since(*from) > OPERATOR_LOOK_BACK => {
                Err(RefusalReason::TooLongAgo)
            }
            _ => purpose,
        },
        Cell::OncePerDevice if facts.device_is_unseen => purpose,
        Cell::OncePerDevice => Err(RefusalReason::StillAlreadyTaken),
        Cell::WithApproval => proposal::check_approved(ask, facts, now),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
