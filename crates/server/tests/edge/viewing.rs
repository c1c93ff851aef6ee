//! Long viewing: what the page gets, and how it ends.

use std::time::{Duration, Instant};

use domain::{Action, Role};
use host::Clock as _;
use ledger::{Kind, OutcomeWord};
use serde_json::{Value, json};
use server::Limits;

use crate::browser::{Ask, Said, WebSocket};
use crate::house::CAMERA;
use crate::recorder::{DESK, IDLE_LIMIT, PASSWORD, Recorder};

const LIVE: &str = "/api/v1/live";

fn live() -> Value {
    json!({ "cameras": [CAMERA.to_string()], "feed": "main" })
}

/// A wall that runs.
async fn wall(recorder: &Recorder, session: &str) -> WebSocket {
    let mut socket = recorder.browser.socket(LIVE, session).await.unwrap();
    socket.say(&live()).await;
    socket.next("tile").await;
    assert!(socket.shows().await);
    socket
}

/// How the newest act of watching came out; none while it goes on.
fn outcome(recorder: &Recorder) -> Option<OutcomeWord> {
    let entries = recorder.entries();
    let watches = Kind::Intent { action: Action::WatchLive, proposal: None };
    let (intent, _) = entries.iter().find(|(_, entry)| entry.kind == watches).unwrap();
    entries.iter().find_map(|(_, entry)| match entry.kind {
        Kind::Outcome { intent: of, result } if of == *intent => Some(result),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_opens_with_its_entry_and_ends_with_its_outcome() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let mut socket = recorder.browser.socket(LIVE, &session).await.unwrap();
    socket.say(&live()).await;
    let opened = socket.next("opened").await;
    let watches = Kind::Intent { action: Action::WatchLive, proposal: None };
    let entries = recorder.entries();
    let (number, _) = entries.iter().find(|(_, entry)| entry.kind == watches).unwrap();
    assert_eq!(opened["ledger_entry"], number.to_string());
    let tile = socket.next("tile").await;
    assert_eq!((&tile["camera"], &tile["tile"]), (&json!(CAMERA.to_string()), &json!(0)));
    let Said::Binary(init) = socket.hear().await else { panic!("no initialisation") };
    let (header, media) = api::BinaryHeader::decode(&init).unwrap();
    assert_eq!((header.kind, media), (api::BinaryKind::Init, b"init".as_slice()));
    assert_eq!(header.wall_us, recorder.clock.wall().as_micros());
    assert_eq!(outcome(&recorder), None);
    drop(socket);
    soon(|| outcome(&recorder) == Some(OutcomeWord::Done)).await;
    assert!(recorder.entries().iter().any(|(_, it)| matches!(it.kind, Kind::Served { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_who_loses_the_right_is_told_within_a_second() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let (account, link) = recorder.appoint(Role::Operator).await;
    let session = recorder.claim(&link, "leaver").await.expose();
    let mut socket = wall(&recorder, &session).await;
    let manager = recorder.session(Role::Manager).await;
    let manager = recorder.access.asker(&manager).unwrap();
    let began = Instant::now();
    recorder.access.end_appointment(&manager, account).await.unwrap();
    assert_eq!(socket.next("closed").await["reason"], "revoked");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(matches!(socket.hear().await, Said::Closed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_sees_no_more() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let mut socket = wall(&recorder, &session).await;
    let out = Ask::new("DELETE", "/api/v1/session").session(&session).marked();
    assert_eq!(recorder.browser.ask(out).await.status, 204);
    assert_eq!(socket.next("closed").await["reason"], "signed-out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_session_keeps_its_wall_and_opens_no_other() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let mut socket = wall(&recorder, &session).await;
    recorder.clock.advance(IDLE_LIMIT + Duration::from_secs(1));
    recorder.access.tick().await;
    for _ in 0..5 {
        assert!(socket.shows().await);
    }
    let mut other = recorder.browser.socket(LIVE, &session).await.unwrap();
    other.say(&live()).await;
    assert_eq!(other.next("error").await["code"], "locked");
    assert!(matches!(other.hear().await, Said::Closed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hand_over_shows_no_dark_wall() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let mut old = wall(&recorder, &session).await;
    let body = json!({ "outgoing_password": PASSWORD, "name": "officer", "password": PASSWORD });
    let ask = Ask::new("POST", "/api/v1/session/hand-over").session(&session).marked().json(&body);
    let reply = recorder.browser.ask(ask).await;
    assert_eq!(reply.json()["account"]["name"], "officer");
    let cookie = reply.header("set-cookie").unwrap();
    let next = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(old.shows().await, "the old pictures go on until the new ones come");
    let mut new = wall(&recorder, next).await;
    assert_eq!(old.next("closed").await["reason"], "signed-out");
    assert!(new.shows().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn footage_is_sought_by_number() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.access.sign_in("officer", PASSWORD, DESK).await.unwrap().expose();
    let mut socket = recorder.browser.socket("/api/v1/footage", &session).await.unwrap();
    let (from, to) = ("2026-11-21T00:00:00.000000Z", "2026-11-21T12:00:00.000000Z");
    socket
        .say(&json!({
            "cameras": [CAMERA.to_string()], "from": from, "to": to,
            "purpose": { "kind": "incident", "note": "2026-17" },
        }))
        .await;
    socket.next("tile").await;
    socket.say(&json!({ "type": "position", "at": from })).await;
    for number in [1, 2] {
        socket.say(&json!({ "type": "seek", "to": to, "number": number })).await;
        let sought = socket.next("sought").await;
        assert_eq!((&sought["number"], &sought["to"]), (&json!(number), &json!(to)));
    }
    socket.say(&json!({ "type": "seek", "to": to, "number": 3, "speed_percent": -1600 })).await;
    let sought = socket.next("sought").await;
    assert_eq!(
        (&sought["speed_percent"], &sought["keyframes_only"]),
        (&json!(-1600), &json!(true))
    );
    socket
        .say(&json!({ "type": "changes", "number": 5, "tile": 0, "from": from, "to": to, "columns": 2 }))
        .await;
    let changes = socket.next("changes").await;
    assert_eq!((&changes["number"], &changes["levels"]), (&json!(5), &json!([7, null])));
    socket.say(&json!({ "type": "rewind" })).await;
    assert_eq!(socket.next("closed").await["reason"], "failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_page_asks_ends_the_playing() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.access.sign_in("officer", PASSWORD, DESK).await.unwrap().expose();
    let (from, to) = ("2026-11-21T00:00:00.000000Z", "2026-11-21T12:00:00.000000Z");
    let strip = |columns: u32, to: &str| json!({ "type": "changes", "number": 1, "tile": 0, "from": from, "to": to, "columns": columns });
    let seek =
        |speed: i64| json!({ "type": "seek", "to": to, "number": 1, "speed_percent": speed });
    for command in [
        strip(0, to),
        strip(1441, to),
        strip(70_000, to),
        strip(10, from),
        strip(10, "2026-11-22T00:00:01Z"),
        seek(0),
        seek(1601),
        seek(-1601),
        seek(i64::MAX),
    ] {
        let mut socket = recorder.browser.socket("/api/v1/footage", &session).await.unwrap();
        socket
            .say(&json!({
                "cameras": [CAMERA.to_string()], "from": from, "to": to,
                "purpose": { "kind": "incident", "note": "2026-17" },
            }))
            .await;
        socket.next("tile").await;
        socket.say(&command).await;
        assert_eq!(socket.next("closed").await["reason"], "failed", "{command}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_opened_is_said() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Officer).await.expose();
    let camera = |n: usize| format!("{n:08x}-0000-4000-8000-000000000000");
    let cameras = |count: usize| (0..count).map(camera).collect::<Vec<_>>();
    let purpose = json!({ "kind": "incident", "note": "x" });
    let footage = |count, from: &str| {
        let to = "2026-11-21T12:00:00Z";
        json!({ "cameras": cameras(count), "from": from, "to": to, "purpose": purpose })
    };
    let no_note = json!({ "cameras": cameras(1), "from": "2026-11-21T11:00:00Z",
        "to": "2026-11-21T12:00:00Z", "purpose": { "kind": "incident", "note": " " } });
    for (path, opening, code) in [
        (LIVE, json!({ "cameras": cameras(26), "feed": "auto" }), "too-many-cameras"),
        (LIVE, json!({ "cameras": [], "feed": "auto" }), "bad-request"),
        (LIVE, json!({ "cameras": ["x"], "feed": "auto" }), "bad-request"),
        (LIVE, json!("hello"), "bad-request"),
        ("/api/v1/footage", footage(10, "2026-11-21T11:00:00Z"), "too-many-cameras"),
        ("/api/v1/footage", footage(1, "2026-11-19T11:00:00Z"), "span-unfit"),
        ("/api/v1/footage", no_note, "purpose-missing"),
    ] {
        let mut socket = recorder.browser.socket(path, &session).await.unwrap();
        socket.say(&opening).await;
        assert_eq!(socket.next("error").await["code"], code, "{opening}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_has_a_few_sockets_and_no_more() {
    let limits = Limits { sockets_per_session: 2, ..Limits::default() };
    let recorder = Recorder::with(limits).await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let first = wall(&recorder, &session).await;
    let _second = wall(&recorder, &session).await;
    let reply = recorder.browser.socket(LIVE, &session).await.err().unwrap();
    assert_eq!((reply.status, reply.code().as_deref()), (503, Some("busy")));
    drop(first);
    for _ in 0..100 {
        if recorder.browser.socket(LIVE, &session).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the place never came back");
}

async fn soon(mut is_so: impl FnMut() -> bool) {
    for _ in 0..250 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not happen in time");
}
