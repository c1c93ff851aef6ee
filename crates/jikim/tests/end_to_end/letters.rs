//! The letters of a request: what a decided one is answered with, who may have them, and that each is a reading.

use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{House, Web, camera, cameras};

const PATENT: &str = include_str!("../../../../samples/institutions/patent.toml");
const PATH: &str = "/api/v1/requests";
const RETENTION: Duration = Duration::from_secs(90);
const MINUTE: Duration = Duration::from_secs(60);
/// 1층 방재실
const ROOM: &str = "1%EC%B8%B5%20%EB%B0%A9%EC%9E%AC%EC%8B%A4";

/// A request that was received by one and identified; its path.
fn received(officer: &Web, camera: &str, from: WallTime, asks: &Value) -> String {
    let form = json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000" }, "agent": null, "asks": asks,
        "cameras": [camera], "from": from.to_string(), "until": (from + MINUTE).to_string(),
        "reason": "접촉 사고", "channel": "counter",
    });
    let received = officer.post(PATH, &form);
    assert_eq!(received.status, 201, "{received:?}");
    let one = format!("{PATH}/{}", received.body["line"]["id"].as_str().unwrap());
    assert_eq!(officer.post(&format!("{one}/identity"), &json!({ "remark": "" })).status, 200);
    one
}

fn decide(by: &Web, one: &str, decision: &Value) {
    let decided = by.post(&format!("{one}/decision"), decision);
    assert_eq!(decided.status, 200, "{decided:?}");
}

#[track_caller]
fn says(by: &Web, one: &str, kind: &str, more: &str, wanted: &[&str]) {
    let json = by.get(&format!("{one}/letters/{kind}?format=json{more}"));
    assert_eq!(json.status, 200, "{json:?}");
    let page = by.get(&format!("{one}/letters/{kind}?format=html{more}"));
    let (content, page) = (json.body.to_string(), page.text());
    for text in wanted.iter().chain(&["홍길동 귀하", "한국특허기술진흥원장"]) {
        assert!(content.contains(text), "{kind}: {text} is missing in {content}");
        assert!(page.contains(text), "{kind}: {text} is missing on the page");
    }
}

fn readings(by: &Web) -> usize {
    let entries = by.ledger(200);
    entries.iter().filter(|it| it["kind"] == "intent" && it["action"] == "request.read").count()
}

#[test]
fn a_decided_request_is_answered_with_letters_from_the_ledger() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &["--retention", "90s"]);
    let other = house.add_camera("후문", &sim.url(1), &["--retention", "90s"]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    house.wait_for_frames(&asked, 100);
    let from = SystemClock.wall().floor(MINUTE);
    let until = from + MINUTE;
    std::thread::sleep(until.since(SystemClock.wall()) + Duration::from_secs(1));

    let one = received(&officer, &asked, from, &json!(["existence", "viewing"]));
    let receipt = format!("{one}/letters/receipt");
    assert_eq!(officer.get(&receipt).code(), "letter-unfit", "nobody knows who writes");
    assert_eq!(officer.get(&one).body["letters"]["sender"], Value::Null);
    let announced = manager.post("/api/v1/policy", &json!({ "description": PATENT }));
    assert_eq!(announced.status, 201, "{announced:?}");
    says(&officer, &one, "receipt", "", &["접수하였습니다", "정문", "창구", "존재확인, 열람"]);

    // Who may not read the case has none of it, and the ledger has the readings of who may.
    let before = readings(&manager);
    let refused = operator.get(&receipt);
    assert_eq!(refused.code(), "forbidden");
    assert!(!refused.text().contains("홍길동"));
    assert_eq!(readings(&manager), before);
    assert_eq!(officer.get(&receipt).status, 200);
    assert_eq!(readings(&manager), before + 1);

    // Nothing is told that was not decided; nobody listens who makes PDF.
    assert_eq!(officer.get(&format!("{one}/letters/refused")).code(), "letter-unfit");
    assert_eq!(officer.get(&format!("{one}/letters/wish")).code(), "not-found");
    let pdf = officer.get(&format!("{receipt}?format=pdf"));
    assert_eq!((pdf.status, pdf.code()), (503, "press-missing"));
    assert_eq!(officer.get(&one).body["letters"]["formats"], json!(["html", "json"]));

    decide(&manager, &one, &json!({ "decision": "granted" }));
    says(&officer, &one, "existence", "", &["영상이 있습니다", "제35조제3항"]);
    let viewing = format!("{one}/letters/viewing");
    assert_eq!(officer.get(&viewing).code(), "letter-unfit", "no day, time and place");
    let day = (SystemClock.wall() + Duration::from_secs(3 * 86_400)).to_string()[..10].to_owned();
    let without_place = format!("{viewing}?day={day}&time=14:00");
    assert_eq!(officer.get(&without_place).code(), "letter-unfit");
    let past = format!("{viewing}?day=2026-01-02&time=14:00&place={ROOM}");
    assert_eq!(officer.get(&past).code(), "letter-unfit");
    let meeting = format!("&day={day}&time=14:00&place={ROOM}&document_number=A-17");
    let wanted = ["1층 방재실", "14:00", "A-17", "제41조제5항", "알아볼 수 없게"];
    says(&officer, &one, "viewing", &meeting, &wanted);

    let second = received(&officer, &asked, from, &json!(["viewing"]));
    let facts = "비공개 심리의 대기실이 찍힘";
    let refusal = json!({ "decision": "refused", "ground": "refusal-act-1", "text": facts });
    decide(&manager, &second, &refusal);
    let wanted = [facts, "제35조제4항제1호", "제38조제5항", "행정심판", "분쟁조정", "30일 이내"];
    says(&officer, &second, "refused", "", &wanted);

    // What was kept for nobody is gone after its time, and the letter says how that is proven.
    let gone_at = until + RETENTION + Duration::from_secs(10);
    std::thread::sleep(gone_at.since(SystemClock.wall()));
    let third = received(&officer, &other, from, &json!(["viewing"]));
    decide(&manager, &third, &json!({ "decision": "absent" }));
    says(&officer, &third, "absent", "", &["후문", "90초까지", "파기 증명서", "jikim-verify"]);
}
