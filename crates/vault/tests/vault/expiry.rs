//! K1, K3: what is due is gone in time, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::{BucketId, WallTime};
use host::Clock as _;
use testkit::TestClock;

use crate::house::{Camera, DAY, HOUR, House, Place, retention, seconds};
use crate::keys::{self, FoundBucket, files_with};

/// Every key that ever was, to look for the destroyed ones.
#[derive(Default)]
struct Seen {
    vault_keys: BTreeMap<u64, [u8; 32]>,
    buckets: BTreeMap<BucketId, FoundBucket>,
    /// Epochs whose key was looked for in every file and not found.
    gone: BTreeSet<u64>,
}

impl Seen {
    fn look(&mut self, house: &House) {
        self.vault_keys.extend(keys::vault_keys(&house.root));
        self.buckets.extend(keys::buckets(&house.root));
    }
}

/// What must hold after each rotation, for somebody with the whole disk and every key that was ever
/// held but those that were destroyed.
fn check(house: &House, camera: &Camera, length: Duration, seen: &mut Seen) -> Result<(), String> {
    let now = house.clock.wall();
    let kept = keys::buckets(&house.root);
    let openable = keys::frames(&house.root, &kept);
    if let Some((_, wall)) = openable.keys().find(|(_, wall)| *wall + length < now) {
        return Err(format!("a frame of {wall} opens at {now}"));
    }
    let due = retention(length);
    for (wall, bytes) in &camera.filmed {
        let start = wall.floor(due.bucket_length());
        let survives = due.expires_at(start) >= now + due.bucket_length();
        match openable.get(&(camera.feed, *wall)) {
            None if survives => return Err(format!("a frame of {wall} is lost at {now}")),
            Some(found) if found != bytes => return Err(format!("a frame of {wall} is changed")),
            _ => {}
        }
    }
    let held = keys::vault_keys(&house.root);
    for (epoch, key) in &seen.vault_keys {
        if held.contains_key(epoch) || !seen.gone.insert(*epoch) {
            continue;
        }
        if !files_with(&house.root, key).is_empty() {
            return Err(format!("the vault key of epoch {epoch} is still on the disk"));
        }
    }
    seen.look(house);
    Ok(())
}

fn reels_on_disk(house: &House) -> usize {
    std::fs::read_dir(house.root.join("a/reels")).unwrap().count()
}

#[test]
fn k1_k3_of_ninety_seconds_nothing_older_is_ever_there() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, seconds(90));
    let (mut seen, mut next) = (Seen::default(), clock.elapsed());
    let mut destroyed = 0;
    for _ in 0..200 {
        camera.film_a_second();
        house.vault.flush();
        if clock.elapsed() >= next {
            next = next + house.vault.rotation_interval();
            destroyed += house.rotate().unwrap().buckets;
        }
        check(&house, &camera, seconds(90), &mut seen).unwrap();
    }
    assert!(destroyed >= 25, "{destroyed} buckets of 3.75 seconds went");
    assert!(reels_on_disk(&house) < 30, "the ciphertext went too");
    assert_destroyed_are_gone(&house, &seen);

    // The control: time goes by and nobody rotates.
    clock.advance(seconds(90));
    assert!(check(&house, &camera, seconds(90), &mut seen).is_err());
    house.rotate().unwrap();
    check(&house, &camera, seconds(90), &mut seen).unwrap();
    house.close();
}

/// No destroyed bucket's key is anywhere, the ledger says of each that it was destroyed, and of none
/// that is there.
fn assert_destroyed_are_gone(house: &House, seen: &Seen) {
    let kept = keys::buckets(&house.root);
    let reported = keys::destroyed(&house.root, &house.ledger);
    let gone: BTreeSet<BucketId> =
        seen.buckets.keys().copied().filter(|id| !kept.contains_key(id)).collect();
    assert!(!gone.is_empty());
    assert_eq!(gone, reported);
    let held = keys::vault_keys(&house.root);
    let old = seen.vault_keys.iter().filter(|(epoch, _)| !held.contains_key(epoch));
    let old: Vec<_> = old.map(|(_, key)| *key).collect();
    assert!(!old.is_empty() && old.iter().all(|key| files_with(&house.root, key).is_empty()));
    for id in gone {
        assert!(files_with(&house.root, &seen.buckets[&id].key).is_empty(), "{id}");
    }
}

#[test]
fn k1_k3_of_thirty_days_the_hours_go_one_by_one() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, 30 * DAY);
    let mut seen = Seen::default();
    for _ in 0..4 {
        camera.film_a_second();
        house.vault.flush();
        seen.look(&house);
        clock.advance(HOUR - seconds(1));
    }
    clock.advance(30 * DAY - 7 * HOUR);
    let mut gone = Vec::new();
    for hour in 0..8 {
        camera.film_a_second();
        house.vault.flush();
        if house.rotate().unwrap().buckets > 0 {
            gone.push(hour);
        }
        check(&house, &camera, 30 * DAY, &mut seen).unwrap();
        clock.advance(HOUR - seconds(1));
    }
    // Filmed in hours 0 to 3, looked at from hour 717 on: each goes in its 719th or 718th.
    assert_eq!(gone.len(), 4, "one at a time: {gone:?}");
    assert_destroyed_are_gone(&house, &seen);
    assert_eq!(house.vault.status().destruction.frozen, None);
    house.close();
}

/// A frame is kept for the time that was promised when it was filmed, also when that was changed in
/// the middle of its bucket's hour; counters go on over the change.
#[test]
fn k1_k3_a_changed_retention_governs_what_is_filmed_from_then_on() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut filmed = Vec::new();
    for length in [30 * DAY, 2 * DAY, 60 * DAY] {
        let mut camera = house.camera(1, length);
        camera.film_a_second();
        house.vault.flush();
        filmed.push(camera.filmed.clone());
        assert_eq!(camera.sealer.status().frames, 2 * filmed.len() as u64);
    }
    let kept = || {
        let openable = keys::frames(&house.root, &keys::buckets(&house.root));
        let is_there = |filmed: &Vec<(WallTime, _)>| {
            filmed.iter().all(|(wall, _)| openable.keys().any(|(_, at)| at == wall))
        };
        filmed.iter().map(is_there).collect::<Vec<_>>()
    };
    assert_eq!(kept(), [true, true, true]);
    for (days, expected) in [(2, [true, false, true]), (28, [false, false, true])] {
        clock.advance(DAY * days);
        house.rotate().unwrap();
        house.vault.flush();
        assert_eq!(kept(), expected, "after {days} days more");
    }
    house.close();
}

/// A chunk that waited until its bucket was due is not recorded, and nothing falls over.
#[test]
fn k3_what_comes_too_late_is_a_gap_and_no_footage() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, seconds(24));
    camera.film_a_second();
    let late = clock.wall();
    clock.advance(seconds(30));
    camera.sealer.declare_gap(
        late - seconds(3600),
        late - seconds(3000),
        domain::GapCause::CameraUnreachable,
        0,
    );
    house.vault.flush();
    camera.film_a_second();
    house.vault.flush();
    house.rotate().unwrap();
    house.vault.settle();
    let openable = keys::frames(&house.root, &keys::buckets(&house.root));
    assert!(openable.keys().all(|(_, wall)| *wall > late));
    assert_eq!(openable.len(), 2);
    assert_eq!(camera.sealer.status().frames, 2);
    assert_eq!(camera.sealer.status().frames_lost, 2);
    house.vault.flush();
    house.vault.settle();
    assert_eq!(house.listed.gaps_of(domain::GapCause::Overload).len(), 1);
    assert_eq!(house.listed.gaps_of(domain::GapCause::CameraUnreachable).len(), 1);
    house.close();
}

/// A reel that is still being written is not taken away beneath its writer, and no ghost is listed.
#[test]
fn k3_an_open_reel_that_is_due_goes_when_it_is_closed() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    clock.advance(31 * DAY);
    assert_eq!(house.rotate_now().unwrap().buckets, 1);
    house.vault.flush();
    house.rotate().unwrap();
    house.vault.settle();
    assert_eq!(reels_on_disk(&house), 0);
    assert!(house.listed.ids().is_empty());
    let from: WallTime = camera.filmed[0].0;
    assert!(house.seen(camera.feed, from, from + seconds(60)).is_empty());
    house.close();
}
