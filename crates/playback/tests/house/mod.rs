//! A recorder in a folder: ledger, vault, catalog; and pictures that ffmpeg made.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use catalog::{Catalog, ReelFeedRow, ReelRow};
use domain::{
    AccountId, Action, Actor, CameraId, Feed, FeedKind, GapCause, Purpose, PurposeKind, RecorderId,
    ReelId, Retention, Role, SystemActor, WallTime,
};
use host::{Clock, Disk, Fs, SystemClock};
use ledger::act::{Act, DestroyExpired, PlayFootage, TakeStill, WatchLive};
use ledger::{Grant, Ledger, LedgerConfig};
use mp4_atom::{Any, Decode as _};
use playback::MediaEvent;
use rules::{Ask, Facts, Target, decide};
use testkit::TestClock;
use tokio::sync::mpsc;
use vault::{
    ClosedReel, Codec, CodecConfig, FeedSealer, Frame, Listing, Vault, VaultConfig, VolumeConfig,
};

pub(crate) const FRAME: Duration = Duration::from_millis(40);
const WIDTH: u16 = 160;
const HEIGHT: u16 = 120;

pub(crate) struct House {
    pub(crate) ledger: Ledger,
    pub(crate) vault: Vault,
    pub(crate) catalog: Catalog,
    pub(crate) reels: Arc<Mutex<Vec<ClosedReel>>>,
    pub(crate) clip: Clip,
    clock: Arc<dyn Clock>,
    /// A clock that moves when told moves with what is recorded.
    hands: Option<TestClock>,
    pub(crate) folder: tempfile::TempDir,
}

/// Keeps what would be listed.
struct List(Arc<Mutex<Vec<ClosedReel>>>);

impl Listing for List {
    fn reel_closed(&self, reel: &ClosedReel) {
        self.0.lock().unwrap().push(reel.clone());
    }
    fn reel_gone(&self, _: ReelId) {}
    fn gap(&self, _: Feed, _: WallTime, _: WallTime, _: GapCause, _: u64) {}
}

/// Buckets of a minute.
pub(crate) fn retention() -> Retention {
    Retention::new(Duration::ZERO, Duration::from_secs(24 * 60)).unwrap()
}

pub(crate) fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

pub(crate) fn person() -> AccountId {
    AccountId::from_bytes([1; 16])
}

impl House {
    /// In the present.
    pub(crate) async fn open() -> Self {
        Self::make(Arc::new(SystemClock), None).await
    }

    /// At a moment, from which time passes only by what is recorded, and when told.
    pub(crate) async fn open_at(clock: &TestClock) -> Self {
        Self::make(Arc::new(clock.clone()), Some(clock.clone())).await
    }

    async fn make(clock: Arc<dyn Clock>, hands: Option<TestClock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fs: Arc<dyn Fs> = Arc::new(Disk);
        let recorder = RecorderId::from_bytes([7; 16]);
        let config = LedgerConfig { folder: folder.path().join("ledger"), recorder };
        let ledger = Ledger::open(&config, Arc::clone(&fs), Arc::clone(&clock)).unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog")).await.unwrap();
        let config = VaultConfig {
            folder: folder.path().join("vault"),
            holders: vault::HoldersConfig::default(),
            recorder,
            volumes: vec![VolumeConfig { path: folder.path().join("volume"), place: None }],
            clock_is_confirmed: true,
        };
        let reels = Arc::new(Mutex::default());
        let list = Arc::new(List(Arc::clone(&reels)));
        let vault = Vault::open(&config, &fs, &clock, &ledger, &HashSet::new(), list).unwrap();
        let clip = Clip::make(folder.path());
        Self { ledger, vault, catalog, reels, clip, clock, hands, folder }
    }

    /// A feed that knows how its pictures are coded.
    pub(crate) fn feed(&self, camera: CameraId, kind: FeedKind) -> FeedSealer {
        let feed = self.vault.sealer().feed(Feed { camera, kind }, retention());
        feed.set_config(self.clip.config.clone());
        feed
    }

    /// The clip's frame `number`, over and over, filmed at a moment.
    pub(crate) fn frame(&self, number: usize, wall: WallTime) -> Frame {
        let (bytes, keyframe) = self.clip.frames[number % self.clip.frames.len()].clone();
        Frame {
            bytes,
            keyframe,
            wall,
            uncertainty_us: 1000,
            elapsed: self.clock.elapsed(),
            presentation_offset_us: 0,
            duration_us: 40_000,
            connection: 1,
        }
    }

    /// Records `count` frames from a moment on, beginning with a keyframe; gives when each was
    /// filmed, and its bytes.
    pub(crate) fn record(&self, feed: &FeedSealer, from: WallTime, count: usize) -> Vec<Shown> {
        let mut recorded = Vec::new();
        for number in 0..count {
            let wall = from + FRAME * u32::try_from(number).unwrap();
            if let Some(clock) = &self.hands {
                clock.advance((wall + FRAME).since(clock.wall()));
            }
            let frame = self.frame(number, wall);
            recorded.push(Shown { wall, bytes: frame.bytes.clone() });
            feed.push(&frame);
            // As the writer does each second.
            if number % 25 == 24 {
                self.vault.flush();
            }
        }
        self.vault.flush();
        recorded
    }

    /// Lists in the catalog the closed reels that the vault has told of, at least one.
    pub(crate) async fn list_reels(&self) {
        let waited = std::time::Instant::now();
        while self.reels.lock().unwrap().is_empty() {
            assert!(waited.elapsed() < Duration::from_secs(5), "no reel was closed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let closed = std::mem::take(&mut *self.reels.lock().unwrap());
        for reel in closed {
            let header = reel.header;
            let row = ReelRow {
                reel: header.reel,
                volume: reel.volume,
                retention: header.retention,
                bucket_start: header.bucket_start,
                bucket_end: header.bucket_end,
                created_at: header.created_at,
                length_bytes: reel.length_bytes,
                chunks: u64::from(reel.index.records),
                footer_sha256: [0; 32],
                expires_at: reel.expires_at(),
            };
            let feeds = reel.index.rows.iter().map(|row| row.feed).filter_map(|feed| {
                Some(ReelFeedRow {
                    feed: feed.feed,
                    bucket: feed.bucket?,
                    codec: "h264",
                    width: feed.width,
                    height: feed.height,
                    frames: feed.frames,
                    bytes: feed.bytes,
                    chunks: u64::from(feed.records),
                    start: feed.first_start,
                    end: feed.last_end,
                })
            });
            self.catalog.add_reel(&row, &feeds.collect::<Vec<_>>()).await.unwrap();
        }
    }

    pub(crate) async fn may_watch(&self, cameras: &[CameraId]) -> Grant<WatchLive> {
        let target = Target::Live { cameras: cameras.to_vec() };
        self.admit(Actor::Person(person()), Action::WatchLive, target).await
    }

    pub(crate) async fn may_play(
        &self,
        cameras: &[CameraId],
        from: WallTime,
        to: WallTime,
    ) -> Grant<PlayFootage> {
        let target = Target::Footage { cameras: cameras.to_vec(), from, to };
        self.admit(Actor::Person(person()), Action::PlayFootage, target).await
    }

    pub(crate) async fn may_take_still(&self, camera: CameraId) -> Grant<TakeStill> {
        let target = Target::Camera(camera);
        self.admit(Actor::Person(person()), Action::TakeStill, target).await
    }

    pub(crate) async fn may_destroy(&self) -> Grant<DestroyExpired> {
        let actor = Actor::System(SystemActor::Retention);
        self.admit(actor, Action::DestroyExpired, Target::House).await
    }

    async fn admit<A: Act>(&self, actor: Actor, action: Action, target: Target) -> Grant<A> {
        let purpose = Some(Purpose::new(PurposeKind::Incident, "2026-17").unwrap());
        // A still is for whoever sets the camera up; footage is for whoever watches.
        let role = if action == Action::TakeStill { Role::Administrator } else { Role::Operator };
        let facts = Facts { roles: vec![role], device_is_unseen: true, ..Facts::nobody() };
        let ask = Ask { actor, action, target, purpose, proposal: None };
        self.ledger.admit(decide(ask, &facts, WallTime::EPOCH).unwrap()).await.unwrap()
    }
}

/// Pictures in H.264: two seconds at 25 a second, a keyframe every 10.
pub(crate) struct Clip {
    pub(crate) config: CodecConfig,
    pub(crate) frames: Vec<(Bytes, bool)>,
}

impl Clip {
    fn make(folder: &Path) -> Self {
        let file = folder.join("clip.mp4");
        run(Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i"])
            .arg(format!("testsrc2=size={WIDTH}x{HEIGHT}:rate=25:duration=2"))
            .args(["-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-bf", "0"])
            .args(["-threads", "1", "-pix_fmt", "yuv420p"])
            .args(["-movflags", "frag_keyframe+empty_moov+default_base_moof"])
            .arg(&file));
        let clip = std::fs::read(file).unwrap();
        let at = clip.windows(4).position(|window| window == b"avcC").unwrap();
        let size = u32::from_be_bytes(clip[at - 4..at].try_into().unwrap()) as usize;
        let record = clip[at + 4..at - 4 + size].to_vec();
        let config = CodecConfig { kind: Codec::H264, width: WIDTH, height: HEIGHT, record };
        let mut frames = Vec::new();
        for fragment in fragments(&clip) {
            let samples = fragment.samples.into_iter().enumerate();
            frames.extend(samples.map(|(index, (_, bytes))| (bytes, index == 0)));
        }
        assert_eq!(frames.len(), 50);
        Self { config, frames }
    }
}

/// One frame: when it was filmed, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) wall: WallTime,
    pub(crate) bytes: Bytes,
}

struct Fragment {
    /// Time of decoding and bytes.
    samples: Vec<(u64, Bytes)>,
}

/// Read by a parser that is not ours.
fn fragments(media: &[u8]) -> Vec<Fragment> {
    let (mut rest, mut moof, mut found) = (media, None, Vec::new());
    while !rest.is_empty() {
        match Any::decode(&mut rest).unwrap() {
            Any::Moof(next) => moof = Some(next),
            Any::Mdat(mdat) => {
                let moof: mp4_atom::Moof = moof.take().unwrap();
                let traf = &moof.traf[0];
                let mut decode = traf.tfdt.as_ref().unwrap().base_media_decode_time;
                let (mut samples, mut at) = (Vec::new(), 0);
                for sample in &traf.trun[0].samples {
                    let size = sample.size.or(traf.tfhd.default_sample_size).unwrap() as usize;
                    samples.push((decode, Bytes::copy_from_slice(&mdat.data[at..at + size])));
                    decode +=
                        u64::from(sample.duration.or(traf.tfhd.default_sample_duration).unwrap());
                    at += size;
                }
                found.push(Fragment { samples });
            }
            _ => {}
        }
    }
    found
}

/// What one tile's viewer sees: each frame at the wall time that the announced mapping gives it.
pub(crate) fn shown(events: &[MediaEvent], of: u16) -> Vec<Shown> {
    let (mut mapping, mut ready, mut seen) = (None, false, Vec::new());
    for event in events {
        match event {
            MediaEvent::Tile { tile, wall_start, media_start_us, .. } if *tile == of => {
                (mapping, ready) = (Some((*wall_start, *media_start_us)), false);
            }
            MediaEvent::Init { tile, .. } if *tile == of => ready = true,
            MediaEvent::Fragment { tile, wall, bytes } if *tile == of => {
                assert!(ready, "an initialisation comes before the first fragment");
                let (wall_start, media_start_us): (WallTime, u64) = mapping.unwrap();
                for (number, (decode, bytes)) in
                    fragments(bytes).remove(0).samples.into_iter().enumerate()
                {
                    // Backwards what follows lies before what was announced.
                    let since_us = decode.cast_signed() - media_start_us.cast_signed();
                    let at = WallTime::from_micros(wall_start.as_micros() + since_us);
                    assert!(number > 0 || *wall == at);
                    seen.push(Shown { wall: at, bytes });
                }
            }
            _ => {}
        }
    }
    seen
}

/// Everything that comes until `last` says so, within 5 seconds.
pub(crate) async fn until(
    events: &mut mpsc::Receiver<MediaEvent>,
    last: impl Fn(&MediaEvent) -> bool,
) -> Vec<MediaEvent> {
    let mut seen = Vec::new();
    let all = async {
        while let Some(event) = events.recv().await {
            let is_last = last(&event);
            seen.push(event);
            if is_last {
                break;
            }
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(5), all).await;
    assert!(in_time.is_ok(), "only these came: {:?}", seen.iter().map(brief).collect::<Vec<_>>());
    seen
}

fn brief(event: &MediaEvent) -> String {
    match event {
        MediaEvent::Init { tile, .. } => format!("Init {tile}"),
        MediaEvent::Fragment { tile, wall, .. } => format!("Fragment {tile} {wall}"),
        other => format!("{other:?}"),
    }
}

/// How many frames a decoder that is not ours makes of a tile's media.
pub(crate) fn decoded(folder: &Path, events: &[MediaEvent], of: u16) -> usize {
    let mut media = Vec::new();
    for event in events {
        match event {
            MediaEvent::Init { tile, bytes } if *tile == of && media.is_empty() => {
                media.extend_from_slice(bytes);
            }
            MediaEvent::Fragment { tile, bytes, .. } if *tile == of => {
                media.extend_from_slice(bytes);
            }
            _ => {}
        }
    }
    decoded_frames(folder, &media)
}

pub(crate) fn decoded_frames(folder: &Path, media: &[u8]) -> usize {
    let file = folder.join("shown.mp4");
    std::fs::write(&file, media).unwrap();
    run(Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-count_frames"])
        .args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(file))
    .trim()
    .parse()
    .unwrap()
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("ffmpeg and ffprobe are installed by ./x");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.trim().is_empty(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
