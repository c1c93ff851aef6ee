//! The switches of a camera: which faults are on, and what happened to it once.

use std::mem::discriminant;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::SimFault;

/// How a camera asks who is there, if it has credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SimAuth {
    /// The password itself (RFC 7617).
    Basic,
    /// Digest with MD5, without `qop`, as in RFC 2069.
    #[default]
    DigestMd5,
    /// Digest with SHA-256 and `qop="auth"` (RFC 7616).
    DigestSha256,
    /// Both of them offered, SHA-256 first, as RFC 7616 says to.
    DigestBoth,
}

/// The switches of one camera.
#[derive(Default)]
pub(super) struct Switches {
    state: Mutex<State>,
    /// Whether a frame is sent differently from how it would be without any switch.
    tampered: AtomicBool,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) faults: Vec<SimFault>,
    pub(super) auth: SimAuth,
    /// Payload of a signing message that is put into each keyframe.
    pub(super) signing: Option<Arc<[u8]>>,
    /// Right answers that are still to be called stale.
    pub(super) stale_nonces: u32,
    pub(super) down_until: Option<Instant>,
    ssrc_changes: u32,
    clock: CameraClock,
}

/// How far the camera's clock is off.
#[derive(Default)]
struct CameraClock {
    /// Gathered while the clock drifted before.
    gathered_us: i64,
    drifts: Option<(Instant, i32)>,
    wall_jumps_us: i64,
    timestamp_jumps_us: i64,
}

impl CameraClock {
    fn drift_us(&self, moment: Instant) -> i64 {
        let drifting = self.drifts.map_or(0, |(since, ppm)| {
            let length = moment.saturating_duration_since(since).as_micros();
            i64::try_from(length).unwrap_or(i64::MAX).saturating_mul(i64::from(ppm)) / 1_000_000
        });
        self.gathered_us + drifting
    }

    fn set_drift(&mut self, ppm: i32) {
        let now = Instant::now();
        self.gathered_us = self.drift_us(now);
        self.drifts = (ppm != 0).then_some((now, ppm));
    }
}

/// What the switches do to a frame.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tampering {
    pub(super) drop: f64,
    pub(super) reorder: f64,
    pub(super) duplicate: f64,
    pub(super) late: f64,
    pub(super) late_by: Duration,
    pub(super) garbage: f64,
    pub(super) garbage_between: bool,
    pub(super) silent: bool,
    pub(super) audio: bool,
    pub(super) wrong_channel: bool,
    pub(super) flood: bool,
    pub(super) picture: Picture,
    pub(super) ssrc_changes: u32,
    /// How far the clock of sender reports is off.
    pub(super) wall_off_us: i64,
    /// How far timestamps are off, in microseconds.
    pub(super) timestamp_off_us: i64,
}

/// What is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Picture {
    #[default]
    Live,
    Frozen,
    Black,
}

impl Switches {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns a fault on, in place of one of its kind. A clip was loaded before, and a reboot closes
    /// connections elsewhere.
    pub(super) fn set(&self, fault: SimFault) {
        let mut state = self.state();
        match fault {
            SimFault::Reboot { down_s } => {
                state.down_until = Some(Instant::now() + Duration::from_secs(down_s.into()));
            }
            SimFault::ClockJump(ms) => state.clock.wall_jumps_us += ms * 1000,
            SimFault::TimestampJump(ms) => state.clock.timestamp_jumps_us += ms * 1000,
            SimFault::NewSsrc => state.ssrc_changes += 1,
            SimFault::StaleNonce => state.stale_nonces += 1,
            fault => {
                if let SimFault::Drift(ppm) = fault {
                    state.clock.set_drift(ppm);
                }
                state.faults.retain(|other| discriminant(other) != discriminant(&fault));
                state.faults.push(fault);
            }
        }
        self.tampered.store(true, Relaxed);
    }

    /// Turns off the faults that `ends` picks; gives them.
    pub(super) fn clear(&self, ends: impl Fn(&SimFault) -> bool) -> Vec<SimFault> {
        let mut state = self.state();
        let ended: Vec<_> = state.faults.extract_if(.., |fault| ends(fault)).collect();
        if ended.iter().any(|fault| matches!(fault, SimFault::Drift(_))) {
            state.clock.set_drift(0);
        }
        ended
    }

    /// Payload of the signing message of each keyframe.
    pub(super) fn signing(&self) -> Option<Arc<[u8]>> {
        self.state().signing.clone()
    }

    /// What `pick` finds among the faults that are on.
    pub(super) fn find<T>(&self, pick: impl Fn(&SimFault) -> Option<T>) -> Option<T> {
        if !self.tampered.load(Relaxed) {
            return None;
        }
        self.state().faults.iter().find_map(pick)
    }

    pub(super) fn has(&self, fault: &SimFault) -> bool {
        self.find(|other| (other == fault).then_some(())).is_some()
    }

    /// Whether nobody is let in now.
    pub(super) fn is_down(&self) -> bool {
        self.state().down_until.is_some_and(|until| Instant::now() < until)
    }

    /// What is done to the frame that is due at `moment`; `None` if nothing is.
    pub(super) fn tampering(&self, moment: Instant) -> Option<Tampering> {
        if !self.tampered.load(Relaxed) {
            return None;
        }
        let state = self.state();
        let drift_us = state.clock.drift_us(moment);
        let mut result = Tampering {
            ssrc_changes: state.ssrc_changes,
            wall_off_us: drift_us + state.clock.wall_jumps_us,
            timestamp_off_us: drift_us + state.clock.timestamp_jumps_us,
            ..Tampering::default()
        };
        for fault in &state.faults {
            match fault {
                SimFault::Drop(share) => result.drop = *share,
                SimFault::Reorder(share) => result.reorder = *share,
                SimFault::Duplicate(share) => result.duplicate = *share,
                SimFault::Late { share, delay_ms } => {
                    result.late = *share;
                    result.late_by = Duration::from_millis((*delay_ms).into());
                }
                SimFault::GarbageRtp(share) => result.garbage = *share,
                SimFault::GarbageRtsp => result.garbage_between = true,
                SimFault::Stall | SimFault::HalfOpen => result.silent = true,
                SimFault::Audio => result.audio = true,
                SimFault::WrongChannel => result.wrong_channel = true,
                SimFault::Flood => result.flood = true,
                SimFault::Freeze => result.picture = Picture::Frozen,
                SimFault::Black => result.picture = Picture::Black,
                _ => {}
            }
        }
        Some(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_replaces_one_of_its_kind_and_is_cleared_by_kind() {
        let switches = Switches::default();
        assert_eq!(switches.tampering(Instant::now()), None);
        switches.set(SimFault::Drop(0.1));
        switches.set(SimFault::Drop(0.2));
        switches.set(SimFault::Audio);
        let on = switches.tampering(Instant::now()).unwrap();
        assert_eq!((on.drop, on.audio), (0.2, true));
        switches.clear(|fault| matches!(fault, SimFault::Drop(_)));
        let on = switches.tampering(Instant::now()).unwrap();
        assert_eq!((on.drop, on.audio), (0.0, true));
    }

    #[test]
    fn a_clock_keeps_what_it_gathered() {
        let start = Instant::now();
        let mut clock = CameraClock { drifts: Some((start, -100)), ..CameraClock::default() };
        assert_eq!(clock.drift_us(start + Duration::from_secs(10)), -1000);
        clock.gathered_us = 5000;
        assert_eq!(clock.drift_us(start + Duration::from_secs(20)), 3000);
        clock.set_drift(0);
        let kept = clock.drift_us(start);
        assert_eq!(clock.drift_us(start + Duration::from_secs(20)), kept);
    }
}
