//! The permission table: role × action × place.

use std::fmt::Write as _;

use domain::{Action, Role, SystemActor};

use crate::Place;

/// What the table says to one role, one action, one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Yes, when a purpose is named.
    WithPurpose,
    /// Yes, when a purpose is named, and only the last minutes.
    RecentWithPurpose,
    /// Yes, once for each new device, so that a person who mounts it sees where it points.
    OncePerDevice,
    /// Yes, when another person has approved just this.
    WithApproval,
}

impl Cell {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "-",
            Self::Yes => "yes",
            Self::WithPurpose => "purpose",
            Self::RecentWithPurpose => "recent+purpose",
            Self::OncePerDevice => "once+purpose",
            Self::WithApproval => "approved",
        }
    }
}

/// What a role may do at a place.
///
/// Written as one match so that the compiler asks for every action that is ever added.
#[must_use]
pub fn cell(role: Role, action: Action, place: Place) -> Cell {
    use Role::{Administrator, Contractor, Inspector, Manager, Officer, Operator};
    let in_scope = place == Place::InScope;
    let yes_if = |allowed: bool| if allowed { Cell::Yes } else { Cell::No };
    let purpose_if = |allowed: bool| if allowed { Cell::WithPurpose } else { Cell::No };
    let approved_if = |allowed: bool| if allowed { Cell::WithApproval } else { Cell::No };
    match action {
        Action::WatchLive => yes_if(in_scope && role.sees_footage()),
        Action::PlayFootage => match role {
            Manager | Officer if in_scope => Cell::WithPurpose,
            Operator if in_scope => Cell::RecentWithPurpose,
            _ => Cell::No,
        },
        Action::TakeStill => match role {
            Manager | Officer if in_scope => Cell::WithPurpose,
            Administrator if in_scope => Cell::OncePerDevice,
            _ => Cell::No,
        },
        Action::SeePattern => yes_if(in_scope),
        Action::ReadTimeline => yes_if(in_scope && role.sees_footage()),
        Action::ReadCameras
        | Action::ReadHealth
        | Action::ReadLedger
        | Action::ReadPolicy
        // Whoever is signed in finds a camera by it, who repairs one too; nobody else sees a plan.
        | Action::ReadPlans
        | Action::SignIn
        | Action::SignOut
        | Action::Unlock
        | Action::ReadSession => Cell::Yes,
        Action::AddCamera
        | Action::ChangeCamera
        | Action::ReplaceDevice
        | Action::RetireCamera
        | Action::AppointTechnical
        | Action::ResetTechnical => yes_if(role == Administrator),
        Action::ChangePlan => yes_if(matches!(role, Administrator | Manager)),
        // Masked as it is, it is a picture: whoever sees footage makes it, and a contractor sees none.
        Action::ReadRange => yes_if(role != Contractor),
        Action::ChangeRange => yes_if(in_scope && matches!(role, Manager | Officer)),
        Action::ReadRecords => purpose_if(matches!(role, Manager | Inspector)),
        // Whoever answers for the footage, or to the person filmed, or looks into either.
        Action::CertifyDestruction => {
            purpose_if(matches!(role, Manager | Inspector) || (in_scope && role == Officer))
        }
        // What is published in the institution's name is the manager's.
        Action::AnnouncePolicy => yes_if(role == Manager),
        // What promises less takes two, one of them a manager.
        Action::LoosenPolicy => approved_if(matches!(role, Administrator | Manager | Officer)),
        // A word that counts as evidence comes from whoever answers for the cameras; never from who
        // is paid to keep them running, nor from who is to judge.
        Action::RecordAttestation => yes_if(matches!(role, Administrator | Manager | Officer)),
        // To keep less is a promise made tighter: the manager's, at once.
        Action::ShortenRetention => yes_if(role == Manager),
        // To keep longer takes two, one of them a manager. That the administrator may be the other
        // lets an office of two people do it: he sees no footage by it. To destroy early takes the same two.
        Action::LengthenRetention | Action::AllowEarly | Action::DestroyMinutes => {
            approved_if(in_scope && matches!(role, Administrator | Manager | Officer))
        }
        // Whichever of them takes it back needs nobody.
        Action::RevokeEarly => yes_if(matches!(role, Administrator | Manager | Officer)),
        Action::Propose | Action::DecideProposal => {
            yes_if(in_scope && matches!(role, Administrator | Manager | Officer))
        }
        Action::ReadProposals | Action::ReadTickets => {
            yes_if(matches!(role, Administrator | Manager | Officer | Inspector))
        }
        Action::ReadAccounts => yes_if(matches!(role, Administrator | Manager | Inspector)),
        Action::AppointFootage | Action::ResetFootage => yes_if(role == Manager),
        Action::EndAppointment | Action::ChangeAppointment => {
            yes_if(matches!(role, Administrator | Manager))
        }
        // Whoever answers for the footage lets a contractor in, never one who is let in.
        Action::OpenTicket => yes_if(in_scope && matches!(role, Manager | Officer)),
        // To send him away takes less.
        Action::CloseTicket => yes_if(matches!(role, Administrator | Manager | Officer)),
        // Whoever stands at the door for the institution. Older ones are records, with a purpose.
        Action::RecordVisit | Action::ReadVisits => yes_if(works_at_the_desk(role)),
        Action::ReceiveRequest
        | Action::ContinueRequest
        | Action::DecideRequest
        | Action::ReadRequest
        | Action::ReceiveDisclosure
        | Action::ContinueDisclosure
        | Action::DecideDisclosure
        | Action::CompelDisclosure
        | Action::ReviewDisclosure
        | Action::ReadDisclosure => yes_if(in_scope && works_at_the_desk(role)),
        // Whoever answers for the footage lets it out, and never alone.
        Action::PrepareExport
        | Action::LookAtExport
        | Action::LookAtOriginal
        | Action::DiscardExport
        | Action::DeliverExport
        | Action::RevokeExport => yes_if(in_scope && works_at_the_desk(role)),
        Action::SealExport => approved_if(in_scope && works_at_the_desk(role)),
        // Whoever keeps the registers, and whoever looks into them; that it was read is entered.
        Action::ReadRegister => yes_if(in_scope && (works_at_the_desk(role) || role == Inspector)),
        Action::HandOver => yes_if(role.sees_footage()),
        Action::Check => yes_if(matches!(role, Administrator | Manager | Inspector | Contractor)),
        // To keep what was promised to go is an exception that one person answers for, with a
        // reason; so is its end.
        Action::HoldFootage | Action::RenewHold | Action::ReleaseHold => {
            purpose_if(in_scope && role == Manager)
        }
        Action::ReadHolds
        | Action::ReadRequests
        | Action::ReadDisclosures
        | Action::ReadExports => {
            yes_if(matches!(role, Manager | Officer | Inspector))
        }
        // The machine's own acts, and those that need the machine itself: no person does them by hand.
        Action::DestroyExpired | Action::DestroyEarly | Action::DestroyRecords => Cell::No,
        Action::Repair | Action::Doctor | Action::PublishSite => Cell::No,
    }
}

/// Two people of the institution, whichever of them received it; who decides is not who did, and one who
/// goes ahead alone is looked at by another afterwards.
const fn works_at_the_desk(role: Role) -> bool {
    matches!(role, Role::Manager | Role::Officer)
}

/// What somebody on the machine itself may do over the socket, without having signed in as a
/// person: look after cameras, look at the state, have destruction certified; never a picture, a role or a
/// retention.
#[must_use]
pub const fn socket_may(action: Action) -> bool {
    matches!(
        action,
        Action::ReadCameras
            | Action::AddCamera
            | Action::ChangeCamera
            | Action::ReplaceDevice
            | Action::RetireCamera
            | Action::ReadHealth
            | Action::ReadLedger
            | Action::ReadPolicy
            | Action::Check
            | Action::Doctor
            | Action::PublishSite
            | Action::CertifyDestruction
    )
}

/// What a part of the machine may do by itself.
pub(crate) const fn system_may(part: SystemActor, action: Action) -> bool {
    matches!(
        (part, action),
        (
            SystemActor::Retention,
            Action::DestroyExpired | Action::DestroyEarly | Action::DestroyRecords
        ) | (SystemActor::Repair, Action::Repair)
    )
}

/// The whole table as text, one line for each action, as it stands in
/// `crates/rules/permissions.txt`.
#[must_use]
pub fn permission_table() -> String {
    let mut text = String::from(
        "# Who may do what: made by `permission_table`, compared by a test. Columns: roles; a cell\n\
         # is inside the person's scope / outside it. os = over the socket; system = by itself.\n",
    );
    let _ = write!(text, "{:<26}", "action");
    for role in Role::ALL {
        let _ = write!(text, "{:<19}", role.word());
    }
    text.push_str("os   system\n");
    for &action in Action::ALL {
        let _ = write!(text, "{:<26}", action.word());
        for role in Role::ALL {
            let inside = cell(role, action, Place::InScope).word();
            let outside = cell(role, action, Place::OutOfScope).word();
            let _ = write!(text, "{:<19}", format!("{inside} / {outside}"));
        }
        let system = [SystemActor::Retention, SystemActor::Repair, SystemActor::Recorder]
            .into_iter()
            .find(|&part| system_may(part, action))
            .map_or("-", SystemActor::word);
        let _ = writeln!(text, "{:<5}{system}", if socket_may(action) { "yes" } else { "-" });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_git_is_the_table_in_force() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/permissions.txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, permission_table()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            permission_table(),
            "run with UPDATE=1 and read the diff"
        );
    }

    #[test]
    fn nothing_outside_the_scope_shows_a_picture() {
        for role in Role::ALL {
            for action in [
                Action::WatchLive,
                Action::PlayFootage,
                Action::TakeStill,
                Action::ReadTimeline,
                Action::PrepareExport,
                Action::LookAtExport,
                Action::LookAtOriginal,
                Action::SealExport,
            ] {
                assert_eq!(cell(role, action, Place::OutOfScope), Cell::No, "{role:?} {action:?}");
            }
        }
    }
}
