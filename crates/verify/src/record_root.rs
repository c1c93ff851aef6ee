//! Record roots: the keys of what stands behind entries, one for each month and life, and what the
//! ledger says became of them (`docs/formats/ledger-entry.md`).

use std::collections::BTreeMap;
use std::fmt;

use domain::EntryNumber;
use serde::Deserialize;

use crate::report::Report;
use crate::words::Word;

/// How long what a root seals is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// Who did what: one or two years.
    Access,
    /// Who had which right: three years.
    Rights,
}

/// What became of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootState {
    /// It was made.
    Made,
    /// It is about to be destroyed.
    Ending,
    /// It is destroyed.
    Destroyed,
}

/// Which root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordRoot {
    /// How long what it seals is kept.
    pub life: Life,
    /// Of which year.
    pub year: u16,
    /// Of which month, from 1.
    pub month: u8,
}

impl RecordRoot {
    /// By its life and a month as it is written: `2026-11`.
    #[must_use]
    pub fn read(life: Life, text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let is_fit = (year.len(), month.len()) == (4, 2)
            && text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
        let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        is_fit.then_some(Self { life, year: year.parse().ok()?, month })
    }
}

impl fmt::Display for RecordRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let life = match self.life {
            Life::Access => "access",
            Life::Rights => "rights",
        };
        write!(f, "record root of {:04}-{:02} ({life})", self.year, self.month)
    }
}

/// The roots of a ledger as last said.
#[derive(Debug, Clone, Default)]
pub struct RecordRoots {
    known: BTreeMap<RecordRoot, (RootState, [u8; 32])>,
}

impl RecordRoots {
    /// Each, its commitment, and whether it was said to be destroyed.
    pub fn all(&self) -> impl Iterator<Item = (RecordRoot, [u8; 32], bool)> {
        let all = self.known.iter();
        all.map(|(root, (state, sha256))| (*root, *sha256, *state == RootState::Destroyed))
    }

    /// Takes the next entry: made once, then ending, then destroyed, always the same one. Of a log
    /// that is not read from its beginning the earlier entries are not missed.
    pub(crate) fn take(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        (root, state, sha256): (RecordRoot, RootState, [u8; 32]),
        is_from_beginning: bool,
    ) {
        let known = self.known.insert(root, (state, sha256));
        let is_next = match (known, state) {
            (None, RootState::Made) => true,
            (None, _) => !is_from_beginning,
            (Some((before, same)), _) => {
                same == sha256
                    && matches!(
                        (before, state),
                        (RootState::Made, RootState::Ending)
                            | (RootState::Ending, RootState::Destroyed)
                    )
            }
        };
        if !is_next {
            let detail = format!("{root}: it is made, is ending and is destroyed, each once");
            report.find(Word::OrderBroken, number, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_four_digits_and_two() {
        let read = |text| RecordRoot::read(Life::Access, text).map(|it| (it.year, it.month));
        assert_eq!(read("2026-11"), Some((2026, 11)));
        for text in ["2026-13", "2026-00", "2026-1", "226-011", "20-6-11", "2026-+1", "2026"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
