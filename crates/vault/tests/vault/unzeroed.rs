//! The control of K1 that leaves out step 5 of a rotation: a slot file that says it was overwritten
//! and was not. Everything else of the recorder is as it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use host::{Disk, File, Fs, FsResult, Space};
use testkit::TestClock;

use crate::devices::{commitments, scan_files};
use crate::house::{DAY, HOUR, House, Place, Start};
use crate::keys;

const SLOTS: &str = "vault/holder.slots";

/// A disk on which the zeros over a slot are never written, and read back all the same.
#[derive(Default)]
struct Unzeroed {
    disk: Disk,
    /// Where zeros should stand by now.
    zeroed: Arc<Mutex<BTreeSet<u64>>>,
}

struct UnzeroedFile {
    file: Box<dyn File>,
    zeroed: Arc<Mutex<BTreeSet<u64>>>,
}

impl File for UnzeroedFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        if bytes.iter().all(|byte| *byte == 0) {
            self.zeroed.lock().unwrap().insert(offset);
            return Ok(());
        }
        self.zeroed.lock().unwrap().remove(&offset);
        self.file.write_at(offset, bytes)
    }
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        if self.zeroed.lock().unwrap().contains(&offset) {
            bytes.fill(0);
            return Ok(());
        }
        self.file.read_at(offset, bytes)
    }
    fn len(&self) -> FsResult<u64> {
        self.file.len()
    }
    fn set_len(&self, length: u64) -> FsResult<()> {
        self.file.set_len(length)
    }
    fn sync(&self) -> FsResult<()> {
        self.file.sync()
    }
}

impl Fs for Unzeroed {
    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let file = self.disk.open(path)?;
        if !path.ends_with(SLOTS) {
            return Ok(file);
        }
        Ok(Box::new(UnzeroedFile { file, zeroed: Arc::clone(&self.zeroed) }))
    }
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.disk.create(path)
    }
    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.disk.open_read(path)
    }
    fn exists(&self, path: &Path) -> FsResult<bool> {
        self.disk.exists(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        self.disk.rename(from, to)
    }
    fn unlink(&self, path: &Path) -> FsResult<()> {
        self.disk.unlink(path)
    }
    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.disk.make_folder(path)
    }
    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        self.disk.list(folder)
    }
    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.disk.sync_folder(folder)
    }
    fn space(&self, path: &Path) -> FsResult<Space> {
        self.disk.space(path)
    }
    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        self.disk.lock(path)
    }
}

/// An hour is filmed, becomes due and is destroyed. Gives what whoever has a backup from before and
/// the disk as it is now makes of it: whether a destroyed key stands on it, and how many pictures of
/// that hour open.
fn attack(fs: Arc<dyn Fs>) -> (Result<(), String>, usize) {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::open(&place, fs, &clock, Start::default()).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    let backup = keys::files(&place.root());
    clock.advance(30 * DAY - HOUR);
    assert_eq!(house.rotate_now().unwrap().buckets, 1);
    // Whatever the disk did, the recorder believes that it is gone and says so.
    assert_eq!(keys::destroyed(&place.root(), &house.ledger).len(), 1);
    let mut wanted = commitments(&house, &place);
    assert!(wanted.remove("vault key 2").is_some(), "that of now is no destroyed one");
    house.close();
    // Slots of a copy from before are not in the kit: no system takes back what was copied then.
    let now = std::fs::read(place.root().join(SLOTS)).unwrap();
    let mut kit: Vec<(PathBuf, Vec<u8>)> =
        backup.into_iter().filter(|(path, _)| !path.ends_with(SLOTS)).collect();
    kit.extend(keys::files(&place.root()).into_iter().filter(|(path, _)| !path.ends_with(SLOTS)));
    kit.push((SLOTS.into(), now));
    let is_old = |wall: &domain::WallTime| *wall <= camera.filmed[1].0;
    let opened = keys::openable(&kit).keys().filter(|(_, wall)| is_old(wall)).count();
    (scan_files(kit, &wanted), opened)
}

#[test]
fn k1_control_a_recorder_that_skips_step_five_is_caught() {
    let (found, opened) = attack(Arc::new(Unzeroed::default()));
    let found = found.unwrap_err();
    assert!(found.contains("vault key 1 lies at") && found.contains(SLOTS), "{found}");
    assert_eq!(opened, 2, "the hour is back");
    // With the step in, the same attack finds nothing.
    assert_eq!(attack(Arc::new(Disk)), (Ok(()), 0));
}
