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
    BucketKey, ChunkHeader, Codec, CodecConfig, FooterBuilder, FrameEntry, ReelHeader, Scanner,
    Suite, Verify, open_chunk, seal_chunk,
};

/// One second of a camera of 2, 4 and 16 Mbit/s.
const SIZES_BYTES: [usize; 3] = [250_000, 500_000, 2_000_000];
const TOTAL_BYTES: usize = 512 << 20;

fn main() {
    let header = reel_header();
    let feed = Feed { camera: CameraId::from_bytes([1; 16]), kind: FeedKind::Main };
    let bucket = BucketId::from_bytes([2; 16]);
    let bucket_key = BucketKey::from_bytes([3; 32]);
    for size_bytes in SIZES_BYTES {
        let count = u64::try_from(TOTAL_BYTES / size_bytes).expect("a small number");
        let plaintext = vec![0x5a; size_bytes];
        let mut reel = header.encode().to_vec();
        reel.reserve(TOTAL_BYTES + TOTAL_BYTES / 16);
        let mut heads = Vec::new();
        let mut chunk = chunk_header(feed, bucket, size_bytes);
        // So that the pages of memory are there, as a writer's buffer is that is used again.
        reel.resize(reel.capacity(), 0);
        reel.truncate(reel::REEL_HEADER_BYTES);

        let sealing = timed(|| {
            let mut builder = FooterBuilder::new(&header);
            for number in 0..count {
                chunk.number = number;
                // The key is derived anew for each chunk: the dearest way to do it.
                let key = bucket_key.minute(bucket, 1).chunk(header.reel, feed);
                let from = reel.len();
                let head = seal_chunk(&key, header.reel, &chunk, &plaintext, &mut reel)
                    .expect("the header is valid");
                builder.add_chunk(&head, &chunk).expect("the numbers rise");
                heads.push(from..reel.len());
            }
        });
        let opening = timed(|| {
            let key = bucket_key.minute(bucket, 1).chunk(header.reel, feed);
            for range in &heads {
                black_box(open_chunk(&key, header.reel, &reel[range.clone()]).expect("it opens"));
            }
        });
        let scanning = timed(|| {
            let mut scanner = Scanner::open(reel.len() as u64, Verify::All, |at, buffer| {
                let at = usize::try_from(at).expect("the reel is in memory");
                buffer.copy_from_slice(&reel[at..at + buffer.len()]);
                Ok::<(), std::convert::Infallible>(())
            })
            .expect("it is a reel");
            while let Ok(Some(found)) = scanner.next_record() {
                black_box(found);
            }
        });
        let rate =
            |length: Duration| (count * size_bytes as u64) as f64 / 1e6 / length.as_secs_f64();
        println!(
            "chunks of {size_bytes} bytes: seal {:.0} MB/s, open {:.0} MB/s, scan {:.0} MB/s; \
             sealing 100 MB/s takes {:.2} % of a core",
            rate(sealing),
            rate(opening),
            rate(scanning),
            100.0 * 100.0 / rate(sealing),
        );
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
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
