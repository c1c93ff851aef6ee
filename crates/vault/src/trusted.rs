//! The time by which is destroyed: never later than two clocks agree on.
//!
//! The wall clock can be set; the clock since boot cannot. Their relation is anchored once and kept
//! over restarts of the program (`anchor` in the vault's folder, `docs/formats/keyring.md`). What is
//! due is decided on the *earlier* of the wall clock and the anchored clock since boot, so that a
//! clock set ten years ahead destroys nothing.
//!
//! After a reboot the clock since boot says nothing about the time in between: an hour of it is
//! believed on the wall clock's word, more freezes destruction. A second source ([`hear`]) that
//! agrees with the wall clock, or a person, settles any doubt. What rests on the wall clock alone is
//! remembered: more than three times the usual is never destroyed by it ([`surely`]).
//!
//! When a correction is settled, what was filmed under the slow clock is due as much later, so that
//! setting a clock right destroys nothing early either ([`late_by`]).
//!
//! [`hear`]: TrustedTime::hear
//! [`surely`]: TrustedTime::surely
//! [`late_by`]: TrustedTime::late_by

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::{Clock, Fs, FsResult};

use crate::anchor::{Anchor, Kept, Slow, TOLERANCE};

/// How long a machine may have been off and its clock be believed without a second source.
const LONGEST_OFF: Duration = Duration::from_secs(3600);
/// How long what a source said counts.
const HEARD_FOR: Duration = Duration::from_secs(3600);
/// Sources that are remembered.
const MOST_SOURCES: usize = 16;

struct State {
    kept: Kept,
    last: (WallTime, Elapsed),
    /// What other sources said the time was, and when they said it.
    heard: BTreeMap<String, (WallTime, Elapsed)>,
}

/// What time it is for destruction, and whether the clocks agree.
pub(crate) struct TrustedTime {
    clock: Arc<dyn Clock>,
    fs: Arc<dyn Fs>,
    path: PathBuf,
    /// By how much the wall clock was found to have been set while the program did not run.
    opening_step_us: i64,
    state: Mutex<State>,
}

impl TrustedTime {
    /// `filed` is where the newest bucket begins that the keyring knows.
    pub(crate) fn open(
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
        path: PathBuf,
        confirmed: bool,
        filed: Option<WallTime>,
    ) -> FsResult<Self> {
        let (wall, elapsed) = read_both(&*clock);
        let now = Anchor { boot: clock.boot(), wall, elapsed };
        let mut opening_step_us = 0;
        let read = Kept::read(&*fs, &path)?.map(|kept| Kept { filed, ..kept });
        let kept = match read {
            None => Kept::new(now),
            Some(mut kept) if kept.anchor.boot == now.boot => {
                let off_us = wall.as_micros() - kept.anchor.at(elapsed).as_micros();
                let step_us = off_us - kept.off_us;
                if step_us.unsigned_abs() > u64::try_from(TOLERANCE.as_micros()).unwrap_or(0) {
                    opening_step_us = step_us;
                }
                if confirmed {
                    kept.set_right(wall, elapsed, true);
                }
                kept
            }
            Some(kept) => {
                let before = kept.anchor.wall;
                opening_step_us = (wall.as_micros() - before.as_micros()).min(0);
                // It was at least as late as what was seen last: nothing filmed now may seem older.
                let mut kept = kept.over_a_boot(now.boot, elapsed);
                if confirmed {
                    kept.set_right(wall, elapsed, true);
                } else if is_believed(before, wall, Duration::ZERO) {
                    kept.believe(wall, elapsed);
                }
                kept
            }
        };
        let state = State { last: (wall, elapsed), kept, heard: BTreeMap::new() };
        let state = Mutex::new(state);
        let trusted = Self { clock, fs, path, opening_step_us, state };
        trusted.keep()?;
        Ok(trusted)
    }

    /// By how much the wall clock was set while the program did not run, as far as can be known:
    /// within one boot, or backwards; zero if it was not.
    pub(crate) const fn opening_step_us(&self) -> i64 {
        self.opening_step_us
    }

    /// Another source says what time it is now.
    pub(crate) fn hear(&self, source: &str, said: WallTime) {
        let elapsed = self.clock.elapsed();
        let mut state = self.lock();
        if state.heard.len() < MOST_SOURCES || state.heard.contains_key(source) {
            state.heard.insert(source.to_owned(), (said, elapsed));
        }
    }

    /// The earlier of the two clocks.
    pub(crate) fn now(&self) -> WallTime {
        let (wall, elapsed) = read_both(&*self.clock);
        wall.min(self.lock().kept.anchor.at(elapsed))
    }

    /// The time that it is at least, by the clock since boot and what two sources agreed on: what
    /// rests on the wall clock's word alone is left out.
    pub(crate) fn surely(&self) -> WallTime {
        let now = self.now();
        now - self.lock().kept.unconfirmed
    }

    /// How much later than written what was filed between two moments is due: it was filmed under a
    /// clock that was slow.
    pub(crate) fn late_by(&self) -> Vec<Slow> {
        self.lock().kept.slow.clone()
    }

    /// Why nothing may be destroyed by the clock, if so.
    pub(crate) fn doubt(&self) -> Option<&'static str> {
        let (wall, elapsed) = read_both(&*self.clock);
        let mut state = self.lock();
        let is_confirmed = state.is_confirmed(wall, elapsed);
        if let Some(before) = state.kept.doubted {
            // A clock without a battery begins in 1970 and is set right a moment later.
            let running = elapsed.since(state.kept.anchor.elapsed);
            if !is_confirmed && !is_believed(before, wall, running) {
                return Some(
                    "the clock changed by more than an hour, or went back, while the machine was off, and no second source of time confirms it",
                );
            }
            state.kept.set_right(wall, elapsed, is_confirmed);
        }
        let anchored = state.kept.anchor.at(elapsed);
        let apart = wall.since(anchored).max(anchored.since(wall));
        if is_confirmed {
            if apart > TOLERANCE {
                state.kept.set_right(wall, elapsed, true);
            } else {
                (state.kept.since, state.kept.unconfirmed) = (wall.min(anchored), Duration::ZERO);
            }
            return None;
        }
        (apart > TOLERANCE)
            .then_some("the wall clock was set; it no longer agrees with the clock since boot")
    }

    /// The bucket's time under which footage is filed that arrived at `arrived` and is dated to the
    /// bucket that begins at `dated`. A clock that was wrong while it was filmed must neither keep
    /// it for years nor have it destroyed the moment the clock is right: then it is filed under
    /// when it arrived.
    pub(crate) fn file_under(
        &self,
        dated: WallTime,
        bucket_length: Duration,
        arrived: Elapsed,
    ) -> WallTime {
        let arrived = self.lock().kept.anchor.at(arrived);
        let slack = TOLERANCE.min(bucket_length);
        let fits = dated <= arrived + slack && arrived < dated + bucket_length + slack;
        if fits { dated } else { arrived.floor(bucket_length) }
    }

    /// How far the wall clock moved against the clock since boot since this was last asked; zero
    /// when it moved by less than half a second.
    pub(crate) fn step_us(&self) -> i64 {
        let mut state = self.lock();
        let (wall, elapsed) = read_both(&*self.clock);
        let passed = elapsed.since(state.last.1);
        let moved = wall.as_micros() - (state.last.0 + passed).as_micros();
        state.last = (wall, elapsed);
        if moved.abs() > 500_000 { moved } else { 0 }
    }

    /// Slow drift (NTP slews a clock by up to 0.05 %) is followed, so that it never adds up to a
    /// doubt; the anchor is kept for the next start.
    pub(crate) fn keep(&self) -> FsResult<()> {
        let agrees = self.doubt().is_none();
        let text = {
            let mut state = self.lock();
            let (wall, elapsed) = read_both(&*self.clock);
            state.kept.go_on((wall, elapsed), agrees);
            state.kept.off_us = wall.as_micros() - state.kept.anchor.at(elapsed).as_micros();
            state.kept.encode()
        };
        self.fs.replace(&self.path, text.as_bytes())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a second source agrees with the wall clock now, and not more of them disagree.
    fn is_confirmed(&self, wall: WallTime, elapsed: Elapsed) -> bool {
        let fresh = self.heard.values().filter(|(_, at)| elapsed.since(*at) <= HEARD_FOR);
        let (agree, disagree): (Vec<_>, Vec<_>) = fresh
            .map(|(said, at)| *said + elapsed.since(*at))
            .partition(|said| said.since(wall).max(wall.since(*said)) <= TOLERANCE);
        agree.len() > disagree.len()
    }
}

/// Whether the wall clock after a boot can be true: not before what was kept, and the machine not
/// off for longer than it is believed. `running` is how long it runs since.
fn is_believed(kept: WallTime, wall: WallTime, running: Duration) -> bool {
    wall >= kept && wall.since(kept) <= LONGEST_OFF + running
}

/// Both clocks at one moment: between two readings a busy machine can let seconds pass, which would
/// look as if the wall clock had been set.
fn read_both(clock: &dyn Clock) -> (WallTime, Elapsed) {
    const CLOSE: Duration = Duration::from_millis(1);
    for _ in 0..20 {
        let before = clock.elapsed();
        let wall = clock.wall();
        if clock.elapsed().since(before) < CLOSE {
            return (wall, before);
        }
    }
    (clock.wall(), clock.elapsed())
}

#[cfg(test)]
#[path = "trusted_tests.rs"]
mod tests;
