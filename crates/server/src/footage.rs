//! What was recorded when, without a picture.

use std::sync::Arc;
use std::time::Duration;

use access::Target;
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use domain::{Action, CameraId};
use serde::Deserialize;

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::Asked;
use crate::words;

/// The longest timeline at once.
const LONGEST: Duration = Duration::from_secs(31 * 86_400);

/// Of which camera, from when to when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelineQuery {
    camera: String,
    from: api::Time,
    to: api::Time,
}

pub(crate) async fn timeline(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Asked(query): Asked<TimelineQuery>,
) -> Result<Json<api::Timeline>, Refused> {
    let camera: CameraId = query.camera.parse().map_err(|_| ErrorCode::NotFound)?;
    let (from, to) = (words::moment(&query.from)?, words::moment(&query.to)?);
    if to <= from || to.since(from) > LONGEST {
        return Err(ErrorCode::SpanUnfit.into());
    }
    let target = Target::Camera(camera);
    edge.access.look::<Nothing>(&person.asker, Action::ReadTimeline, target).await?;
    Ok(Json(edge.house.timeline(camera, from, to).await?))
}
