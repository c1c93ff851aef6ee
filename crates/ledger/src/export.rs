//! What left the building, as the ledger says it.
//!
//! That something left is public, and the hash of the file: whoever has a bundle and its receipt sees whether
//! it is the one that was sealed, and whoever has the log whether it was revoked. What was on it and whom it
//! was for is in the side records, with those of rights: three years.

use domain::EntryNumber;
use serde::{Deserialize, Serialize};

use crate::hex::from_hex;
use crate::words::as_text;

/// What an entry says of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ExportStep {
    /// A bundle was sealed; this entry's number is its own.
    Sealed {
        /// The request or disclosure, by the entry of its receipt.
        #[serde(with = "as_text")]
        case: EntryNumber,
        /// SHA-256 of the bundle up to its receipt (`docs/formats/bundle.md`).
        sha256: String,
    },
    /// What left is to be used no more.
    Revoked {
        /// Which.
        #[serde(with = "as_text")]
        export: EntryNumber,
    },
}

impl ExportStep {
    /// Itself, if its hash is one.
    pub(crate) fn checked(self) -> Option<Self> {
        match &self {
            Self::Sealed { sha256, .. } if from_hex(sha256).is_none() => None,
            _ => Some(self),
        }
    }

    /// The word of the step.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sealed { .. } => "sealed",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The entry to which it belongs: the case that it answers, or the export that is revoked.
    #[must_use]
    pub const fn about(&self) -> EntryNumber {
        match self {
            Self::Sealed { case, .. } => *case,
            Self::Revoked { export } => *export,
        }
    }
}
