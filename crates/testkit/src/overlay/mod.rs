//! Name, time and frame counter in a picture that was encoded long before.
//!
//! A clip made for it is cut into slices of whole rows of macroblocks (CAVLC, no deblocking). The
//! first slice is two to four rows, black and still, and nothing below is predicted from its two
//! topmost. In its place go slices of our own, one for each row: on a keyframe each letter is a
//! macroblock stored uncompressed (I_PCM) and what is between letters is predicted from the left
//! (Intra 16×16 DC without residual); on other frames only letters that changed are stored and the
//! rest is skipped. So the picture tells the truth at every frame, and nobody encodes.
//!
//! Source: ISO/IEC 14496-10 clauses 7.3.3 to 7.3.5 and 9.2.

mod bits;
mod font;
mod header;

use bits::BitWriter;
use font::{Font, Part};
use header::{Format, SliceHeader};

use crate::nal::escape_into;

/// Rows of macroblocks that letters take.
const ROWS: u32 = 2;
/// Rows of macroblocks that the first slice may have.
const MAX_ROWS: u32 = 4;
/// A picture at least this wide has one line of tall letters, a narrower one two lines of small.
const WIDE_MBS: u32 = 40;

/// `mb_type` of an uncompressed macroblock in an I slice; 5 more in a P slice.
const I_PCM: u32 = 25;
/// `mb_type` of Intra 16×16, predicted DC, without residual, in an I slice.
const I_16X16_DC: u32 = 3;

/// What a picture says above itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caption {
    /// The camera's name; letters that the overlay has not are left blank.
    pub(crate) name: String,
    /// Time and counter.
    pub(crate) state: String,
}

/// Writes captions into the pictures of one clip.
pub(crate) struct Overlay {
    format: Format,
    font: Font,
}

/// What is kept of a frame's first slice when it is taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    header: SliceHeader,
    rows: u32,
}

/// Whether the overlay has a letter for each character of `text`.
pub(crate) fn can_write(text: &str) -> bool {
    text.chars().all(font::has)
}

impl Overlay {
    /// `None` if the clip is not of the kind that this module describes.
    pub(crate) fn for_clip(parameter_sets: &[Vec<u8>]) -> Option<Self> {
        let format = Format::read(parameter_sets)?;
        Some(Self { format, font: Font::new() })
    }

    /// Takes the slice that the overlay replaces from the front of `slices`; `None` if it is not cut
    /// as it must be.
    pub(crate) fn take_rows(&self, slices: &mut Vec<&[u8]>) -> Option<Frame> {
        let header = self.format.slice_header(slices.first()?)?;
        let below = self.format.slice_header(slices.get(1)?)?.first_mb;
        let rows = below / self.format.width_mbs;
        let whole = header.first_mb == 0 && below.is_multiple_of(self.format.width_mbs);
        if !whole || !(ROWS..=MAX_ROWS).contains(&rows) {
            return None;
        }
        slices.remove(0);
        Some(Frame { header, rows })
    }

    /// The NAL units that go before the other slices of `frame`; `before` is the caption of the
    /// frame before it.
    pub(crate) fn write(&self, frame: &Frame, before: &Caption, now: &Caption) -> Vec<Vec<u8>> {
        (0..frame.rows).map(|row| self.write_row(&frame.header, row, before, now)).collect()
    }

    fn write_row(
        &self,
        header: &SliceHeader,
        row: u32,
        before: &Caption,
        now: &Caption,
    ) -> Vec<u8> {
        let mut writer = BitWriter::default();
        header.write(row * self.format.width_mbs, &mut writer);
        let (now, part) = self.line(now, row);
        if header.intra {
            self.intra_row(&now, part, &mut writer);
        } else {
            self.inter_row(&self.line(before, row).0, &now, part, &mut writer);
        }
        let mut nal = vec![header.nal_header];
        escape_into(&writer.finish(), &mut nal);
        nal
    }

    /// The letters of one row of macroblocks, one for each macroblock but the first, which stays
    /// blank.
    fn line(&self, caption: &Caption, row: u32) -> (Vec<char>, Part) {
        let (text, part) = match (self.format.width_mbs >= WIDE_MBS, row) {
            (true, 0) => (format!("{}  {}", caption.name, caption.state), Part::Upper),
            (true, 1) => (format!("{}  {}", caption.name, caption.state), Part::Lower),
            (false, 0) => (caption.name.clone(), Part::Whole),
            (false, 1) => (caption.state.clone(), Part::Whole),
            _ => (String::new(), Part::Whole),
        };
        let letters = std::iter::once(' ').chain(text.chars()).chain(std::iter::repeat(' '));
        (letters.take(self.format.width_mbs as usize).collect(), part)
    }

    fn intra_row(&self, line: &[char], part: Part, writer: &mut BitWriter) {
        let mut left_is_stored = false;
        for (column, letter) in line.iter().enumerate() {
            // The first has nothing at its left to be predicted from.
            let stored = column == 0 || *letter != ' ';
            if stored {
                writer.unsigned(I_PCM);
                writer.aligned_bytes(self.font.block(*letter, part));
            } else {
                writer.unsigned(I_16X16_DC);
                // Chroma predicted DC, the same quantiser.
                writer.unsigned(0);
                writer.unsigned(0);
                // No coefficient: how that is written depends on how many the left neighbour has,
                // and one that is stored counts as having all.
                if left_is_stored { writer.bits(0b00_0011, 6) } else { writer.bit(true) }
            }
            left_is_stored = stored;
        }
    }

    fn inter_row(&self, before: &[char], now: &[char], part: Part, writer: &mut BitWriter) {
        let mut skipped = 0;
        for (was, is) in before.iter().zip(now) {
            if was == is {
                skipped += 1;
            } else {
                writer.unsigned(skipped);
                writer.unsigned(5 + I_PCM);
                writer.aligned_bytes(self.font.block(*is, part));
                skipped = 0;
            }
        }
        if skipped > 0 {
            writer.unsigned(skipped);
        }
    }
}
