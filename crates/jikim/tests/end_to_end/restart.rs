//! Losing the catalog loses no footage, and doubles nothing.

use std::collections::BTreeSet;
use std::fs;

use host::{Clock as _, SystemClock};

use crate::house::{House, camera, cameras};

#[test]
fn r7_a_lost_catalog_is_built_anew_from_the_reels_and_a_damaged_one_is_put_aside() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let began = SystemClock.wall().to_string();
    let ids = [
        house.add_camera("정문", &sim.url(0), &[]),
        house.add_camera("후문", &sim.url(1), &["--retention", "31d"]),
    ];
    let ids = [ids[0].as_str(), ids[1].as_str()];
    ids.iter().for_each(|id| house.wait_for_frames(id, 30));
    house.claim("manager");
    // A second reel of each class.
    house.stop();
    house.start(&[]);
    ids.iter().for_each(|id| house.wait_for_frames(id, house.frames(id) + 20));
    let before = house.status();
    house.stop();
    let kept = (began.as_str(), &*SystemClock.wall().to_string());

    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(house.data().join(format!("catalog.sqlite3{end}")));
    }
    let report = house.cli(&["check", "--rebuild", "--json"]).json();
    assert_eq!(report["ok"], true, "{report}");
    assert_eq!(report["listed_reels"], report["reels"]);
    assert!(report["reels"].as_u64().unwrap() >= 4, "{report}");

    house.start(&[]);
    assert_all_is_there(&house, &ids, kept, &before);
    house.stop();

    fs::write(house.data().join("catalog.sqlite3"), vec![0x5a; 100_000]).unwrap();
    house.start(&[]);
    assert!(house.data().join("catalog.damaged.sqlite3").is_file());
    assert_all_is_there(&house, &ids, kept, &before);
    assert_eq!(house.cli(&["check", "--json"]).json()["ok"], true);
}

/// Every frame that was durable is listed and playable; no reel is entered twice.
#[track_caller]
fn assert_all_is_there(
    house: &House,
    ids: &[&str],
    kept: (&str, &str),
    before: &serde_json::Value,
) {
    let web = house.sign_in("manager");
    let seen = web.footage(ids, kept.0, kept.1);
    for (seen, id) in seen.iter().zip(ids) {
        let mut cameras = before["cameras"].as_array().unwrap().iter();
        let camera = cameras.find(|camera| camera["id"] == *id).unwrap();
        let frames = camera["frames_recorded"].as_u64().unwrap();
        assert!(seen.frames.len() as u64 >= frames, "{} of {camera}", seen.runs());
        assert_eq!(seen.twice, 0);
        assert!(house.frames(id) >= frames);
    }
    let mut reels = BTreeSet::new();
    let entries = web.published_entries();
    for entry in entries.iter().filter(|entry| entry["kind"] == "reel-closed") {
        let reel = entry["reel"].as_str().unwrap().to_owned();
        assert!(reels.insert(reel), "entered twice: {entry}");
    }
    assert!(reels.len() >= 2);
}
