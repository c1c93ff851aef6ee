//! What machines and the health page ask.

use std::sync::Arc;

use access::Target;
use api::ErrorCode;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::Action;

use crate::edge::Edge;
use crate::person::{Peer, Person};
use crate::refusal::{Nothing, Refused};

pub(crate) async fn health(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Health>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadHealth, Target::House).await?;
    Ok(Json(edge.house.health().await?))
}

/// The program runs.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// It records durably.
pub(crate) async fn readyz(State(edge): State<Arc<Edge>>) -> (StatusCode, String) {
    match edge.house.is_ready().await {
        Ok(()) => (StatusCode::OK, "ready\n".into()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}

/// Figures, for the machine itself alone: how busy a control room is, is nobody else's business.
pub(crate) async fn metrics(
    State(edge): State<Arc<Edge>>,
    Extension(Peer(peer)): Extension<Peer>,
) -> Result<impl IntoResponse, Refused> {
    if !peer.ip().to_canonical().is_loopback() {
        return Err(ErrorCode::NotFound.into());
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, edge.house.metrics().await))
}
