//! Sums that the text states outside its tables.

use super::squeezed;
use crate::facts::labels::outside_brackets;
use crate::marker::marked;
use crate::scan::{counts, lone_number};
use crate::{Item, Published, StatedCount};

/// Every sum that a sentence, a list or a heading states.
pub(super) fn stated(published: &Published) -> Vec<StatedCount> {
    let mut found = Vec::new();
    for section in &published.sections {
        let is_about = section.is(Item::Cameras);
        if !is_about && matches!(section.item, Item::Annex | Item::Changes) {
            continue;
        }
        for line in published.source.between(section.first, section.last) {
            if !published.is_in_table(line.number) {
                found.extend(of_line(line.number, &line.text, is_about));
            }
        }
    }
    without_parts(published, found)
}

/// `설치 대수: 24` several times, each below its place, are rows of a list and no sum.
fn without_parts(published: &Published, mut found: Vec<StatedCount>) -> Vec<StatedCount> {
    let is_label = |it: &StatedCount| {
        let line = published.source.line(it.line).map_or("", |it| it.squeezed.as_str());
        it.of.is_none() && !["총", "합계", "모두", "전체"].iter().any(|word| line.contains(word))
    };
    if found.iter().filter(|it| is_label(it)).count() > 1 {
        found.retain(|it| !is_label(it));
    }
    found
}

fn of_line(line: u32, text: &str, is_about: bool) -> Vec<StatedCount> {
    let bare = squeezed(text);
    let is_of_others = ["주차대수", "주차면", "주차장법", "초과하는규모", "관리주체", "청사관리소"]
        .iter()
        .any(|it| bare.contains(it));
    let is_of_cameras =
        is_about || ["영상정보처리기기", "CCTV", "카메라"].iter().any(|it| bare.contains(it));
    if is_of_others || !is_of_cameras {
        return Vec::new();
    }
    let mut found = Vec::new();
    for count in counts(text) {
        let before = squeezed(&text[..count.start]);
        let tail = before.trim_end_matches([':', '(', '-', '약', '*', '=']);
        let says_all = ["총", "합계", "총계", "모두", "전체", "총대수", "총설치대수"]
            .iter()
            .any(|it| tail.ends_with(it));
        // `설치 대수, 설치 위치 및 촬영범위 : 2대, 출입구`
        let is_heading = before.ends_with(':')
            && before.contains("대수")
            && ["범위", "위치", "장소"].iter().any(|it| tail.ends_with(it));
        let is_label = is_heading
            || ["설치대수", "운영대수", "카메라대수", "설치수량", "운영현황"]
                .iter()
                .any(|it| tail.ends_with(it));
        if !says_all && !is_label {
            continue;
        }
        let of = named(&before, tail).filter(|_| says_all);
        found.push(StatedCount { line, count: count.value, of, rows: None });
        found.extend(bracketed(line, &text[count.end..]));
        break;
    }
    found
}

/// Whose sum it is: `본관 총 12대`; nothing if it is the sum of all.
fn named(before: &str, tail: &str) -> Option<String> {
    let words = ["총설치대수", "총대수", "합계", "총계", "모두", "전체", "총"];
    let head = words.iter().find_map(|it| tail.strip_suffix(it))?;
    let head = marked(head).rest.trim_end_matches([':', '(', '-', ',']);
    let is_name = head.chars().any(char::is_alphanumeric)
        && head.chars().count() <= 12
        && ![
            "설치",
            "대수",
            "운영",
            "현황",
            "CCTV",
            "카메라",
            "영상",
            "기기",
            "은",
            "는",
            "이",
            "가",
            "을",
            "를",
            "에",
            "로",
        ]
        .iter()
        .any(|it| head.ends_with(it) || (it.chars().count() > 1 && head.contains(it)))
        && !before.contains("니다");
    is_name.then(|| head.to_owned())
}

/// `(본청: 4대, 센터: 56대)`, `(실내 2, 실외 1)`.
fn bracketed(line: u32, rest: &str) -> Vec<StatedCount> {
    let rest = rest.trim_start_matches(['*', ' ']);
    let Some(inner) = rest.strip_prefix(['(', '[']) else { return Vec::new() };
    let inner = inner.split([')', ']']).next().unwrap_or("");
    let mut found = Vec::new();
    for part in outside_brackets(inner, &[',', '/', '·', ';']) {
        let Some(number) = crate::scan::numbers(part).last().copied() else { return Vec::new() };
        let name = part[..number.start].trim().trim_end_matches([':', '-', ' ']).trim();
        let is_count = lone_number(&part[number.start..]).is_some();
        if name.is_empty() || !is_count {
            return Vec::new();
        }
        found.push(StatedCount {
            line,
            count: number.value,
            of: Some(name.to_owned()),
            rows: None,
        });
    }
    found
}
