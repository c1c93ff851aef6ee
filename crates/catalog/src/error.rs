//! What can go wrong, and what the person at the machine does then.

use std::path::PathBuf;

use host::FsError;

/// What to do with a catalog that cannot be read.
pub(crate) const REBUILD: &str = "move it away and run `jikim check --rebuild`";

/// Why a catalog cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenCatalogError {
    /// The file is no SQLite database.
    #[error("{path} is not a database: {REBUILD}")]
    NotADatabase {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// It is a database, of some other program.
    #[error("{path} is a database, but no catalog of jikim: {REBUILD}")]
    NotACatalog {
        /// Which file.
        path: PathBuf,
    },
    /// Pages of it are not what they were.
    #[error("the catalog {path} is damaged ({finding}): {REBUILD}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// The first thing that is wrong with it.
        finding: String,
    },
    /// Its tables are laid out as this program does not know them.
    #[error(
        "the catalog {path} was laid out by another, probably newer jikim (step {version}): use that one, or {REBUILD}"
    )]
    NewerSchema {
        /// Which file.
        path: PathBuf,
        /// The step of its layout that is not known here.
        version: i64,
    },
    /// The file could not be made.
    #[error("the catalog cannot be made: {source}")]
    Make {
        /// What the operating system said.
        source: FsError,
    },
    /// SQLite could not open or prepare it.
    #[error("the catalog {path} cannot be opened: {source}; {}", remedy(source))]
    Open {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
}

/// Why an operation on an open catalog failed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The database refused.
    #[error("the catalog could not {doing}: {source}; {}", remedy(source))]
    Database {
        /// The operation.
        doing: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A row holds something that this program never wrote.
    #[error("the catalog could not {doing}: it lists {what}, so it is damaged: {REBUILD}")]
    Unreadable {
        /// The operation.
        doing: &'static str,
        /// What should not be there.
        what: &'static str,
    },
    /// What was to be listed cannot be true, or is over a limit. Nothing was listed.
    #[error("the catalog did not {doing}: {why}")]
    Refused {
        /// The operation.
        doing: &'static str,
        /// The rule it breaks.
        why: &'static str,
    },
    /// The answer would have more rows than one answer may have.
    #[error("the catalog did not {doing}: that is more than {limit} rows; ask for a shorter time")]
    TooMuch {
        /// The operation.
        doing: &'static str,
        /// The most rows of an answer.
        limit: usize,
    },
}

impl CatalogError {
    pub(crate) fn database(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    pub(crate) fn refused<T>(doing: &'static str, why: &'static str) -> crate::Result<T> {
        Err(Self::Refused { doing, why })
    }

    /// Whether the file itself is broken, so that only a rebuild helps.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Database { source, .. } => matches!(code(source), Some(CORRUPT | NOT_A_DATABASE)),
            Self::Unreadable { .. } => true,
            Self::Refused { .. } | Self::TooMuch { .. } => false,
        }
    }
}

pub(crate) const BUSY: u32 = 5;
pub(crate) const READ_ONLY: u32 = 8;
pub(crate) const IO: u32 = 10;
pub(crate) const CORRUPT: u32 = 11;
pub(crate) const FULL: u32 = 13;
pub(crate) const CANNOT_OPEN: u32 = 14;
pub(crate) const NOT_A_DATABASE: u32 = 26;

/// SQLite's primary result code: the low byte of the extended one.
pub(crate) fn code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn remedy(error: &sqlx::Error) -> &'static str {
    match code(error) {
        Some(BUSY) => "another program holds it: end that one",
        Some(READ_ONLY | CANNOT_OPEN) => "see that the folder and the file may be written",
        Some(IO) => "the disk refused: see the system's log, then run `jikim check`",
        Some(CORRUPT | NOT_A_DATABASE) => REBUILD,
        Some(FULL) => "the disk is full: make room",
        _ => "run `jikim check`",
    }
}
