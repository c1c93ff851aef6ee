//! Recording: one task for each feed, which connects, reads, seals, and when it cannot, says why.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{CameraId, Feed, FeedKind, GapCause, Retention, WallTime};
use host::Clock;
use ledger::{CameraRecord, DeviceRecord};
use tokio::task::JoinHandle;
use vault::{CodecConfig, FeedSealer, Frame, Sealer};

use crate::camera::{
    CameraEvent, CameraFrame, Codec, ConnectError, Credentials, ReceiveError, SourceConfig,
    Transport, VideoConfig, connect,
};
use crate::walltime::WallClockMapping;

/// How long is waited before connecting anew: doubled at each failure up to the last.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(10);
/// A hole between two connections that is no gap: two clocks' readings differ by as much. It counts
/// from the end of the last picture, which on a slow camera stands for long, so it need not be long.
const NO_GAP: Duration = Duration::from_millis(250);

/// How a camera is doing. Closed; words are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CameraState {
    /// The first connection is being made.
    Connecting,
    /// Pictures come and are recorded.
    Recording,
    /// It is there and sends nothing.
    Silent,
    /// It cannot be reached.
    Unreachable,
    /// It refuses the name and password.
    Refused,
    /// It sends what is not recorded.
    Unsupported,
    /// What it sends cannot be understood.
    Garbage,
    /// It is not recorded any more.
    Retired,
}

impl CameraState {
    /// The word that stands for it outside.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Recording => "recording",
            Self::Silent => "silent",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Unsupported => "unsupported",
            Self::Garbage => "garbage",
            Self::Retired => "retired",
        }
    }

    const fn cause(self) -> GapCause {
        match self {
            Self::Silent => GapCause::CameraSilent,
            Self::Refused => GapCause::CameraRefused,
            Self::Unsupported | Self::Garbage => GapCause::CameraGarbage,
            Self::Retired => GapCause::NotScheduled,
            Self::Connecting | Self::Recording | Self::Unreachable => GapCause::CameraUnreachable,
        }
    }
}

impl From<&ConnectError> for CameraState {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::Unreachable { .. } | ConnectError::TimedOut { .. } => Self::Unreachable,
            ConnectError::Refused { .. } => Self::Refused,
            ConnectError::Unsupported { .. } | ConnectError::NoVideo { .. } => Self::Unsupported,
            ConnectError::NotACamera { .. }
            | ConnectError::Rejected { .. }
            | ConnectError::Garbage { .. } => Self::Garbage,
        }
    }
}

impl From<&ReceiveError> for CameraState {
    fn from(error: &ReceiveError) -> Self {
        match error {
            ReceiveError::Silent { .. } => Self::Silent,
            ReceiveError::Broken { .. } => Self::Unreachable,
            ReceiveError::Garbage { .. } => Self::Garbage,
        }
    }
}

/// What is known of a feed that is being recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedState {
    /// How it is doing.
    pub state: CameraState,
    /// What is wrong, in one sentence; never a password.
    pub trouble: Option<String>,
    /// `h264` or `h265`.
    pub codec: Option<&'static str>,
    /// Pixels.
    pub width: Option<u16>,
    /// Pixels.
    pub height: Option<u16>,
    /// Since when nothing is recorded, and why; `None` while pictures come.
    pub open_gap: Option<(WallTime, GapCause)>,
}

impl FeedState {
    const fn new() -> Self {
        Self {
            state: CameraState::Connecting,
            trouble: None,
            codec: None,
            width: None,
            height: None,
            open_gap: None,
        }
    }
}

struct FeedTask {
    state: Arc<Mutex<FeedState>>,
    task: JoinHandle<()>,
}

impl Drop for FeedTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Records cameras.
pub struct Recorder {
    sealer: Sealer,
    clock: Arc<dyn Clock>,
    runtime: tokio::runtime::Handle,
    feeds: Mutex<HashMap<Feed, FeedTask>>,
}

impl Recorder {
    /// A recorder of nothing yet. Its tasks run on the runtime it is made on.
    ///
    /// # Panics
    /// If it is made outside a tokio runtime.
    #[must_use]
    pub fn new(sealer: Sealer, clock: Arc<dyn Clock>) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self { sealer, clock, runtime, feeds: Mutex::default() }
    }

    /// Records a camera from now on, as its record says; what was recorded of it before under
    /// another device ends. `last_end` is when its last durable frame ended, by feed.
    pub fn start(&self, camera: &CameraRecord, last_end: impl Fn(Feed) -> Option<WallTime>) {
        let Some(plan) = plan_of(camera) else { return };
        self.stop(plan.camera);
        let mut feeds = self.lock();
        for (kind, source) in plan.sources {
            let feed = Feed { camera: plan.camera, kind };
            let state = Arc::new(Mutex::new(FeedState::new()));
            let work = FeedWork {
                source,
                sealer: self.sealer.feed(feed, plan.retention),
                clock: Arc::clone(&self.clock),
                state: Arc::clone(&state),
                last_end: last_end(feed),
                cause: GapCause::RecorderStopped,
                connection: 0,
                feed,
            };
            let task = self.runtime.spawn(work.run());
            feeds.insert(feed, FeedTask { state, task });
        }
    }

    /// Ends the recording of a camera.
    pub fn stop(&self, camera: CameraId) {
        self.lock().retain(|feed, _| feed.camera != camera);
    }

    /// Ends the recording of every camera.
    pub fn stop_all(&self) {
        self.lock().clear();
    }

    /// How a feed is doing; `None` if it is not recorded.
    #[must_use]
    pub fn state(&self, feed: Feed) -> Option<FeedState> {
        let feeds = self.lock();
        let task = feeds.get(&feed)?;
        let mut state = lock(&task.state).clone();
        if task.task.is_finished() {
            // A panic ended this feed's task and nothing else.
            state.state = CameraState::Garbage;
        }
        Some(state)
    }

    /// Whether a camera has a sub feed that is recorded.
    #[must_use]
    pub fn has_sub(&self, camera: CameraId) -> bool {
        self.lock().contains_key(&Feed { camera, kind: FeedKind::Sub })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Feed, FeedTask>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(state: &Mutex<FeedState>) -> std::sync::MutexGuard<'_, FeedState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Plan {
    camera: CameraId,
    retention: Retention,
    sources: Vec<(FeedKind, SourceConfig)>,
}

/// What a camera's record asks to be recorded; nothing if it is retired.
fn plan_of(record: &CameraRecord) -> Option<Plan> {
    let device = record.devices.last().filter(|_| record.retired_at.is_none())?;
    let camera = record.camera.parse().ok()?;
    let retention = Retention::new(
        Duration::from_secs(record.retention_minimum_s),
        Duration::from_secs(record.retention_maximum_s),
    )
    .ok()?;
    let main = source_of(device, &device.url).map(|source| (FeedKind::Main, source));
    let sub = device.sub_url.as_deref().and_then(|url| source_of(device, url));
    let sub = sub.map(|source| (FeedKind::Sub, source));
    Some(Plan { camera, retention, sources: main.into_iter().chain(sub).collect() })
}

pub(crate) fn source_of(device: &DeviceRecord, url: &str) -> Option<SourceConfig> {
    let credentials = device.credentials.clone();
    let credentials = credentials.map(|(username, password)| Credentials { username, password });
    let transport = if device.transport == "udp" { Transport::Udp } else { Transport::Tcp };
    let source = SourceConfig::parse(url).ok()?;
    Some(source.with_credentials(credentials).with_transport(transport))
}

struct FeedWork {
    feed: Feed,
    source: SourceConfig,
    sealer: FeedSealer,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<FeedState>>,
    last_end: Option<WallTime>,
    cause: GapCause,
    connection: u32,
}

impl FeedWork {
    /// Connects again and again, until it is aborted.
    async fn run(mut self) {
        let mut wait = FIRST_WAIT;
        loop {
            let connected = self.connect_and_record().await;
            if connected {
                wait = FIRST_WAIT;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LAST_WAIT);
        }
    }

    /// One connection from its beginning to its end; whether there was a picture.
    async fn connect_and_record(&mut self) -> bool {
        let mut camera = match connect(&self.source).await {
            Ok(camera) => camera,
            Err(error) => {
                self.trouble((&error).into(), &error.to_string());
                return false;
            }
        };
        self.connection += 1;
        let mut mapping: Option<WallClockMapping> = None;
        let mut last_camera_us = None;
        let mut saw_picture = false;
        loop {
            match camera.next().await {
                Ok(Some(CameraEvent::Config(config))) => self.set_config(&config),
                Ok(Some(CameraEvent::Frame(frame))) => {
                    let is_first = !std::mem::replace(&mut saw_picture, true);
                    self.record(frame, is_first, &mut mapping, &mut last_camera_us);
                }
                Ok(None) => {
                    self.trouble(CameraState::Unreachable, "the camera hung up");
                    break;
                }
                Err(error) => {
                    self.trouble((&error).into(), &error.to_string());
                    break;
                }
            }
        }
        self.sealer.disconnect();
        camera.close().await;
        saw_picture
    }

    fn set_config(&self, config: &VideoConfig) {
        let (kind, word) = match config.codec {
            Codec::H264 => (vault::Codec::H264, "h264"),
            Codec::H265 => (vault::Codec::H265, "h265"),
        };
        self.sealer.set_config(CodecConfig {
            kind,
            width: config.width,
            height: config.height,
            record: config.record.to_vec(),
        });
        let mut state = lock(&self.state);
        state.codec = Some(word);
        state.width = Some(config.width);
        state.height = Some(config.height);
    }

    fn record(
        &mut self,
        frame: CameraFrame,
        is_first: bool,
        mapping: &mut Option<WallClockMapping>,
        last_camera_us: &mut Option<i64>,
    ) {
        let arrived = self.clock.wall();
        let camera_us = frame.rtp_elapsed_us;
        let mapped = mapping
            .get_or_insert_with(|| WallClockMapping::new(camera_us, arrived))
            .map(camera_us, arrived);
        if mapped.is_anew {
            // Another clock from here on: a chunk never spans two.
            self.connection += 1;
        }
        let step_us = last_camera_us.replace(camera_us).map_or(0, |last| camera_us - last);
        let duration_us = u32::try_from(step_us.clamp(0, 1_000_000)).unwrap_or(0);
        self.declare(mapped.wall, is_first, frame.lost_packets_before, duration_us);
        self.sealer.push(Frame {
            bytes: frame.bytes,
            keyframe: frame.keyframe,
            wall: mapped.wall,
            uncertainty_us: mapped.uncertainty_us,
            elapsed: self.clock.elapsed(),
            presentation_offset_us: frame.presentation_offset_us,
            duration_us,
            connection: self.connection,
        });
        self.last_end = Some(mapped.wall + Duration::from_micros(duration_us.into()));
        if is_first {
            let mut state = lock(&self.state);
            state.state = CameraState::Recording;
            state.trouble = None;
            state.open_gap = None;
            tracing::info!(feed = %self.feed, "recording");
        }
    }

    /// Declares what is missing before a frame, and why.
    fn declare(&self, wall: WallTime, is_first: bool, lost_packets: u32, duration_us: u32) {
        let Some(last_end) = self.last_end else { return };
        let missing = wall.since(last_end);
        if is_first && missing > NO_GAP {
            self.sealer.declare_gap(last_end, wall, self.cause, 0);
        } else if lost_packets > 0 && wall > last_end {
            // The step to this frame spans the lost ones: at least one, or a loss of repeats only.
            let frame_us = u128::from(duration_us.max(1));
            let frames = u64::try_from(missing.as_micros() / frame_us).unwrap_or(0).max(1);
            self.sealer.declare_gap(last_end, wall, GapCause::PacketsLost, frames);
        } else if missing > Duration::from_secs(2) {
            self.sealer.declare_gap(last_end, wall, GapCause::CameraSilent, 0);
        }
    }

    /// Notes why nothing is recorded; the first reason stands until pictures come again.
    fn trouble(&mut self, state: CameraState, sentence: &str) {
        let mut known = lock(&self.state);
        if known.state == CameraState::Recording || known.state == CameraState::Connecting {
            // Before the first picture of this run the recorder's own absence is the cause.
            if known.state == CameraState::Recording {
                self.cause = state.cause();
            }
            tracing::warn!(feed = %self.feed, state = state.word(), sentence, "not recording");
        }
        known.state = state;
        known.trouble = Some(sentence.to_owned());
        if known.open_gap.is_none() {
            known.open_gap = self.last_end.map(|from| (from, self.cause));
        }
    }
}
