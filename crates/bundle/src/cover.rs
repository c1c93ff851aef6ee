//! What a bundle says of itself: for whom, for what, how long, and what is on the clips. It lies inside the
//! seal; the page shows it once the passphrase is right.

use serde::{Deserialize, Serialize};

/// The same said in Korean and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A stretch of a clip's time that has no picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub until: String,
    /// Why, for whoever reads it.
    pub cause: Words,
}

/// One clip as the cover tells it; its bytes stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// Its name in the container: `clip-1.mp4` and so on, in this order.
    pub file: String,
    /// The camera as people call it.
    pub camera: String,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339; no part of it.
    pub until: String,
    /// Whether everybody but the person concerned is covered.
    pub masked: bool,
    /// What of that time it has no picture of.
    pub gaps: Vec<Gap>,
}

/// The cover of a bundle, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// The number under which the office knows what is given.
    pub number: String,
    /// Who gives it, and where to ask.
    pub agency: Words,
    /// How to reach the agency.
    pub contact: String,
    /// When it was sealed, RFC 3339.
    pub sealed_at: String,
    /// For whom it is.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// The last day on which it may be used, where there is one: `2026-12-31`.
    pub use_until: Option<String>,
    /// What the recipient is bound to; nothing for a person's own copy.
    pub conditions: Vec<Words>,
    /// What is on it.
    pub clips: Vec<Clip>,
}
