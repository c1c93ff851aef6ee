//! What a witness answers to `add-checkpoint`: written by the witness, read by the log.

use thiserror::Error;

use crate::checkpoint::MAX_TREE_SIZE;
use crate::note::{
    Algorithm, MAX_NOTE_BYTES, MAX_SIGNATURES, NoteError, Signature, SignedNote, VerifierKey,
    VerifyNoteError,
};
use crate::tile::decimal;

/// The content type of the size that comes with a 409 (tlog-witness).
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";

/// The longest answer that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = MAX_NOTE_BYTES;

/// An answer to `add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200: it saw the checkpoint as the log's largest and persisted that. Signature lines, at
    /// least one; those of unknown keys must be ignored.
    Cosigned(Vec<Signature>),
    /// 400: the request is malformed, or its old size is above the checkpoint's.
    BadRequest,
    /// 403: no signature by a key that it trusts for the origin.
    UnknownKey,
    /// 404: it does not know the origin.
    UnknownLog,
    /// 409: the old size is not what it cosigned last, or it has another root for the same size.
    Conflict {
        /// The size that it cosigned last.
        size: u64,
    },
    /// 422: the proof does not lead from what it cosigned last to the checkpoint.
    Inconsistent,
}

/// Why an answer could not be understood. None of these says anything about the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadAnswerError {
    /// A status that tlog-witness does not give a meaning.
    #[error("the witness answered with HTTP status {0}, which says nothing about the checkpoint")]
    Status(u16),
    /// Longer than [`MAX_ANSWER_BYTES`].
    #[error("the answer of a witness has at most {MAX_ANSWER_BYTES} bytes")]
    TooLong,
    /// A 200 without signature lines, or with something else.
    #[error("the witness answered with something else than signature lines")]
    NotSignatures(#[source] NoteError),
    /// A 409 without the size that must come with it.
    #[error(
        "the witness answered 409 without a size: a decimal number in one line, as {SIZE_CONTENT_TYPE}"
    )]
    NotASize,
}

/// Why an answer does not help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CosignatureError {
    /// The key given is no witness's.
    #[error("{name} is not a key for cosignatures (type 0x04)")]
    NotAWitness {
        /// Name of the key.
        name: String,
    },
    /// The answer cannot stand beneath the checkpoint.
    #[error("the answer does not belong beneath a checkpoint")]
    Note(#[from] NoteError),
    /// None by that key, or a bad one.
    #[error(transparent)]
    Verify(#[from] VerifyNoteError),
}

impl Answer {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Cosigned(_) => 200,
            Self::BadRequest => 400,
            Self::UnknownKey => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent => 422,
        }
    }

    /// The content type. Only that of a 409 is of the specification.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => SIZE_CONTENT_TYPE,
            _ => "text/plain; charset=utf-8",
        }
    }

    /// The body. That of a refusal is a sentence for a person who looks.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Self::Cosigned(signatures) => {
                signatures.iter().map(|signature| format!("{}\n", signature.line())).collect()
            }
            Self::BadRequest => "the request is not one of add-checkpoint\n".into(),
            Self::UnknownKey => "not signed by a key that is trusted for this log\n".into(),
            Self::UnknownLog => "this log is not known here\n".into(),
            Self::Conflict { size } => format!("{size}\n"),
            Self::Inconsistent => "the proof does not lead to this checkpoint\n".into(),
        }
    }

    /// Reads an answer by its status, its content type and its body.
    ///
    /// # Errors
    /// If it has no meaning that tlog-witness gives it, or exceeds a limit.
    pub fn read(
        status: u16,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Self, ReadAnswerError> {
        if body.len() > MAX_ANSWER_BYTES {
            return Err(ReadAnswerError::TooLong);
        }
        match status {
            200 => read_signatures(body).map(Self::Cosigned),
            400 => Ok(Self::BadRequest),
            403 => Ok(Self::UnknownKey),
            404 => Ok(Self::UnknownLog),
            409 => read_size(content_type, body).map(|size| Self::Conflict { size }),
            422 => Ok(Self::Inconsistent),
            other => Err(ReadAnswerError::Status(other)),
        }
    }
}

fn read_signatures(body: &[u8]) -> Result<Vec<Signature>, ReadAnswerError> {
    let wrong = ReadAnswerError::NotSignatures;
    let text = std::str::from_utf8(body).map_err(|_| wrong(NoteError::Encoding))?;
    if text.is_empty() {
        return Err(wrong(NoteError::NoSignature));
    }
    let lines = text.strip_suffix('\n').ok_or(wrong(NoteError::SignatureLine))?;
    let mut signatures = Vec::new();
    for line in lines.split('\n') {
        if signatures.len() == MAX_SIGNATURES {
            return Err(wrong(NoteError::TooManySignatures));
        }
        signatures.push(Signature::parse(line).map_err(wrong)?);
    }
    Ok(signatures)
}

fn read_size(content_type: Option<&str>, body: &[u8]) -> Result<u64, ReadAnswerError> {
    // A parameter behind the type (`; charset=…`) changes nothing of what it is.
    let essence = content_type.and_then(|text| text.split(';').next()).map(str::trim);
    let is_size = essence.is_some_and(|essence| essence.eq_ignore_ascii_case(SIZE_CONTENT_TYPE));
    let text = std::str::from_utf8(body).ok().filter(|_| is_size);
    let size = text.and_then(|text| text.strip_suffix('\n')).and_then(decimal);
    size.filter(|size| *size <= MAX_TREE_SIZE).ok_or(ReadAnswerError::NotASize)
}

/// The cosignature by `witness` among the lines of an answer, with the time it bears, in seconds
/// since 1970-01-01 UTC; the latest, if there are several. `text` is the text of the checkpoint that
/// was sent. Lines by others are ignored.
///
/// # Errors
/// If the key is no witness's, there is no cosignature by it, or any one by it is not good.
pub fn cosignature_by(
    witness: &VerifierKey,
    text: &str,
    lines: &[Signature],
) -> Result<(Signature, u64), CosignatureError> {
    if witness.algorithm() != Algorithm::CosignatureV1 {
        return Err(CosignatureError::NotAWitness { name: witness.name().to_owned() });
    }
    let mut latest: Option<(Signature, u64)> = None;
    for line in lines {
        let mut note = SignedNote::new(text)?;
        note.add(line.clone())?;
        match note.verify([witness]) {
            Ok(good) => {
                let time = good.first().and_then(|good| good.timestamp_s).unwrap_or(0);
                if latest.as_ref().is_none_or(|(_, before)| *before <= time) {
                    latest = Some((line.clone(), time));
                }
            }
            Err(VerifyNoteError::NoKnownKey) => {}
            Err(bad) => return Err(bad.into()),
        }
    }
    Ok(latest.ok_or(VerifyNoteError::NoKnownKey)?)
}
