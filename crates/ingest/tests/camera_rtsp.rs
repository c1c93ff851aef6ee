//! Cameras that misbehave: a scripted RTSP server that keeps every request it was sent.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ingest::camera::{
    CameraConnection, CameraEvent, CameraFrame, Caps, ConnectError, ReceiveError, SourceConfig,
    connect,
};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const VIDEO: &str = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n\
    a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA==\r\n\
    a=control:video\r\n";
const SOUND: &str = "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:audio\r\n";
const METADATA: &str = "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n\
    a=control:metadata\r\n";

const KEY: &[u8] = &[0x65, 1, 2, 3];
const DELTA: &[u8] = &[0x41, 9];

/// What the camera does: its tracks, and what it sends once it plays.
struct Script {
    tracks: String,
    sends: Vec<u8>,
    hangs_up: bool,
}

struct Camera {
    source: SourceConfig,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Camera {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let source = source(listener.local_addr().unwrap().port());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            serve(stream, &script, &seen).await;
        });
        Self { source, requests }
    }

    /// Method and address of every request, in order.
    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn source(port: u16) -> SourceConfig {
    let caps = Caps {
        access_unit_bytes: 100_000,
        answer: Duration::from_millis(500),
        silence: Duration::from_millis(500),
    };
    SourceConfig::parse(&format!("rtsp://127.0.0.1:{port}/live")).unwrap().with_caps(caps)
}

async fn serve(stream: TcpStream, script: &Script, seen: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    while let Some((request, sequence)) = read_request(&mut stream).await {
        seen.lock().unwrap().push(request.clone());
        let (headers, body) = match request.split(' ').next().unwrap() {
            "DESCRIBE" => (
                "Content-Type: application/sdp\r\n",
                format!("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{}", script.tracks),
            ),
            "SETUP" => (
                "Session: 7;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
                String::new(),
            ),
            _ => ("Session: 7\r\n", String::new()),
        };
        let answer = format!(
            "RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut out = answer.into_bytes();
        if request.starts_with("PLAY") {
            out.extend_from_slice(&script.sends);
        }
        if stream.write_all(&out).await.is_err() || request.starts_with("PLAY") && script.hangs_up {
            return;
        }
    }
}

/// The next request's first line, and its CSeq.
async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let sequence = lines.iter().find_map(|line| line.strip_prefix("CSeq: ")).unwrap();
    Some((lines[0].clone(), sequence.to_owned()))
}

/// One RTP packet, interleaved on a channel.
fn on_channel(
    channel: u8,
    sequence: u16,
    ticks: u32,
    mark: bool,
    ssrc: u32,
    nal: &[u8],
) -> Vec<u8> {
    let mut packet = vec![0x80, 96 | if mark { 0x80 } else { 0 }];
    packet.extend_from_slice(&sequence.to_be_bytes());
    packet.extend_from_slice(&ticks.to_be_bytes());
    packet.extend_from_slice(&ssrc.to_be_bytes());
    packet.extend_from_slice(nal);
    let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
    [&[b'$', channel], &length[..], &packet].concat()
}

fn rtp(sequence: u16, ticks: u32, nal: &[u8]) -> Vec<u8> {
    on_channel(0, sequence, ticks, true, 5, nal)
}

fn script(sends: &[Vec<u8>]) -> Script {
    Script { tracks: VIDEO.into(), sends: sends.concat(), hangs_up: true }
}

/// Every event until the camera hangs up.
async fn events(connection: &mut CameraConnection) -> Vec<CameraEvent> {
    let mut events = Vec::new();
    while let Some(event) = connection.next().await.unwrap() {
        events.push(event);
    }
    events
}

async fn frames(script: Script) -> Vec<CameraFrame> {
    let camera = Camera::start(script).await;
    let mut connection = connect(&camera.source).await.unwrap();
    let frame = |event| match event {
        CameraEvent::Frame(frame) => Some(frame),
        CameraEvent::Config(_) => None,
    };
    events(&mut connection).await.into_iter().filter_map(frame).collect()
}

#[tokio::test]
async fn sound_is_never_asked_for_nor_read() {
    // Sound comes first in the description, and the camera sends it though nobody asked.
    let sound = |sequence| on_channel(2, sequence, 0, true, 6, &[0x55; 160]);
    let sends = [sound(1), rtp(1, 0, KEY), sound(2), rtp(2, 3600, DELTA), sound(3)].concat();
    let tracks = [SOUND, METADATA, VIDEO].concat();
    let camera = Camera::start(Script { tracks, sends, hangs_up: false }).await;
    let mut connection = connect(&camera.source).await.unwrap();
    let Some(CameraEvent::Config(config)) = connection.next().await.unwrap() else { panic!() };
    assert!(config.record.starts_with(&[1, 0x42, 0x00, 0x1F]));
    for nal in [KEY, DELTA] {
        let Some(CameraEvent::Frame(frame)) = connection.next().await.unwrap() else { panic!() };
        assert_eq!(&frame.bytes[4..], nal);
        assert_eq!(frame.lost_packets_before, 0);
    }
    connection.close().await;
    let requests = camera.requests();
    let setups: Vec<_> = requests.iter().filter(|line| line.starts_with("SETUP")).collect();
    assert!(matches!(&setups[..], [only] if only.contains("/video ")), "{requests:?}");
    assert!(requests.iter().all(|line| !line.contains("audio")), "{requests:?}");
    assert!(requests.iter().all(|line| !line.contains("metadata")), "{requests:?}");
    assert!(requests.iter().any(|line| line.starts_with("TEARDOWN")), "{requests:?}");
}

#[tokio::test]
async fn sound_alone_is_no_video_and_not_set_up() {
    let tracks = [SOUND, METADATA].concat();
    let camera = Camera::start(Script { tracks, sends: vec![], hangs_up: false }).await;
    let error = connect(&camera.source).await.unwrap_err();
    assert!(matches!(error, ConnectError::NoVideo { .. }), "{error:?}");
    let requests = camera.requests();
    assert!(matches!(&requests[..], [only] if only.starts_with("DESCRIBE")), "{requests:?}");
}

#[tokio::test]
async fn lost_and_damaged_packets_cost_pictures_not_the_connection() {
    let stranger = on_channel(0, 5, 9000, true, 99, DELTA);
    let mut not_rtp = rtp(5, 9000, DELTA);
    not_rtp[4] = 0; // Version 0.
    let long_gone = rtp(1, 0, KEY);
    let frames = frames(script(&[
        rtp(1, 0, KEY),
        rtp(2, 3600, DELTA),
        rtp(4, 10_800, DELTA), // 3 is missing.
        stranger,
        not_rtp,
        long_gone,
        rtp(5, 14_400, &[0xFF, 1]), // No NAL unit is like this.
        rtp(6, 18_000, DELTA),
    ]))
    .await;
    let seen: Vec<_> =
        frames.iter().map(|frame| (frame.rtp_elapsed_us, frame.lost_packets_before)).collect();
    assert_eq!(seen, [(0, 0), (40_000, 0), (120_000, 1), (200_000, 4)]);
}

#[tokio::test]
async fn time_goes_on_when_the_timestamp_wraps_and_when_it_is_set() {
    let near_end = u32::MAX - 1799;
    let frames = frames(script(&[
        rtp(1, near_end, KEY),
        rtp(2, 1800, DELTA),
        rtp(3, 3_000_000_000, DELTA), // The camera set its clock.
        rtp(4, 3_000_003_600, DELTA),
    ]))
    .await;
    let times: Vec<_> = frames.iter().map(|frame| frame.rtp_elapsed_us).collect();
    assert_eq!(times[..2], [0, 40_000]);
    assert!(times[2] > 40_000 && times[2] < 5_000_000, "{times:?}");
    assert_eq!(times[3] - times[2], 40_000);
    let jumps: Vec<_> = frames.iter().map(|frame| frame.clock_jumped).collect();
    assert_eq!(jumps, [false, false, true, false]);
}

#[tokio::test]
async fn new_parameters_are_told_before_their_first_keyframe() {
    let (sps, pps) =
        (&[0x67, 0x42, 0x00, 0x1E, 0x95, 0xA8, 0x14, 0x01, 0x6E, 0x40], [0x68, 0xCE, 0x3C, 0x80]);
    let camera = Camera::start(script(&[
        rtp(1, 0, DELTA), // Cannot be decoded: left out.
        rtp(2, 3600, KEY),
        on_channel(0, 3, 7200, false, 5, sps),
        on_channel(0, 4, 7200, false, 5, &pps),
        rtp(5, 7200, KEY),
        rtp(6, 10_800, DELTA),
    ]))
    .await;
    let mut connection = connect(&camera.source).await.unwrap();
    let mut levels = Vec::new();
    let mut order = String::new();
    for event in events(&mut connection).await {
        match event {
            CameraEvent::Config(config) => {
                levels.push(config.record[3]);
                order.push('C');
            }
            CameraEvent::Frame(frame) => order.push(if frame.keyframe { 'K' } else { 'd' }),
        }
    }
    assert_eq!((order.as_str(), &levels[..]), ("CKCKd", &[0x1F, 0x1E][..]));
}

#[tokio::test]
async fn silence_is_told() {
    let camera = Camera::start(Script { hangs_up: false, ..script(&[rtp(1, 0, KEY)]) }).await;
    let mut connection = connect(&camera.source).await.unwrap();
    for _ in 0..2 {
        connection.next().await.unwrap().unwrap();
    }
    let error = connection.next().await.unwrap_err();
    assert!(matches!(error, ReceiveError::Silent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_picture_that_never_ends_is_given_up() {
    let start = on_channel(0, 1, 0, false, 5, &[0x7C, 0x85, 1]);
    let more = [&[0x7C, 0x05][..], &[0; 1000]].concat();
    let rest = (2..2000).map(|sequence| on_channel(0, sequence, 0, false, 5, &more));
    let sends: Vec<_> = std::iter::once(start).chain(rest).collect();
    let camera = Camera::start(Script { hangs_up: false, ..script(&sends) }).await;
    let error = connect(&camera.source).await.unwrap().next().await.unwrap_err();
    assert!(matches!(error, ReceiveError::Garbage { .. }), "{error:?}");
}

#[tokio::test]
async fn endless_damage_is_given_up() {
    let sends: Vec<_> = (1..1500).map(|sequence| rtp(sequence, 0, &[0xFF])).collect();
    let camera = Camera::start(Script { hangs_up: false, ..script(&sends) }).await;
    let error = connect(&camera.source).await.unwrap().next().await.unwrap_err();
    assert!(matches!(error, ReceiveError::Garbage { .. }), "{error:?}");
}

/// What `connect` makes of a server that says only this, to whatever it is asked.
async fn answered_with(answer: &str) -> ConnectError {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let source = source(listener.local_addr().unwrap().port());
    let answer = answer.to_owned();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        // Held open, so that it is the answer that is judged.
        let _ = stream.read(&mut request).await;
    });
    connect(&source).await.unwrap_err()
}

#[tokio::test]
async fn what_is_no_camera_is_told_apart() {
    for other in [
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "<!DOCTYPE html><title>Error</title>\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let error = answered_with(other).await;
        assert!(matches!(error, ConnectError::NotACamera { .. }), "{other}: {error:?}");
    }
    let error = answered_with("").await;
    assert!(matches!(error, ConnectError::TimedOut { .. }), "{error:?}");
    let not_sdp = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\n\
        Content-Length: 5\r\n\r\nhello";
    let error = answered_with(not_sdp).await;
    assert!(matches!(error, ConnectError::Garbage { .. }), "{error:?}");
}

#[tokio::test]
async fn a_closed_port_cannot_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = connect(&source(port)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let redirect =
        format!("RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:{port}/\r\n\r\n");
    let error = answered_with(&redirect).await;
    assert!(matches!(error, ConnectError::Rejected { status: 302, .. }), "{error:?}");
    let called = tokio::time::timeout(Duration::from_millis(300), elsewhere.accept()).await;
    assert!(called.is_err(), "the redirect was followed");
}
