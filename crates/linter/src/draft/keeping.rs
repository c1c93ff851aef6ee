//! Places and units of a draft.

use super::{Mark, Writer};
use crate::facts::squeezed;
use crate::{HoursKind, HoursStated, PlaceStated, Published};

/// A place of a draft.
pub(super) struct Place {
    id: String,
    name: String,
}

/// A unit of a draft.
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) name: String,
}

/// The rooms where footage lies or is shown, each once.
pub(super) fn places(published: &Published, writer: &mut Writer<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for stated in published.storage.iter().chain(&published.viewing) {
        let is_new = places.iter().all(|it| squeezed(&it.name) != squeezed(&stated.text));
        if is_new && !stated.text.contains('○') {
            let id = format!("place-{}", places.len() + 1);
            writer.table("[[place]]", Some(&id));
            writer.text("name", Some((&stated.text, stated.line)));
            places.push(Place { id, name: stated.text.clone() });
        }
    }
    if places.is_empty() {
        writer.table("[[place]]", Some("place-1"));
        writer.text("name", None);
        places.push(Place { id: "place-1".into(), name: String::new() });
    }
    places
}

/// The parts that keep their footage in one place; one for all if the text knows no parts.
pub(super) fn units(
    published: &Published,
    places: &[Place],
    contact: &str,
    writer: &mut Writer<'_>,
) -> Vec<Unit> {
    let mut names: Vec<&str> = Vec::new();
    for group in published.storage.iter().filter_map(|it| it.group.as_deref()) {
        if !names.contains(&group) {
            names.push(group);
        }
    }
    let mut units: Vec<Unit> = Vec::new();
    if names.len() > 1 {
        units.extend(
            names.iter().enumerate().map(|(at, name)| Unit {
                id: format!("unit-{}", at + 1),
                name: (*name).to_owned(),
            }),
        );
    } else {
        let name = published.institution.as_ref().map_or("", |it| it.value.as_str());
        units.push(Unit { id: "unit-1".into(), name: name.to_owned() });
    }
    let several = units.len() > 1;
    for unit in &units {
        writer.table("[[unit]]", Some(&unit.id));
        let group = several.then_some(unit.name.as_str());
        writer.set("name", &toml::Value::from(unit.name.clone()), Mark::Assumed);
        hours(published, group, writer);
        let kept = published
            .retention
            .iter()
            .filter(|it| {
                !it.is_of_law
                    && (group.is_none() || it.group.as_deref() == group || it.group.is_none())
            })
            .max_by_key(|it| it.days);
        match kept {
            Some(kept) => writer.number(
                "retention_days",
                kept.days.min(u32::from(u16::MAX)),
                Mark::Read(kept.line),
            ),
            None => writer.number("retention_days", 0, Mark::Asked),
        }
        room("storage", &published.storage, places, group, writer);
        room("viewing", &published.viewing, places, group, writer);
        writer.set("contact", &toml::Value::from(contact), Mark::Assumed);
    }
    units
}

fn hours(published: &Published, group: Option<&str>, writer: &mut Writer<'_>) {
    let of_group = |it: &&HoursStated| group.is_none() || it.group.as_deref() == group;
    let stated = published.hours.iter().find(of_group).or(published.hours.first());
    match stated {
        Some(it) if it.kind == HoursKind::AllDay => {
            writer.set("hours", &toml::Value::from("24h"), Mark::Read(it.line));
        }
        Some(it) => match weekly(&it.text) {
            Some(hours) => writer.set("hours", &toml::Value::from(hours), Mark::Read(it.line)),
            None => writer.text("hours", None),
        },
        None => writer.text("hours", None),
    }
}

/// `평일 09:00~18:00` as descriptions write it; nothing if there is more to it.
fn weekly(text: &str) -> Option<String> {
    let text = squeezed(text);
    let days = if text.contains("평일") || text.contains("월~금") {
        "mon-fri "
    } else if text.contains("매일") || text.starts_with(|it: char| it.is_ascii_digit()) {
        ""
    } else {
        return None;
    };
    let clocks: Vec<String> = text
        .split(|it: char| !it.is_ascii_digit() && it != ':')
        .filter(|it| it.len() == 5 && it.as_bytes()[2] == b':')
        .map(ToOwned::to_owned)
        .collect();
    let [from, to] = clocks.as_slice() else { return None };
    let hours = format!("{days}{from}-{to}");
    policy::Hours::read(&hours).ok().map(|_| hours)
}

/// The room of a unit: its own, else the only one.
fn room(
    key: &str,
    stated: &[PlaceStated],
    places: &[Place],
    group: Option<&str>,
    writer: &mut Writer<'_>,
) {
    let own = stated.iter().find(|it| it.group.as_deref() == group).or(stated.first());
    let place =
        own.and_then(|it| Some((places.iter().find(|place| place.name == it.text)?, it.line)));
    match place {
        Some((place, line)) => {
            writer.set(key, &toml::Value::from(place.id.clone()), Mark::Read(line));
        }
        None => writer.set(key, &toml::Value::from(places[0].id.clone()), Mark::Assumed),
    }
}
