//! What is held for a person's request: placed, renewed and let go in the same append in which the
//! ledger says what happened to the request.
//!
//! So whoever is told that his request is received is told that what it is about is kept. The hold stands
//! first: if a crash tears the append, what is left is a hold that lapses, and never a request without it.

use std::sync::PoisonError;

use domain::PurposeKind::{self, SubjectRequest};
use domain::{Action, EntryNumber};
use ledger::act::ManageRequests;
use ledger::{
    Event, Grant, HeldFor, HoldRecord, Kind, PurposeRecord, Record, ReleaseRecord, RequestNote,
    RequestRecord, RequestStep, RequestTarget, Target,
};

use crate::HoldFootageError;
use crate::holds::record_of;
use crate::open::Vault;

/// What is to be entered of a request.
#[derive(Debug, Clone)]
pub enum RequestEntry {
    /// It came in.
    Received(Box<RequestRecord>),
    /// It went on or ended.
    Step(RequestStep, RequestNote),
}

impl Vault {
    /// Enters what happens to the request that the grant names, and does with its hold what the grant
    /// says. Both are durable when this returns. Waits while something is being destroyed.
    ///
    /// # Errors
    /// See [`HoldFootageError`]: nothing has changed then.
    pub fn manage_request(
        &self,
        grant: &Grant<ManageRequests>,
        entry: RequestEntry,
    ) -> Result<EntryNumber, HoldFootageError> {
        let shared = &*self.shared;
        let _alone = shared.holds.lock().unwrap_or_else(PoisonError::into_inner);
        grant.check()?;
        let Target::Request(target) = grant.target() else {
            return Err(HoldFootageError::NotGranted);
        };
        if !is_granted(grant.action(), target, &entry) {
            return Err(HoldFootageError::NotGranted);
        }
        let actor = grant.actor().to_string();
        let mut events = Vec::new();
        let is_new = grant.action() == Action::ReceiveRequest;
        if let Some(held) = &target.hold {
            let (actor, hold) =
                (actor.clone(), self.held_for_case(held, is_new, SubjectRequest, &actor)?);
            events.push(Event { kind: Kind::Hold, record: Some(Record::Hold { actor, hold }) });
        }
        events.push(event_of(actor, entry));
        let numbers = shared.ledger.append_blocking(events)?;
        Ok(*numbers.last().expect("each event has its number"))
    }

    /// What is written of a hold for a case: placed if the case is new, else renewed or let go.
    pub(crate) fn held_for_case(
        &self,
        held: &HeldFor,
        is_new: bool,
        purpose: PurposeKind,
        by: &str,
    ) -> Result<HoldRecord, HoldFootageError> {
        let at = self.shared.clock.wall().to_string();
        let reason =
            PurposeRecord { kind: purpose.word().into(), note: held.hold().case().to_owned() };
        match held {
            HeldFor::Until(hold) if is_new => {
                self.may_place(hold)?;
                Ok(record_of(hold, reason, by.to_owned(), at))
            }
            HeldFor::Until(hold) => {
                let known = self.active(hold)?;
                Ok(HoldRecord { until: hold.until().to_string(), ..known.record })
            }
            HeldFor::Released(hold) => {
                let known = self.active(hold)?;
                let released = Some(ReleaseRecord { by: by.to_owned(), at, reason });
                Ok(HoldRecord { released, ..known.record })
            }
        }
    }
}

/// Whether the entry is of the act, and of the request and the hold, that were permitted.
fn is_granted(action: Action, target: &RequestTarget, entry: &RequestEntry) -> bool {
    match (action, entry) {
        (Action::ReceiveRequest, RequestEntry::Received(record)) => {
            let hold = target.hold.as_ref().map(|held| held.hold().id().to_string());
            let cameras = target.cameras.iter().map(ToString::to_string);
            record.hold == hold && cameras.eq(record.cameras.iter().cloned())
        }
        (Action::DecideRequest, RequestEntry::Step(step @ RequestStep::Decided { .. }, _)) => {
            step.request() == target.request
        }
        (Action::ContinueRequest, RequestEntry::Step(step, _)) => {
            !matches!(step, RequestStep::Received | RequestStep::Decided { .. })
                && step.request() == target.request
        }
        _ => false,
    }
}

fn event_of(actor: String, entry: RequestEntry) -> Event {
    match entry {
        RequestEntry::Received(request) => Event {
            kind: Kind::Request(RequestStep::Received),
            record: Some(Record::Request { actor, request: *request }),
        },
        RequestEntry::Step(step, note) => {
            Event { kind: Kind::Request(step), record: Some(Record::RequestStep { actor, note }) }
        }
    }
}
