//! Telephone numbers and postal addresses.

use super::keeping::{first_letters, last_letters};
use crate::scan::phones;
use crate::{Address, Phone, Source};

/// Every telephone number.
pub(super) fn all_phones(source: &Source) -> Vec<Phone> {
    let mut found = Vec::new();
    for line in &source.lines {
        for phone in phones(&line.text) {
            let before = last_letters(&line.text[..phone.start], 8).to_lowercase();
            found.push(Phone {
                line: line.number,
                text: phone.value.text,
                area: phone.value.area,
                is_nationwide: phone.value.is_nationwide,
                is_fax: before.contains("fax")
                    || before.contains("팩스")
                    || before.contains("전송"),
            });
        }
    }
    found
}

/// Provinces and cities with their telephone areas.
const REGIONS: &[(&str, &str)] = &[
    ("서울", "02"),
    ("부산", "051"),
    ("대구", "053"),
    ("인천", "032"),
    ("광주", "062"),
    ("대전", "042"),
    ("울산", "052"),
    ("세종", "044"),
    ("경기", "031"),
    ("강원", "033"),
    ("충북", "043"),
    ("충청북도", "043"),
    ("충남", "041"),
    ("충청남도", "041"),
    ("전북", "063"),
    ("전라북도", "063"),
    ("전남", "061"),
    ("전라남도", "061"),
    ("경북", "054"),
    ("경상북도", "054"),
    ("경남", "055"),
    ("경상남도", "055"),
    ("제주", "064"),
];

/// Every postal address: a province or city, then a road or quarter with a number.
pub(super) fn addresses(source: &Source) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for line in &source.lines {
        let mut from = 0;
        while let Some((at, area)) = next_region(&line.text, from) {
            let tail = first_letters(&line.text[at..], 60);
            from = at + tail.chars().next().map_or(1, char::len_utf8);
            if let Some(length) = address_length(tail) {
                let text = tail[..length].trim().to_owned();
                from = at + length;
                found.push(Address { line: line.number, text, area });
            }
        }
    }
    found
}

fn next_region(text: &str, from: usize) -> Option<(usize, &'static str)> {
    let here = |(name, area): &(&str, &'static str)| {
        let at = text.get(from..)?.match_indices(name).map(|(at, _)| at + from).find(|at| {
            !text[..*at].chars().next_back().is_some_and(|it| ('가'..='힣').contains(&it))
        })?;
        Some((at, *area))
    };
    REGIONS.iter().filter_map(here).min_by_key(|(at, _)| *at)
}

/// How long the address is: to the number behind a road or quarter, with a quarter in brackets.
fn address_length(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut words = 0;
    let mut end = None;
    for word in text.split_inclusive(' ') {
        words += 1;
        let bare = word.trim().trim_end_matches(',');
        let is_road =
            ["로", "길", "동", "읍", "면", "리", "가"].iter().any(|it| bare.ends_with(it));
        let next = text[at + word.len()..].trim_start();
        if words > 1 && is_road && next.starts_with(|it: char| it.is_ascii_digit()) {
            let rest = &text[at + word.len()..];
            let digits = rest
                .find(|it: char| !it.is_ascii_digit() && !matches!(it, '-' | ' '))
                .unwrap_or(rest.len());
            let mut stop = at + word.len() + digits;
            if text[stop..].starts_with('(') {
                stop += text[stop..].find(')').map_or(0, |it| it + 1);
            }
            end = Some(stop);
            break;
        }
        at += word.len();
        if words > 6 {
            break;
        }
    }
    end
}
