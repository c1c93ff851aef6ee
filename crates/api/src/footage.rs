//! What was recorded when, without a picture.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{GapCause, Id, Time};

/// What was recorded of one camera between two instants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    /// The camera.
    pub camera: Id,
    /// Beginning of what was asked for.
    pub from: Time,
    /// End of what was asked for.
    pub to: Time,
    /// The oldest footage of this camera that is left, if any.
    pub oldest: Option<Time>,
    /// Where footage is, oldest first, without overlap.
    pub spans: Vec<RecordedSpan>,
    /// Where none is, and why, oldest first.
    pub gaps: Vec<Gap>,
    /// When what is there ends, oldest first.
    pub expiry: Vec<Expiry>,
}

/// Footage without a break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordedSpan {
    /// Beginning.
    pub from: Time,
    /// End.
    pub to: Time,
    /// `h264` or `h265`.
    pub codec: String,
    /// Whether it can be opened now: its keys are there, and its reel too.
    pub playable: bool,
}

/// A time without footage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// Beginning.
    pub from: Time,
    /// End; null while it lasts.
    pub to: Option<Time>,
    /// Why.
    pub cause: GapCause,
}

/// When a stretch of footage ends for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expiry {
    /// Beginning of the stretch.
    pub from: Time,
    /// End of the stretch.
    pub to: Time,
    /// Its key is destroyed at this instant or before.
    pub expires_at: Time,
}
