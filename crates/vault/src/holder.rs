//! The holder of the vault key: fixed slots on a disk.
//!
//! Two slots, used in turn by the epoch's parity, so that at no moment of a rotation there is no
//! key: the new one is safe before the old one is overwritten.

use std::path::Path;

use host::{Fs, Secret, SlotError, SlotFile};

/// Keeps the vault key of one epoch, and for a moment of two.
pub(crate) trait Holder: Send + Sync {
    /// The vault keys that are held, oldest first: one, or two after a crash in a rotation, or
    /// none when the vault is new.
    fn held(&self) -> Result<Vec<(u64, Secret)>, SlotError>;
    /// Keeps the key of a new epoch beside the one before it.
    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), SlotError>;
    /// Destroys the key of an epoch.
    fn destroy(&self, epoch: u64) -> Result<(), SlotError>;
    /// What it is, for the pages.
    fn name(&self) -> &'static str;
}

/// A preallocated file with two slots.
pub(crate) struct SlotHolder(SlotFile);

impl SlotHolder {
    pub(crate) fn open(fs: &dyn Fs, path: &Path) -> Result<Self, SlotError> {
        SlotFile::open_or_create(fs, path, 2).map(Self)
    }
}

fn slot_of(epoch: u64) -> u32 {
    u32::from(!epoch.is_multiple_of(2))
}

impl Holder for SlotHolder {
    fn held(&self) -> Result<Vec<(u64, Secret)>, SlotError> {
        let mut held = Vec::new();
        for slot in 0..2 {
            held.extend(self.0.read(slot)?);
        }
        held.sort_by_key(|(epoch, _)| *epoch);
        Ok(held)
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), SlotError> {
        self.0.write(slot_of(epoch), epoch, key)
    }

    fn destroy(&self, epoch: u64) -> Result<(), SlotError> {
        self.0.destroy(slot_of(epoch))
    }

    fn name(&self) -> &'static str {
        "slot-file"
    }
}
