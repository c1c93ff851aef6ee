//! The ledger's secrets: the signing key, the months' record roots, and sealing under them.
//!
//! Record roots are other roots than the footage's: access logs live one or two years, footage
//! thirty days. Each month has its own for each life ([`crate::life`]), in a fixed slot, so that a
//! month's details can be destroyed while the entries and their proofs stay.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use domain::{Feed, RecorderId, WallTime};
use host::{Fs, Secret, SlotError, SlotFile};

use crate::bucket::{day_of, day_secret};
use crate::entry::to_hex;
use crate::life::{Life, Month, RootFact, RootName, RootState};
use crate::{EntryNumber, OpenLedgerError, Record};

/// Four years of months.
const ROOT_SLOTS: u32 = 48;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const SALT_BYTES: usize = 32;

/// The Ed25519 key that signs checkpoints.
pub(crate) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// Opens the key, or makes it when there is no ledger yet; whether it was made now.
    pub(crate) fn open(
        fs: &dyn Fs,
        path: &Path,
        ledger_is_new: bool,
    ) -> Result<(Self, bool), OpenLedgerError> {
        let slots = SlotFile::open_or_create(fs, path, 1)?;
        let (seed, is_new) = match slots.read(0)? {
            Some((_, seed)) => (seed, false),
            None if ledger_is_new => {
                let seed = Secret::random();
                slots.write(0, 1, &seed)?;
                (seed, true)
            }
            None => return Err(OpenLedgerError::KeyMissing),
        };
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose())
            .expect("any 32 bytes are an Ed25519 seed");
        Ok((Self(pair), is_new))
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes")
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }
}

/// The record roots: one for each month and life.
pub(crate) struct RecordRoots {
    rights: SlotFile,
    access: SlotFile,
    recorder: RecorderId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: HashMap<RootName, Root>,
    /// Made since they were asked for last; no entry names them yet.
    new: Vec<RootFact>,
    /// Destroyed or about to be: never used, and never made again.
    gone: BTreeSet<RootName>,
}

/// A root in use.
struct Root {
    cipher: LessSafeKey,
    secret: Secret,
}

/// A record with its salt, before its entry has a number.
pub(crate) struct Prepared {
    plain: Vec<u8>,
    life: Life,
    pub(crate) commitment: [u8; 32],
}

impl RecordRoots {
    /// Opens `roots.slots` (rights) and `access.slots` in the ledger's folder, or makes them.
    pub(crate) fn open(
        fs: &dyn Fs,
        folder: &Path,
        recorder: RecorderId,
    ) -> Result<Self, SlotError> {
        let slots = |name| SlotFile::open_or_create(fs, &folder.join(name), ROOT_SLOTS);
        let (rights, access) = (slots("roots.slots")?, slots("access.slots")?);
        Ok(Self { rights, access, recorder, state: Mutex::default() })
    }

    /// Salts a record: the commitment says nothing about a name that could be guessed.
    pub(crate) fn prepare(record: &Record) -> Prepared {
        let mut plain = host::random_bytes::<SALT_BYTES>().to_vec();
        serde_json::to_writer(&mut plain, record)
            .expect("a record has nothing that JSON cannot hold");
        Prepared { commitment: commitment(&plain), life: Life::of(record), plain }
    }

    /// Seals a prepared record for its entry, as it stands in the journal beside it: root u64 LE,
    /// nonce, ciphertext, tag.
    pub(crate) fn seal(
        &self,
        number: EntryNumber,
        time: WallTime,
        prepared: Prepared,
    ) -> Result<Vec<u8>, SlotError> {
        let mut state = self.lock();
        let name = self.name_to_seal_under(&state, prepared.life, time)?;
        let nonce = host::random_bytes::<NONCE_BYTES>();
        let mut cipher = prepared.plain;
        let root = self.root(&mut state, name, true)?.expect("the root is made when it is missing");
        root.cipher
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                self.aad(number),
                &mut cipher,
            )
            .expect("a record is far shorter than the cipher's limit");
        let mut bytes = name.to_u64().to_le_bytes().to_vec();
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
        let nonce: [u8; NONCE_BYTES] = sealed[8..8 + NONCE_BYTES].try_into().ok()?;
        let mut cipher = sealed[8 + NONCE_BYTES..].to_vec();
        let mut state = self.lock();
        let root = self.root(&mut state, name_of(sealed)?, false).ok()??;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = root.cipher.open_in_place(nonce, self.aad(number), &mut cipher).ok()?.len();
        cipher.truncate(length);
        if commitment(&cipher) != expected {
            return None;
        }
        serde_json::from_slice(&cipher[SALT_BYTES..]).ok()
    }

    /// The secret by which the buckets of a feed's day are found ([`crate::bucket`]). It lives as long
    /// as rights do.
    pub(crate) fn day_secret(
        &self,
        feed: Feed,
        time: WallTime,
        make: bool,
    ) -> Result<Option<Secret>, SlotError> {
        let mut state = self.lock();
        let name = self.name_to_seal_under(&state, Life::Rights, time)?;
        let root = self.root(&mut state, name, make)?;
        Ok(root.map(|root| day_secret(&root.secret, self.recorder, feed, day_of(time))))
    }

    /// The roots that were made since this was asked last, for their entries.
    pub(crate) fn take_new(&self) -> Vec<RootFact> {
        std::mem::take(&mut self.lock().new)
    }

    /// The roots that the slots hold.
    pub(crate) fn held(&self) -> Result<Vec<RootFact>, SlotError> {
        let mut held = Vec::new();
        for life in Life::ALL {
            for slot in 0..ROOT_SLOTS {
                let Some((number, root)) = self.slots(life).read(slot)? else { continue };
                // The life stands in the number only before a record: each file has its own.
                let name = RootName { life, month: Month(number) };
                held.push(made(name, &root));
            }
        }
        held.sort_by_key(|root| root.month);
        Ok(held)
    }

    /// From now on nothing opens under these, and they are not made again.
    pub(crate) fn end(&self, names: impl IntoIterator<Item = RootName>) {
        let mut state = self.lock();
        for name in names {
            state.open.remove(&name);
            state.gone.insert(name);
        }
    }

    pub(crate) fn is_gone(&self, name: RootName) -> bool {
        self.lock().gone.contains(&name)
    }

    /// Overwrites a root where it lies, if it is still there.
    pub(crate) fn destroy(&self, name: RootName) -> Result<(), SlotError> {
        assert!(self.is_gone(name), "a root that is still used is never destroyed");
        let (slots, slot) = (self.slots(name.life), slot_of(name.month));
        match slots.read(slot)? {
            Some((number, _)) if number != name.month.0 => Ok(()),
            // Both copies, even if neither can be read: half a root would be half a root.
            _ => slots.destroy(slot),
        }
    }

    fn aad(&self, number: EntryNumber) -> Aad<Vec<u8>> {
        let mut aad = b"jikim side record v1\n".to_vec();
        aad.extend_from_slice(self.recorder.as_bytes());
        aad.extend_from_slice(&number.year.to_le_bytes());
        aad.extend_from_slice(&number.index.to_le_bytes());
        Aad::from(aad)
    }

    /// The root that seals at a time: that of its month; or the one that holds the slot of that month,
    /// for a clock that stands in 1970 or in 2070 must not overwrite a root under which something is
    /// sealed. The month of a root that is gone is over for good: then it is the one after it.
    fn name_to_seal_under(
        &self,
        state: &State,
        life: Life,
        time: WallTime,
    ) -> Result<RootName, SlotError> {
        let mut name = RootName { life, month: Month::of(time) };
        loop {
            if state.open.contains_key(&name) {
                return Ok(name);
            }
            let held = match state.gone.contains(&name) {
                true => None,
                false => self.slots(life).read(slot_of(name.month))?.map(|(month, _)| Month(month)),
            };
            match held.map(|month| RootName { life, month }) {
                Some(held) if !state.gone.contains(&held) => return Ok(held),
                // Its destruction failed and is tried again: until then the slot is not free.
                Some(_) => {}
                None if !state.gone.contains(&name) => return Ok(name),
                None => {}
            }
            name.month = Month(name.month.0 + 1);
        }
    }

    /// A root that is open, or is opened now, or made if it is missing and `make` says so.
    fn root<'a>(
        &self,
        state: &'a mut State,
        name: RootName,
        make: bool,
    ) -> Result<Option<&'a Root>, SlotError> {
        if state.gone.contains(&name) {
            return Ok(None);
        }
        let vacant = match state.open.entry(name) {
            Entry::Occupied(known) => return Ok(Some(known.into_mut())),
            Entry::Vacant(vacant) => vacant,
        };
        let (slots, slot) = (self.slots(name.life), slot_of(name.month));
        let secret = match slots.read(slot)? {
            Some((number, secret)) if number == name.month.0 => secret,
            None if make => {
                let secret = Secret::random();
                slots.write(slot, name.month.0, &secret)?;
                state.new.push(made(name, &secret));
                secret
            }
            _ => return Ok(None),
        };
        let key = UnboundKey::new(&AES_256_GCM, secret.expose()).expect("a key of 32 bytes");
        Ok(Some(vacant.insert(Root { cipher: LessSafeKey::new(key), secret })))
    }

    const fn slots(&self, life: Life) -> &SlotFile {
        match life {
            Life::Rights => &self.rights,
            Life::Access => &self.access,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Under which root a record is sealed.
pub(crate) fn name_of(sealed: &[u8]) -> Option<RootName> {
    RootName::from_u64(u64::from_le_bytes(sealed.get(..8)?.try_into().ok()?))
}

fn made(name: RootName, root: &Secret) -> RootFact {
    let sha256 = to_hex(digest(&SHA256, root.expose()).as_ref());
    RootFact { life: name.life, month: name.month, state: RootState::Made, sha256 }
}

fn slot_of(month: Month) -> u32 {
    u32::try_from(month.0 % u64::from(ROOT_SLOTS)).expect("a remainder below 48")
}

fn commitment(salted: &[u8]) -> [u8; 32] {
    let mut bytes = b"jikim side record v1\n".to_vec();
    bytes.extend_from_slice(salted);
    digest(&SHA256, &bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
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
        let path = folder.path();
        let roots = RecordRoots::open(&Disk, path, RecorderId::from_bytes([1; 16])).unwrap();
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
    fn a_clock_in_1970_or_2070_overwrites_no_root() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let record = Record::Outcome { actor: "os:0".into(), note: String::new() };
        // These months share a slot.
        let times = ["2026-01-05T00:00:00Z", "1970-01-05T00:00:00Z", "2070-01-05T00:00:00Z"];
        let seal = |number: EntryNumber, time: &str| {
            let roots = RecordRoots::open(&Disk, path, RecorderId::from_bytes([1; 16])).unwrap();
            let prepared = RecordRoots::prepare(&record);
            let commitment = prepared.commitment;
            (roots.seal(number, time.parse().unwrap(), prepared).unwrap(), commitment)
        };
        let sealed: Vec<_> = (1..).zip(times).map(|(it, time)| seal(number(it), time)).collect();
        let roots = RecordRoots::open(&Disk, path, RecorderId::from_bytes([1; 16])).unwrap();
        for (index, (sealed, commitment)) in (1..).zip(&sealed) {
            let opened = roots.open_record(number(index), sealed, *commitment);
            assert_eq!(opened.as_ref(), Some(&record));
        }
        assert_eq!(roots.held().unwrap().len(), 1);
    }

    #[test]
    fn a_root_that_is_gone_is_not_made_again_and_its_slot_is_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let roots =
            RecordRoots::open(&Disk, folder.path(), RecorderId::from_bytes([1; 16])).unwrap();
        let record = Record::Outcome { actor: "os:0".into(), note: String::new() };
        let seal = |index: u64, time: &str| {
            let prepared = RecordRoots::prepare(&record);
            let commitment = prepared.commitment;
            let sealed = roots.seal(number(index), time.parse().unwrap(), prepared).unwrap();
            let opens = roots.open_record(number(index), &sealed, commitment).is_some();
            let month = name_of(&sealed).unwrap().month.to_string();
            (sealed, commitment, month, opens)
        };
        let (sealed, commitment, month, _) = seal(1, "2026-01-05T00:00:00Z");
        assert_eq!(month, "2026-01");
        assert_eq!(roots.take_new().len(), 1);
        let name = name_of(&sealed).unwrap();
        roots.end([name]);
        assert_eq!(roots.open_record(number(1), &sealed, commitment), None);
        // Not destroyed yet, and the clock stands in its month: the month after it is taken.
        assert_eq!(seal(2, "2026-01-06T00:00:00Z").2, "2026-02");
        roots.destroy(name).unwrap();
        let after = seal(3, "2026-01-07T00:00:00Z");
        assert_eq!((after.2.as_str(), after.3), ("2026-02", true));
        let later = seal(4, "2030-01-07T00:00:00Z");
        assert_eq!((later.2.as_str(), later.3), ("2030-01", true));
        assert_eq!(roots.open_record(number(1), &sealed, commitment), None);
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
