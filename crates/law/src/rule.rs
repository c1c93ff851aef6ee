//! One rule, as a file says it.

use serde::{Deserialize, Deserializer, de};
use time::Date;

/// What a rule is about. Closed: whoever asks knows what there is to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// On what a camera may rest.
    InstallationGround,
    /// Where none may be.
    ForbiddenPlace,
    /// What none may do.
    ForbiddenAct,
    /// What has to be done, without a number.
    Duty,
    /// What a thing is called.
    Term,
    /// What a policy has to say.
    PolicyContent,
    /// What a sign has to say.
    SignContent,
    /// Where a sign can be other, or none.
    SignException,
    /// What can be asked for.
    RequestScope,
    /// Why a request may be refused.
    RefusalGround,
    /// Why it may not, though it is often said.
    NoRefusalGround,
    /// How somebody objects to what was decided of a request: a sentence to that person, as a letter has it.
    Objection,
    /// By when something is done.
    Deadline,
    /// How long something is kept, or how often it comes round.
    Period,
    /// From how many on something holds.
    Threshold,
    /// On what use beyond the purpose, or provision to others, may rest.
    ProvisionGround,
    /// What breaking a rule costs.
    Penalty,
}

impl Topic {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 17] = [
        Self::InstallationGround,
        Self::ForbiddenPlace,
        Self::ForbiddenAct,
        Self::Duty,
        Self::Term,
        Self::PolicyContent,
        Self::SignContent,
        Self::SignException,
        Self::RequestScope,
        Self::RefusalGround,
        Self::NoRefusalGround,
        Self::Objection,
        Self::Deadline,
        Self::Period,
        Self::Threshold,
        Self::ProvisionGround,
        Self::Penalty,
    ];

    /// As the files write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InstallationGround => "installation-ground",
            Self::ForbiddenPlace => "forbidden-place",
            Self::ForbiddenAct => "forbidden-act",
            Self::Duty => "duty",
            Self::Term => "term",
            Self::PolicyContent => "policy-content",
            Self::SignContent => "sign-content",
            Self::SignException => "sign-exception",
            Self::RequestScope => "request-scope",
            Self::RefusalGround => "refusal-ground",
            Self::NoRefusalGround => "no-refusal-ground",
            Self::Objection => "objection",
            Self::Deadline => "deadline",
            Self::Period => "period",
            Self::Threshold => "threshold",
            Self::ProvisionGround => "provision-ground",
            Self::Penalty => "penalty",
        }
    }

    /// Whether its rules have a number.
    #[must_use]
    pub const fn has_amount(self) -> Option<bool> {
        match self {
            Self::Deadline | Self::Period | Self::Threshold => Some(true),
            // Of some penalties the law names a highest sum, of others an order; of some objections a last day.
            Self::Penalty | Self::Objection => None,
            _ => Some(false),
        }
    }
}

/// What a number counts. How days are counted to a date is no matter of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days of the calendar.
    Days,
    /// Months of the calendar.
    Months,
    /// Years of the calendar.
    Years,
    /// Data subjects.
    Persons,
    /// South Korean won.
    Won,
}

/// A number of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// How many.
    pub value: u64,
    /// Of what.
    pub unit: Unit,
}

/// One rule in one of its wordings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Names the rule through all its wordings.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// Which article says so.
    pub article: String,
    /// The first day on which it holds; or, if that is not known, the first on which it may.
    #[serde(deserialize_with = "read_date")]
    pub from: Date,
    /// Whether somebody confirmed that day. Rules of today whose history nobody looked up say no.
    #[serde(default = "yes")]
    pub from_is_known: bool,
    /// The last day on which it holds; none while nobody has ended it.
    #[serde(default, deserialize_with = "read_some_date")]
    pub to: Option<Date>,
    /// The statute, decree or notice that brought it.
    pub source: String,
    /// Whether somebody confirmed it in a primary text.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
    /// Its number, if it has one.
    pub amount: Option<Amount>,
}

impl Rule {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

const fn yes() -> bool {
    true
}

pub(crate) fn read_date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    crate::date(&text).map_err(|_| de::Error::custom(format!("{text} is no date like 2026-11-22")))
}

pub(crate) fn read_some_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    read_date(from).map(Some)
}
