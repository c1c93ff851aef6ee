//! Maintenance tickets: without one a contractor does nothing here.
//!
//! Invariants:
//! 1. A ticket is for one contractor, for a bounded time, and names the person of the institution who
//!    is with him. It gives no right of its own: it only lets count what the table says.
//! 2. It ends by itself, when it is closed, and when the person who is with him has no rights any more.
//! 3. It does not hold under a clock that was set back since it was opened: time that is over does not
//!    come again.

use std::time::Duration;

use domain::{AccountId, Action, Actor, CameraId, Role, WallTime};

use crate::Target;
use crate::decide::{Ask, Facts, RefusalReason};

/// How long one ticket may be.
pub const LONGEST_TICKET: Duration = Duration::from_secs(12 * 3600);
/// How far ahead it may begin.
pub const TICKET_AHEAD: Duration = Duration::from_secs(7 * 86_400);
/// How long ago it may have begun when it is opened: a form takes its time.
const BEGUN_AGO: Duration = Duration::from_secs(600);
/// By how much a clock may go back, as clocks do that are set by another.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// A ticket as somebody wants to open it, with what its two people are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// Who is to work.
    pub contractor: AccountId,
    /// His roles.
    pub contractor_roles: Vec<Role>,
    /// Who is with him.
    pub escort: AccountId,
    /// That person's roles.
    pub escort_roles: Vec<Role>,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<CameraId>,
    /// From when.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
}

/// A ticket as the ledger says it, with what the person who is there is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Who works.
    pub contractor: AccountId,
    /// The present roles of whoever is with him.
    pub escort_roles: Vec<Role>,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<CameraId>,
    /// From when.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// Whether it was closed, or its end was entered.
    pub is_ended: bool,
    /// The latest moment that an entry had since it was opened.
    pub latest: WallTime,
}

/// Whether somebody of these roles can be with a contractor: a person of the institution.
#[must_use]
pub fn can_escort(roles: &[Role]) -> bool {
    !roles.is_empty() && !roles.contains(&Role::Contractor)
}

/// A ticket that may be opened: bounded, soon, for a contractor, with somebody else beside him.
pub(crate) fn check_new(ask: &Ask, now: WallTime) -> Result<(), RefusalReason> {
    let ticket = match (ask.action, &ask.target) {
        (Action::OpenTicket, Target::NewTicket(ticket)) => ticket,
        (Action::OpenTicket, _) | (_, Target::NewTicket(_)) => return Err(RefusalReason::TooMuch),
        _ => return Ok(()),
    };
    let is_bounded = ticket.from < ticket.until
        && ticket.until.since(ticket.from) <= LONGEST_TICKET
        && now < ticket.until
        && ticket.from <= now + TICKET_AHEAD
        && now <= ticket.from + BEGUN_AGO;
    if !is_bounded {
        return Err(RefusalReason::TicketTimeUnfit);
    }
    if !ticket.contractor_roles.contains(&Role::Contractor) {
        return Err(RefusalReason::NotAContractor);
    }
    if ticket.contractor == ticket.escort || !can_escort(&ticket.escort_roles) {
        return Err(RefusalReason::EscortMissing);
    }
    Ok(())
}

/// Whoever is a contractor needs a ticket that holds now; to leave he needs none.
pub(crate) fn check_contractor(
    ask: &Ask,
    facts: &Facts,
    now: WallTime,
) -> Result<(), RefusalReason> {
    if !facts.roles.contains(&Role::Contractor) || ask.action == Action::SignOut {
        return Ok(());
    }
    let answers = facts.tickets.iter().map(|ticket| check_one(ticket, ask, now));
    answers.reduce(nearer).unwrap_or(Err(RefusalReason::TicketMissing))
}

fn check_one(ticket: &Ticket, ask: &Ask, now: WallTime) -> Result<(), RefusalReason> {
    let cameras = ask.target.cameras();
    if ask.actor != Actor::Person(ticket.contractor) {
        Err(RefusalReason::TicketMissing)
    } else if ticket.is_ended || now >= ticket.until {
        Err(RefusalReason::TicketOver)
    } else if now + CLOCK_SLACK < ticket.latest {
        Err(RefusalReason::ClockSetBack)
    } else if now < ticket.from {
        Err(RefusalReason::TicketNotYet)
    } else if !can_escort(&ticket.escort_roles) {
        Err(RefusalReason::EscortMissing)
    } else if !ticket.cameras.is_empty() && !cameras.iter().all(|it| ticket.cameras.contains(it)) {
        Err(RefusalReason::OutOfScope)
    } else {
        Ok(())
    }
}

/// Of several tickets the one that comes nearest to a yes says why not.
fn nearer(
    one: Result<(), RefusalReason>,
    other: Result<(), RefusalReason>,
) -> Result<(), RefusalReason> {
    let distance = |answer: &Result<(), RefusalReason>| match answer {
        Ok(()) => 0,
        Err(RefusalReason::OutOfScope) => 1,
        Err(RefusalReason::EscortMissing) => 2,
        Err(RefusalReason::ClockSetBack) => 3,
        Err(RefusalReason::TicketNotYet) => 4,
        Err(RefusalReason::TicketOver) => 5,
        Err(_) => 6,
    };
    if distance(&other) < distance(&one) { other } else { one }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
