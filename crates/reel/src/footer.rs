//! The footer of a closed reel, whole: what is in it, and where, in order of the records.
//!
//! For whoever writes, recovers or checks a reel. Whoever looks for a moment reads
//! [`crate::ReelIndex`] and one block.

use std::collections::HashSet;

use domain::ReelId;

use crate::fields::{Fields, FormatError};
use crate::index::{self, Content, ReelIndex, parse_front};
use crate::keys::sha256;
use crate::rows::{FooterEntry, FooterFeed};
use crate::{REEL_HEADER_BYTES, RecordKind, TRAILER_BYTES, Trailer};

pub(crate) const MAGIC: [u8; 8] = *b"JIKIMFTR";

/// How a reel came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Close {
    /// By the recorder that wrote it.
    Orderly = 1,
    /// At the next start, after a crash: what was torn was cut off.
    Recovery = 2,
}

/// What is in a closed reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// Which reel.
    pub reel: ReelId,
    /// How it came to its end.
    pub closed_by: Close,
    /// Where the records end and the footer begins.
    pub content_end_bytes: u64,
    /// BLAKE3 chained over the reel's header and the checksums of each record, in order.
    pub content_hash: [u8; 32],
    /// A row per feed and bucket, in order of first appearance; at most [`crate::MAX_FEEDS`].
    pub feeds: Vec<FooterFeed>,
    /// A row per record, in order; a hole between two is damage that recovery stepped over. At most
    /// [`crate::MAX_ENTRIES`].
    pub entries: Vec<FooterEntry>,
}

/// Why bytes are not the footer of a reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FooterError {
    /// No trailer at the end: still being written, or its writer crashed.
    #[error("the reel was not closed: it does not end with a footer")]
    NotClosed,
    /// Damaged.
    #[error("the reel's footer is damaged: its checksum does not match")]
    Checksum,
    /// A version to come.
    #[error(
        "the footer has version {0}, which this version of Jikim does not know; use a later one"
    )]
    Version(u16),
    /// The checksum is right, and the content impossible.
    #[error(transparent)]
    Format(#[from] FormatError),
}

pub(crate) const fn unfit(field: &'static str) -> FormatError {
    FormatError { part: "footer", field }
}

impl Footer {
    /// Footer and trailer: all that follows the last record.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with_table().0
    }

    fn encode_with_table(&self) -> (Vec<u8>, usize) {
        let content = Content {
            reel: self.reel,
            closed_by: self.closed_by,
            end_bytes: self.content_end_bytes,
            hash: self.content_hash,
        };
        index::encode(&content, &self.feeds, &self.entries)
    }

    /// SHA-256 of table and trailer: what the ledger holds of the reel.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let (bytes, table_at) = self.encode_with_table();
        sha256(&bytes[table_at..])
    }

    /// What [`Self::encode`] gives, with the index that a reader makes of it.
    ///
    /// # Panics
    /// If it is no footer of a reel: rows without entries, entries without rows. A builder and
    /// [`Self::parse`] give none such.
    #[must_use]
    pub fn encode_with_index(&self) -> (Vec<u8>, ReelIndex) {
        let (bytes, table_at) = self.encode_with_table();
        let index = ReelIndex::parse(&bytes[table_at..]).expect("what was encoded can be read");
        (bytes, index)
    }

    /// Reads footer and trailer, which fill these bytes.
    ///
    /// # Errors
    /// If they are not the footer of a reel that this version can read.
    pub fn parse(bytes: &[u8]) -> Result<Self, FooterError> {
        let (front, last) =
            bytes.split_last_chunk::<TRAILER_BYTES>().ok_or(FooterError::NotClosed)?;
        let trailer = Trailer::parse(last)?;
        if front.len() as u64 != trailer.footer_bytes {
            return Err(
                FormatError { part: "trailer", field: "another length of the footer" }.into()
            );
        }
        let table_at = bytes.len() - trailer.index_bytes();
        let index = ReelIndex::parse(&bytes[table_at..])?;
        let mut fields = Fields::new("footer", &bytes[..table_at]);
        parse_front(&mut fields)?;
        let mut entries = Vec::with_capacity(index.records as usize);
        for row in (0..).take(index.rows.len()) {
            let (_, length) = index.block(row).ok_or(unfit("it ends beyond every file"))?;
            entries.extend(index.parse_block(row, fields.bytes(length)?)?);
        }
        fields.end()?;
        entries.sort_by_key(|entry| entry.offset_bytes);
        let footer = Self {
            reel: index.reel,
            closed_by: index.closed_by,
            content_end_bytes: index.content_end_bytes,
            content_hash: index.content_hash,
            feeds: index.rows.iter().map(|row| row.feed).collect(),
            entries,
        };
        footer.validate()?;
        Ok(footer)
    }

    /// Entries that do not overlap, numbers that rise over all rows, rows that differ and stand in
    /// order of appearance.
    fn validate(&self) -> Result<(), FormatError> {
        let mut offset_bytes = REEL_HEADER_BYTES as u64;
        let mut last_number = None;
        let mut rows = 0;
        let unlike: HashSet<_> = self.feeds.iter().map(|row| (row.feed, row.bucket)).collect();
        if unlike.len() != self.feeds.len() {
            return Err(unfit("two rows are of the same feed and bucket"));
        }
        for entry in &self.entries {
            offset_bytes = entry.follows(offset_bytes, last_number)?;
            last_number = Some(entry.number);
            let row = usize::from(entry.feed_index);
            if row > rows {
                return Err(unfit("its rows are not in order of their first records"));
            }
            rows = rows.max(row + 1);
            if (entry.kind == RecordKind::Chunk) != self.feeds[row].bucket.is_some() {
                return Err(unfit("an entry stands in a row of the other kind"));
            }
        }
        if offset_bytes == self.content_end_bytes {
            Ok(())
        } else {
            Err(unfit("its entries do not end where it begins"))
        }
    }
}
