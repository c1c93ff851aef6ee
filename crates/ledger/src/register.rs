//! What registers are made from: entries with what can still be read of their details, and whose the
//! keys in public lists were.

use domain::{CameraId, EntryNumber};

use crate::act::ReadRegister;
use crate::bucket::{Finder, ListedKey};
use crate::{Companion, Entry, Grant, Ledger, ReadLedgerError, Record};

/// What can be read behind an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// It has no record.
    None,
    /// Its record.
    Open(Box<Record>),
    /// The time of its record is up.
    Expired,
}

/// An entry as a register reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Which.
    pub number: EntryNumber,
    /// The entry.
    pub entry: Entry,
    /// What lies behind it.
    pub detail: Detail,
}

impl Ledger {
    /// The entries that are wanted, the oldest first, from the year of a moment on.
    ///
    /// # Errors
    /// If the act has ended, or the disk refused.
    pub fn register_entries(
        &self,
        grant: &Grant<ReadRegister>,
        first_year: u16,
        mut is_wanted: impl FnMut(EntryNumber, &Entry) -> bool,
    ) -> Result<Vec<RegisterEntry>, ReadLedgerError> {
        let mut found = Vec::new();
        for (year, size) in self.years().into_iter().filter(|(year, _)| *year >= first_year) {
            for index in 0..size {
                let number = EntryNumber { year, index };
                let (entry, sealed) = self.inner.read(number)?;
                if !is_wanted(number, &entry) {
                    continue;
                }
                grant.check()?;
                let record = entry
                    .commitment
                    .map(|commitment| self.inner.roots.open_record(number, &sealed, commitment));
                let detail = match record {
                    None => Detail::None,
                    Some(None) => Detail::Expired,
                    Some(Some(record)) => Detail::Open(Box::new(record)),
                };
                found.push(RegisterEntry { number, entry, detail });
            }
        }
        Ok(found)
    }

    /// Whose the keys of public lists are, list by list.
    ///
    /// # Errors
    /// If the act has ended, or a list or a root cannot be read.
    pub fn register_keys(
        &self,
        grant: &Grant<ReadRegister>,
        lists: &[&Companion],
    ) -> Result<Vec<Vec<ListedKey>>, ReadLedgerError> {
        let ids = self.cameras().into_iter().filter_map(|camera| camera.camera.parse().ok());
        let cameras: Vec<CameraId> = ids.collect();
        let mut finder = Finder::new(self, &cameras);
        let mut keys_of = |list: &&Companion| {
            grant.check()?;
            let text = self.companion(list)?;
            let mut keys = Vec::new();
            for line in text.lines() {
                keys.extend(finder.find(line)?);
            }
            Ok(keys)
        };
        lists.iter().map(&mut keys_of).collect()
    }
}
