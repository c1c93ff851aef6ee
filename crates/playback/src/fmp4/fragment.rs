//! A fragment: one or more frames, and the time of the first.

use super::MediaFrame;
use super::boxes::BoxWriter;
use super::init::TRACK_ID;

/// The most bytes of pictures in one fragment: a browser's whole buffer is of that order.
pub const MAX_FRAGMENT_BYTES: usize = 128 << 20;

/// The most frames in one fragment: a minute at 60 a second.
pub const MAX_FRAGMENT_FRAMES: usize = 3600;

/// Why frames cannot make a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    /// No frames.
    #[error("a fragment needs at least one frame; give it one")]
    Empty,
    /// A frame before the base of time, which the format cannot say.
    #[error("a frame lies {before_us} µs before the base of time; choose an earlier base")]
    BeforeBase {
        /// How far before.
        before_us: u64,
    },
    /// Two frames whose times do not rise, or lie more than an hour apart.
    #[error(
        "frame {index} is decoded at {decode_us} µs, which does not follow the one before; begin a new fragment there"
    )]
    OutOfOrder {
        /// Which frame of those given.
        index: usize,
        /// Its time of decoding.
        decode_us: i64,
    },
    /// More than [`MAX_FRAGMENT_BYTES`] or [`MAX_FRAGMENT_FRAMES`].
    #[error("{frames} frames of {bytes} bytes are too many for one fragment; give it fewer")]
    TooLarge {
        /// How many frames.
        frames: usize,
        /// How many bytes.
        bytes: usize,
    },
}

/// `moof` and `mdat` of these frames, in their order, which is the order of decoding.
///
/// `sequence` counts the fragments of one player from 1; players use it to notice a loss, not to
/// order. A frame within stands until the next one is decoded, so begin a new fragment after a gap.
///
/// # Errors
/// If there are no frames or too many, or if their times cannot be said.
pub fn fragment(sequence: u32, frames: &[MediaFrame]) -> Result<Vec<u8>, FragmentError> {
    let base_us = base_time(frames)?;
    let durations_us = durations(frames)?;
    let media_bytes = limited_size(frames)?;
    let mut out = BoxWriter::with_capacity(128 + 16 * frames.len() + media_bytes);
    let mut data_offset_at = 0;
    out.container(*b"moof", |moof| {
        moof.full(*b"mfhd", 0, 0, |mfhd| mfhd.u32(sequence));
        moof.container(*b"traf", |traf| {
            const DEFAULT_BASE_IS_MOOF: u32 = 0x02_0000;
            traf.full(*b"tfhd", 0, DEFAULT_BASE_IS_MOOF, |tfhd| tfhd.u32(TRACK_ID));
            traf.full(*b"tfdt", 1, 0, |tfdt| tfdt.u64(base_us));
            data_offset_at = run(traf, frames, &durations_us);
        });
    });
    // Where the media begins, counted from the start of `moof`: behind the header of `mdat`.
    let media_at = u32::try_from(out.position() + 8).expect("a limited count of frames");
    out.overwrite_u32(data_offset_at, media_at);
    out.container(*b"mdat", |mdat| {
        for frame in frames {
            mdat.bytes(&frame.bytes);
        }
    });
    Ok(out.into_bytes())
}

/// Writes `trun`; the answer is where its data offset is to be filled in.
fn run(traf: &mut BoxWriter, frames: &[MediaFrame], durations_us: &[u32]) -> usize {
    // Data offset; and of each sample: duration, size, flags, composition offset.
    const FIELDS: u32 = 0x00_0001 | 0x00_0100 | 0x00_0200 | 0x00_0400 | 0x00_0800;
    // Version 1: composition offsets are signed.
    let mut data_offset_at = 0;
    traf.full(*b"trun", 1, FIELDS, |trun| {
        trun.u32(u32::try_from(frames.len()).expect("a limited count of frames"));
        data_offset_at = trun.position();
        trun.u32(0);
        for (frame, duration_us) in frames.iter().zip(durations_us) {
            trun.u32(*duration_us);
            trun.u32(u32::try_from(frame.bytes.len()).expect("limited size"));
            trun.u32(sample_flags(frame.keyframe));
            trun.bytes(&frame.presentation_offset_us.to_be_bytes());
        }
    });
    data_offset_at
}

const fn sample_flags(keyframe: bool) -> u32 {
    const DEPENDS_ON_NONE: u32 = 2 << 24;
    const DEPENDS_ON_OTHERS: u32 = 1 << 24;
    const NOT_SYNC: u32 = 1 << 16;
    if keyframe { DEPENDS_ON_NONE } else { DEPENDS_ON_OTHERS | NOT_SYNC }
}

fn base_time(frames: &[MediaFrame]) -> Result<u64, FragmentError> {
    let first = frames.first().ok_or(FragmentError::Empty)?;
    u64::try_from(first.decode_us)
        .map_err(|_| FragmentError::BeforeBase { before_us: first.decode_us.unsigned_abs() })
}

/// How long each frame stands: players add these up, so only differences keep each time exact.
fn durations(frames: &[MediaFrame]) -> Result<Vec<u32>, FragmentError> {
    const LONGEST_US: i64 = 3_600_000_000;
    let mut durations_us = Vec::with_capacity(frames.len());
    for (index, pair) in frames.windows(2).enumerate() {
        let decode_us = pair[1].decode_us;
        let between_us = decode_us.checked_sub(pair[0].decode_us);
        match between_us {
            Some(between_us @ 1..=LONGEST_US) => {
                durations_us.push(u32::try_from(between_us).expect("at most an hour"));
            }
            _ => return Err(FragmentError::OutOfOrder { index: index + 1, decode_us }),
        }
    }
    durations_us.extend(frames.last().map(|last| last.duration_us));
    Ok(durations_us)
}

fn limited_size(frames: &[MediaFrame]) -> Result<usize, FragmentError> {
    let bytes = frames.iter().map(|frame| frame.bytes.len()).sum();
    if bytes > MAX_FRAGMENT_BYTES || frames.len() > MAX_FRAGMENT_FRAMES {
        return Err(FragmentError::TooLarge { frames: frames.len(), bytes });
    }
    Ok(bytes)
}
