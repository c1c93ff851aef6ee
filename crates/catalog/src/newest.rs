//! Where each feed's listed footage ends: from there on a start declares what is missing.

use domain::{Feed, WallTime};

use crate::rows::Columns;
use crate::{Catalog, CatalogError, Result};

impl Catalog {
    /// When the newest listed footage of every feed ends.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn newest_all(&self) -> Result<Vec<(Feed, WallTime)>> {
        const DOING: &str = "find where footage ends";
        // No row of a feed is longer than `longest_us`, so the newest end is that of a row that began
        // at most so long before the newest beginning: a few rows of the index for each feed.
        let sql = "SELECT n.camera, n.kind, n.newest_us FROM (SELECT f.camera AS camera, \
                   f.kind AS kind, (SELECT MAX(r.end_us) FROM reel_feed r \
                     WHERE r.camera = f.camera AND r.kind = f.kind AND r.start_us >= \
                       (SELECT MAX(s.start_us) FROM reel_feed s \
                        WHERE s.camera = f.camera AND s.kind = f.kind) - f.longest_us) \
                   AS newest_us FROM feed f) AS n WHERE n.newest_us IS NOT NULL \
                   ORDER BY n.camera, n.kind";
        let rows = sqlx::query(sql)
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
