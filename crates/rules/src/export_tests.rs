//! What may be prepared, proposed and sealed, of which case.

use domain::{AccountId, Actor, Role};

use super::*;
use crate::{Approval, Proposal, decide};

const NOON: WallTime = WallTime::from_micros(1_795_301_820_000_000);
const CASE: EntryNumber = EntryNumber { year: 2026, index: 17 };
const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

fn copy(digit: char) -> FileHash {
    digit.to_string().repeat(64).parse().unwrap()
}

fn target(copy: Option<FileHash>) -> ExportTarget {
    let (from, to) = (NOON, NOON + MINUTE * 10);
    ExportTarget { case: CASE, cameras: vec![camera(1)], from, to, is_masked: true, copy }
}

fn ask(by: u8, action: Action, target: Target) -> Ask {
    let actor = Actor::Person(AccountId::from_bytes([by; 16]));
    Ask { actor, action, target, purpose: None, proposal: None }
}

fn of(target: ExportTarget) -> Target {
    Target::Export(Box::new(target))
}

fn facts(role: Role, may_be_whole: bool) -> Facts {
    let cameras = vec![camera(1), camera(2)];
    let granted = Granted { cameras, from: NOON, to: NOON + MINUTE * 10, may_be_whole };
    Facts { roles: vec![role], granted: Some(granted), ..Facts::nobody() }
}

fn answer(ask: Ask, facts: &Facts) -> Result<(), RefusalReason> {
    decide(ask, facts, NOON).map(drop).map_err(|refusal| refusal.reason)
}

fn prepare(target: ExportTarget, facts: &Facts) -> Result<(), RefusalReason> {
    answer(ask(1, Action::PrepareExport, of(target)), facts)
}

#[test]
fn nothing_is_prepared_but_what_a_granted_case_lets_out() {
    for role in [Role::Officer, Role::Manager] {
        assert_eq!(prepare(target(None), &facts(role, false)), Ok(()));
    }
    let officer = facts(Role::Officer, false);
    let not_granted = Err(RefusalReason::CaseNotGranted);
    let other = ExportTarget { cameras: vec![camera(3)], ..target(None) };
    assert_eq!(prepare(other, &officer), not_granted);
    let longer = ExportTarget { to: NOON + MINUTE * 11, ..target(None) };
    assert_eq!(prepare(longer, &officer), not_granted);
    let sooner = ExportTarget { from: NOON - MINUTE, ..target(None) };
    assert_eq!(prepare(sooner, &officer), not_granted);
    let undecided = Facts { granted: None, ..officer.clone() };
    assert_eq!(prepare(target(None), &undecided), not_granted);
    // Who answers for no footage prepares none, whatever was granted.
    for role in [Role::Administrator, Role::Operator, Role::Inspector] {
        assert_eq!(prepare(target(None), &facts(role, false)), Err(RefusalReason::NoRole));
    }
}

#[test]
fn a_persons_own_copy_is_masked() {
    let whole = ExportTarget { is_masked: false, ..target(None) };
    let to_a_person = facts(Role::Manager, false);
    assert_eq!(prepare(whole.clone(), &to_a_person), Err(RefusalReason::MaskMissing));
    // The control: another body, on its ground.
    assert_eq!(prepare(whole, &facts(Role::Manager, true)), Ok(()));
}

fn seal(by: u8, copy: FileHash, facts: &Facts) -> Result<(), RefusalReason> {
    let ask = ask(by, Action::SealExport, of(target(Some(copy))));
    answer(Ask { proposal: Some(CASE), ..ask }, facts)
}

fn approved(by: u8, roles: (Role, Role)) -> Proposal {
    Proposal {
        action: Action::SealExport,
        target: of(target(Some(copy('a')))),
        proposed_by: AccountId::from_bytes([1; 16]),
        proposer_roles: vec![roles.0],
        until: NOON + MINUTE,
        approval: Approval::Approved {
            by: AccountId::from_bytes([by; 16]),
            roles: vec![roles.1],
            at: NOON,
        },
    }
}

#[test]
fn two_people_agree_to_just_the_copy_that_is_sealed() {
    let officer = facts(Role::Officer, false);
    let agreed = |proposal| Facts { proposal: Some(proposal), ..officer.clone() };
    let two = agreed(approved(2, (Role::Officer, Role::Manager)));
    assert_eq!(seal(1, copy('a'), &two), Ok(()));
    assert_eq!(seal(1, copy('b'), &two), Err(RefusalReason::ApprovalMissing), "another copy");
    assert_eq!(seal(1, copy('a'), &officer), Err(RefusalReason::ApprovalMissing), "nobody agreed");
    let alone = agreed(approved(1, (Role::Manager, Role::Manager)));
    assert_eq!(seal(1, copy('a'), &alone), Err(RefusalReason::OwnProposal));
    let no_manager = agreed(approved(2, (Role::Officer, Role::Officer)));
    assert_eq!(seal(1, copy('a'), &no_manager), Err(RefusalReason::ManagerMissing));
    let withdrawn = Facts { granted: None, ..two };
    assert_eq!(seal(1, copy('a'), &withdrawn), Err(RefusalReason::CaseNotGranted));
}

#[test]
fn it_is_proposed_within_the_case_alone_and_a_copy_can_always_be_destroyed() {
    let propose = |target: ExportTarget, facts: &Facts| {
        let target = Box::new(of(target));
        let proposed = Target::Proposed { action: Action::SealExport, target };
        answer(ask(1, Action::Propose, proposed), facts)
    };
    let officer = facts(Role::Officer, false);
    assert_eq!(propose(target(Some(copy('a'))), &officer), Ok(()));
    assert_eq!(propose(target(None), &officer), Err(RefusalReason::TooMuch), "no copy");
    let other = ExportTarget { cameras: vec![camera(3)], ..target(Some(copy('a'))) };
    assert_eq!(propose(other, &officer), Err(RefusalReason::CaseNotGranted));
    let undecided = Facts { granted: None, ..officer };
    let discard = ask(1, Action::DiscardExport, of(target(Some(copy('a')))));
    assert_eq!(answer(discard, &undecided), Ok(()));
    let under = ask(1, Action::LookAtOriginal, of(target(Some(copy('a')))));
    let look = ask(1, Action::LookAtExport, of(target(Some(copy('a')))));
    assert_eq!(answer(look, &undecided), Err(RefusalReason::CaseNotGranted));
    assert_eq!(answer(under, &undecided), Err(RefusalReason::CaseNotGranted));
}
