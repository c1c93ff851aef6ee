//! The signs of the five institutions: every item that the law asks for, in the law's words of the day.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use papers::{Document, Sign, html};
use policy::{Description, PlaceClass, signs};

const SAMPLES: [&str; 5] = [
    include_str!("../../../samples/institutions/patent.toml"),
    include_str!("../../../samples/institutions/smes.toml"),
    include_str!("../../../samples/institutions/customs.toml"),
    include_str!("../../../samples/institutions/gunsan.toml"),
    include_str!("../../../samples/institutions/labor.toml"),
];

/// Items of Act 25(4), as the signs call them.
const ITEMS: [&str; 5] = ["설치 목적", "설치 장소", "촬영 범위", "촬영 시간", "관리책임자"];

fn made(text: &str, day: &str) -> (Description, Vec<(String, Sign)>) {
    let described = Description::read(text).unwrap();
    let signs = signs(&described, law::korea().on(law::date(day).unwrap()));
    (described, signs)
}

fn says<'s>(sign: &'s Sign, label: &str) -> Option<&'s str> {
    sign.lines.iter().find(|line| line.label == label).map(|line| line.text.as_str())
}

/// Items that a sign lacks or leaves empty.
fn missing(sign: &Sign) -> Vec<&'static str> {
    let is_missing = |item: &&str| says(sign, item).is_none_or(|text| text.trim().is_empty());
    ITEMS.into_iter().filter(is_missing).collect()
}

#[test]
fn every_sign_says_all_that_the_law_asks_for() {
    for text in SAMPLES {
        let (described, signs) = made(text, "2026-11-23");
        assert!(!signs.is_empty());
        for (unit, sign) in signs {
            assert_eq!(missing(&sign), [""; 0], "{unit} of {}", sign.author);
            assert_eq!(sign.author, described.institution.name);
            for company in &described.processor.companies {
                let line = says(&sign, "수탁업체").unwrap();
                assert!(line.contains(&company.name) && line.contains(&company.contact));
            }
            for spot in described.spots.iter().filter(|spot| spot.unit == unit) {
                // What is not open to anybody is another article's.
                let is_told = says(&sign, "촬영 범위").unwrap().contains(&spot.name);
                assert_eq!(is_told, spot.class != PlaceClass::NonOpen, "{}", spot.id);
            }
            let page = html(&Document::Sign(sign.clone()), "");
            assert!(sign.lines.iter().all(|line| page.contains(&line.label)));
        }
    }
}

#[test]
fn a_sign_tells_the_hours_of_its_unit_and_no_place_that_is_not_open() {
    let mut described = Description::read(SAMPLES[1]).unwrap();
    let law = law::korea().on(law::date("2026-11-23").unwrap());
    let hours = |described: &Description| {
        let signs = signs(described, law);
        says(&signs[0].1, "촬영 시간").unwrap().to_owned()
    };
    assert_eq!(hours(&described), "24시간");
    described.units[0].hours = "mon-fri 08:00-19:00".into();
    assert!(hours(&described).contains("08:00"), "{}", hours(&described));
    let mut archive = described.spots[0].clone();
    (archive.id, archive.name) = ("archive".into(), "문서고".into());
    described.spots.push(archive);
    let ranges = |described: &Description| {
        let signs = signs(described, law);
        says(&signs[0].1, "촬영 범위").unwrap().to_owned()
    };
    assert!(ranges(&described).contains("문서고"));
    described.spots.last_mut().unwrap().class = PlaceClass::NonOpen;
    assert!(!ranges(&described).contains("문서고"));
}

#[test]
fn a_sign_that_lacks_an_item_is_found() {
    let (_, mut signs) = made(SAMPLES[0], "2026-11-23");
    let sign = &mut signs[0].1;
    sign.lines.retain(|line| line.label != "촬영 범위");
    sign.lines[0].text = " ".into();
    assert_eq!(missing(sign), ["설치 목적", "촬영 범위"]);
}

#[test]
fn the_title_of_the_manager_stands_on_it_until_the_law_left_it_out() {
    let contact = |day| {
        let (described, signs) = made(SAMPLES[0], day);
        let manager = described.posts.iter().find(|post| post.duty == policy::Duty::Manager);
        (manager.unwrap().clone(), says(&signs[0].1, "관리책임자").unwrap().to_owned())
    };
    let (manager, before) = contact("2023-09-14");
    let (_, after) = contact("2023-09-15");
    assert!(before.contains(&manager.title) && before.contains(&manager.contact), "{before}");
    assert!(!after.contains(&manager.title) && after.contains(&manager.contact), "{after}");
}

#[test]
fn a_place_that_is_not_open_needs_no_sign() {
    let (mut described, _) = made(SAMPLES[0], "2026-11-23");
    for spot in &mut described.spots {
        spot.class = PlaceClass::NonOpen;
    }
    let law = law::korea().on(law::date("2026-11-23").unwrap());
    assert!(signs(&described, law).is_empty());
    described.spots[0].class = PlaceClass::Mixed;
    assert_eq!(signs(&described, law).len(), 1);
}

#[test]
fn who_gives_no_work_to_others_names_no_company() {
    let (_, signs) = made(SAMPLES[1], "2026-11-23");
    let (described, _) = made(SAMPLES[1], "2026-11-23");
    assert_eq!(described.processor.outsourced, policy::Outsourcing::No);
    assert!(says(&signs[0].1, "수탁업체").is_none());
}
