//! K9: single minutes over HTTP: two people, a day between, and just these minutes.

use std::time::Duration;

use access::{EntryNumber, Target};
use api::ErrorCode;
use domain::{Action, Role};
use host::Clock as _;
use ledger::Kind;
use serde_json::{Value, json};

use crate::browser::{Ask, Reply};
use crate::house::CAMERA;
use crate::recorder::Recorder;

const MINUTES: &str = "/api/v1/single-minutes";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

async fn post(recorder: &Recorder, role: Role, path: &str, body: Value) -> Reply {
    let session = recorder.session(role).await.expose();
    recorder.browser.ask(Ask::new("POST", path).session(&session).marked().json(&body)).await
}

async fn first_proposal(recorder: &Recorder) -> Value {
    let session = recorder.session(Role::Officer).await.expose();
    let seen = Ask::new("GET", "/api/v1/proposals").session(&session);
    recorder.browser.ask(seen).await.json()["proposals"][0].clone()
}

fn body(recorder: &Recorder, seconds: u64) -> Value {
    let from = recorder.clock.wall().floor(MINUTE) - MINUTE * 120;
    let to = from + Duration::from_secs(seconds);
    json!({
        "cameras": [CAMERA.to_string()], "from": from.to_string(), "to": to.to_string(),
        "reason": "a request by the person filmed",
    })
}

fn intents(recorder: &Recorder, number: EntryNumber) -> usize {
    let action = Action::DestroyMinutes;
    let intent = Kind::Intent { action, proposal: Some(number) };
    recorder.entries().iter().filter(|(_, entry)| entry.kind == intent).count()
}

fn carry_out(number: EntryNumber) -> String {
    format!("{MINUTES}/{}/{}/carry-out", number.year, number.index)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_single_minutes_are_proposed_approved_and_a_day_later_destroyed_over_the_api() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let sent = body(&recorder, 600);
    let proposed = post(&recorder, Role::Officer, MINUTES, sent.clone()).await;
    assert_eq!(proposed.status, 201, "{proposed:?}");
    let proposal = proposed.json();
    assert_eq!(proposal["action"], Action::DestroyMinutes.word());
    assert_eq!(proposal["minutes"]["from"], sent["from"]);
    assert_eq!(proposal["minutes"]["to"], sent["to"]);
    assert_eq!(proposal["minutes"]["cameras"][0]["name"], "정문");
    assert!(proposal["carry_out_from"].is_null() && proposal["camera"].is_null(), "{proposal}");
    let index = proposal["number"].as_u64().unwrap();
    let number = EntryNumber { year: 2026, index };
    let decide = format!("/api/v1/proposals/2026/{index}/decide");
    // Nobody alone, and no two without a manager.
    for role in [Role::Officer, Role::Administrator] {
        let refused = post(&recorder, role, &decide, json!({ "approves": true })).await;
        assert_eq!(refused.code().as_deref(), Some("forbidden"), "{refused:?}");
    }
    let approved = post(&recorder, Role::Manager, &decide, json!({ "approves": true })).await;
    let approved = approved.json();
    assert_eq!(
        (&approved["state"], &approved["can_carry_out"]),
        (&"approved".into(), &false.into())
    );
    let from = recorder.clock.wall() + DAY;
    let told: domain::WallTime = approved["carry_out_from"].as_str().unwrap().parse().unwrap();
    assert!(from.since(told) < MINUTE && told <= from, "{told} and not {from}");
    // Approving destroys nothing, and neither does asking again and again within the day.
    for _ in 0..23 {
        recorder.clock.advance(Duration::from_secs(3600));
        let refused = post(&recorder, Role::Manager, &carry_out(number), json!({})).await;
        assert_eq!(refused.code().as_deref(), Some("conflict"), "{refused:?}");
    }
    assert_eq!(
        (intents(&recorder, number), recorder.house.destroyed.lock().unwrap().len()),
        (0, 0)
    );
    recorder.clock.advance(Duration::from_secs(3600));
    // A third person carries nothing out, whatever the role.
    let third = post(&recorder, Role::Administrator, &carry_out(number), json!({})).await;
    assert_eq!(third.code().as_deref(), Some("approval-missing"), "{third:?}");
    assert_eq!(first_proposal(&recorder).await["can_carry_out"], true);
    // The control: a day later one of the two does it, once.
    let done = post(&recorder, Role::Officer, &carry_out(number), json!({})).await;
    assert_eq!((done.status, &done.json()["state"]), (200, &"carried-out".into()), "{done:?}");
    let again = post(&recorder, Role::Manager, &carry_out(number), json!({})).await;
    assert_eq!(again.code().as_deref(), Some("conflict"), "{again:?}");
    let destroyed = recorder.house.destroyed.lock().unwrap().clone();
    let [Target::Footage { cameras, from, to }] = destroyed.as_slice() else {
        panic!("{destroyed:?}");
    };
    assert_eq!(cameras.as_slice(), [CAMERA]);
    assert_eq!((&json!(from.to_string()), &json!(to.to_string())), (&sent["from"], &sent["to"]));
    assert_eq!(intents(&recorder, number), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_what_is_not_of_whole_minutes_is_not_widened_but_refused() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    for (seconds, code) in [(30, "span-unfit"), (0, "span-unfit"), (5 * 3600, "span-unfit")] {
        let refused = post(&recorder, Role::Manager, MINUTES, body(&recorder, seconds)).await;
        assert_eq!(refused.code().as_deref(), Some(code), "{seconds} s: {refused:?}");
    }
    let mut unknown = body(&recorder, 60);
    unknown["cameras"] = json!([domain::CameraId::from_bytes([9; 16]).to_string()]);
    let refused = post(&recorder, Role::Manager, MINUTES, unknown).await;
    assert_eq!(refused.code().as_deref(), Some("not-found"), "{refused:?}");
    let mut twice = body(&recorder, 60);
    twice["cameras"] = json!([CAMERA.to_string(), CAMERA.to_string()]);
    let refused = post(&recorder, Role::Manager, MINUTES, twice).await;
    assert_eq!(refused.code().as_deref(), Some("too-many-cameras"), "{refused:?}");
    // The control.
    let proposed = post(&recorder, Role::Manager, MINUTES, body(&recorder, 60)).await;
    assert_eq!(proposed.status, 201, "{proposed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_what_can_be_known_before_is_said_before_and_uses_no_approval_up() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let number = recorder.approved_with(Role::Manager, Action::DestroyMinutes).await;
    recorder.clock.advance(DAY);
    let codes = [
        ErrorCode::FootageHeld,
        ErrorCode::FootageWritten,
        ErrorCode::FootageOwed,
        ErrorCode::FootageGone,
        ErrorCode::FootageUnreadable,
        ErrorCode::DestructionFrozen,
        ErrorCode::NoWitnesses,
        ErrorCode::NotCosigned,
    ];
    for code in codes {
        *recorder.house.minutes_fail.lock().unwrap() = (Some(code), None);
        let refused = post(&recorder, Role::Manager, &carry_out(number), json!({})).await;
        assert_eq!(refused.code().as_deref(), Some(code.word()), "{refused:?}");
        assert_eq!(first_proposal(&recorder).await["state"], "approved");
        // Whom the rules refuse is told nothing of the footage.
        let other = post(&recorder, Role::Officer, &carry_out(number), json!({})).await;
        assert_eq!(other.code().as_deref(), Some("approval-missing"), "{other:?}");
    }
    assert_eq!(intents(&recorder, number), 0);
    // The control: what fails within the act uses the approval up, and says why as well.
    *recorder.house.minutes_fail.lock().unwrap() = (None, Some(ErrorCode::NotCosigned));
    let failed = post(&recorder, Role::Manager, &carry_out(number), json!({})).await;
    assert_eq!(failed.code().as_deref(), Some("not-cosigned"), "{failed:?}");
    assert_eq!(first_proposal(&recorder).await["state"], "failed");
    assert_eq!(
        (intents(&recorder, number), recorder.house.destroyed.lock().unwrap().len()),
        (1, 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_another_route_destroys_no_minutes() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let minutes = recorder.approved_with(Role::Manager, Action::DestroyMinutes).await;
    let longer = recorder.approved_with(Role::Manager, Action::LengthenRetention).await;
    recorder.clock.advance(DAY);
    let at = |base: &str, number: EntryNumber| {
        format!("/api/v1/{base}/{}/{}/carry-out", number.year, number.index)
    };
    let wrong = [at("proposals", minutes), at("early-destruction", minutes), carry_out(longer)];
    for path in wrong {
        let refused = post(&recorder, Role::Manager, &path, json!({})).await;
        assert_eq!(refused.code().as_deref(), Some("not-found"), "{path}");
    }
    assert_eq!(recorder.house.destroyed.lock().unwrap().len(), 0);
    let done = post(&recorder, Role::Manager, &carry_out(minutes), json!({})).await;
    assert_eq!(done.status, 200, "{done:?}");
}
