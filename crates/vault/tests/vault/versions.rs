//! K5 as far as there is anything to scale out to: closed reels in a store that keeps every version
//! of every object for ever, as a bucket with versions and a lock does, and every copy of the data
//! folder that was ever taken, but for the slots of the holder after a destruction.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use host::Clock as _;
use testkit::TestClock;

use crate::devices::{commitments, scan_files};
use crate::house::{Camera, DAY, HOUR, House, Place, Start};
use crate::keys;
use crate::objects::Carried;

const KEPT: std::time::Duration = DAY;
const SLOTS: &str = "vault/holder.slots";

/// What the attacker has gathered: every file of every copy, each content once.
#[derive(Default)]
struct Gathered {
    files: Vec<(PathBuf, Vec<u8>)>,
    looked: BTreeSet<Vec<u8>>,
    /// The slots of the holder as each copy had them: not in the kit but for the last, since no
    /// system can undo a copy of a key that was taken before.
    slots: Vec<Vec<u8>>,
}

impl Gathered {
    fn take(&mut self, files: Vec<(PathBuf, Vec<u8>)>) {
        for (path, bytes) in files {
            if path.ends_with(SLOTS) {
                self.slots.push(bytes);
            } else if self.looked.insert(digest(&SHA256, &bytes).as_ref().to_vec()) {
                self.files.push((path, bytes));
            }
        }
    }

    /// All of it with the slots of one moment.
    fn with_slots(&self, slots: &[u8]) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = self.files.clone();
        files.push((SLOTS.into(), slots.to_vec()));
        files
    }
}

/// Five days of which one is kept; reels go to the store when they are closed, and copies are taken
/// before and after each destruction.
fn five_days(
    place: &Place,
    clock: &TestClock,
    store: &Carried,
) -> (House, Camera, Gathered, Vec<Place>) {
    let fs = Arc::new(store.clone());
    let house = House::open(place, fs, clock, Start::default()).unwrap();
    let mut camera = house.camera(1, KEPT);
    let (mut gathered, mut backups) = (Gathered::default(), Vec::new());
    for number in 0..30 {
        camera.film_a_second();
        house.vault.flush();
        clock.advance(4 * HOUR);
        house.vault.flush();
        store.carry(&place.root().join("a/reels"));
        gathered.take(keys::files(&place.root()));
        if number % 7 == 4 {
            backups.push(place.copy());
        }
        house.rotate().unwrap();
    }
    gathered.take(keys::files(&place.root()));
    gathered.take(store.versions());
    (house, camera, gathered, backups)
}

#[test]
fn k5_every_version_and_every_copy_ever_give_nothing_destroyed_back() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let store = Carried::default();
    let (house, camera, gathered, backups) = five_days(&place, &clock, &store);
    let now = clock.wall();
    let is_gone = |wall: domain::WallTime| wall + KEPT < now;
    let gone = camera.filmed.iter().filter(|(wall, _)| is_gone(*wall)).count();
    assert!(gone >= 40, "{gone}");
    let objects = store.versions().len();
    assert!(
        store.current() < objects / 2,
        "what is expired was deleted, and every version is there"
    );

    // Everything that was ever written, with all keys that there are now.
    let current = gathered.slots.last().unwrap();
    let opened = keys::openable(&gathered.with_slots(current));
    assert_eq!(opened.keys().filter(|(_, wall)| is_gone(*wall)).count(), 0);
    let kept = camera.filmed.iter().filter(|(wall, _)| !is_gone(*wall));
    assert!(kept.clone().count() > 4);
    // The kit works: what is not destroyed opens.
    assert!(kept.clone().all(|(wall, bytes)| opened.get(&(camera.feed, *wall)) == Some(bytes)));

    // No key that the ledger says is destroyed stands anywhere.
    let mut wanted = commitments(&house, &place);
    let newest = wanted.keys().filter_map(|it| it.strip_prefix("vault key ")?.parse::<u64>().ok());
    let newest = format!("vault key {}", newest.max().unwrap());
    wanted.remove(&newest);
    assert!(wanted.len() > 20, "{}", wanted.len());
    scan_files(gathered.with_slots(current), &wanted).unwrap();
    let (from, reported) = (camera.filmed[0].0, keys::destroyed(&place.root(), &house.ledger));
    assert!(reported.len() >= 20);
    house.close();

    // Each backup with the keys of now, the store with every version, and the product over it.
    let mut started = 0;
    for backup in &backups {
        std::fs::write(backup.root().join(SLOTS), current).unwrap();
        let whole = store.with_every_version_below(&place.root(), &backup.root());
        let opened = House::open(backup, Arc::new(whole), &clock, Start::default());
        let Ok(house) = opened else { continue };
        started += 1;
        let seen = house.seen(camera.feed, from, now);
        assert_eq!(seen.iter().filter(|(wall, _)| is_gone(*wall)).count(), 0);
        house.close();
    }
    eprintln!(
        "{gone} pictures destroyed, {objects} versions, {} files, {started} of {} backups opened",
        gathered.files.len(),
        backups.len()
    );
}

/// The control: one copy of the slots from before a destruction, and what was destroyed is back.
#[test]
fn k5_control_a_copy_of_the_slots_from_before_gives_the_footage_back() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let store = Carried::default();
    let (house, camera, gathered, _) = five_days(&place, &clock, &store);
    let now = clock.wall();
    let old = gathered.with_slots(&gathered.slots[gathered.slots.len() / 2]);
    let opened = keys::openable(&old);
    let back = opened.keys().filter(|(_, wall)| *wall + KEPT < now).count();
    assert!(back >= 8, "{back} pictures of {}", camera.filmed.len());
    let mut wanted = commitments(&house, &place);
    wanted.retain(|what, _| what.starts_with("vault key"));
    assert!(scan_files(old, &wanted).unwrap_err().contains("vault key"));
    house.close();
}
