//! What is held for a disclosure to another body, and that nobody enters a step that was not granted.

use domain::{AccountId, Action, EntryNumber};
use host::Clock as _;
use ledger::act::ManageDisclosures;
use ledger::{
    DisclosureDecision, DisclosureNote, DisclosureRecord, DisclosureStep, DisclosureTarget, Grant,
    HeldFor, Target,
};
use rules::{Ask, Facts, decide};
use testkit::TestClock;
use vault::{DisclosureEntry, HoldFootageError};

use crate::holds::{MINUTE, filmed, hold_of};
use crate::house::{DAY, House, Place, person};

fn record(target: &DisclosureTarget) -> DisclosureRecord {
    DisclosureRecord {
        disclosed: "provision".into(),
        body: "○○경찰서".into(),
        officer: "경위".into(),
        phone: "02-000-0000".into(),
        document: "형사과-1".into(),
        ground: "provision-7".into(),
        basis: "2026-1".into(),
        purpose: "수사".into(),
        cameras: target.cameras.iter().map(ToString::to_string).collect(),
        absent: Vec::new(),
        from: String::new(),
        until: String::new(),
        conditions: "파기".into(),
        use_until: Some("2026-12-31".into()),
        hold: target.hold.as_ref().map(|held| held.hold().id().to_string()),
    }
}

impl House {
    fn disclosure_grant(
        &self,
        action: Action,
        target: &DisclosureTarget,
    ) -> Grant<ManageDisclosures> {
        let ask = Ask {
            actor: person(2),
            action,
            target: Target::Disclosure(Box::new(target.clone())),
            purpose: None,
            proposal: None,
        };
        let preceded_by = Some(AccountId::from_bytes([1; 16]));
        let facts = Facts { roles: vec![domain::Role::Manager], preceded_by, ..Facts::nobody() };
        let permit = decide(ask, &facts, self.clock.wall()).unwrap();
        self.ledger.admit_blocking(permit).unwrap()
    }

    fn receive_disclosure(
        &self,
        target: &DisclosureTarget,
    ) -> Result<EntryNumber, HoldFootageError> {
        let grant = self.disclosure_grant(Action::ReceiveDisclosure, target);
        let entry = DisclosureEntry::Received(Box::new(record(target)));
        self.vault.manage_disclosure(&grant, entry)
    }

    fn disclose(
        &self,
        action: Action,
        target: &DisclosureTarget,
        step: DisclosureStep,
    ) -> Result<EntryNumber, HoldFootageError> {
        let grant = self.disclosure_grant(action, target);
        let entry = DisclosureEntry::Step(step, DisclosureNote::default());
        self.vault.manage_disclosure(&grant, entry)
    }

    fn rotate_on(&self, clock: &TestClock, start: domain::WallTime, days: u32) {
        clock.advance((start + DAY * days).since(clock.wall()));
        self.vault.flush();
        self.vault.settle();
        self.rotate().unwrap();
    }
}

/// Filmed a day before its time is over; then asked for minutes 18 to 22 of the first camera.
fn place_and_ask(clock: &TestClock, house: &House) -> (DisclosureTarget, domain::WallTime) {
    let start = clock.wall();
    filmed(house, clock);
    clock.advance((start + DAY * 29).since(clock.wall()));
    let hold = hold_of(1, &[1], start + MINUTE * 18, 4, clock.wall() + DAY * 90);
    let cameras = hold.cameras().to_vec();
    (DisclosureTarget { disclosure: None, cameras, hold: Some(HeldFor::Until(hold)) }, start)
}

#[test]
fn k6_what_another_body_asks_for_is_held_until_it_was_given() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    let feed = crate::house::feed(1);
    let disclosure = house.receive_disclosure(&target).unwrap();
    assert_eq!(house.ledger.disclosure(disclosure).unwrap().receipt(), "2026-1");
    house.rotate_on(&clock, start, 31);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    let named = DisclosureTarget { disclosure: Some(disclosure), hold: None, ..target.clone() };
    let decision = DisclosureDecision::Granted;
    let granted = DisclosureStep::Decided { disclosure, decision };
    house.disclose(Action::DecideDisclosure, &named, granted).unwrap();
    // It survives a restart.
    house.close();
    let house = House::new(&place, &clock);
    let fact = house.ledger.disclosure(disclosure).unwrap();
    assert_eq!((fact.detail.is_some(), fact.steps.len()), (true, 1));
    house.rotate_on(&clock, start, 40);
    assert_eq!(house.seen_minutes(feed, start), [20].into());
    // Given: then it is kept no longer.
    let held = target.hold.as_ref().unwrap().hold().clone();
    let released = DisclosureTarget { hold: Some(HeldFor::Released(held)), ..named };
    let given = DisclosureStep::Provided { disclosure };
    house.disclose(Action::ContinueDisclosure, &released, given).unwrap();
    house.rotate_on(&clock, start, 41);
    assert!(house.seen_minutes(feed, start).is_empty());
}

/// The control: without the hold in the same act nothing is left of it.
#[test]
fn k6_a_disclosure_without_its_hold_keeps_nothing() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, start) = place_and_ask(&clock, &house);
    house.receive_disclosure(&DisclosureTarget { hold: None, ..target }).unwrap();
    house.rotate_on(&clock, start, 31);
    assert!(house.seen_minutes(crate::house::feed(1), start).is_empty());
}

#[test]
fn a_grant_of_one_act_enters_no_step_of_another() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let (target, _) = place_and_ask(&clock, &house);
    let disclosure = house.receive_disclosure(&target).unwrap();
    let named = DisclosureTarget { disclosure: Some(disclosure), hold: None, ..target.clone() };
    let decision = DisclosureDecision::Granted;
    let steps = [
        (Action::DecideDisclosure, DisclosureStep::Decided { disclosure, decision }),
        (Action::CompelDisclosure, DisclosureStep::Compelled { disclosure }),
        (Action::ReviewDisclosure, DisclosureStep::Reviewed { disclosure }),
        (Action::ContinueDisclosure, DisclosureStep::Provided { disclosure }),
    ];
    for (action, _) in &steps {
        for (needed, step) in &steps {
            let done = house.disclose(*action, &named, step.clone());
            assert_eq!(done.is_ok(), action == needed, "{action:?} {step:?}");
        }
        let other = EntryNumber { index: disclosure.index + 1, ..disclosure };
        let of_other = house.disclose(
            Action::DecideDisclosure,
            &named,
            DisclosureStep::Decided { disclosure: other, decision },
        );
        assert!(matches!(of_other, Err(HoldFootageError::NotGranted)));
    }
    let grant = house.disclosure_grant(Action::ReceiveDisclosure, &target);
    let other = DisclosureRecord { hold: None, ..record(&target) };
    let refused = house.vault.manage_disclosure(&grant, DisclosureEntry::Received(Box::new(other)));
    assert!(matches!(refused, Err(HoldFootageError::NotGranted)));
}
