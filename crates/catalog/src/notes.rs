//! Small bookkeeping: notes of facts that can be found again, and whether a rebuild is under way.

use sqlx::{Sqlite, SqliteExecutor, Transaction};

use crate::error::CatalogError;
use crate::{Catalog, Result};

const LONGEST_KEY_BYTES: usize = 64;
const LONGEST_VALUE_BYTES: usize = 4096;

impl Catalog {
    /// What was noted under a key.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn note(&self, key: &str) -> Result<Option<String>> {
        sqlx::query_scalar("SELECT note_value FROM note WHERE note_key = $1")
            .bind(key)
            .fetch_optional(&self.readers)
            .await
            .map_err(CatalogError::database("read a note"))
    }

    /// Notes a value of at most 4096 bytes under a key of at most 64, in the place of what was
    /// there. Only what can be found again belongs here, and nothing personal.
    ///
    /// # Errors
    /// If key or value are too long, or the database refuses.
    pub async fn set_note(&self, key: &str, value: &str) -> Result<()> {
        const DOING: &str = "write a note";
        if key.len() > LONGEST_KEY_BYTES || value.len() > LONGEST_VALUE_BYTES {
            return CatalogError::refused(DOING, "a key has at most 64 bytes, a value 4096");
        }
        let sql = "INSERT INTO note (note_key, note_value) VALUES ($1, $2) \
                   ON CONFLICT (note_key) DO UPDATE SET note_value = excluded.note_value";
        sqlx::query(sql)
            .bind(key)
            .bind(value)
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database(DOING))?;
        Ok(())
    }

    /// Whether everything is listed that reels and ledger say: no rebuild is under way, and there
    /// was one since the catalog was made. Destruction freezes while it is not.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn is_complete(&self) -> Result<bool> {
        Ok(mark(&self.readers, "tell whether it is complete", Mark::Rebuilding).await? == 0)
    }

    /// Marks that a rebuild is under way; the mark outlives a crash.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn rebuild_begin(&self) -> Result<()> {
        self.set_rebuilding(1).await
    }

    /// Marks that everything is listed. On the very first start, when there is nothing to list,
    /// this is called too.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn rebuild_finish(&self) -> Result<()> {
        self.set_rebuilding(0).await
    }

    async fn set_rebuilding(&self, value: i64) -> Result<()> {
        sqlx::query("UPDATE mark SET mark_value = $1 WHERE mark_key = $2")
            .bind(value)
            .bind(Mark::Rebuilding.key())
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database("mark the rebuild"))?;
        Ok(())
    }
}

/// The catalog's own marks; each has its row from the beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// 1 while not everything is listed.
    Rebuilding,
    /// Marks of reels that expired before this are forgotten.
    CountedBefore,
    /// Gaps that ended before this are forgotten.
    GapsBefore,
}

impl Mark {
    const fn key(self) -> &'static str {
        match self {
            Self::Rebuilding => "rebuilding",
            Self::CountedBefore => "counted_before_us",
            Self::GapsBefore => "gaps_before_us",
        }
    }
}

pub(crate) async fn mark(
    database: impl SqliteExecutor<'_>,
    doing: &'static str,
    mark: Mark,
) -> Result<i64> {
    sqlx::query_scalar("SELECT mark_value FROM mark WHERE mark_key = $1")
        .bind(mark.key())
        .fetch_one(database)
        .await
        .map_err(CatalogError::database(doing))
}

/// Sets a mark that only rises.
pub(crate) async fn raise_mark(
    transaction: &mut Transaction<'_, Sqlite>,
    doing: &'static str,
    mark: Mark,
    value: i64,
) -> Result<()> {
    sqlx::query("UPDATE mark SET mark_value = $1 WHERE mark_key = $2 AND mark_value < $1")
        .bind(value)
        .bind(mark.key())
        .execute(&mut **transaction)
        .await
        .map_err(CatalogError::database(doing))?;
    Ok(())
}
