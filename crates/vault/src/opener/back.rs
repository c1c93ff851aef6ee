//! Looking backwards, for playing backwards.

use domain::{Feed, WallTime};

use super::{ByStart, ChunkPlace, FootageReader};
use crate::OpenFootageError;
use crate::reels::ReelPlace;

impl FootageReader<'_> {
    /// The last chunk that begins with a keyframe, and begins before a moment. A gap between the
    /// two is no hindrance. Nothing outside the grant's time is ever given.
    ///
    /// # Errors
    /// If the grant has ended or is for other cameras.
    pub fn before(&self, feed: Feed, at: WallTime) -> Result<Option<ChunkPlace>, OpenFootageError> {
        let (from, to) = self.granted(feed)?;
        let to = to.min(at);
        let mut best: Option<ChunkPlace> = None;
        if from >= to {
            return Ok(best);
        }
        for place in self.places(from, to).iter().rev() {
            if best.is_some_and(|best| lies_before(place, &best)) {
                continue;
            }
            for chunk in self.chunks(place, feed) {
                if chunk.begins_with_keyframe && from <= chunk.start && chunk.start < to {
                    best = best.max_by_start(chunk);
                }
            }
        }
        Ok(best)
    }
}

/// Whether a reel holds nothing that begins after a chunk: its index need not be read.
fn lies_before(place: &ReelPlace, chunk: &ChunkPlace) -> bool {
    place.span().1 < chunk.start
}
