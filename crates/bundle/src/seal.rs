//! The file itself: page, sealed container, receipt, in this order.

use std::io::Write as _;

use age::secrecy::SecretString;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::{Contents, PackError, Passphrase};

/// The page, made from `web/bundle`; the sealed container follows in it.
const PAGE: &str = include_str!("../page/open.html");
/// Stands in the page where the sealed container goes; nothing of the page follows it.
const SEALED_HERE: &str = "<!--sealed-->\n";
const SEALED: (&str, &str) = ("<script type=\"application/age\" id=\"sealed\">\n", "</script>\n");
/// What opens the last part of a file: what is entered in the ledger ends before it.
const RECEIPT: (&str, &str) =
    ("<script type=\"text/plain\" id=\"receipt\">\n", "</script>\n</body>\n</html>\n");
/// Base64 in lines, as mail has it: a browser reads a long line slowly.
const LINE: usize = 76;

/// The most bytes of clips and cover in one bundle. A browser holds a file as one text of at most 2^29
/// letters, and base64 takes four for three bytes.
pub const LONGEST_CONTENTS: usize = 256 << 20;

/// How much work a guess costs: 2^15 rounds of scrypt, 32 MiB. The passphrase has a hundred bits already;
/// an old telephone must open it in seconds.
const WORK_FACTOR: u8 = 15;

/// A bundle without its receipt.
#[derive(Debug)]
pub struct Sealed {
    bytes: Vec<u8>,
}

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The contents do not fit together, or are too many.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The seal refused.
    #[error("the contents could not be sealed")]
    Seal(#[from] std::io::Error),
}

/// Why a bundle could not be finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FinishError {
    /// A proof file is printable text without `<`.
    #[error("the receipt is no proof file")]
    Receipt,
}

/// Packs the contents and seals them to the passphrase.
///
/// # Errors
/// If the contents do not fit together, or are too many.
pub fn seal(contents: &Contents, passphrase: &Passphrase) -> Result<Sealed, SealError> {
    let container = contents.pack()?;
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.expose()));
    recipient.set_work_factor(WORK_FACTOR);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(std::io::Error::other)?;
    let mut sealed = Vec::with_capacity(container.len() + container.len() / 4096 + 1024);
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(&container)?;
    writer.finish()?;
    drop(container);
    let head = PAGE.strip_suffix(SEALED_HERE).expect("the page ends where the container goes");
    let letters = sealed.len().div_ceil(3) * 4;
    let mut bytes = Vec::with_capacity(head.len() + letters + letters / LINE + 256);
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(SEALED.0.as_bytes());
    // 57 bytes are a line of 76 letters.
    let mut line = String::with_capacity(LINE);
    for part in sealed.chunks(LINE / 4 * 3) {
        line.clear();
        STANDARD.encode_string(part, &mut line);
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(SEALED.1.as_bytes());
    Ok(Sealed { bytes })
}

impl Sealed {
    /// One that was kept, as [`bytes`](Self::bytes) gave it. Whether it is the one that was entered, its hash says.
    #[must_use]
    pub const fn from_kept(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// What is kept until it is handed out with its receipt.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the ledger enters: SHA-256 of everything before the receipt, page and all.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    /// The whole file. The receipt is the proof file of the entry that names [`Sealed::sha256`].
    ///
    /// # Errors
    /// If the receipt is no text of a proof file.
    pub fn finish(self, receipt: &str) -> Result<Vec<u8>, FinishError> {
        let is_text = receipt.chars().all(|letter| letter == '\n' || !letter.is_control());
        if receipt.is_empty() || receipt.contains('<') || !receipt.ends_with('\n') || !is_text {
            return Err(FinishError::Receipt);
        }
        let mut bytes = self.bytes;
        bytes.extend_from_slice(RECEIPT.0.as_bytes());
        bytes.extend_from_slice(receipt.as_bytes());
        bytes.extend_from_slice(RECEIPT.1.as_bytes());
        Ok(bytes)
    }
}
