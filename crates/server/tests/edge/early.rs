//! K9: the rule on early destruction over HTTP: two people make it, one takes it back, all may see it.

use access::EntryNumber;
use domain::{Action, Role};
use serde_json::{Value, json};

use crate::browser::{Ask, Reply};
use crate::recorder::Recorder;

const EARLY: &str = "/api/v1/early-destruction";

async fn post(recorder: &Recorder, role: Role, path: &str, body: Value) -> Reply {
    let session = recorder.session(role).await.expose();
    recorder.browser.ask(Ask::new("POST", path).session(&session).marked().json(&body)).await
}

async fn proposals(recorder: &Recorder) -> Value {
    let session = recorder.session(Role::Officer).await.expose();
    recorder.browser.ask(Ask::new("GET", "/api/v1/proposals").session(&session)).await.json()
}

fn path_of(proposal: &Value, step: &str) -> String {
    format!("/api/v1/proposals/{}/{}/{step}", proposal["year"], proposal["number"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_the_rule_is_proposed_approved_and_taken_back_over_the_api() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let proposed = post(&recorder, Role::Administrator, EARLY, json!({ "reason": "disk" })).await;
    assert_eq!(proposed.status, 201, "{proposed:?}");
    let proposal = proposed.json();
    assert_eq!(proposal["action"], Action::AllowEarly.word());
    for nothing in ["camera", "retention_max_s", "present_max_s"] {
        assert!(proposal[nothing].is_null(), "{proposal}");
    }
    let decide = path_of(&proposal, "decide");
    // The control: nobody makes it alone, and two without a manager do not either.
    for role in [Role::Administrator, Role::Officer] {
        let refused = post(&recorder, role, &decide, json!({ "approves": true })).await;
        assert_eq!(refused.code().as_deref(), Some("forbidden"), "{refused:?}");
        assert_eq!(proposals(&recorder).await["early"]["proposal"], Value::Null);
    }
    let approved = post(&recorder, Role::Manager, &decide, json!({ "approves": true })).await;
    assert_eq!((approved.status, &approved.json()["state"]), (200, &"carried-out".into()));

    let seen = proposals(&recorder).await;
    let number = format!("{}/{}", proposal["year"], proposal["number"]);
    assert_eq!(seen["early"]["proposal"], number.as_str());
    assert!(seen["early"]["in_force_from"].is_string() && seen["early"]["last_act"].is_null());
    assert_eq!(seen["proposals"][0]["state"], "carried-out");
    let (_, from) = recorder.access.early().rule.unwrap();
    assert_eq!(seen["early"]["in_force_from"], from.to_string().as_str());

    // While it stands, another one is neither proposed nor made: its day would begin anew.
    let second = post(&recorder, Role::Administrator, EARLY, json!({ "reason": "disk" })).await;
    assert_eq!(second.code().as_deref(), Some("conflict"), "{second:?}");
    assert_eq!(recorder.access.early().rule.unwrap().1, from);

    let revoked = post(&recorder, Role::Officer, &format!("{EARLY}/revoke"), json!({})).await;
    assert_eq!((revoked.status, &revoked.json()["proposal"]), (200, &Value::Null));
    assert!(recorder.access.early().rule.is_none());
    // What was used up does not bring it back.
    let again = format!("{EARLY}/{number}/carry-out");
    let again = post(&recorder, Role::Manager, &again, json!({})).await;
    assert_eq!(again.code().as_deref(), Some("conflict"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k9_a_route_carries_out_its_own_act_alone() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let at = |base: &str, number: EntryNumber| {
        format!("/api/v1/{base}/{}/{}/carry-out", number.year, number.index)
    };
    let early = recorder.approved_with(Role::Manager, Action::AllowEarly).await;
    let longer = recorder.approved_with(Role::Manager, Action::LengthenRetention).await;
    for path in [at("proposals", early), at("early-destruction", longer)] {
        let refused = post(&recorder, Role::Manager, &path, json!({})).await;
        assert_eq!(refused.code().as_deref(), Some("not-found"), "{path}");
    }
    assert!(recorder.access.early().rule.is_none());
    let done = post(&recorder, Role::Manager, &at("early-destruction", early), json!({})).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert!(recorder.access.early().rule.is_some());
}
