//! Where footage of a moment lies by another dating: after the wall clock was set, the same moment
//! has two names, and whoever searches by wall time must find it by either (R8).
//!
//! Footage keeps the time that the clock showed. For each step of the clock that the ledger knows,
//! what was filmed before it (up to the step before that) has another time by the clock after it, and
//! the other way round.

use std::time::Duration;

use domain::{EntryNumber, WallTime};
use ledger::ClockStep;

use crate::open::Vault;

/// A step is entered up to this long after it happened.
const SLACK: Duration = Duration::from_secs(3);
/// Smaller steps move nothing that a person would look for.
const SMALLEST_US: u64 = 1_000_000;

/// A stretch that lies elsewhere by the dating under which it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherDating {
    /// Its first moment, as recorded.
    pub from: WallTime,
    /// The first moment after it, as recorded.
    pub to: WallTime,
    /// The entry of the step between the two datings.
    pub step: EntryNumber,
    /// By how much the clock was set there; forward is positive.
    pub step_us: i64,
}

impl Vault {
    /// Where else footage of a stretch of wall time may lie: under the dating on the other side of
    /// each step of the clock. What is found there is asked for by those times.
    #[must_use]
    pub fn other_datings(&self, from: WallTime, to: WallTime) -> Vec<OtherDating> {
        other_datings(&self.shared.ledger.clock_steps(), from, to)
    }
}

fn other_datings(steps: &[ClockStep], from: WallTime, to: WallTime) -> Vec<OtherDating> {
    let mut found = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if step.step_us.unsigned_abs() < SMALLEST_US {
            continue;
        }
        let begins = index.checked_sub(1).map_or(WallTime::EPOCH, |i| steps[i].at - SLACK);
        let ends = steps
            .get(index + 1)
            .map_or(WallTime::LAST, |next| moved(next.at, -next.step_us) + SLACK);
        let before = (begins, moved(step.at, -step.step_us) + SLACK);
        let after = (step.at - SLACK, ends);
        for ((begin, end), by_us) in [(before, -step.step_us), (after, step.step_us)] {
            let (from, to) = (moved(from, by_us).max(begin), moved(to, by_us).min(end));
            if from < to {
                found.push(OtherDating { from, to, step: step.number, step_us: step.step_us });
            }
        }
    }
    found
}

fn moved(time: WallTime, by_us: i64) -> WallTime {
    WallTime::from_micros(time.as_micros().saturating_add(by_us))
}
