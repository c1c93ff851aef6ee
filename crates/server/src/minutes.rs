//! Single minutes of footage, destroyed before their time: one person proposes, another approves,
//! and a day later one of the two carries it out.

use std::sync::Arc;

use access::{ProposalView, Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{Action, CameraId, Hold};

use crate::edge::Edge;
use crate::ledger::number_of;
use crate::person::Person;
use crate::refusal::Refused;
use crate::request::Input;
use crate::{proposals, words};

/// Just these minutes: a span that is not of whole ones is refused, since to widen it would destroy
/// what nobody named.
pub(crate) async fn propose(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewMinutes>,
) -> Result<(StatusCode, Json<api::Proposal>), Refused> {
    let known = proposals::cameras(&edge).await?;
    let camera = |id: &api::Id| -> Result<CameraId, ErrorCode> {
        let id = known.get(&id.0).map(|camera| camera.id.0.parse());
        id.and_then(Result::ok).ok_or(ErrorCode::NotFound)
    };
    let cameras = input.cameras.iter().map(camera).collect::<Result<Vec<_>, _>>()?;
    let (from, to) = (words::moment(&input.from)?, words::moment(&input.to)?);
    Hold::fits(&cameras, (from, to))?;
    let target = Target::Footage { cameras, from, to };
    let action = Action::DestroyMinutes;
    let number = edge.access.propose(&person.asker, action, target, &input.reason).await?;
    Ok((StatusCode::CREATED, proposals::one(&edge, &person.asker, number).await?))
}

pub(crate) async fn carry_out(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Proposal>, Refused> {
    let number = number_of(&path)?;
    let view = edge.access.proposal(number);
    let is_one = |view: &ProposalView| view.action == Action::DestroyMinutes;
    let view = view.filter(is_one).ok_or(ErrorCode::NotFound)?;
    // It waits for others and cannot be taken back: whoever hangs up meanwhile cuts nothing off.
    let (of, asker) = (Arc::clone(&edge), person.asker);
    let done = tokio::spawn(async move { destroy(&of, &asker, view).await }).await;
    done.unwrap_or_else(|_panicked| Err(ErrorCode::Internal.into()))?;
    proposals::one(&edge, &person.asker, number).await
}

async fn destroy(edge: &Edge, asker: &access::Asker, view: ProposalView) -> Result<(), Refused> {
    let request = Request::new(view.action, view.target.clone());
    let request = Request { proposal: Some(view.number), ..request };
    // An act that fails uses the approval up, so what can be known before is asked before; of
    // nobody whom the rules would refuse.
    if edge.access.would_permit(asker, &request)
        && let Target::Footage { cameras, from, to } = &view.target
    {
        edge.house.check_minutes(cameras, *from, *to).await?;
    }
    let effect = async |grant: &_| edge.house.destroy_minutes(grant).await;
    Ok(edge.access.perform(asker, request, effect).await?)
}
