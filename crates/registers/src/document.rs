//! A register as a document.

use papers::{Block, Cell, Document, Paper, Row};
use rights::day_in_korea;

use crate::text::moment;
use crate::{Asked, Names, Register, Sources, title};

/// The register on paper. `institution` is whose it is; empty if no policy is in force.
#[must_use]
pub fn document(
    register: &Register,
    asked: &Asked,
    sources: &Sources<'_>,
    institution: &str,
) -> Document {
    let name = title(register.name);
    let made = moment(sources.now);
    let mut blocks = vec![Block::Paragraph {
        sentences: vec![range(asked, sources.names).into(), count(register).into()],
    }];
    blocks.push(Block::Table {
        caption: name.to_owned(),
        head: register.columns.iter().map(|column| column.ko.to_owned()).collect(),
        rows: register.rows.iter().map(row).collect(),
    });
    blocks.extend(register.notes.iter().map(|note| Block::Note { sentence: note.ko.into() }));
    Document::Paper(Paper {
        title: name.into(),
        author: institution.into(),
        language: "ko".into(),
        date: day_in_korea(sources.now).to_string(),
        footer: format!("{name} · {made} 현재 원장에서 만듦"),
        is_landscape: true,
        blocks,
    })
}

fn range(asked: &Asked, names: &Names) -> String {
    let last = asked.until - std::time::Duration::from_micros(1);
    let days = format!("{}부터 {}까지", day_in_korea(asked.from), day_in_korea(last));
    match &asked.camera {
        None => format!("{days}, 모든 카메라."),
        Some(camera) => format!("{days}, {}.", names.camera(camera)),
    }
}

fn count(register: &Register) -> String {
    match register.rows.len() {
        0 => "이 기간에는 기록이 없습니다.".into(),
        count => format!("{count}건."),
    }
}

fn row(row: &crate::Row) -> Row {
    Row { cells: row.cells.iter().map(|text| Cell::from(text.as_str())).collect(), promise: None }
}
