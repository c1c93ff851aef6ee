//! The index at the end of a closed reel: a trailer of fixed length, before it a table with a row
//! for each feed and bucket, before that a block of entries for each row.
//!
//! Whoever looks for one moment of one feed reads the trailer, the table and one block. Each has a
//! checksum of its own: the trailer's is in it, the trailer has the table's, the table each block's.
//! So the hash of table and trailer, which the ledger holds, stands for all of it.

use domain::{ReelId, WallTime};

use crate::fields::{Fields, FormatError, length_u32, wall_time_bytes};
use crate::footer::{Close, FooterError, MAGIC, unfit};
use crate::keys::sha256;
use crate::rows::{ENTRY_BYTES, FooterEntry, FooterFeed, ROW_BYTES};
use crate::{MAX_ENTRIES, MAX_FEEDS, MAX_FOOTER_BYTES, REEL_HEADER_BYTES, TRAILER_BYTES};

const END_MAGIC: [u8; 8] = *b"JIKIMEND";
const VERSION: u16 = 1;
/// Bytes of the footer before its first entry: magic, version, reserved.
const FRONT_BYTES: usize = 16;
/// Bytes of the table before its first row.
const TABLE_HEAD_BYTES: usize = 96;
/// Bytes of the trailer that its own checksum covers.
const TRAILER_CHECKED_BYTES: usize = 80;

/// The last 128 bytes of a closed reel: how long footer and table are, and which time the reel holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailer {
    /// Which reel.
    pub reel: ReelId,
    /// Bytes of the footer before the trailer.
    pub footer_bytes: u64,
    /// Bytes of the table, the last of the footer.
    pub table_bytes: u32,
    /// Earliest start and latest end of its chunks; both 1970 if it has none.
    pub span: (WallTime, WallTime),
    table_checksum: [u8; 32],
}

/// Trailer and table of a closed reel: what it holds of whom, and where the entries of each stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReelIndex {
    /// Which reel.
    pub reel: ReelId,
    /// How it came to its end.
    pub closed_by: Close,
    /// Where the records end and the footer begins.
    pub content_end_bytes: u64,
    /// BLAKE3 chained over the reel's header and the checksums of each record, in order.
    pub content_hash: [u8; 32],
    /// Records, and entries.
    pub records: u32,
    /// A row per feed and bucket, in order of first appearance; at most [`MAX_FEEDS`].
    pub rows: Vec<IndexRow>,
    /// SHA-256 of table and trailer: what the ledger holds of the reel.
    pub hash: [u8; 32],
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexRow {
    /// What the reel holds of a feed.
    pub feed: FooterFeed,
    /// Entries of the rows before it.
    first_entry: u32,
    /// BLAKE3 of its entries.
    checksum: [u8; 32],
}

impl Trailer {
    /// Reads the last [`TRAILER_BYTES`] of a reel.
    ///
    /// # Errors
    /// If the reel does not end with a trailer, it is damaged, or asks for an impossible footer.
    pub fn parse(bytes: &[u8; TRAILER_BYTES]) -> Result<Self, FooterError> {
        if !bytes.ends_with(&END_MAGIC) {
            return Err(FooterError::NotClosed);
        }
        let mut fields = Fields::new("trailer", bytes);
        let footer_bytes = fields.u64()?;
        let version = fields.u16()?;
        let reserved = fields.zeros(2);
        let table_bytes = fields.u32()?;
        let reel = fields.id()?;
        let span = (fields.bytes(8)?, fields.bytes(8)?);
        let table_checksum = fields.array()?;
        let checksum: [u8; 32] = fields.array()?;
        if blake3::hash(&bytes[..TRAILER_CHECKED_BYTES]) != checksum {
            return Err(FooterError::Checksum);
        }
        if version != VERSION {
            return Err(FooterError::Version(version));
        }
        reserved?;
        fields.zeros(8)?;
        let moment = |bytes| Fields::new("trailer", bytes).wall_time();
        let span = (moment(span.0)?, moment(span.1)?);
        if footer_bytes > (MAX_FOOTER_BYTES - TRAILER_BYTES) as u64 {
            return Err(fields.unfit("a footer has at most 64 MiB").into());
        }
        if u64::from(table_bytes) + FRONT_BYTES as u64 > footer_bytes {
            return Err(fields.unfit("the table is longer than the footer").into());
        }
        Ok(Self { reel, footer_bytes, table_bytes, span, table_checksum })
    }

    /// Bytes of footer and trailer together: what [`crate::Footer::parse`] asks for.
    #[must_use]
    pub const fn whole_bytes(&self) -> u64 {
        self.footer_bytes + TRAILER_BYTES as u64
    }

    /// Bytes of table and trailer together, the last of the reel: what [`ReelIndex::parse`] asks for.
    #[must_use]
    pub const fn index_bytes(&self) -> usize {
        self.table_bytes as usize + TRAILER_BYTES
    }
}

impl ReelIndex {
    /// Reads table and trailer, which fill these bytes.
    ///
    /// # Errors
    /// If they are not those of a reel that this version can read.
    pub fn parse(bytes: &[u8]) -> Result<Self, FooterError> {
        let (table, last) = bytes.split_last_chunk().ok_or(FooterError::NotClosed)?;
        let trailer = Trailer::parse(last)?;
        if table.len() != trailer.table_bytes as usize {
            return Err(
                FormatError { part: "trailer", field: "another length of the table" }.into()
            );
        }
        if blake3::hash(table) != trailer.table_checksum {
            return Err(FooterError::Checksum);
        }
        let index = Self::parse_table(table, sha256(bytes))?;
        index.agrees_with(&trailer)?;
        Ok(index)
    }

    fn parse_table(table: &[u8], hash: [u8; 32]) -> Result<Self, FormatError> {
        let mut fields = Fields::new("table", table);
        let reel = fields.id()?;
        let content_end_bytes = fields.u64()?;
        let content_hash = fields.array()?;
        let closed_by = match fields.u16()? {
            1 => Close::Orderly,
            2 => Close::Recovery,
            _ => return Err(fields.unfit("unknown way of closing")),
        };
        fields.zeros(2)?;
        let row_count = fields.count(MAX_FEEDS, "too many feeds")?;
        let records = length_u32(fields.count(MAX_ENTRIES, "too many entries")?);
        fields.zeros(28)?;
        let mut rows = Vec::with_capacity(row_count);
        let mut first_entry = 0_u32;
        for _ in 0..row_count {
            let feed = FooterFeed::parse(&mut fields)?;
            let row = IndexRow { feed, first_entry, checksum: fields.array()? };
            fields.zeros(8)?;
            let next = first_entry.checked_add(row.feed.records).filter(|&next| next <= records);
            first_entry = next.ok_or(fields.unfit("its rows have more entries than it"))?;
            if row.feed.records == 0 {
                return Err(fields.unfit("a row has no entry"));
            }
            rows.push(row);
        }
        fields.end()?;
        if first_entry != records {
            return Err(fields.unfit("its rows have fewer entries than it"));
        }
        Ok(Self { reel, closed_by, content_end_bytes, content_hash, records, rows, hash })
    }

    fn agrees_with(&self, trailer: &Trailer) -> Result<(), FormatError> {
        let expected = (FRONT_BYTES + self.records as usize * ENTRY_BYTES) as u64
            + u64::from(trailer.table_bytes);
        if self.reel != trailer.reel {
            return Err(unfit("table and trailer are of two reels"));
        }
        if trailer.footer_bytes != expected {
            return Err(unfit("the table has another number of entries than the footer"));
        }
        if self.content_end_bytes < REEL_HEADER_BYTES as u64 {
            return Err(unfit("it begins within the reel's header"));
        }
        if trailer.span != span(self.rows.iter().map(|row| &row.feed)) {
            return Err(unfit("the trailer names another time than the rows"));
        }
        Ok(())
    }

    /// Earliest start and latest end of its chunks; both 1970 if it has none.
    #[must_use]
    pub fn span(&self) -> (WallTime, WallTime) {
        span(self.rows.iter().map(|row| &row.feed))
    }

    /// Where the block of a row begins in the reel, and its length in bytes; `None` if there is no
    /// such row.
    #[must_use]
    pub fn block(&self, row: u16) -> Option<(u64, usize)> {
        let row = self.rows.get(usize::from(row))?;
        let before = FRONT_BYTES + row.first_entry as usize * ENTRY_BYTES;
        let offset_bytes = self.content_end_bytes.checked_add(before as u64)?;
        Some((offset_bytes, row.feed.records as usize * ENTRY_BYTES))
    }

    /// Reads the block of a row: its entries, in order of their records.
    ///
    /// # Errors
    /// If there is no such row, or these are not its entries.
    pub fn parse_block(&self, row: u16, bytes: &[u8]) -> Result<Vec<FooterEntry>, FooterError> {
        let of = self.rows.get(usize::from(row)).ok_or(unfit("there is no such row"))?;
        if blake3::hash(bytes) != of.checksum {
            return Err(FooterError::Checksum);
        }
        let mut fields = Fields::new("block", bytes);
        let mut entries = Vec::with_capacity(of.feed.records as usize);
        for _ in 0..of.feed.records {
            entries.push(FooterEntry::parse(&mut fields, row)?);
        }
        fields.end()?;
        self.validate_block(&of.feed, &entries)?;
        Ok(entries)
    }

    fn validate_block(
        &self,
        feed: &FooterFeed,
        entries: &[FooterEntry],
    ) -> Result<(), FormatError> {
        let mut end_bytes = REEL_HEADER_BYTES as u64;
        let mut last_number = None;
        for entry in entries {
            if entry.cause.is_some() == feed.bucket.is_some() {
                return Err(unfit("an entry stands in a row of the other kind"));
            }
            end_bytes = entry.follows(end_bytes, last_number)?;
            last_number = Some(entry.number);
        }
        if end_bytes > self.content_end_bytes {
            return Err(unfit("an entry ends beyond the records"));
        }
        Ok(())
    }
}

fn span<'a>(rows: impl Iterator<Item = &'a FooterFeed>) -> (WallTime, WallTime) {
    let chunks = rows.filter(|row| row.bucket.is_some());
    let spans = chunks.map(|row| (row.first_start, row.last_end));
    spans
        .reduce(|all, row| (all.0.min(row.0), all.1.max(row.1)))
        .unwrap_or((WallTime::EPOCH, WallTime::EPOCH))
}

/// What a footer says besides rows and entries.
pub(crate) struct Content {
    pub(crate) reel: ReelId,
    pub(crate) closed_by: Close,
    pub(crate) end_bytes: u64,
    pub(crate) hash: [u8; 32],
}

/// Footer and trailer; gives also where the table begins in these bytes.
pub(crate) fn encode(
    content: &Content,
    rows: &[FooterFeed],
    entries: &[FooterEntry],
) -> (Vec<u8>, usize) {
    let length = FRONT_BYTES
        + entries.len() * ENTRY_BYTES
        + TABLE_HEAD_BYTES
        + rows.len() * ROW_BYTES
        + TRAILER_BYTES;
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 6]);
    let checksums = append_blocks(&mut out, rows.len(), entries);
    let table_at = out.len();
    append_table(&mut out, content, entries.len(), rows, &checksums);
    append_trailer(&mut out, content.reel, table_at, span(rows.iter()));
    (out, table_at)
}

/// Entries by row, each row's in order; gives the checksum of each block.
fn append_blocks(out: &mut Vec<u8>, rows: usize, entries: &[FooterEntry]) -> Vec<[u8; 32]> {
    let mut order: Vec<u32> = (0..length_u32(entries.len())).collect();
    order.sort_by_key(|&at| entries[at as usize].feed_index);
    let mut order = order.into_iter().map(|at| &entries[at as usize]).peekable();
    (0..rows)
        .map(|row| {
            let begin = out.len();
            while let Some(entry) = order.next_if(|entry| usize::from(entry.feed_index) == row) {
                entry.encode_into(out);
            }
            blake3::hash(&out[begin..]).into()
        })
        .collect()
}

fn append_table(
    out: &mut Vec<u8>,
    content: &Content,
    entries: usize,
    rows: &[FooterFeed],
    checksums: &[[u8; 32]],
) {
    out.extend_from_slice(content.reel.as_bytes());
    out.extend_from_slice(&content.end_bytes.to_le_bytes());
    out.extend_from_slice(&content.hash);
    out.extend_from_slice(&(content.closed_by as u16).to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&length_u32(rows.len()).to_le_bytes());
    out.extend_from_slice(&length_u32(entries).to_le_bytes());
    out.extend_from_slice(&[0; 28]);
    for (row, checksum) in rows.iter().zip(checksums) {
        row.encode_into(out);
        out.extend_from_slice(checksum);
        out.extend_from_slice(&[0; 8]);
    }
}

fn append_trailer(
    out: &mut Vec<u8>,
    reel: ReelId,
    table_at: usize,
    (first, last): (WallTime, WallTime),
) {
    let trailer_at = out.len();
    let table_checksum = blake3::hash(&out[table_at..]);
    out.extend_from_slice(&(trailer_at as u64).to_le_bytes());
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&length_u32(trailer_at - table_at).to_le_bytes());
    out.extend_from_slice(reel.as_bytes());
    out.extend_from_slice(&wall_time_bytes(first));
    out.extend_from_slice(&wall_time_bytes(last));
    out.extend_from_slice(table_checksum.as_bytes());
    let checksum = blake3::hash(&out[trailer_at..]);
    out.extend_from_slice(checksum.as_bytes());
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&END_MAGIC);
}

/// The front of a footer before its first block.
pub(crate) fn parse_front(fields: &mut Fields<'_>) -> Result<(), FooterError> {
    if fields.array()? != MAGIC {
        return Err(fields.unfit("it does not begin with JIKIMFTR").into());
    }
    let version = fields.u16()?;
    if version != VERSION {
        return Err(FooterError::Version(version));
    }
    Ok(fields.zeros(6)?)
}
