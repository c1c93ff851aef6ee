//! The contract for scripts: first line, command line, `status --json`, the end by SIGTERM.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use testkit::SimCamera;

use crate::house::{House, camera, cameras, wait_until};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[track_caller]
fn assert_keys(value: &Value, expected: &str) {
    assert_eq!(keys(value), expected.split(' ').collect(), "{value}");
}

#[test]
fn contract_the_demo_prints_one_line_with_four_links_that_claim_accounts() {
    let mut house = House::empty();
    let clip = testkit::clips::small_h264();
    let clip = clip.to_str().unwrap();
    let demo = ["demo", "--cameras", "2", "--listen", "127.0.0.1:0", "--clip", clip];
    house.start_as(&demo);
    assert_keys(house.first_line(), "address certificate links");
    assert_keys(&house.first_line()["links"], "administrator manager operator contractor");
    let manager = house.claim("manager");
    let contractor = manager.get("/api/v1/tickets").body["contractors"][0]["id"].clone();
    manager.open_ticket(contractor.as_str().unwrap());
    for (who, claimed) in [
        ("administrator", None),
        ("manager", Some(manager)),
        ("operator", None),
        ("contractor", None),
    ] {
        let web = claimed.unwrap_or_else(|| house.claim(who));
        let session = web.get("/api/v1/session").body;
        assert_eq!(session["account"]["roles"], serde_json::json!([who]));
    }
    wait_until("both cameras record", Duration::from_secs(60), || {
        let status = house.status();
        let cameras = status["cameras"].as_array().unwrap();
        cameras.len() == 2 && cameras.iter().all(|camera| camera["state"] == "recording")
    });
    assert!(house.stop() < Duration::from_secs(5));

    // The same folder again: the cameras are known, and a link that was used is not printed.
    house.start_as(&demo);
    let links = house.first_line()["links"].as_object().unwrap().clone();
    assert!(links.values().all(Value::is_null), "{links:?}");
    assert_eq!(house.status()["cameras"].as_array().unwrap().len(), 2);

    // It has a witness of its own, but where somebody names others these are asked.
    let policy = house.data().join("witnesses.policy");
    let own = std::fs::read_to_string(&policy).unwrap();
    assert!(own.contains("witness.demo.invalid"), "{own}");
    house.stop();
    let key = witness::create(&host::Disk, &house.beside("witness"), "witness.example/1").unwrap();
    let other = format!("witness w {key} http://127.0.0.1:9\nquorum w\n");
    std::fs::write(&policy, &other).unwrap();
    house.start_as(&demo);
    assert_eq!(std::fs::read_to_string(&policy).unwrap(), other);
}

#[test]
fn contract_cameras_are_added_in_every_way_and_the_status_has_its_documented_fields() {
    let account = ("admin".to_owned(), "p@ss word/지킴".to_owned());
    let digest = SimCamera { credentials: Some(account), ..camera(2) };
    let sim = cameras(vec![camera(0), camera(1), digest]);
    let mut house = House::run();
    assert_keys(house.first_line(), "address certificate links");
    assert_keys(&house.first_line()["links"], "administrator manager");
    assert_eq!(house.status()["cameras"], serde_json::json!([]));

    let by_tcp = house.add_camera("정문", &sim.url(0), &["--transport", "tcp"]);
    let by_udp = house.add_camera("후문", &sim.url(1), &["--transport", "udp"]);
    let file = house.beside("address");
    let with_password = "rtsp://admin:p%40ss%20word%2F%EC%A7%80%ED%82%B4@";
    std::fs::write(&file, format!("{}\n", sim.url(2).replace("rtsp://", with_password))).unwrap();
    let file = file.to_str().unwrap().to_owned();
    let add = ["camera", "add", "--name", "창고", "--url-file", &file, "--retention", "2h"];
    let added = house.cli(&add);
    assert_eq!(added.code, 0, "{added:?}");
    assert!(!added.out.contains("p%40ss"), "a password is never shown");

    for id in [&by_tcp, &by_udp] {
        house.wait_for_frames(id, 20);
    }
    let status = house.status();
    assert_keys(&status, "cameras ledger vault");
    assert_keys(
        &status["ledger"],
        "size root key second_key cosigned_size uncosigned_age_s evidence",
    );
    assert_keys(&status["vault"], "reels bytes root_epoch holders volumes scrub early");
    let holders = status["vault"]["holders"].as_array().unwrap();
    assert_eq!(holders.len(), 1);
    assert_keys(&holders[0], "name keeps away_since away_why provable provable_why");
    assert_eq!(
        (&holders[0]["name"], &holders[0]["keeps"]),
        (&"slot:holder.slots".into(), &true.into())
    );
    assert_eq!(holders[0]["away_since"], Value::Null);
    for volume in status["vault"]["volumes"].as_array().unwrap() {
        assert_keys(volume, "id is_failed is_full free_bytes days_left");
        assert_eq!((&volume["is_failed"], &volume["is_full"]), (&false.into(), &false.into()));
    }
    assert_keys(
        &status["vault"]["scrub"],
        "last_ended_at last_reels last_bytes last_damaged reels bytes damaged",
    );
    assert_eq!(status["vault"]["scrub"]["damaged"], 0);
    assert_keys(&status["vault"]["early"], "rule in_force_from last_at last_act");
    assert_eq!(status["cameras"].as_array().unwrap().len(), 3);
    for camera in status["cameras"].as_array().unwrap() {
        assert_keys(
            camera,
            "id name state codec width height frames_recorded bytes_recorded frames_lost \
             last_durable_frame_age_ms oldest_footage_age_s clock_drift_ppm clock_ahead_ms \
             suspicion gaps",
        );
        assert_eq!((&camera["codec"], &camera["width"]), (&"h264".into(), &320.into()));
        assert_eq!((&camera["height"], &camera["frames_lost"]), (&180.into(), &0.into()));
        assert_eq!(camera["state"], "recording");
        assert!(camera["last_durable_frame_age_ms"].as_u64().unwrap() <= 2500, "{camera}");
        assert!(camera["oldest_footage_age_s"].as_u64().unwrap() <= 30, "{camera}");
    }
    house.assert_running();
    assert!(!house.log().contains("p%40ss") && !house.log().contains("p@ss"));
}

#[test]
fn contract_sigterm_ends_in_time_and_no_counter_goes_back() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 30);
    let before = house.camera(&id);
    let ledger = house.status()["ledger"]["size"].as_u64().unwrap();
    assert!(house.stop() < Duration::from_secs(5));

    assert_eq!(house.cli(&["check", "--json"]).json()["ok"], true);
    house.start(&[]);
    assert!(house.first_line()["links"]["manager"].is_string(), "a link that was not used stays");
    let after = house.camera(&id);
    for counter in ["frames_recorded", "bytes_recorded", "frames_lost"] {
        let of = |camera: &Value| camera[counter].as_u64().unwrap();
        assert!(of(&after) >= of(&before), "{counter}: {before} then {after}");
    }
    assert!(house.status()["ledger"]["size"].as_u64().unwrap() > ledger);
    let frames = after["frames_recorded"].as_u64().unwrap();
    house.wait_for_frames(&id, frames + 15);

    // The time between is a declared gap, which --gaps-since can leave out.
    let gaps = house.camera(&id)["gaps"].as_array().unwrap().clone();
    let stopped: Vec<_> = gaps.iter().filter(|gap| gap["cause"] == "recorder-stopped").collect();
    assert_eq!(stopped.len(), 1, "{gaps:?}");
    assert_keys(stopped[0], "from to cause");
    let end = stopped[0]["to"].as_str().unwrap();
    let later = house.cli(&["status", "--json", "--gaps-since", end]).json();
    assert_eq!(later["cameras"][0]["gaps"], serde_json::json!([]), "{later}");
    let wrong = house.cli(&["status", "--json", "--gaps-since", "yesterday"]);
    assert!(!wrong.failed_with().is_empty());
}
