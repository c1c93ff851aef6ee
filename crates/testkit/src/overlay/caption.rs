//! The words above a picture, as places in the font, so that writing them for each frame is cheap.

use super::font::{self, Glyph};

/// Letters of a caption in all.
const LINE: usize = 96;
/// Letters that a name may take of it.
const MAX_NAME: usize = 48;
/// Blanks between name and state.
const GAP: usize = 2;
const OFFSET_HOURS: u64 = 9;

/// A camera's name, ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct Title(Vec<Glyph>);

impl Title {
    /// `name`, or `otherwise` where a letter is missing. What is too long is cut.
    pub(crate) fn new(name: &str, otherwise: &str) -> Self {
        let shown = if name.chars().all(font::has) { name } else { otherwise };
        Self(shown.chars().take(MAX_NAME).map(font::glyph).collect())
    }
}

/// What a picture says above itself: name, time in Korea, and the frame's counter.
#[derive(Debug, Clone)]
pub(crate) struct Caption {
    glyphs: [Glyph; LINE],
    name_length: usize,
    length: usize,
}

impl Caption {
    pub(crate) fn new(title: &Title, wall_us: i64, counter: u64) -> Self {
        let mut caption =
            Self { glyphs: [font::BLANK; LINE], name_length: title.0.len(), length: title.0.len() };
        caption.glyphs[..title.0.len()].copy_from_slice(&title.0);
        caption.length += GAP;
        let second = u64::try_from(wall_us).unwrap_or(0) / 1_000_000 + OFFSET_HOURS * 3600;
        let of_day = [second / 3600 % 24, second / 60 % 60, second % 60];
        for (place, value) in of_day.into_iter().enumerate() {
            if place > 0 {
                caption.push(font::COLON);
            }
            caption.digits(value, 2);
        }
        caption.push(font::PLUS);
        caption.digits(OFFSET_HOURS, 2);
        caption.push(font::BLANK);
        caption.digits(counter, 7);
        caption
    }

    /// All of it, in one line.
    pub(super) fn line(&self) -> &[Glyph] {
        &self.glyphs[..self.length]
    }

    pub(super) fn name(&self) -> &[Glyph] {
        &self.glyphs[..self.name_length]
    }

    /// Time and counter.
    pub(super) fn state(&self) -> &[Glyph] {
        &self.glyphs[self.name_length + GAP..self.length]
    }

    fn push(&mut self, glyph: Glyph) {
        self.glyphs[self.length] = glyph;
        self.length += 1;
    }

    /// At least `width` digits.
    fn digits(&mut self, value: u64, width: usize) {
        let mut digits = [0; 20];
        let (mut rest, mut count) = (value, 0);
        while rest > 0 || count < width {
            digits[count] = font::digit(rest);
            rest /= 10;
            count += 1;
        }
        digits[..count].iter().rev().for_each(|digit| self.push(*digit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.chars().map(font::glyph).collect()
    }

    #[test]
    fn it_says_name_time_in_korea_and_counter() {
        let caption = Caption::new(&Title::new("CAM 1", "cam1"), 1_700_000_000_000_000, 42);
        assert_eq!(caption.line(), glyphs("CAM 1  07:13:20+09 0000042"));
        assert_eq!(caption.name(), glyphs("CAM 1"));
        assert_eq!(caption.state(), glyphs("07:13:20+09 0000042"));
    }

    #[test]
    fn the_longest_fits_and_a_name_without_letters_is_shown_as_its_path() {
        let name = "X".repeat(200);
        let caption = Caption::new(&Title::new(&name, "cam1"), i64::MAX, u64::MAX);
        assert!(caption.length <= LINE);
        assert_eq!(Caption::new(&Title::new("정문", "cam1"), 0, 0).name(), glyphs("CAM1"));
    }
}
