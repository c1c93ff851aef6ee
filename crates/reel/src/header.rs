//! The first 512 bytes of a reel.

use std::time::Duration;

use domain::{RecorderId, ReelId, Retention, VolumeId, WallTime};

use crate::fields::{Fields, FormatError, wall_time_bytes};
use crate::{REEL_HEADER_BYTES, Suite, SuiteError};

const MAGIC: [u8; 8] = *b"JIKIMREL";
const VERSION: u16 = 1;
const CHECKSUM_AT: usize = 480;

/// What a reel says of itself. A reel holds one retention class and never crosses the boundary of
/// its bucket, so that it expires whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReelHeader {
    /// Random; drawn at every opening, so that no reel is ever continued by another run.
    pub reel: ReelId,
    /// Whose it is.
    pub recorder: RecorderId,
    /// Where it was written: a file that was copied to another volume is noticed.
    pub volume: VolumeId,
    /// How its chunks are sealed.
    pub suite: Suite,
    /// The class of all that is in it.
    pub retention: Retention,
    /// The first moment of its bucket.
    pub bucket_start: WallTime,
    /// The first moment after its bucket.
    pub bucket_end: WallTime,
    /// When it was opened.
    pub created_at: WallTime,
}

/// Why the first bytes of a file are not the header of a reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReelHeaderError {
    /// Fewer than 512 bytes.
    #[error("the reel ends within its own header")]
    Torn,
    /// Another magic.
    #[error("this file is not a reel")]
    NotAReel,
    /// A version to come.
    #[error("the reel has version {0}, which this version of Jikim does not know; use a later one")]
    Version(u16),
    /// A suite to come.
    #[error("the reel cannot be opened")]
    Suite(#[from] SuiteError),
    /// Damaged.
    #[error("the reel's header is damaged: its checksum does not match")]
    Checksum,
    /// The checksum is right, and the content impossible.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl ReelHeader {
    /// The 512 bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; REEL_HEADER_BYTES] {
        let mut bytes = [0; REEL_HEADER_BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
        put(0, &MAGIC);
        put(8, &VERSION.to_le_bytes());
        put(10, &self.suite.number().to_le_bytes());
        put(12, &crate::fields::length_u32(REEL_HEADER_BYTES).to_le_bytes());
        put(16, self.reel.as_bytes());
        put(32, self.recorder.as_bytes());
        put(48, self.volume.as_bytes());
        put(64, &whole_s(self.retention.minimum()));
        put(68, &whole_s(self.retention.maximum()));
        put(72, &wall_time_bytes(self.bucket_start));
        put(80, &wall_time_bytes(self.bucket_end));
        put(88, &wall_time_bytes(self.created_at));
        let checksum = blake3::hash(&bytes[..CHECKSUM_AT]);
        bytes[CHECKSUM_AT..].copy_from_slice(checksum.as_bytes());
        bytes
    }

    /// Reads the first 512 of these bytes; what follows them is not looked at.
    ///
    /// # Errors
    /// If they are not the header of a reel that this version can read.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReelHeaderError> {
        let bytes: &[u8; REEL_HEADER_BYTES] = bytes.first_chunk().ok_or(ReelHeaderError::Torn)?;
        let mut fields = Fields::new("reel's header", &bytes[..CHECKSUM_AT]);
        if fields.array()? != MAGIC {
            return Err(ReelHeaderError::NotAReel);
        }
        // Before version and suite: a flipped bit must not read as "made by a later version".
        if blake3::hash(&bytes[..CHECKSUM_AT]) != bytes[CHECKSUM_AT..] {
            return Err(ReelHeaderError::Checksum);
        }
        let version = fields.u16()?;
        if version != VERSION {
            return Err(ReelHeaderError::Version(version));
        }
        let suite = Suite::from_number(fields.u16()?)?;
        Ok(Self::parse_fields(suite, &mut fields)?)
    }

    fn parse_fields(suite: Suite, fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        if fields.u32()? != crate::fields::length_u32(REEL_HEADER_BYTES) {
            return Err(fields.unfit("its length is not 512"));
        }
        let (reel, recorder, volume) = (fields.id()?, fields.id()?, fields.id()?);
        let minimum = Duration::from_secs(fields.u32()?.into());
        let maximum = Duration::from_secs(fields.u32()?.into());
        let retention = Retention::new(minimum, maximum)
            .map_err(|_| fields.unfit("no footage could satisfy its retention"))?;
        let (bucket_start, bucket_end) = (fields.wall_time()?, fields.wall_time()?);
        let created_at = fields.wall_time()?;
        if bucket_end <= bucket_start {
            return Err(fields.unfit("its bucket ends before it begins"));
        }
        fields.zeros(CHECKSUM_AT - 96)?;
        fields.end()?;
        Ok(Self { reel, recorder, volume, suite, retention, bucket_start, bucket_end, created_at })
    }
}

fn whole_s(length: Duration) -> [u8; 4] {
    u32::try_from(length.as_secs()).expect("a retention is at most ten years").to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> ReelHeader {
        ReelHeader {
            reel: ReelId::from_bytes([1; 16]),
            recorder: RecorderId::from_bytes([2; 16]),
            volume: VolumeId::from_bytes([3; 16]),
            suite: Suite::Aes256Gcm,
            retention: Retention::new(Duration::ZERO, Duration::from_secs(30 * 86_400)).unwrap(),
            bucket_start: WallTime::from_micros(3_600_000_000),
            bucket_end: WallTime::from_micros(7_200_000_000),
            created_at: WallTime::from_micros(3_600_000_001),
        }
    }

    /// As somebody would who made the header so on purpose.
    fn with_checksum(mut bytes: [u8; 512]) -> [u8; 512] {
        let checksum = blake3::hash(&bytes[..CHECKSUM_AT]);
        bytes[CHECKSUM_AT..].copy_from_slice(checksum.as_bytes());
        bytes
    }

    #[test]
    fn a_header_survives_being_written_and_read() {
        assert_eq!(ReelHeader::parse(&header().encode()), Ok(header()));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = header().encode();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            let expected =
                if bit < 64 { ReelHeaderError::NotAReel } else { ReelHeaderError::Checksum };
            assert_eq!(ReelHeader::parse(&flipped), Err(expected), "bit {bit}");
        }
    }

    #[test]
    fn what_comes_later_is_refused_by_name() {
        let mut bytes = header().encode();
        bytes[10] = 2;
        assert_eq!(
            ReelHeader::parse(&with_checksum(bytes)),
            Err(ReelHeaderError::Suite(SuiteError::Aria256Gcm))
        );
        let mut bytes = header().encode();
        bytes[8] = 2;
        assert_eq!(ReelHeader::parse(&with_checksum(bytes)), Err(ReelHeaderError::Version(2)));
        let mut bytes = header().encode();
        bytes[479] = 1;
        assert!(matches!(
            ReelHeader::parse(&with_checksum(bytes)),
            Err(ReelHeaderError::Format(_))
        ));
        assert_eq!(ReelHeader::parse(&bytes[..511]), Err(ReelHeaderError::Torn));
    }
}
