//! Who asks: the session's cookie, and the guard against requests that another site sends.

use std::net::SocketAddr;
use std::sync::Arc;

use access::{Asker, SessionSecret};
use api::ErrorCode;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::edge::Edge;
use crate::refusal::Refused;

/// The session's cookie. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
const COOKIE: &str = "__Host-jikim";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// Where a request comes from: the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// A signed-in person.
pub(crate) struct Person {
    pub(crate) asker: Asker,
    pub(crate) secret: SessionSecret,
}

impl FromRequestParts<Arc<Edge>> for Person {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Refused> {
        let secret = secret_of(&parts.headers).ok_or(ErrorCode::NotSignedIn)?;
        let asker = edge.access.asker(&secret).ok_or(ErrorCode::NotSignedIn)?;
        Ok(Self { asker, secret })
    }
}

fn secret_of(headers: &HeaderMap) -> Option<SessionSecret> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let mut cookies = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    let value = cookies.find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })?;
    SessionSecret::parse(value).ok()
}

/// The header that gives a browser its session.
pub(crate) fn cookie_of(secret: &SessionSecret) -> HeaderValue {
    let cookie = format!("{COOKIE}={}; {ATTRIBUTES}", secret.expose());
    let mut value = HeaderValue::from_str(&cookie).expect("base64url is fit for a header");
    value.set_sensitive(true);
    value
}

/// The header that takes a browser its session.
pub(crate) fn no_cookie() -> HeaderValue {
    HeaderValue::from_str(&format!("{COOKIE}=; {ATTRIBUTES}; Max-Age=0")).expect("plain ASCII")
}

/// Turns away what another site sends in the name of somebody who is signed in here: whatever
/// changes something carries a header that a form cannot send, and whatever names an origin names
/// ours. WebSockets must name it: browsers send cookies with them to any site.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let marked = headers.get(api::REQUEST_HEADER).is_some_and(|value| value == "1");
    let upgrades = headers.contains_key(header::UPGRADE);
    let fits = match is_own_origin(headers) {
        Some(own) => own,
        None => !upgrades,
    };
    if fits && (marked || !changes) {
        next.run(request).await
    } else {
        Refused::from(ErrorCode::ForeignRequest).into_response()
    }
}

/// Whether the origin is ours; none where the request names no origin.
fn is_own_origin(headers: &HeaderMap) -> Option<bool> {
    let origin = headers.get(header::ORIGIN)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = host.map(|host| format!("https://{host}"));
    Some(own.is_some_and(|own| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())))
}

/// The host by which the browser knows us, if it is fit to be written into an address.
pub(crate) fn host_of(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    (!host.is_empty() && host.len() <= 255 && host.chars().all(fits)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn an_origin_is_ours_or_not() {
        let host = (header::HOST, "recorder:8443");
        let origin = |value| is_own_origin(&headers(&[host.clone(), (header::ORIGIN, value)]));
        assert_eq!(origin("https://recorder:8443"), Some(true));
        assert_eq!(origin("http://recorder:8443"), Some(false));
        assert_eq!(origin("https://recorder:8443.evil"), Some(false));
        assert_eq!(origin("null"), Some(false));
        assert_eq!(is_own_origin(&headers(&[host])), None);
        assert_eq!(is_own_origin(&headers(&[(header::ORIGIN, "https://")])), Some(false));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let secret = "A".repeat(43);
        let of = |line: &str| secret_of(&headers(&[(header::COOKIE, line)]));
        assert!(of(&format!("a=b; __Host-jikim={secret}")).is_some());
        assert!(of(&format!("x__Host-jikim={secret}")).is_none());
        assert!(of("__Host-jikim=short").is_none());
    }

    #[test]
    fn only_a_host_goes_into_an_address() {
        let host = |value| host_of(&headers(&[(header::HOST, value)])).is_some();
        assert!(host("[::1]:8443") && host("recorder.example:443"));
        assert!(!host("evil/path") && !host("a@b") && !host("a b; script-src *"));
    }
}
