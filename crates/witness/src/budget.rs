//! How many requests a log, or an address, may make: so many at once, and so many a second from
//! then on.

use domain::Elapsed;

/// Requests that may be made at once.
pub(crate) const BURST: u32 = 60;

/// Requests a second after that.
pub(crate) const PER_SECOND: u32 = 20;

const NANOS_EACH: u64 = 1_000_000_000 / PER_SECOND as u64;

/// What is left of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    left: u32,
    /// Up to when refills were counted.
    at: Elapsed,
}

impl Budget {
    pub(crate) const fn full(now: Elapsed) -> Self {
        Self { left: BURST, at: now }
    }

    /// Takes one, if there is one.
    pub(crate) fn take(&mut self, now: Elapsed) -> bool {
        let passed_ns = now.as_nanos().saturating_sub(self.at.as_nanos());
        let refilled = passed_ns / NANOS_EACH;
        self.left = self.left.saturating_add(u32::try_from(refilled).unwrap_or(BURST)).min(BURST);
        self.at = Elapsed::from_nanos(self.at.as_nanos().saturating_add(refilled * NANOS_EACH));
        let has = self.left > 0;
        self.left -= u32::from(has);
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_goes_through_and_then_so_many_a_second() {
        let mut now = Elapsed::from_nanos(5);
        let mut budget = Budget::full(now);
        let mut taken = |now| (0..1000).filter(|_| budget.take(now)).count();
        assert_eq!(taken(now), BURST as usize);
        assert_eq!(taken(now), 0);
        now = now + Duration::from_millis(49);
        assert_eq!(taken(now), 0);
        now = now + Duration::from_millis(1);
        assert_eq!(taken(now), 1);
        now = now + Duration::from_secs(1);
        assert_eq!(taken(now), PER_SECOND as usize);
        now = now + Duration::from_secs(1_000_000);
        assert_eq!(taken(now), BURST as usize);
    }
}
