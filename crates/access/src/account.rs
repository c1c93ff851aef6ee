//! Accounts as the ledger says them, read so that doubt gives no right.

use std::collections::BTreeSet;

use domain::{AccountId, CameraId, Role, WallTime};
use ledger::AccountRecord;
use rules::Scope;

use crate::Appointment;

/// Characters of the longest name.
const LONGEST_NAME: usize = 64;

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name to sign in with; none until the one-time link was used.
    pub name: Option<String>,
    /// What others see.
    pub display_name: String,
    /// The roles in force; none when the appointment has ended.
    pub roles: Vec<Role>,
    /// The cameras they are for.
    pub scope: Scope,
    /// Until when its one-time link can be used, while one is outstanding (or has run out unused).
    pub link_until: Option<WallTime>,
    /// To what it is appointed.
    pub appointment: Appointment,
}

impl Account {
    /// From the ledger. A role, camera or time that cannot be read gives no right; nor does anything
    /// beside an appointment that cannot be read.
    #[must_use]
    pub fn read(record: &AccountRecord) -> Option<Self> {
        let scope = match &record.scope {
            None => Scope::All,
            Some(cameras) => {
                Scope::Cameras(cameras.iter().filter_map(|text| text.parse().ok()).collect())
            }
        };
        let link_until = record.link_sha256.as_ref().map(|_| {
            let until = record.link_until.as_deref().and_then(|text| text.parse().ok());
            until.unwrap_or(WallTime::EPOCH)
        });
        let appointment = match &record.appointment {
            None => Some(Appointment::default()),
            Some(record) => Appointment::read(record),
        };
        let roles: &[String] = if appointment.is_some() { &record.roles } else { &[] };
        Some(Self {
            id: record.account.parse().ok()?,
            name: (!record.name.is_empty()).then(|| record.name.clone()),
            display_name: record.display_name.clone(),
            roles: roles.iter().filter_map(|word| Role::from_word(word)).collect(),
            scope,
            link_until,
            appointment: appointment.unwrap_or_default(),
        })
    }

    /// Whether the appointment is in force.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Whether its password counts: a reset takes it away at once, until the link is used.
    pub(crate) fn can_sign_in(&self) -> bool {
        self.is_in_force() && self.name.is_some() && self.link_until.is_none()
    }
}

/// Why a name may not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, too long, or not one line.
    #[error("a name has 1 to {LONGEST_NAME} characters on one line")]
    Unfit,
    /// Somebody has it, or had it: a register of who did what must not know two of one name.
    #[error("this name is taken: choose another")]
    Taken,
}

/// A name as a person typed it, made fit to be kept.
pub(crate) fn fit_name(name: &str) -> Result<String, NameError> {
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
        return Err(NameError::Unfit);
    }
    Ok(name.to_owned())
}

/// What two names have in common when they are the same name.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().chars().take(LONGEST_NAME + 1).collect::<String>().to_lowercase()
}

pub(crate) fn write_scope(scope: &Scope) -> Option<Vec<String>> {
    match scope {
        Scope::All => None,
        Scope::Cameras(cameras) => Some(cameras.iter().map(ToString::to_string).collect()),
    }
}

pub(crate) fn write_roles(roles: &[Role]) -> Vec<String> {
    let distinct: BTreeSet<Role> = roles.iter().copied().collect();
    distinct.into_iter().map(|role| role.word().to_owned()).collect()
}

/// The cameras of a scope, or none for all.
pub(crate) fn cameras_of(scope: &Scope) -> Option<Vec<CameraId>> {
    match scope {
        Scope::All => None,
        Scope::Cameras(cameras) => Some(cameras.iter().copied().collect()),
    }
}

#[cfg(test)]
mod tests {
    use ledger::AppointmentRecord;

    use super::*;

    #[test]
    fn what_cannot_be_read_gives_no_right() {
        let record = AccountRecord {
            account: AccountId::from_bytes([1; 16]).to_string(),
            name: "kim".into(),
            display_name: "김".into(),
            roles: vec!["emperor".into()],
            scope: Some(vec!["everything".into()]),
            link_sha256: Some("00".into()),
            link_until: Some("never".into()),
            made_at: None,
            appointment: None,
        };
        let account = Account::read(&record).unwrap();
        assert_eq!(account.roles, []);
        assert_eq!(account.scope, Scope::Cameras(BTreeSet::new()));
        assert_eq!(account.link_until, Some(WallTime::EPOCH));
        assert!(!account.can_sign_in());
        // A role that can be read, beside an appointment that cannot.
        let roles = vec!["manager".to_owned()];
        let known = AccountRecord { roles, link_sha256: None, ..record };
        assert!(Account::read(&known).unwrap().can_sign_in());
        let until = Some("the end of days".to_owned());
        let appointment = Some(AppointmentRecord { until, ..AppointmentRecord::default() });
        let doubtful = AccountRecord { appointment, ..known };
        assert!(!Account::read(&doubtful).unwrap().can_sign_in());
    }

    #[test]
    fn names_are_one_line_and_compared_without_case() {
        assert_eq!(fit_name("  Kim "), Ok("Kim".into()));
        assert_eq!(fit_name(" "), Err(NameError::Unfit));
        assert_eq!(fit_name("a\nb"), Err(NameError::Unfit));
        assert_eq!(fit_name(&"가".repeat(65)), Err(NameError::Unfit));
        assert_eq!(name_key(" Kim"), name_key("kIM "));
    }
}
