//! The two kinds of lines of a footer: a row for each feed and bucket, an entry for each record.

use domain::{BucketId, Feed, GapCause, WallTime};

use crate::fields::{Fields, FormatError, feed_bytes, wall_time_bytes};
use crate::footer::unfit;
use crate::gap::{cause_from_number, cause_number};
use crate::{Codec, RecordKind};

/// Bytes of a row with the checksum of its block.
pub(crate) const ROW_BYTES: usize = 128;
pub(crate) const ENTRY_BYTES: usize = 56;

/// What a reel holds of one feed under one bucket; or of one feed's gaps, which have no bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FooterFeed {
    /// The feed.
    pub feed: Feed,
    /// The bucket of the chunks; none in the row of the gaps.
    pub bucket: Option<BucketId>,
    /// By the last keyframe; none if no chunk begins with one.
    pub codec: Option<Codec>,
    /// By the last keyframe, in pixels; 0 without codec.
    pub width: u16,
    /// By the last keyframe, in pixels; 0 without codec.
    pub height: u16,
    /// Chunks, or gaps in the row of the gaps.
    pub records: u32,
    /// Keyframes among the frames; 0 in the row of the gaps.
    pub keyframes: u32,
    /// Frames of the chunks; frames lost in the row of the gaps.
    pub frames: u64,
    /// Bytes of those frames; 0 in the row of the gaps.
    pub bytes: u64,
    /// The earliest start.
    pub first_start: WallTime,
    /// The latest end.
    pub last_end: WallTime,
    /// Bytes of the frames that are no keyframes: more of them mean more change in the picture.
    pub inter_bytes: u64,
}

/// Where one record is, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FooterEntry {
    /// Its number in the reel.
    pub number: u64,
    /// Chunk or gap.
    pub kind: RecordKind,
    /// Where the record begins in the reel.
    pub offset_bytes: u64,
    /// Bytes of the whole record.
    pub length_bytes: u32,
    /// Which row of the table of feeds.
    pub feed_index: u16,
    /// Of the chunk's first frame; the gap's `from`.
    pub start: WallTime,
    /// Of the chunk; of the gap, 0 if the clock was set back meanwhile.
    pub duration_us: u64,
    /// Whether decoding can begin here; false for a gap.
    pub begins_with_keyframe: bool,
    /// Why; of a gap only.
    pub cause: Option<GapCause>,
    /// Frames of the chunk; frames lost in the gap, at most what fits.
    pub frames: u32,
    /// Keyframes among them; 0 for a gap.
    pub keyframes: u16,
    /// Bytes of the chunk's frames; 0 for a gap.
    pub frame_bytes: u32,
    /// Bytes of those frames that are no keyframes: more of them mean more change in the picture.
    pub inter_bytes: u32,
    /// Bytes of the largest of those; 0 if there is none.
    pub largest_inter_bytes: u32,
}

impl FooterFeed {
    /// All but the checksum of its block.
    pub(crate) fn encode_into(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&feed_bytes(self.feed));
        out.push(u8::from(self.bucket.is_some()));
        out.extend_from_slice(&self.codec.map_or(0, Codec::number).to_le_bytes());
        out.extend_from_slice(&self.bucket.map_or([0; 16], |bucket| *bucket.as_bytes()));
        out.extend_from_slice(&self.width.to_le_bytes());
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.records.to_le_bytes());
        out.extend_from_slice(&self.keyframes.to_le_bytes());
        out.extend_from_slice(&self.frames.to_le_bytes());
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.extend_from_slice(&wall_time_bytes(self.first_start));
        out.extend_from_slice(&wall_time_bytes(self.last_end));
        out.extend_from_slice(&self.inter_bytes.to_le_bytes());
    }

    pub(crate) fn parse(fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        let feed = fields.feed()?;
        let has_bucket = fields.u8()?;
        let codec = Codec::from_number(fields.u16()?).ok_or(fields.unfit("unknown codec"))?;
        let bucket = match has_bucket {
            0 => {
                fields.zeros(16)?;
                None
            }
            1 => Some(fields.id()?),
            _ => return Err(fields.unfit("unknown flags of a feed")),
        };
        Ok(Self {
            feed,
            bucket,
            codec,
            width: fields.u16()?,
            height: fields.u16()?,
            records: fields.u32()?,
            keyframes: fields.u32()?,
            frames: fields.u64()?,
            bytes: fields.u64()?,
            first_start: fields.wall_time()?,
            last_end: fields.wall_time()?,
            inter_bytes: fields.u64()?,
        })
    }
}

impl FooterEntry {
    pub(crate) fn encode_into(&self, out: &mut Vec<u8>) {
        let kind = match (self.cause, self.begins_with_keyframe) {
            (None, false) => 0,
            (None, true) => 1,
            (Some(cause), _) => 0x100 | cause_number(cause),
        };
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.offset_bytes.to_le_bytes());
        out.extend_from_slice(&self.length_bytes.to_le_bytes());
        out.extend_from_slice(&u16::to_le_bytes(kind));
        out.extend_from_slice(&self.keyframes.to_le_bytes());
        out.extend_from_slice(&wall_time_bytes(self.start));
        out.extend_from_slice(&self.duration_us.to_le_bytes());
        out.extend_from_slice(&self.frames.to_le_bytes());
        out.extend_from_slice(&self.frame_bytes.to_le_bytes());
        out.extend_from_slice(&self.inter_bytes.to_le_bytes());
        out.extend_from_slice(&self.largest_inter_bytes.to_le_bytes());
    }

    pub(crate) fn parse(fields: &mut Fields<'_>, feed_index: u16) -> Result<Self, FormatError> {
        let (number, offset_bytes) = (fields.u64()?, fields.u64()?);
        let length_bytes = fields.u32()?;
        let (begins_with_keyframe, cause) = match fields.u16()? {
            0 => (false, None),
            1 => (true, None),
            gap => {
                let cause = gap.checked_sub(0x100).and_then(cause_from_number);
                (false, Some(cause.ok_or(fields.unfit("unknown kind of an entry"))?))
            }
        };
        let keyframes = fields.u16()?;
        Ok(Self {
            number,
            kind: if cause.is_some() { RecordKind::Gap } else { RecordKind::Chunk },
            offset_bytes,
            length_bytes,
            feed_index,
            start: fields.wall_time()?,
            duration_us: fields.u64()?,
            begins_with_keyframe,
            cause,
            frames: fields.u32()?,
            keyframes,
            frame_bytes: fields.u32()?,
            inter_bytes: fields.u32()?,
            largest_inter_bytes: fields.u32()?,
        })
    }

    /// Where the record ends, if it neither begins before `from_bytes` nor has a number that does
    /// not rise.
    pub(crate) fn follows(
        &self,
        from_bytes: u64,
        last_number: Option<u64>,
    ) -> Result<u64, FormatError> {
        if last_number.is_some_and(|last| self.number <= last) {
            return Err(unfit("the numbers of its entries do not rise"));
        }
        self.offset_bytes
            .checked_add(u64::from(self.length_bytes))
            .filter(|_| self.offset_bytes >= from_bytes)
            .ok_or(unfit("an entry begins before the one before ends"))
    }
}
