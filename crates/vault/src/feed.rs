//! What waits of one feed between its camera and the writer, and what is lost there.
//!
//! Nothing waits for a disk: a full buffer drops whole groups of pictures and says so as a gap; it
//! never grows and never holds a camera up. What is being written counts as waiting until the write
//! has ended, so that a disk that hangs does not double the memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use domain::{Elapsed, Feed, GapCause, Retention, StoragePlace, WallTime};
use reel::{CodecConfig, FrameEntry, MAX_FRAMES, MAX_PLAINTEXT_BYTES};

use crate::group::{Group, MAX_GROUP_CHUNKS, Running, Written};
use crate::live::{LiveFrame, LiveHub};
use crate::rope::{Pieces, Rope};
use crate::{FeedStatus, Frame};

/// The most that waits for the writer, of one feed.
const FEED_BYTES: usize = 48 << 20;
/// The most that waits of all feeds together.
const ALL_BYTES: usize = 512 << 20;
/// How long a chunk goes on at most. The writer takes it then; feeds begin theirs at different
/// moments, so that a tenth of the work and of the memory is due at each look.
pub(crate) const CHUNK_LENGTH: Duration = Duration::from_millis(500);
/// Gaps of one feed that wait while no volume takes them; beyond that the last one grows.
const MAX_GAPS: usize = 1000;
const MINUTE_US: i64 = 60_000_000;

/// A chunk that waits to be sealed.
pub(crate) struct PendingChunk {
    /// The bucket that its time lies in.
    pub(crate) dated: WallTime,
    pub(crate) minute: i64,
    pub(crate) sequence: u64,
    pub(crate) connection: u32,
    pub(crate) config: Option<Arc<CodecConfig>>,
    pub(crate) start: WallTime,
    pub(crate) uncertainty_us: u32,
    pub(crate) elapsed: Elapsed,
    pub(crate) frames: Vec<FrameEntry>,
    pub(crate) bytes: Rope,
    last_wall: WallTime,
    last_duration_us: u32,
}

impl PendingChunk {
    pub(crate) fn duration_us(&self) -> u64 {
        let shown =
            self.last_wall.since(self.start) + Duration::from_micros(self.last_duration_us.into());
        u64::try_from(shown.as_micros()).unwrap_or(u64::MAX)
    }

    pub(crate) fn end(&self) -> WallTime {
        self.start + Duration::from_micros(self.duration_us())
    }

    /// Its frames with what decodes them, for who watches.
    fn frames(&self, config: &Arc<CodecConfig>) -> Vec<LiveFrame> {
        let (mut at, mut wall) = (0, self.start);
        let mut live = Vec::with_capacity(self.frames.len());
        for entry in &self.frames {
            let length = entry.size_bytes as usize;
            wall = wall + Duration::from_micros(entry.delta_us.into());
            let frame = Frame {
                bytes: Bytes::from(self.bytes.copy(at, length)),
                keyframe: entry.keyframe,
                wall,
                uncertainty_us: self.uncertainty_us,
                elapsed: self.elapsed,
                presentation_offset_us: entry.presentation_offset_us,
                duration_us: self.last_duration_us,
                connection: self.connection,
            };
            live.push(LiveFrame { frame, config: Arc::clone(config) });
            at += length;
        }
        live
    }

    /// The gap that it leaves when it is lost.
    pub(crate) fn as_gap(&self, cause: GapCause) -> PendingGap {
        let frames_lost = self.frames.len() as u64;
        PendingGap { from: self.start, to: self.end(), cause, frames_lost }
    }
}

/// A gap that waits to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PendingGap {
    pub(crate) from: WallTime,
    pub(crate) to: WallTime,
    pub(crate) cause: GapCause,
    pub(crate) frames_lost: u64,
}

impl PendingGap {
    /// Grows over one that follows it.
    pub(crate) fn join(&mut self, next: &Self) {
        self.from = self.from.min(next.from);
        self.to = self.to.max(next.to);
        self.frames_lost = self.frames_lost.saturating_add(next.frames_lost);
    }
}

/// What waits of all feeds.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    bytes: AtomicUsize,
    pub(crate) pieces: Pieces,
}

impl Waiting {
    fn has_room_for(&self, bytes: usize) -> bool {
        self.bytes.load(Ordering::Relaxed).saturating_add(bytes) <= ALL_BYTES
    }
}

struct Buffer {
    config: Option<Arc<CodecConfig>>,
    chunks: Vec<PendingChunk>,
    gaps: Vec<PendingGap>,
    /// Of what waits and of what is being written.
    bytes: usize,
    sequence: u64,
    wants_keyframe: bool,
    group: Group,
    /// A gap that goes on until a keyframe comes for which there is room.
    dropping: Option<PendingGap>,
    frames_lost: u64,
    waiting: Arc<Waiting>,
}

/// One feed, as writer, opener and sealer share it.
pub(crate) struct FeedShared {
    pub(crate) feed: Feed,
    pub(crate) retention: Retention,
    /// Where its footage has to lie: on a volume in this room and on no other.
    pub(crate) place: Option<StoragePlace>,
    /// Whoever watches goes on watching over a change of retention.
    pub(crate) live: Arc<LiveHub>,
    volume: AtomicUsize,
    /// Shared with the part of another retention or place that it took the place of: counters never go back.
    durable: Arc<Mutex<FeedStatus>>,
    buffer: Mutex<Buffer>,
}

impl FeedShared {
    /// `sequence` is the number of the feed's chunk before the first of this.
    pub(crate) fn new(
        feed: Feed,
        retention: Retention,
        volume: usize,
        sequence: u64,
        waiting: &Arc<Waiting>,
    ) -> Self {
        let buffer = Buffer {
            config: None,
            chunks: Vec::new(),
            gaps: Vec::new(),
            bytes: 0,
            sequence,
            wants_keyframe: true,
            group: Group::default(),
            dropping: None,
            frames_lost: 0,
            waiting: Arc::clone(waiting),
        };
        Self {
            feed,
            retention,
            place: None,
            live: Arc::new(LiveHub::new()),
            volume: AtomicUsize::new(volume),
            durable: Arc::default(),
            buffer: Mutex::new(buffer),
        }
    }

    /// The same feed, kept for another time or elsewhere from now on. What waits stays with the old part until
    /// it is written; sequence and counters go on.
    pub(crate) fn with_retention(
        &self,
        retention: Retention,
        volume: usize,
        waiting: &Arc<Waiting>,
    ) -> Self {
        let (sequence, frames_lost) = {
            let buffer = self.lock();
            (buffer.sequence, buffer.frames_lost)
        };
        let made = Self::new(self.feed, retention, volume, sequence, waiting);
        made.lock().frames_lost = frames_lost;
        Self { durable: Arc::clone(&self.durable), live: Arc::clone(&self.live), ..made }
    }

    /// Its footage lies in `place` and nowhere else.
    pub(crate) fn lying_in(self, place: Option<StoragePlace>) -> Self {
        Self { place, ..self }
    }

    pub(crate) fn volume(&self) -> usize {
        self.volume.load(Ordering::Acquire)
    }

    pub(crate) fn move_to(&self, volume: usize) {
        self.volume.store(volume, Ordering::Release);
    }

    pub(crate) fn set_config(&self, config: CodecConfig) {
        let mut buffer = self.lock();
        if buffer.config.as_deref() != Some(&config) {
            buffer.config = Some(Arc::new(config));
            buffer.wants_keyframe = true;
        }
    }

    /// Takes a frame for the writer, or drops it, and shows it to who watches; before the first
    /// keyframe it is nobody's.
    pub(crate) fn push(&self, frame: &Frame<&[u8]>) {
        let mut buffer = self.lock();
        let Some(config) = buffer.config.clone() else { return };
        if buffer.wants_keyframe && !frame.keyframe {
            return;
        }
        buffer.wants_keyframe = false;
        if buffer.keep(frame) {
            buffer.append(frame, &config, self.retention);
        }
        if self.live.is_watched() {
            // Under the lock, so that a new watcher gets each frame once: from the group or here.
            self.live.send(LiveFrame { frame: frame.to_owned(), config });
        }
    }

    /// Whether pictures come.
    pub(crate) fn is_showing(&self) -> bool {
        !self.lock().wants_keyframe
    }

    /// The running group of pictures; `watch` is called so that no frame comes between.
    pub(crate) fn running<R>(&self, watch: impl FnOnce() -> R) -> (Running, R) {
        let buffer = self.lock();
        (buffer.running(), watch())
    }

    /// A chunk was written.
    pub(crate) fn note_written(&self, written: Written) {
        let group = &mut self.lock().group;
        if group.first != 0 && written.sequence >= group.first {
            group.written.push(written);
        }
    }

    /// What follows begins with a keyframe; a gap that was growing ends here.
    pub(crate) fn disconnect(&self) {
        let mut buffer = self.lock();
        buffer.wants_keyframe = true;
        // Nothing of the past is shown as present when the camera has gone.
        buffer.group = Group::default();
        if let Some(gap) = buffer.dropping.take() {
            buffer.declare(gap);
        }
    }

    /// What is ready to be written: whole chunks, and the one that is being filled if it is old
    /// enough at `now`, or `all` is wanted: it ends here. Bytes count until they are
    /// [`release`](Self::release)d.
    pub(crate) fn take(&self, now: Elapsed, all: bool) -> (Vec<PendingChunk>, Vec<PendingGap>) {
        let mut buffer = self.lock();
        let filling = buffer.chunks.pop_if(|last| !all && now.since(last.elapsed) < CHUNK_LENGTH);
        let ready = std::mem::take(&mut buffer.chunks);
        buffer.chunks.extend(filling);
        (ready, std::mem::take(&mut buffer.gaps))
    }

    /// The write of so many bytes has ended, well or not.
    pub(crate) fn release(&self, bytes: usize) {
        self.lock().release(bytes);
    }

    /// Declares a gap; what is lost is counted here and once.
    pub(crate) fn declare(&self, gap: PendingGap) {
        self.lock().declare(gap);
    }

    /// Gaps that could not be written wait again.
    pub(crate) fn put_back(&self, gaps: &[PendingGap]) {
        let mut buffer = self.lock();
        gaps.iter().for_each(|gap| buffer.put_gap(*gap));
    }

    /// A chunk that was taken and not sealed waits again, before everything else; its bytes are
    /// counted anew, for the writer that took it releases them.
    pub(crate) fn put_back_chunk(&self, chunk: PendingChunk) {
        let mut buffer = self.lock();
        buffer.bytes += chunk.bytes.len();
        buffer.waiting.bytes.fetch_add(chunk.bytes.len(), Ordering::Relaxed);
        buffer.chunks.insert(0, chunk);
    }

    /// What was taken is lost, and with it what waits and cannot be decoded without it.
    pub(crate) fn lose(&self, gap: PendingGap) {
        self.lock().lose(gap);
    }

    pub(crate) fn count_durable(&self, chunk: &PendingChunk, bytes: u64) {
        let mut status = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        status.frames += chunk.frames.len() as u64;
        status.bytes += bytes;
        status.last_end = status.last_end.max(Some(chunk.end()));
        status.last_elapsed = Some(chunk.elapsed);
    }

    pub(crate) fn status(&self) -> FeedStatus {
        let frames_lost = {
            let buffer = self.lock();
            buffer.frames_lost + buffer.dropping.map_or(0, |gap| gap.frames_lost)
        };
        let durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        FeedStatus { frames_lost, ..*durable }
    }

    /// Whether nothing of it waits or is being written.
    pub(crate) fn is_empty(&self) -> bool {
        let buffer = self.lock();
        buffer.bytes == 0 && buffer.gaps.is_empty() && buffer.dropping.is_none()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buffer {
    /// Whether a frame is kept; a full buffer drops from here to a keyframe at which there is room.
    fn keep(&mut self, frame: &Frame<&[u8]>) -> bool {
        let bytes = frame.bytes.len();
        let end = frame.wall + Duration::from_micros(frame.duration_us.into());
        let lost =
            PendingGap { from: frame.wall, to: end, cause: GapCause::Overload, frames_lost: 1 };
        let Some(mut gap) = self.dropping else {
            if self.bytes + bytes <= FEED_BYTES && self.waiting.has_room_for(bytes) {
                return true;
            }
            self.dropping = Some(lost);
            return false;
        };
        // Half of it free, so that not every second group is dropped.
        let has_room = self.bytes <= FEED_BYTES / 2 && self.waiting.has_room_for(ALL_BYTES / 8);
        if frame.keyframe && has_room {
            gap.to = frame.wall.max(gap.from);
            self.dropping = None;
            self.declare(gap);
            return true;
        }
        gap.join(&lost);
        self.dropping = Some(gap);
        false
    }

    fn append(&mut self, frame: &Frame<&[u8]>, config: &Arc<CodecConfig>, retention: Retention) {
        let dated = frame.wall.floor(retention.bucket_length());
        let minute = frame.wall.as_micros() / MINUTE_US;
        let continues = self.chunks.last().is_some_and(|chunk| {
            !frame.keyframe
                && chunk.connection == frame.connection
                && chunk.minute == minute
                && chunk.dated == dated
                && frame.wall >= chunk.last_wall
                && chunk.frames.len() < MAX_FRAMES
                && chunk.bytes.len() + frame.bytes.len() <= MAX_PLAINTEXT_BYTES
        });
        if !continues {
            self.sequence += 1;
            if frame.keyframe {
                self.group = Group { first: self.sequence, written: Vec::new() };
            }
            self.chunks.push(PendingChunk {
                dated,
                minute,
                sequence: self.sequence,
                connection: frame.connection,
                config: frame.keyframe.then(|| Arc::clone(config)),
                start: frame.wall,
                uncertainty_us: frame.uncertainty_us,
                elapsed: frame.elapsed,
                frames: Vec::new(),
                bytes: Rope::default(),
                last_wall: frame.wall,
                last_duration_us: 0,
            });
        }
        self.bytes += frame.bytes.len();
        self.waiting.bytes.fetch_add(frame.bytes.len(), Ordering::Relaxed);
        let chunk = self.chunks.last_mut().expect("a chunk was just begun");
        let delta_us = frame.wall.since(chunk.last_wall).as_micros();
        chunk.frames.push(FrameEntry {
            size_bytes: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            delta_us: u32::try_from(delta_us).unwrap_or(u32::MAX),
            presentation_offset_us: frame.presentation_offset_us,
            keyframe: frame.keyframe,
        });
        chunk.bytes.extend(frame.bytes, &self.waiting.pieces);
        chunk.last_wall = frame.wall;
        chunk.last_duration_us = frame.duration_us;
    }

    fn running(&self) -> Running {
        let count = (self.sequence + 1).saturating_sub(self.group.first);
        if self.wants_keyframe
            || self.dropping.is_some()
            || self.group.first == 0
            || count > MAX_GROUP_CHUNKS
        {
            return Running::None;
        }
        let Some(config) = self.config.clone() else { return Running::None };
        let of_group = |chunk: &&PendingChunk| chunk.sequence >= self.group.first;
        let waiting: Vec<_> = self.chunks.iter().filter(of_group).collect();
        if (self.group.written.len() + waiting.len()) as u64 != count {
            return Running::OnItsWay;
        }
        let waiting = waiting.into_iter().flat_map(|chunk| chunk.frames(&config)).collect();
        let mut written = self.group.written.clone();
        written.sort_by_key(|chunk| chunk.sequence);
        Running::Known { written, waiting, config }
    }

    fn release(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.waiting.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// After a hole nothing can be decoded before the next keyframe: it goes with the hole, and the
    /// gap lasts until there.
    fn lose(&mut self, mut gap: PendingGap) {
        let decodable = self.chunks.iter().position(|chunk| chunk.config.is_some());
        let useless: Vec<_> = self.chunks.drain(..decodable.unwrap_or(self.chunks.len())).collect();
        for chunk in useless {
            gap.join(&chunk.as_gap(gap.cause));
            self.release(chunk.bytes.len());
        }
        match &mut self.dropping {
            Some(growing) if decodable.is_none() => {
                growing.join(&gap);
                growing.cause = gap.cause;
            }
            None if decodable.is_none() && !self.wants_keyframe => self.dropping = Some(gap),
            _ => self.declare(gap),
        }
    }

    fn declare(&mut self, gap: PendingGap) {
        self.frames_lost = self.frames_lost.saturating_add(gap.frames_lost);
        self.put_gap(gap);
    }

    fn put_gap(&mut self, gap: PendingGap) {
        let is_full = self.gaps.len() >= MAX_GAPS;
        let goes_on = |last: &PendingGap| {
            is_full
                || (last.cause == gap.cause
                    && matches!(gap.cause, GapCause::Storage | GapCause::Overload)
                    && last.from <= gap.from
                    && gap.from <= last.to + Duration::from_secs(2))
        };
        match self.gaps.last_mut().filter(|last| goes_on(last)) {
            Some(last) => last.join(&gap),
            None => self.gaps.push(gap),
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.waiting.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
