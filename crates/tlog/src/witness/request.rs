//! The body of `add-checkpoint`: what the log last knew of the witness, the proof that it has only
//! grown since, and its checkpoint.

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, MAX_TREE_SIZE};
use crate::hash::{Hash, HashError};
use crate::note::{MAX_NOTE_BYTES, NoteError, SignedNote};
use crate::tile::decimal;

/// The most hashes of a consistency proof that are sent or read (tlog-witness).
pub const MAX_CONSISTENCY_HASHES: usize = 63;

/// The longest body that is read, in bytes: the longest note, 63 lines of 45 bytes, and the first
/// line.
pub const MAX_REQUEST_BYTES: usize = MAX_NOTE_BYTES + 4096;

/// A request that a witness cosign a checkpoint. It is well formed; whether it is true is for
/// [`step`](super::step) to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old_size: u64,
    proof: Vec<Hash>,
    note: SignedNote,
    checkpoint: Checkpoint,
}

/// Why a request could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddCheckpointError {
    /// Longer than [`MAX_REQUEST_BYTES`].
    #[error("a request to a witness has at most {MAX_REQUEST_BYTES} bytes")]
    TooLong,
    /// What stands before the checkpoint is not UTF-8.
    #[error("a request to a witness is UTF-8 text")]
    Encoding,
    /// The first line is not `old` and a size.
    #[error(
        "a request to a witness begins with `old`, a space and a decimal number of at most 2^63 - 1"
    )]
    OldSize,
    /// A line of the proof is no hash.
    #[error("line {line} of the consistency proof is not a hash")]
    ProofHash {
        /// Which line of the proof, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: HashError,
    },
    /// More hashes than may be sent.
    #[error("a consistency proof has at most {MAX_CONSISTENCY_HASHES} hashes")]
    TooManyHashes,
    /// No checkpoint after a blank line.
    #[error("a request to a witness ends in a blank line and a signed checkpoint")]
    NoCheckpoint,
    /// The checkpoint is no signed note.
    #[error("the checkpoint of the request is not a signed note")]
    ParseNote(#[from] NoteError),
    /// The signed text is no checkpoint.
    #[error("the signed text of the request is not a checkpoint")]
    ParseCheckpoint(#[from] CheckpointError),
}

impl AddCheckpoint {
    /// A request for `note`, a signed checkpoint. `old_size` is the size that the witness cosigned
    /// last, 0 if it has not or that is not known; `proof` leads from there to the checkpoint.
    ///
    /// # Errors
    /// If it exceeds a limit, the note holds no checkpoint, or nobody has signed it.
    pub fn new(
        old_size: u64,
        proof: Vec<Hash>,
        note: SignedNote,
    ) -> Result<Self, AddCheckpointError> {
        if old_size > MAX_TREE_SIZE {
            return Err(AddCheckpointError::OldSize);
        }
        if proof.len() > MAX_CONSISTENCY_HASHES {
            return Err(AddCheckpointError::TooManyHashes);
        }
        let checkpoint = Checkpoint::parse(note.text())?;
        note.encode()?;
        Ok(Self { old_size, proof, note, checkpoint })
    }

    /// The bytes of the body.
    ///
    /// # Panics
    /// Never: that the note can be written was seen when the request was made.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = format!("old {}\n", self.old_size);
        for hash in &self.proof {
            text.push_str(&hash.to_base64());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.note.encode().expect("the note was written when the request was made"));
        text
    }

    /// Reads what [`AddCheckpoint::encode`] writes, and nothing else.
    ///
    /// # Errors
    /// If the bytes are not exactly a request, or exceed a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, AddCheckpointError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(AddCheckpointError::TooLong);
        }
        // The first blank line ends the request's own part: none of its lines can be empty.
        let border = bytes.windows(2).position(|pair| pair == b"\n\n");
        let (own, note) = border.map_or((bytes, None), |at| (&bytes[..at], Some(&bytes[at + 2..])));
        let own = std::str::from_utf8(own).map_err(|_| AddCheckpointError::Encoding)?;
        let mut lines = own.split('\n');
        let old_size = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old_size = old_size.ok_or(AddCheckpointError::OldSize)?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == MAX_CONSISTENCY_HASHES {
                return Err(AddCheckpointError::TooManyHashes);
            }
            let number = proof.len() + 1;
            let hash = Hash::from_base64(line);
            proof.push(
                hash.map_err(|source| AddCheckpointError::ProofHash { line: number, source })?,
            );
        }
        let note = SignedNote::parse(note.ok_or(AddCheckpointError::NoCheckpoint)?)?;
        Self::new(old_size, proof, note)
    }

    /// The size that the log believes the witness cosigned last.
    #[must_use]
    pub const fn old_size(&self) -> u64 {
        self.old_size
    }

    /// The consistency proof from the old size to the checkpoint (RFC 6962, section 2.1.2).
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint with its signatures.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// The checkpoint as it claims to be: nothing of it may be believed before the log's signature
    /// is verified.
    #[must_use]
    pub const fn claimed(&self) -> &Checkpoint {
        &self.checkpoint
    }
}
