//! Holds of footage, in the words of the wire.

use access::{Grant, act};
use api::{ErrorCode, Hold, HoldState};
use domain::WallTime;
use ledger::HoldFact;
use server::HouseError;
use vault::HoldFootageError;

use crate::edge::{failed, internal};
use crate::house::House;
use crate::ledger_view::{name_of, named, purpose_on_wire};
use crate::register::time;

/// Every hold, those that hold first, the newest of them first.
pub(crate) fn all(house: &House) -> Result<Vec<Hold>, HouseError> {
    let holds = house.vault.holds();
    let mut holds = holds.ok_or_else(|| internal("a hold in the ledger cannot be read"))?;
    let newest = |fact: &HoldFact| fact.record.placed_at.parse().unwrap_or(WallTime::EPOCH);
    holds.sort_by_key(|(fact, is_active)| (!is_active, std::cmp::Reverse(newest(fact))));
    Ok(holds.iter().map(|(fact, is_active)| on_wire(house, fact, *is_active)).collect())
}

/// Does what the grant says; blocks while something is being destroyed.
pub(crate) fn manage(house: &House, grant: &Grant<act::ManageHolds>) -> Result<Hold, HouseError> {
    let done = tokio::task::block_in_place(|| house.vault.manage_hold(grant));
    let fact = done.map_err(hold_failed)?;
    let is_active = fact.record.released.is_none();
    Ok(on_wire(house, &fact, is_active))
}

fn hold_failed(error: HoldFootageError) -> HouseError {
    let code = match &error {
        HoldFootageError::Ended(_) | HoldFootageError::NotGranted => ErrorCode::Forbidden,
        HoldFootageError::Taken | HoldFootageError::Over => ErrorCode::Conflict,
        HoldFootageError::Unknown => ErrorCode::NotFound,
        HoldFootageError::TooMany => ErrorCode::Busy,
        HoldFootageError::Ledger(_) => ErrorCode::LedgerUnavailable,
    };
    failed(code)(error.into())
}

fn on_wire(house: &House, fact: &HoldFact, is_active: bool) -> Hold {
    let record = &fact.record;
    let who = |actor: &str| name_of(house, actor).unwrap_or_else(|| actor.to_owned());
    let released = record.released.as_ref();
    let state = match (is_active, released) {
        (true, _) => HoldState::Held,
        (false, Some(_)) => HoldState::Released,
        (false, None) => HoldState::Lapsed,
    };
    Hold {
        id: api::Id(record.hold.clone()),
        case: record.case.clone(),
        cameras: named(house, record.cameras.clone()),
        from: time(fact.hold.span().0),
        to: time(fact.hold.span().1),
        until: time(fact.hold.until()),
        state,
        purpose: purpose_on_wire(&record.reason),
        placed_by: who(&record.placed_by),
        placed_at: api::Time(record.placed_at.clone()),
        released_by: released.map(|released| who(&released.by)),
        released_at: released.map(|released| api::Time(released.at.clone())),
        release_purpose: released.and_then(|released| purpose_on_wire(&released.reason)),
    }
}
