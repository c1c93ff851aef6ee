//! What cameras sent, byte for byte, over a line that is no socket: floods and bursts that no
//! simulated camera makes, cut wherever a network may cut them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{self, Read, Write};

use ingest::camera::{
    CameraConnection, CameraReport, CameraSink, Picture, Polled, Scratch, SourceConfig,
    VideoConfig, connect_over,
};
use tokio::time::Instant;

/// Bytes that were recorded, given in pieces of a length; then the camera hangs up.
struct Recorded {
    bytes: io::Cursor<Vec<u8>>,
    piece_bytes: usize,
}

impl Read for Recorded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.piece_bytes);
        self.bytes.read(&mut into[..most])
    }
}

impl Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts, and looks at nothing else.
#[derive(Default)]
struct Counts {
    pictures: u32,
    unasked: u32,
}

impl CameraSink for Counts {
    fn config(&mut self, _: &VideoConfig) {}

    fn picture(&mut self, _: &[u8], _: Picture) {
        self.pictures += 1;
    }

    fn report(&mut self, _: CameraReport) {}

    fn unasked(&mut self, _: u8) {
        self.unasked += 1;
    }
}

const SDP: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
    m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n";

/// The answers to DESCRIBE and SETUP, what stands before the answer to PLAY, and that answer with a
/// field of a length.
fn opening(before_play: &[u8], field_bytes: usize) -> Vec<u8> {
    let mut bytes =
        format!("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: {}\r\n\r\n{SDP}", SDP.len());
    bytes.push_str("RTSP/1.0 200 OK\r\nCSeq: 2\r\nSession: 1\r\n\r\n");
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(before_play);
    let field = "x".repeat(field_bytes);
    bytes.extend_from_slice(format!("RTSP/1.0 200 OK\r\nCSeq: 3\r\nX: {field}\r\n\r\n").as_bytes());
    bytes
}

async fn connect(bytes: Vec<u8>, piece_bytes: usize) -> CameraConnection {
    let source = SourceConfig::parse("rtsp://cam/live").unwrap();
    let line = Recorded { bytes: io::Cursor::new(bytes), piece_bytes };
    connect_over(&source, line).await.unwrap()
}

/// Reads until the camera hangs up.
fn watch(camera: &mut CameraConnection) -> Counts {
    let (mut scratch, mut counts) = (Scratch::default(), Counts::default());
    while camera.poll(&mut scratch, Instant::now(), &mut counts).unwrap() == Polled::Open {}
    counts
}

/// A packet on a channel that was never set up.
fn packet(payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    [&[b'$', 7, length[0], length[1]], payload].concat()
}

/// They were once kept until something else came: more of them than the largest message ended the
/// thread that reads all cameras.
#[tokio::test]
async fn empty_lines_without_end_are_not_kept() {
    for piece_bytes in [1000, 1 << 20] {
        let mut bytes = opening(b"", 0);
        bytes.extend_from_slice(&b"\r\n".repeat(500_000));
        bytes.extend_from_slice(&packet(b"still here"));
        let counts = watch(&mut connect(bytes, piece_bytes).await);
        assert_eq!(counts.unasked, 1);
    }
}

/// As much as is kept of what comes before PLAY is answered, and wherever the reading of that answer
/// ends: there must be room to go on.
#[tokio::test]
async fn a_burst_before_the_last_answer_is_read_on() {
    for field_bytes in (0..8192).step_by(1024) {
        let mut bytes = opening(&packet(&[0; 8100]).repeat(10), field_bytes);
        bytes.extend_from_slice(&packet(&[0; 65_535]).repeat(10));
        let counts = watch(&mut connect(bytes, 1 << 20).await);
        assert_eq!((counts.unasked, counts.pictures), (10 + 10, 0), "{field_bytes}");
    }
}
