//! A person asks that footage of himself is deleted (Act 36), from the counter to the letter: it is answered when the
//! recorder finds nothing of it any more, and not when somebody says so.

use serde_json::{Value, json};

use super::*;

const POLICY: &str = include_str!("../../../../../samples/institutions/patent.toml");
const ONE: &str = "/api/v1/requests/2026-1";

fn post(by: &Web, path: &str, body: &Value, status: u16) -> Value {
    let done = blocking(|| by.post(path, body));
    assert_eq!(done.status, status, "{path}: {done:?}");
    done.body
}

/// An officer whom the manager appoints.
fn officer(manager: &Web, clock: &TestClock, address: &str, certificate: &Path) -> Web {
    let now = clock.wall().to_string();
    let appointment = json!({ "pledged_at": now, "trained_at": now });
    let account =
        json!({ "display_name": "officer", "roles": ["officer"], "appointment": appointment });
    let made = post(manager, "/api/v1/accounts", &account, 201);
    let link = made["link"].as_str().unwrap();
    let secret = link.split_once("#link=").map_or(link, |(_, secret)| secret);
    let mut officer = Web::new(address, certificate);
    blocking(|| officer.claim(secret, "officer"));
    officer
}

fn request(start: WallTime) -> Value {
    json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000" }, "agent": null,
        "asks": ["deletion"], "cameras": [CAMERA.to_string()],
        "from": (start + MINUTE).to_string(), "until": (start + 3 * MINUTE).to_string(),
        "reason": "집 앞이 찍힘", "channel": "counter",
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_granted_to_be_deleted_is_answered_when_nothing_of_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let start = clock.wall();
    let witness = witnessed(&folder.path().join("witness"), &data, &clock).await;
    let listen = "127.0.0.1:0".parse().unwrap();
    let running = Running::start(config(&data, &clock), listen, None).await.unwrap();
    let house = Arc::clone(&running.house);
    camera(&house).await;
    blocking(|| film(&house, &clock, 5));
    cosigned(&house).await;
    let links = house.access.first_run_links().await.unwrap().unwrap();
    let certificate = data.join("tls").join("cert.pem");
    let mut manager = Web::new(&running.address(), &certificate);
    blocking(|| manager.claim(links.manager.unwrap().expose().as_str(), "manager"));
    let mut officer = officer(&manager, &clock, &running.address(), &certificate);
    post(&manager, "/api/v1/policy", &json!({ "description": POLICY }), 201);

    let case = post(&officer, "/api/v1/requests", &request(start), 201);
    assert!(case["line"]["hold"].is_null(), "what is to go is not held: {case}");
    assert!(case["deletion"].is_null(), "nothing is decided yet: {case}");
    post(&officer, &format!("{ONE}/identity"), &json!({ "remark": "" }), 200);
    let granted =
        post(&manager, &format!("{ONE}/decision"), &json!({ "decision": "granted" }), 200);
    assert_eq!(granted["deletion"]["kept"][0]["id"], CAMERA.to_string(), "{granted}");
    let letters = |case: &Value| case["letters"]["due"].to_string();
    assert!(!letters(&granted).contains("destroyed"), "{granted}");
    let letter = format!("{ONE}/letters/destroyed?format=html");
    let untrue = blocking(|| officer.get(&letter));
    assert_eq!(untrue.code(), "letter-unfit", "the control: it is still there");
    let answer = format!("{ONE}/answer");
    let early = blocking(|| officer.post(&answer, &json!({ "remark": "" })));
    assert_eq!(early.code(), "footage-kept", "{early:?}");

    let named = json!({
        "cameras": [CAMERA.to_string()], "from": (start + MINUTE).to_string(),
        "to": (start + 3 * MINUTE).to_string(), "reason": "청구 2026-1",
    });
    let proposed = post(&officer, MINUTES, &named, 201);
    let number = format!("{}/{}", proposed["year"], proposed["number"]);
    let decide = format!("/api/v1/proposals/{number}/decide");
    post(&manager, &decide, &json!({ "approves": true }), 200);
    cosigned(&house).await;
    clock.advance(DAY);
    blocking(|| manager.sign_in("manager"));
    blocking(|| officer.sign_in("officer"));
    cosigned(&house).await;
    let still = blocking(|| officer.post(&answer, &json!({ "remark": "" })));
    assert_eq!(still.code(), "footage-kept", "an approval destroys nothing: {still:?}");
    cosigned(&house).await;
    let done = blocking(|| manager.post(&format!("{MINUTES}/{number}/carry-out"), &json!({})));
    assert!(is_done(&done), "{done:?}");

    let case = blocking(|| officer.get(ONE)).body;
    assert_eq!(case["deletion"]["kept"], json!([]), "{case}");
    assert!(letters(&case).contains("destroyed"), "{case}");
    let told = blocking(|| officer.get(&letter));
    assert_eq!(told.status, 200, "{told:?}");
    let text = told.text();
    assert!(text.contains("삭제 결과 통지서") && text.contains(&number), "{text}");
    let answered = post(&officer, &answer, &json!({ "remark": "" }), 200);
    assert_eq!(answered["line"]["state"], "done", "{answered}");
    assert!(letters(&answered).contains("destroyed"), "the letter stays to be had");
    drop(house);
    running.stop().await;
    witness.shutdown().await;
}
