//! The files of Korea, and files that are wrong.

use super::*;
use crate::{Amount, Unit, date};

fn on(day: &str) -> Law<'static> {
    korea().on(date(day).unwrap())
}

fn ids(day: &str, topic: Topic) -> Vec<&'static str> {
    on(day).topic(topic).map(|rule| rule.id.as_str()).collect()
}

/// Each rule on its first and last day, on the day before and the day after.
#[test]
fn every_wording_holds_from_its_first_to_its_last_day_and_no_longer() {
    for rule in korea().all() {
        let is_in_force = |day: Date| korea().on(day).rules().any(|other| other == rule);
        assert!(is_in_force(rule.from), "{} on its first day", rule.id);
        assert!(!is_in_force(rule.from.previous_day().unwrap()), "{} the day before", rule.id);
        let Some(to) = rule.to else { continue };
        assert!(is_in_force(to), "{} on its last day", rule.id);
        assert!(!is_in_force(to.next_day().unwrap()), "{} the day after", rule.id);
    }
}

#[test]
fn the_act_begins_in_september_2011_and_each_topic_has_rules_today() {
    let before: Vec<&str> = on("2011-09-29").rules().map(|rule| rule.article.as_str()).collect();
    let of_the_act = ["Act ", "Dec ", "Guide ", "Safe ", "Meth "];
    assert!(!before.is_empty(), "other statutes are older");
    assert!(
        before.iter().all(|it| of_the_act.iter().all(|law| !it.starts_with(law))),
        "{before:?}"
    );
    assert!(ids("2011-09-30", Topic::InstallationGround).len() == 5);
    for topic in Topic::ALL {
        assert!(on("2026-11-22").topic(topic).count() > 0, "{}", topic.word());
    }
}

/// 15 September 2023 (Act no. 19234): terms, grounds and signs.
#[test]
fn the_terms_grounds_and_signs_changed_in_september_2023() {
    let word = |day| on(day).rule("term-device").unwrap().ko.as_str();
    assert_eq!(word("2023-09-14"), "영상정보처리기기");
    assert_eq!(word("2023-09-15"), "고정형 영상정보처리기기");
    assert!(on("2023-09-14").rule("term-mobile-device").is_none());
    assert!(on("2023-09-14").rule("ground-6").is_none());
    assert!(on("2023-09-15").rule("ground-6").is_some());
    let third = |day| on(day).rule("ground-3").unwrap().ko.contains("정당한 권한");
    assert_eq!((third("2023-09-14"), third("2023-09-15")), (false, true));
    let named = |day| on(day).rule("sign-3").unwrap().ko.contains("성명 또는 직책");
    assert_eq!((named("2023-09-14"), named("2023-09-15")), (true, false));
    let fine = |day| on(day).rule("penalty-sign").unwrap().amount.map(|amount| amount.value);
    assert_eq!((fine("2023-09-14"), fine("2023-09-15")), (Some(10_000_000), None));
}

/// What a sign has to say moved from the decree into the Act on 30 September 2016 (Act no. 14107).
#[test]
fn the_content_of_signs_moved_from_the_decree_to_the_act_in_2016() {
    for (number, id) in [(1, "sign-1"), (2, "sign-2"), (3, "sign-3")] {
        let article = |day| on(day).rule(id).unwrap().article.as_str();
        assert!(article("2016-09-29").starts_with(&format!("Dec 24(1){number}")));
        assert!(article("2016-09-30").starts_with(&format!("Act 25(4){number}")));
    }
    let for_public_bodies = |day| on(day).rule("sign-none").unwrap().ko.starts_with("공공기관");
    assert_eq!((for_public_bodies("2016-09-29"), for_public_bodies("2016-09-30")), (true, false));
}

/// 4 January 2024 (the standard guideline): own footage alone, and only the Act's grounds of refusal.
#[test]
fn the_scope_and_refusals_of_requests_narrowed_in_january_2024() {
    assert!(on("2024-01-03").rule("scope-urgent").is_some());
    assert!(on("2024-01-04").rule("scope-urgent").is_none());
    let before = ids("2024-01-03", Topic::RefusalGround);
    let after = ids("2024-01-04", Topic::RefusalGround);
    assert_eq!((before.len(), after), (6, vec!["refusal-act-1", "refusal-act-2", "refusal-act-3"]));
    assert!(before.contains(&"refusal-expired"));
}

/// The decree of 19 October 2017, the safety notice of 7 June 2019, the Act of 15 September 2023.
#[test]
fn breaches_and_logs_have_another_number_on_the_day_of_each_change() {
    let amount = |id: &str, day: &str| {
        on(day).rule(id).unwrap().amount.map(|amount| (amount.value, amount.unit)).unwrap()
    };
    for (id, last, old, first, new) in [
        ("threshold-breach-report", "2017-10-18", 10_000, "2017-10-19", 1_000),
        ("access-log", "2019-06-06", 6, "2019-06-07", 1),
        ("log-review", "2019-06-06", 6, "2019-06-07", 1),
        ("deadline-breach", "2023-09-14", 5, "2023-09-15", 72),
        ("deadline-breach-report", "2023-09-14", 5, "2023-09-15", 72),
        ("period-breach-posting", "2023-09-14", 7, "2023-09-15", 30),
    ] {
        assert_eq!((amount(id, last).0, amount(id, first).0), (old, new), "{id}");
    }
    assert_eq!(amount("access-log", "2019-06-06"), (6, Unit::Months));
    assert_eq!(amount("access-log", "2019-06-07"), (1, Unit::Years));
    assert_eq!(amount("deadline-breach", "2023-09-14"), (5, Unit::Days));
    assert!(on("2019-06-06").rule("access-log-large").is_none());
    assert!(on("2019-06-07").rule("access-log-large").is_some());
}

/// Who says nothing about a proposed mediation had refused it, and has accepted it since 2023.
#[test]
fn silence_about_a_mediation_has_another_meaning_since_september_2023() {
    let told = |day| on(day).rule("deadline-mediation-answer").unwrap().en.as_str();
    assert!(told("2023-09-14").ends_with("silence is refusal"));
    assert!(told("2023-09-15").ends_with("silence is acceptance"));
}

#[test]
fn reviews_of_logs_and_breaches_changed_in_2025_and_2026() {
    let monthly = Amount { value: 1, unit: Unit::Months };
    assert_eq!(on("2025-10-30").rule("log-review").unwrap().amount, Some(monthly));
    assert!(on("2025-10-31").rule("log-review").is_none());
    assert!(on("2025-10-31").rule("log-review-planned").is_some());
    assert!(on("2026-09-10").rule("deadline-possible-breach").is_none());
    assert!(on("2026-09-11").rule("deadline-possible-breach").is_some());
    assert!(on("2026-06-30").rule("duty-yearly-test").is_none());
    assert!(on("2026-07-01").rule("duty-yearly-test").is_some());
}

#[test]
fn the_numbers_are_those_of_the_law() {
    let amount = |id: &str| on("2026-11-22").rule(id).unwrap().amount.unwrap();
    for (id, value, unit) in [
        ("deadline-access", 10, Unit::Days),
        ("deadline-refusal-notice", 10, Unit::Days),
        ("retention-default-maximum", 30, Unit::Days),
        ("retention-parking-minimum", 1, Unit::Months),
        ("retention-childcare-minimum", 60, Unit::Days),
        ("retention-long-term-care-minimum", 60, Unit::Days),
        ("retention-operating-room-minimum", 30, Unit::Days),
        ("access-log", 1, Unit::Years),
        ("access-log-large", 2, Unit::Years),
        ("rights-log", 3, Unit::Years),
        ("deadline-breach", 72, Unit::Hours),
        ("deadline-destruction", 5, Unit::Days),
    ] {
        assert_eq!(amount(id), Amount { value, unit }, "{id}");
    }
    assert_eq!(ids("2026-11-22", Topic::PolicyContent).len(), 9);
}

/// Other statutes began to keep footage longer one after the other.
#[test]
fn childcare_old_age_care_and_operations_have_their_own_retention_since_their_own_days() {
    for (id, before, first) in [
        ("retention-childcare-minimum", "2015-09-18", "2015-09-19"),
        ("retention-long-term-care-minimum", "2023-06-21", "2023-06-22"),
        ("retention-operating-room-minimum", "2023-09-24", "2023-09-25"),
    ] {
        assert!(on(before).rule(id).is_none(), "{id}");
        assert!(on(first).rule(id).is_some(), "{id}");
    }
}

#[test]
fn what_nobody_confirmed_says_so() {
    assert!(on("2026-11-22").rules().any(|rule| !rule.from_is_known));
    assert!(on("2026-11-22").topic(Topic::InstallationGround).all(|rule| rule.from_is_known));
    let unconfirmed: Vec<&str> =
        korea().all().iter().filter(|it| !it.confirmed).map(|it| it.id.as_str()).collect();
    let objections = ["objection-agency", "objection-appeal"];
    let days = ["deadline-objection", "deadline-objection-extension"];
    assert_eq!(unconfirmed[..2], ["no-refusal-police", "letter-destroyed"]);
    assert_eq!((&unconfirmed[2..4], &unconfirmed[4..]), (&objections[..], &days[..]));
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let rule = |id: &str, topic: &str, dates: &str, more: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntopic = \"{topic}\"\narticle = \"A 1\"\n{dates}\n\
             source = \"s\"\nko = \"가\"\nen = \"a\"\n{more}\n"
        )
    };
    let read = |text: String| Pack::read(&[("test.toml", &text)]);
    let (early, late) = ("from = \"2020-01-01\"\nto = \"2020-12-31\"", "from = \"2021-01-01\"");
    assert!(read(rule("a", "duty", early, "") + &rule("a", "duty", late, "")).is_ok());
    let refused = [
        ("two at once", rule("a", "duty", late, "") + &rule("a", "duty", late, "")),
        (
            "open and followed",
            rule("a", "duty", "from = \"2020-01-01\"", "") + &rule("a", "duty", late, ""),
        ),
        ("two topics", rule("a", "duty", early, "") + &rule("a", "term", late, "")),
        ("ends first", rule("a", "duty", "from = \"2021-01-01\"\nto = \"2020-01-01\"", "")),
        ("no number", rule("a", "deadline", late, "")),
        ("a number too many", rule("a", "duty", late, "amount = { value = 1, unit = \"days\" }")),
        ("no date", rule("a", "duty", "from = \"2021-02-30\"", "")),
        ("an unknown field", rule("a", "duty", late, "form = 1")),
        ("an unknown topic", rule("a", "wish", late, "")),
        ("an empty text", rule(" ", "duty", late, "")),
    ];
    for (what, text) in refused {
        assert!(read(text).is_err(), "{what}");
    }
}

/// A letter of refusal says how to object: who sent it, the appeal, the mediation.
#[test]
fn a_person_is_told_three_ways_to_object_and_by_when() {
    let days = |day| -> Vec<_> {
        let told = on(day).topic(Topic::Objection);
        told.map(|rule| (rule.id.as_str(), rule.amount.map(|amount| amount.value))).collect()
    };
    let (appeal, mediation) = (("objection-appeal", Some(90)), ("objection-mediation", None));
    assert_eq!(days("2023-03-23"), [("objection-agency", None), appeal, mediation]);
    assert_eq!(days("2023-03-24"), [("objection-agency", Some(30)), appeal, mediation]);
}

/// An objection is decided in 14 days, which can be extended once by 10; before that law there was no number.
#[test]
fn an_objection_is_decided_in_the_days_of_the_general_act() {
    let days = |day, id| on(day).rule(id).and_then(|rule| rule.amount).map(|amount| amount.value);
    let of = |day| ["deadline-objection", "deadline-objection-extension"].map(|id| days(day, id));
    assert_eq!(of("2023-03-24"), [Some(14), Some(10)]);
    assert_eq!(of("2023-03-23"), [None, None]);
}
