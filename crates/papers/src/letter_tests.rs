//! Each kind of letter from a case of its kind.

use super::*;
use crate::html;
use crate::letter_objection::Outcome;

fn letter(says: Says, objections: Vec<Objection>) -> Letter {
    Letter {
        sender: Sender {
            institution: "본보기청".into(),
            head: "본보기청장".into(),
            address: "본보기시 본보기로 1".into(),
            contact: "운영지원과 담당 000-0000-0002".into(),
        },
        document_number: "운영지원과-17".into(),
        date: "2026-11-23".into(),
        addressee: Addressee { name: "청구인 가".into(), agent: None },
        asked: Asked {
            receipt: "2026-3".into(),
            received_at: "2026-11-20 10:00".into(),
            what: vec!["존재확인".into(), "열람".into()],
            span: "2026-11-19 13:00부터 13:30까지".into(),
            places: vec!["1층 복도 및 로비".into(), "전면 출입구".into()],
            is_to_see: true,
        },
        says,
        objections,
    }
}

fn decided() -> Decided {
    Decided {
        on: "2026-11-23".into(), article: "「개인정보 보호법」 제35조제3항".into()
    }
}

fn refusal() -> Refusal {
    Refusal {
        ground: "법률에 따라 열람이 금지되거나 제한되는 경우".into(),
        article: "「개인정보 보호법」 제35조제4항제1호".into(),
        facts: "비공개 심리의 대기실이 함께 찍힘".into(),
    }
}

fn meeting() -> Meeting {
    Meeting {
        day: "2026-11-30".into(),
        time: "14:00".into(),
        place: "1층 방재실".into(),
        held_until: Some("2026-12-23 12:00".into()),
        others: "「표준 개인정보 보호지침」 제46조".into(),
    }
}

fn ways() -> Vec<Objection> {
    let way = |text: &str, article: &str| Objection { text: text.into(), article: article.into() };
    vec![
        way("이의를 제기하실 수 있습니다.", "「개인정보 보호법」 제38조제5항"),
        way("분쟁조정을 신청하실 수 있습니다.", "「개인정보 보호법」 제43조제1항"),
    ]
}

fn receipt() -> Says {
    Says::Receipt {
        channel: "창구".into(),
        due: Some("2026-11-30".into()),
        identity_until: Some("2026-11-27 10:00".into()),
        held_until: Some("2026-11-27 10:00".into()),
        absent: vec!["전면 출입구".into()],
    }
}

fn objected(outcome: Outcome) -> Letter {
    let decided = Decided {
        on: "2026-12-09".into(), article: "「행정기본법」 제36조제2항".into()
    };
    let (on, to) = ("2026-12-01".into(), "거절".into());
    let held_until = Some("2027-01-08 12:00".into());
    let says = Says::Objected(Box::new(Objected { on, to, outcome, held_until, decided }));
    letter(says, ways())
}

#[test]
fn the_result_of_an_objection_says_what_was_objected_to_and_why_it_is_so() {
    let common = [
        "2026. 12. 1.",
        "이의를 제기하신 결정",
        "2027-01-08 12:00까지",
        "「행정기본법」 제36조제2항",
    ];
    let refused = objected(Outcome::Refused(refusal()));
    assert_says(&refused, &common, &["받아들여", "연장"]);
    let facts = ["이의신청 결과 통지서", "비공개 심리의 대기실이 함께 찍힘", "분쟁조정을 신청"];
    assert_says(&refused, &facts, &[]);
    assert_says(&objected(Outcome::Granted), &["이의를 받아들여"], &["비공개 심리", "들어드리지"]);
    assert_says(&objected(Outcome::Partly(refusal())), &["일부는 들어드리지", "비공개 심리"], &[]);
    assert_says(&objected(Outcome::Absent), &["남은 영상 없음"], &["들어드리지"]);
    let extended =
        Outcome::Extended { reason: "담당자 병가".into(), until: "2026-12-25".into() };
    let wanted = ["이의신청 처리 기한 연장 통지서", "담당자 병가", "2026. 12. 25.까지"];
    assert_says(&objected(extended), &wanted, &["결과 통지서"]);
}

/// Whether it says so, in its content and as HTML; and what it says is what is read back.
fn assert_says(letter: &Letter, wanted: &[&str], unwanted: &[&str]) {
    let document = letter.document();
    assert_eq!(Document::read(document.to_json().as_bytes()).unwrap(), document);
    let (texts, page) = (document.texts().join("\n"), html(&document, ""));
    for text in wanted {
        assert!(texts.contains(text) && page.contains(text), "{text} is missing: {texts}");
    }
    for text in unwanted {
        assert!(!texts.contains(text), "{text} is there: {texts}");
    }
}

#[test]
fn every_letter_says_who_writes_whom_about_what() {
    let common = [
        "본보기청",
        "본보기청장",
        "청구인 가 귀하",
        "운영지원과-17",
        "2026. 11. 23.",
        "2026-3",
        "존재확인, 열람",
        "2026-11-19 13:00부터 13:30까지",
        "1층 복도 및 로비",
        "운영지원과 담당 000-0000-0002",
    ];
    let says = [
        receipt(),
        Says::Existence {
            there: vec!["전면 출입구".into()],
            absent: Vec::new(),
            held_until: None,
            decided: decided(),
        },
        Says::Viewing { meeting: meeting(), absent: Vec::new(), decided: decided() },
        Says::Partial { refusal: refusal(), meeting: Some(meeting()), decided: decided() },
        Says::Postponed {
            reason: "가리는 중".into(),
            until: "2026-12-01".into(),
            due: None,
            decided: decided(),
        },
        Says::Refused { refusal: refusal(), held_until: None, decided: decided() },
        Says::Absent { absences: Vec::new(), decided: decided() },
        Says::Destroyed { how: "원장 2026/7".into(), decided: decided() },
    ];
    for says in says {
        let letter = letter(says, Vec::new());
        assert_says(&letter, &common, &["이의를 제기하는 방법", "수수료"]);
        assert_says(&letter, &[letter.says.title()], &[]);
        // The control: without a number of the document there is no line for it.
        let unnumbered = Letter { document_number: String::new(), ..letter };
        assert_says(&unnumbered, &[], &["문서번호", "운영지원과-17"]);
    }
}

#[test]
fn a_receipt_says_by_when_it_is_answered_and_what_is_held() {
    let wanted = [
        "접수하였습니다",
        "창구",
        "2026. 11. 30.까지",
        "2026-11-27 10:00까지 신분증",
        "보전하고 있습니다",
        "남아 있지 않았습니다: 전면 출입구",
    ];
    assert_says(&letter(receipt(), Vec::new()), &wanted, &[]);
    let later = Says::Receipt {
        channel: "전화".into(),
        due: None,
        identity_until: None,
        held_until: None,
        absent: Vec::new(),
    };
    let unwanted = ["신분증", "보전하고", "남아 있지 않았습니다"];
    assert_says(&letter(later, Vec::new()), &["10일 이내"], &unwanted);
}

#[test]
fn existence_is_told_of_each_place() {
    let says = |there: &[&str], absent: &[&str]| Says::Existence {
        there: there.iter().map(ToString::to_string).collect(),
        absent: absent.iter().map(ToString::to_string).collect(),
        held_until: Some("2026-12-23 12:00".into()),
        decided: decided(),
    };
    let (lobby, gate) = ("1층 복도 및 로비", "전면 출입구");
    let all = letter(says(&[lobby, gate], &[]), Vec::new());
    assert_says(&all, &["영상이 있습니다", "있음", "12:00까지 보전"], &["일부 장소", "남아 있지"]);
    let some = letter(says(&[lobby], &[gate]), Vec::new());
    assert_says(&some, &["일부 장소에 있습니다", "접수할 때 남아 있지 않음"], &[]);
    let none = letter(says(&[], &[lobby, gate]), Vec::new());
    assert_says(&none, &["장소의 영상은 남아 있지 않습니다"], &["12:00까지 보전"]);
}

#[test]
fn a_viewing_has_its_day_time_place_and_what_to_bring() {
    let says = Says::Viewing { meeting: meeting(), absent: Vec::new(), decided: decided() };
    let wanted = [
        "2026. 11. 30.",
        "14:00",
        "1층 방재실",
        "신분증을 가지고",
        "알아볼 수 없게 하여",
        "제46조",
        "2026-12-23 12:00까지 보전",
    ];
    let mut viewing = letter(says, Vec::new());
    assert_says(&viewing, &wanted, &["위임장"]);
    viewing.addressee.agent = Some("대리인 나(배우자)".into());
    assert_says(&viewing, &["대리인 대리인 나(배우자)", "위임장"], &[]);
}

#[test]
fn a_refusal_says_its_ground_article_and_facts_and_how_to_object() {
    let wanted = [
        "금지되거나 제한되는 경우",
        "제35조제4항제1호",
        "비공개 심리의 대기실",
        "제38조제5항",
        "제43조제1항",
        "이의를 제기하는 방법",
    ];
    let held_until = Some("2026-12-23 12:00".to_owned());
    let refused = Says::Refused { refusal: refusal(), held_until, decided: decided() };
    let refused = letter(refused, ways());
    assert_says(&refused, &wanted, &["열람하실 날짜"]);
    assert_says(&refused, &["2026-12-23 12:00까지 파기하지 않습니다", "거절 통지서"], &[]);
    let part = |meeting| Says::Partial { refusal: refusal(), meeting, decided: decided() };
    assert_says(&letter(part(Some(meeting())), ways()), &wanted, &[]);
    assert_says(&letter(part(Some(meeting())), ways()), &["일부열람 통지서", "1층 방재실"], &[]);
    assert_says(&letter(part(None), ways()), &["일부 거절 통지서"], &["열람하실 날짜"]);
}

#[test]
fn a_postponement_says_why_until_when_and_by_when_it_is_answered() {
    let says = Says::Postponed {
        reason: "함께 찍힌 사람을 가리는 중".into(),
        until: "2026-12-01".into(),
        due: Some("2026-12-11".into()),
        decided: decided(),
    };
    let wanted = ["함께 찍힌 사람을 가리는 중", "2026. 12. 1.", "2026. 12. 11.까지", "제38조"];
    assert_says(&letter(says, ways()), &wanted, &[]);
}

#[test]
fn what_was_destroyed_is_told_with_its_entry_and_how_that_is_checked() {
    let says = Says::Destroyed {
        how: "두 사람이 승인하여 파기 (원장 2026/7)".into(),
        decided: decided(),
    };
    let told =
        ["삭제 결과", "원장 2026/7", "누구도 다시 볼 수 없습니다", "jikim-verify destruction"];
    assert_says(&letter(says, Vec::new()), &told, &["보관 기간이 지난"]);
}

#[test]
fn an_absence_claims_a_destruction_only_where_the_time_was_over() {
    let absence = |expired: bool| Absence {
        place: "전면 출입구".into(),
        expired: expired.then(|| Expired { kept: "30일".into(), at: "2026-11-01 13:30".into() }),
    };
    let says = |absences| Says::Absent { absences, decided: decided() };
    let proof = ["파기 증명서", "jikim-verify destruction"];
    let expired = letter(says(vec![absence(true)]), ways());
    assert_says(&expired, &proof, &["끝나지 않았"]);
    assert_says(&expired, &["30일까지)이 2026-11-01 13:30에 끝남", "거절이 아니라"], &[]);
    let gap = letter(says(vec![absence(false)]), ways());
    assert_says(&gap, &["녹화되지 않았거나"], &proof);
    let both = letter(says(vec![absence(true), absence(false)]), ways());
    assert_says(&both, &["녹화되지 않았거나", proof[0], proof[1]], &[]);
}
