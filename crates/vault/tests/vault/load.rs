//! R5 and the load: one write stream for each volume, one sync a second, and bounded memory when
//! the disk hangs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use domain::GapCause;
use host::{Disk, File, Fs, FsResult, Space};
use testkit::disk::Op;
use testkit::{FaultyDisk, TestClock};

use crate::house::{Camera, DAY, House, Place, Start, seconds};
use crate::keys;

#[test]
fn l_two_hundred_feeds_make_one_stream_and_one_sync_a_second_on_each_volume() {
    const SECONDS: usize = 10;
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let disk = FaultyDisk::new(&place.root());
    let start = Start { volumes: vec!["a", "b"], ..Start::default() };
    let house = House::open(&place, Arc::new(disk.clone()), &clock, start).unwrap();
    let mut cameras: Vec<Camera> = (0..200).map(|n| house.camera(n, 30 * DAY)).collect();
    for second in 0..=SECONDS {
        // 1 Mbit/s: ten pictures of 12.5 kB.
        for picture in 0..10 {
            for camera in &mut cameras {
                camera.shoot(picture == 0, Duration::from_millis(100), 12_500);
            }
            clock.advance(Duration::from_millis(100));
        }
        house.vault.flush();
        if second == 0 {
            // The first second makes keys and reels.
            let _ = disk.take_operations();
        }
    }
    let mut syncs: BTreeMap<String, usize> = BTreeMap::new();
    let mut writes = syncs.clone();
    for done in disk.take_operations() {
        let Some(volume) = done.path.iter().next().and_then(|name| name.to_str()) else { continue };
        if !done.path.starts_with("a/reels") && !done.path.starts_with("b/reels") {
            continue;
        }
        match done.op {
            Op::Sync => *syncs.entry(volume.into()).or_default() += 1,
            Op::Write => *writes.entry(volume.into()).or_default() += 1,
            _ => {}
        }
    }
    // The writer's own ticks may fall between two flushes, and then part a second's write in two.
    for volume in ["a", "b"] {
        assert!((SECONDS..=3 * SECONDS).contains(&syncs[volume]), "{syncs:?}");
        // 12.5 MB a second in pieces of 0.875 MB, whatever the number of feeds.
        assert!(writes[volume] <= 16 * syncs[volume], "{writes:?} writes, {syncs:?} syncs");
    }
    assert!(cameras.iter().all(|camera| camera.sealer.status().frames == 110));
    let reels = house.vault.status().volumes.iter().map(|volume| volume.reels).collect::<Vec<_>>();
    assert_eq!(reels, [1, 1]);
    house.close();
    let frames = keys::frames(&place.root(), &keys::buckets(&place.root()));
    assert_eq!(frames.len(), 200 * 110);
}

/// A disk whose syncs hang while its gate is shut.
struct Hanging(Arc<(Mutex<bool>, Condvar)>);

struct HangingFile(Box<dyn File>, Arc<(Mutex<bool>, Condvar)>);

impl Hanging {
    fn shut(gate: &(Mutex<bool>, Condvar), is_shut: bool) {
        *gate.0.lock().unwrap() = is_shut;
        gate.1.notify_all();
    }
}

impl File for HangingFile {
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
        let shut = self.1.0.lock().unwrap();
        drop(self.1.1.wait_while(shut, |shut| *shut).unwrap());
        self.0.sync()
    }
}

impl Fs for Hanging {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Ok(Box::new(HangingFile(Disk.create(path)?, Arc::clone(&self.0))))
    }
    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Disk.open(path)
    }
    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Disk.open_read(path)
    }
    fn exists(&self, path: &Path) -> FsResult<bool> {
        Disk.exists(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        Disk.rename(from, to)
    }
    fn unlink(&self, path: &Path) -> FsResult<()> {
        Disk.unlink(path)
    }
    fn make_folder(&self, path: &Path) -> FsResult<()> {
        Disk.make_folder(path)
    }
    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        Disk.list(folder)
    }
    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        Disk.sync_folder(folder)
    }
    fn space(&self, path: &Path) -> FsResult<Space> {
        Disk.space(path)
    }
    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        Disk.lock(path)
    }
}

#[test]
fn r5_a_disk_that_hangs_costs_whole_groups_and_bounded_memory() {
    const PICTURE: usize = 1 << 20;
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let ledger = crate::house::open_ledger(&place.root(), Arc::new(Disk), &clock);
    let fs = Arc::new(Hanging(Arc::clone(&gate)));
    let house = House::open_over(&place, fs, &clock, Start::default(), ledger).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    Hanging::shut(&gate, true);
    // A write that hangs, and then two minutes of 4 MB/s behind it.
    camera.film(4, seconds(1) / 4, PICTURE);
    let (flushed, begun) = std::thread::scope(|scope| {
        let flush = scope.spawn(|| house.vault.flush());
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..120 {
            camera.film(4, seconds(1) / 4, PICTURE);
        }
        let counted = camera.sealer.status();
        Hanging::shut(&gate, false);
        flush.join().unwrap();
        (camera.sealer.status(), counted)
    });
    assert_eq!(begun.frames, 2, "nothing is counted while the sync hangs");
    assert!(flushed.frames >= 6);
    // At most 48 MiB waited behind the four pictures whose sync hangs.
    assert_eq!(begun.frames_lost, 480 - 48);
    house.vault.flush();
    camera.film(4, seconds(1) / 4, 300);
    house.vault.flush();
    house.vault.settle();
    let status = camera.sealer.status();
    assert_eq!(status.frames + status.frames_lost, camera.filmed.len() as u64);
    let gaps = house.listed.gaps_of(GapCause::Overload);
    assert_eq!(gaps.iter().map(|gap| gap.4).sum::<u64>(), status.frames_lost);
    // Whole groups: what was kept is a beginning of a group, or all of it.
    let frames = keys::frames(&place.root(), &keys::buckets(&place.root()));
    let kept: Vec<bool> =
        camera.filmed.iter().map(|(wall, _)| frames.contains_key(&(camera.feed, *wall))).collect();
    let groups = kept[2..].chunks(4);
    assert!(groups.clone().all(|group| group.windows(2).all(|pair| pair[0] || !pair[1])));
    assert!(groups.last().unwrap().iter().all(|kept| *kept), "it goes on at a keyframe");
    house.close();
}
