//! The bytes of a reel, and nothing else: no file, no clock, no randomness; all are handed in.
//!
//! A reel is one sealed, append-only file that holds many feeds of one retention class:
//!
//! ```text
//! ReelHeader (512 bytes) | record | record | ... | Footer | Trailer (128 bytes)
//! record = RecordHead (104 bytes) | header of the chunk or gap, plain | ciphertext and tag
//! Footer = a block of entries for each row | table of rows
//! ```
//!
//! The headers are plain, so that check, scrub and rebuild need no key; they are the associated
//! data of the ciphertext beside them, so that no header can be given to other footage. The
//! normative description with every offset is `docs/formats/reel.md`.
//!
//! - Writing: [`ReelHeader::encode`], then [`seal_chunk`] and [`append_gap`], each [`RecordHead`]
//!   given to a [`FooterBuilder`], at last [`Footer::encode`].
//! - Reading with keys: [`RecordHead::parse`] to learn which key, then [`open_chunk`].
//! - Looking for a moment: [`Trailer::parse`], [`ReelIndex::parse`], [`ReelIndex::parse_block`].
//! - Reading without: [`Scanner`], [`check_record`], [`Trailer::parse`] with [`Footer::parse`].

mod build;
mod chunk;
mod fields;
mod footer;
mod gap;
mod header;
mod index;
mod keys;
mod record;
mod rows;
mod scan;
mod seal;
mod suite;

pub use build::{AddRecordError, FooterBuilder};
pub use chunk::{ChunkHeader, Codec, CodecConfig, FrameEntry};
pub use fields::FormatError;
pub use footer::{Close, Footer, FooterError};
pub use gap::{GapRecord, append_gap};
pub use header::{ReelHeader, ReelHeaderError};
pub use index::{IndexRow, ReelIndex, Trailer};
pub use keys::{BucketKey, ChunkKey, MinuteKey};
pub use record::{CheckedRecord, Part, Record, RecordError, RecordHead, RecordKind, check_record};
pub use rows::{FooterEntry, FooterFeed};
pub use scan::{OpenReelError, ScanEnd, ScannedRecord, Scanner, StopReason, Verify};
pub use seal::{OpenChunkError, SealChunkError, open_chunk, seal_chunk, seal_pieces};
pub use suite::{Suite, SuiteError};

/// Bytes of the reel's own header; the first record begins here.
pub const REEL_HEADER_BYTES: usize = 512;
/// Bytes of the fixed head of every record.
pub const RECORD_HEAD_BYTES: usize = 104;
/// Bytes of the trailer, the last of a closed reel.
pub const TRAILER_BYTES: usize = 128;
/// Bytes of the authentication tag at the end of every chunk's ciphertext.
pub const TAG_BYTES: usize = 16;
/// The most frames of one chunk.
pub const MAX_FRAMES: usize = 4096;
/// The most bytes of one chunk's frames together.
pub const MAX_PLAINTEXT_BYTES: usize = 32 << 20;
/// The most bytes of one record's plain header.
pub const MAX_HEADER_BYTES: usize = 128 << 10;
/// The most bytes of a codec's configuration record (`avcC`, `hvcC`).
pub const MAX_CODEC_RECORD_BYTES: usize = 8 << 10;
/// The most records of one reel.
pub const MAX_ENTRIES: usize = 1_000_000;
/// The most rows of a footer's table of feeds.
pub const MAX_FEEDS: usize = 4096;
/// The most bytes of one whole record.
pub const MAX_RECORD_BYTES: usize =
    RECORD_HEAD_BYTES + MAX_HEADER_BYTES + MAX_PLAINTEXT_BYTES + TAG_BYTES;
/// The most bytes of a footer with its trailer.
pub const MAX_FOOTER_BYTES: usize = 64 << 20;
