//! Cameras in lists and sentences, where no table has them.

use super::groups::without_count;
use super::squeezed;
use super::tabled::List;
use crate::facts::labels::outside_brackets;
use crate::marker::{Marker, marked};
use crate::scan::counts;
use crate::{CameraRow, Item, Published, StatedCount};

/// The list of cameras of the sections about them.
pub(super) fn list(published: &Published, prose: &[StatedCount]) -> Option<List> {
    let mut list = List::default();
    for section in published.about(Item::Cameras) {
        let mut caption: Option<(Marker, String)> = None;
        for line in published.source.between(section.first + 1, section.last) {
            let is_sum = prose.iter().any(|it| it.line == line.number && it.of.is_none());
            if published.is_in_table(line.number) || line.squeezed.is_empty() {
                continue;
            }
            let marked = marked(&line.text);
            if is_sum {
                list.rows.extend(named_parts(line.number, prose));
                continue;
            }
            let rows = rows(line.number, marked.rest, caption.as_ref().map(|it| it.1.as_str()));
            let is_name = rows.is_empty()
                && line.squeezed.chars().count() <= 20
                && !matches!(marked.marker, Marker::Note | Marker::None)
                && !line.squeezed.contains([':', '.']);
            if is_name {
                caption =
                    Some((marked.marker, marked.rest.trim_end_matches(['>', ']', ' ']).to_owned()));
            }
            list.rows.extend(rows);
        }
    }
    // A single count is what is stated, not a list.
    let counted = list.rows.iter().filter(|row| row.count.is_some()).count();
    (counted > 0).then_some(list)
}

/// `총 3대(실내 2, 실외 1)` lists two.
fn named_parts(line: u32, prose: &[StatedCount]) -> Vec<CameraRow> {
    let parts = prose.iter().filter(|it| it.line == line && it.of.is_some());
    parts.map(|it| row(line, it.of.clone().unwrap_or_default(), it.count, None)).collect()
}

/// The cameras of a line: `1층 로비 2대, 후문 1대`, `정문: 2대`.
fn rows(line: u32, text: &str, group: Option<&str>) -> Vec<CameraRow> {
    let bare = squeezed(text);
    let says_other =
        ["주차대수", "초과", "니다.", "청사관리소", "관리주체"].iter().any(|it| bare.contains(it));
    if says_other {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for part in outside_brackets(text, &[',', ';', '/']) {
        let found = counts(part);
        let Some(count) = found.first() else { continue };
        let before =
            part[..count.start].trim().trim_end_matches([':', '-', '(', '=', '각', ' ']).trim();
        let after = part[count.end..].trim_start_matches([')', ' ']).trim();
        let after = after.trim_start_matches(['-', ':', '(', ')']).trim();
        let is_each = part[..count.start].trim_end().ends_with('각') || after.starts_with('씩');
        let place = if before.is_empty() { after } else { before };
        let place = without_count(place);
        if place.is_empty() {
            continue;
        }
        let each = if is_each { super::expand::places(before) } else { Some(1) };
        let number = each.and_then(|times| count.value.checked_mul(times));
        rows.push(row(line, place, number.unwrap_or(count.value), group));
    }
    rows
}

fn row(line: u32, place: String, count: u32, group: Option<&str>) -> CameraRow {
    CameraRow {
        line,
        table: None,
        group: group.map(ToOwned::to_owned),
        place,
        range: None,
        purpose: None,
        count_text: format!("{count}대"),
        count: Some(count),
        count_may_be_above: false,
        parts: None,
    }
}
