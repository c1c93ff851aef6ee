//! XLSX, opened by a reader that is not the writer's.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use papers::{Block, Cell, Document, Row};

use crate::hwpx::part;
use crate::{left_out, make, paper};

/// What a spreadsheet would take for more than text.
const TREACHEROUS: [&str; 8] = [
    "=1+1",
    "=HYPERLINK(\"https://attacker.example\",\"눌러 주십시오\")",
    "+82-2-000-0000",
    "-1",
    "@SUM(1)",
    "0012",
    "2026-11-23",
    "TRUE",
];

fn table<const N: usize>(caption: &str, head: &[&str; N], rows: &[[&str; N]]) -> Block {
    let row = |row: &[&str; N]| Row {
        cells: row.iter().map(|text| Cell::from(*text)).collect(),
        promise: None,
    };
    Block::Table {
        caption: caption.into(),
        head: head.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

fn register() -> Document {
    let rows: Vec<[&str; 2]> = TREACHEROUS.iter().map(|name| [*name, "둘째 줄\n셋째 줄"]).collect();
    paper(vec![
        Block::Paragraph { sentences: vec!["2026-11-01부터 2026-11-23까지.".into()] },
        table(
            "청구 처리대장: 접수/처리 [2026년 11월 한 달의 기록을 모은 것임]",
            &["청구인", "내용"],
            &rows,
        ),
        table(
            "청구 처리대장: 접수/처리 [2026년 11월 한 달의 기록을 모은 것임]",
            &["다른 것"],
            &[["값"]],
        ),
        Block::Note { sentence: "빈 칸은 시스템이 알지 못하는 것입니다.".into() },
    ])
}

#[test]
fn each_table_is_a_sheet_and_every_cell_is_a_string() {
    let made = make(&register(), "xlsx");
    let mut book: Xlsx<_> = open_workbook(&made.path).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.iter().all(|name| name.chars().count() <= 31));
    let sheet = book.worksheet_range(&names[0]).unwrap();
    assert_eq!(sheet.get((0, 0)), Some(&Data::String("청구인".into())));
    for (row, name) in (1..).zip(TREACHEROUS) {
        assert_eq!(sheet.get((row, 0)), Some(&Data::String(name.into())), "{name}");
        assert_eq!(sheet.get((row, 1)), Some(&Data::String("둘째 줄\n셋째 줄".into())));
    }
    for name in names {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
}

#[test]
fn a_workbook_with_a_formula_would_be_seen() {
    // The control: what the test above looks for is found where it is.
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, rust_xlsxwriter::Formula::new("=1+1")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let formulas = book.worksheet_formula("Sheet1").unwrap();
    assert!(formulas.used_cells().any(|(_, _, formula)| !formula.is_empty()));
}

#[test]
fn it_says_all_that_the_document_says() {
    let document = register();
    let made = make(&document, "xlsx");
    let mut book: Xlsx<_> = open_workbook(&made.path).unwrap();
    let says: Vec<String> = book
        .worksheets()
        .into_iter()
        .flat_map(|(_, sheet)| {
            sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(left_out(&document, &says.join("\n")), [] as [String; 0]);
    let without = says[..says.len() - 2].join("\n");
    assert_ne!(left_out(&document, &without), [] as [String; 0], "the control");
}

#[test]
fn the_head_stays_in_sight_and_nothing_depends_on_the_clock() {
    let (first, second) = (make(&register(), "xlsx"), make(&register(), "xlsx"));
    let bytes = std::fs::read(&first.path).unwrap();
    assert_eq!(bytes, std::fs::read(&second.path).unwrap());
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    parts.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(sheet.contains("<pane ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(!sheet.contains("<f>"));
}

#[test]
fn a_lying_page_lies_in_all_forms() {
    let Document::Paper(mut wide) = register() else { unreachable!("it is a paper") };
    wide.is_landscape = true;
    let wide = Document::Paper(wide);
    let hwpx = part(&make(&wide, "hwpx"), "Contents/section0.xml");
    assert!(hwpx.contains("landscape=\"NARROWLY\""));
    let standing = part(&make(&register(), "hwpx"), "Contents/section0.xml");
    assert!(standing.contains("landscape=\"WIDELY\""), "the control");
}
