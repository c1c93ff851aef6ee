//! A description read as the text that follows from it, so that the same rules run on both.

use std::fmt::Write as _;

use law::Law;
use papers::{Block, Paper};
use policy::{Description, Hours, Outsourcing, Policy};

use crate::{
    Group, HoursKind, HoursStated, Item, Measure, Outsourced, PlaceStated, Published,
    VersionStated, read,
};

/// The policy that follows from a description under a law, read as if it had been published. What the
/// description says in figures is taken from it and not from the words.
#[must_use]
pub fn from_description(described: &Description, law: Law<'_>) -> Published {
    let mut published = read(&text_of(&Policy::of(described, law).paper));
    known_facts(described, &mut published);
    published
}

/// The versions of a description, as a text would list them.
#[must_use]
pub fn versions_of(described: &Description) -> Vec<VersionStated> {
    let day = |text: &str| law::date(text).ok();
    let versions = described.versions.iter().map(|version| VersionStated {
        line: 0,
        announced: version.announced.as_deref().and_then(day),
        effective: day(&version.effective),
        until: None,
        enacted: None,
        link_is_missing: false,
    });
    versions.collect()
}

/// A paper as lines: tables with tabs, points with dashes.
fn text_of(paper: &Paper) -> String {
    let mut text = format!("{}\n\n", paper.title);
    for block in &paper.blocks {
        match block {
            Block::Heading { text: heading, .. } => writeln!(text, "\n{heading}"),
            Block::Paragraph { sentences } => {
                let all: Vec<&str> = sentences.iter().map(|it| it.text.as_str()).collect();
                writeln!(text, "{}", all.join(" "))
            }
            Block::List { items, .. } => {
                items.iter().try_for_each(|item| writeln!(text, "- {}", item.text))
            }
            Block::Table { head, rows, .. } => {
                let cells = rows.iter().map(|row| {
                    let cells = row.cells.iter().flat_map(|cell| {
                        let merged = usize::from(cell.columns.saturating_sub(1));
                        std::iter::once(cell.text.as_str()).chain(std::iter::repeat_n("", merged))
                    });
                    cells.map(one_line).collect::<Vec<_>>().join("\t")
                });
                let head = head.iter().map(|it| one_line(it)).collect::<Vec<_>>().join("\t");
                let lines: Vec<String> = std::iter::once(head).chain(cells).collect();
                writeln!(text, "\n{}\n", lines.join("\n"))
            }
            Block::Note { sentence } => writeln!(text, "※ {}", sentence.text),
            Block::PageBreak => writeln!(text),
        }
        .expect("a string takes every text");
    }
    text
}

fn one_line(cell: &str) -> String {
    cell.replace(['\n', '\t'], " ")
}

fn known_facts(described: &Description, published: &mut Published) {
    let groups = described.units.iter().map(|unit| Group {
        name: unit.name.clone(),
        line: 0,
        cameras: described.cameras_of(&unit.id),
    });
    published.cameras.groups = groups.collect();
    published.cameras.listed = Some(described.cameras());
    published.storage = described
        .units
        .iter()
        .filter_map(|unit| {
            let place = described.place(&unit.storage)?;
            let group = Some(unit.name.clone());
            Some(PlaceStated { line: 0, item: Item::Keeping, text: place.name.clone(), group })
        })
        .collect();
    published.hours = described
        .units
        .iter()
        .map(|unit| HoursStated {
            line: 0,
            text: unit.hours.clone(),
            kind: match Hours::read(&unit.hours) {
                Ok(hours) if hours.is_all_day() => HoursKind::AllDay,
                Ok(_) => HoursKind::Schedule,
                Err(_) => HoursKind::Unclear,
            },
            group: Some(unit.name.clone()),
        })
        .collect();
    // Days of earlier versions cannot be mended; of the newest the description's own findings speak.
    published.versions.clear();
    // That the room is a controlled area is a measure of its own there, beside the room's name.
    published.measures.retain(|it| it.value != Measure::ControlledArea);
    published.processor.outsourced = match described.processor.outsourced {
        Outsourcing::Yes => Outsourced::Yes,
        Outsourcing::No => Outsourced::No,
        Outsourcing::Unknown => Outsourced::Unknown,
    };
}
