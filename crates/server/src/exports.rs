//! What leaves the building: prepared by one, looked at and agreed to by another, sealed by one of the two.

use std::sync::Arc;

use access::{
    Asker, EntryNumber, ExportTarget, Grant, ProposalState, ProposalView, Request, Target, act,
};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Action, FileHash};
use tokio::sync::oneshot;

use crate::edge::Edge;
use crate::house::{Answer, HouseError, Note};
use crate::ledger::number_of;
use crate::person::Person;
use crate::proposals;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};

/// Bytes of the longest body: edits of all clips of a case.
pub(crate) const LONGEST_BODY: usize = 1 << 20;

/// What the edge needs done of exports.
pub trait ExportDesk {
    /// Granted cases, what is being prepared, working copies without their proposals, what left.
    fn exports(&self) -> Answer<'_, api::Exports>;
    /// What a preparation asks to be permitted.
    ///
    /// # Errors
    /// If there is no such case, or its cameras and times cannot be read.
    fn new_export(&self, new: &api::NewExport) -> Result<ExportTarget, HouseError>;
    /// Makes the working copy of the grant; what was opened is noted as it is.
    fn prepare_export<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        edits: Vec<api::EditedClip>,
        note: Note<'a>,
    ) -> Answer<'a, ()>;
    /// What a preparation looks like that was just permitted.
    fn preparation(&self, target: &ExportTarget) -> api::ExportPreparation;
    /// A working copy, by the hash of its list.
    fn export_copy(&self, copy: FileHash) -> Option<ExportTarget>;
    /// The clip of the grant's copy at that place, from 1, or what was found in it.
    fn look_at_export<'a>(
        &'a self,
        grant: &'a Grant<act::LookAtExport>,
        clip: u32,
        boxes: bool,
    ) -> Answer<'a, Vec<u8>>;
    /// What lies under the cover of that clip: footage of the grant, opened anew, noted as it is.
    fn original_of_export<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        clip: u32,
        note: Note<'a>,
    ) -> Answer<'a, Vec<u8>>;
    /// Seals the grant's copy and destroys it.
    fn seal_export<'a>(
        &'a self,
        grant: &'a Grant<act::SealExport>,
    ) -> Answer<'a, api::ExportSealed>;
    /// Destroys the grant's copy.
    fn discard_export<'a>(&'a self, grant: &'a Grant<act::DiscardExport>) -> Answer<'a, ()>;
    /// The sealed file of the grant with its receipt.
    fn deliver_export<'a>(&'a self, grant: &'a Grant<act::DeliverExport>) -> Answer<'a, Vec<u8>>;
    /// Revokes the file of the grant.
    fn revoke_export<'a>(
        &'a self,
        grant: &'a Grant<act::RevokeExport>,
        reason: String,
    ) -> Answer<'a, api::SealedExport>;
}

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Exports>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadExports, Target::House).await?;
    Ok(Json(all(&edge, &person.asker).await?))
}

async fn all(edge: &Edge, asker: &Asker) -> Result<api::Exports, Refused> {
    let mut exports = edge.house.exports().await?;
    let views = edge.access.proposals(asker).await?;
    for copy in &mut exports.copies {
        // The newest first: of two the last counts.
        let is_of_it = |view: &&ProposalView| {
            view.action == Action::SealExport
                && copy_of(view) == Some(copy.copy.as_str().to_owned())
        };
        copy.proposal = views.iter().find(is_of_it).map(|view| on_wire(asker, view));
    }
    Ok(exports)
}

fn copy_of(view: &ProposalView) -> Option<String> {
    match &view.target {
        Target::Export(target) => target.copy.map(|copy| copy.to_string()),
        _ => None,
    }
}

fn on_wire(asker: &Asker, view: &ProposalView) -> api::ExportProposal {
    let mine = view.proposed_by.account.is_some() && view.proposed_by.account == asker.account();
    let decided_by = view.decided_by.as_ref().map(|(party, _)| party);
    let decided =
        decided_by.is_some_and(|it| it.account.is_some() && it.account == asker.account());
    api::ExportProposal {
        year: view.number.year,
        number: view.number.index,
        state: proposals::state(view.state),
        proposed_by: view.proposed_by.display_name.clone(),
        mine,
        decided_by: decided_by.map(|party| party.display_name.clone()),
        can_seal: view.state == ProposalState::Approved && (mine || decided),
    }
}

/// Answers as soon as the act is permitted and entered; the work goes on, and the list says how far it is.
pub(crate) async fn prepare(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(new): Input<api::NewExport>,
) -> Result<(StatusCode, Json<api::ExportPreparation>), Refused> {
    let target = edge.house.new_export(&new)?;
    let request = of(Action::PrepareExport, target.clone());
    let (begin, begun) = oneshot::channel();
    let (house, asker) = (Arc::clone(&edge), person.asker);
    let work = tokio::spawn(async move {
        let effect = async |grant: &Grant<act::PlayFootage>, served: &access::Served| {
            // Nobody may wait for it any more.
            let _ = begin.send(());
            let note = |camera, from, to| served.note(camera, from, to);
            house.house.prepare_export(grant, new.edits, &note).await
        };
        house.access.perform_while(&asker, request, effect).await.map_err(Refused::from)
    });
    if begun.await.is_err() {
        // It was refused before it began.
        work.await.unwrap_or_else(|_panicked| Err(ErrorCode::Internal.into()))?;
    }
    Ok((StatusCode::ACCEPTED, Json(edge.house.preparation(&target))))
}

pub(crate) async fn clip(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Path((copy, clip)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let bytes = looked_at(&edge, &person, &copy, &clip, false).await?;
    Ok(([(header::CONTENT_TYPE, "video/mp4")], bytes).into_response())
}

pub(crate) async fn boxes(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Path((copy, clip)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let bytes = looked_at(&edge, &person, &copy, &clip, true).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

pub(crate) async fn original(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Path((copy, clip)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let target = copy_named(&edge, &copy)?;
    let clip = clip.parse().map_err(|_unfit| ErrorCode::NotFound)?;
    let effect = async |grant: &Grant<act::PlayFootage>, served: &access::Served| {
        let note = |camera, from, to| served.note(camera, from, to);
        edge.house.original_of_export(grant, clip, &note).await
    };
    let request = of(Action::LookAtOriginal, target);
    let bytes = edge.access.perform_while(&person.asker, request, effect).await?;
    Ok(([(header::CONTENT_TYPE, "video/mp4")], bytes).into_response())
}

async fn looked_at(
    edge: &Edge,
    person: &Person,
    copy: &str,
    clip: &str,
    boxes: bool,
) -> Result<Vec<u8>, Refused> {
    let target = copy_named(edge, copy)?;
    let clip = clip.parse().map_err(|_unfit| ErrorCode::NotFound)?;
    let effect = async |grant: &_| edge.house.look_at_export(grant, clip, boxes).await;
    let request = of(Action::LookAtExport, target);
    Ok(edge.access.perform(&person.asker, request, effect).await?)
}

pub(crate) async fn propose(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(copy): Named<String>,
    Input(said): Input<api::Reason>,
) -> Result<(StatusCode, Json<api::ExportProposal>), Refused> {
    let target = Target::Export(Box::new(copy_named(&edge, &copy)?));
    let action = Action::SealExport;
    let number = edge.access.propose(&person.asker, action, target, &said.reason).await?;
    let view = edge.access.proposal(number).ok_or(ErrorCode::NotFound)?;
    Ok((StatusCode::CREATED, Json(on_wire(&person.asker, &view))))
}

pub(crate) async fn seal(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(copy): Named<String>,
) -> Result<(StatusCode, Json<api::ExportSealed>), Refused> {
    let target = copy_named(&edge, &copy)?;
    let proposal = agreed(&edge, &target);
    let request = Request { proposal, ..of(Action::SealExport, target) };
    // What was sealed is entered: whoever hangs up meanwhile cuts nothing off.
    let (of, asker) = (Arc::clone(&edge), person.asker);
    let sealing = tokio::spawn(async move {
        let effect = async |grant: &_| of.house.seal_export(grant).await;
        of.access.perform(&asker, request, effect).await.map_err(Refused::from)
    });
    let sealed = sealing.await.unwrap_or_else(|_panicked| Err(ErrorCode::Internal.into()))?;
    Ok((StatusCode::CREATED, Json(sealed)))
}

/// The proposal of just this copy that was approved last; whether it holds is the rules' matter.
fn agreed(edge: &Edge, target: &ExportTarget) -> Option<EntryNumber> {
    let is_of_it = |view: &ProposalView| {
        view.state == ProposalState::Approved
            && matches!(&view.target, Target::Export(proposed) if **proposed == *target)
    };
    edge.access.proposal_where(is_of_it).map(|view| view.number)
}

pub(crate) async fn discard(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(copy): Named<String>,
) -> Result<Json<api::Exports>, Refused> {
    let request = of(Action::DiscardExport, copy_named(&edge, &copy)?);
    let effect = async |grant: &_| edge.house.discard_export(grant).await;
    edge.access.perform(&person.asker, request, effect).await?;
    Ok(Json(all(&edge, &person.asker).await?))
}

pub(crate) async fn deliver(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Response, Refused> {
    let number = number_of(&path)?;
    let request = Request::new(Action::DeliverExport, Target::Entry(number));
    let effect = async |grant: &_| edge.house.deliver_export(grant).await;
    let bytes = edge.access.perform(&person.asker, request, effect).await?;
    let name = format!("attachment; filename=\"jikim-{}-{}.html\"", number.year, number.index);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

pub(crate) async fn revoke(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
    Input(said): Input<api::Reason>,
) -> Result<Json<api::SealedExport>, Refused> {
    let request = Request::new(Action::RevokeExport, Target::Entry(number_of(&path)?));
    let effect = async |grant: &_| edge.house.revoke_export(grant, said.reason.clone()).await;
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

fn copy_named(edge: &Edge, copy: &str) -> Result<ExportTarget, Refused> {
    let copy: FileHash = copy.parse().map_err(|_unfit| ErrorCode::NotFound)?;
    Ok(edge.house.export_copy(copy).ok_or(ErrorCode::NotFound)?)
}

fn of(action: Action, target: ExportTarget) -> Request {
    Request::new(action, Target::Export(Box::new(target)))
}
