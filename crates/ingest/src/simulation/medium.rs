//! What the disk gives away to somebody who holds every key that lies on it: the attacker's view, by
//! `docs/formats/keyring.md` alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{BucketId, CameraId, WallTime};
use reel::{BucketKey, Record, Scanner, Verify};

use super::camera::number_in;

/// A picture that can be opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoundFrame {
    pub(super) wall: WallTime,
    pub(super) sequence: u64,
}

/// Everything that can be opened.
#[derive(Default)]
pub(super) struct Found {
    /// By camera and the picture's number.
    pub(super) frames: BTreeMap<(u8, usize), FoundFrame>,
    /// Bytes of each, to be held against what was filmed.
    pub(super) bytes: BTreeMap<(u8, usize), Vec<u8>>,
    pub(super) buckets: BTreeMap<BucketId, [u8; 32]>,
    pub(super) vault_keys: BTreeMap<u64, [u8; 32]>,
    /// What nobody handed in.
    pub(super) strange: Vec<String>,
}

type Files = [(PathBuf, Vec<u8>)];

impl Found {
    pub(super) fn on(files: &Files) -> Self {
        let mut found = Self { vault_keys: vault_keys(files), ..Self::default() };
        for (path, bytes) in files {
            if path.extension() == Some(OsStr::new("keys")) && bytes.len() > 64 {
                found.take_keyring(bytes);
            }
        }
        for (path, bytes) in files {
            if path.extension() == Some(OsStr::new("reel")) {
                found.take_reel(path, bytes);
            }
        }
        found
    }

    fn take_keyring(&mut self, bytes: &[u8]) {
        let (header, records) = bytes.split_at(64);
        let key = self.vault_keys.values().find(|key| {
            let commitment = digest(&SHA256, &key[..]);
            commitment.as_ref() == &header[24..56]
        });
        let Some(key) = key else { return };
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
        for record in records.chunks_exact(148) {
            let nonce = Nonce::assume_unique_for_key(record[..12].try_into().unwrap());
            let mut plain = record[12..].to_vec();
            if let Ok(plain) = cipher.open_in_place(nonce, Aad::from(header), &mut plain) {
                let id = BucketId::from_bytes(plain[..16].try_into().unwrap());
                self.buckets.insert(id, plain[64..96].try_into().unwrap());
            }
        }
    }

    fn take_reel(&mut self, path: &Path, bytes: &[u8]) {
        let read = |at: u64, into: &mut [u8]| -> Result<(), ()> {
            let at = usize::try_from(at).unwrap();
            into.copy_from_slice(bytes.get(at..at + into.len()).ok_or(())?);
            Ok(())
        };
        let Ok(mut scanner) = Scanner::open(bytes.len() as u64, Verify::All, read) else { return };
        let reel = scanner.header().reel;
        loop {
            let record = match scanner.next_record() {
                Ok(Some(record)) => record,
                Ok(None) if scanner.step_over() == Ok(true) => continue,
                _ => return,
            };
            let Record::Chunk(header) = record.record else { continue };
            let Some(bucket) = self.buckets.get(&header.bucket) else { continue };
            let key = BucketKey::from_bytes(*bucket)
                .minute(header.bucket, header.minute)
                .chunk(reel, header.feed);
            let at = usize::try_from(record.offset_bytes).unwrap();
            let whole = &bytes[at..at + usize::try_from(record.head.length_bytes()).unwrap()];
            match reel::open_chunk(&key, reel, whole) {
                Ok((header, plain)) => self.take_chunk(&header, &plain),
                Err(error) => self.strange.push(format!("{}: {error}", path.display())),
            }
        }
    }

    fn take_chunk(&mut self, header: &reel::ChunkHeader, mut plain: &[u8]) {
        let mut wall = header.start;
        for frame in &header.frames {
            wall = wall + Duration::from_micros(frame.delta_us.into());
            let (bytes, rest) = plain.split_at(frame.size_bytes as usize);
            plain = rest;
            let Some(of) = number_in(bytes) else {
                self.strange.push(format!("a picture of {} that nobody filmed", header.feed));
                continue;
            };
            if header.feed.camera != CameraId::from_bytes([of.0; 16]) {
                self.strange.push(format!("a picture of camera {} under {}", of.0, header.feed));
            }
            let frame = FoundFrame { wall, sequence: header.sequence };
            if let Some(other) = self.frames.insert(of, frame) {
                self.strange.push(format!("picture {of:?} is there twice: {frame:?}, {other:?}"));
            }
            self.bytes.insert(of, bytes.to_vec());
        }
    }
}

/// The vault keys in the holder's slots.
fn vault_keys(files: &Files) -> BTreeMap<u64, [u8; 32]> {
    let mut found = BTreeMap::new();
    let slots = files.iter().filter(|(path, _)| path.ends_with("holder.slots"));
    for page in slots.flat_map(|(_, bytes)| bytes.chunks_exact(4096)) {
        let sum = digest(&SHA256, &page[..56]);
        if &page[..8] == b"JIKIMSLT" && page[56..88] == *sum.as_ref() {
            let epoch = u64::from_le_bytes(page[16..24].try_into().unwrap());
            found.insert(epoch, page[24..56].try_into().unwrap());
        }
    }
    found
}

/// Which of these keys stand anywhere in the files.
pub(super) fn standing(files: &Files, keys: &BTreeSet<[u8; 32]>) -> usize {
    let stands = |key: &&[u8; 32]| {
        let has = |bytes: &[u8]| bytes.windows(32).any(|at| at[0] == key[0] && at == &key[..]);
        files.iter().any(|(_, bytes)| has(bytes))
    };
    keys.iter().filter(stands).count()
}
