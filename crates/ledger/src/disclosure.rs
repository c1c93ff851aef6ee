//! Disclosures of footage to other bodies, and use beyond the purpose, as the ledger says them.
//!
//! That one was asked for, by how many people it was decided, that it was given, published and reported is
//! public, so that whoever has the log alone can see that nothing was given before it was granted, and that
//! what one person did alone was looked at. Who asks, on what ground and for what is in the side records,
//! with those of rights: three years.

use domain::{EntryNumber, WallTime};
use serde::{Deserialize, Serialize};

use crate::Record;
use crate::case::{CaseFact, CaseStepFact, Cases};
use crate::words::as_text;

/// What another person decided of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosureDecision {
    /// It may be given.
    Granted,
    /// It may not.
    Refused,
}

/// What an entry says of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum DisclosureStep {
    /// It was asked for; this entry's number is its own.
    Received,
    /// A person who had not received it decided it.
    Decided {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
        /// What.
        decision: DisclosureDecision,
    },
    /// One person granted it alone, since it could not wait; another reviews it.
    Compelled {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
    /// Another person looked at what was compelled.
    Reviewed {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
    /// The recipient saw it or has it.
    Provided {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
    /// It is published that it was given.
    Published {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
    /// The recipient reported what it did with it.
    Reported {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
    /// It was taken back before anything was given.
    Withdrawn {
        /// Which.
        #[serde(with = "as_text")]
        disclosure: EntryNumber,
    },
}

impl DisclosureStep {
    /// The disclosure to which it happens; none if it comes in.
    #[must_use]
    pub const fn disclosure(&self) -> Option<EntryNumber> {
        match self {
            Self::Received => None,
            Self::Decided { disclosure, .. }
            | Self::Compelled { disclosure }
            | Self::Reviewed { disclosure }
            | Self::Provided { disclosure }
            | Self::Published { disclosure }
            | Self::Reported { disclosure }
            | Self::Withdrawn { disclosure } => Some(*disclosure),
        }
    }

    /// The word of the step.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Decided { .. } => "decided",
            Self::Compelled { .. } => "compelled",
            Self::Reviewed { .. } => "reviewed",
            Self::Provided { .. } => "provided",
            Self::Published { .. } => "published",
            Self::Reported { .. } => "reported",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A disclosure as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRecord {
    /// A word of `rights::DisclosureKind`.
    pub disclosed: String,
    /// The body that asks, or the department of ours.
    pub body: String,
    /// Who came for it.
    pub officer: String,
    /// That one's telephone number.
    pub phone: String,
    /// The number of the paper that asks for it.
    pub document: String,
    /// The id of the rule that is its ground.
    pub ground: String,
    /// What makes the ground complete.
    pub basis: String,
    /// What it is for.
    pub purpose: String,
    /// Camera ids.
    pub cameras: Vec<String>,
    /// Of these, those of which nothing of that time was kept at receipt.
    pub absent: Vec<String>,
    /// The first minute, RFC 3339.
    pub from: String,
    /// The first moment after it, RFC 3339.
    pub until: String,
    /// What is asked of the recipient; empty if it is our own use.
    pub conditions: String,
    /// The last day on which the recipient may use it.
    pub use_until: Option<String>,
    /// The id of its hold; none if nothing is held for it.
    pub hold: Option<String>,
}

/// Who confirmed from afar what one person did alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationRecord {
    /// A word of `rights::CompelledBy`.
    pub compelled_by: String,
    /// Who.
    pub by: String,
    /// A word of `rights::ConfirmedHow`.
    pub how: String,
    /// When, RFC 3339.
    pub at: String,
}

/// What is written beside a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureNote {
    /// Why it was refused, what the review found, where it is published, what was reported, or a remark;
    /// may be empty.
    pub text: String,
    /// Of what was compelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<ConfirmationRecord>,
    /// Of a publication: the first and the last day on which it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<(String, String)>,
}

/// What happened to a disclosure after its receipt.
pub type DisclosureStepFact = CaseStepFact<DisclosureStep, DisclosureNote>;
/// A disclosure and what became of it.
pub type DisclosureFact = CaseFact<DisclosureRecord, DisclosureStep, DisclosureNote>;

/// Every disclosure.
pub(crate) type Disclosures = Cases<DisclosureRecord, DisclosureStep, DisclosureNote>;

impl Disclosures {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        step: &DisclosureStep,
        record: Option<&Record>,
    ) {
        match (step.disclosure(), record) {
            (None, Some(Record::Disclosure { actor, disclosure })) => {
                self.receive(number, time, Some((actor.clone(), disclosure.clone())));
            }
            (None, _) => self.receive(number, time, None),
            (Some(disclosure), Some(Record::DisclosureStep { actor, note })) => {
                self.go_on(disclosure, time, step.clone(), Some((actor.clone(), note.clone())));
            }
            (Some(disclosure), _) => self.go_on(disclosure, time, step.clone(), None),
        }
    }
}
