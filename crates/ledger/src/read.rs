//! Reading: entries, records, and what the machine lives by.

use domain::{AccountId, Actor, CameraId, HoldId, ReelId, WallTime};

use crate::act::ReadRecords;
use crate::{
    AccountRecord, CameraRecord, ClockStep, Damage, EarlyFact, Entry, EntryNumber, Grant, HoldFact,
    HolderFact, Ledger, ProposalFact, ReadLedgerError, Record,
};

impl Ledger {
    /// Entries of a year below `before` (or the newest), newest first.
    ///
    /// # Errors
    /// If the disk refused.
    pub fn entries(
        &self,
        year: u16,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(EntryNumber, Entry)>, ReadLedgerError> {
        let size = self.inner.size_of(year);
        let end = before.map_or(size, |before| before.min(size));
        let start = end.saturating_sub(limit as u64);
        (start..end)
            .rev()
            .map(|index| {
                let number = EntryNumber { year, index };
                Ok((number, self.entry(number)?))
            })
            .collect()
    }

    /// One entry.
    ///
    /// # Errors
    /// If there is none, or the disk refused.
    pub fn entry(&self, number: EntryNumber) -> Result<Entry, ReadLedgerError> {
        self.inner.read(number).map(|(entry, _)| entry)
    }

    /// The record behind an entry, for somebody who was granted to read records.
    ///
    /// # Errors
    /// If the act has ended, or there is no such entry, or its record cannot be opened.
    pub fn record(
        &self,
        grant: &Grant<ReadRecords>,
        number: EntryNumber,
    ) -> Result<Option<Record>, ReadLedgerError> {
        grant.check()?;
        self.inner.open_record(number)
    }

    /// The record behind an entry if it is of one's own act; `None` otherwise.
    ///
    /// # Errors
    /// If there is no such entry, or its record cannot be opened.
    pub fn own_record(
        &self,
        actor: Actor,
        number: EntryNumber,
    ) -> Result<Option<Record>, ReadLedgerError> {
        let record = self.inner.open_record(number)?;
        Ok(record.filter(|record| record.actor() == Some(actor.to_string().as_str())))
    }

    /// Every account as the ledger last said, ended ones included.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountRecord> {
        self.inner.projection().accounts()
    }

    /// Whether the ledger has an entry of a closed reel.
    #[must_use]
    pub fn knows_reel(&self, reel: ReelId) -> bool {
        self.inner.projection().reel(reel).is_some()
    }

    /// SHA-256 (hexadecimal) of a closed reel's footer, as it was entered.
    #[must_use]
    pub fn reel_footer(&self, reel: ReelId) -> Option<String> {
        self.inner.projection().reel(reel)
    }

    /// One account as the ledger last said.
    #[must_use]
    pub fn account(&self, account: AccountId) -> Option<AccountRecord> {
        self.inner.projection().account(&account.to_string())
    }

    /// When an account was made, and when its rights ended if they did.
    #[must_use]
    pub fn account_dates(&self, account: AccountId) -> (Option<WallTime>, Option<WallTime>) {
        let dates = self.inner.projection().dates(&account.to_string());
        (dates.map(|(made, _)| made), dates.and_then(|(_, ended)| ended))
    }

    /// SHA-256 (hexadecimal) of the only password verifier that counts for an account.
    #[must_use]
    pub fn verifier_sha256(&self, account: AccountId) -> Option<String> {
        self.inner.projection().verifier(&account.to_string()).map(|known| known.sha256.clone())
    }

    /// The password verifier of an account itself, for a catalog that lost it.
    #[must_use]
    pub fn verifier(&self, account: AccountId) -> Option<String> {
        self.inner.projection().verifier(&account.to_string()).and_then(|known| known.text.clone())
    }

    /// A proposal and what became of it.
    #[must_use]
    pub fn proposal(&self, number: EntryNumber) -> Option<ProposalFact> {
        self.inner.projection().proposal(number)
    }

    /// Steps of the wall clock, the oldest first; the newest ten thousand.
    #[must_use]
    pub fn clock_steps(&self) -> Vec<ClockStep> {
        self.inner.projection().clock_steps()
    }

    /// What scrubs found, the oldest first; the newest ten thousand.
    #[must_use]
    pub fn damage(&self) -> Vec<Damage> {
        self.inner.projection().damage()
    }

    /// The rule on early destruction, and what was done by it.
    #[must_use]
    pub fn early(&self) -> EarlyFact {
        self.inner.projection().early()
    }

    /// When somebody last attacked what is claimed, and the list of what came of it.
    #[must_use]
    pub fn doctor(&self) -> Option<(WallTime, crate::Companion)> {
        self.inner.projection().doctor()
    }

    /// How many acts were to show pictures: live, recorded, stills.
    #[must_use]
    pub fn viewings(&self) -> u64 {
        self.inner.projection().viewings()
    }

    /// The newest entry of a destruction, and when it was.
    #[must_use]
    pub fn destroyed(&self) -> Option<(EntryNumber, WallTime)> {
        self.inner.projection().destroyed()
    }

    /// Every version of the policy that was announced, in that order.
    #[must_use]
    pub fn policies(&self) -> Vec<crate::PolicyFact> {
        self.inner.projection().policies()
    }

    /// What was last found of the policy's promises.
    #[must_use]
    pub fn promises(&self) -> Option<crate::PromisesFact> {
        self.inner.projection().promises().back().cloned()
    }

    /// What was found of them since a moment, the oldest first; of the last 10,000 times.
    #[must_use]
    pub fn promises_since(&self, since: WallTime) -> Vec<crate::PromisesFact> {
        let projection = self.inner.projection();
        projection.promises().iter().filter(|fact| fact.at >= since).cloned().collect()
    }

    /// What persons saw of promises, the oldest first; the newest ten thousand.
    #[must_use]
    pub fn attestations(&self) -> Vec<crate::AttestationFact> {
        self.inner.projection().attestations()
    }

    /// Every ticket, the oldest first; the newest 4096.
    #[must_use]
    pub fn tickets(&self) -> Vec<crate::TicketFact> {
        self.inner.projection().tickets().all()
    }

    /// Those that did not end.
    #[must_use]
    pub fn open_tickets(&self) -> Vec<crate::TicketFact> {
        self.inner.projection().tickets().open()
    }

    /// One ticket, by the entry that opened it.
    #[must_use]
    pub fn ticket(&self, number: EntryNumber) -> Option<crate::TicketFact> {
        self.inner.projection().tickets().get(number)
    }

    /// Every visit of a controlled area, the oldest first; the newest 4096, those of the last day and
    /// a half with who it was.
    #[must_use]
    pub fn visits(&self, now: WallTime) -> Vec<crate::VisitFact> {
        self.inner.projection().visits().all(now)
    }

    /// One visit, by the entry of its beginning.
    #[must_use]
    pub fn visit(&self, number: EntryNumber) -> Option<crate::VisitFact> {
        self.inner.projection().visits().get(number)
    }

    /// Every person's request, the oldest first; the newest 4096.
    #[must_use]
    pub fn requests(&self, now: WallTime) -> Vec<crate::RequestFact> {
        self.inner.projection().desk.requests.all(now)
    }

    /// One request, by the entry of its receipt.
    #[must_use]
    pub fn request(&self, number: EntryNumber) -> Option<crate::RequestFact> {
        self.inner.projection().desk.requests.get(number)
    }

    /// Which of a year the next request will be, counted from 1.
    #[must_use]
    pub fn next_request(&self, year: u16) -> u64 {
        self.inner.projection().desk.requests.next_serial(year)
    }

    /// Every disclosure, the oldest first; the newest 4096.
    #[must_use]
    pub fn disclosures(&self, now: WallTime) -> Vec<crate::DisclosureFact> {
        self.inner.projection().desk.disclosures.all(now)
    }

    /// One disclosure, by the entry of its receipt.
    #[must_use]
    pub fn disclosure(&self, number: EntryNumber) -> Option<crate::DisclosureFact> {
        self.inner.projection().desk.disclosures.get(number)
    }

    /// Which of a year the next disclosure will be, counted from 1.
    #[must_use]
    pub fn next_disclosure(&self, year: u16) -> u64 {
        self.inner.projection().desk.disclosures.next_serial(year)
    }

    /// What left the building, the oldest first; the newest 4096.
    #[must_use]
    pub fn exports(&self) -> Vec<crate::ExportFact> {
        self.inner.projection().desk.exports.all()
    }

    /// One file that left, by its entry.
    #[must_use]
    pub fn export(&self, number: EntryNumber) -> Option<crate::ExportFact> {
        self.inner.projection().desk.exports.get(number)
    }

    /// What a request or disclosure lets out now, by the entry of its receipt; none unless it is granted.
    #[must_use]
    pub fn granted(&self, case: EntryNumber) -> Option<crate::Granted> {
        crate::export::granted(&self.inner.projection().desk, case)
    }

    /// How many visits there were.
    #[must_use]
    pub fn visit_counts(&self) -> crate::VisitCounts {
        self.inner.projection().visits().counts()
    }

    /// How many tickets there were, and sessions of contractors.
    #[must_use]
    pub fn ticket_counts(&self) -> crate::TicketCounts {
        self.inner.projection().tickets().counts()
    }

    /// What keeps the vault key as last entered, with that entry; none before the first.
    #[must_use]
    pub fn holders(&self) -> Option<(EntryNumber, Vec<HolderFact>)> {
        self.inner.projection().holders()
    }

    /// Every hold there ever was; none if one of them cannot be read, which may hold anything.
    #[must_use]
    pub fn holds(&self) -> Option<Vec<HoldFact>> {
        self.inner.projection().holds().all()
    }

    /// One hold as the ledger last said.
    #[must_use]
    pub fn hold(&self, hold: HoldId) -> Option<HoldFact> {
        self.inner.projection().holds().get(hold)
    }

    /// Every proposal, the oldest first.
    #[must_use]
    pub fn proposals(&self) -> Vec<(EntryNumber, ProposalFact)> {
        self.inner.projection().proposals()
    }

    /// Every camera as the ledger last said, retired ones included.
    #[must_use]
    pub fn cameras(&self) -> Vec<CameraRecord> {
        self.inner.projection().cameras()
    }

    /// One camera as the ledger last said.
    #[must_use]
    pub fn camera(&self, camera: CameraId) -> Option<CameraRecord> {
        self.inner.projection().camera(&camera.to_string())
    }
}
