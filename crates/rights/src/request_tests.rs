//! Forms that can be worked on, and forms that cannot.

use super::*;

fn now() -> WallTime {
    "2026-11-23T03:00:00Z".parse().unwrap()
}

fn person(name: &str) -> Person {
    Person { name: name.into(), phone: "02-000-0000".into(), ..Person::default() }
}

fn form() -> Form {
    Form {
        requester: person("청구인"),
        agent: None,
        asks: [Asked::Existence, Asked::Viewing].into(),
        cameras: vec![CameraId::from_bytes([1; 16])],
        from: "2026-11-22T05:00:00Z".parse().unwrap(),
        until: "2026-11-22T09:00:00Z".parse().unwrap(),
        reason: "주차장 접촉 사고. 흰색 승용차".into(),
        channel: Channel::Counter,
    }
}

#[test]
fn a_form_says_who_asks_what_of_which_minutes() {
    let whole = form();
    assert!(Request::new(whole.clone(), now()).unwrap().is_to_hold());
    let agent = Agent {
        kind: AgentKind::LegalRepresentative,
        person: person("대리인"),
        relation: "어머니".into(),
    };
    let without = |relation: &str| Agent { relation: relation.into(), ..agent.clone() };
    let wrong = |change: fn(&mut Form)| {
        let mut form = form();
        change(&mut form);
        Request::new(form, now()).unwrap_err()
    };
    assert_eq!(wrong(|it| it.requester.name = " ".into()), FormError::Requester);
    assert_eq!(wrong(|it| it.requester.phone.clear()), FormError::Requester);
    assert_eq!(wrong(|it| it.requester.address = "a\nb".into()), FormError::Line);
    assert_eq!(wrong(|it| it.requester.born = law::date("2026-11-24").ok()), FormError::Born);
    assert_eq!(wrong(|it| it.asks.clear()), FormError::NothingAsked);
    assert_eq!(wrong(|it| it.cameras.clear()), FormError::Footage);
    assert_eq!(wrong(|it| it.reason.clear()), FormError::Reason);
    let with_agent = |agent| Request::new(Form { agent: Some(agent), ..form() }, now());
    assert!(with_agent(agent.clone()).is_ok());
    assert_eq!(with_agent(without("")), Err(FormError::Agent));
}

#[test]
fn it_is_of_four_hours_at_most_and_not_of_what_is_to_come() {
    let of = |from: &str, until: &str| {
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        Request::new(Form { from, until, ..form() }, now()).map(drop)
    };
    assert_eq!(of("2026-11-22T05:00:00Z", "2026-11-22T09:00:00Z"), Ok(()));
    assert_eq!(of("2026-11-22T05:00:00Z", "2026-11-22T09:01:00Z"), Err(FormError::Footage));
    assert_eq!(of("2026-11-22T05:00:30Z", "2026-11-22T05:01:00Z"), Err(FormError::Footage));
    assert_eq!(of("2026-11-23T02:59:00Z", "2026-11-23T03:00:00Z"), Ok(()));
    assert_eq!(of("2026-11-23T02:59:00Z", "2026-11-23T03:01:00Z"), Err(FormError::Ahead));
}

#[test]
fn nothing_is_held_for_whoever_asks_for_destruction_alone() {
    let asks = |asks: &[Asked]| {
        let form = Form { asks: asks.iter().copied().collect(), ..form() };
        Request::new(form, now()).unwrap().is_to_hold()
    };
    assert!(!asks(&[Asked::Deletion]));
    assert!(asks(&[Asked::Deletion, Asked::Viewing]));
}

#[test]
fn every_word_stands_for_one_thing() {
    for &it in Asked::ALL {
        assert_eq!(Asked::from_word(it.word()), Some(it));
    }
    for &it in Channel::ALL {
        assert_eq!(Channel::from_word(it.word()), Some(it));
    }
    for &it in AgentKind::ALL {
        assert_eq!(AgentKind::from_word(it.word()), Some(it));
    }
}
