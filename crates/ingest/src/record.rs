//! Recording: one task for each feed, which connects, has the connection read, and when it cannot,
//! says why.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use domain::{CameraId, Feed, FeedKind, GapCause, Retention, StoragePlace, WallTime};
use host::Clock;
use ledger::{CameraRecord, DeviceRecord};
use tokio::task::JoinHandle;
use vault::{FeedSealer, Sealer};

use crate::camera::{
    ConnectError, Credentials, Fingerprint, ReceiveError, SourceConfig, Transport, connect,
};
use crate::filming::{Film, Filming};
use crate::room::{Ended, Rooms};
use crate::suspicion::Suspicion;

/// How long is waited before connecting anew: doubled at each failure up to the last.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(10);
/// Threads that read cameras: more than one, so that no camera's work holds all others up.
const READING_THREADS: usize = 2;

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
    /// It is outside its hours.
    OffHours,
    /// It is not to be recorded as things are.
    NotOrdered,
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
            Self::OffHours => "off-hours",
            Self::NotOrdered => "not-ordered",
            Self::Retired => "retired",
        }
    }

    pub(crate) const fn cause(self) -> GapCause {
        match self {
            Self::Silent => GapCause::CameraSilent,
            Self::Refused => GapCause::CameraRefused,
            Self::Unsupported | Self::Garbage => GapCause::CameraGarbage,
            Self::OffHours | Self::NotOrdered | Self::Retired => GapCause::NotScheduled,
            Self::Connecting | Self::Recording | Self::Unreachable => GapCause::CameraUnreachable,
        }
    }
}

impl From<&ConnectError> for CameraState {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::Unreachable { .. } | ConnectError::TimedOut { .. } => Self::Unreachable,
            ConnectError::Refused { .. } | ConnectError::CertificateChanged { .. } => Self::Refused,
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
    /// How fast the camera's clock runs against ours, in parts of a million; `None` in the first five
    /// minutes of a connection.
    pub clock_drift_ppm: Option<i32>,
    /// How far the wall clock that the camera reports is ahead of ours, in milliseconds; `None` if it
    /// reports none.
    pub clock_ahead_ms: Option<i64>,
    /// What may be wrong with the picture, though it comes and is recorded.
    pub suspicion: Option<Suspicion>,
    /// What the camera does with sound; `None` before its first connection.
    pub sound: Option<Sound>,
}

/// What a camera does with sound, of which this program never asks for any (Act 25(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// It offers none: it has no microphone, or that is off.
    NotOffered,
    /// It offers some, which is not asked for.
    Offered,
    /// It offers some, and sends something that nobody asked for: sound, as far as can be told of what is
    /// not looked at.
    SentUnasked,
}

impl FeedState {
    pub(crate) const fn new() -> Self {
        Self {
            state: CameraState::Connecting,
            trouble: None,
            codec: None,
            width: None,
            height: None,
            open_gap: None,
            clock_drift_ppm: None,
            clock_ahead_ms: None,
            suspicion: None,
            sound: None,
        }
    }
}

struct FeedTask {
    film: Arc<Film>,
    /// What was ordered.
    asked: Order,
    task: JoinHandle<()>,
}

impl Drop for FeedTask {
    fn drop(&mut self) {
        // Before its place is taken by another: two never push at a time.
        self.film.end();
        self.task.abort();
    }
}

/// What a camera is to do now, beside what its record says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// Whether it records.
    pub work: Work,
    /// Footage is kept so long at most, if the record says longer; never below the minimum of a
    /// statute.
    pub at_most: Option<Duration>,
    /// Footage lies here and nowhere else.
    pub place: Option<StoragePlace>,
}

/// Whether a camera records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// It does.
    Record {
        /// What is filmed from then on is not recorded.
        until: Option<WallTime>,
    },
    /// It is outside its hours. One sentence says until when.
    OffHours(String),
    /// It may not, and why, in one sentence.
    NotOrdered(String),
}

impl Default for Work {
    fn default() -> Self {
        Self::Record { until: None }
    }
}

/// Who says what a camera is to do now.
pub type Orders = dyn Fn(&CameraRecord) -> Order + Send + Sync;

/// Records cameras.
pub struct Recorder {
    sealer: Sealer,
    clock: Arc<dyn Clock>,
    runtime: tokio::runtime::Handle,
    rooms: Arc<Rooms>,
    started: AtomicUsize,
    on_first_sight: Arc<OnceLock<Box<OnFirstSight>>>,
    orders: Box<Orders>,
    /// Had by who starts or stops a camera, from when its record is read on: of two the later one
    /// wins, and no older record comes after a newer one.
    changing: Mutex<()>,
    feeds: Mutex<HashMap<Feed, FeedTask>>,
}

impl Recorder {
    /// A recorder of nothing yet; `orders` is asked at each start of a camera. Its tasks run on the
    /// runtime it is made on.
    ///
    /// # Panics
    /// If it is made outside a tokio runtime.
    #[must_use]
    pub fn new(sealer: Sealer, clock: Arc<dyn Clock>, orders: Box<Orders>) -> Self {
        let runtime = tokio::runtime::Handle::current();
        let rooms = Arc::new(Rooms::open(READING_THREADS));
        Self {
            sealer,
            clock,
            runtime,
            rooms,
            started: AtomicUsize::new(0),
            on_first_sight: Arc::default(),
            orders,
            changing: Mutex::default(),
            feeds: Mutex::default(),
        }
    }

    /// Tells `tell` of each certificate that is seen for the first time. Only the first call counts.
    pub(crate) fn tell_first_sight(&self, tell: Box<OnFirstSight>) {
        let _ = self.on_first_sight.set(tell);
    }

    /// Records a camera from now on, as its record and its order say; what was recorded of it before
    /// under another device ends. `last_end` is when its last durable frame ended, by feed, for one
    /// that was not recorded until now.
    pub fn start(&self, camera: &CameraRecord, last_end: impl Fn(Feed) -> Option<WallTime>) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.begin(camera, last_end);
    }

    fn begin(&self, camera: &CameraRecord, last_end: impl Fn(Feed) -> Option<WallTime>) {
        let order = (self.orders)(camera);
        let Some(plan) = plan_of(camera, &order) else { return };
        let film_of = |task: &FeedTask| Arc::clone(&task.film);
        let before: HashMap<Feed, Arc<Film>> =
            self.lock().iter().map(|(feed, task)| (*feed, film_of(task))).collect();
        self.end(plan.camera);
        let mut feeds = self.lock();
        for (kind, source) in plan.sources {
            let feed = Feed { camera: plan.camera, kind };
            let asked = order.clone();
            let (sealer, work) = self.inlet(feed, plan.retention, &order);
            let film = Film::new(feed, sealer, Arc::clone(&self.clock), last_end(feed));
            let film = film.following(before.get(&feed).map(AsRef::as_ref));
            let (state, why) = match work {
                Work::Record { until } => {
                    let film = Arc::new(film.ending(until));
                    let task = self.runtime.spawn(self.feed_work(plan.camera, source, &film).run());
                    feeds.insert(feed, FeedTask { film, asked, task });
                    continue;
                }
                Work::OffHours(why) => (CameraState::OffHours, why),
                Work::NotOrdered(why) => (CameraState::NotOrdered, why),
            };
            film.rest(state, &why);
            let task = self.runtime.spawn(async {});
            feeds.insert(feed, FeedTask { film: Arc::new(film), asked, task });
        }
    }

    fn feed_work(&self, camera: CameraId, source: SourceConfig, film: &Arc<Film>) -> FeedWork {
        FeedWork {
            camera,
            source,
            on_first_sight: Arc::clone(&self.on_first_sight),
            film: Arc::clone(film),
            rooms: Arc::clone(&self.rooms),
            number: self.started.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Where a feed's pictures go. If no volume stands where its footage has to lie, nothing is
    /// recorded.
    fn inlet(&self, feed: Feed, retention: Retention, order: &Order) -> (FeedSealer, Work) {
        let anywhere = || self.sealer.feed(feed, retention);
        let Some(place) = &order.place else { return (anywhere(), order.work.clone()) };
        match self.sealer.feed_in(feed, retention, place) {
            Some(sealer) => (sealer, order.work.clone()),
            None => {
                let why = format!("no volume stands in {place}, where its footage has to lie");
                (anywhere(), Work::NotOrdered(why))
            }
        }
    }

    /// Starts every camera anew whose order is another by now, as `record` says it then.
    pub fn follow_orders(&self, record: impl Fn(CameraId) -> Option<CameraRecord>) {
        let known: Vec<CameraId> = self.lock().keys().map(|feed| feed.camera).collect();
        for camera in known.into_iter().collect::<BTreeSet<_>>() {
            let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let feed = Feed { camera, kind: FeedKind::Main };
            let Some(record) = record(camera) else { continue };
            let under = self.lock().get(&feed).map(|task| task.asked.clone());
            if under.is_some_and(|under| under != (self.orders)(&record)) {
                self.begin(&record, |_| None);
            }
        }
    }

    /// Where a camera's footage has to lie; `None` if anywhere.
    #[must_use]
    pub fn ordered_place(&self, camera: CameraId) -> Option<StoragePlace> {
        let feed = Feed { camera, kind: FeedKind::Main };
        self.lock().get(&feed).and_then(|task| task.asked.place.clone())
    }

    /// How long a camera's footage may be kept at most, whatever its record says; `None` if nobody
    /// ordered that.
    #[must_use]
    pub fn ordered_at_most(&self, camera: &CameraRecord) -> Option<Duration> {
        (self.orders)(camera).at_most
    }

    /// How long what a camera films now is kept at most.
    #[must_use]
    pub fn kept_at_most(&self, camera: &CameraRecord) -> Option<Duration> {
        plan_of(camera, &(self.orders)(camera)).map(|plan| plan.retention.maximum())
    }

    /// Ends the recording of a camera.
    pub fn stop(&self, camera: CameraId) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.end(camera);
    }

    fn end(&self, camera: CameraId) {
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
        feeds.get(&feed).map(|task| task.film.state())
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

struct Plan {
    camera: CameraId,
    retention: Retention,
    sources: Vec<(FeedKind, SourceConfig)>,
}

/// What a camera's record and order ask to be recorded; nothing if it is retired.
fn plan_of(record: &CameraRecord, order: &Order) -> Option<Plan> {
    let device = record.devices.last().filter(|_| record.retired_at.is_none())?;
    let camera = record.camera.parse().ok()?;
    let minimum = Duration::from_secs(record.retention_minimum_s);
    let kept = Duration::from_secs(record.retention_maximum_s);
    let at_most = order.at_most.unwrap_or(kept).max(minimum);
    let retention = Retention::new(minimum, kept.min(at_most)).ok()?;
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
    let certificate = device.certificate.as_deref().and_then(fingerprint);
    let source = source.with_credentials(credentials).with_transport(transport);
    Some(source.with_certificate(certificate))
}

/// 64 hexadecimal digits; nothing else is one.
fn fingerprint(text: &str) -> Option<Fingerprint> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (digits.len() == 64).then_some(bytes)
}

/// A certificate as it stands in a record.
pub(crate) fn fingerprint_text(certificate: &Fingerprint) -> String {
    certificate.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Who is told of a camera's certificate at first sight.
pub(crate) type OnFirstSight = dyn Fn(CameraId, Fingerprint) + Send + Sync;

/// One feed's task.
struct FeedWork {
    camera: CameraId,
    source: SourceConfig,
    on_first_sight: Arc<OnceLock<Box<OnFirstSight>>>,
    film: Arc<Film>,
    rooms: Arc<Rooms>,
    number: usize,
}

impl FeedWork {
    /// Connects again and again, until it is aborted.
    async fn run(mut self) {
        let mut wait = FIRST_WAIT;
        loop {
            if self.connect_and_record().await {
                wait = FIRST_WAIT;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LAST_WAIT);
        }
    }

    /// One connection from its beginning to its end; whether there was a picture.
    async fn connect_and_record(&mut self) -> bool {
        let camera = match connect(&self.source).await {
            Ok(camera) => camera,
            Err(error) => {
                self.film.trouble((&error).into(), &error.to_string());
                return false;
            }
        };
        if let (None, Some(seen)) = (self.source.certificate, camera.certificate()) {
            // From here on this one and no other, on every later connection.
            self.source.certificate = Some(seen);
            if let Some(tell) = self.on_first_sight.get() {
                tell(self.camera, seen);
            }
        }
        self.film.set_sound(if camera.offers_sound() { Sound::Offered } else { Sound::NotOffered });
        let before = self.film.pictures();
        let filming = Box::new(Filming::new(Arc::clone(&self.film)));
        let ended = self.rooms.read(self.number, camera, filming).await;
        let camera = match ended {
            Ended::HungUp(camera) => {
                self.film.trouble(CameraState::Unreachable, "the camera hung up");
                Some(camera)
            }
            Ended::Failed(camera, error) => {
                self.film.trouble((&error).into(), &error.to_string());
                Some(camera)
            }
            Ended::Panicked => {
                let told = "what it sends made the recorder stumble; please report it";
                self.film.trouble(CameraState::Garbage, told);
                None
            }
        };
        self.film.disconnect();
        if let Some(camera) = camera {
            camera.close().await;
        }
        self.film.pictures() > before
    }
}
