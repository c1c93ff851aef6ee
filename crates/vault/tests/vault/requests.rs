//! What is held for a person's request: from its receipt, to the minute, and no longer than it has to be.

use domain::{AccountId, Action, EntryNumber, HoldId};
use host::Clock as _;
use ledger::act::ManageRequests;
use ledger::{
    Grant, HeldFor, RequestNote, RequestPerson, RequestRecord, RequestStep, RequestTarget, Target,
};
use rules::{Ask, Facts, decide};
use testkit::TestClock;
use vault::{HoldFootageError, RequestEntry};

use crate::holds::{MINUTE, filmed, hold_of};
use crate::house::{DAY, House, Place, person};

fn record(target: &RequestTarget) -> RequestRecord {
    let requester = RequestPerson {
        name: "청구인".into(),
        phone: "02-000-0000".into(),
        born: None,
        address: String::new(),
    };
    RequestRecord {
        requester,
        agent: None,
        asks: vec!["viewing".into()],
        cameras: target.cameras.iter().map(ToString::to_string).collect(),
        absent: Vec::new(),
        from: String::new(),
        until: String::new(),
        reason: "사고".into(),
        channel: "counter".into(),
        hold: target.hold.as_ref().map(|held| held.hold().id().to_string()),
        front: None,
    }
}

impl House {
    fn request_grant(&self, action: Action, target: &RequestTarget) -> Grant<ManageRequests> {
        let ask = Ask {
            actor: person(2),
            action,
            target: Target::Request(Box::new(target.clone())),
            purpose: None,
            proposal: None,
        };
        let facts = Facts {
            roles: vec![domain::Role::Manager],
            preceded_by: Some(AccountId::from_bytes([1; 16])),
            ..Facts::nobody()
        };
        let permit = decide(ask, &facts, self.clock.wall()).unwrap();
        self.ledger.admit_blocking(permit).unwrap()
    }

    fn receive(&self, target: &RequestTarget) -> Result<EntryNumber, HoldFootageError> {
        let grant = self.request_grant(Action::ReceiveRequest, target);
        self.vault.manage_request(&grant, RequestEntry::Received(Box::new(record(target))))
    }

    fn go_on(
        &self,
        action: Action,
        target: &RequestTarget,
        step: RequestStep,
    ) -> Result<EntryNumber, HoldFootageError> {
        let grant = self.request_grant(action, target);
        self.vault.manage_request(&grant, RequestEntry::Step(step, RequestNote::default()))
    }

    fn after(&self, clock: &TestClock, start: domain::WallTime, days: u32) {
        clock.advance((start + DAY * days).since(clock.wall()));
        self.vault.flush();
        self.vault.settle();
        self.rotate().unwrap();
    }
}

/// Filmed a day before its time is over; then a request for minutes 18 to 22 of the first camera.
fn place_and_ask(clock: &TestClock, house: &House) -> (RequestTarget, domain::WallTime) {
    let start = clock.wall();
    filmed(house, clock);
    clock.advance((start + DAY * 29).since(clock.wall()));
    let hold = hold_of(1, &[1], start + MINUTE * 18, 4, clock.wall() + DAY * 7);
    let cameras = hold.cameras().to_vec();
    (RequestTarget { request: None, cameras, hold: Some(HeldFor::Until(hold)) }, start)
}

#[test]
fn k6_a_request_that_nobody_stands_up_for_holds_its_minutes_for_a_week() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    let feed = crate::house::feed(1);
    let number = house.receive(&target).unwrap();
    assert_eq!(house.ledger.request(number).unwrap().receipt(), "2026-1");
    // Beyond its time: what was asked about is there, and nothing else.
    house.after(&clock, start, 31);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    house.after(&clock, start, 35);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    // A week after receipt it is gone.
    house.after(&clock, start, 37);
    assert!(house.seen_minutes(feed, start).is_empty());
}

/// The control: without the hold in the same act nothing is left of it.
#[test]
fn k6_a_request_without_its_hold_keeps_nothing() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    house.receive(&RequestTarget { hold: None, ..target }).unwrap();
    house.after(&clock, start, 31);
    assert!(house.seen_minutes(crate::house::feed(1), start).is_empty());
}

#[test]
fn k6_once_it_is_known_who_asks_it_is_held_until_the_time_to_object_is_over() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    let feed = crate::house::feed(1);
    let request = house.receive(&target).unwrap();
    let Some(HeldFor::Until(hold)) = &target.hold else { unreachable!() };
    let held = |until| RequestTarget {
        request: Some(request),
        hold: Some(HeldFor::Until(hold.renewed(until))),
        ..target.clone()
    };
    let known = held(clock.wall() + DAY * 90);
    house.go_on(Action::ContinueRequest, &known, RequestStep::Identified { request }).unwrap();
    house.after(&clock, start, 40);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    let decision = ledger::RequestDecision::Granted;
    let until = held(clock.wall() + DAY * 30);
    house.go_on(Action::DecideRequest, &until, RequestStep::Decided { request, decision }).unwrap();
    house.after(&clock, start, 69);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    // It survives a restart, and ends to the day.
    house.close();
    let house = House::new(&place, &clock);
    let fact = house.ledger.request(request).unwrap();
    assert_eq!((fact.detail.is_some(), fact.steps.len()), (true, 2));
    house.after(&clock, start, 71);
    assert!(house.seen_minutes(feed, start).is_empty());
}

#[test]
fn k6_what_was_taken_back_is_held_no_longer() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    let request = house.receive(&target).unwrap();
    let hold = target.hold.as_ref().unwrap().hold().clone();
    let released = RequestTarget {
        request: Some(request),
        hold: Some(HeldFor::Released(hold)),
        ..target.clone()
    };
    house.go_on(Action::ContinueRequest, &released, RequestStep::Withdrawn { request }).unwrap();
    house.after(&clock, start, 31);
    assert!(house.seen_minutes(crate::house::feed(1), start).is_empty());
}

#[test]
fn a_grant_of_one_request_enters_nothing_of_another() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, _) = place_and_ask(&clock, &house);
    let request = house.receive(&target).unwrap();
    let named = RequestTarget { request: Some(request), hold: None, ..target.clone() };
    let other = EntryNumber { index: request.index + 1, ..request };
    let decision = ledger::RequestDecision::Granted;
    for (action, step) in [
        (Action::ContinueRequest, RequestStep::Done { request: other }),
        (Action::ContinueRequest, RequestStep::Decided { request, decision }),
        (Action::ContinueRequest, RequestStep::Received),
        (Action::DecideRequest, RequestStep::Done { request }),
        (Action::DecideRequest, RequestStep::Decided { request: other, decision }),
    ] {
        let refused = house.go_on(action, &named, step.clone());
        assert!(matches!(refused, Err(HoldFootageError::NotGranted)), "{action:?} {step:?}");
    }
    // A request is no cover for a hold of which its record says nothing.
    let grant = house.request_grant(Action::ReceiveRequest, &target);
    let other =
        RequestRecord { hold: Some(HoldId::from_bytes([9; 16]).to_string()), ..record(&target) };
    let refused = house.vault.manage_request(&grant, RequestEntry::Received(Box::new(other)));
    assert!(matches!(refused, Err(HoldFootageError::NotGranted)));
    assert_eq!(house.ledger.requests(clock.wall()).len(), 1);
}
