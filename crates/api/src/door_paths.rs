//! The documented paths of tickets and visitors: who comes to the machine, and to where it stands.

use crate::{ErrorBody, NewTicket, NewVisit, Ticket, TicketClosing, Tickets, Visit, Visits};

/// The visitors' book of controlled areas, the newest first.
#[utoipa::path(get, path = "/api/v1/visits", tag = "visits",
    responses((status = 200, body = Visits), (status = "default", body = ErrorBody)))]
pub fn list_visits() {}

/// Enters who came, whether he consents, and whether he is let in.
#[utoipa::path(post, path = "/api/v1/visits", tag = "visits", request_body = NewVisit,
    responses((status = 201, body = Visit), (status = "default", body = ErrorBody)))]
pub fn enter_visit() {}

/// Enters that a visitor left.
#[utoipa::path(post, path = "/api/v1/visits/{year}/{number}/leave", tag = "visits",
    params(("year" = u16, Path, description = "Of the visit's entry."),
        ("number" = u64, Path, description = "Of the visit's entry within the year.")),
    responses((status = 200, body = Visit), (status = "default", body = ErrorBody)))]
pub fn leave_visit() {}

/// Enters that a visitor takes his consent back.
#[utoipa::path(post, path = "/api/v1/visits/{year}/{number}/withdraw", tag = "visits",
    params(("year" = u16, Path, description = "Of the visit's entry."),
        ("number" = u64, Path, description = "Of the visit's entry within the year.")),
    responses((status = 200, body = Visit), (status = "default", body = ErrorBody)))]
pub fn withdraw_visit() {}

/// Maintenance tickets, the newest first.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets",
    responses((status = 200, body = Tickets), (status = "default", body = ErrorBody)))]
pub fn list_tickets() {}

/// Opens a ticket: a contractor can sign in only while one holds.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", request_body = NewTicket,
    responses((status = 201, body = Ticket), (status = "default", body = ErrorBody)))]
pub fn open_ticket() {}

/// Closes a ticket. The contractor's sessions end at once.
#[utoipa::path(post, path = "/api/v1/tickets/{year}/{number}/close", tag = "tickets",
    params(("year" = u16, Path, description = "Of the ticket's entry."),
        ("number" = u64, Path, description = "Of the ticket's entry within the year.")),
    request_body = TicketClosing,
    responses((status = 200, body = Ticket), (status = "default", body = ErrorBody)))]
pub fn close_ticket() {}
