//! A gap: no footage of a feed, from when to when, and why.

use domain::{Feed, GapCause, ReelId, WallTime};

use crate::fields::{Fields, FormatError, feed_bytes, wall_time_bytes};
use crate::record::{self, RecordHead, RecordKind};

/// A stretch of time of which a feed has no footage. Plain, checksummed, in the same number space
/// as the chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapRecord {
    /// Unique in the reel and rising.
    pub number: u64,
    /// Whose footage is missing.
    pub feed: Feed,
    /// The first moment that is missing.
    pub from: WallTime,
    /// The first moment that is there again; before `from` only if the clock was set back meanwhile.
    pub to: WallTime,
    /// Why.
    pub cause: GapCause,
    /// Frames known to be lost; 0 where nobody can know.
    pub frames_lost: u64,
}

/// Appends the whole record of a gap; gives the head for the [`crate::FooterBuilder`].
pub fn append_gap(reel: ReelId, gap: &GapRecord, out: &mut Vec<u8>) -> RecordHead {
    let start = out.len();
    record::begin(out, RecordKind::Gap, reel);
    gap.encode_into(out);
    record::finish(&mut out[start..], 0)
}

impl GapRecord {
    fn encode_into(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&feed_bytes(self.feed));
        out.push(0);
        out.extend_from_slice(&cause_number(self.cause).to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&wall_time_bytes(self.from));
        out.extend_from_slice(&wall_time_bytes(self.to));
        out.extend_from_slice(&self.frames_lost.to_le_bytes());
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut fields = Fields::new("gap", bytes);
        let number = fields.u64()?;
        let feed = fields.feed()?;
        fields.zeros(1)?;
        let cause = cause_from_number(fields.u16()?).ok_or(fields.unfit("unknown cause"))?;
        fields.zeros(4)?;
        let (from, to) = (fields.wall_time()?, fields.wall_time()?);
        let frames_lost = fields.u64()?;
        fields.end()?;
        Ok(Self { number, feed, from, to, cause, frames_lost })
    }
}

/// The number of a cause in the format. Written out: the order of the words may change, the
/// meaning of a written reel may not.
pub(crate) const fn cause_number(cause: GapCause) -> u16 {
    match cause {
        GapCause::CameraUnreachable => 1,
        GapCause::CameraSilent => 2,
        GapCause::CameraRefused => 3,
        GapCause::CameraGarbage => 4,
        GapCause::PacketsLost => 5,
        GapCause::RecorderStopped => 6,
        GapCause::Overload => 7,
        GapCause::Storage => 8,
        GapCause::NotScheduled => 9,
    }
}

/// The cause that a number stands for.
pub(crate) fn cause_from_number(number: u16) -> Option<GapCause> {
    GapCause::ALL.into_iter().find(|&cause| cause_number(cause) == number)
}
