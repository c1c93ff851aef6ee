//! The seam to object storage: closed reels lie in a store that takes and gives away whole objects
//! and reads ranges of them, as S3 does, and everything that is done to a closed reel is done there.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use host::{Clock as _, Disk, File, Fs, FsError, FsResult, Space};
use ledger::ReelFinding;
use reel::{TRAILER_BYTES, Trailer};
use testkit::TestClock;

use crate::house::{Camera, DAY, HOUR, House, Place, Start, read};

/// A disk whose closed reels were carried to a store of objects. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Carried(Arc<Mutex<Store>>);

#[derive(Default)]
pub(crate) struct Store {
    objects: BTreeMap<PathBuf, Bytes>,
    /// Everything that was ever put there: deleting an object takes no version away.
    versions: Vec<(PathBuf, Bytes)>,
    /// Length of each range that was asked for.
    ranges: Vec<usize>,
    /// What no store of objects can do, and was asked for all the same.
    impossible: Vec<&'static str>,
}

struct Object {
    path: PathBuf,
    content: Bytes,
    store: Carried,
}

fn error(doing: &'static str, path: &Path, kind: ErrorKind) -> FsError {
    FsError { doing, path: path.to_owned(), source: kind.into() }
}

impl Carried {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap()
    }

    /// Puts every reel that has a trailer, whole, and takes it from the disk; how many.
    pub(crate) fn carry(&self, folder: &Path) -> usize {
        let names = Disk.list(folder).unwrap();
        let paths = names.iter().map(|name| folder.join(name));
        let closed = paths.filter_map(|path| {
            let content = Disk.read(&path, 1 << 30).unwrap();
            let trailer = content.last_chunk::<TRAILER_BYTES>()?;
            Trailer::parse(trailer).is_ok().then_some((path, Bytes::from(content)))
        });
        let closed: Vec<_> = closed.collect();
        closed.iter().for_each(|(path, _)| Disk.unlink(path).unwrap());
        let count = closed.len();
        let mut store = self.store();
        store.versions.extend(closed.iter().cloned());
        store.objects.extend(closed);
        count
    }

    /// Everything that was ever put there.
    pub(crate) fn versions(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let store = self.store();
        store.versions.iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())).collect()
    }

    /// How many objects are there now.
    pub(crate) fn current(&self) -> usize {
        self.store().objects.len()
    }

    /// The store as whoever runs it can put it back, for a recorder that lies in another folder.
    pub(crate) fn with_every_version_below(&self, from: &Path, to: &Path) -> Self {
        let all = Self::default();
        let moved = self.store().versions.clone().into_iter();
        let moved = moved.map(|(path, bytes)| (to.join(path.strip_prefix(from).unwrap()), bytes));
        all.store().objects.extend(moved);
        all
    }

    fn has(&self, path: &Path) -> bool {
        self.store().objects.contains_key(path)
    }

    fn refuse<T>(&self, doing: &'static str, path: &Path) -> FsResult<T> {
        self.store().impossible.push(doing);
        Err(error(doing, path, ErrorKind::Unsupported))
    }

    fn take_ranges(&self) -> Vec<usize> {
        std::mem::take(&mut self.store().ranges)
    }
}

impl Fs for Carried {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        if self.has(path) { self.refuse("create", path) } else { Disk.create(path) }
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        if self.has(path) { self.refuse("open for writing", path) } else { Disk.open(path) }
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let found = self.store().objects.get(path).cloned();
        match found {
            None => Disk.open_read(path),
            Some(content) => {
                Ok(Box::new(Object { path: path.to_owned(), content, store: self.clone() }))
            }
        }
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        if self.has(path) { Ok(true) } else { Disk.exists(path) }
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        if self.has(from) || self.has(to) {
            self.refuse("rename", from)
        } else {
            Disk.rename(from, to)
        }
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        if self.store().objects.remove(path).is_some() { Ok(()) } else { Disk.unlink(path) }
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        Disk.make_folder(path)
    }

    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        let mut names = Disk.list(folder)?;
        let store = self.store();
        let carried = store.objects.keys().filter(|path| path.parent() == Some(folder));
        names.extend(carried.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()));
        names.sort();
        Ok(names)
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

impl File for Object {
    fn write_at(&self, _: u64, _: &[u8]) -> FsResult<()> {
        self.store.refuse("write into", &self.path)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        self.store.store().ranges.push(bytes.len());
        let from = usize::try_from(offset).unwrap();
        let range = self.content.get(from..from + bytes.len());
        let range = range.ok_or_else(|| error("read", &self.path, ErrorKind::UnexpectedEof))?;
        bytes.copy_from_slice(range);
        Ok(())
    }

    fn len(&self) -> FsResult<u64> {
        Ok(self.content.len() as u64)
    }

    fn set_len(&self, _: u64) -> FsResult<()> {
        self.store.refuse("cut", &self.path)
    }

    fn sync(&self) -> FsResult<()> {
        self.store.refuse("sync", &self.path)
    }
}

/// A recorder with three closed reels of eight hundred thousand bytes, all carried away, that was
/// started again and has nothing listed.
fn recorder(place: &Place, clock: &TestClock) -> (House, Camera, Carried) {
    let store = Carried::default();
    let open = || House::open(place, Arc::new(store.clone()), clock, Start::default()).unwrap();
    let house = open();
    let mut camera = house.camera(1, 30 * DAY);
    for _ in 0..3 {
        for _ in 0..20 {
            camera.film(2, Duration::from_millis(500), 20_000);
        }
        house.vault.flush();
        clock.advance(HOUR);
        house.vault.flush();
    }
    house.close();
    assert_eq!(store.carry(&place.root().join("a/reels")), 3);
    (open(), camera, store)
}

fn scrub(house: &House) {
    let before = house.vault.scrub_status().last;
    while house.vault.scrub_status().last == before {
        let _ = house.vault.scrub(&|_| true);
    }
}

#[test]
fn closed_reels_are_read_checked_and_destroyed_as_whole_objects() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let (house, camera, store) = recorder(&place, &clock);
    assert_eq!(house.listed.ids().len(), 3, "found by listing, read by ranges");

    // One picture in the middle: some ranges, and not the object.
    let (at, _) = camera.filmed[60];
    let grant = house.may_play(camera.feed, at, at + Duration::from_secs(1));
    let reader = house.vault.opener().footage(&grant);
    store.take_ranges();
    let chunk = reader.seek(camera.feed, at).unwrap().unwrap();
    let opened = reader.open(&chunk).unwrap();
    assert!(opened.frames.iter().any(|frame| frame.wall == at));
    let ranges = store.take_ranges();
    assert!(ranges.len() <= 6 && ranges.iter().sum::<usize>() < 200_000, "{ranges:?}");

    // Everything.
    let (from, to) = (camera.filmed[0].0, clock.wall());
    let grant = house.may_play(camera.feed, from, to);
    let seen = read(&house.vault.opener().footage(&grant), camera.feed, from);
    assert_eq!(seen, camera.filmed);
    let report = house.vault.check();
    assert_eq!((report.reels, report.faults), (3, Vec::new()));
    scrub(&house);
    assert!(house.ledger.damage().is_empty());

    // Destruction takes the keys first, then the objects.
    clock.advance(31 * DAY);
    house.rotate().unwrap();
    assert!(store.store().objects.is_empty());
    assert!(house.listed.ids().is_empty());
    assert_eq!(store.store().impossible, Vec::<&str>::new());
    house.close();
}

/// The control: the store is really where they lie, and what it loses or changes is noticed.
#[test]
fn an_object_that_is_lost_or_changed_is_noticed() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let (house, camera, store) = recorder(&place, &clock);
    let paths: Vec<PathBuf> = store.store().objects.keys().cloned().collect();
    let mut changed = store.store().objects[&paths[0]].to_vec();
    changed[1000] ^= 1;
    store.store().objects.insert(paths[0].clone(), changed.into());
    store.store().objects.remove(&paths[1]);
    scrub(&house);
    let found: Vec<_> = house.ledger.damage().iter().map(|damage| damage.finding).collect();
    assert!(found.contains(&ReelFinding::Damaged) && found.contains(&ReelFinding::Missing));
    // In place nothing of a closed reel can be changed by the recorder itself.
    let open = house.vault.check();
    assert_eq!(open.faults.len(), 1);
    assert!(store.open(&paths[0]).is_err() && store.rename(&paths[0], &paths[1]).is_err());
    assert_eq!(store.store().impossible, ["open for writing", "rename"]);
    drop(camera);
    house.close();
}
