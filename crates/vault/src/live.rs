//! Live feeds: what a camera shows now, given out only against a grant that lives as long as the
//! watching.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Feed;
use ledger::Grant;
use ledger::act::WatchLive;
use reel::CodecConfig;
use tokio::sync::broadcast;

use crate::{Frame, OpenFootageError};

/// Frames a watcher may fall behind before it is told to begin anew.
const BEHIND_FRAMES: usize = 256;
/// What is kept of the group of pictures that is running, so that a new watcher sees at once.
const GROUP_FRAMES: usize = 600;
const GROUP_BYTES: usize = 32 << 20;

/// A frame with the configuration that decodes it.
#[derive(Clone)]
pub(crate) struct LiveFrame {
    pub(crate) frame: Frame,
    pub(crate) config: Arc<CodecConfig>,
}

/// One feed's present: the running group of pictures, and who is listening.
pub(crate) struct LiveHub {
    group: Mutex<Group>,
    sender: broadcast::Sender<LiveFrame>,
}

#[derive(Default)]
struct Group {
    frames: VecDeque<LiveFrame>,
    bytes: usize,
}

impl LiveHub {
    pub(crate) fn new() -> Self {
        Self { group: Mutex::default(), sender: broadcast::channel(BEHIND_FRAMES).0 }
    }

    pub(crate) fn publish(&self, live: LiveFrame) {
        let mut group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        if live.frame.keyframe || group.frames.len() >= GROUP_FRAMES || group.bytes >= GROUP_BYTES {
            *group = Group::default();
        }
        if live.frame.keyframe || !group.frames.is_empty() {
            group.bytes += live.frame.bytes.len();
            group.frames.push_back(live.clone());
        }
        // Sent under the lock, so that a new watcher gets each frame once: from the group or here.
        let _ = self.sender.send(live);
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Nothing of the past is shown as present when the camera has gone.
    pub(crate) fn clear(&self) {
        *self.group.lock().unwrap_or_else(PoisonError::into_inner) = Group::default();
    }

    pub(crate) fn latest_keyframe(&self) -> Option<LiveFrame> {
        let group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        group.frames.front().filter(|live| live.frame.keyframe).cloned()
    }

    pub(crate) fn watch<'g>(&self, grant: &'g Grant<WatchLive>, feed: Feed) -> LiveFeed<'g> {
        let group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        LiveFeed {
            grant,
            feed,
            showed_at_first: !group.frames.is_empty(),
            first: group.frames.clone(),
            receiver: self.sender.subscribe(),
            wants_keyframe: true,
        }
    }
}

/// A live feed under a grant: it cannot outlive the grant, and asks it at every frame.
pub struct LiveFeed<'g> {
    grant: &'g Grant<WatchLive>,
    feed: Feed,
    showed_at_first: bool,
    first: VecDeque<LiveFrame>,
    receiver: broadcast::Receiver<LiveFrame>,
    wants_keyframe: bool,
}

impl LiveFeed<'_> {
    /// Which feed.
    #[must_use]
    pub fn feed(&self) -> Feed {
        self.feed
    }

    /// Whether the camera showed something when the watching began: its running group of pictures
    /// comes at once.
    #[must_use]
    pub fn is_showing(&self) -> bool {
        self.showed_at_first
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
            let live = match self.first.pop_front() {
                Some(live) => live,
                None => match self.receiver.recv().await {
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
}
