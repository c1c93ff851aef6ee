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
}

/// An account with the one-time link for it, to be handed over in person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountLink {
    /// The account.
    pub account: Account,
    /// `https://ADDRESS/#link=SECRET`, usable once. It is not shown again.
    pub link: Secret,
}
