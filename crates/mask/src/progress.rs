//! Telling who started this program how far it is: `progress FRAMES OF` on the error stream.

use std::io::Write as _;

use domain::Elapsed;
use host::{Clock as _, SystemClock};

/// The shortest time between two lines.
const EVERY_NS: u64 = 1_000_000_000;

/// Frames done of both passes together.
#[derive(Debug)]
pub(crate) struct Progress {
    is_asked: bool,
    done: u64,
    /// Frames of one pass: what the clip says of itself until the first has counted them, 0 if nothing.
    frames: u64,
    last: Elapsed,
}

impl Progress {
    pub(crate) fn new(is_asked: bool, about_frames: u64) -> Self {
        Self { is_asked, done: 0, frames: about_frames, last: SystemClock.elapsed() }
    }

    /// One frame more, in either pass.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        if !self.is_asked {
            return;
        }
        let now = SystemClock.elapsed();
        if now.as_nanos().saturating_sub(self.last.as_nanos()) >= EVERY_NS {
            self.last = now;
            let of = if self.frames == 0 { 0 } else { (self.frames * 2).max(self.done) };
            // Who no longer listens ends this in another way.
            let _ = writeln!(std::io::stderr(), "progress {} {of}", self.done);
        }
    }

    /// The first pass has counted them.
    pub(crate) fn passes_have(&mut self, frames: u64) {
        self.frames = frames;
    }

    /// Frames of one pass.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }
}
