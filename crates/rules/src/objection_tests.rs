//! Who decides an objection, in an office of many, of three and of two.

use std::time::Duration;

use domain::{Actor, CameraId, EntryNumber};

use super::*;
use crate::{Ask, Facts, RequestTarget, decide};

const NOW: WallTime = WallTime::from_micros(1_795_301_820_000_000);

const RECEIVER: u8 = 1;
const DECIDER: u8 = 2;
const THIRD: u8 = 3;
const FOURTH: u8 = 4;

fn account(number: u8) -> AccountId {
    AccountId::from_bytes([number; 16])
}

fn target() -> Target {
    let request = Some(EntryNumber { year: 2026, index: 17 });
    let cameras = vec![CameraId::from_bytes([1; 16])];
    Target::Request(Box::new(RequestTarget { request, cameras, hold: None }))
}

/// What the rules say when that person decides the objection that another entered.
fn answer(by: u8, entered_by: u8, able: &[u8]) -> Result<(), RefusalReason> {
    let objection = Reconsidered {
        decided_by: Some(account(DECIDER)),
        entered_by: Some(account(entered_by)),
        able: able.iter().copied().map(account).collect(),
    };
    ask(by, Some(objection))
}

fn ask(by: u8, objection: Option<Reconsidered>) -> Result<(), RefusalReason> {
    let ask = Ask {
        actor: Actor::Person(account(by)),
        action: Action::DecideRequest,
        target: target(),
        purpose: None,
        proposal: None,
    };
    let facts = Facts {
        roles: vec![Role::Manager],
        preceded_by: Some(account(RECEIVER)),
        objection,
        ..Facts::nobody()
    };
    decide(ask, &facts, NOW).map(drop).map_err(|refusal| refusal.reason)
}

#[test]
fn a_third_person_decides_an_objection_where_there_is_one() {
    for able in [&[RECEIVER, DECIDER, THIRD][..], &[RECEIVER, DECIDER, THIRD, FOURTH]] {
        assert_eq!(answer(THIRD, RECEIVER, able), Ok(()));
        assert_eq!(answer(THIRD, DECIDER, able), Ok(()));
        assert_eq!(answer(RECEIVER, DECIDER, able), Err(RefusalReason::OwnRequest));
        assert_eq!(answer(DECIDER, RECEIVER, able), Err(RefusalReason::OwnDecision));
    }
    // The control: without an objection only who received it does not decide.
    assert_eq!(ask(DECIDER, None), Ok(()));
    assert_eq!(ask(RECEIVER, None), Err(RefusalReason::OwnRequest));
}

#[test]
fn who_entered_it_does_not_decide_it() {
    let able = [RECEIVER, DECIDER, THIRD, FOURTH];
    assert_eq!(answer(THIRD, THIRD, &able), Err(RefusalReason::OwnDecision));
    assert_eq!(answer(FOURTH, THIRD, &able), Ok(()));
    // The third entered it, so that of three nobody else is left than who received the request.
    assert_eq!(answer(RECEIVER, THIRD, &able[..3]), Ok(()));
    assert_eq!(answer(RECEIVER, THIRD, &able), Err(RefusalReason::OwnRequest));
}

#[test]
fn of_two_the_other_decides_and_never_the_one_who_decided() {
    let two = [RECEIVER, DECIDER];
    assert_eq!(answer(RECEIVER, DECIDER, &two), Ok(()));
    assert_eq!(answer(DECIDER, DECIDER, &two), Err(RefusalReason::OwnDecision));
    assert_eq!(answer(RECEIVER, RECEIVER, &two), Err(RefusalReason::OwnDecision));
    assert_eq!(answer(DECIDER, DECIDER, &[DECIDER]), Err(RefusalReason::OwnDecision));
    // So of two it is entered by the one whose decision it is about: else nobody would be left.
    let able = two.map(account).to_vec();
    let it = Reconsidered { decided_by: Some(account(DECIDER)), entered_by: None, able };
    assert!(it.leaves_somebody(account(DECIDER)));
    assert!(!it.leaves_somebody(account(RECEIVER)));
}

#[test]
fn one_of_which_nobody_knows_who_decided_it_is_decided_by_nobody() {
    let able = vec![account(RECEIVER), account(THIRD)];
    let unknown = Reconsidered { decided_by: None, entered_by: Some(account(RECEIVER)), able };
    assert_eq!(ask(THIRD, Some(unknown)), Err(RefusalReason::OwnDecision));
}

#[test]
fn able_is_who_is_appointed_for_these_cameras() {
    let here = Scope::Cameras([CameraId::from_bytes([1; 16])].into());
    let elsewhere = Scope::Cameras([CameraId::from_bytes([2; 16])].into());
    let always = Term::default();
    let of =
        |role: Role, scope: &Scope, term: &Term| could_decide(&[role], scope, term, &target(), NOW);
    assert!(of(Role::Officer, &here, &always));
    assert!(!of(Role::Officer, &elsewhere, &always));
    assert!(!of(Role::Operator, &Scope::All, &always));
    let over = Term { until: Some(NOW), ..Term::default() };
    let ahead = Term { from: Some(NOW + Duration::from_secs(1)), ..Term::default() };
    let off_duty = Term { duty: vec![(NOW - Duration::from_secs(9), NOW)], ..Term::default() };
    assert!(!of(Role::Manager, &Scope::All, &over));
    assert!(!of(Role::Manager, &Scope::All, &ahead));
    assert!(of(Role::Manager, &Scope::All, &off_duty));
}
