//! A reel that is being written.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{BucketId, Elapsed, Feed, Retention, WallTime};
use host::{Blocks, File, FsResult};
use reel::{
    ChunkHeader, ChunkKey, Close, Footer, FooterBuilder, GapRecord, MAX_FEEDS, ReelHeader,
    ReelIndex, SealChunkError, Suite, append_gap, seal_pieces,
};

use crate::feed::{PendingChunk, PendingGap};
use crate::hand::{Hand, WRITE_BYTES};
use crate::open::Shared;
use crate::reels::{REEL_LENGTH, ReelPlace, Reels};

/// Chunks of a bucket may come this much after its end before its reel is closed.
const LATE: std::time::Duration = std::time::Duration::from_secs(3);
/// A reel is closed before its footer reaches the format's limits.
const MAX_REEL_RECORDS: usize = 500_000;
const MAX_REEL_FEEDS: usize = MAX_FEEDS - 1;
const MAX_REEL_BYTES: u64 = 8 << 30;

pub(crate) struct OpenReel {
    pub(crate) header: ReelHeader,
    pub(crate) path: PathBuf,
    file: Arc<dyn File>,
    footer: FooterBuilder,
    next_number: u64,
    /// Sealed and not handed to the writer's hand yet.
    pending: Blocks,
    /// Written since the last sync.
    is_dirty: bool,
    shown: usize,
    opened: Elapsed,
}

impl OpenReel {
    /// Makes a reel with its header and its name durable.
    pub(crate) fn create(
        shared: &Shared,
        volume_index: usize,
        retention: Retention,
        bucket_start: WallTime,
        mut pending: Blocks,
    ) -> FsResult<Self> {
        let volume = &shared.volumes[volume_index];
        let header = ReelHeader {
            reel: domain::ReelId::from_random(host::random_bytes()),
            recorder: shared.recorder,
            volume: volume.id,
            suite: Suite::Aes256Gcm,
            retention,
            bucket_start,
            bucket_end: bucket_start + retention.bucket_length(),
            created_at: shared.clock.wall(),
        };
        let path = volume.reels_folder().join(format!("{}.reel", header.reel));
        let file: Arc<dyn File> = Arc::from(volume.fs.create_streamed(&path)?);
        let bytes = header.encode();
        file.write_at(0, &bytes)?;
        file.sync()?;
        pending.begin(&bytes);
        volume.fs.sync_folder(&volume.reels_folder())?;
        shared.reels.add(ReelPlace::new(header, volume_index, path.clone()), true);
        Ok(Self {
            header,
            path,
            file,
            footer: FooterBuilder::new(&header),
            next_number: 0,
            pending,
            is_dirty: false,
            shown: 0,
            opened: shared.clock.elapsed(),
        })
    }

    /// Whether it can take no more: by what the format can list, or by its length.
    pub(crate) fn is_full(&self) -> bool {
        self.footer.entries().len() >= MAX_REEL_RECORDS
            || self.footer.feeds().len() >= MAX_REEL_FEEDS
            || self.pending.end() >= MAX_REEL_BYTES
    }

    /// Whether its time is over.
    pub(crate) fn is_due(&self, wall: WallTime, elapsed: Elapsed) -> bool {
        self.is_full()
            || self.header.bucket_end + LATE <= wall
            || elapsed.since(self.opened) >= REEL_LENGTH
    }

    /// Seals a chunk, and writes when enough has come together; gives where it stands.
    pub(crate) fn put_chunk(
        &mut self,
        key: &ChunkKey,
        bucket: BucketId,
        feed: Feed,
        chunk: &PendingChunk,
    ) -> Result<(u64, u64), SealChunkError> {
        let header = ChunkHeader {
            number: self.take_number(),
            feed,
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
        let offset_bytes = self.footer.next_offset_bytes();
        let reel = self.header.reel;
        let head = seal_pieces(key, reel, &header, chunk.bytes.slices(), self.pending.out())?;
        self.footer.add_chunk(&head, &header).expect("it is not full and numbers rise");
        Ok((offset_bytes, self.footer.next_offset_bytes() - offset_bytes))
    }

    /// Puts a gap into what the next [`sync`](Self::sync) writes.
    pub(crate) fn put_gap(&mut self, feed: Feed, gap: &PendingGap) {
        let record = GapRecord {
            number: self.take_number(),
            feed,
            from: gap.from,
            to: gap.to,
            cause: gap.cause,
            frames_lost: gap.frames_lost,
        };
        let head = append_gap(self.header.reel, &record, self.pending.out());
        self.footer.add_gap(&head, &record).expect("it is not full and numbers rise");
    }

    /// Whether so much waits to be written that it is time.
    pub(crate) fn has_enough(&self) -> bool {
        self.pending.fresh().len() >= WRITE_BYTES
    }

    /// Has what was put written. It is durable after the next [`sync`](Self::sync).
    pub(crate) fn write(&mut self, hand: &mut Hand) -> FsResult<()> {
        if self.pending.fresh().is_empty() {
            return Ok(());
        }
        self.is_dirty = true;
        hand.write(&self.file, &mut self.pending)
    }

    /// Syncs what is written; what is durable becomes visible.
    pub(crate) fn sync(&mut self, reels: &Reels) -> FsResult<()> {
        if !self.is_dirty {
            return Ok(());
        }
        self.file.sync()?;
        self.is_dirty = false;
        let entries = &self.footer.entries()[self.shown..];
        reels.extend(self.header.reel, self.footer.feeds(), entries);
        self.shown += entries.len();
        Ok(())
    }

    /// Footer, sync; gives the footer, its index and the length of the closed reel. All that was put
    /// is written.
    pub(crate) fn close(self, hand: &mut Hand) -> FsResult<(Footer, ReelIndex, u64)> {
        let end = self.pending.end();
        hand.keep(self.pending);
        let footer = self.footer.finish(Close::Orderly);
        let (bytes, index) = footer.encode_with_index();
        let length_bytes = end + bytes.len() as u64;
        self.file.write_at(end, &bytes)?;
        // The trailer is the last of it: before that, a reader takes the reel for one that is open.
        self.file.set_len(length_bytes)?;
        self.file.sync()?;
        Ok((footer, index, length_bytes))
    }

    fn take_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }
}
