//! How a request stands, for whoever has its code and nobody else (docs/formats/front.md).

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use serde::{Deserialize, Serialize};

use crate::ticket::{Code, Receipt};

const MAGIC: &[u8; 21] = b"jikim-front-status/1\n";
const INFO: &[u8] = b"jikim front status 1";
const BLOCK_BYTES: usize = 1024;
/// Bytes of the longest status file.
pub const LONGEST_STATUS: usize = 4096;
/// What the name of a status file ends in.
pub const STATUS: &str = ".status";

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The form is sealed and waits to be carried to the office.
    Waiting,
    /// In the office: somebody has to show who asks.
    IdentityNeeded,
    /// It is being decided.
    InWork,
    /// It is decided later.
    Postponed,
    /// It is decided; the answer is ready.
    Answered,
    /// The answer was given.
    Done,
    /// Taken back.
    Withdrawn,
    /// Nobody showed in time who asks.
    Lapsed,
}

/// What the status page says of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// How it stands.
    pub state: State,
    /// When that was so, RFC 3339.
    pub as_of: String,
    /// When the form was taken, RFC 3339.
    pub sealed_at: String,
    /// The office's own number, once it has one.
    pub number: Option<String>,
    /// The day by which it is answered, or until when somebody has to show who asks.
    pub until: Option<String>,
}

impl Standing {
    /// Seals it so that the code opens it.
    ///
    /// # Panics
    /// Never: the key and the nonce have their lengths.
    #[must_use]
    pub fn seal(&self, receipt: &Receipt, code: &Code) -> Vec<u8> {
        self.seal_with(receipt, code, host::random_bytes())
    }

    fn seal_with(&self, receipt: &Receipt, code: &Code, nonce: [u8; NONCE_LEN]) -> Vec<u8> {
        let mut cipher = serde_json::to_vec(self).expect("text is JSON");
        cipher.resize(cipher.len().next_multiple_of(BLOCK_BYTES), b' ');
        let head = head(receipt);
        key(receipt, code)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(&head),
                &mut cipher,
            )
            .expect("a status is far shorter than the cipher's limit");
        [head.as_slice(), &nonce, &cipher].concat()
    }

    /// Opens one; none if the code is another, or the file is.
    #[must_use]
    pub fn open(file: &[u8], receipt: &Receipt, code: &Code) -> Option<Self> {
        let head = head(receipt);
        let rest = file.strip_prefix(head.as_slice())?;
        let (nonce, cipher) = rest.split_at_checked(NONCE_LEN)?;
        let nonce: [u8; NONCE_LEN] = nonce.try_into().ok()?;
        let mut cipher = cipher.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let plain = key(receipt, code).open_in_place(nonce, Aad::from(&head), &mut cipher).ok()?;
        serde_json::from_slice(plain).ok()
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Done | State::Withdrawn | State::Lapsed)
    }
}

fn head(receipt: &Receipt) -> Vec<u8> {
    [MAGIC, receipt.as_str().as_bytes()].concat()
}

/// The code has 80 bits from chance: there is nothing to slow down.
fn key(receipt: &Receipt, code: &Code) -> LessSafeKey {
    let salt = Salt::new(HKDF_SHA256, receipt.as_str().as_bytes());
    let secret = salt.extract(code.expose().as_bytes());
    let key = secret.expand(&[INFO], &CHACHA20_POLY1305).expect("32 bytes are not too many");
    LessSafeKey::new(UnboundKey::from(key))
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
