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
        let sql = "SELECT camera, kind, MAX(end_us) FROM reel_feed GROUP BY camera, kind \
                   ORDER BY camera, kind";
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
