//! Disclosures to other bodies.

use std::sync::Arc;

use access::{DisclosureTarget, Request, Target};
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Action;

use crate::disclosure_desk::DisclosureMove;
use crate::edge::Edge;
use crate::person::Person;
use crate::refusal::{Nothing, Refused};
use crate::request::{Input, Named};

type Case = Result<Json<api::DisclosureCase>, Refused>;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Disclosures>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadDisclosures, Target::House).await?;
    Ok(Json(edge.house.disclosures(person.asker.actor()).await?))
}

pub(crate) async fn receive(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(form): Input<api::NewDisclosure>,
) -> Result<(StatusCode, Json<api::DisclosureCase>), Refused> {
    let cameras = form.cameras.iter().map(|id| id.0.parse().map_err(|_unfit| ErrorCode::NotFound));
    let cameras = cameras.collect::<Result<_, _>>()?;
    let bare = DisclosureTarget { disclosure: None, cameras, hold: None };
    let mut request = of(Action::ReceiveDisclosure, bare);
    // Whoever may not receive it is not told what is recorded of it.
    if edge.access.would_permit(&person.asker, &request) {
        request = of(Action::ReceiveDisclosure, edge.house.new_disclosure(form.clone()).await?);
    }
    let effect = async |grant: &_| edge.house.receive_disclosure(grant, form.clone()).await;
    let received = edge.access.perform(&person.asker, request, effect).await?;
    Ok((StatusCode::CREATED, Json(received)))
}

pub(crate) async fn read(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(receipt): Named<String>,
) -> Case {
    let target = edge.house.known_disclosure(&receipt).ok_or(ErrorCode::NotFound)?;
    let effect = async |grant: &_| edge.house.disclosure(grant).await;
    let request = of(Action::ReadDisclosure, target);
    Ok(Json(edge.access.perform(&person.asker, request, effect).await?))
}

/// One handler for each move: what it takes, under which action, as what.
macro_rules! moves {
    ($($name:ident: $body:ty, $action:ident, $to:ident;)*) => {$(
        pub(crate) async fn $name(
            State(edge): State<Arc<Edge>>,
            person: Person,
            Named(receipt): Named<String>,
            Input(said): Input<$body>,
        ) -> Case {
            go_on(&edge, &person, &receipt, Action::$action, DisclosureMove::$to(said)).await
        }
    )*};
}

moves! {
    decide: api::DisclosureDecision, DecideDisclosure, Decide;
    compel: api::DisclosureConfirmation, CompelDisclosure, Compel;
    review: api::DisclosureRemark, ReviewDisclosure, Review;
    provide: api::DisclosureRemark, ContinueDisclosure, Provide;
    publish: api::DisclosurePublication, ContinueDisclosure, Publish;
    report: api::DisclosureRemark, ContinueDisclosure, Report;
    withdraw: api::DisclosureRemark, ContinueDisclosure, Withdraw;
}

async fn go_on(
    edge: &Edge,
    person: &Person,
    receipt: &str,
    action: Action,
    to: DisclosureMove,
) -> Case {
    let mut target = edge.house.known_disclosure(receipt).ok_or(ErrorCode::NotFound)?;
    if edge.access.would_permit(&person.asker, &of(action, target.clone())) {
        target = edge.house.next_of_disclosure(target, &to).await?;
    }
    let effect = async |grant: &_| edge.house.continue_disclosure(grant, to.clone()).await;
    Ok(Json(edge.access.perform(&person.asker, of(action, target), effect).await?))
}

fn of(action: Action, target: DisclosureTarget) -> Request {
    Request::new(action, Target::Disclosure(Box::new(target)))
}
