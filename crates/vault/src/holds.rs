//! Holds: footage of a case that is kept beyond its time.
//!
//! Which there are is a matter of the ledger ([`ledger::HoldFact`]). Here they are placed and ended,
//! on grants, and spared: whoever destroys first takes [`Holding`], and while that is had no hold
//! comes or goes. So a hold that was acknowledged is older than any decision that does not know it.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use domain::{Action, CameraId, Hold, WallTime};
use ledger::act::ManageHolds;
use ledger::{Event, Grant, HoldFact, HoldRecord, Kind, Record, ReleaseRecord, Target};

use crate::minute::minutes_between;
use crate::open::{Shared, Vault};
use crate::{HoldFootageError, RotateError};

/// Holds that can be active at once.
const MOST_HOLDS: usize = 1000;

/// Minutes of cameras that are held at a moment.
#[derive(Default)]
pub(crate) struct Held {
    holds: Vec<Hold>,
}

impl Held {
    pub(crate) fn is_empty(&self) -> bool {
        self.holds.is_empty()
    }

    /// The minutes of a camera that are held, by however many holds.
    pub(crate) fn minutes(&self, camera: CameraId) -> BTreeSet<i64> {
        let of = self.holds.iter().filter(|hold| hold.cameras().contains(&camera));
        of.flat_map(|hold| minutes_between(hold.span().0, hold.span().1)).collect()
    }

    /// What is held of a camera: from, to, and when that lapses.
    pub(crate) fn of(&self, camera: CameraId) -> Vec<(WallTime, WallTime, WallTime)> {
        let of = self.holds.iter().filter(|hold| hold.cameras().contains(&camera));
        of.map(|hold| (hold.span().0, hold.span().1, hold.until())).collect()
    }

    /// Whether a minute of a camera is held.
    pub(crate) fn has(&self, camera: CameraId, minute: i64) -> bool {
        self.holds.iter().any(|hold| {
            let (from, to) = hold.span();
            hold.cameras().contains(&camera) && minutes_between(from, to).contains(&minute)
        })
    }

    /// Whether anything of a camera is held in a stretch of time.
    pub(crate) fn touches(&self, camera: CameraId, from: WallTime, to: WallTime) -> bool {
        self.holds.iter().any(|hold| {
            let span = hold.span();
            hold.cameras().contains(&camera) && span.0 < to && from < span.1
        })
    }
}

/// While this is had, no hold comes or goes.
pub(crate) struct Holding<'v> {
    pub(crate) held: Held,
    _alone: MutexGuard<'v, ()>,
}

impl Shared {
    /// What is held now, and as long as this is had.
    ///
    /// # Errors
    /// If the ledger has a hold that cannot be read: it may be of anything.
    pub(crate) fn holding(&self) -> Result<Holding<'_>, RotateError> {
        let alone = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Holding { held: self.held().ok_or(RotateError::HoldUnreadable)?, _alone: alone })
    }

    /// What is held at this moment. By the earlier of the two clocks: while they disagree, what may
    /// be held is held.
    pub(crate) fn held(&self) -> Option<Held> {
        let now = self.trusted.now();
        let active = self.ledger.holds()?.into_iter().filter(|fact| fact.is_active(now));
        Some(Held { holds: active.map(|fact| fact.hold).collect() })
    }
}

impl Vault {
    /// Places, renews or releases the hold that the grant names, and gives it as it is from now on.
    /// It is durable in the ledger when this returns. Waits while something is being destroyed.
    ///
    /// # Errors
    /// See [`HoldFootageError`]: nothing has changed then.
    pub fn manage_hold(&self, grant: &Grant<ManageHolds>) -> Result<HoldFact, HoldFootageError> {
        let shared = &*self.shared;
        let _alone = shared.holds.lock().unwrap_or_else(PoisonError::into_inner);
        grant.check()?;
        let Target::Hold(hold) = grant.target() else { return Err(HoldFootageError::NotGranted) };
        let reason = grant.purpose().ok_or(HoldFootageError::NotGranted)?.into();
        let (by, at) = (grant.actor().to_string(), shared.clock.wall().to_string());
        let record = if grant.action() == Action::HoldFootage {
            self.may_place(hold)?;
            record_of(hold, reason, by.clone(), at)
        } else {
            let known = self.active(hold)?;
            match grant.action() {
                Action::RenewHold => HoldRecord { until: hold.until().to_string(), ..known.record },
                _ => {
                    let released = Some(ReleaseRecord { by: by.clone(), at, reason });
                    HoldRecord { released, ..known.record }
                }
            }
        };
        let fact = HoldFact::from_record(&record).ok_or(HoldFootageError::NotGranted)?;
        let event =
            Event { kind: Kind::Hold, record: Some(Record::Hold { actor: by, hold: record }) };
        shared.ledger.append_blocking(vec![event])?;
        Ok(fact)
    }

    /// Every hold there ever was, and whether it holds now; none if one of them cannot be read.
    #[must_use]
    pub fn holds(&self) -> Option<Vec<(HoldFact, bool)>> {
        let now = self.shared.trusted.now();
        let with_state = |fact: HoldFact| {
            let is_active = fact.is_active(now);
            (fact, is_active)
        };
        Some(self.shared.ledger.holds()?.into_iter().map(with_state).collect())
    }

    pub(crate) fn may_place(&self, hold: &Hold) -> Result<(), HoldFootageError> {
        if self.shared.ledger.hold(hold.id()).is_some() {
            return Err(HoldFootageError::Taken);
        }
        let active = self.shared.held().map_or(usize::MAX, |held| held.holds.len());
        if active >= MOST_HOLDS { Err(HoldFootageError::TooMany) } else { Ok(()) }
    }

    /// The hold that is named, if it still holds and nothing but its end is another.
    pub(crate) fn active(&self, named: &Hold) -> Result<HoldFact, HoldFootageError> {
        let known = self.shared.ledger.hold(named.id()).ok_or(HoldFootageError::Unknown)?;
        if known.hold.renewed(named.until()) != *named {
            return Err(HoldFootageError::Unknown);
        }
        let is_active = known.is_active(self.shared.trusted.now());
        if is_active { Ok(known) } else { Err(HoldFootageError::Over) }
    }
}

pub(crate) fn record_of(
    hold: &Hold,
    reason: ledger::PurposeRecord,
    by: String,
    at: String,
) -> HoldRecord {
    HoldRecord {
        hold: hold.id().to_string(),
        case: hold.case().to_owned(),
        cameras: hold.cameras().iter().map(ToString::to_string).collect(),
        from: hold.span().0.to_string(),
        to: hold.span().1.to_string(),
        until: hold.until().to_string(),
        reason,
        placed_by: by,
        placed_at: at,
        released: None,
    }
}
