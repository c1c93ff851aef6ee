//! The hashes of RFC 6962, section 2.1: SHA-256 with one byte in front that keeps leaf and node
//! apart, so that an inner node can never be passed off as an entry.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// A SHA-256 value: a leaf, a node or a root of the tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// The hash of an entry: `SHA-256(0x00 || entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0x00]);
    context.update(entry);
    finish(context)
}

/// The hash of two subtrees side by side: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0x01]);
    context.update(&left.0);
    context.update(&right.0);
    finish(context)
}

/// The root of the tree without entries: `SHA-256("")`.
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// A plain SHA-256, for the key ids of notes.
pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    Hash::from_slice(digest(&SHA256, bytes).as_ref()).expect("a SHA-256 value has 32 bytes")
}

fn finish(context: Context) -> Hash {
    Hash::from_slice(context.finish().as_ref()).expect("a SHA-256 value has 32 bytes")
}

/// What is wrong with a written hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a hash is 32 bytes, written as 44 characters of standard base64")]
pub struct HashError;

impl Hash {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash from exactly 32 bytes.
    ///
    /// # Errors
    /// If there are more or fewer.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError)
    }

    /// The hash as checkpoints and proofs write it: 44 characters of standard base64 (RFC 4648,
    /// section 4).
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] writes, and nothing else: one hash has one spelling.
    ///
    /// # Errors
    /// If the text is not the canonical base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        if text.len() != 44 {
            return Err(HashError);
        }
        Self::from_slice(&STANDARD.decode(text).map_err(|_| HashError)?)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_one_spelling() {
        let hash = empty_root();
        assert_eq!(hash.to_base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        for text in [
            "",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            // The last character carries two bits that are no part of the hash: they must be zero.
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
        ] {
            assert_eq!(Hash::from_base64(text), Err(HashError), "{text}");
        }
    }

    #[test]
    fn a_leaf_is_never_a_node() {
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        let both = [left.0, right.0].concat();
        assert_ne!(leaf_hash(&both), node_hash(left, right));
        assert_ne!(node_hash(left, right), node_hash(right, left));
        assert_ne!(leaf_hash(b""), empty_root());
    }
}
