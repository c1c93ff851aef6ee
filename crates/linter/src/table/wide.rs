//! Tables of which only wide spaces part the cells, as printed text has them: a cell belongs to the heading
//! under which it begins.

use super::grid::{MOST_COLUMNS, RawRow, clean};
use super::{ColumnKind, kind_of};
use crate::source::one_spelling;
use crate::{Line, Source};

/// A cell and the column of the screen in which it begins.
struct Placed {
    column: usize,
    text: String,
}

/// The tables, row by row.
pub(super) fn wide_grids(source: &Source, is_taken: impl Fn(&Line) -> bool) -> Vec<Vec<RawRow>> {
    let mut grids = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut open: Vec<RawRow> = Vec::new();
    for line in &source.lines {
        let cells = if is_taken(line) { Vec::new() } else { placed(&line.raw) };
        if !open.is_empty() && line.squeezed.is_empty() {
            continue;
        }
        let fits = !open.is_empty() && is_row(&cells, &starts);
        if fits {
            open.push(row(line.number, cells, &starts));
            continue;
        }
        if open.len() > 1 {
            grids.push(std::mem::take(&mut open));
        }
        open.clear();
        if is_heading(&cells) {
            starts = cells.iter().map(|it| it.column).collect();
            open.push(row(line.number, cells, &starts));
        }
    }
    if open.len() > 1 {
        grids.push(open);
    }
    grids
}

/// The cells of a line, parted by two spaces or more.
fn placed(raw: &str) -> Vec<Placed> {
    let mut cells: Vec<Placed> = Vec::new();
    let (mut column, mut spaces) = (0, 2);
    for letter in raw.chars().take(400) {
        let width = if is_wide(letter) { 2 } else { 1 };
        if letter == ' ' || letter == '\u{3000}' || letter == '\u{a0}' {
            spaces += width;
        } else {
            match cells.last_mut().filter(|_| spaces < 2) {
                Some(cell) => {
                    cell.text.extend(std::iter::repeat_n(' ', spaces));
                    cell.text.push(letter);
                }
                None => cells.push(Placed { column, text: letter.to_string() }),
            }
            spaces = 0;
        }
        column += width;
    }
    cells.truncate(MOST_COLUMNS);
    for cell in &mut cells {
        cell.text = clean(&one_spelling(&cell.text));
    }
    cells
}

fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x1100..=0x11ff | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff01..=0xff60)
}

fn is_heading(cells: &[Placed]) -> bool {
    let known = cells.iter().filter(|it| kind_of(&it.text) != ColumnKind::Other).count();
    known >= 2 && known * 2 >= cells.len() && cells.len() >= 2
}

/// A row has cells in two columns, or one that is short and begins under a heading.
fn is_row(cells: &[Placed], starts: &[usize]) -> bool {
    let under =
        cells.first().is_some_and(|it| starts.iter().any(|start| start.abs_diff(it.column) <= 1));
    let short = cells.iter().all(|it| it.text.chars().count() <= 60);
    short
        && (cells.len() >= 2
            || (cells.len() == 1 && under && starts.first() != cells.first().map(|it| &it.column)))
}

fn row(line: u32, cells: Vec<Placed>, starts: &[usize]) -> RawRow {
    let mut texts = vec![String::new(); starts.len()];
    for cell in cells {
        let at = starts.partition_point(|start| *start <= cell.column + 1).saturating_sub(1);
        if !texts[at].is_empty() {
            texts[at].push(' ');
        }
        texts[at].push_str(&cell.text);
    }
    RawRow::new(line, texts)
}
