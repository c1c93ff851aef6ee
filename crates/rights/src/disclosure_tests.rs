//! What makes a disclosure complete.

use std::time::Duration;

use super::*;
use crate::start_of;

fn day(text: &str) -> Date {
    law::date(text).unwrap()
}

fn now() -> WallTime {
    start_of(day("2026-11-23")) + Duration::from_secs(12 * 3600)
}

fn form() -> DisclosureForm {
    let minute = now().floor(Duration::from_secs(60));
    DisclosureForm {
        kind: DisclosureKind::Provision,
        body: "○○경찰서 형사과".into(),
        officer: "경위 홍길동".into(),
        phone: "02-000-0000".into(),
        document: "형사과-1234".into(),
        ground: "provision-7".into(),
        basis: "2026-123호".into(),
        purpose: "절도 사건의 수사".into(),
        cameras: vec![CameraId::from_bytes([1; 16])],
        from: minute - Duration::from_secs(3600),
        until: minute,
        conditions: "수사 목적으로만 쓰고 끝나면 파기".into(),
        use_until: Some(day("2026-12-31")),
    }
}

fn wrong(change: impl FnOnce(&mut DisclosureForm)) -> Option<DisclosureError> {
    let mut form = form();
    change(&mut form);
    Disclosure::new(form, now()).err()
}

#[test]
fn nothing_is_disclosed_without_what_its_ground_asks_for() {
    assert_eq!(wrong(|_| {}), None);
    let today = day("2026-11-23");
    let grounds: Vec<_> = Disclosure::grounds(today).collect();
    assert_eq!(grounds.len(), 9, "the fourth of the ten ended with 4 August 2020");
    for (rule, basis) in grounds {
        let without = wrong(|form| {
            form.ground.clone_from(&rule.id);
            form.basis = " ".into();
        });
        assert_eq!(without, Some(DisclosureError::BasisMissing(basis)), "{}", rule.id);
        assert_eq!(wrong(|form| form.ground.clone_from(&rule.id)), None, "{}", rule.id);
    }
    for none in ["provision-4", "provision-11", "refusal-act-1", "police-asked", ""] {
        let unknown = wrong(|form| form.ground = none.into());
        assert_eq!(unknown, Some(DisclosureError::GroundUnknown(today)), "{none}");
    }
}

#[test]
fn every_ground_that_the_law_ever_had_says_what_it_asks_for_or_has_ended() {
    let all = korea().all().iter().filter(|rule| rule.topic == Topic::ProvisionGround);
    for rule in all.filter(|rule| rule.holds_on(day("2026-11-23"))) {
        assert!(Basis::of(&rule.id).is_some(), "{}", rule.id);
    }
}

#[test]
fn who_asks_by_which_paper_and_what_for_is_written() {
    assert_eq!(wrong(|form| form.body.clear()), Some(DisclosureError::Body));
    assert_eq!(wrong(|form| form.officer = " ".into()), Some(DisclosureError::Body));
    assert_eq!(wrong(|form| form.document.clear()), Some(DisclosureError::Document));
    assert_eq!(wrong(|form| form.purpose.clear()), Some(DisclosureError::Purpose));
    assert_eq!(wrong(|form| form.purpose = "가".repeat(501)), Some(DisclosureError::Purpose));
    assert_eq!(wrong(|form| form.body = "가".repeat(101)), Some(DisclosureError::Line));
    assert_eq!(wrong(|form| form.document = "1\n2".into()), Some(DisclosureError::Line));
    assert_eq!(wrong(|form| form.cameras.clear()), Some(DisclosureError::Footage));
    assert_eq!(
        wrong(|form| form.until = form.until + Duration::from_secs(60)),
        Some(DisclosureError::Ahead)
    );
}

#[test]
fn another_body_is_bound_in_writing_and_for_a_time() {
    assert_eq!(wrong(|form| form.conditions.clear()), Some(DisclosureError::Conditions));
    assert_eq!(wrong(|form| form.use_until = None), Some(DisclosureError::UseUntil));
    for (until, fits) in [("2026-11-22", false), ("2026-11-23", true), ("2027-11-24", true)] {
        assert_eq!(wrong(|form| form.use_until = Some(day(until))).is_none(), fits, "{until}");
    }
    assert!(wrong(|form| form.use_until = Some(day("2027-11-25"))).is_some());
    // The control: what we use ourselves binds us without it.
    let own = wrong(|form| {
        form.kind = DisclosureKind::OwnUse;
        form.conditions.clear();
        form.use_until = None;
    });
    assert_eq!(own, None);
}

#[test]
fn nobody_goes_ahead_alone_without_a_confirmation_of_the_last_day() {
    let compelled = |who: &str, ago: u64| {
        let at = now() - Duration::from_secs(ago);
        Compelled::new(CompelledBy::Warrant, who, ConfirmedHow::Telephone, at, now()).map(drop)
    };
    assert_eq!(compelled("관리책임자 홍길동", 600), Ok(()));
    assert_eq!(compelled("  ", 600), Err(CompelError::ConfirmedBy));
    assert_eq!(compelled("홍길동", 24 * 3600 + 1), Err(CompelError::ConfirmedAt));
    let ahead = now() + Duration::from_secs(1);
    let ahead =
        Compelled::new(CompelledBy::MissingPerson, "홍길동", ConfirmedHow::Message, ahead, now());
    assert_eq!(ahead.map(drop), Err(CompelError::ConfirmedAt));
}
