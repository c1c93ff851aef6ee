//! Which reels there are, and what is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Feed, ReelId, Retention, WallTime};
use host::Fs;
use reel::{Codec, FooterEntry, FooterFeed, RecordKind, ReelHeader, ReelIndex};

use crate::index::IndexCache;

/// A reel is closed after this long, so that it becomes immutable and is listed.
pub(crate) const REEL_LENGTH: Duration = Duration::from_secs(300);
/// How far a chunk may lie outside the time its reel is named for.
const SLACK: Duration = Duration::from_secs(10);

/// A reel as it is known.
#[derive(Clone)]
pub(crate) struct ReelPlace {
    pub(crate) header: ReelHeader,
    pub(crate) volume: usize,
    pub(crate) path: PathBuf,
    /// Earliest start and latest end of its chunks, by its trailer; none while it is open.
    span: Option<(WallTime, WallTime)>,
}

impl ReelPlace {
    pub(crate) const fn new(header: ReelHeader, volume: usize, path: PathBuf) -> Self {
        Self { header, volume, path, span: None }
    }

    /// When its buckets are due; all began at the same moment.
    pub(crate) fn expires_at(&self) -> WallTime {
        self.header.retention.expires_at(self.header.bucket_start)
    }

    /// Whether it is due and none of its buckets is kept: start and expiry of those are `kept`.
    pub(crate) fn is_dead(
        &self,
        kept: &BTreeSet<(WallTime, WallTime)>,
        threshold: WallTime,
    ) -> bool {
        let due = self.expires_at();
        due < threshold && !kept.contains(&(self.header.bucket_start, due))
    }

    /// No chunk of it begins before the first moment, none ends after the second.
    ///
    /// Exact where its trailer was read. Else by its names: while the wall clock is wrong a reel is
    /// named for another time than its footage is dated to, and that is found by when it was made.
    pub(crate) fn span(&self) -> (WallTime, WallTime) {
        let header = &self.header;
        self.span.unwrap_or_else(|| {
            (
                header.bucket_start.min(header.created_at - SLACK),
                (header.created_at + REEL_LENGTH + SLACK).max(header.bucket_end + SLACK),
            )
        })
    }
}

/// What an open reel holds so far: only what is durable.
#[derive(Default, Clone)]
struct Durable {
    feeds: Vec<FooterFeed>,
    /// By row.
    entries: Vec<Vec<FooterEntry>>,
}

#[derive(Default)]
struct Known {
    places: BTreeMap<ReelId, ReelPlace>,
    /// Each place by where its span begins.
    by_start: BTreeSet<(WallTime, ReelId)>,
    /// No span is longer: one that reaches a moment begins at most this long before it.
    longest: Duration,
    open: HashMap<ReelId, Durable>,
}

impl Known {
    fn put(&mut self, place: ReelPlace) {
        let reel = place.header.reel;
        self.take(reel);
        let (start, end) = place.span();
        self.longest = self.longest.max(end.since(start));
        self.by_start.insert((start, reel));
        self.places.insert(reel, place);
    }

    fn take(&mut self, reel: ReelId) -> Option<ReelPlace> {
        let place = self.places.remove(&reel)?;
        self.by_start.remove(&(place.span().0, reel));
        Some(place)
    }
}

/// A stretch of footage in a reel that is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnlistedFootage {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// Which codec.
    pub codec: Codec,
    /// When its key is destroyed, at the latest.
    pub expires_at: WallTime,
}

/// Chunks this close together are one stretch.
const TOUCH: Duration = Duration::from_millis(500);

/// The register of reels in memory, and what is kept of their indexes.
#[derive(Default)]
pub(crate) struct Reels {
    known: Mutex<Known>,
    indexes: IndexCache,
}

impl Reels {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, place: ReelPlace, is_open: bool) {
        let mut known = self.lock();
        if is_open {
            known.open.insert(place.header.reel, Durable::default());
        }
        known.put(place);
    }

    /// Adds a closed reel with the time that its trailer names.
    pub(crate) fn add_closed(&self, place: ReelPlace, span: (WallTime, WallTime)) {
        self.lock().put(ReelPlace { span: Some(span), ..place });
    }

    /// Makes visible what was synced.
    pub(crate) fn extend(&self, reel: ReelId, feeds: &[FooterFeed], entries: &[FooterEntry]) {
        if let Some(durable) = self.lock().open.get_mut(&reel) {
            durable.feeds.clear();
            durable.feeds.extend_from_slice(feeds);
            durable.entries.resize_with(feeds.len(), Vec::new);
            for entry in entries {
                durable.entries[usize::from(entry.feed_index)].push(*entry);
            }
        }
    }

    /// From now on what it holds is read from its index.
    pub(crate) fn close(&self, index: &Arc<ReelIndex>) {
        self.indexes.forget(index.reel);
        self.indexes.keep(Arc::clone(index));
        let mut known = self.lock();
        known.open.remove(&index.reel);
        if let Some(place) = known.take(index.reel) {
            known.put(ReelPlace { span: Some(index.span()), ..place });
        }
    }

    pub(crate) fn forget(&self, reel: ReelId) {
        let mut known = self.lock();
        known.take(reel);
        known.open.remove(&reel);
        drop(known);
        self.indexes.forget(reel);
    }

    pub(crate) fn place(&self, reel: ReelId) -> Option<ReelPlace> {
        self.lock().places.get(&reel).cloned()
    }

    /// Reels without a footer yet.
    pub(crate) fn open(&self) -> HashSet<ReelId> {
        self.lock().open.keys().copied().collect()
    }

    pub(crate) fn all(&self) -> Vec<ReelPlace> {
        self.lock().places.values().cloned().collect()
    }

    /// Reels of a retention class that may hold footage of a stretch of time, by where their
    /// footage begins.
    pub(crate) fn between(
        &self,
        retention: Option<Retention>,
        from: WallTime,
        to: WallTime,
    ) -> Vec<ReelPlace> {
        let known = self.lock();
        let earliest = (from - known.longest, ReelId::from_bytes([0; 16]));
        known
            .by_start
            .range(earliest..)
            .take_while(|(start, _)| *start < to)
            .filter_map(|(_, reel)| known.places.get(reel))
            .filter(|place| retention.is_none_or(|class| class == place.header.retention))
            .filter(|place| from < place.span().1)
            .cloned()
            .collect()
    }

    /// What open reels hold of a feed in a stretch of time.
    pub(crate) fn open_of(&self, feed: Feed, from: WallTime, to: WallTime) -> Vec<UnlistedFootage> {
        let known = self.lock();
        let mut found = Vec::new();
        for (reel, durable) in &known.open {
            let row = durable.feeds.iter().find(|row| row.feed == feed && row.codec.is_some());
            let place = known.places.get(reel);
            let (Some(codec), Some(place)) = (row.and_then(|row| row.codec), place) else {
                continue;
            };
            let first = found.len();
            for entry in durable.of(feed).iter().filter(|entry| entry.kind == RecordKind::Chunk) {
                let end = entry.start + Duration::from_micros(entry.duration_us);
                let (start, end) = (entry.start.max(from), end.min(to));
                if start >= end {
                    continue;
                }
                match found[first..].last_mut() {
                    Some(UnlistedFootage { to, .. }) if start <= *to + TOUCH => *to = end.max(*to),
                    _ => found.push(UnlistedFootage {
                        from: start,
                        to: end,
                        codec,
                        expires_at: place.expires_at(),
                    }),
                }
            }
        }
        found.sort_by_key(|stretch| (stretch.from, stretch.to));
        found
    }

    /// Chunks and gaps of one feed in a reel, in their order.
    pub(crate) fn entries_of(
        &self,
        fs: &dyn Fs,
        place: &ReelPlace,
        feed: Feed,
    ) -> Result<Arc<[FooterEntry]>, String> {
        if let Some(durable) = self.lock().open.get(&place.header.reel) {
            return Ok(durable.of(feed).into());
        }
        self.indexes.entries_of(fs, place, feed)
    }
}

impl Durable {
    fn of(&self, feed: Feed) -> Vec<FooterEntry> {
        let rows = self.feeds.iter().zip(&self.entries).filter(|(row, _)| row.feed == feed);
        let mut entries: Vec<_> = rows.flat_map(|(_, entries)| entries).copied().collect();
        entries.sort_by_key(|entry| entry.number);
        entries
    }
}
