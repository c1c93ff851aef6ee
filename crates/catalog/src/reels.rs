//! Reels and what they hold of each feed.

use domain::{BucketId, CameraId, Feed, FeedKind, ReelId, WallTime};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, Transaction};

use crate::counters::count_reel;
use crate::error::CatalogError;
use crate::rows::{Columns, MOST_ROWS, ROWS_AT_ONCE, codec, quantity};
use crate::{Catalog, ReelFeedRow, ReelRow, Result};

/// Rows of the fullest reel.
const MOST_FEEDS: usize = 65_536;

impl Catalog {
    /// Lists a closed reel with what it holds, and counts it if it never was: all of it, or nothing.
    /// `false` if it is listed already; what is listed stays as it is.
    ///
    /// # Errors
    /// If a row cannot be true or is over a limit, or the database refuses.
    pub async fn add_reel(&self, reel: &ReelRow, feeds: &[ReelFeedRow]) -> Result<bool> {
        const DOING: &str = "list a reel";
        if feeds.len() > MOST_FEEDS {
            return CatalogError::refused(DOING, "a reel has at most 65536 rows");
        }
        let failed = CatalogError::database(DOING);
        let mut transaction = self.writer.begin().await.map_err(&failed)?;
        if !insert_reel(&mut transaction, DOING, reel).await? {
            return Ok(false);
        }
        for feed in feeds {
            examine(DOING, feed)?;
        }
        count_reel(&mut transaction, DOING, reel, feeds).await?;
        insert_feeds(&mut transaction, DOING, reel.reel, feeds).await?;
        transaction.commit().await.map_err(&failed)?;
        Ok(true)
    }

    /// Takes a reel and its rows off the list; the counters stay. `false` if it was not listed.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn remove_reel(&self, reel: ReelId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM reel WHERE reel = $1")
            .bind(&reel.as_bytes()[..])
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database("take a reel off the list"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Every reel, by the time it was opened.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn reels(&self) -> Result<Vec<ReelRow>> {
        const DOING: &str = "list the reels";
        let rows = sqlx::query("SELECT * FROM reel ORDER BY created_at_us, reel")
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter().map(|row| Columns::new(row, DOING).reel()).collect()
    }

    /// One reel.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn reel(&self, reel: ReelId) -> Result<Option<ReelRow>> {
        const DOING: &str = "look up a reel";
        let row = sqlx::query("SELECT * FROM reel WHERE reel = $1")
            .bind(&reel.as_bytes()[..])
            .fetch_optional(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        row.map(|row| Columns::new(&row, DOING).reel()).transpose()
    }

    /// Reels that are due at `now`, the longest due first.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn expired_reels(&self, now: WallTime) -> Result<Vec<ReelRow>> {
        const DOING: &str = "list the reels that are due";
        let sql = "SELECT * FROM reel WHERE expires_at_us <= $1 ORDER BY expires_at_us, reel";
        let rows = sqlx::query(sql)
            .bind(now.as_micros())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter().map(|row| Columns::new(row, DOING).reel()).collect()
    }

    /// Reels that hold something of any of these buckets, each once, by their ids.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn reels_of_buckets(&self, buckets: &[BucketId]) -> Result<Vec<ReelRow>> {
        const DOING: &str = "list the reels of a bucket";
        let sql = "SELECT * FROM reel \
                   WHERE reel IN (SELECT reel FROM reel_feed WHERE bucket = $1)";
        let mut reels = Vec::new();
        for bucket in buckets {
            let rows = sqlx::query(sql)
                .bind(&bucket.as_bytes()[..])
                .fetch_all(&self.readers)
                .await
                .map_err(CatalogError::database(DOING))?;
            for row in &rows {
                reels.push(Columns::new(row, DOING).reel()?);
            }
        }
        reels.sort_unstable_by_key(|row: &ReelRow| row.reel);
        reels.dedup_by_key(|row| row.reel);
        Ok(reels)
    }

    /// What a reel holds, in the order in which it was listed.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn feeds_of(&self, reel: ReelId) -> Result<Vec<ReelFeedRow>> {
        const DOING: &str = "list what a reel holds";
        let sql = "SELECT camera, kind, bucket, codec, width, height, frames, size_bytes, chunks, \
                   start_us, end_us FROM reel_feed WHERE reel = $1 ORDER BY place";
        let rows = sqlx::query(sql)
            .bind(&reel.as_bytes()[..])
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                let feed = columns.feed()?;
                columns.reel_feed(feed)
            })
            .collect()
    }

    /// Where to find what a feed recorded in the time from `from` up to, not including, `to`, by
    /// its first moment.
    ///
    /// # Errors
    /// If that is more rows than one answer has, or the database refuses.
    pub async fn find(
        &self,
        camera: CameraId,
        kind: FeedKind,
        from: WallTime,
        to: WallTime,
    ) -> Result<Vec<(ReelRow, ReelFeedRow)>> {
        const DOING: &str = "find footage";
        // No row of this feed is longer than `longest_us`, so none that began earlier reaches `from`.
        let sql = "SELECT r.reel, r.volume, r.minimum_s, r.maximum_s, r.bucket_start_us, \
                   r.bucket_end_us, r.created_at_us, r.length_bytes, r.chunks, r.footer_sha256, \
                   r.expires_at_us, f.bucket, f.codec, f.width, f.height, \
                   f.frames, f.size_bytes, f.chunks, f.start_us, f.end_us \
                   FROM reel_feed f JOIN reel r ON r.reel = f.reel \
                   WHERE f.camera = $1 AND f.kind = $2 AND f.start_us < $4 AND f.end_us > $3 \
                   AND f.start_us >= $3 - (SELECT longest_us FROM feed \
                                           WHERE camera = $1 AND kind = $2) \
                   ORDER BY f.start_us, f.reel, f.place LIMIT $5";
        let rows = sqlx::query(sql)
            .bind(&camera.as_bytes()[..])
            .bind(kind.word())
            .bind(from.as_micros())
            .bind(to.as_micros())
            .bind(limit())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        within_limit(DOING, &rows)?;
        let feed = Feed { camera, kind };
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                Ok((columns.reel()?, columns.reel_feed(feed)?))
            })
            .collect()
    }

    /// The first moment that is kept of a camera, of either feed.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn oldest(&self, camera: CameraId) -> Result<Option<WallTime>> {
        let sql = "SELECT MIN(o.oldest_us) FROM (SELECT \
                   (SELECT MIN(r.start_us) FROM reel_feed r \
                    WHERE r.camera = f.camera AND r.kind = f.kind) AS oldest_us \
                   FROM feed f WHERE f.camera = $1) AS o";
        let oldest: Option<i64> = sqlx::query_scalar(sql)
            .bind(&camera.as_bytes()[..])
            .fetch_one(&self.readers)
            .await
            .map_err(CatalogError::database("find the oldest footage"))?;
        Ok(oldest.map(WallTime::from_micros))
    }

    /// The first moment that is kept of each camera of which anything is kept.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn oldest_all(&self) -> Result<Vec<(CameraId, WallTime)>> {
        const DOING: &str = "find the oldest footage";
        let sql = "SELECT o.camera, MIN(o.oldest_us) FROM (SELECT f.camera AS camera, \
                   (SELECT MIN(r.start_us) FROM reel_feed r \
                    WHERE r.camera = f.camera AND r.kind = f.kind) AS oldest_us FROM feed f) AS o \
                   WHERE o.oldest_us IS NOT NULL GROUP BY o.camera ORDER BY o.camera";
        let rows = sqlx::query(sql)
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                Ok((columns.id()?, columns.moment()?))
            })
            .collect()
    }
}

/// One more row than an answer may have, so that an answer that was cut can be told.
pub(crate) fn limit() -> i64 {
    i64::try_from(MOST_ROWS + 1).expect("the limit of rows is small")
}

pub(crate) fn within_limit(doing: &'static str, rows: &[SqliteRow]) -> Result<()> {
    if rows.len() > MOST_ROWS {
        return Err(CatalogError::TooMuch { doing, limit: MOST_ROWS });
    }
    Ok(())
}

/// The first statement of the transaction is a write, so that it holds the writer's lock before
/// it reads anything on which it decides.
async fn insert_reel(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    row: &ReelRow,
) -> Result<bool> {
    let seconds = |length: std::time::Duration| quantity(doing, length.as_secs());
    let sql = "INSERT INTO reel (reel, volume, minimum_s, maximum_s, bucket_start_us, \
               bucket_end_us, created_at_us, length_bytes, chunks, footer_sha256, expires_at_us) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (reel) DO NOTHING";
    let done = sqlx::query(sql)
        .bind(&row.reel.as_bytes()[..])
        .bind(&row.volume.as_bytes()[..])
        .bind(seconds(row.retention.minimum())?)
        .bind(seconds(row.retention.maximum())?)
        .bind(row.bucket_start.as_micros())
        .bind(row.bucket_end.as_micros())
        .bind(row.created_at.as_micros())
        .bind(quantity(doing, row.length_bytes)?)
        .bind(quantity(doing, row.chunks)?)
        .bind(&row.footer_sha256[..])
        .bind(row.expires_at.as_micros())
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    Ok(done.rows_affected() > 0)
}

/// Refuses what cannot be true.
fn examine(doing: &'static str, row: &ReelFeedRow) -> Result<()> {
    if row.end < row.start {
        return CatalogError::refused(doing, "footage ends before it begins");
    }
    if codec(row.codec).is_none() {
        return CatalogError::refused(doing, "only h264 and h265 are listed");
    }
    for value in [row.frames, row.bytes, row.chunks] {
        quantity(doing, value)?;
    }
    Ok(())
}

/// Their feeds are known, and they were examined.
async fn insert_feeds(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    reel: ReelId,
    feeds: &[ReelFeedRow],
) -> Result<()> {
    let placed: Vec<_> = (0_i64..).zip(feeds).collect();
    for some in placed.chunks(ROWS_AT_ONCE) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO reel_feed (reel, place, camera, kind, bucket, codec, width, height, \
             frames, size_bytes, chunks, start_us, end_us) ",
        );
        insert.push_values(some, |mut columns, (place, row)| {
            columns.push_bind(&reel.as_bytes()[..]).push_bind(place);
            columns.push_bind(&row.feed.camera.as_bytes()[..]).push_bind(row.feed.kind.word());
            columns.push_bind(&row.bucket.as_bytes()[..]).push_bind(row.codec);
            columns.push_bind(i64::from(row.width)).push_bind(i64::from(row.height));
            for value in [row.frames, row.bytes, row.chunks] {
                columns.push_bind(i64::try_from(value).expect("it was examined"));
            }
            columns.push_bind(row.start.as_micros()).push_bind(row.end.as_micros());
        });
        let query = insert.build();
        query.execute(&mut **transaction).await.map_err(CatalogError::database(doing))?;
    }
    Ok(())
}
