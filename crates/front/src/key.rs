//! The agency's key pair: X25519, for HPKE (RFC 9180). The front has the public half and nothing else.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::agreement::{PrivateKey as Agreement, X25519};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host::Secret;
use rustls::crypto::hpke::{HpkePrivateKey, HpkePublicKey};

/// What the line of a public key begins with.
const PREFIX: &str = "jikim-front-key+";
/// Bytes of a key, of either half.
const KEY_BYTES: usize = 32;
/// Bytes of a key's name.
pub(crate) const ID_BYTES: usize = 8;

/// To which requests are sealed. As text one line: `jikim-front-key+` and 32 bytes in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey([u8; KEY_BYTES]);

/// Why a text is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no key of a front: take the file that `jikim front key` writes")]
pub struct KeyError;

impl PublicKey {
    /// What names it in a sealed file: the first bytes of its SHA-256.
    #[must_use]
    pub fn id(&self) -> [u8; ID_BYTES] {
        let hash = digest(&SHA256, &self.0);
        hash.as_ref()[..ID_BYTES].try_into().expect("a SHA-256 has 32 bytes")
    }

    pub(crate) fn hpke(&self) -> HpkePublicKey {
        HpkePublicKey(self.0.to_vec())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let encoded = text.trim_end().strip_prefix(PREFIX).ok_or(KeyError)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| KeyError)?;
        bytes.try_into().map(Self).map_err(|_| KeyError)
    }
}

/// What opens sealed requests. It stays with the recorder.
#[derive(Debug, Clone)]
pub struct PrivateKey(Secret);

impl PrivateKey {
    /// Any 32 bytes are one.
    #[must_use]
    pub const fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// Its public half.
    ///
    /// # Panics
    /// Never: any 32 bytes are a private key of X25519.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let private = Agreement::from_private_key(&X25519, self.0.expose());
        let public = private.ok().and_then(|key| key.compute_public_key().ok());
        let public = public.expect("any 32 bytes are a private key of X25519");
        PublicKey(public.as_ref().try_into().expect("a public key of X25519 has 32 bytes"))
    }

    pub(crate) fn hpke(&self) -> HpkePrivateKey {
        HpkePrivateKey::from(self.0.expose().to_vec())
    }
}
