//! Destroying record roots whose time is up: the names expire, the entries and their proofs stay.
//!
//! Invariants:
//! 1. What is still in force is sealed anew, durable, before the root that it rested on is touched.
//! 2. A root is called destroyed only after it was overwritten where it lay, and read back.
//! 3. Once `ending` is entered nothing opens under it, whatever happens then: the next start
//!    overwrites it before it reads a record.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::WallTime;
use host::SlotError;

use crate::act::DestroyRecords;
use crate::life::{AccessLife, RootFact, RootName, RootState, due};
use crate::open::Inner;
use crate::projection::Fact;
use crate::seal::name_of;
use crate::writer::{Job, Writer, blocking_reply};
use crate::{AppendError, Event, Grant, GrantEnded, Kind, Ledger, ReadLedgerError, Record};

/// Who seals anew what is still in force, as written.
pub(crate) const RECORDER: &str = "system:recorder";

/// What was destroyed, and what was sealed anew before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expired {
    /// Record roots that are destroyed.
    pub roots: usize,
    /// Facts in force that were sealed anew.
    pub renewed: usize,
    /// Facts that had ended, and are known no more.
    pub forgotten: usize,
}

/// Why record roots were not destroyed.
#[derive(Debug, thiserror::Error)]
pub enum ExpireError {
    /// The act has ended.
    #[error("the act has ended: {0}")]
    Ended(#[from] GrantEnded),
    /// What is in force could not be sealed anew, or what is to be destroyed not be entered.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// A fact could not be read, so nobody knows what it rests on.
    #[error(transparent)]
    Read(#[from] ReadLedgerError),
    /// A root could not be overwritten; nothing opens under it, and it is tried again.
    #[error("a record root could not be overwritten: {0}")]
    Slot(#[from] SlotError),
}

impl Ledger {
    /// Whether a record root is due. `now` must be a time that it is at least: a clock that is ahead
    /// would destroy what the law wants kept.
    #[must_use]
    pub fn is_record_due(&self, now: WallTime, access: AccessLife) -> bool {
        !due(self.inner.projection().roots(), now, access).is_empty()
    }

    /// Destroys the record roots that are due, after what is still in force was sealed anew.
    ///
    /// # Errors
    /// If the ledger cannot append, or a root could not be overwritten.
    pub fn expire_records(
        &self,
        grant: &Grant<DestroyRecords>,
        now: WallTime,
        access: AccessLife,
    ) -> Result<Expired, ExpireError> {
        grant.check()?;
        let due = due(self.inner.projection().roots(), now, access);
        if due.is_empty() {
            return Ok(Expired::default());
        }
        let (reply, done) = blocking_reply();
        self.inner.send(Job::Expire { due, now, reply })?;
        done.recv().unwrap_or(Err(AppendError::Closed))?
    }
}

impl Writer {
    /// In the writer's thread, so that no fact changes between being read and being sealed anew.
    pub(crate) fn expire(
        &mut self,
        inner: &Inner,
        due: &[RootFact],
        now: WallTime,
    ) -> Result<Expired, ExpireError> {
        let names: BTreeSet<RootName> = due.iter().map(RootFact::name).collect();
        let (mut events, forgotten) = inner.parted(&names, now)?;
        let renewed = events.len();
        let said = |state: RootState| {
            move |root: &RootFact| Event::from(Kind::RecordRoot(RootFact { state, ..root.clone() }))
        };
        let ending = due.iter().filter(|root| root.state == RootState::Made);
        events.extend(ending.map(said(RootState::Ending)));
        // Before anything is sealed: by a wrong clock it could be sealed under one of these.
        inner.roots.end(names.iter().copied());
        if !events.is_empty() {
            self.append(inner, &events)?;
        }
        inner.forget(&forgotten);
        for &name in &names {
            inner.roots.destroy(name)?;
        }
        let destroyed: Vec<Event> = due.iter().map(said(RootState::Destroyed)).collect();
        self.append(inner, &destroyed)?;
        Ok(Expired { roots: due.len(), renewed, forgotten: forgotten.len() })
    }
}

impl Inner {
    /// The facts that rest on these roots: those in force as events that seal them anew, and those
    /// that have ended.
    fn parted(
        &self,
        names: &BTreeSet<RootName>,
        now: WallTime,
    ) -> Result<(Vec<Event>, Vec<Fact>), ReadLedgerError> {
        let projection = self.projection();
        let (mut renewed, mut ended) = (Vec::new(), Vec::new());
        for (fact, number) in projection.entered() {
            let (_, sealed) = self.read(number)?;
            if !name_of(&sealed).is_some_and(|name| names.contains(&name)) {
                continue;
            }
            let renewal = match &fact {
                Fact::FloorPicture(floor) => {
                    self.picture_renewal(projection.plans(), floor, number)?
                }
                Fact::RangePicture(camera) => self.range_renewal(&projection, camera, number)?,
                _ => projection.renewal(&fact, now),
            };
            match renewal {
                Some(event) => renewed.push(event),
                None => ended.push(fact),
            }
        }
        Ok((renewed, ended))
    }

    fn forget(&self, facts: &[Fact]) {
        let mut projection =
            self.projection.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        facts.iter().for_each(|fact| projection.forget(fact));
    }
}

impl crate::projection::Projection {
    /// The event that seals a fact anew, if it is still in force.
    fn renewal(&self, fact: &Fact, now: WallTime) -> Option<Event> {
        let actor = RECORDER.to_owned();
        let (kind, record) = match fact {
            Fact::Account(id) => {
                let mut account = self.account(id).filter(|account| !account.roles.is_empty())?;
                account.made_at = self.dates(id).map(|(made, _)| made.to_string());
                (Kind::Account, Record::Account { actor, account })
            }
            Fact::Credential(id) => {
                self.account(id).filter(|account| !account.roles.is_empty())?;
                let known = self.verifier(id)?;
                let (verifier_sha256, verifier) = (known.sha256.clone(), known.text.clone());
                let account = id.clone();
                (Kind::Credential, Record::Credential { account, verifier_sha256, verifier })
            }
            Fact::Camera(id) => {
                let camera = self.camera(id)?;
                let camera_id = id.parse().ok();
                let holds = self.holds().all().unwrap_or_default();
                let is_held = holds.iter().any(|it| {
                    it.is_active(now) && it.hold.cameras().iter().any(|it| Some(*it) == camera_id)
                });
                let retired = camera.retired_at.as_ref().and_then(|at| at.parse::<WallTime>().ok());
                let kept = Duration::from_secs(camera.retention_maximum_s);
                // Its last footage is gone; until then it has to have a name.
                if !is_held && retired.is_some_and(|at| at + kept + A_DAY < now) {
                    return None;
                }
                (Kind::Camera, Record::Camera { actor, camera })
            }
            Fact::Floor(id) => {
                let floor = self.plans().get(id)?.record.clone();
                (Kind::Plan, Record::Floor { actor, floor })
            }
            // These are not in memory: [`Inner::picture_renewal`], [`Inner::range_renewal`].
            Fact::FloorPicture(_) | Fact::RangePicture(_) => return None,
            Fact::Hold(id) => {
                let hold = self.holds().get(*id).filter(|hold| hold.is_active(now))?.record;
                (Kind::Hold, Record::Hold { actor, hold })
            }
        };
        Some(Event { kind, record: Some(record) })
    }
}

/// Footage outlives its time by a bucket and a rotation at most.
const A_DAY: Duration = Duration::from_secs(86_400);
