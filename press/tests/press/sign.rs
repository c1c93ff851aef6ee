//! Signs: one sheet, all that the law asks for, a QR code that a telephone reads.

use papers::{Document, Sign};
use policy::signs;

use crate::samples::samples;
use crate::{Made, ask, left_out, make};

/// Every sign of the five institutions, with an address so that each has a code.
fn all() -> Vec<Sign> {
    let mut all = Vec::new();
    for sample in samples() {
        let law = law::korea().on(law::date("2026-11-23").unwrap());
        for (unit, mut sign) in signs(&sample.described, law) {
            sign.url.get_or_insert_with(|| format!("https://{unit}.example.kr/cctv?a=1&b=2"));
            all.push(sign);
        }
    }
    all
}

/// What the codes on the first page say.
fn codes(made: &Made) -> Vec<String> {
    let to = made.path.with_extension("");
    ask("pdftoppm", &["-r", "150", "-gray", "-singlefile"], &made.path, &[to.to_str().unwrap()]);
    let bytes = std::fs::read(made.path.with_extension("pgm")).unwrap();
    // P5, width and height, greatest value, then one byte for each point.
    let mut at = 0;
    let mut words = Vec::new();
    while words.len() < 4 {
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        words.push(String::from_utf8_lossy(&bytes[at..end]).into_owned());
        at = end + 1;
    }
    let (width, height): (usize, usize) = (words[1].parse().unwrap(), words[2].parse().unwrap());
    let points = &bytes[at..];
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| points[y * width + x]);
    image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|it| it.1).collect()
}

#[test]
fn needs_poppler_a_sign_is_one_sheet_that_says_everything() {
    let signs = all();
    assert!(signs.len() >= 5);
    for sign in signs {
        let document = Document::Sign(sign.clone());
        let made = make(&document, "pdf");
        let facts = ask("pdfinfo", &[], &made.path, &[]);
        let has = |name: &str, value: &str| {
            facts.lines().any(|line| line.starts_with(name) && line.trim_end().ends_with(value))
        };
        assert!(has("Pages:", " 1") && has("Tagged:", "yes"), "{facts}");
        // A4, lying.
        assert!(has("Page size:", "841.89 x 595.276 pts (A4)"), "{facts}");
        let text = ask("pdftotext", &["-raw"], &made.path, &["-"]);
        assert_eq!(left_out(&document, &text), [""; 0], "{}", sign.author);
    }
}

#[test]
fn needs_poppler_its_code_leads_to_the_policy() {
    let mut sign = all().remove(0);
    sign.url = Some("https://example.kr/cctv?unit=main&q=가".into());
    let made = make(&Document::Sign(sign.clone()), "pdf");
    assert_eq!(codes(&made), [sign.url.clone().unwrap()]);
    let tree = ask("pdfinfo", &["-struct"], &made.path, &[]);
    assert!(tree.contains("Figure"), "{tree}");
    // One without an address has none.
    sign.url = None;
    assert!(codes(&make(&Document::Sign(sign), "pdf")).is_empty());
}

#[test]
fn needs_poppler_a_sign_that_says_more_than_a_sheet_holds_is_refused() {
    let mut sign = all().remove(0);
    sign.lines[2].text = "복도와 로비, ".repeat(2000);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sign.pdf");
    let json = Document::Sign(sign).to_json();
    let ended = crate::run(json.as_bytes(), &["--format", "pdf"], &out);
    let says = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && says.contains("more than one sheet holds"), "{says}");
}
