//! PDF: tagged after PDF/UA-1, its letters embedded.

use papers::{Block, Document};
use serde_json::{Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Str};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::columns::columns;
use crate::qr;

/// How documents look.
const TEMPLATE: &str = include_str!("document.typ");

/// Sizes of a table's letters in points; the smaller one where words would have to be broken.
const TABLE_SIZES: [f64; 2] = [9.0, 8.0];
/// The same where the page lies because the table has many columns.
const LANDSCAPE_SIZES: [f64; 2] = [8.0, 7.0];
/// A4 between the margins, in points: standing and lying.
const TABLE_WIDTH: f64 = 481.0;
const LANDSCAPE_WIDTH: f64 = 728.0;
/// What a column's edges take of it.
const TABLE_MARGIN: f64 = 9.5;
/// No word is so long.
const ANY_LENGTH: f64 = 1000.0;

/// Why no PDF was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MakePdfError {
    /// The typesetter refuses.
    #[error("the document cannot be set in type: {0}")]
    Set(String),
    /// What is set is no PDF/UA.
    #[error("the document does not become an accessible PDF: {0}")]
    Export(String),
    /// The address has no QR code.
    #[error(transparent)]
    Qr(#[from] qr::MakeQrError),
}

/// The document as PDF.
pub(crate) fn pdf(document: &Document, fonts: Vec<Font>) -> Result<Vec<u8>, MakePdfError> {
    let world = Sheet::new(&data(document)?, fonts);
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    let pages = output.map_err(|errors| MakePdfError::Set(words(&errors)))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| MakePdfError::Export(error.message().to_string()))?;
    let options = PdfOptions { standards, ..PdfOptions::default() };
    typst_pdf::pdf(&pages, &options).map_err(|errors| MakePdfError::Export(words(&errors)))
}

fn words(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// The document's JSON, and what the template cannot reckon itself.
fn data(document: &Document) -> Result<Value, MakePdfError> {
    let mut data = serde_json::to_value(document).expect("a document has only strings and numbers");
    match document {
        Document::Paper(paper) => {
            let blocks = data["blocks"].as_array_mut().expect("a paper has blocks");
            for (value, block) in blocks.iter_mut().zip(&paper.blocks) {
                prepare(value, block, paper.is_landscape);
            }
            keep_order(blocks);
            data["is_landscape"] = json!(paper.is_landscape);
        }
        Document::Sign(sign) => {
            data["qr"] = match &sign.url {
                Some(url) => json!(qr::svg(url)?),
                None => Value::Null,
            };
            data["qr_says"] = json!(sign.url.as_ref().map(|url| format!("QR 코드: {url}")));
        }
    }
    Ok(data)
}

/// Gives a table its columns, and its cells what their JSON leaves out.
fn prepare(value: &mut Value, block: &Block, is_landscape: bool) {
    let Block::Table { head, rows, .. } = block else { return };
    let (sizes, width) = match is_landscape {
        true => (LANDSCAPE_SIZES, LANDSCAPE_WIDTH),
        false => (TABLE_SIZES, TABLE_WIDTH),
    };
    let of = |size: f64| (size, columns(head, rows, width / size, TABLE_MARGIN / size));
    let (size, found) = Some(of(sizes[0]))
        .filter(|(_, found)| found.longest.is_none())
        .unwrap_or_else(|| of(sizes[1]));
    value["shares"] = json!(found.shares);
    value["size"] = json!(size);
    value["longest"] = json!(found.longest.unwrap_or(ANY_LENGTH));
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.cells.iter().enumerate() {
            let to = &mut value["rows"][at]["cells"][column];
            to["columns"] = json!(cell.columns.max(1));
            to["is_label"] = json!(cell.is_label);
        }
    }
}

/// A reader of the outline meets no level below one that is not there.
fn keep_order(blocks: &mut [Value]) {
    let mut above = 0;
    for block in blocks.iter_mut().filter(|block| block["block"] == "heading") {
        let level = block["level"].as_u64().unwrap_or(1).clamp(1, 3).min(above + 1);
        block["level"] = json!(level);
        above = level;
    }
}

/// All that the typesetter can reach: the template, the data and the fonts; no file, no network, no clock.
struct Sheet {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
}

impl Sheet {
    fn new(data: &Value, fonts: Vec<Font>) -> Self {
        let text = Str::from(data.to_string());
        let inputs: Dict =
            [(Str::from("document"), typst::foundations::Value::Str(text))].into_iter().collect();
        // For cells that name what the others of their row say.
        let features = [Feature::A11yExtras].into_iter().collect();
        let library = Library::builder().with_inputs(inputs).with_features(features).build();
        let path = VirtualPath::new("document.typ").expect("a name is a path");
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(id, TEMPLATE.into()),
        }
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
