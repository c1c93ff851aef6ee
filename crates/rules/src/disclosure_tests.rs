//! Who may receive a disclosure, decide it, go ahead alone and review that.

use std::time::Duration;

use domain::{AccountId, HoldId, Role};

use super::*;
use crate::{Scope, decide};

const NOW: WallTime = WallTime::from_micros(1_795_301_820_000_000);
const DAY: Duration = Duration::from_secs(86_400);
const RECEIVED: EntryNumber = EntryNumber { year: 2026, index: 17 };

fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

fn hold(cameras: &[u8], days: u32) -> HeldFor {
    let cameras = cameras.iter().map(|number| camera(*number)).collect();
    let minute = NOW.floor(Duration::from_secs(60));
    let span = (minute - Duration::from_secs(3600), minute);
    let until = NOW + DAY * days;
    HeldFor::Until(Hold::new(HoldId::from_bytes([1; 16]), "2026-1", cameras, span, until).unwrap())
}

fn ask(by: u8, action: Action, hold: Option<HeldFor>) -> Ask {
    let disclosure = (action != Action::ReceiveDisclosure).then_some(RECEIVED);
    let target = DisclosureTarget { disclosure, cameras: vec![camera(1), camera(2)], hold };
    Ask {
        actor: Actor::Person(AccountId::from_bytes([by; 16])),
        action,
        target: Target::Disclosure(Box::new(target)),
        purpose: None,
        proposal: None,
    }
}

/// Asked by a person after the first of a case did the step before.
fn answer(by: u8, role: Role, action: Action, hold: Option<HeldFor>) -> Result<(), RefusalReason> {
    let preceded_by = Some(AccountId::from_bytes([1; 16]));
    let facts = Facts { roles: vec![role], preceded_by, ..Facts::nobody() };
    decide(ask(by, action, hold), &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
}

#[test]
fn whoever_was_first_is_not_the_second() {
    for role in [Role::Manager, Role::Officer] {
        for action in [Action::DecideDisclosure, Action::ReviewDisclosure] {
            assert_eq!(answer(1, role, action, None), Err(RefusalReason::OwnDisclosure));
            // The control: another person of the same role.
            assert_eq!(answer(2, role, action, None), Ok(()));
            // Of whom it is not known, nobody is the second.
            let facts = Facts { roles: vec![role], ..Facts::nobody() };
            let refused = decide(ask(2, action, None), &facts, NOW).map_err(|it| it.reason);
            assert_eq!(refused.map(drop), Err(RefusalReason::OwnDisclosure));
        }
        // One alone goes ahead, and on.
        for action in [Action::CompelDisclosure, Action::ContinueDisclosure] {
            assert_eq!(answer(1, role, action, None), Ok(()), "{action:?}");
        }
    }
}

#[test]
fn whoever_does_not_answer_for_footage_takes_no_part() {
    for role in [Role::Operator, Role::Contractor, Role::Administrator, Role::Inspector] {
        for action in [
            Action::ReceiveDisclosure,
            Action::ContinueDisclosure,
            Action::DecideDisclosure,
            Action::CompelDisclosure,
            Action::ReviewDisclosure,
            Action::ReadDisclosure,
        ] {
            assert!(answer(2, role, action, None).is_err(), "{role:?} {action:?}");
        }
    }
}

#[test]
fn what_is_held_is_of_its_cameras_and_ends() {
    let receive = |hold| answer(2, Role::Officer, Action::ReceiveDisclosure, Some(hold));
    assert_eq!(receive(hold(&[1, 2], 90)), Ok(()));
    assert_eq!(receive(hold(&[1, 3], 90)), Err(RefusalReason::TooMuch));
    assert_eq!(receive(hold(&[1], 91)), Err(RefusalReason::TooMuch));
    let HeldFor::Until(held) = hold(&[1], 90) else { unreachable!() };
    assert_eq!(receive(HeldFor::Released(held)), Err(RefusalReason::TooMuch));
    assert_eq!(
        answer(2, Role::Officer, Action::ReadDisclosure, Some(hold(&[1], 90))),
        Err(RefusalReason::TooMuch)
    );
}

#[test]
fn it_is_of_the_cameras_of_ones_scope_and_of_nothing_else() {
    let facts = Facts {
        roles: vec![Role::Officer],
        scope: Scope::Cameras([camera(1)].into()),
        ..Facts::nobody()
    };
    let refused = decide(ask(2, Action::ReceiveDisclosure, None), &facts, NOW);
    assert_eq!(refused.map(drop).map_err(|it| it.reason), Err(RefusalReason::OutOfScope));
    let facts = Facts { roles: vec![Role::Manager], ..Facts::nobody() };
    let of_house = Ask { target: Target::House, ..ask(2, Action::CompelDisclosure, None) };
    let refused = decide(of_house, &facts, NOW).map(drop).map_err(|it| it.reason);
    assert_eq!(refused, Err(RefusalReason::TooMuch));
}
