//! Tests of tickets.

use super::*;
use crate::decide;

const NOW: WallTime = WallTime::from_micros(1_795_301_858_000_000);
const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

fn account(number: u8) -> AccountId {
    AccountId::from_bytes([number; 16])
}

fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

/// Of account 1, from an hour ago for two hours.
fn ticket() -> Ticket {
    Ticket {
        contractor: account(1),
        escort_roles: vec![Role::Officer],
        cameras: Vec::new(),
        from: NOW - HOUR,
        until: NOW + HOUR,
        is_ended: false,
        latest: NOW,
    }
}

fn answer(action: Action, target: Target, tickets: &[Ticket]) -> Result<(), RefusalReason> {
    let actor = Actor::Person(account(1));
    let ask = Ask { actor, action, target, purpose: None, proposal: None };
    let roles = vec![Role::Contractor];
    let facts = Facts { roles, tickets: tickets.to_vec(), ..Facts::nobody() };
    decide(ask, &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
}

fn signs_in(tickets: &[Ticket]) -> Result<(), RefusalReason> {
    answer(Action::SignIn, Target::House, tickets)
}

#[test]
fn a_contractor_comes_in_on_a_ticket_that_holds_and_on_no_other() {
    let refused = [
        (RefusalReason::TicketMissing, None),
        (RefusalReason::TicketMissing, Some(Ticket { contractor: account(2), ..ticket() })),
        (RefusalReason::TicketNotYet, Some(Ticket { from: NOW + MINUTE, ..ticket() })),
        (RefusalReason::TicketOver, Some(Ticket { until: NOW, ..ticket() })),
        (RefusalReason::TicketOver, Some(Ticket { is_ended: true, ..ticket() })),
        (RefusalReason::ClockSetBack, Some(Ticket { latest: NOW + MINUTE * 2, ..ticket() })),
        (RefusalReason::EscortMissing, Some(Ticket { escort_roles: Vec::new(), ..ticket() })),
        (
            RefusalReason::EscortMissing,
            Some(Ticket { escort_roles: vec![Role::Contractor], ..ticket() }),
        ),
    ];
    for (reason, ticket) in &refused {
        let tickets: Vec<Ticket> = ticket.iter().cloned().collect();
        assert_eq!(signs_in(&tickets), Err(*reason));
    }
    // The control: one that holds, alone and among all those that do not.
    assert_eq!(signs_in(&[ticket()]), Ok(()));
    let mut all: Vec<Ticket> = refused.into_iter().filter_map(|(_, ticket)| ticket).collect();
    all.push(ticket());
    assert_eq!(signs_in(&all), Ok(()));
    // A clock that is put right by seconds is none that was set back.
    assert_eq!(signs_in(&[Ticket { latest: NOW + MINUTE, ..ticket() }]), Ok(()));
}

#[test]
fn without_a_ticket_no_act_is_left_but_to_leave() {
    for &action in Action::ALL {
        let without = answer(action, Target::House, &[]);
        if action == Action::SignOut {
            assert_eq!(without, Ok(()));
        } else {
            assert!(without.is_err(), "{action:?}");
        }
    }
}

#[test]
fn a_ticket_gives_no_right_that_the_table_does_not() {
    for &action in Action::ALL {
        let with = answer(action, Target::House, &[ticket()]);
        let in_table = crate::cell(Role::Contractor, action, crate::Place::InScope);
        assert!(with.is_err() || in_table == crate::Cell::Yes, "{action:?}");
    }
    let live = Target::Live { cameras: vec![camera(1)] };
    assert_eq!(answer(Action::WatchLive, live, &[ticket()]), Err(RefusalReason::NoRole));
}

#[test]
fn a_ticket_for_a_camera_is_for_no_other() {
    let for_one = [Ticket { cameras: vec![camera(1)], ..ticket() }];
    let pattern = |number| answer(Action::SeePattern, Target::Camera(camera(number)), &for_one);
    assert_eq!(pattern(1), Ok(()));
    assert_eq!(pattern(2), Err(RefusalReason::OutOfScope));
    // The control: a ticket for the recorder as a whole.
    let other = answer(Action::SeePattern, Target::Camera(camera(2)), &[ticket()]);
    assert_eq!(other, Ok(()));
}

#[test]
fn a_ticket_is_bounded_and_opened_by_who_answers_for_the_footage() {
    let new = NewTicket {
        contractor: account(1),
        contractor_roles: vec![Role::Contractor],
        escort: account(2),
        escort_roles: vec![Role::Operator],
        cameras: Vec::new(),
        from: NOW,
        until: NOW + HOUR,
    };
    let open = |role, ticket: &NewTicket| {
        let target = Target::NewTicket(Box::new(ticket.clone()));
        let actor = Actor::Person(account(3));
        let action = Action::OpenTicket;
        let ask = Ask { actor, action, target, purpose: None, proposal: None };
        let tickets = vec![Ticket { contractor: account(3), ..self::ticket() }];
        let facts = Facts { roles: vec![role], tickets, ..Facts::nobody() };
        decide(ask, &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
    };
    for role in Role::ALL {
        let may = matches!(role, Role::Manager | Role::Officer);
        assert_eq!(open(role, &new).is_ok(), may, "{role:?}");
    }
    let unfit = Err(RefusalReason::TicketTimeUnfit);
    let (from, until) = (NOW + TICKET_AHEAD, NOW + TICKET_AHEAD + LONGEST_TICKET);
    let times = [
        (NOW, NOW + LONGEST_TICKET, Ok(())),
        (NOW, NOW + LONGEST_TICKET + MINUTE, unfit),
        (from, until, Ok(())),
        (from + MINUTE, until, unfit),
        (NOW - MINUTE * 10, NOW + HOUR, Ok(())),
        (NOW - MINUTE * 11, NOW + HOUR, unfit),
        (NOW - MINUTE, NOW, unfit),
        (NOW + HOUR, NOW, unfit),
    ];
    for (from, until, expected) in times {
        let ticket = NewTicket { from, until, ..new.clone() };
        assert_eq!(open(Role::Officer, &ticket), expected);
    }
    let unescorted = Err(RefusalReason::EscortMissing);
    let alone = NewTicket { escort: account(1), ..new.clone() };
    assert_eq!(open(Role::Manager, &alone), unescorted);
    let by_another = NewTicket { escort_roles: vec![Role::Contractor], ..new.clone() };
    assert_eq!(open(Role::Manager, &by_another), unescorted);
    let for_an_officer = NewTicket { contractor_roles: vec![Role::Officer], ..new };
    assert_eq!(open(Role::Manager, &for_an_officer), Err(RefusalReason::NotAContractor));
}
