//! Words and lists that stand in entries, and mean the same in each kind.

use serde::{Deserialize, Serialize};

/// What has a text of its own, written as that.
pub(crate) mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<T: Display, S: Serializer>(it: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(it)
    }

    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom("no moment or number"))
    }
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// As intended.
    Done,
    /// Not as intended; nothing of it happened, or what happened stands in the record.
    Failed,
    /// Nobody can say (a crash, a hang-up): counts as all done.
    Unknown,
}

/// What was decided of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Another person agreed.
    Approved,
    /// Another person did not.
    Refused,
    /// Whoever proposed it took it back.
    Withdrawn,
}

/// What a person saw of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenWord {
    /// It is as promised.
    SeenSo,
    /// It is otherwise.
    SeenOtherwise,
}

/// What a scrub found wrong with a reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReelFinding {
    /// Its file is not there, though it is not due.
    Missing,
    /// The disk could not read it.
    Unreadable,
    /// Bytes of it are not those that were written.
    Damaged,
    /// It is whole, but not the reel that was entered when it was closed.
    Changed,
}

/// A public list too long for an entry: a file `companion/<sha256>` beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// Lines in it.
    pub count: u64,
    /// SHA-256 of the file, which is also its name.
    pub sha256: String,
    /// Merkle root (RFC 6962) over its lines without their newlines.
    pub root: String,
}
