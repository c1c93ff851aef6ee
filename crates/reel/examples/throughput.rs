//! How fast chunks are sealed, opened and scanned on this machine, on one core.
//!
//! `cargo run --release -p reel --example throughput`

#![allow(clippy::print_stdout)] // printing is all it does

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::{
    BucketId, CameraId, Feed, FeedKind, RecorderId, ReelId, Retention, VolumeId, WallTime,
};
use reel::{
    BucketKey, ChunkHeader, Close, Codec, CodecConfig, FooterBuilder, FrameEntry, ReelHeader,
    Scanner, Suite, Verify, open_chunk, seal_chunk,
};

/// One second of a camera of 2, 4 and 16 Mbit/s.
const SIZES_BYTES: [usize; 3] = [250_000, 500_000, 2_000_000];
/// What a writer gathers before it writes, and what opening and scanning read again and again.
const BUFFER_BYTES: usize = 8 << 20;
const ROUNDS: u32 = 200;

fn main() {
    let header = reel_header();
    let feed = Feed { camera: CameraId::from_bytes([1; 16]), kind: FeedKind::Main };
    let bucket = BucketId::from_bytes([2; 16]);
    let bucket_key = BucketKey::from_bytes([3; 32]);
    for size_bytes in SIZES_BYTES {
        let count = BUFFER_BYTES / size_bytes;
        let plaintext = vec![0x5a; size_bytes];
        let mut chunk = chunk_header(feed, bucket, size_bytes);
        let mut reel = Vec::with_capacity(BUFFER_BYTES * 2);
        let mut places = Vec::new();

        let sealing = best(|| {
            let mut builder = FooterBuilder::new(&header);
            reel.clear();
            places.clear();
            reel.extend_from_slice(&header.encode());
            for number in 0..count as u64 {
                chunk.number = number;
                // The key is derived anew for each chunk: the dearest way to do it.
                let key = bucket_key.minute(bucket, 1).chunk(header.reel, feed);
                let from = reel.len();
                let head = seal_chunk(&key, header.reel, &chunk, &plaintext, &mut reel)
                    .expect("the header is valid");
                builder.add_chunk(&head, &chunk).expect("the numbers rise");
                places.push(from..reel.len());
            }
            black_box(builder.finish(Close::Orderly));
        });
        let opening = best(|| {
            let key = bucket_key.minute(bucket, 1).chunk(header.reel, feed);
            for place in &places {
                black_box(open_chunk(&key, header.reel, &reel[place.clone()]).expect("it opens"));
            }
        });
        let scanning = best(|| scan(&reel));
        let rate = |ns: u128| (count * size_bytes) as f64 * 1e3 / ns as f64;
        println!(
            "chunks of {size_bytes} bytes, MB/s of one core: seal {:.0}, open {:.0}, scan {:.0}; \
             sealing 100 MB/s takes {:.2} % of a core",
            rate(sealing),
            rate(opening),
            rate(scanning),
            100.0 * 100.0 / rate(sealing),
        );
    }
}

fn scan(reel: &[u8]) {
    let mut scanner = Scanner::open(reel.len() as u64, Verify::All, |at, buffer| {
        let at = usize::try_from(at).expect("the reel is in memory");
        buffer.copy_from_slice(&reel[at..at + buffer.len()]);
        Ok::<(), std::convert::Infallible>(())
    })
    .expect("it is a reel");
    while let Ok(Some(found)) = scanner.next_record() {
        black_box(found);
    }
}

/// Nanoseconds of the best round: a round is so short that on a busy machine some round is still
/// left alone.
fn best(mut work: impl FnMut()) -> u128 {
    let mut best_ns = u128::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work();
        best_ns = best_ns.min(start.elapsed().as_nanos());
    }
    best_ns
}

fn reel_header() -> ReelHeader {
    let retention = Retention::new(Duration::ZERO, Duration::from_secs(30 * 86_400));
    ReelHeader {
        reel: ReelId::from_bytes([4; 16]),
        recorder: RecorderId::from_bytes([5; 16]),
        volume: VolumeId::from_bytes([6; 16]),
        suite: Suite::Aes256Gcm,
        retention: retention.expect("thirty days"),
        bucket_start: WallTime::EPOCH,
        bucket_end: WallTime::EPOCH + Duration::from_secs(3600),
        created_at: WallTime::EPOCH,
    }
}

/// 25 frames that add up to the size.
fn chunk_header(feed: Feed, bucket: BucketId, size_bytes: usize) -> ChunkHeader {
    let each = u32::try_from(size_bytes / 25).expect("a small chunk");
    let frame = |at: usize| FrameEntry {
        size_bytes: each,
        delta_us: 40_000,
        presentation_offset_us: 0,
        keyframe: at == 0,
    };
    let codec = CodecConfig { kind: Codec::H264, width: 1920, height: 1080, record: vec![1; 40] };
    ChunkHeader {
        number: 0,
        feed,
        bucket,
        minute: 1,
        sequence: 0,
        connection: 0,
        begins_with_keyframe: true,
        start: WallTime::EPOCH,
        uncertainty_us: 0,
        elapsed_ns: 0,
        duration_us: 1_000_000,
        codec: Some(codec),
        frames: (0..25).map(frame).collect(),
    }
}
