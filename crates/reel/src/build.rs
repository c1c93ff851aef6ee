//! Making a footer from records as they are appended, or as they are found by a scan: the same one.

use std::collections::HashMap;
use std::time::Duration;

use domain::{BucketId, Feed, WallTime};

use crate::footer::{Close, Footer};
use crate::rows::{FooterEntry, FooterFeed};
use crate::{
    ChunkHeader, GapRecord, MAX_ENTRIES, MAX_FEEDS, REEL_HEADER_BYTES, Record, RecordHead,
    ReelHeader,
};

/// Collects what the footer says, record by record.
///
/// Memory: some 80 bytes per record.
#[derive(Debug)]
pub struct FooterBuilder {
    footer: Footer,
    rows: HashMap<(Feed, Option<BucketId>), u16>,
}

/// Why a record does not belong into this footer. The reel is to be closed, and the record
/// written to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddRecordError {
    /// [`MAX_ENTRIES`] records or [`MAX_FEEDS`] feeds are in it.
    #[error("the reel is full: close it and open another")]
    Full,
    /// Numbers rise within a reel.
    #[error("record {number} cannot follow record {after}")]
    OutOfOrder {
        /// Its number.
        number: u64,
        /// The number before it.
        after: u64,
    },
    /// The record was made for another reel.
    #[error("the record belongs to another reel")]
    WrongReel,
}

impl FooterBuilder {
    /// For a reel without records yet.
    #[must_use]
    pub fn new(header: &ReelHeader) -> Self {
        let content_hash = blake3::hash(&header.encode()).into();
        let footer = Footer {
            reel: header.reel,
            closed_by: Close::Orderly,
            content_end_bytes: REEL_HEADER_BYTES as u64,
            content_hash,
            feeds: Vec::new(),
            entries: Vec::new(),
        };
        Self { footer, rows: HashMap::new() }
    }

    /// Where the next record begins in the reel.
    #[must_use]
    pub const fn next_offset_bytes(&self) -> u64 {
        self.footer.content_end_bytes
    }

    /// Leaves a hole: what recovery found damaged and stepped over ([`crate::Scanner::step_over`]).
    /// The next record begins at `offset_bytes`; an offset before it changes nothing.
    pub fn skip_to(&mut self, offset_bytes: u64) {
        self.footer.content_end_bytes = self.footer.content_end_bytes.max(offset_bytes);
    }

    /// What was added so far.
    #[must_use]
    pub fn entries(&self) -> &[FooterEntry] {
        &self.footer.entries
    }

    /// The table of feeds so far.
    #[must_use]
    pub fn feeds(&self) -> &[FooterFeed] {
        &self.footer.feeds
    }

    /// Adds a chunk that [`crate::seal_chunk`] made.
    ///
    /// # Errors
    /// If it cannot follow; nothing is then added.
    pub fn add_chunk(
        &mut self,
        head: &RecordHead,
        header: &ChunkHeader,
    ) -> Result<(), AddRecordError> {
        let frames = u32::try_from(header.frames.len()).unwrap_or(u32::MAX);
        let inter = header.frames.iter().filter(|frame| !frame.keyframe);
        let (count, bytes, largest) = inter.fold((0, 0, 0), |(count, bytes, largest), frame| {
            (count + 1, frame.size_bytes.saturating_add(bytes), frame.size_bytes.max(largest))
        });
        let keyframes = frames - count;
        let entry = FooterEntry {
            begins_with_keyframe: header.begins_with_keyframe,
            duration_us: header.duration_us,
            frames,
            keyframes: u16::try_from(keyframes).unwrap_or(u16::MAX),
            frame_bytes: u32::try_from(header.plaintext_bytes()).unwrap_or(u32::MAX),
            inter_bytes: bytes,
            largest_inter_bytes: largest,
            ..entry(head, header.number, header.start)
        };
        let end = header.start + Duration::from_micros(header.duration_us);
        let row = self.add(head, entry, (header.feed, Some(header.bucket)), end)?;
        row.frames += u64::from(frames);
        row.keyframes = row.keyframes.saturating_add(keyframes);
        row.bytes += header.plaintext_bytes();
        row.inter_bytes += u64::from(bytes);
        if let Some(codec) = &header.codec {
            row.codec = Some(codec.kind);
            row.width = codec.width;
            row.height = codec.height;
        }
        Ok(())
    }

    /// Adds a gap that [`crate::append_gap`] made.
    ///
    /// # Errors
    /// If it cannot follow; nothing is then added.
    pub fn add_gap(&mut self, head: &RecordHead, gap: &GapRecord) -> Result<(), AddRecordError> {
        let duration_us = u64::try_from(gap.to.since(gap.from).as_micros()).unwrap_or(u64::MAX);
        let entry = FooterEntry {
            cause: Some(gap.cause),
            duration_us,
            frames: u32::try_from(gap.frames_lost).unwrap_or(u32::MAX),
            ..entry(head, gap.number, gap.from)
        };
        let row = self.add(head, entry, (gap.feed, None), gap.to.max(gap.from))?;
        row.frames = row.frames.saturating_add(gap.frames_lost);
        Ok(())
    }

    /// Adds a record that was found in the reel.
    ///
    /// # Errors
    /// If it cannot follow; nothing is then added.
    pub fn add_record(&mut self, head: &RecordHead, record: &Record) -> Result<(), AddRecordError> {
        match record {
            Record::Chunk(header) => self.add_chunk(head, header),
            Record::Gap(gap) => self.add_gap(head, gap),
        }
    }

    /// The footer; its bytes go to [`Self::next_offset_bytes`].
    #[must_use]
    pub fn finish(self, closed_by: Close) -> Footer {
        Footer { closed_by, ..self.footer }
    }

    /// Adds what chunk and gap have in common; gives the row for the rest.
    fn add(
        &mut self,
        head: &RecordHead,
        mut entry: FooterEntry,
        of: (Feed, Option<BucketId>),
        end: WallTime,
    ) -> Result<&mut FooterFeed, AddRecordError> {
        let footer = &mut self.footer;
        if head.reel != footer.reel {
            return Err(AddRecordError::WrongReel);
        }
        let last = footer.entries.last().map(|last| last.number);
        if let Some(after) = last.filter(|&after| entry.number <= after) {
            return Err(AddRecordError::OutOfOrder { number: entry.number, after });
        }
        let index = self.rows.get(&of).copied();
        let known = index.is_some() || footer.feeds.len() < MAX_FEEDS;
        if footer.entries.len() >= MAX_ENTRIES || !known {
            return Err(AddRecordError::Full);
        }
        let index = index.unwrap_or_else(|| {
            let index = u16::try_from(footer.feeds.len()).expect("at most 4096 feeds");
            footer.feeds.push(empty_row(of, entry.start, end));
            self.rows.insert(of, index);
            index
        });
        entry.feed_index = index;
        entry.offset_bytes = footer.content_end_bytes;
        footer.content_end_bytes += head.length_bytes();
        footer.content_hash = chain(&footer.content_hash, head);
        footer.entries.push(entry);

        let row = &mut footer.feeds[usize::from(index)];
        row.records += 1;
        row.first_start = row.first_start.min(entry.start);
        row.last_end = row.last_end.max(end);
        Ok(row)
    }
}

/// An entry of nothing yet but its number, length and start.
fn entry(head: &RecordHead, number: u64, start: WallTime) -> FooterEntry {
    FooterEntry {
        number,
        kind: head.kind,
        offset_bytes: 0,
        length_bytes: u32::try_from(head.length_bytes()).expect("a record has at most 33 MiB"),
        feed_index: 0,
        start,
        duration_us: 0,
        begins_with_keyframe: false,
        cause: None,
        frames: 0,
        keyframes: 0,
        frame_bytes: 0,
        inter_bytes: 0,
        largest_inter_bytes: 0,
    }
}

fn empty_row(
    (feed, bucket): (Feed, Option<BucketId>),
    first_start: WallTime,
    last_end: WallTime,
) -> FooterFeed {
    FooterFeed {
        feed,
        bucket,
        codec: None,
        width: 0,
        height: 0,
        records: 0,
        keyframes: 0,
        frames: 0,
        bytes: 0,
        first_start,
        last_end,
        inter_bytes: 0,
    }
}

/// One link: BLAKE3 of the hash so far, the record's header checksum and its body checksum.
fn chain(so_far: &[u8; 32], head: &RecordHead) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(so_far).update(&head.header_checksum).update(&head.body_checksum);
    hasher.finalize().into()
}
