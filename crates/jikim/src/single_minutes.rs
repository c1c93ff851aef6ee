//! Single minutes that two people agreed to destroy: what of it can be known before, and the act.

use std::time::Duration;

use access::{Grant, act};
use api::ErrorCode;
use domain::{CameraId, WallTime};
use ledger::GrantEnded;
use server::HouseError;
use vault::{DestroyMinutesError, RotateError};

use crate::edge::failed;
use crate::house::House;
use crate::retention::FOR_WITNESSES;

/// Witnesses who have not cosigned for so long will hardly do so within the minute of an act.
const SILENT: Duration = Duration::from_secs(120);

/// What stands in the way of destroying these minutes now. The act itself is judged anew: this is
/// asked so that an approval is not used up by an act that cannot succeed.
pub(crate) fn check(
    house: &House,
    cameras: &[CameraId],
    span: (WallTime, WallTime),
) -> Result<(), HouseError> {
    let status = house.ledger.witness_status();
    let Some(status) = status else { return Err(HouseError::Unfit(ErrorCode::NoWitnesses)) };
    let waiting = status.waiting_since.map(|since| house.clock.wall().since(since));
    if waiting.is_some_and(|waiting| waiting >= SILENT) {
        return Err(HouseError::Unfit(ErrorCode::NotCosigned));
    }
    let checked = tokio::task::block_in_place(|| house.vault.check_minutes(cameras, span));
    checked.map_err(told)
}

/// Waits for the witnesses, then destroys what the grant names.
pub(crate) async fn destroy(
    house: &House,
    grant: &Grant<act::DestroyMinutes>,
) -> Result<(), HouseError> {
    grant.wait_for_cosigning(FOR_WITNESSES).await;
    match tokio::task::block_in_place(|| house.vault.destroy_minutes(grant)) {
        Ok(_) => Ok(()),
        // The keys are gone, and that is what was asked for: to say that it failed would be false.
        // What is left to do is done by the next rotation.
        Err(DestroyMinutesError::Rotate(
            error @ (RotateError::Outcome(_) | RotateError::Unlink(_)),
        )) => {
            tracing::error!(%error, "single minutes are destroyed, and not all of it is done");
            Ok(())
        }
        Err(error) => Err(told(error)),
    }
}

fn told(error: DestroyMinutesError) -> HouseError {
    let code = match &error {
        DestroyMinutesError::Ended(ended) => ended_code(ended),
        DestroyMinutesError::NotGranted => ErrorCode::Forbidden,
        DestroyMinutesError::Frozen => ErrorCode::DestructionFrozen,
        DestroyMinutesError::Held => ErrorCode::FootageHeld,
        DestroyMinutesError::Written => ErrorCode::FootageWritten,
        DestroyMinutesError::Owed => ErrorCode::FootageOwed,
        DestroyMinutesError::Unreadable(_) => ErrorCode::FootageUnreadable,
        DestroyMinutesError::Nothing => ErrorCode::FootageGone,
        DestroyMinutesError::Rotate(error) => rotate_code(error),
    };
    failed(code)(error.into())
}

const fn ended_code(ended: &GrantEnded) -> ErrorCode {
    match ended {
        GrantEnded::NotCosigned => ErrorCode::NotCosigned,
        GrantEnded::LedgerBroken | GrantEnded::Unwitnessed => ErrorCode::LedgerUnavailable,
        _ => ErrorCode::Forbidden,
    }
}

const fn rotate_code(error: &RotateError) -> ErrorCode {
    match error {
        RotateError::Ended(ended) => ended_code(ended),
        RotateError::HoldUnreadable => ErrorCode::FootageUnreadable,
        RotateError::Holder(_) => ErrorCode::HolderAway,
        RotateError::Keyring(_) | RotateError::Decide(_) | RotateError::Companion(_) => {
            ErrorCode::Storage
        }
        _ => ErrorCode::LedgerUnavailable,
    }
}

#[cfg(test)]
mod tests;
