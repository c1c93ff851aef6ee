//! The front's folder: what waits to be carried, and what was brought back.
//!
//! `waiting` has a sealed file for each request and beside it what the status page says until the
//! recorder has spoken; `status` belongs to whoever carries, and has what the recorder wrote.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use host::{Fs, FsError};

use crate::parcel::SEALED;
use crate::standing::{LONGEST_STATUS, STATUS, Standing};
use crate::ticket::{Code, Receipt};

/// On a disk with less room than this nothing is taken.
const ROOM_BYTES: u64 = 64 << 20;

/// The folder.
pub struct Store {
    fs: Arc<dyn Fs>,
    waiting: PathBuf,
    status: PathBuf,
    most_waiting: usize,
    one_at_a_time: Mutex<()>,
}

/// Why a request was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// So many wait already that something is wrong.
    #[error("{0} requests wait to be carried: carry them to the recorder")]
    Full(usize),
    /// The disk has no room.
    #[error("the disk of the front's folder is full")]
    NoRoom,
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
}

impl Store {
    /// Opens the folder or makes it; takes away what a crash left half written.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn open(fs: Arc<dyn Fs>, folder: &Path, most_waiting: usize) -> Result<Self, FsError> {
        let (waiting, status) = (folder.join("waiting"), folder.join("status"));
        for part in [&waiting, &status] {
            fs.make_folder(part)?;
        }
        for name in fs.list(&waiting)?.iter().filter(|name| name.ends_with(".tmp")) {
            fs.unlink(&waiting.join(name))?;
        }
        fs.sync_folder(folder)?;
        let one_at_a_time = Mutex::new(());
        Ok(Self { fs, waiting, status, most_waiting, one_at_a_time })
    }

    /// Keeps a sealed request and its first status. Both are durable when this returns.
    ///
    /// # Errors
    /// See [`KeepError`]; nothing is kept then.
    pub fn keep(&self, receipt: &Receipt, sealed: &[u8], status: &[u8]) -> Result<(), KeepError> {
        let _alone = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.fs.list(&self.waiting)?;
        self.forget_spoken(&names)?;
        let sealed_now = names.iter().filter(|name| name.ends_with(SEALED)).count();
        if sealed_now >= self.most_waiting || names.len() >= self.most_waiting.saturating_mul(4) {
            return Err(KeepError::Full(sealed_now));
        }
        if self.fs.space(&self.waiting)?.free_bytes < ROOM_BYTES {
            return Err(KeepError::NoRoom);
        }
        let first = self.waiting.join(format!("{receipt}{STATUS}"));
        self.fs.replace(&first, status)?;
        let kept = self.fs.replace(&self.waiting.join(format!("{receipt}{SEALED}")), sealed);
        if kept.is_err() {
            // Nobody was told this number.
            let _ = self.fs.unlink(&first);
        }
        Ok(kept?)
    }

    /// What a request's status file says to this code; none if there is none, or the code is another.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn standing(&self, receipt: &Receipt, code: &Code) -> Result<Option<Standing>, FsError> {
        for folder in [&self.status, &self.waiting] {
            match self.fs.read(&folder.join(format!("{receipt}{STATUS}")), LONGEST_STATUS) {
                Ok(file) => {
                    if let Some(standing) = Standing::open(&file, receipt, code) {
                        return Ok(Some(standing));
                    }
                }
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Takes away the first status of what the recorder has spoken of.
    fn forget_spoken(&self, names: &[String]) -> Result<(), FsError> {
        for name in names.iter().filter(|name| name.ends_with(STATUS)) {
            if self.fs.exists(&self.status.join(name))? {
                self.fs.unlink(&self.waiting.join(name))?;
            }
        }
        Ok(())
    }
}
