//! The whole look at the database, for `jikim check`.

use sqlx::SqlitePool;

use crate::error::CatalogError;
use crate::{Catalog, Result};

const DOING: &str = "check itself";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogReport {
    /// What is wrong, at most 100 findings; empty if all is well.
    pub problems: Vec<String>,
    /// Whether everything is listed that reels and ledger say.
    pub is_complete: bool,
    /// Reels listed.
    pub reels: u64,
    /// Rows of reel × feed.
    pub reel_feeds: u64,
    /// Feeds ever seen.
    pub feeds: u64,
    /// Gaps listed.
    pub gaps: u64,
    /// Password verifiers kept.
    pub verifiers: u64,
    /// SQLite's own version.
    pub sqlite_version: String,
}

impl Catalog {
    /// Reads every page, compares every index with its table, and the tables with one another.
    ///
    /// # Errors
    /// If the database refuses altogether; what it can still say about damage is a finding.
    pub async fn check(&self) -> Result<CatalogReport> {
        let database = &self.readers;
        let mut problems = integrity(database).await?;
        let orphans = "SELECT COUNT(*) FROM pragma_foreign_key_check";
        if number(database, orphans).await? > 0 {
            problems.push("rows belong to reels or feeds that are not listed".to_owned());
        }
        let uncounted = "SELECT COUNT(*) FROM reel WHERE NOT EXISTS \
                         (SELECT 1 FROM counted_reel c WHERE c.reel = reel.reel)";
        if number(database, uncounted).await? > 0 {
            problems.push("reels are listed that were never counted".to_owned());
        }
        Ok(CatalogReport {
            problems,
            is_complete: self.is_complete().await?,
            reels: number(database, "SELECT COUNT(*) FROM reel").await?,
            reel_feeds: number(database, "SELECT COUNT(*) FROM reel_feed").await?,
            feeds: number(database, "SELECT COUNT(*) FROM feed").await?,
            gaps: number(database, "SELECT COUNT(*) FROM gap").await?,
            verifiers: number(database, "SELECT COUNT(*) FROM verifier").await?,
            sqlite_version: sqlx::query_scalar("SELECT sqlite_version()")
                .fetch_one(database)
                .await
                .map_err(CatalogError::database(DOING))?,
        })
    }
}

async fn integrity(database: &SqlitePool) -> Result<Vec<String>> {
    let mut findings: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(100)")
        .fetch_all(database)
        .await
        .map_err(CatalogError::database(DOING))?;
    findings.retain(|finding| finding != "ok");
    Ok(findings)
}

async fn number(database: &SqlitePool, sql: &'static str) -> Result<u64> {
    let count: i64 =
        sqlx::query_scalar(sql).fetch_one(database).await.map_err(CatalogError::database(DOING))?;
    Ok(count.unsigned_abs())
}
