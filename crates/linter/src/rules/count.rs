//! Numbers of cameras: sums that do not add up, and rows without a number.

use std::collections::BTreeSet;

use super::look::{has_any, is_blank};
use crate::{CameraRow, ColumnKind, Found, Look, Rule, Severity, Table};

pub(super) const SUM: Rule =
    Rule { id: "count.sum", severity: Severity::Error, law: "Dec 25(1)2", look: sum };
pub(super) const MISSING: Rule =
    Rule { id: "count.missing", severity: Severity::Error, law: "Dec 25(1)2", look: missing };
pub(super) const CELL_EMPTY: Rule =
    Rule { id: "count.cell_empty", severity: Severity::Error, law: "Dec 25(1)2", look: cell_empty };

fn wrong(line: u32, what: &str, stated: u32, listed: u32) -> Found {
    Found::new(
        line,
        format!(
            "{what} {stated}대라고 적었으나 나열한 것을 더하면 {listed}대입니다. 실제 대수를 세어 맞추십시오."
        ),
        format!(
            "{stated} cameras are stated ({what}), the list adds up to {listed}: count and mend"
        ),
    )
}

/// Totals, sub-totals and the sub-counts of a row against what they sum up.
fn sum(look: &Look<'_>) -> Vec<Found> {
    let cameras = &look.published.cameras;
    // A list of which most was not read adds up to nothing.
    let unread = cameras.rows.iter().filter(|row| row.count.is_none()).count();
    let is_shifted =
        |row: &CameraRow| row.count.is_none() && row.count_text.chars().any(char::is_alphanumeric);
    if unread * 2 >= cameras.rows.len().max(1) || cameras.rows.iter().any(is_shifted) {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for stated in &cameras.stated {
        let Some(rows) = stated.rows.filter(|rows| *rows != stated.count) else { continue };
        // The same wrong number in a sentence and in a row of the table has one cause.
        if told.insert((stated.of.clone(), stated.count)) {
            let is_all = stated.rows == cameras.listed;
            let what = stated.of.as_deref().filter(|_| !is_all).unwrap_or("모두");
            found.push(wrong(stated.line, what, stated.count, rows));
        }
    }
    let wholes: Vec<_> = cameras.stated.iter().filter(|it| it.of.is_none()).collect();
    if let [first, .., last] = wholes.as_slice()
        && found.is_empty()
        && first.count != last.count
    {
        found.push(wrong(last.line, "모두", last.count, first.count));
    }
    for row in &cameras.rows {
        if let (Some(count), Some(parts)) = (row.count, row.parts)
            && count != parts
            && !may_be_multiplied(row, count, parts)
        {
            found.push(wrong(row.line, &row.place, count, parts));
        }
    }
    found
}

/// `2 each` without saying of how many: any multiple may be right.
fn may_be_multiplied(row: &CameraRow, count: u32, parts: u32) -> bool {
    let words = format!("{}{}", row.place, row.range.as_deref().unwrap_or(""));
    has_any(&words, &["각", "층별", "씩", "마다"]) && count.is_multiple_of(parts.max(1))
}

/// A row that has no number while those around it have. Where many have none, cells were merged.
fn missing(look: &Look<'_>) -> Vec<Found> {
    let rows = &look.published.cameras.rows;
    let without: Vec<_> =
        rows.iter().filter(|row| row.count.is_none() && !row.place.is_empty()).collect();
    let [only] = without.as_slice() else { return Vec::new() };
    let others = rows.iter().filter(|row| row.table == only.table && row.count.is_some()).count();
    if others < 4 || (!only.count_text.is_empty() && only.count_text.contains('○')) {
        return Vec::new();
    }
    vec![Found::new(
        only.line,
        format!("‘{}’의 설치 대수가 없습니다. 대수를 적으십시오.", only.place),
        format!("no number of cameras for {:?}: say how many", only.place),
    )]
}

/// A column of the table of cameras with cells in which nothing stands.
fn cell_empty(look: &Look<'_>) -> Vec<Found> {
    let rows: BTreeSet<usize> =
        look.published.cameras.rows.iter().filter_map(|row| row.table).collect();
    let tables = rows.iter().filter_map(|at| look.published.tables.get(*at));
    tables.flat_map(|table| empty_columns(look, table)).collect()
}

fn empty_columns(look: &Look<'_>, table: &Table) -> Vec<Found> {
    const LOOKED_AT: [ColumnKind; 6] = [
        ColumnKind::Recorder,
        ColumnKind::Range,
        ColumnKind::Purpose,
        ColumnKind::Hours,
        ColumnKind::Retention,
        ColumnKind::Storage,
    ];
    let lists = |line| look.published.cameras.rows.iter().any(|row| row.line == line);
    let body: Vec<_> = table.rows.iter().filter(|row| lists(row.line)).collect();
    let mut found = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        if !LOOKED_AT.contains(&column.kind) {
            continue;
        }
        let is_empty = |row: &&&crate::Row| {
            row.cells.get(at).is_none_or(|cell| {
                (cell.is_inherited && !is_ditto(look, row.line)) || is_blank(&cell.text)
            })
        };
        let has_text = |row: &&crate::Row| {
            row.cells.get(at).is_some_and(|cell| !cell.is_inherited && !is_blank(&cell.text))
        };
        let first_is_empty = body.first().as_ref().is_some_and(is_empty);
        // Cells below a filled one are merged in most tables; above the first nothing can be merged.
        if !first_is_empty {
            continue;
        }
        let empty: Vec<_> = body.iter().filter(is_empty).collect();
        if let Some(first) = empty.first()
            && body.iter().copied().any(|row| has_text(&row))
        {
            found.push(Found::new(
                first.line,
                format!(
                    "‘{}’ 칸 {}개가 비어 있습니다. 줄마다 적으십시오.",
                    column.title,
                    empty.len()
                ),
                format!("{} cells of column {:?} are empty: fill each", empty.len(), column.title),
            ));
        }
    }
    found
}

/// Whether a row says `the same as above` in words.
fn is_ditto(look: &Look<'_>, line: u32) -> bool {
    let line = look.published.source.line(line);
    line.is_some_and(|it| it.squeezed.contains("상동") || it.squeezed.contains('〃'))
}
