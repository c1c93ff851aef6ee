//! An objection to what was decided of a request: held on, decided by somebody else, told, and the last word.

use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use law::KOREA_AHEAD;
use serde_json::{Value, json};

use crate::house::{House, Web, camera, cameras};

const PATENT: &str = include_str!("../../../../samples/institutions/patent.toml");
const PATH: &str = "/api/v1/requests";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
const WORDS: &str = "대기실은 찍히지 않는 자리였음";

/// The day in Korea so many days from now.
fn day(ahead: u32) -> String {
    (SystemClock.wall() + KOREA_AHEAD + DAY * ahead).to_string()[..10].to_owned()
}

fn moment(text: &Value) -> WallTime {
    text.as_str().unwrap().parse().unwrap()
}

/// A request that one received and another refused and that was told; its path.
fn refused(officer: &Web, manager: &Web, camera: &str, from: WallTime) -> String {
    let form = json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000" }, "agent": null,
        "asks": ["viewing"], "cameras": [camera], "from": from.to_string(),
        "until": (from + MINUTE).to_string(), "reason": "접촉 사고", "channel": "counter",
    });
    let received = officer.post(PATH, &form);
    let one = format!("{PATH}/{}", received.body["line"]["id"].as_str().unwrap());
    let remark = json!({ "remark": "" });
    assert_eq!(officer.post(&format!("{one}/identity"), &remark).status, 200);
    let granted = officer.post(&format!("{one}/objection"), &objection(&day(0)));
    assert_eq!(granted.code(), "conflict", "nothing is decided");
    let decided = decide(manager, &one, &refusal("비공개 심리의 대기실이 찍힘"));
    let open = &decided.body["line"]["objectable"];
    assert_eq!((&open["from"], &open["until"]), (&day(0).into(), &Value::Null), "nobody told it");
    let told = officer.post(&format!("{one}/answer"), &remark);
    assert_eq!(told.body["line"]["state"], "done", "{told:?}");
    one
}

fn refusal(facts: &str) -> Value {
    json!({ "decision": "refused", "ground": "refusal-act-1", "text": facts })
}

fn objection(on: &str) -> Value {
    json!({ "on": on, "text": WORDS })
}

fn decide(by: &Web, one: &str, decision: &Value) -> crate::house::Answer {
    by.post(&format!("{one}/decision"), decision)
}

#[test]
fn an_objection_is_decided_by_who_neither_received_nor_decided() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &[]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    house.wait_for_frames(&asked, 100);
    let from = SystemClock.wall().floor(MINUTE);
    std::thread::sleep((from + MINUTE).since(SystemClock.wall()) + Duration::from_secs(1));
    let announced = manager.post("/api/v1/policy", &json!({ "description": PATENT }));
    assert_eq!(announced.status, 201, "{announced:?}");

    let one = refused(&officer, &manager, &asked, from);
    let line = officer.get(&one).body["line"].clone();
    // Thirty days from the notice, and longer if the last is a day on which offices are closed.
    let last = line["objectable"]["until"].as_str().unwrap().to_owned();
    assert!(last >= day(30) && last < day(41), "{last}");
    let held = moment(&line["hold"]["until"]);
    let last_midnight: WallTime = format!("{last}T15:00:00Z").parse().unwrap();
    assert_eq!(held, last_midnight, "to the end of that day in Korea");

    // Of two the one who decided enters it: else nobody would be left.
    let to = format!("{one}/objection");
    assert_eq!(line["objectable"]["is_for_another"], true);
    assert_eq!(officer.post(&to, &objection(&day(0))).code(), "forbidden");
    assert_eq!(operator.post(&to, &objection(&day(0))).code(), "forbidden");
    for unfit in [objection(&day(1)), objection("2026-01-02"), objection("soon")] {
        assert_eq!(manager.post(&to, &unfit).code(), "objection-unfit", "{unfit}");
    }
    let silent = json!({ "on": day(0), "text": " " });
    assert_eq!(manager.post(&to, &silent).code(), "objection-unfit");
    let objected = manager.post(&to, &objection(&day(0)));
    let line = &objected.body["line"];
    assert_eq!(line["state"], "objected", "{objected:?}");
    assert_eq!((&line["due"]["days_left"], &line["due"]["day"]), (&14.into(), &day(14).into()));
    assert_eq!(line["objection"]["bar"], "decided");
    assert!(moment(&line["hold"]["until"]) > SystemClock.wall() + DAY * 89, "held until decided");
    let board = officer.get(PATH).body["requests"].clone();
    assert_eq!(board[0]["due"]["days_left"], 14);
    assert!(!board.to_string().contains(WORDS), "the board has no words");
    assert_eq!(manager.post(&to, &objection(&day(0))).code(), "conflict", "it waits already");

    its_days_are_extended_once(&officer, &manager, &one);
    let third = house.appoint_another(&manager, "officer", "third");
    a_third_person_decides(&officer, &manager, &third, &one);
    the_register_has_it(&manager);
    house.stop();
    let folder = house.data().join("ledger");
    let year = std::fs::read_dir(&folder).unwrap().filter_map(Result::ok);
    let journals = year.map(|it| it.path().join("journal")).filter(|path| path.exists());
    let journal = journals.flat_map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>();
    let has = |text: &str| journal.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(has("\"step\":\"objected\"") && !has(WORDS), "what it says is sealed");
}

/// Who received the request may, while of the office nobody else is left; who decided it never.
fn its_days_are_extended_once(officer: &Web, manager: &Web, one: &str) {
    assert_eq!(officer.get(one).body["line"]["objection"]["bar"], Value::Null);
    let later = |until| json!({ "decision": "postponed", "text": "담당자 병가", "until": until });
    assert_eq!(decide(manager, one, &later(day(20))).code(), "forbidden");
    assert_eq!(decide(officer, one, &later(day(14))).code(), "objection-unfit");
    assert_eq!(decide(officer, one, &later(day(25))).code(), "objection-unfit");
    let extended = decide(officer, one, &later(day(24)));
    let line = &extended.body["line"];
    assert_eq!((&line["state"], &line["due"]["days_left"]), (&"objected".into(), &24.into()));
    assert_eq!(decide(officer, one, &later(day(23))).code(), "objection-unfit");
    letter_says(officer, one, &["처리 기한 연장 통지서", "담당자 병가", "제36조제2항"], &[]);
}

fn a_third_person_decides(officer: &Web, manager: &Web, third: &Web, one: &str) {
    assert_eq!(officer.get(one).body["line"]["objection"]["bar"], "received");
    let again = refusal("다시 보아도 대기실이 찍힘");
    assert_eq!(decide(officer, one, &again).code(), "forbidden");
    assert_eq!(decide(manager, one, &again).code(), "forbidden");
    let absent = json!({ "decision": "absent" });
    assert_eq!(decide(third, one, &absent).code(), "footage-kept", "something is kept");
    let decided = decide(third, one, &again);
    let line = &decided.body["line"];
    assert_eq!((&line["state"], &line["decision"]), (&"decided".into(), &"refused".into()));
    let held = moment(&line["hold"]["until"]);
    assert!(held > SystemClock.wall() + DAY * 29 && held < SystemClock.wall() + DAY * 31);
    let wanted = ["이의신청 결과 통지서", "다시 보아도 대기실이 찍힘", "행정심판", "제36조제2항"];
    // The agency takes no other objection to it.
    letter_says(third, one, &wanted, &["30일 이내에 이 통지를 보낸 기관"]);
    let told = officer.post(&format!("{one}/answer"), &json!({ "remark": "" }));
    assert_eq!(told.body["line"]["state"], "done", "{told:?}");
    assert_eq!(told.body["line"]["objectable"], Value::Null, "once");
    let to = format!("{one}/objection");
    assert_eq!(officer.post(&to, &objection(&day(0))).code(), "conflict");
}

fn letter_says(by: &Web, one: &str, wanted: &[&str], unwanted: &[&str]) {
    let page = by.get(&format!("{one}/letters/objection?format=html"));
    assert_eq!(page.status, 200, "{page:?}");
    let page = page.text();
    for text in wanted {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
    for text in unwanted {
        assert!(!page.contains(text), "{text} is there: {page}");
    }
}

fn the_register_has_it(manager: &Web) {
    let path = format!("/api/v1/registers/requests?from={}&until={}", day(0), day(0));
    let made = manager.get(&path);
    assert_eq!(made.status, 200, "{made:?}");
    let rows = made.body["rows"].to_string();
    for text in [WORDS, "이의신청 결과: 거절", "이의신청 기한 연장"] {
        assert!(rows.contains(text), "{text} is missing: {rows}");
    }
}
