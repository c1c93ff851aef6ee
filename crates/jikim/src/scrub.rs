//! The scrub's thread: reads everything again, slowly, until it is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use vault::Vault;

/// How long it takes to stop, at most.
const SLICE: Duration = Duration::from_millis(200);

/// Stops the thread when it is dropped, or told to.
pub(crate) struct Scrubbing(Arc<AtomicBool>);

impl Scrubbing {
    /// Starts it.
    pub(crate) fn start(vault: Arc<Vault>) -> Self {
        let stops = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stops);
        let run = move || {
            let pause = |length| pause(&told, length);
            while !told.load(Ordering::Acquire) {
                let wait = vault.scrub(&pause);
                pause(wait);
            }
        };
        std::thread::Builder::new()
            .name("scrub".into())
            .spawn(run)
            .expect("the operating system gives a thread");
        Self(stops)
    }

    pub(crate) fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Drop for Scrubbing {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits; gives whether it goes on.
fn pause(stops: &AtomicBool, length: Duration) -> bool {
    let mut left = length;
    loop {
        if stops.load(Ordering::Acquire) {
            return false;
        }
        if left.is_zero() {
            return true;
        }
        let slice = left.min(SLICE);
        std::thread::sleep(slice);
        left -= slice;
    }
}
