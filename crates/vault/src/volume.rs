//! Volumes and their identity: never write to a disk that is not one's own.
//!
//! `volume.id` is one line of text: `jikim volume v1 <volume id> <recorder id>`. A recorder that
//! knows a volume by its id does not start on a folder that lost it (an unmounted disk leaves an
//! empty folder behind, and recorders have filled the system's own disk that way).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{RecorderId, StoragePlace, VolumeId};
use host::{Fs, FsError};

use crate::{OpenVaultError, VaultConfig};

const IDENTITY: &str = "volume.id";
const MAX_IDENTITY_BYTES: usize = 256;

/// An open volume.
pub(crate) struct Volume {
    pub(crate) id: VolumeId,
    pub(crate) path: PathBuf,
    pub(crate) fs: Arc<dyn Fs>,
    /// The room in which it stands, if somebody said so.
    pub(crate) place: Option<StoragePlace>,
    fenced: AtomicBool,
    full: AtomicBool,
}

impl Volume {
    /// Opens the volume at `path`; makes it there if it was never known and the folder is empty.
    pub(crate) fn open(
        fs: &Arc<dyn Fs>,
        path: &Path,
        recorder: RecorderId,
        known: Option<VolumeId>,
    ) -> Result<Self, OpenVaultError> {
        let identity = path.join(IDENTITY);
        let id = if fs.exists(&identity)? {
            let (id, owner) = read_identity(&**fs, &identity)?;
            if owner != recorder {
                return Err(OpenVaultError::VolumeForeign { path: path.to_owned() });
            }
            match known {
                Some(expected) if expected != id => {
                    return Err(OpenVaultError::VolumeMissing { path: path.to_owned(), expected });
                }
                _ => id,
            }
        } else if let Some(expected) = known {
            return Err(OpenVaultError::VolumeMissing { path: path.to_owned(), expected });
        } else {
            make(&**fs, path, recorder)?
        };
        fs.make_folder(&path.join("reels"))?;
        fs.make_folder(&path.join("keyring"))?;
        fs.sync_folder(path)?;
        Ok(Self {
            id,
            path: path.to_owned(),
            fs: Arc::clone(fs),
            place: None,
            fenced: AtomicBool::new(false),
            full: AtomicBool::new(false),
        })
    }

    /// A volume that is known and whose disk fails; to be fenced.
    fn failed(fs: &Arc<dyn Fs>, path: &Path, id: VolumeId) -> Self {
        Self {
            id,
            path: path.to_owned(),
            fs: Arc::clone(fs),
            place: None,
            fenced: AtomicBool::new(false),
            full: AtomicBool::new(false),
        }
    }

    /// Whether what has to lie in `place` may lie here.
    pub(crate) fn is_in(&self, place: Option<&StoragePlace>) -> bool {
        place.is_none_or(|place| self.place.as_ref() == Some(place))
    }

    /// Whether so little room is left that no footage is written here until there is more.
    pub(crate) fn is_full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    /// Looks how much room there is. A disk that is written to its last byte cannot take the
    /// keyring of a rotation, so nothing on it could be destroyed and no room would ever come back:
    /// the last 256 MiB (a twentieth of a small disk) are kept for keyrings, footers and the ledger.
    pub(crate) fn look_for_room(&self) {
        let Ok(space) = self.fs.space(&self.path) else { return };
        let kept = kept_bytes(space.total_bytes);
        let was_full = self.is_full();
        // It takes twice the room to go on, so that a full disk is not begun anew each second.
        let is_full = space.free_bytes < if was_full { kept * 2 } else { kept };
        if is_full != was_full {
            self.full.store(is_full, Ordering::Release);
            tracing::warn!(volume = %self.id, is_full, free_bytes = space.free_bytes, "room on the volume");
        }
    }

    /// How many bytes are missing until there is room again, if so little is left that it is soon
    /// full: four times what is kept back.
    pub(crate) fn missing_bytes(&self) -> Option<u64> {
        let space = self.fs.space(&self.path).ok()?;
        let kept = kept_bytes(space.total_bytes);
        (space.free_bytes < kept * 2).then(|| (kept * 4).saturating_sub(space.free_bytes))
    }

    pub(crate) fn is_fenced(&self) -> bool {
        self.fenced.load(Ordering::Acquire)
    }

    /// After a failed write or sync nothing more is written here: what the disk holds is unknown.
    pub(crate) fn fence(&self, error: &FsError) {
        if !self.fenced.swap(true, Ordering::AcqRel) {
            tracing::error!(volume = %self.id, %error, "volume fenced; its cameras go to another volume");
        }
    }

    pub(crate) fn keyring_folder(&self) -> PathBuf {
        self.path.join("keyring")
    }

    pub(crate) fn reels_folder(&self) -> PathBuf {
        self.path.join("reels")
    }
}

/// What of a volume is kept back for keyrings, footers and the ledger: it is full when no more is
/// left.
#[must_use]
pub fn kept_bytes(total_bytes: u64) -> u64 {
    const KEPT_BYTES: u64 = 256 << 20;
    KEPT_BYTES.min(total_bytes / 20)
}

/// Opens the volumes; which id belongs to which folder is kept, so that a folder that lost its disk
/// is noticed.
pub(crate) fn open_volumes(
    config: &VaultConfig,
    fs: &Arc<dyn Fs>,
) -> Result<Vec<Volume>, OpenVaultError> {
    if config.volumes.is_empty() {
        return Err(OpenVaultError::NoVolume);
    }
    let list = config.folder.join("volumes");
    let text = if fs.exists(&list)? { fs.read(&list, 1 << 20)? } else { Vec::new() };
    let text = String::from_utf8_lossy(&text).into_owned();
    let known = |path: &str| {
        text.lines().find_map(|line| {
            let (id, known_path) = line.split_once(' ')?;
            (known_path == path).then(|| id.parse().ok()).flatten()
        })
    };
    let mut volumes = Vec::new();
    let mut last_error = None;
    for volume in &config.volumes {
        let known = known(&volume.path.to_string_lossy());
        let opened = match Volume::open(fs, &volume.path, config.recorder, known) {
            // Its disk fails: others may work, and one bad disk must not keep them from recording.
            Err(OpenVaultError::Disk(error)) if known.is_some() => {
                let failed = Volume::failed(fs, &volume.path, known.expect("it was just seen"));
                failed.fence(&error);
                last_error = Some(error);
                failed
            }
            opened => opened?,
        };
        if volumes.iter().any(|other: &Volume| other.id == opened.id) {
            return Err(OpenVaultError::VolumeTwice { path: volume.path.clone() });
        }
        volumes.push(Volume { place: volume.place.clone(), ..opened });
    }
    if let Some(error) = last_error.filter(|_| volumes.iter().all(Volume::is_fenced)) {
        return Err(error.into());
    }
    let lines: String =
        volumes.iter().map(|volume| format!("{} {}\n", volume.id, volume.path.display())).collect();
    if lines != text {
        fs.replace(&list, lines.as_bytes())?;
    }
    Ok(volumes)
}

fn make(fs: &dyn Fs, path: &Path, recorder: RecorderId) -> Result<VolumeId, OpenVaultError> {
    fs.make_folder(path)?;
    // A crash while the identity was written leaves its temporary file, and nothing else.
    let is_ours = |name: &str| name == "lost+found" || name == "volume.id.tmp";
    if fs.list(path)?.iter().any(|name| !is_ours(name)) {
        return Err(OpenVaultError::VolumeOccupied { path: path.to_owned() });
    }
    let id = VolumeId::from_random(host::random_bytes());
    fs.replace(&path.join(IDENTITY), format!("jikim volume v1 {id} {recorder}\n").as_bytes())?;
    Ok(id)
}

fn read_identity(fs: &dyn Fs, path: &Path) -> Result<(VolumeId, RecorderId), OpenVaultError> {
    let damaged = || OpenVaultError::VolumeDamaged { path: path.to_owned() };
    let bytes = fs.read(path, MAX_IDENTITY_BYTES)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
    let words = text.strip_prefix("jikim volume v1 ").and_then(|rest| rest.strip_suffix('\n'));
    let (id, recorder) = words.and_then(|words| words.split_once(' ')).ok_or_else(damaged)?;
    Ok((id.parse().map_err(|_| damaged())?, recorder.parse().map_err(|_| damaged())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::Disk;

    #[test]
    fn a_volume_is_known_again_and_no_other_disk_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let fs: Arc<dyn Fs> = Arc::new(Disk);
        let path = folder.path().join("a");
        let recorder = RecorderId::from_bytes([1; 16]);
        let id = Volume::open(&fs, &path, recorder, None).unwrap().id;
        assert_eq!(Volume::open(&fs, &path, recorder, Some(id)).unwrap().id, id);

        let other = RecorderId::from_bytes([2; 16]);
        let foreign = Volume::open(&fs, &path, other, None);
        assert!(matches!(foreign, Err(OpenVaultError::VolumeForeign { .. })));

        // An unmounted disk leaves an empty folder.
        let empty = folder.path().join("b");
        std::fs::create_dir(&empty).unwrap();
        let missing = Volume::open(&fs, &empty, recorder, Some(id));
        assert!(matches!(missing, Err(OpenVaultError::VolumeMissing { .. })));
        assert!(Disk.list(&empty).unwrap().is_empty());

        std::fs::write(empty.join("thesis.txt"), "x").unwrap();
        let occupied = Volume::open(&fs, &empty, recorder, None);
        assert!(matches!(occupied, Err(OpenVaultError::VolumeOccupied { .. })));
        assert_eq!(Disk.list(&empty).unwrap(), ["thesis.txt"]);
    }
}
