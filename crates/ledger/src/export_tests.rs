//! What a case lets out, and what left.

use super::*;
use crate::{DisclosureNote, Kind, RequestNote, RequestRecord};

const CASE: EntryNumber = EntryNumber { year: 2026, index: 3 };
const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);

fn number(index: u64) -> EntryNumber {
    EntryNumber { year: 2026, index }
}

fn received() -> Desk {
    let requester = crate::RequestPerson {
        name: "청구인".into(),
        phone: "02-000-0000".into(),
        born: None,
        address: String::new(),
    };
    let request = RequestRecord {
        requester,
        agent: None,
        asks: vec!["copy".into()],
        cameras: vec!["11111111-1111-1111-1111-111111111111".into()],
        absent: Vec::new(),
        from: "2026-11-21T12:00:00.000000Z".into(),
        until: "2026-11-21T12:10:00.000000Z".into(),
        reason: "사고".into(),
        channel: "counter".into(),
        hold: None,
        front: None,
    };
    let mut desk = Desk::default();
    let record = Record::Request { actor: "person:1".into(), request };
    desk.apply(CASE, NOON, &Kind::Request(RequestStep::Received), Some(&record));
    desk
}

fn decide(desk: &mut Desk, index: u64, decision: RequestDecision) {
    let step = RequestStep::Decided { request: CASE, decision };
    let record = Record::RequestStep { actor: "person:2".into(), note: RequestNote::default() };
    desk.apply(number(index), NOON, &Kind::Request(step), Some(&record));
}

#[test]
fn a_request_lets_out_what_it_names_while_it_is_granted() {
    let mut desk = received();
    assert_eq!(granted(&desk, CASE), None, "nobody decided");
    decide(&mut desk, 4, RequestDecision::Granted);
    let lets_out = granted(&desk, CASE).unwrap();
    assert_eq!(lets_out.cameras.len(), 1);
    assert_eq!(lets_out.to.since(lets_out.from).as_secs(), 600);
    assert!(!lets_out.may_be_whole);
    decide(&mut desk, 5, RequestDecision::Refused);
    assert_eq!(granted(&desk, CASE), None, "the last decision counts");
    decide(&mut desk, 6, RequestDecision::Partly);
    assert!(granted(&desk, CASE).is_some());
    desk.apply(number(7), NOON, &Kind::Request(RequestStep::Withdrawn { request: CASE }), None);
    assert_eq!(granted(&desk, CASE), None);
    assert_eq!(granted(&desk, number(99)), None, "no such case");
}

#[test]
fn a_disclosure_lets_out_when_another_granted_it_or_one_was_compelled() {
    let disclosure = crate::DisclosureRecord {
        disclosed: "third-party".into(),
        body: "서울경찰서".into(),
        officer: "경위".into(),
        phone: "02-000-0000".into(),
        document: "2026-1".into(),
        ground: "g".into(),
        basis: "영장".into(),
        purpose: "수사".into(),
        cameras: vec!["11111111-1111-1111-1111-111111111111".into()],
        absent: Vec::new(),
        from: "2026-11-21T12:00:00.000000Z".into(),
        until: "2026-11-21T12:10:00.000000Z".into(),
        conditions: String::new(),
        use_until: None,
        hold: None,
    };
    let record = Record::Disclosure { actor: "person:1".into(), disclosure };
    let note = Record::DisclosureStep { actor: "p".into(), note: DisclosureNote::default() };
    let desk_after = |steps: Vec<DisclosureStep>| {
        let mut desk = Desk::default();
        desk.apply(CASE, NOON, &Kind::Disclosure(DisclosureStep::Received), Some(&record));
        for (index, step) in (4..).zip(steps) {
            desk.apply(number(index), NOON, &Kind::Disclosure(step), Some(&note));
        }
        granted(&desk, CASE).map(|it| it.may_be_whole)
    };
    let disclosure = CASE;
    assert_eq!(desk_after(vec![]), None);
    let compelled = DisclosureStep::Compelled { disclosure };
    assert_eq!(desk_after(vec![compelled.clone()]), Some(true));
    let refused = DisclosureStep::Decided { disclosure, decision: DisclosureDecision::Refused };
    assert_eq!(desk_after(vec![refused]), None);
    let withdrawn = DisclosureStep::Withdrawn { disclosure };
    assert_eq!(desk_after(vec![compelled, withdrawn]), None);
}

#[test]
fn a_file_is_revoked_once() {
    let mut exports = Exports::default();
    let sealed = ExportStep::Sealed { case: CASE, sha256: "a".repeat(64) };
    exports.apply(number(9), NOON, &sealed, None);
    assert_eq!(exports.get(number(9)).unwrap().revoked_at, None);
    let later = NOON + std::time::Duration::from_secs(9);
    for at in [later, later + std::time::Duration::from_secs(9)] {
        exports.apply(number(10), at, &ExportStep::Revoked { export: number(9) }, None);
    }
    assert_eq!(exports.all()[0].revoked_at, Some(later));
}
