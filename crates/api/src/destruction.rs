//! Having it certified what was destroyed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Purpose, Time};

/// Asks for a certificate of what became of a camera's footage. The asking is an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateRequest {
    /// Which camera.
    pub camera: Id,
    /// The first moment of the span.
    pub from: Time,
    /// The first moment after it; at most 31 days later.
    pub to: Time,
    /// What it is for.
    pub purpose: Purpose,
}

/// A certificate of destruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DestructionCertificate {
    /// The file, as it is to be kept: `jikim-verify destruction --certificate` reads it.
    pub file: String,
}
