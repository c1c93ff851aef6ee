//! A holder for tests: a device that keeps what it keeps whatever happens to the machine, counts what
//! it is asked, and does what the test says at any of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use host::Secret;
use testkit::FaultyDisk;
use vault::{Holder, HolderConfig, HolderError, HoldersConfig, Provable};

use crate::house::end;

/// What happens at a call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// It does not do it and says so, at this call alone.
    Fail,
    /// It does it and says that it did not, at this call alone.
    FailDone,
    /// From this call on it does not answer.
    Away,
    /// The machine ends before it is done.
    Die,
    /// The machine ends when it is done.
    DieDone,
}

/// Clones are the same device.
#[derive(Debug, Clone, Default)]
pub(crate) struct Double(Arc<Mutex<Inside>>);

/// A recorder's disk and where it lies.
pub(crate) type Machine = (FaultyDisk, PathBuf);

#[derive(Default)]
struct Inside {
    /// By turn.
    keys: BTreeMap<u64, (u64, [u8; 32])>,
    is_away: bool,
    changes: usize,
    plan: Option<(usize, Then, Option<Machine>)>,
    is_forgetful: bool,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys, away: {}", self.keys.len(), self.is_away)
    }
}

impl Double {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    /// A device in the same state.
    pub(crate) fn copy(&self) -> Self {
        let keys = self.inside().keys.clone();
        Self(Arc::new(Mutex::new(Inside { keys, ..Inside::default() })))
    }

    /// The slot file, and this.
    pub(crate) fn and_slot(&self) -> HoldersConfig {
        let wanted = vec![HolderConfig::Slot { path: None }, self.config()];
        HoldersConfig { wanted, given_up: Vec::new() }
    }

    /// This alone.
    pub(crate) fn alone(&self) -> HoldersConfig {
        HoldersConfig { wanted: vec![self.config()], given_up: Vec::new() }
    }

    pub(crate) fn config(&self) -> HolderConfig {
        HolderConfig::Given(Arc::new(self.clone()))
    }

    pub(crate) fn set_away(&self, is_away: bool) {
        self.inside().is_away = is_away;
    }

    /// At the change after so many. `machine` ends with it, if it is to end.
    pub(crate) fn plan(&self, after: usize, then: Then, machine: Option<Machine>) {
        let mut inside = self.inside();
        inside.changes = 0;
        inside.plan = Some((after, then, machine));
    }

    /// Whether what was planned has happened.
    pub(crate) fn has_happened(&self) -> bool {
        let inside = self.inside();
        inside.plan.as_ref().is_some_and(|(after, ..)| inside.changes > *after)
    }

    /// It is there, and does what it is asked.
    pub(crate) fn heal(&self) {
        let mut inside = self.inside();
        inside.plan = None;
        inside.is_away = false;
    }

    /// Says that it destroys, and keeps everything: a lie that the tests must notice.
    pub(crate) fn lie(&self) {
        self.inside().is_forgetful = true;
    }

    pub(crate) fn keys(&self) -> BTreeMap<u64, [u8; 32]> {
        self.inside().keys.values().copied().collect()
    }

    fn change(&self, act: impl FnOnce(&mut Inside)) -> Result<(), HolderError> {
        let mut inside = self.inside();
        self.is_there(&inside)?;
        let now = inside.changes;
        inside.changes += 1;
        let planned = inside.plan.as_ref().filter(|(after, ..)| *after == now);
        let (then, machine) =
            planned.map_or((None, None), |(_, then, it)| (Some(*then), it.clone()));
        let is_done = !matches!(then, Some(Then::Fail | Then::Away | Then::Die));
        if is_done {
            act(&mut inside);
        }
        inside.is_away |= then == Some(Then::Away);
        drop(inside);
        if let (Some(Then::Die | Then::DieDone), Some((disk, root))) = (then, machine) {
            end(&disk, &root);
        }
        match then {
            None => Ok(()),
            Some(_) => Err(HolderError::Other("a test says so".into())),
        }
    }

    fn is_there(&self, inside: &Inside) -> Result<(), HolderError> {
        if inside.is_away { Err(HolderError::Other("it does not answer".into())) } else { Ok(()) }
    }
}

impl Holder for Double {
    fn name(&self) -> &'static str {
        "double:test"
    }

    fn join(&self) -> Result<(), HolderError> {
        self.is_there(&self.inside())
    }

    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
        let inside = self.inside();
        self.is_there(&inside)?;
        let mut held: Vec<_> =
            inside.keys.values().map(|(epoch, key)| (*epoch, Secret::from_bytes(*key))).collect();
        held.sort_by_key(|(epoch, _)| *epoch);
        Ok(held)
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError> {
        self.change(|inside| {
            inside.keys.insert(epoch % 2, (epoch, *key.expose()));
        })
    }

    fn destroy(&self, epoch: u64) -> Result<(), HolderError> {
        self.change(|inside| {
            if !inside.is_forgetful {
                inside.keys.remove(&(epoch % 2));
            }
        })
    }

    fn provable(&self) -> Provable {
        Provable::Yes
    }
}
