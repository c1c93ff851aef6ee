//! What keeps the vault key, as an entry says it: kinds, states, and whether destruction there can be
//! proven. No names and no paths, since an entry is public.

use serde::{Deserialize, Serialize};

/// The kind of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderWord {
    /// A slot file on a disk.
    Slot,
    /// A TPM 2.0.
    Tpm,
    /// A PKCS#11 token.
    Pkcs11,
}

/// What a holder is to the vault key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderState {
    /// It keeps it: nothing is destroyed without it.
    Keeps,
    /// It is to keep it, and is not known to.
    Joins,
    /// A person gave it up: what it kept then was never destroyed in it.
    GivenUp,
}

/// Whether what a holder destroys can be proven to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProvableWord {
    /// It can.
    Provable,
    /// Not on this device.
    NotProvableOnThisDevice,
}

/// Holders of which the same is true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderFact {
    /// Their kind.
    pub holder: HolderWord,
    /// What they are to the vault key.
    pub state: HolderState,
    /// Whether destruction in them can be proven.
    pub provable: ProvableWord,
    /// Why not; a fixed sentence of the program, at most 200 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many.
    pub count: u64,
}
