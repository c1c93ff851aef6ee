//! What can be asked of a disk, and what can go wrong with it.

use std::path::{Path, PathBuf};

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

    pub(crate) fn counts(&self, op: Op, path: &Path) -> bool {
        let selected = match self.select {
            Select::Any => true,
            Select::Changes => op.changes(),
            Select::Only(only) => op == only,
        };
        selected && path.to_string_lossy().contains(&self.path_part)
    }
}
