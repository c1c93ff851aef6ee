//! NAL units: where they begin in an annex B file, and the bytes that keep a start code out of them.

/// Which of the two encodings a clip holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    /// H.264, ISO/IEC 14496-10.
    H264,
    /// H.265, ISO/IEC 23008-2.
    H265,
}

/// What a NAL unit is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NalKind {
    /// Part of a picture; whether it is the first part, and whether the picture is a keyframe.
    Slice { first: bool, keyframe: bool },
    /// VPS, SPS or PPS.
    ParameterSet,
    /// What the encoder says beside the picture: delimiters, SEI.
    Beside,
}

impl Codec {
    /// What `nal` is; `None` if it is too short to say.
    pub(crate) fn kind(self, nal: &[u8]) -> Option<NalKind> {
        match self {
            Self::H264 => {
                let (header, body) = nal.split_first()?;
                Some(match header & 0x1f {
                    // The first bit set is `first_mb_in_slice` 0 in Exp-Golomb.
                    kind @ 1..=5 => {
                        NalKind::Slice { first: body.first()? & 0x80 != 0, keyframe: kind == 5 }
                    }
                    7 | 8 => NalKind::ParameterSet,
                    _ => NalKind::Beside,
                })
            }
            Self::H265 => {
                let kind = (nal.first()? >> 1) & 0x3f;
                Some(match kind {
                    0..=31 => NalKind::Slice {
                        first: nal.get(2)? & 0x80 != 0,
                        keyframe: (16..=23).contains(&kind),
                    },
                    32..=34 => NalKind::ParameterSet,
                    _ => NalKind::Beside,
                })
            }
        }
    }
}

/// The NAL units of an annex B byte sequence, without start codes and trailing zeros.
pub(crate) fn split_annex_b(bytes: &[u8]) -> Vec<&[u8]> {
    let mut units = Vec::new();
    let mut start = None;
    let mut at = 0;
    while at + 3 <= bytes.len() {
        if bytes[at..at + 3] == [0, 0, 1] {
            if let Some(from) = start {
                units.push(trim_zeros(&bytes[from..at]));
            }
            at += 3;
            start = Some(at);
        } else {
            at += 1;
        }
    }
    if let Some(from) = start {
        units.push(trim_zeros(&bytes[from..]));
    }
    units.retain(|unit| !unit.is_empty());
    units
}

fn trim_zeros(unit: &[u8]) -> &[u8] {
    let end = unit.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    &unit[..end]
}

/// Appends `payload` to a NAL unit, with emulation prevention bytes; `zeros` is how many zero bytes
/// stand before it, and then after it.
pub(crate) fn escape_into(payload: &[u8], zeros: &mut u32, nal: &mut Vec<u8>) {
    for byte in payload {
        if *zeros >= 2 && *byte <= 3 {
            nal.push(3);
            *zeros = 0;
        }
        nal.push(*byte);
        *zeros = if *byte == 0 { *zeros + 1 } else { 0 };
    }
}

/// The first bytes of `escaped` without emulation prevention bytes: `limit_bytes` or fewer.
pub(crate) fn unescape(escaped: &[u8], limit_bytes: usize) -> Vec<u8> {
    let mut plain = Vec::with_capacity(limit_bytes.min(escaped.len()));
    let mut zeros = 0;
    for byte in escaped {
        if plain.len() == limit_bytes {
            break;
        }
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        plain.push(*byte);
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back_and_holds_no_start_code() {
        let payload = [0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0, 9];
        let mut escaped = Vec::new();
        let mut zeros = 0;
        escape_into(&payload[..4], &mut zeros, &mut escaped);
        escape_into(&payload[4..], &mut zeros, &mut escaped);
        assert!(!escaped.windows(3).any(|three| three[..2] == [0, 0] && three[2] < 3));
        assert_eq!(unescape(&escaped, usize::MAX), payload);
        assert_eq!(unescape(&escaped, 6), payload[..6]);
    }

    #[test]
    fn annex_b_is_split_at_either_start_code() {
        let bytes = [0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 0x80];
        let units: [&[u8]; 3] = [&[0x67, 1], &[0x68, 2], &[0x65, 0x80]];
        assert_eq!(split_annex_b(&bytes), units);
    }
}
