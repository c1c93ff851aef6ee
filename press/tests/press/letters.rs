//! The letters that answer a request, and the press as it answers a recorder over its socket.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use law::{Topic, article_in_korean};
use papers::{
    Absence, Addressee, Asked, Decided, Document, Expired, Letter, Meeting, Objection, Refusal,
    Says, Sender,
};

fn decided() -> Decided {
    Decided {
        on: "2026-11-23".into(),
        article: article_in_korean("Act 35(4), Dec 41(5), Dec 42(1)"),
    }
}

fn refusal() -> Refusal {
    let rule = law::korea().on(law::date("2026-11-23").unwrap()).rule("refusal-act-1").unwrap();
    Refusal {
        ground: rule.ko.clone(),
        article: article_in_korean(&rule.article),
        facts: "「소년법」에 따라 공개하지 않는 심리의 대기실이 함께 찍혀 있습니다.\n그 부분을 가리고 보여 드릴 \
                방법이 없습니다."
            .into(),
    }
}

fn meeting() -> Meeting {
    Meeting {
        day: "2026-11-30".into(),
        time: "14:00".into(),
        place: "1층 방재실".into(),
        held_until: Some("2026-12-23 10:12".into()),
        others: "「표준 개인정보 보호지침」 제46조".into(),
    }
}

fn letter(says: Says, is_against: bool) -> Document {
    let ways = law::korea().on(law::date("2026-11-23").unwrap()).topic(Topic::Objection);
    let way = |rule: &law::Rule| Objection {
        text: rule.ko.clone(),
        article: article_in_korean(&rule.article),
    };
    let letter = Letter {
        sender: Sender {
            institution: "본보기청".into(),
            head: "본보기청장".into(),
            address: "본보기시 본보기로 1".into(),
            contact: "경영관리팀 책임, 000-0000-0002".into(),
        },
        document_number: "경영관리팀-17".into(),
        date: "2026-11-23".into(),
        addressee: Addressee {
            name: "청구인 가".into(), agent: Some("대리인 나(배우자)".into())
        },
        asked: Asked {
            receipt: "2026-3".into(),
            received_at: "2026-11-20 10:00".into(),
            what: vec!["존재확인".into(), "열람".into()],
            span: "2026-11-19 13:00부터 13:30까지".into(),
            places: vec![
                "1층 복도 및 로비 (카메라 ‘로비’)".into(),
                "전면 출입구 (카메라 ‘정문’)".into(),
            ],
            is_to_see: true,
        },
        says,
        objections: if is_against { ways.map(way).collect() } else { Vec::new() },
    };
    letter.document()
}

/// One of each kind.
pub(crate) fn letters() -> Vec<(&'static str, Document)> {
    let held_until = Some("2026-12-23 10:12".to_owned());
    let expired = Expired { kept: "30일".into(), at: "2026-12-19 13:30".into() };
    let absence =
        |expired| Absence { place: "전면 출입구 (카메라 ‘정문’)".into(), expired };
    let receipt = Says::Receipt {
        channel: "창구".into(),
        due: Some("2026-11-30".into()),
        identity_until: Some("2026-11-27 10:00".into()),
        held_until: Some("2026-11-27 10:00".into()),
        absent: vec!["전면 출입구 (카메라 ‘정문’)".into()],
    };
    let existence = Says::Existence {
        there: vec!["1층 복도 및 로비 (카메라 ‘로비’)".into()],
        absent: vec!["전면 출입구 (카메라 ‘정문’)".into()],
        held_until: held_until.clone(),
        decided: decided(),
    };
    let viewing = Says::Viewing { meeting: meeting(), absent: Vec::new(), decided: decided() };
    let partial =
        Says::Partial { refusal: refusal(), meeting: Some(meeting()), decided: decided() };
    let postponed = Says::Postponed {
        reason: "함께 찍힌 사람을 가리는 데 시간이 걸립니다.".into(),
        until: "2026-12-01".into(),
        due: Some("2026-12-11".into()),
        decided: decided(),
    };
    let refused = Says::Refused { refusal: refusal(), held_until, decided: decided() };
    let absences = vec![absence(Some(expired)), absence(None)];
    let absent = Says::Absent { absences, decided: decided() };
    vec![
        ("receipt", letter(receipt, false)),
        ("existence", letter(existence, false)),
        ("viewing", letter(viewing, false)),
        ("partial", letter(partial, true)),
        ("postponed", letter(postponed, true)),
        ("refused", letter(refused, true)),
        ("absent", letter(absent, true)),
    ]
}

/// A press that listens; ended with the test.
struct Listening(Child);

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn listening(socket: &Path) -> Listening {
    let press = Command::new(env!("CARGO_BIN_EXE_jikim-press")).arg("--listen").arg(socket).spawn();
    let press = Listening(press.unwrap());
    let began = Instant::now();
    while UnixStream::connect(socket).is_err() {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    press
}

fn asked(socket: &Path, question: &[u8]) -> Vec<u8> {
    let mut stream = UnixStream::connect(socket).unwrap();
    // One that refuses early stops reading.
    let _ = stream.write_all(question);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn what_is_no_socket_or_is_anothers_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes");
    std::fs::write(&file, "what was there").unwrap();
    let socket = folder.path().join("press.sock");
    let _press = listening(&socket);
    for path in [&file, &socket] {
        let mut second = Command::new(env!("CARGO_BIN_EXE_jikim-press"));
        let ended = second.arg("--listen").arg(path).output().unwrap();
        assert!(String::from_utf8_lossy(&ended.stderr).contains("no socket at"), "{ended:?}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "what was there");
    assert!(UnixStream::connect(&socket).is_ok(), "the first still listens");
}

#[test]
fn over_its_socket_it_makes_one_document_after_the_other_and_says_what_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("press.sock");
    // What a dead press left behind is in nobody's way.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let _press = listening(&socket);
    for (name, letter) in letters() {
        let question = |format: &str| format!("{format}\n{}", letter.to_json()).into_bytes();
        assert!(asked(&socket, &question("hwpx")).starts_with(b"made\nPK"), "{name}");
        assert!(asked(&socket, &question("pdf")).starts_with(b"made\n%PDF-"), "{name}");
    }
    let refused = |question: &[u8], why: &str| {
        let answer = String::from_utf8(asked(&socket, question)).unwrap();
        assert!(answer.starts_with("refused\n") && answer.contains(why), "{answer}");
    };
    refused(b"pdf\n{}", "this is no document");
    refused(b"docx\n{}", "neither pdf nor hwpx");
    refused(&[b'x'; 100], "neither pdf nor hwpx");
    refused(b"", "neither pdf nor hwpx");
    // And it goes on.
    let (_, letter) = letters().remove(0);
    let question = format!("hwpx\n{}", letter.to_json());
    assert!(asked(&socket, question.as_bytes()).starts_with(b"made\nPK"));
}
