//! Opening: what the file is, before anything is written to it; then its layout; then connections.

use std::path::{Path, PathBuf};
use std::time::Duration;

use host::{Disk, Fs};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};

use crate::error::{CORRUPT, NOT_A_DATABASE, OpenCatalogError, code};

static LAYOUT: Migrator = sqlx::migrate!("./migrations");

/// `JIKM`: marks a database as a catalog, so that no other program's database is ever changed.
const APPLICATION_ID: i32 = 0x4a49_4b4d;

/// How long a statement waits for another process (`jikim check` beside a running recorder).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// A larger file is looked through after opening: recording waits for no gigabytes.
const LOOKED_THROUGH_BYTES: u64 = 64 << 20;
/// Rows that SQLite's thread may be ahead of who takes them: a camera-day goes over in one piece,
/// instead of waking the two threads by turns.
const ROW_BUFFER: usize = 512;

/// The open catalog; clones share its connections.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    is_new: bool,
    path: PathBuf,
    /// Whether the whole file was looked through when it was opened.
    is_looked_through: bool,
}

impl Catalog {
    /// Opens the catalog at `path`, and makes it (mode 0600) if nothing is there.
    ///
    /// The whole file is looked through first (`quick_check`); nothing is written into one that is
    /// damaged, foreign or newer. One of more than 64 MiB is looked through later, by
    /// [`look_through`](Self::look_through).
    ///
    /// # Errors
    /// If it cannot be used; each error says what to do.
    pub async fn open(path: &Path) -> Result<Self, OpenCatalogError> {
        Self::open_looking(path, LOOKED_THROUGH_BYTES).await
    }

    async fn open_looking(path: &Path, at_most_bytes: u64) -> Result<Self, OpenCatalogError> {
        let path = absolute(path)?;
        if let Some(finding) = noted_damage(&path)? {
            return Err(OpenCatalogError::Damaged { path, finding });
        }
        make_file(&path)?;
        let length = Disk.open_read(&path).and_then(|file| file.len());
        let length = length.map_err(|source| OpenCatalogError::Make { source })?;
        let is_looked_through = length <= at_most_bytes;
        let is_new = inspect(&path, is_looked_through).await?;
        let failed = |source| OpenCatalogError::Open { path: path.clone(), source };
        let writer = pool(1).connect_with(writing(&path)).await.map_err(failed)?;
        LAYOUT.run(&writer).await.map_err(|error| layout_error(&path, error))?;
        let reading = connection(&path).read_only(true);
        let readers = pool(READERS).connect_with(reading).await.map_err(failed)?;
        Ok(Self { writer, readers, is_new, path, is_looked_through })
    }

    /// Looks the whole file through, if opening it did not; gives what is wrong. That is also noted
    /// beside the file (`.damaged`), so that the next opening refuses it and it is made anew.
    ///
    /// Takes seconds for a gigabyte, on a connection of the readers.
    ///
    /// # Errors
    /// If the database refuses altogether, or the note cannot be written.
    pub async fn look_through(&self) -> Result<Option<String>, OpenCatalogError> {
        if self.is_looked_through {
            return Ok(None);
        }
        let found = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&self.readers).await;
        let finding = match found.map_err(|source| inspect_error(&self.path, source)) {
            Ok(finding) if finding == "ok" => return Ok(None),
            Ok(finding) => finding,
            Err(OpenCatalogError::Damaged { finding, .. }) => finding,
            Err(error) => return Err(error),
        };
        let finding: String = finding.replace('\n', " ").chars().take(MOST_NOTE_CHARS).collect();
        Disk.replace(&note_path(&self.path), finding.as_bytes())
            .map_err(|source| OpenCatalogError::Make { source })?;
        Ok(Some(finding))
    }

    /// Whether this opening laid the catalog out: it was not there, or empty.
    ///
    /// Whether a rebuild is due is another question, which outlives a crash: see
    /// [`is_complete`](Self::is_complete).
    #[must_use]
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Ends all connections, in all clones; the log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// How much of a finding is noted.
const MOST_NOTE_CHARS: usize = 500;

fn note_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damaged");
    PathBuf::from(name)
}

/// What an earlier run found wrong with the file.
fn noted_damage(path: &Path) -> Result<Option<String>, OpenCatalogError> {
    let note = note_path(path);
    let read = || {
        let is_there = Disk.exists(&note)?;
        is_there.then(|| Disk.read(&note, 4 * MOST_NOTE_CHARS)).transpose()
    };
    let found = read().map_err(|source| OpenCatalogError::Make { source })?;
    Ok(found.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// An absolute path, because SQLite takes a relative one that begins with `file:` for an address.
fn absolute(path: &Path) -> Result<PathBuf, OpenCatalogError> {
    std::path::absolute(path).map_err(|source| OpenCatalogError::Make {
        source: host::FsError { doing: "name", path: path.to_owned(), source },
    })
}

/// SQLite makes files that the whole machine may read; an empty one of ours comes first. It gives
/// its log beside the file the same mode.
fn make_file(path: &Path) -> Result<(), OpenCatalogError> {
    let make = || {
        if !Disk.exists(path)? {
            Disk.create(path)?.sync()?;
            Disk.sync_folder(path.parent().unwrap_or(Path::new("/")))?;
        }
        Ok(())
    };
    make().map_err(|source| OpenCatalogError::Make { source })
}

/// Looks at the file on a connection of its own, before anything is written into it; `true` if it
/// has no tables.
async fn inspect(path: &Path, whole: bool) -> Result<bool, OpenCatalogError> {
    let failed = |source| inspect_error(path, source);
    let mut connection = connection(path).connect().await.map_err(failed)?;
    let found = inspect_tables(&mut connection, path, whole).await;
    connection.close().await.map_err(failed)?;
    found
}

async fn inspect_tables(
    connection: &mut SqliteConnection,
    path: &Path,
    whole: bool,
) -> Result<bool, OpenCatalogError> {
    let failed = |source| inspect_error(path, source);
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let mark: i32 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if mark != APPLICATION_ID {
        let is_empty = tables == 0 && mark == 0;
        return is_empty
            .then_some(true)
            .ok_or_else(|| OpenCatalogError::NotACatalog { path: path.to_owned() });
    }
    if !whole {
        return Ok(tables == 0);
    }
    let finding: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if finding != "ok" {
        let finding = finding.replace('\n', " ");
        return Err(OpenCatalogError::Damaged { path: path.to_owned(), finding });
    }
    Ok(tables == 0)
}

fn inspect_error(path: &Path, source: sqlx::Error) -> OpenCatalogError {
    let path = path.to_owned();
    match code(&source) {
        Some(NOT_A_DATABASE) => OpenCatalogError::NotADatabase { path, source },
        Some(CORRUPT) => OpenCatalogError::Damaged { path, finding: source.to_string() },
        _ => OpenCatalogError::Open { path, source },
    }
}

fn layout_error(path: &Path, error: MigrateError) -> OpenCatalogError {
    let path = path.to_owned();
    match error {
        MigrateError::VersionMissing(version)
        | MigrateError::VersionMismatch(version)
        | MigrateError::VersionTooNew(version, _) => {
            OpenCatalogError::NewerSchema { path, version }
        }
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => {
            OpenCatalogError::Open { path, source }
        }
        other => OpenCatalogError::Open { path, source: sqlx::Error::Migrate(Box::new(other)) },
    }
}

/// Statements are not logged: what is bound to them is nobody's business.
fn connection(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .row_buffer_size(ROW_BUFFER)
        .disable_statement_logging()
}

fn writing(path: &Path) -> SqliteConnectOptions {
    connection(path)
        .pragma("application_id", APPLICATION_ID.to_string())
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
}

/// Connections are kept for good: closing the last one folds the log into the file, which is work
/// for the end and not for a quiet minute.
fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is too large to be looked through before recording begins is looked through after it.
    #[tokio::test]
    async fn r7_damage_that_opening_did_not_look_for_is_noted_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.db");
        let catalog = Catalog::open_looking(&path, u64::MAX).await.unwrap();
        catalog.close().await;
        let whole = std::fs::read(&path).unwrap();
        for page in 2..whole.len() / 4096 {
            let mut damaged = whole.clone();
            damaged[page * 4096..(page + 1) * 4096].fill(0xa5);
            std::fs::write(&path, &damaged).unwrap();
            // Some damage cannot be overlooked; the rest is found afterwards, and then refused.
            if let Ok(catalog) = Catalog::open_looking(&path, 0).await {
                assert!(catalog.look_through().await.unwrap().is_some(), "page {page}");
                catalog.close().await;
                std::fs::write(&path, &whole).unwrap();
                let refused = Catalog::open(&path).await;
                assert!(matches!(refused, Err(OpenCatalogError::Damaged { .. })), "page {page}");
                std::fs::remove_file(note_path(&path)).unwrap();
            }
        }
        std::fs::write(&path, &whole).unwrap();
        let catalog = Catalog::open_looking(&path, 0).await.unwrap();
        assert_eq!(catalog.look_through().await.unwrap(), None, "the control: it is whole");
        catalog.close().await;
        assert!(Catalog::open(&path).await.is_ok());
    }

    async fn pragma(pool: &SqlitePool, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(pool).await.expect("SQLite knows the pragma")
    }

    #[tokio::test]
    async fn connections_are_set_as_the_rules_ask() {
        const FULL: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.db")).await.unwrap();
        assert_eq!(pragma(&catalog.writer, "PRAGMA synchronous").await, FULL);
        assert_eq!(pragma(&catalog.writer, "PRAGMA secure_delete").await, 1);
        assert_eq!(pragma(&catalog.writer, "PRAGMA busy_timeout").await, 5000);
        for pool in [&catalog.writer, &catalog.readers] {
            assert_eq!(pragma(pool, "PRAGMA foreign_keys").await, 1);
        }
        let write = sqlx::query("DELETE FROM reel").execute(&catalog.readers).await;
        assert_eq!(code(&write.unwrap_err()), Some(crate::error::READ_ONLY));
    }
}
