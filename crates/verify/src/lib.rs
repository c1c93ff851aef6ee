//! What an inspector needs who has a laptop and no secret: everything here is checked against public
//! keys, hashes and the inspector's own notes, and nothing here could forge.
//!
//! - [`ledger`]: a recorder's ledger, whole: signatures, witnesses, tiles, entries, and what must
//!   hold between entries.
//! - [`checkpoint`] and [`receipt`]: one signed checkpoint, one proof file.
//! - [`disk`]: whether a key that was said to be destroyed is on an image of a disk.
//! - [`destruction`]: what the ledger says was destroyed in a span.
//! - [`bundle`]: whether a file that left is the one that was sealed, and was not revoked.
//! - [`certificate`]: what became of a camera's footage of a span, in one file.
//!
//! Every function gives a [`Report`] with one of the closed [`Word`]s. The program is `jikim-verify`;
//! `docs/guide/verify.md` says how it is used, what each word means and what cannot be proven.

pub mod bundle;
pub mod certificate;
pub mod checkpoint;
pub mod destruction;
pub mod disk;
pub mod entry;
mod kinds;
pub mod ledger;
mod parts;
pub mod receipt;
pub mod record_root;
mod report;
pub mod source;
mod words;

pub use report::{Fact, Finding, MAX_FINDINGS, Report};
pub use words::{Class, Word};

use sha2::{Digest, Sha256};

/// SHA-256 (FIPS 180-4).
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 64 lower-case hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// An error with all its causes, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        // Errors that only pass another on say the same twice.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
