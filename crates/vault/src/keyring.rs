//! The keyring: every bucket key of an epoch, wrapped by that epoch's vault key.
//!
//! One file for each epoch on every volume, `keyring/<epoch, 16 hexadecimal digits>.keys`, only ever
//! appended to. Layout (`docs/formats/keyring.md`): a header of 64 bytes (magic `JIKIMKEY`, version
//! u32 = 1, suite u32 = 1, epoch u64, SHA-256 of the vault key (32), zero u64), then records of 148
//! bytes: nonce (12), ciphertext of the 120 bytes of a bucket, tag (16). Associated data: the header.
//! The nonce is random: an epoch makes thousands of records, far from where chance repeats.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{BucketId, CameraId, Feed, FeedKind, WallTime};
use host::{FsError, FsResult, Secret};
use reel::{BucketKey, ChunkKey};
use zeroize::Zeroizing;

use crate::anchor::Slow;
use crate::volume::Volume;

const HEADER_BYTES: usize = 64;
const PLAIN_BYTES: usize = 120;
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
    fn encode(&self) -> Zeroizing<[u8; PLAIN_BYTES]> {
        let mut plain = Zeroizing::new([0; PLAIN_BYTES]);
        plain[..16].copy_from_slice(self.id.as_bytes());
        plain[16..32].copy_from_slice(self.feed.camera.as_bytes());
        plain[32] = u8::from(self.feed.kind == FeedKind::Sub);
        plain[40..48].copy_from_slice(&self.start.as_micros().to_le_bytes());
        plain[48..56].copy_from_slice(&self.end.as_micros().to_le_bytes());
        plain[56..64].copy_from_slice(&self.expires_at.as_micros().to_le_bytes());
        plain[64..96].copy_from_slice(self.key.expose());
        plain
    }

    fn parse(plain: &[u8]) -> Self {
        let id = |at: usize| plain[at..at + 16].try_into().expect("sixteen bytes");
        let time = |at: usize| {
            let bytes = plain[at..at + 8].try_into().expect("eight bytes");
            WallTime::from_micros(i64::from_le_bytes(bytes))
        };
        let kind = if plain[32] == 1 { FeedKind::Sub } else { FeedKind::Main };
        Self {
            id: BucketId::from_bytes(id(0)),
            feed: Feed { camera: CameraId::from_bytes(id(16)), kind },
            start: time(40),
            end: time(48),
            expires_at: time(56),
            key: BucketKey::from_bytes(plain[64..96].try_into().expect("thirty-two bytes")),
        }
    }
}

/// An epoch's keyring in memory.
pub(crate) struct Keyring {
    pub(crate) epoch: u64,
    vault_key: Secret,
    buckets: HashMap<BucketId, Bucket>,
    current: HashMap<Feed, Vec<(WallTime, u64, BucketId)>>,
}

/// Buckets of a feed that are still being filled: at a boundary two, after a step of the clock four.
/// An older one that is wanted again (a late chunk) is simply made anew.
const FILLED_AT_ONCE: usize = 4;

impl Keyring {
    pub(crate) fn new(epoch: u64, vault_key: Secret) -> Self {
        Self { epoch, vault_key, buckets: HashMap::new(), current: HashMap::new() }
    }

    pub(crate) fn commitment(&self) -> [u8; 32] {
        commitment(&self.vault_key)
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.len()
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
        for (id, bucket) in other.buckets {
            self.buckets.entry(id).or_insert(bucket);
        }
    }

    pub(crate) fn insert(&mut self, bucket: Bucket) {
        self.buckets.insert(bucket.id, bucket);
    }

    /// Takes in what the keyring of an epoch before has and this has not, but what was decided to
    /// be destroyed.
    pub(crate) fn join_survivors(&mut self, older: Self, decided: &BTreeSet<BucketId>) {
        for (id, bucket) in older.buckets {
            if !decided.contains(&id) {
                self.buckets.entry(id).or_insert(bucket);
            }
        }
    }

    /// Start and expiry of every bucket that is kept.
    pub(crate) fn times(&self) -> BTreeSet<(WallTime, WallTime)> {
        self.buckets.values().map(|bucket| (bucket.start, bucket.expires_at)).collect()
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

    /// The key of a chunk, or nothing when the bucket is destroyed.
    pub(crate) fn chunk_key(
        &self,
        bucket: BucketId,
        minute: i64,
        reel: domain::ReelId,
        feed: Feed,
    ) -> Option<ChunkKey> {
        let bucket = self.buckets.get(&bucket)?;
        Some(bucket.key.minute(bucket.id, minute).chunk(reel, feed))
    }

    /// The ids of what is due at a rotation after which the next comes at `next`; what was filmed
    /// under a slow clock is due as much later.
    pub(crate) fn due(&self, next: WallTime, slow: &[Slow]) -> Vec<BucketId> {
        let late = |bucket: &Bucket| {
            let touched = slow.iter().filter(|it| bucket.start < it.to && it.from < bucket.end);
            touched.map(|it| it.by).sum::<Duration>()
        };
        let is_due =
            |bucket: &&Bucket| bucket.expires_at < next && bucket.expires_at + late(bucket) < next;
        self.buckets.values().filter(is_due).map(|bucket| bucket.id).collect()
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

    /// Parts the keyring: those that are due leave it, the survivors move under a new vault key.
    pub(crate) fn rotate(
        self,
        due: &[BucketId],
        epoch: u64,
        vault_key: Secret,
    ) -> (Self, Vec<Bucket>) {
        let mut buckets = self.buckets;
        let gone = due.iter().filter_map(|id| buckets.remove(id)).collect();
        (Self { epoch, vault_key, buckets, current: self.current }, gone)
    }

    /// Puts back what a rotation took out, when it could not come to its end.
    pub(crate) fn restore(self, gone: Vec<Bucket>, epoch: u64, vault_key: Secret) -> Self {
        let mut buckets = self.buckets;
        buckets.extend(gone.into_iter().map(|bucket| (bucket.id, bucket)));
        Self { epoch, vault_key, buckets, current: self.current }
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

    /// Records of buckets, one after the other.
    fn seal<'b>(&self, buckets: impl Iterator<Item = &'b Bucket>, out: &mut Vec<u8>) {
        // 1.6 million of them for a month of 2,241 cameras: what is the same for all is made once.
        const NONCES: usize = 256;
        let (cipher, header) = (cipher(&self.vault_key), self.header());
        let mut nonces = [0; NONCES * 12];
        for (index, bucket) in buckets.enumerate() {
            let at = index % NONCES * 12;
            if at == 0 {
                nonces = host::random_bytes();
            }
            let nonce: [u8; 12] = nonces[at..at + 12].try_into().expect("twelve bytes");
            let mut plain = bucket.encode();
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
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.buckets.len() * RECORD_BYTES);
        bytes.extend_from_slice(&self.header());
        self.seal(self.buckets.values(), &mut bytes);
        volume.fs.replace(&self.path(volume), &bytes)
    }

    /// Appends buckets that were made since, and syncs.
    pub(crate) fn append(&self, volume: &Volume, buckets: &[Bucket]) -> FsResult<()> {
        let file = volume.fs.open(&self.path(volume))?;
        let mut bytes = Vec::with_capacity(buckets.len() * RECORD_BYTES);
        self.seal(buckets.iter(), &mut bytes);
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
            if let Ok(plain) = opened {
                keyring.insert(Bucket::parse(plain));
            }
        }
        Ok(Some(keyring))
    }

    /// Reads what was just written and asks whether every bucket of this keyring is there.
    pub(crate) fn is_whole_on(&self, volume: &Volume) -> FsResult<bool> {
        let found = Self::read(volume, self.epoch, &self.vault_key)?;
        Ok(found.is_some_and(|found| {
            found.len() == self.len()
                && self.buckets.values().all(|bucket| {
                    found
                        .buckets
                        .get(&bucket.id)
                        .is_some_and(|other| other.key.expose() == bucket.key.expose())
                })
        }))
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
