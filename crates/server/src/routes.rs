//! The routes: a handler for each row of `api::ROUTES`, and what every answer carries.

use std::sync::Arc;

use api::{ErrorCode, Method, Method::Delete, Method::Get, Method::Patch, Method::Post};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};

use crate::edge::Edge;
use crate::person::{Peer, guard, host_of};
use crate::refusal::Refused;
use crate::request::LONGEST_BODY;
use crate::{
    accounts, attestations, cameras, destruction, disclosures, exports, footage, holds, ledger,
    machines, minutes, pages, plans, policy, proposals, registers, requests, sessions, tickets,
    viewing, visits,
};

type Handler = (Method, &'static str, MethodRouter<Arc<Edge>>);

/// Every handler. What is here and not in `api::ROUTES` has no action, so it is not served; a test
/// holds the two lists together.
fn handlers() -> Vec<Handler> {
    vec![
        (Post, "/api/v1/session", post(sessions::sign_in)),
        (Get, "/api/v1/session", get(sessions::read)),
        (Delete, "/api/v1/session", delete(sessions::sign_out)),
        (Post, "/api/v1/session/claim", post(sessions::claim)),
        (Post, "/api/v1/session/unlock", post(sessions::unlock)),
        (Post, "/api/v1/session/touch", post(sessions::touch)),
        (Post, "/api/v1/session/hand-over", post(sessions::hand_over)),
        (Get, "/api/v1/accounts", get(accounts::list)),
        (Post, "/api/v1/accounts", post(accounts::appoint)),
        (Post, "/api/v1/accounts/{id}/end", post(accounts::end)),
        (Post, "/api/v1/accounts/{id}/appointment", post(accounts::change)),
        (Post, "/api/v1/accounts/{id}/reset", post(accounts::reset)),
        (Get, "/api/v1/cameras", get(cameras::list)),
        (Post, "/api/v1/cameras", post(cameras::add)),
        (Patch, "/api/v1/cameras/{id}", patch(cameras::change)),
        (Post, "/api/v1/cameras/{id}/replace", post(cameras::replace)),
        (Get, "/api/v1/cameras/{id}/range", get(cameras::range)),
        (Post, "/api/v1/cameras/{id}/range", pictured(post(cameras::set_range))),
        (Post, "/api/v1/cameras/{id}/retire", post(cameras::retire)),
        (Post, "/api/v1/cameras/{id}/retention", post(proposals::shorten)),
        (Get, "/api/v1/proposals", get(proposals::list)),
        (Post, "/api/v1/proposals", post(proposals::propose)),
        (Post, "/api/v1/proposals/{year}/{number}/decide", post(proposals::decide)),
        (Post, "/api/v1/proposals/{year}/{number}/carry-out", post(proposals::carry_out)),
        (Post, "/api/v1/early-destruction", post(proposals::propose_early)),
        (
            Post,
            "/api/v1/early-destruction/{year}/{number}/carry-out",
            post(proposals::carry_out_early),
        ),
        (Post, "/api/v1/early-destruction/revoke", post(proposals::revoke_early)),
        (Post, "/api/v1/single-minutes", post(minutes::propose)),
        (Post, "/api/v1/single-minutes/{year}/{number}/carry-out", post(minutes::carry_out)),
        (Get, "/api/v1/holds", get(holds::list)),
        (Post, "/api/v1/holds", post(holds::place)),
        (Post, "/api/v1/holds/{id}/renew", post(holds::renew)),
        (Post, "/api/v1/holds/{id}/release", post(holds::release)),
        (Post, "/api/v1/cameras/{id}/still", post(cameras::still)),
        (Get, "/api/v1/cameras/{id}/pattern", get(cameras::pattern)),
        (Get, "/api/v1/footage/timeline", get(footage::timeline)),
        (Get, "/api/v1/footage", get(viewing::footage)),
        (Get, "/api/v1/live", get(viewing::live)),
        (Post, "/api/v1/destruction/certificate", post(destruction::certify)),
        (Get, "/api/v1/health", get(machines::health)),
        (Get, "/api/v1/ledger", get(ledger::page)),
        (Get, "/api/v1/ledger/{year}/{number}", get(ledger::entry)),
        (Post, "/api/v1/ledger/{year}/{number}/record", post(ledger::record)),
        (Get, "/api/v1/ledger/{year}/{number}/proof", get(ledger::proof)),
        (Get, "/api/v1/policy", get(policy::read)),
        (Get, "/api/v1/policy/{version}", get(policy::read_version)),
        (Post, "/api/v1/policy/draft", described(post(policy::draft))),
        (Post, "/api/v1/policy/reading", filed(post(policy::reading))),
        (Post, "/api/v1/policy/proposals", described(post(policy::propose))),
        (
            Post,
            "/api/v1/policy/proposals/{year}/{number}/carry-out",
            post(proposals::carry_out_policy),
        ),
        (Post, "/api/v1/policy", described(post(policy::announce))),
        (Get, "/api/v1/institution", get(policy::institution)),
        (Get, "/api/v1/promises", get(policy::promises)),
        (Get, "/api/v1/attestations", get(attestations::list)),
        (Post, "/api/v1/attestations", pictured(post(attestations::record))),
        (Get, "/api/v1/plans", get(plans::list)),
        (Post, "/api/v1/plans", post(plans::add)),
        (Patch, "/api/v1/plans/{id}", described(patch(plans::change))),
        (Post, "/api/v1/plans/{id}/remove", post(plans::remove)),
        (Get, "/api/v1/plans/{id}/picture", get(plans::picture)),
        (Post, "/api/v1/plans/{id}/picture", pictured(post(plans::set_picture))),
        (Get, "/api/v1/tasks", get(policy::tasks)),
        (Get, "/api/v1/registers/{name}", get(registers::read)),
        (Get, "/api/v1/requests", get(requests::list)),
        (Post, "/api/v1/requests", post(requests::receive)),
        (Get, "/api/v1/requests/{id}", get(requests::read)),
        (Get, "/api/v1/requests/{id}/letters/{kind}", get(requests::letter)),
        (Post, "/api/v1/requests/{id}/identity", post(requests::identify)),
        (Post, "/api/v1/requests/{id}/decision", post(requests::decide)),
        (Post, "/api/v1/requests/{id}/answer", post(requests::answer)),
        (Post, "/api/v1/requests/{id}/objection", post(requests::object)),
        (Post, "/api/v1/requests/{id}/withdrawal", post(requests::withdraw)),
        (Get, "/api/v1/disclosures", get(disclosures::list)),
        (Post, "/api/v1/disclosures", post(disclosures::receive)),
        (Get, "/api/v1/disclosures/{id}", get(disclosures::read)),
        (Post, "/api/v1/disclosures/{id}/decision", post(disclosures::decide)),
        (Post, "/api/v1/disclosures/{id}/compulsion", post(disclosures::compel)),
        (Post, "/api/v1/disclosures/{id}/review", post(disclosures::review)),
        (Post, "/api/v1/disclosures/{id}/provision", post(disclosures::provide)),
        (Post, "/api/v1/disclosures/{id}/publication", post(disclosures::publish)),
        (Post, "/api/v1/disclosures/{id}/report", post(disclosures::report)),
        (Post, "/api/v1/disclosures/{id}/withdrawal", post(disclosures::withdraw)),
        (Get, "/api/v1/exports", get(exports::list)),
        (Post, "/api/v1/exports", edited(post(exports::prepare))),
        (Get, "/api/v1/exports/copies/{sha256}/clips/{clip}", get(exports::clip)),
        (Get, "/api/v1/exports/copies/{sha256}/boxes/{clip}", get(exports::boxes)),
        (Get, "/api/v1/exports/copies/{sha256}/originals/{clip}", get(exports::original)),
        (Post, "/api/v1/exports/copies/{sha256}/proposal", post(exports::propose)),
        (Post, "/api/v1/exports/copies/{sha256}/seal", post(exports::seal)),
        (Post, "/api/v1/exports/copies/{sha256}/destruction", post(exports::discard)),
        (Get, "/api/v1/exports/{year}/{number}", get(exports::deliver)),
        (Post, "/api/v1/exports/{year}/{number}/revocation", post(exports::revoke)),
        (Get, "/api/v1/visits", get(visits::list)),
        (Post, "/api/v1/visits", post(visits::enter)),
        (Post, "/api/v1/visits/{year}/{number}/leave", post(visits::leave)),
        (Post, "/api/v1/visits/{year}/{number}/withdraw", post(visits::withdraw)),
        (Get, "/api/v1/tickets", get(tickets::list)),
        (Post, "/api/v1/tickets", post(tickets::open)),
        (Post, "/api/v1/tickets/{year}/{number}/close", post(tickets::close)),
        (Get, "/healthz", get(machines::healthz)),
        (Get, "/readyz", get(machines::readyz)),
        (Get, "/metrics", get(machines::metrics)),
        (Get, "/ledger-public/{year}/checkpoint", get(ledger::checkpoint)),
        (Get, "/ledger-public/{year}/cosigned", get(ledger::cosigned)),
        (Get, "/ledger-public/{year}/tile/{*path}", get(ledger::tile)),
        (Get, "/ledger-public/companion/{sha256}", get(ledger::companion)),
    ]
}

/// A route that takes a description or the cameras of a floor, which are longer than other bodies.
fn described(route: MethodRouter<Arc<Edge>>) -> MethodRouter<Arc<Edge>> {
    route.layer(DefaultBodyLimit::max(policy::LONGEST_DESCRIPTION))
}

/// A route that takes a word processor's file.
fn filed(route: MethodRouter<Arc<Edge>>) -> MethodRouter<Arc<Edge>> {
    route.layer(DefaultBodyLimit::max(policy::LONGEST_FILE))
}

/// A route that takes a picture.
fn pictured(route: MethodRouter<Arc<Edge>>) -> MethodRouter<Arc<Edge>> {
    route.layer(DefaultBodyLimit::max(attestations::LONGEST_BODY))
}

/// A route that takes what was decided about clips.
fn edited(route: MethodRouter<Arc<Edge>>) -> MethodRouter<Arc<Edge>> {
    route.layer(DefaultBodyLimit::max(exports::LONGEST_BODY))
}

/// Everything that browsers and machines are answered.
pub(crate) fn router(edge: Arc<Edge>) -> Router {
    let listed = handlers().into_iter().filter(|(method, path, _)| is_listed(*method, path));
    listed
        .fold(Router::new(), |router, (_, path, handler)| router.route(path, handler))
        .fallback(pages::serve)
        .method_not_allowed_fallback(async || Refused::from(ErrorCode::NotFound))
        .with_state(edge)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(guard))
        .layer(middleware::from_fn(dress))
        .layer(middleware::from_fn(note))
}

fn is_listed(method: Method, path: &str) -> bool {
    api::ROUTES.iter().any(|route| route.method == method && route.path == path)
}

/// One line for each request in the recorder's log: no query, no header, no body.
pub(crate) async fn note(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::info!(target: "jikim::requests", peer = peer.map_or_else(String::new, |peer| peer.to_string()), %method, path, status);
    response
}

/// What every answer carries: the pages run nothing but themselves, are in nobody's frame, and are
/// kept by nobody on the way.
async fn dress(request: Request, next: Next) -> Response {
    let policy = policy_for(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// The address of our own WebSockets stands in it by name: not every browser takes `'self'` for
/// `wss:`, and `wss:` alone would let a page talk to any host.
fn policy_for(headers: &HeaderMap) -> HeaderValue {
    let sockets = host_of(headers).map(|host| format!(" wss://{host}")).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; connect-src 'self'{sockets}; media-src blob:; object-src 'none'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a host of few characters is fit for a header")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a1_every_route_has_a_handler_and_every_handler_a_route() {
        let served: BTreeSet<_> =
            handlers().iter().map(|(method, path, _)| (*method, *path)).collect();
        let listed: BTreeSet<_> = api::ROUTES.iter().map(|it| (it.method, it.path)).collect();
        assert_eq!(served, listed);
        assert_eq!(handlers().len(), served.len(), "one is there twice");
    }
}
