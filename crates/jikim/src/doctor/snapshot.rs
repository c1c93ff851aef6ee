//! A copy of the ledger in memory, to be attacked. It holds secrets, so it is never on a disk, and is
//! overwritten when it is no longer needed.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::{Told, sentence};

/// Where file systems in memory are.
const MEMORY: &str = "/dev/shm";
/// `TMPFS_MAGIC` of Linux.
const TMPFS: i64 = 0x0102_1994;
/// A ledger that is larger is not copied.
const MOST_BYTES: u64 = 1 << 30;

/// A folder in memory.
pub(crate) struct Snapshot {
    folder: PathBuf,
}

impl Snapshot {
    /// The ledger in it.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Another one, to be changed.
    pub(crate) fn copy(&self) -> Told<Self> {
        let copy = empty()?;
        copy_folder(&self.ledger(), &copy.ledger(), &mut 0)?;
        Ok(copy)
    }

    /// A folder for something else that nobody may find later.
    pub(crate) fn empty() -> Told<Self> {
        empty()
    }

    /// A folder for a ledger that has the log's key and no history.
    pub(crate) fn key_alone(&self) -> Told<Self> {
        let copy = empty()?;
        std::fs::create_dir(copy.ledger()).map_err(sentence)?;
        let key = |of: &Self| of.ledger().join("key.slots");
        std::fs::copy(key(self), key(&copy)).map_err(sentence)?;
        Ok(copy)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        overwrite(&self.folder);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Copies the ledger of a data folder as it stands. What is signed is copied before what it is
/// about, so that the copy has at least what its checkpoint says.
pub(crate) fn take(data: &Path) -> Told<Snapshot> {
    let snapshot = empty()?;
    copy_folder(&data.join("ledger"), &snapshot.ledger(), &mut 0)?;
    Ok(snapshot)
}

fn empty() -> Told<Snapshot> {
    let system = rustix::fs::statfs(MEMORY).map_err(sentence)?;
    #[allow(clippy::useless_conversion, reason = "its width differs between machines")]
    let kind = i64::from(system.f_type);
    if kind != TMPFS {
        return Err(format!("{MEMORY} is not in memory, and secrets must not be copied to a disk"));
    }
    let name = u64::from_le_bytes(host::random_bytes());
    let folder = Path::new(MEMORY).join(format!("jikim-doctor-{name:016x}"));
    std::fs::create_dir(&folder).map_err(sentence)?;
    let snapshot = Snapshot { folder };
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&snapshot.folder, mode).map_err(sentence)?;
    Ok(snapshot)
}

fn copy_folder(from: &Path, to: &Path, bytes: &mut u64) -> Told<()> {
    std::fs::create_dir(to).map_err(sentence)?;
    let mut entries: Vec<PathBuf> = std::fs::read_dir(from)
        .map_err(|error| format!("{} cannot be read: {error}", from.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(sentence)?;
    // `checkpoint` and `cosigned` come before `journal` and `tile`.
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_folder(&path, &to.join(name), bytes)?;
            continue;
        }
        match std::fs::copy(&path, to.join(name)) {
            Ok(length) => *bytes += length,
            // A temporary file that was renamed meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(sentence(error)),
        }
        if *bytes > MOST_BYTES {
            return Err(format!("the ledger is larger than {} MiB", MOST_BYTES >> 20));
        }
    }
    Ok(())
}

fn overwrite(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            overwrite(&path);
        } else if let Ok(mut file) = std::fs::OpenOptions::new().write(true).open(&path) {
            let length = file.metadata().map_or(0, |it| it.len());
            let zeros = [0; 4096];
            for _ in 0..length.div_ceil(zeros.len() as u64) {
                let _ = file.write_all(&zeros);
            }
        }
    }
}
