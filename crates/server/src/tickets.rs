//! Maintenance tickets.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Account, TicketAsk, TicketError, TicketState, TicketView};
use api::ErrorCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::edge::Edge;
use crate::ledger::number_of;
use crate::person::Person;
use crate::proposals::cameras;
use crate::refusal::{Refused, ledger_unavailable};
use crate::request::Input;
use crate::sentences::about_tickets;
use crate::words;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Tickets>, Refused> {
    let views = edge.access.tickets(&person.asker).await?;
    let cameras = cameras(&edge).await?;
    let (contractors, escorts) = edge.access.ticket_people(&person.asker);
    let named = |people: Vec<Account>| people.into_iter().map(named).collect();
    Ok(Json(api::Tickets {
        tickets: views.into_iter().map(|view| on_wire(&cameras, view)).collect(),
        contractors: named(contractors),
        escorts: named(escorts),
    }))
}

pub(crate) async fn open(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::NewTicket>,
) -> Result<(StatusCode, Json<api::Ticket>), Refused> {
    let known = cameras(&edge).await?;
    if !input.cameras.iter().all(|camera| known.contains_key(&camera.0)) {
        return Err(ErrorCode::NotFound.into());
    }
    let ids = input.cameras.iter().map(|camera| camera.0.parse());
    let ask = TicketAsk {
        contractor: input.contractor.0.parse().map_err(|_unfit| ErrorCode::NotFound)?,
        escort: input.escort.0.parse().map_err(|_unfit| ErrorCode::NotFound)?,
        work: input.work,
        cameras: ids.collect::<Result<_, _>>().map_err(|_unfit| ErrorCode::NotFound)?,
        from: words::moment(&input.from)?,
        until: words::moment(&input.until)?,
    };
    let opened = edge.access.open_ticket(&person.asker, ask).await?;
    Ok((StatusCode::CREATED, Json(on_wire(&known, opened))))
}

pub(crate) async fn close(
    State(edge): State<Arc<Edge>>,
    person: Person,
    path: Path<(String, String)>,
    Input(input): Input<api::TicketClosing>,
) -> Result<Json<api::Ticket>, Refused> {
    let number = number_of(&path)?;
    let closed = edge.access.close_ticket(&person.asker, number, &input.remark).await?;
    Ok(Json(on_wire(&cameras(&edge).await?, closed)))
}

pub(crate) fn named(account: Account) -> api::TicketPerson {
    api::TicketPerson {
        id: words::id(account.id),
        display_name: account.display_name,
        roles: account.roles.into_iter().map(words::role).collect(),
    }
}

fn on_wire(cameras: &HashMap<String, api::Camera>, view: TicketView) -> api::Ticket {
    let camera = |id: String| {
        let name = cameras.get(&id).map(|camera| camera.name.clone()).unwrap_or_default();
        api::NamedCamera { id: api::Id(id), name }
    };
    let visit = |(from, until)| api::TicketVisit {
        from: words::time(from),
        until: Option::map(until, words::time),
    };
    let (closed_by, closed_at) = view.closed.unzip();
    api::Ticket {
        year: view.number.year,
        number: view.number.index,
        state: match view.state {
            TicketState::Planned => api::TicketState::Planned,
            TicketState::Open => api::TicketState::Open,
            TicketState::Closed => api::TicketState::Closed,
            TicketState::Lapsed => api::TicketState::Lapsed,
        },
        work: view.work,
        cameras: view.cameras.into_iter().map(camera).collect(),
        contractor: view.contractor.display_name,
        escort: view.escort.display_name,
        opened_by: view.opened_by.display_name,
        opened_at: words::time(view.opened_at),
        from: words::time(view.from),
        until: words::time(view.until),
        visits: view.visits.into_iter().map(visit).collect(),
        closed_by: closed_by.map(|party| party.display_name),
        closed_at: closed_at.map(words::time),
        remark: Some(view.remark).filter(|remark| !remark.is_empty()),
    }
}

impl From<TicketError> for Refused {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Ledger(error) => ledger_unavailable(&error),
            other => {
                let (code, korean, english) = about_tickets(&other);
                Refused::saying(code, korean, english)
            }
        }
    }
}
