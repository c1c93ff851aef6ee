//! The plain header of a chunk: what was filmed when, frame by frame, and never a picture.

use domain::{BucketId, Feed, WallTime};

use crate::fields::{Fields, FormatError, feed_bytes, length_u32, wall_time_bytes};
use crate::{MAX_CODEC_RECORD_BYTES, MAX_FRAMES, MAX_PLAINTEXT_BYTES};

const PART: &str = "chunk's header";
const FIXED_BYTES: usize = 104;
const FRAME_BYTES: usize = 16;

/// A run of frames of one feed, in decode order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkHeader {
    /// Unique in the reel and rising, over chunks and gaps of all feeds; it is the nonce.
    pub number: u64,
    /// Whose frames.
    pub feed: Feed,
    /// Under which key.
    pub bucket: BucketId,
    /// Minutes since the epoch: which minute key of the bucket.
    pub minute: i64,
    /// Counts the feed's chunks over all reels, and never goes back: order rests on it.
    pub sequence: u64,
    /// Counts the feed's connections: within one, elapsed and decode times run on.
    pub connection: u32,
    /// Whether decoding can begin here.
    pub begins_with_keyframe: bool,
    /// Wall time of the first frame.
    pub start: WallTime,
    /// How wrong `start` may be, either way.
    pub uncertainty_us: u32,
    /// The first frame by the clock that never goes back, within one boot of the machine.
    pub elapsed_ns: u64,
    /// From the first frame to the end of the last.
    pub duration_us: u64,
    /// Present exactly when the chunk begins with a keyframe.
    pub codec: Option<CodecConfig>,
    /// 1 to [`MAX_FRAMES`] frames; their sizes add up to the plaintext.
    pub frames: Vec<FrameEntry>,
}

/// One frame of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameEntry {
    /// Its bytes in the plaintext.
    pub size_bytes: u32,
    /// Decode time from the frame before; of the first frame, from `start`.
    pub delta_us: u32,
    /// Presentation time less decode time.
    pub presentation_offset_us: i32,
    /// Whether it can be decoded alone.
    pub keyframe: bool,
}

/// How the frames are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Codec {
    /// H.264 (ISO/IEC 14496-10), frames as length-prefixed NAL units.
    H264 = 1,
    /// H.265 (ISO/IEC 23008-2), frames as length-prefixed NAL units.
    H265 = 2,
}

impl Codec {
    pub(crate) const fn number(self) -> u16 {
        self as u16
    }

    /// Which codec, or none for 0; nothing for an unknown number.
    pub(crate) const fn from_number(number: u16) -> Option<Option<Self>> {
        match number {
            0 => Some(None),
            1 => Some(Some(Self::H264)),
            2 => Some(Some(Self::H265)),
            _ => None,
        }
    }
}

/// What a decoder needs before the first frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodecConfig {
    /// Which codec.
    pub kind: Codec,
    /// Pixels of a picture's width.
    pub width: u16,
    /// Pixels of a picture's height.
    pub height: u16,
    /// Body of the `avcC` or `hvcC` box (ISO/IEC 14496-15); at most [`MAX_CODEC_RECORD_BYTES`].
    pub record: Vec<u8>,
}

impl ChunkHeader {
    /// Bytes of all frames together: the length of the plaintext.
    #[must_use]
    pub fn plaintext_bytes(&self) -> u64 {
        self.frames.iter().map(|frame| u64::from(frame.size_bytes)).sum()
    }

    /// Bytes of [`Self::encode_into`].
    pub(crate) fn encoded_bytes(&self) -> usize {
        let record = self.codec.as_ref().map_or(0, |codec| codec.record.len());
        FIXED_BYTES + record + self.frames.len() * FRAME_BYTES
    }

    /// Whether it holds what the format asks; asked before writing and after reading.
    pub(crate) fn validate(&self) -> Result<(), FormatError> {
        let unfit = |field| Err(FormatError { part: PART, field });
        if self.frames.is_empty() || self.frames.len() > MAX_FRAMES {
            return unfit("a chunk has 1 to 4096 frames");
        }
        if self.plaintext_bytes() > MAX_PLAINTEXT_BYTES as u64 {
            return unfit("a chunk has at most 32 MiB of frames");
        }
        if self.begins_with_keyframe != self.frames[0].keyframe {
            return unfit("its first frame contradicts begins_with_keyframe");
        }
        if self.begins_with_keyframe != self.codec.is_some() {
            return unfit("a codec stands exactly where a chunk begins with a keyframe");
        }
        if self.codec.as_ref().is_some_and(|codec| codec.record.len() > MAX_CODEC_RECORD_BYTES) {
            return unfit("a codec record has at most 8 KiB");
        }
        Ok(())
    }

    /// Appends a header that is valid.
    pub(crate) fn encode_into(&self, out: &mut Vec<u8>) {
        let codec = self.codec.as_ref();
        let record = codec.map_or(&[][..], |codec| &codec.record);
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&feed_bytes(self.feed));
        out.push(u8::from(self.begins_with_keyframe));
        out.extend_from_slice(&codec.map_or(0, |codec| codec.kind.number()).to_le_bytes());
        out.extend_from_slice(&self.connection.to_le_bytes());
        out.extend_from_slice(self.bucket.as_bytes());
        out.extend_from_slice(&self.minute.to_le_bytes());
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(&wall_time_bytes(self.start));
        out.extend_from_slice(&self.uncertainty_us.to_le_bytes());
        out.extend_from_slice(&length_u32(self.frames.len()).to_le_bytes());
        out.extend_from_slice(&self.elapsed_ns.to_le_bytes());
        out.extend_from_slice(&self.duration_us.to_le_bytes());
        out.extend_from_slice(&codec.map_or(0, |codec| codec.width).to_le_bytes());
        out.extend_from_slice(&codec.map_or(0, |codec| codec.height).to_le_bytes());
        out.extend_from_slice(&length_u32(record.len()).to_le_bytes());
        out.extend_from_slice(record);
        for frame in &self.frames {
            out.extend_from_slice(&frame.size_bytes.to_le_bytes());
            out.extend_from_slice(&frame.delta_us.to_le_bytes());
            out.extend_from_slice(&frame.presentation_offset_us.to_le_bytes());
            out.extend_from_slice(&u32::from(frame.keyframe).to_le_bytes());
        }
    }

    /// Reads a header that fills these bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut fields = Fields::new(PART, bytes);
        let number = fields.u64()?;
        let feed = fields.feed()?;
        let begins_with_keyframe = match fields.u8()? {
            0 => false,
            1 => true,
            _ => return Err(fields.unfit("unknown flags")),
        };
        let kind = Codec::from_number(fields.u16()?).ok_or(fields.unfit("unknown codec"))?;
        let connection = fields.u32()?;
        let bucket = fields.id()?;
        let (minute, sequence) = (fields.i64()?, fields.u64()?);
        let start = fields.wall_time()?;
        let (uncertainty_us, frame_count) = (fields.u32()?, fields.u32()?);
        let (elapsed_ns, duration_us) = (fields.u64()?, fields.u64()?);
        let codec = parse_codec(kind, &mut fields)?;
        let frames = parse_frames(frame_count, &mut fields)?;
        fields.end()?;
        let header = Self {
            number,
            feed,
            bucket,
            minute,
            sequence,
            connection,
            begins_with_keyframe,
            start,
            uncertainty_us,
            elapsed_ns,
            duration_us,
            codec,
            frames,
        };
        header.validate()?;
        Ok(header)
    }
}

fn parse_codec(
    kind: Option<Codec>,
    fields: &mut Fields<'_>,
) -> Result<Option<CodecConfig>, FormatError> {
    let (width, height, length) = (fields.u16()?, fields.u16()?, fields.u32()?);
    let Some(kind) = kind else {
        return if (width, height, length) == (0, 0, 0) {
            Ok(None)
        } else {
            Err(fields.unfit("a size or record without a codec"))
        };
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > MAX_CODEC_RECORD_BYTES {
        return Err(fields.unfit("a codec record has at most 8 KiB"));
    }
    let record = fields.bytes(length)?.to_vec();
    Ok(Some(CodecConfig { kind, width, height, record }))
}

fn parse_frames(count: u32, fields: &mut Fields<'_>) -> Result<Vec<FrameEntry>, FormatError> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    // Before anything is reserved for them.
    if count > MAX_FRAMES {
        return Err(fields.unfit("a chunk has 1 to 4096 frames"));
    }
    let mut frames = Vec::with_capacity(count);
    for _ in 0..count {
        frames.push(FrameEntry {
            size_bytes: fields.u32()?,
            delta_us: fields.u32()?,
            presentation_offset_us: fields.i32()?,
            keyframe: match fields.u32()? {
                0 => false,
                1 => true,
                _ => return Err(fields.unfit("unknown flags of a frame")),
            },
        });
    }
    Ok(frames)
}
