//! What is answered to whom: three pages, a style sheet, and refusals in words.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Edge;
use crate::desk::{Desk, Looked, Refusal, Taken};
use crate::form::Typed;
use crate::limits::Peer;
use crate::page::{self, Shown};

pub(super) type Answered = Response<Full<Bytes>>;

const HTML: &str = "text/html; charset=utf-8";
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(super) async fn answer(request: Request<Incoming>, peer: Peer, edge: &Arc<Edge>) -> Answered {
    let peer = match edge.limits.is_behind_proxy {
        true => forwarded(request.headers()).unwrap_or(peer),
        false => peer,
    };
    let desk = &edge.desk;
    if !desk.may_ask(peer) {
        return refused(desk, Refusal::TooManyOfYou);
    }
    let settings = desk.settings();
    let (path, method) = (request.uri().path().to_owned(), request.method().clone());
    let is_read = matches!(method, Method::GET | Method::HEAD);
    match (path.as_str(), &method) {
        ("/", _) if is_read => html(StatusCode::OK, page::home(settings)),
        ("/request", _) if is_read => {
            let new = page::form(settings, &Typed::default(), &desk.token(), Shown::New);
            html(StatusCode::OK, new)
        }
        ("/status", _) if is_read => html(StatusCode::OK, page::status(settings, "", false)),
        ("/style.css", _) if is_read => {
            let mut sheet = response(StatusCode::OK, "text/css; charset=utf-8", page::STYLE);
            let for_an_hour = HeaderValue::from_static("public, max-age=3600");
            sheet.headers_mut().insert(header::CACHE_CONTROL, for_an_hour);
            sheet
        }
        ("/request", &Method::POST) => post(request, peer, edge, take).await,
        ("/status", &Method::POST) => post(request, peer, edge, look).await,
        ("/" | "/request" | "/status" | "/style.css", _) => {
            let words = ("쓸 수 없는 방법입니다.", "Not this method.");
            let title = ("받지 못했습니다", "Not taken");
            html(StatusCode::METHOD_NOT_ALLOWED, page::told(settings, title, words))
        }
        _ => {
            let words = ("그런 쪽이 없습니다.", "There is no such page.");
            let title = ("없는 쪽입니다", "Not found");
            html(StatusCode::NOT_FOUND, page::told(settings, title, words))
        }
    }
}

/// Reads a form and does something with it that may wait for the disk.
async fn post(
    request: Request<Incoming>,
    peer: Peer,
    edge: &Arc<Edge>,
    act: fn(&Desk, &Typed, Peer) -> Answered,
) -> Answered {
    let (desk, limits) = (&edge.desk, edge.limits);
    if !is_own(request.headers()) {
        return refused(desk, Refusal::Foreign);
    }
    let told = |status, ko, en| {
        let title = ("받지 못했습니다", "Not taken");
        html(status, page::told(desk.settings(), title, (ko, en)))
    };
    let body = Limited::new(request.into_body(), limits.body_bytes).collect();
    let body = match timeout(limits.request_within, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return told(StatusCode::PAYLOAD_TOO_LARGE, "너무 깁니다.", "It is too long.");
        }
        Ok(Err(_broken)) => {
            return told(
                StatusCode::BAD_REQUEST,
                "다 오지 않았습니다.",
                "It did not arrive whole.",
            );
        }
        Err(_slow) => {
            return told(StatusCode::REQUEST_TIMEOUT, "너무 오래 걸렸습니다.", "It took too long.");
        }
    };
    let Ok(typed) = Typed::read(&body) else {
        return told(
            StatusCode::BAD_REQUEST,
            "읽을 수 없는 양식입니다.",
            "It is no form that can be read.",
        );
    };
    let place = timeout(limits.request_within, Arc::clone(&edge.at_work).acquire_owned()).await;
    let Ok(place) = place else { return refused(desk, Refusal::TooManyOfAll) };
    let place = place.expect("never closed");
    let desk = Arc::clone(desk);
    let done = spawn_blocking(move || {
        let _held = place;
        act(&desk, &typed, peer)
    });
    match timeout(limits.request_within, done).await {
        Ok(Ok(answer)) => answer,
        _ => {
            tracing::error!("a form waits for the disk for too long, or broke an invariant");
            refused(&edge.desk, Refusal::Failed)
        }
    }
}

fn take(desk: &Desk, typed: &Typed, peer: Peer) -> Answered {
    let settings = desk.settings();
    match desk.take(typed, peer) {
        Taken::Sealed { receipt, code, at } => {
            html(StatusCode::OK, page::sealed(settings, &receipt, &code, at))
        }
        Taken::Wrong(mistakes) => {
            let shown = if mistakes.is_empty() { Shown::Stale } else { Shown::Wrong(&mistakes) };
            let again = page::form(settings, typed, &desk.token(), shown);
            html(StatusCode::UNPROCESSABLE_ENTITY, again)
        }
        Taken::Refused(refusal) => refused(desk, refusal),
    }
}

fn look(desk: &Desk, typed: &Typed, peer: Peer) -> Answered {
    let settings = desk.settings();
    match desk.look(typed.one("receipt"), typed.one("code"), peer) {
        Looked::Found(receipt, standing) => {
            html(StatusCode::OK, page::found(settings, &receipt, &standing))
        }
        Looked::Unknown => {
            let again = page::status(settings, typed.one("receipt"), true);
            html(StatusCode::NOT_FOUND, again)
        }
        Looked::Refused(refusal) => refused(desk, refusal),
    }
}

/// Whether a form was sent from a page of this very site, as far as the browser says.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
    }
}

/// Whom the agency's proxy speaks for: the last that it added.
fn forwarded(headers: &HeaderMap) -> Option<Peer> {
    let lines = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = lines.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse::<IpAddr>().ok().map(Peer::from)
}

fn refused(desk: &Desk, refusal: Refusal) -> Answered {
    let status = match refusal {
        Refusal::TooManyOfYou => StatusCode::TOO_MANY_REQUESTS,
        Refusal::TooManyOfAll | Refusal::Failed => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Again => StatusCode::CONFLICT,
        Refusal::Foreign => StatusCode::FORBIDDEN,
    };
    html(status, page::refused(desk.settings(), refusal))
}

fn html(status: StatusCode, text: String) -> Answered {
    response(status, HTML, text)
}

fn response(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answered {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        // Number and code are in the page: no cache and no neighbour may keep them.
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
