//! Destruction is rotation: the survivors' keys move under a new vault key, and the old one is
//! destroyed, and with it every copy of what is due, on every disk and in every backup of a keyring.
//!
//! The seven steps: (1) intent in the ledger: the grant; (2) a new vault key; (3) the survivors'
//! keyring written on every volume, synced, read back; (4) the holder keeps the new key, and the
//! decision is written; (5) the holder destroys the old one; (6) outcome in the ledger; (7)
//! ciphertext unlinked. Up to the decision a failure leaves everything as it was; from then on the
//! rest is done now, at the next rotation or at the next start. `docs/design/destruction.md` has each sync
//! and what a crash after it leaves.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use domain::{BucketId, WallTime};
use host::{FsError, Secret};
use ledger::act::DestroyExpired;
use ledger::{BucketFact, Companion, Grant, Ledger};

use crate::decision::Decision;
use crate::holds::Holding;
use crate::keyring::{Bucket, Gone, Keyring};
use crate::minute::Minute;
use crate::notary::{Notice, hex};
use crate::open::{Shared, Vault};
use crate::parting::Due;
use crate::reels::ReelPlace;
use crate::volume::Volume;
use crate::{HolderStatus, RotateError};

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RotationReport {
    /// Buckets whose keys are destroyed.
    pub buckets: u64,
    /// Minutes that outlived their buckets and whose keys are destroyed now.
    pub minutes: u64,
    /// Minutes of those buckets that are kept, because they are held.
    pub minutes_kept: u64,
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
    /// For which holders of the vault key destruction waits, if it waits for any.
    pub delayed: Option<String>,
    /// When the oldest bucket that is kept is due.
    pub oldest_due_at: Option<WallTime>,
}

#[derive(Debug, Default)]
pub(crate) struct Destruction {
    pub(crate) last_at: Option<WallTime>,
    pub(crate) next_at: Option<WallTime>,
    pub(crate) outside: Option<String>,
    /// Why not everything that is due by the wall clock is destroyed.
    pub(crate) surplus: Option<String>,
    /// What was decided and is not done, or not entered, yet.
    pub(crate) pending: Option<Decision>,
}

impl Shared {
    pub(crate) fn destruction_state(&self) -> DestructionState {
        let destruction = self.destruction();
        DestructionState {
            last_at: destruction.last_at,
            next_at: destruction.next_at,
            frozen: self.frozen(&destruction).or_else(|| destruction.surplus.clone()),
            delayed: delayed(&self.holders.statuses()),
            oldest_due_at: self.keyring().iter().map(|bucket| bucket.expires_at).min(),
        }
    }

    /// Why nothing may be destroyed now, if so.
    fn frozen(&self, destruction: &Destruction) -> Option<String> {
        let searching = || (!self.search.is_complete()).then_some("the reels are being looked for");
        let unread = || self.ledger.holds().is_none().then_some("a hold cannot be read");
        let doubt = || self.trusted.doubt().or_else(searching).or_else(unread);
        destruction.outside.clone().or_else(|| doubt().map(Into::into))
    }
}

/// Who is away, since when, and why, in one sentence's end.
fn delayed(holders: &[HolderStatus]) -> Option<String> {
    let away = holders.iter().filter_map(|holder| {
        let (since, why) = holder.away.as_ref()?;
        Some(format!("{} is away since {since}: {why}", holder.name))
    });
    let away = away.collect::<Vec<_>>().join("; ");
    (!away.is_empty()).then_some(away)
}

impl Shared {
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen(&self.destruction()).is_some()
    }
}

impl Vault {
    /// Another source says what time it is now: a time server, or whatever else does not get its
    /// time from this machine. If it agrees with the wall clock, a doubt about it is settled.
    pub fn hear_time(&self, source: &str, said: WallTime) {
        self.shared.trusted.hear(source, said);
    }

    /// The time that it is at least, by two clocks and what sources agreed on; nothing while they are
    /// in doubt. What else is destroyed by time (the keys of records) goes by it too.
    #[must_use]
    pub fn sure_time(&self) -> Option<WallTime> {
        let trusted = &self.shared.trusted;
        trusted.doubt().is_none().then(|| trusted.surely())
    }

    /// Keeps what is known of the clocks for the next start; to be called about once a minute.
    pub fn keep_time(&self) {
        if let Err(error) = self.shared.trusted.keep() {
            tracing::warn!(%error, "the anchor of time could not be kept");
        }
    }

    /// Looks which holders of the vault key are there; one that is there again is told what it
    /// missed. To be called about once a minute. Blocks for as long as a holder takes to answer.
    pub fn look_after_holders(&self) {
        let (epoch, key) = self.shared.vault_key();
        self.shared.holders.look(epoch, &key);
        self.shared.note_holders();
    }

    /// Which of these buckets are kept.
    #[must_use]
    pub fn kept_of(&self, buckets: &[BucketId]) -> Vec<BucketId> {
        let keyring = self.shared.keyring();
        buckets.iter().copied().filter(|id| keyring.bucket(*id).is_some()).collect()
    }

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
        self.shared.destruction().outside = reason.map(Into::into);
    }

    /// Whether something is due at a rotation now, and destruction is not frozen.
    ///
    /// To be asked once in each [`rotation_interval`](Self::rotation_interval): it notes when is
    /// looked next, and lets the anchor of time follow the wall clock's slow drift.
    #[must_use]
    pub fn is_destruction_due(&self) -> bool {
        let shared = &self.shared;
        let interval = self.rotation_interval();
        self.keep_time();
        let is_pending = {
            let mut destruction = shared.destruction();
            destruction.next_at = Some(shared.clock.wall() + interval);
            destruction.pending.is_some()
        };
        if shared.is_frozen() {
            return false;
        }
        let threshold = shared.trusted.now() + interval;
        let held = shared.held().unwrap_or_default();
        let keys_go = is_pending || !shared.due(threshold, interval, &held).is_empty();
        if !keys_go {
            return !self.dead_reels(threshold).is_empty();
        }
        // Without every holder it could not come to its end: it is delayed, which the state says,
        // and no intent is entered for what is not tried.
        let (epoch, key) = shared.vault_key();
        shared.holders.all_keep(epoch, &key).is_ok()
    }

    /// Destroys the keys of everything that is due before the next rotation and that nobody holds,
    /// then takes its ciphertext away. What is due follows from what the ledger granted: everything,
    /// and nothing else. What an earlier rotation left undone is done first.
    ///
    /// Blocks while it writes; call it where blocking is allowed.
    ///
    /// # Errors
    /// See [`RotateError`]: each says whether keys are destroyed.
    pub fn rotate(&self, grant: &Grant<DestroyExpired>) -> Result<RotationReport, RotateError> {
        grant.check()?;
        let shared = &self.shared;
        if shared.is_frozen() {
            return Ok(RotationReport::default());
        }
        shared.finish_rotation()?;
        let interval = self.rotation_interval();
        let threshold = shared.trusted.now() + interval;
        let holding = shared.holding()?;
        let due = shared.due(threshold, interval, &holding.held);
        let mut report = self.destroy(due, &holding)?;
        drop(holding);
        report.reels = self.take_away(&self.dead_reels(threshold)).map_err(RotateError::Unlink)?;
        shared.destruction().last_at = Some(shared.clock.wall());
        Ok(report)
    }

    /// Steps 2 to 6. What of it is held is kept: whatever is to be destroyed, for whatever reason.
    pub(crate) fn destroy(
        &self,
        mut due: Due,
        holding: &Holding<'_>,
    ) -> Result<RotationReport, RotateError> {
        let shared = &*self.shared;
        let _stops = crate::stop::StopOnPanic("a rotation");
        if due.is_empty() {
            return Ok(RotationReport::default());
        }
        // Before anything waits: a holder that is away delays this, and holds nothing up.
        let (epoch, key) = shared.vault_key();
        shared.holders.all_keep(epoch, &key)?;
        shared.holders.all_keep_nothing_else(epoch, false)?;
        // What an undecided attempt left must not speak for this one.
        Decision::clear(&*shared.fs, &shared.decision_path).map_err(RotateError::Decide)?;
        let mut kept = shared.held_minutes(&due.buckets, &holding.held);
        for (bucket, minutes) in std::mem::take(&mut due.kept) {
            kept.entry(bucket).or_default().extend(minutes);
        }
        due.minutes.retain(|id| !shared.is_held(*id, &holding.held));
        let mut keyring = shared.keyring();
        due.buckets.retain(|id| keyring.bucket(*id).is_some());
        due.minutes.retain(|id| keyring.minute(*id).is_some());
        let split = keyring.split(&kept);
        let lists = Lists::keep(&shared.ledger, &keyring, &due, &split)?;
        let report = RotationReport {
            buckets: due.buckets.len() as u64,
            minutes: due.minutes.len() as u64,
            minutes_kept: split.len() as u64,
            reels: 0,
        };
        let (old_epoch, old_key) = (keyring.epoch, keyring.vault_key().clone());
        let new_key = Secret::random();
        let taken = std::mem::replace(&mut *keyring, Keyring::new(0, new_key.clone()));
        let survive = split.iter().map(|minute| minute.id).collect();
        let (survivors, gone) = taken.rotate(&due, split, old_epoch + 1, new_key);
        let decision = Decision {
            old_epoch,
            new_epoch: survivors.epoch,
            new_key: hex(&survivors.commitment()),
            companion: lists.destroyed,
            split: lists.split,
            destroyed: gone.ids(),
            kept: survive,
        };
        if let Err(error) = prepare(shared, &survivors, &decision) {
            abandon(shared, &mut keyring, survivors, gone, old_epoch, old_key);
            return Err(error);
        }
        *keyring = survivors;
        drop((gone, old_key, keyring));
        shared.destruction().pending = Some(decision);
        shared.finish_rotation()?;
        Ok(report)
    }

    /// Step 7. One volume that fails is fenced and does not keep the others' ciphertext alive; on a
    /// volume that is fenced the next start does it.
    pub(crate) fn take_away(&self, dead: &[ReelPlace]) -> Result<u64, FsError> {
        let mut failed = None;
        for place in dead {
            let volume = &self.shared.volumes[place.volume];
            if !volume.is_fenced()
                && let Err(error) = unlink(volume, &volume.reels_folder(), &place.path)
            {
                volume.fence(&error);
                failed = Some(error);
            }
            self.shared.reels.forget(place.header.reel);
            self.shared.notify(Notice::Gone(place.header.reel));
        }
        failed.map_or(Ok(dead.len() as u64), Err)
    }

    /// Reels that are due, that nobody writes to, and of whose buckets nothing is kept; or of some
    /// of them minutes that do not lie in this reel.
    fn dead_reels(&self, threshold: WallTime) -> Vec<ReelPlace> {
        let (kept, minutes) = {
            let keyring = self.shared.keyring();
            (keyring.times(), keyring.minutes_alone())
        };
        let open = self.shared.reels.open();
        let mut places = self.shared.reels.all();
        places.retain(|place| {
            let is_written_to =
                open.contains(&place.header.reel) && !self.shared.volumes[place.volume].is_fenced();
            let time = (place.header.bucket_start, place.expires_at());
            let holds_none = || {
                let left = minutes.get(&time).filter(|_| time.1 < threshold);
                left.is_some_and(|left| !self.shared.may_hold(place, left))
            };
            !is_written_to && (place.is_dead(&kept, threshold) || holds_none())
        });
        places
    }
}

impl Shared {
    pub(crate) fn destruction(&self) -> MutexGuard<'_, Destruction> {
        self.destruction.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The epoch and its key.
    fn vault_key(&self) -> (u64, Secret) {
        let keyring = self.keyring();
        (keyring.epoch, keyring.vault_key().clone())
    }

    /// At a start: what keeps the key is entered, and what a crash cut off is finished. Recording does
    /// not wait for it; the next rotation tries again.
    pub(crate) fn begin_rotations(&self) {
        self.note_holders();
        if let Err(error) = self.finish_rotation() {
            tracing::error!(%error, "a rotation that a crash cut off is not finished yet");
        }
    }

    /// Steps 5 and 6 of what was decided; again, if they failed before or a crash came between: the
    /// old key is overwritten and synced anew, and what the ledger has already is not entered twice.
    pub(crate) fn finish_rotation(&self) -> Result<(), RotateError> {
        let Some(decision) = self.destruction().pending.clone() else { return Ok(()) };
        let (epoch, key) = self.vault_key();
        // First that each has the new key: one that lacks it must not be left with none, and while
        // one is away none destroys, so that whoever is there at the next start can open.
        self.holders.all_keep(epoch, &key)?;
        self.holders.all_keep_nothing_else(epoch, true)?;
        self.enter_holders().map_err(RotateError::Outcome)?;
        let missing = decision.kinds_missing_in(&self.ledger);
        if !missing.is_empty() {
            let events = missing.into_iter().map(Into::into).collect();
            self.ledger.append_blocking(events).map_err(RotateError::Outcome)?;
        }
        Decision::clear(&*self.fs, &self.decision_path).map_err(RotateError::Decide)?;
        self.destruction().pending = None;
        for volume in self.volumes.iter().filter(|volume| !volume.is_fenced()) {
            if let Err(error) = Keyring::unlink(volume, decision.old_epoch) {
                volume.fence(&error);
            }
        }
        Ok(())
    }
}

/// What the ledger is to be told, durable beside it.
struct Lists {
    destroyed: Companion,
    /// Minutes that are split out, if there are any.
    split: Option<Companion>,
}

impl Lists {
    fn keep(
        ledger: &Ledger,
        keyring: &Keyring,
        due: &Due,
        split: &[Minute],
    ) -> Result<Self, RotateError> {
        let minute_line = |it: &Minute| format!("{} {}", it.id, hex(&it.key.commitment()));
        let buckets = due.buckets.iter().filter_map(|id| keyring.bucket(*id));
        let facts: Vec<BucketFact> = buckets.map(Bucket::fact).collect();
        let mut lines = ledger.bucket_lines(&facts);
        lines.extend(due.minutes.iter().filter_map(|id| keyring.minute(*id)).map(minute_line));
        let destroyed = ledger.keep_companion(&lines)?;
        let split: Vec<String> = split.iter().map(minute_line).collect();
        let split = (!split.is_empty()).then(|| ledger.keep_companion(&split)).transpose()?;
        Ok(Self { destroyed, split })
    }
}

/// Steps 3 and 4: after this the old key can go.
fn prepare(shared: &Shared, survivors: &Keyring, decision: &Decision) -> Result<(), RotateError> {
    make_safe(survivors, &shared.volumes).map_err(RotateError::Keyring)?;
    shared.holders.all_wrap(survivors.epoch, survivors.vault_key())?;
    decision.write(&*shared.fs, &shared.decision_path).map_err(RotateError::Decide)
}

/// Step 3: written, synced, read back, every survivor there, on every volume that is not fenced. A
/// volume that fails is fenced: one bad disk must not keep what is due alive on the others.
fn make_safe(survivors: &Keyring, volumes: &[Volume]) -> Result<(), String> {
    let mut last = "every volume has failed before".to_owned();
    let mut safe_on = 0;
    for volume in volumes.iter().filter(|volume| !volume.is_fenced()) {
        match survivors.write_whole(volume).and_then(|()| survivors.is_whole_on(volume)) {
            Ok(true) => safe_on += 1,
            Ok(false) => {
                last = format!("{} reads back differently", volume.path.display());
                volume.fence(&FsError {
                    doing: "read back the keyring on",
                    path: volume.path.clone(),
                    source: std::io::ErrorKind::InvalidData.into(),
                });
            }
            Err(error) => {
                last = error.to_string();
                volume.fence(&error);
            }
        }
    }
    if safe_on == 0 { Err(last) } else { Ok(()) }
}

/// Nothing was destroyed: the old keyring goes on. What of the attempt cannot be taken away now
/// harms nothing: without a decision the next start keeps the older key, and with one it joins what
/// the older keyring got since (`open_keyring`).
fn abandon(
    shared: &Shared,
    keyring: &mut Keyring,
    survivors: Keyring,
    gone: Gone,
    old_epoch: u64,
    old_key: Secret,
) {
    let new_epoch = survivors.epoch;
    *keyring = survivors.restore(gone, old_epoch, old_key);
    if let Err(error) = Decision::clear(&*shared.fs, &shared.decision_path) {
        tracing::warn!(%error, "the decision of an abandoned rotation is left behind");
    }
    for volume in shared.volumes.iter().filter(|volume| !volume.is_fenced()) {
        if let Err(error) = Keyring::unlink(volume, new_epoch) {
            volume.fence(&error);
        }
    }
    if let Err(error) = shared.holders.all_keep_nothing_else(old_epoch, true) {
        tracing::warn!(%error, "the key of an abandoned rotation is left behind");
    }
}

/// Takes a file away, durably; one that is gone already is gone.
pub(crate) fn unlink(
    volume: &Volume,
    folder: &std::path::Path,
    path: &std::path::Path,
) -> Result<(), FsError> {
    match volume.fs.unlink(path) {
        Err(error) if !error.is_missing() => Err(error),
        _ => volume.fs.sync_folder(folder),
    }
}
