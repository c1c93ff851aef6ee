//! A document as a file: HTML and JSON are made here, PDF and HWPX by the program `jikim-press`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use papers::Document;

use crate::arguments::Format;
use crate::helper_program::HelperProgram;
use crate::publication::write_public;
use crate::{Told, sentence};

/// The program that sets a document in type.
const PRESS: HelperProgram = HelperProgram { name: "jikim-press", variable: "JIKIM_PRESS" };

/// Writes a document in the form that is asked for.
pub(crate) fn write_document(document: &Document, format: Format, out: &Path) -> Told<()> {
    match format {
        Format::Html => write_public(out, &papers::html(document, "")),
        Format::Json => write_public(out, &document.to_json()),
        Format::Pdf => press(document, "pdf", out),
        Format::Hwpx => press(document, "hwpx", out),
    }
}

fn press(document: &Document, format: &str, out: &Path) -> Told<()> {
    let program = PRESS.path();
    let child = Command::new(&program)
        .args(["--format", format, "--out"])
        .arg(out)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| {
        format!(
            "PDF and HWPX are made by {} ({error}): ./x build puts it beside jikim, or name it with \
             JIKIM_PRESS; html and json need it not",
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
    Err(format!("{}: {}", PRESS.name, String::from_utf8_lossy(&ended.stderr).trim()))
}
