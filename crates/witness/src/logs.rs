//! Which logs are cosigned: the file `logs`, in the syntax of C2SP tlog-policy, `log` lines only.
//!
//! A line `log <vkey>` names a log by its origin. For a recorder of ours it means more: a recorder
//! has one log for each year under one public key, so the line stands for the year in its name and
//! every later one. How far later is bounded by the witness's clock: a year is taken up a day before
//! it begins, so that whoever holds the recorder's key cannot make the witness keep books of
//! thousands of years.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{RecorderId, WallTime};
use host::{Fs, FsError};
use tlog::{Algorithm, VerifierKey, note::KeyError, recorder_of};

const FILE: &str = "logs";
const LOCK: &str = "logs.lock";

/// The most lines that name a log.
pub const MAX_LOGS: usize = 1024;

/// The longest file of logs, in bytes.
const MAX_FILE_BYTES: usize = 1 << 20;

/// How long before a year begins its log is taken up: clocks differ.
const EARLY: Duration = Duration::from_secs(24 * 3600);

const HEAD: &str = "# The logs that this witness cosigns: `log <vkey>` lines (C2SP tlog-policy).\n\
    # A recorder's line stands for the year in it and all later ones. jikim-witness add-log writes\n\
    # here; a running witness reads the file again when it changes.\n";

/// Why the file of logs could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// It is not a text of tlog-policy.
    #[error("{path} is not text without control characters: restore it, or write it anew")]
    NotText {
        /// Which file.
        path: PathBuf,
    },
    /// A line that is none of a log.
    #[error("{path}, line {line}: write `log <vkey>`; nothing else than logs belongs here")]
    NotALog {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// A line whose key is none.
    #[error("{path}, line {line}: {source}")]
    Key {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A key that does not sign logs.
    #[error("{path}, line {line}: a log's key has type 0x01; this is the key of a witness")]
    NotALogKey {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// One key, or one origin, in two lines.
    #[error("{path}, line {line}: this log, or its public key, stands in an earlier line")]
    Twice {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// More than [`MAX_LOGS`].
    #[error("{path} names more than {MAX_LOGS} logs: run a second witness for the others")]
    TooMany {
        /// Which file.
        path: PathBuf,
    },
}

/// Why a log could not be added.
#[derive(Debug, thiserror::Error)]
pub enum AddLogError {
    /// The file cannot be read, or could not with the new line.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// The key is none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A witness's key.
    #[error(
        "{0} is the key of a witness (type 0x04): give the key of the recorder's log (type 0x01)"
    )]
    NotALogKey(String),
    /// Another key stands there for the same log.
    #[error(
        "another key is already trusted for {origin}; if the log really has a new key, take the \
         old line out of {path} first"
    )]
    OtherKey {
        /// Which log.
        origin: String,
        /// Which file.
        path: PathBuf,
    },
    /// The same key stands there for another log.
    #[error("this public key is already trusted for {origin}: a log has a key of its own")]
    KeyOfAnother {
        /// Which log.
        origin: String,
    },
    /// Another process adds a log right now.
    #[error("another command is changing the list of logs: try again")]
    Busy,
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
}

/// What adding a log did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// The recorder was known from a later year on, and now is from this one on.
    Earlier,
    /// It was known; nothing was changed.
    Known,
}

/// A log, or all logs of a recorder from some year on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    key: VerifierKey,
    recorder: Option<(RecorderId, u16)>,
}

/// The logs of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Logs {
    lines: Vec<Line>,
    bytes: Vec<u8>,
}

impl Line {
    fn of(key: VerifierKey) -> Self {
        let recorder = recorder_of(key.name());
        Self { key, recorder }
    }

    /// The origin in the line.
    pub(crate) fn origin(&self) -> &str {
        self.key.name()
    }

    /// Whether the line speaks of this origin.
    pub(crate) fn covers(&self, origin: &str) -> bool {
        match self.recorder {
            None => self.origin() == origin,
            Some((recorder, first)) => {
                recorder_of(origin).is_some_and(|(other, year)| other == recorder && year >= first)
            }
        }
    }

    /// The key that is trusted for this origin, of which the line speaks.
    fn key_for(&self, origin: &str) -> VerifierKey {
        VerifierKey::new(origin, Algorithm::Ed25519, *self.key.public_key())
            .expect("the origin of a recorder can be a key's name, and any other is the line's own")
    }

    /// Which lines cannot stand together.
    fn clashes(&self, other: &Self) -> bool {
        let same_recorder = match (self.recorder, other.recorder) {
            (Some((one, _)), Some((two, _))) => one == two,
            _ => false,
        };
        same_recorder
            || self.origin() == other.origin()
            || self.key.public_key() == other.key.public_key()
    }
}

impl Logs {
    /// Reads the file of the witness in a folder.
    pub(crate) fn read(fs: &dyn Fs, folder: &Path) -> Result<Self, LogsError> {
        let path = folder.join(FILE);
        let bytes = fs.read(&path, MAX_FILE_BYTES)?;
        Self::parse(bytes, &path)
    }

    /// Reads the file again if its bytes are others.
    pub(crate) fn changed(&self, fs: &dyn Fs, folder: &Path) -> Result<Option<Self>, LogsError> {
        let path = folder.join(FILE);
        let bytes = fs.read(&path, MAX_FILE_BYTES)?;
        if bytes == self.bytes { Ok(None) } else { Self::parse(bytes, &path).map(Some) }
    }

    fn parse(bytes: Vec<u8>, path: &Path) -> Result<Self, LogsError> {
        let path = || path.to_owned();
        let text = std::str::from_utf8(&bytes).ok();
        let text = text.filter(|text| !text.bytes().any(|c| c < 0x20 && c != b'\n' && c != b'\t'));
        let text = text.ok_or_else(|| LogsError::NotText { path: path() })?;
        let mut lines: Vec<Line> = Vec::new();
        for (number, text) in text.split('\n').enumerate() {
            let line = number + 1;
            let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
            let Some(first) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            let (key, url) = (words.next(), words.next());
            let not_a_log = || LogsError::NotALog { path: path(), line };
            // An address may stand behind the key; a witness calls nobody and ignores it.
            let _ = url;
            if first != "log" || words.next().is_some() {
                return Err(not_a_log());
            }
            let key: VerifierKey = key
                .ok_or_else(not_a_log)?
                .parse()
                .map_err(|source| LogsError::Key { path: path(), line, source })?;
            if key.algorithm() != Algorithm::Ed25519 {
                return Err(LogsError::NotALogKey { path: path(), line });
            }
            let new = Line::of(key);
            if lines.iter().any(|earlier| earlier.clashes(&new)) {
                return Err(LogsError::Twice { path: path(), line });
            }
            if lines.len() == MAX_LOGS {
                return Err(LogsError::TooMany { path: path() });
            }
            lines.push(new);
        }
        Ok(Self { lines, bytes })
    }

    /// The lines, in their order.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The key that is trusted for an origin, if the log is known and, for a recorder, its year is
    /// not further ahead of `now` than a day.
    pub(crate) fn key_for(&self, origin: &str, now: WallTime) -> Option<VerifierKey> {
        let line = self.lines.iter().find(|line| line.covers(origin))?;
        let year = recorder_of(origin).filter(|_| line.recorder.is_some()).map(|(_, year)| year);
        if year.is_some_and(|year| year > (now + EARLY).year()) {
            return None;
        }
        Some(line.key_for(origin))
    }
}

/// An empty list where there is none.
pub(crate) fn create(fs: &dyn Fs, folder: &Path) -> Result<(), FsError> {
    let path = folder.join(FILE);
    if fs.exists(&path)? { Ok(()) } else { fs.replace(&path, HEAD.as_bytes()) }
}

/// Adds a log to those that the witness in a folder cosigns. A running witness takes it up within
/// seconds.
///
/// # Errors
/// If the key is none of a log, stands against a line that is there, or the disk refuses.
pub fn add_log(fs: &dyn Fs, folder: &Path, vkey: &str) -> Result<Added, AddLogError> {
    let key: VerifierKey = vkey.trim().parse()?;
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(AddLogError::NotALogKey(key.name().to_owned()));
    }
    let _lock = fs.lock(&folder.join(LOCK))?.ok_or(AddLogError::Busy)?;
    let path = folder.join(FILE);
    let logs = Logs::read(fs, folder)?;
    let new = Line::of(key);
    let mut text = String::from_utf8(logs.bytes.clone()).expect("it was read as text");
    let added = match logs.lines.iter().find(|line| line.clashes(&new)) {
        None => {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&format!("log {}\n", new.key));
            Added::New
        }
        Some(line) => match known(line, &new, &path)? {
            Added::Earlier => {
                text = text.replace(&line.key.to_string(), &new.key.to_string());
                Added::Earlier
            }
            other => other,
        },
    };
    if added != Added::Known {
        Logs::parse(text.clone().into_bytes(), &path)?;
        fs.replace(&path, text.as_bytes())?;
    }
    Ok(added)
}

/// What to do with a log of which a line speaks already.
fn known(line: &Line, new: &Line, path: &Path) -> Result<Added, AddLogError> {
    let same_key = line.key.public_key() == new.key.public_key();
    let origin = || line.origin().to_owned();
    match (line.recorder, new.recorder) {
        (Some((one, from)), Some((two, year))) if one == two && same_key => {
            Ok(if year < from { Added::Earlier } else { Added::Known })
        }
        _ if line.origin() == new.origin() && same_key => Ok(Added::Known),
        _ if same_key => Err(AddLogError::KeyOfAnother { origin: origin() }),
        _ => Err(AddLogError::OtherKey { origin: origin(), path: path.to_owned() }),
    }
}
