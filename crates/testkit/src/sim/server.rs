//! The server: its thread, its sockets, and the switches of its cameras.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Semaphore, oneshot, watch};

use super::camera::{Camera, Counters, Timeline};
use super::clip::Clip;
use super::pump::Pump;
use super::{SimCamera, SimConfig, SimError, SimStats, rtsp};
use crate::overlay::Title;

const MAX_CAMERAS: usize = 10_000;
const MAX_CONNECTIONS: usize = 20_000;
/// Keyframes of the cameras are spread over this time: the usual distance of two keyframes.
const PHASE_SPREAD: Duration = Duration::from_secs(2);

/// Simulated cameras at work, on a thread of their own; they end when this is dropped.
pub struct SimServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What connections share.
pub(super) struct Shared {
    pub(super) cameras: Vec<Arc<Camera>>,
    pub(super) by_path: HashMap<String, Arc<Camera>>,
    pub(super) timeline: Arc<Timeline>,
    pub(super) pump: Pump,
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
    /// contradict themselves.
    ///
    /// # Panics
    /// If the operating system gives no thread.
    pub fn start(config: SimConfig) -> Result<Self, SimError> {
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

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Address of camera `i`, without credentials.
    ///
    /// # Panics
    /// If there is no camera `i`, as in all that follows.
    #[must_use]
    pub fn url(&self, i: usize) -> String {
        format!("rtsp://{}/{}", self.address, self.shared.cameras[i].set.path)
    }

    /// What was sent since the start, over all cameras.
    #[must_use]
    pub fn stats(&self) -> SimStats {
        (0..self.shared.cameras.len()).map(|i| self.camera_stats(i)).fold(
            SimStats::default(),
            |sum, one| SimStats {
                sessions: sum.sessions + one.sessions,
                frames: sum.frames + one.frames,
                packets: sum.packets + one.packets,
                bytes: sum.bytes + one.bytes,
                dropped_packets: sum.dropped_packets + one.dropped_packets,
                late_frames: sum.late_frames + one.late_frames,
            },
        )
    }

    /// What camera `i` sent since the start.
    #[must_use]
    pub fn camera_stats(&self, i: usize) -> SimStats {
        let counters = &self.shared.cameras[i].counters;
        SimStats {
            sessions: counters.sessions.load(Relaxed),
            frames: counters.frames.load(Relaxed),
            packets: counters.packets.load(Relaxed),
            bytes: counters.bytes.load(Relaxed),
            dropped_packets: counters.dropped_packets.load(Relaxed),
            late_frames: counters.late_frames.load(Relaxed),
        }
    }

    /// How many frames camera `i` has made by now, watched or not: the counter of the next one.
    #[must_use]
    pub fn frames_made(&self, i: usize) -> u64 {
        let now = Instant::now();
        let camera = &self.shared.cameras[i];
        // The frame that is due at this very moment counts as made.
        if now < camera.due(0) { 0 } else { camera.frames_by(now) + 1 }
    }

    /// Takes camera `i` off the network: its connections end, and whoever asks for it is hung up
    /// on. Its clock runs on.
    pub fn stop_camera(&self, i: usize) {
        self.shared.cameras[i].stopped.send_replace(true);
    }

    /// Puts camera `i` back.
    pub fn start_camera(&self, i: usize) {
        self.shared.cameras[i].stopped.send_replace(false);
    }

    /// While `stalled`, camera `i` keeps its connections and answers, but sends nothing; the frames
    /// of that time are never sent.
    pub fn stall(&self, i: usize, stalled: bool) {
        self.shared.cameras[i].stalled.store(stalled, Relaxed);
    }

    /// Loses the next `count` RTP packets of camera `i`, whichever session they are for.
    pub fn drop_packets(&self, i: usize, count: u32) {
        self.shared.cameras[i].to_drop.fetch_add(count, Relaxed);
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
    let mut clips: HashMap<PathBuf, Arc<Clip>> = HashMap::new();
    let mut cameras = Vec::with_capacity(count);
    for (index, mut set) in settings.into_iter().enumerate() {
        set.path = set.path.trim_matches('/').to_owned();
        check(&set, index, &cameras)?;
        let clip = match clips.get(&set.clip) {
            Some(clip) => clip.clone(),
            None => Arc::new(Clip::load(&set.clip)?),
        };
        clips.insert(set.clip.clone(), clip.clone());
        let index = u32::try_from(index).expect("an index below the limit fits");
        cameras.push(Arc::new(Camera {
            index,
            title: Title::new(&set.name, &set.path),
            set,
            clip: Mutex::new(clip),
            timeline: timeline.clone(),
            phase: PHASE_SPREAD * index / u32::try_from(count).expect("a count at the limit fits"),
            stopped: watch::Sender::new(false),
            stalled: AtomicBool::new(false),
            to_drop: AtomicU32::new(0),
            counters: Counters::default(),
        }));
    }
    Ok(cameras)
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
    let shared = Shared { cameras, by_path, timeline, pump: Pump::default(), udp };
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
                    rtsp::serve(stream, peer, shared).await;
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
