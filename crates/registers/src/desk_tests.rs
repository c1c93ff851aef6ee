//! The registers of what comes to the desk: disclosures, contractors' work and visitors.

use domain::CameraId;
use ledger::{
    AdmissionWord, Companion, ConfirmationRecord, ConsentWord, DisclosureDecision, DisclosureFact,
    DisclosureNote, DisclosureRecord, DisclosureStep, DisclosureStepFact, ExportFact, ExportRecord,
    Kind, Record, RequestFact, TicketEnd, TicketFact, VisitRecord, VisitStep,
};

use super::*;
use crate::tests::{GATE, LOBBY, MINUTE, NOON, asked, at, cell, gone, names, number};

fn sources<'s>(
    names: &'s Names,
    entries: &'s [RegisterEntry],
    disclosures: &'s [DisclosureFact],
    tickets: &'s [TicketFact],
) -> Sources<'s> {
    Sources {
        entries,
        keys: &[],
        requests: &[],
        exports: &[],
        disclosures,
        tickets,
        names,
        now: NOON + MINUTE * 9,
    }
}

fn step(minute: u32, by: &str, step: DisclosureStep, note: DisclosureNote) -> DisclosureStepFact {
    DisclosureStepFact { at: NOON + MINUTE * minute, step, by: by.into(), note }
}

fn said(text: &str) -> DisclosureNote {
    DisclosureNote { text: text.into(), ..DisclosureNote::default() }
}

/// What the police asked for, granted by another, given and not yet published.
fn given() -> DisclosureFact {
    let disclosure = number(7);
    let record = DisclosureRecord {
        disclosed: "provision".into(),
        body: "○○경찰서".into(),
        officer: "경위 홍길동".into(),
        phone: "02-000-0000".into(),
        document: "형사과-1234".into(),
        ground: "provision-3".into(),
        basis: "실종".into(),
        purpose: "실종자 찾기".into(),
        cameras: vec![GATE.to_string()],
        absent: Vec::new(),
        from: NOON.to_string(),
        until: (NOON + MINUTE * 10).to_string(),
        conditions: "찾는 데에만 쓰고 파기".into(),
        use_until: Some("2026-12-22".into()),
        hold: None,
    };
    let granted = DisclosureStep::Decided { disclosure, decision: DisclosureDecision::Granted };
    DisclosureFact {
        number: disclosure,
        serial: 1,
        received_at: NOON,
        detail: Some(("person:kim".into(), record)),
        steps: vec![
            step(1, "person:lee", granted, said("")),
            step(2, "person:kim", DisclosureStep::Provided { disclosure }, said("사무실에서 열람")),
        ],
    }
}

fn compelled() -> DisclosureFact {
    let disclosure = number(7);
    let confirmation = ConfirmationRecord {
        compelled_by: "warrant".into(),
        by: "관리책임자".into(),
        how: "telephone".into(),
        at: NOON.to_string(),
    };
    let note = DisclosureNote { confirmation: Some(confirmation), ..DisclosureNote::default() };
    let mut fact = given();
    fact.steps[0] = step(1, "person:kim", DisclosureStep::Compelled { disclosure }, note);
    let reviewed = DisclosureStep::Reviewed { disclosure };
    fact.steps.push(step(5, "person:lee", reviewed, said("적정")));
    fact
}

fn of_disclosures(name: RegisterName, facts: &[DisclosureFact]) -> Register {
    register(&asked(name), &sources(&names(), &[], facts, &[]))
}

#[test]
fn c4_a_disclosure_stands_in_both_registers_from_one_event() {
    let facts = [given()];
    let made = of_disclosures(RegisterName::Disclosures, &facts);
    assert_eq!(made.rows.len(), 1);
    assert_eq!(made.rows[0].cells.len(), made.columns.len());
    let says = |key| cell(&made, 0, key);
    assert_eq!((says("number"), says("kind")), ("2026-1", "제3자 제공"));
    assert_eq!(says("body"), "○○경찰서\n경위 홍길동\n02-000-0000");
    assert!(says("basis").contains("제18조제2항제3호") && says("basis").ends_with("실종"));
    assert!(says("decision").starts_with("승인\n") && says("alone").is_empty());
    assert_eq!(says("form"), "사무실에서 열람");
    assert_eq!(
        (says("use_until"), says("conditions")),
        ("2026-12-22까지", "찾는 데에만 쓰고 파기")
    );
    assert!(says("standing").contains("공고: 2026-12-22까지"), "{}", says("standing"));
    assert_eq!((says("published"), says("reported")), ("", ""), "nothing is made up");

    let video = of_disclosures(RegisterName::PersonalVideo, &facts);
    assert_eq!(video.rows.len(), 1);
    assert_eq!((cell(&video, 0, "kind"), cell(&video, 0, "officer")), ("제공", "김관리"));
    assert!(cell(&video, 0, "recipient").contains("경찰서"));
    let mut kept = given();
    kept.steps.pop();
    let video = of_disclosures(RegisterName::PersonalVideo, &[kept]);
    assert!(video.rows.is_empty(), "the control: what was granted and not given is no provision");
}

#[test]
fn what_one_person_did_alone_shows_who_confirmed_and_who_reviewed() {
    let made = of_disclosures(RegisterName::Disclosures, &[compelled()]);
    assert!(
        cell(&made, 0, "alone").starts_with("영장: 관리책임자 (전화, 2026-11-22 07:57)\n검토\n")
    );
    assert!(cell(&made, 0, "decision").starts_with("한 사람이 승인\n"));
}

#[test]
fn a_disclosure_whose_record_is_gone_stays_without_names() {
    let mut fact = given();
    fact.detail = None;
    for it in &mut fact.steps {
        (it.by, it.note) = (String::new(), DisclosureNote::default());
    }
    for name in [RegisterName::Disclosures, RegisterName::PersonalVideo] {
        let made = of_disclosures(name, std::slice::from_ref(&fact));
        assert!(made.rows[0].is_expired);
        assert!(
            made.rows[0].cells.iter().all(|text| !text.contains("경찰") && !text.contains('김'))
        );
    }
}

fn ticket() -> TicketFact {
    TicketFact {
        number: number(3),
        opened_at: NOON,
        opened_by: "person:kim".into(),
        contractor: "person:park".into(),
        escort: "person:kim".into(),
        work: "전원 교체".into(),
        cameras: vec![GATE.to_string()],
        from: NOON,
        until: NOON + MINUTE * 60,
        visits: vec![(NOON + MINUTE, Some(NOON + MINUTE * 4)), (NOON + MINUTE * 5, None)],
        inside: 1,
        end: None,
        latest: NOON + MINUTE * 5,
    }
}

#[test]
fn a_contractors_work_stands_with_escort_sessions_and_end() {
    let mut facts = [ticket()];
    let made = |facts: &[TicketFact], camera: Option<CameraId>| {
        let camera = camera.map(|it| it.to_string());
        let asked = Asked { camera, ..asked(RegisterName::Tickets) };
        register(&asked, &sources(&names(), &[], &[], facts))
    };
    let open = made(&facts, None);
    assert_eq!((cell(&open, 0, "escort"), cell(&open, 0, "end")), ("김관리", "진행 중"));
    assert_eq!(cell(&open, 0, "visits"), "2026-11-22 07:58 ~ 08:01\n2026-11-22 08:02 ~");
    assert_eq!(made(&facts, Some(GATE)).rows.len(), 1);
    assert_eq!(made(&facts, Some(LOBBY)).rows.len(), 0);
    let end = TicketEnd { at: NOON + MINUTE * 8, by: None, remark: String::new() };
    facts[0].end = Some(end);
    assert!(cell(&made(&facts, None), 0, "end").ends_with("시간이 다 됨"));
}

fn visits() -> Vec<RegisterEntry> {
    let companion = Companion { sha256: String::new(), count: 1, root: String::new() };
    let arrived = |consent, admission| {
        Kind::Visit(VisitStep::Arrived { consent, admission, companion: companion.clone() })
    };
    let record = |name: Option<&str>, reason: &str| Record::Visit {
        actor: "person:kim".into(),
        visit: VisitRecord {
            area: "room".into(),
            area_name: "관제실".into(),
            escort: "person:kim".into(),
            name: name.map(Into::into),
            body: name.map(|_| "한빛전자".into()),
            business: name.map(|_| "점검".into()),
            reason: reason.into(),
        },
    };
    let came = arrived(ConsentWord::Given, AdmissionWord::Granted);
    let refused = arrived(ConsentWord::Refused, AdmissionWord::Denied);
    vec![
        at(1, came.clone(), Some(record(Some("박방문"), ""))),
        at(2, refused, Some(record(None, "약속이 없음"))),
        at(3, Kind::Visit(VisitStep::Departed { visit: number(1) }), None),
        at(4, came, Some(record(Some("최철회"), ""))),
        at(5, Kind::Visit(VisitStep::Withdrawn { visit: number(4) }), None),
    ]
}

#[test]
fn c8_visitors_stand_with_consent_and_admission_and_without_what_they_took_back() {
    let made = |entries: &[RegisterEntry]| {
        register(&asked(RegisterName::Visits), &sources(&names(), entries, &[], &[]))
    };
    let all = made(&visits());
    let of = |row, key| cell(&all, row, key);
    assert_eq!(all.rows.len(), 3);
    assert_eq!((of(0, "name"), of(0, "consent"), of(0, "admission")), ("박방문", "동의함", "허가"));
    assert_eq!(of(0, "left"), "2026-11-22 08:00:38");
    assert_eq!((of(1, "name"), of(1, "consent")), ("", "동의하지 않음"));
    assert_eq!(of(1, "admission"), "허가하지 않음\n약속이 없음");
    assert!(of(2, "consent").starts_with("동의를 거둠\n"));
    assert!(all.rows[2].cells.iter().all(|text| !text.contains("최철회")));
    let lost = made(&visits().into_iter().map(gone).collect::<Vec<_>>());
    assert!(lost.rows.iter().all(|row| row.is_expired));
    assert_eq!(cell(&lost, 0, "name"), EXPIRED);
}

#[test]
fn c5_a_copy_that_was_sealed_stands_with_its_request() {
    let request = |index| RequestFact {
        number: number(index),
        serial: 1,
        received_at: NOON,
        detail: None,
        steps: Vec::new(),
    };
    let record = ExportRecord {
        recipient: "청구인".into(),
        purpose: "차의 문이 긁힘".into(),
        cameras: vec![GATE.to_string()],
        from: NOON.to_string(),
        to: (NOON + MINUTE).to_string(),
        masked: true,
        use_until: None,
        copy: "a".repeat(64),
        bytes: 1,
    };
    let export = ExportFact {
        number: number(9),
        case: number(7),
        sha256: "b".repeat(64),
        at: NOON + MINUTE * 3,
        detail: Some(("person:kim".into(), record)),
        revoked_at: None,
    };
    let revoked = ExportFact { revoked_at: Some(NOON + MINUTE * 5), ..export.clone() };
    let expired = ExportFact { detail: None, ..export.clone() };
    let requests = [request(7), request(8)];
    let names = names();
    let of = |exports: &[ExportFact]| {
        let sources = Sources { requests: &requests, exports, ..sources(&names, &[], &[], &[]) };
        let made = register(&asked(RegisterName::Requests), &sources);
        assert_eq!(cell(&made, 1, "copy"), "", "the control: another request");
        cell(&made, 0, "copy").to_owned()
    };
    let said = of(&[export]);
    for part in ["봉인한 파일 2026/9", "다른 사람을 가림 · 김관리", "차의 문이 긁힘"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("철회") && of(&[revoked]).contains("철회"));
    assert!(of(&[expired]).contains(EXPIRED), "its record is destroyed, its entry is not");
    assert_eq!(of(&[]), "");
}
