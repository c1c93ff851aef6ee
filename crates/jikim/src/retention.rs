//! The retention: a part of the machine that destroys what is due, on the same road as a person.

use std::sync::Arc;
use std::time::Duration;

use access::act::{DestroyEarly, DestroyExpired, DestroyRecords};
use access::{Access, Asker, Request, Target};
use domain::{Action, Elapsed, SystemActor};
use host::Clock;
use ledger::{AccessLife, Ledger};
use vault::Vault;

use crate::exports::Exports;

/// How often what is known of the clocks is kept: so much later than it is, a start believes to be
/// at the earliest.
const KEEP_TIME_EVERY: Duration = Duration::from_secs(60);

/// After an act of early destruction, until the next: that it does not help must not fill the ledger.
const TRY_EARLY_EVERY: Duration = Duration::from_secs(60);

/// How long an act that destroys before the time waits for the witnesses' word.
pub(crate) const FOR_WITNESSES: Duration = Duration::from_secs(60);

/// How often it is looked whether a record root is due: one is a month at most.
const LOOK_AT_RECORDS_EVERY: Duration = Duration::from_secs(3600);

/// What has an end, and who says when.
pub(crate) struct Kept {
    pub(crate) vault: Arc<Vault>,
    pub(crate) ledger: Ledger,
    pub(crate) access: Arc<Access>,
    /// How long the records of acts are kept.
    pub(crate) access_life: AccessLife,
    /// Working copies of what is to leave, and sealed files.
    pub(crate) exports: Arc<Exports>,
}

/// Looks for what is due once in each rotation interval; the interval itself may become shorter
/// when a camera with a short retention is added, so it is asked each second.
pub(crate) async fn run(it: Kept, clock: Arc<dyn Clock>) {
    let Kept { vault, access, .. } = &it;
    let (mut last, mut looked) = (None, None::<Elapsed>);
    let (mut kept, mut tried) = (None::<Elapsed>, None::<Elapsed>);
    loop {
        let now = clock.elapsed();
        let interval = vault.rotation_interval();
        if last.is_none_or(|last| now.since(last) >= interval) {
            last = Some(now);
            destroy_what_is_due(vault, access).await;
        }
        if looked.is_none_or(|looked| now.since(looked) >= LOOK_AT_RECORDS_EVERY) {
            looked = Some(now);
            destroy_records(&it).await;
            it.exports.sweep(&it.ledger.exports(), clock.wall());
        }
        if it.exports.copies.is_due() {
            destroy_copies(&it).await;
        }
        if kept.is_none_or(|kept| now.since(kept) >= KEEP_TIME_EVERY) {
            kept = Some(now);
            tokio::task::block_in_place(|| {
                vault.keep_time();
                vault.look_after_holders();
            });
        }
        if tried.is_none_or(|tried| now.since(tried) >= TRY_EARLY_EVERY)
            && destroy_early(vault, access, &*clock).await
        {
            tried = Some(now);
        }
        // Looked at often enough that no look is later than a quarter of an interval.
        tokio::time::sleep((interval / 4).min(Duration::from_secs(1))).await;
    }
}

async fn destroy_what_is_due(vault: &Vault, access: &Access) {
    if !tokio::task::block_in_place(|| vault.is_destruction_due()) {
        return;
    }
    let asker = Asker::system(SystemActor::Retention);
    let request = Request::new(Action::DestroyExpired, Target::House);
    let effect = async |grant: &access::Grant<DestroyExpired>| {
        tokio::task::block_in_place(|| vault.rotate(grant))
    };
    match access.perform(&asker, request, effect).await {
        Ok(report) => tracing::info!(buckets = report.buckets, reels = report.reels, "destroyed"),
        Err(error) => tracing::error!(%error, "what is due was not destroyed; tried again soon"),
    }
}

/// Destroys working copies of what was to leave, whose week is over.
async fn destroy_copies(it: &Kept) {
    let asker = Asker::system(SystemActor::Retention);
    let request = Request::new(Action::DestroyExpired, Target::House);
    let effect = async |grant: &access::Grant<DestroyExpired>| {
        tokio::task::block_in_place(|| it.exports.copies.destroy_expired(grant))
    };
    match it.access.perform(&asker, request, effect).await {
        Ok(copies) => tracing::info!(copies, "destroyed working copies whose week is over"),
        Err(error) => {
            tracing::error!(%error, "working copies were not destroyed; tried again soon");
            // Not every quarter of a second.
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }
}

/// Destroys the record roots whose months are over, if no clock is in doubt.
async fn destroy_records(it: &Kept) {
    let Some(now) = it.vault.sure_time() else { return };
    if !it.ledger.is_record_due(now, it.access_life) {
        return;
    }
    let asker = Asker::system(SystemActor::Retention);
    let request = Request::new(Action::DestroyRecords, Target::House);
    let effect = async |grant: &access::Grant<DestroyRecords>| {
        tokio::task::block_in_place(|| it.ledger.expire_records(grant, now, it.access_life))
    };
    match it.access.perform(&asker, request, effect).await {
        Ok(gone) => tracing::info!(
            roots = gone.roots,
            renewed = gone.renewed,
            forgotten = gone.forgotten,
            "destroyed the records whose time was up"
        ),
        Err(error) => {
            tracing::error!(%error, "records whose time is up were not destroyed; tried again soon");
        }
    }
}

/// Destroys the oldest footage before its time if the disks are as good as full, by the rule that
/// two people made, if one is in force. Gives whether it was tried.
async fn destroy_early(vault: &Vault, access: &Access, clock: &dyn Clock) -> bool {
    let Some((proposal, from)) = access.early().rule else { return false };
    if clock.wall() < from || !tokio::task::block_in_place(|| vault.is_early_wanted()) {
        return false;
    }
    let asker = Asker::system(SystemActor::Retention);
    let request = Request::new(Action::DestroyEarly, Target::House);
    let request = Request { proposal: Some(proposal), ..request };
    let effect = async |grant: &access::Grant<DestroyEarly>| {
        grant.wait_for_cosigning(FOR_WITNESSES).await;
        tokio::task::block_in_place(|| vault.destroy_early(grant))
    };
    match access.perform(&asker, request, effect).await {
        Ok(report) => tracing::warn!(buckets = report.buckets, "destroyed early: the disk is full"),
        Err(error) => tracing::error!(%error, "nothing was destroyed early, and the disk is full"),
    }
    true
}
