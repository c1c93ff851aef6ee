//! Grants: the ledger's receipts, without which no effect happens.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{AccountId, Action, Actor, CameraId, Purpose, WallTime};
use rules::{Permit, Target};

use crate::act::Act;
use crate::open::Inner;
use crate::{AppendError, EntryNumber, Event, Kind, OutcomeWord, Record, SpanRecord};

/// Why a grant can no longer be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantEnded {
    /// The rights behind it were taken away, or the session was ended.
    #[error("the right to it was taken away")]
    Revoked,
    /// It was for a bounded time, and that is over.
    #[error("its time is over; ask again")]
    Expired,
    /// The ledger cannot append: nothing may be shown that could not be written down.
    #[error("the ledger cannot write; nothing is shown until it can")]
    LedgerBroken,
    /// It shows footage, and no quorum of witnesses was had for a day.
    #[error(
        "no quorum of witnesses has cosigned the ledger for a day; no footage is shown until one does"
    )]
    Unwitnessed,
    /// It waits for its cosignature, and has none yet.
    #[error("the witnesses have not cosigned it yet; try again when they can be reached")]
    NotCosigned,
}

/// What the ledger keeps of an open grant, so that it can be revoked.
pub(crate) struct Lease {
    pub(crate) actor: Actor,
    pub(crate) revoked: AtomicBool,
}

/// The ledger's receipt for an intent that is durable: the only thing that opens footage.
///
/// It is neither `Clone` nor serializable, and what is to be done is read from it, never from a
/// second argument. It ends with its outcome ([`Grant::close`]); if it is dropped without one, the
/// outcome is entered as unknown, which counts as all done.
pub struct Grant<A: Act> {
    number: EntryNumber,
    permit: Permit,
    usable_until: WallTime,
    lease: Arc<Lease>,
    inner: Arc<Inner>,
    closed: bool,
    act: PhantomData<fn() -> A>,
}

impl<A: Act> Grant<A> {
    /// Only the ledger makes one, after the intent was synced.
    pub(crate) fn issue(
        inner: Arc<Inner>,
        number: EntryNumber,
        permit: Permit,
        usable_until: WallTime,
        lease: Arc<Lease>,
    ) -> Self {
        Self { number, permit, usable_until, lease, inner, closed: false, act: PhantomData }
    }

    /// The entry of the intent.
    #[must_use]
    pub fn number(&self) -> EntryNumber {
        self.number
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.permit.actor()
    }

    /// What is done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.permit.action()
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> Option<&Purpose> {
        self.permit.purpose()
    }

    /// To what.
    #[must_use]
    pub fn target(&self) -> &Target {
        self.permit.target()
    }

    /// The cameras it opens.
    #[must_use]
    pub fn cameras(&self) -> &[CameraId] {
        self.permit.target().cameras()
    }

    /// Until when it can be used.
    #[must_use]
    pub fn usable_until(&self) -> WallTime {
        self.usable_until
    }

    /// Whether it can be used at this moment. Asked again at every chunk: a right that was taken
    /// away while somebody watches ends the watching.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), GrantEnded> {
        if self.lease.revoked.load(Ordering::Acquire) {
            return Err(GrantEnded::Revoked);
        }
        if !self.inner.is_healthy() {
            return Err(GrantEnded::LedgerBroken);
        }
        if self.inner.clock.wall() >= self.usable_until {
            return Err(GrantEnded::Expired);
        }
        if A::SHOWS_FOOTAGE && self.inner.is_unwitnessed() {
            return Err(GrantEnded::Unwitnessed);
        }
        Ok(())
    }

    /// As [`check`](Self::check), for what nobody can take back: whether a quorum of witnesses has
    /// cosigned the intent as well. Without witnesses it never has.
    ///
    /// # Errors
    /// Why not.
    pub fn check_cosigned(&self) -> Result<(), GrantEnded> {
        self.check()?;
        let witnesses = self.inner.witnesses.as_ref();
        match witnesses.is_some_and(|witnesses| witnesses.has_cosigned(self.number)) {
            true => Ok(()),
            false => Err(GrantEnded::NotCosigned),
        }
    }

    /// Asks for the cosignature of the intent and waits for it; [`check_cosigned`](Self::check_cosigned)
    /// says whether it came.
    pub async fn wait_for_cosigning(&self, patience: Duration) {
        self.inner.cosigned(self.number, patience).await;
    }

    /// Enters what was really served since the last such entry.
    ///
    /// # Errors
    /// If the ledger cannot append: the caller stops serving.
    pub async fn served(&self, spans: Vec<SpanRecord>) -> Result<EntryNumber, AppendError> {
        let record = Record::Served { actor: self.actor().to_string(), spans };
        let event = Event { kind: Kind::Served { intent: self.number }, record: Some(record) };
        self.inner.append(vec![event]).await.map(|numbers| numbers[0])
    }

    /// Enters how it ended, and with it what there is to say of it.
    ///
    /// # Errors
    /// If the ledger cannot append. The effect has happened all the same; the sweep at the next
    /// start closes the intent as unknown.
    pub async fn close(
        mut self,
        result: OutcomeWord,
        note: &str,
    ) -> Result<EntryNumber, AppendError> {
        self.closed = true;
        let event = self.outcome(result, note);
        self.inner.append(vec![event]).await.map(|numbers| numbers[0])
    }

    fn outcome(&self, result: OutcomeWord, note: &str) -> Event {
        let record = (!note.is_empty()).then(|| Record::Outcome {
            actor: self.actor().to_string(),
            note: note.chars().take(500).collect(),
        });
        Event { kind: Kind::Outcome { intent: self.number, result }, record }
    }
}

impl<A: Act> Drop for Grant<A> {
    fn drop(&mut self) {
        if !self.closed {
            let event = self.outcome(OutcomeWord::Unknown, "");
            self.inner.append_later(event);
        }
    }
}

impl<A: Act> std::fmt::Debug for Grant<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grant({} {})", self.number, self.action().word())
    }
}

/// Whether a lease belongs to an account.
pub(crate) fn belongs_to(lease: &Lease, account: AccountId) -> bool {
    lease.actor == Actor::Person(account)
}
