//! The documented paths of persons' requests.

use crate::{
    ErrorBody, NewRequest, RequestCase, RequestDecision, RequestObjection, RequestRemark, Requests,
};

/// The requests and when each is due: no names.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests",
    responses((status = 200, body = Requests), (status = "default", body = ErrorBody)))]
pub fn list_requests() {}

/// Takes a request in; what it is about is held in the same act, for seven days.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = NewRequest,
    responses((status = 201, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn receive_request() {}

/// One request with who asks and why; that it was read is entered.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests",
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn read_request() {}

/// A letter that answers a request, as a file: what it says is what the records of the request say. That the
/// request was read is entered.
#[utoipa::path(get, path = "/api/v1/requests/{id}/letters/{kind}", tag = "requests",
    params(
        ("id" = String, Path, description = "The number of receipt, `2026-17`."),
        ("kind" = crate::LetterKind, Path, description = "One of those that are due."),
        ("format" = Option<crate::LetterFormat>, Query, description = "`html` if left out."),
        ("document_number" = Option<String>, Query,
            description = "The agency's own number (문서번호): at most 50 characters on one line."),
        ("day" = Option<String>, Query, description = "Of a viewing: `2026-11-30`."),
        ("time" = Option<String>, Query, description = "Of a viewing, in Korea: `14:00`."),
        ("place" = Option<String>, Query,
            description = "Of a viewing: at most 100 characters on one line."),
    ),
    responses(
        (status = 200, description = "The file; nothing may keep it on the way.", content(
            (String = "text/html"), (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/hwp+zip"), (Object = "application/json"))),
        (status = "default", body = ErrorBody)))]
pub fn read_letter() {}

/// Enters that somebody saw who asks, and of an agent by what right: the fact alone.
#[utoipa::path(post, path = "/api/v1/requests/{id}/identity", tag = "requests",
    request_body = RequestRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn identify_requester() {}

/// Decides a request that another person received; or anew, when somebody objected: that is decided by neither who
/// decided it before, nor who entered the objection, nor who received the request where somebody else is there.
#[utoipa::path(post, path = "/api/v1/requests/{id}/decision", tag = "requests",
    request_body = RequestDecision,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn decide_request() {}

/// Enters that what was decided was told or shown.
#[utoipa::path(post, path = "/api/v1/requests/{id}/answer", tag = "requests",
    request_body = RequestRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn answer_request() {}

/// Enters that somebody objected to what was decided: what it was about is held until it is decided anew.
#[utoipa::path(post, path = "/api/v1/requests/{id}/objection", tag = "requests",
    request_body = RequestObjection,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn object_to_request() {}

/// Enters that a request was taken back: what was held for it is held no longer. While an objection waits it is
/// that which is taken back, and what was decided stands.
#[utoipa::path(post, path = "/api/v1/requests/{id}/withdrawal", tag = "requests",
    request_body = RequestRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = RequestCase), (status = "default", body = ErrorBody)))]
pub fn withdraw_request() {}
