//! One connection: requests in, answers out, each as the faults of its camera would have it.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtsp_types::{Message, ParseError};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::auth::Challenge;
use super::camera::{Camera, Power};
use super::fault::SimFault;
use super::rtsp::{Answer, Next};
use super::server::Shared;
use super::session::Session;
use super::tamper::Dice;
use super::wire::Wire;

const MAX_REQUEST_BYTES: usize = 16 << 10;
/// How often a connection that is half open looks whether it is to be whole again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Length of an answer of garbage.
const GARBAGE_BYTES: usize = 512;

pub(super) struct Connection {
    pub(super) wire: Arc<Wire>,
    pub(super) peer: SocketAddr,
    pub(super) shared: Arc<Shared>,
    pub(super) challenge: Challenge,
    /// The camera that was asked for, from the first request that names one.
    pub(super) camera: Option<Arc<Camera>>,
    /// Its power, and how often it had been started when the connection came to it.
    pub(super) power: Option<(watch::Receiver<Power>, u32)>,
    pub(super) session: Option<Arc<Session>>,
    /// When the session's first frame is due, once it was told to play.
    pub(super) begins: Option<Instant>,
}

/// Answers one client until it leaves, its camera is stopped, or it says what cannot be read.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    let connection = Connection {
        wire: Arc::new(Wire::new(stream)),
        peer,
        shared,
        challenge: Challenge::new(),
        camera: None,
        power: None,
        session: None,
        begins: None,
    };
    if let Err(error) = connection.run().await {
        tracing::debug!(%peer, %error, "a connection to a simulated camera ended");
    }
}

/// Returns when the camera is off, or was off since.
async fn camera_went(power: Option<(watch::Receiver<Power>, u32)>) {
    let Some((mut power, boots)) = power else { return std::future::pending().await };
    // An error says that the camera itself is gone, which ends its connections too.
    drop(power.wait_for(|power| !power.on || power.boots != boots).await);
}

impl Connection {
    async fn run(mut self) -> io::Result<()> {
        self.wire.stream.set_nodelay(true)?;
        let mut incoming = Vec::new();
        loop {
            let power = self.power.clone();
            let next = tokio::select! {
                () = camera_went(power) => Next::Close,
                next = self.turn(&mut incoming) => next?,
            };
            if next == Next::Close {
                return Ok(());
            }
        }
    }

    /// Reads something and answers it.
    async fn turn(&mut self, incoming: &mut Vec<u8>) -> io::Result<Next> {
        let silence = self.timeout_s().filter(|_| self.session.is_some());
        let read = async {
            match silence {
                None => self.wire.read(incoming, &self.shared.identity).await.map(Some),
                Some(timeout_s) => {
                    let read = self.wire.read(incoming, &self.shared.identity);
                    let limit = Duration::from_secs(timeout_s.into());
                    tokio::time::timeout(limit, read).await.ok().transpose()
                }
            }
        };
        let read = read.await?;
        self.while_half_open().await;
        match read {
            None | Some(0) => Ok(Next::Close),
            Some(_) => self.answer_all(incoming).await,
        }
    }

    /// For waits in a turn in which the connection came to the camera.
    fn camera_is_gone(&self) -> bool {
        self.power.as_ref().is_some_and(|(power, boots)| {
            let power = power.borrow();
            !power.on || power.boots != *boots
        })
    }

    /// Waits, without reading or sending.
    async fn while_half_open(&self) {
        let Some(camera) = &self.camera else { return };
        while camera.switches.has(&SimFault::HalfOpen) && !self.camera_is_gone() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn answer_all(&mut self, incoming: &mut Vec<u8>) -> io::Result<Next> {
        while !incoming.is_empty() {
            let (message, length) = match Message::<Vec<u8>>::parse(&incoming[..]) {
                Ok(parsed) => parsed,
                Err(ParseError::Incomplete(_)) if incoming.len() <= MAX_REQUEST_BYTES => break,
                Err(_) => return Ok(Next::Close),
            };
            incoming.drain(..length);
            // Interleaved data are the client's receiver reports; nobody here reads them.
            let Message::Request(request) = message else { continue };
            let answer = match self.find_camera(&request) {
                Err(Next::Close) => return Ok(Next::Close),
                Err(Next::Continue) => Self::not_found(&request),
                Ok(()) => self.answer(&request),
            };
            self.while_half_open().await;
            self.send(&answer).await?;
            // Frames come after the answer that says so.
            if let Some((session, at)) = self.session.as_ref().zip(self.begins.take()) {
                self.shared.pump.add(session, at);
            }
            if answer.next == Next::Close {
                return Ok(Next::Close);
            }
        }
        Ok(Next::Continue)
    }

    async fn send(&self, answer: &Answer) -> io::Result<()> {
        let mut bytes = answer.bytes(self.camera.as_deref());
        let mut pause = None;
        if let Some(camera) = &self.camera {
            let switches = &camera.switches;
            if switches.has(&SimFault::Silent) {
                return Ok(());
            }
            if switches.has(&SimFault::GarbageRtsp) {
                bytes = Dice::new(u64::from(camera.index) + 1).bytes(GARBAGE_BYTES);
            }
            pause = switches.find(|fault| match fault {
                SimFault::Slow { byte_ms } => Some(Duration::from_millis((*byte_ms).into())),
                _ => None,
            });
        }
        let Some(pause) = pause else {
            self.wire.send(&[IoSlice::new(&bytes)])?;
            return self.wire.flushed().await;
        };
        for byte in bytes {
            if self.camera_is_gone() {
                break;
            }
            self.wire.send(&[IoSlice::new(&[byte])])?;
            self.wire.flushed().await?;
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }
}
