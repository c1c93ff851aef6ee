//! Early destruction: when the disks are as good as full, the oldest hours go before their time.
//!
//! Only on a grant for it, which `rules` gives for a rule that two people made and that has stood for
//! a day (K9). What goes follows from the state of the disks and is nobody's choice: the oldest
//! buckets of all cameras, as many as are needed, none that is younger than the longest statutory
//! minimum of what began with it, none that is still written to. If that is not enough, recording
//! stops with an alarm, as without the rule. It is the same rotation as for what is due; but the
//! intent must be cosigned by a quorum of witnesses first, since nobody can take it back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::WallTime;
use ledger::Grant;
use ledger::act::DestroyEarly;

use crate::holds::Held;
use crate::open::{Shared, Vault};
use crate::parting::Due;
use crate::volume::Volume;
use crate::{RotateError, RotationReport};

/// Buckets' times that go in one act at most.
const MOST_AT_ONCE: usize = 24;

/// What began and is due at the same moments.
struct Hour {
    end: WallTime,
    minimum: Duration,
    length_bytes: u64,
    is_open: bool,
    /// Something of it is held. Its reels stay for that, so to destroy the rest makes no room.
    is_held: bool,
}

impl Vault {
    /// Whether every volume is as good as full and something is old enough to go before its time, and
    /// no holder of the vault key is known to be away.
    #[must_use]
    pub fn is_early_wanted(&self) -> bool {
        let shared = &self.shared;
        let held = shared.held().unwrap_or_default();
        !shared.is_frozen()
            && shared.holders.all_are_there()
            && !shared.early_hours(&held).is_empty()
    }

    /// Destroys the oldest footage before its time, as much as makes room. Does nothing where there
    /// is room, or while destruction is frozen.
    ///
    /// # Errors
    /// See [`RotateError`]: each says whether keys are destroyed.
    pub fn destroy_early(
        &self,
        grant: &Grant<DestroyEarly>,
    ) -> Result<RotationReport, RotateError> {
        grant.check_cosigned()?;
        let shared = &*self.shared;
        if shared.is_frozen() {
            return Ok(RotationReport::default());
        }
        shared.finish_rotation()?;
        let holding = shared.holding()?;
        let hours = shared.early_hours(&holding.held);
        let is_chosen = |start, expires_at| hours.contains(&(start, expires_at));
        let chosen = {
            let keyring = shared.keyring();
            let buckets = keyring.iter().filter(|it| is_chosen(it.start, it.expires_at));
            let minutes = keyring.minutes().filter(|it| is_chosen(it.bucket_start, it.expires_at));
            Due {
                buckets: buckets.map(|bucket| bucket.id).collect(),
                minutes: minutes.map(|minute| minute.id).collect(),
                kept: BTreeMap::new(),
            }
        };
        let mut report = self.destroy(chosen, &holding)?;
        drop(holding);
        let kept = shared.keyring().times();
        let open = shared.reels.open();
        let mut dead = shared.reels.all();
        dead.retain(|place| {
            let time = (place.header.bucket_start, place.expires_at());
            is_chosen(time.0, time.1) && !kept.contains(&time) && !open.contains(&place.header.reel)
        });
        report.reels = self.take_away(&dead).map_err(RotateError::Unlink)?;
        tracing::warn!(buckets = report.buckets, reels = report.reels, "destroyed before its time");
        Ok(report)
    }
}

impl Shared {
    /// Start and expiry of what goes, the oldest first; nothing while any volume has room, or has
    /// failed (what lies there has a minimum that nobody can read).
    fn early_hours(&self, held: &Held) -> BTreeSet<(WallTime, WallTime)> {
        let missing: Option<Vec<u64>> = self
            .volumes
            .iter()
            .map(|volume| (!volume.is_fenced()).then(|| volume.missing_bytes()).flatten())
            .collect();
        let Some(missing) = missing else { return BTreeSet::new() };
        let missing: u64 = missing.iter().sum();
        let now = self.trusted.now();
        let slow: Duration = self.trusted.late_by().iter().map(|it| it.by).sum();
        let mut freed = 0;
        let mut chosen = BTreeSet::new();
        for (time, hour) in self.hours(held) {
            let length = hour.end.since(time.0);
            if freed >= missing || chosen.len() >= MOST_AT_ONCE {
                break;
            }
            if !hour.is_open && !hour.is_held && hour.end + hour.minimum.max(length) + slow <= now {
                freed += hour.length_bytes;
                chosen.insert(time);
            }
        }
        chosen
    }

    fn hours(&self, held: &Held) -> BTreeMap<(WallTime, WallTime), Hour> {
        let open = self.reels.open();
        let mut hours: BTreeMap<(WallTime, WallTime), Hour> = BTreeMap::new();
        for place in self.reels.all() {
            let header = &place.header;
            let volume: &Volume = &self.volumes[place.volume];
            let file = volume.fs.open_read(&place.path).and_then(|file| file.len());
            let time = (header.bucket_start, place.expires_at());
            let hour = hours.entry(time).or_insert(Hour {
                end: header.bucket_end,
                minimum: Duration::ZERO,
                length_bytes: 0,
                is_open: false,
                is_held: false,
            });
            hour.end = hour.end.max(header.bucket_end);
            hour.minimum = hour.minimum.max(header.retention.minimum());
            hour.length_bytes += file.unwrap_or(0);
            hour.is_open |= open.contains(&header.reel);
        }
        let keyring = self.keyring();
        for it in keyring.iter() {
            if let Some(hour) = hours.get_mut(&(it.start, it.expires_at)) {
                hour.is_held |= held.touches(it.feed.camera, it.start, it.end);
            }
        }
        for it in keyring.minutes() {
            if let Some(hour) = hours.get_mut(&(it.bucket_start, it.expires_at)) {
                hour.is_held |= held.has(it.feed.camera, it.id.number);
            }
        }
        hours
    }
}
