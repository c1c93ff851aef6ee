//! The visitors' book of controlled areas.

use std::sync::Arc;

use access::{AdmissionWord, ConsentWord, VisitAsk, VisitError, VisitFact, VisitView};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::edge::Edge;
use crate::ledger::number_of;
use crate::person::Person;
use crate::refusal::{Refused, ledger_unavailable};
use crate::request::Input;
use crate::sentences::about_visits;
use crate::tickets::named;
use crate::words;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Visits>, Refused> {
    let views = edge.access.visits(&person.asker).await?;
    let (areas, notice) = edge.house.visit_desk().await?;
    let escorts = edge.access.visit_escorts(&person.asker);
    Ok(Json(api::Visits {
        visits: views.into_iter().map(on_wire).collect(),
        areas,
        notice,
        escorts: escorts.into_iter().map(named).collect(),
    }))
}

pub(crate) async fn enter(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewVisit>,
) -> Result<(StatusCode, Json<api::Visit>), Refused> {
    let (areas, notice) = edge.house.visit_desk().await?;
    let area = areas.into_iter().find(|area| area.id == input.area).ok_or(ErrorCode::NotFound)?;
    // Consent is for the text that he read: if another stands there now, he is to read that.
    if notice.sha256 != input.notice_sha256 {
        return Err(ErrorCode::Conflict.into());
    }
    let ask = VisitAsk {
        area: (area.id, area.name),
        escort: input.escort.0.parse().map_err(|_unfit| ErrorCode::NotFound)?,
        has_consented: input.consent == api::Consent::Given,
        is_admitted: input.admission == api::Admission::Granted,
        name: input.name,
        body: input.body,
        business: input.business,
        reason: input.reason,
    };
    let entered = edge.access.enter_visit(&person.asker, ask, notice.lines).await?;
    Ok((StatusCode::CREATED, Json(on_wire(entered))))
}

pub(crate) async fn leave(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Visit>, Refused> {
    Ok(Json(on_wire(edge.access.leave_visit(&person.asker, number_of(&path)?).await?)))
}

pub(crate) async fn withdraw(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
) -> Result<Json<api::Visit>, Refused> {
    Ok(Json(on_wire(edge.access.withdraw_visit(&person.asker, number_of(&path)?).await?)))
}

fn on_wire(VisitView { fact, entered_by, escort }: VisitView) -> api::Visit {
    let inside = fact.is_inside();
    let VisitFact { number, at, left_at, withdrawn_at, notice_sha256, detail, .. } = fact;
    let name = |party: Option<access::Party>| party.map(|it| it.display_name).unwrap_or_default();
    api::Visit {
        year: number.year,
        number: number.index,
        at: words::time(at),
        left_at: left_at.map(words::time),
        inside,
        consent: match fact.consent {
            ConsentWord::Given => api::Consent::Given,
            ConsentWord::Refused => api::Consent::Refused,
        },
        withdrawn_at: withdrawn_at.map(words::time),
        notice_sha256,
        admission: match fact.admission {
            AdmissionWord::Granted => api::Admission::Granted,
            AdmissionWord::Denied => api::Admission::Denied,
        },
        detail: detail.map(|(_, visit)| api::VisitDetail {
            area: visit.area_name,
            name: visit.name,
            body: visit.body,
            business: visit.business,
            escort: name(escort),
            entered_by: name(entered_by),
            reason: Some(visit.reason).filter(|reason| !reason.is_empty()),
        }),
    }
}

impl From<VisitError> for Refused {
    fn from(error: VisitError) -> Self {
        match error {
            VisitError::Ledger(error) => ledger_unavailable(&error),
            VisitError::Notice(error) => {
                tracing::error!(%error, "the text for visitors could not be kept");
                ErrorCode::Storage.into()
            }
            other => {
                let (code, korean, english) = about_visits(&other);
                Refused::saying(code, korean, english)
            }
        }
    }
}
