//! A disk that fails when told: the real disk, within one folder, with an error, a torn write, the
//! end of the machine at any operation, or the loss of all that was not synced.

mod fault;
mod memory;
mod unsynced;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

pub use fault::{EIO, ENOSPC, EROFS, Effect, Fault, Op, Operation, Select};
use host::{Disk, File, Fs, FsError, FsResult, Space};
pub use memory::MemoryDisk;
use unsynced::{Inode, Unsynced, inode};

/// The real disk within one folder, with faults. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct FaultyDisk {
    root: Arc<PathBuf>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<Fault>,
    operations: Vec<Operation>,
    dead: bool,
    unsynced: Unsynced,
    room: Option<Space>,
}

impl FaultyDisk {
    /// A disk without faults in the folder `root`, which is there already.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: Arc::new(root.to_owned()), state: Arc::default() }
    }

    /// Adds a fault; it counts from now.
    pub fn plan(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Says from now on that there is this much room, whatever the real disk has.
    pub fn set_room(&self, room: Space) {
        self.state().room = Some(room);
    }

    /// Takes all faults away, and brings a dead machine back.
    pub fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.dead = false;
    }

    /// The power is gone: all that was not synced has never been, and everything fails until
    /// [`heal`](Self::heal). Files that are open belong to the machine that is gone.
    ///
    /// # Panics
    /// If what is on the disk cannot be put back.
    pub fn lose_power(&self) {
        let mut state = self.state();
        state.dead = true;
        state.unsynced.lose().expect("what was synced can be put back");
    }

    /// Whether a fault has ended the machine.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// What was asked for since the start or the last call, in order.
    #[must_use]
    pub fn take_operations(&self) -> Vec<Operation> {
        std::mem::take(&mut self.state().operations)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while the disk is asked")
    }

    /// Records an operation; gives the effect of the fault that hits it.
    fn hit(&self, state: &mut State, op: Op, path: &Path, length_bytes: usize) -> Option<Effect> {
        let below = path.strip_prefix(&*self.root).unwrap_or_else(|_| {
            panic!("{} is outside the faulty disk at {}", path.display(), self.root.display())
        });
        state.operations.push(Operation { op, path: below.to_owned(), length_bytes });
        if state.dead {
            return Some(Effect::Fail(EIO));
        }
        let mut hit = None;
        state.faults.retain_mut(|fault| {
            if hit.is_some() || !fault.counts(op, below) {
                return true;
            }
            if fault.after > 0 {
                fault.after -= 1;
                return true;
            }
            hit = Some(fault.effect);
            fault.lasting
        });
        state.dead = matches!(hit, Some(Effect::Die | Effect::DieTorn(_)));
        hit
    }

    /// Does an operation unless a fault hits it. `real` has the book of what is not synced.
    fn run<T>(
        &self,
        op: Op,
        doing: &'static str,
        path: &Path,
        real: impl FnOnce(&mut Unsynced) -> FsResult<T>,
    ) -> FsResult<T> {
        let state = &mut *self.state();
        match self.hit(state, op, path, 0) {
            None => real(&mut state.unsynced),
            Some(effect) => Err(error(effect, doing, path)),
        }
    }

    fn faulty(&self, path: &Path, inner: Box<dyn File>) -> Box<dyn File> {
        let (path, inner) = (path.to_owned(), Arc::from(inner));
        Box::new(FaultyFile { inode: inode(&path), inner, path, disk: self.clone() })
    }
}

/// Does what is announced in the book of what is not synced, and strikes it out if it fails.
fn announced<T>(
    unsynced: &mut Unsynced,
    doing: &'static str,
    path: &Path,
    announce: impl FnOnce(&mut Unsynced) -> io::Result<()>,
    real: impl FnOnce() -> FsResult<T>,
) -> FsResult<T> {
    let failed = |source| FsError { doing, path: path.to_owned(), source };
    announce(unsynced).map_err(failed)?;
    real().inspect_err(|_| unsynced.forget_last())
}

fn error(effect: Effect, doing: &'static str, path: &Path) -> FsError {
    let number = match effect {
        Effect::Fail(number) => number,
        Effect::Tear(_) | Effect::Die | Effect::DieTorn(_) => EIO,
    };
    FsError { doing, path: path.to_owned(), source: io::Error::from_raw_os_error(number) }
}

impl Fs for FaultyDisk {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let made = self.run(Op::Create, "create", path, |unsynced| {
            Disk.create(path).inspect(|_| unsynced.created(path))
        })?;
        Ok(self.faulty(path, made))
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let opened = self.run(Op::Open, "open", path, |_| Disk.open(path))?;
        Ok(self.faulty(path, opened))
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let opened = self.run(Op::OpenRead, "open", path, |_| Disk.open_read(path))?;
        Ok(self.faulty(path, opened))
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        self.run(Op::Exists, "look for", path, |_| Disk.exists(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        self.run(Op::Rename, "rename", from, |unsynced| {
            let announce = |unsynced: &mut Unsynced| unsynced.before_rename(&self.root, from, to);
            announced(unsynced, "rename", from, announce, || Disk.rename(from, to))
        })
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        self.run(Op::Unlink, "unlink", path, |unsynced| {
            let announce = |unsynced: &mut Unsynced| unsynced.before_unlink(&self.root, path);
            announced(unsynced, "unlink", path, announce, || Disk.unlink(path))
        })
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.run(Op::MakeFolder, "make the folder", path, |_| Disk.make_folder(path))
    }

    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        self.run(Op::List, "list", folder, |_| Disk.list(folder))
    }

    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.run(Op::SyncFolder, "sync the folder", folder, |unsynced| {
            Disk.sync_folder(folder).inspect(|()| unsynced.folder_synced(folder))
        })
    }

    fn space(&self, path: &Path) -> FsResult<Space> {
        let room = self.state().room;
        self.run(Op::Space, "ask for the room on", path, |_| {
            room.map_or_else(|| Disk.space(path), Ok)
        })
    }

    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        self.run(Op::Lock, "lock", path, |_| Disk.lock(path))
    }
}

struct FaultyFile {
    inner: Arc<dyn File>,
    inode: Inode,
    path: PathBuf,
    disk: FaultyDisk,
}

impl FaultyFile {
    fn write(&self, unsynced: &mut Unsynced, offset: u64, bytes: &[u8]) -> FsResult<()> {
        unsynced.before_change(self.inode, &self.inner, offset, offset + bytes.len() as u64)?;
        // A write that failed may have been done in part: its way back stays.
        self.inner.write_at(offset, bytes)
    }
}

impl File for FaultyFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        let state = &mut *self.disk.state();
        let Some(effect) = self.disk.hit(state, Op::Write, &self.path, bytes.len()) else {
            return self.write(&mut state.unsynced, offset, bytes);
        };
        if let Effect::Tear(kept_bytes) | Effect::DieTorn(kept_bytes) = effect {
            let kept = &bytes[..kept_bytes.min(bytes.len())];
            self.write(&mut state.unsynced, offset, kept)?;
        }
        Err(error(effect, "write", &self.path))
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        let state = &mut *self.disk.state();
        match self.disk.hit(state, Op::Read, &self.path, bytes.len()) {
            None => self.inner.read_at(offset, bytes),
            Some(effect) => Err(error(effect, "read", &self.path)),
        }
    }

    fn len(&self) -> FsResult<u64> {
        self.disk.run(Op::Len, "read the length of", &self.path, |_| self.inner.len())
    }

    fn set_len(&self, length: u64) -> FsResult<()> {
        self.disk.run(Op::SetLen, "set the length of", &self.path, |unsynced| {
            unsynced.before_change(self.inode, &self.inner, length, u64::MAX)?;
            self.inner.set_len(length)
        })
    }

    fn sync(&self) -> FsResult<()> {
        self.disk.run(Op::Sync, "sync", &self.path, |unsynced| {
            self.inner.sync().inspect(|()| unsynced.synced(self.inode))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_operation_fails_and_the_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new(folder.path());
        let file = disk.create(&folder.path().join("reel")).unwrap();
        disk.plan(Fault::new(Select::Only(Op::Sync), 1, Effect::Fail(ENOSPC)));
        file.write_at(0, b"one").unwrap();
        file.sync().unwrap();
        assert!(file.sync().unwrap_err().is_full());
        file.sync().unwrap();
        let asked: Vec<_> = disk.take_operations().iter().map(|done| done.op).collect();
        assert_eq!(asked, [Op::Create, Op::Write, Op::Sync, Op::Sync, Op::Sync]);
        assert!(disk.take_operations().is_empty());
    }

    #[test]
    fn a_torn_write_leaves_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reel");
        let disk = FaultyDisk::new(folder.path());
        let file = disk.create(&path).unwrap();
        disk.plan(Fault::new(Select::Only(Op::Write), 0, Effect::Tear(2)));
        assert_eq!(file.write_at(0, b"abcd").unwrap_err().source.raw_os_error(), Some(EIO));
        assert_eq!(Disk.read(&path, 9).unwrap(), b"ab");
    }

    #[test]
    fn a_fault_can_keep_to_one_path_and_last() {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new(folder.path());
        let fault = Fault::new(Select::Changes, 0, Effect::Fail(EROFS));
        disk.plan(fault.on("bad").lasting());
        for _ in 0..2 {
            assert!(disk.make_folder(&folder.path().join("bad")).is_err());
        }
        disk.make_folder(&folder.path().join("good")).unwrap();
        disk.heal();
        disk.make_folder(&folder.path().join("bad")).unwrap();
    }

    #[test]
    fn a_replaced_file_survives_the_end_of_the_machine_anywhere() {
        for power_too in [false, true] {
            assert_replace_survives(power_too);
        }
    }

    /// At whichever operation the machine ends, a replaced file is the old or the new one.
    fn assert_replace_survives(power_too: bool) {
        let mut outcomes = Vec::new();
        for after in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("note");
            Disk.replace(&path, b"old").unwrap();
            let disk = FaultyDisk::new(folder.path());
            disk.plan(Fault::new(Select::Any, after, Effect::DieTorn(1)));
            let finished = disk.replace(&path, b"new").is_ok();
            assert_eq!(disk.is_dead(), !finished);
            assert!(finished || disk.exists(&path).is_err());
            if power_too {
                disk.lose_power();
            }
            outcomes.push(Disk.read(&path, 9).unwrap());
            if finished {
                break;
            }
        }
        assert!(outcomes.iter().all(|left| left == b"old" || left == b"new"));
        assert_eq!(outcomes.first().unwrap(), b"old");
        assert_eq!(outcomes.last().unwrap(), b"new");
    }

    #[test]
    fn without_power_only_what_was_synced_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let disk = FaultyDisk::new(root);
        let kept = disk.create(&root.join("kept")).unwrap();
        kept.write_at(0, b"synced").unwrap();
        kept.sync().unwrap();
        disk.create(&root.join("gone")).unwrap().write_at(0, b"never").unwrap();
        disk.sync_folder(root).unwrap();
        kept.write_at(3, b"more and more").unwrap();
        kept.set_len(2).unwrap();
        disk.unlink(&root.join("gone")).unwrap();
        disk.rename(&root.join("kept"), &root.join("renamed")).unwrap();
        disk.create(&root.join("new")).unwrap().sync().unwrap();
        disk.lose_power();
        assert!(disk.list(root).is_err());
        assert_eq!(Disk.list(root).unwrap(), ["gone", "kept"]);
        assert_eq!(Disk.read(&root.join("kept"), 99).unwrap(), b"synced");
        // Its name was synced, what was in it was not.
        assert_eq!(Disk.read(&root.join("gone"), 99).unwrap(), b"");
    }

    /// The control: without its syncs, replacing a file can lose both.
    #[test]
    fn a_careless_replacement_is_caught() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        Disk.replace(&path, b"old").unwrap();
        let disk = FaultyDisk::new(folder.path());
        let beside = folder.path().join("beside");
        disk.create(&beside).unwrap().write_at(0, b"new").unwrap();
        disk.rename(&beside, &path).unwrap();
        disk.sync_folder(folder.path()).unwrap();
        disk.lose_power();
        assert_eq!(Disk.read(&path, 9).unwrap(), b"");
    }
}
