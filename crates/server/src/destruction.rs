//! Having it certified what was destroyed: for a person with a purpose, and for the command line.

use std::sync::Arc;

use access::{Asker, Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use domain::{Action, CameraId, Purpose};
use serde::Deserialize;

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::Refused;
use crate::request::Input;
use crate::words;

/// What the command line asks for: whoever is at the machine names no purpose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    camera: String,
    from: api::Time,
    to: api::Time,
}

pub(crate) async fn certify(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::CertificateRequest>,
) -> Result<Json<api::DestructionCertificate>, Refused> {
    let purpose = words::purpose(&input.purpose)?;
    let span = Span { camera: input.camera.0, from: input.from, to: input.to };
    certify_for(&edge, &person.asker, span, Some(purpose)).await.map(Json)
}

pub(crate) async fn certify_for(
    edge: &Edge,
    asker: &Asker,
    span: Span,
    purpose: Option<Purpose>,
) -> Result<api::DestructionCertificate, Refused> {
    let camera: CameraId = span.camera.parse().map_err(|_unfit| ErrorCode::NotFound)?;
    let (from, to) = (words::moment(&span.from)?, words::moment(&span.to)?);
    let target = Target::Certified { camera, from, to };
    let request = Request { purpose, ..Request::new(Action::CertifyDestruction, target) };
    let effect = async |grant: &_| edge.house.certify(grant).await;
    Ok(edge.access.perform(asker, request, effect).await?)
}
