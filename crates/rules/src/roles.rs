//! Which roles count for an action, and which may be given or taken.

use domain::{Action, Role};

use crate::{Ask, RefusalReason, Target};

/// Who administers or repairs sees no footage, whatever other role was slipped in beside it: for
/// the actions that show footage such a person has only the roles that show none.
pub(crate) fn roles_that_count(action: Action, roles: &[Role]) -> impl Iterator<Item = Role> {
    let technical = roles.iter().any(|role| matches!(role, Role::Administrator | Role::Contractor));
    let shows = matches!(
        action,
        Action::WatchLive
            | Action::PlayFootage
            | Action::TakeStill
            | Action::ReadTimeline
            | Action::PrepareExport
            | Action::LookAtExport
            | Action::LookAtOriginal
            | Action::SealExport
    );
    roles.iter().copied().filter(move |role| !(technical && shows && role.sees_footage()))
}

/// Rights over accounts are divided by what the account may see: the administrator's actions never
/// touch somebody with footage rights, and nobody gets both kinds.
pub(crate) fn check_roles_asked_for(ask: &Ask, own: &[Role]) -> Result<(), RefusalReason> {
    let Target::Account { roles, .. } = &ask.target else { return Ok(()) };
    let sees = roles.iter().any(|role| role.sees_footage());
    let technical = roles.iter().any(|role| !role.sees_footage());
    match ask.action {
        Action::AppointTechnical | Action::AppointFootage if sees && technical => {
            Err(RefusalReason::RolesClash)
        }
        Action::AppointTechnical | Action::ResetTechnical if sees => Err(RefusalReason::NoRole),
        Action::AppointFootage | Action::ResetFootage if technical => Err(RefusalReason::NoRole),
        Action::EndAppointment | Action::ChangeAppointment
            if sees && !own.contains(&Role::Manager) =>
        {
            Err(RefusalReason::NoRole)
        }
        Action::EndAppointment | Action::ChangeAppointment
            if technical && !own.contains(&Role::Administrator) =>
        {
            Err(RefusalReason::NoRole)
        }
        _ => Ok(()),
    }
}
