//! From a camera's clock to the wall clock.
//!
//! The first frame is taken to be filmed when it arrived; those after it by the camera's own clock,
//! which is steadier than the network. The difference to the arrival is followed slowly (clocks
//! drift), and where it becomes too large (somebody set a clock) the mapping begins anew. Wall times
//! of one mapping always rise.

use domain::WallTime;

/// A difference that is no drift any more.
const BROKEN_US: i64 = 2_000_000;
/// The part of a difference that is followed at each frame.
const FOLLOW: i64 = 500;
/// What a network delays a picture by at most, as far as anybody can know.
const DELAY_US: u32 = 50_000;

/// One mapping.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClockMapping {
    anchor_us: i64,
    last_us: i64,
}

/// A mapped frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) wall: WallTime,
    pub(crate) uncertainty_us: u32,
    /// The mapping began anew before this frame.
    pub(crate) is_anew: bool,
}

impl WallClockMapping {
    pub(crate) fn new(camera_us: i64, arrived: WallTime) -> Self {
        Self { anchor_us: arrived.as_micros() - camera_us, last_us: 0 }
    }

    pub(crate) fn map(&mut self, camera_us: i64, arrived: WallTime) -> Mapped {
        let late_us = arrived.as_micros() - (self.anchor_us + camera_us);
        if late_us.abs() > BROKEN_US {
            *self = Self::new(camera_us, arrived);
            self.last_us = arrived.as_micros();
            return Mapped { wall: arrived, uncertainty_us: DELAY_US, is_anew: true };
        }
        self.anchor_us += late_us / FOLLOW;
        let wall_us = (self.anchor_us + camera_us).max(self.last_us + 1);
        self.last_us = wall_us;
        let uncertainty_us =
            u32::try_from(late_us.abs()).unwrap_or(u32::MAX).saturating_add(DELAY_US);
        Mapped { wall: WallTime::from_micros(wall_us), uncertainty_us, is_anew: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(us: i64) -> WallTime {
        WallTime::from_micros(1_000_000_000_000 + us)
    }

    #[test]
    fn a_late_packet_does_not_move_a_frame_and_drift_is_followed() {
        let mut mapping = WallClockMapping::new(0, at(0));
        assert_eq!(mapping.map(0, at(0)).wall, at(0));
        let late = mapping.map(66_000, at(66_000 + 400_000)).wall;
        assert!(late.since(at(66_000)).as_micros() <= 1000, "{late}");
        // A camera whose clock is 1 % slow: after 200 s of it nothing is further off than 2 s.
        for frame in 2..3000 {
            let arrived = at(frame * 66_660);
            let mapped = mapping.map(frame * 66_000, arrived);
            let off = arrived.since(mapped.wall).max(mapped.wall.since(arrived));
            assert!(off.as_micros() < 2_000_000, "frame {frame} is {off:?} off");
        }
    }

    #[test]
    fn a_clock_that_was_set_begins_a_new_mapping_and_times_rise_within_one() {
        let mut mapping = WallClockMapping::new(0, at(0));
        let first = mapping.map(0, at(0));
        let set = mapping.map(66_000, at(3_600_000_000));
        assert!(set.is_anew && set.wall == at(3_600_000_000));
        let next = mapping.map(66_000, at(3_600_000_000));
        assert!(next.wall > set.wall && !next.is_anew && !first.is_anew);
    }
}
