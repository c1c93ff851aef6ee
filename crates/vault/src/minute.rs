//! Minutes that outlive their bucket, and how a key of the keyring is named outside of it.
//!
//! A minute key derives from its bucket's (`crates/reel`), so a bucket that is destroyed while some
//! of its minutes are to be kept leaves these keys and nothing else: from a minute key there is no
//! way back to the bucket's, nor to another minute's.

use std::fmt;
use std::str::FromStr;

use domain::{BucketId, Feed, WallTime};
use reel::MinuteKey;

use crate::keyring::Bucket;

/// Microseconds of a minute.
pub(crate) const MINUTE_US: i64 = 60_000_000;

/// One minute of one bucket. Written `<bucket id>/<number>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MinuteId {
    pub(crate) bucket: BucketId,
    /// Minutes since 1970, as the footage is dated.
    pub(crate) number: i64,
}

impl fmt::Display for MinuteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bucket, self.number)
    }
}

/// What a key of the keyring is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyId {
    Bucket(BucketId),
    Minute(MinuteId),
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bucket(bucket) => bucket.fmt(f),
            Self::Minute(minute) => minute.fmt(f),
        }
    }
}

/// What is wrong with a key's written name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyIdError;

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let Some((bucket, number)) = text.split_once('/') else {
            return text.parse().map(Self::Bucket).map_err(|_| KeyIdError);
        };
        let minute = MinuteId {
            bucket: bucket.parse().map_err(|_| KeyIdError)?,
            number: number.parse().map_err(|_| KeyIdError)?,
        };
        // One way to write it, or two lines of a list could be of one key.
        if minute.to_string() == text { Ok(Self::Minute(minute)) } else { Err(KeyIdError) }
    }
}

/// A minute whose bucket is gone: its key, and what is to be known of the bucket it was of.
pub(crate) struct Minute {
    pub(crate) id: MinuteId,
    pub(crate) feed: Feed,
    pub(crate) bucket_start: WallTime,
    pub(crate) bucket_end: WallTime,
    /// When it is due if nobody holds it: with its bucket.
    pub(crate) expires_at: WallTime,
    pub(crate) key: MinuteKey,
}

impl Minute {
    /// Splits a minute out of its bucket.
    pub(crate) fn of(bucket: &Bucket, number: i64) -> Self {
        Self {
            id: MinuteId { bucket: bucket.id, number },
            feed: bucket.feed,
            bucket_start: bucket.start,
            bucket_end: bucket.end,
            expires_at: bucket.expires_at,
            key: bucket.key.minute(bucket.id, number),
        }
    }
}

/// The minutes that a stretch of time touches.
pub(crate) fn minutes_between(from: WallTime, to: WallTime) -> std::ops::Range<i64> {
    let last = (to.as_micros() - 1).div_euclid(MINUTE_US);
    from.as_micros() / MINUTE_US..last + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_name() {
        let bucket = BucketId::from_bytes([0xa1; 16]);
        for id in [
            KeyId::Bucket(bucket),
            KeyId::Minute(MinuteId { bucket, number: 0 }),
            KeyId::Minute(MinuteId { bucket, number: 29_000_000 }),
        ] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in ["", "/", "/7", &format!("{bucket}/"), &format!("{bucket}/07"), "x/7"] {
            assert_eq!(text.parse::<KeyId>(), Err(KeyIdError), "{text}");
        }
    }

    #[test]
    fn a_stretch_touches_the_minutes_that_it_is_in() {
        let minute = |count: i64| WallTime::from_micros(count * MINUTE_US);
        assert_eq!(minutes_between(minute(5), minute(7)), 5..7);
        let past = WallTime::from_micros(7 * MINUTE_US + 1);
        assert_eq!(minutes_between(minute(5), past), 5..8);
        assert!(minutes_between(minute(5), minute(5)).is_empty());
    }
}
