//! A simulated camera: what it serves, its clock, and the switches a test can turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use host::{Clock, SystemClock};
use tokio::sync::watch;
use tokio::time::Instant;

use super::SimCamera;
use super::clip::Clip;
use super::rtp::{CLOCK_HZ, PacketRun, Packetiser, RtpTrack};
use crate::overlay::{self, Caption};
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

    /// The wall time of a moment. It is the same for whoever asks, unless the clock is set between.
    pub(super) fn wall_us(&self, moment: Instant) -> i64 {
        let micros = |length: Duration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        let now = SystemClock.wall().as_micros() - micros(self.started.elapsed());
        if (now - self.started_wall_us.load(Relaxed)).abs() > CLOCK_STEP_US {
            self.started_wall_us.store(now, Relaxed);
        }
        self.started_wall_us.load(Relaxed) + micros(moment.saturating_duration_since(self.started))
    }
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
    pub(super) clip: Arc<Clip>,
    pub(super) timeline: Arc<Timeline>,
    /// How long after the start frame 0 was due.
    pub(super) phase: Duration,
    pub(super) stopped: watch::Sender<bool>,
    pub(super) stalled: AtomicBool,
    pub(super) to_drop: AtomicU32,
    pub(super) counters: Counters,
}

impl Camera {
    /// When the frame with this counter is due.
    pub(super) fn due(&self, counter: u64) -> Instant {
        let nanos = u128::from(counter) * 1_000_000_000 / u128::from(self.set.fps);
        let nanos = u64::try_from(nanos).expect("a camera runs for less than 500 years");
        self.timeline.started + self.phase + Duration::from_nanos(nanos)
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
        let mut counter = counter;
        while !self.clip.frame(counter).keyframe {
            counter += 1;
        }
        counter
    }

    /// Ticks of the RTP clock from frame 0 to the frame with this counter.
    pub(super) fn ticks(&self, counter: u64) -> u64 {
        counter.wrapping_mul(CLOCK_HZ) / u64::from(self.set.fps)
    }

    /// Writes the frame with this counter as one session sends it: parameter sets, stamp, caption,
    /// picture.
    pub(super) fn render(&self, counter: u64, track: &mut RtpTrack, scratch: &mut Scratch) {
        let frame = self.clip.frame(counter);
        let wall_us = self.timeline.wall_us(self.due(counter));
        let stamp = Stamp { camera: self.index, counter, wall_us, canary: self.set.canary };
        let timestamp = track.timestamp(self.ticks(counter));
        let mut own = vec![stamp.nal(self.clip.codec)];
        if let Some((overlay, rows)) = self.clip.overlay.as_ref().zip(frame.caption.as_ref()) {
            let before = self.caption(counter.saturating_sub(1));
            own.extend(overlay.write(rows, &before, &self.caption(counter)));
        }
        scratch.own.clear();
        scratch.out.clear();
        Packetiser::new(self.clip.codec).append(&own, &mut scratch.own);
        track.append(&frame.lead, timestamp, &mut scratch.out);
        track.append(&scratch.own, timestamp, &mut scratch.out);
        track.append(&frame.picture, timestamp, &mut scratch.out);
        RtpTrack::mark_end(&mut scratch.out);
    }

    /// Name, time in Korea, and counter.
    fn caption(&self, counter: u64) -> Caption {
        const OFFSET_HOURS: i64 = 9;
        let second = self.timeline.wall_us(self.due(counter)) / 1_000_000 + OFFSET_HOURS * 3600;
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        let name = if overlay::can_write(&self.set.name) { &self.set.name } else { &self.set.path };
        Caption {
            name: name.clone(),
            state: format!("{hour:02}:{minute:02}:{second:02}+{OFFSET_HOURS:02} {counter:07}"),
        }
    }

    /// Takes out of `run` the packets that a test asked to lose.
    pub(super) fn lose_packets(&self, run: &mut PacketRun) {
        let to_drop = self.to_drop.load(Relaxed);
        if to_drop == 0 {
            return;
        }
        let dropped = run.drop_first(usize::try_from(to_drop).unwrap_or(usize::MAX));
        let dropped = u32::try_from(dropped).expect("no more than was asked");
        self.to_drop.fetch_sub(dropped, Relaxed);
        self.counters.dropped_packets.fetch_add(u64::from(dropped), Relaxed);
    }
}

/// A session's room for one frame, used again for each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    own: PacketRun,
    /// The packets to send.
    pub(super) out: PacketRun,
}
