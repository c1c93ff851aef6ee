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
mod caption;
mod font;
mod header;

use bits::BitWriter;
pub(crate) use caption::{Caption, Title};
use font::{Font, Glyph, Part};
use header::{Format, SliceHeader};

use crate::nal_run::NalRun;

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

/// Writes captions into the pictures of one clip.
pub(crate) struct Overlay {
    format: Format,
    font: Font,
}

/// What is kept of a frame's first slice when it is taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    header: SliceHeader,
    /// Rows of macroblocks that it had.
    pub(crate) rows: u32,
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

    /// Appends the NAL units that go before the other slices of `frame`; `before` is the caption of
    /// the frame before it.
    pub(crate) fn write(&self, frame: &Frame, before: &Caption, now: &Caption, nals: &mut NalRun) {
        let wide = self.format.width_mbs >= WIDE_MBS;
        for row in 0..frame.rows {
            nals.bytes.push(frame.header.nal_header);
            let mut writer = BitWriter::new(&mut nals.bytes);
            frame.header.write(row * self.format.width_mbs, &mut writer);
            let (part, was, is) = match (wide, row) {
                (true, 0) => (Part::Upper, before.line(), now.line()),
                (true, 1) => (Part::Lower, before.line(), now.line()),
                (false, 0) => (Part::Whole, before.name(), now.name()),
                (false, 1) => (Part::Whole, before.state(), now.state()),
                _ => (Part::Whole, &[][..], &[][..]),
            };
            if frame.header.intra {
                self.intra_row(is, part, &mut writer);
            } else {
                self.inter_row(was, is, part, &mut writer);
            }
            writer.finish();
            nals.end_unit();
        }
    }

    /// Appends an inter slice that leaves all from row `from` as it was.
    pub(crate) fn write_still(&self, frame: &Frame, from: u32, nals: &mut NalRun) {
        let first_mb = from * self.format.width_mbs;
        nals.bytes.push(frame.header.nal_header);
        let mut writer = BitWriter::new(&mut nals.bytes);
        frame.header.write(first_mb, &mut writer);
        writer.unsigned(self.format.width_mbs * self.format.height_mbs - first_mb);
        writer.finish();
        nals.end_unit();
    }

    /// Appends an intra slice of the whole picture: black.
    pub(crate) fn write_black(&self, frame: &Frame, nals: &mut NalRun) {
        nals.bytes.push(frame.header.nal_header);
        let mut writer = BitWriter::new(&mut nals.bytes);
        frame.header.write(0, &mut writer);
        writer.unsigned(I_PCM);
        writer.aligned_bytes(self.font.block(font::BLANK, Part::Whole));
        for mb in 1..self.format.width_mbs * self.format.height_mbs {
            // Right of the first and below it stands one that counts as having all coefficients.
            self.predicted_mb(mb == 1 || mb == self.format.width_mbs, &mut writer);
        }
        writer.finish();
        nals.end_unit();
    }

    /// The letters of a row, one for each macroblock but the first, which stays blank.
    fn columns<'a>(&self, line: &'a [Glyph]) -> impl Iterator<Item = Glyph> + use<'a> {
        let letters = std::iter::once(font::BLANK).chain(line.iter().copied());
        letters.chain(std::iter::repeat(font::BLANK)).take(self.format.width_mbs as usize)
    }

    fn intra_row(&self, line: &[Glyph], part: Part, writer: &mut BitWriter<'_>) {
        let mut left_is_stored = false;
        for (column, glyph) in self.columns(line).enumerate() {
            // The first has nothing at its left to be predicted from.
            let stored = column == 0 || glyph != font::BLANK;
            if stored {
                writer.unsigned(I_PCM);
                writer.aligned_bytes(self.font.block(glyph, part));
            } else {
                self.predicted_mb(left_is_stored, writer);
            }
            left_is_stored = stored;
        }
    }

    /// A macroblock as its neighbours are. How it is said to have no coefficient depends on how many
    /// they have, and one that is stored counts as having all.
    fn predicted_mb(&self, neighbour_is_stored: bool, writer: &mut BitWriter<'_>) {
        writer.unsigned(I_16X16_DC);
        // Chroma predicted DC, the same quantiser.
        writer.unsigned(0);
        writer.unsigned(0);
        if neighbour_is_stored { writer.bits(0b00_0011, 6) } else { writer.bit(true) }
    }

    fn inter_row(&self, was: &[Glyph], is: &[Glyph], part: Part, writer: &mut BitWriter<'_>) {
        // The first macroblock stays blank.
        let columns = self.format.width_mbs - 1;
        let mut skipped = 1;
        let mut seen = 0;
        let glyph = |line: &[Glyph], column| line.get(column).copied().unwrap_or(font::BLANK);
        for column in (0..was.len().max(is.len())).take(columns as usize) {
            let now = glyph(is, column);
            if glyph(was, column) == now {
                skipped += 1;
            } else {
                writer.unsigned(skipped);
                writer.unsigned(5 + I_PCM);
                writer.aligned_bytes(self.font.block(now, part));
                skipped = 0;
            }
            seen += 1;
        }
        skipped += columns - seen;
        if skipped > 0 {
            writer.unsigned(skipped);
        }
    }
}
