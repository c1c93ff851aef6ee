//! Keys: a bucket's, a minute's, a chunk's; each derived from the one before.
//!
//! Derivation is HKDF-SHA-256 (RFC 5869) without salt: the input is already a uniform key. What a
//! key is for stands in the info, with the version, so that no two purposes share a key.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use domain::{BucketId, Feed, ReelId};
use zeroize::{Zeroize, Zeroizing};

use crate::Suite;
use crate::fields::feed_bytes;

const MINUTE_INFO: &[u8] = b"jikim reel v1 minute key";
const CHUNK_INFO: &[u8] = b"jikim reel v1 chunk key";

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Wiped from memory when dropped; never printed, compared or cloned. It lies in one place
        /// from first to last: a value that moves leaves its bytes where it was, and nobody wipes them.
        pub struct $name(Box<Zeroizing<[u8; 32]>>);

        impl $name {
            /// The key as it was drawn; what is handed over is wiped.
            #[must_use]
            pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
                let key = Self::copy_of(&bytes);
                bytes.zeroize();
                key
            }

            /// The key as it lies somewhere, where its owner wipes it.
            #[must_use]
            pub fn copy_of(bytes: &[u8; 32]) -> Self {
                let mut key = Self::empty();
                key.0.copy_from_slice(bytes);
                key
            }

            fn empty() -> Self {
                Self(Box::new(Zeroizing::new([0; 32])))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

keys! {
    /// The random key of one bucket: one feed, one hour. What the keyring keeps.
    BucketKey;
    /// The key of one minute of a bucket: what survives of the bucket when the other minutes go.
    MinuteKey;
    /// The key of one feed's chunks of one minute in one reel. The nonce is the chunk's number,
    /// which is unique in the reel: no nonce can come twice under this key.
    ChunkKey;
}

impl BucketKey {
    /// The secret itself, for the keyring alone.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 of the key: what the ledger publishes when the key is made.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        sha256(&**self.0)
    }

    /// The key of one minute, counted from the epoch.
    #[must_use]
    pub fn minute(&self, bucket: BucketId, minute: i64) -> MinuteKey {
        let mut key = MinuteKey::empty();
        let info: [&[u8]; 3] = [MINUTE_INFO, bucket.as_bytes(), &minute.to_le_bytes()];
        derive(&self.0, &info, &mut key.0);
        key
    }
}

impl MinuteKey {
    /// The secret itself, for the keyring alone.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 of the key: what the ledger publishes when the key is split out of its bucket.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        sha256(&**self.0)
    }

    /// The key of a feed's chunks in a reel.
    #[must_use]
    pub fn chunk(&self, reel: ReelId, feed: Feed) -> ChunkKey {
        let suite = Suite::Aes256Gcm.number().to_le_bytes();
        let mut key = ChunkKey::empty();
        let info: [&[u8]; 4] = [CHUNK_INFO, &suite, reel.as_bytes(), &feed_bytes(feed)];
        derive(&self.0, &info, &mut key.0);
        key
    }
}

impl ChunkKey {
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// SHA-256, by the same library as the cipher.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

struct KeyBytes;

impl KeyType for KeyBytes {
    fn len(&self) -> usize {
        32
    }
}

fn derive(secret: &[u8; 32], info: &[&[u8]], key: &mut [u8; 32]) {
    Salt::new(HKDF_SHA256, &[])
        .extract(secret)
        .expand(info, KeyBytes)
        .and_then(|material| material.fill(key))
        .expect("HKDF-SHA-256 gives 32 bytes for any short info");
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CameraId, FeedKind};

    #[test]
    fn a_key_is_never_printed() {
        let key = BucketKey::from_bytes([0xab; 32]);
        assert_eq!(format!("{key:?}"), "BucketKey(..)");
        assert_eq!(format!("{:?}", key.minute(BucketId::from_bytes([1; 16]), 7)), "MinuteKey(..)");
    }

    #[test]
    fn everything_that_names_a_key_changes_it() {
        let bucket = BucketKey::from_bytes([1; 32]);
        let minute = |id: u8, at| *bucket.minute(BucketId::from_bytes([id; 16]), at).expose();
        assert_ne!(minute(1, 0), minute(2, 0));
        assert_ne!(minute(1, 0), minute(1, 1));

        let minute = bucket.minute(BucketId::from_bytes([1; 16]), 0);
        let chunk = |reel: u8, camera: u8, kind| {
            let feed = Feed { camera: CameraId::from_bytes([camera; 16]), kind };
            *minute.chunk(ReelId::from_bytes([reel; 16]), feed).expose()
        };
        let key = chunk(1, 1, FeedKind::Main);
        for other in
            [chunk(2, 1, FeedKind::Main), chunk(1, 2, FeedKind::Main), chunk(1, 1, FeedKind::Sub)]
        {
            assert_ne!(key, other);
        }
    }
}
