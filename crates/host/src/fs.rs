//! The file system as `ledger` and `vault` see it.
//!
//! Small on purpose: what is not here (memory maps, partial appends without an offset, renames
//! across folders) is not used where a crash could tear it.

use std::path::{Path, PathBuf};

/// What went wrong, with the file it went wrong with.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {path}: {source}")]
pub struct FsError {
    /// What was being done: `open`, `write`, `sync`, …
    pub doing: &'static str,
    /// With which file or folder.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: std::io::Error,
}

impl FsError {
    /// Whether the file was not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == std::io::ErrorKind::NotFound
    }

    /// Whether the disk (or quota) is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self.source.kind(), StorageFull | QuotaExceeded)
    }
}

/// What every operation gives.
pub type FsResult<T> = Result<T, FsError>;

/// Room on a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes that we could still write.
    pub free_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
}

/// An open file. Offsets are always given: no two callers share a position.
pub trait File: Send + Sync {
    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// What the operating system said. How much was written is then unknown.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()>;

    /// Writes what `blocks` hold and the file does not, at its end. What is in them stays.
    ///
    /// # Errors
    /// As of [`write_at`](Self::write_at).
    fn write_blocks(&self, blocks: &mut crate::Blocks) -> FsResult<()> {
        self.write_at(blocks.fresh_at(), blocks.fresh())
    }

    /// Fills all of `bytes` from `offset`.
    ///
    /// # Errors
    /// What the operating system said; `UnexpectedEof` if the file is shorter.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()>;

    /// Length in bytes.
    ///
    /// # Errors
    /// What the operating system said.
    fn len(&self) -> FsResult<u64>;

    /// Whether it has no byte.
    ///
    /// # Errors
    /// What the operating system said.
    fn is_empty(&self) -> FsResult<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts or extends (with zeros) to `length` bytes.
    ///
    /// # Errors
    /// What the operating system said.
    fn set_len(&self, length: u64) -> FsResult<()>;

    /// Data and length are durable when this returns (`fdatasync`). After an error nothing that was
    /// written since the last success may be believed, and calling it again proves nothing.
    ///
    /// # Errors
    /// What the operating system said.
    fn sync(&self) -> FsResult<()>;
}

/// Folders and names. A name that was made, renamed or removed is durable after
/// [`sync_folder`](Fs::sync_folder).
pub trait Fs: Send + Sync + 'static {
    /// Opens a file for reading and writing that must not be there yet; mode 0600.
    ///
    /// # Errors
    /// What the operating system said.
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>>;

    /// As [`create`](Self::create), for a file that only grows at its end and is large: written past
    /// the page cache where that is possible. It may be up to 4096 zeros too long until
    /// [`File::set_len`] is called with its true length, after which nothing more is written.
    ///
    /// # Errors
    /// What the operating system said.
    fn create_streamed(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.create(path)
    }

    /// Opens a file that is there, for reading and writing.
    ///
    /// # Errors
    /// What the operating system said.
    fn open(&self, path: &Path) -> FsResult<Box<dyn File>>;

    /// Opens a file that is there, for reading.
    ///
    /// # Errors
    /// What the operating system said.
    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>>;

    /// Whether something of that name is there.
    ///
    /// # Errors
    /// What the operating system said.
    fn exists(&self, path: &Path) -> FsResult<bool>;

    /// Gives a file another name, in the place of what had that name.
    ///
    /// # Errors
    /// What the operating system said.
    fn rename(&self, from: &Path, to: &Path) -> FsResult<()>;

    /// Takes a file's name away.
    ///
    /// # Errors
    /// What the operating system said.
    fn unlink(&self, path: &Path) -> FsResult<()>;

    /// Makes a folder and those above it, mode 0700; one that is there is left as it is.
    ///
    /// # Errors
    /// What the operating system said.
    fn make_folder(&self, path: &Path) -> FsResult<()>;

    /// Names of what a folder holds, sorted.
    ///
    /// # Errors
    /// What the operating system said.
    fn list(&self, folder: &Path) -> FsResult<Vec<String>>;

    /// The folder's names are durable when this returns.
    ///
    /// # Errors
    /// What the operating system said.
    fn sync_folder(&self, folder: &Path) -> FsResult<()>;

    /// Room on the volume that holds `path`.
    ///
    /// # Errors
    /// What the operating system said.
    fn space(&self, path: &Path) -> FsResult<Space>;

    /// Takes the lock of a file (made if missing) for as long as what is returned lives; `None` if
    /// another process holds it.
    ///
    /// # Errors
    /// What the operating system said.
    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>>;

    /// The whole of a file of at most `limit_bytes`.
    ///
    /// # Errors
    /// What the operating system said; `FileTooLarge` if it is longer than the limit.
    fn read(&self, path: &Path, limit_bytes: usize) -> FsResult<Vec<u8>> {
        let file = self.open_read(path)?;
        let length = usize::try_from(file.len()?).unwrap_or(usize::MAX);
        if length > limit_bytes {
            return Err(FsError {
                doing: "read",
                path: path.to_owned(),
                source: std::io::ErrorKind::FileTooLarge.into(),
            });
        }
        let mut bytes = vec![0; length];
        file.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Puts `bytes` under `path` so that after a crash either the old file or the new one is there,
    /// whole: a temporary file, sync, rename, sync of the folder. The name of the temporary file is
    /// `path` with `.tmp` at its end, so that what a crash left can be known and taken away.
    ///
    /// # Errors
    /// What the operating system said.
    fn replace(&self, path: &Path, bytes: &[u8]) -> FsResult<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".tmp");
        let temporary = PathBuf::from(name);
        if self.exists(&temporary)? {
            self.unlink(&temporary)?;
        }
        let file = self.create(&temporary)?;
        file.write_at(0, bytes)?;
        file.sync()?;
        self.rename(&temporary, path)?;
        self.sync_folder(path.parent().unwrap_or(Path::new(".")))
    }
}
