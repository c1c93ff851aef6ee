//! The one step of a witness: from what it knows of a log, by a request, to what it must persist
//! before it cosigns, or to a refusal.

use thiserror::Error;

use super::{AddCheckpoint, Answer};
use crate::checkpoint::{Checkpoint, OpenCheckpointError};
use crate::hash::{Hash, empty_root};
use crate::note::{NoteError, Signature, VerifierKey, VerifyNoteError, message_to_cosign};
use crate::verify::{VerifyProofError, verify_consistency};

/// What a witness knows of a log: the largest tree that it cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Entries in the tree.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl TreeHead {
    /// Of a log that was never cosigned: the tree without entries, with which every log begins.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// A checkpoint that may be cosigned as soon as its head is persisted, and no sooner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    head: TreeHead,
    grown: bool,
    text: String,
}

/// Why a checkpoint is not cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The checkpoint is another log's than the key's.
    #[error("the checkpoint is of the log {found}, and the key that of {expected}")]
    OtherLog {
        /// Name of the key.
        expected: String,
        /// Origin found.
        found: String,
    },
    /// It is not signed by the log's key, or the signature is not good.
    #[error("the checkpoint is not signed by the log's key")]
    Signature(#[source] VerifyNoteError),
    /// The old size is above the checkpoint's.
    #[error("an old size of {old_size} cannot lead to a checkpoint of {size} entries")]
    Backwards {
        /// Old size of the request.
        old_size: u64,
        /// Size of its checkpoint.
        size: u64,
    },
    /// The log signed two trees of one size: whoever holds both checkpoints can prove it.
    #[error("the log has signed two different trees of {} entries", known.size)]
    Fork {
        /// What was cosigned before.
        known: TreeHead,
        /// The other root.
        root: Hash,
    },
    /// The old size is not what was cosigned last: the log does not know, or it went back.
    #[error("the log believes that {old_size} entries were cosigned last; {} were", known.size)]
    Conflict {
        /// What was cosigned last.
        known: TreeHead,
        /// Old size of the request.
        old_size: u64,
    },
    /// The proof does not lead from what was cosigned last to the checkpoint: the log was
    /// rewritten, or its proof was spoilt on the way.
    #[error("the log does not show that it only grew from {} entries", known.size)]
    Inconsistent {
        /// What was cosigned last.
        known: TreeHead,
        /// What is wrong with the proof.
        #[source]
        source: VerifyProofError,
    },
}

/// Judges a request by what is known of the log whose key this is. The key's name is the log's
/// origin; `known` is [`TreeHead::empty`] for a log that was never cosigned.
///
/// # Errors
/// If the witness must not cosign; [`Refusal::answer`] says what it answers.
pub fn step(
    known: TreeHead,
    request: &AddCheckpoint,
    log_key: &VerifierKey,
) -> Result<Accepted, Refusal> {
    let checkpoint = open(request, log_key)?;
    let head = TreeHead { size: checkpoint.size, root: checkpoint.root };
    let old_size = request.old_size();
    if old_size > head.size {
        return Err(Refusal::Backwards { old_size, size: head.size });
    }
    // Before the old size is looked at: a fork must not go unnoticed because the request is stale.
    if head.size == known.size && head.root != known.root {
        return Err(Refusal::Fork { known, root: head.root });
    }
    if old_size != known.size {
        return Err(Refusal::Conflict { known, old_size });
    }
    verify_consistency(known.size, known.root, head.size, head.root, request.proof())
        .map_err(|source| Refusal::Inconsistent { known, source })?;
    let text = request.note().text().to_owned();
    Ok(Accepted { head, grown: head.size > known.size, text })
}

/// The checkpoint, once the log's signature is found good.
fn open(request: &AddCheckpoint, log_key: &VerifierKey) -> Result<Checkpoint, Refusal> {
    let opened = Checkpoint::of_note(request.note(), log_key.name(), log_key);
    opened.map(|(checkpoint, _)| checkpoint).map_err(|error| match error {
        OpenCheckpointError::OtherLog { expected, found } => Refusal::OtherLog { expected, found },
        OpenCheckpointError::VerifyNote(source) => Refusal::Signature(source),
        OpenCheckpointError::ParseNote(_) | OpenCheckpointError::ParseCheckpoint(_) => {
            unreachable!("a request is made of a note that holds a checkpoint")
        }
    })
}

impl Accepted {
    /// What must be persisted before the cosignature leaves.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// Whether the log has more entries than were cosigned before. A request without new entries
    /// can be anybody's who kept a checkpoint: it is no sign that the log lives.
    #[must_use]
    pub const fn grown(&self) -> bool {
        self.grown
    }

    /// The text of the checkpoint.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the witness signs, at a time in seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn message(&self, timestamp_s: u64) -> Vec<u8> {
        message_to_cosign(&self.text, timestamp_s)
    }

    /// The cosignature of the raw bytes that `witness` made over [`Accepted::message`] with the same
    /// time.
    ///
    /// # Errors
    /// If the key is no witness's, or the bytes are no signature.
    pub fn cosignature(
        &self,
        witness: &VerifierKey,
        timestamp_s: u64,
        raw: &[u8],
    ) -> Result<Signature, NoteError> {
        Signature::from_raw_cosignature(witness, timestamp_s, raw)
    }
}

impl Refusal {
    /// Whether the request, beside the checkpoint that was cosigned before, proves to anybody that
    /// the log has signed two histories.
    #[must_use]
    pub const fn proves_fork(&self) -> bool {
        matches!(
            self,
            Self::Fork { .. } | Self::Inconsistent { source: VerifyProofError::WrongOldRoot, .. }
        )
    }

    /// What tlog-witness has the witness answer.
    #[must_use]
    pub const fn answer(&self) -> Answer {
        match self {
            Self::OtherLog { .. } => Answer::UnknownLog,
            Self::Signature(_) => Answer::UnknownKey,
            Self::Backwards { .. } => Answer::BadRequest,
            Self::Fork { known, .. } | Self::Conflict { known, .. } => {
                Answer::Conflict { size: known.size }
            }
            Self::Inconsistent { .. } => Answer::Inconsistent,
        }
    }
}
