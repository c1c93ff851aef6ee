//! Setting documents in type for another program over a Unix socket, so that who asks starts no process.
//!
//! One document a connection: `pdf`, `hwpx` or `xlsx`, a line feed and the document's JSON, then no more. The answer is
//! `made` and a line feed before the file, or `refused`, a line feed and why. Nothing is kept.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum as _;
use papers::MAX_DOCUMENT_BYTES;

use crate::{Format, PressError, made_of};

/// Who says nothing for so long is no longer listened to.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of the longest line that says what is wanted.
const LONGEST_LINE: u64 = 16;

/// Listens until the process is ended.
pub(crate) fn listen(socket: &Path, fonts: Option<&Path>) -> Result<(), PressError> {
    let told = |source| PressError::Listen { path: socket.to_owned(), source };
    // One that a dead press left behind; another that listens keeps its own, and what is no socket stays.
    let is_socket = std::fs::symlink_metadata(socket).is_ok_and(|it| it.file_type().is_socket());
    if is_socket && UnixStream::connect(socket).is_err() {
        let _ = std::fs::remove_file(socket);
    }
    let listener = UnixListener::bind(socket).map_err(told)?;
    // Its owner and its group may ask; who that is, is the folder's matter.
    std::fs::set_permissions(socket, Permissions::from_mode(0o660)).map_err(told)?;
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let fonts = fonts.map(PathBuf::from);
        // One at a time, each in a thread of its own: a document that fells the typesetter fells nothing else.
        let _ = std::thread::spawn(move || answer(&stream, fonts.as_deref())).join();
    }
    Ok(())
}

fn answer(stream: &UnixStream, fonts: Option<&Path>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (word, bytes) = match asked(stream).and_then(|(format, json)| made_of(&json, format, fonts))
    {
        Ok(bytes) => ("made", bytes),
        Err(error) => ("refused", error.to_string().into_bytes()),
    };
    let mut stream = stream;
    stream.write_all(format!("{word}\n").as_bytes())?;
    stream.write_all(&bytes)
}

fn asked(stream: &UnixStream) -> Result<(Format, Vec<u8>), PressError> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    (&mut reader).take(LONGEST_LINE).read_line(&mut line).map_err(PressError::Input)?;
    let format = Format::from_str(line.trim_end(), false)
        .map_err(|_| PressError::Format(line.trim_end().into()))?;
    let mut json = Vec::new();
    let limit = MAX_DOCUMENT_BYTES as u64 + 1;
    reader.take(limit).read_to_end(&mut json).map_err(PressError::Input)?;
    Ok((format, json))
}
