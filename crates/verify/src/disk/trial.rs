//! Windows of an image, tried as keys on footage of destroyed buckets that is found on it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{BucketId, ReelId};
use reel::{
    BucketKey, ChunkHeader, ChunkKey, MAX_HEADER_BYTES, MinuteKey, RECORD_HEAD_BYTES, Record,
    RecordError, RecordHead, open_chunk,
};

use super::Image;
use super::commitments::Commitments;
use super::forms::Form;
use super::progress::Progress;

/// The most pieces of footage that keys are tried on, each of another bucket.
const MAX_VICTIMS: usize = 8;

/// The longest record that keys are tried on: a short one is tried as surely and faster.
const MAX_VICTIM_BYTES: u64 = 256 << 10;

/// As long as most plain headers are at most.
const USUAL_HEADER_BYTES: usize = 4096;

/// Where the reel's id stands in a record.
const REEL_AT: usize = 80;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Trial {
    /// Records of destroyed buckets that are on the image.
    pub(super) records: usize,
    /// How many of them keys were tried on.
    pub(super) tried_on: usize,
    /// Windows that were tried, over all of them.
    pub(super) windows: u64,
    /// What opened.
    pub(super) opened: Vec<Opened>,
}

/// Footage that opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) bucket: BucketId,
    pub(super) record_at: u64,
    pub(super) key_at: u64,
    pub(super) role: &'static str,
}

/// A whole record of a destroyed bucket.
struct Victim {
    at: u64,
    reel: ReelId,
    header: ChunkHeader,
    bytes: Vec<u8>,
}

/// The raw windows at which the scan found keys, to try them first.
pub(super) fn found_keys(image: &Image, progress: &Progress) -> Vec<(u64, [u8; 32])> {
    let raw = progress.hits.iter().filter(|hit| hit.form == Form::Raw);
    raw.map(|hit| (hit.at, window(image, hit.at))).collect()
}

/// Tries the keys found, and `sample` windows spread over the image, on each of some records.
pub(super) fn run(
    image: &Image,
    progress: &Progress,
    commitments: &Commitments,
    found: &[(u64, [u8; 32])],
    sample: u64,
) -> Trial {
    let mut trial = Trial::default();
    let destroyed: BTreeSet<BucketId> = commitments.destroyed_buckets().collect();
    let kept: BTreeSet<(BucketId, i64)> = commitments.kept_minutes().collect();
    let mut victims: BTreeMap<BucketId, Victim> = BTreeMap::new();
    for &at in &progress.records {
        let Some(header) = read_header(image, at) else { continue };
        // Of a bucket that is gone some minutes may still be held.
        let is_kept = kept.contains(&(header.1.bucket, header.1.minute));
        if !destroyed.contains(&header.1.bucket) || is_kept {
            continue;
        }
        trial.records += 1;
        let bucket = header.1.bucket;
        let shorter = victims.get(&bucket).is_none_or(|one| header.0 < one.bytes.len() as u64);
        if shorter && header.0 <= MAX_VICTIM_BYTES {
            victims.extend(read_victim(image, at, header).map(|victim| (bucket, victim)));
        }
    }
    for (_, victim) in victims.into_iter().take(MAX_VICTIMS) {
        trial.tried_on += 1;
        try_all(image, &victim, found, sample, &mut trial);
    }
    trial
}

fn try_all(
    image: &Image,
    victim: &Victim,
    found: &[(u64, [u8; 32])],
    sample: u64,
    trial: &mut Trial,
) {
    let places = image.length_bytes.saturating_sub(31);
    let sampled = (0..sample.min(places)).map(|n| {
        // Evenly spread, and not always at the same offset in a sector.
        let at = u128::from(n) * u128::from(places) / u128::from(sample.min(places));
        let at = u64::try_from(at).expect("below the image's length");
        (at, window(image, at))
    });
    for (at, key) in found.iter().copied().chain(sampled) {
        trial.windows += 1;
        if let Some(role) = opens(victim, &key) {
            let (bucket, record_at) = (victim.header.bucket, victim.at);
            trial.opened.push(Opened { bucket, record_at, key_at: at, role });
            return;
        }
    }
}

/// As which key a window opens a record, if it does.
fn opens(victim: &Victim, key: &[u8; 32]) -> Option<&'static str> {
    let Victim { reel, header, bytes, .. } = victim;
    let opens = |key: &ChunkKey| open_chunk(key, *reel, bytes).is_ok();
    let minute = BucketKey::from_bytes(*key).minute(header.bucket, header.minute);
    if opens(&minute.chunk(*reel, header.feed)) {
        return Some("bucket key");
    }
    if opens(&MinuteKey::from_bytes(*key).chunk(*reel, header.feed)) {
        return Some("minute key");
    }
    opens(&ChunkKey::from_bytes(*key)).then_some("chunk key")
}

fn window(image: &Image, at: u64) -> [u8; 32] {
    let mut window = [0; 32];
    image.read(at, &mut window);
    window
}

/// The length of a record and its plain header, if a chunk's begins here.
fn read_header(image: &Image, at: u64) -> Option<(u64, ChunkHeader, ReelId)> {
    let parse = |length: usize| {
        let mut bytes = vec![0; length];
        let (have, _) = image.read(at, &mut bytes);
        let id = bytes.get(REEL_AT..REEL_AT + 16).and_then(|id| id.try_into().ok());
        let reel = ReelId::from_bytes(id.expect("the head of a record is longer"));
        RecordHead::parse(&bytes[..have], reel).map(|(head, record)| (head, record, reel))
    };
    // Most headers are short; the longest there may be is read where one is longer.
    let parsed = match parse(RECORD_HEAD_BYTES + USUAL_HEADER_BYTES) {
        Err(RecordError::Torn { .. }) => parse(RECORD_HEAD_BYTES + MAX_HEADER_BYTES),
        parsed => parsed,
    };
    match parsed.ok()? {
        (head, Record::Chunk(header), reel) => Some((head.length_bytes(), header, reel)),
        (_, Record::Gap(_), _) => None,
    }
}

fn read_victim(
    image: &Image,
    at: u64,
    (length, header, reel): (u64, ChunkHeader, ReelId),
) -> Option<Victim> {
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    let (have, unread) = image.read(at, &mut bytes);
    let whole = have == bytes.len() && unread == 0;
    (whole && reel::check_record(reel, &bytes).is_ok()).then_some(Victim {
        at,
        reel,
        header,
        bytes,
    })
}
