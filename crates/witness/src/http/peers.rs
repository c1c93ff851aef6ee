//! Who is connected, and who asks how often: no address takes all places.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Elapsed;

use crate::budget::Budget;

/// Addresses that are remembered; beyond, all are forgotten and begin anew.
const MOST_REMEMBERED: usize = 8192;

/// The addresses that are connected or asked lately.
#[derive(Default)]
pub(super) struct Peers(Mutex<Known>);

#[derive(Default)]
struct Known {
    connections: HashMap<IpAddr, usize>,
    budgets: HashMap<IpAddr, Budget>,
}

impl Peers {
    /// One connection more, if the address has fewer than `most`.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Guest> {
        let mut known = self.known();
        let count = known.connections.entry(peer).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Guest { peers: Arc::clone(self), peer })
    }

    /// Whether the address may make one request more now.
    pub(super) fn may_ask(&self, peer: IpAddr, now: Elapsed) -> bool {
        let mut known = self.known();
        if known.budgets.len() >= MOST_REMEMBERED {
            known.budgets.clear();
        }
        known.budgets.entry(peer).or_insert_with(|| Budget::full(now)).take(now)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection of an address; no longer counted when dropped.
pub(super) struct Guest {
    peers: Arc<Peers>,
    peer: IpAddr,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut known = self.peers.known();
        if let Some(count) = known.connections.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                known.connections.remove(&self.peer);
            }
        }
    }
}
