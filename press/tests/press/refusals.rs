//! What the press refuses, and what it says then; and the road through `jikim`.

use std::path::Path;
use std::process::Command;

use papers::{Block, Document, MAX_DOCUMENT_BYTES};

use crate::samples::samples;
use crate::{ask, paper, run};

fn says(json: &[u8], arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    std::fs::write(&out, "what was there").unwrap();
    let ended = run(json, arguments, &out);
    assert!(!ended.status.success(), "it should have been refused");
    // What was there stays, and nothing lies beside it.
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "what was there");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    String::from_utf8(ended.stderr).unwrap()
}

const BOTH: [&[&str]; 2] = [&["--format", "pdf"], &["--format", "hwpx"]];

#[test]
fn what_is_no_document_is_refused() {
    for arguments in BOTH {
        assert!(says(b"{}", arguments).contains("this is no document"));
        let long = vec![b' '; MAX_DOCUMENT_BYTES + 1];
        assert!(says(&long, arguments).contains("at most"));
    }
}

#[test]
fn a_letter_that_no_page_can_show_is_refused() {
    for arguments in BOTH {
        let document = paper(vec![Block::Paragraph { sentences: vec!["글\u{7}자".into()] }]);
        let said = says(document.to_json().as_bytes(), arguments);
        assert!(said.contains("U+0007"), "{said}");
    }
}

#[test]
fn needs_poppler_a_letter_that_the_font_has_not_is_refused() {
    // A box in its place would say nothing.
    let document = paper(vec![Block::Paragraph { sentences: vec!["글 \u{13000} 자".into()] }]);
    let said = says(document.to_json().as_bytes(), BOTH[0]);
    assert!(said.contains('\u{13000}') || said.contains("13000"), "{said}");
}

#[test]
fn a_day_that_is_none_is_refused() {
    let Document::Paper(mut paper) = paper(Vec::new()) else { panic!("a paper") };
    paper.date = "2026-02-30".into();
    let json = Document::Paper(paper).to_json();
    assert!(says(json.as_bytes(), BOTH[0]).contains("2026-02-30"));
}

#[test]
fn missing_fonts_are_named_with_what_brings_them() {
    let folder = tempfile::tempdir().unwrap();
    let json = paper(Vec::new()).to_json();
    let place = folder.path().to_str().unwrap();
    let said = says(json.as_bytes(), &["--format", "pdf", "--fonts", place]);
    assert!(said.contains("fonts-nanum") && said.contains(place), "{said}");
    std::fs::write(folder.path().join("NanumGothic.ttf"), "no font").unwrap();
    std::fs::write(folder.path().join("NanumGothicBold.ttf"), "no font").unwrap();
    let said = says(json.as_bytes(), &["--format", "pdf", "--fonts", place]);
    assert!(said.contains("is no font"), "{said}");
}

#[test]
fn needs_jikim_it_makes_the_papers_through_the_press() {
    let jikim = std::env::var("JIKIM_BIN").expect("JIKIM_BIN names the program");
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, arguments: &[&str]| {
        let out = folder.path().join(name);
        let ended = Command::new(&jikim)
            .args(["policy"])
            .args(arguments)
            .args(["--institution", "patent", "--out"])
            .arg(&out)
            .env("JIKIM_PRESS", env!("CARGO_BIN_EXE_jikim-press"))
            .output()
            .unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        std::fs::read(out).unwrap()
    };
    let pdf = |bytes: &[u8]| bytes.starts_with(b"%PDF-");
    assert!(pdf(&make("policy.pdf", &["render", "--format", "pdf"])));
    assert!(make("policy.hwpx", &["render", "--format", "hwpx"]).starts_with(b"PK"));
    assert!(pdf(&make("sign.pdf", &["sign", "--format", "pdf"])));
    for form in ["access-request", "consent"] {
        assert!(pdf(&make("form.pdf", &["form", form, "--format", "pdf"])));
        assert!(make("form.hwpx", &["form", form, "--format", "hwpx"]).starts_with(b"PK"));
    }
    let missing = Command::new(&jikim)
        .args(["policy", "render", "--institution", "patent", "--format", "pdf", "--out"])
        .arg(folder.path().join("none.pdf"))
        .env("JIKIM_PRESS", "/nowhere/jikim-press")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&missing.stderr);
    assert!(!missing.status.success() && said.contains("JIKIM_PRESS"), "{said}");
}

#[test]
fn needs_poppler_the_same_document_becomes_the_same_bytes() {
    let sample = &samples()[1];
    let read = |path: &Path| std::fs::read(path).unwrap();
    for format in ["pdf", "hwpx"] {
        let (one, other) =
            (crate::make(&sample.document, format), crate::make(&sample.document, format));
        assert!(read(&one.path) == read(&other.path), "{format}");
    }
    assert!(!ask("pdfinfo", &[], &crate::make(&sample.document, "pdf").path, &[]).is_empty());
}
