//! The attack on destruction itself: footage that was destroyed is played again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::BucketId;
use reel::{Record, Scanner, Verify};
use verify::Word;
use verify::disk::{self, Commitments, Form, OVERLAP_BYTES, Options};
use verify::ledger::{Audit, audit};

use super::footage::{files, head, key_files, reader};
use super::snapshot::Snapshot;
use super::{Claim, Patient};
use crate::{Told, sentence};

const REPLAYED: &str = "destroyed-footage";

/// Reels that pieces are taken from: those that go first.
const MOST_REELS: usize = 6;
/// Pieces of destroyed footage that keys are tried on, each of another bucket.
const MOST_PIECES: usize = 3;
/// The longest piece that keys are tried on.
const PIECE_BYTES: usize = 256 << 10;
/// Places that are tried on each as its key.
const MOST_KEYS: u64 = 20_000;
/// Bytes of one reel that are looked at.
const REEL_BYTES: u64 = 16 << 20;
/// Bytes of one file in which keys lie.
const KEYS_BYTES: u64 = 8 << 20;

/// Pieces of footage as they lie on a disk: of each bucket the smallest.
pub(crate) type Pieces = BTreeMap<BucketId, Vec<u8>>;

/// Pieces of the oldest footage, as whoever copies the disk now has them. Some of it is destroyed while
/// the other attacks run.
pub(crate) fn take(patient: &Patient) -> Pieces {
    let mut pieces = Pieces::new();
    let mut reels = files(patient.volumes.iter().map(|it| it.join("reels")), "reel");
    reels.sort_by_key(|path| path.metadata().and_then(|it| it.modified()).ok());
    for path in reels.iter().take(MOST_REELS) {
        // A reel may be unlinked meanwhile.
        collect(&head(path, REEL_BYTES).unwrap_or_default(), &mut pieces);
    }
    pieces
}

/// The pieces of buckets that are destroyed by now, and all files in which keys ever lay, as one image
/// of a disk for the inspector's program: its places of 32 bytes are tried on the pieces as the key of
/// their bucket, minute and chunk.
pub(crate) fn replayed(patient: &Patient, mut pieces: Pieces) -> Claim {
    let mut attack = || -> Told<Claim> {
        // What is said to be destroyed before the files are read: what goes meanwhile is no finding.
        let source = verify::source::Folder { folder: patient.data.join("ledger") };
        let audit = audit("doctor", &source, &patient.policy()?, None);
        let gone: BTreeSet<BucketId> =
            Commitments::of(&audit.history).destroyed_buckets().collect();
        // And what still lies in a reel.
        pieces.extend(take(patient));
        pieces.retain(|bucket, _| gone.contains(bucket));
        if pieces.is_empty() {
            return Err("of what was destroyed nothing is left to be played: \
                        nothing went since this began, and nothing lies in a reel"
                .into());
        }
        let place = Snapshot::empty()?;
        let image = place.folder().join("image");
        let keys = key_files(patient, KEYS_BYTES)?;
        let parts: Vec<&[u8]> =
            pieces.values().take(MOST_PIECES).chain(&keys).map(|it| &it[..]).collect();
        // Nothing is to be read across the border of two files.
        std::fs::write(&image, parts.join(&[0; OVERLAP_BYTES][..])).map_err(sentence)?;
        play_again(&image, audit)
    };
    attack().unwrap_or_else(|why| Claim::untested(REPLAYED, why))
}

/// The chunks in the bytes of a reel.
fn collect(reel: &[u8], pieces: &mut Pieces) {
    let scanner = Scanner::open(reel.len() as u64, Verify::Headers, reader(reel));
    let Ok(mut scanner) = scanner else { return };
    while let Ok(Some(record)) = scanner.next_record() {
        let Record::Chunk(header) = record.record else { continue };
        let (at, length) = (record.offset_bytes, record.head.length_bytes());
        let (Ok(at), Ok(length)) = (usize::try_from(at), usize::try_from(length)) else { break };
        let Some(bytes) = reel.get(at..).and_then(|rest| rest.get(..length)) else { break };
        let known = pieces.get(&header.bucket).map_or(PIECE_BYTES, Vec::len);
        if bytes.len() < known {
            pieces.insert(header.bucket, bytes.to_vec());
        }
    }
}

/// What the inspector's program makes of the image.
fn play_again(image: &Path, audit: Audit) -> Told<Claim> {
    let options = Options {
        image: image.to_owned(),
        resume: None,
        sample: MOST_KEYS,
        forms: vec![Form::Raw],
        threads: 1,
    };
    let report = disk::verify(audit, &options, &mut |_, _| {}).map_err(sentence)?;
    let fact = |name: &str| report.fact_of(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let opened = report.count_of(Word::DestroyedFootageOpened) as u64;
    let told = format!(
        "{} pieces of footage copied before it was destroyed, {} places of all files with keys tried \
         on them as the key of bucket, minute and chunk: {opened} opened",
        fact("tried_on"),
        fact("windows_tried")
    );
    Ok(Claim::new(REPLAYED, fact("windows_tried"), opened, told))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{CameraId, Feed, FeedKind, RecorderId, ReelId, WallTime};
    use host::Disk;
    use ledger::{Kind, Ledger, LedgerConfig};
    use reel::{BucketKey, ChunkHeader, FrameEntry, seal_chunk};
    use testkit::TestClock;

    use super::*;
    use crate::doctor::Outcome;

    const MINUTE: i64 = 29_000_000;

    /// A ledger that says that a bucket with this key is destroyed.
    fn said(bucket: BucketId, key: &[u8; 32]) -> (tempfile::TempDir, tlog::policy::Policy) {
        let folder = tempfile::tempdir().unwrap();
        let config = LedgerConfig {
            folder: folder.path().join("ledger"),
            recorder: RecorderId::from_bytes([7; 16]),
        };
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let ledger = Ledger::open(&config, Arc::new(Disk), Arc::new(clock)).unwrap();
        let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key);
        let hex: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let companion = ledger.keep_companion(&[format!("{bucket} {hex}")]).unwrap();
        let vault_key = |epoch: u64| Kind::VaultKey { epoch, sha256: format!("{epoch:064x}") };
        let destroyed = Kind::Destroyed { epoch: 1, companion: companion.clone(), held_by: None };
        let all = [vault_key(1), Kind::Keys { companion }, destroyed, vault_key(2)];
        ledger.append_blocking(all.map(Into::into).into()).unwrap();
        let policy = format!("log {}\nquorum none\n", ledger.verifier_key(2026));
        ledger.close();
        (folder, tlog::policy::Policy::parse(policy.as_bytes()).unwrap())
    }

    /// A piece of footage, and the key of its minute.
    fn piece(bucket: BucketId, key: [u8; 32]) -> (Vec<u8>, [u8; 32]) {
        let feed = Feed { camera: CameraId::from_bytes([4; 16]), kind: FeedKind::Main };
        let (reel, minute) = (ReelId::from_bytes([3; 16]), BucketKey::from_bytes(key));
        let minute = minute.minute(bucket, MINUTE);
        let frame =
            FrameEntry { size_bytes: 300, delta_us: 0, presentation_offset_us: 0, keyframe: false };
        let header = ChunkHeader {
            number: 1,
            feed,
            bucket,
            minute: MINUTE,
            sequence: 1,
            connection: 1,
            begins_with_keyframe: false,
            start: WallTime::from_micros(MINUTE * 60_000_000),
            uncertainty_us: 0,
            elapsed_ns: 0,
            duration_us: 1,
            codec: None,
            frames: vec![frame],
        };
        let mut bytes = Vec::new();
        let plain = [0x5a; 300];
        seal_chunk(&minute.chunk(reel, feed), reel, &header, &plain, &mut bytes).unwrap();
        (bytes, *minute.expose())
    }

    #[test]
    fn k1_destroyed_footage_does_not_open_and_does_where_a_key_was_left() {
        let (bucket, key) = (BucketId::from_random([9; 16]), [0x77; 32]);
        let (folder, policy) = said(bucket, &key);
        let (piece, minute_key) = piece(bucket, key);
        let attack = |left: &[u8]| {
            let image = folder.path().join("image");
            std::fs::write(&image, [&piece[..], &[1; 100], left, &[2; 100]].concat()).unwrap();
            let source = verify::source::Folder { folder: folder.path().join("ledger") };
            play_again(&image, audit("doctor", &source, &policy, None)).unwrap()
        };
        let held = attack(&[]);
        assert_eq!((held.result, held.succeeded), (Outcome::Held, 0), "{}", held.detail);
        assert!(held.tried > 500);
        // The controls: the key of the bucket, or of the minute alone, was left somewhere.
        for left in [key, minute_key] {
            let broken = attack(&left);
            assert_eq!(broken.result, Outcome::Broken, "{}", broken.detail);
        }
    }
}
