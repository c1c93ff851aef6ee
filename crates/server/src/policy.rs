//! The published policy and its promises.

use std::sync::Arc;

use access::{Request, Target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Action;

use crate::edge::Edge;
use crate::person::Person;
use crate::proposals;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};

/// Bytes of the longest description, as JSON.
pub(crate) const LONGEST_DESCRIPTION: usize = 640 * 1024;
/// Bytes of the longest file with a published policy, in base64 and with what is said beside it.
pub(crate) const LONGEST_FILE: usize = 3 * 1024 * 1024;

pub(crate) async fn read(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::PolicyView>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.policy(None).await?))
}

pub(crate) async fn read_version(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(version): Named<u64>,
) -> Result<Json<api::PolicyView>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.policy(Some(version)).await?))
}

pub(crate) async fn draft(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewPolicy>,
) -> Result<Json<api::PolicyDraft>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.draft_policy(input.description).await?))
}

pub(crate) async fn reading(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewPolicyReading>,
) -> Result<Json<api::PolicyReading>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.read_published(input).await?))
}

pub(crate) async fn announce(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewPolicy>,
) -> Result<(StatusCode, Json<api::PolicyView>), Refused> {
    let request = Request::new(Action::AnnouncePolicy, Target::House);
    let effect =
        async |grant: &_| edge.house.announce_policy(grant, input.description.clone()).await;
    let announced = edge.access.perform(&person.asker, request, effect).await?;
    Ok((StatusCode::CREATED, Json(announced)))
}

pub(crate) async fn propose(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewPolicyProposal>,
) -> Result<(StatusCode, Json<api::Proposal>), Refused> {
    let file = edge.house.looser_policy(input.description.clone()).await?;
    let (action, target) = (Action::LoosenPolicy, Target::Policy { file });
    let number = edge.access.propose(&person.asker, action, target, &input.reason).await?;
    // Only now: who may not propose leaves nothing on the disk. Where this fails nobody can carry it
    // out, and it is taken back.
    edge.house.keep_policy(input.description).await?;
    Ok((StatusCode::CREATED, proposals::one(&edge, &person.asker, number).await?))
}

pub(crate) async fn institution(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::InstitutionView>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.institution().await?))
}

pub(crate) async fn promises(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Promises>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.promises().await?))
}

pub(crate) async fn tasks(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Tasks>, Refused> {
    look(&edge, &person).await?;
    Ok(Json(edge.house.tasks().await?))
}

async fn look(edge: &Edge, person: &Person) -> Result<(), Refused> {
    Ok(edge.access.look::<Nothing>(&person.asker, Action::ReadPolicy, Target::House).await?)
}
