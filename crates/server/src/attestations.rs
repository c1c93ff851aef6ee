//! What persons saw of promises that the program cannot see.

use std::sync::Arc;

use access::{Request, Target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Action;

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::Input;

/// A picture of 512 KiB in base64, and what is written beside it.
pub(crate) const LONGEST_BODY: usize = 768 * 1024;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Attestations>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadPolicy, Target::House).await?;
    Ok(Json(edge.house.attestations().await?))
}

pub(crate) async fn record(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewAttestation>,
) -> Result<(StatusCode, Json<api::Attestation>), Refused> {
    let request = Request::new(Action::RecordAttestation, Target::House);
    let effect = async |grant: &_| edge.house.record_attestation(grant, input.clone()).await;
    let recorded = edge.access.perform(&person.asker, request, effect).await?;
    Ok((StatusCode::CREATED, Json(recorded)))
}
