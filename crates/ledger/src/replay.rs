//! Filling the projection from the whole log at a start, and what was left of record roots.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use host::SlotError;

use crate::life::{RootFact, RootState};
use crate::open::Inner;
use crate::seal::name_of;
use crate::{EntryNumber, Event, Kind, ReadLedgerError};

impl Inner {
    /// Ends what was about to be ended, and gives what is to be said of roots: those that the slots
    /// hold and no entry names, and those whose destruction a crash kept from being entered. One that
    /// is destroyed and is there again was put back from a copy: it is destroyed again.
    pub(crate) fn mind_the_roots(&self, said: &[RootFact]) -> Result<Vec<Event>, SlotError> {
        let mut last = BTreeMap::new();
        for root in said {
            let known = last.entry(root.name()).or_insert(root);
            if root.state > known.state {
                *known = root;
            }
        }
        let mut unsaid = Vec::new();
        for root in self.roots.held()? {
            if !last.contains_key(&root.name()) {
                unsaid.push(Event::from(Kind::RecordRoot(root)));
            }
        }
        for (name, root) in last {
            if root.state == RootState::Made {
                continue;
            }
            self.roots.end([name]);
            self.roots.destroy(name)?;
            if root.state == RootState::Ending {
                let root = RootFact { state: RootState::Destroyed, ..root.clone() };
                unsaid.push(Kind::RecordRoot(root).into());
            }
        }
        Ok(unsaid)
    }

    /// Fills the projection from the whole log. If one fact cannot be read whose root is not
    /// destroyed, nothing may be decided on the rest.
    pub(crate) fn project_all(&self) -> Result<(), ReadLedgerError> {
        let sizes: Vec<(u16, u64)> = {
            let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
            shards.iter().map(|(&year, view)| (year, view.offsets.len() as u64)).collect()
        };
        let mut projection = self.projection.write().unwrap_or_else(PoisonError::into_inner);
        for (year, size) in sizes {
            for index in 0..size {
                let number = EntryNumber { year, index };
                let (entry, sealed) = self.read(number)?;
                let open = |commitment| self.roots.open_record(number, &sealed, commitment);
                let record = match entry.kind {
                    Kind::Account | Kind::Credential | Kind::Camera | Kind::Hold => {
                        let record = entry.commitment.and_then(open);
                        if record.is_none()
                            && !name_of(&sealed).is_some_and(|it| self.roots.is_gone(it))
                        {
                            return Err(ReadLedgerError::Sealed(number));
                        }
                        record
                    }
                    // One whose record is gone is long over: no right follows from it.
                    // No right follows from a plan: one that cannot be read keeps nobody from recording.
                    Kind::Proposal { .. }
                    | Kind::Approval { .. }
                    | Kind::Plan
                    | Kind::Ticket(_)
                    | Kind::Visit(_)
                    | Kind::Request(_)
                    | Kind::Disclosure(_)
                    | Kind::Export(_) => entry.commitment.and_then(open),
                    _ => None,
                };
                projection.apply(number, entry.time, &entry.kind, record.as_ref());
            }
        }
        Ok(())
    }
}
