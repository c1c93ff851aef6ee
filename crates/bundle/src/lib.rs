//! What leaves the building: one file that opens in any browser without a network. It holds a page, the
//! clips with their cover, sealed to a passphrase (`age`), and behind them the ledger's receipt.
//! Bytes: `docs/formats/bundle.md`.
//!
//! Bytes in, bytes out: no disk, no clock, no ledger. What stands before the receipt is what the ledger
//! enters the SHA-256 of, so the receipt comes last: [`Sealed`] first, [`Sealed::finish`] then.

mod cover;
mod passphrase;
mod seal;
mod zip_file;

pub use self::cover::{Clip, Cover, Gap, Words};
pub use self::passphrase::{Passphrase, PassphraseError};
pub use self::seal::{FinishError, LONGEST_CONTENTS, SealError, Sealed, seal};
pub use self::zip_file::{Contents, PackError};
