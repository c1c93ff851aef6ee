//! What a certificate of destruction is made from: entries as they are hashed, the records behind
//! them for who was granted to have it certified, public lists, and proofs beneath one checkpoint of
//! each year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use tlog::Hash;

use crate::act::CertifyDestruction;
use crate::entry::to_hex;
use crate::{Companion, EntryNumber, Grant, Kind, Ledger, ReadLedgerError, Record};

/// The longest public list that is read: a million buckets.
const MAX_COMPANION_BYTES: usize = 256 << 20;

/// A signed checkpoint, and the proofs of entries beneath it.
#[derive(Debug, Clone)]
pub struct Proofs {
    /// The signed note, as it is published.
    pub checkpoint: String,
    /// Of each entry, the hashes of its inclusion proof.
    pub hashes: BTreeMap<EntryNumber, Vec<Hash>>,
}

impl Ledger {
    /// The verifier key of a year's second signatures, as C2SP writes it.
    #[must_use]
    pub fn second_verifier_key(&self, year: u16) -> String {
        self.inner.publisher().second(year).to_string()
    }

    /// What is to be entered of the second signing key: nothing if the newest entry of it says so.
    #[must_use]
    pub fn second_key_event(&self) -> Option<Kind> {
        let spki = to_hex(&self.inner.publisher().second(0).spki());
        let is_entered = self.inner.projection().second_key() == Some(&spki);
        (!is_entered).then_some(Kind::LogKey { spki })
    }

    /// What is to be entered of the witnesses: nothing if the newest entry of them says so. `lines`
    /// are those of the policy file that mean something; none without witnesses.
    ///
    /// # Errors
    /// If the disk refused.
    pub fn witnesses_event(&self, lines: &[String]) -> Result<Option<Kind>, ReadLedgerError> {
        let companion = match lines {
            [] => None,
            lines => Some(self.keep_companion(lines)?),
        };
        let is_entered = self.inner.projection().witnesses() == companion.as_ref();
        Ok((!is_entered).then_some(Kind::Witnesses { companion }))
    }

    /// The years, the oldest first, and the entries of each.
    #[must_use]
    pub fn years(&self) -> Vec<(u16, u64)> {
        let shards = self.inner.shards.read().unwrap_or_else(PoisonError::into_inner);
        shards.iter().map(|(&year, view)| (year, view.offsets.len() as u64)).collect()
    }

    /// The bytes of an entry, as they are hashed.
    ///
    /// # Errors
    /// If there is none, or the disk refused.
    pub fn entry_bytes(&self, number: EntryNumber) -> Result<Vec<u8>, ReadLedgerError> {
        self.inner.read_bytes(number)
    }

    /// The record behind an entry, to see what footage it was about. No name of it may go into what is
    /// made of it.
    ///
    /// # Errors
    /// If the act has ended, or there is no such entry, or its record cannot be opened.
    pub fn record_to_certify(
        &self,
        grant: &Grant<CertifyDestruction>,
        number: EntryNumber,
    ) -> Result<Option<Record>, ReadLedgerError> {
        grant.check()?;
        self.inner.open_record(number)
    }

    /// The text of a public list.
    ///
    /// # Errors
    /// If the disk refused, or it is not the list of that name.
    pub fn companion(&self, companion: &Companion) -> Result<String, ReadLedgerError> {
        let path = self.inner.folder.join("companion").join(&companion.sha256);
        let bytes = self.inner.fs.read(&path, MAX_COMPANION_BYTES)?;
        String::from_utf8(bytes).map_err(|_| {
            ReadLedgerError::Disk(host::FsError {
                doing: "understand the list in",
                path,
                source: std::io::ErrorKind::InvalidData.into(),
            })
        })
    }

    /// Proofs of entries, those of a year beneath one checkpoint: the newest that a quorum of
    /// witnesses cosigned if that holds them all, else the newest that was signed.
    ///
    /// # Errors
    /// If an entry is in neither, or a proof could not be made.
    pub fn proofs(&self, numbers: &BTreeSet<EntryNumber>) -> Result<Vec<Proofs>, ReadLedgerError> {
        let mut years: BTreeMap<u16, Vec<EntryNumber>> = BTreeMap::new();
        for number in numbers {
            years.entry(number.year).or_default().push(*number);
        }
        let of_year = |(year, numbers): (u16, Vec<EntryNumber>)| {
            let last = *numbers.last().expect("a year is there for its entries");
            let failed = |reason| ReadLedgerError::Proof { number: last, reason };
            self.inner.publisher().proofs(year, &numbers).map_err(failed)
        };
        years.into_iter().map(of_year).collect()
    }
}
