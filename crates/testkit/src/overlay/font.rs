//! The letters of the overlay: five dots by seven, drawn large.

/// Bytes of a macroblock as it is stored uncompressed: 16×16 luma, 8×8 of each chroma.
pub(super) const MB_BYTES: usize = 256 + 64 + 64;

const PAPER: u8 = 16;
const INK: u8 = 235;
const GREY: u8 = 128;

/// Which part of a letter a macroblock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it, in one macroblock.
    Whole,
    /// The upper half of a letter two macroblocks high.
    Upper,
    /// Its lower half.
    Lower,
}

/// Rows from above, five bits each.
const LETTERS: [(char, [u8; 7]); 44] = [
    (' ', [0, 0, 0, 0, 0, 0, 0]),
    ('0', [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110]),
    ('1', [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    ('2', [0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111]),
    ('3', [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110]),
    ('4', [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010]),
    ('5', [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110]),
    ('6', [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110]),
    ('7', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000]),
    ('8', [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110]),
    ('9', [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100]),
    ('A', [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    ('B', [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110]),
    ('C', [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110]),
    ('D', [0b11100, 0b10010, 0b10001, 0b10001, 0b10001, 0b10010, 0b11100]),
    ('E', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111]),
    ('F', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000]),
    ('G', [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01111]),
    ('H', [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    ('I', [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    ('J', [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100]),
    ('K', [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001]),
    ('L', [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111]),
    ('M', [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001]),
    ('N', [0b10001, 0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001]),
    ('O', [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110]),
    ('P', [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000]),
    ('Q', [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101]),
    ('R', [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001]),
    ('S', [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110]),
    ('T', [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100]),
    ('U', [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110]),
    ('V', [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100]),
    ('W', [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b10101, 0b01010]),
    ('X', [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001]),
    ('Y', [0b10001, 0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100]),
    ('Z', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111]),
    (':', [0b00000, 0b01100, 0b01100, 0b00000, 0b01100, 0b01100, 0b00000]),
    ('+', [0b00000, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0b00000]),
    ('-', [0b00000, 0b00000, 0b00000, 0b11111, 0b00000, 0b00000, 0b00000]),
    ('_', [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b11111]),
    ('.', [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100]),
    ('#', [0b01010, 0b01010, 0b11111, 0b01010, 0b11111, 0b01010, 0b01010]),
    ('/', [0b00000, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b00000]),
];

/// Whether there is a letter for `c`, small letters being shown as capitals.
pub(super) fn has(c: char) -> bool {
    LETTERS.iter().any(|(known, _)| *known == c.to_ascii_uppercase())
}

/// Place of a letter among those we have; 0 is the blank.
pub(super) type Glyph = u8;

pub(super) const BLANK: Glyph = 0;
pub(super) const COLON: Glyph = 37;
pub(super) const PLUS: Glyph = 38;

/// The glyph of `c`; the blank one if there is no such letter.
pub(super) fn glyph(c: char) -> Glyph {
    let c = c.to_ascii_uppercase();
    let place = LETTERS.iter().position(|(known, _)| *known == c).unwrap_or(0);
    u8::try_from(place).expect("there are fewer than 256 letters")
}

/// The glyph of a digit: its lowest one in decimal.
pub(super) fn digit(value: u64) -> Glyph {
    // In LETTERS they follow the blank, in order.
    1 + (value % 10) as Glyph
}

/// Each letter's macroblocks, made once. None of their bytes is 3 or less.
pub(super) struct Font(Vec<[u8; MB_BYTES]>);

impl Font {
    pub(super) fn new() -> Self {
        let parts = [Part::Whole, Part::Upper, Part::Lower];
        let blocks = LETTERS.iter().flat_map(|(_, rows)| parts.map(|part| draw(rows, part)));
        Self(blocks.collect())
    }

    /// The macroblock that shows this part of a letter.
    pub(super) fn block(&self, glyph: Glyph, part: Part) -> &[u8; MB_BYTES] {
        &self.0[usize::from(glyph) * 3 + part as usize]
    }
}

fn draw(rows: &[u8; 7], part: Part) -> [u8; MB_BYTES] {
    // Dots are two pixels wide and two or three high, in a cell 16 wide and 16 or 32 high.
    let (dot_height, top, from_y) = match part {
        Part::Whole => (2, 1, 0),
        Part::Upper => (3, 6, 0),
        Part::Lower => (3, 6, 16),
    };
    let mut block = [GREY; MB_BYTES];
    for (index, pixel) in block[..256].iter_mut().enumerate() {
        let (x, y) = (index % 16, index / 16 + from_y);
        let column = x.checked_sub(3).map(|x| x / 2).filter(|column| *column < 5);
        let row = y.checked_sub(top).and_then(|y| rows.get(y / dot_height));
        let inked = column.zip(row).is_some_and(|(column, row)| row >> (4 - column) & 1 == 1);
        *pixel = if inked { INK } else { PAPER };
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_ends_in_paper_on_its_right() {
        // What lies right of a letter is predicted from its last column.
        let font = Font::new();
        for (c, _) in LETTERS {
            for part in [Part::Whole, Part::Upper, Part::Lower] {
                let block = font.block(glyph(c), part);
                assert!((0..16).all(|row| block[row * 16 + 15] == PAPER));
                assert!(block.iter().all(|byte| *byte > 3));
            }
        }
        assert!(font.block(digit(8), Part::Whole).contains(&INK));
        assert!(has('a') && !has('정'));
        assert_eq!((COLON, PLUS), (glyph(':'), glyph('+')));
        assert!((0..10).all(|value| digit(value) == glyph((b'0' + value as u8) as char)));
    }
}
