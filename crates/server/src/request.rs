//! What a request holds, read with limits. What cannot be read is told in general words: the
//! reader's own error may quote a password.

use std::str::FromStr;
use std::sync::Arc;

use api::ErrorCode;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::edge::Edge;
use crate::refusal::Refused;

/// Bytes of the longest body.
pub(crate) const LONGEST_BODY: usize = 64 * 1024;

/// A JSON body.
pub(crate) struct Input<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Edge>> for Input<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, edge: &Arc<Edge>) -> Result<Self, Refused> {
        if !is_json(request.headers()) {
            return Err(ErrorCode::BadRequest.into());
        }
        let body = timeout(edge.limits.body_within, Bytes::from_request(request, edge));
        let body = body.await.map_err(|_slow| ErrorCode::BadRequest)?;
        let body = body.map_err(|_too_long| ErrorCode::BadRequest)?;
        let input = serde_json::from_slice(&body).map_err(|_unfit| ErrorCode::BadRequest)?;
        Ok(Self(input))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// An id, or what else one part of the path names.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: FromStr> FromRequestParts<Arc<Edge>> for Named<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Refused> {
        let Path(text) = Path::<String>::from_request_parts(parts, edge)
            .await
            .map_err(|_unfit| ErrorCode::NotFound)?;
        Ok(Self(text.parse().map_err(|_unfit| ErrorCode::NotFound)?))
    }
}

/// What follows the question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Edge>> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Refused> {
        let Query(asked) = Query::<T>::from_request_parts(parts, edge)
            .await
            .map_err(|_unfit| ErrorCode::BadRequest)?;
        Ok(Self(asked))
    }
}
