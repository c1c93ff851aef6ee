//! Live feeds: what a camera shows now, given out only against a grant that lives as long as the
//! watching.
//!
//! A feed that nobody watches costs nothing here. Who begins to watch gets the running group of
//! pictures from where it is: what is written from the disk, what waits from memory.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::Feed;
use ledger::Grant;
use ledger::act::WatchLive;
use reel::{CodecConfig, open_chunk};
use tokio::sync::broadcast;

use crate::feed::FeedShared;
use crate::group::{Running, Written};
use crate::open::Shared;
use crate::opener::cut;
use crate::{Frame, OpenFootageError};

/// Frames a watcher may fall behind before it is told to begin anew.
const BEHIND_FRAMES: usize = 256;
/// How often, and how long apart, a group on its way to the disk is asked for again.
const JOIN_ATTEMPTS: u32 = 25;
const JOIN_PAUSE: Duration = Duration::from_millis(20);

/// A frame with the configuration that decodes it.
#[derive(Clone)]
pub(crate) struct LiveFrame {
    pub(crate) frame: Frame,
    pub(crate) config: Arc<CodecConfig>,
}

/// Who is listening to one feed.
pub(crate) struct LiveHub {
    sender: broadcast::Sender<LiveFrame>,
}

impl LiveHub {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::Sender::new(BEHIND_FRAMES) }
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    pub(crate) fn send(&self, live: LiveFrame) {
        // Nobody may be left by now.
        let _ = self.sender.send(live);
    }
}

/// A group of pictures from its keyframe on, and the frames after it.
type Joined = (VecDeque<LiveFrame>, broadcast::Receiver<LiveFrame>);

/// The running group and what follows it; nothing if a part of it is on its way to the disk.
fn join(shared: &Shared, feed: &FeedShared) -> Option<Joined> {
    let (running, receiver) = feed.running(|| feed.live.sender.subscribe());
    let group = match running {
        Running::OnItsWay => return None,
        Running::None => VecDeque::new(),
        Running::Known { written, waiting, config } => {
            let mut group = VecDeque::new();
            for chunk in &written {
                match read(shared, feed.feed, chunk, &config) {
                    Ok(frames) => group.extend(frames),
                    Err(reason) => {
                        // The next keyframe comes soon; until then there is nothing to see.
                        tracing::warn!(feed = %feed.feed, reason, "a running group cannot be read");
                        return Some((VecDeque::new(), receiver));
                    }
                }
            }
            group.extend(waiting);
            group
        }
    };
    Some((group, receiver))
}

/// Frames of a chunk that was just written.
fn read(
    shared: &Shared,
    feed: Feed,
    chunk: &Written,
    config: &Arc<CodecConfig>,
) -> Result<Vec<LiveFrame>, String> {
    let place = shared.reels.place(chunk.reel).ok_or("the reel is gone")?;
    let text = |error: host::FsError| error.to_string();
    let file = shared.volumes[place.volume].fs.open_read(&place.path).map_err(text)?;
    let length = usize::try_from(chunk.length_bytes).map_err(|_| "it is too long")?;
    let mut bytes = vec![0; length];
    file.read_at(chunk.offset_bytes, &mut bytes).map_err(text)?;
    let checked = reel::check_record(chunk.reel, &bytes).map_err(|error| error.to_string())?;
    let reel::Record::Chunk(header) = checked.record else { return Err("it is a gap".into()) };
    if (header.feed, header.sequence) != (feed, chunk.sequence) {
        return Err("it is another chunk".into());
    }
    let keyring = shared.keyring();
    let key = keyring.chunk_key(header.bucket, header.minute, chunk.reel, feed);
    drop(keyring);
    let key = key.ok_or("its key is destroyed")?;
    let (header, plain) =
        open_chunk(&key, chunk.reel, &bytes).map_err(|error| error.to_string())?;
    let (uncertainty_us, elapsed) = (header.uncertainty_us, header.elapsed_ns);
    let connection = header.connection;
    let duration_us = header.duration_us / header.frames.len().max(1) as u64;
    let frames = cut(header, plain).frames.into_iter().map(|frame| Frame {
        bytes: frame.bytes,
        keyframe: frame.keyframe,
        wall: frame.wall,
        uncertainty_us,
        elapsed: domain::Elapsed::from_nanos(elapsed),
        presentation_offset_us: frame.presentation_offset_us,
        duration_us: u32::try_from(duration_us).unwrap_or(u32::MAX),
        connection,
    });
    Ok(frames.map(|frame| LiveFrame { frame, config: Arc::clone(config) }).collect())
}

/// The keyframe that a feed shows now. Waits, at most half a second, for one on its way to the disk.
pub(crate) async fn latest_keyframe(shared: &Shared, feed: &FeedShared) -> Option<LiveFrame> {
    for _ in 0..JOIN_ATTEMPTS {
        if let Some((mut group, _)) = join(shared, feed) {
            return group.pop_front().filter(|live| live.frame.keyframe);
        }
        tokio::time::sleep(JOIN_PAUSE).await;
    }
    None
}

/// A live feed under a grant: it cannot outlive the grant, and asks it at every frame.
pub struct LiveFeed<'g> {
    grant: &'g Grant<WatchLive>,
    shared: Arc<Shared>,
    feed: Arc<FeedShared>,
    was_showing: bool,
    attempts: u32,
    joined: Option<Joined>,
    wants_keyframe: bool,
}

impl<'g> LiveFeed<'g> {
    pub(crate) fn new(
        grant: &'g Grant<WatchLive>,
        shared: Arc<Shared>,
        feed: Arc<FeedShared>,
    ) -> Self {
        let was_showing = feed.is_showing();
        Self { grant, shared, feed, was_showing, attempts: 0, joined: None, wants_keyframe: true }
    }

    /// Which feed.
    #[must_use]
    pub fn feed(&self) -> Feed {
        self.feed.feed
    }

    /// Whether the camera showed something when the watching began: its running group of pictures
    /// comes at once.
    #[must_use]
    pub fn is_showing(&self) -> bool {
        self.was_showing
    }

    /// The next frame and the configuration that decodes it, beginning with a keyframe; a watcher
    /// who fell behind goes on at the next keyframe.
    ///
    /// Cancel safe: a frame is either returned or still to come.
    ///
    /// # Errors
    /// When the grant has ended, or the feed has.
    pub async fn next(&mut self) -> Result<(Frame, Arc<CodecConfig>), OpenFootageError> {
        loop {
            let Some((first, receiver)) = &mut self.joined else {
                self.grant.check()?;
                self.try_to_join().await;
                continue;
            };
            let live = match first.pop_front() {
                Some(live) => live,
                None => match receiver.recv().await {
                    Ok(live) => live,
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        self.wants_keyframe = true;
                        continue;
                    }
                    Err(broadcast::error::RecvError::Closed) => {
                        return Err(OpenFootageError::FeedEnded);
                    }
                },
            };
            self.grant.check()?;
            if self.wants_keyframe && !live.frame.keyframe {
                continue;
            }
            self.wants_keyframe = false;
            return Ok((live.frame, live.config));
        }
    }

    async fn try_to_join(&mut self) {
        self.joined = join(&self.shared, &self.feed);
        if self.joined.is_some() {
            return;
        }
        self.attempts += 1;
        if self.attempts > JOIN_ATTEMPTS {
            // The disk is slow: what comes is shown from the next keyframe on.
            self.joined = Some((VecDeque::new(), self.feed.live.sender.subscribe()));
            return;
        }
        tokio::time::sleep(JOIN_PAUSE).await;
    }
}
