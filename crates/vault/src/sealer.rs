//! Where frames go in. Nothing here can open what was sealed.

use std::sync::Arc;

use bytes::Bytes;
use domain::{Elapsed, Feed, GapCause, Retention, StoragePlace, WallTime};
use reel::CodecConfig;

use crate::feed::{FeedShared, PendingGap};
use crate::open::Shared;

/// One coded picture.
#[derive(Clone)]
pub struct Frame<B = Bytes> {
    /// NAL units, each after its length in 4 bytes, big-endian.
    pub bytes: B,
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

impl<B: AsRef<[u8]>> Frame<B> {
    fn with_bytes<'b, O>(&'b self, bytes: impl FnOnce(&'b [u8]) -> O) -> Frame<O> {
        Frame {
            bytes: bytes(self.bytes.as_ref()),
            keyframe: self.keyframe,
            wall: self.wall,
            uncertainty_us: self.uncertainty_us,
            elapsed: self.elapsed,
            presentation_offset_us: self.presentation_offset_us,
            duration_us: self.duration_us,
            connection: self.connection,
        }
    }

    fn borrowed(&self) -> Frame<&[u8]> {
        self.with_bytes(|bytes| bytes)
    }

    /// The same with bytes of its own.
    pub(crate) fn to_owned(&self) -> Frame {
        self.with_bytes(Bytes::copy_from_slice)
    }
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

/// Makes feeds' inlets. It can only seal.
#[derive(Clone)]
pub struct Sealer {
    pub(crate) shared: Arc<Shared>,
}

impl Sealer {
    /// The inlet of a feed whose footage may lie on any volume. A feed that had one before goes on where
    /// it was.
    #[must_use]
    pub fn feed(&self, feed: Feed, retention: Retention) -> FeedSealer {
        FeedSealer { feed: self.shared.feed(feed, retention, None) }
    }

    /// The inlet of a feed whose footage lies in `place` and nowhere else: where no volume there can
    /// take it, it is lost and declared so. None if no volume stands there.
    #[must_use]
    pub fn feed_in(
        &self,
        feed: Feed,
        retention: Retention,
        place: &StoragePlace,
    ) -> Option<FeedSealer> {
        let mut volumes = self.shared.volumes.iter();
        volumes
            .any(|volume| volume.is_in(Some(place)))
            .then(|| FeedSealer { feed: self.shared.feed(feed, retention, Some(place)) })
    }

    /// What is durable of every feed since the recorder started.
    #[must_use]
    pub fn statuses(&self) -> Vec<(Feed, FeedStatus)> {
        self.shared.feeds().iter().map(|feed| (feed.feed, feed.status())).collect()
    }
}

/// One feed's inlet: frames and gaps go in, nothing comes out.
pub struct FeedSealer {
    feed: Arc<FeedShared>,
}

impl FeedSealer {
    /// The configuration that decodes what follows; the next frame that is kept is a keyframe.
    pub fn set_config(&self, config: CodecConfig) {
        self.feed.set_config(config);
    }

    /// Takes a frame. Before the first keyframe, and where the writer cannot keep up, it is dropped.
    pub fn push<B: AsRef<[u8]>>(&self, frame: &Frame<B>) {
        self.feed.push(&frame.borrowed());
    }

    /// Declares that nothing was recorded in a stretch of time, and why.
    pub fn declare_gap(&self, from: WallTime, to: WallTime, cause: GapCause, frames_lost: u64) {
        self.feed.declare(PendingGap { from, to, cause, frames_lost });
    }

    /// The connection is gone: what follows begins with a keyframe, and nothing old is shown as live.
    pub fn disconnect(&self) {
        self.feed.disconnect();
    }

    /// Whether somebody watches it live now.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.feed.live.is_watched()
    }

    /// What is durable of it.
    #[must_use]
    pub fn status(&self) -> FeedStatus {
        self.feed.status()
    }
}
