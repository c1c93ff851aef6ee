//! Simulated cameras, seen by clients that are not ours.

#![allow(clippy::unwrap_used, reason = "a helper of a test may panic as the test may")]

use std::time::Duration;

use futures::StreamExt as _;
use retina::client::{
    Credentials, PlayOptions, Session, SessionOptions, SetupOptions, TcpTransportOptions,
    Transport, UdpTransportOptions,
};
use retina::codec::{CodecItem, VideoFrame};
use testkit::stamp::{self, Stamp};
use testkit::{SimCamera, SimConfig, SimServer, clips, real};

fn camera(path: &str) -> SimCamera {
    SimCamera {
        path: path.into(),
        name: "정문".into(),
        clip: clips::small_h264(),
        fps: 15,
        credentials: None,
        canary: None,
    }
}

fn serve(cameras: Vec<SimCamera>) -> SimServer {
    let listen = "127.0.0.1:0".parse().unwrap();
    SimServer::start(SimConfig { listen, cameras }).unwrap()
}

/// A client that plays, or what it was told instead.
async fn watch(
    url: &str,
    transport: Transport,
    credentials: Option<(&str, &str)>,
) -> Result<retina::client::Demuxed, retina::Error> {
    let creds = credentials.map(|(username, password)| Credentials {
        username: username.into(),
        password: password.into(),
    });
    let options = SessionOptions::default().creds(creds);
    let mut session = Session::describe(url.parse().unwrap(), options).await?;
    session.setup(0, SetupOptions::default().transport(transport)).await?;
    session.play(PlayOptions::default()).await?.demuxed()
}

fn tcp() -> Transport {
    Transport::Tcp(TcpTransportOptions::default())
}

fn udp() -> Transport {
    Transport::Udp(UdpTransportOptions::default())
}

async fn next_frame(client: &mut retina::client::Demuxed) -> VideoFrame {
    loop {
        let item = tokio::time::timeout(Duration::from_secs(5), client.next()).await;
        match item.expect("a frame comes").expect("the session goes on").unwrap() {
            CodecItem::VideoFrame(frame) => return frame,
            _ => continue,
        }
    }
}

fn stamp_of(frame: &VideoFrame) -> Stamp {
    stamp::find(frame.data()).expect("each frame is stamped")
}

/// Watches for `seconds`: consecutive counters, timestamps that rise by one period, no loss.
async fn assert_steady(client: &mut retina::client::Demuxed, seconds: u64) {
    let first = next_frame(client).await;
    assert!(first.is_random_access_point());
    let (mut counter, mut time) = (stamp_of(&first).counter, first.timestamp().elapsed());
    for _ in 0..seconds * 15 {
        let frame = next_frame(client).await;
        assert_eq!(frame.loss(), 0);
        assert_eq!(stamp_of(&frame).counter, counter + 1);
        assert_eq!(frame.timestamp().elapsed(), time + 6000);
        (counter, time) = (counter + 1, time + 6000);
    }
}

#[tokio::test]
async fn each_frame_comes_once_over_tcp_and_over_udp() {
    let server = serve(vec![camera("cam1"), camera("cam2")]);
    let (mut over_tcp, mut over_udp) = (
        watch(&server.url(0), tcp(), None).await.unwrap(),
        watch(&server.url(1), udp(), None).await.unwrap(),
    );
    tokio::join!(assert_steady(&mut over_tcp, 5), assert_steady(&mut over_udp, 5));
}

#[tokio::test]
async fn ffprobe_reads_a_camera_without_complaint() {
    let server = serve(vec![camera("cam1")]);
    let url = server.url(0);
    let probed = tokio::task::spawn_blocking(move || real::ffprobe_camera(&url, 3)).await.unwrap();
    let probed = probed.unwrap();
    assert_eq!((probed.codec.as_str(), probed.width, probed.height), ("h264", 320, 180));
    assert!(probed.frames >= 30, "{probed:?}");
}

#[tokio::test]
async fn a_password_is_asked_for_and_must_be_right() {
    let account = ("admin".to_owned(), "비밀, 1".to_owned());
    let server = serve(vec![SimCamera { credentials: Some(account.clone()), ..camera("cam1") }]);
    let url = server.url(0);
    let refused = |error: retina::Error| assert!(error.to_string().contains("401"), "{error}");
    refused(watch(&url, tcp(), Some(("admin", "wrong"))).await.err().unwrap());
    refused(watch(&url, tcp(), Some(("root", &account.1))).await.err().unwrap());
    assert!(watch(&url, tcp(), None).await.is_err());
    let mut client = watch(&url, tcp(), Some((&account.0, &account.1))).await.unwrap();
    next_frame(&mut client).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = serve(vec![camera("cam1")]);
    let url = format!("rtsp://{}/cam2", server.address());
    let error = watch(&url, tcp(), None).await.err().unwrap();
    assert!(error.to_string().contains("404"), "{error}");
}

/// At 120 frames a second the clip of 120 frames begins anew each second.
#[tokio::test]
async fn counters_and_timestamps_run_on_when_the_clip_begins_anew() {
    let server = serve(vec![SimCamera { fps: 120, ..camera("cam1") }]);
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    let first = next_frame(&mut client).await;
    let (counter, time) = (stamp_of(&first).counter, first.timestamp().elapsed());
    for step in 1..=400 {
        let frame = next_frame(&mut client).await;
        assert_eq!(stamp_of(&frame).counter, counter + step);
        assert_eq!(frame.timestamp().elapsed(), time + 750 * i64::try_from(step).unwrap());
        assert_eq!(frame.loss(), 0);
    }
}

#[tokio::test]
async fn h265_is_served_with_stamps_and_canary() {
    let canary = Some([b'K'; stamp::CANARY_BYTES]);
    let h265 = SimCamera { clip: clips::small_h265(), canary, ..camera("cam2") };
    let server = serve(vec![camera("cam1"), h265]);
    let mut client = watch(&server.url(1), tcp(), None).await.unwrap();
    assert_steady(&mut client, 3).await;
    let stamp = stamp_of(&next_frame(&mut client).await);
    assert_eq!((stamp.camera, stamp.canary), (1, canary));
    let url = server.url(1);
    let probe = tokio::task::spawn_blocking(move || real::ffprobe_camera(&url, 2));
    assert_eq!(probe.await.unwrap().unwrap().codec, "hevc");
}

#[tokio::test]
async fn fifty_sessions_see_the_same_frames_at_the_same_time() {
    let server = serve(vec![camera("cam1"), camera("cam2")]);
    let mut watching = Vec::new();
    for session in 0..50 {
        let url = server.url(session % 2);
        watching.push(tokio::spawn(async move {
            let mut client = watch(&url, tcp(), None).await.unwrap();
            assert_steady(&mut client, 3).await;
            stamp_of(&next_frame(&mut client).await)
        }));
    }
    let mut seen = std::collections::HashMap::new();
    for session in watching {
        let stamp = session.await.unwrap();
        let same = seen.entry((stamp.camera, stamp.counter)).or_insert(stamp.wall_us);
        assert_eq!(*same, stamp.wall_us);
    }
    assert!(server.stats().frames >= 50 * 45);
    assert_eq!(server.stats().late_frames, 0);
}

#[tokio::test]
async fn a_stamp_tells_when_its_frame_was_sent() {
    let server = serve(vec![camera("cam1")]);
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    let stamp = stamp_of(&next_frame(&mut client).await);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let age_us = i64::try_from(now.as_micros()).unwrap() - stamp.wall_us;
    assert!((0..1_000_000).contains(&age_us), "{age_us} µs old");
    assert!((stamp.counter + 1..stamp.counter + 20).contains(&server.frames_made(0)));
}

#[tokio::test]
async fn a_stopped_camera_hangs_up_and_comes_back() {
    let server = serve(vec![camera("cam1"), camera("cam2")]);
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    let mut other = watch(&server.url(1), tcp(), None).await.unwrap();
    let before = stamp_of(&next_frame(&mut client).await).counter;
    server.stop_camera(0);
    let ended = async { while let Some(Ok(_)) = client.next().await {} };
    tokio::time::timeout(Duration::from_secs(2), ended).await.expect("it hangs up");
    assert!(watch(&server.url(0), tcp(), None).await.is_err());
    next_frame(&mut other).await;
    server.start_camera(0);
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    assert!(stamp_of(&next_frame(&mut client).await).counter > before);
}

#[tokio::test]
async fn a_stalled_camera_keeps_the_connection_and_leaves_frames_out() {
    let server = serve(vec![camera("cam1")]);
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    let before = stamp_of(&next_frame(&mut client).await).counter;
    server.stall(0, true);
    let silent = async { while client.next().await.is_some() {} };
    assert!(tokio::time::timeout(Duration::from_secs(1), silent).await.is_err());
    server.stall(0, false);
    let frame = next_frame(&mut client).await;
    assert!(frame.is_random_access_point());
    assert!(stamp_of(&frame).counter > before + 10);
    assert_eq!(frame.loss(), 0);
}

#[tokio::test]
async fn lost_packets_are_seen_to_be_lost() {
    let server = serve(vec![camera("cam1")]);
    let mut client = watch(&server.url(0), udp(), None).await.unwrap();
    next_frame(&mut client).await;
    server.drop_packets(0, 3);
    let mut loss = 0;
    for _ in 0..45 {
        loss += next_frame(&mut client).await.loss();
    }
    assert_eq!(loss, 3);
    assert_eq!(server.stats().dropped_packets, 3);
}

#[tokio::test]
async fn an_end_leaves_no_connection_and_frees_the_port() {
    let server = serve(vec![camera("cam1")]);
    let address = server.address();
    let mut client = watch(&server.url(0), tcp(), None).await.unwrap();
    next_frame(&mut client).await;
    drop(server);
    let ended = async { while let Some(Ok(_)) = client.next().await {} };
    tokio::time::timeout(Duration::from_secs(2), ended).await.expect("it hangs up");
    let config = SimConfig { listen: address, cameras: vec![camera("cam1")] };
    assert_eq!(SimServer::start(config).unwrap().address(), address);
}

#[test]
fn settings_that_cannot_be_served_are_refused() {
    let start = |camera: SimCamera| {
        let listen = "127.0.0.1:0".parse().unwrap();
        let config = SimConfig { listen, cameras: vec![self::camera("cam1"), camera] };
        SimServer::start(config).err().map(|error| error.to_string()).unwrap()
    };
    assert!(start(camera("/cam1/")).contains("another camera has its path"));
    assert!(start(camera("한글")).contains("its path must be"));
    assert!(start(SimCamera { fps: 0, ..camera("cam2") }).contains("from 1 to 120"));
    let clip = SimCamera { clip: "missing.h264".into(), ..camera("cam2") };
    assert!(start(clip).contains("make.sh"));
    let text = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").into();
    let clip = SimCamera { clip: text, ..camera("cam2") };
    assert!(start(clip).contains("it holds no parameter set"));
}
