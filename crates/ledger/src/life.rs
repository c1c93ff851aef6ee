//! How long side records live: each month has a root for what is kept one or two years and another
//! for what is kept three, and each root is destroyed alone.
//!
//! The law asks for access logs at least one year, or two for large systems, and for the record of
//! who was given which right at least three (Standards of Measures for Ensuring the Safety of Personal
//! Information, articles 8 and 5). Beyond that a name has no business here; the entry and its proof
//! stay.

use domain::WallTime;
use serde::{Deserialize, Serialize};

use crate::Record;

/// How long what is sealed under a root is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// Who did what, and why: as many years as the configuration says.
    Access,
    /// Who has which right, which cameras there are, what is held, what was agreed, what a person
    /// vouched for: three years from when it ended. What is still in force is sealed anew.
    Rights,
}

impl Life {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Access, Self::Rights];

    /// Of a record.
    pub(crate) const fn of(record: &Record) -> Self {
        match record {
            Record::Ask { .. }
            | Record::Outcome { .. }
            | Record::Served { .. }
            | Record::Visit { .. }
            | Record::VisitStep { .. } => Self::Access,
            Record::Account { .. }
            | Record::Credential { .. }
            | Record::Proposal { .. }
            | Record::Approval { .. }
            | Record::Attestation { .. }
            | Record::Ticket { .. }
            | Record::TicketStep { .. }
            | Record::Request { .. }
            | Record::RequestStep { .. }
            | Record::Disclosure { .. }
            | Record::DisclosureStep { .. }
            | Record::Export { .. }
            | Record::ExportRevoked { .. }
            | Record::Hold { .. }
            | Record::Floor { .. }
            | Record::FloorPicture { .. }
            | Record::RangePicture { .. }
            | Record::Camera { .. } => Self::Rights,
        }
    }
}

/// For how many months access records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLife {
    /// One year: the least that the law asks for.
    OneYear,
    /// Two: for 50,000 persons or more, or sensitive data.
    TwoYears,
}

impl AccessLife {
    /// Months after the end of a root's month.
    pub(crate) const fn months_of(self, life: Life) -> u64 {
        match (life, self) {
            (Life::Access, Self::OneYear) => 12,
            (Life::Access, Self::TwoYears) => 24,
            (Life::Rights, _) => 36,
        }
    }
}

/// A month, counted from January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month(pub(crate) u64);

impl Month {
    pub(crate) fn of(time: WallTime) -> Self {
        Self(u64::from(time.year()) * 12 + u64::from(time.month()) - 1)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = "a month is written as 2026-11";
        let (year, month) = text.split_once('-').ok_or(wrong)?;
        let number = |text: &str, length: usize| {
            let is_one = text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
            is_one.then(|| text.parse::<u64>().ok()).flatten()
        };
        match (number(year, 4), number(month, 2)) {
            (Some(year), Some(month @ 1..=12)) => Ok(Self(year * 12 + month - 1)),
            _ => Err(wrong),
        }
    }
}

/// Which root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RootName {
    /// How long what it seals is kept.
    pub life: Life,
    /// The month in which it seals.
    pub month: Month,
}

impl RootName {
    /// As it stands before a sealed record: the month, and the life in the high half. Rights have 0
    /// there, for roots had no life once and what they sealed has rights among it.
    pub(crate) fn to_u64(self) -> u64 {
        let life = match self.life {
            Life::Rights => 0,
            Life::Access => 1,
        };
        life << 32 | self.month.0
    }

    pub(crate) fn from_u64(number: u64) -> Option<Self> {
        let life = match number >> 32 {
            0 => Life::Rights,
            1 => Life::Access,
            _ => return None,
        };
        Some(Self { life, month: Month(number & u64::from(u32::MAX)) })
    }
}

/// What became of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootState {
    /// It was made, and seals.
    Made,
    /// It is about to be destroyed: nothing opens under it any more.
    Ending,
    /// It is destroyed.
    Destroyed,
}

/// What an entry says of a root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFact {
    /// Its life.
    pub life: Life,
    /// Its month.
    pub month: Month,
    /// What became of it.
    pub state: RootState,
    /// SHA-256 of the root, hexadecimal.
    pub sha256: String,
}

impl RootFact {
    pub(crate) const fn name(&self) -> RootName {
        RootName { life: self.life, month: self.month }
    }
}

/// The roots that are due: of those known, in the order in which they were made.
///
/// A root whose month lies before that of one made earlier was made under a clock that was slow; what
/// it seals is no older than that one's month, and lives as long. One that was made under a clock
/// that was ahead lives too long, and takes none with it.
pub(crate) fn due(known: &[RootFact], now: WallTime, access: AccessLife) -> Vec<RootFact> {
    let this = Month::of(now);
    let mut newest = [Month(0); 2];
    let mut due = Vec::new();
    for root in known {
        let newest = &mut newest[usize::from(root.life == Life::Rights)];
        if root.month <= this {
            *newest = root.month.max(*newest);
        }
        let month = root.month.max(*newest);
        // `life` whole months after the last moment of its own.
        let is_over = month.0 + access.months_of(root.life) < this.0;
        if is_over && root.state != RootState::Destroyed {
            due.push(root.clone());
        }
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(life: Life, month: &str) -> RootFact {
        let month = Month::try_from(month.to_owned()).unwrap();
        RootFact { life, month, state: RootState::Made, sha256: "00".repeat(32) }
    }

    fn months_due(known: &[RootFact], now: &str, access: AccessLife) -> Vec<String> {
        let due = due(known, now.parse().unwrap(), access);
        due.iter().map(|root| root.month.to_string()).collect()
    }

    #[test]
    fn a_root_is_due_when_its_life_has_passed_since_the_end_of_its_month() {
        let access = [root(Life::Access, "2026-11")];
        let one = |now: &str| months_due(&access, now, AccessLife::OneYear).len();
        assert_eq!((one("2027-11-30T23:59:59Z"), one("2027-12-01T00:00:00Z")), (0, 1));
        let two = |now: &str| months_due(&access, now, AccessLife::TwoYears).len();
        assert_eq!((two("2028-11-30T23:59:59Z"), two("2028-12-01T00:00:00Z")), (0, 1));
        let rights = [root(Life::Rights, "2026-11")];
        let three = |now: &str| months_due(&rights, now, AccessLife::OneYear).len();
        assert_eq!((three("2029-11-30T23:59:59Z"), three("2029-12-01T00:00:00Z")), (0, 1));
    }

    #[test]
    fn what_was_sealed_under_a_wrong_clock_does_not_go_early() {
        let known = ["2026-10", "1970-01", "2036-05", "2026-11"].map(|it| root(Life::Access, it));
        let due = |now: &str| months_due(&known, now, AccessLife::OneYear);
        assert_eq!(due("2027-10-31T00:00:00Z"), Vec::<String>::new());
        assert_eq!(due("2027-11-01T00:00:00Z"), ["2026-10", "1970-01"]);
        assert_eq!(due("2027-12-01T00:00:00Z"), ["2026-10", "1970-01", "2026-11"]);
    }

    #[test]
    fn a_month_is_written_and_read_the_same_and_nothing_else_is_one() {
        for text in ["2026-11", "1970-01", "9999-12"] {
            assert_eq!(Month::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for text in ["2026-13", "2026-00", "2026-1", "26-11", "2026-+1", "2026", "2026-11-21"] {
            assert!(Month::try_from(text.to_owned()).is_err(), "{text}");
        }
        let name = RootName { life: Life::Access, month: Month(24_322) };
        assert_eq!(RootName::from_u64(name.to_u64()), Some(name));
        assert_eq!(RootName::from_u64(2 << 32), None);
    }
}
