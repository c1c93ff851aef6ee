//! Parameter sets to the record that a decoder needs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use retina::codec::h26x::Framing;
use retina::codec::{Depacketizer, ParametersRef, VideoParameters, VideoParametersCodec, h264};

use super::{Codec, VideoConfig};

/// The latest parameter set of each kind. As in retina, one of each: a camera with several at once
/// is not known.
pub(super) struct ParameterSets {
    codec: Codec,
    vps: Option<Bytes>,
    sps: Option<Bytes>,
    pps: Option<Bytes>,
}

/// Parameter sets from which no picture's size can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameter sets cannot be understood")]
pub(super) struct BadParameters;

/// Real ones are below a hundred bytes.
const MAX_PARAMETER_SET_BYTES: usize = 4096;

impl ParameterSets {
    pub(super) const fn new(codec: Codec) -> Self {
        Self { codec, vps: None, sps: None, pps: None }
    }

    /// Takes what the camera's description told.
    pub(super) fn take_described(&mut self, described: &VideoParametersCodec) {
        match described {
            VideoParametersCodec::H264 { sps, pps } => {
                (self.sps, self.pps) = (Some(sps.clone()), Some(pps.clone()));
            }
            VideoParametersCodec::H265 { vps, sps, pps } => {
                self.vps = Some(vps.clone());
                (self.sps, self.pps) = (Some(sps.clone()), Some(pps.clone()));
            }
            _ => {}
        }
    }

    /// Takes a parameter set from between the pictures; whether anything changed.
    pub(super) fn take(&mut self, nal: Bytes) -> Result<bool, BadParameters> {
        if nal.len() > MAX_PARAMETER_SET_BYTES {
            return Err(BadParameters);
        }
        let first = *nal.first().ok_or(BadParameters)?;
        let slot = match (self.codec, first & 0b1_1111, first >> 1 & 0b11_1111) {
            (Codec::H264, 7, _) | (Codec::H265, _, 33) => &mut self.sps,
            (Codec::H264, 8, _) | (Codec::H265, _, 34) => &mut self.pps,
            (Codec::H265, _, 32) => &mut self.vps,
            _ => return Err(BadParameters),
        };
        let changed = slot.as_ref() != Some(&nal);
        *slot = Some(nal);
        Ok(changed)
    }

    /// What they say, once all are there.
    pub(super) fn config(&self) -> Result<Option<VideoConfig>, BadParameters> {
        match (self.codec, &self.vps, &self.sps, &self.pps) {
            (Codec::H264, _, Some(sps), Some(pps)) => {
                let read = h264::parameters_from_sps_and_pps(sps, pps, Framing::FourByteLength);
                config(Codec::H264, &read.map_err(|_| BadParameters)?).map(Some)
            }
            (Codec::H265, Some(vps), Some(sps), Some(pps)) => h265_config(vps, sps, pps).map(Some),
            _ => Ok(None),
        }
    }
}

/// Retina reads H.265 parameter sets only in the form that a description has.
fn h265_config(vps: &[u8], sps: &[u8], pps: &[u8]) -> Result<VideoConfig, BadParameters> {
    let [vps, sps, pps] = [vps, sps, pps].map(|nal| STANDARD.encode(nal));
    let described = format!("sprop-vps={vps};sprop-sps={sps};sprop-pps={pps}");
    let reader = Depacketizer::new("video", "h265", 90_000, None, Some(&described))
        .map_err(|_| BadParameters)?;
    match reader.parameters() {
        Some(ParametersRef::Video(read)) => config(Codec::H265, read),
        _ => Err(BadParameters),
    }
}

fn config(codec: Codec, read: &VideoParameters) -> Result<VideoConfig, BadParameters> {
    let (width, height) = read.pixel_dimensions();
    let pixels = |count: u32| u16::try_from(count).ok().filter(|count| *count > 0);
    Ok(VideoConfig {
        codec,
        width: pixels(width).ok_or(BadParameters)?,
        height: pixels(height).ok_or(BadParameters)?,
        record: Bytes::copy_from_slice(read.extra_data()),
    })
}
