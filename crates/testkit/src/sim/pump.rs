//! The pump: one timer for all cameras. A few hundred times a second it sends every frame that has
//! come due, of whichever camera; a timer for each camera would cost more than the frames do.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::camera::{Scratch, Timeline};
use super::server::UdpPair;
use super::session::Session;

/// How late a frame may be so that it is sent together with others: of a few cameras, and of many,
/// where waking up and warming the caches is what costs.
const TICK: Duration = Duration::from_millis(5);
const TICK_OF_MANY: Duration = Duration::from_millis(10);
const MANY: usize = 100;
/// Frames sent before connections get a turn.
const MAX_FRAMES_A_TURN: usize = 512;

/// The sessions that play, by when their next frame is due.
#[derive(Default)]
pub(super) struct Pump {
    queue: Mutex<BinaryHeap<Reverse<Due>>>,
    added: Notify,
}

struct Due {
    at: Instant,
    session: Weak<Session>,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl Pump {
    /// Takes in a session whose first frame is due at `at`; it leaves when its connection drops it.
    pub(super) fn add(&self, session: &Arc<Session>, at: Instant) {
        let session = Arc::downgrade(session);
        self.queue().push(Reverse(Due { at, session }));
        self.added.notify_one();
    }

    /// Sends frames for ever.
    pub(super) async fn run(&self, timeline: &Timeline, udp: &UdpPair) {
        let mut scratch = Scratch::default();
        loop {
            let (next, count) = {
                let queue = self.queue();
                (queue.peek().map(|due| due.0.at), queue.len())
            };
            match next {
                None => self.added.notified().await,
                Some(at) => {
                    let tick = if count < MANY { TICK } else { TICK_OF_MANY };
                    let wake = at.max(Instant::now() + tick);
                    tokio::select! {
                        () = tokio::time::sleep_until(wake.into()) => {}
                        () = self.added.notified() => {}
                    }
                }
            }
            timeline.follow();
            while self.turn(udp, &mut scratch) == MAX_FRAMES_A_TURN {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Sends what is due, up to a turn's worth; how many frames that was.
    fn turn(&self, udp: &UdpPair, scratch: &mut Scratch) -> usize {
        let now = Instant::now();
        let mut queue = self.queue();
        let mut count = 0;
        while count < MAX_FRAMES_A_TURN {
            let Some(mut first) = queue.peek_mut().filter(|due| due.0.at <= now) else { break };
            let next = first.0.session.upgrade().and_then(|session| {
                let next = session.step(now, udp, scratch);
                next.inspect_err(|error| tracing::debug!(%error, "a client has left")).ok()
            });
            match next {
                Some(at) => first.0.at = at,
                None => drop(PeekMut::pop(first)),
            }
            count += 1;
        }
        count
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, BinaryHeap<Reverse<Due>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
