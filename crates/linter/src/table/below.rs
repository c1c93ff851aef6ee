//! The rows below a line of headings that only blanks part, and their cells that came out on further lines.

use super::blank::{cells, ends, titles};
use super::grid::RawRow;
use super::{ColumnKind, kind_of};
use crate::facts::{first_letters, squeezed};
use crate::marker::{Marker, marked};
use crate::scan::{counts, lone_number, periods};
use crate::{Line, Source};

/// A row has no more lines than this.
const MOST_LINES: usize = 6;
/// A line that goes on in a cell is no longer than this, in letters.
const LONGEST: usize = 40;

/// Reads the rows from line `at` on; where they end.
pub(super) fn rows_below(
    source: &Source,
    mut at: usize,
    is_taken: &impl Fn(&Line) -> bool,
    headings: &[&str],
    rows: &mut Vec<RawRow>,
) -> usize {
    let count = headings.iter().position(|it| kind_of(it) == ColumnKind::Count);
    let mut waiting: Vec<&Line> = Vec::new();
    let mut end = at;
    loop {
        at = if waiting.is_empty() { over_blank(source, at, headings) } else { at };
        // A sign of a list may begin a further line of a cell.
        let is_end = |it: &Line| ends(it) && (waiting.is_empty() || !is_dashed(it));
        let Some(line) = source.lines.get(at).filter(|it| !is_taken(it) && !is_end(it)) else {
            break;
        };
        if titles(line).is_some() {
            break;
        }
        if let Some((cells, next)) = count_alone(source, at, headings, rows.len()) {
            rows.push(RawRow { last: next, ..RawRow::new(line.number, cells) });
            (at, end) = (next as usize, next as usize);
            continue;
        }
        at += 1;
        if count.is_none() && goes_on_kept(line, headings, rows) {
            end = at;
            continue;
        }
        let own = joined(&waiting, line);
        let first = waiting.first().map_or(line.number, |it| it.number);
        let read = cells(&own, headings);
        if !read.is_empty() {
            let made = |cells| RawRow { last: line.number, ..RawRow::new(first, cells) };
            rows.extend(read.into_iter().map(made));
            waiting.clear();
            end = at;
        } else if goes_on(line, rows) {
            end = at;
        } else if count.is_some_and(|it| it > 0) && may_wait(line) && waiting.len() < MOST_LINES {
            waiting.push(line);
        } else {
            break;
        }
    }
    end
}

fn is_dashed(line: &Line) -> bool {
    marked(&line.text).marker == Marker::Dash && may_wait(line)
}

fn joined(waiting: &[&Line], line: &Line) -> String {
    let mut text = String::new();
    for part in waiting.iter().copied().chain([line]) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part.text.trim());
    }
    text
}

/// One empty line may part two rows.
fn over_blank(source: &Source, at: usize, headings: &[&str]) -> usize {
    let is_blank = source.lines.get(at).is_some_and(|it| it.squeezed.is_empty());
    let is_row =
        |it: &&Line| !it.squeezed.is_empty() && !ends(it) && !cells(&it.text, headings).is_empty();
    if is_blank && source.lines.get(at + 1).filter(is_row).is_some() { at + 1 } else { at }
}

/// A line whose count may stand further down: short, and no label.
fn may_wait(line: &Line) -> bool {
    line.squeezed.chars().count() <= LONGEST && !line.squeezed.contains([':', '※'])
}

/// A first row whose count stands alone on its line, and its place on the next.
fn count_alone(
    source: &Source,
    at: usize,
    headings: &[&str],
    count: usize,
) -> Option<(Vec<String>, u32)> {
    let line = source.lines.get(at)?;
    let is_alone = lone_number(&line.squeezed).is_some() && line.squeezed.ends_with('대');
    if count > 1 || headings.len() != 2 || kind_of(headings[0]) != ColumnKind::Count || !is_alone {
        return None;
    }
    let below = source.lines[at + 1..].iter().take(3).find(|it| !it.squeezed.is_empty())?;
    let is_place = counts(&below.text).is_empty()
        && !ends(&Line {
            squeezed: first_letters(&below.squeezed, 100).to_owned(),
            ..below.clone()
        });
    is_place
        .then(|| (vec![line.text.trim().to_owned(), below.text.trim().to_owned()], below.number))
}

/// `(별관 포함)` goes on in the last cell of the row above.
fn goes_on(line: &Line, rows: &mut [RawRow]) -> bool {
    let is_short = line.squeezed.chars().count() <= 30;
    let has_number = line.squeezed.contains(|it: char| it.is_ascii_digit());
    let in_brackets = line.squeezed.starts_with('(') && line.squeezed.ends_with(')');
    let [_, .., row] = rows else { return false };
    if !is_short || has_number || !in_brackets {
        return false;
    }
    row.last = line.number;
    true
}

/// A further period of the row above, or the end of its place: `영상촬영장치 : 180일`, `영상서버`.
fn goes_on_kept(line: &Line, headings: &[&str], rows: &mut [RawRow]) -> bool {
    const ENDS: [&str; 12] =
        ["본사", "실", "서버", "센터", "장비", "층", "과", "팀", "소", "데스크", "녹화기", "장치"];
    const HOURS: [&str; 3] = ["시간", "상시", "연중"];
    let at = |title: &str| headings.iter().position(|it| *it == title);
    let (Some(period), Some(place)) = (at("보관기간"), at("보관장소")) else {
        return false;
    };
    let [_, .., row] = rows else { return false };
    let text = line.text.trim();
    let bare = squeezed(text);
    let is_short = bare.chars().count() <= 30 && !HOURS.iter().any(|it| bare.contains(it));
    let own = if is_short && !periods(&bare).is_empty() {
        period
    } else if is_short && !bare.contains(':') && ENDS.iter().any(|it| bare.ends_with(it)) {
        place
    } else {
        return false;
    };
    let cell = &mut row.cells[own];
    if !cell.is_empty() {
        cell.push_str(if own == period { ", " } else { " " });
    }
    cell.push_str(text);
    row.last = line.number;
    true
}
