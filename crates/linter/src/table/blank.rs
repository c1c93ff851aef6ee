//! Tables that a page lost its lines of: headings and cells that only single blanks part. The headings are
//! found by their words; of the rows only what can be told for sure, by the count or the period in them.

use super::grid::RawRow;
use crate::facts::squeezed;
use crate::marker::{Marker, marked};
use crate::scan::{counts, lone_number, periods, phones};
use crate::{Line, Source};

/// Headings of columns, the longer first where one begins with another.
const TITLES: &[&str] = &[
    "설치위치및촬영범위",
    "설치장소및촬영범위",
    "설치위치와촬영범위",
    "설치위치",
    "설치장소",
    "설치대수",
    "촬영범위",
    "촬영시간",
    "촬영방법",
    "보관기간",
    "보관장소",
    "처리방법",
    "설치목적",
    "카메라대수",
    "대수",
    "수량",
    "구분",
    "연번",
    "순번",
    "번호",
    "시설명",
    "건물명",
    "기관명",
    "성명",
    "이름",
    "직위",
    "직책",
    "직급",
    "소속",
    "담당부서",
    "부서",
    "연락처",
    "전화번호",
    "비고",
    "수탁업체",
    "업체명",
    "담당자",
    "위탁업무",
];

/// The tables, row by row.
pub(super) fn blank_grids(source: &Source, is_taken: impl Fn(&Line) -> bool) -> Vec<Vec<RawRow>> {
    let mut grids = Vec::new();
    let mut at = 0;
    while at < source.lines.len() {
        let line = &source.lines[at];
        let titles = if is_taken(line) { None } else { titles(line) };
        at += 1;
        let Some(titles) = titles else { continue };
        let mut rows =
            vec![RawRow::new(line.number, titles.iter().map(|it| (*it).to_owned()).collect())];
        // A page puts an empty line below its headings.
        at += usize::from(source.lines.get(at).is_some_and(|below| below.squeezed.is_empty()));
        while let Some(below) =
            source.lines.get(at).filter(|below| !is_taken(below) && !ends(below))
        {
            let cells = cells(&below.text, &titles);
            if cells.is_empty() {
                break;
            }
            rows.extend(cells.into_iter().map(|cells| RawRow::new(below.number, cells)));
            at += 1;
        }
        if rows.len() > 1 {
            grids.push(rows);
        }
    }
    grids
}

/// The headings of a line that is nothing but headings.
fn titles(line: &Line) -> Option<Vec<&'static str>> {
    if line.text.contains(['\t', '|', ',', ':', '.']) || line.squeezed.chars().count() > 60 {
        return None;
    }
    let mut rest = line.squeezed.as_str();
    let mut found: Vec<&'static str> = Vec::new();
    while !rest.is_empty() {
        let title = TITLES.iter().find(|it| rest.starts_with(*it))?;
        found.push(title);
        rest = &rest[title.len()..];
    }
    (found.len() > 1 && line.text.contains(' ')).then_some(found)
}

fn ends(line: &Line) -> bool {
    let marker = marked(&line.text).marker;
    let is_section = matches!(
        marker,
        Marker::Article | Marker::Roman | Marker::Decimal | Marker::Note | Marker::Dash
    );
    line.squeezed.is_empty()
        || is_section
        || line.squeezed.ends_with("니다.")
        || line.squeezed.chars().count() > 120
}

/// The cells of a row; several rows where one line counts twice (`압수물 179대/영농 60대`).
fn cells(text: &str, titles: &[&str]) -> Vec<Vec<String>> {
    let at = |word: &str| titles.iter().position(|it| it.ends_with(word));
    if let Some(count) = at("대수").or_else(|| at("수량")) {
        return by_count(text, titles, count);
    }
    if at("보관기간").is_some() && at("보관장소").is_some() {
        return by_period(text, titles).into_iter().collect();
    }
    by_word(text, titles).into_iter().collect()
}

/// What stands before the count and behind it, for the columns before and behind.
fn by_count(text: &str, titles: &[&str], count: usize) -> Vec<Vec<String>> {
    let found = counts(text);
    let mut rows = Vec::new();
    let bare = || {
        let last = text.split_whitespace().next_back().filter(|it| lone_number(it).is_some())?;
        Some((text.len() - last.len(), text.len()))
    };
    let spans: Vec<(usize, usize)> = match found.as_slice() {
        [] => bare().into_iter().collect(),
        [one] => vec![(one.start, one.end)],
        [first, second, ..] if text[first.end..second.start].contains('/') => {
            vec![(first.start, first.end), (second.start, second.end)]
        }
        [first, .., last] => {
            vec![if count == 0 { (first.start, first.end) } else { (last.start, last.end) }]
        }
    };
    let after = spans.last().map_or("", |it| text[it.1..].trim());
    let mut from = 0;
    for (start, end) in spans {
        let before = text[from..start].trim().trim_start_matches('/').trim();
        let mut row = vec![String::new(); titles.len()];
        text[start..end].clone_into(&mut row[count]);
        // Where the heading of the first column is missing, its words still name the row.
        let behind = if count == 0 && !before.is_empty() {
            format!("{before} {after}")
        } else {
            after.to_owned()
        };
        spread(before, &mut row[..count]);
        spread(&behind, &mut row[count + 1..]);
        rows.push(row);
        from = end;
    }
    rows
}

/// Words for some columns: the first word for the first, the rest for the second.
fn spread(text: &str, columns: &mut [String]) {
    match columns {
        [] => {}
        [one] => text.clone_into(one),
        [first, second, ..] => {
            let (head, tail) = text.split_once(' ').unwrap_or((text, ""));
            head.clone_into(first);
            tail.trim().clone_into(second);
        }
    }
}

/// `24시간 촬영일로부터 30일 이내 본관 관제실`.
fn by_period(text: &str, titles: &[&str]) -> Option<Vec<String>> {
    const BEGINS: [&str; 5] = ["촬영일", "촬영 일", "녹화일", "최대", "영상"];
    const BOUNDS: [&str; 6] = ["이내", "이하", "까지", "간", "미만", "이상"];
    // Periods are read without blanks, so only one that is written in one word is found here.
    let mut at = 0;
    let mut span = None;
    for word in text.split_inclusive(' ') {
        let period = periods(&squeezed(word)).into_iter().find(|it| it.value.days > 1);
        if period.is_some() && !word.contains("24시간") {
            span = Some((at, at + word.len()));
        }
        at += word.len();
    }
    let (start, mut end) = span?;
    let from =
        BEGINS.iter().filter_map(|it| text[..end].find(it)).min().unwrap_or(start).min(start);
    if let Some(bound) = BOUNDS.iter().find(|it| text[end..].trim_start().starts_with(**it)) {
        let rest = text[end..].trim_start();
        end = text.len() - rest.len() + bound.len();
    }
    let mut row = vec![String::new(); titles.len()];
    let mut set = |title: &str, value: &str| {
        if let Some(at) = titles.iter().position(|it| *it == title) {
            value.trim().clone_into(&mut row[at]);
        }
    };
    set("촬영시간", &text[..from]);
    set("보관기간", &text[from..end]);
    set("보관장소", &text[end..]);
    Some(row)
}

/// One word for each column; a telephone number is one word.
fn by_word(text: &str, titles: &[&str]) -> Option<Vec<String>> {
    let phone = phones(text).into_iter().next();
    let shown = phone.as_ref().map_or(text.to_owned(), |it| {
        format!("{}{}{}", &text[..it.start], squeezed(&it.value.text), &text[it.end..])
    });
    let words: Vec<String> = shown.split_whitespace().map(ToOwned::to_owned).collect();
    (words.len() == titles.len()).then_some(words)
}
