//! Every route, with the action that it performs.
//!
//! The server takes its routes from this table, so that none can exist without an action; the
//! files of the pages, which perform nothing, are its fallback and not a route.

use std::fmt;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
    /// Changes something.
    Patch,
    /// Ends something.
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        })
    }
}

/// How a route is reached, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// A request; a session, except where the action is to get one.
    Http,
    /// A WebSocket of the same origin, bound to a session and an act.
    WebSocket,
    /// A request by anybody: no session, no personal data.
    Public,
}

/// One route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path from the root, with `{name}` for a part that varies.
    pub path: &'static str,
    /// A word of `domain::Action`.
    pub action: &'static str,
    /// How it is reached.
    pub transport: Transport,
}

macro_rules! routes {
    ($($transport:ident $method:ident $path:literal => $action:literal;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route {
            method: Method::$method,
            path: $path,
            action: $action,
            transport: Transport::$transport,
        },)*];
    };
}

// Where a row's action depends on what is asked (an account with or without footage rights), the
// row names the narrower one and `access` decides again with the facts.
routes! {
    Http Post "/api/v1/session" => "session.sign-in";
    Http Get "/api/v1/session" => "session.read";
    Http Delete "/api/v1/session" => "session.sign-out";
    Http Post "/api/v1/session/claim" => "session.sign-in";
    Http Post "/api/v1/session/unlock" => "session.unlock";
    Http Post "/api/v1/session/touch" => "session.read";
    Http Post "/api/v1/session/hand-over" => "session.hand-over";
    Http Get "/api/v1/accounts" => "account.list";
    Http Post "/api/v1/accounts" => "account.appoint-technical";
    Http Post "/api/v1/accounts/{id}/end" => "account.end";
    Http Post "/api/v1/accounts/{id}/appointment" => "account.change";
    Http Post "/api/v1/accounts/{id}/reset" => "account.reset-technical";
    Http Get "/api/v1/cameras" => "camera.list";
    Http Post "/api/v1/cameras" => "camera.add";
    Http Patch "/api/v1/cameras/{id}" => "camera.change";
    Http Post "/api/v1/cameras/{id}/replace" => "camera.replace";
    Http Get "/api/v1/cameras/{id}/range" => "range.read";
    Http Post "/api/v1/cameras/{id}/range" => "range.change";
    Http Post "/api/v1/cameras/{id}/retire" => "camera.retire";
    Http Post "/api/v1/cameras/{id}/retention" => "camera.shorten-retention";
    Http Get "/api/v1/proposals" => "approval.list";
    Http Post "/api/v1/proposals" => "approval.propose";
    Http Post "/api/v1/proposals/{year}/{number}/decide" => "approval.decide";
    Http Post "/api/v1/proposals/{year}/{number}/carry-out" => "camera.lengthen-retention";
    Http Post "/api/v1/early-destruction" => "approval.propose";
    Http Post "/api/v1/early-destruction/{year}/{number}/carry-out" => "footage.allow-early";
    Http Post "/api/v1/early-destruction/revoke" => "footage.revoke-early";
    Http Post "/api/v1/single-minutes" => "approval.propose";
    Http Post "/api/v1/single-minutes/{year}/{number}/carry-out" => "footage.destroy-minutes";
    Http Get "/api/v1/holds" => "footage.list-holds";
    Http Post "/api/v1/holds" => "footage.hold";
    Http Post "/api/v1/holds/{id}/renew" => "footage.renew-hold";
    Http Post "/api/v1/holds/{id}/release" => "footage.release-hold";
    Http Post "/api/v1/cameras/{id}/still" => "camera.still";
    Http Get "/api/v1/cameras/{id}/pattern" => "camera.pattern";
    Http Get "/api/v1/footage/timeline" => "footage.timeline";
    WebSocket Get "/api/v1/footage" => "footage.play";
    WebSocket Get "/api/v1/live" => "live.watch";
    Http Post "/api/v1/destruction/certificate" => "footage.certify";
    Http Get "/api/v1/health" => "health.read";
    Http Get "/api/v1/ledger" => "ledger.read";
    Http Get "/api/v1/ledger/{year}/{number}" => "ledger.read";
    Http Post "/api/v1/ledger/{year}/{number}/record" => "ledger.records";
    Http Get "/api/v1/ledger/{year}/{number}/proof" => "ledger.read";
    Http Get "/api/v1/policy" => "policy.read";
    Http Get "/api/v1/policy/{version}" => "policy.read";
    Http Post "/api/v1/policy/draft" => "policy.read";
    Http Post "/api/v1/policy/reading" => "policy.read";
    Http Post "/api/v1/policy" => "policy.announce";
    Http Post "/api/v1/policy/proposals" => "approval.propose";
    Http Post "/api/v1/policy/proposals/{year}/{number}/carry-out" => "policy.loosen";
    Http Get "/api/v1/institution" => "policy.read";
    Http Get "/api/v1/promises" => "policy.read";
    Http Get "/api/v1/attestations" => "policy.read";
    Http Post "/api/v1/attestations" => "attestation.record";
    Http Get "/api/v1/plans" => "plan.read";
    Http Post "/api/v1/plans" => "plan.change";
    Http Patch "/api/v1/plans/{id}" => "plan.change";
    Http Post "/api/v1/plans/{id}/remove" => "plan.change";
    Http Get "/api/v1/plans/{id}/picture" => "plan.read";
    Http Post "/api/v1/plans/{id}/picture" => "plan.change";
    Http Get "/api/v1/tasks" => "policy.read";
    Http Get "/api/v1/registers/{name}" => "register.read";
    Http Get "/api/v1/requests" => "request.list";
    Http Post "/api/v1/requests" => "request.receive";
    Http Get "/api/v1/requests/{id}" => "request.read";
    Http Get "/api/v1/requests/{id}/letters/{kind}" => "request.read";
    Http Post "/api/v1/requests/{id}/identity" => "request.continue";
    Http Post "/api/v1/requests/{id}/decision" => "request.decide";
    Http Post "/api/v1/requests/{id}/answer" => "request.continue";
    Http Post "/api/v1/requests/{id}/objection" => "request.continue";
    Http Post "/api/v1/requests/{id}/withdrawal" => "request.continue";
    Http Get "/api/v1/disclosures" => "disclosure.list";
    Http Post "/api/v1/disclosures" => "disclosure.receive";
    Http Get "/api/v1/disclosures/{id}" => "disclosure.read";
    Http Post "/api/v1/disclosures/{id}/decision" => "disclosure.decide";
    Http Post "/api/v1/disclosures/{id}/compulsion" => "disclosure.compel";
    Http Post "/api/v1/disclosures/{id}/review" => "disclosure.review";
    Http Post "/api/v1/disclosures/{id}/provision" => "disclosure.continue";
    Http Post "/api/v1/disclosures/{id}/publication" => "disclosure.continue";
    Http Post "/api/v1/disclosures/{id}/report" => "disclosure.continue";
    Http Post "/api/v1/disclosures/{id}/withdrawal" => "disclosure.continue";
    Http Get "/api/v1/exports" => "export.list";
    Http Post "/api/v1/exports" => "export.prepare";
    Http Get "/api/v1/exports/copies/{sha256}/clips/{clip}" => "export.look";
    Http Get "/api/v1/exports/copies/{sha256}/boxes/{clip}" => "export.look";
    Http Get "/api/v1/exports/copies/{sha256}/originals/{clip}" => "export.original";
    Http Post "/api/v1/exports/copies/{sha256}/proposal" => "approval.propose";
    Http Post "/api/v1/exports/copies/{sha256}/seal" => "export.seal";
    Http Post "/api/v1/exports/copies/{sha256}/destruction" => "export.discard";
    Http Get "/api/v1/exports/{year}/{number}" => "export.deliver";
    Http Post "/api/v1/exports/{year}/{number}/revocation" => "export.revoke";
    Http Get "/api/v1/visits" => "visit.list";
    Http Post "/api/v1/visits" => "visit.record";
    Http Post "/api/v1/visits/{year}/{number}/leave" => "visit.record";
    Http Post "/api/v1/visits/{year}/{number}/withdraw" => "visit.record";
    Http Get "/api/v1/tickets" => "ticket.list";
    Http Post "/api/v1/tickets" => "ticket.open";
    Http Post "/api/v1/tickets/{year}/{number}/close" => "ticket.close";
    Public Get "/healthz" => "health.read";
    Public Get "/readyz" => "health.read";
    Public Get "/metrics" => "health.read";
    Public Get "/ledger-public/{year}/checkpoint" => "ledger.read";
    Public Get "/ledger-public/{year}/cosigned" => "ledger.read";
    Public Get "/ledger-public/{year}/tile/{*path}" => "ledger.read";
    Public Get "/ledger-public/companion/{sha256}" => "ledger.read";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_route_is_listed_twice_or_without_an_action() {
        let mut seen = BTreeSet::new();
        for route in ROUTES {
            assert!(seen.insert((route.method, route.path)), "{} twice", route.path);
            assert!(route.action.contains('.'), "{} performs no action", route.path);
        }
    }
}
