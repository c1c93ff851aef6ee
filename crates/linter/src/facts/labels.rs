//! Values with a label: cells under a heading, and `label: value` in lines.

use crate::marker::{Marker, marked};
use crate::table::kind_of;
use crate::{ColumnKind, Item, Published, RowKind};

/// A value with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labelled {
    pub(crate) line: u32,
    pub(crate) item: Item,
    pub(crate) label: String,
    pub(crate) kind: ColumnKind,
    pub(crate) value: String,
    pub(crate) group: Option<String>,
    pub(crate) in_table: bool,
}

/// A label before a colon is no longer than this, in letters without spaces.
const LONGEST_LABEL: usize = 24;

/// All of them, in the order of the text.
pub(crate) fn labelled(published: &Published) -> Vec<Labelled> {
    let mut found = of_tables(published);
    found.extend(of_lines(published));
    found.sort_by_key(|it| it.line);
    found
}

fn of_tables(published: &Published) -> Vec<Labelled> {
    let mut found = Vec::new();
    for table in &published.tables {
        if published.section_of(table.first).is_some_and(is_of_mobile) {
            continue;
        }
        let item = published.section_of(table.first).map_or(Item::Preamble, |it| it.item);
        for row in table.rows.iter().filter(|row| row.kind == RowKind::Body) {
            let group = table.cell(row, ColumnKind::Group).map(|cell| cell.text.clone());
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                // `보관기간 및 장소` holds both, parted by a comma.
                let joined = column.kind == ColumnKind::Retention && column.title.contains("장소");
                let place = if joined {
                    cell.text.split_once([',', '/'])
                } else {
                    slipped_place(table, row, column.kind, &cell.text)
                };
                if let Some((_, place)) = place {
                    found.push(Labelled {
                        line: cell.line,
                        item,
                        label: column.title.clone(),
                        kind: ColumnKind::Storage,
                        value: place.trim().to_owned(),
                        group: group.clone(),
                        in_table: true,
                    });
                }
                if column.kind != ColumnKind::Other {
                    found.push(Labelled {
                        line: cell.line,
                        item,
                        label: column.title.clone(),
                        kind: column.kind,
                        value: cell.text.clone(),
                        group: group.clone(),
                        in_table: true,
                    });
                }
            }
        }
    }
    found
}

/// `30일 이내, 방재실` in a cell of several lines, where nothing stands below the heading of the place.
fn slipped_place<'t>(
    table: &crate::Table,
    row: &crate::Row,
    kind: ColumnKind,
    text: &'t str,
) -> Option<(&'t str, &'t str)> {
    let has_column = table.column(ColumnKind::Storage).is_some();
    let is_empty = has_column && table.cell(row, ColumnKind::Storage).is_none();
    let parted = text.rsplit_once(',').filter(|_| is_empty && kind == ColumnKind::Retention);
    parted.filter(|(_, last)| {
        let last = last.trim();
        !last.is_empty()
            && last.chars().count() <= 20
            && !last.contains(|it: char| it.is_ascii_digit())
    })
}

/// Drones and cameras that are worn have a policy of their own.
fn is_of_mobile(section: &crate::Section) -> bool {
    section.heading.contains("이동형") && !section.heading.contains("고정형")
}

fn of_lines(published: &Published) -> Vec<Labelled> {
    let mut found: Vec<Labelled> = Vec::new();
    for section in
        published.sections.iter().filter(|it| it.item != Item::Annex && !is_of_mobile(it))
    {
        let first = section.first + u32::from(!section.heading.is_empty());
        let lines = published.source.between(first, section.last);
        for (at, line) in lines.iter().enumerate() {
            if published.is_in_table(line.number) || line.squeezed.is_empty() {
                continue;
            }
            let rest = marked(&line.text).rest;
            let mut pairs = pairs(rest);
            if pairs.is_empty() {
                pairs.extend(side_by_side(rest));
            }
            if pairs.is_empty() {
                pairs.extend(alone(published, rest, &lines[at + 1..]));
            }
            found.extend(pairs.into_iter().map(|(label, value)| Labelled {
                line: line.number,
                item: section.item,
                kind: kind_of(&label),
                label,
                value,
                group: None,
                in_table: false,
            }));
        }
    }
    found
}

/// `label: value, label: value`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for part in outside_brackets(text, &[',', '/', ';']) {
        match part.split_once([':', '=']).map(|(label, value)| (clean(label), value)) {
            Some((label, value)) if is_label(&label) => found.push((label, clean(value))),
            _ => {
                if let Some((_, value)) = found.last_mut() {
                    value.push_str(", ");
                    value.push_str(part.trim());
                }
            }
        }
    }
    found
}

/// `보관 장소 1층 사무실`: a field's word at the head, and its value with nothing between them.
fn side_by_side(text: &str) -> Option<(String, String)> {
    const FIELDS: [&str; 10] = [
        "설치목적",
        "보유기간",
        "촬영시간",
        "보관기간",
        "보관장소",
        "처리방법",
        "설치위치",
        "촬영범위",
        "확인장소",
        "확인방법",
    ];
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let second = words.next()?;
    let (label, value) = if FIELDS.contains(&first) {
        (first.to_owned(), text.trim_start().strip_prefix(first)?)
    } else {
        let both = format!("{first}{second}");
        let at = text.find(second)? + second.len();
        FIELDS.contains(&both.as_str()).then(|| (both, &text[at..]))?
    };
    let value = value.trim();
    let is_title = value.is_empty()
        || FIELDS.iter().any(|it| super::squeezed(value).starts_with(it))
        || ["및", "등", "은 ", "는 ", "을 ", "에 "].iter().any(|it| value.starts_with(it));
    (!is_title).then(|| (label, value.to_owned()))
}

/// A label on a line of its own; what is below it is the value.
fn alone(published: &Published, text: &str, below: &[crate::Line]) -> Option<(String, String)> {
    let label = clean(text);
    let squeezed: String = label.chars().filter(|it| !it.is_whitespace()).collect();
    if !is_label(&label) || squeezed.chars().count() > 12 || squeezed.contains(['(', '.', ',']) {
        return None;
    }
    let value = below.iter().find(|line| !line.squeezed.is_empty())?;
    let marker = marked(&value.text).marker;
    let is_other = matches!(marker, Marker::Article | Marker::Roman | Marker::Decimal)
        || published.is_in_table(value.number)
        || is_label(&clean(marked(&value.text).rest));
    (!is_other).then(|| (label, clean(marked(&value.text).rest)))
}

fn is_label(label: &str) -> bool {
    let length = label.chars().filter(|it| !it.is_whitespace()).count();
    (2..=LONGEST_LABEL).contains(&length) && kind_of(label) != ColumnKind::Other
}

fn clean(text: &str) -> String {
    let text = text.trim().trim_matches(['*', '"', '\'']).trim();
    marked(text).rest.trim_end_matches(['.', ' ', '*']).trim().to_owned()
}

/// Parts of a text between separators that stand in no bracket.
pub(crate) fn outside_brackets<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0_u32, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if is_between_digits(text, at) => {}
            _ if depth == 0 && separators.contains(&letter) => {
                parts.push(&text[from..at]);
                from = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The comma of `1,234`.
fn is_between_digits(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(|it| it.is_ascii_digit());
    let after = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
    before && after == 3
}
