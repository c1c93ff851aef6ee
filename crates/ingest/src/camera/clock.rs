//! The camera's clock, made to rise.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;

/// Turns RTP timestamps into microseconds that rise with every frame.
///
/// Timestamps arrive unwrapped, but a camera may set its clock, begin anew or send pictures out of
/// their order. A step back within [`MAX_LAG_US`] is a picture out of order: it is decoded a
/// microsecond after the one before and shown earlier. Any other step that cannot be is a jump: the
/// time that passed here stands in for it.
pub(super) struct MediaClock {
    rate_hz: NonZeroU32,
    last: Option<Last>,
}

#[derive(Clone, Copy)]
struct Last {
    /// The tick that stands for `base_us`.
    base_ticks: i64,
    base_us: i64,
    elapsed_us: i64,
    arrived: Instant,
}

/// When a frame is decoded and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameTime {
    pub(super) elapsed_us: i64,
    pub(super) presentation_offset_us: i32,
    pub(super) jumped: bool,
}

/// No encoder holds a picture back longer.
const MAX_LAG_US: i64 = 1_000_000;
/// A camera is called silent sooner.
const MAX_LEAD_US: i64 = 15_000_000;

impl MediaClock {
    pub(super) const fn new(rate_hz: NonZeroU32) -> Self {
        Self { rate_hz, last: None }
    }

    /// The time of the next frame, whose unwrapped timestamp is `ticks`.
    pub(super) fn advance(&mut self, ticks: i64, arrived: Instant) -> FrameTime {
        let Some(last) = self.last else {
            self.last = Some(Last { base_ticks: ticks, base_us: 0, elapsed_us: 0, arrived });
            return FrameTime { elapsed_us: 0, presentation_offset_us: 0, jumped: false };
        };
        let shown_us = self.shown_us(last, ticks);
        let lead_us = shown_us.saturating_sub(last.elapsed_us);
        if !(-MAX_LAG_US..=MAX_LEAD_US).contains(&lead_us) {
            return self.jump(last, ticks, arrived);
        }
        let elapsed_us = shown_us.max(last.elapsed_us + 1);
        self.last = Some(Last { elapsed_us, arrived, ..last });
        let presentation_offset_us = i32::try_from(shown_us - elapsed_us)
            .expect("within the largest lag and lead, which are seconds");
        FrameTime { elapsed_us, presentation_offset_us, jumped: false }
    }

    fn jump(&mut self, last: Last, ticks: i64, arrived: Instant) -> FrameTime {
        let passed = arrived.saturating_duration_since(last.arrived).max(Duration::from_micros(1));
        let passed_us = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        let elapsed_us = last.elapsed_us.saturating_add(passed_us);
        self.last = Some(Last { base_ticks: ticks, base_us: elapsed_us, elapsed_us, arrived });
        FrameTime { elapsed_us, presentation_offset_us: 0, jumped: true }
    }

    fn shown_us(&self, last: Last, ticks: i64) -> i64 {
        let since_base = i128::from(ticks) - i128::from(last.base_ticks);
        let since_base_us = since_base * 1_000_000 / i128::from(self.rate_hz.get());
        let shown_us = i128::from(last.base_us) + since_base_us;
        i64::try_from(shown_us).unwrap_or(if shown_us < 0 { i64::MIN } else { i64::MAX })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clock() -> (MediaClock, Instant) {
        (MediaClock::new(NonZeroU32::new(90_000).unwrap()), Instant::now())
    }

    #[test]
    fn frames_keep_the_cameras_pace_for_days() {
        let (mut clock, now) = clock();
        // 30 frames a second for three days: past two wraps of 32 bits, without drift.
        for frame in 0..3 * 86_400_i64 {
            let time = clock.advance(7 + frame * 90_000, now);
            assert_eq!(time.elapsed_us, frame * 1_000_000);
            assert!(!time.jumped);
        }
    }

    #[test]
    fn a_picture_out_of_order_is_shown_earlier() {
        let (mut clock, now) = clock();
        let times: Vec<_> =
            [0, 10_800, 3_600, 7_200, 14_400].map(|ticks| clock.advance(ticks, now)).into();
        let decoded: Vec<_> = times.iter().map(|time| time.elapsed_us).collect();
        assert_eq!(decoded, [0, 120_000, 120_001, 120_002, 160_000]);
        let offsets: Vec<_> = times.iter().map(|time| time.presentation_offset_us).collect();
        assert_eq!(offsets, [0, 0, -80_001, -40_002, 0]);
    }

    #[test]
    fn a_jump_takes_the_time_that_passed_here() {
        for jump in [-180_000, 90_000 * 16, i64::from(i32::MAX), i64::from(i32::MIN)] {
            let (mut clock, now) = clock();
            clock.advance(0, now);
            let time = clock.advance(jump, now + Duration::from_millis(40));
            assert_eq!((time.elapsed_us, time.jumped), (40_000, true), "{jump}");
            let next = clock.advance(jump + 3_600, now + Duration::from_millis(80));
            assert_eq!((next.elapsed_us, next.jumped), (80_000, false), "{jump}");
        }
    }

    proptest! {
        #[test]
        fn time_always_rises(steps in prop::collection::vec((any::<i32>(), 0..20_000_u64), 1..99)) {
            let (mut clock, mut now) = clock();
            let mut ticks = 0_i64;
            let mut before_us = -1;
            for (step, passed_ms) in steps {
                ticks += i64::from(step);
                now += Duration::from_millis(passed_ms);
                let time = clock.advance(ticks, now);
                prop_assert!(time.elapsed_us > before_us);
                before_us = time.elapsed_us;
            }
        }
    }
}
