//! What is listed, as values; and how a value is read back from a row.

use domain::{
    BucketId, CameraId, Feed, FeedKind, GapCause, Id, ReelId, Retention, VolumeId, WallTime,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::time::Duration;

use crate::{CatalogError, Result};

/// One closed reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReelRow {
    /// The reel.
    pub reel: ReelId,
    /// The volume it lies on.
    pub volume: VolumeId,
    /// How long its footage is kept.
    pub retention: Retention,
    /// Where its bucket begins.
    pub bucket_start: WallTime,
    /// Where its bucket ends: the first moment that is not in it.
    pub bucket_end: WallTime,
    /// When it was opened.
    pub created_at: WallTime,
    /// Its length.
    pub length_bytes: u64,
    /// Its chunks.
    pub chunks: u64,
    /// SHA-256 of its footer, as the ledger has it.
    pub footer_sha256: [u8; 32],
    /// When it is due.
    pub expires_at: WallTime,
}

/// What a reel holds of one feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReelFeedRow {
    /// The feed.
    pub feed: Feed,
    /// The bucket whose key opens it.
    pub bucket: BucketId,
    /// `h264` or `h265`; nothing else is listed.
    pub codec: &'static str,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Its frames.
    pub frames: u64,
    /// Its bytes, sealed.
    pub bytes: u64,
    /// Its chunks.
    pub chunks: u64,
    /// Its first moment.
    pub start: WallTime,
    /// The first moment after it.
    pub end: WallTime,
}

/// A stretch of time without footage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapRow {
    /// The feed.
    pub feed: Feed,
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// Why.
    pub cause: GapCause,
    /// Frames that are known to be lost; zero where nobody can know.
    pub frames_lost: u64,
}

/// What was recorded when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Footage, in order, within the time that was asked for.
    pub spans: Vec<TimelineSpan>,
    /// Gaps that touch the time that was asked for, in order, whole.
    pub gaps: Vec<GapRow>,
}

/// A stretch of footage without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineSpan {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
    /// `h264` or `h265`.
    pub codec: &'static str,
}

/// Rows of the longest answer. Two years of one feed in reels of five minutes.
pub(crate) const MOST_ROWS: usize = 200_000;

/// Rows that one statement inserts; their values stay far below the 32,766 of SQLite and the 65,535
/// of PostgreSQL.
pub(crate) const ROWS_AT_ONCE: usize = 256;

/// The largest quantity of one row. Reels are listed without a key in a rebuild, so a forged footer
/// can claim anything: the sum of 32,767 quantities like this one stays within 64 bits.
const LARGEST_QUANTITY: u64 = 1 << 48;

/// A quantity as it is stored.
pub(crate) fn quantity(doing: &'static str, value: u64) -> Result<i64> {
    match i64::try_from(value) {
        Ok(stored) if value <= LARGEST_QUANTITY => Ok(stored),
        _ => CatalogError::refused(doing, "a quantity is more than 2^48"),
    }
}

pub(crate) fn codec(word: &str) -> Option<&'static str> {
    ["h264", "h265"].into_iter().find(|known| *known == word)
}

pub(crate) const fn kind(word: &str) -> Option<FeedKind> {
    match word.as_bytes() {
        b"main" => Some(FeedKind::Main),
        b"sub" => Some(FeedKind::Sub),
        _ => None,
    }
}

/// Reads a row's columns from left to right.
pub(crate) struct Columns<'r> {
    row: &'r SqliteRow,
    doing: &'static str,
    at: usize,
}

impl<'r> Columns<'r> {
    pub(crate) const fn new(row: &'r SqliteRow, doing: &'static str) -> Self {
        Self { row, doing, at: 0 }
    }

    fn next<T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>>(&mut self) -> Result<T> {
        let value = self.row.try_get(self.at).map_err(CatalogError::database(self.doing))?;
        self.at += 1;
        Ok(value)
    }

    fn unreadable(&self, what: &'static str) -> CatalogError {
        CatalogError::Unreadable { doing: self.doing, what }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes: &[u8] = self.next()?;
        bytes.try_into().map_err(|_| self.unreadable("an id or hash of another length"))
    }

    pub(crate) fn id<K>(&mut self) -> Result<Id<K>> {
        Ok(Id::from_bytes(self.bytes()?))
    }

    pub(crate) fn feed(&mut self) -> Result<Feed> {
        let camera: CameraId = self.id()?;
        let word: &str = self.next()?;
        let kind = kind(word).ok_or_else(|| self.unreadable("a feed of unknown kind"))?;
        Ok(Feed { camera, kind })
    }

    pub(crate) fn codec(&mut self) -> Result<&'static str> {
        let word: &str = self.next()?;
        codec(word).ok_or_else(|| self.unreadable("an unknown codec"))
    }

    pub(crate) fn moment(&mut self) -> Result<WallTime> {
        Ok(WallTime::from_micros(self.next()?))
    }

    pub(crate) fn number<N: TryFrom<i64>>(&mut self) -> Result<N> {
        let value: i64 = self.next()?;
        N::try_from(value).map_err(|_| self.unreadable("a number out of its range"))
    }

    fn retention(&mut self) -> Result<Retention> {
        let minimum = Duration::from_secs(self.number()?);
        let maximum = Duration::from_secs(self.number()?);
        Retention::new(minimum, maximum).map_err(|_| self.unreadable("an impossible retention"))
    }

    /// The eleven columns of `reel`.
    pub(crate) fn reel(&mut self) -> Result<ReelRow> {
        Ok(ReelRow {
            reel: self.id()?,
            volume: self.id()?,
            retention: self.retention()?,
            bucket_start: self.moment()?,
            bucket_end: self.moment()?,
            created_at: self.moment()?,
            length_bytes: self.number()?,
            chunks: self.number()?,
            footer_sha256: self.bytes()?,
            expires_at: self.moment()?,
        })
    }

    /// The columns of `reel_feed` after those that say which feed it is.
    pub(crate) fn reel_feed(&mut self, feed: Feed) -> Result<ReelFeedRow> {
        Ok(ReelFeedRow {
            feed,
            bucket: self.id()?,
            codec: self.codec()?,
            width: self.number()?,
            height: self.number()?,
            frames: self.number()?,
            bytes: self.number()?,
            chunks: self.number()?,
            start: self.moment()?,
            end: self.moment()?,
        })
    }

    /// The six columns of `gap`.
    pub(crate) fn gap(&mut self) -> Result<GapRow> {
        let (feed, from, to) = (self.feed()?, self.moment()?, self.moment()?);
        let word: &str = self.next()?;
        let cause = GapCause::from_word(word)
            .ok_or_else(|| self.unreadable("an unknown cause of a gap"))?;
        Ok(GapRow { feed, from, to, cause, frames_lost: self.number()? })
    }
}
