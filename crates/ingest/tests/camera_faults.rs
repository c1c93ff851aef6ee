//! Simulated cameras with faults on demand: each harms that camera's pictures, is counted, and is
//! over when the fault is.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use ingest::camera::{
    CameraConnection, CameraEvent, CameraFrame, CameraReport, CameraSink, Caps, Codec,
    ConnectError, Credentials, Picture, ReceiveError, Scratch, SourceConfig, Transport,
    VideoConfig, connect,
};
use testkit::{SimAuth, SimCamera, SimConfig, SimFault, SimServer, clips};

const ACCOUNT: (&str, &str) = ("viewer", "correct horse");

fn server(credentials: Option<(&str, &str)>) -> SimServer {
    server_at(30, credentials)
}

fn server_at(fps: u32, credentials: Option<(&str, &str)>) -> SimServer {
    let camera = SimCamera {
        path: "cam1".into(),
        name: String::new(),
        clip: clips::small_h264(),
        fps,
        credentials: credentials.map(|(name, password)| (name.into(), password.into())),
        canary: None,
    };
    let listen = "127.0.0.1:0".parse().unwrap();
    SimServer::start(SimConfig { listen, cameras: vec![camera] }).unwrap()
}

fn source(url: &str) -> SourceConfig {
    let caps = Caps {
        answer: Duration::from_secs(2),
        silence: Duration::from_millis(1500),
        ..Caps::default()
    };
    SourceConfig::parse(url).unwrap().with_caps(caps)
}

fn as_viewer(source: SourceConfig) -> SourceConfig {
    let (username, password) = (ACCOUNT.0.into(), ACCOUNT.1.into());
    source.with_credentials(Some(Credentials { username, password }))
}

/// Configurations and frames of so long.
async fn watch(
    camera: &mut CameraConnection,
    length: Duration,
) -> Result<(Vec<VideoConfig>, Vec<CameraFrame>), ReceiveError> {
    let (mut configs, mut frames) = (Vec::new(), Vec::new());
    let until = Instant::now() + length;
    while Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        match tokio::time::timeout(left, camera.next()).await {
            Err(_) => break,
            Ok(event) => match event? {
                Some(CameraEvent::Config(config)) => configs.push(config),
                Some(CameraEvent::Frame(frame)) => frames.push(frame),
                None => break,
            },
        }
    }
    Ok((configs, frames))
}

/// Connects, and waits for what comes first: the configuration, then a keyframe.
async fn begin(source: &SourceConfig) -> (CameraConnection, VideoConfig) {
    let mut camera = connect(source).await.unwrap();
    let Ok(Some(CameraEvent::Config(config))) = camera.next().await else { panic!("no config") };
    camera.next().await.unwrap().unwrap();
    (camera, config)
}

const SECOND: Duration = Duration::from_secs(1);

fn lost(frames: &[CameraFrame]) -> u32 {
    frames.iter().map(|frame| frame.lost_packets_before).sum()
}

/// Sets a fault, watches while it is on and after it, and gives the frames of both.
async fn through(
    server: &SimServer,
    source: &SourceConfig,
    fault: SimFault,
) -> (Vec<CameraFrame>, Vec<CameraFrame>) {
    let (mut camera, _) = begin(source).await;
    let (_, before) = watch(&mut camera, SECOND).await.unwrap();
    assert!(before.len() > 15 && lost(&before) == 0, "{} frames at first", before.len());
    server.set_fault(0, fault.clone()).unwrap();
    let (_, during) = watch(&mut camera, 2 * SECOND).await.unwrap();
    server.clear_fault(0, &fault);
    // What was on its way, and the rest of the group it harmed.
    let (_, rest) = watch(&mut camera, SECOND / 2).await.unwrap();
    let (_, after) = watch(&mut camera, SECOND).await.unwrap();
    (during.into_iter().chain(rest).collect(), after)
}

#[tokio::test]
async fn r9_lost_and_swapped_packets_are_counted_and_cost_their_pictures_alone() {
    for (transport, fault) in [
        (Transport::Tcp, SimFault::Drop(0.2)),
        (Transport::Udp, SimFault::Drop(0.2)),
        (Transport::Udp, SimFault::Reorder(0.2)),
        (Transport::Udp, SimFault::Late { share: 0.2, delay_ms: 30 }),
    ] {
        let server = server(None);
        let source = source(&server.url(0)).with_transport(transport);
        let (during, after) = through(&server, &source, fault.clone()).await;
        assert!(lost(&during) > 3, "{fault:?} over {transport:?}: {} lost", lost(&during));
        assert!(after.len() > 20, "{fault:?} over {transport:?}: {} after", after.len());
        assert_eq!(lost(&after), 0, "{fault:?} over {transport:?}");
    }
}

#[tokio::test]
async fn r9_a_camera_that_begins_its_numbers_anew_goes_on_without_a_new_connection() {
    for fault in [SimFault::NewSsrc, SimFault::TimestampJump(-7_000_000)] {
        let server = server(None);
        let source = source(&server.url(0));
        let (during, after) = through(&server, &source, fault.clone()).await;
        assert!(after.len() > 20 && lost(&after) == 0, "{fault:?}: {} after", after.len());
        let rises = during.windows(2).all(|pair| pair[0].rtp_elapsed_us < pair[1].rtp_elapsed_us);
        assert!(rises, "{fault:?}");
    }
}

#[tokio::test]
async fn r9_numbers_that_wrap_lose_nothing() {
    let server = server(None);
    server.set_fault(0, SimFault::SequenceWrap).unwrap();
    server.set_fault(0, SimFault::TimestampWrap).unwrap();
    let (mut camera, _) = begin(&source(&server.url(0))).await;
    let (_, frames) = watch(&mut camera, 3 * SECOND).await.unwrap();
    assert!(frames.len() > 60 && lost(&frames) == 0, "{}", frames.len());
    for pair in frames.windows(2) {
        let step_us = pair[1].rtp_elapsed_us - pair[0].rtp_elapsed_us;
        assert!((20_000..=50_000).contains(&step_us), "{step_us}");
        assert!(!pair[1].clock_jumped);
    }
}

/// The small clip at half its size.
fn smaller(folder: &std::path::Path) -> std::path::PathBuf {
    let to = folder.join("smaller.h264");
    let made = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(clips::small_h264())
        .args(["-vf", "scale=160:90", "-c:v", "libx264", "-g", "30", "-bf", "0", "-f", "h264"])
        .arg(&to)
        .status();
    assert!(made.expect("ffmpeg is installed by ./x").success());
    to
}

#[tokio::test]
async fn another_resolution_in_mid_stream_is_told_before_its_first_keyframe() {
    let folder = tempfile::tempdir().unwrap();
    let clip = smaller(folder.path());
    let server = server(None);
    let (mut camera, first) = begin(&source(&server.url(0))).await;
    server.set_fault(0, SimFault::Clip(clip)).unwrap();
    let (then, frames) = watch(&mut camera, 4 * SECOND).await.unwrap();
    let [then] = &then[..] else { panic!("told {} times", then.len()) };
    assert_eq!((first.width, then.width, then.height), (320, 160, 90));
    assert!(frames.len() > 60, "{}", frames.len());
}

#[tokio::test]
async fn another_codec_in_mid_stream_ends_the_connection_and_the_next_one_records_it() {
    let server = server(None);
    let source = source(&server.url(0));
    let (mut camera, _) = begin(&source).await;
    server.set_fault(0, SimFault::Clip(clips::small_h265())).unwrap();
    let ended = watch(&mut camera, 20 * SECOND).await.map(|(_, frames)| frames.len());
    assert!(matches!(ended, Err(ReceiveError::Garbage { .. })), "{ended:?}");
    let (mut camera, config) = begin(&source).await;
    let (_, frames) = watch(&mut camera, 2 * SECOND).await.unwrap();
    assert_eq!(config.codec, Codec::H265);
    assert!(frames.len() > 30, "{}", frames.len());
}

#[tokio::test]
async fn sound_that_pushes_itself_in_and_packets_on_the_wrong_channel_are_not_looked_at() {
    let server = server(None);
    server.set_fault(0, SimFault::Audio).unwrap();
    let (mut camera, _) = begin(&source(&server.url(0))).await;
    let (configs, frames) = watch(&mut camera, SECOND).await.unwrap();
    assert_eq!((configs.len(), lost(&frames)), (0, 0));
    assert!(frames.len() > 15);
    server.set_fault(0, SimFault::WrongChannel).unwrap();
    let ended = watch(&mut camera, 4 * SECOND).await.map(|(_, frames)| frames.len());
    assert!(matches!(ended, Err(ReceiveError::Silent { .. })), "{ended:?}");
}

#[tokio::test]
async fn what_is_not_recorded_is_said_with_its_name() {
    let server = server(None);
    server.set_fault(0, SimFault::Mjpeg).unwrap();
    let error = connect(&source(&server.url(0))).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Unsupported { encoding, .. } if encoding == "jpeg"));
    assert!(error.to_string().contains("set its video to H.264 or H.265"), "{error}");
}

#[tokio::test]
async fn r9_a_camera_that_stalls_hangs_half_open_or_floods_is_given_up_in_time() {
    for fault in [SimFault::Stall, SimFault::HalfOpen, SimFault::Flood, SimFault::GarbageRtp(1.0)] {
        let server = server(None);
        let (mut camera, _) = begin(&source(&server.url(0))).await;
        server.set_fault(0, fault.clone()).unwrap();
        let began = Instant::now();
        let ended = watch(&mut camera, 10 * SECOND).await;
        assert!(ended.is_err(), "{fault:?}");
        assert!(began.elapsed() < 5 * SECOND, "{fault:?}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn answers_without_end_or_sense_are_given_up() {
    for fault in [
        SimFault::Silent,
        SimFault::Slow { byte_ms: 100 },
        SimFault::GarbageSdp,
        SimFault::BigSdp(70_000),
        SimFault::BigHeaders(20_000),
        SimFault::Redirect { status: 302, location: "rtsp://127.0.0.1:9/".into() },
    ] {
        let server = server(None);
        server.set_fault(0, fault.clone()).unwrap();
        let began = Instant::now();
        connect(&source(&server.url(0))).await.unwrap_err();
        assert!(began.elapsed() < 4 * SECOND, "{fault:?}");
    }
}

#[tokio::test]
async fn every_way_of_asking_for_a_password_is_answered() {
    let server = server(Some(ACCOUNT));
    let bare = source(&server.url(0));
    for auth in [SimAuth::Basic, SimAuth::DigestMd5, SimAuth::DigestSha256, SimAuth::DigestBoth] {
        server.set_auth(0, auth);
        let (mut camera, _) = begin(&as_viewer(bare.clone())).await;
        let (_, frames) = watch(&mut camera, SECOND / 2).await.unwrap();
        assert!(frames.len() > 5, "{auth:?}");
        let error = connect(&bare).await.unwrap_err();
        assert!(matches!(error, ConnectError::Refused { .. }), "{auth:?}: {error:?}");
        assert!(!error.to_string().contains(ACCOUNT.1));
    }
    server.set_auth(0, SimAuth::DigestMd5);
    server.set_fault(0, SimFault::StaleNonce).unwrap();
    connect(&as_viewer(bare)).await.unwrap();
}

#[tokio::test]
async fn a_session_is_kept_alive_and_left_well() {
    let server = server(Some(ACCOUNT));
    server.set_fault(0, SimFault::Impatient { timeout_s: 1 }).unwrap();
    let (mut camera, _) = begin(&as_viewer(source(&server.url(0)))).await;
    let (_, frames) = watch(&mut camera, 4 * SECOND).await.unwrap();
    assert!(frames.len() > 90 && lost(&frames) == 0, "{}", frames.len());
    assert_eq!(server.stats().sessions, 1);
    camera.close().await;
    tokio::time::sleep(SECOND / 5).await;
    assert_eq!(server.stats().sessions, 0);
}

#[tokio::test]
async fn media_signing_is_kept_byte_for_byte() {
    let server = server(None);
    let payload: Vec<u8> = (0..700_u32).map(|at| (at * 7 % 256) as u8).collect();
    server.set_signing(0, Some(payload));
    let unit = server.signing_unit(0).unwrap();
    let (mut camera, _) = begin(&source(&server.url(0))).await;
    let (_, frames) = watch(&mut camera, 3 * SECOND).await.unwrap();
    let signed = frames.iter().filter(|frame| frame.keyframe).collect::<Vec<_>>();
    assert!(!signed.is_empty());
    for frame in signed {
        let mut rest = &frame.bytes[..];
        let mut found = false;
        while let Some((length, behind)) = rest.split_first_chunk::<4>() {
            let (nal, behind) = behind.split_at(u32::from_be_bytes(*length) as usize);
            found |= nal == unit;
            rest = behind;
        }
        assert!(found, "a keyframe without its signing message");
    }
}

/// Counts pictures.
struct Counted(usize);

impl CameraSink for Counted {
    fn config(&mut self, _: &VideoConfig) {}
    fn picture(&mut self, _: &[u8], _: Picture) {
        self.0 += 1;
    }
    fn report(&mut self, _: CameraReport) {}
    fn unasked(&mut self, _: u8) {}
}

#[tokio::test]
async fn a_camera_by_tls_is_read_whole_five_times_a_second() {
    let server = server_at(120, None);
    let (mut camera, _) = begin(&source(&server.tls_url(0))).await;
    let (mut scratch, mut counted, mut polls) = (Scratch::default(), Counted(0), 0);
    let began = tokio::time::Instant::now();
    while began.elapsed() < 4 * SECOND {
        tokio::time::sleep(SECOND / 5).await;
        camera.poll(&mut scratch, tokio::time::Instant::now(), &mut counted).unwrap();
        polls += 1;
    }
    // A record or two at each reading would be a sixth of it.
    let due = usize::try_from(began.elapsed().as_millis() * 120 / 1000).unwrap();
    assert!(counted.0 > due * 3 / 4, "{} of {due} pictures in {polls} readings", counted.0);
}

#[tokio::test]
async fn a_certificate_is_known_at_first_sight_and_another_is_refused() {
    let server = server(Some(ACCOUNT));
    let source = as_viewer(source(&server.tls_url(0)));
    let (mut camera, config) = begin(&source).await;
    let (_, frames) = watch(&mut camera, SECOND).await.unwrap();
    assert_eq!((config.codec, lost(&frames)), (Codec::H264, 0));
    assert!(frames.len() > 15);
    let known = source.clone().with_certificate(camera.certificate());
    assert!(known.certificate.is_some());
    drop(camera);
    connect(&known).await.unwrap();
    server.change_certificate();
    let error = connect(&known).await.unwrap_err();
    assert!(matches!(error, ConnectError::CertificateChanged { .. }), "{error:?}");
    // Only who never saw it takes the other one.
    let other = connect(&source).await.unwrap();
    assert_ne!(other.certificate(), known.certificate);
    // Without TLS there is none.
    let plain = as_viewer(self::source(&server.url(0)));
    assert_eq!(connect(&plain).await.unwrap().certificate(), None);
}
