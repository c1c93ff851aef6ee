//! The writer of a volume: once a second everything that waits is sealed, written in one stream and
//! synced once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use domain::{Elapsed, GapCause, Retention, WallTime};
use host::{File, FsError};
use reel::{
    ChunkHeader, Close, FooterBuilder, GapRecord, REEL_HEADER_BYTES, ReelHeader, Suite, append_gap,
    seal_chunk,
};

use crate::notary::{ClosedReel, Notice};
use crate::open::Shared;
use crate::reels::{REEL_LENGTH, ReelPlace};
use crate::sealer::{FeedShared, PendingChunk, PendingGap, lock_status};
use crate::volume::Volume;

/// The most that a crash can lose is this and the time a sync takes.
const TICK: Duration = Duration::from_millis(1000);
/// Chunks of a bucket may come this much after its end before its reel is closed.
const LATE: Duration = Duration::from_secs(3);
/// A reel is closed before its footer reaches the format's limits.
const MAX_REEL_RECORDS: usize = 500_000;
const MAX_REEL_BYTES: u64 = 8 << 30;

pub(crate) enum Order {
    /// Write what waits now; answer when it is durable.
    Flush(Sender<()>),
    /// Write what waits, close every reel, answer, end.
    Stop(Sender<()>),
}

struct OpenReel {
    header: ReelHeader,
    path: PathBuf,
    file: Box<dyn File>,
    footer: FooterBuilder,
    next_number: u64,
    written_bytes: u64,
    pending: Vec<u8>,
    shown: usize,
    opened: Elapsed,
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    index: usize,
    reels: BTreeMap<(Retention, WallTime), OpenReel>,
}

/// What of a feed is in the present write, to be counted when it is durable.
struct Written {
    feed: Arc<FeedShared>,
    frames: u64,
    bytes: u64,
    from: WallTime,
    to: WallTime,
    elapsed: Elapsed,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, index: usize) -> Self {
        Self { shared, index, reels: BTreeMap::new() }
    }

    pub(crate) fn run(mut self, orders: &Receiver<Order>) {
        let mut next = self.shared.clock.elapsed() + TICK;
        loop {
            let wait = next.since(self.shared.clock.elapsed());
            match orders.recv_timeout(wait) {
                Ok(Order::Flush(done)) => {
                    self.tick();
                    let _ = done.send(());
                }
                Ok(Order::Stop(done)) => {
                    self.tick();
                    self.close_reels(|_| true);
                    let _ = done.send(());
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    next = self.shared.clock.elapsed() + TICK;
                    self.tick();
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn volume(&self) -> &Volume {
        &self.shared.volumes[self.index]
    }

    fn tick(&mut self) {
        self.shared.mind_the_clock();
        let mut taken = Vec::new();
        for feed in self.shared.feeds_on(self.index) {
            let (chunks, gaps) = feed.take();
            if !chunks.is_empty() || !gaps.is_empty() {
                taken.push((feed, chunks, gaps));
            }
        }
        if let Err(error) = self.write(&taken) {
            self.give_up(&taken, &error);
            return;
        }
        let (wall, elapsed) = (self.shared.clock.wall(), self.shared.clock.elapsed());
        self.close_reels(|reel| {
            reel.header.bucket_end + LATE <= wall
                || elapsed.since(reel.opened) >= REEL_LENGTH
                || reel.footer.entries().len() >= MAX_REEL_RECORDS
                || reel.written_bytes >= MAX_REEL_BYTES
        });
    }

    /// Keys safe, then seal, write, sync; then count.
    fn write(
        &mut self,
        taken: &[(Arc<FeedShared>, Vec<PendingChunk>, Vec<PendingGap>)],
    ) -> Result<(), FsError> {
        if taken.is_empty() {
            return Ok(());
        }
        let wants = taken.iter().flat_map(|(feed, chunks, _)| {
            chunks.iter().map(|chunk| (feed.feed, feed.retention, chunk.bucket_start))
        });
        self.shared.make_buckets(wants.collect())?;
        let mut written = Vec::new();
        for (feed, chunks, gaps) in taken {
            for gap in gaps {
                self.put_gap(feed, gap)?;
            }
            for chunk in chunks {
                self.put_chunk(feed, chunk)?;
                written.push(Written {
                    feed: Arc::clone(feed),
                    frames: chunk.frames.len() as u64,
                    bytes: chunk.bytes.len() as u64,
                    from: chunk.start,
                    to: chunk.end(),
                    elapsed: chunk.elapsed,
                });
            }
        }
        for reel in self.reels.values_mut().filter(|reel| !reel.pending.is_empty()) {
            reel.file.write_at(reel.written_bytes, &reel.pending)?;
            reel.file.sync()?;
            reel.written_bytes += reel.pending.len() as u64;
            reel.pending.clear();
            let entries = &reel.footer.entries()[reel.shown..];
            self.shared.reels.extend(reel.header.reel, reel.footer.feeds(), entries);
            reel.shown += entries.len();
        }
        self.count(&written, taken);
        Ok(())
    }

    fn count(
        &self,
        written: &[Written],
        taken: &[(Arc<FeedShared>, Vec<PendingChunk>, Vec<PendingGap>)],
    ) {
        for chunk in written {
            let mut status = lock_status(&chunk.feed);
            status.frames += chunk.frames;
            status.bytes += chunk.bytes;
            status.last_end = Some(chunk.to.max(status.last_end.unwrap_or(chunk.from)));
            status.last_elapsed = Some(chunk.elapsed);
        }
        for (feed, _, gaps) in taken {
            for gap in gaps {
                lock_status(feed).frames_lost += gap.frames_lost;
                self.shared.notify(Notice::Gap {
                    feed: feed.feed,
                    from: gap.from,
                    to: gap.to,
                    cause: gap.cause,
                    frames_lost: gap.frames_lost,
                });
            }
        }
    }

    fn put_chunk(&mut self, feed: &FeedShared, chunk: &PendingChunk) -> Result<(), FsError> {
        let shared = Arc::clone(&self.shared);
        let reel = self.reel(feed.retention, chunk.bucket_start)?;
        let number = reel.next_number;
        reel.next_number += 1;
        let keyring = shared.keyring();
        let generation = shared.generation();
        let bucket = keyring
            .current(feed.feed, chunk.bucket_start, generation)
            .expect("the bucket was made before its chunk");
        let key = keyring
            .chunk_key(bucket, chunk.minute, reel.header.reel, feed.feed)
            .expect("the bucket was made before its chunk");
        drop(keyring);
        let header = ChunkHeader {
            number,
            feed: feed.feed,
            bucket,
            minute: chunk.minute,
            sequence: chunk.sequence,
            connection: chunk.connection,
            begins_with_keyframe: chunk.config.is_some(),
            start: chunk.start,
            uncertainty_us: chunk.uncertainty_us,
            elapsed_ns: chunk.elapsed.as_nanos(),
            duration_us: chunk.duration_us(),
            codec: chunk.config.as_deref().cloned(),
            frames: chunk.frames.clone(),
        };
        let sealed = seal_chunk(&key, reel.header.reel, &header, &chunk.bytes, &mut reel.pending);
        match sealed {
            Ok(head) => {
                reel.footer.add_chunk(&head, &header).expect("a reel is closed before it is full")
            }
            // The camera sent what the format cannot hold; it is not written, and said so.
            Err(error) => {
                tracing::warn!(feed = %feed.feed, %error, "a chunk could not be sealed");
                feed.put_gap(PendingGap {
                    from: chunk.start,
                    to: chunk.end(),
                    cause: GapCause::CameraGarbage,
                    frames_lost: chunk.frames.len() as u64,
                });
            }
        }
        Ok(())
    }

    fn put_gap(&mut self, feed: &FeedShared, gap: &PendingGap) -> Result<(), FsError> {
        let start = gap.to.floor(feed.retention.bucket_length());
        let reel = self.reel(feed.retention, start)?;
        let number = reel.next_number;
        reel.next_number += 1;
        let record = GapRecord {
            number,
            feed: feed.feed,
            from: gap.from,
            to: gap.to,
            cause: gap.cause,
            frames_lost: gap.frames_lost,
        };
        let head = append_gap(reel.header.reel, &record, &mut reel.pending);
        reel.footer.add_gap(&head, &record).expect("a reel is closed before it is full");
        Ok(())
    }

    /// The open reel of a class and a bucket's time; a new one with its header durable.
    fn reel(
        &mut self,
        retention: Retention,
        bucket_start: WallTime,
    ) -> Result<&mut OpenReel, FsError> {
        if !self.reels.contains_key(&(retention, bucket_start)) {
            let reel = self.open_reel(retention, bucket_start)?;
            self.reels.insert((retention, bucket_start), reel);
        }
        Ok(self.reels.get_mut(&(retention, bucket_start)).expect("it is there now"))
    }

    fn open_reel(&self, retention: Retention, bucket_start: WallTime) -> Result<OpenReel, FsError> {
        let volume = self.volume();
        let header = ReelHeader {
            reel: domain::ReelId::from_random(host::random_bytes()),
            recorder: self.shared.recorder,
            volume: volume.id,
            suite: Suite::Aes256Gcm,
            retention,
            bucket_start,
            bucket_end: bucket_start + retention.bucket_length(),
            created_at: self.shared.clock.wall(),
        };
        let path = volume.reels_folder().join(format!("{}.reel", header.reel));
        let file = volume.fs.create(&path)?;
        file.write_at(0, &header.encode())?;
        file.sync()?;
        volume.fs.sync_folder(&volume.reels_folder())?;
        let place = ReelPlace { header, volume: self.index, path: path.clone() };
        self.shared.reels.add(place, true);
        Ok(OpenReel {
            header,
            path,
            file,
            footer: FooterBuilder::new(&header),
            next_number: 0,
            written_bytes: REEL_HEADER_BYTES as u64,
            pending: Vec::new(),
            shown: 0,
            opened: self.shared.clock.elapsed(),
        })
    }

    fn close_reels(&mut self, is_due: impl Fn(&OpenReel) -> bool) {
        let due: Vec<_> =
            self.reels.iter().filter(|(_, reel)| is_due(reel)).map(|(key, _)| *key).collect();
        for key in due {
            let reel = self.reels.remove(&key).expect("it was just found");
            if let Err(error) = self.close_reel(reel) {
                self.volume().fence(&error);
            }
        }
    }

    /// Footer, sync, then the notary enters and lists it.
    fn close_reel(&self, reel: OpenReel) -> Result<(), FsError> {
        let footer = Arc::new(reel.footer.finish(Close::Orderly));
        let bytes = footer.encode();
        reel.file.write_at(reel.written_bytes, &bytes)?;
        reel.file.sync()?;
        tracing::debug!(path = %reel.path.display(), records = footer.entries.len(), "reel closed");
        self.shared.reels.close(reel.header.reel, Arc::clone(&footer));
        self.shared.notify(Notice::Closed(ClosedReel {
            volume: self.volume().id,
            header: reel.header,
            footer,
            length_bytes: reel.written_bytes + bytes.len() as u64,
        }));
        Ok(())
    }

    /// The volume failed: what was in this write is lost and said so, its feeds go to another.
    fn give_up(
        &mut self,
        taken: &[(Arc<FeedShared>, Vec<PendingChunk>, Vec<PendingGap>)],
        error: &FsError,
    ) {
        self.volume().fence(error);
        self.reels.clear();
        for (feed, chunks, gaps) in taken {
            for gap in gaps {
                feed.put_gap(*gap);
            }
            if let (Some(first), Some(last)) = (chunks.first(), chunks.last()) {
                feed.put_gap(PendingGap {
                    from: first.start,
                    to: last.end(),
                    cause: GapCause::Storage,
                    frames_lost: chunks.iter().map(|chunk| chunk.frames.len() as u64).sum(),
                });
            }
        }
        self.shared.move_feeds_from(self.index);
    }
}
