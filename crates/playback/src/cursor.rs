//! One tile of recorded footage: where it stands, and what comes next.

use std::time::Duration;

use catalog::Catalog;
use domain::{CameraId, Feed, FeedKind, GapCause, WallTime};
use tokio::time::Instant;
use vault::{ChunkPlace, CodecConfig, FootageReader, OpenFootageError, OpenedChunk, OpenedFrame};

use crate::error::PlaybackError;
use crate::served::{HOLE, Sent, Served};
use crate::track::{Sample, Track};
use crate::{MediaEvent, TileState};

/// What is not durable yet is looked for again after this.
const RETRY: Duration = Duration::from_secs(1);
/// After looking so often in vain, it is a gap.
const VAIN_LOOKS: u32 = 4;

/// Where a tile stands.
#[derive(Debug, Clone, Copy)]
enum Cursor {
    /// The chunk with which to begin is to be found.
    Seek(WallTime),
    /// This chunk is to be opened next.
    Next(ChunkPlace),
    /// What follows this chunk is not known yet.
    After(ChunkPlace),
    /// Nothing more is in the grant.
    Ended,
}

pub(crate) struct FootageTile<'a> {
    tile: u16,
    feed: Feed,
    cursor: Cursor,
    track: Track,
    sent: Sent<'a>,
    /// Up to where there is nothing more to say: footage was sent, or a gap was told.
    told_to: WallTime,
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
            sent: Sent::new(camera, served),
            told_to: base,
            shown: None,
            state: None,
            retry_at: None,
            vain_looks: 0,
        }
    }

    pub(crate) fn seek(&mut self, at: WallTime) {
        self.cursor = Cursor::Seek(at);
        self.track.seek();
        (self.told_to, self.shown, self.state) = (at, None, None);
        (self.retry_at, self.vain_looks) = (None, 0);
    }

    /// The moment that comes next.
    pub(crate) fn at(&self) -> WallTime {
        match self.cursor {
            Cursor::Seek(at) => at,
            Cursor::Next(chunk) => chunk.start,
            Cursor::After(_) | Cursor::Ended => self.told_to,
        }
    }

    /// When what is not durable yet is to be looked for again.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        self.retry_at
    }

    pub(crate) fn is_ready(&self, now: Instant, position: WallTime, horizon: WallTime) -> bool {
        match self.cursor {
            Cursor::Ended => false,
            // A chunk longer than the whole lead is sent when the viewer reaches it.
            Cursor::Next(chunk) => chunk.end() <= horizon || chunk.start <= position,
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
            Cursor::Next(chunk) => {
                let opened = reader.open(&chunk);
                let found = reader.next(&chunk)?;
                self.cursor = Cursor::After(chunk);
                match opened {
                    Ok(opened) => self.send(&opened, found, events),
                    Err(OpenFootageError::Destroyed) => self.skip(TileState::Destroyed, events),
                    Err(error @ OpenFootageError::Reel { .. }) => {
                        tracing::warn!(feed = %self.feed, %error, "footage is skipped");
                        self.skip(TileState::Unplayable, events);
                    }
                    Err(error) => return Err(error.into()),
                }
                // At the edge of what is durable there is nothing yet, which is no news.
                if found.is_some() || !reader.may_grow() {
                    self.found(found, reader, events);
                }
            }
            Cursor::Ended => {}
        }
        Ok(())
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
                    self.tell_gap(Some(chunk.start), events);
                    self.told_to = chunk.start;
                }
            }
            None if reader.may_grow() => {
                if self.vain_looks == VAIN_LOOKS {
                    self.say(TileState::Waiting, events);
                    self.tell_gap(None, events);
                }
            }
            None => {
                let (_, to) = reader.time();
                if to > self.told_to + HOLE {
                    self.tell_gap(Some(to), events);
                }
                (self.cursor, self.retry_at) = (Cursor::Ended, None);
                events.push(MediaEvent::End { tile: self.tile });
            }
        }
    }

    /// Sends a chunk's frames as one fragment.
    fn send(
        &mut self,
        opened: &OpenedChunk,
        next: Option<ChunkPlace>,
        events: &mut Vec<MediaEvent>,
    ) {
        let (Some(first), Some(last)) = (opened.frames.first(), opened.frames.last()) else {
            return;
        };
        if opened.codec.is_none() && self.shown.is_none() {
            // Nothing decodes it: its keyframe could not be opened.
            return;
        }
        // The last frame stands until the next chunk begins, if that follows at once.
        let end = match next {
            Some(next) if next.start > last.wall && next.start <= opened.end + HOLE => next.start,
            _ => opened.end,
        };
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
    fn tell_gap(&self, to: Option<WallTime>, events: &mut Vec<MediaEvent>) {
        events.push(MediaEvent::Gap { tile: self.tile, from: self.told_to, to, cause: None });
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
