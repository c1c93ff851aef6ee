//! Walking a reel record by record without any key: for recovery, check, scrub and rebuild.
//!
//! The scanner is given a function that reads at an offset, so that it serves a file, an object in
//! a store and bytes in memory alike. It stops at the first thing that is not a whole record and
//! says where what is valid ends. Past damage it goes only when it is told to, and only to a record
//! whose checksums match: one bad bit must not cost the footage behind it.

use crate::header::{ReelHeader, ReelHeaderError};
use crate::record::{Lengths, MAGIC, Part, Record, RecordError, RecordHead};
use crate::{RECORD_HEAD_BYTES, REEL_HEADER_BYTES, footer};

/// Bytes that are read at a time where bodies are read too.
const STEP_BYTES: usize = 1 << 20;
/// Bytes that are read at a time where bodies are skipped: most heads and headers are within it.
const FRONT_BYTES: usize = 1 << 10;
/// Bytes that are searched at a time for the next record.
const SEARCH_BYTES: usize = 64 << 10;

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Heads and headers only, by their checksums; bodies are skipped. For listing a reel that was
    /// checked before, and fast: it reads less than a hundredth of it.
    Headers,
    /// Everything. After a crash nothing less will do: a header may have reached the disk, and its
    /// body not.
    All,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedRecord {
    /// Where it begins in the reel.
    pub offset_bytes: u64,
    /// Its head.
    pub head: RecordHead,
    /// Its plain part.
    pub record: Record,
}

/// Where a scan came to its end, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanEnd {
    /// The first byte after the last whole record: here a recovery cuts, and writes the footer.
    pub valid_end_bytes: u64,
    /// What stands there.
    pub reason: StopReason,
}

/// What stands where the records end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Nothing: the file ends with a whole record.
    EndOfFile,
    /// Zeros: space that was allocated and never written, or was never synced.
    Blank,
    /// A footer begins. It may itself be torn: [`crate::Footer::parse`] tells.
    Footer,
    /// Something that is not a whole record of this reel.
    Broken(RecordError),
}

/// Why a reel could not be scanned at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenReelError<E> {
    /// Reading failed.
    #[error("the reel's header could not be read")]
    Read(#[source] E),
    /// The first bytes are not those of a reel.
    #[error(transparent)]
    Header(#[from] ReelHeaderError),
}

/// Walks a reel. `R` fills the whole buffer from the given offset, or fails.
pub struct Scanner<R> {
    read_at: R,
    length_bytes: u64,
    verify: Verify,
    header: ReelHeader,
    offset_bytes: u64,
    last_number: Option<u64>,
    stopped: Option<StopReason>,
    /// What was read last, and where it begins: small records are not read one by one.
    window: Vec<u8>,
    window_at_bytes: u64,
}

impl<E, R: FnMut(u64, &mut [u8]) -> Result<(), E>> Scanner<R> {
    /// Reads the header of a reel of `length_bytes`.
    ///
    /// # Errors
    /// If it cannot be read, or is not the header of a reel.
    pub fn open(
        length_bytes: u64,
        verify: Verify,
        mut read_at: R,
    ) -> Result<Self, OpenReelError<E>> {
        let mut bytes = [0; REEL_HEADER_BYTES];
        if length_bytes < bytes.len() as u64 {
            return Err(ReelHeaderError::Torn.into());
        }
        read_at(0, &mut bytes).map_err(OpenReelError::Read)?;
        let header = ReelHeader::parse(&bytes)?;
        Ok(Self {
            read_at,
            length_bytes,
            verify,
            header,
            offset_bytes: bytes.len() as u64,
            last_number: None,
            stopped: None,
            window: Vec::new(),
            window_at_bytes: 0,
        })
    }

    /// The next record, or nothing at the end; then [`Self::end`] tells why.
    ///
    /// # Errors
    /// If reading fails; the scanner stays where it is and can be asked again.
    pub fn next_record(&mut self) -> Result<Option<ScannedRecord>, E> {
        if self.stopped.is_some() {
            return Ok(None);
        }
        match self.record_here()? {
            Ok(found) => {
                self.offset_bytes += found.head.length_bytes();
                self.last_number = Some(found.record.number());
                Ok(Some(found))
            }
            Err(reason) => {
                self.stopped = Some(reason);
                Ok(None)
            }
        }
    }

    /// After a stop at damage or blank space: looks for the next record whose checksums match, and
    /// goes on there. Tells whether there is one; if not, the scan stays at its end.
    ///
    /// Reads all that is left of the reel if need be.
    ///
    /// # Errors
    /// If reading fails; the scan then stays at its end and can be asked again.
    pub fn step_over(&mut self) -> Result<bool, E> {
        let (Some(stopped), end_bytes) = (self.stopped, self.offset_bytes) else {
            return Ok(false);
        };
        let searched = match stopped {
            StopReason::Broken(_) | StopReason::Blank => self.search(end_bytes + 1),
            StopReason::EndOfFile | StopReason::Footer => Ok(false),
        };
        if matches!(searched, Ok(true)) {
            self.stopped = None;
        } else {
            self.offset_bytes = end_bytes;
        }
        searched
    }

    /// Moves to the first whole record at or after an offset.
    fn search(&mut self, mut from_bytes: u64) -> Result<bool, E> {
        let mut window = Vec::new();
        while from_bytes + RECORD_HEAD_BYTES as u64 <= self.length_bytes {
            let left = self.length_bytes - from_bytes;
            window.resize(
                usize::try_from(left).map_or(SEARCH_BYTES, |left| left.min(SEARCH_BYTES)),
                0,
            );
            (self.read_at)(from_bytes, &mut window)?;
            for at in magics(&window) {
                self.offset_bytes = from_bytes + at as u64;
                if self.record_here()?.is_ok() {
                    return Ok(true);
                }
            }
            // So far that a magic across the border of two windows is whole in the second.
            from_bytes += (window.len() - (MAGIC.len() - 1)) as u64;
        }
        Ok(false)
    }

    /// The outer error is the disk's, the inner one the reel's.
    fn record_here(&mut self) -> Result<Result<ScannedRecord, StopReason>, E> {
        let left = self.length_bytes - self.offset_bytes;
        let head_bytes =
            usize::try_from(left).map_or(RECORD_HEAD_BYTES, |left| left.min(RECORD_HEAD_BYTES));
        let head = self.read(self.offset_bytes, head_bytes)?;
        if let Some(reason) = end_of_records(head) {
            return Ok(Err(reason));
        }
        let lengths = match Lengths::parse(head) {
            Ok(lengths) => lengths,
            Err(error) => return Ok(Err(StopReason::Broken(error))),
        };
        let front = RECORD_HEAD_BYTES + lengths.header;
        let need_bytes = (front + lengths.body) as u64;
        if left < need_bytes {
            return Ok(Err(StopReason::Broken(RecordError::Torn { have_bytes: left, need_bytes })));
        }
        let found = match self.parse_front(front)? {
            Ok(found) => found,
            Err(error) => return Ok(Err(StopReason::Broken(error))),
        };
        if self.verify == Verify::All && !self.body_matches(&found.head, lengths.body)? {
            let error = RecordError::Checksum { part: Part::Body };
            return Ok(Err(StopReason::Broken(error)));
        }
        Ok(Ok(found))
    }

    /// So many bytes from an offset; they lie within the reel.
    fn read(&mut self, at: u64, count: usize) -> Result<&[u8], E> {
        if count == 0 {
            return Ok(&[]);
        }
        if self.in_window(at) < count {
            let ahead = match self.verify {
                Verify::Headers => FRONT_BYTES,
                Verify::All => STEP_BYTES,
            };
            let left = self.length_bytes - at;
            let length = usize::try_from(left).map_or(ahead, |left| left.min(ahead)).max(count);
            self.window_at_bytes = at;
            self.window.resize(length, 0);
            if let Err(error) = (self.read_at)(at, &mut self.window) {
                self.window.clear();
                return Err(error);
            }
        }
        let from = usize::try_from(at - self.window_at_bytes).expect("the window holds it");
        Ok(&self.window[from..from + count])
    }

    /// How many bytes from an offset are read already.
    fn in_window(&self, at: u64) -> usize {
        let before = at.checked_sub(self.window_at_bytes);
        let before = before.and_then(|before| usize::try_from(before).ok());
        before.map_or(0, |before| self.window.len().saturating_sub(before))
    }

    fn parse_front(&mut self, front: usize) -> Result<Result<ScannedRecord, RecordError>, E> {
        let (offset_bytes, last_number, reel) =
            (self.offset_bytes, self.last_number, self.header.reel);
        let parsed = RecordHead::parse(self.read(offset_bytes, front)?, reel);
        Ok(parsed.and_then(|(head, record)| {
            let number = record.number();
            match last_number.filter(|&after| number <= after) {
                Some(after) => Err(RecordError::OutOfOrder { number, after }),
                None => Ok(ScannedRecord { offset_bytes, head, record }),
            }
        }))
    }

    /// Hashes the body in steps, so that memory does not grow with a record.
    fn body_matches(&mut self, head: &RecordHead, body: usize) -> Result<bool, E> {
        let mut hasher = blake3::Hasher::new();
        let mut at = self.offset_bytes + head.body_at() as u64;
        let mut left = body;
        while left > 0 {
            let ready = self.in_window(at);
            let step = left.min(if ready > 0 { ready } else { STEP_BYTES });
            hasher.update(self.read(at, step)?);
            at += step as u64;
            left -= step;
        }
        Ok(hasher.finalize() == head.body_checksum)
    }
}

impl<R> Scanner<R> {
    /// The header of the reel.
    pub const fn header(&self) -> &ReelHeader {
        &self.header
    }

    /// How much is read of the records from here on.
    pub const fn set_verify(&mut self, verify: Verify) {
        self.verify = verify;
    }

    /// Where the next record is looked for, in bytes from the reel's beginning.
    pub const fn offset_bytes(&self) -> u64 {
        self.offset_bytes
    }

    /// Where the scan came to its end; nothing while it has not.
    pub fn end(&self) -> Option<ScanEnd> {
        self.stopped.map(|reason| ScanEnd { valid_end_bytes: self.offset_bytes, reason })
    }
}

/// Where the magic of a record stands.
fn magics(window: &[u8]) -> impl Iterator<Item = usize> {
    window.windows(MAGIC.len()).enumerate().filter(|(_, bytes)| *bytes == MAGIC).map(|(at, _)| at)
}

/// What is no record, and no damage either, by the bytes that are left (at most a head's).
fn end_of_records(bytes: &[u8]) -> Option<StopReason> {
    if bytes.is_empty() {
        Some(StopReason::EndOfFile)
    } else if bytes.starts_with(&footer::MAGIC) {
        Some(StopReason::Footer)
    } else if bytes.iter().all(|&byte| byte == 0) {
        Some(StopReason::Blank)
    } else if bytes.len() < MAGIC.len() {
        let (have_bytes, need_bytes) = (bytes.len() as u64, RECORD_HEAD_BYTES as u64);
        Some(StopReason::Broken(RecordError::Torn { have_bytes, need_bytes }))
    } else {
        None
    }
}
