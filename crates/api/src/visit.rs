//! The visitors' book of controlled areas. Consent and admission are two things.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, TicketPerson, Time};

/// Whether a visitor agrees to the collection of his data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// He does.
    Given,
    /// He does not.
    Refused,
}

/// Whether a visitor is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// He is.
    Granted,
    /// He is not.
    Denied,
}

/// A visit that is to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// The room: the id of an area of the policy in force.
    pub area: String,
    /// Who of the institution is with the visitor.
    pub escort: Id,
    /// Whether the visitor agrees to the collection of his data.
    pub consent: Consent,
    /// SHA-256 of the text that he was shown, as `notice` had it.
    pub notice_sha256: String,
    /// Whether he is let in.
    pub admission: Admission,
    /// Who: needed with consent, refused without. At most 200 characters, as all below.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: String,
    /// From where; may be empty, and has to be without consent.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub body: String,
    /// What for: needed with consent, refused without.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub business: String,
    /// Why he is not let in: needed then.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// The book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Visits {
    /// The newest first, at most 200.
    pub visits: Vec<Visit>,
    /// The rooms of the policy in force; empty without one.
    pub areas: Vec<VisitArea>,
    /// What a visitor is told before he is asked for consent.
    pub notice: VisitNotice,
    /// Who can be with a visitor.
    pub escorts: Vec<TicketPerson>,
}

/// A controlled area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitArea {
    /// Its id in the description.
    pub id: String,
    /// As published.
    pub name: String,
}

/// What a visitor is told before he is asked for consent. Public beside the log once it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitNotice {
    /// Its lines, in Korean: what for, what, for how long, what follows from a no.
    pub lines: Vec<String>,
    /// SHA-256 of the lines, each ended by a newline: its version.
    pub sha256: String,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Visit {
    /// Year of its entry in the ledger.
    pub year: u16,
    /// Number of its entry within the year.
    pub number: u64,
    /// When he came.
    pub at: Time,
    /// When he left; null while he is there, and of who was not let in.
    pub left_at: Option<Time>,
    /// Whether he is in there.
    pub inside: bool,
    /// Whether he agreed to the collection of his data.
    pub consent: Consent,
    /// When he took that back.
    pub withdrawn_at: Option<Time>,
    /// SHA-256 of the text that he was shown.
    pub notice_sha256: String,
    /// Whether he was let in.
    pub admission: Admission,
    /// What is at hand for a day and a half and while he is there; later it is read as records of the
    /// ledger are.
    pub detail: Option<VisitDetail>,
}

/// Who came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitDetail {
    /// What the room was called.
    pub area: String,
    /// Who; null without consent, and once it was taken back.
    pub name: Option<String>,
    /// From where; likewise, and if nothing was said.
    pub body: Option<String>,
    /// What for; likewise.
    pub business: Option<String>,
    /// Who of the institution was with him.
    pub escort: String,
    /// Who entered it.
    pub entered_by: String,
    /// Why he was not let in.
    pub reason: Option<String>,
}
