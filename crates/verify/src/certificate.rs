//! The certificate of destruction: what became of a camera's footage of a span, in one file that a
//! person reads and anybody verifies without the recorder (`docs/formats/destruction-certificate.md`).
//!
//! The file is the data and a text that follows from the data: the text can say nothing that the data
//! does not, since it is made again and compared. The recorder makes it with this module, so that
//! there is one definition of both; nothing here can sign or forge.

mod check;
mod claims;
mod search;
mod text;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use check::verify;
pub use claims::{Rotation, provable, rotations};
pub use search::{Found, Wanted};

use crate::to_hex;

/// The first line of the file.
pub const MAGIC: &str = "jikim destruction certificate v1";

/// What stands alone on the line between the text and the data.
const BORDER: &str = "---";

/// The longest certificate, in bytes: a month of two feeds has a hundredth of it.
pub const MAX_BYTES: usize = 64 << 20;

/// Everything that a certificate says. Moments are as in the ledger's entries, numbers of entries are
/// `2026/17`, hashes 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// 1.
    pub v: u32,
    /// The recorder's id.
    pub recorder: String,
    /// When it was made, by the recorder's wall clock.
    pub made_at: String,
    /// The entry of the act by which it was made; what came later it knows nothing of.
    pub intent: String,
    /// The camera's id.
    pub camera: String,
    /// What the recorder calls it.
    pub name: String,
    /// The first moment of the span.
    pub from: String,
    /// The first moment after it.
    pub to: String,
    /// The secrets by which the camera's buckets are found in the lists.
    pub secrets: Vec<DaySecret>,
    /// The buckets of the span, by feed and start.
    pub buckets: Vec<Bucket>,
    /// Times of the span of which there is no bucket.
    pub nothing: Vec<Stretch>,
    /// Buckets of any camera of which the lists do not say whose they were, destroyed since the span
    /// began.
    pub untagged: Vec<Untagged>,
    /// What was given out of the span before.
    pub left: Vec<Left>,
    /// Under which act each list of destroyed keys was entered, and whether it can be proven.
    pub rotations: Vec<Rotation>,
    /// Entries that say what kept the vault key, from the newest before the first bucket was made.
    pub holders: Vec<String>,
    /// The entries that it speaks of.
    pub entries: Vec<Proven>,
    /// A signed checkpoint for each year of these.
    pub checkpoints: Vec<String>,
}

/// A secret of a day (`docs/formats/ledger-entry.md`, Companion).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaySecret {
    /// `main` or `sub`.
    pub feed: String,
    /// Days since 1970-01-01.
    pub day: i64,
    /// 64 hexadecimal digits.
    pub secret: String,
}

/// What became of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its key is destroyed.
    Destroyed,
    /// Its key is destroyed, and keys of some of its minutes are held for a case.
    Held,
    /// Its key is kept.
    Kept,
    /// It is neither kept nor entered as destroyed: a destruction has begun and waits, or keys were
    /// lost with their disks.
    Undecided,
}

/// A bucket of the camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Its id.
    pub bucket: String,
    /// SHA-256 of its key.
    pub key_sha256: String,
    /// `main` or `sub`.
    pub feed: String,
    /// Microseconds since 1970.
    pub start: i64,
    /// The first moment after it.
    pub end: i64,
    /// By when it was to be destroyed.
    pub expires_at: i64,
    /// What became of it.
    pub state: State,
    /// Where it was entered when it was made; nothing if the recorder crashed before it could be.
    pub made: Option<Place>,
    /// Where it was entered when it was destroyed.
    pub destroyed: Option<Place>,
    /// Its minutes whose keys outlived it, held for a case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minutes: Vec<Minute>,
}

/// A minute whose key outlived its bucket's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minute {
    /// Minutes since 1970.
    pub minute: i64,
    /// SHA-256 of its key.
    pub key_sha256: String,
    /// Where it was entered when its bucket was destroyed and it was not.
    pub made: Place,
    /// Where it was entered when it was destroyed in its turn.
    pub destroyed: Option<Place>,
}

/// A line of a list that an entry names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The entry.
    pub entry: String,
    /// Which line, from 0.
    pub line: u64,
    /// The proof that it is that line (RFC 6962), each hash in base64.
    pub hashes: Vec<String>,
}

/// A time of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// `main` or `sub`.
    pub feed: String,
    /// Microseconds since 1970.
    pub from: i64,
    /// The first moment after it.
    pub to: i64,
}

/// A bucket of which nobody can say whose it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untagged {
    /// Its id.
    pub bucket: String,
    /// SHA-256 of its key.
    pub key_sha256: String,
    /// The entry that says that it is destroyed.
    pub destroyed: String,
}

/// Why an entry counts as footage that left the building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It says what was shown, and some of that was of the span.
    Served,
    /// An act on the camera of which nobody can say how it ended: it counts as all shown.
    Unknown,
    /// A still was taken within the span.
    Still,
    /// What it was about cannot be read any more: it may have been this.
    Unreadable,
}

/// Something that was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// The entry. Who saw it stands sealed behind it.
    pub entry: String,
    /// Why it counts.
    pub how: How,
}

/// An entry and the proof that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// Its number.
    pub number: String,
    /// Its bytes.
    pub entry: String,
    /// The inclusion proof under the year's checkpoint, each hash in base64.
    pub hashes: Vec<String>,
}

/// Why bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseCertificateError {
    /// Longer than [`MAX_BYTES`].
    #[error("a certificate has at most {MAX_BYTES} bytes")]
    TooLong,
    /// No text, border and data.
    #[error("a certificate is `{MAGIC}`, a text, a line `{BORDER}` and one line of data")]
    Form,
    /// The data is not of the documented form.
    #[error("the data of the certificate is not of the documented form: {0}")]
    Data(String),
    /// A version to come.
    #[error("version {0} of certificates is not known: use a later program")]
    Version(u32),
}

impl Certificate {
    /// The file.
    #[must_use]
    pub fn to_file(&self) -> String {
        let data = serde_json::to_string(self).expect("a certificate is plain data");
        format!("{MAGIC}\n\n{}\n{BORDER}\n{data}\n", text::text(self))
    }

    /// Reads a file; gives the text, which [`verify`] holds against the data.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(bytes: &[u8]) -> Result<(Self, String), ParseCertificateError> {
        if bytes.len() > MAX_BYTES {
            return Err(ParseCertificateError::TooLong);
        }
        let form = || ParseCertificateError::Form;
        let file = std::str::from_utf8(bytes).map_err(|_| form())?;
        let rest = file.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix("\n\n"));
        let border = format!("\n{BORDER}\n");
        let (text, data) = rest.and_then(|rest| rest.split_once(&border)).ok_or_else(form)?;
        let data = data.strip_suffix('\n').filter(|data| !data.contains('\n')).ok_or_else(form)?;
        let parsed: Self = serde_json::from_str(data)
            .map_err(|error| ParseCertificateError::Data(error.to_string()))?;
        if parsed.v != 1 {
            return Err(ParseCertificateError::Version(parsed.v));
        }
        Ok((parsed, text.to_owned()))
    }

    /// Whether every bucket of the span is destroyed, and there is one.
    #[must_use]
    pub fn is_all_destroyed(&self) -> bool {
        !self.buckets.is_empty() && self.buckets.iter().all(|it| it.state == State::Destroyed)
    }
}

impl Bucket {
    /// Whether a key of one of its minutes is kept, as its entries have it.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.minutes.iter().any(|minute| minute.destroyed.is_none())
    }

    /// The line of the lists of one of its minutes.
    #[must_use]
    pub fn minute_line(&self, minute: &Minute) -> String {
        format!("{}/{} {}", self.bucket, minute.minute, minute.key_sha256)
    }

    /// Every entry that says that it, or a minute of it, is destroyed.
    pub fn ends(&self) -> impl Iterator<Item = &Place> {
        self.destroyed.iter().chain(self.minutes.iter().filter_map(|it| it.destroyed.as_ref()))
    }

    /// The line of the lists that this bucket of a camera has under a day's secret.
    #[must_use]
    pub fn line(&self, camera: &str, secret: &[u8; 32]) -> String {
        let Self { bucket, key_sha256, feed, start, end, expires_at, .. } = self;
        let said = format!("{bucket} {key_sha256} {camera} {feed} {start} {end} {expires_at}\n");
        let mut hasher = Sha256::new();
        hasher.update(b"jikim bucket v1\n");
        hasher.update(secret);
        hasher.update(said);
        let tag: [u8; 32] = hasher.finalize().into();
        format!("{bucket} {key_sha256} {start} {end} {expires_at} {}", to_hex(&tag))
    }
}

/// Days since 1970-01-01 of microseconds since then.
#[must_use]
pub const fn day_of(moment_us: i64) -> i64 {
    moment_us.div_euclid(86_400_000_000)
}
