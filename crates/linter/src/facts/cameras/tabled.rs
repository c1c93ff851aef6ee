//! Cameras in tables.

use super::expand::{parts, places};
use super::{groups, squeezed};
use crate::facts::labels::outside_brackets;
use crate::scan::{counts, lone_number};
use crate::{
    CameraRow, ColumnKind, Item, NotUnderstood, Published, Row, RowKind, StatedCount, Table,
};

/// One list of cameras.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) rows: Vec<CameraRow>,
    pub(super) stated: Vec<StatedCount>,
}

impl List {
    pub(super) fn sum(&self) -> u32 {
        self.rows.iter().filter_map(|row| row.count).fold(0, u32::saturating_add)
    }
}

/// The tables that list cameras.
pub(super) fn lists(published: &Published, not_understood: &mut Vec<NotUnderstood>) -> Vec<List> {
    let mut lists = Vec::new();
    let is_list = |table: &Table| is_list(published, table);
    let several = published.tables.iter().filter(|it| is_list(it)).count() > 1;
    for (at, table) in published.tables.iter().enumerate().filter(|(_, table)| is_list(table)) {
        let caption = groups::caption(published, table.first);
        let list = list(published, at, table, caption.as_ref().filter(|_| several), not_understood);
        if !list.rows.is_empty() {
            lists.push(list);
        }
    }
    lists
}

fn is_list(published: &Published, table: &Table) -> bool {
    let item = published.section_of(table.first).map_or(Item::Preamble, |it| it.item);
    let has_place =
        [ColumnKind::Place, ColumnKind::PlaceAndRange, ColumnKind::Range, ColumnKind::Group]
            .iter()
            .any(|kind| table.column(*kind).is_some());
    let is_elsewhere =
        matches!(item, Item::Annex | Item::Changes | Item::Processor | Item::Requests);
    has_place && !is_elsewhere && !count_columns(table).is_empty()
}

/// The columns that count cameras; not those that count recorders.
fn count_columns(table: &Table) -> Vec<usize> {
    let counts = table.columns.iter().enumerate().filter(|(_, it)| it.kind == ColumnKind::Count);
    let of_cameras: Vec<usize> = counts
        .filter(|(_, it)| {
            let title = squeezed(&it.title);
            !["녹화", "DVR", "NVR", "모니터", "저장", "안내판", "주차", "비상벨"]
                .iter()
                .any(|word| title.contains(word))
        })
        .map(|(at, _)| at)
        .collect();
    let is_sum = |at: &&usize| {
        let title = squeezed(&table.columns[**at].title);
        ["계", "합계", "총계", "총대수"].iter().any(|word| title.ends_with(word))
            || title.contains("총")
    };
    match of_cameras.iter().find(is_sum) {
        Some(sum) => vec![*sum],
        None => of_cameras,
    }
}

fn list(
    published: &Published,
    at: usize,
    table: &Table,
    caption: Option<&String>,
    not_understood: &mut Vec<NotUnderstood>,
) -> List {
    let columns = count_columns(table);
    let mut list = List::default();
    let mut place_above = String::new();
    let mut above = false;
    for row in &table.rows {
        match row.kind {
            RowKind::Total => list.stated.extend(total(table, row, &columns, caption)),
            RowKind::Body => {
                list.stated.extend(in_remark(table, row));
                let Some(mut read) = camera_row(at, table, row, &columns, &mut place_above) else {
                    continue;
                };
                read.count_may_be_above =
                    read.count.is_none() && read.count_text.is_empty() && above;
                above |= read.count.is_some();
                read.group = read.group.or_else(|| caption.cloned());
                let text = &read.count_text;
                if read.count.is_none()
                    && !text.is_empty()
                    && text.chars().any(|it| !matches!(it, '-' | ' '))
                {
                    let text = published.source.line(row.line).map_or("", |it| it.raw.as_str());
                    not_understood.push(NotUnderstood {
                        line: row.line,
                        text: text.chars().take(120).collect(),
                    });
                }
                list.rows.push(read);
            }
            RowKind::Note | RowKind::Example => {}
        }
    }
    groups::by_label_counts(table, &mut list);
    groups::sub_totals(&mut list);
    whole_of_part(&mut list);
    list
}

/// A single `소계` below all rows is the sum of the whole.
fn whole_of_part(list: &mut List) {
    let last = list.rows.last().map_or(0, |row| row.line);
    if let [only] = list.stated.as_mut_slice()
        && only.of.is_some()
        && only.line > last
        && list.rows.len() > 1
        && only.rows == Some(list.rows.iter().filter_map(|row| row.count).sum())
    {
        only.of = None;
        only.rows = None;
    }
}

fn camera_row(
    at: usize,
    table: &Table,
    row: &Row,
    columns: &[usize],
    place_above: &mut String,
) -> Option<CameraRow> {
    let text = |kind: ColumnKind| table.cell(row, kind).map(|cell| cell.text.clone());
    let group =
        text(ColumnKind::Group).or_else(|| text(ColumnKind::Purpose).filter(|_| by_purpose(table)));
    let place = text(ColumnKind::Place).or_else(|| text(ColumnKind::PlaceAndRange));
    let range = text(ColumnKind::Range);
    let cells: Vec<&str> = columns.iter().map(|at| row.cells[*at].text.as_str()).collect();
    let count_text =
        cells.iter().copied().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" + ");
    if let Some(place) = &place {
        place.clone_into(place_above);
    }
    let has_place_column = table.column(ColumnKind::Place).is_some();
    let has_both = table.column(ColumnKind::PlaceAndRange).is_some();
    let inherited = (has_place_column && !place_above.is_empty()).then(|| place_above.clone());
    let shown = place.clone().or(inherited).or_else(|| range.clone()).or_else(|| group.clone());
    let own = [&place, &range].iter().any(|it| it.is_some()) || !count_text.is_empty();
    let shown = shown.or_else(|| (!count_text.is_empty()).then(String::new)).filter(|_| own)?;
    let is_place_group = place.is_none() && range.is_none();
    // Where the merged count is gone, the place may have slipped under its heading.
    let slipped = place.is_none()
        && !count_text.is_empty()
        && counts(&count_text).is_empty()
        && lone_number(&count_text).is_none()
        && count_text.chars().any(char::is_alphabetic);
    let (shown, count_text) =
        if slipped && range.is_none() { (count_text, String::new()) } else { (shown, count_text) };
    let cells = if count_text.is_empty() { Vec::new() } else { cells };
    let mut sum: Option<u32> = None;
    for cell in cells.iter().filter(|it| !it.is_empty()) {
        if let Some(count) = cell_count(cell, &shown, range.as_deref()) {
            sum = Some(sum.unwrap_or(0).saturating_add(count));
        }
    }
    // A row of one cell more than the headings: its only bare number is its count.
    if sum.is_none() && count_text.chars().any(char::is_alphabetic) {
        sum = only_number(table, row);
    }
    let parts = range
        .as_deref()
        .and_then(|it| parts(it, place.as_deref()))
        .or_else(|| place.as_deref().and_then(|it| parts(it, None)));
    Some(CameraRow {
        line: row.line,
        table: Some(at),
        group: group.filter(|_| !is_place_group || has_place_column || has_both),
        place: shown,
        range,
        purpose: text(ColumnKind::Purpose),
        count_text,
        count: sum,
        count_may_be_above: false,
        parts,
    })
}

/// The number of a row in which one cell alone is a bare number.
fn only_number(table: &Table, row: &Row) -> Option<u32> {
    let cells = row.cells.iter().zip(&table.columns);
    let mut numbers = cells
        .filter(|(cell, column)| !cell.is_inherited && column.kind != ColumnKind::Number)
        .filter_map(|(cell, _)| lone_number(&cell.text));
    let only = numbers.next()?;
    numbers.next().is_none().then_some(only)
}

/// Whether the table begins with purposes, several of them, and has nothing else to group by.
fn by_purpose(table: &Table) -> bool {
    let Some(at) = table.column(ColumnKind::Purpose) else { return false };
    let first = table.columns.iter().position(|it| !matches!(it.kind, ColumnKind::Number));
    let mut named: Vec<String> =
        table.rows.iter().map(|row| squeezed(&row.cells[at].text)).collect();
    named.retain(|it| !it.is_empty());
    named.sort_unstable();
    named.dedup();
    first == Some(at) && table.column(ColumnKind::Group).is_none() && named.len() > 1
}

/// The count of a cell: `2`, `2대`, `각 1대`, `3대(고정 2, 회전 1)`, `고정 2, 회전 1`.
fn cell_count(cell: &str, place: &str, range: Option<&str>) -> Option<u32> {
    if let Some(number) = lone_number(cell) {
        return Some(number);
    }
    let is_each = cell.contains('각') || cell.contains('씩');
    let found = counts(cell);
    if is_each {
        let each = found
            .first()
            .map(|it| it.value)
            .or_else(|| crate::scan::numbers(cell).first().map(|it| it.value))?;
        let all = range.and_then(places).filter(|it| *it > 1).or_else(|| places(place))?;
        return all.checked_mul(each);
    }
    let squeezed = squeezed(cell);
    // `40대/148대`: of two kinds.
    let parts_of = |it: &str| it.strip_suffix('대').and_then(lone_number);
    if let Some((one, other)) = squeezed.split_once(['/', '+'])
        && let (Some(one), Some(other)) = (parts_of(one), parts_of(other))
    {
        return one.checked_add(other);
    }
    let starts = found
        .first()
        .filter(|it| cell[..it.start].trim().is_empty() || cell[..it.start].contains('총'));
    if let Some(first) = starts {
        return Some(first.value);
    }
    // `2(1)`: two, one of them turns.
    if let Some((head, _)) = squeezed.split_once('(').filter(|(head, _)| !head.is_empty())
        && let Some(number) = lone_number(head)
    {
        return Some(number);
    }
    if found.len() > 1 && found.iter().all(|it| cell[..it.start].trim_end().ends_with(':')) {
        return sum_of_named(cell);
    }
    parts(cell, Some(place)).or_else(|| sum_of_named(cell))
}

/// `고정 2, 회전 1`: every part ends with its number.
fn sum_of_named(cell: &str) -> Option<u32> {
    let mut sum: u32 = 0;
    let counted = counts(cell);
    let is_named = |at: &usize| cell[..counted[*at].start].trim_end().ends_with(':');
    if counted.len() > 1 && (0..counted.len()).all(|at| is_named(&at)) {
        return counted.iter().try_fold(0_u32, |sum, it| sum.checked_add(it.value));
    }
    for part in outside_brackets(cell, &[',', '/', '+']) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let number = *crate::scan::numbers(part).last()?;
        let rest = part[number.end..].trim_matches(['대', ')', ' ']);
        if !rest.is_empty() || part.contains('층') {
            return None;
        }
        sum = sum.checked_add(number.value)?;
    }
    (sum > 0).then_some(sum)
}

/// `총 12대` in the remark of a row.
fn in_remark(table: &Table, row: &Row) -> Option<StatedCount> {
    let remarks = row
        .cells
        .iter()
        .zip(&table.columns)
        .filter(|(_, column)| matches!(column.kind, ColumnKind::Remark | ColumnKind::Other));
    let mut sums = remarks.filter_map(|(cell, _)| {
        let behind = &cell.text[cell.text.find('총')?..];
        let count = counts(behind).first().copied()?;
        (count.start <= "총 ".len()).then_some(count.value)
    });
    let count = sums.next()?;
    Some(StatedCount { line: row.line, count, of: None, rows: None })
}

/// A row that states a sum.
fn total(
    table: &Table,
    row: &Row,
    columns: &[usize],
    caption: Option<&String>,
) -> Option<StatedCount> {
    let read = |cell: &str| lone_number(cell).or_else(|| counts(cell).first().map(|it| it.value));
    let in_columns =
        columns.iter().filter_map(|at| read(&row.cells[*at].text)).reduce(u32::saturating_add);
    // Of a row that is one merged cell the number may stand anywhere.
    let anywhere = || {
        let cells: Vec<u32> = row.cells.iter().filter_map(|cell| read(&cell.text)).collect();
        (cells.len() == 1).then(|| cells[0])
    };
    let count = in_columns.or_else(anywhere)?;
    let words: Vec<String> = row.cells.iter().map(|it| squeezed(&it.text)).collect();
    let is_part = words.iter().any(|it| it.ends_with("소계"));
    let named = words.iter().find(|it| it.ends_with("소계") && it.chars().count() > 2);
    let group = table.cell(row, ColumnKind::Group).map(|it| it.text.clone());
    let group = group.filter(|it| !is_sum_word(&squeezed(it)));
    let of = match (is_part, named, group) {
        (_, Some(named), _) => Some(named.trim_end_matches("소계").to_owned()),
        (_, None, Some(group)) => Some(group),
        (true, None, None) => Some(String::new()),
        (false, None, None) => caption.cloned(),
    };
    Some(StatedCount { line: row.line, count, of, rows: None })
}

fn is_sum_word(squeezed: &str) -> bool {
    let bare = squeezed.split(['(', ':']).next().unwrap_or(squeezed);
    ["계", "합계", "소계", "총계", "총합계", "누계", "전체", "총", "합", "총대수"].contains(&bare)
        || bare.ends_with("합계")
        || bare.ends_with("총계")
}
