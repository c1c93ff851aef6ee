//! Bits of H.264: fixed lengths and Exp-Golomb (ISO/IEC 14496-10 clause 9.1).

/// Reads bits of a payload without emulation prevention bytes; `None` past its end.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Bits read so far.
    pub(super) at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    pub(super) fn bits(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |value: u32, _| Some(value << 1 | u32::from(self.bit()?)))
    }

    /// `ue(v)`.
    pub(super) fn unsigned(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.bits(zeros)?)
    }

    /// `se(v)`, of which only the length matters to us.
    pub(super) fn skip_signed(&mut self) -> Option<()> {
        self.unsigned().map(|_| ())
    }
}

/// Writes the payload of a NAL unit, with the bytes that keep a start code out of it, straight to
/// where it is sent from.
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    /// Bits that do not make a byte yet.
    rest: u64,
    /// How many they are: fewer than eight.
    rest_bits: u32,
    /// Zero bytes just before it.
    zeros: u8,
}

impl<'a> BitWriter<'a> {
    /// Appends to `out`, which ends in the header of the unit.
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, rest: 0, rest_bits: 0, zeros: 0 }
    }

    pub(super) fn bit(&mut self, bit: bool) {
        self.bits(u64::from(bit), 1);
    }

    /// The `count` lowest bits of `value`, of which the others are zero; 56 at most.
    pub(super) fn bits(&mut self, value: u64, count: u32) {
        self.rest = self.rest << count | value;
        self.rest_bits += count;
        while self.rest_bits >= 8 {
            self.rest_bits -= 8;
            self.push((self.rest >> self.rest_bits) as u8);
            self.rest &= (1 << self.rest_bits) - 1;
        }
    }

    /// `ue(v)`.
    pub(super) fn unsigned(&mut self, value: u32) {
        let length = 32 - (value + 1).leading_zeros();
        self.bits(u64::from(value) + 1, 2 * length - 1);
    }

    /// Zeros up to the next whole byte, then `bytes`, none of which is 3 or less: nothing in them
    /// needs to be escaped.
    pub(super) fn aligned_bytes(&mut self, bytes: &[u8]) {
        self.align();
        self.out.extend_from_slice(bytes);
        self.zeros = 0;
    }

    /// `rbsp_trailing_bits()`.
    pub(super) fn finish(mut self) {
        self.bit(true);
        self.align();
    }

    fn align(&mut self) {
        if self.rest_bits > 0 {
            self.bits(0, 8 - self.rest_bits);
        }
    }

    fn push(&mut self, byte: u8) {
        if self.zeros >= 2 && byte <= 3 {
            self.out.push(3);
            self.zeros = 0;
        }
        self.out.push(byte);
        self.zeros = if byte == 0 { self.zeros + 1 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nal::unescape;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        let mut writer = BitWriter::new(&mut bytes);
        for value in [0, 1, 2, 25, 30, 3599] {
            writer.unsigned(value);
        }
        writer.aligned_bytes(&[7]);
        writer.bits(0, 40);
        writer.bits(5, 3);
        writer.finish();
        assert!(!bytes.windows(3).any(|three| three[..2] == [0, 0] && three[2] < 3));
        let bytes = unescape(&bytes, usize::MAX);
        let mut reader = BitReader::new(&bytes);
        for value in [0, 1, 2, 25, 30, 3599] {
            assert_eq!(reader.unsigned(), Some(value));
        }
        reader.at = reader.at.next_multiple_of(8);
        assert_eq!(reader.bits(8), Some(7));
        assert_eq!((reader.bits(32), reader.bits(8)), (Some(0), Some(0)));
        assert_eq!(reader.bits(4), Some(0b1011));
        assert_eq!(BitReader::new(&[0, 0, 0, 0, 0]).unsigned(), None);
    }
}
