//! Who is connected: no address takes all places. In memory alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::Peer;

/// The addresses that are connected.
#[derive(Default)]
pub(super) struct Peers(Mutex<HashMap<Peer, usize>>);

impl Peers {
    /// One connection more, if the address has fewer than `most`.
    pub(super) fn enter(self: &Arc<Self>, peer: Peer, most: usize) -> Option<Guest> {
        let mut known = self.known();
        let count = known.entry(peer).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Guest { peers: Arc::clone(self), peer })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Peer, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection of an address; no longer counted when dropped.
pub(super) struct Guest {
    peers: Arc<Peers>,
    peer: Peer,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut known = self.peers.known();
        if let Some(count) = known.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                known.remove(&self.peer);
            }
        }
    }
}
