//! By what cameras are grouped: columns, captions, labels with their own counts.

use super::squeezed;
use super::tabled::List;
use crate::marker::{Marker, marked};
use crate::scan::counts;
use crate::{CameraRow, ColumnKind, Group, Published, RowKind, StatedCount, Table};

/// The groups of all rows; without groups each place is one.
pub(super) fn of(rows: &[CameraRow]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    if rows.iter().all(|row| row.count.is_none()) {
        return groups;
    }
    // One group for all tells nothing: then each place is one.
    let mut named: Vec<&String> = rows.iter().filter_map(|row| row.group.as_ref()).collect();
    named.sort_unstable();
    named.dedup();
    let is_grouped = named.len() > 1 || rows.len() == 1;
    for row in rows.iter().filter(|row| !row.count_may_be_above) {
        let name = if is_grouped { row.group.as_ref() } else { None }.unwrap_or(&row.place);
        let name = short_name(name);
        let count = row.count.unwrap_or(0);
        let key = squeezed(&name);
        match groups.iter_mut().find(|group| squeezed(&group.name) == key) {
            Some(group) => group.cameras = group.cameras.saturating_add(count),
            None => groups.push(Group { name, line: row.line, cameras: count }),
        }
    }
    groups
}

/// A building without what is behind it in brackets and without its floors: `본관 (1층~3층)`.
fn short_name(name: &str) -> String {
    let name = without_count(name);
    let bare = match name.find('(') {
        Some(open) if open > 0 && name.ends_with(')') => name[..open].trim(),
        _ => name.as_str(),
    };
    let is_floor = |word: &str| {
        let letters =
            word.trim_matches(|it: char| it.is_ascii_digit() || matches!(it, '~' | '-' | ','));
        ["층", "지하", "지상", "외곽", "및", "전층", "옥상", "지하층", "층~", ""].contains(&letters)
            || (word.contains('층')
                && word.chars().all(|it| it.is_ascii_digit() || "층~-,·지하상".contains(it)))
    };
    let words: Vec<&str> = bare.split_whitespace().collect();
    let floors = words.iter().rev().take_while(|it| is_floor(it)).count();
    if floors == words.len() || floors == 0 {
        return bare.to_owned();
    }
    words[..words.len() - floors].join(" ")
}

/// A name without the count in brackets behind it.
pub(super) fn without_count(name: &str) -> String {
    let name = name.trim();
    match name.rfind('(') {
        Some(open) if !counts(&name[open..]).is_empty() => name[..open].trim().to_owned(),
        _ => name.to_owned(),
    }
}

/// The line above a table that names what its rows belong to.
pub(super) fn caption(published: &Published, first: u32) -> Option<String> {
    let section = published.section_of(first)?;
    let above = published.source.between(section.first + 1, first.saturating_sub(1));
    let line = above.iter().rev().find(|line| !line.squeezed.is_empty())?;
    if published.is_in_table(line.number) || first - line.number > 3 {
        return None;
    }
    let marked = marked(&line.text);
    let text = marked.rest.trim_end_matches(['>', ']', '】', ':', ' ']).trim();
    let bare = squeezed(text);
    let says_nothing =
        ["현황", "내역", "다음", "아래", "같습니다", "단위", "니다", "설치위치", "설치대수", "총"];
    let is_name = bare.chars().count() <= 24 && !says_nothing.iter().any(|it| bare.contains(it));
    (is_name && marked.marker != Marker::Note && bare.chars().count() > 1)
        .then(|| without_count(text))
}

/// Labels with their own counts tell which rows they span, wherever the merged cell's text came out.
pub(super) fn by_label_counts(table: &Table, list: &mut List) {
    let Some(column) = table.column(ColumnKind::Group) else { return };
    let labels = labels(table, column);
    let counts: Option<Vec<u32>> = list.rows.iter().map(|row| row.count).collect();
    let (Some(labels), Some(counts)) = (labels, counts) else { return };
    let spans = spans(&counts, &labels).or_else(|| aligned(&labels, list));
    let Some(spans) = spans else {
        let stated = labels.into_iter().map(|it| StatedCount {
            line: it.line,
            count: it.count,
            of: Some(it.name),
            rows: None,
        });
        list.stated.extend(stated);
        return;
    };
    for (label, (from, to)) in labels.iter().zip(spans) {
        for row in &mut list.rows[from..to] {
            row.group = Some(label.name.clone());
        }
        let rows = counts[from..to].iter().sum();
        list.stated.push(StatedCount {
            line: label.line,
            count: label.count,
            of: Some(label.name.clone()),
            rows: Some(rows),
        });
    }
}

/// A label that may have come out on several lines.
struct Label {
    line: u32,
    first_line: u32,
    name: String,
    count: u32,
}

/// The labels of a column, if each has its count.
fn labels(table: &Table, column: usize) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> = Vec::new();
    let mut begun: Option<(u32, String)> = None;
    for row in table.rows.iter().filter(|row| row.kind == RowKind::Body) {
        let cell = &row.cells[column];
        let has_letters = cell.text.chars().any(char::is_alphanumeric);
        if cell.is_inherited || !has_letters {
            continue;
        }
        let (first_line, mut name) = begun.take().unwrap_or((row.line, String::new()));
        name.push_str(&without_count(&cell.text));
        match counts(&cell.text).first() {
            Some(count) => {
                labels.push(Label { line: row.line, first_line, name, count: count.value });
            }
            None => begun = Some((first_line, name)),
        }
    }
    (begun.is_none() && !labels.is_empty()).then_some(labels)
}

/// Parts the rows so that each part adds up to its label's count.
fn spans(counts: &[u32], labels: &[Label]) -> Option<Vec<(usize, usize)>> {
    let mut spans = Vec::new();
    let mut at = 0;
    for label in labels {
        let from = at;
        let mut sum: u32 = 0;
        while at < counts.len() && sum < label.count {
            sum = sum.saturating_add(counts[at]);
            at += 1;
        }
        if sum != label.count {
            return None;
        }
        spans.push((from, at));
    }
    (at == counts.len()).then_some(spans)
}

/// Each label stands on the first row of its part.
fn aligned(labels: &[Label], list: &List) -> Option<Vec<(usize, usize)>> {
    let starts: Option<Vec<usize>> = labels
        .iter()
        .map(|it| list.rows.iter().position(|row| row.line == it.first_line))
        .collect();
    let starts = starts.filter(|it| it.first() == Some(&0))?;
    let ends = starts.iter().skip(1).copied().chain([list.rows.len()]);
    Some(starts.iter().copied().zip(ends).collect())
}

/// What the rows of each sub-total add up to: those of its group, else those since the last one.
pub(super) fn sub_totals(list: &mut List) {
    let rows: Vec<(u32, Option<String>, u32)> =
        list.rows.iter().map(|row| (row.line, row.group.clone(), row.count.unwrap_or(0))).collect();
    let first_row = rows.first().map_or(0, |row| row.0);
    let parts: Vec<u32> =
        list.stated.iter().filter(|it| it.of.as_deref() == Some("")).map(|it| it.line).collect();
    let is_above = parts.first().is_some_and(|line| *line < first_row);
    for stated in list.stated.iter_mut().filter(|it| it.of.as_deref() == Some("")) {
        let (from, to) = if is_above {
            (stated.line, parts.iter().copied().find(|it| *it > stated.line).unwrap_or(u32::MAX))
        } else {
            (parts.iter().copied().rev().find(|it| *it < stated.line).unwrap_or(0), stated.line)
        };
        let mine: Vec<_> = rows.iter().filter(|row| (from..to).contains(&row.0)).collect();
        stated.rows =
            (!mine.is_empty()).then(|| mine.iter().map(|row| row.2).fold(0, u32::saturating_add));
        let mut names: Vec<_> = mine.iter().filter_map(|row| row.1.clone()).collect();
        names.dedup();
        if let [name] = names.as_slice() {
            stated.of = Some(name.clone());
        }
    }
}
