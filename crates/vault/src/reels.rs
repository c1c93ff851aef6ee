//! Which reels there are, and what is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Feed, ReelId, Retention, WallTime};
use host::{Fs, FsError};
use reel::{
    Codec, Footer, FooterEntry, FooterFeed, REEL_HEADER_BYTES, RecordKind, ReelHeader,
    TRAILER_BYTES, Trailer,
};

use crate::volume::Volume;

/// A reel is closed after this long, so that it becomes immutable and is listed.
pub(crate) const REEL_LENGTH: Duration = Duration::from_secs(300);
/// How far a chunk may lie outside the time its reel is named for.
const SLACK: Duration = Duration::from_secs(10);
/// Footers of closed reels kept in memory.
const FOOTERS_KEPT: usize = 32;

/// A reel as it is known.
#[derive(Clone)]
pub(crate) struct ReelPlace {
    pub(crate) header: ReelHeader,
    pub(crate) volume: usize,
    pub(crate) path: PathBuf,
}

impl ReelPlace {
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

    /// While the wall clock is wrong a reel is named for another time than its footage is dated to:
    /// that is found by when the reel was made.
    fn may_hold(&self, from: WallTime, to: WallTime) -> bool {
        let start = self.header.bucket_start.min(self.header.created_at - SLACK);
        let end =
            (self.header.created_at + REEL_LENGTH + SLACK).max(self.header.bucket_end + SLACK);
        start < to && from < end
    }
}

/// What an open reel holds so far: only what is durable.
#[derive(Default, Clone)]
struct Durable {
    feeds: Vec<FooterFeed>,
    entries: Vec<FooterEntry>,
}

#[derive(Default)]
struct Known {
    places: BTreeMap<ReelId, ReelPlace>,
    open: HashMap<ReelId, Durable>,
    footers: VecDeque<(ReelId, Arc<Footer>)>,
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

/// The register of reels in memory.
#[derive(Default)]
pub(crate) struct Reels(Mutex<Known>);

impl Reels {
    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, place: ReelPlace, is_open: bool) {
        let mut known = self.lock();
        if is_open {
            known.open.insert(place.header.reel, Durable::default());
        }
        known.places.insert(place.header.reel, place);
    }

    /// Makes visible what was synced.
    pub(crate) fn extend(&self, reel: ReelId, feeds: &[FooterFeed], entries: &[FooterEntry]) {
        if let Some(durable) = self.lock().open.get_mut(&reel) {
            durable.feeds = feeds.to_vec();
            durable.entries.extend_from_slice(entries);
        }
    }

    pub(crate) fn close(&self, reel: ReelId, footer: Arc<Footer>) {
        let mut known = self.lock();
        known.open.remove(&reel);
        keep_footer(&mut known.footers, reel, footer);
    }

    pub(crate) fn forget(&self, reel: ReelId) {
        let mut known = self.lock();
        known.places.remove(&reel);
        known.open.remove(&reel);
        known.footers.retain(|(other, _)| *other != reel);
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

    /// Reels of a retention class that may hold footage of a stretch of time, oldest first.
    pub(crate) fn between(
        &self,
        retention: Option<Retention>,
        from: WallTime,
        to: WallTime,
    ) -> Vec<ReelPlace> {
        let mut found: Vec<ReelPlace> = self
            .lock()
            .places
            .values()
            .filter(|place| retention.is_none_or(|class| class == place.header.retention))
            .filter(|place| place.may_hold(from, to))
            .cloned()
            .collect();
        // By bucket first: whoever looks for the next chunk stops at a bucket that lies beyond it, and
        // a late chunk can open a reel of an earlier bucket after one of a later bucket.
        found.sort_by_key(|place| {
            let header = &place.header;
            (header.bucket_start, header.created_at, header.reel)
        });
        found
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
            let entries = of_feed(&durable.feeds, &durable.entries, feed);
            let first = found.len();
            for entry in entries.iter().filter(|entry| entry.kind == RecordKind::Chunk) {
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
    ) -> Result<Vec<FooterEntry>, String> {
        let reel = place.header.reel;
        if let Some(durable) = self.lock().open.get(&reel) {
            return Ok(of_feed(&durable.feeds, &durable.entries, feed));
        }
        let footer = self.footer(fs, place)?;
        Ok(of_feed(&footer.feeds, &footer.entries, feed))
    }

    /// The footer of a closed reel.
    pub(crate) fn footer(&self, fs: &dyn Fs, place: &ReelPlace) -> Result<Arc<Footer>, String> {
        let reel = place.header.reel;
        if let Some((_, footer)) = self.lock().footers.iter().find(|(other, _)| *other == reel) {
            return Ok(Arc::clone(footer));
        }
        let footer = read_footer(fs, place)?.ok_or("the reel has no footer")?;
        let footer = Arc::new(footer);
        keep_footer(&mut self.lock().footers, reel, Arc::clone(&footer));
        Ok(footer)
    }
}

fn keep_footer(footers: &mut VecDeque<(ReelId, Arc<Footer>)>, reel: ReelId, footer: Arc<Footer>) {
    footers.push_back((reel, footer));
    if footers.len() > FOOTERS_KEPT {
        footers.pop_front();
    }
}

fn of_feed(feeds: &[FooterFeed], entries: &[FooterEntry], feed: Feed) -> Vec<FooterEntry> {
    entries
        .iter()
        .filter(|entry| {
            feeds.get(usize::from(entry.feed_index)).is_some_and(|row| row.feed == feed)
        })
        .copied()
        .collect()
}

/// The footer at the end of a reel; `None` when it has none (a crash, or it is open).
pub(crate) fn read_footer(fs: &dyn Fs, place: &ReelPlace) -> Result<Option<Footer>, String> {
    let text = |error: FsError| error.to_string();
    let file = fs.open_read(&place.path).map_err(text)?;
    let length = file.len().map_err(text)?;
    if length < (REEL_HEADER_BYTES + TRAILER_BYTES) as u64 {
        return Ok(None);
    }
    let mut trailer = [0; TRAILER_BYTES];
    file.read_at(length - TRAILER_BYTES as u64, &mut trailer).map_err(text)?;
    let Ok(trailer) = Trailer::parse(&trailer) else { return Ok(None) };
    let whole = trailer.whole_bytes();
    let Some(start) = length.checked_sub(whole).filter(|_| whole <= reel::MAX_FOOTER_BYTES as u64)
    else {
        return Ok(None);
    };
    let mut bytes = vec![0; usize::try_from(whole).expect("at most 64 MiB")];
    file.read_at(start, &mut bytes).map_err(text)?;
    Ok(Footer::parse(&bytes).ok().filter(|footer| footer.reel == place.header.reel))
}

/// Every reel file of a volume whose header can be read; what is no reel is named in the log and
/// left alone.
pub(crate) fn reels_on(volume: &Volume, index: usize) -> Result<Vec<ReelPlace>, FsError> {
    let fs = &*volume.fs;
    let mut found = Vec::new();
    let folder = volume.reels_folder();
    for name in fs.list(&folder)? {
        let path = folder.join(&name);
        if !name.ends_with(".reel") {
            tracing::error!(path = %path.display(), "not a reel, left alone");
            continue;
        }
        let file = fs.open_read(&path)?;
        let mut bytes = [0; REEL_HEADER_BYTES];
        let header = if file.len()? < REEL_HEADER_BYTES as u64 {
            None
        } else {
            file.read_at(0, &mut bytes)?;
            ReelHeader::parse(&bytes).ok()
        };
        match header {
            Some(header) => found.push(ReelPlace { header, volume: index, path }),
            // A header is synced before the first record: without one there is no footage in it.
            None if file.len()? <= REEL_HEADER_BYTES as u64 => {
                drop(file);
                fs.unlink(&path)?;
            }
            None => tracing::error!(path = %path.display(), "not a reel, left alone"),
        }
    }
    Ok(found)
}
