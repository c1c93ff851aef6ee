//! The stamp in each frame: which camera, which frame, what time, so that a test can count frames
//! and measure latency without decoding a picture.
//!
//! A stamp is an SEI message `user_data_unregistered` (payload type 5) in a NAL unit of its own,
//! before the slices of its frame. After the UUID [`UUID`] follow, big endian: camera index `u32`,
//! frame counter `u64`, wall time in microseconds since 1970 `i64`, and, if the camera has one, a
//! canary of [`CANARY_BYTES`] bytes.

use crate::nal::{Codec, unescape};
use crate::nal_run::NalRun;
use crate::sei;

/// Marks a message as a stamp. It holds no zero, so nothing is ever escaped inside it.
pub const UUID: [u8; 16] = *b"jikim-stamp-v1.0";

/// Length of a canary.
pub const CANARY_BYTES: usize = 64;

const PLAIN_BYTES: usize = 4 + 8 + 8;

/// What a frame says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Place of the camera in the simulator's list, from 0.
    pub camera: u32,
    /// Frames of this camera before this one, since the simulator started; the same for whoever
    /// looks, and never begun anew when the clip is.
    pub counter: u64,
    /// When the frame was due, in microseconds since 1970.
    pub wall_us: i64,
    /// Bytes to look for where no picture may be. A run of two zeros in it would be escaped on the
    /// wire: a test that looks for the bytes as they are chooses none.
    pub canary: Option<[u8; CANARY_BYTES]>,
}

impl Stamp {
    /// Appends the SEI NAL unit of this stamp.
    pub(crate) fn write(&self, codec: Codec, nals: &mut NalRun) {
        let mut plain = [0; PLAIN_BYTES];
        plain[..4].copy_from_slice(&self.camera.to_be_bytes());
        plain[4..12].copy_from_slice(&self.counter.to_be_bytes());
        plain[12..].copy_from_slice(&self.wall_us.to_be_bytes());
        let canary = self.canary.as_ref().map_or(&[][..], |canary| canary);
        sei::write(codec, &UUID, &[&plain, canary], nals);
    }
}

/// The stamp in an access unit, be it annex B or length-prefixed; `None` if there is none.
#[must_use]
pub fn find(access_unit: &[u8]) -> Option<Stamp> {
    let at = access_unit.windows(UUID.len()).position(|window| window == UUID)?;
    let length = usize::from(*access_unit.get(at.checked_sub(1)?)?);
    let length = length.checked_sub(UUID.len())?;
    let plain = unescape(&access_unit[at + UUID.len()..], length);
    if plain.len() < length {
        return None;
    }
    let (camera, rest) = plain.split_first_chunk::<4>()?;
    let (counter, rest) = rest.split_first_chunk::<8>()?;
    let (wall_us, canary) = rest.split_first_chunk::<8>()?;
    let canary = match canary {
        [] => None,
        bytes => Some(bytes.try_into().ok()?),
    };
    Some(Stamp {
        camera: u32::from_be_bytes(*camera),
        counter: u64::from_be_bytes(*counter),
        wall_us: i64::from_be_bytes(*wall_us),
        canary,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_found_in_either_framing() {
        for codec in [Codec::H264, Codec::H265] {
            for canary in [None, Some([7; CANARY_BYTES]), Some([0; CANARY_BYTES])] {
                let stamp = Stamp { camera: 0, counter: 256, wall_us: 1 << 40, canary };
                let mut nals = NalRun::default();
                stamp.write(codec, &mut nals);
                let nal = nals.bytes;
                let annex_b =
                    [&[0, 0, 0, 1, 9, 0x10, 0, 0, 1][..], &nal, &[0, 0, 1, 0x65]].concat();
                assert_eq!(find(&annex_b), Some(stamp));
                let length = u32::try_from(nal.len()).unwrap().to_be_bytes();
                assert_eq!(find(&[&length[..], &nal].concat()), Some(stamp));
                assert_eq!(find(&nal[..nal.len() - 3]), None);
            }
        }
        assert_eq!(find(&UUID), None);
        assert_eq!(find(b"no picture"), None);
    }
}
