//! How long footage is kept: shorter at once, longer by two people; and whether the oldest goes before
//! its time when the disk is nearly full. What two people agree to is listed and decided here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use access::{Asker, EntryNumber, Party, ProposalState, ProposalView, Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{Action, CameraId, WallTime};

use crate::edge::Edge;
use crate::ledger::number_of;
use crate::person::Person;
use crate::refusal::Refused;
use crate::request::{Input, Named};
use crate::words;

pub(crate) async fn shorten(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(camera): Named<CameraId>,
    Input(input): Input<api::RetentionChange>,
) -> Result<Json<api::Camera>, Refused> {
    let target = retention(camera, input.retention_max_s);
    let request = Request::new(Action::ShortenRetention, target);
    let effect = async |grant: &_| edge.house.set_retention(grant).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Proposals>, Refused> {
    let views = edge.access.proposals(&person.asker).await?;
    let cameras = cameras(&edge).await?;
    let mut proposals = Vec::new();
    // What is to leave is looked at where it is decided: on the page of exports.
    for view in views.into_iter().filter(|view| view.action != Action::SealExport) {
        proposals.extend(shown(&edge, &person.asker, &cameras, view).await?);
    }
    Ok(Json(api::Proposals { proposals, early: early(&edge) }))
}

pub(crate) async fn propose(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewProposal>,
) -> Result<(StatusCode, Json<api::Proposal>), Refused> {
    let camera: CameraId = input.camera.0.parse().map_err(|_unfit| ErrorCode::NotFound)?;
    let cameras = cameras(&edge).await?;
    let known = cameras.get(&input.camera.0).ok_or(ErrorCode::NotFound)?;
    if known.retired_at.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    if known.retention_policy_s.is_some_and(|most| input.retention_max_s > most) {
        return Err(ErrorCode::RetentionBeyondPolicy.into());
    }
    // A proposal that could not be carried out would waste the second person's time.
    if input.retention_max_s <= known.retention_max_s
        || domain::Retention::new(seconds(known.retention_min_s), seconds(input.retention_max_s))
            .is_err()
    {
        return Err(ErrorCode::RetentionUnfit.into());
    }
    let target = retention(camera, input.retention_max_s);
    let action = Action::LengthenRetention;
    let number = edge.access.propose(&person.asker, action, target, &input.reason).await?;
    Ok((StatusCode::CREATED, one(&edge, &person.asker, number).await?))
}

/// An approval is carried out at once, so that the person who approves sees what comes of it; but
/// what has to wait for a day is left for later.
pub(crate) async fn decide(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
    Input(input): Input<api::ProposalDecision>,
) -> Result<Json<api::Proposal>, Refused> {
    let number = number_of(&path)?;
    edge.access.decide_proposal(&person.asker, number, input.approves).await?;
    // What opens a sealed file is told to who seals it, and sealing is that person's own act.
    let waits =
        |view: ProposalView| matches!(view.action, Action::DestroyMinutes | Action::SealExport);
    if input.approves && !edge.access.proposal(number).is_some_and(waits) {
        perform(&edge, &person.asker, number).await?;
    }
    one(&edge, &person.asker, number).await
}

pub(crate) async fn carry_out(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Proposal>, Refused> {
    carry_out_one(&edge, &person, &path, Action::LengthenRetention).await
}

pub(crate) async fn carry_out_early(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Proposal>, Refused> {
    carry_out_one(&edge, &person, &path, Action::AllowEarly).await
}

pub(crate) async fn carry_out_policy(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Proposal>, Refused> {
    carry_out_one(&edge, &person, &path, Action::LoosenPolicy).await
}

/// The route says the act: a proposal of another is not to be found there.
async fn carry_out_one(
    edge: &Edge,
    person: &Person,
    path: &Path<(String, String)>,
    action: Action,
) -> Result<Json<api::Proposal>, Refused> {
    let number = number_of(path)?;
    if edge.access.proposal(number).is_some_and(|view| view.action != action) {
        return Err(ErrorCode::NotFound.into());
    }
    perform(edge, &person.asker, number).await?;
    one(edge, &person.asker, number).await
}

pub(crate) async fn propose_early(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::Reason>,
) -> Result<(StatusCode, Json<api::Proposal>), Refused> {
    let action = Action::AllowEarly;
    let number = edge.access.propose(&person.asker, action, Target::House, &input.reason).await?;
    Ok((StatusCode::CREATED, one(&edge, &person.asker, number).await?))
}

pub(crate) async fn revoke_early(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::EarlyDestruction>, Refused> {
    edge.access.revoke_early(&person.asker).await?;
    Ok(Json(early(&edge)))
}

fn early(edge: &Edge) -> api::EarlyDestruction {
    let access::EarlyDestruction { rule, last } = edge.access.early();
    api::EarlyDestruction {
        proposal: rule.map(|(proposal, _)| proposal.to_string()),
        in_force_from: rule.map(|(_, from)| words::time(from)),
        last_act: last.map(|(act, _)| act.to_string()),
        last_at: last.map(|(_, at)| words::time(at)),
    }
}

/// What two people agreed to, and nothing else: action and target are the proposal's.
async fn perform(edge: &Edge, asker: &Asker, number: EntryNumber) -> Result<(), Refused> {
    let view = edge.access.proposal(number).ok_or(ErrorCode::NotFound)?;
    if view.action == Action::AllowEarly {
        return Ok(edge.access.allow_early(asker, number).await?);
    }
    let action = view.action;
    let request = Request { proposal: Some(number), ..Request::new(action, view.target) };
    if action == Action::LoosenPolicy {
        let effect = async |grant: &_| edge.house.announce_agreed(grant).await;
        return Ok(edge.access.perform(asker, request, effect).await?);
    }
    let effect = async |grant: &_| edge.house.set_retention(grant).await;
    edge.access.perform(asker, request, effect).await?;
    Ok(())
}

pub(crate) async fn one(
    edge: &Edge,
    asker: &Asker,
    number: EntryNumber,
) -> Result<Json<api::Proposal>, Refused> {
    let view = edge.access.proposal(number).ok_or(ErrorCode::NotFound)?;
    let cameras = cameras(edge).await?;
    Ok(Json(shown(edge, asker, &cameras, view).await?.ok_or(ErrorCode::NotFound)?))
}

/// A proposal with what it is about; what is over needs no file to be read.
async fn shown(
    edge: &Edge,
    asker: &Asker,
    cameras: &HashMap<String, api::Camera>,
    view: ProposalView,
) -> Result<Option<api::Proposal>, Refused> {
    let is_open = matches!(view.state, ProposalState::Open | ProposalState::Approved);
    let file = match view.target {
        Target::Policy { file } if is_open => Some(file),
        _ => None,
    };
    let mut proposal = on_wire(asker, cameras, view, edge.house.now());
    if let (Some(proposal), Some(file)) = (&mut proposal, file) {
        proposal.policy = edge.house.proposed_policy(file).await?;
    }
    Ok(proposal)
}

pub(crate) async fn cameras(edge: &Edge) -> Result<HashMap<String, api::Camera>, Refused> {
    let cameras = edge.house.cameras().await?;
    Ok(cameras.into_iter().map(|camera| (camera.id.0.clone(), camera)).collect())
}

fn on_wire(
    asker: &Asker,
    cameras: &HashMap<String, api::Camera>,
    view: ProposalView,
    now: WallTime,
) -> Option<api::Proposal> {
    let named = |camera: CameraId| {
        let known = cameras.get(&camera.to_string());
        let name = known.map(|camera| camera.name.clone()).unwrap_or_default();
        api::NamedCamera { id: words::id(camera), name }
    };
    let (camera, maximum, minutes) = match view.target {
        Target::Retention { camera, maximum } => (Some(camera), Some(maximum), None),
        Target::House if view.action == Action::AllowEarly => (None, None, None),
        Target::Policy { .. } => (None, None, None),
        Target::Export(_) => (None, None, None),
        Target::Footage { cameras, from, to } if view.action == Action::DestroyMinutes => {
            let cameras = cameras.into_iter().map(named).collect();
            let (from, to) = (words::time(from), words::time(to));
            (None, None, Some(api::Minutes { cameras, from, to }))
        }
        _ => return None,
    };
    let known = camera.and_then(|camera| cameras.get(&camera.to_string()));
    let is = |party: &Party| party.account.is_some() && party.account == asker.account();
    let mine = is(&view.proposed_by);
    let is_one_of_two = mine || view.decided_by.as_ref().is_some_and(|(party, _)| is(party));
    let (decided_by, decided_at) = view.decided_by.unzip();
    Some(api::Proposal {
        year: view.number.year,
        number: view.number.index,
        action: view.action.word().into(),
        camera: camera.map(named),
        minutes,
        policy: None,
        retention_max_s: maximum
            .map(|maximum| u32::try_from(maximum.as_secs()).unwrap_or(u32::MAX)),
        present_max_s: camera.map(|_| known.map_or(0, |camera| camera.retention_max_s)),
        reason: view.reason,
        proposed_by: view.proposed_by.display_name,
        proposed_at: words::time(view.proposed_at),
        until: words::time(view.until),
        state: state(view.state),
        decided_by: decided_by.map(|party| party.display_name),
        decided_at: decided_at.map(words::time),
        mine,
        carry_out_from: view.from.map(words::time),
        can_carry_out: is_one_of_two
            && view.state == ProposalState::Approved
            && view.from.is_some_and(|from| from <= now),
    })
}

pub(crate) const fn state(state: ProposalState) -> api::ProposalState {
    match state {
        ProposalState::Open => api::ProposalState::Open,
        ProposalState::Approved => api::ProposalState::Approved,
        ProposalState::CarriedOut => api::ProposalState::CarriedOut,
        ProposalState::Failed => api::ProposalState::Failed,
        ProposalState::Refused => api::ProposalState::Refused,
        ProposalState::Withdrawn => api::ProposalState::Withdrawn,
        ProposalState::Lapsed => api::ProposalState::Lapsed,
    }
}

fn retention(camera: CameraId, maximum_s: u32) -> Target {
    Target::Retention { camera, maximum: seconds(maximum_s) }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(count.into())
}
