//! The fixed slot: two slots of a preallocated file, overwritten where they lie.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use host::{Fs, Secret, SlotFile};

use super::provable::{Facts, HolderKind};
use super::{Holder, HolderError, Provable, provable, turn_of};

const SLOTS: u32 = 2;
/// In the vault's folder: what was there before holders could be chosen.
pub(super) const DEFAULT_FILE: &str = "holder.slots";

/// A preallocated file with two slots.
pub(super) struct SlotHolder {
    name: String,
    fs: Arc<dyn Fs>,
    path: PathBuf,
    /// Opened when first needed: the disk that it lies on may be away at a start.
    file: Mutex<Option<SlotFile>>,
}

impl SlotHolder {
    /// Nothing is opened yet. A path is one within the vault's folder, or stands for itself.
    pub(super) fn new(fs: &Arc<dyn Fs>, folder: &Path, path: &Path) -> Self {
        let path = folder.join(path);
        let name = name_of(folder, &path);
        Self { name, fs: Arc::clone(fs), path, file: Mutex::default() }
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&SlotFile) -> Result<T, host::SlotError>,
    ) -> Result<T, HolderError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            *file = Some(SlotFile::open(&*self.fs, &self.path, SLOTS)?);
        }
        let result = act(file.as_ref().expect("it was just opened"));
        // It is opened anew the next time: its disk may have gone and come back.
        if result.is_err() {
            *file = None;
        }
        Ok(result?)
    }
}

/// The name of a slot file: a data folder that is moved as a whole takes its own along.
pub(super) fn name_of(folder: &Path, path: &Path) -> String {
    format!("slot:{}", path.strip_prefix(folder).unwrap_or(path).display())
}

impl Holder for SlotHolder {
    fn name(&self) -> &str {
        &self.name
    }

    fn join(&self) -> Result<(), HolderError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            *file = Some(SlotFile::open_or_create(&*self.fs, &self.path, SLOTS)?);
        }
        Ok(())
    }

    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
        self.with(|file| {
            let mut held = Vec::new();
            for slot in 0..SLOTS {
                held.extend(file.read(slot)?);
            }
            held.sort_by_key(|(epoch, _)| *epoch);
            Ok(held)
        })
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError> {
        self.with(|file| file.write(turn_of(epoch), epoch, key))
    }

    fn destroy(&self, epoch: u64) -> Result<(), HolderError> {
        self.with(|file| file.destroy(turn_of(epoch)))
    }

    fn look(&self) -> Result<(), HolderError> {
        self.with(|file| file.read(0).map(drop))
    }

    fn provable(&self) -> Provable {
        provable(HolderKind::Slot, &Facts::of(&self.path))
    }
}

impl std::fmt::Debug for SlotHolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SlotHolder").field(&self.name).finish()
    }
}
