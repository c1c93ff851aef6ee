//! The time by which is destroyed: never later than two clocks agree on.
//!
//! The wall clock can be set; the clock since boot cannot. Their relation is anchored once and kept
//! over restarts of the program (`anchor` in the vault's folder, `docs/formats/keyring.md`). What is
//! due is decided on the *earlier* of the wall clock and the anchored clock since boot, so that a
//! clock set ten years ahead destroys nothing. After a reboot the clock since boot says nothing about
//! the time in between: up to a week of it is believed, more freezes destruction until the clock is
//! right again or somebody confirms it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::{Clock, Fs, FsResult};

/// Clocks that differ by less agree.
const TOLERANCE: Duration = Duration::from_secs(60);
/// How long a machine may have been off and its clock be believed.
const LONGEST_OFF: Duration = Duration::from_secs(7 * 86_400);
/// The anchor follows the wall clock by at most a thousandth: twice what NTP slews, and so little
/// that many small steps do not add up to an early destruction.
const FOLLOW: u32 = 1000;
const MAX_ANCHOR_BYTES: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Anchor {
    boot: String,
    wall: WallTime,
    elapsed: Elapsed,
}

impl Anchor {
    /// What a wall clock that nobody set would show at a reading of the clock since boot.
    fn at(&self, elapsed: Elapsed) -> WallTime {
        if elapsed >= self.elapsed {
            self.wall + elapsed.since(self.elapsed)
        } else {
            self.wall - self.elapsed.since(elapsed)
        }
    }
}

struct State {
    anchor: Anchor,
    /// The wall time that was kept before this boot, while what the clock showed at the start is
    /// not believed.
    doubted: Option<WallTime>,
    last: (WallTime, Elapsed),
}

/// What time it is for destruction, and whether the clocks agree.
pub(crate) struct TrustedTime {
    clock: Arc<dyn Clock>,
    fs: Arc<dyn Fs>,
    path: PathBuf,
    state: Mutex<State>,
}

impl TrustedTime {
    pub(crate) fn open(
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
        path: PathBuf,
        confirmed: bool,
    ) -> FsResult<Self> {
        let (wall, elapsed) = read_both(&*clock);
        let now = Anchor { boot: clock.boot(), wall, elapsed };
        let (anchor, doubted) = match read(&*fs, &path)? {
            _ if confirmed => (now, None),
            None => (now, None),
            Some(kept) if kept.boot == now.boot => (kept, None),
            Some(kept) if is_believed(kept.wall, wall, Duration::ZERO) => (now, None),
            // It was at least as late as what was seen last: nothing filmed now may seem older.
            Some(kept) => (Anchor { wall: kept.wall, ..now }, Some(kept.wall)),
        };
        let state = Mutex::new(State { last: (wall, elapsed), anchor, doubted });
        let trusted = Self { clock, fs, path, state };
        trusted.keep()?;
        Ok(trusted)
    }

    /// The earlier of the two clocks.
    pub(crate) fn now(&self) -> WallTime {
        let (wall, elapsed) = read_both(&*self.clock);
        wall.min(self.lock().anchor.at(elapsed))
    }

    /// Why nothing may be destroyed by the clock, if so.
    pub(crate) fn doubt(&self) -> Option<&'static str> {
        let (wall, elapsed) = read_both(&*self.clock);
        let mut state = self.lock();
        if let Some(kept) = state.doubted {
            // A clock without a battery begins in 1970 and is set right a moment later.
            if !is_believed(kept, wall, elapsed.since(state.anchor.elapsed)) {
                return Some(
                    "the clock changed by more than a week, or went back, while the machine was off",
                );
            }
            state.doubted = None;
            (state.anchor.wall, state.anchor.elapsed) = (wall, elapsed);
        }
        let anchored = state.anchor.at(elapsed);
        let apart = wall.since(anchored).max(anchored.since(wall));
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
        let arrived = self.lock().anchor.at(arrived);
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
            if state.doubted.is_some() {
                return Ok(());
            }
            if agrees {
                state.anchor.follow(read_both(&*self.clock));
            }
            let Anchor { boot, wall, elapsed } = &state.anchor;
            format!("jikim anchor v1 {boot} {} {}\n", wall.as_micros(), elapsed.as_nanos())
        };
        self.fs.replace(&self.path, text.as_bytes())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Anchor {
    fn follow(&mut self, (wall, elapsed): (WallTime, Elapsed)) {
        let most = elapsed.since(self.elapsed) / FOLLOW;
        let anchored = self.at(elapsed);
        self.wall = wall.max(anchored - most).min(anchored + most);
        self.elapsed = elapsed;
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

fn read(fs: &dyn Fs, path: &std::path::Path) -> FsResult<Option<Anchor>> {
    if !fs.exists(path)? {
        return Ok(None);
    }
    let bytes = fs.read(path, MAX_ANCHOR_BYTES)?;
    Ok(std::str::from_utf8(&bytes).ok().and_then(parse))
}

fn parse(text: &str) -> Option<Anchor> {
    let mut words = text.strip_prefix("jikim anchor v1 ")?.trim_end().split(' ');
    let boot = words.next()?.to_owned();
    let wall = WallTime::from_micros(words.next()?.parse().ok()?);
    let elapsed = Elapsed::from_nanos(words.next()?.parse().ok()?);
    Some(Anchor { boot, wall, elapsed })
}
