//! Limits on what strangers hold open, and stopping in time.

use std::time::{Duration, Instant};

use domain::Role;
use serde_json::json;
use server::{Limits, ServeError, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::browser::{Ask, PATIENCE, rest};
use crate::house::CAMERA;
use crate::recorder::{Recorder, serve_config};

fn hasty() -> Limits {
    let (head_within, body_within) = (Duration::from_millis(300), Duration::from_millis(300));
    Limits { head_within, body_within, ..Limits::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_or_says_it_slowly_is_not_waited_for() {
    let recorder = Recorder::with(hasty()).await;
    let mut silent = TcpStream::connect(recorder.browser.address).await.unwrap();
    let closed = timeout(PATIENCE, silent.read(&mut [0; 1])).await.expect("closed in time");
    assert!(matches!(closed, Ok(0) | Err(_)));

    let mut slow = recorder.browser.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ").await.unwrap();
    rest(&mut slow).await;

    let mut slow = recorder.browser.connect().await;
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nX-Jikim-Request: 1\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    let said = rest(&mut slow).await;
    assert!(said.starts_with(b"HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&said));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_does_not_take_every_place() {
    let recorder = Recorder::with(Limits { connections_per_peer: 3, ..Limits::default() }).await;
    let held = [
        recorder.browser.connect().await,
        recorder.browser.connect().await,
        recorder.browser.connect().await,
    ];
    let mut fourth = TcpStream::connect(recorder.browser.address).await.unwrap();
    let closed = timeout(PATIENCE, fourth.read(&mut [0; 1])).await.expect("closed at once");
    assert!(matches!(closed, Ok(0) | Err(_)));
    drop(held);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(recorder.browser.ask(Ask::new("GET", "/healthz")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_tells_every_wall_and_is_over_in_time() {
    let mut recorder = Recorder::new().await;
    recorder.everybody().await;
    let session = recorder.session(Role::Operator).await.expose();
    let mut socket = recorder.browser.socket("/api/v1/live", &session).await.unwrap();
    socket.say(&json!({ "cameras": [CAMERA.to_string()], "feed": "main" })).await;
    socket.next("tile").await;
    // A connection on which nothing is asked, and one that never finishes its question.
    let _idle = recorder.browser.connect().await;
    let mut asking = recorder.browser.connect().await;
    asking.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
    let began = Instant::now();
    recorder.server.take().unwrap().shutdown().await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(socket.next("closed").await["reason"], "stopping");
    assert!(TcpStream::connect(recorder.browser.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_in_use_is_told_with_what_to_do() {
    let recorder = Recorder::new().await;
    let (mut config, _) = serve_config(Limits::default());
    config.listen = recorder.browser.address;
    let second = serve(config, recorder.house.clone(), recorder.access.clone()).await;
    let Err(error @ ServeError::InUse(_)) = second else { panic!("two listen") };
    let address = recorder.browser.address;
    let expected = format!(
        "{address} is in use by another program: stop that one, or choose another --listen"
    );
    assert_eq!(error.to_string(), expected);
}
