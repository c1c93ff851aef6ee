//! What a certificate may claim of its destructions: under which act, and whether they can be proven.
//! Made from proven entries alone, by the recorder when it writes and by whoever verifies.

use std::collections::BTreeMap;

use domain::{Action, EntryNumber};
use serde::{Deserialize, Serialize};

use super::Certificate;
use crate::entry::{Entry, Holder, Kind};

/// A list of destroyed keys, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The entry `destroyed`.
    pub destroyed: String,
    /// The entry of the act.
    pub intent: String,
    /// Whether it was before its time.
    pub early: bool,
    /// The proposal that an early one rests on.
    pub proposal: Option<String>,
    /// The entry `holders` that says what kept the key; none in old ledgers.
    pub held_by: Option<String>,
    /// Whether destruction can be proven where the key was kept, from the making of the first bucket
    /// of the certificate on.
    pub provable: bool,
    /// Why not.
    pub reasons: Vec<String>,
}

/// Why nothing is known of what kept the key.
const NOT_ENTERED: &str = "what kept the key then was not entered";
/// Why a holder that was given up counts.
const GIVEN_UP: &str =
    "a holder was given up after the key was made, and may still keep what it kept";

/// The parsed entries of a certificate by number.
#[must_use]
pub(super) fn parsed(certificate: &Certificate) -> BTreeMap<EntryNumber, Entry> {
    let entry = |proven: &super::Proven| {
        Some((proven.number.parse().ok()?, Entry::parse(proven.entry.as_bytes()).ok()?))
    };
    certificate.entries.iter().filter_map(entry).collect()
}

/// How many buckets were entered as destroyed more than an hour before they were due, and how many
/// more than a day after, by the recorder's clock at the entry.
pub(super) fn untimely(certificate: &Certificate) -> (usize, usize) {
    const HOUR_US: i64 = 3_600_000_000;
    let entries = parsed(certificate);
    let late_us = |bucket: &super::Bucket| {
        let number: EntryNumber = bucket.destroyed.as_ref()?.entry.parse().ok()?;
        let at = entries.get(&number)?.time.as_micros();
        Some(at.saturating_sub(bucket.expires_at))
    };
    let late: Vec<i64> = certificate.buckets.iter().filter_map(late_us).collect();
    let count = |is: fn(i64) -> bool| late.iter().filter(|late| is(**late)).count();
    (count(|late| late < -HOUR_US), count(|late| late > 24 * HOUR_US))
}

/// The rotations of a certificate as its entries and `holders` have them, in order. One whose act is
/// not among the entries is left out.
#[must_use]
pub fn rotations(certificate: &Certificate) -> Vec<Rotation> {
    let entries = parsed(certificate);
    let is_destroyed =
        |(_, entry): &(&EntryNumber, &Entry)| matches!(entry.kind, Kind::Destroyed { .. });
    let destroyed = entries.iter().filter(is_destroyed);
    destroyed
        .filter_map(|(number, entry)| rotation(certificate, &entries, *number, entry))
        .collect()
}

fn rotation(
    certificate: &Certificate,
    entries: &BTreeMap<EntryNumber, Entry>,
    number: EntryNumber,
    entry: &Entry,
) -> Option<Rotation> {
    let Kind::Destroyed { held_by, .. } = entry.kind else { return None };
    let destroys = |(number, entry): (&EntryNumber, &Entry)| match entry.kind {
        Kind::Intent { action: Action::DestroyExpired, proposal } => {
            Some((*number, false, proposal))
        }
        Kind::Intent { action: Action::DestroyEarly, proposal } => Some((*number, true, proposal)),
        _ => None,
    };
    let (intent, early, proposal) = entries.range(..number).rev().find_map(destroys)?;
    let made = certificate
        .buckets
        .iter()
        .filter(|bucket| bucket.ends().any(|place| place.entry == number.to_string()))
        .map(|bucket| bucket.made.as_ref()?.entry.parse().ok())
        .min()?;
    let reasons = reasons(certificate, entries, made, held_by);
    let text = |number: EntryNumber| number.to_string();
    Some(Rotation {
        destroyed: text(number),
        intent: text(intent),
        early,
        proposal: proposal.map(text),
        held_by: held_by.map(text),
        provable: reasons.is_empty(),
        reasons,
    })
}

/// Why it cannot be proven: anything that kept the key from the making of the bucket on, and that is
/// not known to overwrite where it wrote.
fn reasons(
    certificate: &Certificate,
    entries: &BTreeMap<EntryNumber, Entry>,
    made: Option<EntryNumber>,
    held_by: Option<EntryNumber>,
) -> Vec<String> {
    let lists: BTreeMap<EntryNumber, &[Holder]> = certificate
        .holders
        .iter()
        .filter_map(|number| {
            let number = number.parse().ok()?;
            let Kind::Holders { holders } = &entries.get(&number)?.kind else { return None };
            Some((number, holders.as_slice()))
        })
        .collect();
    let (Some(made), Some(held_by)) = (made, held_by) else { return vec![NOT_ENTERED.into()] };
    let Some(before) = lists.range(..made).next_back().map(|(number, _)| *number) else {
        return vec![NOT_ENTERED.into()];
    };
    let Some(last) = lists.get(&held_by) else { return vec![NOT_ENTERED.into()] };
    let mut reasons = Vec::new();
    for holders in lists.range(before..=held_by).map(|(_, holders)| holders) {
        for holder in holders.iter().filter(|it| it.state != "given-up" && !it.is_provable) {
            let why = holder.reason.clone().unwrap_or_default();
            reasons.push(format!("{}: {why}", holder.kind));
        }
    }
    let given_up = |holders: &[Holder]| -> u64 {
        holders.iter().filter(|it| it.state == "given-up").map(|it| it.count).sum()
    };
    if given_up(last) > given_up(lists[&before]) {
        reasons.push(GIVEN_UP.into());
    }
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Whether all that the certificate calls destroyed can be proven to be gone, and why not.
#[must_use]
pub fn provable(certificate: &Certificate) -> (bool, Vec<String>) {
    let mut reasons: Vec<String> =
        certificate.rotations.iter().flat_map(|it| it.reasons.iter().cloned()).collect();
    reasons.sort();
    reasons.dedup();
    let is_provable = !certificate.rotations.is_empty()
        && certificate.rotations.iter().all(|rotation| rotation.provable);
    (is_provable, reasons)
}
