//! A clip: an annex B file cut into frames, each packetised once for all cameras that play it.

use std::path::Path;
use std::sync::Mutex;

use super::SimError;
use super::packets::{PacketRun, Packetiser};
use crate::nal::{Codec, NalKind, split_annex_b};
use crate::overlay::{self, Overlay};

/// Longest clip that is read, in bytes.
const MAX_CLIP_BYTES: u64 = 256 << 20;

/// A pre-encoded loop: it begins with a keyframe and holds no frame that is shown out of order.
pub(crate) struct Clip {
    pub(crate) codec: Codec,
    /// VPS, SPS and PPS as they first come.
    pub(crate) parameter_sets: Vec<Vec<u8>>,
    /// Writes captions, if the clip was cut for it.
    pub(crate) overlay: Option<Overlay>,
    pub(crate) frames: Vec<ClipFrame>,
    /// Packets of each frame. A session writes its numbers into them and sends them before the next
    /// one does, so nothing is copied.
    pub(crate) packets: Mutex<Vec<FramePackets>>,
}

/// One frame of a clip.
pub(crate) struct ClipFrame {
    pub(crate) keyframe: bool,
    /// In place of the rows that hold the caption; in each frame of a clip or in none.
    pub(crate) caption: Option<overlay::Frame>,
}

/// What of a frame is the same for all cameras. What a camera adds goes between the two.
pub(crate) struct FramePackets {
    /// Parameter sets.
    pub(crate) lead: PacketRun,
    /// Slices, with the mark of the frame's end.
    pub(crate) picture: PacketRun,
}

/// One frame as its NAL units.
#[derive(Default)]
struct Units<'a> {
    keyframe: bool,
    parameter_sets: Vec<&'a [u8]>,
    slices: Vec<&'a [u8]>,
}

impl Clip {
    /// Reads a clip; the rows that captions are written on are cut out of it if there are to be any.
    pub(crate) fn load(path: &Path, captioned: bool) -> Result<Self, SimError> {
        let read = |source| SimError::ReadClip { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(read)?.len() > MAX_CLIP_BYTES {
            return Err(read(std::io::ErrorKind::FileTooLarge.into()));
        }
        let bytes = std::fs::read(path).map_err(read)?;
        let fault = |fault| SimError::BadClip { path: path.to_owned(), fault };
        Self::parse(&bytes, captioned).map_err(fault)
    }

    fn parse(bytes: &[u8], captioned: bool) -> Result<Self, &'static str> {
        let units = split_annex_b(bytes);
        let codec = codec_of(&units).ok_or("it holds no parameter set of H.264 or H.265")?;
        let mut frames = group(codec, &units)?;
        if !frames.first().is_some_and(|frame| frame.keyframe) {
            return Err("it does not begin with a keyframe");
        }
        let mut parameter_sets: Vec<Vec<u8>> = Vec::new();
        for set in frames.iter().flat_map(|frame| &frame.parameter_sets) {
            if !parameter_sets.iter().any(|known| known == set) {
                parameter_sets.push(set.to_vec());
            }
        }
        let cut = if captioned { cut_captions(codec, &parameter_sets, &mut frames) } else { None };
        let (overlay, captions) = match cut {
            Some((overlay, captions)) => (Some(overlay), captions),
            None => (None, Vec::new()),
        };
        let packets = Mutex::new(frames.iter().map(|units| packetise(codec, units)).collect());
        let captions = captions.into_iter().map(Some).chain(std::iter::repeat(None));
        let frame =
            |(units, caption): (&Units<'_>, _)| ClipFrame { keyframe: units.keyframe, caption };
        let frames = frames.iter().zip(captions).map(frame).collect();
        Ok(Self { codec, parameter_sets, overlay, frames, packets })
    }

    /// Place in the loop of the frame that has come after `counter` others.
    pub(crate) fn place(&self, counter: u64) -> usize {
        let place = counter % self.frames.len() as u64;
        usize::try_from(place).expect("an index below a length fits")
    }

    pub(crate) fn is_keyframe(&self, counter: u64) -> bool {
        self.frames[self.place(counter)].keyframe
    }

    /// The first keyframe at or after `counter`.
    pub(crate) fn keyframe_from(&self, counter: u64) -> u64 {
        // A clip begins with a keyframe, so one comes within its length.
        (counter..).find(|counter| self.is_keyframe(*counter)).expect("a clip has a keyframe")
    }
}

fn group<'a>(codec: Codec, units: &[&'a [u8]]) -> Result<Vec<Units<'a>>, &'static str> {
    let mut frames: Vec<Units<'a>> = Vec::new();
    let mut parameter_sets = Vec::new();
    for unit in units {
        match codec.kind(unit) {
            Some(NalKind::ParameterSet) => parameter_sets.push(*unit),
            Some(NalKind::Slice { first: true, keyframe }) => {
                let parameter_sets = std::mem::take(&mut parameter_sets);
                frames.push(Units { keyframe, parameter_sets, slices: vec![unit] });
            }
            Some(NalKind::Slice { first: false, .. }) => {
                frames.last_mut().ok_or("it begins inside a picture")?.slices.push(unit);
            }
            Some(NalKind::Beside) | None => {}
        }
    }
    Ok(frames)
}

/// Takes the rows of the caption out of every frame, or out of none.
fn cut_captions(
    codec: Codec,
    parameter_sets: &[Vec<u8>],
    frames: &mut [Units<'_>],
) -> Option<(Overlay, Vec<overlay::Frame>)> {
    if codec != Codec::H264 {
        return None;
    }
    let overlay = Overlay::for_clip(parameter_sets)?;
    let mut cut: Vec<_> = frames.iter().map(|frame| frame.slices.clone()).collect();
    let captions = cut.iter_mut().map(|slices| overlay.take_rows(slices)).collect::<Option<_>>()?;
    frames.iter_mut().zip(cut).for_each(|(frame, slices)| frame.slices = slices);
    Some((overlay, captions))
}

fn packetise(codec: Codec, units: &Units<'_>) -> FramePackets {
    let run = |units: &[&[u8]]| {
        let mut run = PacketRun::default();
        Packetiser::new(codec).append(&units.iter().copied().collect(), &mut run);
        run
    };
    let mut packets =
        FramePackets { lead: run(&units.parameter_sets), picture: run(&units.slices) };
    packets.picture.mark_end();
    packets
}

/// A clip tells its codec by the first NAL unit: a delimiter or a parameter set.
fn codec_of(units: &[&[u8]]) -> Option<Codec> {
    units.iter().find_map(|unit| match (unit.first()?, (unit.first()? >> 1) & 0x3f) {
        (0x27 | 0x47 | 0x67, _) => Some(Codec::H264),
        (0x40, 32) => Some(Codec::H265),
        _ => None,
    })
}
