//! Signed notes (C2SP signed-note): a text and lines of signatures beneath it.
//!
//! Read and written byte for byte: what [`SignedNote::parse`] accepts, [`SignedNote::encode`] gives
//! back unchanged. Nothing is signed here; the ledger holds the key and hands in raw signatures.

mod ecdsa;
mod key;
mod verify;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

pub use ecdsa::{ECDSA_BYTE, EcdsaKey, P256_POINT_BYTES};
pub use key::{Algorithm, KeyError, PUBLIC_KEY_BYTES, VerifierKey, key_id};
pub use verify::{MAX_TIMESTAMP_S, Verified, VerifyNoteError, message_to_cosign, message_to_sign};

/// The longest note that is read, in bytes. Room for 16 post-quantum signatures.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;

/// The most signature lines in a note; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 32;

/// The longest name of a key, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// The longest signature, in bytes, without its key id.
pub const MAX_SIGNATURE_BYTES: usize = 8 * 1024;

/// What begins a signature line: an em dash and a space.
const MARK: &str = "\u{2014} ";

/// A text and the signatures on it. Which of them are any good, [`SignedNote::verify`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line: a claim that the key of this name and id signed the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    key_id: u32,
    bytes: Vec<u8>,
}

/// Why a note could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_BYTES`].
    #[error("a note has at most {MAX_NOTE_BYTES} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("a note is UTF-8 text")]
    Encoding,
    /// A control character other than a line feed.
    #[error("a note holds no control characters but line feeds")]
    ControlCharacter,
    /// The text does not end in a line feed.
    #[error("the text of a note ends in a line feed")]
    UnfinishedText,
    /// No blank line between text and signatures.
    #[error("a note has a blank line between its text and its signatures")]
    NoBlankLine,
    /// No signatures at all.
    #[error("a note has at least one signature")]
    NoSignature,
    /// More than [`MAX_SIGNATURES`].
    #[error("a note has at most {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A line beneath the blank line that is no signature.
    #[error("a signature is a line of an em dash, the name of the key and base64")]
    SignatureLine,
    /// The name of a key is empty, too long, or has a space or plus in it.
    #[error("the name of a key is 1 to {MAX_NAME_BYTES} bytes without spaces or plus")]
    KeyName,
    /// Raw signature bytes of a length that the key's algorithm does not make.
    #[error("the signature has another length than its algorithm gives it")]
    SignatureLength,
}

impl SignedNote {
    /// A note of this text without signatures yet; [`SignedNote::add`] brings them.
    ///
    /// # Errors
    /// If the text does not end in a line feed, holds another control character or is too long.
    pub fn new(text: impl Into<String>) -> Result<Self, NoteError> {
        let text = text.into();
        if text.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        if !text.ends_with('\n') {
            return Err(NoteError::UnfinishedText);
        }
        check_characters(&text)?;
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Adds a signature beneath those that are there.
    ///
    /// # Errors
    /// If there are [`MAX_SIGNATURES`] already.
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The text, its last line feed included, the blank line not.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in the order of their lines.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Reads a note strictly.
    ///
    /// # Errors
    /// If it is not exactly a note, or exceeds a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::Encoding)?;
        check_characters(note)?;
        // The text may have empty lines of its own: the last one in the note is the border.
        let border = note.rfind("\n\n").ok_or(NoteError::NoBlankLine)?;
        let (text, lines) = (&note[..=border], &note[border + 2..]);
        if lines.is_empty() {
            return Err(NoteError::NoSignature);
        }
        let lines = lines.strip_suffix('\n').ok_or(NoteError::SignatureLine)?;
        let mut signed = Self::new(text)?;
        for line in lines.split('\n') {
            signed.add(Signature::parse(line)?)?;
        }
        Ok(signed)
    }

    /// The bytes of the note.
    ///
    /// # Errors
    /// If nobody has signed it, or it would be too long to be read again.
    pub fn encode(&self) -> Result<String, NoteError> {
        if self.signatures.is_empty() {
            return Err(NoteError::NoSignature);
        }
        let mut note = format!("{}\n", self.text);
        for signature in &self.signatures {
            note.push_str(&signature.line());
            note.push('\n');
        }
        if note.len() > MAX_NOTE_BYTES { Err(NoteError::TooLong) } else { Ok(note) }
    }
}

impl Signature {
    /// A signature from the raw bytes that `key` made over [`message_to_sign`].
    ///
    /// # Errors
    /// If the key is not an [`Algorithm::Ed25519`] key, or `raw` has not the 64 bytes of one.
    pub fn from_raw(key: &VerifierKey, raw: &[u8]) -> Result<Self, NoteError> {
        if key.algorithm() != Algorithm::Ed25519 || raw.len() != verify::ED25519_BYTES {
            return Err(NoteError::SignatureLength);
        }
        Ok(Self::of(key, raw.to_vec()))
    }

    /// A cosignature from the raw bytes that `key` made over [`message_to_cosign`] with the same
    /// time, in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// If the key is not an [`Algorithm::CosignatureV1`] key, `raw` has not 64 bytes, or the time
    /// is above [`MAX_TIMESTAMP_S`].
    pub fn from_raw_cosignature(
        key: &VerifierKey,
        timestamp_s: u64,
        raw: &[u8],
    ) -> Result<Self, NoteError> {
        if key.algorithm() != Algorithm::CosignatureV1
            || raw.len() != verify::ED25519_BYTES
            || timestamp_s > MAX_TIMESTAMP_S
        {
            return Err(NoteError::SignatureLength);
        }
        Ok(Self::of(key, [&timestamp_s.to_be_bytes(), raw].concat()))
    }

    fn of(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), key_id: key.id(), bytes }
    }

    /// Name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of the key.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The signature itself, without the key id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signature as a line of a note, without its line feed.
    #[must_use]
    pub fn line(&self) -> String {
        let bytes = [&self.key_id.to_be_bytes()[..], &self.bytes].concat();
        format!("{MARK}{} {}", self.name, STANDARD.encode(bytes))
    }

    /// Reads a line of a note, without its line feed; a witness answers with such lines.
    ///
    /// # Errors
    /// If it is not exactly a signature line, or exceeds a limit.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix(MARK).ok_or(NoteError::SignatureLine)?;
        let (name, text) = rest.split_once(' ').ok_or(NoteError::SignatureLine)?;
        check_name(name)?;
        if text.len() > (MAX_SIGNATURE_BYTES + 4).div_ceil(3) * 4 {
            return Err(NoteError::SignatureLength);
        }
        let bytes = STANDARD.decode(text).map_err(|_| NoteError::SignatureLine)?;
        match bytes.split_first_chunk() {
            Some((id, bytes)) if !bytes.is_empty() && bytes.len() <= MAX_SIGNATURE_BYTES => {
                let key_id = u32::from_be_bytes(*id);
                Ok(Self { name: name.to_owned(), key_id, bytes: bytes.to_vec() })
            }
            _ => Err(NoteError::SignatureLength),
        }
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().any(|byte| byte < 0x20 && byte != b'\n');
    if control { Err(NoteError::ControlCharacter) } else { Ok(()) }
}

/// Key names are part of lines: a space, plus or control character in one would change the meaning
/// of the line.
fn check_name(name: &str) -> Result<(), NoteError> {
    let bad = |c: char| c.is_whitespace() || c == '+' || c < ' ';
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains(bad) {
        return Err(NoteError::KeyName);
    }
    Ok(())
}
