//! Where frames go in: a feed's buffer, cut into chunks, waiting for the writer.
//!
//! Nothing here can open what was sealed, and nothing waits for a disk: a full buffer drops whole
//! groups of pictures and says so as a gap, it never grows and never holds a camera up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use domain::{Elapsed, Feed, GapCause, Retention, WallTime};
use reel::{CodecConfig, FrameEntry, MAX_FRAMES, MAX_PLAINTEXT_BYTES};

use crate::live::{LiveFrame, LiveHub};
use crate::open::Shared;

/// The most that waits for the writer, for one feed.
const BUFFER_BYTES: usize = 48 << 20;
const MINUTE_US: i64 = 60_000_000;

/// One coded picture.
#[derive(Clone)]
pub struct Frame {
    /// NAL units, each after its length in 4 bytes, big-endian.
    pub bytes: Bytes,
    /// Whether decoding can begin here.
    pub keyframe: bool,
    /// When it was filmed, as well as we know; never earlier than the frame before it of the same
    /// connection.
    pub wall: WallTime,
    /// How far that may be off.
    pub uncertainty_us: u32,
    /// The clock since boot when it arrived.
    pub elapsed: Elapsed,
    /// Presentation time minus decode time.
    pub presentation_offset_us: i32,
    /// How long it is shown, as well as we know.
    pub duration_us: u32,
    /// Counts the connections to this camera since the recorder started.
    pub connection: u32,
}

/// A chunk that waits to be sealed.
pub(crate) struct PendingChunk {
    pub(crate) bucket_start: WallTime,
    pub(crate) minute: i64,
    pub(crate) sequence: u64,
    pub(crate) connection: u32,
    pub(crate) config: Option<Arc<CodecConfig>>,
    pub(crate) start: WallTime,
    pub(crate) uncertainty_us: u32,
    pub(crate) elapsed: Elapsed,
    pub(crate) frames: Vec<FrameEntry>,
    pub(crate) bytes: Vec<u8>,
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
}

/// A gap that waits to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingGap {
    pub(crate) from: WallTime,
    pub(crate) to: WallTime,
    pub(crate) cause: GapCause,
    pub(crate) frames_lost: u64,
}

/// What is durable of a feed since the recorder started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedStatus {
    /// Frames that are durable.
    pub frames: u64,
    /// Their bytes, before sealing.
    pub bytes: u64,
    /// Frames known to be lost.
    pub frames_lost: u64,
    /// When the last durable frame ended.
    pub last_end: Option<WallTime>,
    /// The clock since boot when the last durable chunk began to arrive.
    pub last_elapsed: Option<Elapsed>,
}

#[derive(Default)]
struct Buffer {
    config: Option<Arc<CodecConfig>>,
    chunks: Vec<PendingChunk>,
    gaps: Vec<PendingGap>,
    bytes: usize,
    sequence: u64,
    wants_keyframe: bool,
    dropping: Option<(WallTime, u64)>,
}

/// One feed, as writer, opener and sealer share it.
pub(crate) struct FeedShared {
    pub(crate) feed: Feed,
    pub(crate) retention: Retention,
    pub(crate) volume: AtomicUsize,
    pub(crate) live: LiveHub,
    pub(crate) status: Mutex<FeedStatus>,
    buffer: Mutex<Buffer>,
}

impl FeedShared {
    pub(crate) fn new(feed: Feed, retention: Retention, volume: usize) -> Self {
        Self {
            feed,
            retention,
            volume: AtomicUsize::new(volume),
            live: LiveHub::new(),
            status: Mutex::default(),
            buffer: Mutex::new(Buffer { wants_keyframe: true, ..Buffer::default() }),
        }
    }

    pub(crate) fn volume(&self) -> usize {
        self.volume.load(Ordering::Acquire)
    }

    /// Everything that waits: a chunk that is being filled ends here, at the sync tick.
    pub(crate) fn take(&self) -> (Vec<PendingChunk>, Vec<PendingGap>) {
        let mut buffer = self.lock();
        buffer.bytes = 0;
        (std::mem::take(&mut buffer.chunks), std::mem::take(&mut buffer.gaps))
    }

    /// A gap that the writer itself found.
    pub(crate) fn put_gap(&self, gap: PendingGap) {
        self.lock().gaps.push(gap);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes feeds' inlets. It can only seal.
#[derive(Clone)]
pub struct Sealer {
    pub(crate) shared: Arc<Shared>,
}

impl Sealer {
    /// The inlet of a feed. A feed that had one before goes on where it was.
    #[must_use]
    pub fn feed(&self, feed: Feed, retention: Retention) -> FeedSealer {
        FeedSealer { feed: self.shared.feed(feed, retention) }
    }

    /// What is durable of every feed since the recorder started.
    #[must_use]
    pub fn statuses(&self) -> Vec<(Feed, FeedStatus)> {
        self.shared.feeds().iter().map(|feed| (feed.feed, *lock_status(feed))).collect()
    }
}

pub(crate) fn lock_status(feed: &FeedShared) -> std::sync::MutexGuard<'_, FeedStatus> {
    feed.status.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One feed's inlet: frames and gaps go in, nothing comes out.
pub struct FeedSealer {
    feed: Arc<FeedShared>,
}

impl FeedSealer {
    /// The configuration that decodes what follows; the next frame that is kept is a keyframe.
    pub fn set_config(&self, config: CodecConfig) {
        let mut buffer = self.feed.lock();
        if buffer.config.as_deref() != Some(&config) {
            buffer.config = Some(Arc::new(config));
            buffer.wants_keyframe = true;
        }
    }

    /// Takes a frame. Before the first keyframe, and where the writer cannot keep up, it is dropped.
    pub fn push(&self, frame: Frame) {
        let mut buffer = self.feed.lock();
        let Some(config) = buffer.config.clone() else { return };
        if buffer.wants_keyframe && !frame.keyframe {
            return;
        }
        buffer.wants_keyframe = false;
        if buffer.keep(&frame, self.feed.retention) {
            buffer.append(&frame, &config, self.feed.retention);
        }
        drop(buffer);
        self.feed.live.publish(LiveFrame { frame, config });
    }

    /// Declares that nothing was recorded in a stretch of time, and why.
    pub fn declare_gap(&self, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64) {
        self.feed.lock().gaps.push(PendingGap { from, to, cause, frames_lost });
    }

    /// The connection is gone: what follows begins with a keyframe, and nothing old is shown as live.
    pub fn disconnect(&self) {
        self.feed.lock().wants_keyframe = true;
        self.feed.live.clear();
    }

    /// What is durable of it.
    #[must_use]
    pub fn status(&self) -> FeedStatus {
        *lock_status(&self.feed)
    }
}

impl Buffer {
    /// Whether a frame is kept; a full buffer drops from here to a keyframe at which there is room.
    fn keep(&mut self, frame: &Frame, _retention: Retention) -> bool {
        match self.dropping {
            None if self.bytes + frame.bytes.len() <= BUFFER_BYTES => true,
            None => {
                self.dropping = Some((frame.wall, 1));
                false
            }
            Some((from, lost)) if frame.keyframe && self.bytes <= BUFFER_BYTES / 2 => {
                self.gaps.push(PendingGap {
                    from,
                    to: frame.wall,
                    cause: GapCause::Overload,
                    frames_lost: lost,
                });
                self.dropping = None;
                true
            }
            Some((from, lost)) => {
                self.dropping = Some((from, lost + 1));
                false
            }
        }
    }

    fn append(&mut self, frame: &Frame, config: &Arc<CodecConfig>, retention: Retention) {
        let bucket_start = frame.wall.floor(retention.bucket_length());
        let minute = frame.wall.as_micros() / MINUTE_US;
        let continues = self.chunks.last().is_some_and(|chunk| {
            !frame.keyframe
                && chunk.connection == frame.connection
                && chunk.minute == minute
                && chunk.bucket_start == bucket_start
                && frame.wall >= chunk.last_wall
                && chunk.frames.len() < MAX_FRAMES
                && chunk.bytes.len() + frame.bytes.len() <= MAX_PLAINTEXT_BYTES
        });
        if !continues {
            self.sequence += 1;
            self.chunks.push(PendingChunk {
                bucket_start,
                minute,
                sequence: self.sequence,
                connection: frame.connection,
                config: frame.keyframe.then(|| Arc::clone(config)),
                start: frame.wall,
                uncertainty_us: frame.uncertainty_us,
                elapsed: frame.elapsed,
                frames: Vec::new(),
                bytes: Vec::new(),
                last_wall: frame.wall,
                last_duration_us: 0,
            });
        }
        self.bytes += frame.bytes.len();
        let chunk = self.chunks.last_mut().expect("a chunk was just begun");
        let delta_us = frame.wall.since(chunk.last_wall).as_micros();
        chunk.frames.push(FrameEntry {
            size_bytes: u32::try_from(frame.bytes.len()).expect("a frame is at most 16 MiB"),
            delta_us: u32::try_from(delta_us).unwrap_or(u32::MAX),
            presentation_offset_us: frame.presentation_offset_us,
            keyframe: frame.keyframe,
        });
        chunk.bytes.extend_from_slice(&frame.bytes);
        chunk.last_wall = frame.wall;
        chunk.last_duration_us = frame.duration_us;
    }
}
