//! Every promise broken on purpose and seen broken; nothing kept that nobody looked at.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accounts;

use std::time::Duration;

use domain::{Role, WallTime};
use policy::{
    AccountFact, AnswerTerm, Attestation, CameraFact, CameraSound, Description, DeskFacts, Facts,
    Judged, Policy, Seen, Severity, State, judge, loosenings,
};

use crate::accounts::account_of;

const DAY: Duration = Duration::from_secs(86_400);

fn labor() -> Description {
    Description::read(include_str!("../../../samples/institutions/labor.toml")).unwrap()
}

fn law() -> law::Law<'static> {
    law::korea().on(law::date("2026-11-22").unwrap())
}

fn now() -> WallTime {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// A house in which everything that can be seen is as promised.
fn good(described: &Description) -> Facts {
    let mut cameras = Vec::new();
    for spot in &described.spots {
        let place = described.unit(&spot.unit).map(|unit| unit.storage.clone()).unwrap();
        for number in 1..=spot.cameras {
            cameras.push(CameraFact {
                name: format!("{} {number}", spot.name),
                spot: Some(spot.id.clone()),
                is_recording: true,
                added_at: now() - DAY * 40,
                retention_s: 30 * 86_400,
                oldest: Some(now() - DAY * 29),
                missing_us: 0,
                is_declared: true,
                outside_us: 0,
                sound: Some(CameraSound::None),
                stored_in: vec![Some(described.place(&place).unwrap().name.clone())],
            });
        }
    }
    let account = |name: &str, role| account_of(name, vec![role]);
    Facts {
        now: now(),
        today: law::date("2026-11-22").unwrap(),
        cameras,
        accounts: vec![account("과장", Role::Manager), account("주무관", Role::Officer)],
        due_at: Some(now() + DAY),
        frozen: None,
        destroyed: Some((now() - DAY, "2026/17".into())),
        viewings: 3,
        contractors_may_see: false,
        ledger_appends: true,
        entries: 100,
        cosigned: Some(100),
        reels: 12,
        reels_sealed: 12,
        tickets: 0,
        contractor_sessions: 0,
        sessions_outside: 0,
        visits: 0,
        visits_consented: 0,
        visits_admitted_without: 0,
        desk: DeskFacts::default(),
        attestations: Vec::new(),
    }
}

fn look(facts: &Facts) -> Vec<Judged> {
    let described = labor();
    let policy = Policy::of(&described, law());
    judge(&described, &policy.promises, facts)
}

fn state(facts: &Facts, id: &str) -> State {
    look(facts).into_iter().find(|it| it.promise.id == id).unwrap().state
}

#[test]
fn what_can_be_seen_and_is_so_is_kept_and_the_rest_is_unproven() {
    for it in look(&good(&labor())) {
        let outside = ["homepage", "prints", "requests.", "safety.room", "signs"];
        let expected = if outside.iter().any(|id| it.promise.id.starts_with(id)) {
            State::Unproven
        } else {
            State::Kept
        };
        assert_eq!(it.state, expected, "{}: {}", it.promise.id, it.evidence_en);
    }
}

/// The id of a promise, and what breaks it.
type Harm = (&'static str, fn(&mut Facts));

const HARMS: &[Harm] = &[
    ("cameras", |facts| drop(facts.cameras.pop())),
    ("cameras", |facts| facts.cameras[0].spot = None),
    ("cameras.gate", |facts| facts.cameras.retain(|it| it.spot.as_deref() != Some("gate"))),
    ("cameras.lifts", |facts| {
        let lift = facts.cameras.iter_mut().find(|it| it.spot.as_deref() == Some("lifts"));
        lift.unwrap().is_recording = false;
    }),
    ("hours", |facts| facts.cameras[5].is_declared = false),
    ("hours", |facts| facts.cameras[5].outside_us = 60_000_000),
    ("retention.centre", |facts| {
        facts.cameras.last_mut().unwrap().oldest =
            Some(now() - DAY * 30 - Duration::from_secs(3600));
    }),
    ("retention.headquarters", |facts| facts.cameras[0].retention_s += 1),
    ("sound", |facts| facts.cameras[7].sound = Some(CameraSound::Sent)),
    ("storage.headquarters", |facts| {
        facts.cameras[0].stored_in = vec![Some("1층 경비실".into())];
    }),
    ("destruction", |facts| facts.due_at = Some(now() - Duration::from_secs(2 * 3600))),
    ("access", |facts| {
        facts.accounts.push(account_of("또 하나", vec![Role::Manager]));
    }),
    ("access", |facts| {
        facts.accounts.push(account_of("관제", vec![Role::Operator]));
    }),
    ("access", |facts| facts.accounts[1].post = Some("gone".into())),
    // An officer at the manager's post.
    ("access", |facts| facts.accounts[1].post = Some("manager".into())),
    // A post of which the policy says that nobody stands in for its holder.
    ("access", |facts| {
        let deputy = account_of("대행", vec![Role::Officer]);
        let post = Some("access-hq".into());
        facts.accounts.push(AccountFact { post, is_deputy: true, ..deputy });
    }),
    ("access", |facts| {
        for account in &mut facts.accounts[1..] {
            account.post = Some("access-hq".into());
        }
        let post = Some("access-hq".into());
        facts.accounts.push(AccountFact { post, ..account_of("둘째", vec![Role::Officer]) });
    }),
    ("processor.sees-nothing", |facts| facts.contractors_may_see = true),
    ("processor.sees-nothing", |facts| {
        let roles = vec![Role::Contractor, Role::Officer];
        facts.accounts.push(account_of("수탁", roles));
    }),
    ("safety.encryption", |facts| facts.reels_sealed = 11),
    ("safety.unaltered", |facts| facts.ledger_appends = false),
    ("signs", |facts| {
        let described = labor();
        let promises = Policy::of(&described, law()).promises;
        let signs = promises.iter().find(|it| it.id == "signs").unwrap();
        facts.attestations.push(Attestation {
            promise: "signs".into(),
            sentence: policy::sentence_sha256(&signs.ko),
            seen: Seen::Otherwise,
            day: facts.today,
            role: Role::Officer,
            entry: "2026/17".into(),
        });
    }),
];

#[test]
fn every_promise_that_is_broken_on_purpose_is_seen_broken() {
    let good = good(&labor());
    for (id, harm) in HARMS {
        assert_ne!(state(&good, id), State::Broken, "{id} is whole before");
        let mut facts = good.clone();
        harm(&mut facts);
        assert_eq!(state(&facts, id), State::Broken, "{id}");
    }
}

#[test]
fn nothing_is_kept_where_there_is_nothing_to_look_at() {
    let empty = Facts {
        cameras: Vec::new(),
        accounts: Vec::new(),
        due_at: None,
        destroyed: None,
        cosigned: None,
        reels: 0,
        reels_sealed: 0,
        ..good(&labor())
    };
    for id in ["hours", "sound", "retention.centre", "storage.centre", "destruction", "access"] {
        assert_eq!(state(&empty, id), State::Unproven, "{id}");
    }
    for id in ["safety.encryption", "safety.unaltered"] {
        assert_eq!(state(&empty, id), State::Unproven, "{id}");
    }
}

#[test]
fn footage_on_a_volume_of_an_unknown_room_is_neither_kept_nor_broken() {
    let mut facts = good(&labor());
    facts.cameras[0].stored_in.push(None);
    assert_eq!(state(&facts, "storage.headquarters"), State::Unproven);
    assert_eq!(state(&facts, "storage.centre"), State::Kept);
    facts.cameras[0].stored_in.push(Some("1층 경비실".into()));
    assert_eq!(state(&facts, "storage.headquarters"), State::Broken);
}

#[test]
fn a_microphone_that_is_on_is_neither_kept_nor_broken() {
    let mut facts = good(&labor());
    facts.cameras[3].sound = Some(CameraSound::Offered);
    assert_eq!(state(&facts, "sound"), State::Unproven);
    // Nor is a camera that was not connected yet.
    facts.cameras[3].sound = None;
    assert_eq!(state(&facts, "sound"), State::Unproven);
}

#[test]
fn a_camera_that_is_just_being_connected_is_neither_kept_nor_broken() {
    let mut facts = good(&labor());
    let gate = facts.cameras.iter_mut().find(|it| it.spot.as_deref() == Some("gate")).unwrap();
    gate.is_recording = false;
    gate.added_at = now() - Duration::from_secs(30);
    assert_eq!(state(&facts, "cameras.gate"), State::Unproven);
}

/// What is changed in a good description, and the rule that has to find it.
type Fault = (&'static str, fn(&mut Description));

const FAULTS: &[Fault] = &[
    ("placeholder", |it| it.posts[0].contact = "454-○○○○".into()),
    ("empty", |it| it.units[0].name = " ".into()),
    ("id", |it| it.spots[1].id = it.spots[0].id.clone()),
    ("id", |it| it.spots[1].id = "정문".into()),
    ("ground", |it| it.purposes[0].ground = "ground-7".into()),
    ("ground-statute", |it| it.purposes[0].ground = "ground-1".into()),
    ("one-manager", |it| it.posts[1].duty = policy::Duty::Manager),
    ("access-list", |it| it.posts.truncate(1)),
    ("contact", |it| it.posts[0].contact = "없음".into()),
    ("reference", |it| it.units[0].storage = "cellar".into()),
    ("reference", |it| it.spots[0].unit = "elsewhere".into()),
    ("hours", |it| it.units[0].hours = "09-18".into()),
    ("retention", |it| it.units[0].retention_days = 0),
    ("spot", |it| it.spots[0].cameras = 0),
    ("forbidden-place", |it| it.spots[0].kind = policy::SpotKind::Toilet),
    ("staff", |it| it.spots[0].staff_consulted_on = None),
    ("parking", |it| it.spots[5].parking_spaces = Some(31)),
    ("processor", |it| it.processor.outsourced = policy::Outsourcing::Unknown),
    ("processor", |it| it.processor.companies.clear()),
    ("deadline", |it| it.requests.answer_days = 11),
    ("deadline", |it| it.requests.refusal_days = 30),
    ("version", |it| it.versions.clear()),
    ("version-order", |it| it.versions.reverse()),
    ("notice", |it| it.notice.days = 14),
];

#[test]
fn every_fault_that_is_put_in_is_found_and_blocks() {
    let errors = |described: &Description| -> Vec<&'static str> {
        let found = described.findings(law()).into_iter();
        found.filter(|it| it.severity == Severity::Error).map(|it| it.rule).collect()
    };
    assert_eq!(errors(&labor()), [""; 0]);
    for (rule, put_in) in FAULTS {
        let mut described = labor();
        put_in(&mut described);
        assert!(errors(&described).contains(rule), "{rule}: {:?}", errors(&described));
    }
}

#[test]
fn what_is_promised_less_is_seen_and_what_is_promised_more_is_none() {
    let old = labor();
    let mut by_day = labor();
    by_day.units[0].hours = "mon-fri 08:00-19:00".into();
    assert_eq!(loosenings(&by_day, &old).len(), 1, "filming all day is more");
    assert_eq!(loosenings(&old, &by_day), []);
    let less: &[fn(&mut Description)] = &[
        |it| it.units[1].retention_days = 31,
        |it| it.posts.push(it.posts[1].clone()),
        |it| {
            it.safety.measures.pop();
        },
        |it| it.spots[0].cameras += 1,
        |it| it.purposes.push(policy::Purpose { id: "more".into(), ..it.purposes[0].clone() }),
        |it| it.requests.without_delay = false,
        |it| it.requests.urgent_interest = false,
    ];
    for (index, change) in less.iter().enumerate() {
        let mut new = labor();
        change(&mut new);
        assert_eq!(loosenings(&old, &new).len(), 1, "{index}: {:?}", loosenings(&old, &new));
        assert_eq!(loosenings(&new, &old), [], "{index}, the other way round");
    }
    assert_eq!(loosenings(&old, &old), []);
}

#[test]
fn what_the_ledger_has_of_contractors_stands_beside_and_claims_no_more() {
    let evidence = |facts: &Facts, id: &str| {
        look(facts).into_iter().find(|it| it.promise.id == id).unwrap().evidence_en
    };
    let mut facts = good(&labor());
    for id in ["processor.sees-nothing", "safety.room"] {
        assert!(!evidence(&facts, id).contains("tickets"), "{id}");
    }
    (facts.tickets, facts.contractor_sessions) = (2, 3);
    let said = evidence(&facts, "processor.sees-nothing");
    assert!(said.contains("2 tickets and 3 sessions of contractors, each begun within"), "{said}");
    assert!(said.contains("did not go through Jikim is not seen"), "{said}");
    assert!(!evidence(&facts, "safety.room").contains("tickets"));
    facts.sessions_outside = 1;
    let said = evidence(&facts, "processor.sees-nothing");
    assert!(said.contains("of which 1 did not begin within"), "{said}");
}

#[test]
fn the_visitors_book_stands_beside_a_word_and_decides_nothing() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/institutions/customs.toml"
    ));
    let described = Description::read(&text.unwrap()).unwrap();
    let policy = Policy::of(&described, law());
    let mut facts = good(&described);
    let beside = |facts: &Facts| {
        let all = judge(&described, &policy.promises, facts).into_iter();
        let has = |it: &Judged| it.evidence_en.contains("visitors' book holds 3 visits (2 with");
        all.filter(has).map(|it| (it.promise.id, it.state)).collect::<Vec<_>>()
    };
    (facts.visits, facts.visits_consented, facts.visits_admitted_without) = (3, 2, 1);
    let [area, consent] = ["safety.area", "safety.consent"];
    let unproven = |id: &str| (id.to_owned(), State::Unproven);
    assert_eq!(beside(&facts), [unproven(area), unproven(consent)]);
    facts.visits = 0;
    assert_eq!(beside(&facts), []);
}

#[test]
fn who_stands_in_is_let_in_by_a_policy_that_says_so() {
    let mut described = labor();
    let post = described.posts.iter_mut().find(|it| it.id == "access-hq").unwrap();
    post.deputies = 1;
    let mut facts = good(&described);
    facts.accounts[1].post = Some("access-hq".into());
    let deputy = account_of("대행", vec![Role::Officer]);
    let deputy = AccountFact { post: Some("access-hq".into()), is_deputy: true, ..deputy };
    facts.accounts.push(deputy.clone());
    let policy = Policy::of(&described, law());
    let access = |facts: &Facts| {
        let judged = judge(&described, &policy.promises, facts);
        judged.into_iter().find(|it| it.promise.id == "access").unwrap().state
    };
    assert_eq!(access(&facts), State::Kept);
    facts.accounts.push(deputy);
    assert_eq!(access(&facts), State::Broken, "a second one is more than it says");
    // It is published, and it is wider than before.
    let text = format!("{:?}", policy.paper);
    assert!(text.contains("자리를 비울 때 대신하는 사람을 1명 둡니다"), "{text}");
    assert_eq!(loosenings(&labor(), &described).len(), 1);
    assert_eq!(loosenings(&described, &labor()), []);
}

/// One request of an asking day, and when it was answered.
fn desk(from: &str, ended: Option<&str>, is_refusal: bool) -> Facts {
    let day = |text| law::date(text).unwrap();
    let term =
        AnswerTerm { receipt: "2026-1".into(), from: day(from), ended: ended.map(day), is_refusal };
    let mut facts = good(&labor());
    facts.desk = DeskFacts { terms: vec![term], disclosures: 2, late_duties: Vec::new() };
    facts
}

#[test]
fn a_request_is_answered_in_time_or_breaks_its_promise() {
    let answer = |from, ended| state(&desk(from, ended, false), "requests.answer");
    // The tenth day after the 11th of November is a Saturday, so that the Monday after it is the last.
    assert_eq!(answer("2026-11-11", Some("2026-11-23")), State::Kept);
    assert_eq!(answer("2026-11-11", None), State::Unproven, "there is a day left");
    assert_eq!(answer("2026-11-10", Some("2026-11-20")), State::Kept);
    assert_eq!(answer("2026-11-10", Some("2026-11-21")), State::Broken);
    assert_eq!(answer("2026-11-10", None), State::Broken);
    assert_eq!(answer("2026-08-03", None), State::Broken, "until it is answered");
    let late = desk("2026-08-03", Some("2026-09-01"), false);
    assert_eq!(state(&late, "requests.answer"), State::Kept, "what was late long ago is told");
    let told = look(&late).into_iter().find(|it| it.promise.id == "requests.answer").unwrap();
    assert!(told.evidence_ko.contains("늦게 알린 것은 1건"), "{}", told.evidence_ko);
    assert_eq!(answer("2025-08-03", Some("2025-09-01")), State::Unproven, "over a year ago");
    assert_eq!(
        answer("2060-11-10", Some("2060-11-11")),
        State::Unproven,
        "nobody knows its holidays"
    );
}

#[test]
fn the_promise_of_refusals_looks_at_refusals_alone() {
    let refusal =
        |is_refusal| state(&desk("2026-11-10", Some("2026-11-21"), is_refusal), "requests.refusal");
    assert_eq!(refusal(true), State::Broken);
    assert_eq!(refusal(false), State::Unproven, "the control: nothing was refused");
}

#[test]
fn the_register_says_what_it_holds_and_what_is_late() {
    let mut facts = desk("2026-11-10", Some("2026-11-11"), false);
    let evidence = |facts: &Facts| {
        let it = look(facts).into_iter().find(|it| it.promise.id == "register").unwrap();
        (it.state, it.evidence_ko)
    };
    let (state, ko) = evidence(&facts);
    assert!(state == State::Kept && ko.contains("제공과 목적 외 이용 2건"), "{ko}");
    assert!(!ko.contains("기한을 넘겼습니다"));
    facts.desk.late_duties = vec!["2026-1 publish".into()];
    assert!(evidence(&facts).1.contains("1건이 기한을 넘겼습니다(2026-1 publish)"));
    facts.ledger_appends = false;
    assert_eq!(evidence(&facts).0, State::Unproven);
}
