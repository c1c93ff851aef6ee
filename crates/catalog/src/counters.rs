//! Counters of each feed, which never go back.
//!
//! A reel that is removed and listed again (a rebuild over a catalog that is still there, a volume
//! that was away) must not count twice. So each counted reel leaves a mark that outlives it, about
//! a hundred bytes. Marks of reels long expired are dropped by [`Catalog::forget_counted_before`],
//! which notes up to when it did so: a reel that expired before then is listed, but never counted
//! any more. That can only count too little, of a reel that turns up for the first time long after
//! it should have been destroyed.

use std::collections::BTreeMap;

use domain::{Feed, WallTime};
use sqlx::{QueryBuilder, Sqlite, Transaction};

use crate::error::CatalogError;
use crate::notes::{Mark, mark, raise_mark};
use crate::rows::{Columns, ROWS_AT_ONCE, quantity};
use crate::{Catalog, ReelFeedRow, ReelRow, Result};

/// What was ever recorded and lost of a feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames in closed reels.
    pub frames_recorded: u64,
    /// Bytes of them, sealed.
    pub bytes_recorded: u64,
    /// Frames known to be lost in gaps.
    pub frames_lost: u64,
}

impl Catalog {
    /// The counters of every feed ever seen.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn counters(&self) -> Result<Vec<(Feed, Counters)>> {
        const DOING: &str = "read the counters";
        let sql = "SELECT camera, kind, frames_recorded, bytes_recorded, frames_lost FROM feed \
                   ORDER BY camera, kind";
        let rows = sqlx::query(sql)
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                let feed = columns.feed()?;
                let (frames_recorded, bytes_recorded) = (columns.number()?, columns.number()?);
                let frames_lost = columns.number()?;
                Ok((feed, Counters { frames_recorded, bytes_recorded, frames_lost }))
            })
            .collect()
    }

    /// Raises a feed's counters to at least these: for a rebuild, which finds the reels that are
    /// still there but not those that expired. A counter that is higher stays.
    ///
    /// # Errors
    /// If a counter is over the limit of a quantity, or the database refuses.
    pub async fn raise_counters(&self, feed: Feed, least: Counters) -> Result<()> {
        const DOING: &str = "raise the counters";
        let sql = "INSERT INTO feed \
                   (camera, kind, frames_recorded, bytes_recorded, frames_lost, longest_us) \
                   VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (camera, kind) DO UPDATE SET \
                   frames_recorded = CASE WHEN feed.frames_recorded < excluded.frames_recorded \
                     THEN excluded.frames_recorded ELSE feed.frames_recorded END, \
                   bytes_recorded = CASE WHEN feed.bytes_recorded < excluded.bytes_recorded \
                     THEN excluded.bytes_recorded ELSE feed.bytes_recorded END, \
                   frames_lost = CASE WHEN feed.frames_lost < excluded.frames_lost \
                     THEN excluded.frames_lost ELSE feed.frames_lost END";
        sqlx::query(sql)
            .bind(&feed.camera.as_bytes()[..])
            .bind(feed.kind.word())
            .bind(quantity(DOING, least.frames_recorded)?)
            .bind(quantity(DOING, least.bytes_recorded)?)
            .bind(quantity(DOING, least.frames_lost)?)
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database(DOING))?;
        Ok(())
    }

    /// Drops the marks of counted reels that expired before `time` and are no longer listed, and
    /// never again counts one that did. Gives how many marks went.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn forget_counted_before(&self, time: WallTime) -> Result<u64> {
        const DOING: &str = "forget old reels";
        let failed = CatalogError::database(DOING);
        let mut transaction = self.writer.begin().await.map_err(&failed)?;
        raise_mark(&mut transaction, DOING, Mark::CountedBefore, time.as_micros()).await?;
        let sql = "DELETE FROM counted_reel WHERE expires_at_us < $1 \
                   AND NOT EXISTS (SELECT 1 FROM reel WHERE reel.reel = counted_reel.reel)";
        let done = sqlx::query(sql)
            .bind(time.as_micros())
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(done.rows_affected())
    }
}

/// Makes sure that a feed has its row.
pub(crate) async fn know_feed(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    feed: Feed,
) -> Result<()> {
    let sql = "INSERT INTO feed \
               (camera, kind, frames_recorded, bytes_recorded, frames_lost, longest_us) \
               VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (camera, kind) DO NOTHING";
    sqlx::query(sql)
        .bind(&feed.camera.as_bytes()[..])
        .bind(feed.kind.word())
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    Ok(())
}

/// Knows the feeds of a reel that is just being listed, and adds it to their counters unless it was
/// counted before. The longest row is kept in mind in any case: searches rest on it.
pub(crate) async fn count_reel(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    reel: &ReelRow,
    feeds: &[ReelFeedRow],
) -> Result<()> {
    let sql = "INSERT INTO counted_reel (reel, expires_at_us) VALUES ($1, $2) \
               ON CONFLICT (reel) DO NOTHING";
    let marked = sqlx::query(sql)
        .bind(&reel.reel.as_bytes()[..])
        .bind(reel.expires_at.as_micros())
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    let forgotten = mark(&mut **transaction, doing, Mark::CountedBefore).await?;
    let counts = marked.rows_affected() > 0 && reel.expires_at.as_micros() >= forgotten;
    let shares: Vec<_> = shares(doing, feeds, counts)?.into_iter().collect();
    for some in shares.chunks(ROWS_AT_ONCE) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO feed \
             (camera, kind, frames_recorded, bytes_recorded, frames_lost, longest_us) ",
        );
        insert.push_values(some, |mut row, (feed, share)| {
            row.push_bind(&feed.camera.as_bytes()[..]).push_bind(feed.kind.word());
            row.push_bind(share.frames).push_bind(share.bytes);
            row.push_bind(0_i64).push_bind(share.longest_us);
        });
        insert.push(
            " ON CONFLICT (camera, kind) DO UPDATE SET \
             frames_recorded = feed.frames_recorded + excluded.frames_recorded, \
             bytes_recorded = feed.bytes_recorded + excluded.bytes_recorded, \
             longest_us = CASE WHEN feed.longest_us < excluded.longest_us \
               THEN excluded.longest_us ELSE feed.longest_us END",
        );
        let query = insert.build();
        query.execute(&mut **transaction).await.map_err(CatalogError::database(doing))?;
    }
    Ok(())
}

/// A feed's share in a reel.
#[derive(Debug, Default)]
struct Share {
    frames: i64,
    bytes: i64,
    longest_us: i64,
}

/// One share for each feed: one statement may not touch a row of the database twice.
fn shares(
    doing: &'static str,
    rows: &[ReelFeedRow],
    counts: bool,
) -> Result<BTreeMap<Feed, Share>> {
    let mut shares: BTreeMap<Feed, Share> = BTreeMap::new();
    for row in rows {
        let (frames, bytes) = (quantity(doing, row.frames)?, quantity(doing, row.bytes)?);
        let share = shares.entry(row.feed).or_default();
        if counts {
            share.frames = share.frames.saturating_add(frames);
            share.bytes = share.bytes.saturating_add(bytes);
        }
        share.longest_us = share.longest_us.max(row.end.as_micros() - row.start.as_micros());
    }
    Ok(shares)
}
