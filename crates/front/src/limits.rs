//! How much of everything an address, a number of receipt, and all together may have in an hour.
//!
//! In memory alone: no address is ever written anywhere.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Elapsed;

/// The limits of one front.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests taken in an hour, of one address.
    pub taken_of_one: u32,
    /// Requests taken in an hour, of all.
    pub taken_of_all: u32,
    /// Wrong codes in an hour, of one address.
    pub wrong_of_one: u32,
    /// Wrong codes in an hour for one number of receipt.
    pub wrong_of_receipt: u32,
    /// Wrong codes in an hour, of all.
    pub wrong_of_all: u32,
    /// Pages in a minute, of one address.
    pub pages_of_one: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            taken_of_one: 5,
            taken_of_all: 60,
            wrong_of_one: 20,
            wrong_of_receipt: 5,
            wrong_of_all: 600,
            pages_of_one: 120,
        }
    }
}

/// Whose requests are counted together: an address, or the network that one subscriber has (IPv6 /64).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(u64);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(four) => Self(u64::from(four.to_bits())),
            IpAddr::V6(six) => Self((six.to_bits() >> 64) as u64),
        }
    }
}

/// Keys that are remembered; beyond, all are forgotten. What holds for all together still holds.
const MOST_REMEMBERED: usize = 16_384;

/// So many in each period.
pub(crate) struct Counter<K> {
    most: u32,
    period: Duration,
    known: Mutex<HashMap<K, (Elapsed, u32)>>,
}

impl<K: Eq + Hash> Counter<K> {
    pub(crate) fn new(most: u32, period: Duration) -> Self {
        Self { most, period, known: Mutex::default() }
    }

    /// Whether there is one left now.
    pub(crate) fn has(&self, key: &K, now: Elapsed) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = known.get(key).filter(|(since, _)| now.since(*since) < self.period);
        counted.is_none_or(|(_, count)| *count < self.most)
    }

    /// Takes one, if there is one.
    pub(crate) fn take(&self, key: K, now: Elapsed) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.retain(|_, (since, _)| now.since(*since) < self.period);
        }
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        let (since, count) = known.entry(key).or_insert((now, 0));
        if now.since(*since) >= self.period {
            (*since, *count) = (now, 0);
        }
        let has = *count < self.most;
        *count += u32::from(has);
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_an_hour_and_each_counts_for_itself() {
        let hour = Duration::from_secs(3600);
        let counter = Counter::new(2, hour);
        let now = Elapsed::from_nanos(7);
        let taken = |key, now| (0..9).filter(|_| counter.take(key, now)).count();
        assert_eq!((taken('a', now), taken('b', now)), (2, 2));
        assert!(!counter.has(&'a', now) && counter.has(&'c', now));
        assert_eq!(taken('a', now + Duration::from_secs(3599)), 0);
        assert!(counter.has(&'a', now + hour));
        assert_eq!(taken('a', now + hour), 2);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one() {
        let peer = |text: &str| Peer::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(peer("2001:db8:1:2::1"), peer("2001:db8:1:2:ffff::9"));
        assert_ne!(peer("2001:db8:1:2::1"), peer("2001:db8:1:3::1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
        assert_eq!(peer("192.0.2.1"), peer("::ffff:192.0.2.1"));
    }
}
