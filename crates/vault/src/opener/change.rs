//! How much the pictures changed, told by the sizes of inter frames: what does not move costs a
//! camera few bytes. It tells when somebody walked by, so it is given like footage: for the cameras
//! and the time of a grant, as long as the grant holds.

use std::time::Duration;

use domain::{Feed, WallTime};
use reel::{FooterEntry, RecordKind};

use super::FootageReader;
use crate::OpenFootageError;

/// The most columns at once.
pub const MOST_CHANGE_COLUMNS: usize = 1440;

/// A chunk that is shorter says little: one large frame would look like a storm.
const SHORTEST_US: u64 = 100_000;

/// How much the pictures of one stretch of time changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// Whether anything was recorded there.
    pub is_recorded: bool,
    /// The most bytes a second of inter frames of any chunk in it; none if nothing was
    /// recorded.
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
        let mut strip = Strip { from, to, columns: vec![Change::default(); columns] };
        for place in self.places(from.max(first), to.min(end)) {
            let fs = &*self.shared.volumes[place.volume].fs;
            // A reel that cannot be read is told of by whoever plays it.
            let entries = self.shared.reels.entries_of(fs, &place, feed).unwrap_or_default();
            for entry in entries.iter().filter(|entry| entry.kind == RecordKind::Chunk) {
                if first <= entry.start && entry.start < end {
                    strip.add(entry);
                }
            }
        }
        Ok(strip.columns)
    }
}

/// Columns that are being filled.
struct Strip {
    from: WallTime,
    to: WallTime,
    columns: Vec<Change>,
}

impl Strip {
    /// Adds a chunk to every column that it touches.
    fn add(&mut self, entry: &FooterEntry) {
        let end = entry.start + Duration::from_micros(entry.duration_us.max(1));
        if end <= self.from || entry.start >= self.to {
            return;
        }
        let first = self.column_of(entry.start);
        let last = self.column_of(end - Duration::from_micros(1));
        let us = entry.duration_us.max(SHORTEST_US);
        let rate = u64::from(entry.inter_bytes) * 1_000_000 / us;
        for column in &mut self.columns[first..=last] {
            column.is_recorded = true;
            column.most_bytes_per_s = column.most_bytes_per_s.max(Some(rate));
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
