//! What of a feed's footage can still be opened, and until when: no picture, so no grant.

use std::collections::BTreeSet;

use domain::{Feed, WallTime};

use crate::Opener;
use crate::minute::{MINUTE_US, minutes_between};

/// The keys of a feed that are there, and what of it is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptFootage {
    /// By when they expire: buckets that are whole.
    whole: BTreeSet<WallTime>,
    /// Likewise: minutes of buckets that are gone.
    minutes: BTreeSet<(WallTime, i64)>,
    /// From, to, and when the hold lapses.
    held: Vec<(WallTime, WallTime, WallTime)>,
}

/// A part of a stretch of footage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPart {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// When its key is destroyed, at the latest, unless a hold is renewed; none if it is destroyed.
    pub until: Option<WallTime>,
}

impl Opener {
    /// What can be opened of a feed now.
    #[must_use]
    pub fn kept(&self, feed: Feed) -> KeptFootage {
        let held = self.shared.held().unwrap_or_default();
        let held = held.of(feed.camera);
        let keyring = self.shared.keyring();
        let buckets = keyring.iter().filter(|bucket| bucket.feed == feed);
        let minutes = keyring.minutes().filter(|minute| minute.feed == feed);
        KeptFootage {
            whole: buckets.map(|bucket| bucket.expires_at).collect(),
            minutes: minutes.map(|minute| (minute.expires_at, minute.id.number)).collect(),
            held,
        }
    }
}

impl KeptFootage {
    /// A stretch of footage of one bucket, by when that expires, cut where it changes whether and
    /// until when it is kept.
    #[must_use]
    pub fn parts(&self, from: WallTime, to: WallTime, expires_at: WallTime) -> Vec<KeptPart> {
        let is_whole = self.whole.contains(&expires_at);
        if is_whole && !self.held.iter().any(|held| held.0 < to && from < held.1) {
            return vec![KeptPart { from, to, until: Some(expires_at) }];
        }
        let mut parts: Vec<KeptPart> = Vec::new();
        for number in minutes_between(from, to) {
            let start = WallTime::from_micros(number * MINUTE_US);
            let end = WallTime::from_micros((number + 1) * MINUTE_US);
            let is_there = is_whole || self.minutes.contains(&(expires_at, number));
            let holds = self.held.iter().filter(|held| held.0 <= start && end <= held.1);
            let until = holds.map(|held| held.2).fold(expires_at, WallTime::max);
            let until = is_there.then_some(until);
            match parts.last_mut() {
                Some(last) if last.until == until => last.to = end.min(to),
                _ => parts.push(KeptPart { from: start.max(from), to: end.min(to), until }),
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_cut_where_it_is_gone_or_held() {
        let minute = |count: i64| WallTime::from_micros(count * MINUTE_US);
        let due = minute(1000);
        let mut kept = KeptFootage { whole: [due].into(), ..KeptFootage::default() };
        let parts = |kept: &KeptFootage| {
            let parts = kept.parts(minute(1), minute(9), due);
            parts.iter().map(|it| (it.from, it.to, it.until)).collect::<Vec<_>>()
        };
        assert_eq!(parts(&kept), [(minute(1), minute(9), Some(due))]);
        kept.held.push((minute(3), minute(5), minute(2000)));
        assert_eq!(
            parts(&kept),
            [
                (minute(1), minute(3), Some(due)),
                (minute(3), minute(5), Some(minute(2000))),
                (minute(5), minute(9), Some(due)),
            ]
        );
        kept.whole.clear();
        kept.minutes = [(due, 3), (due, 4), (due, 7)].into();
        assert_eq!(
            parts(&kept),
            [
                (minute(1), minute(3), None),
                (minute(3), minute(5), Some(minute(2000))),
                (minute(5), minute(7), None),
                (minute(7), minute(8), Some(due)),
                (minute(8), minute(9), None),
            ]
        );
    }
}
