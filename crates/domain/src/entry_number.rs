//! The number of a ledger entry: how an act is called once it stands in the ledger.

use std::fmt;
use std::str::FromStr;

/// An entry's place: the year of its log and the index in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryNumber {
    /// Year of the log.
    pub year: u16,
    /// Index from 0.
    pub index: u64,
}

/// `2026/17`.
impl fmt::Display for EntryNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.year, self.index)
    }
}

/// What is wrong with a written entry number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryNumberError;

impl fmt::Display for EntryNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry number is written as year/index: 2026/17")
    }
}

impl std::error::Error for EntryNumberError {}

impl FromStr for EntryNumber {
    type Err = EntryNumberError;
    fn from_str(text: &str) -> Result<Self, EntryNumberError> {
        let (year, index) = text.split_once('/').ok_or(EntryNumberError)?;
        let number = |text: &str| {
            text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        };
        let year = number(year).and_then(|year: u64| u16::try_from(year).ok());
        Ok(Self {
            year: year.ok_or(EntryNumberError)?,
            index: number(index).ok_or(EntryNumberError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_number_has_one_form() {
        assert_eq!("2026/17".parse(), Ok(EntryNumber { year: 2026, index: 17 }));
        for text in ["2026", "2026/", "/17", "+2026/17", "2026/-1", "70000/1"] {
            assert_eq!(text.parse::<EntryNumber>(), Err(EntryNumberError), "{text}");
        }
    }
}
