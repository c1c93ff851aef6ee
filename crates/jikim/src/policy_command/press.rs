//! A document as a file: HTML and JSON are made here, PDF and HWPX by the program `jikim-press`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use papers::Document;

use crate::arguments::Format;
use crate::publication::write_public;
use crate::{Told, sentence};

/// The program that sets a document in type.
const PRESS: &str = "jikim-press";

/// Names the program where it is not beside this one.
const PRESS_VARIABLE: &str = "JIKIM_PRESS";

/// Writes a document in the form that is asked for.
pub(crate) fn write_document(document: &Document, format: Format, out: &Path) -> Told<()> {
    match format {
        Format::Html => write_public(out, &papers::html(document, "")),
        Format::Json => write_public(out, &document.to_json()),
        Format::Pdf => press(document, "pdf", out),
        Format::Hwpx => press(document, "hwpx", out),
    }
}

/// The one that is named, else the one beside this program, else the one on the path.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os(PRESS_VARIABLE).filter(|name| !name.is_empty()) {
        return named.into();
    }
    let beside = std::env::current_exe().ok().map(|program| program.with_file_name(PRESS));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(PRESS))
}

fn press(document: &Document, format: &str, out: &Path) -> Told<()> {
    let program = program();
    let child = Command::new(&program)
        .args(["--format", format, "--out"])
        .arg(out)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| {
        format!(
            "PDF and HWPX are made by {} ({error}): ./x build puts it beside jikim, or name it with \
             {PRESS_VARIABLE}; html and json need it not",
            program.display()
        )
    })?;
    let mut to = child.stdin.take().ok_or("the press takes nothing")?;
    // One that stops reading says why itself.
    let _ = to.write_all(document.to_json().as_bytes());
    drop(to);
    let ended = child.wait_with_output().map_err(sentence)?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("{PRESS}: {}", String::from_utf8_lossy(&ended.stderr).trim()))
}
