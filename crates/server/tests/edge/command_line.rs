//! The socket of the command line.

use api::ErrorCode;
use domain::{Action, Actor};
use ledger::{Kind, Record};
use serde_json::{Value, json};
use server::serve_socket;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use crate::recorder::Recorder;

async fn ask(recorder: &Recorder, line: &str, body: Option<Value>) -> (u16, Value) {
    let mut stream = UnixStream::connect(recorder.folder.path().join("socket")).await.unwrap();
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: jikim\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

fn camera() -> Value {
    json!({ "name": "n", "spot": "", "url": "rtsp://camera/", "transport": "udp",
        "retention": "30d" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_acts_as_its_user_and_goes_through_the_door() {
    let recorder = Recorder::new().await;
    let listener = UnixListener::bind(recorder.folder.path().join("socket")).unwrap();
    let socket = serve_socket(listener, recorder.house.clone(), recorder.access.clone());

    let (status, body) = ask(&recorder, "GET /status?gaps_since=2026-11-21T00:00:00Z", None).await;
    assert_eq!((status, &body["since"]), (200, &json!("2026-11-21T00:00:00.000000Z")));
    let (status, body) = ask(&recorder, "POST /cameras", Some(camera())).await;
    assert_eq!((status, &body["name"]), (201, &json!("정문")));
    let added = Kind::Intent { action: Action::AddCamera, proposal: None };
    let entries = recorder.entries();
    let (number, _) = entries.iter().find(|(_, entry)| entry.kind == added).unwrap();
    let peer = UnixStream::connect(recorder.folder.path().join("socket")).await.unwrap();
    let actor = Actor::Os { uid: peer.peer_cred().unwrap().uid() };
    let record = recorder.ledger.own_record(actor, *number).unwrap();
    assert!(matches!(record, Some(Record::Ask { .. })), "{record:?}");

    let id = crate::house::CAMERA;
    let device = json!({ "url": "rtsp://camera/", "transport": "tcp", "reason": "broken" });
    for (line, body) in [
        ("GET /cameras".to_owned(), None),
        (format!("POST /cameras/{id}/replace"), Some(device)),
        (format!("POST /cameras/{id}/retire"), Some(json!({ "reason": "gone" }))),
        ("POST /check?rebuild=true".to_owned(), None),
    ] {
        assert_eq!(ask(&recorder, &line, body).await.0, 200, "{line}");
    }
    // No picture, no role, no session over the socket.
    for path in ["/api/v1/live", "/live", "/accounts", "/session"] {
        let (status, body) = ask(&recorder, &format!("GET {path}"), None).await;
        assert_eq!((status, &body["error"]["code"]), (404, &json!("not-found")), "{path}");
    }
    drop(peer);
    socket.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_cannot_be_added_is_told_why() {
    let recorder = Recorder::new().await;
    let listener = UnixListener::bind(recorder.folder.path().join("socket")).unwrap();
    let _socket = serve_socket(listener, recorder.house.clone(), recorder.access.clone());
    for code in [ErrorCode::CameraRefused, ErrorCode::CameraUnreachable, ErrorCode::NotACamera] {
        *recorder.house.adding_fails.lock().unwrap() = Some(code);
        let (status, body) = ask(&recorder, "POST /cameras", Some(camera())).await;
        assert_eq!((status, &body["error"]["code"]), (422, &json!(code.word())));
        assert!(body["error"]["message_ko"].as_str().unwrap().ends_with('.'));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_of_many_files_is_entered_and_a_list_that_leads_elsewhere_is_not() {
    let recorder = Recorder::new().await;
    let listener = UnixListener::bind(recorder.folder.path().join("socket")).unwrap();
    let _socket = serve_socket(listener, recorder.house.clone(), recorder.access.clone());
    let file = |name: &str| json!({ "name": name, "sha256": "ab".repeat(32) });
    let enter =
        async |files: Vec<Value>| ask(&recorder, "POST /publication", Some(files.into())).await.0;
    let many = |count: usize| (0..count).map(|n| file(&format!("days/{n:0>89}.entry"))).collect();
    assert_eq!(enter(many(4096)).await, 200, "as many as there may be, with names as long");
    assert_eq!(enter(many(4097)).await, 400);
    assert_eq!(enter(Vec::new()).await, 400);
    for name in ["", "/etc/passwd", "a/../b", ".hidden", "a//b", "한글", "a b", "a\nb"] {
        assert_eq!(enter(vec![file(name)]).await, 400, "{name:?}");
    }
    for sha256 in ["ab", &"AB".repeat(32), &"xy".repeat(32)] {
        let bad = json!({ "name": "index.html", "sha256": sha256 });
        assert_eq!(enter(vec![bad]).await, 400, "{sha256}");
    }
    assert_eq!(enter(vec![file("index.html"), file("days/2026-11-23.entry")]).await, 200);
}
