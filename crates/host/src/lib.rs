//! The machine beneath: clock, disk and chance, as traits with their real forms.
//!
//! `ledger` and `vault` reach a disk through [`Fs`] and time through [`Clock`] only, so that a test
//! can stop the clock, tear a write or fail a sync at any point.

mod blocks;
mod chance;
mod clock;
mod direct;
mod disk;
mod exchange;
mod fs;
mod memory;
mod private;
mod slot;
mod storage;

pub use blocks::Blocks;
pub use chance::random_bytes;
pub use clock::{Clock, SystemClock};
pub use disk::Disk;
pub use exchange::Exchange;
pub use fs::{File, Fs, FsError, FsResult, Space};
pub use memory::{MemoryLock, MemoryLockError, Swap};
pub use private::{PrivateFileError, private_line};
pub use slot::{Secret, SlotError, SlotFile};
pub use storage::{DeviceFacts, StorageFacts};
