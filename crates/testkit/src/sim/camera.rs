//! A simulated camera: what it serves, its clock, and the switches a test can turn.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use host::{Clock, SystemClock};
use tokio::sync::watch;

use super::SimCamera;
use super::clip::Clip;
use super::packets::{PacketRun, Packetiser};
use super::rtp::CLOCK_HZ;
use crate::nal_run::NalRun;
use crate::overlay::{Caption, Title};
use crate::stamp::Stamp;

/// When the simulator started, on both clocks.
#[derive(Debug)]
pub(super) struct Timeline {
    started: Instant,
    /// What the wall clock showed then, in microseconds; follows when somebody sets that clock.
    started_wall_us: AtomicI64,
}

/// A wall clock that is off by more than this was set; less is the two readings' own distance.
const CLOCK_STEP_US: i64 = 100_000;

impl Timeline {
    pub(super) fn start() -> Self {
        let wall = SystemClock.wall().as_micros();
        Self { started: Instant::now(), started_wall_us: AtomicI64::new(wall) }
    }

    /// Looks whether somebody set the wall clock.
    pub(super) fn follow(&self) {
        let now = SystemClock.wall().as_micros() - micros(self.started.elapsed());
        if (now - self.started_wall_us.load(Relaxed)).abs() > CLOCK_STEP_US {
            self.started_wall_us.store(now, Relaxed);
        }
    }

    /// The wall time of a moment. It is the same for whoever asks, unless the clock is set between.
    pub(super) fn wall_us(&self, moment: Instant) -> i64 {
        self.started_wall_us.load(Relaxed) + micros(moment.saturating_duration_since(self.started))
    }
}

fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

/// What was counted of one camera since the start.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) sessions: AtomicU32,
    pub(super) frames: AtomicU64,
    pub(super) packets: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) dropped_packets: AtomicU64,
    pub(super) late_frames: AtomicU64,
}

/// One camera as its sessions share it.
pub(super) struct Camera {
    pub(super) index: u32,
    pub(super) set: SimCamera,
    pub(super) title: Title,
    pub(super) clip: Mutex<Arc<Clip>>,
    pub(super) timeline: Arc<Timeline>,
    /// How long after the start frame 0 was due.
    pub(super) phase: Duration,
    pub(super) stopped: watch::Sender<bool>,
    pub(super) stalled: AtomicBool,
    pub(super) to_drop: AtomicU32,
    pub(super) counters: Counters,
}

impl Camera {
    /// What it plays now.
    pub(super) fn clip(&self) -> Arc<Clip> {
        self.clip.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When the frame with this counter is due.
    pub(super) fn due(&self, counter: u64) -> Instant {
        let fps = u64::from(self.set.fps);
        let nanos = counter % fps * 1_000_000_000 / fps;
        let since = Duration::from_secs(counter / fps) + Duration::from_nanos(nanos);
        self.timeline.started + self.phase + since
    }

    /// How many frames were due by `moment`.
    pub(super) fn frames_by(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.timeline.started + self.phase);
        let frames = since.as_nanos() * u128::from(self.set.fps) / 1_000_000_000;
        u64::try_from(frames).expect("a camera runs for less than 500 years")
    }

    /// The first keyframe at or after `counter`.
    pub(super) fn keyframe_from(&self, counter: u64) -> u64 {
        // A clip begins with a keyframe, so one comes within its length.
        let (clip, mut counter) = (self.clip(), counter);
        while !clip.frames[clip.place(counter)].keyframe {
            counter += 1;
        }
        counter
    }

    /// Ticks of the RTP clock from frame 0 to the frame with this counter.
    pub(super) fn ticks(&self, counter: u64) -> u64 {
        counter.wrapping_mul(CLOCK_HZ) / u64::from(self.set.fps)
    }

    /// Makes the packets of a frame that are this camera's own: stamp and caption.
    pub(super) fn render_own(&self, clip: &Clip, counter: u64, scratch: &mut Scratch) {
        let wall_us = |counter| self.timeline.wall_us(self.due(counter));
        scratch.nals.clear();
        let now_us = wall_us(counter);
        let stamp = Stamp { camera: self.index, counter, wall_us: now_us, canary: self.set.canary };
        stamp.write(clip.codec, &mut scratch.nals);
        let rows = clip.frames[clip.place(counter)].caption.as_ref();
        if let Some((overlay, rows)) = clip.overlay.as_ref().zip(rows) {
            let last = counter.saturating_sub(1);
            let before = Caption::new(&self.title, wall_us(last), last);
            let now = Caption::new(&self.title, now_us, counter);
            overlay.write(rows, &before, &now, &mut scratch.nals);
        }
        scratch.own.clear();
        Packetiser::new(clip.codec).append(&scratch.nals, &mut scratch.own);
    }

    /// Takes out of `run` the packets that a test asked to lose.
    pub(super) fn lose_packets(&self, run: &mut PacketRun) {
        let to_drop = self.to_drop.load(Relaxed);
        let dropped = run.drop_first(usize::try_from(to_drop).unwrap_or(usize::MAX));
        let dropped = u32::try_from(dropped).expect("no more than was asked");
        self.to_drop.fetch_sub(dropped, Relaxed);
        self.counters.dropped_packets.fetch_add(u64::from(dropped), Relaxed);
    }
}

/// Room for one frame, used again for each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    nals: NalRun,
    /// The packets that are the camera's own.
    pub(super) own: PacketRun,
    /// All packets of a frame, where they are tampered with before they are sent.
    pub(super) all: PacketRun,
}
