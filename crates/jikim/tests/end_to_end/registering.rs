//! The registers that the law asks for, as they follow from what was done: nobody typed one.

use std::time::Duration;

use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{Answer, House, Web, camera, cameras};

const RETENTION: Duration = Duration::from_secs(90);
const MINUTE: Duration = Duration::from_secs(60);
const PATH: &str = "/api/v1/registers";

/// Every row as the texts of its columns by their keys.
fn rows(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let keys: Vec<&str> = answer.body["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["key"].as_str().unwrap())
        .collect();
    let row = |row: &Value| {
        let cells = row["cells"].as_array().unwrap().iter().cloned();
        assert_eq!(cells.len(), keys.len());
        Value::Object(keys.iter().map(|key| (*key).to_owned()).zip(cells).collect())
    };
    answer.body["rows"].as_array().unwrap().iter().map(row).collect()
}

fn read(by: &Web, name: &str) -> Vec<Value> {
    rows(&by.get(&format!("{PATH}/{name}")))
}

/// Asserts that a text of a row holds these words.
#[track_caller]
fn holds(row: &Value, key: &str, words: &[&str]) {
    let text = row[key].as_str().unwrap_or_else(|| panic!("{key}: {row}"));
    assert!(words.iter().all(|word| text.contains(word)), "{key}: {text:?} lacks one of {words:?}");
}

#[test]
fn c1_what_was_done_stands_in_the_registers_and_nothing_else() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let asked = house.add_camera("=정문", &sim.url(0), &["--retention", "90s"]);
    let other = house.add_camera("후문", &sim.url(1), &["--retention", "90s"]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    for name in ["requests", "personal-video", "destruction"] {
        assert_eq!(read(&manager, name), [] as [Value; 0], "the control: nothing was done yet");
    }
    assert_eq!(operator.get(&format!("{PATH}/requests")).code(), "forbidden");
    assert_eq!(manager.get(&format!("{PATH}/secrets")).code(), "not-found");
    house.wait_for_frames(&asked, 100);
    let from = SystemClock.wall().floor(MINUTE);
    let until = from + MINUTE;
    std::thread::sleep(until.since(SystemClock.wall()) + Duration::from_secs(1));

    let form = json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000", "born": "1970-01-31" },
        "agent": null, "asks": ["existence", "viewing"], "cameras": [asked],
        "from": from.to_string(), "until": until.to_string(),
        "reason": "주차장 접촉 사고", "channel": "telephone",
    });
    let received = officer.post("/api/v1/requests", &form);
    let receipt = received.body["line"]["id"].as_str().unwrap().to_owned();
    let one = format!("/api/v1/requests/{receipt}");
    officer.post(&format!("{one}/identity"), &json!({ "remark": "" }));
    let facts = "함께 찍힌 사람이 피해 보호를 받고 있음";
    let refused = json!({ "decision": "refused", "ground": "refusal-act-2", "text": facts });
    assert_eq!(manager.post(&format!("{one}/decision"), &refused).status, 200);
    assert_eq!(officer.post(&format!("{one}/answer"), &json!({ "remark": "우편" })).status, 200);
    let seen = manager.footage(&[&asked], &from.to_string(), &until.to_string());
    assert!(seen[0].frames.len() > 60);

    assert_request(&manager, &receipt, facts);
    assert_viewing(&manager, &asked, &other, facts);
    assert_rights_and_access(&manager);
    let gone_at = until + RETENTION + Duration::from_secs(15);
    std::thread::sleep(gone_at.since(SystemClock.wall()));
    assert_destruction(&officer, &asked, &other);
    assert_files(&officer);
    assert_command(&house);
    house.stop();
}

fn assert_request(by: &Web, receipt: &str, facts: &str) {
    let requests = read(by, "requests");
    assert_eq!(requests.len(), 1);
    let row = &requests[0];
    assert_eq!((&row["number"], &row["channel"]), (&receipt.into(), &"전화".into()));
    holds(row, "requester", &["홍길동", "02-000-0000"]);
    holds(row, "asks", &["존재확인", "열람"]);
    holds(row, "footage", &["=정문", "~"]);
    holds(row, "purpose", &["주차장 접촉 사고"]);
    holds(row, "decision", &["거절", "관리책임자"]);
    holds(row, "ground", &["제35조제4항제2호", facts]);
    for key in ["received", "received_by", "identified", "due", "answered"] {
        assert_ne!(row[key], "", "{key}");
    }
    assert_eq!((&row["standing"], &row["copy"]), (&"끝남".into(), &"".into()));
    let before = by.get(&format!("{PATH}/requests?from=2020-01-01&until=2020-12-31"));
    assert_eq!(rows(&before), [] as [Value; 0], "the control: of other days there is nothing");
    let long = by.get(&format!("{PATH}/requests?from=2020-01-01&until=2022-12-31"));
    assert_eq!(long.code(), "register-unfit");
}

fn assert_viewing(by: &Web, asked: &str, other: &str, facts: &str) {
    let video = read(by, "personal-video");
    let of = |kind: &str| video.iter().filter(|row| row["kind"] == kind).collect::<Vec<_>>();
    let (used, viewed) = (of("이용"), of("열람 등"));
    assert_eq!((used.len(), viewed.len(), of("제공").len()), (1, 1, 0));
    holds(used[0], "footage", &["=정문", "~"]);
    holds(used[0], "officer", &["관리책임자"]);
    holds(used[0], "period", &["=정문: "]);
    assert_ne!(used[0]["purpose"], "");
    assert_eq!(used[0]["outcome"], "완료");
    holds(viewed[0], "recipient", &["홍길동"]);
    holds(viewed[0], "outcome", &["거절", facts]);
    let of_other = rows(&by.get(&format!("{PATH}/personal-video?camera={other}")));
    assert!(of_other.iter().all(|row| row["kind"] == "파기"), "nobody looked at it: {of_other:?}");
    let of_asked = rows(&by.get(&format!("{PATH}/personal-video?camera={asked}")));
    assert!(of_asked.len() >= 2);
}

fn assert_rights_and_access(by: &Web) {
    let rights = read(by, "rights");
    let given = rights.iter().filter(|row| row["kind"] == "부여");
    let of_officer: Vec<_> =
        given.filter(|row| row["after"] == "담당자" && row["before"] == "").collect();
    assert_eq!(of_officer.len(), 1, "{rights:?}");
    holds(of_officer[0], "by", &["관리책임자"]);
    assert_eq!(of_officer[0]["scope"], "모든 카메라");
    let accounts = by.get("/api/v1/accounts").body["accounts"].clone();
    let ended = accounts.as_array().unwrap().iter().find(|it| it["roles"][0] == "operator");
    let id = ended.unwrap()["id"].as_str().unwrap();
    assert_eq!(by.post(&format!("/api/v1/accounts/{id}/end"), &json!({})).status, 200);
    let rights = read(by, "rights");
    let last = rights.last().unwrap();
    assert_eq!(
        (&last["kind"], &last["before"], &last["after"]),
        (&"말소".into(), &"관제요원".into(), &"권한 없음".into(),)
    );
    let access = read(by, "access");
    let tasks: Vec<&str> = access.iter().map(|row| row["task"].as_str().unwrap()).collect();
    for task in ["로그인", "녹화 영상 재생", "정보주체 청구 결정", "계정 종료", "대장 열람"]
    {
        assert!(tasks.contains(&task), "{task} is not in {tasks:?}");
    }
    let refused = access.iter().find(|row| row["outcome"] == "거부: 역할에 없는 일").unwrap();
    assert_eq!((&refused["task"], &refused["origin"]), (&"대장 열람".into(), &"".into()));
    assert!(!tasks.contains(&"만료 영상 파기"), "what the machine does is nobody's access");
}

fn assert_destruction(by: &Web, asked: &str, other: &str) {
    let destroyed = read(by, "destruction");
    for name in ["=정문", "후문"] {
        let row = destroyed.iter().find(|row| row["footage"] == name);
        let row = row.unwrap_or_else(|| panic!("{name} is not in {destroyed:?}"));
        assert_eq!(row["reason"], "보관 기간 만료");
        holds(row, "executor", &["자동"]);
        for key in ["recorded", "expired", "destroyed", "method", "entry"] {
            assert_ne!(row[key], "", "{key}");
        }
        assert_eq!(row["confirmed_by"], "");
    }
    // What a person asked about is held: it is not said to be destroyed without a word of that.
    let held = destroyed.iter().find(|row| row["footage"] == "=정문").unwrap();
    holds(held, "left", &["남긴", "분"]);
    let free = destroyed.iter().find(|row| row["footage"] == "후문").unwrap();
    assert_eq!(free["left"], "", "the control: nothing of the other is held");
    let one = rows(&by.get(&format!("{PATH}/destruction?camera={other}")));
    assert!(!one.is_empty() && one.iter().all(|row| row["footage"] == "후문"), "{one:?}");
    let _ = asked;
}

fn assert_files(by: &Web) {
    let html = by.get(&format!("{PATH}/requests?format=html"));
    assert_eq!(html.status, 200);
    let text = String::from_utf8(html.bytes().to_vec()).unwrap();
    assert!(text.contains("홍길동") && text.contains("=정문") && text.contains("처리대장"));
    // Where the program is not installed, it is said so.
    let xlsx = by.get(&format!("{PATH}/requests?format=xlsx"));
    match xlsx.status {
        200 => assert!(xlsx.bytes().starts_with(b"PK\x03\x04")),
        _ => assert_eq!(xlsx.code(), "press-missing"),
    }
}

/// Whoever signed in at the command line gets the same as a file of his own.
fn assert_command(house: &House) {
    let out = house.beside("register.json");
    let out_text = out.to_str().unwrap();
    let asked = ["register", "requests", "--format", "json", "--out", out_text];
    assert!(house.cli_of("officer", &asked, "").failed_with().contains("jikim login"));
    assert_eq!(house.log_in("officer").code, 0);
    assert_eq!(house.cli_of("officer", &asked, "").code, 0);
    let document = std::fs::read_to_string(&out).unwrap();
    assert!(document.contains("홍길동") && document.contains("주차장 접촉 사고"));
    std::fs::remove_file(&out).unwrap();
    assert_ne!(house.log_in("operator").code, 0, "whose appointment has ended");
    assert_ne!(house.cli_of("operator", &asked, "").code, 0);
    assert!(!out.exists());
}
