//! The wire's words and ours, word by word.

use std::str::FromStr;

use access::{Cell, OPERATOR_LOOK_BACK, Permission};
use domain::{GapCause, Purpose, PurposeError, PurposeKind, Role, WallTime};
use playback::FeedChoice;

use crate::refusal::Refused;

pub(crate) fn time(moment: WallTime) -> api::Time {
    api::Time(moment.to_string())
}

pub(crate) fn id<K>(id: domain::Id<K>) -> api::Id {
    api::Id(id.to_string())
}

/// A moment as somebody wrote it.
pub(crate) fn moment(time: &api::Time) -> Result<WallTime, Refused> {
    WallTime::from_str(&time.0).map_err(|_| api::ErrorCode::BadRequest.into())
}

pub(crate) fn role(role: Role) -> api::Role {
    api::Role::from_word(role.word()).expect("the wire has every role; a test compares")
}

pub(crate) fn role_from(role: api::Role) -> Role {
    Role::from_word(role.word()).expect("the wire has no other role; a test compares")
}

pub(crate) fn cause(cause: GapCause) -> api::GapCause {
    api::GapCause::from_word(cause.word()).expect("the wire has every cause; a test compares")
}

pub(crate) fn feed(choice: api::FeedChoice) -> FeedChoice {
    match choice {
        api::FeedChoice::Main => FeedChoice::Main,
        api::FeedChoice::Sub => FeedChoice::Sub,
        api::FeedChoice::Auto => FeedChoice::Auto,
    }
}

pub(crate) fn purpose(purpose: &api::Purpose) -> Result<Purpose, Refused> {
    let kind = PurposeKind::from_word(purpose.kind.word())
        .expect("the wire has no other purpose; a test compares");
    Purpose::new(kind, &purpose.note).map_err(|error| match error {
        PurposeError::NoteMissing => api::ErrorCode::PurposeMissing.into(),
        PurposeError::NoteUnfit => api::ErrorCode::BadRequest.into(),
    })
}

/// None for what may not be done at all.
pub(crate) fn permission(permission: &Permission) -> Option<api::Permission> {
    let scope = match permission.cell {
        Cell::No => return None,
        Cell::Yes => "yes",
        Cell::WithPurpose => "purpose",
        Cell::RecentWithPurpose => "recent+purpose",
        Cell::OncePerDevice => "once+purpose",
        Cell::WithApproval => "approved",
    };
    let look_back_s = u32::try_from(OPERATOR_LOOK_BACK.as_secs()).ok();
    let cameras = permission.cameras.as_ref();
    Some(api::Permission {
        action: permission.action.word().into(),
        scope: scope.into(),
        look_back_s: look_back_s.filter(|_| permission.cell == Cell::RecentWithPurpose),
        cameras: cameras.map(|cameras| cameras.iter().map(|&camera| id(camera)).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_and_we_know_the_same_words() {
        let ours: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
        assert_eq!(ours, api::Role::ALL.iter().map(|role| role.word()).collect::<Vec<_>>());
        let ours: Vec<_> = GapCause::ALL.iter().map(|cause| cause.word()).collect();
        assert_eq!(ours, api::GapCause::ALL.iter().map(|cause| cause.word()).collect::<Vec<_>>());
        let ours: Vec<_> = PurposeKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(ours, api::PurposeKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>());
        for route in api::ROUTES {
            assert!(domain::Action::from_word(route.action).is_some(), "{}", route.action);
        }
    }
}
