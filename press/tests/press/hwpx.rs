//! HWPX, read back with a reader of ZIP and one of XML: every text is in it, tables are tables.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use papers::{Block, Document};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::letters::letters;
use crate::samples::{forms, samples};
use crate::{Made, all_of_markup, left_out, make, squeezed};

/// One file of the package.
pub(crate) fn part(made: &Made, name: &str) -> String {
    let mut package = ZipArchive::new(std::fs::File::open(&made.path).unwrap()).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What the section says, one text after the other, and how often an element begins in it.
struct Read {
    says: Vec<String>,
    names: Vec<String>,
}

impl Read {
    fn count(&self, name: &str) -> usize {
        self.names.iter().filter(|one| *one == name).count()
    }

    fn words(&self) -> String {
        self.says.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn read(made: &Made) -> Read {
    let xml = part(made, "Contents/section0.xml");
    let mut reader = Reader::from_str(&xml);
    let mut found = Read { says: Vec::new(), names: Vec::new() };
    let mut is_text = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                is_text = tag.local_name().as_ref() == "t";
                if is_text {
                    found.says.push(String::new());
                }
                found.names.push(tag.local_name().as_ref().to_owned());
            }
            Event::Empty(tag) => {
                // A line break stands inside of a text.
                if is_text && tag.local_name().as_ref() == "lineBreak" {
                    found.says.last_mut().unwrap().push('\n');
                }
                found.names.push(tag.local_name().as_ref().to_owned());
            }
            Event::Text(text) if is_text => found.says.last_mut().unwrap().push_str(&text),
            Event::GeneralRef(name) if is_text => {
                let letter = match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("&{other};"),
                };
                found.says.last_mut().unwrap().push(letter);
            }
            Event::End(tag) if tag.local_name().as_ref() == "t" => is_text = false,
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn every_text_and_fact_of_the_five_policies_is_in_their_hwpx() {
    for sample in samples() {
        let made = make(&sample.document, "hwpx");
        let found = read(&made);
        assert_eq!(left_out(&sample.document, &found.words()), [""; 0], "{}", sample.name);
        for fact in &sample.facts {
            assert!(found.words().contains(fact.as_str()), "{}: {fact}", sample.name);
        }
    }
}

#[test]
fn every_text_of_the_forms_and_letters_is_in_their_hwpx() {
    for (name, form) in forms().into_iter().chain(letters()) {
        let made = make(&form, "hwpx");
        assert_eq!(left_out(&form, &read(&made).words()), [""; 0], "{name}");
    }
}

#[test]
fn a_text_that_is_left_out_is_found() {
    let sample = &samples()[0];
    let Document::Paper(mut less) = sample.document.clone() else { panic!("a policy is a paper") };
    let at = less.blocks.iter().rposition(|block| matches!(block, Block::Paragraph { .. }));
    let Block::Paragraph { sentences } = less.blocks.remove(at.unwrap()) else { panic!() };
    let made = make(&Document::Paper(less), "hwpx");
    let missing = left_out(&sample.document, &read(&made).words());
    assert_eq!(missing, [squeezed(&sentences[0].text)]);
}

#[test]
fn no_letter_is_markup() {
    let document = all_of_markup();
    assert_eq!(left_out(&document, &read(&make(&document, "hwpx")).words()), [""; 0]);
}

#[test]
fn tables_are_tables_and_cells_reach_over_columns() {
    let document = &samples()[4].document;
    let Document::Paper(paper) = document else { panic!("a policy is a paper") };
    let found = read(&make(document, "hwpx"));
    let (mut tables, mut rows, mut cells) = (0, 0, 0);
    for block in &paper.blocks {
        if let Block::Table { head, rows: own, .. } = block {
            tables += 1;
            rows += own.len() + 1;
            cells += head.len() + own.iter().map(|row| row.cells.len()).sum::<usize>();
        }
    }
    assert_eq!((found.count("tbl"), found.count("caption")), (tables, tables));
    assert_eq!((found.count("tr"), found.count("tc")), (rows, cells));
    let xml = part(&make(document, "hwpx"), "Contents/section0.xml");
    assert!(xml.contains("colSpan=\"3\""), "the sums reach over three columns");
    assert!(xml.contains("repeatHeader=\"1\""));
}

#[test]
fn headings_are_headings() {
    let document = &samples()[0].document;
    let Document::Paper(paper) = document else { panic!("a policy is a paper") };
    let made = make(document, "hwpx");
    let header = part(&made, "Contents/header.xml");
    let before = header.split("name=\"개요 1\"").next().unwrap();
    let id = before.rsplit("id=\"").next().unwrap().split('"').next().unwrap();
    let headings = paper.blocks.iter().filter(|it| matches!(it, Block::Heading { level: 1, .. }));
    let styled = format!("styleIDRef=\"{id}\"");
    let found = part(&made, "Contents/section0.xml").matches(&styled).count();
    assert_eq!(found, headings.count());
}

#[test]
fn the_package_names_its_kind_its_title_and_its_author() {
    let document = &samples()[0].document;
    let Document::Paper(paper) = document else { panic!("a policy is a paper") };
    let made = make(document, "hwpx");
    // Readers look at the first bytes: the kind stands there, stored as it is.
    let bytes = std::fs::read(&made.path).unwrap();
    assert_eq!(&bytes[30..57], b"mimetypeapplication/hwp+zip");
    let contents = part(&made, "Contents/content.hpf");
    assert!(contents.contains(&paper.title) && contents.contains(&paper.author));
}

/// Whether python-hwpx finds nothing, and what it says.
fn validated(path: &Path) -> (bool, String) {
    let validator = std::env::var("JIKIM_HWPX_VALIDATE").expect("JIKIM_HWPX_VALIDATE names it");
    let ended = Command::new(&validator).arg(path).output().unwrap();
    let says = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    // It ends well where it only warns.
    let is_fine = ended.status.success() && says.contains("All schema validations passed.");
    (is_fine, says)
}

#[test]
fn needs_validator_python_hwpx_finds_nothing() {
    let documents = samples().into_iter().map(|sample| (sample.name, sample.document));
    for (name, document) in documents.chain(forms()).chain(letters()) {
        let (is_fine, says) = validated(&make(&document, "hwpx").path);
        assert!(is_fine, "{name}: {says}");
    }
}

#[test]
fn needs_validator_python_hwpx_finds_what_does_not_belong() {
    let made = make(&samples()[0].document, "hwpx");
    let mut package = ZipArchive::new(std::fs::File::open(&made.path).unwrap()).unwrap();
    let path = made.path.with_extension("spoilt.hwpx");
    let mut spoilt = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for index in 0..package.len() {
        let mut file = package.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == "Contents/section0.xml" {
            let text = String::from_utf8(bytes).unwrap();
            bytes = text.replacen("<hp:tbl ", "<hp:strange/><hp:tbl ", 1).into_bytes();
        }
        let options = SimpleFileOptions::default().compression_method(file.compression());
        spoilt.start_file(name, options).unwrap();
        spoilt.write_all(&bytes).unwrap();
    }
    spoilt.finish().unwrap();
    let (is_fine, says) = validated(&path);
    assert!(!is_fine && says.contains("strange"), "{says}");
}
