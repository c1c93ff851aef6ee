//! What a rotation parts: which keys are due, and which minutes of them are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::{BucketId, Feed, WallTime};
use reel::RecordKind;

use crate::holds::Held;
use crate::minute::{MINUTE_US, Minute, MinuteId, minutes_between};
use crate::open::Shared;
use crate::reels::ReelPlace;

/// Times the usual that may be due in one rotation on the wall clock's word alone.
const MOST_TIMES_THE_USUAL: usize = 3;

/// Keys that are to be destroyed.
#[derive(Default)]
pub(crate) struct Due {
    pub(crate) buckets: Vec<BucketId>,
    /// Of buckets that are gone.
    pub(crate) minutes: Vec<MinuteId>,
    /// Minutes of these buckets that are kept, held or not.
    pub(crate) kept: BTreeMap<BucketId, BTreeSet<i64>>,
}

impl Due {
    pub(crate) const fn is_empty(&self) -> bool {
        self.buckets.is_empty() && self.minutes.is_empty()
    }
}

/// A bucket whose minutes are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) id: BucketId,
    feed: Feed,
    start: WallTime,
    pub(crate) end: WallTime,
    expires_at: WallTime,
}

impl Times {
    /// Start and expiry, which a reel's names say too.
    pub(crate) const fn time(&self) -> (WallTime, WallTime) {
        (self.start, self.expires_at)
    }
}

impl Shared {
    /// What is due at a rotation after which the next comes at `next`, and what of it is destroyed.
    ///
    /// More than three times the usual is a backlog, or a clock that is wrong (K2): of that only
    /// what is due without the time that rests on the wall clock's word alone.
    pub(crate) fn due(&self, next: WallTime, interval: Duration, held: &Held) -> Due {
        let slow = self.trusted.late_by();
        let unconfirmed = self.trusted.now().since(self.trusted.surely());
        let keyring = self.keyring();
        let most = keyring.most_within(interval).max(1).saturating_mul(MOST_TIMES_THE_USUAL);
        let mut buckets = keyring.due(next, &slow);
        let (count, mut surely) = (buckets.len(), next);
        let is_surplus = count > most && !unconfirmed.is_zero();
        if is_surplus {
            surely = next - unconfirmed;
            buckets = keyring.due(surely, &slow);
        }
        // A minute is due after its time because somebody let it go: that is no question of clocks,
        // but while they are asked for the buckets they are for these.
        let is_held = |it: &&Minute| held.has(it.feed.camera, it.id.number);
        let minutes = keyring.due_minutes(surely, &slow).filter(|it| !is_held(it));
        let minutes = minutes.map(|minute| minute.id).collect();
        drop(keyring);
        self.note_surplus(count, count - buckets.len());
        Due { buckets, minutes, kept: BTreeMap::new() }
    }

    fn note_surplus(&self, due: usize, left: usize) {
        let mut destruction = self.destruction();
        if left == 0 {
            destruction.surplus = None;
            return;
        }
        let was = destruction.surplus.replace(format!(
            "{due} buckets are due, more than three times the usual, and {left} of them by the wall clock alone; a second source of time, or a person, has to confirm it"
        ));
        if was.is_none() {
            tracing::error!(due, left, "more is due than usual; held back");
        }
    }

    /// The held minutes of buckets that are to be destroyed, by bucket: what of them is kept.
    pub(crate) fn held_minutes(
        &self,
        buckets: &[BucketId],
        held: &Held,
    ) -> BTreeMap<BucketId, BTreeSet<i64>> {
        let mut kept = BTreeMap::new();
        if held.is_empty() {
            return kept;
        }
        let places = self.reels.all();
        for times in self.times_of(buckets) {
            let of_camera = held.minutes(times.feed.camera);
            if of_camera.is_empty() {
                continue;
            }
            let (minutes, unread) = self.minutes_of(&times, &places);
            if let Some(reason) = unread {
                tracing::warn!(reason, "a reel cannot be read, and is held by its hour alone");
            }
            let minutes: BTreeSet<i64> = minutes.intersection(&of_camera).copied().collect();
            if !minutes.is_empty() {
                kept.insert(times.id, minutes);
            }
        }
        kept
    }

    /// Whether some of these minutes lie in a reel, or nobody can tell.
    pub(crate) fn may_hold(&self, place: &ReelPlace, minutes: &BTreeSet<(Feed, i64)>) -> bool {
        let fs = &*self.volumes[place.volume].fs;
        let feeds: BTreeSet<Feed> = minutes.iter().map(|(feed, _)| *feed).collect();
        feeds.into_iter().any(|feed| {
            self.reels.entries_of(fs, place, feed).map_or(true, |entries| {
                entries.iter().any(|entry| {
                    let number = entry.start.as_micros() / MINUTE_US;
                    entry.kind == RecordKind::Chunk && minutes.contains(&(feed, number))
                })
            })
        })
    }

    pub(crate) fn is_held(&self, minute: MinuteId, held: &Held) -> bool {
        let keyring = self.keyring();
        keyring.minute(minute).is_some_and(|it| held.has(it.feed.camera, it.id.number))
    }

    pub(crate) fn times_of(&self, buckets: &[BucketId]) -> Vec<Times> {
        let keyring = self.keyring();
        let known = buckets.iter().filter_map(|id| keyring.bucket(*id));
        let times = known.map(|it| Times {
            id: it.id,
            feed: it.feed,
            start: it.start,
            end: it.end,
            expires_at: it.expires_at,
        });
        times.collect()
    }

    /// The minutes that a bucket may hold footage of: those of its time, and those that its reels
    /// say. Footage that was dated by a wrong clock lies in the bucket in which it arrived, so its
    /// minutes can be any. Beside them why a reel could not be asked, if one could not.
    pub(crate) fn minutes_of(
        &self,
        bucket: &Times,
        places: &[ReelPlace],
    ) -> (BTreeSet<i64>, Option<String>) {
        let mut unread = None;
        let mut minutes: BTreeSet<i64> = minutes_between(bucket.start, bucket.end).collect();
        let is_its = |it: &&ReelPlace| (it.header.bucket_start, it.expires_at()) == bucket.time();
        let its = places.iter().filter(is_its);
        for place in its {
            let fs = &*self.volumes[place.volume].fs;
            match self.reels.entries_of(fs, place, bucket.feed) {
                Ok(entries) => {
                    let chunks = entries.iter().filter(|entry| entry.kind == RecordKind::Chunk);
                    minutes.extend(chunks.map(|entry| entry.start.as_micros() / MINUTE_US));
                }
                Err(reason) => unread = Some(format!("reel {}: {reason}", place.header.reel)),
            }
        }
        (minutes, unread)
    }
}
