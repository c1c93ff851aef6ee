//! What another body asks for: decided by another person than received it; or, with a warrant, granted by one
//! alone and looked at by another afterwards.

use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{House, Web, camera, cameras};

const PATH: &str = "/api/v1/disclosures";
const MINUTE: Duration = Duration::from_secs(60);

fn form(camera: &str, from: WallTime, until: WallTime) -> Value {
    let day = rights::day_in_korea(SystemClock.wall()).saturating_add(time::Duration::days(30));
    json!({
        "kind": "provision", "body": "○○경찰서 형사과", "officer": "경위 홍길동",
        "phone": "02-000-0000", "document": "형사과-1234", "ground": "provision-7",
        "basis": "2026-123호", "purpose": "절도 사건의 수사", "cameras": [camera],
        "from": from.to_string(), "until": until.to_string(),
        "conditions": "수사 목적으로만 쓰고 끝나면 파기", "use_until": day.to_string(),
    })
}

fn changed(form: &Value, field: &str, value: &str) -> Value {
    let mut form = form.clone();
    form[field] = value.into();
    form
}

#[test]
fn a_disclosure_takes_two_people_or_one_and_a_review() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &[]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    house.wait_for_frames(&asked, 100);
    let from = SystemClock.wall().floor(MINUTE);
    let until = from + MINUTE;
    std::thread::sleep(until.since(SystemClock.wall()) + Duration::from_secs(1));

    let form = form(&asked, from, until);
    assert_eq!(operator.post(PATH, &form).code(), "forbidden");
    for (field, value) in [
        ("ground", "provision-4"),
        ("ground", "refusal-act-1"),
        ("basis", " "),
        ("document", ""),
        ("purpose", ""),
        ("conditions", ""),
    ] {
        let refused = officer.post(PATH, &changed(&form, field, value));
        assert_eq!(refused.code(), "disclosure-unfit", "{field}");
    }
    let ahead = changed(&form, "until", &(until + MINUTE * 5).to_string());
    assert_eq!(officer.post(PATH, &ahead).code(), "span-unfit");

    two_people(&officer, &manager, &form);
    one_alone(&officer, &manager, &form);
    both_registers(&manager);
    let board = manager.get(PATH).body;
    assert_eq!(board["disclosures"].as_array().unwrap().len(), 2);
    assert_eq!(board["grounds"].as_array().unwrap().len(), 9);
    assert!(!board.to_string().contains("경찰서"), "the board says not who asks");
    house.stop();
    let years = std::fs::read_dir(house.data().join("ledger")).unwrap().filter_map(Result::ok);
    let journals = years.map(|it| it.path().join("journal")).filter(|path| path.exists());
    let journal = journals.flat_map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>();
    let has = |text: &str| journal.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(!has("경찰서") && !has("provision-7"), "who asks and on what ground is sealed");
    assert!(has("\"step\":\"compelled\"") && has("\"step\":\"reviewed\""));
}

fn receive(by: &Web, form: &Value) -> String {
    let received = by.post(PATH, form);
    assert_eq!(received.status, 201, "{received:?}");
    assert_eq!(received.body["line"]["state"], "awaits-decision");
    assert_eq!(received.body["line"]["hold"]["state"], "held");
    format!("{PATH}/{}", received.body["line"]["id"].as_str().unwrap())
}

fn go(by: &Web, one: &str, to: &str, body: &Value) -> Value {
    let done = by.post(&format!("{one}/{to}"), body);
    assert_eq!(done.status, 200, "{to}: {done:?}");
    done.body
}

fn two_people(receiver: &Web, decider: &Web, form: &Value) {
    // Of a danger: what is given is published within thirty days.
    let form = changed(form, "ground", "provision-3");
    let one = receive(receiver, &form);
    let code =
        |by: &Web, to: &str, body: Value| by.post(&format!("{one}/{to}"), &body).code().to_owned();
    assert_eq!(code(receiver, "decision", json!({ "granted": true })), "forbidden");
    assert_eq!(code(receiver, "provision", json!({ "text": "" })), "conflict");
    assert_eq!(code(decider, "decision", json!({ "granted": false })), "disclosure-unfit");
    let granted = go(decider, &one, "decision", &json!({ "granted": true }));
    assert_eq!(granted["line"]["state"], "awaits-provision");
    // Nobody did it alone, so there is nobody whom another follows.
    assert_eq!(code(decider, "review", json!({ "text": "적정" })), "forbidden");
    let given = go(receiver, &one, "provision", &json!({ "text": "사무실에서 열람" }));
    assert_eq!(given["line"]["state"], "provided");
    assert_eq!(given["line"]["hold"]["state"], "released");
    let duties = given["line"]["duties"].as_array().unwrap();
    let kinds: Vec<_> = duties.iter().map(|duty| duty["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["publish", "report"]);
    assert_eq!(duties[0]["days_left"], 30);
    let today = rights::day_in_korea(SystemClock.wall());
    let notice = |days| {
        let until = today.saturating_add(time::Duration::days(days));
        json!({ "text": "누리집 공지 7", "from": today.to_string(), "until": until.to_string() })
    };
    assert_eq!(code(receiver, "publication", notice(9)), "disclosure-unfit");
    go(receiver, &one, "publication", &notice(10));
    assert_eq!(code(receiver, "report", json!({ "text": "" })), "disclosure-unfit");
    let done = go(receiver, &one, "report", &json!({ "text": "파기 확인서 접수" }));
    assert_eq!(done["line"]["state"], "done");
    assert_eq!(done["line"]["duties"], json!([]));
    assert_eq!(decider.get(&one).body["disclosure"]["basis"], "2026-123호");
}

/// What was given stands in the register of personal video data and in that of disclosures, of one event.
fn both_registers(by: &Web) {
    let rows = |name: &str| {
        let read = by.get(&format!("/api/v1/registers/{name}"));
        assert_eq!(read.status, 200, "{read:?}");
        read.body["rows"].as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>()
    };
    let disclosures = rows("disclosures");
    assert_eq!(disclosures.len(), 2);
    let has = |row: &str, words: &[&str]| words.iter().all(|word| row.contains(word));
    assert!(has(
        &disclosures[0],
        &["○○경찰서", "제18조제2항제3호", "누리집 공지 7", "파기 확인서"]
    ));
    assert!(has(&disclosures[1], &["한 사람이 승인", "영장: 관리책임자", "영장을 확인함"]));
    let video = rows("personal-video");
    let given = video.iter().filter(|row| row.contains("\"제공\"")).collect::<Vec<_>>();
    assert_eq!(given.len(), 2, "{video:?}");
    assert!(has(given[0], &["○○경찰서", "절도 사건의 수사", "사무실에서 열람"]), "{given:?}");
    assert_eq!(rows("visits"), [""; 0], "the control: nobody came");
}

fn one_alone(on_duty: &Web, other: &Web, form: &Value) {
    let one = receive(on_duty, form);
    let confirmed = |ago: Duration| {
        json!({ "compelled_by": "warrant", "by": "관리책임자", "how": "telephone",
            "at": (SystemClock.wall() - ago).to_string() })
    };
    let compel = |ago| on_duty.post(&format!("{one}/compulsion"), &confirmed(ago));
    assert_eq!(compel(MINUTE * 60 * 25).code(), "disclosure-unfit");
    let compelled = compel(MINUTE);
    assert_eq!(compelled.body["line"]["compelled_by_me"], true, "{compelled:?}");
    let given = go(on_duty, &one, "provision", &json!({ "text": "" }));
    let duties = given["line"]["duties"].as_array().unwrap();
    assert_eq!(duties[0]["kind"], "review", "crime is not published: {duties:?}");
    assert_eq!(given["line"]["hold"]["state"], "held", "for whoever reviews");
    let own = on_duty.post(&format!("{one}/review"), &json!({ "text": "적정" }));
    assert_eq!(own.code(), "forbidden");
    let reviewed = go(other, &one, "review", &json!({ "text": "영장을 확인함. 적정" }));
    assert_eq!(reviewed["line"]["hold"]["state"], "released");
    assert_eq!(reviewed["steps"][2]["text"], "영장을 확인함. 적정");
}
