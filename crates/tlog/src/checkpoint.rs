//! Checkpoints (C2SP tlog-checkpoint): the text that a log signs, naming itself, its size and its
//! root.

use domain::RecorderId;
use thiserror::Error;

use crate::hash::{Hash, HashError};
use crate::note::{NoteError, SignedNote, Verified, VerifierKey, VerifyNoteError};
use crate::tile::decimal;

/// The longest origin, in bytes: the most that a later signature format can carry, too.
pub const MAX_ORIGIN_BYTES: usize = 255;

/// The most entries of a tree: what also fits a signed 64-bit number, which others' tools use.
pub const MAX_TREE_SIZE: u64 = (1 << 63) - 1;

/// The most extension lines; we write none.
pub const MAX_EXTENSIONS: usize = 16;

/// The longest extension line, in bytes.
pub const MAX_EXTENSION_BYTES: usize = 1024;

/// The head of a log: everything before it is fixed by the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Entries in its tree; at most [`MAX_TREE_SIZE`].
    pub size: u64,
    /// Root of its tree.
    pub root: Hash,
    /// Further lines, opaque; none in ours.
    pub extensions: Vec<String>,
}

/// The origin of a recorder's ledger of one year, which is also the name of its key:
/// `jikim/<recorder id>/<year>`.
#[must_use]
pub fn origin(recorder: RecorderId, year: u16) -> String {
    format!("jikim/{recorder}/{year:04}")
}

/// Recorder and year of an origin that [`origin`] made; `None` for any other.
#[must_use]
pub fn recorder_of(text: &str) -> Option<(RecorderId, u16)> {
    let (recorder, year) = text.strip_prefix("jikim/")?.split_once('/')?;
    let (recorder, year) = (recorder.parse().ok()?, year.parse().ok()?);
    // One spelling: capital letters and signs are another log's name.
    (origin(recorder, year) == text).then_some((recorder, year))
}

/// Why a checkpoint could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The text does not end in a line feed.
    #[error("a checkpoint ends in a line feed")]
    Unfinished,
    /// Fewer than three lines.
    #[error("a checkpoint has at least three lines: origin, size and root")]
    TooFewLines,
    /// A control character.
    #[error("a checkpoint holds no control characters but line feeds")]
    ControlCharacter,
    /// The origin is empty or too long.
    #[error("the origin of a checkpoint has 1 to {MAX_ORIGIN_BYTES} bytes in one line")]
    Origin,
    /// The size is no decimal number, or too large.
    #[error(
        "the size of a checkpoint is a decimal number without leading zeroes, at most 2^63 - 1"
    )]
    Size,
    /// The root is no hash.
    #[error("the root of a checkpoint is not a hash")]
    Root(#[source] HashError),
    /// Too many extension lines, or an empty or too long one.
    #[error(
        "a checkpoint has at most {MAX_EXTENSIONS} extension lines of 1 to {MAX_EXTENSION_BYTES} \
         bytes"
    )]
    Extension,
}

/// Why a signed checkpoint must not be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenCheckpointError {
    /// It is no note.
    #[error("the checkpoint is not a signed note")]
    ParseNote(#[from] NoteError),
    /// It is not signed by the key that was expected.
    #[error(transparent)]
    VerifyNote(#[from] VerifyNoteError),
    /// Its text is no checkpoint.
    #[error("the signed text is not a checkpoint")]
    ParseCheckpoint(#[from] CheckpointError),
    /// It is another log's.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// Origin expected.
        expected: String,
        /// Origin found.
        found: String,
    },
}

impl Checkpoint {
    /// The text that is signed.
    ///
    /// # Errors
    /// If a field could not be read again: a line feed in the origin would be a forged size.
    pub fn encode(&self) -> Result<String, CheckpointError> {
        self.check()?;
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64());
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads what [`Checkpoint::encode`] writes, and nothing else.
    ///
    /// # Errors
    /// If the text is not exactly a checkpoint, or exceeds a limit.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Unfinished)?;
        let mut lines = body.splitn(4, '\n');
        let mut next = || lines.next().ok_or(CheckpointError::TooFewLines);
        let (origin, size, root) = (next()?, next()?, next()?);
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: decimal(size).ok_or(CheckpointError::Size)?,
            root: Hash::from_base64(root).map_err(CheckpointError::Root)?,
            extensions: lines.next().map_or_else(Vec::new, |rest| {
                rest.split('\n').take(MAX_EXTENSIONS + 1).map(str::to_owned).collect()
            }),
        };
        checkpoint.check()?;
        Ok(checkpoint)
    }

    /// Reads a signed checkpoint of the log whose key this is. The key's name is the log's origin.
    ///
    /// # Errors
    /// If it is not one, is not signed by the key, or is of another log.
    pub fn open(bytes: &[u8], log_key: &VerifierKey) -> Result<Self, OpenCheckpointError> {
        let note = SignedNote::parse(bytes)?;
        Self::of_note(&note, log_key.name(), log_key).map(|(checkpoint, _)| checkpoint)
    }

    /// The checkpoint in a note signed by `log_key`, which speaks for the log `origin`.
    pub(crate) fn of_note<'k>(
        note: &SignedNote,
        origin: &str,
        log_key: &'k VerifierKey,
    ) -> Result<(Self, Vec<Verified<'k>>), OpenCheckpointError> {
        let verified = note.verify([log_key])?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != origin {
            let (expected, found) = (origin.to_owned(), checkpoint.origin);
            return Err(OpenCheckpointError::OtherLog { expected, found });
        }
        Ok((checkpoint, verified))
    }

    fn check(&self) -> Result<(), CheckpointError> {
        let control = |line: &str| line.bytes().any(|byte| byte < 0x20);
        if self.origin.is_empty() || self.origin.len() > MAX_ORIGIN_BYTES {
            return Err(CheckpointError::Origin);
        }
        if self.size > MAX_TREE_SIZE {
            return Err(CheckpointError::Size);
        }
        let wrong = |line: &String| line.is_empty() || line.len() > MAX_EXTENSION_BYTES;
        if self.extensions.len() > MAX_EXTENSIONS || self.extensions.iter().any(wrong) {
            return Err(CheckpointError::Extension);
        }
        if control(&self.origin) || self.extensions.iter().any(|line| control(line)) {
            return Err(CheckpointError::ControlCharacter);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_it_is_written_and_nothing_else_is() {
        let recorder = RecorderId::from_bytes([0xab; 16]);
        for year in [0, 1970, 2026, 9999] {
            assert_eq!(recorder_of(&origin(recorder, year)), Some((recorder, year)));
        }
        let good = origin(recorder, 2026);
        for wrong in [
            good.to_uppercase(),
            good.replace("jikim/a", "jikim/A"),
            good.replace("/2026", "/+2026"),
            good.replace("/2026", "/02026"),
            good.replace("/2026", "/26"),
            good.replace("/2026", ""),
            format!("{good}/1"),
            format!(" {good}"),
            "log.example/2026".to_owned(),
        ] {
            assert_eq!(recorder_of(&wrong), None, "{wrong}");
        }
    }
}
