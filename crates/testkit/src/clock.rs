//! A clock that moves when told.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::Clock;

/// A clock for tests. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    wall: WallTime,
    elapsed: Elapsed,
    boots: u32,
}

impl TestClock {
    /// A clock whose wall shows `wall`, an hour after boot.
    #[must_use]
    pub fn new(wall: WallTime) -> Self {
        let elapsed = Elapsed::from_nanos(3_600_000_000_000);
        Self(Arc::new(Mutex::new(Hands { wall, elapsed, boots: 1 })))
    }

    /// A clock at the moment written in RFC 3339.
    ///
    /// # Panics
    /// If `wall` is no moment.
    #[must_use]
    pub fn at(wall: &str) -> Self {
        Self::new(wall.parse().expect("a test writes moments in RFC 3339"))
    }

    /// Time passes: both clocks go on by `length`.
    pub fn advance(&self, length: Duration) {
        let mut hands = self.hands();
        hands.wall = hands.wall + length;
        hands.elapsed = hands.elapsed + length;
    }

    /// Somebody sets the wall clock, forwards or back; no time passes.
    pub fn set_wall(&self, wall: WallTime) {
        self.hands().wall = wall;
    }

    /// The machine is off for `off` and boots again: the wall clock ran on, the clock since boot
    /// begins anew and counts from another boot.
    pub fn reboot(&self, off: Duration) {
        let mut hands = self.hands();
        hands.wall = hands.wall + off;
        hands.elapsed = Elapsed::from_nanos(10_000_000_000);
        hands.boots += 1;
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().expect("nobody panics while moving the hands")
    }
}

impl Clock for TestClock {
    fn boot(&self) -> String {
        format!("boot-{}-of-a-test", self.hands().boots)
    }

    fn wall(&self) -> WallTime {
        self.hands().wall
    }

    fn elapsed(&self) -> Elapsed {
        self.hands().elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_can_be_set_back_and_elapsed_time_cannot() {
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let (wall, elapsed) = (clock.wall(), clock.elapsed());
        clock.clone().advance(Duration::from_secs(90));
        assert_eq!(clock.wall().since(wall), Duration::from_secs(90));
        clock.set_wall("2026-11-21T11:00:00Z".parse().unwrap());
        assert!(clock.wall() < wall);
        assert_eq!(clock.elapsed().since(elapsed), Duration::from_secs(90));
    }

    #[test]
    fn after_a_boot_the_clock_since_boot_begins_anew() {
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let (wall, elapsed, boot) = (clock.wall(), clock.elapsed(), clock.boot());
        clock.reboot(Duration::from_secs(60));
        assert_eq!(clock.wall().since(wall), Duration::from_secs(60));
        assert!(clock.elapsed() < elapsed);
        assert_ne!(clock.boot(), boot);
    }
}
