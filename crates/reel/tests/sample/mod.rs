//! A small reel that every test of this folder can make.
#![allow(clippy::unwrap_used, dead_code, missing_docs, unreachable_pub)] // each test file uses a part of it

use std::time::Duration;

use domain::{
    BucketId, CameraId, Feed, FeedKind, GapCause, RecorderId, ReelId, Retention, VolumeId, WallTime,
};
use reel::{
    BucketKey, ChunkHeader, ChunkKey, Close, Codec, CodecConfig, FooterBuilder, FrameEntry,
    GapRecord, REEL_HEADER_BYTES, RecordHead, ReelHeader, Suite, append_gap, seal_chunk,
};

pub const START_US: i64 = 1_795_302_000_000_000;
pub const MINUTE: i64 = START_US / 60_000_000;

pub fn reel_id() -> ReelId {
    ReelId::from_bytes([0x11; 16])
}

pub fn header() -> ReelHeader {
    ReelHeader {
        reel: reel_id(),
        recorder: RecorderId::from_bytes([0x22; 16]),
        volume: VolumeId::from_bytes([0x33; 16]),
        suite: Suite::Aes256Gcm,
        retention: Retention::new(
            Duration::from_secs(7 * 86_400),
            Duration::from_secs(30 * 86_400),
        )
        .unwrap(),
        bucket_start: WallTime::from_micros(START_US),
        bucket_end: WallTime::from_micros(START_US + 3_600_000_000),
        created_at: WallTime::from_micros(START_US + 5),
    }
}

pub fn feed(camera: u8) -> Feed {
    let kind = if camera.is_multiple_of(2) { FeedKind::Main } else { FeedKind::Sub };
    Feed { camera: CameraId::from_bytes([camera; 16]), kind }
}

pub fn bucket(camera: u8) -> BucketId {
    BucketId::from_bytes([0x80 | camera; 16])
}

pub fn bucket_key(camera: u8) -> BucketKey {
    BucketKey::from_bytes([0x40 | camera; 32])
}

pub fn chunk_key(reel: ReelId, camera: u8) -> ChunkKey {
    bucket_key(camera).minute(bucket(camera), MINUTE).chunk(reel, feed(camera))
}

/// A chunk of two frames; even numbers begin with a keyframe.
pub fn chunk(number: u64, camera: u8) -> ChunkHeader {
    let keyframe = number.is_multiple_of(2);
    let frame = |size_bytes, keyframe| FrameEntry {
        size_bytes,
        delta_us: 40_000,
        presentation_offset_us: -3,
        keyframe,
    };
    ChunkHeader {
        number,
        feed: feed(camera),
        bucket: bucket(camera),
        minute: MINUTE,
        sequence: 100 + number,
        connection: 7,
        begins_with_keyframe: keyframe,
        start: WallTime::from_micros(START_US + i64::try_from(number).unwrap() * 500_000),
        uncertainty_us: 250,
        elapsed_ns: 9_000_000_000 + number,
        duration_us: 80_000,
        codec: keyframe.then(|| CodecConfig {
            kind: Codec::H264,
            width: 1920,
            height: 1080,
            record: vec![1, 0x64, 0, 0x28, 0xff],
        }),
        frames: vec![frame(90, keyframe), frame(30, false)],
    }
}

pub fn gap(number: u64, camera: u8) -> GapRecord {
    GapRecord {
        number,
        feed: feed(camera),
        from: WallTime::from_micros(START_US + 1_000_000),
        to: WallTime::from_micros(START_US + 4_000_000),
        cause: GapCause::PacketsLost,
        frames_lost: 75,
    }
}

pub fn plaintext(number: u64) -> Vec<u8> {
    let first = u8::try_from(number).unwrap();
    (0..120).map(|at| first.wrapping_mul(31).wrapping_add(at)).collect()
}

pub fn sealed(number: u64, camera: u8) -> (RecordHead, Vec<u8>) {
    let mut out = Vec::new();
    let key = chunk_key(reel_id(), camera);
    let head =
        seal_chunk(&key, reel_id(), &chunk(number, camera), &plaintext(number), &mut out).unwrap();
    (head, out)
}

pub struct Sample {
    pub bytes: Vec<u8>,
    /// Where each record begins, and where the last ends.
    pub ends: Vec<usize>,
    pub builder: FooterBuilder,
}

/// Header and six records of two cameras, without the footer.
pub fn open_reel() -> Sample {
    let mut bytes = header().encode().to_vec();
    let mut builder = FooterBuilder::new(&header());
    let mut ends = vec![REEL_HEADER_BYTES];
    for (number, camera) in [(0, 2), (1, 3), (2, 2), (3, 3), (5, 2), (8, 3)] {
        if number == 3 {
            let gap = gap(number, camera);
            let head = append_gap(reel_id(), &gap, &mut bytes);
            builder.add_gap(&head, &gap).unwrap();
        } else {
            let key = chunk_key(reel_id(), camera);
            let header = chunk(number, camera);
            let head =
                seal_chunk(&key, reel_id(), &header, &plaintext(number), &mut bytes).unwrap();
            builder.add_chunk(&head, &header).unwrap();
        }
        ends.push(bytes.len());
        assert_eq!(builder.next_offset_bytes(), bytes.len() as u64);
    }
    Sample { bytes, ends, builder }
}

/// The whole closed reel.
pub fn closed_reel() -> Vec<u8> {
    let Sample { mut bytes, builder, .. } = open_reel();
    bytes.extend(builder.finish(Close::Orderly).encode());
    bytes
}

/// The walk of a whole reel in memory.
pub fn read_at(bytes: &[u8]) -> impl FnMut(u64, &mut [u8]) -> Result<(), std::io::Error> {
    move |offset, buffer| {
        let from = usize::try_from(offset).unwrap();
        let found = bytes.get(from..from + buffer.len());
        buffer.copy_from_slice(found.ok_or(std::io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}
