//! Bit and frame rates, from two readings of the counters.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Elapsed;

use crate::status::Status;

/// How long two readings are apart at least: durable counters move once a second.
const APART_S: f64 = 3.0;

/// One camera's rates.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rate {
    pub(crate) bits_per_s: u64,
    pub(crate) frames_per_s: f64,
}

#[derive(Default)]
struct Readings {
    last: Option<(Elapsed, HashMap<String, (u64, u64)>)>,
    rates: HashMap<String, Rate>,
}

/// Remembers the last reading.
#[derive(Default)]
pub(crate) struct Rates(Mutex<Readings>);

impl Rates {
    /// Rates by camera id since a reading some seconds ago; those of before while it is too soon.
    pub(crate) fn since_last(&self, now: Elapsed, status: &Status) -> HashMap<String, Rate> {
        let mut readings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let current: HashMap<String, (u64, u64)> = status
            .cameras
            .iter()
            .map(|camera| (camera.id.clone(), (camera.bytes_recorded, camera.frames_recorded)))
            .collect();
        match &readings.last {
            Some((then, _)) if now.since(*then).as_secs_f64() < APART_S => {}
            Some((then, before)) => {
                let passed_s = now.since(*then).as_secs_f64();
                let rates = current.iter().filter_map(|(id, (bytes, frames))| {
                    let (old_bytes, old_frames) = before.get(id)?;
                    let per_s = |now: u64, then: u64| as_f64(now.saturating_sub(then)) / passed_s;
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let bits_per_s = (per_s(*bytes, *old_bytes) * 8.0) as u64;
                    Some((
                        id.clone(),
                        Rate { bits_per_s, frames_per_s: per_s(*frames, *old_frames) },
                    ))
                });
                readings.rates = rates.collect();
                readings.last = Some((now, current));
            }
            None => readings.last = Some((now, current)),
        }
        readings.rates.clone()
    }
}

#[allow(clippy::cast_precision_loss)]
fn as_f64(value: u64) -> f64 {
    value as f64
}
