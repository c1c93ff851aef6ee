//! Cameras that are not ours: GStreamer's RTSP server, with sound beside the video.
//!
//! Needs `/usr/bin/python3` with GStreamer and its RTSP server, which `./x` installs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use ingest::camera::{
    CameraEvent, CameraFrame, Codec, ConnectError, SourceConfig, Transport, VideoConfig, connect,
};

struct Camera {
    child: Child,
    port: u16,
}

impl Camera {
    fn start(codec: &str, access: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/camera_gst.py");
        let mut child = Command::new("/usr/bin/python3")
            .args([script, codec, access])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 and GStreamer are installed by ./x");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("the camera printed no port; see its errors above");
        Self { child, port }
    }

    fn source(&self, account: &str) -> SourceConfig {
        SourceConfig::parse(&format!("rtsp://{account}127.0.0.1:{}/video", self.port)).unwrap()
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first events of a camera: what it announces, and this many frames.
async fn watch(source: &SourceConfig, count: usize) -> (Vec<VideoConfig>, Vec<CameraFrame>) {
    let mut connection = connect(source).await.unwrap();
    let (mut configs, mut frames) = (Vec::new(), Vec::new());
    while frames.len() < count {
        match connection.next().await.unwrap().expect("the camera hung up") {
            CameraEvent::Config(config) => configs.push(config),
            CameraEvent::Frame(frame) => frames.push(frame),
        }
    }
    connection.close().await;
    (configs, frames)
}

fn assert_whole(configs: &[VideoConfig], frames: &[CameraFrame], codec: Codec) {
    let [config] = configs else { panic!("announced {} times", configs.len()) };
    assert_eq!((config.codec, config.width, config.height), (codec, 320, 240));
    assert_eq!(config.record[0], 1);
    assert!(frames[0].keyframe);
    let keyframes = frames.iter().filter(|frame| frame.keyframe).count();
    assert!((2..=frames.len() / 4).contains(&keyframes), "{keyframes} keyframes");
    for pair in frames.windows(2) {
        let step_us = pair[1].rtp_elapsed_us - pair[0].rtp_elapsed_us;
        assert!((1..=200_000).contains(&step_us), "{step_us} µs");
        assert!(!pair[1].clock_jumped);
    }
    // 25 frames a second by the camera's clock.
    let length_us = frames.last().unwrap().rtp_elapsed_us - frames[0].rtp_elapsed_us;
    let expected_us = i64::try_from(frames.len() - 1).unwrap() * 40_000;
    assert!((length_us - expected_us).abs() < 400_000, "{length_us} µs");
    for frame in frames {
        assert_prefixed(&frame.bytes);
    }
}

fn assert_prefixed(mut bytes: &[u8]) {
    assert!(!bytes.is_empty());
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        bytes = &rest[u32::from_be_bytes(*length) as usize..];
    }
    assert!(bytes.is_empty());
}

async fn record(name: &str, codec: Codec, transport: Transport) {
    let camera = Camera::start(name, "digest");
    let source = camera.source("watcher:right@").with_transport(transport);
    let (configs, frames) = watch(&source, 40).await;
    assert_whole(&configs, &frames, codec);
    if transport == Transport::Tcp {
        assert!(frames.iter().all(|frame| frame.lost_packets_before == 0));
    }
}

#[tokio::test]
async fn h264_over_tcp_with_digest() {
    record("h264", Codec::H264, Transport::Tcp).await;
}

#[tokio::test]
async fn h264_over_udp_with_digest() {
    record("h264", Codec::H264, Transport::Udp).await;
}

#[tokio::test]
async fn h265_over_tcp_with_digest() {
    record("h265", Codec::H265, Transport::Tcp).await;
}

#[tokio::test]
async fn h265_over_udp_with_digest() {
    record("h265", Codec::H265, Transport::Udp).await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let camera = Camera::start("h264", "digest");
    for account in ["watcher:wrong-secret@", "nobody:wrong-secret@", ""] {
        let error = connect(&camera.source(account)).await.unwrap_err();
        let ConnectError::Refused { place } = &error else { panic!("{error:?}") };
        assert_eq!(*place, format!("127.0.0.1:{}", camera.port));
        for told in [format!("{error}"), format!("{error:?}")] {
            assert!(!told.contains("wrong-secret") && !told.contains("video"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_camera_without_a_password_and_a_wrong_path() {
    let camera = Camera::start("h264", "open");
    let elsewhere = SourceConfig::parse(&format!("rtsp://127.0.0.1:{}/no", camera.port)).unwrap();
    let error = connect(&elsewhere).await.unwrap_err();
    assert!(matches!(error, ConnectError::Rejected { status: 404, .. }), "{error:?}");
    let (configs, frames) = watch(&camera.source(""), 5).await;
    assert_eq!((configs.len(), frames.len()), (1, 5));
}

#[tokio::test]
async fn motion_jpeg_is_not_recorded_and_says_what_to_do() {
    let camera = Camera::start("jpeg", "open");
    let error = connect(&camera.source("")).await.unwrap_err();
    let ConnectError::Unsupported { encoding, .. } = &error else { panic!("{error:?}") };
    assert_eq!(encoding, "jpeg");
    assert!(error.to_string().contains("set its video to H.264 or H.265"), "{error}");
}
