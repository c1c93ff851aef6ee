//! Sub-counts: `로비(1), 문서고(2)` is three, `2~6층 로비(1대씩)` is five.

use crate::facts::labels::outside_brackets;
use crate::scan::{counts, lone_number, numbers};

/// What the sub-counts of a cell add up to; none unless each part has one. `복도(층별 2대)` counts the
/// floors of the place that the row is about.
pub(crate) fn parts(cell: &str, place: Option<&str>) -> Option<u32> {
    let segments: Vec<&str> = outside_brackets(cell, &[',', '/', ';'])
        .into_iter()
        .filter(|it| !it.trim().is_empty())
        .collect();
    let mut sum: u32 = 0;
    for segment in &segments {
        sum = sum.checked_add(part(segment, place)?)?;
    }
    (!segments.is_empty()).then_some(sum)
}

/// The count of one part.
fn part(segment: &str, place: Option<&str>) -> Option<u32> {
    let segment = segment.trim().trim_end_matches('.');
    if let Some(open) = segment.rfind('(') {
        let inner = segment[open + 1..].trim_end_matches(')').trim();
        let before = segment[..open].trim();
        if let Some(each) = each(inner) {
            let by_floor = inner.contains('층') && !before.contains('층');
            let floors = place.filter(|it| by_floor && it.contains('층')).unwrap_or(before);
            return places(floors)?.checked_mul(each);
        }
        return lone_number(inner).filter(|_| !before.is_empty());
    }
    if let Some((before, each_text)) = segment.split_once("각") {
        let each = each(each_text).or_else(|| counts(each_text).first().map(|it| it.value))?;
        return places(before)?.checked_mul(each);
    }
    let count = counts(segment);
    match count.as_slice() {
        [one] if segment[one.end..].trim_start_matches([')', ' ']).is_empty() => Some(one.value),
        [one] if segment[one.end..].trim_start().starts_with('씩') => {
            places(&segment[..one.start])?.checked_mul(one.value)
        }
        _ => None,
    }
}

/// `1대씩`, `각 1대`, `각1`.
fn each(text: &str) -> Option<u32> {
    let text = text.trim();
    let bare =
        text.trim_end_matches('씩').trim_start_matches("각층").trim_start_matches('각').trim();
    let bare = bare.trim_start_matches("층별").trim();
    (bare.len() < text.len()).then(|| lone_number(bare)).flatten()
}

/// How many places a text names: floors `1~6층` are six, `및 옥상` adds one. What has no floor of its own
/// beside something that has stands on that one: `1~2층 로비 및 복도` is two.
pub(crate) fn places(text: &str) -> Option<u32> {
    if is_of_each_floor(text) {
        return None;
    }
    let text = text.replace(['및', '·', '+'], "&").replace("와 ", "&").replace("과 ", "&");
    let named: Vec<&str> = text.split(['&', ',']).filter(|it| !it.trim().is_empty()).collect();
    let has_floor =
        |place: &str| ["층", "옥상", "지하", "외부", "외곽"].iter().any(|it| place.contains(it));
    let any_floor = named.iter().any(|it| has_floor(it));
    let mut sum: u32 = 0;
    for place in named.into_iter().filter(|it| !any_floor || has_floor(it)) {
        sum = sum.checked_add(floors(place)?)?;
    }
    (1..=200).contains(&sum).then_some(sum)
}

/// `1~2층 로비 및 복도`: nobody knows whether the corridor is on each floor.
fn is_of_each_floor(text: &str) -> bool {
    let mut parts = text.split('및').map(str::trim);
    let first = parts.next().unwrap_or("");
    let floors_and_room = first.contains('~') && first.contains('층') && !first.ends_with('층');
    floors_and_room && parts.any(|it| !it.contains('층'))
}

/// `1~6층` six, `지하 2층~지상 3층` five, `3층` one, `옥상계단` one.
fn floors(place: &str) -> Option<u32> {
    let place: String = place.chars().filter(|it| !it.is_whitespace()).collect();
    let Some((from, to)) = place.split_once(['~', '-']) else {
        // Of several doors nobody knows how many.
        let is_several = ["각", "들", "전층", "층별", "모든"].iter().any(|it| place.contains(it));
        return (!is_several).then_some(1);
    };
    let below = |text: &str| text.contains("지하") || text.contains('B');
    let number = |text: &str, last: bool| {
        let found = numbers(text);
        if last { found.last().copied() } else { found.first().copied() }
    };
    let (first, last) = (number(from, true)?.value, number(to, false)?.value);
    if !place.contains('층') || first == 0 || last == 0 || first > 200 || last > 200 {
        return None;
    }
    let to_is_above = to.contains("지상") || !below(to);
    match (below(from), below(to) && !to.contains("지상")) {
        (true, false) if to_is_above => Some(first + last),
        (false, true) => None,
        (true, _) => first.checked_sub(last).or_else(|| last.checked_sub(first)).map(|it| it + 1),
        _ => last.checked_sub(first).map(|it| it + 1),
    }
}
