//! How a request is refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ErrorCode;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong, for the program and for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// Which of the closed set.
    pub code: ErrorCode,
    /// One sentence in Korean that says what to do.
    pub message_ko: String,
    /// The same in English.
    pub message_en: String,
    /// With `too-many-attempts` and `busy`: seconds until another attempt is worth it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// The ledger entry that holds the refusal, as `2026/17`, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger_entry: Option<String>,
}
