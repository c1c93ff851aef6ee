//! Bit and frame rates, from two readings of what is durable.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Elapsed, Feed};
use vault::FeedStatus;

/// How far two readings are apart: durable counts move once a second.
pub(crate) const APART: Duration = Duration::from_secs(5);

/// One feed's rates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rate {
    pub(crate) bits_per_s: u64,
    pub(crate) frames_per_s: f64,
}

#[derive(Default)]
struct Readings {
    last: Option<(Elapsed, HashMap<Feed, FeedStatus>)>,
    rates: HashMap<Feed, Rate>,
}

/// Remembers the last reading.
#[derive(Default)]
pub(crate) struct Rates(Mutex<Readings>);

impl Rates {
    /// Takes a reading.
    pub(crate) fn note(&self, now: Elapsed, statuses: Vec<(Feed, FeedStatus)>) {
        let mut readings = self.lock();
        let current: HashMap<Feed, FeedStatus> = statuses.into_iter().collect();
        if let Some((then, before)) = readings.last.take() {
            let passed_s = now.since(then).as_secs_f64();
            let rate = |(feed, status): (&Feed, &FeedStatus)| {
                let old = before.get(feed)?;
                let per_s = |now: u64, then: u64| as_f64(now.saturating_sub(then)) / passed_s;
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let bits_per_s = (per_s(status.bytes, old.bytes) * 8.0) as u64;
                Some((*feed, Rate { bits_per_s, frames_per_s: per_s(status.frames, old.frames) }))
            };
            readings.rates = current.iter().filter_map(rate).collect();
        }
        readings.last = Some((now, current));
    }

    /// A feed's rates between the last two readings; zero before there were two.
    pub(crate) fn of(&self, feed: Feed) -> Rate {
        self.lock().rates.get(&feed).copied().unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Readings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[allow(clippy::cast_precision_loss)]
fn as_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_come_from_two_readings() {
        let camera = domain::CameraId::from_bytes([1; 16]);
        let feed = Feed { camera, kind: domain::FeedKind::Main };
        let reading =
            |frames, bytes| vec![(feed, FeedStatus { frames, bytes, ..FeedStatus::default() })];
        let rates = Rates::default();
        rates.note(Elapsed::from_nanos(0), reading(10, 1000));
        assert_eq!(rates.of(feed), Rate::default());
        rates.note(Elapsed::from_nanos(2_000_000_000), reading(40, 251_000));
        assert_eq!(rates.of(feed), Rate { bits_per_s: 1_000_000, frames_per_s: 15.0 });
    }
}
