//! Signing in and out, and what a session's cookie is.

use domain::Role;
use host::Clock as _;
use serde_json::json;

use crate::browser::Ask;
use crate::recorder::{PASSWORD, Recorder};

fn sign_in(password: &str) -> Ask {
    let body = json!({ "name": "operator", "password": password });
    Ask::new("POST", "/api/v1/session").marked().json(&body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_and_out() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let reply = recorder.browser.ask(sign_in(PASSWORD)).await;
    assert_eq!(reply.status, 200);
    let cookie = reply.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict");
    let secret = pair.strip_prefix("__Host-jikim=").unwrap();
    let session = reply.json();
    assert_eq!(session["account"]["roles"], json!(["operator"]));
    assert_eq!((&session["state"], &session["idle_limit_s"]), (&json!("active"), &json!(900)));
    let permissions = session["permissions"].as_array().unwrap();
    let play = permissions.iter().find(|it| it["action"] == "footage.play").unwrap();
    assert_eq!((&play["scope"], &play["look_back_s"]), (&json!("recent+purpose"), &json!(3600)));
    assert!(!permissions.iter().any(|it| it["action"] == "camera.add"));

    let read = Ask::new("GET", "/api/v1/session").session(secret);
    assert_eq!(recorder.browser.ask(read.clone()).await.status, 200);
    let out = Ask::new("DELETE", "/api/v1/session").session(secret).marked();
    let reply = recorder.browser.ask(out).await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("set-cookie").unwrap().ends_with("Max-Age=0"));
    assert_eq!(recorder.browser.ask(read).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_attempts_are_told_when_to_come_again() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let mut codes = Vec::new();
    for _ in 0..5 {
        let reply = recorder.browser.ask(sign_in("wrong horse battery")).await;
        codes.push(reply.code().unwrap());
        if reply.status == 429 {
            let seconds = reply.json()["error"]["retry_after_s"].as_u64().unwrap();
            assert!((1..=60).contains(&seconds));
            assert_eq!(reply.header("retry-after"), Some(seconds.to_string().as_str()));
        }
    }
    assert_eq!(codes[0], "wrong-password");
    assert_eq!(codes[4], "too-many-attempts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_without_quoting_it() {
    let recorder = Recorder::new().await;
    let bodies = [
        json!({ "name": "operator", "password": { "hunter2": 1 } }),
        json!({ "name": "operator", "pasword": "hunter2" }),
        json!({ "name": "operator", "password": "hunter2".repeat(10_000) }),
    ];
    for body in bodies {
        let ask = Ask::new("POST", "/api/v1/session").marked().json(&body);
        let reply = recorder.browser.ask(ask).await;
        assert_eq!((reply.status, reply.code().as_deref()), (400, Some("bad-request")));
        assert!(!String::from_utf8_lossy(&reply.body).contains("hunter2"));
    }
    let mut form = sign_in(PASSWORD);
    form.headers.retain(|(name, _)| name != "Content-Type");
    assert_eq!(recorder.browser.ask(form).await.code().as_deref(), Some("bad-request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_leads_to_the_address_that_was_asked() {
    let recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Manager).await.expose();
    let now = recorder.clock.wall().to_string();
    let body = json!({
        "display_name": "새 사람", "roles": ["operator"],
        "appointment": { "pledged_at": now, "trained_at": now },
    });
    let ask = Ask::new("POST", "/api/v1/accounts").session(&session).marked().json(&body);
    let reply = recorder.browser.ask(ask).await;
    assert_eq!(reply.status, 201);
    let link = reply.json()["link"].as_str().unwrap().to_owned();
    let secret = link.strip_prefix(&format!("{}/#link=", recorder.browser.origin())).unwrap();

    let body = json!({ "link": secret, "name": "newcomer", "password": PASSWORD });
    let claim = Ask::new("POST", "/api/v1/session/claim").marked().json(&body);
    let reply = recorder.browser.ask(claim.clone()).await;
    assert_eq!(reply.json()["account"]["name"], "newcomer");
    let reply = recorder.browser.ask(claim).await;
    assert_eq!((reply.status, reply.code().as_deref()), (410, Some("link-invalid")));
}
