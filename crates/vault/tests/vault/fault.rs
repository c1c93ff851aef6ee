//! R4: a disk that fails is fenced, and nothing is said of it that is not so.

use std::sync::Arc;

use domain::GapCause;
use testkit::disk::{EIO, Effect, Op, Select};
use testkit::{Fault, FaultyDisk, TestClock};

use crate::house::{Camera, DAY, House, Place, Start, end};
use crate::keys;

struct Failing {
    place: Place,
    disk: FaultyDisk,
    house: House,
    cameras: Vec<Camera>,
}

impl Failing {
    /// Four cameras on two volumes, filming.
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let disk = FaultyDisk::new(&place.root());
        let start = Start { volumes: vec!["a", "b"], ..Start::default() };
        let house = House::open(&place, Arc::new(disk.clone()), &clock, start).unwrap();
        let cameras = (1..5).map(|n| house.camera(n, 30 * DAY)).collect();
        let mut failing = Self { place, disk, house, cameras };
        failing.film();
        failing.film();
        failing
    }

    /// A second of each camera, written.
    fn film(&mut self) {
        for camera in &mut self.cameras {
            camera.film_a_second();
        }
        self.house.vault.flush();
    }

    fn fenced(&self) -> Vec<bool> {
        self.house.vault.status().volumes.iter().map(|volume| volume.is_fenced).collect()
    }

    fn durable(&self) -> Vec<u64> {
        self.cameras.iter().map(|camera| camera.sealer.status().frames).collect()
    }

    /// What is counted is there; what is not there is counted as lost.
    fn check(&self) -> Result<(), String> {
        let frames = keys::frames(&self.place.root(), &keys::buckets(&self.place.root()));
        for camera in &self.cameras {
            let status = camera.sealer.status();
            let there = frames.keys().filter(|(feed, _)| *feed == camera.feed).count() as u64;
            if there < status.frames {
                return Err(format!("{} counted, {there} there", status.frames));
            }
            if status.frames + status.frames_lost < camera.filmed.len() as u64 {
                return Err(format!("{status:?} of {}", camera.filmed.len()));
            }
        }
        Ok(())
    }
}

#[test]
fn r4_a_volume_that_fails_is_fenced_and_its_cameras_go_on() {
    for (op, part) in [(Op::Sync, "a/reels"), (Op::Write, "a/reels"), (Op::Sync, "a/keyring")] {
        let mut failing = Failing::new();
        failing.disk.plan(Fault::new(Select::Only(op), 0, Effect::Fail(EIO)).on(part));
        if part == "a/keyring" {
            failing.house.clock.advance(crate::house::HOUR);
        }
        failing.film();
        failing.film();
        failing.film();
        assert_eq!(failing.fenced(), [true, false], "{op:?} {part}");
        failing.check().unwrap();
        let before = failing.durable();
        let _ = failing.disk.take_operations();
        failing.film();
        assert!(failing.durable().iter().zip(&before).all(|(now, before)| *now == before + 2));
        // The fault came once: it would work again, and that would be a lie.
        let asked = failing.disk.take_operations();
        let touched = asked.iter().filter(|done| done.path.starts_with("a") && done.op.changes());
        assert_eq!(touched.count(), 0);
        failing.house.vault.settle();
        let gaps = failing.house.listed.gaps_of(GapCause::Storage);
        let lost: u64 = failing.cameras.iter().map(|c| c.sealer.status().frames_lost).sum();
        assert_eq!(gaps.iter().map(|gap| gap.4).sum::<u64>(), lost, "{op:?} {part}");
        assert_eq!(lost > 0, part == "a/reels", "the keys are safe on the other volume");
        failing.check().unwrap();
    }
}

#[test]
fn r4_control_counting_a_failed_write_is_caught() {
    let mut failing = Failing::new();
    failing.film();
    failing.check().unwrap();
    for file in std::fs::read_dir(failing.place.root().join("a/reels")).unwrap() {
        let file = std::fs::File::options().write(true).open(file.unwrap().path()).unwrap();
        file.set_len(600).unwrap();
    }
    assert!(failing.check().is_err());
}

#[test]
fn r4_with_no_volume_left_the_loss_is_said_and_nothing_falls_over() {
    let mut failing = Failing::new();
    failing
        .disk
        .plan(Fault::new(Select::Only(Op::Sync), 0, Effect::Fail(EIO)).on("reels").lasting());
    failing.film();
    failing.film();
    let before = failing.durable();
    failing.disk.heal();
    for _ in 0..5 {
        failing.film();
    }
    assert_eq!(failing.fenced(), [true, true]);
    assert_eq!(failing.durable(), before);
    failing.check().unwrap();
    assert!(failing.house.rotate().is_ok(), "nothing is due");
    failing.house.vault.close();
    end(&failing.disk, &failing.place.root());
    // The disks are well again: the next start has all that was durable, and records.
    let start = Start { volumes: vec!["a", "b"], ..Start::default() };
    let fs = Arc::new(host::Disk);
    let house = House::open(&failing.place, fs, &failing.house.clock, start).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    assert_eq!(camera.sealer.status().frames, 2);
    failing.check().unwrap();
    house.close();
}

/// A rotation whose holder fails half-way is abandoned, twice; what was filmed since is not lost at
/// the next start, and nothing was destroyed.
#[test]
fn k4_a_rotation_that_fails_is_abandoned_and_comes_to_its_end_later() {
    // Before and after the second copy of the new key, then of the zeros over the old one.
    for syncs in 0..4 {
        let mut failing = Failing::new();
        let clock = failing.house.clock.clone();
        clock.advance(30 * DAY);
        for part in ["holder.slots", "holder.slots", "rotation"] {
            let op = if part == "rotation" { Op::Rename } else { Op::Sync };
            let after = if part == "rotation" { 0 } else { syncs };
            let fault = Fault::new(Select::Only(op), after, Effect::Fail(EIO)).on(part);
            failing.disk.plan(fault.lasting());
            let before = failing.house.vault.status().buckets;
            let result = failing.house.rotate_now();
            failing.disk.heal();
            if syncs < 2 {
                result.unwrap_err();
                assert_eq!(failing.house.vault.status().buckets, before, "{part} {syncs}");
            }
            failing.film();
        }
        end(&failing.disk, &failing.place.root());
        let start = Start { volumes: vec!["a", "b"], ..Start::default() };
        let house = House::open(&failing.place, Arc::new(host::Disk), &clock, start).unwrap();
        house.rotate_now().unwrap();
        let kept = keys::buckets(&failing.place.root());
        let frames = keys::frames(&failing.place.root(), &kept);
        for camera in &failing.cameras {
            let (old, new) = camera.filmed.split_at(4);
            assert!(old.iter().all(|(wall, _)| !frames.contains_key(&(camera.feed, *wall))));
            assert!(new.iter().all(|(wall, _)| frames.contains_key(&(camera.feed, *wall))));
        }
        assert_eq!(keys::destroyed(&failing.place.root(), &house.ledger).len(), 4);
        house.close();
    }
}

/// A volume that was fenced comes back with the keyring of an old epoch: it joins, and nothing that
/// was destroyed comes back with it.
#[test]
fn k1_a_volume_that_comes_back_brings_no_destroyed_key_back() {
    let mut failing = Failing::new();
    let clock = failing.house.clock.clone();
    let fault = Fault::new(Select::Only(Op::Sync), 0, Effect::Fail(EIO)).on("a/reels");
    failing.disk.plan(fault.lasting());
    failing.film();
    failing.disk.heal();
    clock.advance(30 * DAY);
    assert_eq!(failing.house.rotate_now().unwrap().buckets, 4);
    failing.film();
    end(&failing.disk, &failing.place.root());
    assert_eq!(std::fs::read_dir(failing.place.root().join("a/reels")).unwrap().count(), 1);
    let start = Start { volumes: vec!["a", "b"], ..Start::default() };
    let house = House::open(&failing.place, Arc::new(host::Disk), &clock, start).unwrap();
    let kept = keys::buckets(&failing.place.root());
    assert_eq!(kept.len(), 4);
    assert_eq!(keys::frames(&failing.place.root(), &kept).len(), 8);
    // Its reel is not listed again either.
    assert_eq!(house.listed.ids().len(), 1);
    assert_eq!(std::fs::read_dir(failing.place.root().join("a/reels")).unwrap().count(), 0);
    house.close();
}

#[test]
fn r3_a_full_disk_takes_no_footage_says_so_and_goes_on_when_there_is_room() {
    let mut failing = Failing::new();
    let room = |free_bytes| host::Space { free_bytes, total_bytes: 100 << 30 };
    failing.disk.set_room(room(100 << 20));
    failing.film();
    let before = failing.durable();
    failing.film();
    let volumes = failing.house.vault.status().volumes;
    assert!(volumes.iter().all(|volume| volume.is_full && !volume.is_fenced), "{volumes:?}");
    assert_eq!(failing.durable(), before, "nothing is counted that was not written");
    // Not at once when a little comes free, and then everything that waited is written.
    failing.disk.set_room(room(300 << 20));
    failing.film();
    assert_eq!(failing.durable(), before);
    failing.disk.set_room(room(1 << 30));
    failing.film();
    assert!(failing.durable().iter().zip(&before).all(|(now, before)| now > before));
    assert_eq!(failing.fenced(), [false, false]);
    failing.check().unwrap();
    // The control: a disk that is written to its end is fenced, and stays so.
    let full =
        Fault::new(Select::Only(Op::Write), 0, Effect::Fail(testkit::disk::ENOSPC)).lasting();
    failing.disk.plan(full);
    failing.film();
    failing.disk.heal();
    failing.film();
    assert!(failing.fenced().contains(&true));
}

#[test]
fn r4_a_volume_that_fails_while_the_vault_opens_stops_no_start_while_another_works() {
    for part in ["a/volume.id", "a/keyring", "a/reels"] {
        let mut failing = Failing::new();
        failing.house.vault.close();
        failing.house.vault.settle();
        let listed = failing.house.listed.ids();
        let clock = failing.house.clock.clone();
        end(&failing.disk, &failing.place.root());
        let disk = FaultyDisk::new(&failing.place.root());
        disk.plan(Fault::new(Select::Any, 0, Effect::Fail(EIO)).on(part).lasting());
        let start =
            || Start { volumes: vec!["a", "b"], listed: listed.clone(), ..Start::default() };
        let house =
            House::open(&failing.place, Arc::new(disk.clone()), &clock, start()).expect(part);
        let fenced: Vec<bool> =
            house.vault.status().volumes.iter().map(|volume| volume.is_fenced).collect();
        assert_eq!(fenced, [true, false], "{part}");
        for camera in &mut failing.cameras {
            camera.sealer = house.camera(camera.feed.camera.as_bytes()[0], 30 * DAY).sealer;
            camera.film_a_second();
        }
        house.vault.flush();
        assert!(failing.cameras.iter().all(|camera| camera.sealer.status().frames == 2), "{part}");
        // What lies on the volume that failed is not taken off the list.
        let _ = disk.take_operations();
        house.close();
        let written = disk.take_operations();
        let touched = written.iter().filter(|it| it.path.starts_with("a") && it.op.changes());
        assert_eq!(touched.count(), 0, "{part}");
        // It works again at the next start: everything that was durable is there.
        let house = House::open(&failing.place, Arc::new(host::Disk), &clock, start()).unwrap();
        for camera in &failing.cameras {
            let from = camera.filmed[0].0;
            let seen = house.seen(camera.feed, from, from + crate::house::HOUR);
            assert_eq!(seen, camera.filmed, "{part}");
        }
        house.close();
    }
}

#[test]
fn r4_control_with_every_volume_failing_there_is_no_start() {
    let failing = Failing::new();
    failing.house.vault.close();
    let clock = failing.house.clock.clone();
    end(&failing.disk, &failing.place.root());
    let disk = FaultyDisk::new(&failing.place.root());
    for part in ["a/volume.id", "b/volume.id"] {
        disk.plan(Fault::new(Select::Any, 0, Effect::Fail(EIO)).on(part).lasting());
    }
    let start = Start { volumes: vec!["a", "b"], ..Start::default() };
    assert!(House::open(&failing.place, Arc::new(disk), &clock, start).is_err());
}

/// The ledger's disk fails: nothing can be seen or destroyed any more, and recording goes on.
#[test]
fn l10_a_ledger_that_cannot_write_stops_people_and_not_the_recording() {
    let mut failing = Failing::new();
    let from = failing.cameras[0].filmed[0].0;
    let feed = failing.cameras[0].feed;
    let grant = failing.house.may_play(feed, from, from + crate::house::HOUR);
    assert!(failing.house.vault.opener().footage(&grant).seek(feed, from).unwrap().is_some());
    failing.disk.plan(Fault::new(Select::Any, 0, Effect::Fail(EIO)).on("ledger").lasting());
    let refused = failing.house.ledger.append_blocking(vec![ledger::Kind::Started.into()]);
    assert!(refused.is_err() && failing.house.ledger.status().broken.is_some());
    // The disk is well again; what failed once is not believed in this run.
    failing.disk.heal();
    assert!(failing.house.ledger.append_blocking(vec![ledger::Kind::Started.into()]).is_err());
    assert!(failing.house.vault.opener().footage(&grant).seek(feed, from).is_err());
    failing.house.clock.advance(31 * DAY);
    assert!(failing.house.rotate_now().is_err(), "nothing is destroyed that cannot be entered");
    let before = failing.durable();
    failing.film();
    assert!(failing.durable().iter().zip(&before).all(|(now, before)| *now == before + 2));
    assert_eq!(failing.fenced(), [false, false]);
    failing.check().unwrap();
}
