//! Small secrets in fixed places of a preallocated file, so that destroying one overwrites it where
//! it lies.
//!
//! Why not a row, a file or a rename: measured on ext4, a deleted row or a renamed file leaves its
//! bytes on the raw disk, and an overwrite in place does not (`docs/design/keys.md`). Each secret
//! has two copies, so that a torn write of one never loses it; a copy is believed only if its
//! checksum is right.
//!
//! Layout: slot *s*, copy *c* (0 or 1) is the 4096 bytes at `(2s + c) * 4096`:
//! magic `JIKIMSLT` (8), version u32 LE = 1 (4), zero (4), number u64 LE (8), secret (32),
//! SHA-256 of the 56 bytes before it (32), zeros.

use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::{Zeroize, Zeroizing};

use crate::{File, Fs, FsError};

const PAGE_BYTES: usize = 4096;
const MAGIC: &[u8; 8] = b"JIKIMSLT";
const VERSION: u32 = 1;
const COVERED_BYTES: usize = 56;

/// Thirty-two bytes that nobody may see: overwritten when dropped, never printed.
/// They lie in one place from first to last, since a value that moves leaves its bytes where it was.
pub struct Secret(Box<Zeroizing<[u8; 32]>>);

impl Clone for Secret {
    fn clone(&self) -> Self {
        Self::copy_of(&self.0)
    }
}

impl Secret {
    /// From chance.
    #[must_use]
    pub fn random() -> Self {
        Self::from_bytes(crate::random_bytes())
    }

    /// From bytes that are one already; what is handed over is wiped.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let secret = Self::copy_of(&bytes);
        bytes.zeroize();
        secret
    }

    fn copy_of(bytes: &[u8; 32]) -> Self {
        let mut secret = Box::new(Zeroizing::new([0; 32]));
        secret.copy_from_slice(bytes);
        Self(secret)
    }

    /// The bytes, for a cipher.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a slot file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// The file has another length than the slots it must have.
    #[error(
        "{path} is not a file of {slots} slots: it was cut or is another file; restore it from where it belongs"
    )]
    WrongLength {
        /// Which file.
        path: PathBuf,
        /// How many slots it must have.
        slots: u32,
    },
    /// What was written could not be read back the same.
    #[error(
        "{path}: slot {slot} reads back differently from what was written; the device must be replaced"
    )]
    ReadBack {
        /// Which file.
        path: PathBuf,
        /// Which slot.
        slot: u32,
    },
}

/// A preallocated file of slots.
pub struct SlotFile {
    file: Box<dyn File>,
    path: PathBuf,
    slots: u32,
}

impl SlotFile {
    /// Makes the file with every byte written once, and its name durable. It has its name only when
    /// it is whole: a half of one that a crash left could never be opened again.
    ///
    /// # Errors
    /// If the disk refused.
    ///
    /// # Panics
    /// If the file is there already: keys would be lost.
    pub fn create(fs: &dyn Fs, path: &Path, slots: u32) -> Result<Self, SlotError> {
        assert!(!fs.exists(path)?, "a slot file is never made over one that is there");
        fs.replace(path, &vec![0; slots as usize * 2 * PAGE_BYTES])?;
        Ok(Self { file: fs.open(path)?, path: path.to_owned(), slots })
    }

    /// Opens a file that is there. A write that a killed process did not finish is finished: what it
    /// left may lie in the system's memory alone, and what is built on that would be lost with the
    /// next loss of power.
    ///
    /// # Errors
    /// If the disk refused or the length is wrong.
    pub fn open(fs: &dyn Fs, path: &Path, slots: u32) -> Result<Self, SlotError> {
        let file = fs.open(path)?;
        if file.len()? != u64::from(slots) * 2 * PAGE_BYTES as u64 {
            return Err(SlotError::WrongLength { path: path.to_owned(), slots });
        }
        let file = Self { file, path: path.to_owned(), slots };
        (0..slots).try_for_each(|slot| file.finish_write(slot))?;
        Ok(file)
    }

    /// Opens, or creates when missing.
    ///
    /// # Errors
    /// As [`SlotFile::open`] and [`SlotFile::create`].
    pub fn open_or_create(fs: &dyn Fs, path: &Path, slots: u32) -> Result<Self, SlotError> {
        if fs.exists(path)? { Self::open(fs, path, slots) } else { Self::create(fs, path, slots) }
    }

    /// The first copy is written and synced before the second, and destroyed before it. So if the
    /// first is right and the second is not the same, it was being written.
    fn finish_write(&self, slot: u32) -> Result<(), SlotError> {
        let (mut first, mut second) =
            (Zeroizing::new([0; PAGE_BYTES]), Zeroizing::new([0; PAGE_BYTES]));
        self.file.read_at(self.offset(slot, 0), &mut first[..])?;
        self.file.read_at(self.offset(slot, 1), &mut second[..])?;
        if *first == *second || parse(&first).is_none() {
            return Ok(());
        }
        self.overwrite(slot, 0, &first)?;
        self.overwrite(slot, 1, &first)
    }

    /// The number and secret of a slot: the first of its copies whose checksum is right.
    ///
    /// # Errors
    /// If the disk refused.
    pub fn read(&self, slot: u32) -> Result<Option<(u64, Secret)>, SlotError> {
        for copy in 0..2 {
            let mut page = Zeroizing::new([0; PAGE_BYTES]);
            self.file.read_at(self.offset(slot, copy), &mut page[..])?;
            if let Some(found) = parse(&page) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Puts a secret into a slot: first copy, sync, second copy, sync, read back.
    ///
    /// # Errors
    /// If the disk refused, or gave back something else.
    pub fn write(&self, slot: u32, number: u64, secret: &Secret) -> Result<(), SlotError> {
        let page = encode(number, secret);
        for copy in 0..2 {
            self.overwrite(slot, copy, &page)?;
        }
        Ok(())
    }

    /// Overwrites both copies of a slot with zeros, where they lie; sync; read back.
    ///
    /// # Errors
    /// If the disk refused, or gave back something else: then the secret is not destroyed.
    pub fn destroy(&self, slot: u32) -> Result<(), SlotError> {
        for copy in 0..2 {
            self.overwrite(slot, copy, &[0; PAGE_BYTES])?;
        }
        Ok(())
    }

    fn overwrite(&self, slot: u32, copy: u32, page: &[u8; PAGE_BYTES]) -> Result<(), SlotError> {
        let offset = self.offset(slot, copy);
        self.file.write_at(offset, page)?;
        self.file.sync()?;
        let mut found = Zeroizing::new([0; PAGE_BYTES]);
        self.file.read_at(offset, &mut found[..])?;
        if *found == *page {
            Ok(())
        } else {
            Err(SlotError::ReadBack { path: self.path.clone(), slot })
        }
    }

    fn offset(&self, slot: u32, copy: u32) -> u64 {
        assert!(slot < self.slots, "slot {slot} of a file of {}", self.slots);
        (u64::from(slot) * 2 + u64::from(copy)) * PAGE_BYTES as u64
    }
}

fn encode(number: u64, secret: &Secret) -> Zeroizing<[u8; PAGE_BYTES]> {
    let mut page = Zeroizing::new([0; PAGE_BYTES]);
    page[..8].copy_from_slice(MAGIC);
    page[8..12].copy_from_slice(&VERSION.to_le_bytes());
    page[16..24].copy_from_slice(&number.to_le_bytes());
    page[24..COVERED_BYTES].copy_from_slice(secret.expose());
    let sum = digest(&SHA256, &page[..COVERED_BYTES]);
    page[COVERED_BYTES..COVERED_BYTES + 32].copy_from_slice(sum.as_ref());
    page
}

fn parse(page: &[u8; PAGE_BYTES]) -> Option<(u64, Secret)> {
    let sum = digest(&SHA256, &page[..COVERED_BYTES]);
    if &page[..8] != MAGIC
        || page[8..12] != VERSION.to_le_bytes()
        || sum.as_ref() != &page[COVERED_BYTES..COVERED_BYTES + 32]
    {
        return None;
    }
    let number = u64::from_le_bytes(page[16..24].try_into().expect("eight bytes"));
    let mut bytes: [u8; 32] = page[24..COVERED_BYTES].try_into().expect("thirty-two bytes");
    let secret = Secret::from_bytes(bytes);
    bytes.zeroize();
    Some((number, secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Disk;

    #[test]
    fn a_secret_survives_one_torn_copy_and_no_destruction() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        let slots = SlotFile::open_or_create(&Disk, &path, 2).unwrap();
        assert!(slots.read(0).unwrap().is_none());
        let secret = Secret::random();
        slots.write(0, 7, &secret).unwrap();
        slots.file.write_at(30, b"torn").unwrap();
        let (number, found) = slots.read(0).unwrap().unwrap();
        assert_eq!((number, found.expose()), (7, secret.expose()));
        slots.destroy(0).unwrap();
        assert!(slots.read(0).unwrap().is_none());
        let bytes = Disk.read(&path, 1 << 20).unwrap();
        assert!(!bytes.windows(32).any(|window| window == secret.expose()));
    }

    /// What a killed process left of a write is finished, what it left of a destruction is not undone.
    #[test]
    fn a_write_that_was_cut_off_is_finished_and_a_destruction_is_not_undone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        let slots = SlotFile::open_or_create(&Disk, &path, 2).unwrap();
        let (secret, page) = (Secret::random(), PAGE_BYTES as u64);
        slots.write(0, 7, &secret).unwrap();
        let whole = Disk.read(&path, 1 << 20).unwrap();
        slots.file.write_at(page, &[0; PAGE_BYTES]).unwrap();
        SlotFile::open(&Disk, &path, 2).unwrap();
        assert!(Disk.read(&path, 1 << 20).unwrap() == whole, "both copies are there again");
        slots.file.write_at(0, &[0; PAGE_BYTES]).unwrap();
        let half = Disk.read(&path, 1 << 20).unwrap();
        SlotFile::open(&Disk, &path, 2).unwrap();
        assert!(Disk.read(&path, 1 << 20).unwrap() == half);
    }

    #[test]
    fn a_cut_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        SlotFile::create(&Disk, &path, 2).unwrap();
        assert!(matches!(SlotFile::open(&Disk, &path, 3), Err(SlotError::WrongLength { .. })));
    }
}
