//! Typed ids: 128 random bits, printed as a lower-case UUID (RFC 9562, version 4).
//!
//! One Rust type per kind of thing, so that a spot can never be passed where a camera is meant.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

/// An id of one kind of thing `K`.
pub struct Id<K> {
    bytes: [u8; 16],
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// An id from 16 random bytes; the version and variant bits are set here.
    #[must_use]
    pub const fn from_random(mut bytes: [u8; 16]) -> Self {
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self::from_bytes(bytes)
    }

    /// An id as it was stored, unchanged.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self { bytes, kind: PhantomData }
    }

    /// The 16 bytes, as they are stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

/// What is wrong with a written id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is written as 32 hexadecimal digits in groups of 8-4-4-4-12")
    }
}

impl std::error::Error for IdError {}

impl<K> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.as_bytes();
        if text.len() != 36 || [8, 13, 18, 23].iter().any(|&at| text[at] != b'-') {
            return Err(IdError);
        }
        let mut digits = text.iter().filter(|&&c| c != b'-').map(|&c| match c {
            b'0'..=b'9' => Ok(c - b'0'),
            b'a'..=b'f' => Ok(c - b'a' + 10),
            b'A'..=b'F' => Ok(c - b'A' + 10),
            _ => Err(IdError),
        });
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            let high = digits.next().ok_or(IdError)??;
            let low = digits.next().ok_or(IdError)??;
            *byte = high << 4 | low;
        }
        Ok(Self::from_bytes(bytes))
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// Derives would ask the same of `K`, which is only a mark.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $mark:ident;)*) => {$(
        #[doc = concat!("Marks a [`", stringify!($name), "`].")]
        #[derive(Debug)]
        pub enum $mark {}
        $(#[$doc])*
        pub type $name = Id<$mark>;
    )*};
}

ids! {
    /// One recorder: one ledger, one keyring.
    RecorderId = RecorderMark;
    /// One disk volume, as its identity file names it.
    VolumeId = VolumeMark;
    /// One sealed file of many feeds.
    ReelId = ReelMark;
    /// One feed's key for one hour (or a twenty-fourth of a short retention).
    BucketId = BucketMark;
    /// One camera in the register; it stays when the device is replaced.
    CameraId = CameraMark;
    /// One place of installation.
    SpotId = SpotMark;
    /// One physical device that hangs, or hung, at a camera's spot.
    DeviceId = DeviceMark;
    /// One person's account.
    AccountId = AccountMark;
    /// One signed-in person at one browser.
    SessionId = SessionMark;
    /// One hold of footage for a case.
    HoldId = HoldMark;
    /// One floor of a building, with its plan.
    FloorId = FloorMark;
    /// One act, named before its intent has an entry number.
    ActId = ActMark;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = CameraId::from_random([0xff; 16]);
        assert_eq!(id.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in [
            "",
            "ffffffff-ffff-4fff-bfff-fffffffffff",
            "gfffffff-ffff-4fff-bfff-ffffffffffff",
            "ffffffff+ffff-4fff-bfff-ffffffffffff",
            "-fffffff-ffff-4fff-bfff-ffffffffffff",
        ] {
            assert_eq!(text.parse::<CameraId>(), Err(IdError), "{text}");
        }
    }
}
