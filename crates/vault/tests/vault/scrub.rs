//! R6: what a disk loses or changes is found by reading everything again, without keys.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::ReelId;
use host::Clock as _;
use ledger::{Kind, ReelFinding};
use testkit::disk::{EIO, Effect, Op, Select};
use testkit::{Fault, FaultyDisk, TestClock};
use vault::ScrubPass;

use crate::house::{DAY, HOUR, House, Place, Start};
use crate::keys;

/// A recorder with three closed reels.
fn three_reels(place: &Place, clock: &TestClock, disk: &FaultyDisk) -> House {
    let house = House::open(place, Arc::new(disk.clone()), clock, Start::default()).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    for _ in 0..3 {
        camera.film_a_second();
        house.vault.flush();
        clock.advance(HOUR);
        house.vault.flush();
    }
    house.vault.settle();
    assert_eq!(house.listed.ids().len(), 3);
    house
}

fn recorder() -> (Place, TestClock, FaultyDisk, House) {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let disk = FaultyDisk::new(&place.root());
    let house = three_reels(&place, &clock, &disk);
    (place, clock, disk, house)
}

/// Calls it until a pass has ended; gives the pauses that it made.
fn pass(house: &House) -> Duration {
    let paused = Mutex::new(Duration::ZERO);
    let pause = |length| {
        *paused.lock().unwrap() += length;
        true
    };
    let before = house.vault.scrub_status().last;
    for _ in 0..100 {
        let _ = house.vault.scrub(&pause);
        if house.vault.scrub_status().last != before {
            return paused.into_inner().unwrap();
        }
    }
    panic!("the pass came to no end");
}

fn entered(house: &House) -> Vec<(ReelId, ReelFinding)> {
    house.ledger.damage().iter().map(|it| (it.reel, it.finding)).collect()
}

fn summaries(house: &House) -> Vec<(u64, u64)> {
    let entries = house.ledger.entries(house.ledger.status().year, None, 10_000).unwrap();
    let of = |kind: &Kind| match kind {
        Kind::Scrubbed { reels, damaged, .. } => Some((*reels, *damaged)),
        _ => None,
    };
    entries.iter().rev().filter_map(|(_, entry)| of(&entry.kind)).collect()
}

#[test]
fn r6_a_scrub_without_keys_finds_a_flipped_bit_and_enters_it_once() {
    let (place, clock, _, house) = recorder();
    // The control: of what nobody touched nothing is said.
    pass(&house);
    assert_eq!((entered(&house), summaries(&house)), (Vec::new(), vec![(3, 0)]));
    let files = keys::files(&place.root().join("a/reels"));
    let (path, mut bytes) = files[1].clone();
    bytes[512 + 400] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    // Not before the week is over.
    clock.advance(6 * DAY);
    let wait = house.vault.scrub(&|_| true);
    assert!(wait > Duration::ZERO && entered(&house).is_empty());
    for _ in 0..2 {
        clock.advance(DAY);
        pass(&house);
        clock.advance(6 * DAY);
    }
    let reel = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    assert_eq!(entered(&house), [(reel, ReelFinding::Damaged)]);
    assert_eq!(summaries(&house), [(3, 0), (3, 1), (3, 1)]);
    assert_eq!(house.vault.scrub_status().damaged, 1);
    house.close();
}

#[test]
fn r6_a_reel_that_somebody_deletes_is_entered_within_a_day() {
    let (place, clock, _, house) = recorder();
    pass(&house);
    let path = keys::files(&place.root().join("a/reels")).remove(2).0;
    std::fs::remove_file(&path).unwrap();
    let reel = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let mut hours = 0;
    while entered(&house).is_empty() {
        clock.advance(HOUR);
        hours += 1;
        assert!(hours <= 24, "not found within a day");
        let _ = house.vault.scrub(&|_| true);
    }
    assert_eq!(entered(&house), [(reel, ReelFinding::Missing)]);
    // What is destroyed because it is due is no damage.
    clock.advance(30 * DAY);
    house.rotate_now().unwrap();
    let _ = house.vault.scrub(&|_| true);
    assert_eq!(entered(&house).len(), 1);
    assert_eq!(house.vault.scrub_status().damaged, 0, "it would be gone by now anyway");
    house.close();
}

#[test]
fn r6_a_scrub_goes_on_after_a_restart_and_keeps_to_its_pace() {
    let (place, clock, disk, house) = recorder();
    let _ = house.vault.scrub(&|_| true);
    assert_eq!(house.vault.scrub_status().reels, 1);
    // It stops in the middle of the next when it is told to, and counts it as not read.
    let _ = house.vault.scrub(&|_| false);
    assert_eq!(house.vault.scrub_status().reels, 1);
    house.close();
    let start = Start::default();
    let house = House::open(&place, Arc::new(disk), &clock, start).unwrap();
    let paused = pass(&house);
    let status = house.vault.scrub_status();
    let last = status.last.unwrap();
    let files = keys::files(&place.root().join("a/reels"));
    let length: u64 = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let expected = ScrubPass { ended_at: clock.wall(), reels: 3, length_bytes: length, damaged: 0 };
    assert_eq!(last, expected);
    // Two of three were read now, at no more than the rate for so small a disk or a large one.
    let space = host::Fs::space(&host::Disk, &place.root()).unwrap();
    let bytes_per_s = (space.total_bytes / 604_800 * 125 / 100).max(1 << 20);
    let least = Duration::from_secs_f64(length as f64 / 3.0 / bytes_per_s as f64);
    assert!(paused >= least, "{paused:?} < {least:?}");
    house.close();
}

#[test]
fn r4_r6_a_reel_that_the_disk_cannot_read_is_entered_and_the_others_are_read() {
    let (_place, _clock, disk, house) = recorder();
    let fault = Fault::new(Select::Only(Op::Read), 0, Effect::Fail(EIO)).on("a/reels");
    disk.plan(fault);
    pass(&house);
    let found = entered(&house);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, ReelFinding::Unreadable);
    assert_eq!(summaries(&house), [(3, 1)]);
    house.close();
}
