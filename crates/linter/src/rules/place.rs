//! Where cameras, rooms and telephones are: too far apart, or too vaguely told.

use std::collections::BTreeSet;

use super::look::{digits, has_any, is_blank};
use super::regions;
use crate::{Found, Item, Look, Rule, Severity};

pub(super) const FAR: Rule =
    Rule { id: "place.far", severity: Severity::Error, law: "Dec 25(1)4-5", look: far };
pub(super) const AREA: Rule =
    Rule { id: "contact.area", severity: Severity::Warning, law: "Dec 25(1)3,5", look: area };
pub(super) const PERSONAL: Rule = Rule {
    id: "contact.personal",
    severity: Severity::Warning,
    law: "Dec 25(1)3, 26(2)",
    look: personal,
};
pub(super) const RANGE_UNCLEAR: Rule = Rule {
    id: "range.unclear",
    severity: Severity::Warning,
    law: "Dec 25(1)2",
    look: range_unclear,
};

/// The telephone area of the institution: that of its address, else the one of most of its numbers.
fn home(look: &Look<'_>) -> Option<String> {
    let of_address = look.published.addresses.first().map(|it| it.area.to_owned());
    of_address.or_else(|| {
        let areas: Vec<&str> =
            look.published.phones.iter().filter_map(|it| it.area.as_deref()).collect();
        let count = |area: &str| areas.iter().filter(|it| **it == area).count();
        areas.iter().max_by_key(|it| count(it)).map(|it| (*it).to_owned())
    })
}

/// Cameras in another city, while footage is kept and shown in one place.
fn far(look: &Look<'_>) -> Vec<Found> {
    let Some(home) = home(look) else { return Vec::new() };
    let kept: BTreeSet<&str> = look
        .published
        .storage
        .iter()
        .filter(|it| it.item != Item::Safety && it.group.is_none())
        .map(|it| it.text.as_str())
        .collect();
    if kept.len() > 1 || look.published.storage.iter().any(|it| it.group.is_some()) {
        return Vec::new();
    }
    let elsewhere = look.published.cameras.rows.iter().find_map(|row| {
        let texts = [row.group.as_deref().unwrap_or(""), &row.place];
        let (city, area) = texts.iter().find_map(|it| regions::named(it))?;
        let is_kept_there = kept.iter().any(|it| it.contains(city));
        (!regions::are_near(area, &home) && !is_kept_there).then_some((row, city))
    });
    let found = elsewhere.map(|(row, city)| {
        let count = row.count.unwrap_or(0);
        Found::new(
            row.line,
            format!(
                "{city}에 있는 카메라 {count}대의 영상도 한 곳에서만 보관하고 보여 준다고 합니다. 그곳의 보관·열람 장소와 연락처를 적으십시오."
            ),
            format!("{count} cameras are in {city}, footage is kept and shown elsewhere only: name place and contact there"),
        )
    });
    found.into_iter().collect()
}

/// Telephones of one part of the country, a place of viewing in another.
fn area(look: &Look<'_>) -> Vec<Found> {
    let areas: BTreeSet<&str> = look.published.addresses.iter().map(|it| it.area).collect();
    let mut areas = areas.into_iter();
    let (Some(home), None) = (areas.next(), areas.next()) else { return Vec::new() };
    let ours = look
        .published
        .phones
        .iter()
        .filter(|it| matches!(look.item(it.line), Item::People | Item::Viewing) && !it.is_fax);
    let away = ours.filter_map(|it| Some((it.line, it.area.as_deref()?)));
    let companies: BTreeSet<u32> =
        look.published.processor.companies.iter().map(|it| it.line).collect();
    let mut away =
        away.filter(|(line, area)| !regions::are_near(area, home) && !companies.contains(line));
    let found = away.next().map(|(line, area)| {
        Found::new(
            line,
            format!("전화의 지역번호({area})가 확인 장소의 지역({home})과 다릅니다. 그곳에서 문을 열어 줄 사람의 연락처를 적으십시오."),
            format!("the telephone is of area {area}, the place of area {home}: name who can open the room there"),
        )
    });
    found.into_iter().collect()
}

/// A nationwide number that is said to be one person's.
fn personal(look: &Look<'_>) -> Vec<Found> {
    let is_nationwide = |contact: Option<&str>| {
        let wanted = digits(contact.unwrap_or(""));
        wanted.len() >= 8
            && look.published.phones.iter().any(|it| it.is_nationwide && digits(&it.text) == wanted)
    };
    let named = |name: Option<&str>| name.is_some_and(|it| !is_blank(it) && !it.contains('○'));
    let people = look.published.people.iter();
    let people = people
        .filter(|it| named(it.name.as_deref()) && is_nationwide(it.contact.as_deref()))
        .map(|it| it.line);
    let companies = look.published.processor.companies.iter();
    let companies = companies
        .filter(|it| named(it.person.as_deref()) && is_nationwide(it.contact.as_deref()))
        .map(|it| it.line);
    let found = people.chain(companies).min().map(|line| {
        Found::new(
            line,
            "전국 대표번호를 한 사람의 연락처로 적었습니다. 그 사람에게 닿는 번호를 적거나 이름을 빼십시오.",
            "a nationwide number is given as one person's: give a number that reaches them, or leave out the name",
        )
    });
    found.into_iter().collect()
}

fn range_unclear(look: &Look<'_>) -> Vec<Found> {
    const VAGUE: [&str; 9] = [
        "곳곳",
        "주변전체등",
        "전체등",
        "외다수",
        "기타장소",
        "기타구역",
        "여러곳",
        "주요장소등",
        "필요한장소",
    ];
    let unclear = look.published.cameras.rows.iter().find(|row| {
        let text = format!("{} {}", row.place, row.range.as_deref().unwrap_or(""));
        let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
        let has_floors = text.contains('층') && text.chars().any(|it| it.is_ascii_digit());
        let mixes = has_any(&text, &["및외곽", "외곽및", "외곽1", "외곽2"]) && has_floors;
        let is_all = ["내·외부", "내외부", "내/외부", "주요시설", "주요장소"]
            .iter()
            .any(|it| text.ends_with(it));
        mixes || is_all || has_any(&text, &VAGUE)
    });
    let found = unclear.map(|row| {
        Found::new(
            row.line,
            format!(
                "‘{}’: 어디를 찍는지 알 수 없습니다. 층과 장소를 나누어 촬영범위를 적으십시오.",
                row.place
            ),
            format!(
                "{:?}: it is not clear what is filmed; tell floors and places apart",
                row.place
            ),
        )
    });
    found.into_iter().collect()
}
