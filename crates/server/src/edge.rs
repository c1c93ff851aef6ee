//! What every handler shares: the house, the door, and the places for long viewing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::Access;
use domain::SessionId;
use tokio::sync::watch;

use crate::House;

/// How much of everything at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections altogether; more wait in the system's queue.
    pub connections: usize,
    /// Connections from one address; more are closed at once.
    pub connections_per_peer: usize,
    /// WebSockets altogether.
    pub sockets: usize,
    /// WebSockets of one session.
    pub sockets_per_session: usize,
    /// For the TLS handshake, and for the head of a request.
    pub head_within: Duration,
    /// For the body of a request.
    pub body_within: Duration,
    /// For one message to a page that reads slowly.
    pub send_within: Duration,
}

impl Default for Limits {
    /// Enough for a control room; a page opens at most six connections and one socket for a wall.
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_peer: 128,
            sockets: 128,
            sockets_per_session: 8,
            head_within: Duration::from_secs(10),
            body_within: Duration::from_secs(15),
            send_within: Duration::from_secs(10),
        }
    }
}

/// What every handler shares.
pub(crate) struct Edge {
    pub(crate) house: Arc<dyn House>,
    pub(crate) access: Arc<Access>,
    pub(crate) idle_limit: Duration,
    pub(crate) limits: Limits,
    /// True once the server is stopping.
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) sockets: Arc<Sockets>,
}

impl Edge {
    /// Waits until the server is stopping.
    pub(crate) async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // An error means that whoever could say so is gone: that is stopping too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// The WebSockets that are open.
pub(crate) struct Sockets {
    by_session: Mutex<HashMap<SessionId, usize>>,
    /// How many there are, for whoever waits until none is left.
    count: watch::Sender<usize>,
}

impl Sockets {
    pub(crate) fn new() -> Self {
        Self { by_session: Mutex::default(), count: watch::Sender::new(0) }
    }

    /// A place for one more; none if there are too many.
    pub(crate) fn enter(self: &Arc<Self>, session: SessionId, limits: &Limits) -> Option<Place> {
        let mut by_session = self.by_session.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = by_session.values().sum();
        let own = by_session.get(&session).copied().unwrap_or(0);
        if all >= limits.sockets || own >= limits.sockets_per_session {
            return None;
        }
        by_session.insert(session, own + 1);
        self.count.send_modify(|count| *count += 1);
        Some(Place { sockets: Arc::clone(self), session })
    }

    /// Waits until none is left.
    pub(crate) async fn empty(&self) {
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// The place of one WebSocket; given back when dropped.
pub(crate) struct Place {
    sockets: Arc<Sockets>,
    session: SessionId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_session = self.sockets.by_session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = by_session.get_mut(&self.session) {
            *own -= 1;
            if *own == 0 {
                by_session.remove(&self.session);
            }
        }
        self.sockets.count.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_come_back() {
        let sockets = Arc::new(Sockets::new());
        let limits = Limits { sockets: 3, sockets_per_session: 2, ..Limits::default() };
        let (one, other) = (SessionId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        let first = sockets.enter(one, &limits).unwrap();
        let _second = sockets.enter(one, &limits).unwrap();
        assert!(sockets.enter(one, &limits).is_none());
        let _third = sockets.enter(other, &limits).unwrap();
        assert!(sockets.enter(other, &limits).is_none());
        drop(first);
        assert!(sockets.enter(other, &limits).is_some());
    }
}
