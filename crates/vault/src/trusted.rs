//! The time by which is destroyed: never later than two clocks agree on.
//!
//! The wall clock can be set; the clock since boot cannot. Their relation is anchored once and kept
//! over restarts of the program (`anchor` in the vault's folder). What is due is decided on the
//! *earlier* of the wall clock and the anchored clock since boot, so that a clock set ten years ahead
//! destroys nothing. After a reboot the clock since boot says nothing about the time in between: up
//! to a week of it is believed, more freezes destruction until somebody confirms the clock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::{Clock, Fs, FsResult};

/// Clocks that differ by less agree.
const TOLERANCE: Duration = Duration::from_secs(60);
/// How long a machine may have been off and its clock be believed.
const LONGEST_OFF: Duration = Duration::from_secs(7 * 86_400);
const MAX_ANCHOR_BYTES: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Anchor {
    boot: String,
    wall: WallTime,
    elapsed: Elapsed,
}

struct State {
    anchor: Anchor,
    doubtful_start: bool,
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
        let now = Anchor { boot: clock.boot(), wall: clock.wall(), elapsed: clock.elapsed() };
        let (anchor, doubtful_start) = match read(&*fs, &path)? {
            Some(kept) if kept.boot == now.boot => (kept, false),
            Some(kept) => {
                let off = now.wall.since(kept.wall);
                let believed = now.wall >= kept.wall && off <= LONGEST_OFF;
                (now.clone(), !believed && !confirmed)
            }
            None => (now.clone(), false),
        };
        let anchor = if confirmed { now.clone() } else { anchor };
        let state = State { last: (now.wall, now.elapsed), anchor, doubtful_start };
        let trusted = Self { clock, fs, path, state: Mutex::new(state) };
        trusted.keep()?;
        Ok(trusted)
    }

    /// The earlier of the two clocks.
    pub(crate) fn now(&self) -> WallTime {
        self.clock.wall().min(self.anchored())
    }

    /// Why nothing may be destroyed by the clock, if so.
    pub(crate) fn doubt(&self) -> Option<&'static str> {
        if self.lock().doubtful_start {
            return Some(
                "the clock changed by more than a week, or went back, while the machine was off",
            );
        }
        let (wall, anchored) = (self.clock.wall(), self.anchored());
        let apart = wall.since(anchored).max(anchored.since(wall));
        (apart > TOLERANCE)
            .then_some("the wall clock was set; it no longer agrees with the clock since boot")
    }

    /// How far the wall clock moved against the clock since boot since this was last asked; zero
    /// when it moved by less than half a second.
    pub(crate) fn step_us(&self) -> i64 {
        let mut state = self.lock();
        let (wall, elapsed) = (self.clock.wall(), self.clock.elapsed());
        let passed = elapsed.since(state.last.1);
        let moved = wall.as_micros() - (state.last.0 + passed).as_micros();
        state.last = (wall, elapsed);
        if moved.abs() > 500_000 { moved } else { 0 }
    }

    /// Slow drift (NTP slews a clock by up to 0.05 %) is followed, so that it never adds up to a
    /// doubt; the anchor is kept for the next start.
    pub(crate) fn keep(&self) -> FsResult<()> {
        if self.doubt().is_none() {
            let mut state = self.lock();
            state.anchor.wall = self.clock.wall();
            state.anchor.elapsed = self.clock.elapsed();
        }
        let text = {
            let state = self.lock();
            let Anchor { boot, wall, elapsed } = &state.anchor;
            if state.doubtful_start {
                return Ok(());
            }
            format!("jikim anchor v1 {boot} {} {}\n", wall.as_micros(), elapsed.as_nanos())
        };
        self.fs.replace(&self.path, text.as_bytes())
    }

    fn anchored(&self) -> WallTime {
        let state = self.lock();
        state.anchor.wall + self.clock.elapsed().since(state.anchor.elapsed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
