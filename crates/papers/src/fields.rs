//! The parts of which forms and letters are made: tables of four columns, in which names stand beside fields.

use crate::{Block, Cell, Row};

/// A heading below the title.
pub(crate) fn heading(text: &str) -> Block {
    Block::Heading { level: 1, text: text.into() }
}

/// A table of fields, whose names stand in its rows.
pub(crate) fn form(caption: &str, rows: Vec<Row>) -> Block {
    Block::Table { caption: caption.into(), head: Vec::new(), rows }
}

/// One sentence.
pub(crate) fn say(text: impl Into<String>) -> Block {
    Block::Paragraph { sentences: vec![text.into().into()] }
}

/// The name of a field.
pub(crate) fn named(text: &str) -> Cell {
    Cell { text: text.into(), columns: 1, is_label: true }
}

/// One field over the whole width of a form of four columns.
pub(crate) fn wide(label: &str, text: &str) -> Row {
    let value = Cell { text: text.into(), columns: 3, is_label: false };
    Row { cells: vec![named(label), value], promise: None }
}

/// Two fields beside each other.
pub(crate) fn pair(label: &str, text: &str, second: &str, other: &str) -> Row {
    Row { cells: vec![named(label), text.into(), named(second), other.into()], promise: None }
}
