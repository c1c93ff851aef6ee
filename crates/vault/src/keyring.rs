//! The keyring: every bucket key of an epoch, wrapped by that epoch's vault key.
//!
//! One file for each epoch on every volume, `keyring/<epoch, 16 hexadecimal digits>.keys`, only ever
//! appended to. Layout (`docs/formats/keyring.md`): a header of 64 bytes (magic `JIKIMKEY`, version
//! u32 = 1, suite u32 = 1, epoch u64, SHA-256 of the vault key (32), zero u64), then records of 148
//! bytes: nonce (12), ciphertext of the 120 bytes of a bucket or of a minute that outlives its bucket,
//! tag (16). Associated data: the header.
//! The nonce is random: an epoch makes thousands of records, far from where chance repeats.

mod record;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{BucketId, Feed, WallTime};
use host::{FsError, FsResult, Secret};
use ledger::BucketFact;
use reel::{BucketKey, ChunkKey};
use zeroize::Zeroizing;

use crate::anchor::Slow;
use crate::minute::{KeyId, Minute, MinuteId};
use crate::parting::Due;
use crate::volume::Volume;

use record::{Kept, PLAIN_BYTES};

const HEADER_BYTES: usize = 64;
const RECORD_BYTES: usize = 12 + PLAIN_BYTES + 16;
/// Buckets of ten years of a hundred cameras; more is not a keyring.
const MAX_FILE_BYTES: usize = 2 << 30;

/// One bucket: one feed, one bucket length of wall time, one key.
pub(crate) struct Bucket {
    pub(crate) id: BucketId,
    pub(crate) feed: Feed,
    pub(crate) start: WallTime,
    pub(crate) end: WallTime,
    pub(crate) expires_at: WallTime,
    pub(crate) key: BucketKey,
}

impl Bucket {
    /// What the ledger is told of it.
    pub(crate) fn fact(&self) -> BucketFact {
        let Self { id, feed, start, end, expires_at, ref key } = *self;
        let key_sha256 = key.commitment();
        BucketFact { bucket: id, key_sha256, feed, start, end, expires_at }
    }
}

/// What a rotation takes out of the keyring.
pub(crate) struct Gone {
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) minutes: Vec<Minute>,
}

impl Gone {
    /// Which keys these are.
    pub(crate) fn ids(&self) -> BTreeSet<KeyId> {
        let buckets = self.buckets.iter().map(|bucket| KeyId::Bucket(bucket.id));
        buckets.chain(self.minutes.iter().map(|minute| KeyId::Minute(minute.id))).collect()
    }
}

/// An epoch's keyring in memory.
pub(crate) struct Keyring {
    pub(crate) epoch: u64,
    vault_key: Secret,
    buckets: HashMap<BucketId, Bucket>,
    /// Of buckets that are gone.
    minutes: BTreeMap<MinuteId, Minute>,
    current: HashMap<Feed, Vec<(WallTime, u64, BucketId)>>,
}

/// Buckets of a feed that are still being filled: at a boundary two, after a step of the clock four.
/// An older one that is wanted again (a late chunk) is simply made anew.
const FILLED_AT_ONCE: usize = 4;

impl Keyring {
    pub(crate) fn new(epoch: u64, vault_key: Secret) -> Self {
        Self {
            epoch,
            vault_key,
            buckets: HashMap::new(),
            minutes: BTreeMap::new(),
            current: HashMap::new(),
        }
    }

    pub(crate) fn commitment(&self) -> [u8; 32] {
        commitment(&self.vault_key)
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Minutes that are kept of buckets that are gone.
    pub(crate) fn minutes(&self) -> impl Iterator<Item = &Minute> {
        self.minutes.values()
    }

    /// A minute that is kept of a bucket that is gone.
    pub(crate) fn minute(&self, id: MinuteId) -> Option<&Minute> {
        self.minutes.get(&id)
    }

    /// Feed, start and expiry of every bucket.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Bucket> {
        self.buckets.values()
    }

    /// A bucket that is kept.
    pub(crate) fn bucket(&self, id: BucketId) -> Option<&Bucket> {
        self.buckets.get(&id)
    }

    /// Takes in what another volume's copy of the same epoch has and this has not.
    pub(crate) fn join(&mut self, other: Self) {
        self.join_survivors(other, &BTreeSet::new());
    }

    pub(crate) fn insert(&mut self, bucket: Bucket) {
        self.buckets.insert(bucket.id, bucket);
    }

    /// Takes in what the keyring of an epoch before has and this has not, but what was decided to
    /// be destroyed.
    pub(crate) fn join_survivors(&mut self, older: Self, decided: &BTreeSet<KeyId>) {
        for (id, bucket) in older.buckets {
            if !decided.contains(&KeyId::Bucket(id)) {
                self.buckets.entry(id).or_insert(bucket);
            }
        }
        for (id, minute) in older.minutes {
            if !decided.contains(&KeyId::Minute(id)) {
                self.minutes.entry(id).or_insert(minute);
            }
        }
    }

    /// Start and expiry of every bucket of which something is kept.
    pub(crate) fn times(&self) -> BTreeSet<(WallTime, WallTime)> {
        let buckets = self.buckets.values().map(|bucket| (bucket.start, bucket.expires_at));
        let minutes = self.minutes.values().map(|it| (it.bucket_start, it.expires_at));
        buckets.chain(minutes).collect()
    }

    /// Start and expiry of buckets of which minutes alone are kept, and which these are.
    pub(crate) fn minutes_alone(&self) -> BTreeMap<(WallTime, WallTime), BTreeSet<(Feed, i64)>> {
        let mut alone: BTreeMap<_, BTreeSet<(Feed, i64)>> = BTreeMap::new();
        for it in self.minutes.values() {
            let time = (it.bucket_start, it.expires_at);
            alone.entry(time).or_default().insert((it.feed, it.id.number));
        }
        if !alone.is_empty() {
            self.buckets.values().for_each(|it| drop(alone.remove(&(it.start, it.expires_at))));
        }
        alone
    }

    /// The bucket that is being filled, if it was made in this run. A step of the clock begins a
    /// new `generation`, and a start knows none: both open a new bucket.
    /// One that expires at another moment is another one: a retention that was changed within the
    /// bucket's time governs what is recorded from then on.
    pub(crate) fn current(
        &self,
        feed: Feed,
        start: WallTime,
        expires_at: WallTime,
        generation: u64,
    ) -> Option<BucketId> {
        let filled = self.current.get(&feed)?.iter();
        let mut of_time = filled.filter(|(at, of, _)| (*at, *of) == (start, generation));
        let fits = |id: &BucketId| self.buckets.get(id).is_some_and(|b| b.expires_at == expires_at);
        of_time.find_map(|(_, _, id)| fits(id).then_some(*id))
    }

    pub(crate) fn set_current(&mut self, bucket: Bucket, generation: u64) {
        let filled = self.current.entry(bucket.feed).or_default();
        filled.push((bucket.start, generation, bucket.id));
        if filled.len() > FILLED_AT_ONCE {
            filled.remove(0);
        }
        self.insert(bucket);
    }

    /// The key of a chunk, or nothing when it is destroyed: its bucket is gone, and its minute was
    /// not kept.
    pub(crate) fn chunk_key(
        &self,
        bucket: BucketId,
        minute: i64,
        reel: domain::ReelId,
        feed: Feed,
    ) -> Option<ChunkKey> {
        if let Some(bucket) = self.buckets.get(&bucket) {
            return Some(bucket.key.minute(bucket.id, minute).chunk(reel, feed));
        }
        let kept = self.minutes.get(&MinuteId { bucket, number: minute })?;
        Some(kept.key.chunk(reel, feed))
    }

    /// The buckets that are due at a rotation after which the next comes at `next`; what was filmed
    /// under a slow clock is due as much later.
    pub(crate) fn due(&self, next: WallTime, slow: &[Slow]) -> Vec<BucketId> {
        let is_due = |it: &&Bucket| is_due(next, slow, (it.start, it.end), it.expires_at);
        self.buckets.values().filter(is_due).map(|bucket| bucket.id).collect()
    }

    /// The minutes whose bucket would be due likewise, held or not.
    pub(crate) fn due_minutes<'k>(
        &'k self,
        next: WallTime,
        slow: &'k [Slow],
    ) -> impl Iterator<Item = &'k Minute> {
        let bucket = |it: &Minute| (it.bucket_start, it.bucket_end);
        self.minutes.values().filter(move |it| is_due(next, slow, bucket(it), it.expires_at))
    }

    /// The most buckets that began within any stretch of this length: as many are due in it, sooner
    /// or later.
    pub(crate) fn most_within(&self, length: Duration) -> usize {
        let mut starts: Vec<WallTime> = self.buckets.values().map(|bucket| bucket.start).collect();
        starts.sort_unstable();
        let mut first = 0;
        let within = starts.iter().enumerate().map(|(index, start)| {
            while starts[first] + length <= *start {
                first += 1;
            }
            index + 1 - first
        });
        within.max().unwrap_or(0)
    }

    /// The keys of some minutes of buckets that are here.
    pub(crate) fn split(&self, kept: &BTreeMap<BucketId, BTreeSet<i64>>) -> Vec<Minute> {
        let here = kept.iter().filter_map(|(id, numbers)| Some((self.buckets.get(id)?, numbers)));
        here.flat_map(|(bucket, numbers)| numbers.iter().map(|n| Minute::of(bucket, *n))).collect()
    }

    /// Parts the keyring: what is due leaves it, the survivors move under a new vault key, and with
    /// them the minutes that were split out of buckets that leave.
    pub(crate) fn rotate(
        self,
        due: &Due,
        split: Vec<Minute>,
        epoch: u64,
        vault_key: Secret,
    ) -> (Self, Gone) {
        let mut kept = Self { epoch, vault_key, ..self };
        let gone = Gone {
            buckets: due.buckets.iter().filter_map(|id| kept.buckets.remove(id)).collect(),
            minutes: due.minutes.iter().filter_map(|id| kept.minutes.remove(id)).collect(),
        };
        kept.minutes.extend(split.into_iter().map(|minute| (minute.id, minute)));
        (kept, gone)
    }

    /// Puts back what a rotation took out, when it could not come to its end.
    pub(crate) fn restore(self, gone: Gone, epoch: u64, vault_key: Secret) -> Self {
        let mut old = Self { epoch, vault_key, ..self };
        for bucket in gone.buckets {
            old.minutes.retain(|id, _| id.bucket != bucket.id);
            old.insert(bucket);
        }
        old.minutes.extend(gone.minutes.into_iter().map(|minute| (minute.id, minute)));
        old
    }

    pub(crate) fn vault_key(&self) -> &Secret {
        &self.vault_key
    }

    fn path(&self, volume: &Volume) -> PathBuf {
        path_of(volume, self.epoch)
    }

    fn header(&self) -> [u8; HEADER_BYTES] {
        header(self.epoch, &self.vault_key)
    }

    /// Records, one after the other.
    fn seal<'b>(&self, kept: impl Iterator<Item = Kept<'b>>, out: &mut Vec<u8>) {
        // 1.6 million of them for a month of 2,241 cameras: what is the same for all is made once.
        const NONCES: usize = 256;
        let (cipher, header) = (cipher(&self.vault_key), self.header());
        let mut nonces = [0; NONCES * 12];
        for (index, kept) in kept.enumerate() {
            let at = index % NONCES * 12;
            if at == 0 {
                nonces = host::random_bytes();
            }
            let nonce: [u8; 12] = nonces[at..at + 12].try_into().expect("twelve bytes");
            let mut plain = kept.encode();
            let tag = cipher
                .seal_in_place_separate_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(header),
                    &mut plain[..],
                )
                .expect("120 bytes are within the cipher's limit");
            out.extend_from_slice(&nonce);
            out.extend_from_slice(&plain[..]);
            out.extend_from_slice(tag.as_ref());
        }
    }

    /// Writes the whole keyring to a volume: file, sync, folder, sync.
    pub(crate) fn write_whole(&self, volume: &Volume) -> FsResult<()> {
        let records = self.buckets.len() + self.minutes.len();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + records * RECORD_BYTES);
        bytes.extend_from_slice(&self.header());
        let minutes = self.minutes.values().map(Kept::Minute);
        self.seal(self.buckets.values().map(Kept::Bucket).chain(minutes), &mut bytes);
        volume.fs.replace(&self.path(volume), &bytes)
    }

    /// Appends buckets that were made since, and syncs.
    pub(crate) fn append(&self, volume: &Volume, buckets: &[Bucket]) -> FsResult<()> {
        let file = volume.fs.open(&self.path(volume))?;
        let mut bytes = Vec::with_capacity(buckets.len() * RECORD_BYTES);
        self.seal(buckets.iter().map(Kept::Bucket), &mut bytes);
        // What a crash tore is overwritten: whole records end at a multiple of their length.
        let length = file.len()?.saturating_sub(HEADER_BYTES as u64);
        let end = HEADER_BYTES as u64 + length / RECORD_BYTES as u64 * RECORD_BYTES as u64;
        file.write_at(end, &bytes)?;
        file.sync()
    }

    /// Reads a volume's keyring of an epoch; `None` if it is not there or is not this key's.
    pub(crate) fn read(volume: &Volume, epoch: u64, vault_key: &Secret) -> FsResult<Option<Self>> {
        let path = path_of(volume, epoch);
        let bytes = match volume.fs.read(&path, MAX_FILE_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut keyring = Self::new(epoch, vault_key.clone());
        if bytes.len() < HEADER_BYTES || bytes[..HEADER_BYTES] != keyring.header() {
            return Ok(None);
        }
        // A month of 200 cameras is 144,000 records: what is the same for all is made once.
        let (cipher, header) = (cipher(vault_key), keyring.header());
        let mut cipher_bytes = Zeroizing::new([0; RECORD_BYTES - 12]);
        keyring.buckets.reserve((bytes.len() - HEADER_BYTES) / RECORD_BYTES);
        for record in bytes[HEADER_BYTES..].chunks_exact(RECORD_BYTES) {
            let nonce = record[..12].try_into().expect("twelve bytes");
            cipher_bytes.copy_from_slice(&record[12..]);
            let opened = cipher.open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(header),
                &mut cipher_bytes[..],
            );
            // A record that does not open was torn by a crash: no chunk was written under its key.
            let Ok(plain) = opened else { continue };
            if !keyring.take(plain) {
                return Err(unknown_record(path));
            }
        }
        Ok(Some(keyring))
    }

    /// Reads what was just written and asks whether every key of this keyring is there.
    pub(crate) fn is_whole_on(&self, volume: &Volume) -> FsResult<bool> {
        let Some(found) = Self::read(volume, self.epoch, &self.vault_key)? else {
            return Ok(false);
        };
        let same = |bucket: &Bucket| {
            let other = found.buckets.get(&bucket.id);
            other.is_some_and(|other| other.key.expose() == bucket.key.expose())
        };
        let same_minute = |minute: &Minute| {
            let other = found.minutes.get(&minute.id);
            other.is_some_and(|other| other.key.expose() == minute.key.expose())
        };
        Ok(found.len() == self.len()
            && found.minutes.len() == self.minutes.len()
            && self.buckets.values().all(same)
            && self.minutes.values().all(same_minute))
    }

    /// Takes the keyring file of an epoch away from a volume.
    pub(crate) fn unlink(volume: &Volume, epoch: u64) -> FsResult<()> {
        match volume.fs.unlink(&path_of(volume, epoch)) {
            Err(error) if error.is_missing() => Ok(()),
            Ok(()) => volume.fs.sync_folder(&volume.keyring_folder()),
            Err(error) => Err(error),
        }
    }

    /// Takes away every keyring file but that of this epoch, and of one other that is still wanted.
    pub(crate) fn unlink_others(
        &self,
        volume: &Volume,
        wanted: Option<u64>,
    ) -> Result<(), FsError> {
        let own = self.path(volume);
        let other = wanted.map(|epoch| path_of(volume, epoch));
        for name in volume.fs.list(&volume.keyring_folder())? {
            let path = volume.keyring_folder().join(name);
            if path != own && Some(&path) != other.as_ref() {
                volume.fs.unlink(&path)?;
            }
        }
        volume.fs.sync_folder(&volume.keyring_folder())
    }
}

/// Whether something is due before `next`, by its bucket's time; what was filmed under a slow clock
/// is due as much later.
fn is_due(
    next: WallTime,
    slow: &[Slow],
    (start, end): (WallTime, WallTime),
    expires_at: WallTime,
) -> bool {
    let late = || {
        let touched = slow.iter().filter(|it| start < it.to && it.from < end);
        touched.map(|it| it.by).sum::<Duration>()
    };
    expires_at < next && expires_at + late() < next
}

/// To pass such a record over would lose its key with the next rotation.
fn unknown_record(path: PathBuf) -> FsError {
    let text =
        "a record is of a kind that this program does not know: use the program that wrote it";
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, text);
    FsError { doing: "understand the keyring", path, source }
}

fn path_of(volume: &Volume, epoch: u64) -> PathBuf {
    volume.keyring_folder().join(format!("{epoch:016x}.keys"))
}

fn header(epoch: u64, vault_key: &Secret) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(b"JIKIMKEY");
    header[8..12].copy_from_slice(&1u32.to_le_bytes());
    header[12..16].copy_from_slice(&1u32.to_le_bytes());
    header[16..24].copy_from_slice(&epoch.to_le_bytes());
    header[24..56].copy_from_slice(&commitment(vault_key));
    header
}

/// SHA-256 of a vault key: what the ledger says of it.
pub(crate) fn commitment(key: &Secret) -> [u8; 32] {
    digest(&SHA256, key.expose()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn cipher(key: &Secret) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).expect("a key of 32 bytes"))
}
