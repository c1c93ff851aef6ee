//! What comes from one connection, given to the vault; what is missing, declared with its cause.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Elapsed, Feed, GapCause, WallTime};
use host::Clock;
use vault::{CodecConfig, FeedSealer, Frame};

use crate::camera::{CameraReport, CameraSink, Codec, Picture, VideoConfig};
use crate::record::{CameraState, FeedState, Sound};
use crate::room::{LATEST_READ, Player};
use crate::suspicion::{Suspicion, Watch};
use crate::walltime::{Arrival, WallClockMapping};

/// A hole between two connections that is no gap: two clocks' readings differ by as much. It counts
/// from the end of the last picture, which on a slow camera stands for long, so it need not be long.
const NO_GAP: Duration = Duration::from_millis(250);

/// One feed as it is recorded, over all of its connections.
pub(crate) struct Film {
    feed: Feed,
    sealer: FeedSealer,
    clock: Arc<dyn Clock>,
    /// What is filmed from then on is not recorded.
    until: Option<WallTime>,
    progress: Mutex<Progress>,
}

struct Progress {
    state: FeedState,
    last_end: Option<WallTime>,
    /// When the last picture came, by the clock since boot.
    last_elapsed: Option<Elapsed>,
    cause: GapCause,
    connection: u32,
    pictures: u64,
    watch: Watch,
    /// Somebody else records the feed now, or nobody.
    has_ended: bool,
}

impl Progress {
    /// Takes over what the watch says, and says it when it begins and when it ends.
    fn suspect(&mut self, feed: Feed) {
        let now = self.watch.suspicion();
        let known = std::mem::replace(&mut self.state.suspicion, now);
        let what = |suspicion: Option<Suspicion>| suspicion.map(|suspicion| suspicion.what);
        match now {
            _ if what(now) == what(known) => {}
            Some(Suspicion { what, sure_percent, .. }) => {
                tracing::warn!(%feed, what = what.word(), sure_percent, "look at the picture");
            }
            None => tracing::info!(%feed, "the picture moves again"),
        }
    }
}

impl Film {
    /// `last_end` is when its last durable frame ended.
    pub(crate) fn new(
        feed: Feed,
        sealer: FeedSealer,
        clock: Arc<dyn Clock>,
        last_end: Option<WallTime>,
    ) -> Self {
        let progress = Progress {
            state: FeedState::new(),
            last_end,
            last_elapsed: None,
            cause: GapCause::RecorderStopped,
            connection: 0,
            pictures: 0,
            watch: Watch::default(),
            has_ended: false,
        };
        Self { feed, sealer, clock, until: None, progress: Mutex::new(progress) }
    }

    /// Records what is filmed before `until`, and not one picture after.
    pub(crate) fn ending(self, until: Option<WallTime>) -> Self {
        Self { until, ..self }
    }

    /// Nothing is to be recorded, and why: what is missing from here on is missing by order.
    pub(crate) fn rest(&self, state: CameraState, why: &str) {
        tracing::info!(feed = %self.feed, why, "not to be recorded now");
        let now = self.clock.wall();
        let mut progress = self.lock();
        progress.state.state = state;
        progress.state.trouble = Some(why.to_owned());
        progress.cause = GapCause::NotScheduled;
        // Whoever watches sees nothing old as present.
        self.sealer.disconnect();
        progress.state.open_gap = Some((progress.last_end.unwrap_or(now), GapCause::NotScheduled));
    }

    /// Goes on where another film of the feed was, if there was one: what was missing there when it
    /// ended is missing still.
    pub(crate) fn following(self, before: Option<&Self>) -> Self {
        if let Some(before) = before {
            let before = before.lock();
            let mut progress = self.lock();
            progress.last_end = before.last_end.or(progress.last_end);
            progress.last_elapsed = before.last_elapsed;
            progress.cause = before.cause;
        }
        self
    }

    /// Nothing more of it is recorded from here on.
    pub(crate) fn end(&self) {
        self.lock().has_ended = true;
    }

    pub(crate) fn state(&self) -> FeedState {
        self.lock().state.clone()
    }

    /// Pictures so far.
    pub(crate) fn pictures(&self) -> u64 {
        self.lock().pictures
    }

    pub(crate) fn disconnect(&self) {
        let progress = self.lock();
        if !progress.has_ended {
            self.sealer.disconnect();
        }
    }

    pub(crate) fn set_sound(&self, sound: Sound) {
        self.lock().state.sound = Some(sound);
    }

    /// Notes why nothing is recorded; the first reason stands until pictures come again.
    pub(crate) fn trouble(&self, state: CameraState, sentence: &str) {
        let mut progress = self.lock();
        let known = progress.state.state;
        if known == CameraState::Recording || known == CameraState::Connecting {
            // Before the first picture of this run the recorder's own absence is the cause.
            if known == CameraState::Recording {
                progress.cause = state.cause();
            }
            tracing::warn!(feed = %self.feed, state = state.word(), sentence, "not recording");
        }
        progress.state.state = state;
        progress.state.trouble = Some(sentence.to_owned());
        progress.watch.forget();
        progress.state.suspicion = None;
        if progress.state.open_gap.is_none() {
            progress.state.open_gap = progress.last_end.map(|from| (from, progress.cause));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        // A panic in one connection leaves what it had noted, which is true.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's pictures on their way to the vault.
pub(crate) struct Filming {
    film: Arc<Film>,
    mapping: Option<WallClockMapping>,
    last_camera_us: Option<i64>,
    told_unasked: bool,
}

impl Filming {
    pub(crate) fn new(film: Arc<Film>) -> Self {
        film.lock().connection += 1;
        Self { film, mapping: None, last_camera_us: None, told_unasked: false }
    }
}

impl Player for Filming {
    fn is_watched(&self) -> bool {
        self.film.sealer.is_watched()
    }
}

impl CameraSink for Filming {
    fn config(&mut self, config: &VideoConfig) {
        let (kind, word) = match config.codec {
            Codec::H264 => (vault::Codec::H264, "h264"),
            Codec::H265 => (vault::Codec::H265, "h265"),
        };
        let mut progress = self.film.lock();
        if progress.has_ended {
            return;
        }
        self.film.sealer.set_config(CodecConfig {
            kind,
            width: config.width,
            height: config.height,
            record: config.record.to_vec(),
        });
        progress.watch.begin(config);
        progress.suspect(self.film.feed);
        progress.state.codec = Some(word);
        progress.state.width = Some(config.width);
        progress.state.height = Some(config.height);
    }

    fn picture(&mut self, bytes: &[u8], picture: Picture) {
        let film = &*self.film;
        let mut progress = film.lock();
        if progress.has_ended {
            return;
        }
        let is_first = self.mapping.is_none();
        let arrived = Arrival { wall: film.clock.wall(), elapsed: film.clock.elapsed() };
        let camera_us = picture.rtp_elapsed_us;
        let mapped = self
            .mapping
            .get_or_insert_with(|| WallClockMapping::new(camera_us, arrived))
            .map(camera_us, arrived);
        if film.until.is_some_and(|until| mapped.wall >= until) {
            return;
        }
        if mapped.is_anew {
            // Another clock from here on: a chunk never spans two.
            progress.connection += 1;
        }
        let step_us = self.last_camera_us.replace(camera_us).map_or(0, |last| camera_us - last);
        let duration_us = u32::try_from(step_us.clamp(0, 1_000_000)).unwrap_or(0);
        let begins = Begins { wall: mapped.wall, elapsed: arrived.elapsed, is_first };
        if let Some(hole) = progress.hole_before(begins, picture, duration_us) {
            film.sealer.declare_gap(hole.from, hole.to, hole.cause, hole.frames_lost);
        }
        film.sealer.push(&Frame {
            bytes,
            keyframe: picture.keyframe,
            wall: mapped.wall,
            uncertainty_us: mapped.uncertainty_us,
            elapsed: arrived.elapsed,
            presentation_offset_us: picture.presentation_offset_us,
            duration_us,
            connection: progress.connection,
        });
        progress.last_end = Some(mapped.wall + Duration::from_micros(duration_us.into()));
        progress.last_elapsed = Some(arrived.elapsed);
        progress.pictures += 1;
        if progress.watch.picture(bytes, picture.keyframe, arrived.elapsed, mapped.wall) {
            progress.suspect(film.feed);
        }
        if is_first {
            progress.state.state = CameraState::Recording;
            progress.state.trouble = None;
            progress.state.open_gap = None;
            tracing::info!(feed = %film.feed, "recording");
        }
    }

    fn report(&mut self, report: CameraReport) {
        let ours_us = self.film.clock.wall().as_micros();
        let drift_ppm = self.mapping.as_ref().and_then(WallClockMapping::drift_ppm);
        let mut progress = self.film.lock();
        progress.state.clock_ahead_ms = Some(report.camera_wall_us.saturating_sub(ours_us) / 1000);
        progress.state.clock_drift_ppm = drift_ppm;
    }

    fn unasked(&mut self, channel: u8) {
        if !std::mem::replace(&mut self.told_unasked, true) {
            // Sound, most likely: Act 25(5) forbids to record it, and it is not even looked at.
            tracing::warn!(feed = %self.film.feed, channel, "it sends what nobody asked for; dropped");
            let mut progress = self.film.lock();
            // Without an offer it may as well be something else, such as metadata.
            if progress.state.sound == Some(Sound::Offered) {
                progress.state.sound = Some(Sound::SentUnasked);
            }
        }
    }
}

/// When a picture begins.
#[derive(Clone, Copy)]
struct Begins {
    wall: WallTime,
    elapsed: Elapsed,
    /// It is the first of a connection.
    is_first: bool,
}

/// What is missing before a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hole {
    from: WallTime,
    to: WallTime,
    cause: GapCause,
    frames_lost: u64,
}

impl Progress {
    /// What is missing before a picture, and why; `None` if the picture follows the one before it.
    fn hole_before(&self, begins: Begins, picture: Picture, duration_us: u32) -> Option<Hole> {
        let last_end = self.last_end?;
        let Begins { wall, elapsed, is_first } = begins;
        // After a clock was set back the last end lies ahead: what is missing is then told by the
        // clock since boot, and dated by the wall clock as it is now.
        let passed = self.last_elapsed.map_or(Duration::ZERO, |last| elapsed.since(last));
        let last_end = if last_end > wall { wall - passed } else { last_end };
        let missing = wall.since(last_end);
        let hole = |cause, frames_lost| Some(Hole { from: last_end, to: wall, cause, frames_lost });
        // The first picture of this run: the recorder was away since the last one, however shortly,
        // and a camera's pictures of that time are lost. Two readings of a clock are no excuse then.
        let was_away = self.last_elapsed.is_none() && !missing.is_zero();
        if was_away || is_first && missing > NO_GAP + LATEST_READ {
            hole(self.cause, 0)
        } else if picture.lost_packets_before > 0 && wall > last_end {
            // The step to this picture spans the lost ones: at least one, or a loss of repeats only.
            let frame_us = u128::from(duration_us.max(1));
            let frames = u64::try_from(missing.as_micros() / frame_us).unwrap_or(0).max(1);
            hole(GapCause::PacketsLost, frames)
        } else if missing > Duration::from_secs(2) {
            hole(GapCause::CameraSilent, 0)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST_END: WallTime = WallTime::from_micros(1_700_000_000_000_000);

    /// Recorded before by another run of the recorder, up to [`LAST_END`].
    fn progress() -> Progress {
        Progress {
            state: FeedState::new(),
            last_end: Some(LAST_END),
            last_elapsed: None,
            cause: GapCause::RecorderStopped,
            connection: 1,
            pictures: 0,
            watch: Watch::default(),
            has_ended: false,
        }
    }

    /// The hole before the first picture of a connection that comes so long after the last end.
    fn hole_after(progress: &Progress, missing_ms: u64) -> Option<(Duration, GapCause)> {
        let passed = Duration::from_millis(missing_ms);
        let elapsed = progress.last_elapsed.unwrap_or(Elapsed::from_nanos(5_000_000_000)) + passed;
        let begins = Begins { wall: LAST_END + passed, elapsed, is_first: true };
        let picture = Picture {
            rtp_elapsed_us: 0,
            presentation_offset_us: 0,
            keyframe: true,
            lost_packets_before: 0,
            clock_jumped: false,
        };
        let hole = progress.hole_before(begins, picture, 66_000)?;
        assert_eq!(hole.from, LAST_END);
        Some((hole.to.since(hole.from), hole.cause))
    }

    #[test]
    fn r9_a_recorder_that_is_back_at_once_declares_what_it_missed() {
        for missing_ms in [1, 67, 385, 449, 5_000] {
            let missing = Duration::from_millis(missing_ms);
            assert_eq!(
                hole_after(&progress(), missing_ms),
                Some((missing, GapCause::RecorderStopped))
            );
        }
        assert_eq!(hole_after(&progress(), 0), None);
        let never_recorded = Progress { last_end: None, ..progress() };
        assert_eq!(hole_after(&never_recorded, 385), None);
    }

    #[test]
    fn r9_between_two_connections_of_a_run_two_readings_of_a_clock_are_no_gap() {
        let cause = GapCause::CameraUnreachable;
        let last_elapsed = Some(Elapsed::from_nanos(9_000_000_000));
        let connected_before = Progress { last_elapsed, cause, ..progress() };
        assert_eq!(hole_after(&connected_before, 385), None);
        let missing = Duration::from_millis(451);
        assert_eq!(hole_after(&connected_before, 451), Some((missing, cause)));
    }
}
