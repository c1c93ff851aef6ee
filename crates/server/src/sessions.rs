//! Signing in and out, unlocking, touching, handing over.

use std::sync::Arc;

use access::{LinkSecret, SessionSecret, SessionState, SessionStatus, Target};
use api::ErrorCode;
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Json, Response};
use domain::Action;

use crate::edge::Edge;
use crate::person::{Peer, Person, cookie_of, no_cookie};
use crate::refusal::{Nothing, Refused};
use crate::request::Input;
use crate::words;

/// Characters of a sign-in name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=32;

pub(crate) async fn sign_in(
    State(edge): State<Arc<Edge>>,
    Extension(Peer(peer)): Extension<Peer>,
    Input(input): Input<api::SignIn>,
) -> Result<Response, Refused> {
    let secret = edge.access.sign_in(&input.name, input.password.reveal(), peer.ip()).await?;
    signed_in(&edge, &secret)
}

pub(crate) async fn claim(
    State(edge): State<Arc<Edge>>,
    Input(input): Input<api::Claim>,
) -> Result<Response, Refused> {
    let link = LinkSecret::parse(input.link.reveal()).map_err(|_| ErrorCode::LinkInvalid)?;
    if !NAME_CHARS.contains(&input.name.trim().chars().count()) {
        return Err(ErrorCode::BadRequest.into());
    }
    let display_name = input.display_name.as_deref().filter(|name| !name.trim().is_empty());
    let password = input.password.reveal();
    let secret = edge.access.claim(&link, &input.name, display_name, password).await?;
    signed_in(&edge, &secret)
}

pub(crate) async fn read(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Session>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadSession, Target::House).await?;
    session(&edge, &person.secret).map(Json)
}

pub(crate) async fn touch(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<Json<api::Session>, Refused> {
    edge.access.look::<Nothing>(&person.asker, Action::ReadSession, Target::House).await?;
    edge.access.touch(&person.asker);
    session(&edge, &person.secret).map(Json)
}

pub(crate) async fn sign_out(
    State(edge): State<Arc<Edge>>,
    person: Person,
) -> Result<impl IntoResponse, Refused> {
    edge.access.sign_out(&person.secret).await?;
    Ok((StatusCode::NO_CONTENT, set_cookie(no_cookie())))
}

pub(crate) async fn unlock(
    State(edge): State<Arc<Edge>>,
    person: Person,
    Input(input): Input<api::Unlock>,
) -> Result<Json<api::Session>, Refused> {
    edge.access.unlock(&person.secret, input.password.reveal()).await?;
    session(&edge, &person.secret).map(Json)
}

pub(crate) async fn hand_over(
    State(edge): State<Arc<Edge>>,
    Extension(Peer(peer)): Extension<Peer>,
    person: Person,
    Input(input): Input<api::HandOver>,
) -> Result<Response, Refused> {
    let (outgoing, incoming) = (input.outgoing_password.reveal(), input.password.reveal());
    let handed = edge.access.hand_over(&person.secret, outgoing, &input.name, incoming, peer.ip());
    signed_in(&edge, &handed.await?)
}

fn signed_in(edge: &Edge, secret: &SessionSecret) -> Result<Response, Refused> {
    Ok((set_cookie(cookie_of(secret)), Json(session(edge, secret)?)).into_response())
}

fn set_cookie(value: HeaderValue) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, value)])
}

fn session(edge: &Edge, secret: &SessionSecret) -> Result<api::Session, Refused> {
    let asker = edge.access.asker(secret).ok_or(ErrorCode::NotSignedIn)?;
    let status = edge.access.session(secret).ok_or(ErrorCode::NotSignedIn)?;
    let permissions = edge.access.permissions(&asker);
    let SessionStatus { account, state, locks_at, ticket_until, .. } = status;
    Ok(api::Session {
        account: api::SessionAccount {
            id: words::id(account.id),
            name: account.name.unwrap_or_default(),
            display_name: account.display_name,
            roles: account.roles.into_iter().map(words::role).collect(),
        },
        state: match state {
            SessionState::Open => api::SessionState::Active,
            SessionState::Locked => api::SessionState::Locked,
        },
        idle_limit_s: u32::try_from(edge.idle_limit.as_secs()).unwrap_or(u32::MAX),
        locks_at: words::time(locks_at),
        ticket_until: ticket_until.map(words::time),
        permissions: permissions.iter().filter_map(words::permission).collect(),
    })
}
