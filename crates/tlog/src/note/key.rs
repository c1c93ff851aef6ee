//! Public keys of notes, and their text form, the vkey.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::{MAX_NAME_BYTES, check_name};
use crate::hash::sha256;

/// Bytes of an Ed25519 public key (RFC 8032).
pub const PUBLIC_KEY_BYTES: usize = 32;

/// What a key signs, and how. The byte is part of the key id, so that one key pair used for two
/// purposes has two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// 0x01: Ed25519 over the text of the note. Logs sign so.
    Ed25519,
    /// 0x04: Ed25519 over a time and a checkpoint (C2SP tlog-cosignature). Witnesses sign so.
    CosignatureV1,
}

impl Algorithm {
    /// The byte that C2SP signed-note assigns.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

/// The id of a key: the first four bytes of `SHA-256(name || 0x0A || algorithm || public key)`.
///
/// An identifier, not a fingerprint: 32 bits can be forged, the signature cannot.
#[must_use]
pub fn key_id(name: &str, algorithm: u8, public_key: &[u8]) -> u32 {
    let hash = sha256(&[name.as_bytes(), b"\n", &[algorithm], public_key].concat());
    let (id, _) = hash.0.split_first_chunk().expect("a hash has more than four bytes");
    u32::from_be_bytes(*id)
}

/// A public key with its name and algorithm: what somebody who verifies is configured with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    public_key: [u8; PUBLIC_KEY_BYTES],
    id: u32,
}

/// Why a verifier key could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The name is empty, too long, or has a space or plus in it.
    #[error("the name of a key is 1 to {MAX_NAME_BYTES} bytes without spaces or plus")]
    Name,
    /// Not of the form name+hash+base64.
    #[error("a verifier key is written as name+hash+base64: copy it whole")]
    Form,
    /// The hash is not that of this name and key: something was mistyped or replaced.
    #[error("the hash in the verifier key is not that of its name and key: copy it again")]
    Id,
    /// An algorithm we do not verify.
    #[error(
        "keys of type {0:#04x} cannot be verified here: only 0x01, 0x02 and 0x04 can, each in its place"
    )]
    UnknownAlgorithm(u8),
}

impl VerifierKey {
    /// A key from its parts.
    ///
    /// # Errors
    /// If the name cannot stand in a note.
    pub fn new(
        name: impl Into<String>,
        algorithm: Algorithm,
        public_key: [u8; PUBLIC_KEY_BYTES],
    ) -> Result<Self, KeyError> {
        let name = name.into();
        check_name(&name).map_err(|_| KeyError::Name)?;
        let id = key_id(&name, algorithm.byte(), &public_key);
        Ok(Self { name, algorithm, public_key, id })
    }

    /// Reads a vkey: `name+hash+base64`, the hash in eight lower-case hexadecimal digits.
    ///
    /// # Errors
    /// If it is not exactly that, or the hash does not belong to the name and key.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        // The base64 may hold a plus of its own, the other two parts may not.
        let mut parts = vkey.splitn(3, '+');
        let mut next = || parts.next().ok_or(KeyError::Form);
        let (name, id, material) = (next()?, next()?, next()?);
        if material.len() > MAX_VKEY_MATERIAL {
            return Err(KeyError::Form);
        }
        let material = STANDARD.decode(material).map_err(|_| KeyError::Form)?;
        let (&byte, public_key) = material.split_first().ok_or(KeyError::Form)?;
        let algorithm = Algorithm::from_byte(byte).ok_or(KeyError::UnknownAlgorithm(byte))?;
        let public_key = public_key.try_into().map_err(|_| KeyError::Form)?;
        let key = Self::new(name, algorithm, public_key)?;
        if id == format!("{:08x}", key.id) { Ok(key) } else { Err(KeyError::Id) }
    }

    /// Name of the key; a log's is its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of the key.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key itself.
    #[must_use]
    pub const fn public_key(&self) -> &[u8; PUBLIC_KEY_BYTES] {
        &self.public_key
    }
}

/// The longest base64 that is looked at: an ML-DSA-44 key, which we name but do not verify.
const MAX_VKEY_MATERIAL: usize = 1800;

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[self.algorithm.byte()][..], &self.public_key].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(material))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        Self::parse(vkey)
    }
}
