//! Accounts: who has which role.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Role, Secret, Time};

/// All accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accounts {
    /// Those in force first, in the order of their making.
    pub accounts: Vec<Account>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The account.
    pub id: Id,
    /// The sign-in name; null until the one-time link was used.
    pub name: Option<String>,
    /// What others see.
    pub display_name: String,
    /// Appointments.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Time,
    /// When its rights were taken away, if they were.
    pub ended_at: Option<Time>,
    /// When its one-time link runs out, while one is outstanding.
    pub link_until: Option<Time>,
    /// To what it is appointed.
    pub appointment: Appointment,
    /// Whether it gives rights at this moment.
    pub standing: Standing,
}

/// Whether an appointment gives rights at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It does.
    Holds,
    /// It has not begun.
    NotYet,
    /// It is over.
    Over,
    /// Somebody else is on duty.
    OffDuty,
}

/// To what somebody is appointed. What is null was not said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Appointment {
    /// The post of the institution's description, by its word.
    #[schema(max_length = 64)]
    pub post: Option<String>,
    /// The number of the document that says so.
    #[schema(max_length = 64)]
    pub document: Option<String>,
    /// The account that it stands in for.
    pub deputy_of: Option<Id>,
    /// From when it holds.
    pub from: Option<Time>,
    /// The first moment after it: rights end by themselves.
    pub until: Option<Time>,
    /// When the person is on duty; without any, for the whole of it.
    #[schema(max_items = 100)]
    pub duty: Vec<DutySpan>,
    /// When the person signed the pledge of secrecy.
    pub pledged_at: Option<Time>,
    /// When the person was trained last.
    pub trained_at: Option<Time>,
}

/// Some time on duty: at most 31 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutySpan {
    /// Its first moment.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
}

/// Makes an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What others see: 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub display_name: String,
    /// At least one.
    #[schema(min_items = 1)]
    pub roles: Vec<Role>,
    /// To what. Whoever sees footage or administers has pledged and was trained within a year.
    #[serde(default)]
    pub appointment: Appointment,
}

/// An account with the one-time link for it, to be handed over in person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountLink {
    /// The account.
    pub account: Account,
    /// `https://ADDRESS/#link=SECRET`, usable once. It is not shown again.
    pub link: Secret,
}
