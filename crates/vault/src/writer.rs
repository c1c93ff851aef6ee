//! The writer of a volume: some times a second what is ready is sealed and written in one stream,
//! once a second it is synced.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use domain::{Elapsed, Feed, GapCause, ReelId, Retention, WallTime};
use host::FsError;

use crate::ClosedReel;
use crate::feed::{FeedShared, PendingChunk, PendingGap};
use crate::group::Written;
use crate::hand::Hand;
use crate::notary::Notice;
use crate::open::{Buckets, Shared};
use crate::open_reel::OpenReel;
use crate::volume::Volume;

/// How often the writer looks for what is ready.
const LOOK: Duration = Duration::from_millis(100);
/// How often it syncs. The most that a crash can lose is this, a look, the length of a chunk and
/// the time that a sync takes.
const SYNC: Duration = Duration::from_millis(1000);
const LOOKS_PER_SYNC: u32 = 10;

pub(crate) enum Order {
    /// Write what waits now; answer when it is durable, or given up.
    Flush(Sender<()>),
    /// Write what waits, close every reel, answer, end.
    Stop(Sender<()>),
}

/// Which reel something belongs into: its class, the bucket's time it is filed under, and the one it
/// is dated to (another one only while the wall clock is wrong).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ReelKey {
    retention: Retention,
    filed: WallTime,
    dated: WallTime,
}

/// What of a feed is in the present write.
struct Item {
    feed: Arc<FeedShared>,
    key: ReelKey,
    what: What,
    bytes: usize,
    reel: Option<ReelId>,
    /// Where its record begins in the reel, and its length.
    place: (u64, u64),
}

impl Item {
    fn note_written(&self) {
        let (What::Chunk(chunk), Some(reel)) = (&self.what, self.reel) else { return };
        let (offset_bytes, length_bytes) = self.place;
        let sequence = chunk.sequence;
        self.feed.note_written(Written { sequence, reel, offset_bytes, length_bytes });
    }
}

enum What {
    Chunk(PendingChunk),
    Gap(PendingGap),
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    index: usize,
    reels: BTreeMap<ReelKey, OpenReel>,
    /// Full in the middle of a write; closed at its end.
    full: Vec<OpenReel>,
    /// Written, and durable only after the next sync.
    unsynced: Vec<Item>,
    synced: Elapsed,
    looks: u32,
    hand: Hand,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, index: usize, hand: Hand) -> Self {
        let synced = shared.clock.elapsed();
        Self {
            shared,
            index,
            hand,
            reels: BTreeMap::new(),
            full: Vec::new(),
            unsynced: Vec::new(),
            synced,
            looks: 0,
        }
    }

    pub(crate) fn run(mut self, orders: &Receiver<Order>) {
        let mut next = self.shared.clock.elapsed() + LOOK;
        loop {
            let wait = next.since(self.shared.clock.elapsed());
            match orders.recv_timeout(wait) {
                Ok(Order::Flush(done)) => {
                    self.tick(true);
                    let _ = done.send(());
                }
                Ok(Order::Stop(done)) => {
                    self.stop();
                    let _ = done.send(());
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    next = self.shared.clock.elapsed() + LOOK;
                    self.look();
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    pub(crate) fn look(&mut self) {
        self.looks += 1;
        self.tick(false);
    }

    pub(crate) fn stop(&mut self) {
        self.shared.feeds_on(self.index).iter().for_each(|feed| feed.disconnect());
        self.tick(true);
        self.close_reels(|_| true);
    }

    fn volume(&self) -> &Volume {
        &self.shared.volumes[self.index]
    }

    /// Writes what is ready; `all` of it, durable, if somebody waits for that.
    fn tick(&mut self, all: bool) {
        let elapsed = self.shared.clock.elapsed();
        let is_time = all || self.looks >= LOOKS_PER_SYNC || elapsed.since(self.synced) >= SYNC;
        if self.volume().is_fenced() {
            self.leave();
        }
        if is_time {
            self.shared.mind_the_clock();
            self.volume().look_for_room();
        }
        let items = if self.volume().is_full() {
            // Its feeds go where there is room. Where there is none they wait in memory, and what
            // does not fit there is declared a gap.
            self.shared.move_feeds_from(self.index);
            Vec::new()
        } else {
            self.take(elapsed, all)
        };
        let taken: Vec<_> = items.iter().map(|item| (Arc::clone(&item.feed), item.bytes)).collect();
        self.write(items);
        taken.iter().for_each(|(feed, bytes)| feed.release(*bytes));
        if !is_time {
            return;
        }
        (self.synced, self.looks) = (elapsed, 0);
        self.sync();
        let (wall, elapsed) = (self.shared.clock.wall(), self.shared.clock.elapsed());
        self.close_reels(|reel| reel.is_due(wall, elapsed));
        self.shared.forget_retired();
    }

    /// What is ready for this volume, with the reel it belongs into.
    fn take(&self, elapsed: Elapsed, all: bool) -> Vec<Item> {
        let wall = self.shared.clock.wall();
        let mut items = Vec::new();
        for feed in self.shared.feeds_on(self.index) {
            if self.shared.is_behind_another(&feed) {
                continue;
            }
            let (chunks, gaps) = feed.take(elapsed, all);
            let (retention, length) = (feed.retention, feed.retention.bucket_length());
            let mut put = |key, what, bytes| {
                items.push(Item {
                    feed: Arc::clone(&feed),
                    key,
                    what,
                    bytes,
                    reel: None,
                    place: (0, 0),
                });
            };
            let key_of = |dated: WallTime, arrived| {
                let filed = self.shared.trusted.file_under(dated, length, arrived);
                ReelKey { retention, filed, dated }
            };
            // In front of the picture that it ends with, so that what a failing disk keeps of that
            // has the gap too. Or beside what is filmed now, however long ago it was: a reel of its
            // own time could be due already, and a gap is no picture. That is not always what the
            // wall clock shows: under a clock that is slow it would be due once it is right.
            let present = key_of(wall.floor(length), elapsed);
            let next = chunks.first().map(|chunk| key_of(chunk.dated, chunk.elapsed));
            let beside = next.filter(|key| key.filed >= present.filed - length).unwrap_or(present);
            for gap in gaps {
                put(beside, What::Gap(gap), 0);
            }
            for chunk in chunks {
                let key = key_of(chunk.dated, chunk.elapsed);
                let bytes = chunk.bytes.len();
                put(key, What::Chunk(chunk), bytes);
            }
        }
        items
    }

    /// Seals and writes; it counts after the next sync. What could not be written is lost and said
    /// so, and with it what was written since the last sync: nobody knows what of it the disk holds.
    fn write(&mut self, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        if self.volume().is_fenced() {
            return self.hand_over(items);
        }
        let items = self.without_overdue(items);
        let (written, result) = self.put(items);
        self.unsynced.extend(written);
        if let Err(error) = result {
            self.fail(&error);
        }
    }

    fn fail(&mut self, error: &FsError) {
        self.volume().fence(error);
        self.leave();
    }

    /// What waited until its bucket was due is not recorded: its key could live past the promise.
    fn without_overdue(&self, items: Vec<Item>) -> Vec<Item> {
        let now = self.shared.trusted.now();
        let (overdue, kept): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| {
            let due = item.key.retention.expires_at(item.key.filed);
            matches!(item.what, What::Chunk(_)) && due <= now
        });
        for item in &overdue {
            if let What::Chunk(chunk) = &item.what {
                item.feed.declare(chunk.as_gap(GapCause::Overload));
            }
        }
        kept
    }

    /// Keys safe, then everything sealed into its reel and written. Gives what the sync has to make
    /// durable, or is lost.
    fn put(&mut self, mut items: Vec<Item>) -> (Vec<Item>, Result<(), FsError>) {
        let wanted = items.iter().filter(|item| matches!(item.what, What::Chunk(_)));
        let wanted = wanted.map(|item| (item.feed.feed, item.key.retention, item.key.filed));
        let buckets = match self.shared.make_buckets(wanted.collect()) {
            Ok(buckets) => buckets,
            Err(error) => return (items, Err(error)),
        };
        let mut result = Ok(());
        items.retain_mut(|item| {
            // After a failure the rest is lost with what was written.
            result.is_err()
                || self.put_item(item, &buckets).unwrap_or_else(|error| {
                    result = Err(error);
                    true
                })
        });
        if result.is_ok() {
            let mut reels = self.full.iter_mut().chain(self.reels.values_mut());
            result = reels.try_for_each(|reel| reel.write(&mut self.hand));
        }
        let written = self.hand.wait();
        result = result.and(written);
        if result.is_ok() {
            items.iter().for_each(Item::note_written);
        }
        (items, result)
    }

    /// Whether it waits for the sync now; what cannot be sealed is declared a gap.
    fn put_item(&mut self, item: &mut Item, buckets: &Buckets) -> Result<bool, FsError> {
        let shared = Arc::clone(&self.shared);
        self.need_reel(item.key)?;
        let reel = self.reels.get_mut(&item.key).expect("it was made");
        let feed = item.feed.feed;
        item.reel = Some(reel.header.reel);
        let chunk = match &mut item.what {
            What::Gap(gap) => {
                reel.put_gap(feed, gap);
                return Ok(true);
            }
            What::Chunk(chunk) => chunk,
        };
        let bucket = buckets[&(feed, item.key.retention, item.key.filed)];
        let key = shared.keyring().chunk_key(bucket, chunk.minute, reel.header.reel, feed);
        let Some(key) = key else {
            // A rotation came between: it was as good as due.
            item.feed.declare(chunk.as_gap(GapCause::Overload));
            return Ok(false);
        };
        match reel.put_chunk(&key, bucket, feed, chunk) {
            Ok(place) => item.place = place,
            Err(error) => {
                // The camera sent what the format cannot hold; it is not written, and said so.
                tracing::warn!(%feed, %error, "a chunk could not be sealed");
                item.feed.declare(chunk.as_gap(GapCause::CameraGarbage));
                return Ok(false);
            }
        }
        // The plaintext is needed no more, and memory is short when a disk is slow.
        shared.pieces().give(&mut chunk.bytes);
        if reel.has_enough() {
            reel.write(&mut self.hand)?;
        }
        Ok(true)
    }

    /// One sync for each reel that got something; what is durable counts, once all of it is: what was
    /// filmed first may lie in the reel that is synced last.
    fn sync(&mut self) {
        let (mut result, mut synced) = (Ok(()), HashSet::new());
        for reel in self.full.iter_mut().chain(self.reels.values_mut()) {
            result = reel.sync(&self.shared.reels);
            if result.is_err() {
                break;
            }
            synced.insert(reel.header.reel);
        }
        let shared = &self.shared;
        self.unsynced.retain(|item| {
            let is_durable = item.reel.is_some_and(|reel| synced.contains(&reel));
            if is_durable {
                count(shared, item);
            }
            !is_durable
        });
        if let Err(error) = result {
            self.fail(&error);
        }
    }

    /// Makes the open reel of a key where there is none that has room; its header is durable.
    fn need_reel(&mut self, key: ReelKey) -> Result<(), FsError> {
        if let Some(full) = self.reels.remove(&key) {
            if full.is_full() {
                self.full.push(full);
            } else {
                self.reels.insert(key, full);
            }
        }
        if !self.reels.contains_key(&key) {
            let (blocks, filed) = (self.hand.blocks(), key.filed);
            let made = OpenReel::create(&self.shared, self.index, key.retention, filed, blocks)?;
            self.reels.insert(key, made);
        }
        Ok(())
    }

    fn close_reels(&mut self, is_due: impl Fn(&OpenReel) -> bool) {
        let mut due: Vec<_> = std::mem::take(&mut self.full);
        due.extend(self.reels.extract_if(.., |_, reel| is_due(reel)).map(|(_, reel)| reel));
        for reel in due {
            if self.volume().is_fenced() {
                break;
            }
            if let Err(error) = self.close_reel(reel) {
                self.volume().fence(&error);
            }
        }
        if self.volume().is_fenced() {
            self.leave();
        }
    }

    /// Footer, sync, then the notary enters and lists it.
    fn close_reel(&mut self, reel: OpenReel) -> Result<(), FsError> {
        let (header, path) = (reel.header, reel.path.clone());
        let (footer, index, length_bytes) = reel.close(&mut self.hand)?;
        tracing::debug!(path = %path.display(), records = footer.entries.len(), "reel closed");
        let closed = ClosedReel::written(self.volume().id, header, &footer, index, length_bytes);
        self.shared.reels.close(&closed.index);
        self.shared.notify(Notice::Closed(closed));
        Ok(())
    }

    /// Another writer's keys could not be kept here, and it fenced the volume after this one took
    /// what waits. Nothing of it is sealed yet: it waits again, for the volume its feed moves to.
    fn hand_over(&mut self, items: Vec<Item>) {
        let has_volume = |item: &Item| self.shared.has_volume_for(&item.feed);
        let (items, lost): (Vec<_>, Vec<_>) = items.into_iter().partition(has_volume);
        lose(lost);
        if items.is_empty() {
            return;
        }
        // From the last to the first, each before what came meanwhile; the feed moves only then, or
        // the other writer could take what is newer first.
        for item in items.into_iter().rev() {
            match item.what {
                What::Chunk(chunk) => item.feed.put_back_chunk(chunk),
                What::Gap(gap) => item.feed.put_back(&[gap]),
            }
        }
        self.leave();
    }

    /// The volume failed: nothing more is written to its reels, the next start closes them. What
    /// waits goes to another volume; with none left it is lost, tick by tick, and said so. What was
    /// written and not synced is lost in any case: nobody knows what of it the disk holds.
    fn leave(&mut self) {
        self.reels.clear();
        self.full.clear();
        self.shared.move_feeds_from(self.index);
        lose(std::mem::take(&mut self.unsynced));
    }
}

/// What is durable is counted, and gaps are listed.
fn count(shared: &Shared, item: &Item) {
    match &item.what {
        What::Chunk(chunk) => item.feed.count_durable(chunk, item.bytes as u64),
        What::Gap(gap) => shared.notify(Notice::Gap {
            feed: item.feed.feed,
            from: gap.from,
            to: gap.to,
            cause: gap.cause,
            frames_lost: gap.frames_lost,
        }),
    }
}

/// What a failed write took with it: one gap for each feed, and the gaps that were in it again.
fn lose(items: Vec<Item>) {
    type OfFeed = (Arc<FeedShared>, Option<PendingGap>, Vec<PendingGap>);
    let mut lost: BTreeMap<(Feed, Retention), OfFeed> = BTreeMap::new();
    for item in items {
        let of_feed = lost
            .entry((item.feed.feed, item.feed.retention))
            .or_insert_with(|| (Arc::clone(&item.feed), None, Vec::new()));
        match item.what {
            What::Gap(gap) => of_feed.2.push(gap),
            What::Chunk(chunk) => {
                let gap = chunk.as_gap(GapCause::Storage);
                of_feed.1.get_or_insert(PendingGap { frames_lost: 0, ..gap }).join(&gap);
            }
        }
    }
    for (feed, gap, gaps) in lost.into_values() {
        feed.put_back(&gaps);
        if let Some(gap) = gap {
            feed.lose(gap);
        }
    }
}
