//! Gaps: time without footage, each with its cause.

use domain::{CameraId, Feed, FeedKind, WallTime};
use sqlx::{Sqlite, Transaction};

use crate::counters::know_feed;
use crate::error::CatalogError;
use crate::notes::{Mark, mark, raise_mark};
use crate::reels::{limit, within_limit};
use crate::rows::{Columns, quantity};
use crate::{Catalog, GapRow, Result};

const LIST: &str = "list the gaps";

impl Catalog {
    /// Lists a gap; feed and first moment name it. Listed again with a later end, it grows (with
    /// cause and lost frames as given now, and the counter by what they grew); with an earlier or
    /// equal end nothing changes. `true` if it was not listed before. A gap that ended before what
    /// [`forget_gaps_before`](Self::forget_gaps_before) forgot is not listed again, nor counted.
    ///
    /// # Errors
    /// If it ends before it begins or is over a limit, or the database refuses.
    pub async fn add_gap(&self, gap: &GapRow) -> Result<bool> {
        const DOING: &str = "list a gap";
        if gap.to < gap.from {
            return CatalogError::refused(DOING, "a gap ends before it begins");
        }
        let lost = quantity(DOING, gap.frames_lost)?;
        let failed = CatalogError::database(DOING);
        let mut transaction = self.writer.begin().await.map_err(&failed)?;
        know_feed(&mut transaction, DOING, gap.feed).await?;
        if gap.to.as_micros() < mark(&mut *transaction, DOING, Mark::GapsBefore).await? {
            return Ok(false);
        }
        let listed = listed_gap(&mut transaction, DOING, gap).await?;
        match listed {
            Some((to, _)) if gap.to <= to => return Ok(false),
            _ => put_gap(&mut transaction, DOING, gap, lost).await?,
        }
        let counted = listed.map_or(0, |(_, lost)| lost);
        add_lost(&mut transaction, DOING, gap.feed, lost.saturating_sub(counted).max(0)).await?;
        transaction.commit().await.map_err(&failed)?;
        Ok(listed.is_none())
    }

    /// Gaps of a feed that touch the time from `from` up to, not including, `to`, in order.
    ///
    /// # Errors
    /// If that is more rows than one answer has, or the database refuses.
    pub async fn gaps(
        &self,
        camera: CameraId,
        kind: FeedKind,
        from: WallTime,
        to: WallTime,
    ) -> Result<Vec<GapRow>> {
        // A gap that ends where the time begins does not touch it, unless it is a mere moment there.
        let sql = "SELECT camera, kind, from_us, to_us, cause, frames_lost FROM gap \
                   WHERE camera = $1 AND kind = $2 AND from_us < $4 AND to_us >= $3 \
                   AND (to_us > $3 OR from_us >= $3) ORDER BY from_us LIMIT $5";
        let rows = sqlx::query(sql)
            .bind(&camera.as_bytes()[..])
            .bind(kind.word())
            .bind(from.as_micros())
            .bind(to.as_micros())
            .bind(limit())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(LIST))?;
        within_limit(LIST, &rows)?;
        rows.iter().map(|row| Columns::new(row, LIST).gap()).collect()
    }

    /// Gaps of all feeds that end after `time`, by their first moment.
    ///
    /// # Errors
    /// If that is more rows than one answer has, or the database refuses.
    pub async fn gaps_since(&self, time: WallTime) -> Result<Vec<GapRow>> {
        let sql = "SELECT camera, kind, from_us, to_us, cause, frames_lost FROM gap \
                   WHERE to_us > $1 ORDER BY from_us, camera, kind LIMIT $2";
        let rows = sqlx::query(sql)
            .bind(time.as_micros())
            .bind(limit())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(LIST))?;
        within_limit(LIST, &rows)?;
        rows.iter().map(|row| Columns::new(row, LIST).gap()).collect()
    }

    /// Takes the gaps that ended before `time` off the list, for good; the counters stay. Gives how
    /// many.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn forget_gaps_before(&self, time: WallTime) -> Result<u64> {
        const DOING: &str = "forget old gaps";
        let failed = CatalogError::database(DOING);
        let mut transaction = self.writer.begin().await.map_err(&failed)?;
        raise_mark(&mut transaction, DOING, Mark::GapsBefore, time.as_micros()).await?;
        let done = sqlx::query("DELETE FROM gap WHERE to_us < $1")
            .bind(time.as_micros())
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(done.rows_affected())
    }
}

/// The end and the lost frames of a gap as it is listed.
async fn listed_gap(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    gap: &GapRow,
) -> Result<Option<(WallTime, i64)>> {
    let sql = "SELECT to_us, frames_lost FROM gap WHERE camera = $1 AND kind = $2 AND from_us = $3";
    let row = sqlx::query(sql)
        .bind(&gap.feed.camera.as_bytes()[..])
        .bind(gap.feed.kind.word())
        .bind(gap.from.as_micros())
        .fetch_optional(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    row.map(|row| {
        let mut columns = Columns::new(&row, doing);
        Ok((columns.moment()?, columns.number()?))
    })
    .transpose()
}

/// Lost frames of a listed gap only grow: the counter has counted them.
async fn put_gap(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    gap: &GapRow,
    lost: i64,
) -> Result<()> {
    let sql = "INSERT INTO gap (camera, kind, from_us, to_us, cause, frames_lost) \
               VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (camera, kind, from_us) DO UPDATE SET \
               to_us = excluded.to_us, cause = excluded.cause, \
               frames_lost = CASE WHEN gap.frames_lost < excluded.frames_lost \
                 THEN excluded.frames_lost ELSE gap.frames_lost END";
    sqlx::query(sql)
        .bind(&gap.feed.camera.as_bytes()[..])
        .bind(gap.feed.kind.word())
        .bind(gap.from.as_micros())
        .bind(gap.to.as_micros())
        .bind(gap.cause.word())
        .bind(lost)
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    Ok(())
}

async fn add_lost(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    feed: Feed,
    lost: i64,
) -> Result<()> {
    let sql = "UPDATE feed SET frames_lost = frames_lost + $3 WHERE camera = $1 AND kind = $2";
    sqlx::query(sql)
        .bind(&feed.camera.as_bytes()[..])
        .bind(feed.kind.word())
        .bind(lost)
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    Ok(())
}
