//! XLSX (ECMA-376): one sheet for each table, and a last one with what else the paper says.
//!
//! Every cell is written as a string, whatever it looks like: a name that begins with `=` is a name.

use papers::{Block, Cell, Paper, Row};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::columns::width;

/// Letters of the longest name of a sheet.
const LONGEST_NAME: usize = 31;
/// Widths of columns, in digits: the narrowest and the widest.
const WIDTHS: (f64, f64) = (6.0, 42.0);
/// Digits beside a Hangul letter's place.
const DIGITS: f64 = 2.05;
/// The sheet of what is in no table.
const BESIDES: &str = "설명";
/// The ground of a cell that names others.
const SHADE: u32 = 0x00EE_F1F5;

/// Why no XLSX was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MakeXlsxError {
    /// The workbook is refused by whoever writes it.
    #[error("the document does not become an XLSX: {0}")]
    Workbook(#[from] XlsxError),
    /// A table is larger than a sheet.
    #[error("the table {0:?} has more rows or columns than a sheet of XLSX")]
    TooLarge(String),
}

/// The paper as a workbook.
pub(crate) fn xlsx(paper: &Paper) -> Result<Vec<u8>, MakeXlsxError> {
    let mut book = Workbook::new();
    let mut properties = DocProperties::new().set_title(&paper.title).set_author(&paper.author);
    // Made twice, it is the same file: not the machine's clock dates it but the paper.
    let date = if paper.date.is_empty() { "1980-01-01" } else { &paper.date };
    properties = properties.set_creation_datetime(&ExcelDateTime::parse_from_str(date)?);
    book.set_properties(&properties);
    let looks = Looks::new();
    let mut names = Vec::from([BESIDES.to_owned()]);
    for block in &paper.blocks {
        if let Block::Table { caption, head, rows } = block {
            let sheet = book.add_worksheet();
            sheet.set_name(name_of(caption, &mut names))?;
            table(sheet, &looks, caption, head, rows)?;
        }
    }
    besides(book.add_worksheet(), &looks, paper)?;
    Ok(book.save_to_buffer()?)
}

struct Looks {
    head: Format,
    cell: Format,
    text: Format,
    title: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
        let cell = text.clone().set_border(FormatBorder::Thin);
        let head = cell.clone().set_bold().set_background_color(SHADE);
        let title = text.clone().set_bold().set_font_size(14);
        Self { head, cell, text, title }
    }
}

fn table(
    sheet: &mut Worksheet,
    looks: &Looks,
    caption: &str,
    head: &[String],
    rows: &[Row],
) -> Result<(), MakeXlsxError> {
    let too_large = || MakeXlsxError::TooLarge(caption.to_owned());
    let heads = u32::from(!head.is_empty());
    for (column, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(0, column, name, &looks.head)?;
    }
    for (at, row) in (heads..).zip(rows) {
        let mut column = 0_u16;
        for cell in &row.cells {
            write(sheet, looks, (at, column), cell)?;
            column = column.checked_add(u16::from(cell.columns.max(1))).ok_or_else(too_large)?;
        }
    }
    for (column, wide) in (0_u16..).zip(widths(head, rows)) {
        sheet.set_column_width(column, wide)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    if heads == 1 {
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        let last = u32::try_from(rows.len()).map_err(|_| too_large())?;
        let last_column = u16::try_from(head.len() - 1).map_err(|_| too_large())?;
        sheet.autofilter(0, 0, last, last_column)?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    looks: &Looks,
    (row, column): (u32, u16),
    cell: &Cell,
) -> Result<(), XlsxError> {
    let look = if cell.is_label { &looks.head } else { &looks.cell };
    if cell.columns > 1 {
        let last = column + u16::from(cell.columns) - 1;
        sheet.merge_range(row, column, row, last, "", look)?;
    }
    sheet.write_string_with_format(row, column, &cell.text, look)?;
    Ok(())
}

/// What is in no table, from top to bottom, with the names of the tables at their places.
fn besides(sheet: &mut Worksheet, looks: &Looks, paper: &Paper) -> Result<(), MakeXlsxError> {
    sheet.set_name(BESIDES)?;
    sheet.set_column_width(0, 100.0)?;
    sheet.write_string_with_format(0, 0, &paper.title, &looks.title)?;
    let mut lines: Vec<&str> = Vec::new();
    for block in &paper.blocks {
        match block {
            Block::Table { caption, .. } => lines.push(caption),
            other => lines.extend(other.texts()),
        }
    }
    lines.push(&paper.footer);
    for (row, line) in (1_u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, &looks.text)?;
    }
    Ok(())
}

/// A name that a sheet may have, and that no other has.
fn name_of(caption: &str, names: &mut Vec<String>) -> String {
    let is_bad = |letter: char| "[]:*?/\\'".contains(letter) || letter.is_control();
    let plain: String = caption.chars().map(|it| if is_bad(it) { ' ' } else { it }).collect();
    let plain = if plain.trim().is_empty() { "표" } else { plain.trim() };
    let mut name: String = plain.chars().take(LONGEST_NAME).collect();
    let mut count = 2;
    while names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        let end = format!(" ({count})");
        let room = LONGEST_NAME - end.chars().count();
        name = plain.chars().take(room).collect::<String>() + &end;
        count += 1;
    }
    names.push(name.clone());
    name
}

/// As wide as the longest line of what stands in the column alone.
fn widths(head: &[String], rows: &[Row]) -> Vec<f64> {
    let mut wide: Vec<f64> = head.iter().map(|name| letters(name) + 2.0).collect();
    for row in rows {
        let mut column = 0;
        for cell in &row.cells {
            let over = usize::from(cell.columns.max(1));
            wide.resize(wide.len().max(column + over), 0.0);
            if over == 1 {
                wide[column] = wide[column].max(letters(&cell.text));
            }
            column += over;
        }
    }
    wide.into_iter().map(|it| (it + 1.0).clamp(WIDTHS.0, WIDTHS.1)).collect()
}

fn letters(text: &str) -> f64 {
    text.lines().map(width).fold(0.0, f64::max) * DIGITS
}
