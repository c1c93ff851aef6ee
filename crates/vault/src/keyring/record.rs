//! A record of the keyring, opened: the 120 bytes of a bucket or of a minute.

use domain::{BucketId, CameraId, Feed, FeedKind, WallTime};
use reel::{BucketKey, MinuteKey};
use zeroize::Zeroizing;

use super::{Bucket, Keyring};
use crate::minute::{MINUTE_US, Minute, MinuteId};

pub(super) const PLAIN_BYTES: usize = 120;

/// What a record holds (byte 33): a bucket, or a minute of a bucket that is gone.
const BUCKET: u8 = 0;
const MINUTE: u8 = 1;

/// What a record is made of.
pub(super) enum Kept<'k> {
    Bucket(&'k Bucket),
    Minute(&'k Minute),
}

impl Kept<'_> {
    pub(super) fn encode(&self) -> Zeroizing<[u8; PLAIN_BYTES]> {
        let mut plain = Zeroizing::new([0; PLAIN_BYTES]);
        let time = |time: WallTime| time.as_micros().to_le_bytes();
        let (id, feed, kind, expires_at, key) = match self {
            Self::Bucket(it) => (it.id, it.feed, BUCKET, it.expires_at, it.key.expose()),
            Self::Minute(it) => (it.id.bucket, it.feed, MINUTE, it.expires_at, it.key.expose()),
        };
        plain[..16].copy_from_slice(id.as_bytes());
        plain[16..32].copy_from_slice(feed.camera.as_bytes());
        plain[32] = u8::from(feed.kind == FeedKind::Sub);
        plain[33] = kind;
        match self {
            Self::Bucket(bucket) => {
                plain[40..48].copy_from_slice(&time(bucket.start));
                plain[48..56].copy_from_slice(&time(bucket.end));
            }
            Self::Minute(minute) => {
                let start = minute.id.number * MINUTE_US;
                plain[40..48].copy_from_slice(&start.to_le_bytes());
                plain[48..56].copy_from_slice(&(start + MINUTE_US).to_le_bytes());
                plain[96..104].copy_from_slice(&time(minute.bucket_start));
                plain[104..112].copy_from_slice(&time(minute.bucket_end));
            }
        }
        plain[56..64].copy_from_slice(&time(expires_at));
        plain[64..96].copy_from_slice(key);
        plain
    }
}

impl Keyring {
    /// Takes in what a record says; false if it is of an unknown kind.
    pub(super) fn take(&mut self, plain: &[u8]) -> bool {
        let id = |at: usize| plain[at..at + 16].try_into().expect("sixteen bytes");
        let micros =
            |at: usize| i64::from_le_bytes(plain[at..at + 8].try_into().expect("eight bytes"));
        let time = |at: usize| WallTime::from_micros(micros(at));
        let key: &[u8; 32] = plain[64..96].try_into().expect("thirty-two bytes");
        let bucket = BucketId::from_bytes(id(0));
        let kind = if plain[32] == 1 { FeedKind::Sub } else { FeedKind::Main };
        let feed = Feed { camera: CameraId::from_bytes(id(16)), kind };
        match plain[33] {
            BUCKET => self.insert(Bucket {
                id: bucket,
                feed,
                start: time(40),
                end: time(48),
                expires_at: time(56),
                key: BucketKey::copy_of(key),
            }),
            MINUTE => {
                let id = MinuteId { bucket, number: micros(40) / MINUTE_US };
                let minute = Minute {
                    id,
                    feed,
                    bucket_start: time(96),
                    bucket_end: time(104),
                    expires_at: time(56),
                    key: MinuteKey::copy_of(key),
                };
                self.minutes.insert(id, minute);
            }
            _ => return false,
        }
        true
    }
}
