//! Lines of cameras of a draft.

use super::keeping::Unit;
use super::{Mark, Writer};
use crate::facts::squeezed;
use crate::{CameraRow, Published};

/// Kinds of spots by words of their place, the first that fits.
const KINDS: &[(&[&str], &str)] = &[
    (&["화장실"], "toilet"),
    (&["목욕", "욕실", "샤워"], "bath"),
    (&["탈의"], "changing-room"),
    (&["수유"], "nursing-room"),
    (&["주차"], "parking"),
    (&["엘리베이터", "승강기", "E/V"], "lift"),
    (&["계단"], "stairs"),
    (&["출입구", "출입문", "정문", "후문", "현관", "입구", "출구"], "entrance"),
    (&["로비", "복도", "홀"], "corridor"),
    (&["민원", "창구", "접수", "안내"], "counter"),
    (&["사무", "과"], "office"),
    (&["문서고", "서고", "창고", "자료실", "전산실", "서버실"], "archive"),
    (&["도로", "거리", "골목", "교차로", "광장", "공원"], "street"),
    (&["본관", "별관", "동", "건물", "층"], "building"),
];

/// The lines; what they are for and whether anybody may come there is assumed.
pub(super) fn spots(
    published: &Published,
    units: &[Unit],
    purposes: &[String],
    writer: &mut Writer<'_>,
) {
    for (at, row) in published.cameras.rows.iter().enumerate() {
        writer.table("[[spot]]", Some(&format!("spot-{}", at + 1)));
        spot(row, units, purposes, writer);
    }
    if published.cameras.rows.is_empty() {
        writer.table("[[spot]]", Some("spot-1"));
        writer.set("unit", &toml::Value::from(units[0].id.clone()), Mark::Assumed);
        writer.text("name", None);
        writer.text("range", None);
        let stated = published.cameras.stated_total();
        let (count, mark) = stated.map_or((0, Mark::Asked), |it| (it.count, Mark::Read(it.line)));
        writer.number("cameras", count.min(u32::from(u16::MAX)), mark);
        class_and_kind("other", purposes, writer);
    }
}

fn spot(row: &CameraRow, units: &[Unit], purposes: &[String], writer: &mut Writer<'_>) {
    let group = row.group.as_deref().map(squeezed);
    let own = units.iter().find(|unit| Some(squeezed(&unit.name)) == group);
    let (unit, mark) = own.map_or((&units[0], Mark::Assumed), |unit| (unit, Mark::Read(row.line)));
    writer.set("unit", &toml::Value::from(unit.id.clone()), mark);
    let name = match (&row.group, own) {
        (Some(group), None) if squeezed(group) != squeezed(&row.place) => {
            format!("{group} {}", row.place)
        }
        _ => row.place.clone(),
    };
    writer.text("name", Some((&name, row.line)));
    writer.text("range", row.range.as_deref().map(|it| (it, row.line)));
    match row.count {
        Some(count) => {
            writer.number("cameras", count.min(u32::from(u16::MAX)), Mark::Read(row.line));
        }
        None => writer.number("cameras", 0, Mark::Asked),
    }
    let words = format!(
        "{}{}",
        squeezed(&row.place),
        row.range.as_deref().map(squeezed).unwrap_or_default()
    );
    let kind = KINDS.iter().find(|(list, _)| list.iter().any(|it| words.contains(it)));
    class_and_kind(kind.map_or("other", |it| it.1), purposes, writer);
}

fn class_and_kind(kind: &str, purposes: &[String], writer: &mut Writer<'_>) {
    let class = if kind == "office" || kind == "archive" { "mixed" } else { "open" };
    writer.set("class", &toml::Value::from(class), Mark::Assumed);
    writer.set("kind", &toml::Value::from(kind), Mark::Assumed);
    if kind == "office" {
        writer.text("staff_consulted_on", None);
    }
    let all: Vec<toml::Value> = purposes.iter().map(|it| toml::Value::from(it.as_str())).collect();
    writer.set("purposes", &toml::Value::from(all), Mark::Assumed);
    writer.line("assumed = true");
}
