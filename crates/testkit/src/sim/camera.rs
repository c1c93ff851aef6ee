//! A simulated camera: what it serves, its clock, and the switches a test can turn.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use host::{Clock, SystemClock};
use tokio::sync::watch;

use super::clip::Clip;
use super::fault::SimFault;
use super::packets::{PacketRun, Packetiser};
use super::rtp::CLOCK_HZ;
use super::switches::{Picture, Switches};
use super::{SIGNING_UUID, SimCamera, SimError};
use crate::nal_run::NalRun;
use crate::overlay::{self, Caption, Overlay, Title};
use crate::sei;
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

    /// Looks whether somebody set the wall clock. Between two looks a moment's wall time is the same
    /// for whoever asks.
    pub(super) fn follow(&self) {
        let now = SystemClock.wall().as_micros() - micros(self.started.elapsed());
        if (now - self.started_wall_us.load(Relaxed)).abs() > CLOCK_STEP_US {
            self.started_wall_us.store(now, Relaxed);
        }
    }
}

const NANOS: u64 = 1_000_000_000;

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
    pub(super) own_clip: Arc<Clip>,
    /// What it plays now.
    pub(super) clip: Mutex<Arc<Clip>>,
    pub(super) timeline: Arc<Timeline>,
    /// How long after the start frame 0 was due.
    pub(super) phase: Duration,
    pub(super) power: watch::Sender<Power>,
    pub(super) switches: Switches,
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
        self.timeline.started + self.due_after(counter)
    }

    /// The wall time of that.
    pub(super) fn due_wall_us(&self, counter: u64) -> i64 {
        self.timeline.started_wall_us.load(Relaxed) + micros(self.due_after(counter))
    }

    /// How long after the start that is. A multiplication and a division for each frame, exact as
    /// long as no camera runs for four years.
    fn due_after(&self, counter: u64) -> Duration {
        let nanos = counter.saturating_mul(NANOS) / u64::from(self.set.fps);
        self.phase + Duration::from_nanos(nanos)
    }

    /// How many frames were due by `moment`.
    pub(super) fn frames_by(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.timeline.started + self.phase);
        let frames = since.as_nanos() * u128::from(self.set.fps) / 1_000_000_000;
        u64::try_from(frames).expect("a camera runs for less than 500 years")
    }

    /// Ticks of the RTP clock from frame 0 to the frame with this counter.
    pub(super) fn ticks(&self, counter: u64) -> u64 {
        counter.wrapping_mul(CLOCK_HZ) / u64::from(self.set.fps)
    }

    /// Makes the packets of a frame that are this camera's own: stamp, signature and caption, and
    /// the picture if it is not the clip's. Says what of the clip goes with them.
    pub(super) fn render_own(
        &self,
        clip: &Clip,
        counter: u64,
        picture: Picture,
        scratch: &mut Scratch,
    ) -> Shown {
        let nals = &mut scratch.nals;
        nals.clear();
        let now_us = self.due_wall_us(counter);
        let stamp = Stamp { camera: self.index, counter, wall_us: now_us, canary: self.set.canary };
        stamp.write(clip.codec, nals);
        let keyframe = clip.is_keyframe(counter);
        if keyframe && let Some(payload) = self.switches.signing() {
            sei::write(clip.codec, &SIGNING_UUID, &[&payload], nals);
        }
        let mut shown = Shown { at: clip.place(counter), with_picture: true };
        if picture == Picture::Frozen && keyframe {
            shown.at = 0;
        }
        if let Some((overlay, rows)) =
            clip.overlay.as_ref().zip(clip.frames[shown.at].caption.as_ref())
        {
            if picture != Picture::Black {
                self.write_caption(overlay, rows, counter, now_us, nals);
            }
            shown.with_picture =
                matches!((picture, keyframe), (Picture::Live, _) | (Picture::Frozen, true));
            match (picture, keyframe) {
                (Picture::Live, _) | (Picture::Frozen, true) => {}
                (Picture::Frozen, false) => overlay.write_still(rows, rows.rows, nals),
                (Picture::Black, true) => overlay.write_black(rows, nals),
                (Picture::Black, false) => overlay.write_still(rows, 0, nals),
            }
        }
        scratch.own.clear();
        Packetiser::new(clip.codec).append(&scratch.nals, &mut scratch.own);
        if !shown.with_picture {
            scratch.own.mark_end();
        }
        shown
    }

    fn write_caption(
        &self,
        overlay: &Overlay,
        rows: &overlay::Frame,
        counter: u64,
        now_us: i64,
        nals: &mut NalRun,
    ) {
        let last = counter.saturating_sub(1);
        let before = Caption::new(&self.title, self.due_wall_us(last), last);
        let now = Caption::new(&self.title, now_us, counter);
        overlay.write(rows, &before, &now, nals);
    }

    /// Turns a fault on.
    ///
    /// # Errors
    /// A clip that cannot be served, a picture that the clip cannot show.
    pub(super) fn begin(&self, fault: SimFault) -> Result<(), SimError> {
        match &fault {
            SimFault::Clip(path) => {
                self.play_clip(Arc::new(Clip::load(path, self.set.is_captioned())?));
            }
            SimFault::Reboot { .. } => self.power.send_modify(|power| power.boots += 1),
            SimFault::Freeze | SimFault::Black if self.clip().overlay.is_none() => {
                let fault = "its clip must be one that can be captioned to stand still or be black";
                return Err(SimError::BadCamera { path: self.set.path.clone(), fault });
            }
            _ => {}
        }
        self.switches.set(fault);
        Ok(())
    }

    /// Turns off the faults that `ends` picks.
    pub(super) fn end(&self, ends: impl Fn(&SimFault) -> bool) {
        if self.switches.clear(ends).iter().any(|fault| matches!(fault, SimFault::Clip(_))) {
            self.play_clip(self.own_clip.clone());
        }
    }

    fn play_clip(&self, clip: Arc<Clip>) {
        *self.clip.lock().unwrap_or_else(PoisonError::into_inner) = clip;
    }

    /// How many packets a test asked to lose that now come; they count as lost.
    pub(super) fn take_drops(&self, coming: usize) -> usize {
        let coming = u32::try_from(coming).unwrap_or(u32::MAX);
        let taken = self.to_drop.load(Relaxed).min(coming);
        self.to_drop.fetch_sub(taken, Relaxed);
        self.counters.dropped_packets.fetch_add(u64::from(taken), Relaxed);
        taken as usize
    }
}

/// What of the clip is sent with what the camera adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// Place of the frame in the clip.
    pub(super) at: usize,
    pub(super) with_picture: bool,
}

/// Whether a camera is there, and how often it was started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) on: bool,
    pub(super) boots: u32,
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
