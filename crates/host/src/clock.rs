//! Time: the wall clock, which can be set, and the clock since boot, which cannot.

use domain::{Elapsed, WallTime};
use rustix::time::{ClockId, Timespec, clock_gettime};

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// What the wall clock shows.
    fn wall(&self) -> WallTime;
    /// What the clock since boot shows: it never goes back and runs on while the machine sleeps.
    fn elapsed(&self) -> Elapsed;
    /// Which boot of the machine the clock since boot counts from: a word that is another after
    /// each boot.
    fn boot(&self) -> String;
}

/// The clocks of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> WallTime {
        let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Realtime);
        WallTime::from_micros(tv_sec.saturating_mul(1_000_000).saturating_add(tv_nsec / 1000))
    }

    fn elapsed(&self) -> Elapsed {
        let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Boottime);
        let nanos = |value: i64| u64::try_from(value).unwrap_or(0);
        Elapsed::from_nanos(nanos(tv_sec).saturating_mul(1_000_000_000) + nanos(tv_nsec))
    }

    fn boot(&self) -> String {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .map_or_else(|_| "unknown".into(), |text| text.trim().into())
    }
}
