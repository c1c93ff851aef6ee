//! From a camera's clock to the wall clock.
//!
//! A picture is filmed before it arrives, never after, and how long it is on its way varies: so of
//! many pictures the one that was least late says best how the clocks differ. That difference is
//! followed slowly (clocks drift). A picture that comes late is no other clock: a network that
//! stood still, or a recorder that did, must not move footage to when it went on.
//!
//! Where even the least late of ten seconds is far off, or one comes long before its time, somebody
//! set a clock: the mapping begins anew. Wall times of one mapping always rise.

use domain::{Elapsed, WallTime};

use crate::room::LATEST_READ;

/// A difference that is no drift any more.
const BROKEN_US: i64 = 2_000_000;
/// Over so much of the camera's time the least late picture is looked for.
const WINDOW_US: i64 = 10_000_000;
/// The part of the difference that is followed at each picture, when it came early, and in a window.
const FOLLOW_EARLY: i64 = 8;
const FOLLOW_LATE: i64 = 4;
/// A step of our own wall clock against the clock since boot.
const STEP_US: i64 = 500_000;
/// What a network delays a picture by at most, as far as anybody can know, and how late it is read.
const DELAY_US: u32 = 50_000 + LATEST_READ.as_micros() as u32;

/// One mapping.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClockMapping {
    anchor_us: i64,
    last_us: i64,
    /// Our wall clock less the clock since boot when it began.
    offset_us: i64,
    window_from_us: i64,
    least_late_us: i64,
    /// When it began, by both clocks, and how far the anchor has moved since: the drift.
    began_camera_us: i64,
    began_anchor_us: i64,
}

/// A mapped picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) wall: WallTime,
    pub(crate) uncertainty_us: u32,
    /// The mapping began anew before this picture.
    pub(crate) is_anew: bool,
}

/// When a picture arrived, by both of our clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) wall: WallTime,
    pub(crate) elapsed: Elapsed,
}

impl Arrival {
    fn offset_us(self) -> i64 {
        let elapsed_us = i64::try_from(self.elapsed.as_nanos() / 1000).unwrap_or(i64::MAX);
        self.wall.as_micros().saturating_sub(elapsed_us)
    }
}

impl WallClockMapping {
    pub(crate) fn new(camera_us: i64, arrived: Arrival) -> Self {
        let anchor_us = arrived.wall.as_micros() - camera_us;
        Self {
            anchor_us,
            last_us: 0,
            offset_us: arrived.offset_us(),
            window_from_us: camera_us,
            least_late_us: i64::MAX,
            began_camera_us: camera_us,
            began_anchor_us: anchor_us,
        }
    }

    pub(crate) fn map(&mut self, camera_us: i64, arrived: Arrival) -> Mapped {
        let late_us = arrived.wall.as_micros() - (self.anchor_us + camera_us);
        let stepped = (arrived.offset_us() - self.offset_us).abs() > STEP_US;
        if stepped || late_us < -BROKEN_US || self.is_broken(camera_us, late_us) {
            *self = Self::new(camera_us, arrived);
            self.last_us = arrived.wall.as_micros();
            return Mapped { wall: arrived.wall, uncertainty_us: DELAY_US, is_anew: true };
        }
        if late_us < 0 {
            self.anchor_us += late_us / FOLLOW_EARLY;
        }
        let wall_us = (self.anchor_us + camera_us).max(self.last_us + 1);
        self.last_us = wall_us;
        // How late this one came says nothing of when it was filmed; how far off the mapping is does.
        let off_us = late_us.min(0).unsigned_abs();
        let uncertainty_us = u32::try_from(off_us).unwrap_or(u32::MAX).saturating_add(DELAY_US);
        Mapped { wall: WallTime::from_micros(wall_us), uncertainty_us, is_anew: false }
    }

    /// How fast the camera's clock runs against ours, in parts of a million; nothing before it was
    /// watched for five minutes.
    pub(crate) fn drift_ppm(&self) -> Option<i32> {
        const WATCHED_US: i64 = 300_000_000;
        let watched_us = self.window_from_us - self.began_camera_us;
        let moved_us = self.began_anchor_us - self.anchor_us;
        (watched_us >= WATCHED_US)
            .then(|| i32::try_from(moved_us.saturating_mul(1_000_000) / watched_us).unwrap_or(0))
    }

    /// Ends a window: what even the least late of it was late by is drift, or a clock that was set.
    fn is_broken(&mut self, camera_us: i64, late_us: i64) -> bool {
        self.least_late_us = self.least_late_us.min(late_us);
        if camera_us - self.window_from_us < WINDOW_US {
            return false;
        }
        let least_us = std::mem::replace(&mut self.least_late_us, i64::MAX);
        self.window_from_us = camera_us;
        self.anchor_us += least_us.max(0) / FOLLOW_LATE;
        least_us > BROKEN_US
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(us: i64) -> WallTime {
        WallTime::from_micros(1_000_000_000_000 + us)
    }

    /// Both clocks go on together.
    fn on(us: i64) -> Arrival {
        Arrival { wall: at(us), elapsed: Elapsed::from_nanos(us as u64 * 1000 + 5_000_000_000) }
    }

    fn off(mapped: Mapped, us: i64) -> Duration {
        at(us).since(mapped.wall).max(mapped.wall.since(at(us)))
    }

    #[test]
    fn a_late_picture_is_not_moved_and_begins_nothing_anew() {
        let mut mapping = WallClockMapping::new(0, on(0));
        assert_eq!(mapping.map(0, on(0)).wall, at(0));
        // Five seconds in which nothing came through, and then all of it at once.
        for picture in 1..75 {
            let mapped = mapping.map(picture * 66_000, on(5_000_000));
            assert!(!mapped.is_anew && off(mapped, picture * 66_000).is_zero(), "{picture}");
        }
    }

    #[test]
    fn the_least_late_picture_says_how_the_clocks_differ() {
        // The first picture came 90 ms late; those after it mostly too, a few did not.
        let mut mapping = WallClockMapping::new(0, on(90_000));
        let mut last = None;
        for picture in 1..300 {
            let late_us = if picture % 10 == 0 { 5_000 } else { 90_000 };
            let us = picture * 66_000;
            last = Some((mapping.map(us, on(us + late_us)), us));
        }
        let (mapped, us) = last.unwrap();
        assert!(off(mapped, us) < Duration::from_millis(10), "{:?}", off(mapped, us));
    }

    #[test]
    fn drift_is_followed_and_told() {
        // A camera whose clock is 0.1 % slow, then one that is 0.1 % fast, for 20 minutes each.
        for (ppm, sign) in [(-1000, 1), (1000, -1)] {
            let mut mapping = WallClockMapping::new(0, on(0));
            for picture in 1..18_000_i64 {
                let us = picture * 66_000;
                let mapped = mapping.map(us, on(us + sign * us / 1000));
                assert!(!mapped.is_anew);
                assert!(
                    off(mapped, us + sign * us / 1000) < Duration::from_millis(100),
                    "{picture}"
                );
            }
            let told = mapping.drift_ppm().unwrap();
            assert!((told - ppm).abs() < 60, "{told} for {ppm}");
        }
    }

    #[test]
    fn a_clock_that_was_set_begins_a_new_mapping_and_times_rise_within_one() {
        let mut mapping = WallClockMapping::new(0, on(0));
        let first = mapping.map(0, on(0));
        // Ours: the wall clock jumps, the clock since boot does not.
        let set = Arrival { wall: at(3_600_000_000), ..on(66_000) };
        let second = mapping.map(66_000, set);
        assert!(second.is_anew && second.wall == at(3_600_000_000));
        let third = mapping.map(66_000, set);
        assert!(third.wall > second.wall && !third.is_anew && !first.is_anew);
        // The camera's: its pictures come from the future.
        let mut mapping = WallClockMapping::new(0, on(0));
        assert!(mapping.map(9_000_000, on(66_000)).is_anew);
        // Or stay behind for longer than any network holds them.
        let mut mapping = WallClockMapping::new(0, on(0));
        let anew = (1..400).find(|picture| {
            mapping.map(picture * 66_000, on(picture * 66_000 + 4_000_000)).is_anew
        });
        assert!(anew.is_some_and(|picture| picture * 66_000 >= WINDOW_US));
    }
}
