//! Destruction is rotation: the survivors' keys move under a new vault key, and the old one is
//! destroyed, and with it every copy of what is due, on every disk and in every backup of a keyring.
//!
//! The seven steps: (1) intent in the ledger: the grant; (2) a new vault key; (3) the survivors'
//! keyring written on every volume, synced, read back; (4) the holder keeps the new key; (5) the
//! holder destroys the old one; (6) outcome in the ledger; (7) ciphertext unlinked. Up to (4) a
//! failure leaves everything as it was; from (5) on the keys are gone and the rest is done now or at
//! the next start.

use std::sync::PoisonError;
use std::time::Duration;

use domain::{BucketId, WallTime};
use host::Secret;
use ledger::act::DestroyExpired;
use ledger::{Grant, Kind};

use crate::RotateError;
use crate::keyring::{Bucket, Keyring};
use crate::notary::{Notice, hex};
use crate::open::{Shared, Vault};
use crate::volume::Volume;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RotationReport {
    /// Buckets whose keys are destroyed.
    pub buckets: u64,
    /// Reels that were taken away.
    pub reels: u64,
}

/// How destruction stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DestructionState {
    /// When something was last destroyed.
    pub last_at: Option<WallTime>,
    /// When is next looked for what is due.
    pub next_at: Option<WallTime>,
    /// Why nothing is destroyed, if so.
    pub frozen: Option<String>,
    /// When the oldest bucket that is kept is due.
    pub oldest_due_at: Option<WallTime>,
}

#[derive(Debug, Default)]
pub(crate) struct Destruction {
    pub(crate) last_at: Option<WallTime>,
    pub(crate) next_at: Option<WallTime>,
    pub(crate) outside: Option<String>,
}

impl Shared {
    pub(crate) fn destruction_state(&self) -> DestructionState {
        let destruction = self.destruction.lock().unwrap_or_else(PoisonError::into_inner);
        DestructionState {
            last_at: destruction.last_at,
            next_at: destruction.next_at,
            frozen: destruction.outside.clone().or_else(|| self.trusted.doubt().map(Into::into)),
            oldest_due_at: None,
        }
    }
}

impl Vault {
    /// How long from one rotation to the next: the shortest bucket length of what is kept, at most
    /// an hour.
    #[must_use]
    pub fn rotation_interval(&self) -> Duration {
        let feeds = self.shared.feeds();
        let recorded = feeds.iter().map(|feed| feed.retention.bucket_length());
        let kept = self.shared.reels.all();
        let kept = kept.iter().map(|place| place.header.retention.bucket_length());
        recorded.chain(kept).min().unwrap_or(Duration::from_secs(3600))
    }

    /// Stops destruction from outside, with a reason (the catalog is being rebuilt), or lets it go
    /// on.
    pub fn freeze_destruction(&self, reason: Option<&str>) {
        let mut destruction =
            self.shared.destruction.lock().unwrap_or_else(PoisonError::into_inner);
        destruction.outside = reason.map(Into::into);
    }

    /// Whether something is due at a rotation now, and destruction is not frozen. Notes when is next
    /// looked.
    #[must_use]
    pub fn is_destruction_due(&self) -> bool {
        let interval = self.rotation_interval();
        let now = self.shared.trusted.now();
        {
            let mut destruction =
                self.shared.destruction.lock().unwrap_or_else(PoisonError::into_inner);
            destruction.next_at = Some(self.shared.clock.wall() + interval);
        }
        if self.shared.destruction_state().frozen.is_some() {
            return false;
        }
        if let Err(error) = self.shared.trusted.keep() {
            tracing::warn!(%error, "the anchor of time could not be kept");
        }
        let threshold = now + interval;
        !self.shared.keyring().due(threshold).is_empty() || !self.dead_reels(threshold).is_empty()
    }

    /// Destroys the keys of everything that is due before the next rotation, then takes its
    /// ciphertext away. What is due follows from what the ledger granted: everything, and nothing
    /// else.
    ///
    /// Blocks while it writes; call it where blocking is allowed.
    ///
    /// # Errors
    /// See [`RotateError`]: each says whether keys are destroyed.
    pub fn rotate(&self, grant: &Grant<DestroyExpired>) -> Result<RotationReport, RotateError> {
        grant.check()?;
        if self.shared.destruction_state().frozen.is_some() {
            return Ok(RotationReport::default());
        }
        let threshold = self.shared.trusted.now() + self.rotation_interval();
        let due = self.shared.keyring().due(threshold);
        let mut report = RotationReport { buckets: due.len() as u64, reels: 0 };
        if !due.is_empty() {
            self.destroy(&due)?;
        }
        report.reels = self.take_away(threshold).map_err(RotateError::Unlink)?;
        let mut destruction =
            self.shared.destruction.lock().unwrap_or_else(PoisonError::into_inner);
        destruction.last_at = Some(self.shared.clock.wall());
        Ok(report)
    }

    /// Steps 2 to 6.
    fn destroy(&self, due: &[BucketId]) -> Result<(), RotateError> {
        let shared = &*self.shared;
        let mut keyring = shared.keyring();
        let lines: Vec<String> = keyring
            .iter()
            .filter(|bucket| due.contains(&bucket.id))
            .map(|bucket| format!("{} {}", bucket.id, hex(&bucket.key.commitment())))
            .collect();
        let companion = shared.ledger.keep_companion(&lines)?;
        let (old_epoch, old_key) = (keyring.epoch, keyring.vault_key().clone());
        let new_key = Secret::random();
        let taken = std::mem::replace(&mut *keyring, Keyring::new(0, new_key.clone()));
        let (survivors, gone) = taken.rotate(due, old_epoch + 1, new_key);

        let safe = make_safe(&survivors, &shared.volumes);
        let kept = match safe {
            Ok(()) => {
                shared.holder.wrap(survivors.epoch, survivors.vault_key()).map_err(Into::into)
            }
            Err(reason) => Err(RotateError::Keyring(reason)),
        };
        if let Err(error) = kept {
            abandon(shared, &mut keyring, survivors, gone, old_epoch, old_key);
            return Err(error);
        }
        let (epoch, commitment) = (survivors.epoch, survivors.commitment());
        *keyring = survivors;
        shared.holder.destroy(old_epoch)?;
        drop((gone, old_key, keyring));
        let enter = vec![
            Kind::Destroyed { epoch: old_epoch, companion }.into(),
            Kind::VaultKey { epoch, sha256: hex(&commitment) }.into(),
        ];
        shared.ledger.append_blocking(enter).map_err(RotateError::Outcome)?;
        for volume in shared.volumes.iter().filter(|volume| !volume.is_fenced()) {
            Keyring::unlink(volume, old_epoch).map_err(RotateError::Unlink)?;
        }
        Ok(())
    }

    /// Step 7.
    fn take_away(&self, threshold: WallTime) -> Result<u64, host::FsError> {
        let dead = self.dead_reels(threshold);
        for place in &dead {
            let volume = &self.shared.volumes[place.volume];
            match volume.fs.unlink(&place.path) {
                Err(error) if !error.is_missing() => return Err(error),
                _ => volume.fs.sync_folder(&volume.reels_folder())?,
            }
            self.shared.reels.forget(place.header.reel);
            self.shared.notify(Notice::Gone(place.header.reel));
        }
        Ok(dead.len() as u64)
    }

    /// Reels that are due and none of whose buckets is kept.
    fn dead_reels(&self, threshold: WallTime) -> Vec<crate::reels::ReelPlace> {
        let kept: std::collections::BTreeSet<_> =
            self.shared.keyring().iter().map(|bucket| (bucket.start, bucket.expires_at)).collect();
        let mut places = self.shared.reels.all();
        places.retain(|place| {
            let due = (place.header.bucket_start, place.expires_at());
            place.expires_at() < threshold && !kept.contains(&due)
        });
        places
    }
}

/// Step 3: on every volume that is not fenced, written, synced, read back, every survivor there.
fn make_safe(survivors: &Keyring, volumes: &[Volume]) -> Result<(), String> {
    let mut safe_on = 0;
    for volume in volumes.iter().filter(|volume| !volume.is_fenced()) {
        let written = survivors.write_whole(volume).and_then(|()| survivors.is_whole_on(volume));
        match written {
            Ok(true) => safe_on += 1,
            Ok(false) => return Err(format!("{} reads back differently", volume.path.display())),
            Err(error) => return Err(error.to_string()),
        }
    }
    if safe_on == 0 { Err("every volume has failed".into()) } else { Ok(()) }
}

/// Nothing was destroyed: the old keyring goes on, the new one's files are taken away.
fn abandon(
    shared: &Shared,
    keyring: &mut Keyring,
    survivors: Keyring,
    gone: Vec<Bucket>,
    old_epoch: u64,
    old_key: Secret,
) {
    let new_epoch = survivors.epoch;
    *keyring = survivors.restore(gone, old_epoch, old_key);
    for volume in shared.volumes.iter().filter(|volume| !volume.is_fenced()) {
        if let Err(error) = Keyring::unlink(volume, new_epoch) {
            tracing::warn!(%error, "the keyring of an abandoned rotation is left behind");
        }
    }
    // The slot may hold the new key already; it opens nothing that is kept.
    if let Err(error) = shared.holder.destroy(new_epoch) {
        tracing::warn!(%error, "the key of an abandoned rotation is left behind");
    }
}
