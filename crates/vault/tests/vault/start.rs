//! R7 and what a start finds: reels that nobody lists, volumes that are not what they were, and a
//! part that breaks.

use std::sync::Arc;

use host::{Clock as _, Disk};
use ledger::Kind;
use testkit::{FaultyDisk, TestClock};
use vault::{ClosedReel, OpenVaultError};

use crate::house::{Camera, DAY, HOUR, House, Place, Start, end, seconds};
use crate::keys;

fn volumes(names: &[&'static str]) -> Start {
    Start { volumes: names.to_vec(), ..Start::default() }
}

fn open(place: &Place, clock: &TestClock, start: Start) -> Result<House, OpenVaultError> {
    House::open(place, Arc::new(Disk), clock, start)
}

/// What the catalog keeps of a reel.
fn row(reel: &ClosedReel) -> ([u8; 32], domain::VolumeId, u64) {
    (reel.index.hash, reel.volume, reel.length_bytes)
}

#[test]
fn r7_without_a_catalog_every_reel_is_listed_again_and_entered_once() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = open(&place, &clock, volumes(&["a", "b"])).unwrap();
    let mut cameras: Vec<Camera> = (1..4).map(|n| house.camera(n, 30 * DAY)).collect();
    for _ in 0..3 {
        cameras.iter_mut().for_each(Camera::film_a_second);
        house.vault.flush();
        clock.advance(HOUR);
    }
    house.vault.close();
    let rows: Vec<_> = house.listed.reels.lock().unwrap().values().map(row).collect();
    assert_eq!(rows.len(), 6);
    house.close();

    let house = open(&place, &clock, volumes(&["a", "b"])).unwrap();
    let again: Vec<_> = house.listed.reels.lock().unwrap().values().map(row).collect();
    assert_eq!(again, rows);
    let entries = house.ledger.entries(2026, None, 10_000).unwrap();
    let closed = entries.iter().filter(|(_, entry)| matches!(entry.kind, Kind::ReelClosed { .. }));
    assert_eq!(closed.count(), rows.len());
    // The control: a catalog that has them is not told again, one that has more is told.
    let mut listed = house.listed.ids();
    house.close();
    let ghost = domain::ReelId::from_bytes([9; 16]);
    listed.insert(ghost);
    let start = Start { listed, ..volumes(&["a", "b"]) };
    let house = open(&place, &clock, start).unwrap();
    assert!(house.listed.closings.lock().unwrap().is_empty());
    house.close();
}

/// A bit that went bad costs the record it lies in, and not the footage behind it.
#[test]
fn r6_r7_a_damaged_reel_is_listed_with_what_is_whole() {
    for closed in [false, true] {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let disk = FaultyDisk::new(&place.root());
        let fs = Arc::new(disk.clone());
        let house = House::open(&place, fs, &clock, Start::default()).unwrap();
        let mut camera = house.camera(1, 30 * DAY);
        for _ in 0..3 {
            camera.film_a_second();
            house.vault.flush();
        }
        if closed {
            house.close();
        }
        end(&disk, &place.root());
        let (path, mut bytes) = keys::files(&place.root().join("a/reels")).remove(0);
        bytes[512 + 400] ^= 1;
        if closed {
            let length = bytes.len();
            bytes[length - 20] ^= 1;
        }
        std::fs::write(&path, &bytes).unwrap();
        let house = House::new(&place, &clock);
        let from = camera.filmed[0].0;
        let seen = house.seen(camera.feed, from, from + HOUR);
        assert_eq!(seen, camera.filmed[2..], "closed: {closed}");
        assert_eq!(house.listed.ids().len(), 1);
        // A reel that was entered before is not what was entered: that is said.
        assert_eq!(house.vault.check().faults.len(), usize::from(closed));
        house.close();
    }
}

/// What a loss of power leaves of a reel that was closed and not synced: any of its sectors.
#[test]
fn r6_a_reel_whose_footer_lists_what_is_not_there_is_closed_anew() {
    for torn in ["footer", "record"] {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let house = House::new(&place, &clock);
        let mut camera = house.camera(1, 30 * DAY);
        for _ in 0..3 {
            camera.film_a_second();
            house.vault.flush();
        }
        let crashed = place.copy();
        house.close();
        let (path, mut bytes) = keys::files(&place.root().join("a/reels")).remove(0);
        let footer = bytes.windows(8).rposition(|window| window == b"JIKIMFTR").unwrap();
        match torn {
            "footer" => bytes[footer..footer + 512].fill(0),
            _ => bytes[footer - 600..footer - 88].fill(0),
        }
        let name = path.file_name().unwrap();
        std::fs::write(crashed.root().join("a/reels").join(name), &bytes).unwrap();
        let house = House::new(&crashed, &clock);
        let from = camera.filmed[0].0;
        // Two pictures a chunk.
        let kept = if torn == "footer" { 6 } else { 4 };
        assert_eq!(house.seen(camera.feed, from, from + HOUR), camera.filmed[..kept], "{torn}");
        // The control: entered as it was, the check would find it damaged for ever.
        assert_eq!(house.vault.check().faults, [], "{torn}");
        house.close();
    }
}

#[test]
fn a_volume_that_is_not_the_one_it_was_is_not_written_to() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let root = place.root();
    open(&place, &clock, volumes(&["a", "b"])).unwrap().close();
    let refused = |names: &[&'static str]| {
        let before = keys::files(&root.join("a")).len();
        let error = open(&place, &clock, volumes(names)).err().expect("it must not start");
        assert_eq!(keys::files(&root.join("a")).len(), before);
        error
    };
    // Two volumes change places.
    let swap = || {
        std::fs::rename(root.join("a"), root.join("c")).unwrap();
        std::fs::rename(root.join("b"), root.join("a")).unwrap();
        std::fs::rename(root.join("c"), root.join("b")).unwrap();
    };
    swap();
    assert!(matches!(refused(&["a", "b"]), OpenVaultError::VolumeMissing { .. }));
    swap();
    // A disk is not mounted: an empty folder is in its place.
    std::fs::rename(root.join("b"), root.join("c")).unwrap();
    std::fs::create_dir(root.join("b")).unwrap();
    assert!(matches!(refused(&["a", "b"]), OpenVaultError::VolumeMissing { .. }));
    assert_eq!(std::fs::read_dir(root.join("b")).unwrap().count(), 0, "nothing was written");
    std::fs::remove_dir(root.join("b")).unwrap();
    std::fs::rename(root.join("c"), root.join("b")).unwrap();
    // The same disk by two names.
    std::os::unix::fs::symlink(root.join("a"), root.join("d")).unwrap();
    assert!(matches!(refused(&["a", "b", "d"]), OpenVaultError::VolumeTwice { .. }));
    // Another recorder's.
    let other = Place::new();
    open(&other, &clock, volumes(&["a"])).unwrap().close();
    let id = std::fs::read_to_string(root.join("a/volume.id")).unwrap();
    let foreign = id.replace("0707", "0808");
    assert_ne!(id, foreign);
    std::fs::write(root.join("a/volume.id"), foreign).unwrap();
    assert!(matches!(refused(&["a", "b"]), OpenVaultError::VolumeForeign { .. }));
    std::fs::write(root.join("a/volume.id"), id).unwrap();
    // The control: with everything in its place it starts.
    open(&place, &clock, volumes(&["a", "b"])).unwrap().close();
}

#[test]
fn a_start_without_the_vault_key_begins_nothing_anew() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.close();
    let slots = place.root().join("vault/holder.slots");
    let kept = std::fs::read(&slots).unwrap();
    std::fs::remove_file(&slots).unwrap();
    for _ in 0..2 {
        let opened = open(&place, &clock, Start::default());
        assert!(matches!(opened, Err(OpenVaultError::VaultKeyMissing { .. })));
    }
    std::fs::write(&slots, kept).unwrap();
    let house = House::new(&place, &clock);
    let from = camera.filmed[0].0;
    assert_eq!(house.seen(camera.feed, from, from + seconds(60)), camera.filmed);
    house.close();
}

const CHILD: &str = "JIKIM_TEST_A_PART_PANICS";

/// A catalog that breaks an invariant.
struct Panicking;

impl vault::Listing for Panicking {
    fn reel_closed(&self, _: &ClosedReel) {
        panic!("an invariant is broken, for a test");
    }
    fn reel_gone(&self, _: domain::ReelId) {}
    fn gap(
        &self,
        _: domain::Feed,
        _: domain::WallTime,
        _: domain::WallTime,
        _: domain::GapCause,
        _: u64,
    ) {
    }
}

/// Recording does not end silently: when a thread of the vault panics, the process stops.
#[test]
fn h_a_panic_in_a_thread_of_the_vault_stops_the_process() {
    if std::env::var_os(CHILD).is_some() {
        return panic_in_the_notary();
    }
    let name = "start::h_a_panic_in_a_thread_of_the_vault_stops_the_process";
    let test = std::env::current_exe().unwrap();
    let mut child = std::process::Command::new(test);
    let ended = child.args(["--exact", name]).env(CHILD, "1").output().unwrap();
    use std::os::unix::process::ExitStatusExt as _;
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.signal(), Some(6), "it must abort, not fail or go on: {told}");
}

fn panic_in_the_notary() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.close();
    let fs: Arc<dyn host::Fs> = Arc::new(Disk);
    let ledger = crate::house::open_ledger(&place.root(), Arc::clone(&fs), &clock);
    let config = vault::VaultConfig {
        folder: place.root().join("vault"),
        holders: vault::HoldersConfig::default(),
        recorder: domain::RecorderId::from_bytes([7; 16]),
        volumes: vec![vault::VolumeConfig { path: place.root().join("a"), place: None }],
        clock_is_confirmed: false,
    };
    let the_clock: Arc<dyn host::Clock> = Arc::new(clock.clone());
    let listed = std::collections::HashSet::new();
    let vault = vault::Vault::open(&config, &fs, &the_clock, &ledger, &listed, Arc::new(Panicking));
    vault.unwrap().settle();
    assert!(clock.wall() > domain::WallTime::EPOCH, "it went on");
}
