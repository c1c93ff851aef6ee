//! Reels as a recorder would list them.
#![allow(dead_code, unreachable_pub, reason = "not every test file needs every sample")]

use std::path::Path;
use std::time::Duration;

use catalog::{Catalog, Counters, GapRow, ReelFeedRow, ReelRow};
use domain::{Feed, FeedKind, GapCause, Id, Retention, VolumeId, WallTime};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

pub const DAY: Duration = Duration::from_secs(86_400);

/// An id that is told from others by its number.
pub fn id<K>(number: u64) -> Id<K> {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

/// Seconds after some evening.
pub fn at(seconds: u64) -> WallTime {
    WallTime::from_micros(1_795_301_858_000_000) + Duration::from_secs(seconds)
}

pub fn feed(camera: u64) -> Feed {
    Feed { camera: id(camera), kind: FeedKind::Main }
}

pub fn reel(number: u64, start_s: u64) -> ReelRow {
    let retention = Retention::new(Duration::ZERO, DAY * 30).unwrap();
    let bucket_start = at(start_s).floor(retention.bucket_length());
    ReelRow {
        reel: id(number),
        volume: VolumeId::from_bytes([9; 16]),
        retention,
        bucket_start,
        bucket_end: bucket_start + retention.bucket_length(),
        created_at: at(start_s),
        length_bytes: 1_000_000,
        chunks: 300,
        footer_sha256: [u8::try_from(number % 251).unwrap(); 32],
        expires_at: retention.expires_at(bucket_start),
    }
}

/// 100 frames and 5,000 bytes of a feed.
pub fn part(camera: u64, bucket: u64, from_s: u64, to_s: u64) -> ReelFeedRow {
    ReelFeedRow {
        feed: feed(camera),
        bucket: id(bucket),
        codec: "h264",
        width: 1920,
        height: 1080,
        frames: 100,
        bytes: 5_000,
        chunks: 300,
        start: at(from_s),
        end: at(to_s),
    }
}

pub fn gap(camera: u64, from_s: u64, to_s: u64, frames_lost: u64) -> GapRow {
    let cause = GapCause::CameraUnreachable;
    GapRow { feed: feed(camera), from: at(from_s), to: at(to_s), cause, frames_lost }
}

pub async fn counters(catalog: &Catalog, camera: u64) -> Counters {
    let all = catalog.counters().await.unwrap();
    all.into_iter().find(|(one, _)| *one == feed(camera)).map(|(_, it)| it).unwrap_or_default()
}

/// The same file behind the catalog's back.
pub async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).foreign_keys(true).connect().await.unwrap()
}
