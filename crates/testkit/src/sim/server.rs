//! The server: its thread, its sockets, and the switches of its cameras.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Semaphore, oneshot, watch};

use super::camera::{Camera, Counters, Power, Timeline};
use super::clip::Clip;
use super::connection;
use super::identity::Identity;
use super::pump::Pump;
use super::switches::Switches;
use super::{SimCamera, SimConfig, SimError};
use crate::overlay::Title;

const MAX_CAMERAS: usize = 10_000;
const MAX_CONNECTIONS: usize = 20_000;
/// Keyframes of the cameras are spread over this time: the usual distance of two keyframes.
const PHASE_SPREAD: Duration = Duration::from_secs(2);

/// Simulated cameras at work, on a thread of their own; they end when this is dropped.
pub struct SimServer {
    pub(super) shared: Arc<Shared>,
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What connections share.
pub(super) struct Shared {
    pub(super) cameras: Vec<Arc<Camera>>,
    pub(super) by_path: HashMap<String, Arc<Camera>>,
    pub(super) timeline: Arc<Timeline>,
    pub(super) pump: Pump,
    pub(super) identity: Identity,
    /// One pair of sockets sends the datagrams of all sessions.
    pub(super) udp: UdpPair,
}

/// Sockets on two ports in a row, the first even.
pub(super) struct UdpPair {
    pub(super) rtp: UdpSocket,
    pub(super) rtcp: UdpSocket,
    pub(super) rtp_port: u16,
}

impl SimServer {
    /// Reads the clips, listens, and serves.
    ///
    /// # Errors
    /// A clip that cannot be served, an address that cannot be listened on, settings that
    /// contradict themselves, too few files that may be open.
    ///
    /// # Panics
    /// If the operating system gives no thread.
    pub fn start(config: SimConfig) -> Result<Self, SimError> {
        check_files(config.cameras.len())?;
        let timeline = Arc::new(Timeline::start());
        let cameras = build_cameras(config.cameras, &timeline)?;
        let (stop, stopped) = oneshot::channel();
        let (report, started) = std::sync::mpsc::channel();
        let listen = config.listen;
        let thread = std::thread::Builder::new()
            .name("sim-cameras".into())
            .spawn(move || serve(listen, cameras, timeline, stopped, &report))
            .expect("the operating system gives a thread");
        let (shared, address) = started
            .recv()
            .expect("the thread reports before it ends")
            .map_err(|source| SimError::Listen { address: listen, source })?;
        Ok(Self { shared, address, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for SimServer {
    fn drop(&mut self) {
        // The thread may have ended already; then there is nothing to tell it.
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the simulated cameras do not panic");
            }
        }
    }
}

fn build_cameras(
    settings: Vec<SimCamera>,
    timeline: &Arc<Timeline>,
) -> Result<Vec<Arc<Camera>>, SimError> {
    let count = settings.len().min(MAX_CAMERAS + 1);
    let mut clips: HashMap<(PathBuf, bool), Arc<Clip>> = HashMap::new();
    let mut cameras = Vec::with_capacity(count);
    for (index, mut set) in settings.into_iter().enumerate() {
        set.path = set.path.trim_matches('/').to_owned();
        check(&set, index, &cameras)?;
        let kind = (set.clip.clone(), set.is_captioned());
        let clip = match clips.get(&kind) {
            Some(clip) => clip.clone(),
            None => Arc::new(Clip::load(&kind.0, kind.1)?),
        };
        clips.insert(kind, clip.clone());
        let index = u32::try_from(index).expect("an index below the limit fits");
        cameras.push(Arc::new(Camera {
            index,
            title: Title::new(&set.name, &set.path),
            set,
            own_clip: clip.clone(),
            clip: Mutex::new(clip),
            timeline: timeline.clone(),
            phase: PHASE_SPREAD * index / u32::try_from(count).expect("a count at the limit fits"),
            power: watch::Sender::new(Power { on: true, boots: 0 }),
            switches: Switches::default(),
            to_drop: AtomicU32::new(0),
            counters: Counters::default(),
        }));
    }
    Ok(cameras)
}

/// Whether each camera can have a connection. Without the limit's file nobody knows; then the first
/// connection too many says so.
fn check_files(cameras: usize) -> Result<(), SimError> {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    check_limits(&limits, cameras)
}

fn check_limits(limits: &str, cameras: usize) -> Result<(), SimError> {
    const FOR_THE_PROCESS: u64 = 64;
    let row = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = row.and_then(|row| row.split_whitespace().next());
    let Some(limit) = soft.and_then(|limit| limit.parse().ok()) else { return Ok(()) };
    let needed = cameras as u64 + FOR_THE_PROCESS;
    if needed > limit { Err(SimError::TooFewFiles { needed, limit }) } else { Ok(()) }
}

fn check(set: &SimCamera, index: usize, before: &[Arc<Camera>]) -> Result<(), SimError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let fault = if index >= MAX_CAMERAS {
        "there are more than 10,000 cameras"
    } else if set.path.is_empty() || !set.path.chars().all(plain) {
        "its path must be of letters, digits, '-', '_', '.' and '/'"
    } else if !(1..=120).contains(&set.fps) {
        "its frames a second must be from 1 to 120"
    } else if before.iter().any(|camera| camera.set.path == set.path) {
        "another camera has its path"
    } else {
        return Ok(());
    };
    Err(SimError::BadCamera { path: set.path.clone(), fault })
}

type Started = std::io::Result<(Arc<Shared>, SocketAddr)>;

/// The thread: one runtime that ends, with every connection, when it is told to.
fn serve(
    listen: SocketAddr,
    cameras: Vec<Arc<Camera>>,
    timeline: Arc<Timeline>,
    stopped: oneshot::Receiver<()>,
    report: &std::sync::mpsc::Sender<Started>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report.send(Err(error)).expect("the starter waits"),
    };
    runtime.block_on(async {
        match open(listen, cameras, timeline).await {
            Err(error) => report.send(Err(error)).expect("the starter waits"),
            Ok((listener, shared, address)) => {
                report.send(Ok((shared.clone(), address))).expect("the starter waits");
                tokio::select! {
                    () = accept(listener, shared.clone()) => {}
                    () = shared.pump.run(&shared.timeline, &shared.udp) => {}
                    _ = stopped => {}
                }
            }
        }
    });
}

async fn open(
    listen: SocketAddr,
    cameras: Vec<Arc<Camera>>,
    timeline: Arc<Timeline>,
) -> std::io::Result<(TcpListener, Arc<Shared>, SocketAddr)> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let udp = UdpPair::bind(address).await?;
    let by_path = cameras.iter().map(|camera| (camera.set.path.clone(), camera.clone())).collect();
    let identity = Identity::new(address.ip());
    let shared = Shared { cameras, by_path, timeline, pump: Pump::default(), identity, udp };
    Ok((listener, Arc::new(shared), address))
}

impl UdpPair {
    /// Sends a datagram, or loses it, as datagrams go.
    pub(super) fn send(&self, from: &UdpSocket, datagram: &[u8], to: SocketAddr) {
        if let Err(error) = from.try_send_to(datagram, to) {
            tracing::debug!(%to, %error, "a datagram was not sent");
        }
    }

    async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        const ATTEMPTS: usize = 64;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let rtp = UdpSocket::bind(SocketAddr::new(address.ip(), 0)).await?;
            let rtp_port = rtp.local_addr()?.port();
            if !rtp_port.is_multiple_of(2) {
                continue;
            }
            match UdpSocket::bind(SocketAddr::new(address.ip(), rtp_port + 1)).await {
                Ok(rtcp) => return Ok(Self { rtp, rtcp, rtp_port }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into()))
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let permit = room.clone().acquire_owned().await.expect("the room is never closed");
        match listener.accept().await {
            Ok((stream, peer)) => {
                let shared = shared.clone();
                tokio::spawn(async move {
                    connection::serve(stream, peer, shared).await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of file descriptors, or a peer that left at once: neither ends the others.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_open_files_that_is_too_low_is_named() {
        let limits =
            "Limit  Soft Limit  Hard Limit  Units\nMax open files   1024   524288   files\n";
        assert!(check_limits(limits, 960).is_ok());
        let error = check_limits(limits, 2300).unwrap_err().to_string();
        assert!(error.contains("ulimit -n 2364") && error.contains("1024 are allowed"), "{error}");
        assert!(check_limits("", 2300).is_ok());
        assert!(check_limits("Max open files unlimited unlimited files", 2300).is_ok());
    }
}
