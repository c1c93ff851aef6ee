//! A folder in memory for one listener: what lies in it never touches a disk, and it goes with the listener.
//!
//! Its lock tells a living listener's folder from one that a dead listener left behind.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::sys::statfs::{FsType, TMPFS_MAGIC, fstatfs};
use nix::unistd::geteuid;
use tempfile::TempDir;

/// How the folders of listeners begin.
const PREFIX: &str = "jikim-mask-";
/// Where a folder is made if none is named and the session has none.
const SHARED_MEMORY: &str = "/dev/shm";
/// What the kernel calls ramfs, which nix has no name for.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);
/// Another listener that starts may take a new folder for a dead one's until it is locked.
const TRIES: usize = 8;

/// Why there is no such folder.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScratchError {
    /// It would be on a disk.
    #[error(
        "{0} does not lie in memory, and the original of a clip must touch no disk: name a folder on a tmpfs with \
         --scratch, such as /dev/shm or one of your own (mount -t tmpfs -o size=2g,mode=0700 tmpfs DIR)"
    )]
    OnDisk(PathBuf),
    /// Neither place is there.
    #[error(
        "neither $XDG_RUNTIME_DIR nor /dev/shm lies in memory: name a folder on a tmpfs with --scratch"
    )]
    Nowhere,
    /// It cannot be used.
    #[error("the folder for clips in {} cannot be made: {source}", path.display())]
    Make { path: PathBuf, source: io::Error },
}

/// The folder, while the listener lives.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// Takes away what dead listeners of the same user left there, and makes a new one.
    pub(crate) fn make(named: Option<&Path>) -> Result<Self, ScratchError> {
        let place = place(named)?;
        let told = |source| ScratchError::Make { path: place.clone(), source };
        sweep(&place).map_err(told)?;
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..TRIES {
            let folder = tempfile::Builder::new()
                .prefix(PREFIX)
                .rand_bytes(16)
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(&place)
                .map_err(told)?;
            match locked(folder.path()) {
                Ok(lock) if folder.path().is_dir() => {
                    let in_memory = is_memory(&lock).map_err(told)?;
                    let made = Self { folder, _lock: lock };
                    return if in_memory { Ok(made) } else { Err(ScratchError::OnDisk(place)) };
                }
                Ok(_) => {}
                Err(error) => last = error,
            }
        }
        Err(told(last))
    }

    /// A folder for one clip, which goes when it is dropped.
    pub(crate) fn clip(&self) -> io::Result<TempDir> {
        tempfile::Builder::new()
            .prefix("clip-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(self.folder.path())
    }

    /// Takes it away, though one that is being killed may still make a file in it.
    pub(crate) fn remove(&self) {
        for _ in 0..50 {
            match std::fs::remove_dir_all(self.folder.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                _ => return,
            }
        }
    }
}

fn place(named: Option<&Path>) -> Result<PathBuf, ScratchError> {
    let in_memory = |path: &Path| File::open(path).and_then(|folder| is_memory(&folder));
    if let Some(named) = named {
        let told = |source| ScratchError::Make { path: named.to_owned(), source };
        let path = named.canonicalize().map_err(told)?;
        return match in_memory(&path).map_err(told)? {
            true => Ok(path),
            false => Err(ScratchError::OnDisk(path)),
        };
    }
    let session = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usual = session.into_iter().chain([PathBuf::from(SHARED_MEMORY)]);
    let usable = |path: &PathBuf| path.is_absolute() && in_memory(path).unwrap_or(false);
    usual.into_iter().find(usable).ok_or(ScratchError::Nowhere)
}

fn is_memory(folder: &File) -> io::Result<bool> {
    let kind = fstatfs(folder)?.filesystem_type();
    Ok(kind == TMPFS_MAGIC || kind == RAMFS_MAGIC)
}

/// The folder itself, opened and locked; an error if another holds the lock.
fn locked(path: &Path) -> io::Result<File> {
    let flags = (OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW).bits();
    let folder = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    folder.try_lock()?;
    Ok(folder)
}

/// Takes away the folders of this user's listeners that are no longer locked.
fn sweep(place: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(place)?.flatten() {
        if !entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let path = entry.path();
        let ours = std::fs::symlink_metadata(&path)
            .is_ok_and(|it| it.is_dir() && it.uid() == geteuid().as_raw());
        if ours && let Ok(_lock) = locked(&path) {
            // What cannot be taken away now is tried again at the next start.
            let _ = std::fs::remove_dir_all(&path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_but_not_those_of_the_living_nor_what_is_no_folder() {
        let place = tempfile::tempdir_in(SHARED_MEMORY).unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::create_dir_all(at("jikim-mask-dead/clip-1")).unwrap();
        std::fs::write(at("jikim-mask-dead/clip-1/in.mp4"), "x").unwrap();
        std::fs::create_dir(at("other")).unwrap();
        std::os::unix::fs::symlink(at("other"), at("jikim-mask-link")).unwrap();
        std::fs::write(at("jikim-mask-file"), "x").unwrap();
        let living = Scratch::make(Some(place.path())).unwrap();
        assert!(!at("jikim-mask-dead").exists(), "the lock is gone, so is the folder");
        let second = Scratch::make(Some(place.path())).unwrap();
        assert!(living.folder.path().is_dir() && second.folder.path().is_dir());
        for stays in ["other", "jikim-mask-link", "jikim-mask-file"] {
            assert!(at(stays).exists(), "{stays}");
        }
        let mode = std::fs::metadata(living.folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop((living, second));
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_folder_on_a_disk_is_refused() {
        // The folder of the source: no checkout lies in memory on the machines that test this.
        let disk = Path::new(env!("CARGO_MANIFEST_DIR"));
        let error = Scratch::make(Some(disk)).unwrap_err();
        assert!(matches!(error, ScratchError::OnDisk(_)), "{error}");
        assert!(Scratch::make(Some(Path::new(SHARED_MEMORY))).is_ok(), "the control");
    }
}
