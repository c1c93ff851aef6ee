//! Tables that a page lost its lines of: headings and cells that only single blanks part. The headings are
//! found by their words; of the rows only what can be told for sure, by the count or the period in them.

use super::below::rows_below;
use super::grid::RawRow;
use super::{ColumnKind, kind_of};
use crate::facts::squeezed;
use crate::marker::{Marker, marked};
use crate::scan::{counts, lone_number, numbers, periods, phones};
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
    "보관기간및보관장소",
    "보관기간및장소",
    "보관기간",
    "영상정보보관장소",
    "보관장소",
    "파기방법",
    "삭제방법",
    "모니터번호",
    "처리방법",
    "설치목적",
    "카메라대수",
    "카메라수",
    "총대수",
    "설치수량",
    "설치층",
    "설치구역",
    "촬영구역",
    "시설물명",
    "관리부서",
    "관리번호",
    "대수",
    "수량",
    "구분",
    "연번",
    "순번",
    "번호",
    "사무소명",
    "사무소",
    "점포명",
    "지점명",
    "직명",
    "성함",
    "시설명",
    "시설",
    "건물명",
    "건물",
    "위치",
    "장소",
    "성능",
    "화소",
    "층별",
    "층",
    "목적",
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
        at = rows_below(source, at, &is_taken, &titles, &mut rows);
        if rows.len() > 1 {
            grids.push(rows);
        }
    }
    grids
}

/// The headings of a line that is nothing but headings.
pub(super) fn titles(line: &Line) -> Option<Vec<&'static str>> {
    if line.text.contains(['\t', '|', ',', ':', '.']) || line.squeezed.chars().count() > 60 {
        return None;
    }
    let mut rest = line.squeezed.as_str();
    let mut found: Vec<&'static str> = Vec::new();
    while !rest.is_empty() {
        let title = TITLES.iter().find(|it| rest.starts_with(*it))?;
        found.push(title);
        rest = without_remark(&rest[title.len()..]);
    }
    (found.len() > 1 && line.text.contains(' ')).then_some(found)
}

/// A heading's remark in brackets left out: `대수(공개/비공개)`.
fn without_remark(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(') else { return text };
    let is_remark =
        |text: &str| text.chars().count() <= 12 && !text.contains(|it: char| it.is_ascii_digit());
    let end = inner.find(')').filter(|end| is_remark(&inner[..*end]));
    end.map_or(text, |end| &inner[end + 1..])
}

pub(super) fn ends(line: &Line) -> bool {
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
pub(super) fn cells(text: &str, titles: &[&str]) -> Vec<Vec<String>> {
    let at = |word: &str| titles.iter().position(|it| it.ends_with(word));
    if let Some(count) = titles.iter().position(|it| kind_of(it) == ColumnKind::Count) {
        return sum_row(text, titles, count)
            .map_or_else(|| by_count(text, titles, count), |row| vec![row]);
    }
    if at("보관기간").is_some() && at("보관장소").is_some() {
        return by_period(text, titles).into_iter().collect();
    }
    by_word(text, titles).or_else(|| by_role(text, titles)).into_iter().collect()
}

/// A person's row of more words or fewer than there are headings: it is put below them from its role on.
fn by_role(text: &str, titles: &[&str]) -> Option<Vec<String>> {
    let contact = titles.iter().position(|it| kind_of(it) == ColumnKind::Contact);
    let phone = phones(text).into_iter().next();
    let head = phone.as_ref().map_or(text, |it| &text[..it.start]);
    let words: Vec<&str> = head.split_whitespace().collect();
    let role = words.iter().take(4).position(|it| is_role(it))?;
    let end = contact.unwrap_or(titles.len());
    let from = titles[..end].iter().position(|it| *it == "구분").unwrap_or(0);
    let from = if role > 0 { from.max(1) } else { from };
    if words.len() > end + 3 || words.len() < 2 || from >= end {
        return None;
    }
    let mut row = vec![String::new(); titles.len()];
    for (at, word) in words.iter().enumerate() {
        // What stands before the role names whose it is.
        let column = if at < role { 0 } else { (from + at - role).min(end - 1) };
        let own = &mut row[column];
        if !own.is_empty() {
            own.push(' ');
        }
        own.push_str(word);
    }
    if let Some(contact) = contact {
        // A number that stands once for several rows.
        row[contact] = phone.map_or_else(|| "〃".to_owned(), |it| squeezed(&it.value.text));
    }
    Some(row)
}

fn is_role(word: &str) -> bool {
    ["책임자", "권한자", "담당자", "열람자", "책임관"].iter().any(|it| word.ends_with(it))
}

/// `총 14대`, `합계 60`: the sum that closes the rows.
fn sum_row(text: &str, titles: &[&str], count: usize) -> Option<Vec<String>> {
    const WORDS: [&str; 6] = ["총합계", "총계", "합계", "소계", "계", "총"];
    let bare = squeezed(text);
    let bare = bare.trim_start_matches(['(', '[', '<', '*', '-']);
    let word = WORDS.iter().find(|it| bare.starts_with(*it))?;
    let rest = bare[word.len()..].trim_start_matches([':', '-', ')', '(', '대', '수']);
    let number = numbers(rest).first().copied().filter(|it| it.start == 0)?;
    let rest = &rest[number.end..];
    let is_count = rest.is_empty() || rest.starts_with(['대', '(', ')', '개', 'E']);
    is_count.then(|| {
        let mut row = vec![String::new(); titles.len()];
        (*word).clone_into(&mut row[0]);
        let shown = if count == 0 {
            format!("{word} {}대", number.value)
        } else {
            number.value.to_string()
        };
        row[count] = shown;
        row
    })
}

/// What stands before the count and behind it, for the columns before and behind.
fn by_count(text: &str, titles: &[&str], count: usize) -> Vec<Vec<String>> {
    let found = counts(text);
    let mut rows = Vec::new();
    let spans: Vec<(usize, usize)> = match found.as_slice() {
        [] => bare_count(text, titles.len(), count).into_iter().collect(),
        [one] => vec![(one.start, one.end)],
        // `40대/148대`: one cell.
        [first, second] if text[first.end..second.start].trim() == "/" => {
            vec![(first.start, second.end)]
        }
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
        let columns = &titles[count + 1..];
        let has_hours = columns.contains(&"촬영시간");
        match has_hours.then(|| by_period(&behind, columns)).flatten() {
            Some(cells) => row[count + 1..].clone_from_slice(&cells),
            None => spread(&behind, &mut row[count + 1..]),
        }
        rows.push(row);
        from = end;
    }
    rows
}

/// The count of a row that does not say `대`: the last word, the first, or the only one that is a number.
fn bare_count(text: &str, columns: usize, count: usize) -> Option<(usize, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        if !word.is_empty() {
            words.push((at, at + word.len()));
        }
        at += word.len() + 1;
    }
    let is_number = |span: &&(usize, usize)| lone_number(&text[span.0..span.1]).is_some();
    let own = if count + 1 == columns {
        words.last()
    } else if count == 0 {
        words.first()
    } else {
        let mut numbers = words.iter().filter(is_number);
        numbers.next().filter(|_| numbers.next().is_none())
    };
    own.filter(is_number).filter(|_| words.len() > 1).copied()
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
    const BEGINS: [&str; 7] = ["촬영일", "촬영 일", "촬영시", "촬영 시", "녹화일", "최대", "영상"];
    const HOURS: [&str; 4] = ["24시간", "24 시간", "상시", "연중"];
    const BOUNDS: [&str; 7] = ["이내", "내외", "이하", "까지", "간", "미만", "이상"];
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
    let hours = HOURS.iter().filter_map(|it| text[..from].find(it)).min().unwrap_or(0);
    let group = if titles[0] == "촬영시간" { 0 } else { hours };
    set(titles[0], &text[..group]);
    set("촬영시간", &text[group..from]);
    set("보관기간", &text[from..end]);
    let column = |title: &str| titles.iter().position(|it| *it == title);
    let is_before = column("보관장소") < column("보관기간");
    if is_before {
        set("보관장소", &text[group..from]);
        set("파기방법", &text[end..]);
        set("삭제방법", &text[end..]);
    } else {
        set("보관장소", &text[end..]);
    }
    set("보관기간및장소", &text[from..]);
    set("보관기간및보관장소", &text[from..]);
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
