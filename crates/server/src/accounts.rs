//! Who has which role.

use std::sync::Arc;

use access::{Account, Appointment, LinkSecret, NewAccount, RefusalReason, Scope, Term};
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::{AccountId, WallTime};

use crate::edge::Edge;
use crate::person::{Person, host_of};
use crate::refusal::Refused;
use crate::request::{Input, Named};
use crate::words;

pub(crate) async fn list(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Accounts>, Refused> {
    let mut accounts = edge.access.accounts(&person.asker).await?;
    accounts.sort_by_key(|it| (!it.is_in_force(), edge.house.account_dates(it.id).created_at));
    let accounts = accounts.into_iter().map(|it| on_wire(&edge, it)).collect();
    Ok(Json(api::Accounts { accounts }))
}

pub(crate) async fn appoint(
    State(edge): State<Arc<Edge>>,
    headers: HeaderMap,
    person: Person,
    Input(input): Input<api::NewAccount>,
) -> Result<(StatusCode, Json<api::AccountLink>), Refused> {
    let roles: Vec<_> = input.roles.into_iter().map(words::role_from).collect();
    let new = NewAccount {
        display_name: &input.display_name,
        roles: &roles,
        scope: Scope::All,
        appointment: read(input.appointment)?,
    };
    let (id, link) = edge.access.appoint(&person.asker, new).await?;
    let account = account_of(&edge, &person, id).await?;
    Ok((StatusCode::CREATED, Json(with_link(account, &headers, &link)?)))
}

pub(crate) async fn end(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(id): Named<AccountId>,
) -> Result<Json<api::Account>, Refused> {
    edge.access.end_appointment(&person.asker, id).await?;
    account_of(&edge, &person, id).await.map(Json)
}

pub(crate) async fn change(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Named(id): Named<AccountId>,
    Input(input): Input<api::Appointment>,
) -> Result<Json<api::Account>, Refused> {
    edge.access.change_appointment(&person.asker, id, read(input)?).await?;
    account_of(&edge, &person, id).await.map(Json)
}

pub(crate) async fn reset(
    State(edge): State<Arc<Edge>>,
    headers: HeaderMap,
    person: Person,
    Named(id): Named<AccountId>,
) -> Result<Json<api::AccountLink>, Refused> {
    let link = edge.access.reset(&person.asker, id).await?;
    let account = account_of(&edge, &person, id).await?;
    with_link(account, &headers, &link).map(Json)
}

async fn account_of(edge: &Edge, person: &Person, id: AccountId) -> Result<api::Account, Refused> {
    let accounts = edge.access.accounts(&person.asker).await?;
    let account = accounts.into_iter().find(|account| account.id == id);
    Ok(on_wire(edge, account.ok_or(ErrorCode::NotFound)?))
}

/// The link leads to the address by which the person who asked for it reaches us.
fn with_link(
    account: api::Account,
    headers: &HeaderMap,
    link: &LinkSecret,
) -> Result<api::AccountLink, Refused> {
    let host = host_of(headers).ok_or(ErrorCode::BadRequest)?;
    let link = api::Secret::new(format!("https://{host}/#link={}", link.expose()));
    Ok(api::AccountLink { account, link })
}

fn on_wire(edge: &Edge, account: Account) -> api::Account {
    let dates = edge.house.account_dates(account.id);
    api::Account {
        id: words::id(account.id),
        name: account.name,
        display_name: account.display_name,
        roles: account.roles.into_iter().map(words::role).collect(),
        created_at: words::time(dates.created_at),
        ended_at: dates.ended_at.map(words::time),
        link_until: account.link_until.map(words::time),
        standing: standing(account.appointment.term.refuses(edge.house.now())),
        appointment: write(account.appointment),
    }
}

const fn standing(refuses: Option<RefusalReason>) -> api::Standing {
    match refuses {
        None => api::Standing::Holds,
        Some(RefusalReason::AppointmentNotYet) => api::Standing::NotYet,
        Some(RefusalReason::OffDuty) => api::Standing::OffDuty,
        Some(_) => api::Standing::Over,
    }
}

fn read(wire: api::Appointment) -> Result<Appointment, Refused> {
    let time = |time: Option<api::Time>| time.map(|it| words::moment(&it)).transpose();
    let text =
        |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let span = |it: &api::DutySpan| Ok((words::moment(&it.from)?, words::moment(&it.until)?));
    let duty: Result<Vec<(WallTime, WallTime)>, Refused> = wire.duty.iter().map(span).collect();
    let deputy_of = wire.deputy_of.map(|id| id.0.parse()).transpose();
    Ok(Appointment {
        post: text(wire.post),
        document: text(wire.document),
        deputy_of: deputy_of.map_err(|_unfit| ErrorCode::NotFound)?,
        term: Term { from: time(wire.from)?, until: time(wire.until)?, duty: duty? },
        pledged_at: time(wire.pledged_at)?,
        trained_at: time(wire.trained_at)?,
    })
}

fn write(appointment: Appointment) -> api::Appointment {
    let Appointment { post, document, deputy_of, term, pledged_at, trained_at } = appointment;
    let span = |(from, until)| api::DutySpan { from: words::time(from), until: words::time(until) };
    api::Appointment {
        post,
        document,
        deputy_of: deputy_of.map(words::id),
        from: term.from.map(words::time),
        until: term.until.map(words::time),
        duty: term.duty.into_iter().map(span).collect(),
        pledged_at: pledged_at.map(words::time),
        trained_at: trained_at.map(words::time),
    }
}
