//! What persons saw of promises that the program cannot see.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Role, Seen, Time};

/// What a person saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttestation {
    /// The promise, of the policy in force: one that the program does not look at itself.
    pub promise: String,
    /// What was seen.
    pub result: Seen,
    /// The day on which it was looked at, where the institution is: `2026-11-20`; today, or at most
    /// 30 days ago.
    pub day: String,
    /// What there is to say of it: at most 500 characters, may be empty. It is sealed: whoever
    /// reads it says what for.
    #[schema(max_length = 500)]
    pub remark: String,
    /// A picture of it in standard base64: JPEG or PNG, at most 512 KiB before. Sealed as the remark is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 699052)]
    pub picture_base64: Option<String>,
}

/// What persons saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attestations {
    /// The last entered first, at most 200.
    pub attestations: Vec<Attestation>,
}

/// What a person saw, as everybody may know it: without a name and without the remark, which are
/// read as records of the ledger are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attestation {
    /// The entry of the ledger.
    pub entry: String,
    /// When it was entered.
    pub at: Time,
    /// The promise.
    pub promise: String,
    /// SHA-256 of the sentence that it was made for, 64 hexadecimal digits.
    pub sentence_sha256: String,
    /// The version of the policy in which that sentence stood.
    pub version: u64,
    /// What was seen.
    pub result: Seen,
    /// The day on which it was looked at.
    pub day: String,
    /// As what the person looked.
    pub role: Role,
    /// Whether it is the word that counts for the promise as it reads today.
    pub counts: bool,
    /// The last day on which it counts, if it says that it is as promised; null if the policy in force
    /// does not make this promise.
    pub good_until: Option<String>,
}
