//! An institution that is renamed, merges departments, has bodies below it and puts up cameras: what
//! moves with it, and what stands against it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use domain::WallTime;
use papers::html;
use policy::{
    Body, Consultation, Contract, ContractItem, Description, Hearing, Order, Policy, Predecessor,
    Severity, Subcontractor, loosenings, order,
};
use time::Date;

fn labor() -> Description {
    Description::read(include_str!("../../../samples/institutions/labor.toml")).unwrap()
}

fn law() -> law::Law<'static> {
    law::korea().on(today())
}

fn today() -> Date {
    law::date("2026-11-23").unwrap()
}

fn now() -> WallTime {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn text(described: &Description) -> String {
    html(&Policy::of(described, law()).document(), "")
}

fn rules(described: &Description) -> Vec<(&'static str, Severity)> {
    described.findings(law()).into_iter().map(|it| (it.rule, it.severity)).collect()
}

/// One unit of what were two, under a word of its own; and a line of it that was renamed.
fn merged(old: &Description) -> Description {
    let mut new = old.clone();
    new.units.pop();
    new.units[0].id = "office".into();
    for spot in &mut new.spots {
        spot.unit = "office".into();
    }
    for post in &mut new.posts {
        post.units.clear();
    }
    let gate = new.spots.iter_mut().find(|spot| spot.id == "gate").unwrap();
    gate.formerly = vec!["gate".into()];
    gate.id = "main-gate".into();
    new
}

#[test]
fn cameras_follow_a_line_that_was_renamed_and_a_unit_that_was_merged() {
    let (old, new) = (labor(), merged(&labor()));
    assert_eq!(new.line_of("gate").unwrap().id, "main-gate");
    for spot in &old.spots {
        let ordered = order(&new, Some(&spot.id), now());
        assert!(matches!(ordered, Order::Line(_)), "{}: {ordered:?}", spot.id);
    }
    // The control: a word that nothing came of, and one that was not said to have become another.
    assert_eq!(order(&new, Some("cellar"), now()), Order::NoLine);
    let mut silent = new.clone();
    silent.spots.iter_mut().for_each(|spot| spot.formerly.clear());
    assert_eq!(order(&silent, Some("gate"), now()), Order::NoLine);
}

#[test]
fn of_a_line_that_was_split_somebody_has_to_say_which() {
    let mut new = merged(&labor());
    let mut other = new.spots.iter().find(|spot| spot.id == "main-gate").unwrap().clone();
    other.id = "back-gate".into();
    new.spots.push(other);
    assert_eq!(order(&new, Some("gate"), now()), Order::NoLine);
    assert!(rules(&new).contains(&("split", Severity::Warning)), "{:?}", rules(&new));
    assert!(matches!(order(&new, Some("back-gate"), now()), Order::Line(_)));
}

#[test]
fn of_units_that_were_merged_the_shorter_time_is_the_measure() {
    let mut old = labor();
    assert_eq!(loosenings(&old, &merged(&old)), []);
    old.units[1].retention_days = 20;
    let told = loosenings(&old, &merged(&old));
    assert!(told.iter().any(|it| it.en.contains("30 days instead of 20")), "{told:?}");
}

#[test]
fn another_word_for_a_unit_or_a_line_is_no_leave_to_keep_it_longer() {
    let old = labor();
    let longer = |new: &Description| {
        loosenings(&old, new).iter().any(|it| it.en.contains("90 days instead of 30"))
    };
    // The unit has another word, its lines are the same.
    let mut new = merged(&old);
    new.units[0].retention_days = 90;
    assert!(longer(&new));
    // A line has another word, and nobody says what it was.
    let mut new = old.clone();
    new.spots[0].id = "another".into();
    assert!(!longer(&new), "{:?}", loosenings(&old, &new));
    new.spots[0].retention_days = Some(90);
    assert!(longer(&new));
    // The control: it is kept for a shorter time.
    new.spots[0].retention_days = Some(7);
    assert!(!longer(&new));
    // And the hours of a line that was moved to a unit that films for longer.
    let mut by_day = old.clone();
    by_day.units[0].hours = "mon-fri 08:00-19:00".into();
    assert!(loosenings(&by_day, &old).iter().any(|it| it.en.contains("more of the week")));
    let mut moved = by_day.clone();
    let to = moved.units[1].id.clone();
    let line = moved.spots.iter_mut().find(|it| it.unit != to).unwrap();
    line.unit = to;
    assert!(loosenings(&by_day, &moved).iter().any(|it| it.en.contains("more of the week")));
}

#[test]
fn what_was_formerly_something_cannot_be_there_still() {
    let mut new = labor();
    assert_eq!(rules(&new).iter().filter(|it| it.0 == "formerly").count(), 0);
    let gate = new.spots[1].id.clone();
    new.spots[0].formerly.push(gate);
    assert!(rules(&new).contains(&("formerly", Severity::Error)));
}

#[test]
fn a_body_with_a_policy_of_its_own_has_no_cameras_in_this_one() {
    let mut new = labor();
    let own = "https://body.example/policy".to_owned();
    new.bodies.push(Body { id: "body".into(), name: "소속연구원".into(), own_policy: None });
    new.units[0].body = Some("body".into());
    assert!(!rules(&new).iter().any(|it| it.0 == "own-policy"));
    assert!(!text(&new).contains("소속연구원"));
    new.bodies[0].own_policy = Some(own.clone());
    assert!(rules(&new).contains(&("own-policy", Severity::Error)));
    new.units[0].body = None;
    assert!(!rules(&new).iter().any(|it| it.0 == "own-policy"));
    assert!(text(&new).contains("소속연구원") && text(&new).contains(&own));
    new.units[0].body = Some("nobody".into());
    assert!(rules(&new).contains(&("reference", Severity::Error)));
}

#[test]
fn a_name_that_it_had_before_stands_in_the_text() {
    let mut new = labor();
    let before = Predecessor { name: "옛 고용센터".into(), until: "2023-01-10".into() };
    new.institution.predecessors.push(before);
    let told = text(&new);
    assert!(told.contains("옛 고용센터") && told.contains("2023. 1. 10."));
    new.institution.predecessors[0].until = "봄".into();
    assert!(rules(&new).contains(&("day", Severity::Error)));
}

fn heard(spot: &str, method: Hearing, (from, to): (&str, &str)) -> Consultation {
    Consultation {
        spots: vec![spot.into()],
        method,
        from: from.into(),
        to: to.into(),
        asked: "인근 주민".into(),
        opinions: 2,
        result: "촬영 범위에서 주택을 뺌".into(),
    }
}

#[test]
fn b6_a_version_with_more_cameras_needs_those_concerned_to_have_been_heard() {
    let old = labor();
    let errors = |new: &Description| -> Vec<String> {
        new.findings_after(&old, today()).into_iter().map(|it| it.at).collect()
    };
    let none: [String; 0] = [];
    assert_eq!(errors(&old), none);
    // As many as before under another name are no more.
    assert_eq!(errors(&merged(&old)), none);
    let mut new = old.clone();
    new.spots[0].cameras += 1;
    let (spot, at) = (new.spots[0].id.clone(), format!("spot {}", new.spots[0].id));
    assert_eq!(errors(&new), [at.as_str()]);
    // Still open on the day of the announcement; of another line; ended in time.
    new.consultations.push(heard(&spot, Hearing::Notice, ("2026-11-01", "2026-11-24")));
    assert_eq!(errors(&new), [at.as_str()]);
    new.consultations[0] = heard("lifts", Hearing::Notice, ("2026-11-01", "2026-11-22"));
    assert_eq!(errors(&new), [at.as_str()]);
    new.consultations[0] = heard(&spot, Hearing::Notice, ("2026-11-01", "2026-11-22"));
    assert_eq!(errors(&new), none);
    let told = text(&new);
    assert!(told.contains("행정예고") && told.contains("2건"), "it is published");
    // A line that is new.
    let mut another = old.clone();
    let mut spot = another.spots[0].clone();
    spot.id = "roof".into();
    another.spots.push(spot);
    assert_eq!(errors(&another), ["spot roof"]);
}

#[test]
fn b6_a_consultation_is_of_lines_and_days_that_are_there() {
    let mut new = labor();
    let spot = new.spots[0].id.clone();
    new.consultations.push(heard(&spot, Hearing::Notice, ("2026-10-01", "2026-10-21")));
    assert!(!rules(&new).iter().any(|it| it.0 == "consultation"), "{:?}", rules(&new));
    for (method, days, severity) in [
        (Hearing::Notice, ("2026-10-01", "2026-10-19"), Severity::Warning),
        (Hearing::Survey, ("2026-10-19", "2026-10-01"), Severity::Error),
        (Hearing::Survey, ("2026-10-01", "soon"), Severity::Error),
    ] {
        new.consultations[0] = heard(&spot, method, days);
        assert!(rules(&new).contains(&("consultation", severity)), "{days:?}");
    }
    new.consultations[0] = heard(&spot, Hearing::Briefing, ("2026-10-01", "2026-10-01"));
    assert!(!rules(&new).iter().any(|it| it.0 == "consultation"));
    new.consultations[0].spots.push("cellar".into());
    assert!(rules(&new).contains(&("consultation", Severity::Error)));
}

#[test]
fn b3_the_day_on_which_staff_were_consulted_is_a_day() {
    let mut new = labor();
    new.spots[0].staff_consulted_on = Some("2021-06-01".into());
    assert!(!rules(&new).iter().any(|it| it.0 == "staff"));
    new.spots[0].staff_consulted_on = Some("작년".into());
    assert!(rules(&new).contains(&("staff", Severity::Error)));
}

#[test]
fn r40_a_contract_holds_the_five_items_of_the_law_or_blocks() {
    let mut new = labor();
    let contracts = |new: &Description| -> Vec<Severity> {
        let found = rules(new).into_iter().filter(|it| it.0 == "contract");
        found.map(|it| it.1).collect()
    };
    // Nobody said: it is told, and the text claims nothing.
    assert_eq!(contracts(&new), [Severity::Warning]);
    assert!(!text(&new).contains("손해배상"));
    let all = vec![
        ContractItem::Scope,
        ContractItem::Subcontracting,
        ContractItem::Safeguards,
        ContractItem::Inspection,
        ContractItem::Damages,
    ];
    let signed = "2026-01-02".to_owned();
    let contract = Contract { signed, until: Some("2099-12-31".into()), items: all };
    new.processor.companies[0].contract = Some(contract.clone());
    assert_eq!(contracts(&new), []);
    assert!(text(&new).contains("손해배상"));
    for harm in [
        (|it: &mut Contract| it.items.truncate(4)) as fn(&mut Contract),
        |it| it.signed = "작년".into(),
        |it| it.until = Some("2020-12-31".into()),
    ] {
        let mut bad = contract.clone();
        harm(&mut bad);
        new.processor.companies[0].contract = Some(bad);
        assert_eq!(contracts(&new), [Severity::Error]);
    }
}

#[test]
fn to_whom_a_contractor_gives_work_on_stands_beside_it() {
    let mut new = labor();
    let other = Subcontractor {
        name: "재수탁 정비".into(),
        contact: "02-000-0000".into(),
        work: "부품 교체".into(),
    };
    assert!(!text(&new).contains("재수탁"));
    new.processor.companies[0].subcontractors.push(other);
    assert!(text(&new).contains("재수탁 정비 (재수탁: ADT캡스)"));
}
