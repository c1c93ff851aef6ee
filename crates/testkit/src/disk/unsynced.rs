//! What has not been synced, and how to lose it.
//!
//! The worst that a loss of power may do: all that was written, cut, named, renamed or removed since
//! the last sync of its file or folder has never been. (A folder that was made stays: what matters
//! in it are the names.)

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::{File, FsResult};

/// Which file, whatever its name is by now.
pub(super) type Inode = u64;

/// The way back from one operation.
enum Undo {
    Content { inode: Inode, file: Arc<dyn File>, offset: u64, bytes: Vec<u8>, length: u64 },
    Created { path: PathBuf },
    Renamed { from: PathBuf, to: PathBuf, replaced: Option<PathBuf> },
    Unlinked { path: PathBuf, kept: PathBuf },
}

/// The way back to what was synced.
#[derive(Default)]
pub(super) struct Unsynced {
    undos: Vec<Undo>,
    /// Where files that lost their name are kept until that is durable.
    attic: Option<tempfile::TempDir>,
    kept: u64,
}

impl std::fmt::Debug for Unsynced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unsynced").field("undos", &self.undos.len()).finish_non_exhaustive()
    }
}

pub(super) fn inode(path: &Path) -> Inode {
    fs::metadata(path).map_or(0, |metadata| metadata.ino())
}

impl Unsynced {
    /// Before bytes from `offset` to `end` are written, or a file is cut at `offset`.
    pub(super) fn before_change(
        &mut self,
        inode: Inode,
        file: &Arc<dyn File>,
        offset: u64,
        end: u64,
    ) -> FsResult<()> {
        let length = file.len()?;
        let old = usize::try_from(end.min(length).saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; old];
        file.read_at(offset.min(length), &mut bytes)?;
        self.undos.push(Undo::Content { inode, file: file.clone(), offset, bytes, length });
        Ok(())
    }

    pub(super) fn created(&mut self, path: &Path) {
        self.undos.push(Undo::Created { path: path.to_owned() });
    }

    /// Before `from` takes the place of `to`.
    pub(super) fn before_rename(&mut self, root: &Path, from: &Path, to: &Path) -> io::Result<()> {
        let replaced = if to.try_exists()? { Some(self.keep(root, to)?) } else { None };
        self.undos.push(Undo::Renamed { from: from.to_owned(), to: to.to_owned(), replaced });
        Ok(())
    }

    /// Before `path` is taken away.
    pub(super) fn before_unlink(&mut self, root: &Path, path: &Path) -> io::Result<()> {
        let kept = self.keep(root, path)?;
        self.undos.push(Undo::Unlinked { path: path.to_owned(), kept });
        Ok(())
    }

    /// Gives a file a second name where nobody looks, on the same volume.
    fn keep(&mut self, root: &Path, path: &Path) -> io::Result<PathBuf> {
        let attic = match self.attic.take() {
            Some(attic) => attic,
            None => tempfile::tempdir_in(root.parent().unwrap_or(root))?,
        };
        self.kept += 1;
        let kept = attic.path().join(self.kept.to_string());
        self.attic = Some(attic);
        fs::hard_link(path, &kept)?;
        Ok(kept)
    }

    /// The operation that was announced last did not happen.
    pub(super) fn forget_last(&mut self) {
        self.undos.pop();
    }

    pub(super) fn synced(&mut self, synced: Inode) {
        self.undos.retain(|undo| !matches!(undo, Undo::Content { inode, .. } if *inode == synced));
    }

    pub(super) fn folder_synced(&mut self, folder: &Path) {
        self.undos.retain(|undo| match undo {
            Undo::Content { .. } => true,
            Undo::Created { path } | Undo::Unlinked { path, .. } => path.parent() != Some(folder),
            Undo::Renamed { to, .. } => to.parent() != Some(folder),
        });
    }

    /// Goes back to what was synced.
    pub(super) fn lose(&mut self) -> io::Result<()> {
        while let Some(undo) = self.undos.pop() {
            match undo {
                Undo::Content { file, offset, bytes, length, .. } => {
                    let restored =
                        file.set_len(length).and_then(|()| file.write_at(offset, &bytes));
                    restored.map_err(|error| error.source)?;
                }
                Undo::Created { path } => fs::remove_file(path)?,
                Undo::Renamed { from, to, replaced } => {
                    fs::rename(&to, from)?;
                    if let Some(replaced) = replaced {
                        fs::hard_link(replaced, to)?;
                    }
                }
                Undo::Unlinked { path, kept } => fs::hard_link(kept, path)?,
            }
        }
        Ok(())
    }
}
