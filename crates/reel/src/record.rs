//! The frame around every chunk and gap: what a keyless reader needs to walk and to check a reel.

use domain::ReelId;

use crate::fields::{Fields, FormatError, length_u32};
use crate::{
    ChunkHeader, GapRecord, MAX_HEADER_BYTES, MAX_PLAINTEXT_BYTES, RECORD_HEAD_BYTES, Suite,
    SuiteError, TAG_BYTES,
};

pub(crate) const MAGIC: [u8; 8] = *b"JIKIMREC";
const VERSION: u16 = 1;
const HEADER_CHECKSUM_AT: usize = 8;
const BODY_CHECKSUM_AT: usize = 40;
/// From here to the end of the header: the associated data of the ciphertext.
pub(crate) const AAD_AT: usize = 72;
const LENGTHS_AT: usize = 96;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum RecordKind {
    /// Sealed frames of one feed.
    Chunk = 1,
    /// Why there are none.
    Gap = 2,
}

impl RecordKind {
    const fn from_number(number: u16) -> Option<Self> {
        match number {
            1 => Some(Self::Chunk),
            2 => Some(Self::Gap),
            _ => None,
        }
    }
}

/// The fixed first [`RECORD_HEAD_BYTES`] of a record, read; all limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// Chunk or gap.
    pub kind: RecordKind,
    /// How the body is sealed.
    pub suite: Suite,
    /// The reel it was written for.
    pub reel: ReelId,
    /// Bytes of the plain header.
    pub header_bytes: u32,
    /// Bytes of ciphertext and tag; 0 for a gap.
    pub body_bytes: u32,
    /// BLAKE3 of all from the body's checksum to the end of the header.
    pub header_checksum: [u8; 32],
    /// BLAKE3 of ciphertext and tag.
    pub body_checksum: [u8; 32],
}

/// Which checksum did not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Of head and header.
    Header,
    /// Of ciphertext and tag.
    Body,
}

/// Why bytes are not a whole record of this reel. Found without any key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It ends before its own length.
    #[error("the record is torn: {have_bytes} of {need_bytes} bytes are there")]
    Torn {
        /// Bytes that are there.
        have_bytes: u64,
        /// Bytes that its head asks for.
        need_bytes: u64,
    },
    /// Another magic.
    #[error("no record begins here")]
    NotARecord,
    /// A length above the limits of the format.
    #[error("the record's head is damaged: it asks for more bytes than a record may have")]
    TooLarge,
    /// Damaged.
    #[error("the record is damaged: the checksum of its {part:?} does not match")]
    Checksum {
        /// Which.
        part: Part,
    },
    /// A version to come.
    #[error(
        "the record has version {0}, which this version of Jikim does not know; use a later one"
    )]
    Version(u16),
    /// A kind to come.
    #[error("the record has kind {0}, which this version of Jikim does not know; use a later one")]
    Kind(u16),
    /// A suite to come.
    #[error("the record cannot be opened")]
    Suite(#[from] SuiteError),
    /// Written for another reel: spliced in, or left over on a reused block.
    #[error("the record was written for reel {found}, not for {expected}")]
    WrongReel {
        /// The reel that is read.
        expected: ReelId,
        /// The reel that the record names.
        found: ReelId,
    },
    /// Numbers rise within a reel.
    #[error("record {number} follows record {after}: records were moved or written twice")]
    OutOfOrder {
        /// Its number.
        number: u64,
        /// The number before it.
        after: u64,
    },
    /// The checksums are right, and the content impossible.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl RecordHead {
    /// Bytes of the whole record.
    #[must_use]
    pub const fn length_bytes(&self) -> u64 {
        RECORD_HEAD_BYTES as u64 + self.header_bytes as u64 + self.body_bytes as u64
    }

    /// Where the body begins within the record.
    pub(crate) fn body_at(&self) -> usize {
        RECORD_HEAD_BYTES + as_usize(self.header_bytes)
    }

    /// Reads head and plain header, which `bytes` begin with, and checks all of them but the body:
    /// what an opener needs to find the key. `bytes` need not reach beyond the header.
    ///
    /// # Errors
    /// If they are not the front of an undamaged record of the reel `expected`.
    pub fn parse(bytes: &[u8], expected: ReelId) -> Result<(Self, Record), RecordError> {
        let lengths = Lengths::parse(bytes)?;
        let body_at = RECORD_HEAD_BYTES + lengths.header;
        let have_bytes = bytes.len() as u64;
        let front = bytes
            .get(..body_at)
            .ok_or(RecordError::Torn { have_bytes, need_bytes: body_at as u64 })?;
        // Before version, kind and suite: a flipped bit must not read as "made by a later version".
        let header_checksum = array_at(front, HEADER_CHECKSUM_AT);
        if blake3::hash(&front[BODY_CHECKSUM_AT..]) != header_checksum {
            return Err(RecordError::Checksum { part: Part::Header });
        }
        let mut fields = Fields::new("record's head", &front[AAD_AT..LENGTHS_AT]);
        let version = fields.u16()?;
        if version != VERSION {
            return Err(RecordError::Version(version));
        }
        let number = fields.u16()?;
        let kind = RecordKind::from_number(number).ok_or(RecordError::Kind(number))?;
        let suite = Suite::from_number(fields.u16()?)?;
        fields.zeros(2)?;
        let reel = fields.id()?;
        if reel != expected {
            return Err(RecordError::WrongReel { expected, found: reel });
        }
        let head = Self {
            kind,
            suite,
            reel,
            header_bytes: length_u32(lengths.header),
            body_bytes: length_u32(lengths.body),
            header_checksum,
            body_checksum: array_at(front, BODY_CHECKSUM_AT),
        };
        let record = Record::parse(&head, &front[RECORD_HEAD_BYTES..])?;
        Ok((head, record))
    }
}

/// The two lengths of a record, within their limits, and not yet checked against any checksum.
pub(crate) struct Lengths {
    pub(crate) header: usize,
    pub(crate) body: usize,
}

impl Lengths {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let head: &[u8; RECORD_HEAD_BYTES] = bytes.first_chunk().ok_or(RecordError::Torn {
            have_bytes: bytes.len() as u64,
            need_bytes: RECORD_HEAD_BYTES as u64,
        })?;
        if head[..8] != MAGIC {
            return Err(RecordError::NotARecord);
        }
        let mut fields = Fields::new("record's head", &head[LENGTHS_AT..]);
        let (header, body) = (as_usize(fields.u32()?), as_usize(fields.u32()?));
        if header > MAX_HEADER_BYTES || body > MAX_PLAINTEXT_BYTES + TAG_BYTES {
            return Err(RecordError::TooLarge);
        }
        Ok(Self { header, body })
    }
}

/// The plain part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The header of a chunk.
    Chunk(ChunkHeader),
    /// A gap.
    Gap(GapRecord),
}

impl Record {
    /// Its number in the reel.
    #[must_use]
    pub const fn number(&self) -> u64 {
        match self {
            Self::Chunk(header) => header.number,
            Self::Gap(gap) => gap.number,
        }
    }

    fn parse(head: &RecordHead, header: &[u8]) -> Result<Self, FormatError> {
        let (record, body_bytes) = match head.kind {
            RecordKind::Chunk => {
                let header = ChunkHeader::parse(header)?;
                let body_bytes = header.plaintext_bytes() + TAG_BYTES as u64;
                (Self::Chunk(header), body_bytes)
            }
            RecordKind::Gap => (Self::Gap(GapRecord::parse(header)?), 0),
        };
        if body_bytes == u64::from(head.body_bytes) {
            Ok(record)
        } else {
            Err(FormatError {
                part: "record's head",
                field: "its body is not as long as its frames",
            })
        }
    }
}

/// A record whose checksums match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRecord {
    /// Its head.
    pub head: RecordHead,
    /// Its plain part.
    pub record: Record,
}

/// Checks one whole record without any key, as a scrub does.
///
/// # Errors
/// If the bytes are not exactly one whole, undamaged record of this reel.
pub fn check_record(reel: ReelId, bytes: &[u8]) -> Result<CheckedRecord, RecordError> {
    let (head, record) = RecordHead::parse(bytes, reel)?;
    let (have_bytes, need_bytes) = (bytes.len() as u64, head.length_bytes());
    if have_bytes < need_bytes {
        return Err(RecordError::Torn { have_bytes, need_bytes });
    }
    if have_bytes > need_bytes {
        return Err(FormatError { part: "record", field: "bytes follow its end" }.into());
    }
    if blake3::hash(&bytes[head.body_at()..]) != head.body_checksum {
        return Err(RecordError::Checksum { part: Part::Body });
    }
    Ok(CheckedRecord { head, record })
}

/// Appends a head whose lengths and checksums are still zero.
pub(crate) fn begin(out: &mut Vec<u8>, kind: RecordKind, reel: ReelId) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[0; AAD_AT - HEADER_CHECKSUM_AT]);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&(kind as u16).to_le_bytes());
    out.extend_from_slice(&Suite::Aes256Gcm.number().to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(reel.as_bytes());
    out.extend_from_slice(&[0; 8]);
}

/// Writes the lengths into a record that has its head and header; they are associated data, and
/// so come before sealing.
pub(crate) fn put_lengths(record: &mut [u8], header: usize, body: usize) {
    record[LENGTHS_AT..][..4].copy_from_slice(&length_u32(header).to_le_bytes());
    record[LENGTHS_AT + 4..][..4].copy_from_slice(&length_u32(body).to_le_bytes());
}

/// Writes lengths and checksums into a record that is otherwise whole, its last `body` bytes being
/// ciphertext and tag.
pub(crate) fn finish(record: &mut [u8], body: usize) -> RecordHead {
    let body_at = record.len() - body;
    let header = body_at - RECORD_HEAD_BYTES;
    put_lengths(record, header, body);
    let body_checksum: [u8; 32] = blake3::hash(&record[body_at..]).into();
    record[BODY_CHECKSUM_AT..AAD_AT].copy_from_slice(&body_checksum);
    let header_checksum: [u8; 32] = blake3::hash(&record[BODY_CHECKSUM_AT..body_at]).into();
    record[HEADER_CHECKSUM_AT..BODY_CHECKSUM_AT].copy_from_slice(&header_checksum);
    let kind = if body == 0 { RecordKind::Gap } else { RecordKind::Chunk };
    RecordHead {
        kind,
        suite: Suite::Aes256Gcm,
        reel: ReelId::from_bytes(array_at(record, 80)),
        header_bytes: length_u32(header),
        body_bytes: length_u32(body),
        header_checksum,
        body_checksum,
    }
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("a slice of N bytes is an array of N")
}

fn as_usize(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
