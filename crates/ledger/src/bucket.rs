//! Lines of buckets in public lists: what can be said of a bucket in the open, and a tag that says
//! whose it is to nobody but those who are told the secret of its camera's day.
//!
//! A bucket that is destroyed is in no keyring, and its reel is gone; what it was of must still be
//! known, or no destruction could be shown to anybody. So the line of a bucket carries a commitment
//! to camera, feed and times. The secret in it is not stored: it follows from the month's record
//! root, the camera, the feed and the day. Told that secret, anybody finds all buckets of that
//! camera's day in the lists, and none of another camera's. It lives as long as the root.
//!
//! `docs/formats/ledger-entry.md` has the bytes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use domain::{BucketId, CameraId, Feed, FeedKind, RecorderId, WallTime};
use host::Secret;

use crate::act::CertifyDestruction;
use crate::entry::to_hex;
use crate::{Grant, Ledger, ReadLedgerError};

const DAY_US: i64 = 86_400_000_000;

/// What is known of a bucket without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketFact {
    /// Which.
    pub bucket: BucketId,
    /// SHA-256 of its key.
    pub key_sha256: [u8; 32],
    /// Whose pictures.
    pub feed: Feed,
    /// The first moment of its time.
    pub start: WallTime,
    /// The first moment after it.
    pub end: WallTime,
    /// By when it is destroyed.
    pub expires_at: WallTime,
}

impl BucketFact {
    /// The line without a tag: all that is said if the root cannot be had.
    fn plain_line(&self) -> String {
        format!("{} {}", self.bucket, to_hex(&self.key_sha256))
    }

    fn line(&self, secret: &Secret) -> String {
        let [start, end, expires_at] = self.times();
        let tag = to_hex(&self.tag(secret));
        format!("{} {start} {end} {expires_at} {tag}", self.plain_line())
    }

    fn tag(&self, secret: &Secret) -> [u8; 32] {
        let [start, end, expires_at] = self.times();
        let (camera, kind) = (self.feed.camera, kind_word(self.feed.kind));
        let mut bytes = b"jikim bucket v1\n".to_vec();
        bytes.extend_from_slice(secret.expose());
        let plain = self.plain_line();
        bytes.extend_from_slice(
            format!("{plain} {camera} {kind} {start} {end} {expires_at}\n").as_bytes(),
        );
        digest(&SHA256, &bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    fn times(&self) -> [i64; 3] {
        [self.start.as_micros(), self.end.as_micros(), self.expires_at.as_micros()]
    }
}

const fn kind_word(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Main => "main",
        FeedKind::Sub => "sub",
    }
}

/// Days since 1970-01-01 of a moment.
#[must_use]
pub fn day_of(time: WallTime) -> i64 {
    time.as_micros().div_euclid(DAY_US)
}

/// The secret of a camera's feed and day under a month's root.
pub(crate) fn day_secret(root: &Secret, recorder: RecorderId, feed: Feed, day: i64) -> Secret {
    let (camera, kind) = (feed.camera, kind_word(feed.kind));
    let text = format!("jikim bucket day v1\n{recorder} {camera} {kind} {day}\n");
    let key = hmac::Key::new(hmac::HMAC_SHA256, root.expose());
    let tag = hmac::sign(&key, text.as_bytes());
    Secret::from_bytes(tag.as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes"))
}

/// A line of a public list of keys, and whose it is as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedKey {
    /// The key of a bucket, with what is known of it.
    Bucket(BucketFact),
    /// One of which nobody can say any more whose it was: its month's root is gone, or it was entered
    /// without a tag.
    Unknown(BucketId),
    /// The key of one minute that outlives its bucket.
    Minute(BucketId),
}

/// Tells whose the lines of public lists are.
pub(crate) struct Finder<'l> {
    ledger: &'l Ledger,
    feeds: Vec<Feed>,
    secrets: HashMap<(Feed, i64), Option<Secret>>,
}

impl<'l> Finder<'l> {
    /// Looks for the buckets of these cameras.
    pub(crate) fn new(ledger: &'l Ledger, cameras: &[CameraId]) -> Self {
        let kinds = [FeedKind::Main, FeedKind::Sub];
        let feeds = cameras.iter().flat_map(|&camera| kinds.map(|kind| Feed { camera, kind }));
        Self { ledger, feeds: feeds.collect(), secrets: HashMap::new() }
    }

    /// Whose a line is; none if it is no line of a key.
    pub(crate) fn find(&mut self, line: &str) -> Result<Option<ListedKey>, ReadLedgerError> {
        let words: Vec<&str> = line.split(' ').collect();
        let Some((id, hash)) = words.first().zip(words.get(1)) else { return Ok(None) };
        if let Some((bucket, _)) = id.split_once('/') {
            return Ok(bucket.parse().ok().map(ListedKey::Minute));
        }
        let Ok(bucket) = id.parse() else { return Ok(None) };
        let time = |at: usize| words.get(at).and_then(|word| word.parse().ok());
        let (Some(start), Some(end), Some(expires_at), Some(key_sha256)) =
            (time(2), time(3), time(4), crate::entry::from_hex(hash))
        else {
            return Ok(Some(ListedKey::Unknown(bucket)));
        };
        let [start, end, expires_at] = [start, end, expires_at].map(WallTime::from_micros);
        for index in 0..self.feeds.len() {
            let feed = self.feeds[index];
            let fact = BucketFact { bucket, key_sha256, feed, start, end, expires_at };
            let secret = self.secret(feed, start)?;
            if secret.is_some_and(|secret| words.get(5) == Some(&&*to_hex(&fact.tag(secret)))) {
                // Its neighbours in a list are mostly of the same camera.
                self.feeds.swap(0, index);
                return Ok(Some(ListedKey::Bucket(fact)));
            }
        }
        Ok(Some(ListedKey::Unknown(bucket)))
    }

    fn secret(&mut self, feed: Feed, start: WallTime) -> Result<Option<&Secret>, ReadLedgerError> {
        let known = match self.secrets.entry((feed, day_of(start))) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                vacant.insert(self.ledger.inner.roots.day_secret(feed, start, false)?)
            }
        };
        Ok(known.as_ref())
    }
}

impl Ledger {
    /// The lines of buckets for a public list, each with its tag. Without the month's root a line says
    /// less and is a line all the same: neither a recording nor a destruction waits for it.
    #[must_use]
    pub fn bucket_lines(&self, buckets: &[BucketFact]) -> Vec<String> {
        let mut told = false;
        let mut secrets: HashMap<(Feed, i64), Option<Secret>> = HashMap::new();
        let mut secret_of = |fact: &BucketFact| {
            self.inner.roots.day_secret(fact.feed, fact.start, true).unwrap_or_else(|error| {
                if !std::mem::replace(&mut told, true) {
                    tracing::error!(%error, "buckets are entered without whose they are");
                }
                None
            })
        };
        let line = |fact: &BucketFact| {
            let day = (fact.feed, day_of(fact.start));
            let secret = secrets.entry(day).or_insert_with(|| secret_of(fact));
            secret.as_ref().map_or_else(|| fact.plain_line(), |secret| fact.line(secret))
        };
        buckets.iter().map(line).collect()
    }

    /// The secret by which the buckets of a feed's day are found in the public lists; nothing if the
    /// month's root is gone. `day` is any moment of it. It tells of no other feed, camera or day.
    ///
    /// # Errors
    /// If the act has ended, it is of another camera, or the root cannot be read.
    pub fn day_secret(
        &self,
        grant: &Grant<CertifyDestruction>,
        kind: FeedKind,
        day: WallTime,
    ) -> Result<Option<[u8; 32]>, ReadLedgerError> {
        grant.check()?;
        let camera = *grant.cameras().first().expect("a certificate is of one camera");
        let secret = self.inner.roots.day_secret(Feed { camera, kind }, day, false)?;
        Ok(secret.map(|secret| *secret.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> BucketFact {
        BucketFact {
            bucket: BucketId::from_bytes([1; 16]),
            key_sha256: [2; 32],
            feed: Feed { camera: CameraId::from_bytes([3; 16]), kind: FeedKind::Main },
            start: WallTime::from_micros(1_800_000_000_000_000),
            end: WallTime::from_micros(1_800_003_600_000_000),
            expires_at: WallTime::from_micros(1_802_588_400_000_000),
        }
    }

    /// The tag is of one bucket, camera, feed and time: with any other the line is another.
    #[test]
    fn a_tag_says_whose_a_bucket_is_to_who_knows_the_secret() {
        let (root, recorder) = (Secret::from_bytes([9; 32]), RecorderId::from_bytes([7; 16]));
        let fact = fact();
        let secret = |feed, day| day_secret(&root, recorder, feed, day);
        let day = day_of(fact.start);
        let line = fact.line(&secret(fact.feed, day));
        let others: [fn(&mut BucketFact); 6] = [
            |it| it.bucket = BucketId::from_bytes([5; 16]),
            |it| it.key_sha256[0] ^= 1,
            |it| it.feed.camera = CameraId::from_bytes([4; 16]),
            |it| it.feed.kind = FeedKind::Sub,
            |it| it.end = it.start,
            |it| it.expires_at = it.end,
        ];
        let tag = |line: &str| line.rsplit_once(' ').unwrap().1.to_owned();
        for change in others {
            let mut other = fact;
            change(&mut other);
            assert_ne!(tag(&other.line(&secret(fact.feed, day))), tag(&line));
        }
        let sub = Feed { kind: FeedKind::Sub, ..fact.feed };
        assert_ne!(fact.line(&secret(fact.feed, day + 1)), line);
        assert_ne!(fact.line(&secret(sub, day)), line);
        assert!(!line.contains(&fact.feed.camera.to_string()));
    }
}
