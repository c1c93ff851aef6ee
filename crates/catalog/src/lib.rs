//! The one database: a projection that can be rebuilt.
//!
//! What is listed here can be found again in the reels and the ledger, without a key: the file may
//! be lost, moved away and made anew. It holds no personal data in the open: cameras and accounts
//! appear as ids, and the words behind the ids lie sealed in the ledger. Password verifiers are
//! kept by account id; they alone cannot be rebuilt, and whoever loses them issues one-time links.
//!
//! Rules that hold at every moment:
//! 1. A reel, its rows and its share in the counters are listed in one transaction, or not at all.
//! 2. Counters never go back. A reel is counted once, however often it is listed and removed.
//! 3. A catalog is complete only after [`Catalog::rebuild_finish`]; one that was just made is not.
//!    Destruction waits until it is.
//! 4. What a call reported as done is on the disk (WAL, `synchronous=FULL`).
//!
//! One connection writes, some read; a reader never waits for the writer. SQLite is bundled, and
//! the text of all statements but the ones in `open` and `check` is such that PostgreSQL takes it
//! too.

mod account;
mod check;
mod counters;
mod error;
mod gaps;
mod newest;
mod notes;
mod open;
mod reels;
mod rows;
mod timeline;

pub use check::CatalogReport;
pub use counters::Counters;
pub use error::{CatalogError, OpenCatalogError};
pub use open::Catalog;
pub use rows::{GapRow, ReelFeedRow, ReelRow, Timeline, TimelineSpan};

/// What every operation gives.
pub type Result<T> = std::result::Result<T, CatalogError>;
