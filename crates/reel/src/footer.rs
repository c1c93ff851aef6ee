//! The footer of a closed reel: what is in it, and where. Its hash is what the ledger holds.

use domain::{BucketId, Feed, GapCause, ReelId, WallTime};

use crate::fields::{Fields, FormatError, feed_bytes, length_u32, wall_time_bytes};
use crate::gap::{cause_from_number, cause_number};
use crate::keys::sha256;
use crate::{
    Codec, MAX_ENTRIES, MAX_FEEDS, MAX_FOOTER_BYTES, REEL_HEADER_BYTES, RecordKind, TRAILER_BYTES,
};

pub(crate) const MAGIC: [u8; 8] = *b"JIKIMFTR";
const END_MAGIC: [u8; 8] = *b"JIKIMEND";
const VERSION: u16 = 1;
const PART: &str = "footer";
const FIXED_BYTES: usize = 96;
const FEED_BYTES: usize = 80;
const ENTRY_BYTES: usize = 48;
/// Bytes of the trailer that its checksum covers, after all of the footer.
const TRAILER_CHECKED_BYTES: usize = 16;

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
    /// A row per feed and bucket, in order of first appearance; at most [`MAX_FEEDS`].
    pub feeds: Vec<FooterFeed>,
    /// A row per record, in order; a hole between two is damage that recovery stepped over. At most [`MAX_ENTRIES`].
    pub entries: Vec<FooterEntry>,
}

/// What a reel holds of one feed under one bucket; or of one feed's gaps, which have no bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FooterFeed {
    /// The feed.
    pub feed: Feed,
    /// The bucket of the chunks; none in the row of the gaps.
    pub bucket: Option<BucketId>,
    /// By the last keyframe; none if no chunk begins with one.
    pub codec: Option<Codec>,
    /// By the last keyframe, in pixels; 0 without codec.
    pub width: u16,
    /// By the last keyframe, in pixels; 0 without codec.
    pub height: u16,
    /// Chunks, or gaps in the row of the gaps.
    pub records: u32,
    /// Frames of the chunks; frames lost in the row of the gaps.
    pub frames: u64,
    /// Bytes of those frames; 0 in the row of the gaps.
    pub bytes: u64,
    /// The earliest start.
    pub first_start: WallTime,
    /// The latest end.
    pub last_end: WallTime,
}

/// Where one record is, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FooterEntry {
    /// Its number in the reel.
    pub number: u64,
    /// Chunk or gap.
    pub kind: RecordKind,
    /// Where the record begins in the reel.
    pub offset_bytes: u64,
    /// Bytes of the whole record.
    pub length_bytes: u32,
    /// Which row of the table of feeds.
    pub feed_index: u16,
    /// Of the chunk's first frame; the gap's `from`.
    pub start: WallTime,
    /// Of the chunk; of the gap, 0 if the clock was set back meanwhile.
    pub duration_us: u64,
    /// Whether decoding can begin here; false for a gap.
    pub begins_with_keyframe: bool,
    /// Why; of a gap only.
    pub cause: Option<GapCause>,
    /// Frames of the chunk; frames lost in the gap, at most what fits.
    pub frames: u32,
    /// Bytes of the chunk's frames; 0 for a gap.
    pub frame_bytes: u32,
}

/// The last 64 bytes of a closed reel: how long the footer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailer {
    /// Bytes of the footer before the trailer.
    pub footer_bytes: u64,
    checksum: [u8; 32],
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

impl Trailer {
    /// Reads the last [`TRAILER_BYTES`] of a reel.
    ///
    /// # Errors
    /// If the reel does not end with a trailer, or it asks for an impossible footer.
    pub fn parse(bytes: &[u8; TRAILER_BYTES]) -> Result<Self, FooterError> {
        let mut fields = Fields::new("trailer", bytes);
        let footer_bytes = fields.u64()?;
        let version = fields.u16()?;
        let reserved = fields.zeros(6);
        let checksum = fields.array()?;
        let reserved = reserved.and(fields.zeros(8));
        if fields.array()? != END_MAGIC {
            return Err(FooterError::NotClosed);
        }
        if version != VERSION {
            return Err(FooterError::Version(version));
        }
        reserved?;
        if footer_bytes > (MAX_FOOTER_BYTES - TRAILER_BYTES) as u64 {
            return Err(fields.unfit("a footer has at most 64 MiB").into());
        }
        Ok(Self { footer_bytes, checksum })
    }

    /// Bytes of footer and trailer together: what [`Footer::parse`] asks for.
    #[must_use]
    pub const fn whole_bytes(&self) -> u64 {
        self.footer_bytes + TRAILER_BYTES as u64
    }
}

impl Footer {
    /// Footer and trailer: all that follows the last record.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let rows = self.feeds.len() * FEED_BYTES + self.entries.len() * ENTRY_BYTES;
        let mut out = Vec::with_capacity(FIXED_BYTES + rows + TRAILER_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&(self.closed_by as u16).to_le_bytes());
        out.extend_from_slice(&length_u32(self.feeds.len()).to_le_bytes());
        out.extend_from_slice(&length_u32(self.entries.len()).to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(self.reel.as_bytes());
        out.extend_from_slice(&self.content_end_bytes.to_le_bytes());
        out.extend_from_slice(&self.content_hash);
        out.extend_from_slice(&[0; 16]);
        for feed in &self.feeds {
            feed.encode_into(&mut out);
        }
        for entry in &self.entries {
            entry.encode_into(&mut out);
        }
        out.extend_from_slice(&(out.len() as u64).to_le_bytes());
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&[0; 6]);
        let checksum = blake3::hash(&out);
        out.extend_from_slice(checksum.as_bytes());
        out.extend_from_slice(&[0; 8]);
        out.extend_from_slice(&END_MAGIC);
        out
    }

    /// SHA-256 of [`Self::encode`]: what the ledger holds of the reel.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.encode())
    }

    /// Reads footer and trailer, which fill these bytes.
    ///
    /// # Errors
    /// If they are not the footer of a reel that this version can read.
    pub fn parse(bytes: &[u8]) -> Result<Self, FooterError> {
        let (front, last) = bytes.split_last_chunk().ok_or(FooterError::NotClosed)?;
        let trailer = Trailer::parse(last)?;
        if front.len() as u64 != trailer.footer_bytes {
            return Err(
                FormatError { part: "trailer", field: "another length of the footer" }.into()
            );
        }
        let checked = &bytes[..front.len() + TRAILER_CHECKED_BYTES];
        if blake3::hash(checked) != trailer.checksum {
            return Err(FooterError::Checksum);
        }
        let mut fields = Fields::new(PART, front);
        if fields.array()? != MAGIC {
            return Err(fields.unfit("it does not begin with JIKIMFTR").into());
        }
        let version = fields.u16()?;
        if version != VERSION {
            return Err(FooterError::Version(version));
        }
        let footer = Self::parse_fields(&mut fields)?;
        footer.validate()?;
        Ok(footer)
    }

    fn parse_fields(fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        let closed_by = match fields.u16()? {
            1 => Close::Orderly,
            2 => Close::Recovery,
            _ => return Err(fields.unfit("unknown way of closing")),
        };
        let feed_count = limited(fields, MAX_FEEDS, "too many feeds")?;
        let entry_count = limited(fields, MAX_ENTRIES, "too many entries")?;
        fields.zeros(4)?;
        let reel = fields.id()?;
        let content_end_bytes = fields.u64()?;
        let content_hash = fields.array()?;
        fields.zeros(16)?;
        let mut feeds = Vec::with_capacity(feed_count);
        for _ in 0..feed_count {
            feeds.push(FooterFeed::parse(fields)?);
        }
        let mut entries = Vec::with_capacity(entry_count);
        for _ in 0..entry_count {
            entries.push(FooterEntry::parse(fields)?);
        }
        fields.end()?;
        Ok(Self { reel, closed_by, content_end_bytes, content_hash, feeds, entries })
    }

    /// Entries that do not overlap, numbers that rise, rows that exist: a reader may then rely on
    /// it without asking again at each entry.
    fn validate(&self) -> Result<(), FormatError> {
        let unfit = |field| Err(FormatError { part: PART, field });
        let mut offset_bytes = REEL_HEADER_BYTES as u64;
        let mut last_number = None;
        for entry in &self.entries {
            let end_bytes = entry.offset_bytes.checked_add(u64::from(entry.length_bytes));
            let Some(end_bytes) = end_bytes.filter(|_| entry.offset_bytes >= offset_bytes) else {
                return unfit("an entry begins before the one before ends");
            };
            if last_number.is_some_and(|last| entry.number <= last) {
                return unfit("the numbers of its entries do not rise");
            }
            let Some(feed) = self.feeds.get(usize::from(entry.feed_index)) else {
                return unfit("an entry names no row of the feeds");
            };
            if (entry.kind == RecordKind::Chunk) != feed.bucket.is_some() {
                return unfit("an entry names a row of the other kind");
            }
            offset_bytes = end_bytes;
            last_number = Some(entry.number);
        }
        if offset_bytes == self.content_end_bytes {
            Ok(())
        } else {
            unfit("its entries do not end where it begins")
        }
    }
}

fn limited(
    fields: &mut Fields<'_>,
    limit: usize,
    complaint: &'static str,
) -> Result<usize, FormatError> {
    usize::try_from(fields.u32()?)
        .ok()
        .filter(|&count| count <= limit)
        .ok_or(fields.unfit(complaint))
}

impl FooterFeed {
    fn encode_into(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&feed_bytes(self.feed));
        out.push(u8::from(self.bucket.is_some()));
        out.extend_from_slice(&self.codec.map_or(0, Codec::number).to_le_bytes());
        out.extend_from_slice(&self.bucket.map_or([0; 16], |bucket| *bucket.as_bytes()));
        out.extend_from_slice(&self.width.to_le_bytes());
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.records.to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.frames.to_le_bytes());
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.extend_from_slice(&wall_time_bytes(self.first_start));
        out.extend_from_slice(&wall_time_bytes(self.last_end));
    }

    fn parse(fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        let feed = fields.feed()?;
        let has_bucket = fields.u8()?;
        let codec = Codec::from_number(fields.u16()?).ok_or(fields.unfit("unknown codec"))?;
        let bucket = match has_bucket {
            0 => {
                fields.zeros(16)?;
                None
            }
            1 => Some(fields.id()?),
            _ => return Err(fields.unfit("unknown flags of a feed")),
        };
        let (width, height) = (fields.u16()?, fields.u16()?);
        let records = fields.u32()?;
        fields.zeros(4)?;
        let (frames, bytes) = (fields.u64()?, fields.u64()?);
        let (first_start, last_end) = (fields.wall_time()?, fields.wall_time()?);
        Ok(Self {
            feed,
            bucket,
            codec,
            width,
            height,
            records,
            frames,
            bytes,
            first_start,
            last_end,
        })
    }
}

impl FooterEntry {
    fn encode_into(&self, out: &mut Vec<u8>) {
        let kind = match (self.cause, self.begins_with_keyframe) {
            (None, false) => 0,
            (None, true) => 1,
            (Some(cause), _) => 0x100 | cause_number(cause),
        };
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.offset_bytes.to_le_bytes());
        out.extend_from_slice(&self.length_bytes.to_le_bytes());
        out.extend_from_slice(&self.feed_index.to_le_bytes());
        out.extend_from_slice(&u16::to_le_bytes(kind));
        out.extend_from_slice(&wall_time_bytes(self.start));
        out.extend_from_slice(&self.duration_us.to_le_bytes());
        out.extend_from_slice(&self.frames.to_le_bytes());
        out.extend_from_slice(&self.frame_bytes.to_le_bytes());
    }

    fn parse(fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        let (number, offset_bytes) = (fields.u64()?, fields.u64()?);
        let (length_bytes, feed_index) = (fields.u32()?, fields.u16()?);
        let (begins_with_keyframe, cause) = match fields.u16()? {
            0 => (false, None),
            1 => (true, None),
            gap => {
                let cause = gap.checked_sub(0x100).and_then(cause_from_number);
                (false, Some(cause.ok_or(fields.unfit("unknown kind of an entry"))?))
            }
        };
        Ok(Self {
            number,
            kind: if cause.is_some() { RecordKind::Gap } else { RecordKind::Chunk },
            offset_bytes,
            length_bytes,
            feed_index,
            start: fields.wall_time()?,
            duration_us: fields.u64()?,
            begins_with_keyframe,
            cause,
            frames: fields.u32()?,
            frame_bytes: fields.u32()?,
        })
    }
}
