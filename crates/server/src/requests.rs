//! Persons' requests about footage of themselves.

use std::sync::Arc;

use access::{Request, RequestTarget, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::Action;
use serde::Deserialize;

use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Asked, Input, Named};
use crate::request_desk::{LetterOrder, RequestMove};

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Requests>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadRequests, Target::House).await?;
    Ok(Json(api::Requests { requests: edge.house.requests(person.asker.actor()).await? }))
}

pub(crate) async fn receive(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(form): Input<api::NewRequest>,
) -> Result<(StatusCode, Json<api::RequestCase>), Refused> {
    let cameras = form.cameras.iter().map(|id| id.0.parse().map_err(|_unfit| ErrorCode::NotFound));
    let cameras = cameras.collect::<Result<_, _>>()?;
    let mut request =
        of(Action::ReceiveRequest, RequestTarget { request: None, cameras, hold: None });
    // Whoever may not receive it is not told what is recorded of it.
    if edge.access.would_permit(&person.asker, &request) {
        request = of(Action::ReceiveRequest, edge.house.new_request(form.clone()).await?);
    }
    let effect = async |grant: &_| edge.house.receive_request(grant, form.clone()).await;
    let received = edge.access.perform(&person.asker, request, effect).await?;
    Ok((StatusCode::CREATED, Json(received)))
}

pub(crate) async fn read(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
) -> Result<Json<api::RequestCase>, Refused> {
    let target = edge.house.known_request(&receipt).ok_or(ErrorCode::NotFound)?;
    let effect = async |grant: &_| edge.house.request(grant).await;
    let request = of(Action::ReadRequest, target);
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

/// What is asked of a letter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterQuery {
    format: Option<api::LetterFormat>,
    #[serde(default)]
    document_number: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    place: String,
}

/// A letter: it names who asks, so it is had by the act of reading the request.
pub(crate) async fn letter(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Path((receipt, kind)): Path<(String, String)>,
    Asked(query): Asked<LetterQuery>,
) -> Result<Response, Refused> {
    let target = edge.house.known_request(&receipt).ok_or(ErrorCode::NotFound)?;
    let kind = api::LetterKind::from_word(&kind).ok_or(ErrorCode::NotFound)?;
    let format = query.format.unwrap_or(api::LetterFormat::Html);
    let LetterQuery { document_number, day, time, place, .. } = query;
    let order = LetterOrder { kind, format, document_number, day, time, place };
    let effect = async |grant: &_| edge.house.letter(grant, order.clone()).await;
    let bytes = edge.access.perform(&person.asker, of(Action::ReadRequest, target), effect).await?;
    // A file: it is printed or laid into the agency's own system, and never shown as a page of ours.
    let name = format!("attachment; filename=\"{receipt}-{}.{}\"", kind.word(), format.word());
    let headers = [
        (header::CONTENT_TYPE, media_type(format).to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

const fn media_type(format: api::LetterFormat) -> &'static str {
    match format {
        api::LetterFormat::Html => "text/html; charset=utf-8",
        api::LetterFormat::Pdf => "application/pdf",
        api::LetterFormat::Hwpx => "application/hwp+zip",
        api::LetterFormat::Json => "application/json",
    }
}

pub(crate) async fn identify(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
    Input(remark): Input<api::RequestRemark>,
) -> Result<Json<api::RequestCase>, Refused> {
    go_on(&edge, &person, &receipt, Action::ContinueRequest, RequestMove::Identify(remark)).await
}

pub(crate) async fn decide(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
    Input(decision): Input<api::RequestDecision>,
) -> Result<Json<api::RequestCase>, Refused> {
    go_on(&edge, &person, &receipt, Action::DecideRequest, RequestMove::Decide(decision)).await
}

pub(crate) async fn answer(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
    Input(remark): Input<api::RequestRemark>,
) -> Result<Json<api::RequestCase>, Refused> {
    go_on(&edge, &person, &receipt, Action::ContinueRequest, RequestMove::Answer(remark)).await
}

pub(crate) async fn object(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
    Input(objection): Input<api::RequestObjection>,
) -> Result<Json<api::RequestCase>, Refused> {
    go_on(&edge, &person, &receipt, Action::ContinueRequest, RequestMove::Object(objection)).await
}

pub(crate) async fn withdraw(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
    Input(remark): Input<api::RequestRemark>,
) -> Result<Json<api::RequestCase>, Refused> {
    go_on(&edge, &person, &receipt, Action::ContinueRequest, RequestMove::Withdraw(remark)).await
}

async fn go_on(
    edge: &Edge,
    person: &Person,
    receipt: &str,
    action: Action,
    to: RequestMove,
) -> Result<Json<api::RequestCase>, Refused> {
    let mut target = edge.house.known_request(receipt).ok_or(ErrorCode::NotFound)?;
    if edge.access.would_permit(&person.asker, &of(action, target.clone())) {
        target = edge.house.next_of_request(target, &to).await?;
    }
    let effect = async |grant: &_| edge.house.continue_request(grant, to.clone()).await;
    Ok(Json(edge.access.perform(&person.asker, of(action, target), effect).await?))
}

fn of(action: Action, target: RequestTarget) -> Request {
    Request::new(action, Target::Request(Box::new(target)))
}
