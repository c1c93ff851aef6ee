//! What entries of several kinds are made of.

use std::str::FromStr;

use domain::WallTime;

/// A list that an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanionName {
    /// Lines in it.
    pub count: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Merkle root over its lines.
    pub root: [u8; 32],
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As intended.
    Done,
    /// Not as intended.
    Failed,
    /// Nobody can say.
    Unknown,
}

/// What was decided of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Another person agreed.
    Approved,
    /// Another person did not.
    Refused,
    /// Taken back.
    Withdrawn,
}

impl FromStr for Decision {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "approved" => Ok(Self::Approved),
            "refused" => Ok(Self::Refused),
            "withdrawn" => Ok(Self::Withdrawn),
            _ => Err(()),
        }
    }
}

/// Holders of the vault key of which the same is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `slot`, `tpm` or `pkcs11`.
    pub kind: &'static str,
    /// `keeps`, `joins` or `given-up`.
    pub state: &'static str,
    /// Whether destruction in them can be proven.
    pub is_provable: bool,
    /// Why not.
    pub reason: Option<String>,
    /// How many.
    pub count: u64,
}

impl FromStr for Outcome {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            "unknown" => Ok(Self::Unknown),
            _ => Err(()),
        }
    }
}

/// `2026-11-01`.
pub(crate) fn is_day(day: &str) -> bool {
    day.len() == 10 && format!("{day}T00:00:00Z").parse::<WallTime>().is_ok()
}
