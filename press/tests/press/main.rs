//! The press from outside: documents go in on standard input, and what comes out is read back by
//! programs and code that are not ours.
//!
//! Tests named `needs_poppler` want NanumGothic, pdftotext, pdfinfo, pdffonts and pdftoppm; `needs_validator` wants
//! the validator of python-hwpx named by `JIKIM_HWPX_VALIDATE`; `needs_jikim` the program named by
//! `JIKIM_BIN`.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may panic")]

mod hwpx;
mod letters;
mod pdf;
mod refusals;
mod samples;
mod sign;
mod xlsx;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use papers::{Block, Cell, Document, Paper, Row};
use tempfile::TempDir;

/// Runs the press over some JSON.
fn run(json: &[u8], arguments: &[&str], out: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jikim-press"))
        .args(arguments)
        .arg("--out")
        .arg(out)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses early stops reading.
    let _ = child.stdin.take().unwrap().write_all(json);
    child.wait_with_output().unwrap()
}

/// A document that was made, and the folder that it lies in.
struct Made {
    path: PathBuf,
    _folder: TempDir,
}

/// Makes a document; one that cannot be made ends the test with what the press said.
fn make(document: &Document, format: &str) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("document.{format}"));
    let ended = run(document.to_json().as_bytes(), &["--format", format], &path);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    Made { path, _folder: folder }
}

/// What a program says of a file.
fn ask(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let ended = Command::new(program).args(before).arg(path).args(after).output();
    let ended = ended.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(ended.status.success(), "{program}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

/// Without white space: where a line ends is the typesetter's matter.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Texts of a document that what was made of it does not say as often as the document does.
fn left_out(document: &Document, says: &str) -> Vec<String> {
    let says = squeezed(says);
    let texts: Vec<String> = document.texts().into_iter().map(squeezed).collect();
    let is_short = |text: &&String| {
        let wanted = texts.iter().filter(|other| other == text).count();
        !text.is_empty() && says.matches(text.as_str()).count() < wanted
    };
    texts.iter().filter(is_short).cloned().collect()
}

fn paper(blocks: Vec<Block>) -> Document {
    Document::Paper(Paper {
        title: "시험 문서".into(),
        author: "시험 기관".into(),
        language: "ko".into(),
        date: "2026-11-23".into(),
        footer: "시험 기관 · 바닥글".into(),
        is_landscape: false,
        blocks,
    })
}

/// Letters that are markup in typst, XML, HTML or Markdown.
const MARKUP: &str = "#set text(red) *굵게* _기움_ ~붙임~ <b>&amp;</b> \\n $x^2$ @cite [[링크]] // 주석 /* */ \
                      `코드` = 제목 - 목록 + 번호 / 용어: 'a' \"b\" -- --- ... #panic() #read(\"/etc/passwd\") ]] } ) \
                      https://example.org &lt; <!-- --> <![CDATA[ ]]>";

/// One of every block, each saying letters that are markup.
fn all_of_markup() -> Document {
    let text = || MARKUP.to_owned();
    let cell = |is_label| Cell { text: text(), columns: 1, is_label };
    paper(vec![
        Block::Heading { level: 1, text: text() },
        Block::Heading { level: 3, text: text() },
        Block::Paragraph { sentences: vec![MARKUP.into(), MARKUP.into()] },
        Block::List { is_numbered: true, items: vec![MARKUP.into()] },
        Block::List { is_numbered: false, items: vec![MARKUP.into()] },
        Block::Table {
            caption: text(),
            head: vec![text(), text()],
            rows: vec![Row { cells: vec![cell(true), cell(false)], promise: None }],
        },
        Block::Note { sentence: MARKUP.into() },
        Block::PageBreak,
        Block::Paragraph { sentences: vec![MARKUP.into()] },
    ])
}
