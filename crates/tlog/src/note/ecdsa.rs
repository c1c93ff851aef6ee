//! The second signature of a checkpoint: ECDSA on P-256 over SHA-256 of the text, type 0x02 of C2SP
//! signed-note. Where only validated algorithms may be relied on, Ed25519 is not on the list.
//!
//! The specification says how: as `github.com/transparency-dev/witness` does it. The public key is
//! its SPKI in DER, the key id the first four bytes of SHA-256 of that (without name and type), the
//! signature ASN.1 DER. Only P-256 is taken here.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::verify::VerifyNoteError;
use super::{KeyError, NoteError, Signature, SignedNote, check_name};
use crate::hash::sha256;

/// The byte that C2SP signed-note assigns.
pub const ECDSA_BYTE: u8 = 0x02;

/// Bytes of a point of P-256, uncompressed (SEC 1).
pub const P256_POINT_BYTES: usize = 65;

/// What stands before the point in the SPKI of a key on P-256 (RFC 5480).
const SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The longest signature on P-256 in DER.
const MAX_DER_BYTES: usize = 72;

/// A public key for second signatures, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcdsaKey {
    name: String,
    point: [u8; P256_POINT_BYTES],
    id: u32,
}

impl EcdsaKey {
    /// A key from its parts. Whether the point is on the curve shows when it verifies.
    ///
    /// # Errors
    /// If the name cannot stand in a note, or the point is not written uncompressed.
    pub fn new(name: impl Into<String>, point: [u8; P256_POINT_BYTES]) -> Result<Self, KeyError> {
        let name = name.into();
        check_name(&name).map_err(|_| KeyError::Name)?;
        if point[0] != 0x04 {
            return Err(KeyError::Form);
        }
        let hash = sha256(&[&SPKI_HEAD[..], &point].concat());
        let (id, _) = hash.0.split_first_chunk().expect("a hash has more than four bytes");
        Ok(Self { name, point, id: u32::from_be_bytes(*id) })
    }

    /// Reads a vkey: `name+hash+base64` of 0x02 and the SPKI.
    ///
    /// # Errors
    /// If it is not exactly that.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let mut parts = vkey.splitn(3, '+');
        let mut next = || parts.next().ok_or(KeyError::Form);
        let (name, id, material) = (next()?, next()?, next()?);
        let material = STANDARD.decode(material).map_err(|_| KeyError::Form)?;
        let (&byte, spki) = material.split_first().ok_or(KeyError::Form)?;
        if byte != ECDSA_BYTE {
            return Err(KeyError::UnknownAlgorithm(byte));
        }
        let point = spki.strip_prefix(&SPKI_HEAD).and_then(|point| point.try_into().ok());
        let key = Self::new(name, point.ok_or(KeyError::Form)?)?;
        if id == format!("{:08x}", key.id) { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The same key under another name: its id is of the key alone.
    ///
    /// # Errors
    /// If the name cannot stand in a note.
    pub fn named(&self, name: impl Into<String>) -> Result<Self, KeyError> {
        Self::new(name, self.point)
    }

    /// Name of the key; a log's is its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The SPKI in DER.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        [&SPKI_HEAD[..], &self.point].concat()
    }
}

impl fmt::Display for EcdsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[ECDSA_BYTE][..], &self.spki()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(material))
    }
}

impl FromStr for EcdsaKey {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        Self::parse(vkey)
    }
}

impl Signature {
    /// A second signature from the DER that `key` made over the text of the note.
    ///
    /// # Errors
    /// If it is longer than one can be, or empty.
    pub fn from_raw_ecdsa(key: &EcdsaKey, der: &[u8]) -> Result<Self, NoteError> {
        if der.is_empty() || der.len() > MAX_DER_BYTES {
            return Err(NoteError::SignatureLength);
        }
        Ok(Self { name: key.name.clone(), key_id: key.id, bytes: der.to_vec() })
    }
}

impl SignedNote {
    /// Whether one of these keys signed too. Signatures of others are ignored.
    ///
    /// # Errors
    /// If a line bears the name and id of one of them and is not good: it condemns the note.
    pub fn verify_second<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k EcdsaKey>,
    ) -> Result<bool, VerifyNoteError> {
        let mut has_signed = false;
        for key in keys {
            let is_by = |line: &&Signature| line.name == key.name && line.key_id == key.id;
            for line in self.signatures.iter().filter(is_by) {
                let public_key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key.point);
                let good = public_key.verify(self.text.as_bytes(), &line.bytes);
                good.map_err(|_| VerifyNoteError::BadSignature { name: key.name.clone() })?;
                has_signed = true;
            }
        }
        Ok(has_signed)
    }
}
