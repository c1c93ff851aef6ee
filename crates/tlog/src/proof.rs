//! Proofs that an entry is in a log, in one file that anybody can verify offline (C2SP tlog-proof).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, OpenCheckpointError};
use crate::hash::{Hash, HashError};
use crate::note::{
    Algorithm, MAX_NOTE_BYTES, NoteError, SignedNote, Verified, VerifierKey, VerifyNoteError,
};
use crate::tile::decimal;
use crate::verify::{VerifyProofError, verify_inclusion};

/// The first line of every proof.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most hashes that an inclusion proof can need in a tree of at most 2^63 - 1 entries.
pub const MAX_INCLUSION_HASHES: usize = 63;

/// The most extra data that is read or written, in bytes.
pub const MAX_EXTRA_BYTES: usize = 16 * 1024;

/// The longest proof that is read, in bytes.
pub const MAX_PROOF_BYTES: usize = MAX_NOTE_BYTES + 32 * 1024;

/// An inclusion proof with the signed checkpoint it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Data for whoever reads the proof. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// Which entry of the log, from 0.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, with the cosignatures it has.
    pub checkpoint: SignedNote,
}

/// Whom somebody who verifies trusts.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The log's key. Its name is the log's origin.
    pub log_key: VerifierKey,
    /// Keys of the witnesses known, for cosignatures.
    pub witnesses: Vec<VerifierKey>,
    /// How many different witnesses must have cosigned; 0 asks for none.
    pub quorum: usize,
}

/// What a proof that was found good says.
#[derive(Debug, Clone)]
pub struct VerifiedProof<'k> {
    /// The checkpoint whose tree holds the entry.
    pub checkpoint: Checkpoint,
    /// The good cosignatures of known witnesses.
    pub cosignatures: Vec<Verified<'k>>,
}

/// Why a proof could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofError {
    /// Not a proof, or of a version we do not know.
    #[error("the first line of a proof is {HEADER}")]
    Header,
    /// Longer than [`MAX_PROOF_BYTES`].
    #[error("a proof has at most {MAX_PROOF_BYTES} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("a proof is UTF-8 text")]
    Encoding,
    /// The extra line is not base64, empty or too long.
    #[error("the extra data of a proof is base64 of 1 to {MAX_EXTRA_BYTES} bytes")]
    Extra,
    /// The index line is missing or no number.
    #[error("a proof has a line with the index of its entry, a decimal number")]
    Index,
    /// A line of the inclusion proof is no hash.
    #[error("line {line} of the inclusion proof is not a hash")]
    InclusionHash {
        /// Which line of the inclusion proof, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: HashError,
    },
    /// More hashes than any tree needs.
    #[error("a proof has at most {MAX_INCLUSION_HASHES} hashes")]
    TooManyHashes,
    /// No checkpoint after a blank line.
    #[error("a proof ends in a blank line and a signed checkpoint")]
    NoCheckpoint,
    /// The checkpoint is no signed note.
    #[error("the checkpoint of the proof is not a signed note")]
    ParseNote(#[from] NoteError),
    /// The signed text is no checkpoint.
    #[error("the signed text of the proof is not a checkpoint")]
    ParseCheckpoint(#[from] CheckpointError),
}

/// Why a proof was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyTlogProofError {
    /// The checkpoint is not the log's.
    #[error(transparent)]
    OpenCheckpoint(#[from] OpenCheckpointError),
    /// A known witness's cosignature is not good.
    #[error(transparent)]
    VerifyCosignature(VerifyNoteError),
    /// Too few witnesses cosigned.
    #[error("{found} known witnesses cosigned the checkpoint, {quorum} are asked for")]
    NoQuorum {
        /// Different witnesses found.
        found: usize,
        /// Witnesses asked for.
        quorum: usize,
    },
    /// The entry is not in the tree.
    #[error("the entry is not proven to be in the log")]
    VerifyInclusion(#[from] VerifyProofError),
}

impl TlogProof {
    /// The bytes of the proof file (`.tlog-proof`).
    ///
    /// # Errors
    /// If it would exceed a limit, or the checkpoint is none or has no signature.
    pub fn encode(&self) -> Result<String, ProofError> {
        if self.hashes.len() > MAX_INCLUSION_HASHES {
            return Err(ProofError::TooManyHashes);
        }
        let mut text = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            if extra.is_empty() || extra.len() > MAX_EXTRA_BYTES {
                return Err(ProofError::Extra);
            }
            text.push_str(&format!("extra {}\n", STANDARD.encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.hashes {
            text.push_str(&hash.to_base64());
            text.push('\n');
        }
        Checkpoint::parse(self.checkpoint.text())?;
        text.push('\n');
        text.push_str(&self.checkpoint.encode()?);
        Ok(text)
    }

    /// Reads what [`TlogProof::encode`] writes, and nothing else.
    ///
    /// # Errors
    /// If the bytes are not exactly a proof, or exceed a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(ProofError::TooLong);
        }
        // The first blank line ends the proof's own part: none of its lines can be empty.
        let border = bytes.windows(2).position(|pair| pair == b"\n\n");
        let (own, checkpoint) =
            border.map_or((bytes, None), |at| (&bytes[..at], Some(&bytes[at + 2..])));
        let own = std::str::from_utf8(own).map_err(|_| ProofError::Encoding)?;
        let mut lines = own.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(ProofError::Header);
        }
        let extra =
            lines.next_if(|line| line.starts_with("extra ")).map(parse_extra).transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(decimal).ok_or(ProofError::Index)?;
        let hashes = parse_hashes(lines)?;
        let checkpoint = SignedNote::parse(checkpoint.ok_or(ProofError::NoCheckpoint)?)?;
        Checkpoint::parse(checkpoint.text())?;
        Ok(Self { extra, index, hashes, checkpoint })
    }

    /// Verifies that the entry with hash `leaf` is in the log, as far as `policy` asks.
    ///
    /// # Errors
    /// If the checkpoint is not the log's, a known witness's cosignature is bad, too few of them
    /// cosigned, or the entry is not in the tree.
    pub fn verify<'k>(
        &self,
        leaf: Hash,
        policy: &'k Policy,
    ) -> Result<VerifiedProof<'k>, VerifyTlogProofError> {
        let log = &policy.log_key;
        let (checkpoint, _) = Checkpoint::of_note(&self.checkpoint, log.name(), log)?;
        let cosignatures = match self.checkpoint.verify(&policy.witnesses) {
            Ok(mut good) => {
                // Only a cosignature says that its signer saw the log as append-only.
                good.retain(|good| good.key.algorithm() == Algorithm::CosignatureV1);
                good
            }
            Err(VerifyNoteError::NoKnownKey) => Vec::new(),
            Err(bad) => return Err(VerifyTlogProofError::VerifyCosignature(bad)),
        };
        let found = different_keys(&cosignatures, log);
        if found < policy.quorum {
            return Err(VerifyTlogProofError::NoQuorum { found, quorum: policy.quorum });
        }
        verify_inclusion(leaf, self.index, checkpoint.size, checkpoint.root, &self.hashes)?;
        Ok(VerifiedProof { checkpoint, cosignatures })
    }
}

/// How many witnesses there really are: one key under two names is one witness, and the log itself
/// is none.
fn different_keys(cosignatures: &[Verified<'_>], log: &VerifierKey) -> usize {
    let mut keys: Vec<_> = cosignatures.iter().map(|good| good.key.public_key()).collect();
    keys.retain(|&key| key != log.public_key());
    keys.sort_unstable();
    keys.dedup();
    keys.len()
}

fn parse_extra(line: &str) -> Result<Vec<u8>, ProofError> {
    let text = line.strip_prefix("extra ").ok_or(ProofError::Extra)?;
    if text.is_empty() || text.len() > MAX_EXTRA_BYTES.div_ceil(3) * 4 {
        return Err(ProofError::Extra);
    }
    let extra = STANDARD.decode(text).map_err(|_| ProofError::Extra)?;
    if extra.len() > MAX_EXTRA_BYTES { Err(ProofError::Extra) } else { Ok(extra) }
}

fn parse_hashes<'l>(lines: impl Iterator<Item = &'l str>) -> Result<Vec<Hash>, ProofError> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() == MAX_INCLUSION_HASHES {
            return Err(ProofError::TooManyHashes);
        }
        let number = hashes.len() + 1;
        let hash = Hash::from_base64(line);
        hashes.push(hash.map_err(|source| ProofError::InclusionHash { line: number, source })?);
    }
    Ok(hashes)
}
