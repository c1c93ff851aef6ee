//! Limits on guessing, which must not become a way to lock somebody out.
//!
//! An attempt comes from a *peer* (an address; of IPv6 the first 64 bits) for a *name*.
//!
//! - **Known pairs** (this peer signed in on this name before, successfully) are limited by
//!   themselves alone: whatever strangers do elsewhere, the person at the usual desk gets in.
//! - **Strangers** are limited by name (all of them together), and by peer (over all names).
//!
//! A limit is a bucket that begins full and is refilled evenly, so in any minute at most twice its
//! size passes: 6 guesses by all strangers on one name, 4 by a known peer. With one known peer
//! turned against its own account that is 10 a minute (guarantee A4); each further known peer would
//! add 4. Known peers are remembered in memory only, eight for each name: after a restart everybody
//! is a stranger once.
//!
//! What remains: while strangers guess at a name, its owner cannot sign in *at a new desk*. There
//! the answer is the usual desk, or a new one-time link. Behind a proxy all peers look like one:
//! the server must hand in the address that the proxy vouches for.
//!
//! Names that do not exist are limited in the same way, so that a limit tells nothing.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use domain::Elapsed;

const MINUTE: Duration = Duration::from_secs(60);
/// Bucket of a known pair.
const KNOWN_PAIR: u32 = 2;
/// Bucket of all strangers on one name.
const STRANGERS_ON_NAME: u32 = 3;
/// Bucket of one peer over all names it is not known on.
const PEER: u32 = 10;
/// Bucket of unlocking and handing over, for each session.
pub(crate) const SESSION: u32 = 3;
/// Peers remembered for each name.
const KNOWN_PEERS: usize = 8;
/// Names for which peers are remembered.
const KNOWN_NAMES: usize = 4096;
/// Buckets kept of each kind. When so many are in use at once, new strangers are sent away.
const MOST_BUCKETS: usize = 20_000;
/// How often full buckets are looked for when there is no room: looking costs all of them.
const FORGET_EVERY: Duration = Duration::from_secs(1);

/// A bucket of attempts: begins full, refilled evenly within a minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    size: u32,
    /// When it will be full again; never more than a minute ahead.
    full_at: Elapsed,
}

impl Bucket {
    pub(crate) fn full(size: u32, now: Elapsed) -> Self {
        Self { size, full_at: now }
    }

    /// Takes one attempt out.
    ///
    /// # Errors
    /// How long to wait for the next.
    pub(crate) fn take(&mut self, now: Elapsed) -> Result<(), Duration> {
        let wait = self.wait(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.full_at = self.full_at.max(now) + MINUTE / self.size;
        Ok(())
    }

    /// How long until an attempt is in it.
    fn wait(&self, now: Elapsed) -> Duration {
        let missing = self.full_at.since(now) + MINUTE / self.size;
        // Rounding of the division must not cost the last attempt.
        missing.saturating_sub(MINUTE + Duration::from_micros(1))
    }

    fn is_full(&self, now: Elapsed) -> bool {
        self.full_at <= now
    }
}

/// Buckets by key, forgotten when they are full.
struct Buckets<K> {
    size: u32,
    by_key: HashMap<K, Bucket>,
    forgot_at: Elapsed,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(size: u32) -> Self {
        Self { size, by_key: HashMap::new(), forgot_at: Elapsed::from_nanos(0) }
    }

    fn bucket(&mut self, key: K, now: Elapsed) -> Option<&mut Bucket> {
        if self.by_key.len() >= MOST_BUCKETS && !self.by_key.contains_key(&key) {
            if now.since(self.forgot_at) >= FORGET_EVERY {
                self.forgot_at = now;
                self.by_key.retain(|_, bucket| !bucket.is_full(now));
            }
            if self.by_key.len() >= MOST_BUCKETS {
                return None;
            }
        }
        Some(self.by_key.entry(key).or_insert_with(|| Bucket::full(self.size, now)))
    }
}

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes; from a peer that is known on this name.
    Known,
    /// Yes; from a stranger.
    Stranger,
    /// No; so long from now it makes sense to try again.
    TooMany(Duration),
}

/// All limits on signing in by name.
pub(crate) struct Guesses {
    pairs: Buckets<(String, IpAddr)>,
    names: Buckets<String>,
    peers: Buckets<IpAddr>,
    known: HashMap<String, VecDeque<IpAddr>>,
}

impl Guesses {
    pub(crate) fn new() -> Self {
        Self {
            pairs: Buckets::new(KNOWN_PAIR),
            names: Buckets::new(STRANGERS_ON_NAME),
            peers: Buckets::new(PEER),
            known: HashMap::new(),
        }
    }

    /// Counts an attempt, if it may be made.
    pub(crate) fn attempt(&mut self, name: &str, peer: IpAddr, now: Elapsed) -> Verdict {
        let peer = peer_of(peer);
        if self.known.get(name).is_some_and(|peers| peers.contains(&peer)) {
            let taken = self.pairs.bucket((name.to_owned(), peer), now).map(|b| b.take(now));
            return match taken {
                Some(Err(wait)) => Verdict::TooMany(wait),
                // More pairs than there is room for: all of them are people who once signed in.
                Some(Ok(())) | None => Verdict::Known,
            };
        }
        let (Some(of_peer), Some(of_name)) =
            (self.peers.bucket(peer, now), self.names.bucket(name.to_owned(), now))
        else {
            return Verdict::TooMany(MINUTE);
        };
        // The peer pays first and in full: hammering at an exhausted name is not free.
        match of_peer.take(now).and_then(|()| of_name.take(now)) {
            Ok(()) => Verdict::Stranger,
            Err(wait) => Verdict::TooMany(wait),
        }
    }

    /// Remembers who signed in from where, and gives the pair its attempts back; not the peer's,
    /// or somebody with an account of his own could try the names of others for ever.
    pub(crate) fn succeeded(&mut self, name: &str, peer: IpAddr) {
        let peer = peer_of(peer);
        self.pairs.by_key.remove(&(name.to_owned(), peer));
        if self.known.len() >= KNOWN_NAMES && !self.known.contains_key(name) {
            return;
        }
        let peers = self.known.entry(name.to_owned()).or_default();
        peers.retain(|other| *other != peer);
        peers.push_front(peer);
        peers.truncate(KNOWN_PEERS);
    }

    /// Forgets the peers of a name: whoever lost the account is a stranger again.
    pub(crate) fn forget(&mut self, name: &str) {
        self.known.remove(name);
    }
}

/// What counts as one peer: whoever has IPv6 has 2^64 addresses.
fn peer_of(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Elapsed = Elapsed::from_nanos(3_600_000_000_000);

    fn v4(n: u32) -> IpAddr {
        IpAddr::V4((0x0a00_0000 + n).into())
    }

    fn at_ms(ms: u64) -> Elapsed {
        START + Duration::from_millis(ms)
    }

    #[test]
    fn a4_a_thousand_addresses_guess_no_more_than_six_times_a_minute() {
        let mut guesses = Guesses::new();
        let mut made: Vec<u64> = Vec::new();
        // Ten minutes, a hundred attempts a second.
        for ms in (0..600_000).step_by(10) {
            let peer = v4(u32::try_from(ms / 10 % 1000).unwrap());
            if guesses.attempt("kim", peer, at_ms(ms)) == Verdict::Stranger {
                made.push(ms);
            }
        }
        for from in &made {
            let within = made.iter().filter(|ms| (*from..*from + 60_000).contains(ms)).count();
            assert!(within <= 6, "{within} from {from} ms");
        }
        // And not none: ten minutes at three a minute, and the full bucket at the start.
        assert!((30..=34).contains(&made.len()), "{}", made.len());
    }

    #[test]
    fn a4_the_usual_desk_gets_in_whatever_strangers_do() {
        let mut guesses = Guesses::new();
        assert_eq!(guesses.attempt("kim", v4(1), START), Verdict::Stranger);
        guesses.succeeded("kim", v4(1));
        for n in 0..5000 {
            guesses.attempt("kim", v4(100 + n % 900), START);
        }
        assert!(matches!(guesses.attempt("kim", v4(99), START), Verdict::TooMany(_)));
        assert_eq!(guesses.attempt("kim", v4(1), START), Verdict::Known);
        // Even when the same address tried other names in vain.
        for n in 0..100 {
            guesses.attempt(&format!("name{n}"), v4(1), START);
        }
        assert_eq!(guesses.attempt("kim", v4(1), START), Verdict::Known);
        assert!(matches!(guesses.attempt("kim", v4(1), START), Verdict::TooMany(_)));
        guesses.forget("kim");
        assert!(matches!(guesses.attempt("kim", v4(1), START), Verdict::TooMany(_)));
    }

    #[test]
    fn one_address_does_not_try_every_name() {
        let mut guesses = Guesses::new();
        let made = (0..1000)
            .filter(|n| guesses.attempt(&format!("n{n}"), v4(1), START) == Verdict::Stranger)
            .count();
        assert_eq!(made, PEER as usize);
    }

    #[test]
    fn a_bucket_says_how_long_to_wait_and_keeps_its_word() {
        let mut bucket = Bucket::full(3, START);
        for _ in 0..3 {
            assert_eq!(bucket.take(START), Ok(()));
        }
        let wait = bucket.take(START).unwrap_err();
        assert!(wait > Duration::from_secs(19) && wait <= Duration::from_secs(20), "{wait:?}");
        assert_eq!(bucket.take(START + wait), Ok(()));
        assert!(bucket.take(START + wait).is_err());
    }

    #[test]
    fn a_whole_ipv6_network_is_one_peer() {
        let one = "2001:db8::1".parse().unwrap();
        let other = "2001:db8::ffff:2".parse().unwrap();
        assert_eq!(peer_of(one), peer_of(other));
        assert_eq!(peer_of("::ffff:10.0.0.1".parse().unwrap()), v4(1));
    }

    #[test]
    fn memory_is_bounded() {
        let mut guesses = Guesses::new();
        for n in 0..(MOST_BUCKETS as u32 + 1000) {
            guesses.attempt(&n.to_string(), v4(n), START);
        }
        assert!(guesses.names.by_key.len() <= MOST_BUCKETS);
        assert_eq!(guesses.attempt("new", v4(9_000_000), START), Verdict::TooMany(MINUTE));
        assert_eq!(guesses.attempt("new", v4(9_000_000), at_ms(60_001)), Verdict::Stranger);
    }
}
