//! Who has which role.

use std::sync::Arc;

use access::{Account, LinkSecret, Scope};
use api::ErrorCode;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::AccountId;

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
    let appointed = edge.access.appoint(&person.asker, &input.display_name, &roles, &Scope::All);
    let (id, link) = appointed.await?;
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
    }
}
