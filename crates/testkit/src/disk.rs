//! A disk that fails when told: the real disk, within one folder, with an error, a torn write or
//! the end of the machine at any operation.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use host::{Disk, File, Fs, FsError, FsResult, Space};

/// Input/output error: the medium is broken.
pub const EIO: i32 = 5;
/// No space left on device.
pub const ENOSPC: i32 = 28;
/// Read-only file system: what Linux makes of a volume that has had errors.
pub const EROFS: i32 = 30;

/// What was asked of the disk; [`replace`](Fs::replace) and [`read`](Fs::read) show as their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// A file was made.
    Create,
    /// A file was opened for reading and writing.
    Open,
    /// A file was opened for reading.
    OpenRead,
    /// A name was looked for.
    Exists,
    /// A file was given another name.
    Rename,
    /// A name was taken away.
    Unlink,
    /// A folder was made.
    MakeFolder,
    /// A folder was listed.
    List,
    /// A folder was synced.
    SyncFolder,
    /// The room on the volume was asked for.
    Space,
    /// A lock was asked for.
    Lock,
    /// Bytes were written.
    Write,
    /// Bytes were read.
    Read,
    /// A length was read.
    Len,
    /// A length was set.
    SetLen,
    /// A file was synced.
    Sync,
}

impl Op {
    /// Whether it changes what is on the disk or what of it is durable.
    #[must_use]
    pub const fn changes(self) -> bool {
        use Op::{Create, MakeFolder, Rename, SetLen, Sync, SyncFolder, Unlink, Write};
        matches!(self, Create | Rename | Unlink | MakeFolder | SyncFolder | Write | SetLen | Sync)
    }
}

/// One operation as it was asked for, whether it failed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What.
    pub op: Op,
    /// With which file or folder, below the disk's own folder.
    pub path: PathBuf,
    /// Bytes written or read; 0 for all else.
    pub length_bytes: usize,
}

/// Which operations a fault counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// All.
    Any,
    /// Those that change something.
    Changes,
    /// Those of one kind.
    Only(Op),
}

/// What a fault does to the operation that it hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing happens on the disk, and this error number is given.
    Fail(i32),
    /// Of a write, only this many bytes reach the disk, and [`EIO`] is given. Any other operation
    /// fails with it.
    Tear(usize),
    /// As `Fail` with [`EIO`], and so does everything after: the machine is gone. Look at what it
    /// left with another disk on the same folder.
    Die,
    /// As `Tear`, then everything fails: the machine is gone in the middle of a write.
    DieTorn(usize),
}

/// When a fault comes, and what it does.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Which operations count.
    pub select: Select,
    /// Only those on a path that has this in it; empty counts all.
    pub path_part: String,
    /// How many of them go well before.
    pub after: usize,
    /// What happens then.
    pub effect: Effect,
    /// Whether it happens to each one from then on, rather than once.
    pub lasting: bool,
}

impl Fault {
    /// The operation of `select` after `after` good ones, once, on whatever path.
    #[must_use]
    pub const fn new(select: Select, after: usize, effect: Effect) -> Self {
        Self { select, path_part: String::new(), after, effect, lasting: false }
    }

    /// The same, counting only operations on paths that contain `part`.
    #[must_use]
    pub fn on(mut self, part: &str) -> Self {
        part.clone_into(&mut self.path_part);
        self
    }

    /// The same, from then on.
    #[must_use]
    pub const fn lasting(mut self) -> Self {
        self.lasting = true;
        self
    }

    fn counts(&self, op: Op, path: &Path) -> bool {
        let selected = match self.select {
            Select::Any => true,
            Select::Changes => op.changes(),
            Select::Only(only) => op == only,
        };
        selected && path.to_string_lossy().contains(&self.path_part)
    }
}

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

    /// Takes all faults away, and brings a dead machine back.
    pub fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.dead = false;
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
    fn hit(&self, op: Op, path: &Path, length_bytes: usize) -> Option<Effect> {
        let below = path.strip_prefix(&*self.root).unwrap_or_else(|_| {
            panic!("{} is outside the faulty disk at {}", path.display(), self.root.display())
        });
        let mut state = self.state();
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

    /// Does an operation unless a fault hits it.
    fn run<T>(
        &self,
        op: Op,
        doing: &'static str,
        path: &Path,
        real: impl FnOnce() -> FsResult<T>,
    ) -> FsResult<T> {
        match self.hit(op, path, 0) {
            None => real(),
            Some(effect) => Err(error(effect, doing, path)),
        }
    }

    fn open_with(
        &self,
        op: Op,
        doing: &'static str,
        path: &Path,
        real: impl FnOnce(&Path) -> FsResult<Box<dyn File>>,
    ) -> FsResult<Box<dyn File>> {
        let inner = self.run(op, doing, path, || real(path))?;
        Ok(Box::new(FaultyFile { inner, path: path.to_owned(), disk: self.clone() }))
    }
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
        self.open_with(Op::Create, "create", path, |path| Disk.create(path))
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.open_with(Op::Open, "open", path, |path| Disk.open(path))
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.open_with(Op::OpenRead, "open", path, |path| Disk.open_read(path))
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        self.run(Op::Exists, "look for", path, || Disk.exists(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        self.run(Op::Rename, "rename", from, || Disk.rename(from, to))
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        self.run(Op::Unlink, "unlink", path, || Disk.unlink(path))
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.run(Op::MakeFolder, "make the folder", path, || Disk.make_folder(path))
    }

    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        self.run(Op::List, "list", folder, || Disk.list(folder))
    }

    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.run(Op::SyncFolder, "sync the folder", folder, || Disk.sync_folder(folder))
    }

    fn space(&self, path: &Path) -> FsResult<Space> {
        self.run(Op::Space, "ask for the room on", path, || Disk.space(path))
    }

    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        self.run(Op::Lock, "lock", path, || Disk.lock(path))
    }
}

struct FaultyFile {
    inner: Box<dyn File>,
    path: PathBuf,
    disk: FaultyDisk,
}

impl File for FaultyFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        let Some(effect) = self.disk.hit(Op::Write, &self.path, bytes.len()) else {
            return self.inner.write_at(offset, bytes);
        };
        if let Effect::Tear(kept_bytes) | Effect::DieTorn(kept_bytes) = effect {
            self.inner.write_at(offset, &bytes[..kept_bytes.min(bytes.len())])?;
        }
        Err(error(effect, "write", &self.path))
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        match self.disk.hit(Op::Read, &self.path, bytes.len()) {
            None => self.inner.read_at(offset, bytes),
            Some(effect) => Err(error(effect, "read", &self.path)),
        }
    }

    fn len(&self) -> FsResult<u64> {
        self.disk.run(Op::Len, "read the length of", &self.path, || self.inner.len())
    }

    fn set_len(&self, length: u64) -> FsResult<()> {
        let set = || self.inner.set_len(length);
        self.disk.run(Op::SetLen, "set the length of", &self.path, set)
    }

    fn sync(&self) -> FsResult<()> {
        self.disk.run(Op::Sync, "sync", &self.path, || self.inner.sync())
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

    /// At whichever operation the machine ends, a replaced file is the old or the new one.
    #[test]
    fn a_replaced_file_survives_the_end_of_the_machine_anywhere() {
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
            outcomes.push(Disk.read(&path, 9).unwrap());
            if finished {
                break;
            }
        }
        assert!(outcomes.iter().all(|left| left == b"old" || left == b"new"));
        assert_eq!(outcomes.first().unwrap(), b"old");
        assert_eq!(outcomes.last().unwrap(), b"new");
    }
}
