//! Floor plans: which floors there are, and where cameras hang on them.

use std::sync::Arc;

use access::{Request, Target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Action, FloorId};

use crate::PlanChange;
use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Plans>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadPlans, Target::House).await?;
    Ok(Json(edge.house.plans().await?))
}

pub(crate) async fn picture(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(floor): Named<FloorId>,
) -> Result<Json<api::PlanPicture>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadPlans, Target::House).await?;
    Ok(Json(edge.house.plan_picture(floor).await?))
}

pub(crate) async fn add(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewFloor>,
) -> Result<(StatusCode, Json<api::Floor>), Refused> {
    let floor = edge.house.new_floor_id();
    let added = perform(&edge, &person, floor, PlanChange::Add(input)).await?;
    Ok((StatusCode::CREATED, added))
}

pub(crate) async fn change(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(floor): Named<FloorId>,
    Input(input): Input<api::FloorChange>,
) -> Result<Json<api::Floor>, Refused> {
    perform(&edge, &person, floor, PlanChange::Floor(input)).await
}

pub(crate) async fn set_picture(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(floor): Named<FloorId>,
    Input(input): Input<api::NewPlanPicture>,
) -> Result<Json<api::Floor>, Refused> {
    perform(&edge, &person, floor, PlanChange::Picture(input)).await
}

pub(crate) async fn remove(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(floor): Named<FloorId>,
    Input(input): Input<api::FloorRemoval>,
) -> Result<Json<api::Floor>, Refused> {
    perform(&edge, &person, floor, PlanChange::Remove(input)).await
}

async fn perform(
    edge: &Edge,
    person: &Person,
    floor: FloorId,
    change: PlanChange,
) -> Result<Json<api::Floor>, Refused> {
    let request = Request::new(Action::ChangePlan, Target::Floor(floor));
    let effect = async |grant: &_| edge.house.change_plan(grant, change).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}
