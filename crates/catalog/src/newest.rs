//! Where each feed's listed footage ends: from there on a start declares what is missing.

use domain::{Feed, WallTime};

use crate::rows::Columns;
use crate::{Catalog, CatalogError, Result};

impl Catalog {
    /// When the newest listed footage of every feed ends, of what begins at `now` or before, and not
    /// later than `now`: footage dated ahead, by a clock that was wrong, is not where recording ended.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn newest_all(&self, now: WallTime) -> Result<Vec<(Feed, WallTime)>> {
        const DOING: &str = "find where footage ends";
        // No row of a feed is longer than `longest_us`, so the newest end is that of a row that began
        // at most so long before the newest beginning: a few rows of the index for each feed.
        let sql = "SELECT n.camera, n.kind, n.newest_us FROM (SELECT f.camera AS camera, \
                   f.kind AS kind, (SELECT MIN(MAX(r.end_us), ?1) FROM reel_feed r \
                     WHERE r.camera = f.camera AND r.kind = f.kind AND r.start_us <= ?1 \
                       AND r.start_us >= (SELECT MAX(s.start_us) FROM reel_feed s \
                        WHERE s.camera = f.camera AND s.kind = f.kind AND s.start_us <= ?1) \
                        - f.longest_us) \
                   AS newest_us FROM feed f) AS n WHERE n.newest_us IS NOT NULL \
                   ORDER BY n.camera, n.kind";
        let rows = sqlx::query(sql)
            .bind(now.as_micros())
            .fetch_all(&self.readers)
            .await
            .map_err(CatalogError::database(DOING))?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::new(row, DOING);
                Ok((columns.feed()?, columns.moment()?))
            })
            .collect()
    }
}
