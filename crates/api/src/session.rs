//! Signing in, and what a signed-in person may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Role, Secret, SessionState, Time};

/// Signs a person in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The sign-in name.
    pub name: String,
    /// The password.
    pub password: Secret,
}

/// Uses a one-time link: sets name and password of the account the link is for, and signs in.
///
/// The link's address is `https://ADDRESS/#link=SECRET`: browsers never send what follows `#`,
/// so the secret is in no server's log; the page reads it and sends it here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The secret of the link.
    pub link: Secret,
    /// The wanted sign-in name: 2 to 32 characters.
    #[schema(min_length = 2, max_length = 32)]
    pub name: String,
    /// What others see, for example on the tiles of a wall; left out, it stays as it is.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub display_name: Option<String>,
    /// The wanted password: at least 10 characters.
    pub password: Secret,
}

/// Unlocks one's own session.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The password of the person whose session it is.
    pub password: Secret,
}

/// Hands a running wall to the next person on duty. Takes both sign-ins.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The password of the person who leaves.
    pub outgoing_password: Secret,
    /// The sign-in name of the person who comes.
    pub name: String,
    /// The password of the person who comes.
    pub password: Secret,
}

/// One's own session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Who is signed in.
    pub account: SessionAccount,
    /// Whether the controls work.
    pub state: SessionState,
    /// Seconds without a touch of the controls after which they lock.
    pub idle_limit_s: u32,
    /// When they lock, if nothing is touched until then.
    pub locks_at: Time,
    /// Everything this person may do.
    pub permissions: Vec<Permission>,
    /// When the ticket ends on which it rests, of a contractor: then it ends too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_until: Option<Time>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionAccount {
    /// The account.
    pub id: Id,
    /// The sign-in name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// Appointments in force.
    pub roles: Vec<Role>,
}

/// One thing a person may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Permission {
    /// A word of `domain::Action`, for example `live.watch`.
    pub action: String,
    /// The cell of the permission table: `yes`, `purpose` (a purpose is asked), `recent+purpose`
    /// (and only the last minutes), `once+purpose` (and once for each new device).
    pub scope: String,
    /// With `recent+purpose`: how far back, in seconds.
    pub look_back_s: Option<u32>,
    /// The only cameras it is about; null for all.
    pub cameras: Option<Vec<Id>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_field_is_an_error() {
        let read = |text| serde_json::from_str::<SignIn>(text);
        assert!(read(r#"{"name":"kim","password":"0123456789"}"#).is_ok());
        assert!(read(r#"{"name":"kim","pasword":"x","password":"0123456789"}"#).is_err());
    }
}
