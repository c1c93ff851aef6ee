//! Footage of a case that is kept beyond its time.

use std::sync::Arc;
use std::time::Duration;

use access::{Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Action, Hold, HoldId, WallTime};

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};
use crate::words;

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Holds>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadHolds, Target::House).await?;
    Ok(Json(api::Holds { holds: edge.house.holds().await? }))
}

pub(crate) async fn place(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewHold>,
) -> Result<(StatusCode, Json<api::Hold>), Refused> {
    let cameras = input.cameras.iter().map(|id| id.0.parse().map_err(|_| ErrorCode::NotFound));
    let cameras = cameras.collect::<Result<Vec<_>, _>>()?;
    let (from, to) = (words::moment(&input.from)?, words::moment(&input.to)?);
    let (span, until) = (whole_minutes(from, to), words::moment(&input.until)?);
    let hold = Hold::new(edge.house.new_hold_id(), &input.case, cameras, span, until)?;
    let held = perform(&edge, &person, Action::HoldFootage, hold, &input.purpose).await?;
    Ok((StatusCode::CREATED, held))
}

pub(crate) async fn renew(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(hold): Named<HoldId>,
    Input(input): Input<api::HoldRenewal>,
) -> Result<Json<api::Hold>, Refused> {
    let known = edge.house.hold(hold).ok_or(ErrorCode::NotFound)?;
    let renewed = known.renewed(words::moment(&input.until)?);
    perform(&edge, &person, Action::RenewHold, renewed, &input.purpose).await
}

pub(crate) async fn release(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(hold): Named<HoldId>,
    Input(input): Input<api::HoldRelease>,
) -> Result<Json<api::Hold>, Refused> {
    let known = edge.house.hold(hold).ok_or(ErrorCode::NotFound)?;
    perform(&edge, &person, Action::ReleaseHold, known, &input.purpose).await
}

async fn perform(
    edge: &Edge,
    person: &Person,
    action: Action,
    hold: Hold,
    purpose: &api::Purpose,
) -> Result<Json<api::Hold>, Refused> {
    let purpose = Some(words::purpose(purpose)?);
    let request = Request { purpose, ..Request::new(action, Target::Hold(hold)) };
    let effect = async |grant: &_| edge.house.manage_hold(grant).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

/// A minute is the least that is held: the ones in which it begins and ends are held whole.
fn whole_minutes(from: WallTime, to: WallTime) -> (WallTime, WallTime) {
    let end = to.floor(MINUTE);
    (from.floor(MINUTE), if end == to { end } else { end + MINUTE })
}
