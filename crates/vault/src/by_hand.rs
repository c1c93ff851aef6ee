//! The vault without threads: whoever holds it says when each part of it does its turn.
//!
//! A simulation has to be able to do the same again, so nothing may happen beside it. The parts are
//! the same as with threads, and so is what each does in a turn; what differs is who calls them.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use domain::ReelId;
use host::{Clock, Fs};
use ledger::Ledger;

use crate::find::Rest;
use crate::hand::Hand;
use crate::notary::{self, Notice};
use crate::open::Shared;
use crate::writer::Writer;
use crate::{Listing, OpenVaultError, Vault, VaultConfig};

/// A vault whose writers, notary and search work when told.
///
/// What of [`Vault`] waits for them (`flush`, `settle`, `close`) is not for this one.
#[doc(hidden)]
pub struct ByHand {
    vault: Vault,
    writers: Vec<Writer>,
    inbox: Receiver<Notice>,
    listing: Arc<dyn Listing>,
    rest: Option<Rest>,
}

impl ByHand {
    /// As [`Vault::open`].
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open(
        config: &VaultConfig,
        fs: &Arc<dyn Fs>,
        clock: &Arc<dyn Clock>,
        ledger: &Ledger,
        listed: &HashSet<ReelId>,
        listing: Arc<dyn Listing>,
    ) -> Result<Self, OpenVaultError> {
        let (shared, inbox, rest) = Shared::open(config, fs, clock, ledger, listed)?;
        let writer = |index| Writer::new(Arc::clone(&shared), index, Hand::here());
        let writers = (0..shared.volumes.len()).map(writer).collect();
        let vault = Vault { shared, orders: Vec::new() };
        Ok(Self { vault, writers, inbox, listing, rest: Some(rest) })
    }

    /// The vault.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Finds every reel that was there before, and settles it. The first call counts.
    pub fn search(&mut self) {
        if let Some(rest) = self.rest.take() {
            rest.find(&self.vault.shared, &|| {
                while self.take_notice() {}
            });
        }
    }

    /// The writer of a volume looks for what is ready, as it does ten times a second.
    pub fn look(&mut self, volume: usize) {
        self.writers[volume].look();
    }

    /// The notary takes a notice; gives whether there was one.
    pub fn take_notice(&self) -> bool {
        let Ok(notice) = self.inbox.try_recv() else { return false };
        notary::take_one(notice, &self.vault.shared.ledger, &*self.listing);
        true
    }

    /// As [`Vault::close`].
    pub fn close(mut self) {
        self.search();
        self.writers.iter_mut().for_each(Writer::stop);
        while self.take_notice() {}
        self.vault.keep_time();
    }
}
