//! Footage whose destruction was asked and granted (Act 36): what of it is still kept, and by what it went.
//!
//! Nobody writes that it is destroyed: the recorder looks. It is destroyed by two people as single minutes, or by its
//! time being over; what is held for another case stays until that hold ends.

use access::{ProposalState, ProposalView, Target};
use api::{ErrorCode, RequestDeletion};
use domain::{Action, CameraId, WallTime};
use ledger::RequestFact;
use registers::standing;
use server::HouseError;

use crate::edge::internal;
use crate::house::House;
use crate::ledger_view::named;
use crate::request_desk::{cameras_of, kept};
use crate::request_letter::asks;

/// Of a request that owes a destruction the cameras of which something is still kept; none of any other.
pub(crate) async fn deletion(
    house: &House,
    fact: &RequestFact,
) -> Result<Option<RequestDeletion>, HouseError> {
    let Some((_, record)) = &fact.detail else { return Ok(None) };
    if !rights::owes_destruction(standing(fact, house.clock.wall()), &asks(record)) {
        return Ok(None);
    }
    let (cameras, span) = footage(fact).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let kept = kept(house, &cameras, span).await?;
    let ids = kept.iter().map(ToString::to_string).collect();
    Ok(Some(RequestDeletion { kept: named(house, ids) }))
}

/// By what it went, for the letter that says so: a sentence.
pub(crate) fn how(house: &House, fact: &RequestFact) -> Result<String, HouseError> {
    let (cameras, span) = footage(fact).ok_or_else(|| internal("a request has no footage"))?;
    let went = |view: &ProposalView| {
        view.action == Action::DestroyMinutes
            && view.state == ProposalState::CarriedOut
            && view.proposed_at >= fact.received_at
            && is_about(&view.target, &cameras, span)
    };
    Ok(match house.access.proposal_where(went) {
        Some(view) => format!("두 사람이 승인하여 파기 (원장 {})", view.number),
        None => "보관 기간이 지나 저절로 파기".into(),
    })
}

fn footage(fact: &RequestFact) -> Option<(Vec<CameraId>, (WallTime, WallTime))> {
    let (_, record) = fact.detail.as_ref()?;
    Some((cameras_of(fact)?, (record.from.parse().ok()?, record.until.parse().ok()?)))
}

fn is_about(target: &Target, cameras: &[CameraId], (first, last): (WallTime, WallTime)) -> bool {
    let Target::Footage { cameras: gone, from, to } = target else { return false };
    *from < last && first < *to && gone.iter().any(|camera| cameras.contains(camera))
}
