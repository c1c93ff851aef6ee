//! Where pictures come out: against a grant, asked again at every chunk and frame.

mod back;
mod change;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::{Feed, ReelId, WallTime};
use ledger::act::{PlayFootage, WatchLive};
use ledger::{Grant, Target};
use reel::{CodecConfig, FooterEntry, RecordKind, open_chunk};

use crate::live::LiveFeed;
use crate::open::Shared;
use crate::reels::ReelPlace;
use crate::{OpenFootageError, UnlistedFootage};

pub use change::{Change, MOST_CHANGE_COLUMNS};

/// How far after a moment is looked for the next footage.
const LOOK_AHEAD: Duration = Duration::from_secs(86_400);

/// A keyframe is looked for this far before a moment.
const KEYFRAME_AT_MOST_BEFORE: Duration = Duration::from_secs(900);

/// How far after a chunk the next is looked for first.
const NEAR: Duration = Duration::from_secs(10);

/// Footage becomes durable at most this long after it was filmed.
const LATE: Duration = Duration::from_secs(5);

/// The side of the vault that opens.
#[derive(Clone)]
pub struct Opener {
    pub(crate) shared: Arc<Shared>,
}

/// Where a chunk lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkPlace {
    /// In which reel.
    pub reel: ReelId,
    /// Of which feed.
    pub feed: Feed,
    /// When it begins.
    pub start: WallTime,
    /// How long it lasts.
    pub duration_us: u64,
    /// Whether decoding can begin with it.
    pub begins_with_keyframe: bool,
    number: u64,
    offset_bytes: u64,
    length_bytes: u32,
}

impl ChunkPlace {
    /// The first moment after it.
    #[must_use]
    pub fn end(&self) -> WallTime {
        self.start + Duration::from_micros(self.duration_us)
    }
}

/// A frame that was opened.
pub struct OpenedFrame {
    /// NAL units, each after its length in 4 bytes.
    pub bytes: Bytes,
    /// When it was filmed (decode order).
    pub wall: WallTime,
    /// Presentation time minus decode time.
    pub presentation_offset_us: i32,
    /// Whether decoding can begin here.
    pub keyframe: bool,
}

/// A chunk that was opened.
pub struct OpenedChunk {
    /// What decodes it, if it begins with a keyframe.
    pub codec: Option<CodecConfig>,
    /// Which connection it came over: another one means another clock of the camera.
    pub connection: u32,
    /// The first moment after it.
    pub end: WallTime,
    /// Its frames in decode order.
    pub frames: Vec<OpenedFrame>,
}

impl Opener {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// A live feed, for as long as the grant lives.
    ///
    /// # Errors
    /// If the grant has ended or is for other cameras, or there is no such feed.
    pub fn live<'g>(
        &self,
        grant: &'g Grant<WatchLive>,
        feed: Feed,
    ) -> Result<LiveFeed<'g>, OpenFootageError> {
        grant.check()?;
        if !grant.cameras().contains(&feed.camera) {
            return Err(OpenFootageError::NotGranted { feed });
        }
        let shared = self.shared.find_feed(feed).ok_or(OpenFootageError::NoPicture { feed })?;
        Ok(LiveFeed::new(grant, Arc::clone(&self.shared), shared))
    }

    /// What is durable of a feed and not listed yet, because its reel is still open: without a
    /// picture, so without a grant. Oldest first; they may overlap.
    #[must_use]
    pub fn unlisted(&self, feed: Feed, from: WallTime, to: WallTime) -> Vec<UnlistedFootage> {
        self.shared.reels.open_of(feed, from, to)
    }

    /// Recorded footage, for as long as the grant lives.
    #[must_use]
    pub fn footage<'g>(&self, grant: &'g Grant<PlayFootage>) -> FootageReader<'g> {
        FootageReader { shared: Arc::clone(&self.shared), grant }
    }
}

/// Reads the footage that one grant opens, and no other.
pub struct FootageReader<'g> {
    shared: Arc<Shared>,
    grant: &'g Grant<PlayFootage>,
}

impl FootageReader<'_> {
    /// The first moment that the grant opens, and the first after it.
    #[must_use]
    pub fn time(&self) -> (WallTime, WallTime) {
        match self.grant.target() {
            Target::Footage { from, to, .. } => (*from, *to),
            Target::Export(export) => (export.from, export.to),
            _ => (WallTime::EPOCH, WallTime::EPOCH),
        }
    }

    /// Whether what is recorded from now on may still lie in the grant's time.
    #[must_use]
    pub fn may_grow(&self) -> bool {
        self.shared.clock.wall() < self.time().1 + LATE
    }

    /// The chunk with which playing from a moment begins: the last one with a keyframe at or before
    /// it, or the first after it. Nothing outside the grant's time is ever given.
    ///
    /// # Errors
    /// If the grant has ended or is for other cameras.
    pub fn seek(&self, feed: Feed, at: WallTime) -> Result<Option<ChunkPlace>, OpenFootageError> {
        let (from, to) = self.granted(feed)?;
        let at = at.max(from);
        let reach = from.max(at - KEYFRAME_AT_MOST_BEFORE);
        let places = self.places(reach, to.min(at + Duration::from_micros(1)));
        let mut before: Option<ChunkPlace> = None;
        for place in places.iter().rev() {
            if before.is_some_and(|before| place.span().1 <= before.start) {
                continue;
            }
            for chunk in self.chunks(place, feed) {
                let is_before = chunk.start <= at && from <= chunk.start && chunk.start < to;
                if chunk.begins_with_keyframe && is_before {
                    before = before.max_by_start(chunk);
                }
            }
        }
        match before {
            // Only if what follows it reaches the moment: else the moment lies in a gap.
            Some(before) if self.reaches(before, at)? => Ok(Some(before)),
            _ => Ok(self.first_after(feed, at, to)),
        }
    }

    /// The first chunk with a keyframe that begins after a moment.
    fn first_after(&self, feed: Feed, at: WallTime, to: WallTime) -> Option<ChunkPlace> {
        let mut after: Option<ChunkPlace> = None;
        for place in self.places(at, to.min(at + LOOK_AHEAD)) {
            if after.is_some_and(|after| lies_behind(&place, &after)) {
                break;
            }
            for chunk in self.chunks(&place, feed) {
                if chunk.begins_with_keyframe && chunk.start > at && chunk.start < to {
                    after = after.min_by_start(chunk);
                }
            }
        }
        after
    }

    /// The chunk after another of the same feed.
    ///
    /// # Errors
    /// If the grant has ended or is for other cameras.
    pub fn next(&self, chunk: &ChunkPlace) -> Result<Option<ChunkPlace>, OpenFootageError> {
        let (from, to) = self.granted(chunk.feed)?;
        // What follows mostly follows at once; then the reels of the rest of the day are not asked.
        let near = to.min(chunk.end() + NEAR);
        let found = self.next_until(chunk, (from, to), near);
        match found {
            Some(next) if next.start < near => Ok(Some(next)),
            _ if near == to => Ok(found),
            _ => Ok(self.next_until(chunk, (from, to), to)),
        }
    }

    /// The chunk after another, in reels whose footage begins before a moment.
    fn next_until(
        &self,
        chunk: &ChunkPlace,
        (from, to): (WallTime, WallTime),
        until: WallTime,
    ) -> Option<ChunkPlace> {
        let is_granted = |other: &ChunkPlace| other.start >= from && other.start < to;
        let mut best: Option<ChunkPlace> = None;
        for place in self.places(chunk.start, until) {
            if best.is_some_and(|best| lies_behind(&place, &best)) {
                break;
            }
            for other in self.chunks(&place, chunk.feed) {
                let same_reel = other.reel == chunk.reel;
                let after = if same_reel {
                    other.number > chunk.number
                } else {
                    (other.start, other.number) > (chunk.start, chunk.number)
                };
                if after && is_granted(&other) {
                    best = best.min_by_start(other);
                    if same_reel {
                        break;
                    }
                }
            }
        }
        best
    }

    /// Opens a chunk. The grant is asked now, not when reading began.
    ///
    /// # Errors
    /// If the grant has ended or is for something else, or the chunk cannot be opened.
    pub fn open(&self, chunk: &ChunkPlace) -> Result<OpenedChunk, OpenFootageError> {
        let (from, to) = self.granted(chunk.feed)?;
        if chunk.start < from || chunk.start >= to {
            return Err(OpenFootageError::NotGranted { feed: chunk.feed });
        }
        let unreadable = |reason: String| OpenFootageError::Reel { reel: chunk.reel, reason };
        let place = self.shared.reels.place(chunk.reel).ok_or(OpenFootageError::Destroyed)?;
        let volume = &self.shared.volumes[place.volume];
        let read = volume.fs.open_read(&place.path).and_then(|file| {
            let mut bytes = vec![0; chunk.length_bytes as usize];
            file.read_at(chunk.offset_bytes, &mut bytes).map(|()| bytes)
        });
        let bytes = read.map_err(|error| unreadable(error.to_string()))?;
        let checked =
            reel::check_record(chunk.reel, &bytes).map_err(|e| unreadable(e.to_string()))?;
        let reel::Record::Chunk(header) = checked.record else {
            return Err(unreadable("a gap stands where a chunk should".into()));
        };
        if header.feed != chunk.feed || header.start != chunk.start {
            return Err(OpenFootageError::NotGranted { feed: header.feed });
        }
        let key = self
            .shared
            .keyring()
            .chunk_key(header.bucket, header.minute, chunk.reel, header.feed)
            .ok_or(OpenFootageError::Destroyed)?;
        let (header, plain) =
            open_chunk(&key, chunk.reel, &bytes).map_err(|error| unreadable(error.to_string()))?;
        let mut opened = cut(header, plain);
        // A chunk that begins within the grant's time can reach beyond it.
        opened.frames.retain(|frame| frame.wall < to);
        opened.end = opened.end.min(to);
        Ok(opened)
    }

    /// Cameras and time of the grant, if it opens this feed now.
    fn granted(&self, feed: Feed) -> Result<(WallTime, WallTime), OpenFootageError> {
        self.grant.check()?;
        match self.grant.target() {
            Target::Footage { .. } | Target::Export(_)
                if self.grant.cameras().contains(&feed.camera) =>
            {
                Ok(self.time())
            }
            _ => Err(OpenFootageError::NotGranted { feed }),
        }
    }

    /// Whether footage goes on from a chunk without a hole up to a moment.
    fn reaches(&self, chunk: ChunkPlace, at: WallTime) -> Result<bool, OpenFootageError> {
        let mut last = chunk;
        while last.end() + Duration::from_millis(500) < at {
            match self.next(&last)? {
                Some(next) if next.start <= last.end() + Duration::from_secs(1) => last = next,
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Reels that may hold footage of a stretch of time, by where it begins in each. Right after a
    /// start they are still being looked for: then this waits a little.
    fn places(&self, from: WallTime, to: WallTime) -> Vec<ReelPlace> {
        self.shared.search.wait_a_little();
        self.shared.reels.between(None, from, to)
    }

    fn chunks(&self, place: &ReelPlace, feed: Feed) -> Vec<ChunkPlace> {
        let fs = &*self.shared.volumes[place.volume].fs;
        let entries = match self.shared.reels.entries_of(fs, place, feed) {
            Ok(entries) => entries,
            Err(reason) => {
                tracing::warn!(reel = %place.header.reel, reason, "a reel cannot be read");
                return Vec::new();
            }
        };
        let chunk = |entry: &FooterEntry| ChunkPlace {
            reel: place.header.reel,
            feed,
            start: entry.start,
            duration_us: entry.duration_us,
            begins_with_keyframe: entry.begins_with_keyframe,
            number: entry.number,
            offset_bytes: entry.offset_bytes,
            length_bytes: entry.length_bytes,
        };
        entries.iter().filter(|entry| entry.kind == RecordKind::Chunk).map(chunk).collect()
    }
}

/// Whether a reel holds nothing that begins before a chunk's end: its index need not be read.
fn lies_behind(place: &ReelPlace, chunk: &ChunkPlace) -> bool {
    chunk.end() < place.span().0
}

trait ByStart {
    fn min_by_start(self, chunk: ChunkPlace) -> Self;
    fn max_by_start(self, chunk: ChunkPlace) -> Self;
}

impl ByStart for Option<ChunkPlace> {
    fn min_by_start(self, chunk: ChunkPlace) -> Self {
        Some(
            self.filter(|best| (best.start, best.number) <= (chunk.start, chunk.number))
                .unwrap_or(chunk),
        )
    }

    fn max_by_start(self, chunk: ChunkPlace) -> Self {
        Some(self.filter(|best| best.start >= chunk.start).unwrap_or(chunk))
    }
}

/// Cuts a chunk's plaintext into its frames.
pub(crate) fn cut(header: reel::ChunkHeader, plain: Vec<u8>) -> OpenedChunk {
    let end = header.start + Duration::from_micros(header.duration_us);
    let mut rest = Bytes::from(plain);
    let mut wall = header.start;
    let frames = header.frames.iter().map(|frame| {
        wall = wall + Duration::from_micros(frame.delta_us.into());
        OpenedFrame {
            // The sizes add up to the plaintext: the format was checked when it was opened.
            bytes: rest.split_to(frame.size_bytes as usize),
            wall,
            presentation_offset_us: frame.presentation_offset_us,
            keyframe: frame.keyframe,
        }
    });
    let frames = frames.collect();
    OpenedChunk { codec: header.codec, connection: header.connection, end, frames }
}
