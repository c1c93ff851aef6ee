//! Holds: footage of a case that is kept beyond its time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HoldState, Id, NamedCamera, Purpose, Time};

/// What is held and what was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holds {
    /// Those that hold first, the newest first.
    pub holds: Vec<Hold>,
}

/// One hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// Which.
    pub id: Id,
    /// For which case.
    pub case: String,
    /// Whose footage.
    pub cameras: Vec<NamedCamera>,
    /// Its first minute.
    pub from: Time,
    /// The first moment after it.
    pub to: Time,
    /// When it lapses unless it is renewed.
    pub until: Time,
    /// How it stands.
    pub state: HoldState,
    /// Why it was placed.
    pub purpose: Option<Purpose>,
    /// Who placed it, as others see that person.
    pub placed_by: String,
    /// When.
    pub placed_at: Time,
    /// Who released it; null if nobody did.
    pub released_by: Option<String>,
    /// When.
    pub released_at: Option<Time>,
    /// Why.
    pub release_purpose: Option<Purpose>,
}

/// Keeps footage beyond its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// For which case: 1 to 100 characters on one line.
    #[schema(min_length = 1, max_length = 100)]
    pub case: String,
    /// Whose footage: 1 to 9 cameras, each once.
    pub cameras: Vec<Id>,
    /// From here; the minute that it lies in is held whole.
    pub from: Time,
    /// To here, at most 4 hours later; likewise.
    pub to: Time,
    /// When it lapses unless it is renewed: at most 90 days ahead.
    pub until: Time,
    /// Why.
    pub purpose: Purpose,
}

/// Keeps held footage for longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRenewal {
    /// When it lapses now: at most 90 days ahead.
    pub until: Time,
    /// Why.
    pub purpose: Purpose,
}

/// Holds footage no longer: it goes with the next rotation if its time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRelease {
    /// Why.
    pub purpose: Purpose,
}
