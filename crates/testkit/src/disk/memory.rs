//! A disk in memory: for tests that open the same store many thousand times, and sync nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use host::{File, Fs, FsError, FsResult, Space};

type Content = Arc<Mutex<Vec<u8>>>;

/// Files that live as long as it does. Clones are the same disk; nothing is ever full or torn.
#[derive(Debug, Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<Names>>);

#[derive(Debug, Default)]
struct Names {
    files: BTreeMap<PathBuf, Content>,
    folders: BTreeSet<PathBuf>,
}

#[derive(Debug)]
struct MemoryFile {
    path: PathBuf,
    content: Content,
}

fn error(doing: &'static str, path: &Path, kind: ErrorKind) -> FsError {
    FsError { doing, path: path.to_owned(), source: kind.into() }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while the disk is asked")
}

impl MemoryDisk {
    /// Another disk that holds the same; what happens to one is not seen on the other.
    #[must_use]
    pub fn fork(&self) -> Self {
        let names = self.names();
        let copy = |content: &Content| Arc::new(Mutex::new(locked(content).clone()));
        let files = names.files.iter().map(|(path, content)| (path.clone(), copy(content)));
        let (files, folders) = (files.collect(), names.folders.clone());
        Self(Arc::new(Mutex::new(Names { files, folders })))
    }

    /// Puts these bytes in the place of a file.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let content = Arc::new(Mutex::new(bytes.to_vec()));
        self.names().files.insert(path.to_owned(), content);
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        locked(&self.0)
    }
}

impl Fs for MemoryDisk {
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let mut names = self.names();
        if names.files.contains_key(path) {
            return Err(error("create", path, ErrorKind::AlreadyExists));
        }
        let content = Content::default();
        names.files.insert(path.to_owned(), Arc::clone(&content));
        Ok(Box::new(MemoryFile { path: path.to_owned(), content }))
    }

    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        let found = self.names().files.get(path).cloned();
        let content = found.ok_or_else(|| error("open", path, ErrorKind::NotFound))?;
        Ok(Box::new(MemoryFile { path: path.to_owned(), content }))
    }

    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.open(path)
    }

    fn exists(&self, path: &Path) -> FsResult<bool> {
        let names = self.names();
        Ok(names.files.contains_key(path) || names.folders.contains(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        let mut names = self.names();
        let moved = names.files.remove(from);
        let moved = moved.ok_or_else(|| error("rename", from, ErrorKind::NotFound))?;
        names.files.insert(to.to_owned(), moved);
        Ok(())
    }

    fn unlink(&self, path: &Path) -> FsResult<()> {
        let removed = self.names().files.remove(path);
        removed.map(drop).ok_or_else(|| error("unlink", path, ErrorKind::NotFound))
    }

    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.names().folders.extend(path.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        let names = self.names();
        if !names.folders.contains(folder) {
            return Err(error("list", folder, ErrorKind::NotFound));
        }
        let all = names.files.keys().chain(&names.folders);
        let held = all.filter(|path| path.parent() == Some(folder));
        let held = held.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
        Ok(held.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn sync_folder(&self, _: &Path) -> FsResult<()> {
        Ok(())
    }

    fn space(&self, _: &Path) -> FsResult<Space> {
        Ok(Space { free_bytes: 1 << 40, total_bytes: 1 << 41 })
    }

    fn lock(&self, _: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        Ok(Some(Box::new(())))
    }
}

impl File for MemoryFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> FsResult<()> {
        let at = |length: u64| usize::try_from(length).expect("memory holds it");
        let mut content = locked(&self.content);
        let end = at(offset + bytes.len() as u64);
        if content.len() < end {
            content.resize(end, 0);
        }
        content[at(offset)..end].copy_from_slice(bytes);
        Ok(())
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        let content = locked(&self.content);
        let held = usize::try_from(offset).ok().and_then(|from| content.get(from..));
        let held = held.and_then(|held| held.get(..bytes.len()));
        let held = held.ok_or_else(|| error("read", &self.path, ErrorKind::UnexpectedEof))?;
        bytes.copy_from_slice(held);
        Ok(())
    }

    fn len(&self) -> FsResult<u64> {
        Ok(locked(&self.content).len() as u64)
    }

    fn set_len(&self, length: u64) -> FsResult<()> {
        locked(&self.content).resize(usize::try_from(length).expect("memory holds it"), 0);
        Ok(())
    }

    fn sync(&self) -> FsResult<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_what_the_real_disk_does() {
        let folder = tempfile::tempdir().unwrap();
        let memory = MemoryDisk::default();
        memory.make_folder(folder.path()).unwrap();
        for disk in [&host::Disk as &dyn Fs, &memory] {
            let at = |name: &str| folder.path().join(name);
            disk.replace(&at("b"), b"two").unwrap();
            let file = disk.create(&at("a")).unwrap();
            file.write_at(2, b"one").unwrap();
            file.set_len(4).unwrap();
            assert!(disk.create(&at("a")).is_err());
            disk.rename(&at("a"), &at("c")).unwrap();
            assert_eq!(disk.list(folder.path()).unwrap(), ["b", "c"]);
            assert_eq!(disk.read(&at("c"), 9).unwrap(), b"\0\0on");
            assert!(file.read_at(3, &mut [0; 2]).is_err());
            disk.unlink(&at("b")).unwrap();
            assert!(disk.open(&at("b")).err().unwrap().is_missing());
            assert!(!disk.exists(&at("b")).unwrap() && disk.exists(&at("c")).unwrap());
        }
    }

    #[test]
    fn a_fork_is_a_disk_of_its_own() {
        let disk = MemoryDisk::default();
        disk.put(Path::new("/a"), b"one");
        let other = disk.fork();
        other.open(Path::new("/a")).unwrap().write_at(0, b"two").unwrap();
        assert_eq!(disk.read(Path::new("/a"), 9).unwrap(), b"one");
        assert_eq!(other.read(Path::new("/a"), 9).unwrap(), b"two");
    }
}
