//! What is held for a disclosure: placed, renewed and let go in the same append in which the ledger says what
//! happened to it, as of a person's request.

use std::sync::PoisonError;

use domain::{Action, EntryNumber, PurposeKind};
use ledger::act::ManageDisclosures;
use ledger::{
    DisclosureNote, DisclosureRecord, DisclosureStep, DisclosureTarget, Event, Grant, Kind, Record,
    Target,
};

use crate::HoldFootageError;
use crate::open::Vault;

/// What is to be entered of a disclosure.
#[derive(Debug, Clone)]
pub enum DisclosureEntry {
    /// It was asked for.
    Received(Box<DisclosureRecord>),
    /// It went on or ended.
    Step(DisclosureStep, DisclosureNote),
}

impl Vault {
    /// Enters what happens to the disclosure that the grant names, and does with its hold what the grant
    /// says. Both are durable when this returns. Waits while something is being destroyed.
    ///
    /// # Errors
    /// See [`HoldFootageError`]: nothing has changed then.
    pub fn manage_disclosure(
        &self,
        grant: &Grant<ManageDisclosures>,
        entry: DisclosureEntry,
    ) -> Result<EntryNumber, HoldFootageError> {
        let shared = &*self.shared;
        let _alone = shared.holds.lock().unwrap_or_else(PoisonError::into_inner);
        grant.check()?;
        let Target::Disclosure(target) = grant.target() else {
            return Err(HoldFootageError::NotGranted);
        };
        if !is_granted(grant.action(), target, &entry) {
            return Err(HoldFootageError::NotGranted);
        }
        let actor = grant.actor().to_string();
        let is_new = grant.action() == Action::ReceiveDisclosure;
        let mut events = Vec::new();
        if let Some(held) = &target.hold {
            let hold = self.held_for_case(held, is_new, PurposeKind::Investigation, &actor)?;
            let record = Record::Hold { actor: actor.clone(), hold };
            events.push(Event { kind: Kind::Hold, record: Some(record) });
        }
        events.push(event_of(actor, entry));
        let numbers = shared.ledger.append_blocking(events)?;
        Ok(*numbers.last().expect("each event has its number"))
    }
}

/// Whether the entry is of the act, and of the disclosure and the hold, that were permitted.
fn is_granted(action: Action, target: &DisclosureTarget, entry: &DisclosureEntry) -> bool {
    let step = match entry {
        DisclosureEntry::Received(record) => {
            let hold = target.hold.as_ref().map(|held| held.hold().id().to_string());
            let cameras = target.cameras.iter().map(ToString::to_string);
            return action == Action::ReceiveDisclosure
                && record.hold == hold
                && cameras.eq(record.cameras.iter().cloned());
        }
        DisclosureEntry::Step(step, _) => step,
    };
    let needed = match step {
        DisclosureStep::Received => return false,
        DisclosureStep::Decided { .. } => Action::DecideDisclosure,
        DisclosureStep::Compelled { .. } => Action::CompelDisclosure,
        DisclosureStep::Reviewed { .. } => Action::ReviewDisclosure,
        DisclosureStep::Provided { .. }
        | DisclosureStep::Published { .. }
        | DisclosureStep::Reported { .. }
        | DisclosureStep::Withdrawn { .. } => Action::ContinueDisclosure,
    };
    action == needed && step.disclosure() == target.disclosure
}

fn event_of(actor: String, entry: DisclosureEntry) -> Event {
    match entry {
        DisclosureEntry::Received(disclosure) => Event {
            kind: Kind::Disclosure(DisclosureStep::Received),
            record: Some(Record::Disclosure { actor, disclosure: *disclosure }),
        },
        DisclosureEntry::Step(step, note) => Event {
            kind: Kind::Disclosure(step),
            record: Some(Record::DisclosureStep { actor, note }),
        },
    }
}
