//! The secrets that people carry: the one-time link, the session's cookie.
//!
//! Each is 256 random bits, written as 43 characters of base64url. Only its SHA-256 is kept, so
//! that neither the ledger's records nor a picture of our memory opens a door. Printing one for
//! debugging prints nothing.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Characters of a written secret.
const WRITTEN_CHARS: usize = 43;

/// Why a text is not a secret of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a whole secret: 43 characters of base64url; copy the link again")]
pub struct SecretError;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            pub(crate) fn random() -> Self {
                Self(Zeroizing::new(host::random_bytes()))
            }

            /// From what a person or a browser handed in.
            ///
            /// # Errors
            /// If it is not one at all; whether it opens anything is another question.
            pub fn parse(text: &str) -> Result<Self, SecretError> {
                if text.len() != WRITTEN_CHARS {
                    return Err(SecretError);
                }
                let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| SecretError)?);
                let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SecretError)?;
                Ok(Self(Zeroizing::new(bytes)))
            }

            /// Written down, to be handed to the one person it is for.
            #[must_use]
            pub fn expose(&self) -> String {
                URL_SAFE_NO_PAD.encode(&self.0[..])
            }

            pub(crate) fn sha256(&self) -> [u8; 32] {
                sha256(&self.0[..])
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secrets! {
    /// A one-time link's secret: whoever has it sets name and password of one account, once.
    LinkSecret;
    /// A session's secret: whoever has it acts as the person who signed in.
    SessionSecret;
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}

/// Lower-case hexadecimal, as the ledger's records write a hash.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Compares in a time that does not tell where the two differ.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_survives_being_written_and_is_not_printed() {
        let secret = LinkSecret::random();
        let written = secret.expose();
        assert_eq!(LinkSecret::parse(&written).unwrap().sha256(), secret.sha256());
        assert_eq!(format!("{secret:?}"), "LinkSecret(…)");
        assert_eq!(SessionSecret::parse(&written[1..]).unwrap_err(), SecretError);
        assert_eq!(SessionSecret::parse(&"!".repeat(43)).unwrap_err(), SecretError);
    }

    #[test]
    fn a_hash_is_written_as_the_ledger_writes_it() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&sha256(b"")), empty);
        assert!(is_same(empty, &hex(&sha256(b""))));
        assert!(!is_same(empty, &hex(&sha256(b"x"))));
    }
}
