//! How the HWPX looks: letters, paragraphs, cells, in the fonts that come with Hancom Office.

use hwpforge::blueprint::registry::StyleRegistry;
use hwpforge::core::{NumberingDef, ParaHead, Paragraph, ParagraphMeasure, Run};
use hwpforge::foundation::{
    Alignment, CharShapeIndex, Color, FontId, FontIndex, HeadingType, HwpUnit, NumberFormatType,
    ParaShapeIndex,
};
use hwpforge::hwpx::style_store::HwpxBorderFill;
use hwpforge::hwpx::{HwpxCharShape, HwpxFontRef, HwpxParaShape, HwpxStyleStore};

use crate::hwpx::MakeHwpxError;

/// For headings and tables, and for the text; both come with Hancom Office.
const FONTS: [&str; 2] = ["함초롬돋움", "함초롬바탕"];

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Title,
    /// 1 to 3.
    Heading(u8),
    Body,
    Item,
    Note,
    /// The paragraph that holds a table.
    Table,
    Caption,
    Cell,
    Label,
    Footer,
}

/// Everything that paragraphs and cells refer to.
pub(crate) struct Styles {
    pub(crate) store: HwpxStyleStore,
    /// The border of a cell.
    pub(crate) plain: u32,
    /// The border and the ground of a cell that names others.
    pub(crate) shaded: u32,
    looks: Vec<(Look, ParaShapeIndex, CharShapeIndex)>,
}

/// How one kind of paragraph looks; lengths in points.
struct Shape {
    look: Look,
    font: usize,
    size: f64,
    is_bold: bool,
    alignment: Alignment,
    /// How far the lines after the first stand in.
    hang: f64,
    before: f64,
    after: f64,
    line_percent: i32,
}

const fn shape(look: Look, font: usize, size: f64) -> Shape {
    Shape {
        look,
        font,
        size,
        is_bold: false,
        alignment: Alignment::Left,
        hang: 0.0,
        before: 0.0,
        after: 0.0,
        line_percent: 160,
    }
}

fn shapes() -> Vec<Shape> {
    let heading = |level, size, before| Shape {
        is_bold: true,
        before,
        after: 5.0,
        ..shape(Look::Heading(level), 0, size)
    };
    let title = Shape {
        is_bold: true,
        alignment: Alignment::Center,
        after: 18.0,
        line_percent: 140,
        ..shape(Look::Title, 0, 18.0)
    };
    let tight = |look| Shape { line_percent: 130, ..shape(look, 0, 9.0) };
    vec![
        title,
        heading(1, 13.0, 14.0),
        heading(2, 11.5, 10.0),
        heading(3, 10.5, 8.0),
        Shape { after: 4.0, ..shape(Look::Body, 1, 10.5) },
        Shape { hang: 13.0, after: 3.0, ..shape(Look::Item, 1, 10.5) },
        Shape { hang: 12.0, after: 3.0, ..shape(Look::Note, 1, 9.0) },
        Shape { after: 6.0, ..shape(Look::Table, 1, 9.0) },
        tight(Look::Caption),
        tight(Look::Cell),
        Shape { is_bold: true, ..tight(Look::Label) },
        Shape { alignment: Alignment::Center, ..tight(Look::Footer) },
    ]
}

impl Styles {
    pub(crate) fn new() -> Result<Self, MakeHwpxError> {
        let fonts = FONTS.iter().map(|name| FontId::new(*name)).collect::<Result<Vec<_>, _>>()?;
        let mut store = HwpxStyleStore::from_registry(&StyleRegistry::with_fonts(fonts))?;
        // The first numbering is that of the outline. Our headings bring their numbers as text.
        store.push_numbering(unnumbered());
        let plain = store.push_border_fill(HwpxBorderFill::default_table_border());
        let mut ground = HwpxBorderFill::default_table_border();
        ground.set_win_brush_fill("#EEF1F5", "#FF000000", "0", None);
        let shaded = store.push_border_fill(ground);
        let mut looks = Vec::new();
        for shape in shapes() {
            let letters = store.push_char_shape(letters(&shape)?);
            let paragraph = store.push_para_shape(paragraph(&shape)?);
            looks.push((shape.look, paragraph, letters));
        }
        Ok(Self { store, plain, shaded, looks })
    }

    /// How a paragraph of the kind looks, and its letters.
    pub(crate) fn of(&self, look: Look) -> (ParaShapeIndex, CharShapeIndex) {
        let found = self.looks.iter().find(|(one, ..)| *one == look);
        let (_, paragraph, letters) = found.expect("every look has its shape");
        (*paragraph, *letters)
    }

    pub(crate) fn paragraph(&self, text: &str, look: Look) -> Paragraph {
        let (paragraph, letters) = self.of(look);
        let mut made = Paragraph::with_runs(vec![Run::text(text, letters)], paragraph);
        if let Look::Heading(level) = look {
            let style = self.store.style_set().style_id_for_name(&format!("개요 {level}"));
            made.style_ref = style.and_then(|position| self.store.style_ref_at(position));
        }
        made
    }
}

fn letters(shape: &Shape) -> Result<HwpxCharShape, MakeHwpxError> {
    let font = FontIndex::new(shape.font);
    let mut made = HwpxCharShape::default();
    let mut fonts = HwpxFontRef::default();
    fonts.hangul = font;
    fonts.latin = font;
    fonts.hanja = font;
    fonts.japanese = font;
    fonts.other = font;
    fonts.symbol = font;
    fonts.user = font;
    made.font_ref = fonts;
    made.height = HwpUnit::from_pt(shape.size)?;
    made.bold = shape.is_bold;
    if matches!(shape.look, Look::Note | Look::Caption | Look::Footer) {
        made.text_color = Color::from_hex_rgb("#595959")?;
    }
    Ok(made)
}

fn paragraph(shape: &Shape) -> Result<HwpxParaShape, MakeHwpxError> {
    let points = |length| HwpUnit::from_pt(length).map(ParagraphMeasure::from_hwp_unit);
    let mut made = HwpxParaShape::default();
    made.alignment = shape.alignment;
    made.margin_left = points(shape.hang)?;
    made.indent = points(-shape.hang)?;
    made.spacing_before = points(shape.before)?;
    made.spacing_after = points(shape.after)?;
    made.line_spacing = shape.line_percent;
    made.widow_orphan = true;
    if let Look::Heading(level) = shape.look {
        made.heading_type = HeadingType::Outline;
        made.heading_level = u32::from(level) - 1;
        made.keep_with_next = true;
    }
    Ok(made)
}

/// An outline that counts and shows no number.
fn unnumbered() -> NumberingDef {
    let level = |level| ParaHead {
        start: 1,
        level,
        num_format: NumberFormatType::Digit,
        text: String::new(),
        checkable: false,
    };
    NumberingDef { id: 1, start: 0, levels: (1..=10).map(level).collect() }
}
