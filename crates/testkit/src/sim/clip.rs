//! A clip: an annex B file cut into frames, each packetised once.

use std::path::Path;

use super::SimError;
use super::rtp::{PacketRun, Packetiser};
use crate::nal::{Codec, NalKind, split_annex_b};

/// Longest clip that is read, in bytes.
const MAX_CLIP_BYTES: u64 = 256 << 20;

/// A pre-encoded loop: it begins with a keyframe and holds no frame that is shown out of order.
pub(crate) struct Clip {
    pub(crate) codec: Codec,
    /// VPS, SPS and PPS as they first come.
    pub(crate) parameter_sets: Vec<Vec<u8>>,
    pub(crate) frames: Vec<ClipFrame>,
}

/// One frame of a clip.
pub(crate) struct ClipFrame {
    pub(crate) keyframe: bool,
    /// Parameter sets, as RTP packets.
    pub(crate) lead: PacketRun,
    /// Slices, as RTP packets.
    pub(crate) picture: PacketRun,
}

impl Clip {
    pub(crate) fn load(path: &Path) -> Result<Self, SimError> {
        let read = |source| SimError::ReadClip { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(read)?.len() > MAX_CLIP_BYTES {
            return Err(read(std::io::ErrorKind::FileTooLarge.into()));
        }
        let bytes = std::fs::read(path).map_err(read)?;
        let fault = |fault| SimError::BadClip { path: path.to_owned(), fault };
        Self::parse(&bytes).map_err(fault)
    }

    fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let units = split_annex_b(bytes);
        let codec = codec_of(&units).ok_or("it holds no parameter set of H.264 or H.265")?;
        let mut clip = Self { codec, parameter_sets: Vec::new(), frames: Vec::new() };
        let packetiser = Packetiser::new(codec);
        let mut lead = PacketRun::default();
        for unit in units {
            match codec.kind(unit) {
                Some(NalKind::ParameterSet) => {
                    if !clip.parameter_sets.iter().any(|known| known == unit) {
                        clip.parameter_sets.push(unit.to_vec());
                    }
                    packetiser.append(unit, &mut lead);
                }
                Some(NalKind::Slice { first, keyframe }) => {
                    if first {
                        let lead = std::mem::take(&mut lead);
                        let picture = PacketRun::default();
                        clip.frames.push(ClipFrame { keyframe, lead, picture });
                    }
                    let frame = clip.frames.last_mut().ok_or("it begins inside a picture")?;
                    packetiser.append(unit, &mut frame.picture);
                }
                Some(NalKind::Beside) | None => {}
            }
        }
        if !clip.frames.first().is_some_and(|frame| frame.keyframe) {
            return Err("it does not begin with a keyframe");
        }
        Ok(clip)
    }

    /// The frame of the loop that has come after `counter` others.
    pub(crate) fn frame(&self, counter: u64) -> &ClipFrame {
        let index = counter % self.frames.len() as u64;
        &self.frames[usize::try_from(index).expect("an index below a length fits")]
    }
}

/// A clip tells its codec by the first NAL unit: a delimiter or a parameter set.
fn codec_of(units: &[&[u8]]) -> Option<Codec> {
    units.iter().find_map(|unit| match (unit.first()?, (unit.first()? >> 1) & 0x3f) {
        (0x27 | 0x47 | 0x67, _) => Some(Codec::H264),
        (0x40, 32) => Some(Codec::H265),
        _ => None,
    })
}
