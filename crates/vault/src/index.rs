//! The indexes of closed reels, as far as somebody looks at them: tables and blocks, never a whole
//! footer, and of both only so many bytes as are set aside for them.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Feed, ReelId};
use host::{File, Fs, FsError};
use reel::{
    Close, Footer, FooterBuilder, FooterEntry, REEL_HEADER_BYTES, ReelIndex, Scanner,
    TRAILER_BYTES, Trailer, Verify,
};

use crate::reels::ReelPlace;

/// Bytes of tables that are kept: of some 250 reels of 200 feeds.
const TABLES_KEPT_BYTES: usize = 8 << 20;
/// Bytes of entries that are kept: of some 500 feeds in a reel of five minutes.
const BLOCKS_KEPT_BYTES: usize = 12 << 20;
/// Bytes that are read at a reel's end at once: trailer and table of 200 feeds are within it.
const TAIL_BYTES: u64 = 32 << 10;
/// Bytes that a kept thing takes beside its content.
const OVERHEAD_BYTES: usize = 256;

/// What was read of indexes, the longest unused going first.
pub(crate) struct IndexCache {
    tables: Mutex<Kept<ReelId, Arc<ReelIndex>>>,
    blocks: Mutex<Kept<(ReelId, Feed), Entries>>,
}

/// Chunks and gaps of one feed in a reel, in order of their numbers.
type Entries = Arc<[FooterEntry]>;

impl Default for IndexCache {
    fn default() -> Self {
        Self {
            tables: Mutex::new(Kept::new(TABLES_KEPT_BYTES)),
            blocks: Mutex::new(Kept::new(BLOCKS_KEPT_BYTES)),
        }
    }
}

impl IndexCache {
    /// Chunks and gaps of one feed in a closed reel, in order of their numbers.
    ///
    /// # Errors
    /// If the disk refuses, or neither index nor records can be read.
    pub(crate) fn entries_of(
        &self,
        fs: &dyn Fs,
        place: &ReelPlace,
        feed: Feed,
    ) -> Result<Entries, String> {
        let reel = place.header.reel;
        if let Some(entries) = lock(&self.blocks).get(&(reel, feed)) {
            return Ok(entries);
        }
        let file = fs.open_read(&place.path).map_err(|error| error.to_string())?;
        let entries = match self.read_entries(&*file, reel, feed) {
            Ok(entries) => entries,
            Err(IndexError::Disk(error)) => return Err(error.to_string()),
            Err(error) => {
                tracing::error!(path = %place.path.display(), %error, "read by its records instead");
                self.entries_by_records(&*file, place, feed)?
            }
        };
        self.keep_block((reel, feed), &entries);
        Ok(entries)
    }

    /// Keeps the index of a reel that was just closed: somebody may be looking at it.
    pub(crate) fn keep(&self, index: Arc<ReelIndex>) {
        let cost = OVERHEAD_BYTES + size_of_val(&*index.rows);
        lock(&self.tables).insert(index.reel, index, cost);
    }

    pub(crate) fn forget(&self, reel: ReelId) {
        lock(&self.tables).retain(|kept| *kept != reel);
        lock(&self.blocks).retain(|(kept, _)| *kept != reel);
    }

    fn table_of(&self, file: &dyn File, reel: ReelId) -> Result<Arc<ReelIndex>, IndexError> {
        if let Some(index) = lock(&self.tables).get(&reel) {
            return Ok(index);
        }
        let index = Arc::new(read_index(file, reel)?);
        self.keep(Arc::clone(&index));
        Ok(index)
    }

    fn read_entries(
        &self,
        file: &dyn File,
        reel: ReelId,
        feed: Feed,
    ) -> Result<Entries, IndexError> {
        let index = self.table_of(file, reel)?;
        let mut entries = Vec::new();
        for (row, of) in (0..).zip(&index.rows) {
            if of.feed.feed == feed {
                entries.extend(read_block(file, &index, row)?);
            }
        }
        // One row has them in order already; a second bucket or gaps make it more than one.
        entries.sort_by_key(|entry| entry.number);
        Ok(entries.into())
    }

    /// Where the index is damaged the records still say what they are. They are not trusted for
    /// more than where to look: a chunk is opened by its key or not at all.
    fn entries_by_records(
        &self,
        file: &dyn File,
        place: &ReelPlace,
        feed: Feed,
    ) -> Result<Entries, String> {
        let footer = footer_by_records(file, place)?;
        let mut feeds: BTreeMap<Feed, Vec<FooterEntry>> = BTreeMap::new();
        for entry in &footer.entries {
            let of = footer.feeds[usize::from(entry.feed_index)].feed;
            feeds.entry(of).or_default().push(*entry);
        }
        let found = feeds.remove(&feed).unwrap_or_default().into();
        // The others are kept too, as long as there is room: a wall asks for sixteen.
        for (other, entries) in feeds {
            self.keep_block((place.header.reel, other), &entries.into());
        }
        Ok(found)
    }

    fn keep_block(&self, of: (ReelId, Feed), entries: &Entries) {
        let cost = OVERHEAD_BYTES + size_of_val(&**entries);
        lock(&self.blocks).insert(of, Arc::clone(entries), cost);
    }
}

/// Why an index could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IndexError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// What stands there is no index, or a damaged one.
    #[error(transparent)]
    Footer(#[from] reel::FooterError),
    /// It is whole, and another reel's.
    #[error("the index is another reel's")]
    WrongReel,
}

/// The trailer of a reel, believed by its own checksum.
pub(crate) fn read_trailer(file: &dyn File, reel: ReelId) -> Result<Trailer, IndexError> {
    let mut bytes = [0; TRAILER_BYTES];
    let length = file.len()?;
    if length < (REEL_HEADER_BYTES + TRAILER_BYTES) as u64 {
        return Err(reel::FooterError::NotClosed.into());
    }
    file.read_at(length - TRAILER_BYTES as u64, &mut bytes)?;
    let trailer = Trailer::parse(&bytes)?;
    if trailer.reel == reel { Ok(trailer) } else { Err(IndexError::WrongReel) }
}

/// Trailer and table: one read, or two if there are many rows.
pub(crate) fn read_index(file: &dyn File, reel: ReelId) -> Result<ReelIndex, IndexError> {
    let length = file.len()?;
    let content = length.saturating_sub(REEL_HEADER_BYTES as u64);
    let mut tail = vec![0; usize::try_from(content.min(TAIL_BYTES)).expect("at most 32 KiB")];
    file.read_at(length - tail.len() as u64, &mut tail)?;
    let trailer = tail.last_chunk().ok_or(reel::FooterError::NotClosed)?;
    let need = Trailer::parse(trailer)?.index_bytes();
    if need as u64 > content {
        return Err(reel::FooterError::NotClosed.into());
    }
    if need > tail.len() {
        tail.resize(need, 0);
        file.read_at(length - need as u64, &mut tail)?;
    }
    let index = ReelIndex::parse(&tail[tail.len() - need..])?;
    if index.reel == reel { Ok(index) } else { Err(IndexError::WrongReel) }
}

/// The entries of one row.
pub(crate) fn read_block(
    file: &dyn File,
    index: &ReelIndex,
    row: u16,
) -> Result<Vec<FooterEntry>, IndexError> {
    let (at, length) = index.block(row).ok_or(reel::FooterError::Checksum)?;
    if at.checked_add(length as u64).is_none_or(|end| file.len().is_ok_and(|all| end > all)) {
        return Err(reel::FooterError::Checksum.into());
    }
    let mut bytes = vec![0; length];
    file.read_at(at, &mut bytes)?;
    Ok(index.parse_block(row, &bytes)?)
}

/// The entries of all gaps.
pub(crate) fn read_gaps(
    file: &dyn File,
    index: &ReelIndex,
) -> Result<Vec<(Feed, FooterEntry)>, IndexError> {
    let mut gaps = Vec::new();
    for (row, of) in (0..).zip(&index.rows) {
        if of.feed.bucket.is_none() {
            let entries = read_block(file, index, row)?;
            gaps.extend(entries.into_iter().map(|entry| (of.feed.feed, entry)));
        }
    }
    Ok(gaps)
}

/// The footer that the records' headers make, bodies unread.
pub(crate) fn footer_by_records(file: &dyn File, place: &ReelPlace) -> Result<Footer, String> {
    let length = file.len().map_err(|error| error.to_string())?;
    let read = |at, bytes: &mut [u8]| file.read_at(at, bytes);
    let mut scanner =
        Scanner::open(length, Verify::Headers, read).map_err(|error| error.to_string())?;
    let mut footer = FooterBuilder::new(&place.header);
    loop {
        while let Some(found) = scanner.next_record().map_err(|error| error.to_string())? {
            footer.skip_to(found.offset_bytes);
            footer.add_record(&found.head, &found.record).map_err(|error| error.to_string())?;
        }
        if !scanner.step_over().map_err(|error| error.to_string())? {
            return Ok(footer.finish(Close::Recovery));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Things up to a number of bytes; the longest unused go first.
struct Kept<K, V> {
    limit_bytes: usize,
    bytes: usize,
    uses: u64,
    things: HashMap<K, (V, usize, u64)>,
    by_use: BTreeMap<u64, K>,
}

impl<K: Copy + Eq + Hash, V: Clone> Kept<K, V> {
    fn new(limit_bytes: usize) -> Self {
        Self { limit_bytes, bytes: 0, uses: 0, things: HashMap::new(), by_use: BTreeMap::new() }
    }

    fn get(&mut self, key: &K) -> Option<V> {
        let (value, _, used) = self.things.get_mut(key)?;
        self.uses += 1;
        self.by_use.remove(used);
        *used = self.uses;
        self.by_use.insert(self.uses, *key);
        Some(value.clone())
    }

    /// Keeps a thing, unless it alone is more than all room.
    fn insert(&mut self, key: K, value: V, bytes: usize) {
        self.remove(&key);
        if bytes > self.limit_bytes {
            return;
        }
        while self.bytes + bytes > self.limit_bytes {
            let Some((_, oldest)) = self.by_use.first_key_value() else { break };
            let oldest = *oldest;
            self.remove(&oldest);
        }
        self.uses += 1;
        self.bytes += bytes;
        self.by_use.insert(self.uses, key);
        self.things.insert(key, (value, bytes, self.uses));
    }

    fn remove(&mut self, key: &K) {
        if let Some((_, bytes, used)) = self.things.remove(key) {
            self.bytes -= bytes;
            self.by_use.remove(&used);
        }
    }

    fn retain(&mut self, keeps: impl Fn(&K) -> bool) {
        let gone: Vec<K> = self.things.keys().filter(|key| !keeps(key)).copied().collect();
        gone.iter().for_each(|key| self.remove(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_the_longest_unused_goes_first() {
        let mut kept = Kept::new(100);
        (0..10).for_each(|key| kept.insert(key, key, 10));
        assert_eq!(kept.get(&0), Some(0));
        kept.insert(10, 10, 10);
        assert_eq!((kept.get(&0), kept.get(&1), kept.get(&10)), (Some(0), None, Some(10)));
        kept.insert(11, 11, 101);
        assert_eq!((kept.get(&11), kept.bytes), (None, 100));
        kept.insert(12, 12, 95);
        assert_eq!((kept.get(&12), kept.bytes, kept.things.len()), (Some(12), 95, 1));
        kept.retain(|key| *key != 12);
        assert_eq!((kept.bytes, kept.by_use.len()), (0, 0));
    }
}
