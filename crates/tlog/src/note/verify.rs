//! What is signed, and whether a signature is good.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use thiserror::Error;

use super::{Algorithm, Signature, SignedNote, VerifierKey};
use crate::checkpoint::{Checkpoint, CheckpointError};

/// Bytes of an Ed25519 signature (RFC 8032).
pub(super) const ED25519_BYTES: usize = 64;

/// The latest time a cosignature can carry, in seconds since 1970-01-01 UTC.
pub const MAX_TIMESTAMP_S: u64 = (1 << 63) - 1;

/// What an [`Algorithm::Ed25519`] key signs: the text of the note, its last line feed included.
#[must_use]
pub const fn message_to_sign(text: &str) -> &[u8] {
    text.as_bytes()
}

/// What an [`Algorithm::CosignatureV1`] key signs: the time, in seconds since 1970-01-01 UTC, and
/// the text of the checkpoint.
#[must_use]
pub fn message_to_cosign(text: &str, timestamp_s: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {timestamp_s}\n{text}").into_bytes()
}

/// A signature of a known key that was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'k> {
    /// The key.
    pub key: &'k VerifierKey,
    /// When it was made, as the signer says, in seconds since 1970-01-01 UTC; cosignatures only.
    pub timestamp_s: Option<u64>,
}

/// Why a note must not be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyNoteError {
    /// No known key signed it.
    #[error("the note is not signed by any key that is trusted here")]
    NoKnownKey,
    /// A line bears a known key's name and id, and its signature is not good.
    #[error("the signature of {name} is not good: the note was altered or its key replaced")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// A cosignature on something that is no checkpoint.
    #[error("{name} cosigned a text that is no checkpoint")]
    NotACheckpoint {
        /// Name of the key.
        name: String,
        /// What is wrong with the text.
        #[source]
        source: CheckpointError,
    },
}

impl SignedNote {
    /// Verifies all signatures of the keys given, and ignores those of others.
    ///
    /// # Errors
    /// If none of the keys signed, or any of their signatures is not good: one bad line of a known
    /// key condemns the note.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<Vec<Verified<'k>>, VerifyNoteError> {
        let mut good: Vec<Verified<'k>> = Vec::new();
        for key in keys {
            for signature in self.signatures.iter().filter(|line| line.is_by(key)) {
                let verified = key.verify(&self.text, signature)?;
                if !good.contains(&verified) {
                    good.push(verified);
                }
            }
        }
        if good.is_empty() { Err(VerifyNoteError::NoKnownKey) } else { Ok(good) }
    }
}

impl Signature {
    /// Whether the line claims to be by this key: by name and id, never by one of them alone.
    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.key_id == key.id()
    }
}

impl VerifierKey {
    fn verify(&self, text: &str, line: &Signature) -> Result<Verified<'_>, VerifyNoteError> {
        let bad = || VerifyNoteError::BadSignature { name: self.name().to_owned() };
        let (timestamp_s, message, signature) = match self.algorithm() {
            Algorithm::Ed25519 => (None, message_to_sign(text).to_vec(), line.bytes()),
            Algorithm::CosignatureV1 => {
                let (time, signature) = line.bytes().split_first_chunk().ok_or_else(bad)?;
                let timestamp_s = u64::from_be_bytes(*time);
                if timestamp_s > MAX_TIMESTAMP_S {
                    return Err(bad());
                }
                Checkpoint::parse(text).map_err(|source| VerifyNoteError::NotACheckpoint {
                    name: self.name().to_owned(),
                    source,
                })?;
                (Some(timestamp_s), message_to_cosign(text, timestamp_s), signature)
            }
        };
        // Refuses a signature of another length, too.
        let public_key = UnparsedPublicKey::new(&ED25519, self.public_key());
        public_key.verify(&message, signature).map_err(|_| bad())?;
        Ok(Verified { key: self, timestamp_s })
    }
}
