//! Disclosures to other bodies and use beyond the purpose: 제3자 제공과 목적 외 이용.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    DisclosureBasis, DisclosureCompelledBy, DisclosureConfirmedHow, DisclosureDutyKind,
    DisclosureKind, DisclosureState, DisclosureStepWord, Id, NamedCamera, RequestHold, Time,
};

/// A disclosure as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisclosure {
    /// What it is.
    pub kind: DisclosureKind,
    /// The body that asks, or the department of ours.
    #[schema(max_length = 100)]
    pub body: String,
    /// Who came for it: name and rank or post.
    #[schema(max_length = 100)]
    pub officer: String,
    /// That one's telephone number.
    #[schema(max_length = 100)]
    pub phone: String,
    /// The number of the paper that asks for it.
    #[schema(max_length = 100)]
    pub document: String,
    /// The id of a ground that is in force today.
    pub ground: String,
    /// What makes the ground complete.
    #[schema(max_length = 100)]
    pub basis: String,
    /// What it is for.
    #[schema(max_length = 500)]
    pub purpose: String,
    /// Which cameras: 1 to 9.
    #[schema(min_items = 1, max_items = 9)]
    pub cameras: Vec<Id>,
    /// Its first minute.
    pub from: Time,
    /// The first minute after it: at most four hours later, and not ahead.
    pub until: Time,
    /// What is asked of the recipient; may be empty if it is our own use.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub conditions: String,
    /// The last day on which the recipient may use it, at most 366 days ahead.
    #[serde(default)]
    pub use_until: Option<String>,
}

/// Something that is owed of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureDuty {
    /// What.
    pub kind: DisclosureDutyKind,
    /// The last day, `2026-12-21`.
    pub due: String,
    /// Days until then: 0 on that day, negative after it.
    pub days_left: i64,
}

/// A disclosure without who asks and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureLine {
    /// The number of receipt, `2026-17`.
    pub id: String,
    /// How it stands.
    pub state: DisclosureState,
    /// When it came in.
    pub received_at: Time,
    /// Whether whoever looks received it, and so does not decide it.
    pub mine: bool,
    /// Whether one person granted it alone.
    pub compelled: bool,
    /// Whether that person is whoever looks, and so does not review it.
    pub compelled_by_me: bool,
    /// Which cameras.
    pub cameras: Vec<NamedCamera>,
    /// Its first minute; none if its record is destroyed.
    pub from: Option<Time>,
    /// The first minute after it.
    pub until: Option<Time>,
    /// What is owed, what is due first at the front.
    pub duties: Vec<DisclosureDuty>,
    /// What is held for it.
    pub hold: Option<RequestHold>,
}

/// A ground of provision or use beyond the purpose that is in force today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureGround {
    /// Names it.
    pub id: String,
    /// Which article says so.
    pub article: String,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
    /// What has to be written so that it is complete.
    pub basis: DisclosureBasis,
}

/// All disclosures, those first of which something is due first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disclosures {
    /// The newest 500.
    pub disclosures: Vec<DisclosureLine>,
    /// The grounds of the law of today.
    pub grounds: Vec<DisclosureGround>,
    /// How long a publication stays at least, in days; none if the law of today does not say.
    pub published_days: Option<i64>,
}

/// Who confirmed from afar what one person did alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureConfirmation {
    /// Why it could not wait.
    pub compelled_by: DisclosureCompelledBy,
    /// Who confirmed it.
    #[schema(max_length = 100)]
    pub by: String,
    /// How.
    pub how: DisclosureConfirmedHow,
    /// When: within the last 24 hours.
    pub at: Time,
}

/// What happened to a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureStep {
    /// What.
    pub step: DisclosureStepWord,
    /// When.
    pub at: Time,
    /// Who did it.
    pub by: String,
    /// Of a decision: whether it was granted.
    pub granted: Option<bool>,
    /// What was written beside it.
    pub text: String,
    /// Of what was compelled.
    pub confirmation: Option<DisclosureConfirmation>,
    /// Of a publication: its first day.
    pub published_from: Option<String>,
    /// Of a publication: its last day.
    pub published_until: Option<String>,
}

/// One disclosure with who asks, on what ground and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureCase {
    /// What stands on the board.
    pub line: DisclosureLine,
    /// What it says; none when its record is destroyed.
    pub disclosure: Option<NewDisclosure>,
    /// Of its cameras, those of which nothing of that time was kept at receipt.
    pub absent: Vec<Id>,
    /// Who received it.
    pub received_by: String,
    /// What happened since.
    pub steps: Vec<DisclosureStep>,
}

/// A decision of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureDecision {
    /// Whether it may be given.
    pub granted: bool,
    /// Why; needed if it may not.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub text: String,
}

/// What was found, where it is published or what was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRemark {
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub text: String,
}

/// That it is published that something was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosurePublication {
    /// Where: the gazette and its number, or the address on the homepage.
    #[schema(max_length = 500)]
    pub text: String,
    /// The first day on which it can be read.
    pub from: String,
    /// The last: at least so many days as the law says.
    pub until: String,
}
