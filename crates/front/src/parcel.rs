//! A request on its way from the form to the recorder (docs/formats/front.md): sealed at once to the
//! agency's key, so that whoever carries or steals it has nothing.

use rustls::crypto::aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_CHACHA20_POLY1305 as SUITE;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke as _};
use serde::{Deserialize, Serialize};

use crate::key::{ID_BYTES, PrivateKey, PublicKey};
use crate::ticket::{Code, Receipt};

const MAGIC: &[u8; 21] = b"jikim-front-sealed/1\n";
const INFO: &[u8] = b"jikim front request 1";
const RECEIPT_BYTES: usize = 9;
const HEAD_BYTES: usize = MAGIC.len() + ID_BYTES + RECEIPT_BYTES;
const ENCAPSULATED_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// What is sealed is filled up to a multiple of this: its length says little.
const BLOCK_BYTES: usize = 4096;
/// Bytes of the longest sealed file.
pub const LONGEST_SEALED: usize = 32 << 10;
/// What the name of a sealed file ends in.
pub const SEALED: &str = ".sealed";

/// A person of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Date of birth, `1980-01-31`; none if not said.
    pub born: Option<String>,
    /// Address; may be empty.
    pub address: String,
}

/// Who asks for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// `power-of-attorney` or `legal-representative`.
    pub kind: String,
    /// Who.
    pub person: Person,
    /// What the agent is to the requester.
    pub relation: String,
}

/// A request as the form took it, with what whoever asked was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// The number of receipt.
    pub receipt: String,
    /// The code of the status.
    pub code: String,
    /// When it was taken, RFC 3339.
    pub sealed_at: String,
    /// Who was filmed and asks.
    pub requester: Person,
    /// Who asks for that person.
    pub agent: Option<Agent>,
    /// `existence`, `viewing`, `deletion`.
    pub asks: Vec<String>,
    /// Cameras, by id or name, as the front's settings say them.
    pub cameras: Vec<String>,
    /// The first minute, RFC 3339.
    pub from: String,
    /// The first moment after it, RFC 3339.
    pub until: String,
    /// Purpose and reason, and how the answer is wanted.
    pub reason: String,
}

/// Why a file is not a request that this recorder can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenParcelError {
    /// It is another file, or its end is missing.
    #[error("it is no sealed request, or was cut short: fetch it again from the front")]
    Format,
    /// It is sealed to another key.
    #[error("it is sealed to another key: take the key file that this recorder wrote to the front")]
    OtherKey,
    /// It was changed.
    #[error("it was changed on its way, or sealed wrongly: fetch it again from the front")]
    Changed,
}

impl Parcel {
    /// Seals it.
    ///
    /// # Panics
    /// Never: its number of receipt has nine bytes, and a key that was read is one.
    #[must_use]
    pub fn seal(&self, receipt: &Receipt, key: &PublicKey) -> Vec<u8> {
        let mut plain = serde_json::to_vec(self).expect("text is JSON");
        // Blanks after the value are still JSON.
        plain.resize(plain.len().next_multiple_of(BLOCK_BYTES), b' ');
        let mut file = MAGIC.to_vec();
        file.extend_from_slice(&key.id());
        file.extend_from_slice(receipt.as_str().as_bytes());
        assert_eq!(file.len(), HEAD_BYTES, "a number of receipt has nine bytes");
        let sealed = SUITE.seal(INFO, &file, &plain, &key.hpke());
        let (encapsulated, cipher) = sealed.expect("32 bytes are a public key of X25519");
        file.extend_from_slice(&encapsulated.0);
        file.extend_from_slice(&cipher);
        file
    }

    /// Opens one.
    ///
    /// # Errors
    /// See [`OpenParcelError`].
    pub fn open(file: &[u8], key: &PrivateKey) -> Result<(Receipt, Self), OpenParcelError> {
        let shortest = HEAD_BYTES + ENCAPSULATED_BYTES + TAG_BYTES;
        if !(shortest..=LONGEST_SEALED).contains(&file.len()) || !file.starts_with(MAGIC) {
            return Err(OpenParcelError::Format);
        }
        let (head, rest) = file.split_at(HEAD_BYTES);
        let (id, receipt) = head[MAGIC.len()..].split_at(ID_BYTES);
        let receipt: Option<Receipt> =
            std::str::from_utf8(receipt).ok().and_then(|it| it.parse().ok());
        let receipt = receipt.ok_or(OpenParcelError::Format)?;
        if id != key.public().id() {
            return Err(OpenParcelError::OtherKey);
        }
        let (encapsulated, cipher) = rest.split_at(ENCAPSULATED_BYTES);
        let encapsulated = EncapsulatedSecret(encapsulated.to_vec());
        let plain = SUITE.open(&encapsulated, INFO, head, cipher, &key.hpke());
        let plain = plain.map_err(|_| OpenParcelError::Changed)?;
        let parcel: Self = serde_json::from_slice(&plain).map_err(|_| OpenParcelError::Changed)?;
        // Anybody can seal to a public key: what is inside is believed no more than a form.
        let is_sound = parcel.receipt == receipt.as_str() && parcel.code.parse::<Code>().is_ok();
        if is_sound { Ok((receipt, parcel)) } else { Err(OpenParcelError::Changed) }
    }
}

#[cfg(test)]
#[path = "parcel_tests.rs"]
mod tests;
