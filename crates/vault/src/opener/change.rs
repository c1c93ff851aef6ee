//! How much the pictures changed, told by the sizes of inter frames: what does not move costs a
//! camera few bytes. It tells when somebody walked by, so it is given like footage: for the cameras
//! and the time of a grant, as long as the grant holds.

use std::time::Duration;

use domain::{Feed, WallTime};
use reel::{FooterEntry, Record, RecordHead, RecordKind, TAG_BYTES};

use super::FootageReader;
use crate::OpenFootageError;
use crate::reels::ReelPlace;

/// The most columns at once.
pub const MOST_CHANGE_COLUMNS: usize = 1440;

/// Headers of chunks read for one column. The index does not say how much of a chunk's bytes is its
/// keyframe, so the header is asked; where many chunks share a column, a few of them must do.
const HEADERS_PER_COLUMN: usize = 4;
/// The header of a chunk of a second is far shorter.
const MOST_FRONT_BYTES: usize = 16 << 10;
/// A chunk that is shorter says little: one large frame would look like a storm.
const SHORTEST_US: u64 = 100_000;

/// How much the pictures of one stretch of time changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// Whether anything was recorded there.
    pub is_recorded: bool,
    /// The most bytes a second of inter frames among the chunks that were looked at; none if it is
    /// not known of any.
    pub most_bytes_per_s: Option<u64>,
}

impl FootageReader<'_> {
    /// How much the pictures of a feed changed in each of so many equal columns of a stretch of
    /// time. What lies outside the grant's time counts as not recorded. At most
    /// [`MOST_CHANGE_COLUMNS`]; where none or no time is asked for, the answer is empty.
    ///
    /// # Errors
    /// If the grant has ended or is for other cameras.
    pub fn changes(
        &self,
        feed: Feed,
        from: WallTime,
        to: WallTime,
        columns: usize,
    ) -> Result<Vec<Change>, OpenFootageError> {
        let (first, end) = self.granted(feed)?;
        let columns = columns.min(MOST_CHANGE_COLUMNS);
        if columns == 0 || to <= from {
            return Ok(Vec::new());
        }
        let mut strip = Strip { from, to, columns: vec![Column::default(); columns] };
        for place in self.shared.reels.between(None, from.max(first), to.min(end)) {
            let fs = &*self.shared.volumes[place.volume].fs;
            // A reel that cannot be read is told of by whoever plays it.
            let entries = self.shared.reels.entries_of(fs, &place, feed).unwrap_or_default();
            for entry in entries.iter().filter(|entry| entry.kind == RecordKind::Chunk) {
                if first <= entry.start && entry.start < end {
                    strip.add(entry, || self.inter_bytes(&place, entry));
                }
            }
        }
        Ok(strip.columns.into_iter().map(|column| column.change).collect())
    }

    /// Bytes of a chunk's inter frames, from its header; none if that cannot be read.
    fn inter_bytes(&self, place: &ReelPlace, entry: &FooterEntry) -> Option<u64> {
        let sealed_bytes = entry.length_bytes.checked_sub(entry.frame_bytes)? as usize;
        let front_bytes = sealed_bytes.checked_sub(TAG_BYTES)?;
        if front_bytes > MOST_FRONT_BYTES {
            return None;
        }
        let file = self.shared.volumes[place.volume].fs.open_read(&place.path).ok()?;
        let mut front = vec![0; front_bytes];
        file.read_at(entry.offset_bytes, &mut front).ok()?;
        let (_, Record::Chunk(header)) = RecordHead::parse(&front, place.header.reel).ok()? else {
            return None;
        };
        let inter = header.frames.iter().filter(|frame| !frame.keyframe);
        Some(inter.map(|frame| u64::from(frame.size_bytes)).sum())
    }
}

#[derive(Clone, Copy, Default)]
struct Column {
    change: Change,
    headers_read: usize,
}

/// Columns that are being filled.
struct Strip {
    from: WallTime,
    to: WallTime,
    columns: Vec<Column>,
}

impl Strip {
    /// Adds a chunk to every column that it touches.
    fn add(&mut self, entry: &FooterEntry, inter_bytes: impl Fn() -> Option<u64>) {
        let end = entry.start + Duration::from_micros(entry.duration_us.max(1));
        if end <= self.from || entry.start >= self.to {
            return;
        }
        let first = self.column_of(entry.start);
        let last = self.column_of(end - Duration::from_micros(1));
        let reads = self.columns[first].headers_read < HEADERS_PER_COLUMN;
        let bytes = if !entry.begins_with_keyframe {
            Some(u64::from(entry.frame_bytes))
        } else if reads {
            self.columns[first].headers_read += 1;
            inter_bytes()
        } else {
            None
        };
        let us = entry.duration_us.max(SHORTEST_US);
        let rate = bytes.map(|bytes| bytes.saturating_mul(1_000_000) / us);
        for column in &mut self.columns[first..=last] {
            column.change.is_recorded = true;
            column.change.most_bytes_per_s = column.change.most_bytes_per_s.max(rate);
        }
    }

    /// The column in which a moment lies; the nearest, if it lies outside.
    fn column_of(&self, at: WallTime) -> usize {
        let (since, whole) =
            (at.since(self.from).as_micros(), self.to.since(self.from).as_micros());
        let column = since * self.columns.len() as u128 / whole.max(1);
        usize::try_from(column).unwrap_or(usize::MAX).min(self.columns.len() - 1)
    }
}
