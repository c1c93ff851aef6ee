//! `jikim-press`: sets a document of Jikim (docs/formats/document.md) in type, as PDF, HWPX or XLSX.
//!
//! It reads one document from standard input and writes one file, or answers the recorder over a Unix socket.
//! It starts nothing, asks no network and reads no file but its fonts.

mod columns;
mod fonts;
mod hwpx;
mod hwpx_styles;
mod listen;
mod pdf;
mod qr;
mod xlsx;

use std::fs::Permissions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use papers::{Document, MAX_DOCUMENT_BYTES};

/// Sets a document of Jikim in type: its JSON on standard input, PDF, HWPX or XLSX in a file.
#[derive(Debug, Parser)]
#[command(name = "jikim-press", version)]
struct Arguments {
    /// What to make of it.
    #[arg(long, required_unless_present = "listen")]
    format: Option<Format>,
    /// The file to write; one that is there is replaced.
    #[arg(long, required_unless_present = "listen")]
    out: Option<PathBuf>,
    /// Instead of that: answer who asks over this Unix socket, until ended.
    #[arg(long, conflicts_with_all = ["format", "out"], value_name = "SOCKET")]
    listen: Option<PathBuf>,
    /// The folder of NanumGothic.ttf and NanumGothicBold.ttf, if they are not where systems keep them.
    #[arg(long)]
    fonts: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// PDF/UA-1, with its fonts.
    Pdf,
    /// HWPX (KS X 6101).
    Hwpx,
    /// XLSX (ECMA-376): each table a sheet.
    Xlsx,
}

/// Why no file was made.
#[derive(Debug, thiserror::Error)]
enum PressError {
    #[error("standard input: {0}")]
    Input(#[source] std::io::Error),
    #[error(transparent)]
    Document(#[from] papers::ReadDocumentError),
    #[error("the text {text:?} holds U+{letter:04X}, a control character that no page can show")]
    Control { text: String, letter: u32 },
    #[error("{0:?} is no day like 2026-11-22")]
    Date(String),
    #[error(transparent)]
    Fonts(#[from] fonts::ReadFontsError),
    #[error(transparent)]
    Pdf(#[from] pdf::MakePdfError),
    #[error(transparent)]
    Hwpx(#[from] hwpx::MakeHwpxError),
    #[error(transparent)]
    Xlsx(#[from] xlsx::MakeXlsxError),
    #[error("a sign is one sheet with a QR code: make it as PDF")]
    SignIsPdf,
    #[error("{0:?} is neither pdf nor hwpx nor xlsx")]
    Format(String),
    #[error("no socket at {}: {source}", path.display())]
    Listen { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

fn main() -> ExitCode {
    match press(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn press(arguments: &Arguments) -> Result<(), PressError> {
    let fonts = arguments.fonts.as_deref();
    if let Some(socket) = &arguments.listen {
        return listen::listen(socket, fonts);
    }
    let (Some(format), Some(out)) = (arguments.format, &arguments.out) else {
        unreachable!("the arguments say both or where to listen");
    };
    let mut json = Vec::new();
    let limit = MAX_DOCUMENT_BYTES as u64 + 1;
    std::io::stdin().take(limit).read_to_end(&mut json).map_err(PressError::Input)?;
    let bytes = made_of(&json, format, fonts)?;
    write(out, &bytes).map_err(|source| PressError::Write { path: out.clone(), source })
}

/// The file that a document becomes.
fn made_of(json: &[u8], format: Format, fonts: Option<&Path>) -> Result<Vec<u8>, PressError> {
    let document = Document::read(json)?;
    check_letters(&document)?;
    check_date(&document)?;
    Ok(match (format, &document) {
        (Format::Pdf, _) => pdf::pdf(&document, fonts::read(fonts)?)?,
        (Format::Hwpx, Document::Paper(paper)) => hwpx::hwpx(paper)?,
        (Format::Xlsx, Document::Paper(paper)) => xlsx::xlsx(paper)?,
        (Format::Hwpx | Format::Xlsx, Document::Sign(_)) => return Err(PressError::SignIsPdf),
    })
}

/// A letter that neither format can hold would be left out of one of them in silence.
fn check_letters(document: &Document) -> Result<(), PressError> {
    let is_bad = |letter: &char| {
        letter.is_control() && !matches!(letter, '\n' | '\t')
            || matches!(letter, '\u{fffe}'..='\u{ffff}')
    };
    for text in document.texts() {
        if let Some(letter) = text.chars().find(is_bad) {
            let text = text.chars().take(40).collect();
            return Err(PressError::Control { text, letter: u32::from(letter) });
        }
    }
    Ok(())
}

fn check_date(document: &Document) -> Result<(), PressError> {
    let date = match document {
        Document::Paper(paper) => &paper.date,
        Document::Sign(sign) => &sign.date,
    };
    let format = time::macros::format_description!("[year]-[month]-[day]");
    if date.is_empty() || time::Date::parse(date, format).is_ok() {
        return Ok(());
    }
    Err(PressError::Date(date.clone()))
}

/// A reader of the file sees the old one or the whole new one, which everybody may read.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path == Path::new("-") {
        let mut out = std::io::stdout().lock();
        return out.write_all(bytes).and_then(|()| out.flush());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut part = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    part.write_all(bytes)?;
    part.persist(path).map(drop).map_err(|error| error.error)
}
