//! K6: a hold wins over expiry, and expiry wins after its release; of a bucket that is due only the
//! minutes survive that are held.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Action, CameraId, Feed, Hold, HoldId, WallTime};
use host::Clock as _;
use ledger::act::ManageHolds;
use testkit::TestClock;
use vault::HoldFootageError;

use crate::house::{Camera, DAY, HOUR, House, Place, person, seconds};
use crate::keys::{self, files_with};
use rules::Target;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// A hold of some minutes of some cameras.
pub(crate) fn hold_of(
    id: u8,
    cameras: &[u8],
    from: WallTime,
    minutes: u32,
    until: WallTime,
) -> Hold {
    let cameras = cameras.iter().map(|number| CameraId::from_bytes([*number; 16])).collect();
    let id = HoldId::from_bytes([id; 16]);
    Hold::new(id, "2026-17", cameras, (from, from + MINUTE * minutes), until).unwrap()
}

impl House {
    /// Places, renews or releases a hold.
    pub(crate) fn hold(&self, action: Action, hold: &Hold) -> Result<(), HoldFootageError> {
        let grant = self.admit::<ManageHolds>(person(1), action, Target::Hold(hold.clone()));
        self.vault.manage_hold(&grant).map(drop)
    }

    /// The minutes of a feed of which anything can be seen, counted from a moment.
    pub(crate) fn seen_minutes(&self, feed: Feed, from: WallTime) -> BTreeSet<u64> {
        let seen = self.seen(feed, from, from + DAY);
        seen.iter().map(|(wall, _)| wall.since(from).as_secs() / 60).collect()
    }

    /// What the disk gives away.
    pub(crate) fn openable(&self) -> BTreeSet<(Feed, WallTime)> {
        let (buckets, minutes) = (keys::buckets(&self.root), keys::minutes(&self.root));
        keys::frames_by(&self.root, &buckets, &minutes).into_keys().collect()
    }
}

/// Two cameras filmed for a second in minutes 5, 20 and 40 of two hours.
pub(crate) fn filmed(house: &House, clock: &TestClock) -> Vec<Camera> {
    let start = clock.wall();
    let mut cameras: Vec<Camera> = (1..3).map(|number| house.camera(number, 30 * DAY)).collect();
    for hour in 0..2 {
        for minute in [5, 20, 40] {
            clock.advance((start + HOUR * hour + MINUTE * minute).since(clock.wall()));
            cameras.iter_mut().for_each(|camera| camera.shoot(true, seconds(1), 300));
            house.vault.flush();
            clock.advance(seconds(1));
            house.vault.flush();
        }
    }
    cameras
}

#[test]
fn k6_only_the_held_minutes_survive_their_bucket_and_go_when_they_are_released() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let start = clock.wall();
    let house = House::new(&place, &clock);
    let cameras = filmed(&house, &clock);
    let until = start + DAY * 60;
    let hold = hold_of(1, &[1], start + MINUTE * 18, 4, until);
    house.hold(Action::HoldFootage, &hold).unwrap();
    let known = keys::buckets(&house.root);
    clock.advance(30 * DAY - clock.wall().since(start));
    house.vault.flush();
    house.vault.settle();
    let reels = || std::fs::read_dir(house.root.join("a/reels")).unwrap().count();
    assert!(reels() > 2);
    let report = house.rotate().unwrap();
    assert_eq!((report.buckets, report.minutes_kept), (4, 4));
    assert_eq!(reels(), 1, "only the reel stays in which a held minute lies");
    assert!(keys::buckets(&house.root).is_empty());
    assert_eq!(keys::minutes(&house.root).len(), 4);
    let check = |house: &House| {
        assert_eq!(house.seen_minutes(cameras[0].feed, start), [20].into());
        assert!(house.seen_minutes(cameras[1].feed, start).is_empty());
        assert_eq!(house.openable(), [(cameras[0].feed, start + MINUTE * 20)].into());
        assert_eq!(house.vault.check().faults, []);
        // The keys of the minutes are published, and of no bucket it is said that it is there.
        let made = keys::listed(&house.root, &house.ledger, "keys");
        assert_eq!(made.keys().filter(|name| name.contains('/')).count(), 4);
        assert_eq!(keys::destroyed(&house.root, &house.ledger).len(), 4);
    };
    check(&house);
    // The timeline is told which minutes are left, and until when.
    let expires_at = start + DAY * 30 - HOUR;
    let parts = house.vault.opener().kept(cameras[0].feed).parts(start, start + HOUR, expires_at);
    let there: Vec<_> = parts.iter().filter_map(|it| Some((it.from, it.to, it.until?))).collect();
    assert_eq!(there, [(start + MINUTE * 18, start + MINUTE * 22, until)]);
    house.close();
    let house = House::new(&place, &clock);
    check(&house);
    // Nothing of it is due as long as it is held.
    clock.advance(HOUR);
    assert!(!house.vault.is_destruction_due());

    house.hold(Action::ReleaseHold, &hold).unwrap();
    let minute = *keys::minutes(&house.root).values().next().unwrap();
    let report = house.rotate().unwrap();
    assert_eq!((report.buckets, report.minutes), (0, 4));
    assert!(house.openable().is_empty() && keys::minutes(&house.root).is_empty());
    assert_eq!(std::fs::read_dir(house.root.join("a/reels")).unwrap().count(), 0);
    let gone = keys::listed(&house.root, &house.ledger, "destroyed");
    let made = keys::listed(&house.root, &house.ledger, "keys");
    assert!(gone.iter().all(|(name, key)| made.get(name) == Some(key)), "{made:?} {gone:?}");
    assert_eq!(gone.len(), 8);
    for key in known.values().map(|bucket| bucket.key).chain([minute]) {
        assert!(files_with(&house.root, &key).is_empty());
    }
    house.close();
}

#[test]
fn k6_control_without_a_hold_all_of_it_goes() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let start = clock.wall();
    let house = House::new(&place, &clock);
    let cameras = filmed(&house, &clock);
    clock.advance(30 * DAY - clock.wall().since(start));
    // The last reel is closed by now, or it would be left until it is.
    house.vault.flush();
    house.vault.settle();
    let report = house.rotate().unwrap();
    assert_eq!((report.buckets, report.minutes_kept), (4, 0));
    assert!(house.seen_minutes(cameras[0].feed, start).is_empty());
    assert_eq!(std::fs::read_dir(house.root.join("a/reels")).unwrap().count(), 0);
    house.close();
}

#[test]
fn k6_what_two_hold_is_kept_until_the_last_of_them_ends() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let start = clock.wall();
    let house = House::new(&place, &clock);
    let cameras = filmed(&house, &clock);
    let seen = || house.seen_minutes(cameras[0].feed, start);
    let one = hold_of(1, &[1, 2], start, 30, start + DAY * 60);
    let other = hold_of(2, &[1], start + MINUTE * 15, 30, start + DAY * 40);
    house.hold(Action::HoldFootage, &one).unwrap();
    house.hold(Action::HoldFootage, &other).unwrap();
    clock.advance(30 * DAY - clock.wall().since(start));
    house.rotate().unwrap();
    assert_eq!(seen(), [5, 20, 40].into());
    house.hold(Action::ReleaseHold, &one).unwrap();
    house.rotate().unwrap();
    assert_eq!(seen(), [20, 40].into());
    // It was renewed in time, and lapses then.
    let renewed = other.renewed(start + DAY * 50);
    house.hold(Action::RenewHold, &renewed).unwrap();
    clock.advance(12 * DAY);
    house.rotate().unwrap();
    assert_eq!(seen(), [20, 40].into());
    clock.advance(9 * DAY);
    house.rotate().unwrap();
    assert!(seen().is_empty());
    let late = house.hold(Action::RenewHold, &renewed.renewed(start + DAY * 70));
    assert!(matches!(late, Err(HoldFootageError::Over)));
    house.close();
}

#[test]
fn k6_a_hold_is_renewed_and_released_as_it_is_and_not_made_another() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let (start, house) = (clock.wall(), House::new(&place, &clock));
    let hold = hold_of(1, &[1], start, 30, start + DAY * 60);
    let unknown = house.hold(Action::RenewHold, &hold);
    assert!(matches!(unknown, Err(HoldFootageError::Unknown)));
    house.hold(Action::HoldFootage, &hold).unwrap();
    assert!(matches!(house.hold(Action::HoldFootage, &hold), Err(HoldFootageError::Taken)));
    let wider = hold_of(1, &[1], start, 31, start + DAY * 61);
    for action in [Action::RenewHold, Action::ReleaseHold] {
        assert!(matches!(house.hold(action, &wider), Err(HoldFootageError::Unknown)));
    }
    house.hold(Action::ReleaseHold, &hold).unwrap();
    assert!(matches!(house.hold(Action::ReleaseHold, &hold), Err(HoldFootageError::Over)));
    let (fact, is_active) = house.vault.holds().unwrap().remove(0);
    assert!(!is_active && fact.record.released.is_some());
    house.close();
}
