//! The signs on the wall: one for each unit, as Act 25(4) and Dec 26(2) ask.

use law::Law;
use papers::{Sign, SignLine};

use crate::sections::hours;
use crate::{Description, Duty, Outsourcing, PlaceClass, Spot, Unit};

/// One sign for each unit with a place that is open: where several cameras watch one building, one
/// sign at its entrance may speak for all (Dec 24).
#[must_use]
pub fn signs(described: &Description, law: Law<'_>) -> Vec<(String, Sign)> {
    let is_open = |unit: &&Unit| described.covered_by_sign(unit).next().is_some();
    let units = described.units.iter().filter(is_open);
    units.map(|unit| (unit.id.clone(), sign(described, law, unit))).collect()
}

impl Description {
    /// The lines for which the sign of a unit speaks: what is not open to anybody has no sign of Article
    /// 25, since Article 15 applies there.
    pub fn covered_by_sign<'a>(&'a self, unit: &'a Unit) -> impl Iterator<Item = &'a Spot> {
        let is_its = |spot: &&Spot| spot.unit == unit.id && spot.class != PlaceClass::NonOpen;
        self.spots.iter().filter(is_its)
    }
}

fn sign(described: &Description, law: Law<'_>, unit: &Unit) -> Sign {
    let spots = || described.covered_by_sign(unit);
    let mut purposes: Vec<&str> = Vec::new();
    for id in spots().flat_map(|spot| &spot.purposes) {
        let text = described.purposes.iter().find(|purpose| purpose.id == *id);
        if let Some(text) = text.map(|it| it.text.as_str()).filter(|it| !purposes.contains(it)) {
            purposes.push(text);
        }
    }
    let ranges: Vec<&str> = spots().map(|spot| spot.name.as_str()).collect();
    let mut lines = vec![
        line("설치 목적", purposes.join(", ")),
        line("설치 장소", unit.name.clone()),
        line("촬영 범위", ranges.join(", ")),
        line("촬영 시간", hours(unit)),
    ];
    let is_manager = |post: &&crate::Post| {
        post.duty == Duty::Manager && (post.units.is_empty() || post.units.contains(&unit.id))
    };
    if let Some(manager) = described.posts.iter().find(is_manager) {
        // Since 15 September 2023 the contact alone; before, name or title with it.
        let with_title = law.rule("sign-3").is_some_and(|rule| rule.to.is_some());
        let title = format!("{} {} ", manager.department, manager.title);
        let title = if with_title { title } else { format!("{} ", manager.department) };
        lines.push(line("관리책임자", format!("{title}{}", manager.contact)));
    }
    if described.processor.outsourced == Outsourcing::Yes {
        let companies = described.processor.companies.iter();
        let companies = companies.map(|it| format!("{} {}", it.name, it.contact));
        lines.push(line("수탁업체", companies.collect::<Vec<_>>().join(", ")));
    }
    Sign {
        title: "CCTV 촬영 중".into(),
        author: described.institution.name.clone(),
        language: "ko".into(),
        date: described.versions.last().map_or_else(String::new, |it| it.effective.clone()),
        lines,
        url: described.institution.homepage.clone(),
        translation: Some("CCTV in operation".into()),
    }
}

fn line(label: &str, text: String) -> SignLine {
    SignLine { label: label.into(), text }
}
