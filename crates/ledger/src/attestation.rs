//! Attestations: what a person saw of a promise that no program can see.
//!
//! The fact is public, with the role; who it was, the remark and the picture are in the side record.

use domain::{EntryNumber, WallTime};
use serde::{Deserialize, Serialize};

use crate::SeenWord;

/// What an entry says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// The promise: `signs`.
    pub promise: String,
    /// SHA-256 of its sentence as published, hexadecimal: the word is for this text and no other.
    pub sentence: String,
    /// The version of the policy in which the sentence stands.
    pub version: u64,
    /// What was seen.
    pub result: SeenWord,
    /// The day on which somebody looked, `2026-11-20`.
    pub day: String,
    /// The role as which he did: a word of `domain::Role`.
    pub role: String,
}

/// One, with its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestationFact {
    /// Its entry.
    pub number: EntryNumber,
    /// When it was entered.
    pub at: WallTime,
    /// What it says.
    pub said: Attested,
}
