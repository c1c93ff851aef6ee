//! A1: every route × every role, signed in, locked and not signed in, against the table of `rules`.

use std::time::Duration;

use api::{ROUTES, Route, Transport};
use domain::{Action, Role};
use host::Clock as _;
use rules::{Cell, Place, cell};
use serde_json::{Value, json};

use crate::browser::{Ask, Said};
use crate::house::CAMERA;
use crate::recorder::{IDLE_LIMIT, PASSWORD, Recorder};
use crate::requests::receipt_of;

/// How a route answered.
#[derive(Debug, PartialEq, Eq)]
enum Answered {
    Well,
    Refused(String),
}

fn action(route: &Route) -> Action {
    Action::from_word(route.action).unwrap()
}

fn is_sign_in(route: &Route) -> bool {
    action(route) == Action::SignIn
}

/// What somebody may do although the session is locked.
fn works_while_locked(action: Action) -> bool {
    let free = [Action::Unlock, Action::SignOut, Action::HandOver, Action::ReadSession];
    free.contains(&action)
}

/// A path with everything filled in.
async fn path_of(recorder: &Recorder, route: &Route, role: Role) -> String {
    let id = match action(route) {
        // Whom this person may end: rights over accounts are divided by what the account sees.
        Action::EndAppointment | Action::ChangeAppointment if role == Role::Manager => {
            recorder.appoint(Role::Operator).await.0.to_string()
        }
        Action::EndAppointment | Action::ChangeAppointment | Action::ResetTechnical => {
            recorder.appoint(Role::Contractor).await.0.to_string()
        }
        Action::ContinueRequest | Action::DecideRequest | Action::ReadRequest => {
            receipt_of(recorder.request(role).await)
        }
        Action::ContinueDisclosure
        | Action::DecideDisclosure
        | Action::CompelDisclosure
        | Action::ReviewDisclosure
        | Action::ReadDisclosure => receipt_of(recorder.disclosure(role).await),
        _ => CAMERA.to_string(),
    };
    let now = recorder.clock.wall();
    let number = match action(route) {
        Action::CloseTicket => {
            let (contractor, _) = recorder.appoint(Role::Contractor).await;
            recorder.open_ticket(contractor).await.index
        }
        // Consent is taken back of one who is there, and gave it.
        Action::RecordVisit => recorder.visit().await.index,
        Action::DecideProposal => recorder.propose(another_than(role)).await.index,
        action @ (Action::LengthenRetention | Action::AllowEarly | Action::LoosenPolicy) => {
            recorder.approved_with(role, action).await.index
        }
        Action::SealExport => {
            recorder.granted_case().await;
            recorder.approved_with(role, Action::SealExport).await.index
        }
        Action::DestroyMinutes => {
            let number = recorder.approved_with(role, Action::DestroyMinutes).await;
            recorder.clock.advance(Duration::from_secs(86_400));
            number.index
        }
        _ => 0,
    };
    let is_of_exports = route.path.starts_with("/api/v1/exports");
    if is_of_exports && action(route) != Action::SealExport {
        recorder.granted_case().await;
    }
    if action(route) == Action::OpenTicket {
        recorder.appoint(Role::Contractor).await;
    }
    if route.path == "/api/v1/early-destruction" {
        recorder.without_early_rule().await;
    }
    let path = route.path.replace("{id}", &id).replace("{year}", "2026");
    let path = path.replace("{sha256}", &"a".repeat(64));
    let path = path.replace("{number}", &number.to_string()).replace("{version}", "1");
    let path = path.replace("{kind}", "receipt").replace("{clip}", "1");
    let path = path.replace("{name}", "requests");
    let path = path.replace("{*path}", "0/000");
    match action(route) {
        Action::ReadTimeline => {
            format!("{path}?camera={CAMERA}&from={}&to={now}", now - Duration::from_secs(60))
        }
        _ => path,
    }
}

/// Somebody who may propose, and is not this one.
fn another_than(role: Role) -> Role {
    if role == Role::Manager { Role::Administrator } else { Role::Manager }
}

/// A body with which the route can do its work.
fn body_of(recorder: &Recorder, route: &Route) -> Option<Value> {
    let purpose = json!({ "kind": "incident", "note": "2026-17" });
    let now = recorder.clock.wall();
    let device = json!({ "url": "rtsp://camera/", "transport": "tcp", "reason": "broken" });
    Some(match route.path {
        "/api/v1/session" => json!({ "name": "inspector", "password": PASSWORD }),
        "/api/v1/session/claim" => {
            json!({ "link": "A".repeat(43), "name": "someone", "password": PASSWORD })
        }
        "/api/v1/session/unlock" => json!({ "password": PASSWORD }),
        "/api/v1/session/hand-over" => {
            json!({ "outgoing_password": PASSWORD, "name": "relief", "password": PASSWORD })
        }
        "/api/v1/accounts" => json!({ "display_name": "new", "roles": ["contractor"] }),
        "/api/v1/accounts/{id}/appointment" => json!({ "document": "총무-17" }),
        "/api/v1/cameras" => json!({
            "name": "n", "spot": "", "url": "rtsp://camera/", "transport": "tcp",
            "retention": "90s",
        }),
        "/api/v1/cameras/{id}" => json!({ "name": "new" }),
        "/api/v1/cameras/{id}/replace" => device,
        "/api/v1/cameras/{id}/range" => json!({ "picture_base64": null }),
        "/api/v1/cameras/{id}/retire" => json!({ "reason": "gone" }),
        "/api/v1/cameras/{id}/retention" => json!({ "retention_max_s": 60 }),
        "/api/v1/proposals" => json!({
            "camera": CAMERA.to_string(), "retention_max_s": 120, "reason": "2026-17",
        }),
        "/api/v1/holds" => json!({
            "case": "2026-17", "cameras": [CAMERA.to_string()], "purpose": purpose,
            "from": (now - Duration::from_secs(90)).to_string(), "to": now.to_string(),
            "until": (now + Duration::from_secs(3600)).to_string(),
        }),
        "/api/v1/holds/{id}/renew" => {
            json!({ "until": (now + Duration::from_secs(7200)).to_string(), "purpose": purpose })
        }
        "/api/v1/holds/{id}/release" => json!({ "purpose": purpose }),
        "/api/v1/single-minutes" => json!({
            "cameras": [CAMERA.to_string()], "reason": "2026-17",
            "from": (now.floor(Duration::from_secs(60)) - Duration::from_secs(600)).to_string(),
            "to": now.floor(Duration::from_secs(60)).to_string(),
        }),
        "/api/v1/early-destruction"
        | "/api/v1/exports/copies/{sha256}/proposal"
        | "/api/v1/exports/{year}/{number}/revocation" => json!({ "reason": "2026-17" }),
        "/api/v1/exports" if route.method == api::Method::Post => {
            json!({ "kind": "request", "id": "2026-1", "masked": true })
        }
        "/api/v1/policy/reading" => json!({ "text": "" }),
        "/api/v1/policy" | "/api/v1/policy/draft" => json!({ "description": "" }),
        "/api/v1/policy/proposals" => json!({ "description": "looser", "reason": "시험" }),
        "/api/v1/attestations" => json!({
            "promise": "signs", "result": "seen-so", "day": now.to_string()[..10], "remark": "",
        }),
        "/api/v1/tickets" => {
            json!({
                "contractor": recorder.contractor_without_ticket().unwrap_or_default(),
                "escort": recorder.account_of(Role::Manager), "work": "disk", "from": now.to_string(),
                "until": (now + Duration::from_secs(3600)).to_string(),
            })
        }
        "/api/v1/requests" => json!({
            "requester": { "name": "청구인", "phone": "02-000-0000" }, "asks": ["viewing"],
            "cameras": [CAMERA.to_string()], "reason": "사고", "channel": "counter",
            "from": (now - Duration::from_secs(600)).to_string(), "until": now.to_string(),
        }),
        "/api/v1/requests/{id}/decision" => json!({ "decision": "granted" }),
        "/api/v1/requests/{id}/objection" => json!({ "on": "2026-11-23", "text": "사실과 다름" }),
        "/api/v1/requests/{id}/identity"
        | "/api/v1/requests/{id}/answer"
        | "/api/v1/requests/{id}/withdrawal" => json!({ "remark": "" }),
        "/api/v1/disclosures" => json!({
            "kind": "provision", "body": "○○경찰서", "officer": "경위", "phone": "02-000-0000",
            "document": "형사과-1", "ground": "provision-7", "basis": "2026-1", "purpose": "수사",
            "cameras": [CAMERA.to_string()], "conditions": "파기", "use_until": "2027-01-31",
            "from": (now - Duration::from_secs(600)).to_string(), "until": now.to_string(),
        }),
        "/api/v1/disclosures/{id}/decision" => json!({ "granted": true }),
        "/api/v1/disclosures/{id}/compulsion" => json!({
            "compelled_by": "warrant", "by": "관리책임자", "how": "telephone", "at": now.to_string(),
        }),
        "/api/v1/disclosures/{id}/publication" => {
            json!({ "text": "누리집", "from": "2026-11-23", "until": "2026-12-03" })
        }
        "/api/v1/disclosures/{id}/review"
        | "/api/v1/disclosures/{id}/provision"
        | "/api/v1/disclosures/{id}/report"
        | "/api/v1/disclosures/{id}/withdrawal" => json!({ "text": "" }),
        "/api/v1/visits" => json!({
            "area": "room", "consent": "refused", "notice_sha256": "ab".repeat(32),
            "admission": "granted", "escort": recorder.account_of(Role::Manager),
        }),
        "/api/v1/tickets/{year}/{number}/close" => json!({ "remark": "done" }),
        "/api/v1/plans" => json!({ "site": "s", "building": "b", "name": "1", "level": 1 }),
        "/api/v1/plans/{id}" => json!({
            "revision": "2026/1", "site": "s", "building": "b", "name": "1", "level": 1,
            "cameras": [],
        }),
        "/api/v1/plans/{id}/remove" => json!({ "revision": "2026/1" }),
        "/api/v1/plans/{id}/picture" => json!({ "revision": "2026/1", "picture_base64": null }),
        "/api/v1/proposals/{year}/{number}/decide" => json!({ "approves": true }),
        "/api/v1/cameras/{id}/still" => json!({ "purpose": purpose }),
        "/api/v1/ledger/{year}/{number}/record" => json!({ "purpose": purpose }),
        "/api/v1/destruction/certificate" => json!({
            "camera": CAMERA.to_string(), "purpose": purpose,
            "from": (now - Duration::from_secs(600)).to_string(), "to": now.to_string(),
        }),
        "/api/v1/live" => json!({ "cameras": [CAMERA.to_string()], "feed": "auto" }),
        "/api/v1/footage" => json!({
            "cameras": [CAMERA.to_string()], "purpose": purpose,
            "from": (now - Duration::from_secs(600)).to_string(), "to": now.to_string(),
        }),
        _ => return None,
    })
}

async fn call(recorder: &Recorder, route: &Route, path: &str, session: Option<&str>) -> Answered {
    let body = body_of(recorder, route);
    let mut ask = Ask::new(&route.method.to_string(), path);
    if let Some(session) = session {
        ask = ask.session(session);
    }
    if route.transport == Transport::WebSocket {
        let origin = recorder.browser.origin();
        return match recorder.browser.upgrade(ask.header("Origin", &origin)).await {
            Err(reply) => Answered::Refused(reply.code().unwrap()),
            Ok(mut socket) => {
                socket.say(&body.unwrap()).await;
                match socket.hear().await {
                    Said::Text(said) if said["type"] == "opened" => Answered::Well,
                    Said::Text(said) => Answered::Refused(said["code"].as_str().unwrap().into()),
                    other => panic!("{other:?}"),
                }
            }
        };
    }
    if route.method != api::Method::Get {
        ask = ask.marked();
    }
    if let (Some(body), true) = (body, ["POST", "PATCH"].contains(&ask.method.as_str())) {
        ask = ask.json(&body);
    }
    let reply = recorder.browser.ask(ask).await;
    match reply.status {
        200..300 => Answered::Well,
        _ => Answered::Refused(reply.code().unwrap()),
    }
}

fn refused(code: &str) -> Answered {
    Answered::Refused(code.into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_every_route_does_for_each_role_what_the_table_says() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let (_, link) = recorder.appoint(Role::Operator).await;
    recorder.claim(&link, "relief").await;
    for route in ROUTES.iter().filter(|it| it.transport != Transport::Public && !is_sign_in(it)) {
        for role in Role::ALL {
            let path = path_of(&recorder, route, role).await;
            // The last one to sign in: a person's ninth session ends the oldest.
            let session = recorder.session(role).await.expose();
            let answered = call(&recorder, route, &path, Some(&session)).await;
            let what = format!("{} {} as {}", route.method, route.path, role.word());
            match cell(role, action(route), Place::InScope) {
                Cell::No => {
                    assert_eq!(answered, refused("forbidden"), "{what}");
                    assert_eq!(recorder.refused_action(), Some(action(route)), "{what}");
                }
                // No camera of this ledger has a new device.
                Cell::OncePerDevice => assert_eq!(answered, refused("conflict"), "{what}"),
                _ => assert_eq!(answered, Answered::Well, "{what}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_a_locked_session_reaches_only_what_unlocks_or_ends_it() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let (_, link) = recorder.appoint(Role::Officer).await;
    recorder.claim(&link, "relief").await;
    for route in ROUTES.iter().filter(|it| it.transport != Transport::Public && !is_sign_in(it)) {
        let path = path_of(&recorder, route, Role::Manager).await;
        let session = recorder.session(Role::Manager).await.expose();
        recorder.clock.advance(IDLE_LIMIT + Duration::from_secs(1));
        let answered = call(&recorder, route, &path, Some(&session)).await;
        let what = format!("{} {}", route.method, route.path);
        if works_while_locked(action(route)) {
            assert_eq!(answered, Answered::Well, "{what}");
        } else {
            assert_eq!(answered, refused("locked"), "{what}");
            // An account that ends or is made may be of either kind: the row names one of them.
            assert_eq!(recorder.refused_action(), Some(action(route)), "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_without_a_session_nothing_is_reached_but_what_is_public() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let dead = "A".repeat(43);
    for route in ROUTES {
        let path = path_of(&recorder, route, Role::Manager).await;
        let what = format!("{} {}", route.method, route.path);
        for session in [None, Some(dead.as_str())] {
            let answered = call(&recorder, route, &path, session).await;
            let expected = match route.path {
                "/api/v1/session/claim" => refused("link-invalid"),
                _ if route.transport == Transport::Public || is_sign_in(route) => Answered::Well,
                _ => refused("not-signed-in"),
            };
            assert_eq!(answered, expected, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_changes_nothing_and_opens_no_socket() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Manager).await.expose();
    for route in ROUTES.iter().filter(|route| route.transport != Transport::Public) {
        let path = path_of(&recorder, route, Role::Manager).await;
        let what = format!("{} {}", route.method, route.path);
        let ask = Ask::new(&route.method.to_string(), &path).session(&session);
        let foreign = ask.clone().marked().header("Origin", "https://evil.example");
        let unmarked = ask.json(&body_of(&recorder, route).unwrap_or_default());
        if route.transport == Transport::WebSocket {
            for ask in [foreign, unmarked] {
                let reply = recorder.browser.upgrade(ask).await.err().expect(&what);
                assert_eq!(reply.code().as_deref(), Some("foreign-request"), "{what}");
            }
            continue;
        }
        let reply = recorder.browser.ask(foreign).await;
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (403, Some("foreign-request")),
            "{what}"
        );
        if route.method != api::Method::Get {
            let reply = recorder.browser.ask(unmarked).await;
            assert_eq!(reply.code().as_deref(), Some("foreign-request"), "{what}");
        }
    }
}
