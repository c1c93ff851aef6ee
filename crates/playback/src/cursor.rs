//! One tile of recorded footage: where it stands, and what comes next. Its way backwards is in
//! `backward`.

use std::time::Duration;

use catalog::Catalog;
use domain::{CameraId, Feed, FeedKind, GapCause, WallTime};
use tokio::time::Instant;
use vault::{ChunkPlace, CodecConfig, FootageReader, OpenFootageError, OpenedChunk, OpenedFrame};

use crate::error::PlaybackError;
use crate::served::{HOLE, Sent, Served};
use crate::track::{Sample, Track};
use crate::{MediaEvent, Pace, TileState};

/// What is not durable yet is looked for again after this.
const RETRY: Duration = Duration::from_secs(1);
/// After looking so often in vain, it is a gap.
const VAIN_LOOKS: u32 = 4;
/// Chunks that are walked over in one step, to find a keyframe: cameras with hours between two of
/// them must not hold up the others.
const MOST_WALKED: usize = 600;

/// Where a tile stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cursor {
    /// The chunk with which to begin is to be found.
    Seek(WallTime),
    /// This chunk is to be opened next.
    Next(ChunkPlace),
    /// What follows this chunk is not known yet.
    After(ChunkPlace),
    /// Backwards: the group of pictures before this moment is to be found.
    Before(WallTime),
    /// Backwards: a group is being sent.
    Within(Group),
    /// Nothing more is in the grant.
    Ended,
}

/// A group of pictures: a keyframe, and what needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    /// Begins with the keyframe.
    pub(crate) first: ChunkPlace,
    /// To be opened next.
    pub(crate) next: ChunkPlace,
    /// The group's footage reaches here without a break.
    pub(crate) end: WallTime,
    /// Only its keyframe is sent, and stands for all of it.
    pub(crate) keyframe_only: bool,
}

/// What follows a chunk.
pub(crate) struct Walk {
    /// The next chunk of interest.
    pub(crate) found: Option<ChunkPlace>,
    /// Up to here footage goes on without a break.
    pub(crate) end: WallTime,
    /// The last chunk that was walked over.
    pub(crate) last: ChunkPlace,
}

pub(crate) struct FootageTile<'a> {
    pub(crate) tile: u16,
    pub(crate) feed: Feed,
    pub(crate) cursor: Cursor,
    pub(crate) track: Track,
    pub(crate) pace: Pace,
    sent: Sent<'a>,
    /// Up to where there is nothing more to say: footage was sent, or a gap was told.
    pub(crate) told_to: WallTime,
    /// What the viewer's decoder was told last; none while only a keyframe may follow.
    shown: Option<(CodecConfig, u32)>,
    state: Option<TileState>,
    retry_at: Option<Instant>,
    vain_looks: u32,
}

impl<'a> FootageTile<'a> {
    pub(crate) fn new(tile: u16, camera: CameraId, base: WallTime, served: Served<'a>) -> Self {
        Self {
            tile,
            feed: Feed { camera, kind: FeedKind::Main },
            cursor: Cursor::Seek(base),
            track: Track::new(tile, camera, base),
            pace: Pace::TRUE,
            sent: Sent::new(camera, served),
            told_to: base,
            shown: None,
            state: None,
            retry_at: None,
            vain_looks: 0,
        }
    }

    pub(crate) fn seek(&mut self, at: WallTime, pace: Pace) {
        self.cursor = if pace.is_backwards() { Cursor::Before(at) } else { Cursor::Seek(at) };
        self.pace = pace;
        self.track.seek();
        (self.told_to, self.shown, self.state) = (at, None, None);
        (self.retry_at, self.vain_looks) = (None, 0);
    }

    /// The moment that comes next.
    pub(crate) fn at(&self) -> WallTime {
        match self.cursor {
            Cursor::Seek(at) | Cursor::Before(at) => at,
            Cursor::Next(chunk) => chunk.start,
            Cursor::Within(group) => group.end,
            Cursor::After(_) | Cursor::Ended => self.told_to,
        }
    }

    /// When what is not durable yet is to be looked for again.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Whether the viewer, who stands at `position`, is to be sent more.
    pub(crate) fn is_ready(&self, now: Instant, position: WallTime) -> bool {
        let ahead = self.pace.ahead();
        match self.cursor {
            Cursor::Ended => false,
            // A chunk longer than the whole lead is sent when the viewer reaches it.
            Cursor::Next(chunk) => chunk.end() <= position + ahead || chunk.start <= position,
            Cursor::Before(at) => at + ahead >= position,
            Cursor::Within(_) => true,
            Cursor::Seek(_) | Cursor::After(_) => self.retry_at.is_none_or(|at| at <= now),
        }
    }

    /// Finds or sends the next chunk.
    pub(crate) fn step(
        &mut self,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) -> Result<(), PlaybackError> {
        match self.cursor {
            Cursor::Seek(at) => {
                let found = reader.seek(self.feed, at)?;
                self.found(found, reader, events);
            }
            Cursor::After(chunk) => {
                let found = reader.next(&chunk)?;
                self.found(found, reader, events);
            }
            Cursor::Next(chunk) => self.step_on(chunk, reader, events)?,
            Cursor::Before(at) => self.find_before(at, reader, events)?,
            Cursor::Within(group) => self.step_within(group, reader, events)?,
            Cursor::Ended => {}
        }
        Ok(())
    }

    /// Sends a chunk and finds what follows.
    fn step_on(
        &mut self,
        chunk: ChunkPlace,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) -> Result<(), PlaybackError> {
        let thin = self.pace.keyframes_only();
        let walk = if thin { self.walk(&chunk, reader)? } else { one_on(&chunk, reader)? };
        self.cursor = Cursor::After(walk.last);
        // Among keyframes one that is no keyframe is only walked over.
        if !thin || chunk.begins_with_keyframe {
            if let Some(mut opened) = self.open(&chunk, reader, events)? {
                if thin {
                    opened.frames.truncate(1);
                    opened.end = walk.end;
                }
                // The last frame stands until the next chunk begins, if that follows at once.
                let last = opened.frames.last().map_or(opened.end, |frame| frame.wall);
                let end = match walk.found {
                    Some(next) if next.start > last && next.start <= opened.end + HOLE => {
                        next.start
                    }
                    _ => opened.end,
                };
                self.send(&opened, end, events);
            }
        } else if chunk.start <= self.told_to + HOLE {
            self.told_to = self.told_to.max(walk.end);
        }
        // At the edge of what is durable there is nothing yet, which is no news.
        if walk.found.is_some() || !reader.may_grow() {
            self.found(walk.found, reader, events);
        }
        Ok(())
    }

    /// A chunk's frames; none, and the tile's state is told, if what lies there cannot be opened.
    pub(crate) fn open(
        &mut self,
        chunk: &ChunkPlace,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) -> Result<Option<OpenedChunk>, PlaybackError> {
        match reader.open(chunk) {
            Ok(opened) => return Ok(Some(opened)),
            Err(OpenFootageError::Destroyed) => self.skip(TileState::Destroyed, events),
            Err(error @ OpenFootageError::Reel { .. }) => {
                tracing::warn!(feed = %self.feed, %error, "footage is skipped");
                self.skip(TileState::Unplayable, events);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(None)
    }

    /// Walks on to the next keyframe that is far enough from a chunk; after a break to the first.
    fn walk(&self, chunk: &ChunkPlace, reader: &FootageReader<'_>) -> Result<Walk, PlaybackError> {
        let (mut last, mut end, mut broken) = (*chunk, chunk.end(), false);
        for _ in 0..MOST_WALKED {
            let Some(next) = reader.next(&last)? else {
                return Ok(Walk { found: None, end, last });
            };
            broken |= next.start > end + HOLE;
            let is_far = broken || next.start >= chunk.start + self.pace.apart();
            if !broken {
                end = end.max(next.start);
            }
            if next.begins_with_keyframe && is_far {
                return Ok(Walk { found: Some(next), end, last });
            }
            if !broken {
                end = end.max(next.end());
            }
            last = next;
        }
        Ok(Walk { found: Some(last), end, last })
    }

    /// Takes what a search found.
    fn found(
        &mut self,
        found: Option<ChunkPlace>,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) {
        (self.retry_at, self.vain_looks) = match found {
            Some(_) => (None, 0),
            None => (Some(Instant::now() + RETRY), self.vain_looks + 1),
        };
        match found {
            Some(chunk) => {
                self.cursor = Cursor::Next(chunk);
                if chunk.start > self.told_to + HOLE {
                    self.tell_gap(self.told_to, Some(chunk.start), events);
                    self.told_to = chunk.start;
                }
            }
            None if reader.may_grow() => {
                if self.vain_looks == VAIN_LOOKS {
                    self.say(TileState::Waiting, events);
                    self.tell_gap(self.told_to, None, events);
                }
            }
            None => {
                let (_, to) = reader.time();
                if to > self.told_to + HOLE {
                    self.tell_gap(self.told_to, Some(to), events);
                }
                (self.cursor, self.retry_at) = (Cursor::Ended, None);
                events.push(MediaEvent::End { tile: self.tile });
            }
        }
    }

    /// Sends a chunk's frames as one fragment, of which the last stands until `end`.
    pub(crate) fn send(
        &mut self,
        opened: &OpenedChunk,
        end: WallTime,
        events: &mut Vec<MediaEvent>,
    ) {
        let Some(first) = opened.frames.first() else { return };
        if opened.codec.is_none() && self.shown.is_none() {
            // Nothing decodes it: its keyframe could not be opened.
            return;
        }
        let mut media = Vec::with_capacity(3);
        if let Err(error) = self.mux(opened, end, &mut media) {
            tracing::warn!(feed = %self.feed, %error, "footage cannot be played");
            return self.skip(TileState::Unplayable, events);
        }
        events.append(&mut media);
        self.say(TileState::Playing, events);
        self.told_to = self.told_to.max(end);
        // Told before it goes out: a viewing that is cut off here has said too much, never too little.
        self.sent.add(first.wall, end);
    }

    /// A chunk's frames as one fragment, announced first if something new decodes them.
    fn mux(
        &mut self,
        opened: &OpenedChunk,
        end: WallTime,
        media: &mut Vec<MediaEvent>,
    ) -> Result<(), PlaybackError> {
        let sample = |frame: &OpenedFrame| Sample {
            bytes: frame.bytes.clone(),
            wall: frame.wall,
            presentation_offset_us: frame.presentation_offset_us,
            keyframe: frame.keyframe,
            duration_us: u32::try_from(end.since(frame.wall).as_micros()).unwrap_or(u32::MAX),
        };
        let samples: Vec<Sample> = opened.frames.iter().map(sample).collect();
        let begin = samples.first().map_or(end, |sample| sample.wall);
        if let Some(codec) = &opened.codec {
            let is_known = self.shown.as_ref().is_some_and(|(known, connection)| {
                known == codec && *connection == opened.connection
            });
            if !is_known {
                media.extend(self.track.begin(begin, codec)?);
                self.shown = Some((codec.clone(), opened.connection));
            }
        }
        media.push(self.track.fragment(&samples)?);
        Ok(())
    }

    /// Goes on behind a chunk that cannot be shown, at a keyframe.
    fn skip(&mut self, state: TileState, events: &mut Vec<MediaEvent>) {
        self.shown = None;
        self.say(state, events);
    }

    fn say(&mut self, state: TileState, events: &mut Vec<MediaEvent>) {
        if self.state != Some(state) {
            self.state = Some(state);
            events.push(MediaEvent::State { tile: self.tile, state });
        }
    }

    /// Its cause is looked up by whoever sends it.
    pub(crate) fn tell_gap(
        &self,
        from: WallTime,
        to: Option<WallTime>,
        events: &mut Vec<MediaEvent>,
    ) {
        events.push(MediaEvent::Gap { tile: self.tile, from, to, cause: None });
    }

    /// The declared cause that covers most of a gap.
    pub(crate) async fn cause_of(
        &self,
        catalog: &Catalog,
        from: WallTime,
        to: WallTime,
    ) -> Option<GapCause> {
        match catalog.gaps(self.feed.camera, self.feed.kind, from, to).await {
            Ok(gaps) => gaps
                .iter()
                .max_by_key(|gap| gap.to.min(to).since(gap.from.max(from)))
                .map(|gap| gap.cause),
            Err(error) => {
                tracing::warn!(%error, "the cause of a gap could not be looked up");
                None
            }
        }
    }
}

/// The very next chunk.
fn one_on(chunk: &ChunkPlace, reader: &FootageReader<'_>) -> Result<Walk, PlaybackError> {
    Ok(Walk { found: reader.next(chunk)?, end: chunk.end(), last: *chunk })
}
