//! What the desk believes of the public form: its number, once; and when it took a request.

use std::time::Duration;

use api::ErrorCode;
use domain::WallTime;
use ledger::{FrontRecord, RequestFact};
use server::HouseError;

use crate::house::House;

/// How long a sealed request may have been on its way.
const LONGEST_WAY: Duration = Duration::from_secs(60 * 86_400);
/// How far the front's clock may be ahead.
const AHEAD: Duration = Duration::from_secs(600);

/// What is written down of where a form came from, if it came from the public form and has not come before.
pub(crate) fn front_of(
    house: &House,
    form: &api::NewRequest,
) -> Result<Option<FrontRecord>, HouseError> {
    let Some(front) = &form.front else { return Ok(None) };
    let now = house.clock.wall();
    let sealed_at: Option<WallTime> = front.sealed_at.0.parse().ok();
    let fits = sealed_at.filter(|at| *at <= now + AHEAD && now.since(*at) <= LONGEST_WAY);
    let is_number = front.receipt.parse::<front::Receipt>().is_ok();
    let sealed_at = fits.filter(|_| is_number && form.channel == api::RequestChannel::Web);
    let sealed_at = sealed_at.ok_or(HouseError::Unfit(ErrorCode::RequestUnfit))?;
    let all = house.ledger.requests(now);
    if all.iter().any(|fact| record_of(fact).is_some_and(|it| it.receipt == front.receipt)) {
        return Err(HouseError::Unfit(ErrorCode::Conflict));
    }
    Ok(Some(FrontRecord { receipt: front.receipt.clone(), sealed_at: sealed_at.to_string() }))
}

/// What the record of a request says of the public form.
pub(crate) fn record_of(fact: &RequestFact) -> Option<&FrontRecord> {
    fact.detail.as_ref()?.1.front.as_ref()
}
