//! Cameras in lists and sentences, where no table has them.

use super::groups::without_count;
use super::squeezed;
use super::tabled::List;
use crate::facts::labels::outside_brackets;
use crate::marker::{Marker, marked};
use crate::scan::{counts, lone_number};
use crate::table::kind_of;
use crate::{CameraRow, ColumnKind, Item, Line, Published, StatedCount};

/// The list of cameras of the sections about them.
pub(super) fn list(published: &Published, prose: &[StatedCount]) -> Option<List> {
    let mut list = List::default();
    for section in published.about(Item::Cameras) {
        let lines: Vec<&Line> = published
            .source
            .between(section.first + 1, section.last)
            .iter()
            .filter(|line| !published.is_in_table(line.number) && !line.squeezed.is_empty())
            .collect();
        if let Some(flat) = flat_table(&lines) {
            list.rows.extend(flat.rows);
            list.stated.extend(flat.stated);
        } else {
            of_lines(&lines, prose, &mut list);
        }
    }
    // Counts in brackets within counts in brackets: nobody can tell which are the rows.
    let total = prose.iter().find(|it| it.of.is_none()).map(|it| it.count);
    let sum = list.sum();
    let is_nested =
        list.rows.windows(2).any(|it| it[0].line == it[1].line && it[0].count > it[1].count);
    if is_nested && total.is_some_and(|it| it < sum) {
        return None;
    }
    // A single count is what is stated, not a list.
    let counted = list.rows.iter().filter(|row| row.count.is_some()).count();
    (counted > 0).then_some(list)
}

fn of_lines(lines: &[&Line], prose: &[StatedCount], list: &mut List) {
    let mut caption: Option<String> = None;
    for (at, line) in lines.iter().enumerate() {
        if prose.iter().any(|it| it.line == line.number && it.of.is_none()) {
            let parts = named_parts(line.number, prose);
            // `총 12대 1층 입구 1대, 로비 2대`: the list goes on behind the sum.
            let behind = counts(&line.text).first().map_or("", |it| &line.text[it.end..]);
            let is_list = parts.is_empty() && counts(behind).len() > 1;
            list.rows.extend(if is_list {
                rows(line.number, behind, caption.as_deref())
            } else {
                parts
            });
            continue;
        }
        let marked = marked(&line.text);
        let rows = rows(line.number, marked.rest, caption.as_deref());
        let below = lines
            .get(at + 1)
            .is_some_and(|next| depth(next) > depth(line) && !counts(&next.text).is_empty());
        let is_name = rows.is_empty()
            && line.squeezed.chars().count() <= 20
            && !matches!(marked.marker, Marker::Note | Marker::None)
            && !line.squeezed.contains([':', '.']);
        match rows.as_slice() {
            [one] if below => {
                caption = Some(one.place.clone());
                list.stated.extend(one.count.map(|count| StatedCount {
                    line: line.number,
                    count,
                    of: caption.clone(),
                    rows: None,
                }));
                continue;
            }
            [] if is_name || (below && line.squeezed.chars().count() <= 20) => {
                caption = Some(marked.rest.trim_end_matches(['>', ']', ' ', ':']).to_owned());
            }
            _ => {}
        }
        list.rows.extend(rows);
    }
}

/// How deep a line stands in a list: one without a sign is above those with one.
fn depth(line: &Line) -> u8 {
    match marked(&line.text).marker {
        Marker::None => 0,
        Marker::Article | Marker::Roman | Marker::Decimal | Marker::Hash | Marker::Square => 1,
        Marker::Letter | Marker::Bracket | Marker::Nested => 2,
        Marker::Paren | Marker::LetterParen | Marker::Ring => 3,
        Marker::Circled => 4,
        Marker::Dash => 5,
        Marker::Note => 0,
    }
}

/// A table whose cells only single spaces part: below a line of headings each line ends with its count.
fn flat_table(lines: &[&Line]) -> Option<List> {
    let is_heading = |line: &&Line| {
        let words: Vec<ColumnKind> = line.text.split_whitespace().map(kind_of).collect();
        let known = words.iter().filter(|it| **it != ColumnKind::Other).count();
        words.len() >= 2 && words.contains(&ColumnKind::Count) && known * 3 >= words.len() * 2
    };
    let at = lines.iter().position(is_heading)?;
    let mut list = List::default();
    for line in &lines[at + 1..] {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        let Some(count) = words.last().and_then(|it| lone_number(it)) else { continue };
        let place = words[..words.len() - 1].join(" ");
        let place = marked(&place).rest.trim().to_owned();
        if ["계", "합계", "총계", "소계"].contains(&squeezed(&place).as_str()) {
            let of = (squeezed(&place) == "소계").then(String::new);
            list.stated.push(StatedCount { line: line.number, count, of, rows: None });
        } else if !place.is_empty() && !line.squeezed.ends_with("층") {
            list.rows.push(row(line.number, place, count, None));
        }
    }
    (list.rows.len() > 1).then_some(list)
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
    // `교내: 1층 복도 4대, 2층 복도 3대`: what stands before the colon is the group.
    let labelled = text.split_once(':').filter(|(label, rest)| {
        let first = counts(rest).first().map_or(0, |it| it.start);
        let places = squeezed(&rest[..first]).trim_matches(['총', '각', '약']).chars().count() > 1;
        places && label.chars().count() <= 16 && counts(label).is_empty()
    });
    let says_nothing = |label: &str| kind_of(label) != ColumnKind::Other;
    let (own, text) = match labelled {
        Some((label, rest)) if says_nothing(label) => (None, rest),
        Some((label, rest)) => (Some(label.trim()), rest),
        None => (None, text),
    };
    let group = own.or(group);
    for part in outside_brackets(text, &[',', ';', '/']) {
        // `외부 2대 주차장 3대` counts twice in one part.
        let found = counts(part);
        let mut from = 0;
        for (at, count) in found.iter().enumerate() {
            let to = found.get(at + 1).map_or(part.len(), |_| count.end);
            rows.extend(counted(
                line,
                &part[from..to],
                count.start - from..count.end - from,
                count.value,
                group,
            ));
            from = count.end;
        }
    }
    rows
}

/// One place with its count.
fn counted(
    line: u32,
    part: &str,
    span: std::ops::Range<usize>,
    value: u32,
    group: Option<&str>,
) -> Option<CameraRow> {
    let head = &part[..span.start];
    let before = head.trim().trim_start_matches([')', ' ']);
    let before = before.trim_end_matches([':', '-', '(', '=', '각', ' ']).trim();
    let after = part[span.end..].trim_start_matches([')', ' ']).trim();
    let after = after.trim_start_matches(['-', ':', '(', ')']).trim();
    let is_each = head.trim_end().ends_with('각') || after.starts_with('씩');
    let place = without_count(if before.is_empty() { after } else { before });
    if place.is_empty() {
        return None;
    }
    let each = if is_each { super::expand::places(before) } else { Some(1) };
    let number = each.and_then(|times| value.checked_mul(times));
    Some(row(line, place, number.unwrap_or(value), group))
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
