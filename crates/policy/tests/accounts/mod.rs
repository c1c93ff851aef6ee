//! Accounts: tests say what they know of them.

use domain::Role;
use policy::AccountFact;

/// An account of which nobody said anything.
pub(crate) fn account_of(name: &str, roles: Vec<Role>) -> AccountFact {
    let name = name.to_owned();
    let (pledged, trained, ends) = (None, None, None);
    AccountFact { name, roles, post: None, is_deputy: false, pledged, trained, ends }
}
