//! A recorder's vault and ledger over a disk and a clock of the test's choice.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use domain::{
    AccountId, Action, Actor, CameraId, Feed, FeedKind, GapCause, Purpose, PurposeKind, RecorderId,
    ReelId, Retention, Role, SystemActor, WallTime,
};
use host::{Clock, Disk, Fs};
use ledger::act::{Act, DestroyExpired, PlayFootage};
use ledger::{Grant, Ledger, LedgerConfig};
use rules::{Ask, Facts, Target, decide};
use testkit::disk::{Effect, Select};
use testkit::{Fault, FaultyDisk, TestClock, copy_folder};
use vault::{
    ClosedReel, Codec, CodecConfig, FeedSealer, Frame, HoldersConfig, Listing, OpenVaultError,
    RotateError, RotationReport, Vault, VaultConfig, VolumeConfig,
};

pub(crate) const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) fn retention(length: Duration) -> Retention {
    Retention::new(Duration::ZERO, length).unwrap()
}

pub(crate) fn feed(number: u8) -> Feed {
    Feed { camera: CameraId::from_bytes([number; 16]), kind: FeedKind::Main }
}

pub(crate) fn person(number: u8) -> Actor {
    Actor::Person(AccountId::from_bytes([number; 16]))
}

/// Where everything of a recorder lies: a folder of its own within a folder that goes away.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        Self(folder)
    }

    /// Within a folder, such as that of a disk of its own.
    pub(crate) fn below(parent: &Path) -> Self {
        let folder = tempfile::tempdir_in(parent).unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        Self(folder)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// The same, elsewhere.
    pub(crate) fn copy(&self) -> Self {
        let other = Self::new();
        copy_folder(&self.root(), &other.root());
        other
    }
}

/// Waits until something is so, and says what was waited for if it does not come.
#[track_caller]
pub(crate) fn wait_until(what: &str, within: Duration, mut is_so: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !is_so() {
        assert!(start.elapsed() < within, "waited {within:?} in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The machine ends now: threads that still run can change nothing any more.
pub(crate) fn end(disk: &FaultyDisk, root: &Path) {
    disk.plan(Fault::new(Select::Any, 0, Effect::Die));
    assert!(disk.exists(root).is_err() && disk.is_dead());
}

pub(crate) type GapRow = (Feed, WallTime, WallTime, GapCause, u64);

/// A catalog that only remembers.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) reels: Mutex<BTreeMap<ReelId, ClosedReel>>,
    pub(crate) closings: Mutex<Vec<ReelId>>,
    pub(crate) gaps: Mutex<Vec<GapRow>>,
}

impl Listed {
    pub(crate) fn ids(&self) -> HashSet<ReelId> {
        self.reels.lock().unwrap().keys().copied().collect()
    }

    pub(crate) fn gaps_of(&self, cause: GapCause) -> Vec<GapRow> {
        let gaps = self.gaps.lock().unwrap();
        gaps.iter().filter(|gap| gap.3 == cause).copied().collect()
    }
}

impl Listing for Listed {
    fn reel_closed(&self, reel: &ClosedReel) {
        self.closings.lock().unwrap().push(reel.header.reel);
        self.reels.lock().unwrap().insert(reel.header.reel, reel.clone());
    }

    fn reel_gone(&self, reel: ReelId) {
        self.reels.lock().unwrap().remove(&reel);
    }

    fn gap(&self, feed: Feed, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64) {
        self.gaps.lock().unwrap().push((feed, from, to, cause, frames_lost));
    }
}

/// How a recorder is started.
pub(crate) struct Start {
    /// Folders, perhaps with the room: `a@cellar`.
    pub(crate) volumes: Vec<&'static str>,
    pub(crate) listed: HashSet<ReelId>,
    pub(crate) clock_is_confirmed: bool,
    pub(crate) holders: HoldersConfig,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            volumes: vec!["a"],
            listed: HashSet::new(),
            clock_is_confirmed: false,
            holders: HoldersConfig::default(),
        }
    }
}

/// A recorder that runs.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    pub(crate) clock: TestClock,
    pub(crate) ledger: Ledger,
    pub(crate) vault: Vault,
    pub(crate) listed: Arc<Listed>,
}

pub(crate) fn open_ledger(root: &Path, fs: Arc<dyn Fs>, clock: &TestClock) -> Ledger {
    try_ledger(root, fs, clock).unwrap()
}

pub(crate) fn try_ledger(
    root: &Path,
    fs: Arc<dyn Fs>,
    clock: &TestClock,
) -> Result<Ledger, ledger::OpenLedgerError> {
    let recorder = RecorderId::from_bytes([7; 16]);
    let config = LedgerConfig { folder: root.join("ledger"), recorder };
    Ledger::open(&config, fs, Arc::new(clock.clone()))
}

impl House {
    pub(crate) fn new(place: &Place, clock: &TestClock) -> Self {
        Self::open(place, Arc::new(Disk), clock, Start::default()).unwrap()
    }

    pub(crate) fn open(
        place: &Place,
        fs: Arc<dyn Fs>,
        clock: &TestClock,
        start: Start,
    ) -> Result<Self, OpenVaultError> {
        let ledger = open_ledger(&place.root(), Arc::clone(&fs), clock);
        Self::open_over(place, fs, clock, start, ledger)
    }

    pub(crate) fn open_over(
        place: &Place,
        fs: Arc<dyn Fs>,
        clock: &TestClock,
        start: Start,
        ledger: Ledger,
    ) -> Result<Self, OpenVaultError> {
        let root = place.root();
        let volume = |name: &&str| {
            let (name, place) = name.split_once('@').unwrap_or((name, ""));
            VolumeConfig { path: root.join(name), place: place.parse().ok() }
        };
        let config = VaultConfig {
            folder: root.join("vault"),
            holders: start.holders.clone(),
            recorder: RecorderId::from_bytes([7; 16]),
            volumes: start.volumes.iter().map(volume).collect(),
            clock_is_confirmed: start.clock_is_confirmed,
        };
        let listed = Arc::new(Listed::default());
        let listing: Arc<dyn Listing> = Arc::clone(&listed) as _;
        let the_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let vault = Vault::open(&config, &fs, &the_clock, &ledger, &start.listed, listing)?;
        vault.settle();
        Ok(Self { root, clock: clock.clone(), ledger, vault, listed })
    }

    /// Stops in order.
    pub(crate) fn close(self) {
        self.vault.close();
        self.ledger.close();
    }

    pub(crate) fn camera(&self, number: u8, length: Duration) -> Camera {
        let sealer = self.vault.sealer().feed(feed(number), retention(length));
        sealer.set_config(codec());
        Camera { feed: feed(number), sealer, clock: self.clock.clone(), filmed: Vec::new() }
    }

    /// A camera whose footage lies in one room, if a volume stands there.
    pub(crate) fn camera_in(&self, number: u8, length: Duration, room: &str) -> Option<Camera> {
        let room = room.parse().unwrap();
        let sealer = self.vault.sealer().feed_in(feed(number), retention(length), &room)?;
        sealer.set_config(codec());
        let (feed, clock) = (feed(number), self.clock.clone());
        Some(Camera { feed, sealer, clock, filmed: Vec::new() })
    }

    /// What a camera filmed and what can be seen of it now, through the only door.
    pub(crate) fn seen(&self, feed: Feed, from: WallTime, to: WallTime) -> Vec<(WallTime, Bytes)> {
        let grant = self.may_play(feed, from, to);
        let reader = self.vault.opener().footage(&grant).time();
        assert_eq!(reader, (from, to));
        read(&self.vault.opener().footage(&grant), feed, from)
    }

    pub(crate) fn may_play(&self, feed: Feed, from: WallTime, to: WallTime) -> Grant<PlayFootage> {
        let target = Target::Footage { cameras: vec![feed.camera], from, to };
        self.admit(person(1), Action::PlayFootage, target)
    }

    pub(crate) fn admit<A: Act>(&self, actor: Actor, action: Action, target: Target) -> Grant<A> {
        let purpose = Purpose::new(PurposeKind::Incident, "a test").unwrap();
        let ask = Ask { actor, action, target, purpose: Some(purpose), proposal: None };
        let facts = Facts { roles: vec![Role::Manager, Role::Officer], ..Facts::nobody() };
        let permit = decide(ask, &facts, self.clock.wall()).unwrap();
        self.ledger.admit_blocking(permit).unwrap()
    }

    /// As the retention does it: if something is due, and on a grant.
    pub(crate) fn rotate(&self) -> Result<RotationReport, RotateError> {
        if !self.vault.is_destruction_due() {
            return Ok(RotationReport::default());
        }
        self.rotate_now()
    }

    pub(crate) fn rotate_now(&self) -> Result<RotationReport, RotateError> {
        let actor = Actor::System(SystemActor::Retention);
        let ask = Ask {
            actor,
            action: Action::DestroyExpired,
            target: Target::House,
            purpose: None,
            proposal: None,
        };
        let permit = decide(ask, &Facts::nobody(), self.clock.wall()).unwrap();
        let grant = self.ledger.admit_blocking::<DestroyExpired>(permit)?;
        let report = self.vault.rotate(&grant);
        self.vault.settle();
        report
    }
}

/// Opens a vault for another recorder; gives what was told, if it was refused.
pub(crate) fn try_with_recorder(
    place: &Place,
    clock: &TestClock,
    holders: HoldersConfig,
    recorder: RecorderId,
) -> String {
    let fs: Arc<dyn Fs> = Arc::new(Disk);
    let ledger = open_ledger(&place.root(), Arc::clone(&fs), clock);
    let config = VaultConfig {
        folder: place.root().join("vault"),
        holders,
        recorder,
        volumes: vec![VolumeConfig { path: place.root().join("a"), place: None }],
        clock_is_confirmed: false,
    };
    let the_clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let listed = HashSet::new();
    let opened =
        Vault::open(&config, &fs, &the_clock, &ledger, &listed, Arc::new(Listed::default()));
    opened.err().map(|error| error.to_string()).unwrap_or_default()
}

/// Everything of a feed that a grant opens from a moment on.
pub(crate) fn read(
    reader: &vault::FootageReader<'_>,
    feed: Feed,
    from: WallTime,
) -> Vec<(WallTime, Bytes)> {
    let mut seen = Vec::new();
    let mut place = reader.seek(feed, from).unwrap();
    while let Some(chunk) = place {
        match reader.open(&chunk) {
            Ok(opened) => seen.extend(opened.frames.into_iter().map(|f| (f.wall, f.bytes))),
            Err(vault::OpenFootageError::Destroyed) => {}
            Err(error) => panic!("{error}"),
        }
        place = reader.next(&chunk).unwrap();
    }
    seen
}

pub(crate) fn codec() -> CodecConfig {
    CodecConfig { kind: Codec::H264, width: 64, height: 64, record: vec![1, 66, 0, 30, 255] }
}

/// A camera before the vault; it remembers what it filmed.
pub(crate) struct Camera {
    pub(crate) feed: Feed,
    pub(crate) sealer: FeedSealer,
    pub(crate) clock: TestClock,
    pub(crate) filmed: Vec<(WallTime, Bytes)>,
}

impl Camera {
    /// Two pictures, the first a keyframe, and half a second goes by for each.
    pub(crate) fn film_a_second(&mut self) {
        self.film(2, Duration::from_millis(500), 300);
    }

    /// A group of pictures with time between them.
    pub(crate) fn film(&mut self, frames: usize, every: Duration, length: usize) {
        for index in 0..frames {
            self.shoot(index == 0, every, length);
            self.clock.advance(every);
        }
    }

    /// One picture; no time goes by.
    pub(crate) fn shoot(&mut self, keyframe: bool, shown: Duration, length: usize) {
        let wall = self.clock.wall();
        let mut bytes = vec![self.feed.camera.as_bytes()[0]; length];
        bytes[..8].copy_from_slice(&wall.as_micros().to_le_bytes());
        let bytes = Bytes::from(bytes);
        self.filmed.push((wall, bytes.clone()));
        self.push(keyframe, shown, bytes);
    }

    pub(crate) fn push(&self, keyframe: bool, shown: Duration, bytes: Bytes) {
        self.sealer.push(&Frame {
            bytes,
            keyframe,
            wall: self.clock.wall(),
            uncertainty_us: 1000,
            elapsed: self.clock.elapsed(),
            presentation_offset_us: 0,
            duration_us: u32::try_from(shown.as_micros()).unwrap(),
            connection: 1,
        });
    }
}
