//! A visible mark in every picture: under which number it left.

/// Squares of a letter, five across and seven down, a bit for each from the left.
const LETTERS: &[(u8, [u8; 7])] = &[
    (b'0', [14, 17, 19, 21, 25, 17, 14]),
    (b'1', [4, 12, 4, 4, 4, 4, 14]),
    (b'2', [14, 17, 1, 2, 4, 8, 31]),
    (b'3', [31, 2, 4, 2, 1, 17, 14]),
    (b'4', [2, 6, 10, 18, 31, 2, 2]),
    (b'5', [31, 16, 30, 1, 1, 17, 14]),
    (b'6', [6, 8, 16, 30, 17, 17, 14]),
    (b'7', [31, 1, 2, 4, 8, 8, 8]),
    (b'8', [14, 17, 17, 14, 17, 17, 14]),
    (b'9', [14, 17, 17, 15, 1, 2, 12]),
    (b'-', [0, 0, 0, 31, 0, 0, 0]),
    (b' ', [0, 0, 0, 0, 0, 0, 0]),
    (b'D', [28, 18, 17, 17, 17, 18, 28]),
    (b'I', [14, 4, 4, 4, 4, 4, 14]),
    (b'J', [7, 2, 2, 2, 2, 18, 12]),
    (b'K', [17, 18, 20, 24, 20, 18, 17]),
    (b'M', [17, 27, 21, 21, 17, 17, 17]),
    (b'R', [30, 17, 17, 30, 20, 18, 17]),
];
/// Letters of the longest mark.
const LONGEST: usize = 24;
/// How bright the letters and what is behind them are.
const LIGHT: u8 = 235;
const DARK: u8 = 16;

/// A mark: digits, dashes, blanks and the letters of `JIKIM`, `R` and `D`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark(Vec<[u8; 7]>);

impl Mark {
    /// None of a text that has other letters, none at all, or too many.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let shape = |letter: u8| LETTERS.iter().find(|(of, _)| *of == letter).map(|(_, it)| *it);
        let letters = text.bytes().map(shape).collect::<Option<Vec<_>>>()?;
        (1..=LONGEST).contains(&letters.len()).then_some(Self(letters))
    }

    /// Writes it, light on dark, into the lower left corner of a picture of three planes; a picture that is too
    /// narrow holds the beginning of it.
    pub(crate) fn paint(&self, picture: &mut [u8], width: usize, height: usize) {
        // Even, so that the planes of colour, which have half the size, are hit whole.
        let dot = (height / 240).max(1) * 2;
        let (wide, high) = ((self.0.len() * 6 + 2) * dot, 9 * dot);
        let (wide, high) = (wide.min(width & !1), high.min(height & !1));
        let top = (height & !1) - high;
        let (bright, colours) = picture.split_at_mut(width * height);
        for y in 0..high {
            for x in 0..wide {
                let lit = self.is_lit(x / dot, y / dot);
                bright[(top + y) * width + x] = if lit { LIGHT } else { DARK };
            }
        }
        let half = width / 2;
        let (blue, red) = colours.split_at_mut(half * (height / 2));
        for line in top / 2..(top + high) / 2 {
            blue[line * half..][..wide / 2].fill(128);
            red[line * half..][..wide / 2].fill(128);
        }
    }

    fn is_lit(&self, column: usize, row: usize) -> bool {
        let Some((column, row)) = column.checked_sub(1).zip(row.checked_sub(1)) else {
            return false;
        };
        let letter = self.0.get(column / 6);
        letter.is_some_and(|it| {
            column % 6 < 5 && it.get(row).is_some_and(|line| line >> (4 - column % 6) & 1 == 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_written_is_a_mark() {
        assert!(Mark::of("JIKIM R 2026-17").is_some());
        for text in ["", "r 1", "2026/17", "\u{ff11}", &"1".repeat(25)] {
            assert_eq!(Mark::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_can_be_read_back_and_stays_in_its_corner() {
        let (width, height) = (320, 240);
        let mut picture = vec![77; width * height * 3 / 2];
        Mark::of("1-").unwrap().paint(&mut picture, width, height);
        let at = |x: usize, y: usize| picture[(240 - 18 + y) * width + x];
        let row =
            |row: usize| (0..12).map(|column| at(column * 2 + 2, row * 2 + 2)).collect::<Vec<_>>();
        let shown = |letters: &str| {
            letters.bytes().map(|it| if it == b'#' { LIGHT } else { DARK }).collect::<Vec<_>>()
        };
        assert_eq!(row(0), shown("..#........."));
        assert_eq!(row(3), shown("..#...#####."));
        assert_eq!(row(6), shown(".###........"));
        assert_eq!(picture[(240 - 19) * width], 77, "above it nothing is changed");
        assert_eq!(at(28, 0), 77, "nor beside it");
        let tiny = &mut [50; 16 * 16 * 3 / 2];
        Mark::of("2026-17").unwrap().paint(tiny, 16, 16);
    }
}
