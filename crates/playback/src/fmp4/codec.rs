//! The name of a codec as browsers ask for it (RFC 6381).

use std::fmt::Write as _;

use super::{Codec, VideoConfig};

/// The longest `avcC` or `hvcC` that is taken; real ones are below a kilobyte.
const MAX_RECORD_BYTES: usize = 65_536;

/// Why a [`VideoConfig`] cannot describe pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The record ends before its fixed part does.
    #[error(
        "the decoder record is {length_bytes} bytes, too short to be one; record the camera anew"
    )]
    TooShort {
        /// How long it is.
        length_bytes: usize,
    },
    /// The record is longer than any that a camera has reason to send.
    #[error(
        "the decoder record is {length_bytes} bytes, more than {MAX_RECORD_BYTES}; record the camera anew"
    )]
    TooLong {
        /// How long it is.
        length_bytes: usize,
    },
    /// The record is of a version that did not exist when this was written.
    #[error(
        "the decoder record has version {version}, only version 1 is known; record the camera anew"
    )]
    Version {
        /// Its version.
        version: u8,
    },
    /// The record speaks of NAL lengths that are not four bytes wide.
    #[error(
        "the decoder record announces NAL lengths of {length_bytes} bytes, frames have 4; record the camera anew"
    )]
    NalLength {
        /// The width that it announces.
        length_bytes: u8,
    },
    /// A picture without an extent.
    #[error("a picture of {width} × {height} pixels cannot be shown; record the camera anew")]
    NoPicture {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
    },
}

/// The codec's name: `avc1.PPCCLL` from the three bytes of profile, compatibility and level in
/// `avcC`, or `hvc1.…` as ISO/IEC 14496-15 Annex E makes it from `hvcC`.
///
/// # Errors
/// If the record cannot be one.
pub fn codec_string(config: &VideoConfig) -> Result<String, ConfigError> {
    check(config)?;
    Ok(match config.codec {
        Codec::H264 => {
            let [profile, compatibility, level] =
                [config.record[1], config.record[2], config.record[3]];
            format!("avc1.{profile:02X}{compatibility:02X}{level:02X}")
        }
        Codec::H265 => hevc_string(&config.record),
    })
}

/// The media type that `MediaSource.isTypeSupported` and `addSourceBuffer` take.
///
/// # Errors
/// If the record cannot be one.
pub fn mime(config: &VideoConfig) -> Result<String, ConfigError> {
    codec_string(config).map(|codec| format!("video/mp4; codecs=\"{codec}\""))
}

/// Refuses a record that would make a player misread every frame after it.
pub(super) fn check(config: &VideoConfig) -> Result<(), ConfigError> {
    let length_bytes = config.record.len();
    // The fixed parts: up to the first parameter set's count, and lengthSizeMinusOne in them.
    let (fixed_bytes, nal_length_at) = match config.codec {
        Codec::H264 => (6, 4),
        Codec::H265 => (23, 21),
    };
    if length_bytes < fixed_bytes {
        return Err(ConfigError::TooShort { length_bytes });
    }
    if length_bytes > MAX_RECORD_BYTES {
        return Err(ConfigError::TooLong { length_bytes });
    }
    if config.record[0] != 1 {
        return Err(ConfigError::Version { version: config.record[0] });
    }
    let nal_length_bytes = (config.record[nal_length_at] & 0b11) + 1;
    if nal_length_bytes != 4 {
        return Err(ConfigError::NalLength { length_bytes: nal_length_bytes });
    }
    if config.width == 0 || config.height == 0 {
        return Err(ConfigError::NoPicture { width: config.width, height: config.height });
    }
    Ok(())
}

/// Annex E.3 of ISO/IEC 14496-15: profile space and number, compatibility bits in reverse, tier and
/// level, and the constraint bytes up to the last that is not zero.
fn hevc_string(record: &[u8]) -> String {
    let space = ["", "A", "B", "C"][usize::from(record[1] >> 6)];
    let tier = if record[1] & 0b10_0000 == 0 { 'L' } else { 'H' };
    let profile = record[1] & 0b1_1111;
    let compatibility =
        u32::from_be_bytes([record[2], record[3], record[4], record[5]]).reverse_bits();
    let level = record[12];
    let mut name = format!("hvc1.{space}{profile}.{compatibility:X}.{tier}{level}");
    let constraints = &record[6..12];
    let kept = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    for byte in &constraints[..kept] {
        write!(name, ".{byte:X}").expect("writing to a string never fails");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hevc(head: [u8; 13]) -> VideoConfig {
        let mut record = head.to_vec();
        record.extend_from_slice(&[0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0]);
        VideoConfig { codec: Codec::H265, width: 64, height: 48, record }
    }

    fn avc(record: &[u8]) -> VideoConfig {
        VideoConfig { codec: Codec::H264, width: 64, height: 48, record: record.to_vec() }
    }

    #[test]
    fn avc_is_named_by_its_three_bytes() {
        let config = avc(&[1, 0x64, 0x00, 0x1F, 0xFF, 0xE1]);
        assert_eq!(codec_string(&config).unwrap(), "avc1.64001F");
        assert_eq!(mime(&config).unwrap(), "video/mp4; codecs=\"avc1.64001F\"");
    }

    #[test]
    fn hevc_is_named_as_annex_e_says() {
        // Main profile, level 3.1, progressive and frame-only: the example that Annex E gives.
        let main = hevc([1, 0x01, 0x60, 0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 93]);
        assert_eq!(codec_string(&main).unwrap(), "hvc1.1.6.L93.B0");
        // Its other example: profile space A, profile 4, high tier, level 4.
        let ranged = hevc([1, 0x64, 0x08, 0, 0, 0, 0xB0, 0, 0x23, 0, 0, 0, 120]);
        assert_eq!(codec_string(&ranged).unwrap(), "hvc1.A4.10.H120.B0.0.23");
        let bare = hevc([1, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30]);
        assert_eq!(codec_string(&bare).unwrap(), "hvc1.1.0.L30");
    }

    #[test]
    fn a_record_that_is_none_is_refused() {
        assert_eq!(
            codec_string(&avc(&[1, 0x64, 0])),
            Err(ConfigError::TooShort { length_bytes: 3 })
        );
        assert_eq!(
            codec_string(&avc(&[2, 0x64, 0, 0x1F, 0xFF, 0xE1])),
            Err(ConfigError::Version { version: 2 })
        );
        assert_eq!(
            codec_string(&avc(&[1, 0x64, 0, 0x1F, 0xFD, 0xE1])),
            Err(ConfigError::NalLength { length_bytes: 2 })
        );
        assert_eq!(
            codec_string(&avc(&vec![1; MAX_RECORD_BYTES + 1])),
            Err(ConfigError::TooLong { length_bytes: MAX_RECORD_BYTES + 1 })
        );
        let flat = VideoConfig { height: 0, ..avc(&[1, 0x64, 0, 0x1F, 0xFF, 0xE1]) };
        assert_eq!(codec_string(&flat), Err(ConfigError::NoPicture { width: 64, height: 0 }));
    }
}
