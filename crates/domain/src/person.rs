//! Who acts.

use std::fmt;

use crate::AccountId;

/// What a person is appointed to do. A person may hold several, but never footage rights together
/// with administration: see `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 시스템 관리자: cameras, disks, technical accounts, updates; never a picture.
    Administrator,
    /// 관리책임자: answers for the policy; gives footage rights.
    Manager,
    /// 담당자: works on requests and footage under the manager.
    Officer,
    /// 관제요원: watches live and looks back some minutes.
    Operator,
    /// 수탁업체: repairs; sees health and a synthetic pattern, never a frame.
    Contractor,
    /// 점검자: reads the ledger and verifies; never a picture.
    Inspector,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Administrator,
        Self::Manager,
        Self::Officer,
        Self::Operator,
        Self::Contractor,
        Self::Inspector,
    ];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Officer => "officer",
            Self::Operator => "operator",
            Self::Contractor => "contractor",
            Self::Inspector => "inspector",
        }
    }

    /// The role that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it lets a person see footage, live or recorded.
    #[must_use]
    pub const fn sees_footage(self) -> bool {
        matches!(self, Self::Manager | Self::Officer | Self::Operator)
    }
}

/// A part of the machine that acts by itself, on the same road as a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemActor {
    /// Destroys what is due.
    Retention,
    /// Closes what a crash left open.
    Repair,
    /// Keeps keys, reels and the ledger's own entries.
    Recorder,
}

impl SystemActor {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Repair => "repair",
            Self::Recorder => "recorder",
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A signed-in person.
    Person(AccountId),
    /// Somebody on the machine itself, named by the peer's credentials on the socket.
    Os {
        /// The user id that the kernel gave.
        uid: u32,
    },
    /// The machine by itself.
    System(SystemActor),
    /// Somebody who has not signed in, or failed to.
    Unknown,
}

/// `person:ID`, `os:UID`, `system:WORD` or `unknown`; stable.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(account) => write!(f, "person:{account}"),
            Self::Os { uid } => write!(f, "os:{uid}"),
            Self::System(part) => write!(f, "system:{}", part.word()),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}
