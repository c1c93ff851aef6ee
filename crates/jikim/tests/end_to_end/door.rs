//! The door: who may not see does not see, and who may is in the ledger first.

use std::time::Duration;

use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{Heard, House, Web, camera, cameras, opening};

/// A socket's opening was refused with this code, and no picture came.
#[track_caller]
fn assert_refused(web: &Web, path: &str, opening: &Value, code: &str) {
    let mut socket = web.open(path, opening);
    let words = socket.words();
    assert_eq!((&words["type"], &words["code"]), (&"error".into(), &code.into()), "{words}");
    loop {
        match socket.hear(Duration::from_secs(5)) {
            Heard::Said(words) => assert_eq!(words["type"], "closed", "{words}"),
            Heard::Closed => break,
            other => panic!("{other:?} after a refusal"),
        }
    }
}

/// The newest entry of somebody's own is the refusal of this action.
#[track_caller]
fn assert_refusal_is_entered(web: &Web, action: &str) {
    let entries = web.ledger(20);
    let newest = entries.iter().find(|entry| entry["mine"] == true).expect("there is an entry");
    assert_eq!((&newest["kind"], &newest["action"]), (&"refusal".into(), &action.into()));
}

#[test]
fn a1_who_may_not_see_is_refused_and_the_refusal_is_in_the_ledger() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let began = SystemClock.wall().to_string();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 20);
    let (administrator, manager) = (house.claim("administrator"), house.claim("manager"));
    let contractor = house.appoint_contractor(&administrator, &manager);
    let inspector = house.appoint(&administrator, "inspector");
    let operator = house.appoint(&manager, "operator");
    let now = SystemClock.wall().to_string();
    let live = json!({ "cameras": [id], "feed": "auto" });
    let footage = opening(&[&id], &began, &now);

    for web in [&administrator, &contractor, &inspector] {
        assert_refused(web, "/api/v1/live", &live, "forbidden");
        assert_refusal_is_entered(web, "live.watch");
        assert_refused(web, "/api/v1/footage", &footage, "forbidden");
        assert_refusal_is_entered(web, "footage.play");
        let timeline = format!("/api/v1/footage/timeline?camera={id}&from={began}&to={now}");
        assert_eq!(web.get(&timeline).status, 403);
    }
    // Nobody, and another site's page in the name of somebody who may.
    for path in ["/api/v1/live", "/api/v1/footage"] {
        assert_eq!(operator.without_session().socket(path).err(), Some(401));
        assert_eq!(operator.socket_from(path, "https://evil.example").err(), Some(403));
    }
    // Without a purpose there is no recorded footage, whoever asks.
    let mut empty = footage.clone();
    empty["purpose"]["note"] = json!("  ");
    assert_refused(&manager, "/api/v1/footage", &empty, "purpose-missing");
    let mut none = footage.clone();
    none.as_object_mut().unwrap().remove("purpose");
    assert_refused(&manager, "/api/v1/footage", &none, "bad-request");
    // Control: the same messages open the same footage to those who may.
    for web in [&manager, &operator] {
        assert!(web.footage(&[&id], &began, &now)[0].frames.len() >= 20);
        assert_eq!(web.open("/api/v1/live", &live).words()["type"], "opened");
    }
}

#[test]
fn a1_the_test_picture_of_a_device_is_taken_once() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 20);
    let (administrator, manager) = (house.claim("administrator"), house.claim("manager"));
    let contractor = house.appoint_contractor(&administrator, &manager);
    let still = format!("/api/v1/cameras/{id}/still");
    let purpose = json!({ "purpose": { "kind": "maintenance", "note": "설치 확인" } });

    let taken = administrator.post(&still, &purpose);
    assert_eq!(taken.status, 200, "{taken:?}");
    let (year, number) = taken.body["ledger_entry"].as_str().unwrap().split_once('/').unwrap();
    let entry = administrator.get(&format!("/api/v1/ledger/{year}/{number}")).body;
    assert_eq!(entry["entry"]["action"], "camera.still");
    let again = administrator.post(&still, &purpose);
    assert_eq!((again.status, again.code()), (409, "conflict"), "{again:?}");
    assert_refusal_is_entered(&administrator, "camera.still");

    let refused = contractor.post(&still, &purpose);
    assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{refused:?}");
    assert_eq!(contractor.get(&format!("/api/v1/cameras/{id}/pattern")).status, 204);
}

#[test]
fn l1_the_intent_is_in_the_ledger_before_the_first_picture() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let began = SystemClock.wall().to_string();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 30);
    let manager = house.claim("manager");
    let operator = house.appoint(&manager, "operator");
    let live = json!({ "cameras": [id], "feed": "main" });
    let footage = opening(&[&id], &began, &SystemClock.wall().to_string());
    let rounds = if crate::house::is_long() { 200 } else { 3 };
    for (path, opening, action) in
        [("/api/v1/live", &live, "live.watch"), ("/api/v1/footage", &footage, "footage.play")]
    {
        for _ in 0..rounds {
            let mut socket = operator.open(path, opening);
            let opened = socket.words();
            assert_eq!(opened["type"], "opened", "{opened}");
            let (year, number) = opened["ledger_entry"].as_str().unwrap().split_once('/').unwrap();
            let path = format!("/api/v1/ledger/{year}/{number}");
            let entry = operator.get(&path).body;
            assert_eq!(entry["entry"]["kind"], "intent", "{entry}");
            assert_eq!(
                (&entry["entry"]["action"], &entry["entry"]["mine"]),
                (&action.into(), &true.into())
            );
            let asked_at = entry["entry"]["time"].as_str().unwrap().to_owned();
            let media = socket.media();
            assert!(api::BinaryHeader::decode(&media).is_some());
            assert!(asked_at < SystemClock.wall().to_string());
            // What is another's, nobody reads without a purpose of his own.
            let others = manager.get(&path).body;
            assert_eq!((&others["detail"], &others["withheld"]), (&Value::Null, &true.into()));
        }
    }
}
