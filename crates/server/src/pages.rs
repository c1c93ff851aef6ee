//! The pages, as they were built and embedded.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::refusal::Refused;

/// `web/dist`, as it is in git.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// A file of the pages; the pages themselves at `/`. Their own routes lie behind `#`, so that no
/// other path is a page.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let file = match Dist::get(path) {
        Some(file) if method == Method::GET || method == Method::HEAD => file,
        _ => return Refused::from(api::ErrorCode::NotFound).into_response(),
    };
    let hash = file.metadata.sha256_hash();
    let tag = HeaderValue::from_str(&format!("\"{}\"", hex(&hash))).expect("hexadecimal");
    let is_known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let head = [
        (header::ETAG, tag),
        (header::CONTENT_TYPE, HeaderValue::from_static(kind_of(path))),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching_of(path))),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, file.data.into_owned()).into_response()
}

/// Assets carry a hash in their names and never change; the rest is asked for anew.
fn caching_of(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
