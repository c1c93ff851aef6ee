//! Frames to fragmented MP4, in the form that Media Source Extensions take.
//!
//! Pure: bytes in, bytes out. One *init segment* says what the pictures are; each *fragment* carries
//! one or more frames and the time of the first. The track counts in microseconds, so a fragment's
//! base time is the frame's time exactly, and a gap in the footage stays a hole in the browser's
//! buffer. Nothing here stretches a picture over time that was not recorded: begin a new fragment
//! after a gap.
//!
//! Boxes are those of ISO/IEC 14496-12, the sample entries those of ISO/IEC 14496-15.

mod boxes;
mod codec;
mod fragment;
mod init;

use bytes::Bytes;

pub use codec::{ConfigError, codec_string, mime};
pub use fragment::{FragmentError, MAX_FRAGMENT_BYTES, MAX_FRAGMENT_FRAMES, fragment};
pub use init::init_segment;

/// Ticks of the track's clock in a second: one tick is one microsecond.
pub const TIMESCALE_HZ: u32 = 1_000_000;

/// How pictures are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// ITU-T H.264, as `avc1`.
    H264,
    /// ITU-T H.265, as `hvc1`.
    H265,
}

/// What a decoder has to know before the first frame.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VideoConfig {
    /// How pictures are coded.
    pub codec: Codec,
    /// Width of the shown picture in pixels.
    pub width: u16,
    /// Height of the shown picture in pixels.
    pub height: u16,
    /// The body of the `avcC` or `hvcC` box (ISO/IEC 14496-15), without the box's own header.
    pub record: Vec<u8>,
}

/// One coded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFrame {
    /// NAL units, each behind its length in four bytes, big end first; no parameter sets.
    pub bytes: Bytes,
    /// When it is decoded: microseconds from the base that the caller chose, not negative.
    pub decode_us: i64,
    /// How much later (or earlier) than `decode_us` it is shown.
    pub presentation_offset_us: i32,
    /// How long it stands. Counts for the last frame of a fragment only; each other frame stands
    /// until the next is decoded.
    pub duration_us: u32,
    /// Whether decoding can begin here.
    pub keyframe: bool,
}
