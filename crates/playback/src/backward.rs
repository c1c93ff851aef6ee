//! One tile played backwards: groups of pictures, the later one first. Within a group frames come
//! in the order of decoding; the viewer shows them the other way round.

use std::time::Duration;

use domain::WallTime;
use vault::{ChunkPlace, FootageReader};

use crate::MediaEvent;
use crate::cursor::{Cursor, FootageTile, Group};
use crate::error::PlaybackError;
use crate::served::HOLE;

/// Of a longer group only the keyframe is sent: all of it would have to be there before its last
/// frame is shown.
const LONGEST_GROUP: Duration = Duration::from_secs(30);
/// Chunks that are walked over to find where a group ends.
const MOST_WALKED: usize = 600;

impl FootageTile<'_> {
    /// Finds the group before a moment, and tells what is missing between the two.
    pub(crate) fn find_before(
        &mut self,
        at: WallTime,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) -> Result<(), PlaybackError> {
        let Some(group) = self.group_before(at, reader)? else {
            let (from, _) = reader.time();
            if from + HOLE < at {
                self.tell_gap(from, Some(at), events);
            }
            self.cursor = Cursor::Ended;
            events.push(MediaEvent::End { tile: self.tile });
            return Ok(());
        };
        if group.end + HOLE < at {
            self.tell_gap(group.end, Some(at), events);
        }
        self.cursor = Cursor::Within(group);
        Ok(())
    }

    fn group_before(
        &self,
        at: WallTime,
        reader: &FootageReader<'_>,
    ) -> Result<Option<Group>, PlaybackError> {
        let Some(nearest) = reader.before(self.feed, at)? else { return Ok(None) };
        let mut first = nearest;
        let mut end = run_of(&first, at, reader)?;
        // Keyframes that stand close together are left out, but never across a break.
        let apart = self.pace.apart();
        if self.pace.keyframes_only() && end + HOLE >= at && at.since(first.start) < apart {
            let further = reader.before(self.feed, (at - apart) + Duration::from_micros(1))?;
            if let Some(further) = further {
                let reaches = run_of(&further, at, reader)?;
                if reaches + HOLE >= at {
                    (first, end) = (further, reaches);
                }
            }
        }
        let is_long = end.since(first.start) > LONGEST_GROUP;
        let keyframe_only = self.pace.keyframes_only() || is_long;
        Ok(Some(Group { first, next: first, end, keyframe_only }))
    }

    /// Sends the next chunk of a group.
    pub(crate) fn step_within(
        &mut self,
        group: Group,
        reader: &FootageReader<'_>,
        events: &mut Vec<MediaEvent>,
    ) -> Result<(), PlaybackError> {
        let chunk = group.next;
        if chunk == group.first {
            self.track.seek();
        }
        self.cursor = Cursor::Before(group.first.start);
        self.told_to = group.first.start;
        let Some(mut opened) = self.open(&chunk, reader, events)? else {
            self.tell_gap(chunk.start, Some(group.end), events);
            return Ok(());
        };
        if group.keyframe_only {
            opened.frames.truncate(1);
            self.send(&opened, group.end, events);
        } else {
            let next = reader.next(&chunk)?.filter(|next| {
                next.start < group.end
                    && next.start <= chunk.end() + HOLE
                    && !next.begins_with_keyframe
            });
            let end = next.map_or(group.end.max(opened.end), |next| next.start);
            self.send(&opened, end, events);
            if let Some(next) = next {
                self.cursor = Cursor::Within(Group { next, ..group });
            }
        }
        self.told_to = group.first.start;
        Ok(())
    }
}

/// How far footage goes on from a chunk without a break, at most to `to`.
fn run_of(
    chunk: &ChunkPlace,
    to: WallTime,
    reader: &FootageReader<'_>,
) -> Result<WallTime, PlaybackError> {
    let (mut last, mut end) = (*chunk, chunk.end());
    for _ in 0..MOST_WALKED {
        match reader.next(&last)? {
            Some(next) if next.start <= end + HOLE && next.start < to => {
                end = end.max(next.end());
                last = next;
            }
            // What follows at once: the last frame stands until there.
            Some(next) if next.start <= end + HOLE => return Ok(next.start.min(to)),
            _ => return Ok(end.min(to)),
        }
    }
    // A group without end: its keyframe stands for all of it.
    Ok(to)
}
