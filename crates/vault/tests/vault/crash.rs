//! K4, R1, R2: whatever the moment at which the machine ends, nothing durable is lost and nothing is
//! said that is not so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use domain::{Action, BucketId, Feed, WallTime};
use host::{Clock as _, Disk, File, Fs, FsResult, Space};
use testkit::disk::{Effect, Select};
use testkit::{Fault, FaultyDisk, TestClock};

use crate::holds::hold_of;
use crate::house::{Camera, DAY, HOUR, House, Place, Start, end, seconds};
use crate::keys::{self, FoundBucket, FoundMinutes, files_with};

/// How the machine ends, and whether what was not synced is lost with it.
const ENDS: [(Effect, bool); 4] = [
    (Effect::Die, false),
    (Effect::DieTorn(40), false),
    (Effect::Die, true),
    (Effect::DieTorn(3), true),
];

/// A recorder with an hour that is due, and one that is not; stopped.
struct Due {
    place: Place,
    clock: TestClock,
    vault_keys: Vec<[u8; 32]>,
    buckets: BTreeMap<BucketId, FoundBucket>,
    /// Minutes that outlived their buckets and are let go.
    minutes: FoundMinutes,
    filmed: Vec<Camera>,
    /// Whose bucket is due and that is held.
    held: Vec<(Feed, WallTime)>,
}

impl Due {
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let house = House::open(&place, Arc::new(Disk), &clock, two_volumes()).unwrap();
        let mut filmed: Vec<Camera> = (1..3).map(|n| house.camera(n, 30 * DAY)).collect();
        for _ in 0..2 {
            filmed.iter_mut().for_each(Camera::film_a_second);
            house.vault.flush();
            clock.advance(2 * HOUR);
        }
        house.close();
        clock.advance(30 * DAY - 6 * HOUR);
        let root = place.root();
        let vault_keys = keys::vault_keys(&root).into_values().collect();
        let buckets = keys::buckets(&root);
        assert_eq!(buckets.len(), 4);
        let (minutes, held) = (FoundMinutes::new(), Vec::new());
        Self { place, clock, vault_keys, buckets, minutes, filmed, held }
    }

    /// A minute that outlived its bucket was let go, another is held whose bucket is due, and there
    /// is an hour that is not due.
    fn with_holds() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let start = clock.wall();
        let house = House::open(&place, Arc::new(Disk), &clock, two_volumes()).unwrap();
        let mut filmed: Vec<Camera> = (1..3).map(|n| house.camera(n, 30 * DAY)).collect();
        for hour in [0, 2, 4] {
            clock.advance((start + HOUR * hour).since(clock.wall()));
            filmed.iter_mut().for_each(|camera| camera.shoot(true, seconds(1), 300));
            house.vault.flush();
        }
        let let_go = hold_of(1, &[1], start, 1, start + 60 * DAY);
        let held = hold_of(2, &[2], start + HOUR * 2, 2, start + 60 * DAY);
        house.hold(Action::HoldFootage, &let_go).unwrap();
        house.hold(Action::HoldFootage, &held).unwrap();
        clock.advance(30 * DAY - HOUR - clock.wall().since(start));
        assert_eq!(house.rotate().unwrap().minutes_kept, 1);
        house.hold(Action::ReleaseHold, &let_go).unwrap();
        house.close();
        clock.advance(HOUR * 2);
        let root = place.root();
        let vault_keys = keys::vault_keys(&root).into_values().collect();
        let (buckets, minutes) = (keys::buckets(&root), keys::minutes(&root));
        assert_eq!((buckets.len(), minutes.len()), (4, 1));
        filmed.iter_mut().for_each(|camera| drop(camera.filmed.remove(0)));
        let held = vec![(filmed[1].feed, start + HOUR * 2)];
        Self { place, clock, vault_keys, buckets, minutes, filmed, held }
    }

    /// K4 as it must hold after a start that went well: of each bucket one of the two, and the
    /// ledger says which.
    fn check(&self, place: &Place, ledger: &ledger::Ledger) -> Result<(), String> {
        let kept = keys::buckets(&place.root());
        let reported = keys::destroyed(&place.root(), ledger);
        let minutes = keys::minutes(&place.root());
        let frames = keys::frames_by(&place.root(), &kept, &minutes);
        let names = keys::listed(&place.root(), ledger, "destroyed");
        let made = keys::listed(&place.root(), ledger, "keys");
        for (bucket, number) in self.minutes.keys().chain(minutes.keys()) {
            let name = format!("{bucket}/{number}");
            if minutes.contains_key(&(*bucket, *number)) == names.contains_key(&name) {
                return Err(format!("{name} opens and is reported destroyed, or neither"));
            }
            if reported.contains(bucket) != made.contains_key(&name) {
                return Err(format!("{name} is there and its key is not published"));
            }
        }
        if let Some((_, wall)) = self.held.iter().find(|frame| !frames.contains_key(frame)) {
            return Err(format!("what is held of {wall} is lost"));
        }
        for id in self.buckets.keys() {
            match (kept.contains_key(id), reported.contains(id)) {
                (true, true) => return Err(format!("{id} is reported destroyed and opens")),
                (false, false) => return Err(format!("{id} is lost and not reported")),
                _ => {}
            }
        }
        let survivors =
            self.buckets.values().filter(|bucket| bucket.expires_at >= self.clock.wall() + HOUR);
        let survivors: BTreeSet<WallTime> = survivors.map(|bucket| bucket.start).collect();
        for camera in &self.filmed {
            for (wall, bytes) in &camera.filmed {
                let survives = survivors.contains(&wall.floor(HOUR));
                if survives && frames.get(&(camera.feed, *wall)) != Some(bytes) {
                    return Err(format!("the survivor of {wall} is lost"));
                }
            }
        }
        let is_done = self.buckets.keys().any(|id| reported.contains(id));
        let old = self.vault_keys.iter().any(|key| !files_with(&place.root(), key).is_empty());
        if is_done && old { Err("the old vault key is still on the disk".into()) } else { Ok(()) }
    }
}

fn two_volumes() -> Start {
    Start { volumes: vec!["a", "b"], ..Start::default() }
}

/// Does `act` on a copy with the machine ending at one operation after another, until it ends by
/// itself; after each end `check` looks at the copy. Gives how many ends there were: at every fourth
/// change, and with `JIKIM_TEST_SIZE=long` at each.
fn end_everywhere(
    due: &Due,
    act: impl Fn(&Place, &FaultyDisk, &dyn Fn()),
    check: impl Fn(&Place, &str),
) -> usize {
    let stride = if testkit::is_long() { 1 } else { 4 };
    let mut ends = 0;
    for (turn, (effect, power_too)) in ENDS.into_iter().enumerate() {
        let mut after = turn % stride;
        loop {
            let place = due.place.copy();
            let disk = FaultyDisk::new(&place.root());
            let begin = || disk.plan(Fault::new(Select::Changes, after, effect));
            act(&place, &disk, &begin);
            let finished = !disk.is_dead();
            end(&disk, &place.root());
            if power_too {
                disk.lose_power();
            }
            check(&place, &format!("{effect:?} after {after}, power too: {power_too}"));
            if finished {
                break;
            }
            ends += 1;
            after += stride;
        }
    }
    ends
}

fn reopened(due: &Due, place: &Place, when: &str) -> House {
    match House::open(place, Arc::new(Disk), &due.clock, two_volumes()) {
        Ok(house) => house,
        Err(error) => panic!("{when}: {error}"),
    }
}

#[test]
fn k4_a_rotation_can_be_cut_off_anywhere() {
    let due = Due::new();
    let rotate = |place: &Place, disk: &FaultyDisk, begin: &dyn Fn()| {
        let fs = Arc::new(disk.clone());
        let house = House::open(place, fs, &due.clock, two_volumes()).unwrap();
        begin();
        let _ = house.rotate_now();
    };
    let check = |place: &Place, when: &str| {
        let house = reopened(&due, place, when);
        due.check(place, &house.ledger).unwrap_or_else(|error| panic!("{when}: {error}"));
        // What was not done is done now, and nothing of it twice.
        house.rotate_now().unwrap();
        due.check(place, &house.ledger).unwrap_or_else(|error| panic!("{when}, then: {error}"));
        assert_eq!(keys::buckets(&place.root()).len(), 2, "{when}");
        house.close();
    };
    let ends = end_everywhere(&due, rotate, check);
    eprintln!("{ends} ends");
    assert!(ends > 40, "{ends}");
}

#[test]
fn k4_a_rotation_that_keeps_held_minutes_can_be_cut_off_anywhere() {
    let due = Due::with_holds();
    let rotate = |place: &Place, disk: &FaultyDisk, begin: &dyn Fn()| {
        let house = House::open(place, Arc::new(disk.clone()), &due.clock, two_volumes()).unwrap();
        begin();
        let _ = house.rotate_now();
    };
    let check = |place: &Place, when: &str| {
        let house = reopened(&due, place, when);
        due.check(place, &house.ledger).unwrap_or_else(|error| panic!("{when}: {error}"));
        house.rotate_now().unwrap();
        due.check(place, &house.ledger).unwrap_or_else(|error| panic!("{when}, then: {error}"));
        let (buckets, minutes) = (keys::buckets(&place.root()), keys::minutes(&place.root()));
        assert_eq!((buckets.len(), minutes.len()), (2, 2), "{when}");
        let (feed, wall) = due.held[0];
        assert_eq!(house.seen(feed, wall - HOUR, wall + HOUR).len(), 1, "{when}");
        house.close();
    };
    let ends = end_everywhere(&due, rotate, check);
    eprintln!("{ends} ends");
    assert!(ends > 40, "{ends}");
}

/// The control: the same, and the recorder does not know of the hold.
#[test]
fn k4_k6_control_a_rotation_that_does_not_know_of_the_hold_is_caught() {
    let due = Due::with_holds();
    let house = reopened(&due, &due.place, "control");
    let hold = house.vault.holds().unwrap().into_iter().find(|(_, is_active)| *is_active);
    house.hold(Action::ReleaseHold, &hold.unwrap().0.hold).unwrap();
    house.rotate_now().unwrap();
    let error = due.check(&due.place, &house.ledger).unwrap_err();
    assert!(error.contains("held"), "{error}");
    house.close();
}

/// The control: the old key destroyed before the new keyring is anywhere.
#[test]
fn k4_control_destroying_before_verifying_is_caught() {
    let due = Due::new();
    let slots = due.place.root().join("vault/holder.slots");
    let epoch = *keys::vault_keys(&due.place.root()).keys().next().unwrap();
    let mut bytes = std::fs::read(&slots).unwrap();
    let slot = usize::try_from(epoch % 2).unwrap() * 8192;
    bytes[slot..slot + 8192].fill(0);
    std::fs::write(&slots, bytes).unwrap();
    let ledger = crate::house::open_ledger(&due.place.root(), Arc::new(Disk), &due.clock);
    let error = due.check(&due.place, &ledger).unwrap_err();
    assert!(error.contains("lost and not reported"), "{error}");
    // And a start does not bury it under new keys.
    let opened = House::open_over(&due.place, Arc::new(Disk), &due.clock, two_volumes(), ledger);
    assert!(matches!(opened, Err(vault::OpenVaultError::VaultKeyMissing { .. })));
}

#[test]
fn k4_a_start_can_be_cut_off_anywhere() {
    let due = Due::new();
    // A rotation was decided, and a reel left open: the most that a start can find.
    let disk = FaultyDisk::new(&due.place.root());
    let house = House::open(&due.place, Arc::new(disk.clone()), &due.clock, two_volumes()).unwrap();
    let mut camera = house.camera(3, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    let slots = Fault::new(Select::Only(testkit::disk::Op::Write), 2, Effect::DieTorn(9));
    disk.plan(slots.on("holder.slots"));
    assert!(house.rotate_now().is_err());
    drop(house);

    let start = |place: &Place, disk: &FaultyDisk, begin: &dyn Fn()| {
        let fs: Arc<dyn Fs> = Arc::new(disk.clone());
        begin();
        let ledger = crate::house::try_ledger(&place.root(), Arc::clone(&fs), &due.clock);
        if let Ok(ledger) = ledger {
            drop(House::open_over(place, fs, &due.clock, two_volumes(), ledger));
        }
    };
    let check = |place: &Place, when: &str| {
        let house = reopened(&due, place, when);
        due.check(place, &house.ledger).unwrap_or_else(|error| panic!("{when}: {error}"));
        let frames = keys::frames(&place.root(), &keys::buckets(&place.root()));
        for (wall, bytes) in &camera.filmed {
            assert_eq!(frames.get(&(camera.feed, *wall)), Some(bytes), "{when}");
        }
        house.close();
    };
    let ends = end_everywhere(&due, start, check);
    eprintln!("{ends} ends");
    assert!(ends > 20, "{ends}");
}

/// Everything that is counted as durable is there, and nothing that was filmed before the last two
/// seconds is missing.
fn check_durable(place: &Place, cameras: &[Camera], safe: WallTime) -> Result<(), String> {
    let frames = keys::frames(&place.root(), &keys::buckets(&place.root()));
    for camera in cameras {
        let found = camera
            .filmed
            .iter()
            .filter(|(wall, bytes)| frames.get(&(camera.feed, *wall)) == Some(bytes));
        let (found, counted) = (found.count() as u64, camera.sealer.status().frames);
        if found < counted {
            return Err(format!("{counted} counted as durable, {found} found"));
        }
        let before = camera.filmed.iter().filter(|(wall, _)| *wall < safe);
        if let Some((wall, _)) =
            before.into_iter().find(|(wall, _)| !frames.contains_key(&(camera.feed, *wall)))
        {
            return Err(format!("the frame of {wall} is lost, all before {safe} must be there"));
        }
    }
    Ok(())
}

/// Films over a disk until the machine ends; gives the cameras and before when all must be there.
fn film_until_the_end(
    house: &House,
    disk: &FaultyDisk,
    seconds_filmed: u64,
) -> (Vec<Camera>, WallTime) {
    let mut cameras: Vec<Camera> = (1..4).map(|n| house.camera(n, 30 * DAY)).collect();
    let mut safe = house.clock.wall();
    for _ in 0..seconds_filmed {
        for keyframe in [true, false] {
            cameras.iter_mut().for_each(|camera| camera.shoot(keyframe, seconds(1), 500));
            house.clock.advance(seconds(1) / 2);
        }
        house.vault.flush();
        if disk.is_dead() {
            break;
        }
        safe = house.clock.wall() - seconds(1);
    }
    (cameras, safe)
}

#[test]
fn r1_r2_what_was_counted_is_there_after_the_end_at_any_moment() {
    let mut ends = 0;
    for (turn, (effect, power_too)) in ENDS.into_iter().enumerate() {
        for after in (turn..).step_by(7) {
            // Across the boundary of an hour.
            let (place, clock) = (Place::new(), TestClock::at("2026-11-21T11:59:57Z"));
            let disk = FaultyDisk::new(&place.root());
            let house = House::open(&place, Arc::new(disk.clone()), &clock, two_volumes()).unwrap();
            disk.plan(Fault::new(Select::Changes, after, effect));
            let (cameras, safe) = film_until_the_end(&house, &disk, 6);
            let finished = !disk.is_dead();
            end(&disk, &place.root());
            if power_too {
                disk.lose_power();
            }
            drop(house);
            let house = House::open(&place, Arc::new(Disk), &clock, two_volumes());
            let when = format!("{effect:?} after {after}, power too: {power_too}");
            let house = house.unwrap_or_else(|error| panic!("{when}: {error}"));
            check_durable(&place, &cameras, safe).unwrap_or_else(|error| panic!("{when}: {error}"));
            assert_eq!(house.vault.check().faults, [], "{when}");
            house.close();
            if finished {
                break;
            }
            ends += 1;
        }
    }
    assert!(ends > 20, "{ends}");
}

/// A disk on which syncing does nothing.
struct Unsyncing(FaultyDisk);

struct UnsyncingFile(Box<dyn File>);

impl File for UnsyncingFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        self.0.write_at(offset, bytes)
    }
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        self.0.read_at(offset, bytes)
    }
    fn len(&self) -> FsResult<u64> {
        self.0.len()
    }
    fn set_len(&self, length: u64) -> FsResult<()> {
        self.0.set_len(length)
    }
    fn sync(&self) -> FsResult<()> {
        Ok(())
    }
}

impl Fs for Unsyncing {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Ok(Box::new(UnsyncingFile(self.0.create(path)?)))
    }
    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.0.open(path)
    }
    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.0.open_read(path)
    }
    fn exists(&self, path: &Path) -> FsResult<bool> {
        self.0.exists(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        self.0.rename(from, to)
    }
    fn unlink(&self, path: &Path) -> FsResult<()> {
        self.0.unlink(path)
    }
    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.0.make_folder(path)
    }
    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        self.0.list(folder)
    }
    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.0.sync_folder(folder)
    }
    fn space(&self, path: &Path) -> FsResult<Space> {
        self.0.space(path)
    }
    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        self.0.lock(path)
    }
}

#[test]
fn r2_control_counting_what_was_not_synced_is_caught() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    // Keys, ledger and names are synced: only the reels' content is not.
    let disk = FaultyDisk::new(&place.root());
    House::open(&place, Arc::new(disk.clone()), &clock, two_volumes()).unwrap().close();
    let unsyncing = Arc::new(Unsyncing(disk.clone()));
    let ledger = crate::house::open_ledger(&place.root(), Arc::new(disk.clone()), &clock);
    let house = House::open_over(&place, unsyncing, &clock, two_volumes(), ledger).unwrap();
    let (cameras, safe) = film_until_the_end(&house, &disk, 3);
    check_durable(&place, &cameras, safe).unwrap();
    disk.lose_power();
    assert!(check_durable(&place, &cameras, safe).is_err());
}
