//! K9: single minutes go before their time by two people alone, and what is around them stays.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, Action, CameraId, EntryNumber, Role, WallTime};
use host::{Clock as _, Disk};
use ledger::act::DestroyMinutes;
use ledger::{Grant, GrantEnded};
use rules::{Approval, Ask, Facts, Proposal, Target, decide};
use testkit::{TestClock, TestWitness};
use vault::DestroyMinutesError;

use crate::early::{cosign, witnessed_ledger};
use crate::holds::{MINUTE, filmed, hold_of};
use crate::house::{Camera, DAY, HOUR, House, Place, Start, person};
use crate::keys::{self, files_with};

struct Scene {
    place: Place,
    clock: TestClock,
    start: WallTime,
    house: House,
    witness: TestWitness,
    cameras: Vec<Camera>,
}

impl Scene {
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let start = clock.wall();
        let (ledger, witness) = witnessed_ledger(&place, &(Arc::new(Disk) as _), &clock);
        let disk = Arc::new(Disk);
        let house = House::open_over(&place, disk, &clock, Start::default(), ledger).unwrap();
        let cameras = filmed(&house, &clock);
        clock.advance(2 * HOUR);
        house.vault.flush();
        house.vault.settle();
        let mut scene = Self { place, clock, start, house, witness, cameras };
        scene.cosign();
        scene
    }

    fn cosign(&mut self) {
        cosign(&self.house.ledger, &mut self.witness);
    }

    /// On what two people agreed to a day ago, not cosigned yet.
    fn grant(&self, from: WallTime, minutes: u32) -> Grant<DestroyMinutes> {
        let camera = CameraId::from_bytes([1; 16]);
        let to = from + MINUTE * minutes;
        let target = Target::Footage { cameras: vec![camera], from, to };
        let (one, other) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
        let now = self.clock.wall();
        let approval = Approval::Approved { by: other, roles: vec![Role::Manager], at: now - DAY };
        let proposal = Proposal {
            action: Action::DestroyMinutes,
            target: target.clone(),
            proposed_by: one,
            proposer_roles: vec![Role::Officer],
            until: now + DAY,
            approval,
        };
        let ask = Ask {
            actor: person(1),
            action: Action::DestroyMinutes,
            target,
            purpose: None,
            proposal: Some(EntryNumber { year: 2026, index: 1 }),
        };
        let facts =
            Facts { roles: vec![Role::Officer], proposal: Some(proposal), ..Facts::nobody() };
        self.house.ledger.admit_blocking(decide(ask, &facts, now).unwrap()).unwrap()
    }

    /// What is known before the intent.
    fn check(&self, from: WallTime, minutes: u32) -> Result<(), DestroyMinutesError> {
        let span = (from, from + MINUTE * minutes);
        self.house.vault.check_minutes(&[CameraId::from_bytes([1; 16])], span)
    }

    fn destroy(&mut self, from: WallTime, minutes: u32) -> Result<u64, DestroyMinutesError> {
        let grant = self.grant(from, minutes);
        self.cosign();
        let report = self.house.vault.destroy_minutes(&grant)?;
        self.house.vault.settle();
        Ok(report.minutes_kept)
    }
}

#[test]
fn k9_one_minute_goes_and_what_is_around_it_stays() {
    let mut scene = Scene::new();
    let start = scene.start;
    let key = {
        let buckets = keys::buckets(&scene.house.root);
        assert_eq!(buckets.len(), 4);
        let first = buckets.values().filter(|bucket| bucket.start == start);
        first.map(|bucket| bucket.key).collect::<Vec<_>>()
    };
    assert_eq!(scene.destroy(start + MINUTE * 20, 1).unwrap(), 59);
    let check = |house: &House, cameras: &[Camera]| {
        assert_eq!(house.seen_minutes(cameras[0].feed, start), [5, 40, 65, 80, 100].into());
        assert_eq!(house.seen_minutes(cameras[1].feed, start), [5, 20, 40, 65, 80, 100].into());
        assert!(!house.openable().contains(&(cameras[0].feed, start + MINUTE * 20)));
        assert_eq!(house.openable().len(), 11);
        assert_eq!(house.vault.check().faults, []);
    };
    check(&scene.house, &scene.cameras);
    assert!(matches!(scene.check(start + MINUTE * 20, 1), Err(DestroyMinutesError::Nothing)));
    scene.check(start + MINUTE * 40, 1).unwrap();
    // To ask changes nothing.
    check(&scene.house, &scene.cameras);
    assert_eq!(keys::destroyed(&scene.house.root, &scene.house.ledger).len(), 1);
    // One of the first hour's two keys is nowhere any more.
    let gone = key.iter().filter(|key| keys_on_disk(&scene.house, key)).count();
    assert_eq!(gone, 1);
    // A minute of what was split already goes by itself.
    assert_eq!(scene.destroy(start + MINUTE * 40, 1).unwrap(), 0);
    assert_eq!(scene.house.seen_minutes(scene.cameras[0].feed, start), [5, 65, 80, 100].into());
    scene.house.close();

    // After a start the rest is still there, and goes in its time.
    let house = House::new(&scene.place, &scene.clock);
    assert_eq!(house.openable().len(), 10);
    scene.clock.advance(30 * DAY);
    let report = house.rotate().unwrap();
    assert_eq!((report.buckets, report.minutes), (3, 58));
    assert!(house.openable().is_empty());
    house.close();
}

/// Whether a bucket with this key is in the keyring that is held.
fn keys_on_disk(house: &House, key: &[u8; 32]) -> bool {
    assert!(files_with(&house.root, key).is_empty(), "never in the clear");
    keys::buckets(&house.root).values().any(|bucket| bucket.key == *key)
}

#[test]
fn k6_k9_what_is_held_or_not_cosigned_does_not_go_and_the_control_does() {
    let mut scene = Scene::new();
    let minute = scene.start + MINUTE * 20;
    let grant = scene.grant(minute, 1);
    let refused = scene.house.vault.destroy_minutes(&grant);
    assert!(matches!(refused, Err(DestroyMinutesError::Ended(GrantEnded::NotCosigned))));
    let hold = hold_of(1, &[1], scene.start, 21, scene.clock.wall() + DAY);
    scene.house.hold(Action::HoldFootage, &hold).unwrap();
    assert!(matches!(scene.check(minute, 5), Err(DestroyMinutesError::Held)));
    let refused = scene.destroy(minute, 5);
    assert!(matches!(refused, Err(DestroyMinutesError::Held)), "{refused:?}");
    assert_eq!(keys::buckets(&scene.house.root).len(), 4);
    // The control: when the hold has ended it goes.
    scene.house.hold(Action::ReleaseHold, &hold).unwrap();
    scene.check(minute, 5).unwrap();
    scene.destroy(minute, 5).unwrap();
    assert!(!scene.house.seen_minutes(scene.cameras[0].feed, scene.start).contains(&20));
    scene.house.close();
}

#[test]
fn k9_what_is_still_written_or_in_doubt_does_not_go() {
    let mut scene = Scene::new();
    let now = scene.clock.wall();
    scene.cameras[0].shoot(true, Duration::from_secs(1), 300);
    scene.house.vault.flush();
    let refused = scene.destroy(now.floor(MINUTE), 1);
    assert!(matches!(refused, Err(DestroyMinutesError::Written)), "{refused:?}");
    scene.clock.set_wall(now + DAY / 2);
    let refused = scene.destroy(scene.start, 30);
    assert!(matches!(refused, Err(DestroyMinutesError::Frozen)), "{refused:?}");
    assert_eq!(keys::buckets(&scene.house.root).len(), 5);
    scene.house.close();
}
