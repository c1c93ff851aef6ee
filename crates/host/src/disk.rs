//! The real file system.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::direct::DirectFile;
use crate::{File, Fs, FsError, FsResult, Space};

/// The disks of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

struct OpenFile {
    file: fs::File,
    path: PathBuf,
}

fn at<T>(doing: &'static str, path: &Path, result: io::Result<T>) -> FsResult<T> {
    result.map_err(|source| FsError { doing, path: path.to_owned(), source })
}

impl File for OpenFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        at("write", &self.path, self.file.write_all_at(bytes, offset))
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        at("read", &self.path, self.file.read_exact_at(bytes, offset))
    }

    fn len(&self) -> FsResult<u64> {
        at("read the length of", &self.path, self.file.metadata().map(|meta| meta.len()))
    }

    fn set_len(&self, length: u64) -> FsResult<()> {
        at("set the length of", &self.path, self.file.set_len(length))
    }

    fn sync(&self) -> FsResult<()> {
        at("sync", &self.path, self.file.sync_data())
    }
}

impl Disk {
    fn open_with(
        options: &OpenOptions,
        doing: &'static str,
        path: &Path,
    ) -> FsResult<Box<dyn File>> {
        let file = at(doing, path, options.open(path))?;
        Ok(Box::new(OpenFile { file, path: path.to_owned() }))
    }
}

impl Fs for Disk {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        Self::open_with(&options, "create", path)
    }

    fn create_streamed(&self, path: &Path) -> FsResult<Box<dyn File>> {
        match DirectFile::create(path)? {
            Some(file) => Ok(Box::new(file)),
            None => self.create(path),
        }
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Self::open_with(OpenOptions::new().read(true).write(true), "open", path)
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        Self::open_with(OpenOptions::new().read(true), "open", path)
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        at("look for", path, path.try_exists())
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        at("rename", from, fs::rename(from, to))
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        at("unlink", path, fs::remove_file(path))
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        let result = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        at("make the folder", path, result)
    }

    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        let names = || -> io::Result<Vec<String>> {
            let mut names = Vec::new();
            for entry in fs::read_dir(folder)? {
                // A name that is not UTF-8 is none of ours.
                if let Ok(name) = entry?.file_name().into_string() {
                    names.push(name);
                }
            }
            names.sort();
            Ok(names)
        };
        at("list", folder, names())
    }

    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        // The folder of a bare name is the one that the program runs in.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        at("sync the folder", folder, fs::File::open(folder).and_then(|folder| folder.sync_all()))
    }

    fn space(&self, path: &Path) -> FsResult<Space> {
        let stat = at("ask for the room on", path, rustix::fs::statvfs(path).map_err(Into::into))?;
        Ok(Space {
            free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
            total_bytes: stat.f_blocks.saturating_mul(stat.f_frsize),
        })
    }

    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = at("open", path, options.open(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(source)) => at("lock", path, Err(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_bare_name_can_be_synced() {
        let folder = Path::new("certificate").parent().unwrap();
        Disk.sync_folder(folder).unwrap();
        // The control: a folder that is not there cannot.
        assert!(Disk.sync_folder(Path::new("no-such-folder")).is_err());
    }

    #[test]
    fn a_replaced_file_is_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        Disk.replace(&path, b"one").unwrap();
        Disk.replace(&path, b"two").unwrap();
        assert_eq!(Disk.read(&path, 16).unwrap(), b"two");
        assert_eq!(Disk.list(folder.path()).unwrap(), ["note"]);
        assert!(Disk.read(&path, 2).is_err());
    }

    #[test]
    fn a_lock_is_held_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = Disk.lock(&path).unwrap();
        assert!(held.is_some());
        assert!(Disk.lock(&path).unwrap().is_none());
        drop(held);
        assert!(Disk.lock(&path).unwrap().is_some());
    }
}
