//! What persons say of promises: when it counts, for how long, for which sentence, and what nobody can
//! say at all.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod facts;

use domain::Role;
use policy::{
    AttestError, Attestation, CameraFact, Description, Facts, Judged, MOST_PICTURE_BYTES, Policy,
    Promise, Seen, State, Word, attestable, judge, picture_type, sentence_sha256,
};
use time::{Date, Duration};

use crate::facts::nothing_known;

fn described() -> Description {
    Description::read(include_str!("../../../samples/institutions/patent.toml")).unwrap()
}

fn promises(described: &Description) -> Vec<Promise> {
    Policy::of(described, law::korea().on(today())).promises
}

fn promise(id: &str) -> Promise {
    promises(&described()).into_iter().find(|it| it.id == id).unwrap()
}

fn today() -> Date {
    law::date("2026-11-22").unwrap()
}

fn ago(days: i64) -> Date {
    today() - Duration::days(days)
}

fn said(id: &str, seen: Seen, day: Date) -> Attestation {
    let sentence = sentence_sha256(&promise(id).ko);
    let entry = format!("2026/{}", day.ordinal());
    Attestation { promise: id.into(), sentence, seen, day, role: Role::Officer, entry }
}

/// A house in which nothing but the words of persons is known.
fn judged(described: &Description, attestations: &[Attestation], id: &str) -> Judged {
    let nothing = nothing_known("2026-11-22T03:00:00Z".parse().unwrap(), today());
    let facts = Facts { attestations: attestations.to_vec(), ..nothing };
    let promises = promises(described);
    judge(described, &promises, &facts).into_iter().find(|it| it.promise.id == id).unwrap()
}

fn state(attestations: &[Attestation], id: &str) -> State {
    judged(&described(), attestations, id).state
}

#[test]
fn nobody_looked_somebody_did_and_then_it_is_too_long_ago() {
    assert_eq!(state(&[], "signs"), State::Unproven);
    let every_days = i64::from(promise("signs").check.every_days().unwrap());
    for (days, expected) in [
        (0, State::Kept),
        (1, State::Kept),
        (every_days, State::Kept),
        (every_days + 1, State::Unproven),
    ] {
        assert_eq!(state(&[said("signs", Seen::So, ago(days))], "signs"), expected, "{days}");
    }
    // Another promise's word is none for this one.
    assert_eq!(state(&[said("prints", Seen::So, today())], "signs"), State::Unproven);
}

#[test]
fn what_was_seen_otherwise_stays_broken_until_it_is_seen_so() {
    let broken = said("signs", Seen::Otherwise, ago(300));
    assert_eq!(state(std::slice::from_ref(&broken), "signs"), State::Broken);
    let before = said("signs", Seen::So, ago(301));
    // Entered later, looked at before: the newer day counts.
    assert_eq!(state(&[broken.clone(), before], "signs"), State::Broken);
    let mended = said("signs", Seen::So, ago(2));
    assert_eq!(state(&[broken, mended], "signs"), State::Kept);
    // Of one day the last entered.
    let day = [said("signs", Seen::So, today()), said("signs", Seen::Otherwise, today())];
    assert_eq!(state(&day, "signs"), State::Broken);
    let day = [said("signs", Seen::Otherwise, today()), said("signs", Seen::So, today())];
    assert_eq!(state(&day, "signs"), State::Kept);
}

#[test]
fn a_word_is_for_the_sentence_that_was_read() {
    let mut older = said("signs", Seen::So, today());
    older.sentence = sentence_sha256("안내판을 둡니다.");
    let found = judged(&described(), std::slice::from_ref(&older), "signs");
    assert_eq!(found.state, State::Unproven);
    assert!(found.evidence_ko.contains("문장이 바뀐"), "{}", found.evidence_ko);
    let anew = said("signs", Seen::So, ago(20));
    assert_eq!(state(&[older, anew], "signs"), State::Kept);
}

#[test]
fn the_evidence_says_who_by_role_and_when_and_that_it_is_a_word() {
    let found = judged(&described(), &[said("signs", Seen::So, ago(2))], "signs");
    for part in ["담당자가 2026-11-20에", "시스템이 본 것이 아닙니다", "원장 2026/324"]
    {
        assert!(found.evidence_ko.contains(part), "{part}: {}", found.evidence_ko);
    }
    for part in ["officer", "2026-11-20", "a person's word", "not seen by the system"] {
        assert!(found.evidence_en.contains(part), "{part}: {}", found.evidence_en);
    }
}

#[test]
fn of_what_the_program_looks_at_nobodys_word_counts() {
    let all = promises(&described());
    for promise in &all {
        let word = Word { promise: &promise.id, day: today(), remark: "", picture: None };
        let entered = attestable(&word, &all, today());
        match promise.check.every_days() {
            Some(_) => assert_eq!(entered, Ok(promise)),
            None => assert_eq!(entered, Err(AttestError::SeenByProgram), "{}", promise.id),
        }
        // Even if it stood in the ledger it would change nothing.
        if promise.check.every_days().is_none() {
            let forged = Attestation {
                promise: promise.id.clone(),
                sentence: sentence_sha256(&promise.ko),
                seen: Seen::So,
                day: today(),
                role: Role::Manager,
                entry: "2026/17".into(),
            };
            let without = judged(&described(), &[], &promise.id);
            assert_eq!(judged(&described(), &[forged], &promise.id), without);
        }
    }
    assert!(all.iter().filter(|it| it.check.every_days().is_some()).count() >= 3);
}

#[test]
fn what_cannot_have_been_seen_is_not_entered() {
    let all = promises(&described());
    let ask = |promise: &'static str, day, remark: &str| {
        attestable(&Word { promise, day, remark, picture: None }, &all, today())
            .map(|it| it.id.clone())
    };
    assert_eq!(ask("signs", today(), ""), Ok("signs".into()));
    assert_eq!(ask("signs", ago(30), ""), Ok("signs".into()));
    assert_eq!(ask("signs", ago(31), ""), Err(AttestError::Day));
    assert_eq!(ask("signs", ago(-1), ""), Err(AttestError::Day));
    assert_eq!(ask("homepage-of-another", today(), ""), Err(AttestError::NoSuchPromise));
    assert_eq!(ask("signs", today(), &"가".repeat(500)), Ok("signs".into()));
    assert_eq!(ask("signs", today(), &"가".repeat(501)), Err(AttestError::Remark));
    assert_eq!(ask("signs", today(), "정문\n후문"), Ok("signs".into()));
    assert_eq!(ask("signs", today(), "\u{1b}[2J"), Err(AttestError::Remark));
}

/// The bytes of a picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xaeB`\x82";

#[test]
fn a_picture_is_what_its_bytes_say_and_no_larger_than_it_may_be() {
    assert_eq!(picture_type(PNG), Some("image/png"));
    let jpeg = |length: usize| {
        [&[0xFF, 0xD8, 0xFF, 0xE0][..], &vec![7; length - 6], &[0xFF, 0xD9]].concat()
    };
    assert_eq!(picture_type(&jpeg(MOST_PICTURE_BYTES)), Some("image/jpeg"));
    assert_eq!(picture_type(&jpeg(MOST_PICTURE_BYTES + 1)), None);
    let cut = &PNG[..PNG.len() - 1];
    for none in [&b""[..], b"GIF89a;", b"<svg></svg>", cut, &PNG[1..], &[0xFF, 0xD8, 0xFF]] {
        assert_eq!(picture_type(none), None, "{none:?}");
        let word = Word { promise: "signs", day: today(), remark: "", picture: Some(none) };
        assert_eq!(attestable(&word, &promises(&described()), today()), Err(AttestError::Picture));
    }
    let word = Word { promise: "signs", day: today(), remark: "", picture: Some(PNG) };
    assert!(attestable(&word, &promises(&described()), today()).is_ok());
}

#[test]
fn what_was_seen_of_signs_says_nothing_of_cameras_that_came_later() {
    let described = described();
    let promises = promises(&described);
    let state = |id: &str, added: &str| {
        let camera = CameraFact {
            name: "새 카메라".into(),
            spot: None,
            is_recording: true,
            added_at: added.parse().unwrap(),
            retention_s: 0,
            oldest: None,
            missing_us: 0,
            is_declared: true,
            outside_us: 0,
            stored_in: Vec::new(),
            sound: None,
        };
        let nothing = nothing_known("2026-11-22T03:00:00Z".parse().unwrap(), today());
        let attestations = vec![said(id, Seen::So, law::date("2026-11-10").unwrap())];
        let facts = Facts { attestations, cameras: vec![camera], ..nothing };
        let judged = judge(&described, &promises, &facts);
        judged.into_iter().find(|it| it.promise.id == id).unwrap().state
    };
    // Until the end of that day in Korea.
    assert_eq!(state("signs", "2026-11-10T14:59:59Z"), State::Kept);
    assert_eq!(state("signs", "2026-11-10T15:00:00Z"), State::Unproven);
    // The control: of paper a camera says nothing.
    assert_eq!(state("prints", "2026-11-10T15:00:00Z"), State::Kept);
}
