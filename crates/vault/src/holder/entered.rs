//! What keeps the vault key, as the ledger is told: at a start, when it changes, and before anything
//! is called destroyed.
//!
//! An entry is public, so it says kinds and no places. That a holder is away is no entry: it comes
//! and goes, nothing is destroyed meanwhile, and the alarm says it.

use std::collections::BTreeMap;

use ledger::{AppendError, HolderFact, HolderState, HolderWord, Kind, ProvableWord};

use super::{Holders, Provable};
use crate::open::Shared;

/// Why nothing is known of what was given up: whoever has it may have kept it.
const GIVEN_UP: &str = "it was given up, and what it kept then was not destroyed in it";

impl Holders {
    /// Kinds, states and provability of all, those alike counted.
    pub(crate) fn facts(&self) -> Vec<HolderFact> {
        let mut counts = BTreeMap::new();
        let mut count = |name: &str, state, provable: Provable| {
            let word = match provable {
                Provable::Yes => ProvableWord::Provable,
                Provable::NotOnThisDevice(_) => ProvableWord::NotProvableOnThisDevice,
            };
            *counts.entry((kind_of(name), state, word, provable.reason())).or_insert(0) += 1;
        };
        for status in self.statuses() {
            let state = if status.keeps { HolderState::Keeps } else { HolderState::Joins };
            count(&status.name, state, status.provable);
        }
        for name in self.given_up() {
            count(name, HolderState::GivenUp, Provable::NotOnThisDevice(GIVEN_UP));
        }
        let fact = |((holder, state, provable, reason), count): (_, u64)| HolderFact {
            holder,
            state,
            provable,
            reason: Option::<&str>::map(reason, str::to_owned),
            count,
        };
        counts.into_iter().map(fact).collect()
    }
}

fn kind_of(name: &str) -> HolderWord {
    match name.split_once(':') {
        Some(("tpm", _)) => HolderWord::Tpm,
        Some(("pkcs11", _)) => HolderWord::Pkcs11,
        _ => HolderWord::Slot,
    }
}

impl Shared {
    /// Enters what keeps the vault key, if that is not what was entered last.
    pub(crate) fn enter_holders(&self) -> Result<(), AppendError> {
        let holders = self.holders.facts();
        if self.ledger.holders().is_some_and(|(_, entered)| entered == holders) {
            return Ok(());
        }
        self.ledger.append_blocking(vec![Kind::Holders { holders }.into()]).map(drop)
    }

    /// As [`enter_holders`](Self::enter_holders), where nothing waits for it: the next look, and the
    /// next rotation, try again.
    pub(crate) fn note_holders(&self) {
        if let Err(error) = self.enter_holders() {
            tracing::warn!(%error, "what keeps the vault key could not be entered");
        }
    }
}
