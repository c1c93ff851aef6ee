//! The visitors' book of a real recorder: the rooms of its policy, the text that a visitor is shown,
//! and the evidence beside a promise.

use serde_json::{Value, json};

use crate::house::House;

const PATH: &str = "/api/v1/visits";

#[test]
fn a_visit_is_entered_with_the_text_that_was_shown() {
    let mut house = House::empty();
    let clip = testkit::clips::small_h264();
    let clip = clip.to_str().unwrap();
    house.start_as(&[
        "demo",
        "--institution",
        "customs",
        "--listen",
        "127.0.0.1:0",
        "--clip",
        clip,
    ]);
    let manager = house.claim("manager");
    let book = manager.get(PATH).body;
    let me = manager.get("/api/v1/session").body["account"]["id"].clone();
    let notice = &book["notice"];
    let mut visit = json!({
        "area": book["areas"][0]["id"], "escort": me, "consent": "given", "admission": "granted",
        "notice_sha256": notice["sha256"], "name": "홍길동", "business": "점검",
    });
    // Consent to another text is none.
    let mut stale = visit.clone();
    stale["notice_sha256"] = "00".repeat(32).into();
    assert_eq!(manager.post(PATH, &stale).code(), "conflict");
    let mut elsewhere = visit.clone();
    elsewhere["area"] = "the-moon".into();
    assert_eq!(manager.post(PATH, &elsewhere).code(), "not-found");
    let entered = manager.post(PATH, &visit);
    assert_eq!(entered.status, 201, "{entered:?}");
    visit["consent"] = "refused".into();
    assert_eq!(manager.post(PATH, &visit).code(), "visit-unfit");
    visit["name"] = "".into();
    visit["business"] = "".into();
    assert_eq!(manager.post(PATH, &visit).status, 201);

    let (year, number) = (&entered.body["year"], &entered.body["number"]);
    let step = |what: &str| manager.post(&format!("{PATH}/{year}/{number}/{what}"), &json!({}));
    assert_eq!(step("withdraw").body["detail"]["name"], Value::Null);
    assert_eq!(step("leave").body["inside"], false);
    assert_eq!(step("leave").code(), "conflict");

    let all = house.cli(&["promises", "--json"]).json();
    let consent = all.as_array().unwrap().iter().find(|it| it["id"] == "safety.consent").unwrap();
    assert!(
        consent.to_string().contains("2 visits (1 with consent, 1 let in without)"),
        "{consent}"
    );
    assert_eq!(consent["state"], "unproven", "the book decides nothing");
    house.stop();

    let folder = house.data().join("ledger");
    let lines: Vec<&str> =
        notice["lines"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let kept = folder.join("companion").join(notice["sha256"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(kept).unwrap(), format!("{}\n", lines.join("\n")));
    let journal = std::fs::read(folder.join(year.to_string()).join("journal")).unwrap();
    let holds = |name: &str| journal.windows(name.len()).any(|it| it == name.as_bytes());
    assert!(!holds("홍길동"), "the name is sealed");
    // The control: what is public is found there.
    assert!(holds("\"consent\":\"given\""));
}
