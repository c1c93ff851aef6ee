//! A disk in memory, for simulations: everything that happens to it follows from what is done and
//! from a seed, so that a run can be repeated.
//!
//! It is as unkind as a real one may be. What was not synced may be there after a loss of power,
//! missing, or there in part, sector by sector; names come back in the order in which they were
//! made, up to some point; a sync that failed may have lost what it was for. What a process had open
//! is of no use to the next one.

mod state;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use host::{File, Fs, FsError, FsResult, Space};

use crate::disk::{EIO, Effect, Fault, Op};
use state::{Number, State};

/// The disk itself. Clones are the same disk; processes reach it through [`FickleDisk::start`].
#[derive(Debug, Clone)]
pub struct FickleDisk(Arc<Mutex<State>>);

/// A protection of the disk taken out, for controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// Syncing a file whose path has this in it does nothing and says it did.
    Sync(&'static str),
}

impl FickleDisk {
    /// An empty disk whose chance follows from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State::new(seed))))
    }

    /// The disk as a new process sees it. What an earlier one holds of it fails from now on, and
    /// faults that were planned are forgotten.
    #[must_use]
    pub fn start(&self) -> FickleFs {
        let mut state = self.state();
        state.start();
        FickleFs { disk: self.clone(), life: state.life }
    }

    /// The process is gone: whatever it still asks fails. What it wrote stays.
    pub fn kill(&self) {
        self.state().dead = true;
    }

    /// The power is gone, and with it the process and some of what was not synced.
    pub fn lose_power(&self) {
        self.state().lose_power();
    }

    /// Whether a fault has ended the process.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// Adds a fault; it counts from now.
    pub fn plan(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// Says from now on that there is this much room.
    pub fn set_room(&self, room: Space) {
        self.state().room = room;
    }

    /// Takes a protection out.
    pub fn lie(&self, lie: Lie) {
        self.state().lie = Some(lie);
    }

    /// Every file with its bytes as they stand, synced or not; no fault hits this.
    #[must_use]
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        self.state().files()
    }

    /// A number that follows from every operation so far, its kind, file, place and length: two runs
    /// that did the same have the same. Not from their order: what is done to several files in the
    /// order of their names is done in the order of chance.
    #[must_use]
    pub fn trace(&self) -> u64 {
        self.state().trace
    }

    /// Operations so far that changed something.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state().changes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics while the disk is asked")
    }
}

/// A disk as one process sees it.
#[derive(Debug, Clone)]
pub struct FickleFs {
    disk: FickleDisk,
    life: u64,
}

struct FickleFile {
    fs: FickleFs,
    path: PathBuf,
    number: Number,
}

fn failed(number: i32, doing: &'static str, path: &Path) -> FsError {
    FsError { doing, path: path.to_owned(), source: io::Error::from_raw_os_error(number) }
}

fn error(kind: io::ErrorKind, doing: &'static str, path: &Path) -> FsError {
    FsError { doing, path: path.to_owned(), source: kind.into() }
}

impl FickleFs {
    /// The state for one operation, unless a fault hits it.
    fn ask(
        &self,
        op: Op,
        doing: &'static str,
        path: &Path,
        at: (Number, u64, usize),
    ) -> Result<MutexGuard<'_, State>, FsError> {
        let mut state = self.disk.state();
        match state.hit(self.life, op, path, at) {
            None => Ok(state),
            Some(Effect::Fail(number)) => Err(failed(number, doing, path)),
            Some(Effect::Tear(_) | Effect::Die | Effect::DieTorn(_)) => {
                Err(failed(EIO, doing, path))
            }
        }
    }

    fn file(&self, path: &Path, number: Number) -> Box<dyn File> {
        Box::new(FickleFile { fs: self.clone(), path: path.to_owned(), number })
    }

    fn open_as(&self, op: Op, path: &Path) -> FsResult<Box<dyn File>> {
        let state = self.ask(op, "open", path, (0, 0, 0))?;
        let number = state.find(path);
        drop(state);
        let number = number.ok_or_else(|| error(io::ErrorKind::NotFound, "open", path))?;
        Ok(self.file(path, number))
    }
}

impl Fs for FickleFs {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let mut state = self.ask(Op::Create, "create", path, (0, 0, 0))?;
        let made = state.create(path).map_err(|kind| error(kind, "create", path))?;
        drop(state);
        Ok(self.file(path, made))
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.open_as(Op::Open, path)
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.open_as(Op::OpenRead, path)
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        let state = self.ask(Op::Exists, "look for", path, (0, 0, 0))?;
        Ok(state.find(path).is_some() || state.is_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        let mut state = self.ask(Op::Rename, "rename", from, (0, 0, 0))?;
        state.rename(from, to).map_err(|kind| error(kind, "rename", from))
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        let mut state = self.ask(Op::Unlink, "unlink", path, (0, 0, 0))?;
        state.unlink(path).map_err(|kind| error(kind, "unlink", path))
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.ask(Op::MakeFolder, "make the folder", path, (0, 0, 0))?.make_folder(path);
        Ok(())
    }

    /// In the order in which the files were made, not sorted: names are chance, and a run would
    /// depend on it.
    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        let state = self.ask(Op::List, "list", folder, (0, 0, 0))?;
        state.list(folder).ok_or_else(|| error(io::ErrorKind::NotFound, "list", folder))
    }

    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.ask(Op::SyncFolder, "sync the folder", folder, (0, 0, 0))?.sync_folder(folder);
        Ok(())
    }

    fn space(&self, path: &Path) -> FsResult<Space> {
        Ok(self.ask(Op::Space, "ask for the room on", path, (0, 0, 0))?.room)
    }

    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        drop(self.ask(Op::Lock, "lock", path, (0, 0, 0))?);
        Ok(Some(Box::new(())))
    }
}

impl File for FickleFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        let mut state = self.fs.disk.state();
        let at = (self.number, offset, bytes.len());
        let Some(effect) = state.hit(self.fs.life, Op::Write, &self.path, at) else {
            state.write(self.number, offset, bytes);
            return Ok(());
        };
        let number = match effect {
            Effect::Fail(number) => number,
            Effect::Die => EIO,
            Effect::Tear(kept) | Effect::DieTorn(kept) => {
                state.write(self.number, offset, &bytes[..kept.min(bytes.len())]);
                EIO
            }
        };
        Err(failed(number, "write", &self.path))
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        let at = (self.number, offset, bytes.len());
        let state = self.fs.ask(Op::Read, "read", &self.path, at)?;
        let found = state.read(self.number, offset, bytes.len());
        let found = found.ok_or_else(|| error(io::ErrorKind::UnexpectedEof, "read", &self.path))?;
        bytes.copy_from_slice(found);
        Ok(())
    }

    fn len(&self) -> FsResult<u64> {
        let at = (self.number, 0, 0);
        Ok(self.fs.ask(Op::Len, "read the length of", &self.path, at)?.len(self.number))
    }

    fn set_len(&self, length: u64) -> FsResult<()> {
        let at = (self.number, length, 0);
        let mut state = self.fs.ask(Op::SetLen, "set the length of", &self.path, at)?;
        state.set_len(self.number, length);
        Ok(())
    }

    fn sync(&self) -> FsResult<()> {
        let mut state = self.fs.disk.state();
        match state.hit(self.fs.life, Op::Sync, &self.path, (self.number, 0, 0)) {
            None => {
                state.sync(self.number, &self.path);
                Ok(())
            }
            Some(Effect::Fail(number)) => {
                state.fail_sync(self.number);
                Err(failed(number, "sync", &self.path))
            }
            // The process ends: what it wrote stays with the system.
            Some(_) => Err(failed(EIO, "sync", &self.path)),
        }
    }
}

#[cfg(test)]
mod tests;
