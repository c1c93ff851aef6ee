//! What holds and expiry mean, in so few lines that a person can see that they are right. It knows
//! nothing of keys, buckets' ids, rotations' steps or the ledger: pictures, holds, and a clock.
//!
//! A picture is kept until the rotation in which its hour is due, and longer as long as some hold
//! is on it then. What a rotation has destroyed never comes back. All times are seconds since the
//! beginning of a schedule, which is the beginning of an hour.

use std::collections::{BTreeMap, BTreeSet};

pub(crate) const HOUR: i64 = 3600;
/// Pictures are promised for a day; their hour is due an hour before that, and each rotation takes
/// what is due before the next one comes.
const DUE_AFTER: i64 = 23 * HOUR;
const NEXT: i64 = HOUR;

/// What was done to a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    /// There was none, or it had ended.
    Refused,
}

/// A hold of some minutes of some cameras.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) cameras: BTreeSet<u8>,
    /// Seconds, whole minutes.
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) until: i64,
}

/// The model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    /// What time it is.
    pub(crate) time: i64,
    /// How far the wall clock is off.
    pub(crate) off: i64,
    /// Pictures that can still be seen: camera and when.
    pictures: BTreeSet<(u8, i64)>,
    holds: BTreeMap<u8, Hold>,
    released: BTreeSet<u8>,
}

impl Model {
    pub(crate) fn record(&mut self, camera: u8) {
        self.pictures.insert((camera, self.time));
    }

    pub(crate) fn hold(&mut self, id: u8, hold: Hold) -> Answer {
        if self.holds.contains_key(&id) {
            return Answer::Refused;
        }
        self.holds.insert(id, hold);
        Answer::Done
    }

    pub(crate) fn renew(&mut self, id: u8, until: i64) -> Answer {
        if !self.holds_now(id) {
            return Answer::Refused;
        }
        self.holds.get_mut(&id).unwrap().until = until;
        Answer::Done
    }

    pub(crate) fn release(&mut self, id: u8) -> Answer {
        if !self.holds_now(id) {
            return Answer::Refused;
        }
        self.released.insert(id);
        Answer::Done
    }

    /// While the clocks disagree nothing is destroyed.
    pub(crate) fn rotate(&mut self) {
        if self.off != 0 {
            return;
        }
        let kept = |(camera, at): &(u8, i64)| {
            let hour = at - at % HOUR;
            hour + DUE_AFTER >= self.time + NEXT || self.is_held(*camera, *at)
        };
        self.pictures = self.pictures.iter().copied().filter(kept).collect();
    }

    pub(crate) fn visible(&self) -> &BTreeSet<(u8, i64)> {
        &self.pictures
    }

    /// The holds that were placed, whatever became of them.
    pub(crate) fn known(&self, id: u8) -> Option<&Hold> {
        self.holds.get(&id)
    }

    fn is_held(&self, camera: u8, at: i64) -> bool {
        let on = |id: &u8, hold: &Hold| {
            self.holds_now(*id) && hold.cameras.contains(&camera) && hold.from <= at && at < hold.to
        };
        self.holds.iter().any(|(id, hold)| on(id, hold))
    }

    /// By the earlier of the two clocks.
    fn holds_now(&self, id: u8) -> bool {
        let now = self.time + self.off.min(0);
        let is_released = self.released.contains(&id);
        self.holds.get(&id).is_some_and(|hold| now < hold.until && !is_released)
    }
}
