//! The content of a document, and its JSON (docs/formats/document.md).

use serde::{Deserialize, Serialize};

/// A document may be this long as JSON: what comes from a file has a limit.
pub const MAX_DOCUMENT_BYTES: usize = 4 << 20;

/// Anything that can be set in type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "document", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Document {
    /// Pages of text: a policy, a form, a letter.
    Paper(Paper),
    /// One sheet that hangs on a wall.
    Sign(Sign),
}

/// Pages of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Its title, once.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// BCP 47: `ko`.
    pub language: String,
    /// Of which day it is, `2026-11-22`.
    pub date: String,
    /// What stands at the foot of each page.
    pub footer: String,
    /// Whether its pages lie, for tables of many columns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_landscape: bool,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block {
    /// A heading below the title.
    Heading {
        /// 1 to 3.
        level: u8,
        /// What it says.
        text: String,
    },
    /// Sentences that stand together.
    Paragraph {
        /// In order.
        sentences: Vec<Sentence>,
    },
    /// Points, numbered or not.
    List {
        /// Whether they are steps, with numbers.
        is_numbered: bool,
        /// One point each.
        items: Vec<Sentence>,
    },
    /// A table; every row is as wide as its head.
    Table {
        /// What it shows.
        caption: String,
        /// A name for each column; empty for a form, whose labels stand in its rows.
        head: Vec<String>,
        /// Top to bottom.
        rows: Vec<Row>,
    },
    /// A remark in smaller letters.
    Note {
        /// What it says.
        sentence: Sentence,
    },
    /// What follows begins on a new page.
    PageBreak,
}

/// A sentence, and which promise it makes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// What it says.
    pub text: String,
    /// The id of the promise, if it makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<String>,
}

impl<T: Into<String>> From<T> for Sentence {
    fn from(text: T) -> Self {
        Self { text: text.into(), promise: None }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Left to right.
    pub cells: Vec<Cell>,
    /// The id of the promise that this row makes, if it makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<String>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// What it says; may be empty in a form, to be filled in by hand.
    pub text: String,
    /// Over how many columns it reaches; 1 if left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub columns: u8,
    /// Whether it names what the others of its row say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_label: bool,
}

const fn one() -> u8 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_one(columns: &u8) -> bool {
    *columns == 1
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), columns: 1, is_label: false }
    }
}

/// One sheet that hangs where people are filmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// What is read from afar.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// BCP 47: `ko`.
    pub language: String,
    /// Of which day it is, `2026-11-22`.
    pub date: String,
    /// What the law asks it to say.
    pub lines: Vec<SignLine>,
    /// Where the policy can be read; it becomes a QR code.
    pub url: Option<String>,
    /// A sentence in another language, if the place has visitors who need it.
    pub translation: Option<String>,
}

/// One line of a sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignLine {
    /// What it is about.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// Why something is no document.
#[derive(Debug, thiserror::Error)]
pub enum ReadDocumentError {
    /// It is too long.
    #[error("a document has at most {MAX_DOCUMENT_BYTES} bytes of JSON")]
    TooLong,
    /// It is not JSON of a document.
    #[error("this is no document: {0}")]
    Json(#[from] serde_json::Error),
    /// A table whose rows are not as wide as its head.
    #[error("row {row} of the table {caption:?} has {columns} columns instead of {expected}")]
    RowWidth {
        /// Which table.
        caption: String,
        /// Counted from 1.
        row: usize,
        /// It has.
        columns: usize,
        /// It should have.
        expected: usize,
    },
}

impl Document {
    /// Reads one.
    ///
    /// # Errors
    /// If it is too long, no document, or a table of it is ragged.
    pub fn read(json: &[u8]) -> Result<Self, ReadDocumentError> {
        if json.len() > MAX_DOCUMENT_BYTES {
            return Err(ReadDocumentError::TooLong);
        }
        let document: Self = serde_json::from_slice(json)?;
        if let Self::Paper(paper) = &document {
            paper.blocks.iter().try_for_each(check_width)?;
        }
        Ok(document)
    }

    /// Every text that it says, in the order in which it is read: no form of it may leave one out.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Paper(paper) => {
                let mut texts = vec![paper.title.as_str()];
                texts.extend(paper.blocks.iter().flat_map(Block::texts));
                texts.push(&paper.footer);
                texts
            }
            Self::Sign(sign) => {
                let mut texts = vec![sign.title.as_str()];
                texts.extend(sign.translation.as_deref());
                texts.extend(sign.lines.iter().flat_map(|line| [&*line.label, &*line.text]));
                texts.extend(sign.url.as_deref());
                texts.push(&sign.author);
                texts
            }
        }
    }

    /// Its JSON, as [`Document::read`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a document has only strings and numbers")
    }
}

impl Block {
    /// Every text that it says, in the order in which it is read.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Heading { text, .. } => vec![text],
            Self::Paragraph { sentences } | Self::List { items: sentences, .. } => {
                sentences.iter().map(|sentence| sentence.text.as_str()).collect()
            }
            Self::Table { caption, head, rows } => {
                let cells = rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.text);
                [caption].into_iter().chain(head).chain(cells).map(String::as_str).collect()
            }
            Self::Note { sentence } => vec![&sentence.text],
            Self::PageBreak => Vec::new(),
        }
    }
}

/// Every row of a table reaches over the same number of columns.
fn check_width(block: &Block) -> Result<(), ReadDocumentError> {
    let Block::Table { caption, head, rows } = block else { return Ok(()) };
    let width = |row: &Row| row.cells.iter().map(|cell| usize::from(cell.columns)).sum::<usize>();
    let expected = if head.is_empty() { rows.first().map_or(0, width) } else { head.len() };
    for (index, row) in rows.iter().enumerate() {
        if width(row) != expected {
            return Err(ReadDocumentError::RowWidth {
                caption: caption.clone(),
                row: index + 1,
                columns: width(row),
                expected,
            });
        }
    }
    Ok(())
}
