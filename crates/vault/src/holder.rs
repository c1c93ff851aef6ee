//! Holders of the vault key: whatever can keep thirty-two bytes and destroy them for good.
//!
//! Each kind is a module of its own. They are asked through [`Holders`], which knows who must keep
//! the key: one alone can open the vault after a restart, and a key is destroyed only when all have
//! destroyed it. `docs/design/keys.md` says what a crash at each step leaves.

mod all;
mod config;
mod entered;
mod list;
mod pin;
mod pkcs11;
mod posted;
mod provable;
mod slot;
mod tpm;

use std::path::PathBuf;

use host::{FsError, Secret, SlotError};

pub use all::HolderStatus;
pub(crate) use all::{Held, Holders};
pub use config::{HolderConfig, HoldersConfig};
pub use pkcs11::Pkcs11Error;
pub use provable::{Facts, HolderKind, Provable, provable};
pub use tpm::TpmError;

/// Keeps the vault key of one epoch, and for a moment of two.
///
/// There are two places, used in turn by the epoch's parity (its *turn*), so that at no moment of a
/// rotation there is no key: the new one is safe before the old one is destroyed. Each call is
/// complete and durable when it returns, may be made again, and may be cut off anywhere by the end of
/// the machine: what is then there is the old state, the new one, or in its turn no key at all.
pub trait Holder: Send + Sync + std::fmt::Debug {
    /// Its kind and place, in one word: its name in the list of holders for as long as it keeps a
    /// key. No secret.
    fn name(&self) -> &str;

    /// Makes its place ready, without touching a key that lies there.
    ///
    /// # Errors
    /// See [`HolderError`].
    fn join(&self) -> Result<(), HolderError>;

    /// The vault keys that are held, oldest first: one, or two after a crash in a rotation, or none.
    ///
    /// # Errors
    /// See [`HolderError`]: it is then unknown what it keeps.
    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError>;

    /// Keeps the key of an epoch; what was in its turn is destroyed. It has been read back.
    ///
    /// # Errors
    /// See [`HolderError`]: it may or may not be kept then.
    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError>;

    /// Destroys whatever lies in the turn of an epoch, whether or not it can be read as a key: what a
    /// crash tore may be no key and still show half of one.
    ///
    /// # Errors
    /// See [`HolderError`]: it may or may not be destroyed then.
    fn destroy(&self, epoch: u64) -> Result<(), HolderError>;

    /// Whether it is there, as cheaply as that can be known.
    ///
    /// # Errors
    /// See [`HolderError`].
    fn look(&self) -> Result<(), HolderError> {
        self.held().map(drop)
    }

    /// Whether what it destroys can be proven to be gone.
    fn provable(&self) -> Provable {
        Provable::NotOnThisDevice("nothing is known of how it destroys")
    }
}

/// Which of the two places an epoch uses.
pub(crate) fn turn_of(epoch: u64) -> u32 {
    u32::from(!epoch.is_multiple_of(2))
}

/// Why a holder did not do what it was asked. No text of it holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// The slot file.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// A file beside it.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// The TPM.
    #[error(transparent)]
    Tpm(#[from] TpmError),
    /// The PKCS#11 token.
    #[error(transparent)]
    Pkcs11(#[from] Pkcs11Error),
    /// The file with the PIN cannot be used.
    #[error("the PIN file {path} {reason}")]
    Pin {
        /// Which.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        reason: String,
    },
    /// It was not heard from in time. What it was asked may still happen.
    #[error("it did not answer within {0} seconds")]
    Silent(u64),
    /// It still works on what it was asked before.
    #[error("it has not answered what it was asked before")]
    Busy,
    /// It is not in the configuration, and keeps a key.
    #[error(
        "it keeps the vault key and is not configured any more; configure it again, or give it up with --give-up-holder"
    )]
    NotConfigured,
    /// What it keeps cannot be read back.
    #[error("what was kept reads back differently")]
    ReadBack,
    /// Another recorder's key lies there.
    #[error("the key of another recorder lies there; give this one a place of its own")]
    Foreign,
    /// A holder of another make, or a test's.
    #[error("{0}")]
    Other(String),
}

/// Which holder did not do what it was asked, and why.
#[derive(Debug, thiserror::Error)]
#[error("the holder {holder} of the vault key: {source}")]
pub struct HolderFailed {
    /// Its name.
    pub holder: String,
    /// Why.
    #[source]
    pub source: HolderError,
}
