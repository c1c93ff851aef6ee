//! HWPX (KS X 6101), which agencies edit: real headings, real tables, the same facts.
//!
//! Numbers and bullets of lists are written as text: a list's number is then what the document says
//! and not what a word processor counts.

use hwpforge::core::caption::DEFAULT_CAPTION_GAP;
use hwpforge::core::control::InlinePageKind;
use hwpforge::core::{
    Caption, CaptionSide, Control, Document as Hwp, HeaderFooter, ImageStore, Metadata,
    PageSettings, Paragraph, Run, Section, Table, TableCell, TableRow,
};
use hwpforge::foundation::{FoundationError, HwpUnit};
use hwpforge::hwpx::{EncodeOptions, HwpxEncoder, HwpxError};
use papers::{Block, Cell, Paper, Row, Sentence};

use crate::columns::columns;
use crate::hwpx_styles::{Look, Styles};

/// Between the margins of A4, in HWP units (1/7200 inch).
const TEXT_WIDTH: i32 = 48_188;
/// The same where the page lies.
const LANDSCAPE_WIDTH: i32 = 72_848;
/// Width of a Hangul letter of a table's size.
const LETTER: f64 = 900.7;
/// What a cell's edges take of it.
const TABLE_MARGIN: f64 = 1.2;
/// A line to be filled in by hand.
const WRITING_ROOM: i32 = 2_550;
/// A bullet, and what a remark begins with.
const BULLET: &str = "•";
const REMARK: &str = "※";

/// Why no HWPX was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MakeHwpxError {
    /// The document is none that HWPX can hold.
    #[error("the document does not fit into HWPX: {0}")]
    Shape(#[from] hwpforge::core::CoreError),
    /// It cannot be written.
    #[error("the HWPX cannot be written: {0}")]
    Encode(#[from] HwpxError),
    /// A length is out of range.
    #[error("a length of the HWPX: {0}")]
    Length(#[from] FoundationError),
    /// Something would be missing in it.
    #[error("the HWPX would not say all of the document: {0}")]
    Loss(String),
}

/// The paper as HWPX.
pub(crate) fn hwpx(paper: &Paper) -> Result<Vec<u8>, MakeHwpxError> {
    let styles = Styles::new()?;
    let width = if paper.is_landscape { LANDSCAPE_WIDTH } else { TEXT_WIDTH };
    let mut writer = Writer { styles: &styles, paragraphs: Vec::new(), is_new_page: false, width };
    writer.line(&paper.title, Look::Title);
    for block in &paper.blocks {
        writer.block(block)?;
    }
    let page = PageSettings { landscape: paper.is_landscape, ..PageSettings::a4() };
    let mut section = Section::with_paragraphs(writer.paragraphs, page);
    section.footers = vec![HeaderFooter::all_pages(vec![footer(&styles, &paper.footer)])];
    let metadata = Metadata::new()
        .with_title(&paper.title)
        .with_author(&paper.author)
        .with_last_saved_by(&paper.author);
    let metadata = match paper.date.as_str() {
        "" => metadata,
        date => metadata
            .with_created(format!("{date}T00:00:00Z"))
            .with_modified(format!("{date}T00:00:00Z")),
    };
    let mut document = Hwp::with_metadata(metadata);
    document.add_section(section);
    let document = document.validate()?;
    let made = HwpxEncoder::encode_with_diagnostics(
        &document,
        &styles.store,
        &ImageStore::new(),
        EncodeOptions::default(),
    )?;
    match made.warnings.first() {
        Some(warning) => Err(MakeHwpxError::Loss(format!("{warning:?}"))),
        None => Ok(made.bytes),
    }
}

/// What stands at the foot of each page, and the page's number.
fn footer(styles: &Styles, text: &str) -> Paragraph {
    let (paragraph, letters) = styles.of(Look::Footer);
    let number = |kind| Run::control(Control::InlinePageNumber { kind }, letters);
    Paragraph::with_runs(
        vec![
            Run::text(format!("{text}  ·  "), letters),
            number(InlinePageKind::CurrentPage),
            Run::text(" / ", letters),
            number(InlinePageKind::TotalPages),
        ],
        paragraph,
    )
}

struct Writer<'s> {
    styles: &'s Styles,
    paragraphs: Vec<Paragraph>,
    is_new_page: bool,
    /// Of the text, in HWP units.
    width: i32,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) -> Result<(), MakeHwpxError> {
        match block {
            Block::Heading { level, text } => self.line(text, Look::Heading((*level).clamp(1, 3))),
            Block::Paragraph { sentences } => self.line(&joined(sentences), Look::Body),
            Block::List { is_numbered, items } => {
                for (index, item) in items.iter().enumerate() {
                    let mark =
                        if *is_numbered { format!("{}.", index + 1) } else { BULLET.to_owned() };
                    self.line(&format!("{mark} {}", item.text), Look::Item);
                }
            }
            Block::Table { caption, head, rows } => self.table(caption, head, rows)?,
            Block::Note { sentence } => {
                self.line(&format!("{REMARK} {}", sentence.text), Look::Note);
            }
            Block::PageBreak => self.is_new_page = true,
        }
        Ok(())
    }

    fn line(&mut self, text: &str, look: Look) {
        let mut made = self.styles.paragraph(text, look);
        made.page_break = std::mem::take(&mut self.is_new_page);
        self.paragraphs.push(made);
    }

    fn table(&mut self, caption: &str, head: &[String], rows: &[Row]) -> Result<(), MakeHwpxError> {
        let found = columns(head, rows, f64::from(self.width) / LETTER, TABLE_MARGIN);
        if found.shares.is_empty() {
            return Ok(());
        }
        let widths = widths(&found.shares, self.width);
        let is_form = head.is_empty();
        let mut made = Vec::with_capacity(rows.len() + 1);
        if !is_form {
            let cells =
                head.iter().map(|name| Cell { text: name.clone(), columns: 1, is_label: true });
            let cells: Vec<Cell> = cells.collect();
            made.push(self.row(&cells, &widths, false)?.with_header(true));
        }
        for row in rows {
            let is_blank = row.cells.iter().all(|cell| cell.is_label || cell.text.is_empty());
            made.push(self.row(&row.cells, &widths, is_form || is_blank)?);
        }
        let mut says =
            Caption::new(vec![self.styles.paragraph(caption, Look::Caption)], CaptionSide::Top);
        says.gap = HwpUnit::new(DEFAULT_CAPTION_GAP)?;
        let table = Table::new(made)
            .with_width(HwpUnit::new(self.width)?)
            .with_border_fill_id(self.styles.plain)
            .with_caption(says);
        let (paragraph, letters) = self.styles.of(Look::Table);
        let mut holder = Paragraph::with_runs(vec![Run::table(table, letters)], paragraph);
        holder.page_break = std::mem::take(&mut self.is_new_page);
        self.paragraphs.push(holder);
        Ok(())
    }

    fn row(
        &self,
        cells: &[Cell],
        widths: &[i32],
        is_tall: bool,
    ) -> Result<TableRow, MakeHwpxError> {
        let mut made = Vec::with_capacity(cells.len());
        let mut at = 0;
        for cell in cells {
            let over = usize::from(cell.columns.max(1));
            let width: i32 = widths.iter().skip(at).take(over).sum();
            at += over;
            let look = if cell.is_label { Look::Label } else { Look::Cell };
            let text = self.styles.paragraph(&cell.text, look);
            let fill = if cell.is_label { self.styles.shaded } else { self.styles.plain };
            let span = u16::from(cell.columns.max(1));
            let mut one = TableCell::with_span(vec![text], HwpUnit::new(width)?, span, 1)
                .with_border_fill_id(fill);
            if is_tall {
                one = one.with_height(HwpUnit::new(WRITING_ROOM)?);
            }
            made.push(one);
        }
        Ok(TableRow::new(made))
    }
}

/// Whole units, together as wide as the text.
fn widths(shares: &[f64], width: i32) -> Vec<i32> {
    let mut edge = 0.0;
    let mut before = 0;
    let edges = shares.iter().map(|share| {
        edge += share * f64::from(width);
        #[allow(clippy::cast_possible_truncation, reason = "a page is narrower than 2^31 units")]
        let here = edge.round() as i32;
        let width = here - before;
        before = here;
        width
    });
    edges.collect()
}

fn joined(sentences: &[Sentence]) -> String {
    sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ")
}
