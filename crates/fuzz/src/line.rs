//! A camera's side of a connection, from bytes: the whole road from the line to pictures.

use std::cell::{OnceCell, RefCell};
use std::io::{self, Read, Write};
use std::time::Duration;

use ingest::camera::{
    CameraReport, CameraSink, Caps, ConnectError, Picture, Polled, ReceiveError, Scratch,
    SourceConfig, VideoConfig, connect_over,
};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

/// What a camera may ask of the recorder here: little, so that the limit is met.
pub(crate) const CAPS: Caps = Caps {
    access_unit_bytes: 64 << 10,
    answer: Duration::from_secs(10),
    silence: Duration::from_secs(10),
};

/// What came of a connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    Config(VideoConfig),
    Picture(Vec<u8>, Picture),
    Report(CameraReport),
    Unasked(u8),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    NotConnected(ConnectError),
    HungUp,
    Error(ReceiveError),
}

/// Bytes, given in pieces of a length; then the camera hangs up.
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

#[derive(Default)]
struct Events(Vec<Event>);

impl CameraSink for Events {
    fn config(&mut self, config: &VideoConfig) {
        self.0.push(Event::Config(config.clone()));
    }

    fn picture(&mut self, bytes: &[u8], picture: Picture) {
        self.0.push(Event::Picture(bytes.to_vec(), picture));
    }

    fn report(&mut self, report: CameraReport) {
        self.0.push(Event::Report(report));
    }

    fn unasked(&mut self, channel: u8) {
        self.0.push(Event::Unasked(channel));
    }
}

thread_local! {
    static RUNTIME: OnceCell<Runtime> = const { OnceCell::new() };
    static SCRATCH: OnceCell<RefCell<Scratch>> = const { OnceCell::new() };
}

/// Reads a connection to its end.
pub(crate) fn read(bytes: &[u8], piece_bytes: usize) -> (Vec<Event>, End) {
    let line = Recorded { bytes: io::Cursor::new(bytes.to_vec()), piece_bytes };
    let source = SourceConfig::parse("rtsp://name:secret@camera.example/live?x=1");
    let source = source.expect("a fixed address is one").with_caps(CAPS);
    RUNTIME.with(|runtime| {
        let runtime = runtime.get_or_init(|| {
            Builder::new_current_thread().enable_time().build().expect("a runtime without sockets")
        });
        runtime.block_on(async {
            let mut events = Events::default();
            let mut camera = match connect_over(&source, line).await {
                Ok(camera) => camera,
                Err(error) => return (events.0, End::NotConnected(error)),
            };
            let now = Instant::now();
            SCRATCH.with(|scratch| {
                let scratch = scratch.get_or_init(Default::default);
                loop {
                    match camera.poll(&mut scratch.borrow_mut(), now, &mut events) {
                        Ok(Polled::Open) => {}
                        Ok(Polled::HungUp) => return (events.0, End::HungUp),
                        Err(error) => return (events.0, End::Error(error)),
                    }
                }
            })
        })
    })
}
