//! How fast and which way a viewer plays, and what follows from it.

use std::time::Duration;

/// Beyond this speed only keyframes are sent: browsers decode no more, and networks carry no more.
const KEYFRAMES_FROM_PERCENT: u32 = 400;
/// How far ahead of the viewer's clock footage is sent, at least.
const AHEAD: Duration = Duration::from_secs(20);
/// How far ahead keyframes are sent, in the viewer's time.
const KEYFRAMES_AHEAD: Duration = Duration::from_secs(10);
/// Keyframes closer together than this, in the viewer's time, are left out.
const KEYFRAMES_APART: Duration = Duration::from_millis(100);

/// How fast and which way a viewer plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    speed_percent: i32,
    keyframes_only: bool,
}

impl Pace {
    /// Every frame, forwards, as fast as it was filmed.
    pub const TRUE: Self = Self { speed_percent: 100, keyframes_only: false };
    /// The fastest: sixteen times.
    pub const MOST_PERCENT: u32 = 1600;
    /// The slowest: a quarter.
    pub const LEAST_PERCENT: u32 = 25;

    /// A speed in percent, backwards if it is negative. From 400 on there are keyframes only,
    /// whatever is asked. None if it is slower or faster than can be played.
    #[must_use]
    pub fn new(speed_percent: i32, keyframes_only: bool) -> Option<Self> {
        let speed = speed_percent.unsigned_abs();
        let keyframes_only = keyframes_only || speed >= KEYFRAMES_FROM_PERCENT;
        (Self::LEAST_PERCENT..=Self::MOST_PERCENT)
            .contains(&speed)
            .then_some(Self { speed_percent, keyframes_only })
    }

    /// The speed in percent, negative if backwards.
    #[must_use]
    pub const fn speed_percent(self) -> i32 {
        self.speed_percent
    }

    /// Whether frames between keyframes are left out.
    #[must_use]
    pub const fn keyframes_only(self) -> bool {
        self.keyframes_only
    }

    /// Whether time runs backwards.
    #[must_use]
    pub const fn is_backwards(self) -> bool {
        self.speed_percent < 0
    }

    /// How much footage is sent ahead of the viewer's clock.
    pub(crate) fn ahead(self) -> Duration {
        if self.keyframes_only { self.filmed_in(KEYFRAMES_AHEAD).max(AHEAD) } else { AHEAD }
    }

    /// How far apart keyframes are at least.
    pub(crate) fn apart(self) -> Duration {
        self.filmed_in(KEYFRAMES_APART)
    }

    /// How much footage passes in so much of the viewer's time.
    fn filmed_in(self, time: Duration) -> Duration {
        time * self.speed_percent.unsigned_abs() / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_ahead_is_bounded_at_every_speed() {
        for speed in [25, 50, 100, 200, 399, 400, 800, 1600] {
            let pace = Pace::new(speed, false).unwrap();
            assert_eq!(pace.keyframes_only(), speed >= 400);
            assert_eq!(Pace::new(-speed, false).unwrap().ahead(), pace.ahead());
            assert!(pace.ahead() >= AHEAD && pace.ahead() <= AHEAD * 8);
            // At most ten keyframes for each second of the viewer's.
            assert_eq!(pace.apart().as_millis(), u128::try_from(speed).unwrap());
        }
        for speed in [0, 24, -24, 1601, i32::MAX, i32::MIN] {
            assert_eq!(Pace::new(speed, false), None);
        }
        assert!(Pace::new(100, true).unwrap().keyframes_only());
    }
}
