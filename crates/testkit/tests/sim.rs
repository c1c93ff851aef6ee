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
