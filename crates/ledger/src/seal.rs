//! The ledger's secrets: the signing key, the month's record roots, and sealing under them.
//!
//! Record roots are other roots than the footage's: access logs live one or two years, footage
//! thirty days. Each month has its own, in a fixed slot, so that a month's details can be destroyed
//! while the entries and their proofs stay.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use domain::{Feed, RecorderId, WallTime};
use host::{Fs, Secret, SlotError, SlotFile};

use crate::bucket::{day_of, day_secret};
use crate::{EntryNumber, OpenLedgerError, Record};

/// Four years of months.
const ROOT_SLOTS: u32 = 48;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const SALT_BYTES: usize = 32;

/// The Ed25519 key that signs checkpoints.
pub(crate) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// Opens the key, or makes it when there is no ledger yet.
    pub(crate) fn open(
        fs: &dyn Fs,
        path: &Path,
        ledger_is_new: bool,
    ) -> Result<Self, OpenLedgerError> {
        let slots = SlotFile::open_or_create(fs, path, 1)?;
        let seed = match slots.read(0)? {
            Some((_, seed)) => seed,
            None if ledger_is_new => {
                let seed = Secret::random();
                slots.write(0, 1, &seed)?;
                seed
            }
            None => return Err(OpenLedgerError::KeyMissing),
        };
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose())
            .expect("any 32 bytes are an Ed25519 seed");
        Ok(Self(pair))
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes")
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }
}

/// The record roots, month by month.
pub(crate) struct RecordRoots {
    slots: SlotFile,
    recorder: RecorderId,
    open: Mutex<HashMap<u64, Root>>,
}

/// The root of a month.
struct Root {
    cipher: LessSafeKey,
    secret: Secret,
}

/// A record with its salt, before its entry has a number.
pub(crate) struct Prepared {
    plain: Vec<u8>,
    pub(crate) commitment: [u8; 32],
}

impl RecordRoots {
    pub(crate) fn open(fs: &dyn Fs, path: &Path, recorder: RecorderId) -> Result<Self, SlotError> {
        let slots = SlotFile::open_or_create(fs, path, ROOT_SLOTS)?;
        Ok(Self { slots, recorder, open: Mutex::new(HashMap::new()) })
    }

    /// Salts a record: the commitment says nothing about a name that could be guessed.
    pub(crate) fn prepare(record: &Record) -> Prepared {
        let mut plain = host::random_bytes::<SALT_BYTES>().to_vec();
        serde_json::to_writer(&mut plain, record)
            .expect("a record has nothing that JSON cannot hold");
        Prepared { commitment: commitment(&plain), plain }
    }

    /// Seals a prepared record for its entry, as it stands in the journal beside it: month u64 LE,
    /// nonce, ciphertext, tag.
    pub(crate) fn seal(
        &self,
        number: EntryNumber,
        time: WallTime,
        prepared: Prepared,
    ) -> Result<Vec<u8>, SlotError> {
        let month = self.month_to_seal_under(time)?;
        let nonce = host::random_bytes::<NONCE_BYTES>();
        let mut cipher = prepared.plain;
        let sealed = |root: &Root| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            root.cipher
                .seal_in_place_append_tag(nonce, self.aad(number), &mut cipher)
                .expect("a record is far shorter than the cipher's limit");
        };
        self.with_root(month, true, sealed)?.expect("the root was made when it was missing");
        let mut bytes = month.to_le_bytes().to_vec();
        bytes.extend_from_slice(&nonce);
        bytes.append(&mut cipher);
        Ok(bytes)
    }

    /// Opens a sealed record; `None` if its root is gone, it was changed, or it is another entry's.
    pub(crate) fn open_record(
        &self,
        number: EntryNumber,
        sealed: &[u8],
        expected: [u8; 32],
    ) -> Option<Record> {
        if sealed.len() < 8 + NONCE_BYTES + SALT_BYTES + TAG_BYTES {
            return None;
        }
        let month = u64::from_le_bytes(sealed[..8].try_into().ok()?);
        let nonce: [u8; NONCE_BYTES] = sealed[8..8 + NONCE_BYTES].try_into().ok()?;
        let mut cipher = sealed[8 + NONCE_BYTES..].to_vec();
        let opened = |root: &Root| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            let plain = root.cipher.open_in_place(nonce, self.aad(number), &mut cipher);
            plain.ok().map(|plain| plain.len())
        };
        let length = self.with_root(month, false, opened).ok()???;
        cipher.truncate(length);
        if commitment(&cipher) != expected {
            return None;
        }
        serde_json::from_slice(&cipher[SALT_BYTES..]).ok()
    }

    /// The secret by which the buckets of a feed's day are found ([`crate::bucket`]).
    pub(crate) fn day_secret(
        &self,
        feed: Feed,
        time: WallTime,
        make: bool,
    ) -> Result<Option<Secret>, SlotError> {
        let month = self.month_to_seal_under(time)?;
        let secret = |root: &Root| day_secret(&root.secret, self.recorder, feed, day_of(time));
        self.with_root(month, make, secret)
    }

    fn aad(&self, number: EntryNumber) -> Aad<Vec<u8>> {
        let mut aad = b"jikim side record v1\n".to_vec();
        aad.extend_from_slice(self.recorder.as_bytes());
        aad.extend_from_slice(&number.year.to_le_bytes());
        aad.extend_from_slice(&number.index.to_le_bytes());
        Aad::from(aad)
    }

    /// Runs `act` with the root of a month; makes the root when it is missing and `make` says so.
    fn with_root<T>(
        &self,
        month: u64,
        make: bool,
        act: impl FnOnce(&Root) -> T,
    ) -> Result<Option<T>, SlotError> {
        let mut open = self.lock();
        let root = match open.entry(month) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let Some(secret) = self.root(month, make)? else { return Ok(None) };
                let key =
                    UnboundKey::new(&AES_256_GCM, secret.expose()).expect("a key of 32 bytes");
                vacant.insert(Root { cipher: LessSafeKey::new(key), secret })
            }
        };
        Ok(Some(act(root)))
    }

    /// The month of a time, or the younger one that holds its slot: a clock that stands in 1970
    /// must not overwrite a root under which something is sealed.
    fn month_to_seal_under(&self, time: WallTime) -> Result<u64, SlotError> {
        let month = month_of(time);
        let slot = u32::try_from(month % u64::from(ROOT_SLOTS)).expect("a remainder below 48");
        let known = self.lock().contains_key(&month);
        let held = if known { None } else { self.slots.read(slot)? };
        Ok(held.map_or(month, |(held, _)| held.max(month)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Root>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The root of a month as its slot holds it.
    fn root(&self, month: u64, make: bool) -> Result<Option<Secret>, SlotError> {
        let slot = u32::try_from(month % u64::from(ROOT_SLOTS)).expect("a remainder below 48");
        match self.slots.read(slot)? {
            Some((number, root)) if number == month => Ok(Some(root)),
            // A slot that still holds the month of four years ago is overwritten: its time is up.
            _ if make => {
                let root = Secret::random();
                self.slots.write(slot, month, &root)?;
                Ok(Some(root))
            }
            _ => Ok(None),
        }
    }
}

fn commitment(salted: &[u8]) -> [u8; 32] {
    let mut bytes = b"jikim side record v1\n".to_vec();
    bytes.extend_from_slice(salted);
    digest(&SHA256, &bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Months since January of year 0.
fn month_of(time: WallTime) -> u64 {
    u64::from(time.year()) * 12 + u64::from(time.month()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::Disk;

    fn number(index: u64) -> EntryNumber {
        EntryNumber { year: 2026, index }
    }

    #[test]
    fn a_record_opens_only_for_its_own_entry_and_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots");
        let roots = RecordRoots::open(&Disk, &path, RecorderId::from_bytes([1; 16])).unwrap();
        let record = Record::Outcome { actor: "os:0".into(), note: "홍길동".into() };
        let prepared = RecordRoots::prepare(&record);
        let commitment = prepared.commitment;
        let time = "2026-11-21T00:00:00Z".parse().unwrap();
        let sealed = roots.seal(number(5), time, prepared).unwrap();
        assert!(!sealed.windows(9).any(|window| window == "홍길동".as_bytes()));
        assert_eq!(roots.open_record(number(5), &sealed, commitment), Some(record));
        assert_eq!(roots.open_record(number(6), &sealed, commitment), None);
        assert_eq!(roots.open_record(number(5), &sealed, [0; 32]), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(roots.open_record(number(5), &changed, commitment), None, "byte {at}");
        }
    }

    #[test]
    fn a_clock_in_1970_overwrites_no_root() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots");
        let record = Record::Outcome { actor: "os:0".into(), note: String::new() };
        // These two months share a slot.
        let (now, wrong) = ("2026-01-05T00:00:00Z", "1970-01-05T00:00:00Z");
        let seal = |number: EntryNumber, time: &str| {
            let roots = RecordRoots::open(&Disk, &path, RecorderId::from_bytes([1; 16])).unwrap();
            let prepared = RecordRoots::prepare(&record);
            let commitment = prepared.commitment;
            (roots.seal(number, time.parse().unwrap(), prepared).unwrap(), commitment)
        };
        let (first, first_commitment) = seal(number(1), now);
        let (second, second_commitment) = seal(number(2), wrong);
        let roots = RecordRoots::open(&Disk, &path, RecorderId::from_bytes([1; 16])).unwrap();
        let opened = roots.open_record(number(1), &first, first_commitment);
        assert_eq!(opened.as_ref(), Some(&record));
        assert_eq!(roots.open_record(number(2), &second, second_commitment), Some(record.clone()));
    }

    #[test]
    fn the_same_record_twice_has_two_commitments() {
        let record = Record::Outcome { actor: "os:0".into(), note: String::new() };
        assert_ne!(
            RecordRoots::prepare(&record).commitment,
            RecordRoots::prepare(&record).commitment
        );
    }
}
