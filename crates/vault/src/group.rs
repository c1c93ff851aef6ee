//! The running group of pictures of a feed: where its chunks are.

use std::sync::Arc;

use domain::ReelId;
use reel::CodecConfig;

use crate::live::LiveFrame;

/// Where a chunk of the running group of pictures lies on the disk: written, perhaps not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) sequence: u64,
    pub(crate) reel: ReelId,
    pub(crate) offset_bytes: u64,
    pub(crate) length_bytes: u64,
}

/// Pictures since the last keyframe, so that who begins to watch sees at once. They are not kept in
/// memory for that: most feeds are not watched.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The number of the chunk that begins with the keyframe; 0 while there is none.
    pub(crate) first: u64,
    pub(crate) written: Vec<Written>,
}

/// Chunks of a group that are looked for at most: a longer one is waited for.
pub(crate) const MAX_GROUP_CHUNKS: u64 = 64;

/// The running group of pictures.
pub(crate) enum Running {
    /// There is none, or no telling where it is: wait for the next keyframe.
    None,
    /// A part of it is on its way to the disk: ask again at once.
    OnItsWay,
    /// What is written of it, then what waits.
    Known { written: Vec<Written>, waiting: Vec<LiveFrame>, config: Arc<CodecConfig> },
}
