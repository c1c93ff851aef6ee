//! The vault: sealed reels on disk, the keys they need, live feeds, and destruction.
//!
//! Invariants:
//! 1. Every byte of a picture is ciphertext before it is handed to the file system (K8).
//! 2. A picture, live or recorded, leaves through [`Opener`] only, against a `&Grant`, and the grant
//!    is asked again at every frame or chunk. [`Sealer`] can only seal.
//! 3. A key is on every healthy volume before the first chunk under it is written.
//! 4. The order never varies: write, sync, enter in the ledger, list in the catalog.
//! 5. Destruction is rotation, in seven steps that never vary (`docs/design/destruction.md`); a crash
//!    between two of them is completed or abandoned at the next start, by what lies on the disk.
//! 6. Nothing is written to a volume that does not carry the identity it must have, nor to one that
//!    failed once.
//! 7. A part of it that breaks an invariant stops the process: a recorder that looks alive and
//!    records nothing is the worst of all.
//!
//! A picture cannot be asked for without a grant of the right kind:
//! ```compile_fail
//! fn peek(opener: &vault::Opener, feed: domain::Feed) { let _ = opener.live(feed); }
//! ```
//! ```compile_fail
//! fn wrong(opener: &vault::Opener, grant: &ledger::Grant<ledger::act::ManageCameras>, feed: domain::Feed) {
//!     let _ = opener.live(grant, feed);
//! }
//! ```
//! nor kept longer than its grant:
//! ```compile_fail
//! async fn keep(opener: &vault::Opener, grant: ledger::Grant<ledger::act::WatchLive>, feed: domain::Feed) {
//!     let live = opener.live(&grant, feed).unwrap();
//!     drop(grant);
//!     drop(live);
//! }
//! ```
//! and `Sealer` opens nothing:
//! ```compile_fail
//! fn peek(sealer: &vault::Sealer, grant: &ledger::Grant<ledger::act::WatchLive>, feed: domain::Feed) {
//!     let _ = sealer.live(grant, feed);
//! }
//! ```

mod anchor;
mod by_hand;
mod check;
mod closed;
mod copies;
mod datings;
mod decision;
mod disclosure;
mod early;
mod error;
mod feed;
mod find;
mod forecast;
mod group;
mod hand;
mod holder;
mod holds;
mod index;
mod kept;
mod keyring;
mod live;
mod minute;
mod notary;
mod open;
mod open_keyring;
mod open_reel;
mod opener;
mod parting;
mod placing;
mod reels;
mod request;
mod retired;
mod rope;
mod rotate;
mod scrub;
mod sealer;
mod single;
mod still;
mod stop;
mod trusted;
mod volume;
mod writer;

pub use by_hand::ByHand;
pub use check::{ReelFault, VaultReport};
pub use closed::ClosedReel;
pub use copies::{Copies, CopyError, KeptCopy, LONGEST_COPY, WorkingCopy, hash_of};
pub use datings::OtherDating;
pub use disclosure::DisclosureEntry;
pub use error::{
    DestroyMinutesError, HoldFootageError, OpenFootageError, OpenVaultError, RotateError,
};
pub use forecast::{Stock, days_left};
pub use holder::{
    Facts, Holder, HolderConfig, HolderError, HolderFailed, HolderKind, HolderStatus,
    HoldersConfig, Pkcs11Error, Provable, TpmError, provable,
};
pub use kept::{KeptFootage, KeptPart};
pub use live::LiveFeed;
pub use notary::Listing;
pub use open::{Vault, VaultConfig, VaultStatus, VolumeConfig, VolumeStatus};
pub use opener::{
    Change, ChunkPlace, FootageReader, MOST_CHANGE_COLUMNS, OpenedChunk, OpenedFrame, Opener,
};
pub use reel::{Codec, CodecConfig};
pub use reels::UnlistedFootage;
pub use request::RequestEntry;
pub use rotate::{DestructionState, RotationReport};
pub use scrub::{ScrubPass, ScrubStatus};
pub use sealer::{FeedSealer, FeedStatus, Frame, Sealer};
pub use volume::kept_bytes;
