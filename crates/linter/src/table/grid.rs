//! Lines to rows of cells: what parts cells, and which lines belong together.

use super::blank::blank_grids;
use super::wide::wide_grids;
use super::{ColumnKind, kind_of};
use crate::marker::{Marker, marked};
use crate::scan::lone_number;
use crate::{Line, Source};

/// One row as it stands.
#[derive(Debug, Clone)]
pub(super) struct RawRow {
    pub(super) line: u32,
    /// The last line that belongs to it.
    pub(super) last: u32,
    pub(super) cells: Vec<String>,
    /// The cells' own lines, where they differ.
    pub(super) lines: Vec<u32>,
}

impl RawRow {
    pub(super) fn new(line: u32, cells: Vec<String>) -> Self {
        let lines = vec![line; cells.len()];
        Self { line, last: line, cells, lines }
    }

    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|it| !it.is_empty()).count()
    }
}

/// How far below a row the next one may stand, with lines of its last cell between them.
const FARTHEST: usize = 16;
/// A line that goes on in a cell is no longer than this, in letters.
const LONGEST_CELL_LINE: usize = 60;
/// A table has no more columns than this; what is beyond is left out.
pub(super) const MOST_COLUMNS: usize = 40;

/// The rows of all tables, table by table.
pub(super) fn grids(source: &Source) -> Vec<Vec<RawRow>> {
    let mut grids: Vec<Vec<RawRow>> = Vec::new();
    let mut open: Vec<RawRow> = Vec::new();
    let mut at = 0;
    while at < source.lines.len() {
        let line = &source.lines[at];
        if is_rule(&line.text) && !open.is_empty() {
            at += 1;
            continue;
        }
        if let Some(cells) = cells_of(line) {
            if begins_anew(&open, &cells) {
                close(&mut open, &mut grids);
            }
            open.push(RawRow::new(line.number, cells));
            at += 1;
            continue;
        }
        if let Some(row) = lone_count(line, &open) {
            open.push(row);
            at += 1;
            continue;
        }
        let skipped = if open.is_empty() { 0 } else { goes_on(source, at, &open) };
        if skipped == 0 {
            close(&mut open, &mut grids);
            at += 1;
        } else {
            append(source, at, skipped, &mut open);
            at += skipped;
        }
    }
    close(&mut open, &mut grids);
    grids.extend(wide_grids(source, |line| cells_of(line).is_some()));
    let in_grid = lines_of(&grids, source.lines.len());
    grids.extend(blank_grids(source, |line| in_grid[line.number as usize]));
    grids.extend(cell_by_cell(source, &grids));
    grids.sort_by_key(|grid| grid.first().map_or(0, |row| row.line));
    grids
}

/// Which lines belong to a grid; index is the number of the line.
fn lines_of(grids: &[Vec<RawRow>], count: usize) -> Vec<bool> {
    let mut inside = vec![false; count + 2];
    for grid in grids {
        if let (Some(first), Some(last)) = (grid.first(), grid.last()) {
            inside[first.line as usize..=(last.last as usize).min(count)].fill(true);
        }
    }
    inside
}

fn close(open: &mut Vec<RawRow>, grids: &mut Vec<Vec<RawRow>>) {
    let rows = std::mem::take(open);
    if rows.iter().any(|row| row.cells.len() > 1) {
        grids.push(rows);
    }
}

/// `---|---`
fn is_rule(text: &str) -> bool {
    let cells = text.split(['|', '\t']).map(str::trim).filter(|it| !it.is_empty());
    text.contains("--")
        && cells.clone().count() > 0
        && cells
            .into_iter()
            .all(|it| it.contains("--") && it.chars().all(|it| matches!(it, '-' | ':' | '+' | '=')))
}

/// The cells of a line, if something parts it into cells.
fn cells_of(line: &Line) -> Option<Vec<String>> {
    let text = &line.text;
    let cells: Vec<String> = if text.contains('\t') {
        text.split('\t').map(clean).collect()
    } else if is_piped(text) {
        let inner = text.trim();
        let inner = inner.strip_prefix('|').unwrap_or(inner);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        inner.split('|').map(clean).collect()
    } else {
        return None;
    };
    // A line that is only moved in is no row.
    let filled = cells.iter().filter(|it| !it.is_empty()).count();
    let is_moved_in =
        filled == 1 && text.contains('\t') && cells.last().is_some_and(|it| !it.is_empty());
    let is_long = cells.iter().any(|it| it.chars().count() > 80);
    if filled == 0 || (is_moved_in && (cells.len() <= 2 || is_long)) {
        return None;
    }
    Some(cells.into_iter().take(MOST_COLUMNS).collect())
}

fn is_piped(text: &str) -> bool {
    let count = text.matches('|').count();
    let first: String =
        text.split('|').next().unwrap_or("").chars().filter(|it| !it.is_whitespace()).collect();
    let is_number = !first.is_empty()
        && first.chars().all(|it| it.is_ascii_digit() || matches!(it, '제' | '조'));
    if count == 1 && is_number {
        return false;
    }
    count >= 2 || (count == 1 && (text.contains(" | ") || text.trim_end().ends_with('|')))
}

pub(super) fn clean(cell: &str) -> String {
    cell.trim().trim_matches('*').trim().to_owned()
}

/// A second row of headings after rows with content begins a new table.
fn begins_anew(open: &[RawRow], cells: &[String]) -> bool {
    let Some(first) = open.first() else { return false };
    let kinds = |cells: &[String]| {
        cells.iter().filter(|it| !it.is_empty() && kind_of(it) != ColumnKind::Other).count()
    };
    let filled = cells.iter().filter(|it| !it.is_empty()).count();
    let is_heading = kinds(cells) >= 2 && kinds(cells) * 3 >= filled * 2 && filled >= 2;
    let is_sub_heading = open.len() == 1 && first.cells.len() == cells.len();
    is_heading && open.len() >= 2 && !is_sub_heading && kinds(&first.cells) >= 2
}

/// A count alone right below the headings: its other cells came out as a list.
fn lone_count(line: &Line, open: &[RawRow]) -> Option<RawRow> {
    let [heading] = open else { return None };
    let at = heading.cells.iter().position(|it| kind_of(it) == ColumnKind::Count)?;
    let is_count = line.squeezed.ends_with('대') && lone_number(&line.squeezed).is_some();
    let mut cells = vec![String::new(); heading.cells.len()];
    line.text.trim().clone_into(&mut cells[at]);
    is_count.then(|| RawRow::new(line.number, cells))
}

/// How many lines, from `at` on, go on in the last row before the table's next row.
fn goes_on(source: &Source, at: usize, open: &[RawRow]) -> usize {
    let Some(last) = open.last() else { return 0 };
    let is_open =
        open.len() > 1 && last.cells.last().is_some_and(String::is_empty) && last.filled() == 1;
    let (mut blank, mut lines) = (0, 0);
    for (count, line) in source.lines[at..].iter().take(FARTHEST).enumerate() {
        if let Some(cells) = cells_of(line) {
            let alike = cells.len() == last.cells.len() && !begins_anew(open, &cells);
            let anew = cells.iter().filter(|it| kind_of(it) != ColumnKind::Other).count() >= 2
                && open.len() > 1;
            return if alike && !anew { count } else { 0 };
        }
        if line.squeezed.is_empty() {
            blank += 1;
            continue;
        }
        let marker = marked(&line.text).marker;
        let is_outside =
            matches!(marker, Marker::Article | Marker::Roman | Marker::Decimal | Marker::Note)
                || line.squeezed.ends_with("니다.")
                || line.squeezed.chars().count() > LONGEST_CELL_LINE;
        if is_outside && is_open {
            return lines;
        }
        lines = count + 1;
        if is_outside
            || (blank > 0 && count == blank && !last.cells.last().is_some_and(String::is_empty))
        {
            return 0;
        }
    }
    0
}

/// Lines between two rows belong to the last cell with which the row above ends.
fn append(source: &Source, at: usize, count: usize, open: &mut [RawRow]) {
    let Some(row) = open.last_mut() else { return };
    for line in &source.lines[at..at + count] {
        row.last = line.number;
        if let Some(cell) = row.cells.last_mut().filter(|_| !line.squeezed.is_empty()) {
            if !cell.is_empty() {
                cell.push_str(", ");
            }
            cell.push_str(line.text.trim());
        }
    }
}

/// Tables that came out with one cell on a line: a run of headings, then as many cells for each row.
fn cell_by_cell(source: &Source, others: &[Vec<RawRow>]) -> Vec<Vec<RawRow>> {
    let taken = lines_of(others, source.lines.len());
    let lines: Vec<&Line> = source.lines.iter().filter(|line| !line.squeezed.is_empty()).collect();
    let mut grids = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let headings = lines[at..]
            .iter()
            .take(MOST_COLUMNS)
            .take_while(|line| is_heading_cell(line) && !taken[line.number as usize])
            .count();
        if headings < 2 {
            at += headings.max(1);
            continue;
        }
        let mut heading = row_of(&lines[at..at + headings]);
        let mut next = at + headings;
        let width = headings + usize::from(has_roles_before(&lines[next..], &heading));
        if width > headings {
            heading.cells.insert(0, String::new());
            heading.lines.insert(0, heading.line);
        }
        let mut rows = vec![heading];
        while next + width <= lines.len() {
            let cells = &lines[next..next + width];
            if cells.iter().any(|line| ends_cells(line) || taken[line.number as usize])
                || cells.iter().all(|it| is_heading_cell(it))
            {
                break;
            }
            rows.push(row_of(cells));
            next += width;
        }
        if rows.len() > 1 && counts_fit(&rows) {
            grids.push(rows);
        } else if let Some((rows, after)) = by_counts(&lines, at, headings) {
            grids.push(rows);
            next = after;
        }
        at = next;
    }
    grids
}

/// The first column has no heading: each row of persons begins with a role.
fn has_roles_before(below: &[&Line], heading: &RawRow) -> bool {
    const PERSONS: [ColumnKind; 4] =
        [ColumnKind::Name, ColumnKind::Title, ColumnKind::Department, ColumnKind::Contact];
    let width = heading.cells.len() + 1;
    let is_role = |at: usize| {
        below.get(at).is_some_and(|it| {
            ["책임자", "권한자", "담당자", "책임관"].iter().any(|end| it.squeezed.ends_with(end))
                && it.squeezed.chars().count() <= 14
        })
    };
    heading.cells.iter().all(|it| PERSONS.contains(&kind_of(it))) && is_role(0) && is_role(width)
}

/// Rows of which the first cell was merged, or the last is absent: each has its count, and between two
/// counts stand what follows the one and what precedes the other.
fn by_counts(lines: &[&Line], at: usize, headings: usize) -> Option<(Vec<RawRow>, usize)> {
    const MOST_ROWS: usize = 300;
    let heading = row_of(&lines[at..at + headings]);
    let count = heading.cells.iter().position(|it| kind_of(it) == ColumnKind::Count)?;
    let behind = headings - 1 - count;
    let is_count = |line: &Line| lone_number(&line.squeezed).is_some();
    let below = &lines[at + headings..];
    let end = below
        .iter()
        .take(MOST_ROWS * headings)
        .position(|it| ends_cells(it) || is_sum(it) || is_heading_cell(it));
    let end = end.unwrap_or(below.len().min(MOST_ROWS * headings));
    let counts: Vec<usize> = (0..end).filter(|it| is_count(below[*it])).collect();
    let (first, last) = (*counts.first()?, *counts.last()?);
    let fits = counts.windows(2).all(|it| (behind + 1..=headings).contains(&(it[1] - it[0])));
    if counts.len() < 2 || first > count || !fits || behind == 0 || last + behind >= end {
        return None;
    }
    let mut rows = vec![heading];
    let mut from = 0;
    for own in counts {
        let mut cells: Vec<&Line> = below[from..own].to_vec();
        let missing = count.checked_sub(cells.len())?;
        cells.extend(&below[own..=own + behind]);
        let mut row = row_of(&cells);
        for _ in 0..missing {
            row.cells.insert(0, String::new());
            row.lines.insert(0, row.line);
        }
        rows.push(row);
        from = own + behind + 1;
    }
    let mut after = at + headings + from;
    if let Some(sum) = sum_below(lines, after, headings, count) {
        after += 2;
        rows.push(sum);
    }
    Some((rows, after))
}

fn is_sum(line: &Line) -> bool {
    ["계", "합계", "총계", "소계"].contains(&line.squeezed.as_str())
}

/// `합계`, and its number on the next line.
fn sum_below(lines: &[&Line], at: usize, headings: usize, count: usize) -> Option<RawRow> {
    let (word, number) = (lines.get(at).filter(|it| is_sum(it))?, lines.get(at + 1)?);
    let text = number.squeezed.trim_start_matches('총');
    lone_number(text)?;
    let mut cells = vec![String::new(); headings];
    cells[0].clone_from(&word.squeezed);
    text.clone_into(&mut cells[count.max(1)]);
    Some(RawRow { last: number.number, ..RawRow::new(word.number, cells) })
}

/// Where a heading says counts, numbers stand below it; else the cells are shifted and tell nothing.
fn counts_fit(rows: &[RawRow]) -> bool {
    let Some(heading) = rows.first() else { return false };
    let Some(at) = heading.cells.iter().position(|it| kind_of(it) == ColumnKind::Count) else {
        return true;
    };
    let fits = rows[1..].iter().filter(|row| lone_number(&row.cells[at]).is_some()).count();
    fits * 3 >= (rows.len() - 1) * 2
}

fn row_of(lines: &[&Line]) -> RawRow {
    let cells =
        lines.iter().map(|line| clean(line.text.trim_end().trim_end_matches('|'))).collect();
    let numbers: Vec<u32> = lines.iter().map(|line| line.number).collect();
    let first = numbers.first().copied().unwrap_or(1);
    RawRow { line: first, last: numbers.last().copied().unwrap_or(first), cells, lines: numbers }
}

/// A line that is a heading of a column and nothing else.
fn is_heading_cell(line: &Line) -> bool {
    let marked = marked(&line.text);
    marked.marker == Marker::None
        && bare(line).chars().count() <= 18
        && !bare(line).contains([':', '.', '"', '|', ','])
        && !line.text.contains('\t')
        && kind_of(bare(line)) != ColumnKind::Other
        && !["책임자", "권한자", "담당자"].iter().any(|end| bare(line).ends_with(end))
}

/// A line that cannot be a cell of such a table.
fn ends_cells(line: &Line) -> bool {
    let marker = marked(&line.text).marker;
    let is_section = matches!(
        marker,
        Marker::Article | Marker::Roman | Marker::Decimal | Marker::Letter | Marker::Note
    );
    let is_item = marker == Marker::Dash && line.squeezed.chars().count() > 20;
    is_section
        || is_item
        || is_title(&line.squeezed)
        || line.squeezed.chars().count() > LONGEST_CELL_LINE
        || line.squeezed.ends_with("니다.")
        || line.text.contains('\t')
        || bare(line).contains('|')
}

/// A section's heading without a number: `촬영시간, 보관기간, 보관장소 및 처리방법`.
fn is_title(squeezed: &str) -> bool {
    let parts = squeezed.split(',').filter(|it| kind_of(it) != ColumnKind::Other);
    let is_value = squeezed.contains(|it: char| it.is_ascii_digit() || it == ':');
    squeezed.contains(',') && !is_value && parts.count() >= 2
}

/// A line of which a bar ends the only cell.
fn bare(line: &Line) -> &str {
    line.squeezed.trim_end_matches('|')
}
