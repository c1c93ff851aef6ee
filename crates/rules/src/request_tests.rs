//! Who may receive a request and who decide it, and what may be held for it.

use std::time::Duration;

use domain::{AccountId, HoldId, Role};

use super::*;
use crate::{Scope, decide};

const NOW: WallTime = WallTime::from_micros(1_795_301_820_000_000);
const DAY: Duration = Duration::from_secs(86_400);
const RECEIVED: EntryNumber = EntryNumber { year: 2026, index: 17 };

fn account(number: u8) -> AccountId {
    AccountId::from_bytes([number; 16])
}

fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

fn hold(cameras: &[u8], until: WallTime) -> HeldFor {
    let cameras = cameras.iter().map(|number| camera(*number)).collect();
    let minute = NOW.floor(Duration::from_secs(60));
    let span = (minute - Duration::from_secs(3600), minute);
    HeldFor::Until(Hold::new(HoldId::from_bytes([1; 16]), "2026-1", cameras, span, until).unwrap())
}

fn answer(
    by: u8,
    role: Role,
    action: Action,
    request: Option<EntryNumber>,
    hold: Option<HeldFor>,
) -> Result<(), RefusalReason> {
    let target = RequestTarget { request, cameras: vec![camera(1), camera(2)], hold };
    let ask = Ask {
        actor: Actor::Person(account(by)),
        action,
        target: Target::Request(Box::new(target)),
        purpose: None,
        proposal: None,
    };
    let facts =
        Facts { roles: vec![role], preceded_by: request.map(|_| account(1)), ..Facts::nobody() };
    decide(ask, &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
}

#[test]
fn whoever_received_it_does_not_decide_it() {
    for role in [Role::Manager, Role::Officer] {
        let decide = |by| answer(by, role, Action::DecideRequest, Some(RECEIVED), None);
        assert_eq!(decide(1), Err(RefusalReason::OwnRequest));
        // The control: another person of the same role.
        assert_eq!(decide(2), Ok(()));
        assert_eq!(answer(1, role, Action::ContinueRequest, Some(RECEIVED), None), Ok(()));
    }
}

#[test]
fn nobody_else_receives_or_decides() {
    for role in [Role::Administrator, Role::Operator, Role::Inspector] {
        for action in [Action::ContinueRequest, Action::DecideRequest, Action::ReadRequest] {
            let refused = answer(2, role, action, Some(RECEIVED), None);
            assert_eq!(refused, Err(RefusalReason::NoRole), "{role:?} {action:?}");
        }
        let refused = answer(2, role, Action::ReceiveRequest, None, None);
        assert_eq!(refused, Err(RefusalReason::NoRole), "{role:?}");
    }
    // A contractor has not even a ticket here.
    let refused = answer(2, Role::Contractor, Action::ReceiveRequest, None, None);
    assert_eq!(refused, Err(RefusalReason::TicketMissing));
    let cell = |action| crate::cell(Role::Contractor, action, crate::Place::InScope);
    for action in [Action::ReceiveRequest, Action::DecideRequest, Action::ReadRequests] {
        assert_eq!(cell(action), crate::Cell::No);
    }
}

#[test]
fn what_is_held_is_of_its_cameras_and_for_a_week_at_first() {
    let receive =
        |hold| answer(1, Role::Officer, Action::ReceiveRequest, None, Some(hold)).map(drop);
    assert_eq!(receive(hold(&[1, 2], NOW + DAY * 7)), Ok(()));
    assert_eq!(receive(hold(&[1], NOW + DAY * 7)), Ok(()));
    let too_long = hold(&[1], NOW + DAY * 7 + Duration::from_micros(1));
    assert_eq!(receive(too_long.clone()), Err(RefusalReason::TooMuch));
    assert_eq!(receive(hold(&[3], NOW + DAY)), Err(RefusalReason::TooMuch));
    assert_eq!(receive(hold(&[1], NOW)), Err(RefusalReason::TooMuch));
    assert_eq!(receive(HeldFor::Released(too_long.hold().clone())), Err(RefusalReason::TooMuch));
    // Once it is known who asks, as long as any other.
    let go_on = |until| {
        let hold = Some(hold(&[1], until));
        answer(1, Role::Officer, Action::ContinueRequest, Some(RECEIVED), hold)
    };
    assert_eq!(go_on(NOW + DAY * 90), Ok(()));
    assert_eq!(go_on(NOW + DAY * 91), Err(RefusalReason::TooMuch));
    // To read one changes no hold, and to receive one names none that is there.
    let reads = answer(1, Role::Officer, Action::ReadRequest, Some(RECEIVED), Some(too_long));
    assert_eq!(reads, Err(RefusalReason::TooMuch));
    let again = answer(1, Role::Officer, Action::ReceiveRequest, Some(RECEIVED), None);
    assert_eq!(again, Err(RefusalReason::TooMuch));
}

#[test]
fn an_officer_receives_for_the_cameras_of_his_own() {
    let target = RequestTarget { request: None, cameras: vec![camera(1)], hold: None };
    let receive = |scope| {
        let ask = Ask {
            actor: Actor::Person(account(1)),
            action: Action::ReceiveRequest,
            target: Target::Request(Box::new(target.clone())),
            purpose: None,
            proposal: None,
        };
        let facts = Facts { roles: vec![Role::Officer], scope, ..Facts::nobody() };
        decide(ask, &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
    };
    assert_eq!(receive(Scope::Cameras([camera(1)].into())), Ok(()));
    let other = receive(Scope::Cameras([camera(2)].into()));
    assert_eq!(other, Err(RefusalReason::OutOfScope));
}
