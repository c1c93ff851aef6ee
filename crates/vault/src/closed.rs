//! A reel that is closed: what of it is entered and listed.

use std::sync::Arc;

use domain::{Feed, VolumeId, WallTime};
use host::File;
use reel::{FooterEntry, ReelHeader, ReelIndex};

use crate::index::{IndexError, read_gaps, read_index};

/// A reel that is closed, with all that is to be listed of it: no chunk by itself, so that many of
/// them can wait to be listed.
#[derive(Debug, Clone)]
pub struct ClosedReel {
    /// Where it lies.
    pub volume: VolumeId,
    /// Its first bytes, read.
    pub header: ReelHeader,
    /// Its table and trailer, read.
    pub index: Arc<ReelIndex>,
    /// The gaps in it, with whose they are.
    pub gaps: Vec<(Feed, FooterEntry)>,
    /// Its length.
    pub length_bytes: u64,
}

impl ClosedReel {
    /// When it is due.
    #[must_use]
    pub fn expires_at(&self) -> WallTime {
        self.header.retention.expires_at(self.header.bucket_start)
    }

    /// Of a reel whose footer was just written.
    pub(crate) fn written(
        volume: VolumeId,
        header: ReelHeader,
        footer: &reel::Footer,
        index: ReelIndex,
        length_bytes: u64,
    ) -> Self {
        let gaps = footer.entries.iter().filter(|entry| entry.cause.is_some());
        let of = |entry: &FooterEntry| footer.feeds[usize::from(entry.feed_index)].feed;
        let gaps = gaps.map(|entry| (of(entry), *entry)).collect();
        Self { volume, header, index: Arc::new(index), gaps, length_bytes }
    }

    /// Of a reel that is there: its table and the blocks of its gaps are read, and no others.
    pub(crate) fn read(
        file: &dyn File,
        volume: VolumeId,
        header: ReelHeader,
    ) -> Result<Self, IndexError> {
        let index = Arc::new(read_index(file, header.reel)?);
        let gaps = read_gaps(file, &index)?;
        Ok(Self { volume, header, index, gaps, length_bytes: file.len()? })
    }
}
