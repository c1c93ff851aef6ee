//! The forms in which a key of 32 bytes may lie on a disk.

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The bytes themselves, at any offset. Also the beginning of an AES key schedule as FIPS 197
    /// writes it.
    Raw,
    /// 64 hexadecimal digits side by side, of either case.
    Hex,
    /// Base64 (RFC 4648, either alphabet) without line breaks: of the key alone, or of anything that
    /// holds it.
    Base64,
    /// The bytes from the last to the first. Costs as much again as all else together.
    Reversed,
    /// Eight words of an AES-256 key schedule, from any of its rounds, in either order of bytes.
    AesSchedule,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 5] =
        [Self::Raw, Self::Hex, Self::Base64, Self::Reversed, Self::AesSchedule];

    /// Its word.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Reversed => "reversed",
            Self::AesSchedule => "aes-schedule",
        }
    }
}

impl std::str::FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|form| form.text() == text);
        known.ok_or_else(|| "a form is raw, hex, base64, reversed or aes-schedule".to_owned())
    }
}

/// The value of a hexadecimal digit, or 255.
pub(super) const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut at = 0;
    while at < 10 {
        table[b'0' as usize + at as usize] = at;
        at += 1;
    }
    at = 0;
    while at < 6 {
        table[b'a' as usize + at as usize] = 10 + at;
        table[b'A' as usize + at as usize] = 10 + at;
        at += 1;
    }
    table
};

/// The value of a character of base64, of either alphabet, or 255.
pub(super) const BASE64: [u8; 256] = {
    let mut table = [255; 256];
    let mut at = 0;
    while at < 26 {
        table[b'A' as usize + at as usize] = at;
        table[b'a' as usize + at as usize] = 26 + at;
        at += 1;
    }
    at = 0;
    while at < 10 {
        table[b'0' as usize + at as usize] = 52 + at;
        at += 1;
    }
    table[b'+' as usize] = 62;
    table[b'-' as usize] = 62;
    table[b'/' as usize] = 63;
    table[b'_' as usize] = 63;
    table
};

/// The first 32 bytes that 64 hexadecimal digits say.
pub(super) fn from_hex(digits: &[u8]) -> [u8; 32] {
    std::array::from_fn(|at| {
        HEX[usize::from(digits[2 * at])] << 4 | HEX[usize::from(digits[2 * at + 1])]
    })
}

/// The bytes that characters of base64 say: 6 bits each, as many whole bytes as there are.
pub(super) fn from_base64(characters: &[u8], bytes: &mut [u8]) {
    for (at, byte) in bytes.iter_mut().enumerate() {
        let bit = at * 8;
        let value =
            |at: usize| characters.get(at).map_or(0, |&c| u16::from(BASE64[usize::from(c)]));
        let pair = value(bit / 6) << 6 | value(bit / 6 + 1);
        // 12 bits from a multiple of 6: 8 of them, from bit 0, 2 or 4 on.
        *byte = (pair >> (4 - bit % 6) & 0xff).to_le_bytes()[0];
    }
}

/// The S-box of AES (FIPS 197, section 5.1.1), computed: inverses in GF(2^8), then the affine map.
pub(super) const SBOX: [u8; 256] = {
    let mut table = [0; 256];
    let (mut p, mut q) = (1_u8, 1_u8);
    loop {
        // p goes through all powers of 3, q through their inverses.
        p = p ^ (p << 1) ^ (if p & 0x80 != 0 { 0x1b } else { 0 });
        q ^= q << 1;
        q ^= q << 2;
        q ^= q << 4;
        if q & 0x80 != 0 {
            q ^= 0x09;
        }
        let x = q ^ q.rotate_left(1) ^ q.rotate_left(2) ^ q.rotate_left(3) ^ q.rotate_left(4);
        table[p as usize] = x ^ 0x63;
        if p == 1 {
            break;
        }
    }
    table[0] = 0x63;
    table
};

/// Bytes of a schedule that are needed to know it for one: eight words and the one after them.
pub(super) const SCHEDULE_BYTES: usize = 36;

/// The key whose schedule has these bytes: eight words that begin a period of it, and the one after.
/// `swapped`: each word with its bytes turned round, as most programs on small-endian machines hold
/// it. Nothing if it is no schedule; for other bytes that happens once in half a billion.
#[inline]
pub(super) fn schedule_key(bytes: &[u8], swapped: bool) -> Option<[u8; 32]> {
    let turn = if swapped { 3 } else { 0 };
    let at = |word: usize, byte: usize| bytes[4 * word + (byte ^ turn)];
    let differs =
        |byte: usize| at(8, byte) ^ at(0, byte) ^ SBOX[usize::from(at(7, (byte + 1) % 4))];
    if differs(1) != 0 || differs(2) != 0 || differs(3) != 0 {
        return None;
    }
    let constant = differs(0);
    if !constant.is_power_of_two() || constant > 0x40 {
        return None;
    }
    let mut words: [[u8; 4]; 8] =
        std::array::from_fn(|word| std::array::from_fn(|byte| at(word, byte)));
    // The constant says which period it is: back to the first.
    let mut constant = constant >> 1;
    while constant > 0 {
        step_back(&mut words, constant);
        constant >>= 1;
    }
    Some(std::array::from_fn(|at| words[at / 4][at % 4]))
}

/// From the words 8r to 8r + 7 of a schedule to the eight before them.
fn step_back(words: &mut [[u8; 4]; 8], constant: u8) {
    let sub = |word: [u8; 4]| word.map(|byte| SBOX[usize::from(byte)]);
    let xor = |a: [u8; 4], b: [u8; 4]| std::array::from_fn(|at| a[at] ^ b[at]);
    for word in (1..8).rev() {
        let before = if word == 4 { sub(words[3]) } else { words[word - 1] };
        words[word] = xor(words[word], before);
    }
    let [a, b, c, d] = words[7];
    let mut turned = sub([b, c, d, a]);
    turned[0] ^= constant;
    words[0] = xor(words[0], turned);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_standards() {
        assert_eq!((SBOX[0x00], SBOX[0x53], SBOX[0xff]), (0x63, 0xed, 0x16));
        let digits = "00ff10Ab".repeat(8);
        assert_eq!(from_hex(digits.as_bytes())[..4], [0x00, 0xff, 0x10, 0xab]);
        let mut bytes = [0; 32];
        from_base64(b"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA", &mut bytes);
        assert_eq!(bytes, std::array::from_fn(|at| u8::try_from(at + 1).unwrap()));
    }

    /// FIPS 197, appendix A.3: the key and some words of its schedule.
    #[test]
    fn a_schedule_leads_back_to_its_key_from_each_period() {
        let key =
            crate::from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
                .unwrap();
        let mut words: Vec<[u8; 4]> = key.as_chunks::<4>().0.to_vec();
        let sub = |word: [u8; 4]| word.map(|byte| SBOX[usize::from(byte)]);
        for at in 8..60 {
            let mut last = words[at - 1];
            if at % 8 == 0 {
                last = sub([last[1], last[2], last[3], last[0]]);
                last[0] ^= 1 << (at / 8 - 1);
            } else if at % 8 == 4 {
                last = sub(last);
            }
            let before = words[at - 8];
            words.push(std::array::from_fn(|byte| before[byte] ^ last[byte]));
        }
        assert_eq!(words[8], [0x9b, 0xa3, 0x54, 0x11]);
        assert_eq!(words[59], [0x70, 0x6c, 0x63, 0x1e]);
        let plain: Vec<u8> = words.concat();
        let swapped: Vec<u8> = words.iter().flat_map(|w| [w[3], w[2], w[1], w[0]]).collect();
        for period in 0..7 {
            let part = 32 * period..32 * period + SCHEDULE_BYTES;
            assert_eq!(schedule_key(&plain[part.clone()], false), Some(key), "{period}");
            assert_eq!(schedule_key(&swapped[part.clone()], true), Some(key), "{period}");
            assert_eq!(schedule_key(&plain[part], true), None);
        }
    }
}
