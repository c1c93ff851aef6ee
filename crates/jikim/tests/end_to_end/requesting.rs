//! A person's request about footage of himself, from intake to decision: two people, and footage that is
//! still there after its time.

use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{House, camera, cameras};

const PATH: &str = "/api/v1/requests";
const RETENTION: Duration = Duration::from_secs(90);
const MINUTE: Duration = Duration::from_secs(60);

fn form(camera: &str, from: WallTime, until: WallTime) -> Value {
    json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000", "born": "1970-01-31" },
        "agent": null, "asks": ["existence", "viewing"], "cameras": [camera],
        "from": from.to_string(), "until": until.to_string(),
        "reason": "주차장 접촉 사고. 흰색 승용차", "channel": "telephone",
    })
}

#[test]
fn k6_a_request_is_held_at_once_and_decided_by_another() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &["--retention", "90s"]);
    let other = house.add_camera("후문", &sim.url(1), &["--retention", "90s"]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    house.wait_for_frames(&asked, 100);
    // Minutes are what is held: this is the first that has footage and is over.
    let from = SystemClock.wall().floor(MINUTE);
    let until = from + MINUTE;
    std::thread::sleep(until.since(SystemClock.wall()) + Duration::from_secs(1));

    let ahead = form(&asked, until + MINUTE, until + MINUTE * 2);
    assert_eq!(officer.post(PATH, &ahead).code(), "span-unfit");
    let long = form(&asked, from - MINUTE * 240, until);
    assert_eq!(officer.post(PATH, &long).code(), "span-unfit");
    assert_eq!(operator.post(PATH, &form(&asked, from, until)).code(), "forbidden");
    let mut nameless = form(&asked, from, until);
    nameless["requester"]["name"] = "".into();
    assert_eq!(officer.post(PATH, &nameless).code(), "request-unfit");

    let received = officer.post(PATH, &form(&asked, from, until));
    assert_eq!(received.status, 201, "{received:?}");
    let line = &received.body["line"];
    assert_eq!((&line["state"], &line["mine"]), (&"awaits-identity".into(), &true.into()));
    assert_eq!(line["hold"]["state"], "held");
    assert_eq!(line["due"]["days_left"], 10);
    let days = line["due"]["days"].as_array().unwrap();
    assert!(days.iter().all(|it| it["day"].as_str() >= line["due"]["day"].as_str()), "{days:?}");
    let one = format!("{PATH}/{}", line["id"].as_str().unwrap());
    let held = manager.get("/api/v1/holds").body["holds"].clone();
    assert_eq!(held[0]["cameras"][0]["id"], asked.as_str(), "{held}");
    assert_eq!((&held[0]["from"], &held[0]["to"]), (&line["from"], &line["until"]));
    assert_eq!(held.as_array().unwrap().len(), 1);
    assert_two_people(&officer, &manager, &one);
    assert_eq!(operator.get(&one).code(), "forbidden");

    // Beyond its time the other camera's minute is gone, and what was asked about is there.
    let gone_at = until + RETENTION + Duration::from_secs(10);
    std::thread::sleep(gone_at.since(SystemClock.wall()));
    let seen = manager.footage(&[&asked, &other], &from.to_string(), &until.to_string());
    assert!(seen[0].frames.len() > 60, "what was asked about is held: {}", seen[0].frames.len());
    assert_eq!(seen[1].frames.len(), 0, "the control: nobody asked about the other");
    house.stop();
    let folder = house.data().join("ledger");
    let year = std::fs::read_dir(&folder).unwrap().filter_map(Result::ok);
    let journals = year.map(|it| it.path().join("journal")).filter(|path| path.exists());
    let journal = journals.flat_map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>();
    let has = |text: &str| journal.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(!has("홍길동") && !has("접촉 사고"), "who asked is sealed");
    assert!(has("\"step\":\"received\"") && has("\"decision\":\"refused\""));
}

#[test]
fn a_request_is_received_from_a_file_by_who_signed_in_and_may() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/requests/telephone.toml");
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    house.add_camera("정문", &sim.url(0), &[]);
    let (administrator, manager) = (house.claim("administrator"), house.claim("manager"));
    drop(house.appoint(&manager, "officer"));
    let add = |who: &str, path: &str| {
        house.cli_of(who, &["request", "add", "--json", "--from", path], "")
    };
    let received = || manager.get(PATH).body["requests"].as_array().unwrap().len();

    // Nobody, a contractor without a ticket, and one with a ticket.
    assert!(add("officer", sample).failed_with().contains("jikim login"));
    let contractor = house.appoint_contractor(&administrator, &manager);
    assert_eq!(house.log_in("contractor").code, 0, "there is a ticket");
    let told = add("contractor", sample);
    assert!(told.failed_with().contains("역할"), "{told:?}");
    let board = house.cli_of("contractor", &["request", "list"], "");
    assert!(board.failed_with().contains("역할"), "{board:?}");
    let ticket = manager.get("/api/v1/tickets").body["tickets"][0].clone();
    let close = format!("/api/v1/tickets/{}/{}/close", ticket["year"], ticket["number"]);
    let closed = manager.post(&close, &json!({ "remark": "끝냄" }));
    assert_eq!(closed.status, 200, "{closed:?}");
    assert_eq!(contractor.get("/api/v1/session").status, 401);
    assert!(add("contractor", sample).failed_with().contains("jikim login"));
    let told = house.log_in("contractor");
    assert!(told.failed_with().contains("작업표"), "{told:?}");

    // A mistake is told with its line.
    assert_eq!(house.log_in("officer").code, 0);
    let mistaken = house.beside("mistaken.toml");
    let text = std::fs::read_to_string(sample).unwrap();
    std::fs::write(&mistaken, text.replacen("phone =", "fone =", 1)).unwrap();
    let told = add("officer", mistaken.to_str().unwrap());
    assert!(told.failed_with().contains("Line 15: ") && told.err.contains("fone"), "{told:?}");
    assert_eq!(received(), 0, "nothing was received");

    let case = add("officer", sample).json();
    let id = case["line"]["id"].as_str().unwrap();
    assert_eq!(case["request"]["requester"]["name"], "홍길동");
    assert_eq!(case["line"]["cameras"][0]["name"], "정문");
    assert_eq!(case["line"]["due"]["days_left"], 10);
    assert_eq!(received(), 1);
    let list = house.cli_of("officer", &["request", "list", "--json"], "").json();
    assert_eq!(list["requests"][0]["id"], id);
    assert!(!list.to_string().contains("홍길동"), "the board has no names");
    let shown = house.cli_of("officer", &["request", "show", id, "--json"], "").json();
    assert_eq!(shown["request"], case["request"]);
    let read = manager.ledger(20);
    assert!(read.iter().any(|entry| entry["action"] == "request.read"), "it was entered");
    let told = house.cli_of("officer", &["request", "show", id], "");
    assert!(told.out.contains("청구인 · requester: 홍길동, 02-000-0000, 1950-01-31"), "{told:?}");
    let told = house.cli_of("officer", &["request", "list"], "");
    assert!(told.out.starts_with(&format!("{id}  본인 확인 전  기한 ")), "{told:?}");
    assert_eq!(house.cli_of("officer", &["request", "show", "1999-1"], "").code, 1);
}

/// Who received it does not decide it, and nothing is decided before it is known who asks.
fn assert_two_people(receiver: &crate::house::Web, decider: &crate::house::Web, one: &str) {
    let decide =
        |by: &crate::house::Web, decision: Value| by.post(&format!("{one}/decision"), &decision);
    let granted = json!({ "decision": "granted" });
    assert_eq!(decide(decider, granted.clone()).code(), "conflict");
    let seen = receiver.post(&format!("{one}/identity"), &json!({ "remark": "" }));
    assert_eq!(seen.body["line"]["state"], "awaits-decision", "{seen:?}");
    assert_eq!(decide(receiver, granted).code(), "forbidden");
    assert_eq!(receiver.get(one).body["line"]["state"], "awaits-decision");
    // That nothing is kept is what the recorder finds, and it finds something.
    assert_eq!(decide(decider, json!({ "decision": "absent" })).code(), "footage-kept");
    for ground in ["no-refusal-others-appear", "no-refusal-police", "refusal-other"] {
        let refused =
            json!({ "decision": "refused", "ground": ground, "text": "다른 사람이 함께 찍힘" });
        assert_eq!(decide(decider, refused).code(), "decision-unfit", "{ground}");
    }
    let bare = json!({ "decision": "refused", "ground": "refusal-act-2", "text": "" });
    assert_eq!(decide(decider, bare).code(), "decision-unfit");
    let facts = "함께 찍힌 사람이 청구인을 피해 보호를 받고 있음";
    let refused = json!({ "decision": "refused", "ground": "refusal-act-2", "text": facts });
    let decided = decide(decider, refused.clone());
    assert_eq!(decided.body["line"]["state"], "decided", "{decided:?}");
    assert_eq!(decided.body["steps"][1]["text"], facts);
    assert_eq!(decided.body["line"]["hold"]["state"], "held", "for whoever objects");
    assert_eq!(decide(decider, refused).code(), "conflict");
    let told = receiver.post(&format!("{one}/answer"), &json!({ "remark": "우편" }));
    assert_eq!(told.body["line"]["state"], "done");
    let board = receiver.get(PATH).body["requests"].clone();
    assert_eq!(board[0]["due"], Value::Null);
    assert!(!board.to_string().contains("홍길동"), "the board has no names");
    assert_eq!(receiver.get(one).body["request"]["requester"]["name"], "홍길동");
}
