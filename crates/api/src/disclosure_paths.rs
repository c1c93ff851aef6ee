//! The documented paths of disclosures to other bodies.

use utoipa::OpenApi;

use crate::{
    DisclosureCase, DisclosureConfirmation, DisclosureDecision, DisclosurePublication,
    DisclosureRemark, Disclosures, ErrorBody, NewDisclosure,
};

/// The disclosures, what is owed of each, and the grounds of the law of today: no names.
#[utoipa::path(get, path = "/api/v1/disclosures", tag = "disclosures",
    responses((status = 200, body = Disclosures), (status = "default", body = ErrorBody)))]
pub fn list_disclosures() {}

/// Takes in what another body asks for; what it is about is held in the same act.
#[utoipa::path(post, path = "/api/v1/disclosures", tag = "disclosures", request_body = NewDisclosure,
    responses((status = 201, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn receive_disclosure() {}

/// One disclosure with who asks, on what ground and for what; that it was read is entered.
#[utoipa::path(get, path = "/api/v1/disclosures/{id}", tag = "disclosures",
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn read_disclosure() {}

/// Decides a disclosure that another person received.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/decision", tag = "disclosures",
    request_body = DisclosureDecision,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn decide_disclosure() {}

/// Grants one alone that cannot wait, as somebody confirmed from afar; another reviews it on the next
/// open day.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/compulsion", tag = "disclosures",
    request_body = DisclosureConfirmation,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn compel_disclosure() {}

/// Enters what another person found who looked at what was granted by one alone.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/review", tag = "disclosures",
    request_body = DisclosureRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn review_disclosure() {}

/// Enters that the recipient saw it or has it.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/provision", tag = "disclosures",
    request_body = DisclosureRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn provide_disclosure() {}

/// Enters where and how long it is published that it was given.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/publication", tag = "disclosures",
    request_body = DisclosurePublication,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn publish_disclosure() {}

/// Enters what the recipient reported: what it did, and that it destroyed it.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/report", tag = "disclosures",
    request_body = DisclosureRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn report_disclosure() {}

/// Enters that it was taken back before anything was given.
#[utoipa::path(post, path = "/api/v1/disclosures/{id}/withdrawal", tag = "disclosures",
    request_body = DisclosureRemark,
    params(("id" = String, Path, description = "The number of receipt, `2026-17`.")),
    responses((status = 200, body = DisclosureCase), (status = "default", body = ErrorBody)))]
pub fn withdraw_disclosure() {}

/// These paths, to be merged into the whole document.
#[derive(OpenApi)]
#[openapi(paths(
    list_disclosures,
    receive_disclosure,
    read_disclosure,
    decide_disclosure,
    compel_disclosure,
    review_disclosure,
    provide_disclosure,
    publish_disclosure,
    report_disclosure,
    withdraw_disclosure,
))]
pub(crate) struct Paths;
