//! What persons read of requests at a terminal.

use super::*;

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn one() -> serde_json::Value {
    serde_json::json!({
        "id": "2026-17", "state": "awaits-decision", "decision": null, "mine": true,
        "received_at": "2026-09-17T06:10:00Z", "asks": ["existence", "viewing"],
        "cameras": [{ "id": "a", "name": "정문" }, { "id": "b", "name": "후문" }],
        "from": "2026-09-16T23:30:00Z", "until": "2026-09-17T00:30:00Z",
        "due": { "day": "2026-09-27", "days_left": 3, "days": [
            { "counting": "calendar", "day": "2026-09-27", "article": "민법 제157조" },
        ] },
        "identity_until": null,
        "hold": { "id": "h", "until": "2026-12-16T06:10:00Z", "state": "held" },
    })
}

#[test]
fn a_line_of_the_board_says_until_when_and_about_what() {
    let line: RequestLine = read(one());
    assert_eq!(
        board(std::slice::from_ref(&line)),
        "2026-17  결정 전  기한 2026-09-27 (3일 남음)  존재확인·열람  정문, 후문  2026-09-17 08:30 – 2026-09-17 09:30"
    );
    let late = |days_left| {
        let due = line.due.clone().unwrap();
        board(&[RequestLine { due: Some(RequestDue { days_left, ..due }), ..line.clone() }])
    };
    assert!(late(0).contains("(오늘)") && late(-2).contains("(2일 지남)"));
    assert!(board(&[]).contains("없습니다"));
}

#[test]
fn a_case_says_who_asks_and_what_was_done() {
    let person =
        serde_json::json!({ "name": "홍길동", "phone": "02-000-0000", "born": "1970-01-31" });
    let value = serde_json::json!({
        "line": one(), "absent": ["b"], "received_by": "officer", "grounds": [],
        "letters": { "sender": null, "due": [], "formats": ["html"] },
        "request": {
            "requester": person, "asks": ["viewing"], "cameras": ["a", "b"],
            "agent": { "kind": "power-of-attorney", "person": person, "relation": "자녀" },
            "from": "2026-09-16T23:30:00Z", "until": "2026-09-17T00:30:00Z",
            "reason": "접촉 사고", "channel": "telephone",
        },
        "steps": [{
            "step": "decided", "at": "2026-09-20T01:00:00Z", "by": "manager",
            "decision": "refused", "ground": "refusal-act-2", "text": "사실", "until": null,
        }],
    });
    let told = case(&read(value.clone()));
    for said in [
        "접수번호 · number: 2026-17",
        "접수 · received: 2026-09-17 15:10 officer",
        "청구인 · requester: 홍길동, 02-000-0000, 1970-01-31",
        "대리인 · agent: 홍길동, 02-000-0000, 1970-01-31 (위임장을 받은 대리인, 자녀)",
        "접수할 때 영상이 없던 카메라 · nothing was kept of: 후문",
        "결정 · decided: 2026-09-20 10:00 manager, 거절, refusal-act-2: 사실",
        "보전 · held: 2026-12-16 15:10까지 (held)",
    ] {
        assert!(told.contains(said), "{said} in\n{told}");
    }
    let mut gone = value;
    gone["request"] = serde_json::Value::Null;
    let told = case(&read(gone));
    assert!(told.contains("파기됨") && !told.contains("홍길동"), "{told}");
}
