//! A recorder's whole ledger: every year's checkpoint, tiles, entries, companions, and what must
//! hold between them.
//!
//! The order of work for each year: the checkpoint is held against the policy; the tiles are led up
//! to its root; each bundle of entries is held against its tile; and the root is computed again from
//! the entries alone. So a damaged file is named, and a whole that was made anew is found by the
//! signature that it cannot have.

mod companion;
mod head;
mod rules;
mod tiles;
mod year;

use std::collections::BTreeMap;

use domain::{EntryNumber, WallTime};
use serde_json::json;
use tlog::Checkpoint;
use tlog::policy::Policy;

use crate::certificate::{Found, Wanted};
use crate::entry::{Entry, Holder};
use crate::record_root::RecordRoots;
use crate::source::Source;
use crate::{Report, Word};

pub use companion::{About, KeyLine};
pub use head::{Head, open_note, read_head};
pub(crate) use head::{cosigners, word_of};
pub use rules::Rules;
pub use tiles::TileReader;
pub use year::{CheckedBundle, check_bundle};

/// Keys that the ledger speaks of, and what became of them.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Lists of bucket keys that were made, in order.
    pub made: Vec<KeyList>,
    /// Vault keys that were made, in order.
    pub vault_keys: Vec<VaultKey>,
    /// What was destroyed, in order.
    pub destroyed: Vec<Destruction>,
    /// What kept the vault key, in order.
    pub holders: Vec<HolderList>,
    /// Record roots.
    pub record_roots: RecordRoots,
    /// What left and was revoked, by the entry of its sealing: entry and time of the revocation.
    pub revoked: BTreeMap<EntryNumber, (EntryNumber, WallTime)>,
    /// Buckets that were looked for, in the order of their entries.
    pub found: Vec<Found>,
}

/// What kept the vault key from an entry on.
#[derive(Debug, Clone)]
pub struct HolderList {
    /// The entry.
    pub number: EntryNumber,
    /// Kinds and states.
    pub holders: Vec<Holder>,
}

/// Bucket keys of one entry.
#[derive(Debug, Clone)]
pub struct KeyList {
    /// The entry.
    pub number: EntryNumber,
    /// When it was appended.
    pub time: WallTime,
    /// The keys; empty if the list could not be had.
    pub keys: Vec<KeyLine>,
}

/// A vault key.
#[derive(Debug, Clone)]
pub struct VaultKey {
    /// The entry.
    pub number: EntryNumber,
    /// When it was appended.
    pub time: WallTime,
    /// Its epoch.
    pub epoch: u64,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
}

/// One rotation: what it destroyed, and why.
#[derive(Debug, Clone)]
pub struct Destruction {
    /// The keys, with the entry's number and time.
    pub list: KeyList,
    /// How many the entry says there are.
    pub count: u64,
    /// SHA-256 of the list.
    pub companion: [u8; 32],
    /// The epoch whose vault key is gone.
    pub epoch: u64,
    /// Under which intent; nothing if no intent before it can be the one.
    pub under: Option<Under>,
}

/// The intent that a destruction happened under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Under {
    /// The intent.
    pub intent: EntryNumber,
    /// Whether it was before its time.
    pub early: bool,
    /// The proposal that it rests on.
    pub proposal: Option<EntryNumber>,
}

/// A ledger that was read whole.
#[derive(Debug)]
pub struct Audit {
    /// What was found.
    pub report: Report,
    /// The years, in order, with their checkpoints.
    pub heads: Vec<Head>,
    /// Keys and destructions. To be relied on as far as the report is.
    pub history: History,
}

/// Verifies a ledger whole. `since` is a checkpoint that was signed before, as a note: the ledger
/// must begin with it.
#[must_use]
pub fn audit(
    command: &'static str,
    source: &dyn Source,
    policy: &Policy,
    since: Option<&[u8]>,
) -> Audit {
    let since: Vec<&[u8]> = since.into_iter().collect();
    audit_wanting(command, source, policy, &since, None)
}

/// As [`audit`], with an earlier checkpoint of each of several years, and looking for buckets.
pub(crate) fn audit_wanting(
    command: &'static str,
    source: &dyn Source,
    policy: &Policy,
    since: &[&[u8]],
    wanted: Option<Wanted>,
) -> Audit {
    let mut report = Report::new(command);
    let since: Vec<Checkpoint> =
        since.iter().filter_map(|bytes| earlier(bytes, policy, &mut report)).collect();
    let heads = head::read_heads(source, policy, &mut report);
    if heads.is_empty() {
        report.find(Word::CheckpointMissing, "ledger", "no year has a checkpoint");
    }
    let mut rules = Rules::wanting(wanted);
    let mut before: Option<(u64, [u8; 32])> = None;
    for head in &heads {
        rules.begin_year(head, before);
        let old = since.iter().filter(|old| old.origin == head.checkpoint.origin);
        let cosigned = head.cosigned.iter().filter(|cosigned| **cosigned != head.checkpoint);
        let earlier: Vec<&Checkpoint> = old.chain(cosigned).collect();
        year::verify(source, head, &earlier, &mut report, &mut |report, number, entry| {
            rules.take(source, report, number, entry);
        });
        before = Some((head.checkpoint.size, head.checkpoint.root.0));
    }
    for old in &since {
        require_year_of(old, &heads, &mut report);
    }
    tell(&heads, &rules, &mut report);
    Audit { report, heads, history: rules.into_history() }
}

fn earlier(bytes: &[u8], policy: &Policy, report: &mut Report) -> Option<Checkpoint> {
    let (_, checked) = open_note("the earlier checkpoint", bytes, policy, report)?;
    Some(checked.checkpoint)
}

/// The year of an earlier checkpoint must still be there.
fn require_year_of(old: &Checkpoint, heads: &[Head], report: &mut Report) {
    if !heads.iter().any(|head| head.checkpoint.origin == old.origin) {
        report.find(Word::YearMissing, &old.origin, "it was there at the earlier checkpoint");
    }
}

fn tell(heads: &[Head], rules: &Rules, report: &mut Report) {
    let years = heads.iter().map(|head| {
        let cosigners: BTreeMap<_, _> = head.cosigners.iter().cloned().collect();
        json!({
            "year": head.year,
            "entries": head.checkpoint.size,
            "root": head.checkpoint.root.to_base64(),
            "cosigned_entries": head.cosigned.as_ref().map_or(0, |cosigned| cosigned.size),
            "cosigned": cosigners,
        })
    });
    report.fact("years", ("해", "years"), years.collect::<Vec<_>>());
    if let Some(head) = heads.first() {
        report.fact("recorder", ("녹화기", "recorder"), head.recorder.to_string());
    }
    let entries: u64 = heads.iter().map(|head| head.checkpoint.size).sum();
    report.fact("entries", ("기록", "entries"), entries);
    let seen = heads.iter().filter_map(|head| Some(head.cosigned.as_ref()?.size)).sum::<u64>();
    report.fact("cosigned", ("그중 정책이 요구하는 만큼 본 기록", "seen as the policy asks"), seen);
    crate::checkpoint::tell_second(heads.iter().map(|head| head.second), report);
    rules.tell(report);
}

/// What is called for each entry that was read, with its number and its bytes read.
pub(crate) type Take<'t> = dyn FnMut(&mut Report, EntryNumber, &Entry) + 't;
