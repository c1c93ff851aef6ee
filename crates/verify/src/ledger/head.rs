//! The signed checkpoints of a ledger's years.

use domain::RecorderId;
use tlog::policy::{CheckNoteError, CheckedNote, Policy};
use tlog::{Checkpoint, SignedNote, recorder_of};

use crate::source::{Source, SourceError};
use crate::{Report, Word, causes};

/// The most years that are asked for where the source cannot say which there are.
const MAX_YEARS_BACK: u16 = 20;

/// Years after the last listed one that are asked for: a policy may be as old.
const MAX_YEARS_AHEAD: u16 = 10;

const MAX_CHECKPOINT_BYTES: u64 = 256 << 10;

/// A year's checkpoint, held against the policy.
#[derive(Debug, Clone)]
pub struct Head {
    /// The year.
    pub year: u16,
    /// Whose ledger it is.
    pub recorder: RecorderId,
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// What a quorum of the policy's witnesses has seen of it: the newest checkpoint itself, or an
    /// earlier one that the recorder keeps beside it.
    pub cosigned: Option<Checkpoint>,
    /// Whether the log signed it a second time; nothing if the policy lists no key for that.
    pub second: Option<bool>,
    /// The witnesses of the policy that cosigned, and when, in seconds since 1970-01-01 UTC.
    pub cosigners: Vec<(String, u64)>,
}

/// Reads and checks the checkpoints of all years that there are, in order.
pub(super) fn read_heads(source: &dyn Source, policy: &Policy, report: &mut Report) -> Vec<Head> {
    match source.years() {
        Ok(Some(years)) => {
            years.iter().filter_map(|&year| read_head(source, policy, year, true, report)).collect()
        }
        Ok(None) => probe(source, policy, report),
        Err(error) => {
            report.find(Word::Unreadable, "ledger", causes(&error));
            Vec::new()
        }
    }
}

/// A server does not list its years: those about the policy's are asked for.
fn probe(source: &dyn Source, policy: &Policy, report: &mut Report) -> Vec<Head> {
    let years = || policy.logs().iter().filter_map(|log| recorder_of(log.key.name()));
    let (Some(first), Some(last)) =
        (years().map(|(_, year)| year).min(), years().map(|(_, year)| year).max())
    else {
        report.find(Word::UnknownLog, "policy", "it lists no log of a recorder");
        return Vec::new();
    };
    let mut heads = Vec::new();
    for year in first.saturating_sub(MAX_YEARS_BACK)..=last.saturating_add(MAX_YEARS_AHEAD) {
        let unreadable = report.count_of(Word::Unreadable);
        heads.extend(read_head(source, policy, year, false, report));
        // A server that does not answer is asked once, not for each year.
        if report.count_of(Word::Unreadable) > unreadable {
            break;
        }
    }
    heads
}

/// Reads and checks the checkpoint of a year. If there is none that is a finding where it `must` be.
pub fn read_head(
    source: &dyn Source,
    policy: &Policy,
    year: u16,
    must: bool,
    report: &mut Report,
) -> Option<Head> {
    // The cosigned one first: what is read later is never older, however busy the recorder is.
    let cosigned_place = format!("{year:04}/cosigned");
    let asked = policy.asks_for_witnesses();
    let cosigned = asked.then(|| read_note(source, &cosigned_place, policy, report)).flatten();
    let place = format!("{year:04}/checkpoint");
    let Some(checked) = read_note(source, &place, policy, report) else {
        if must && !report.has_found_at(&place) {
            report.find(Word::CheckpointMissing, &place, "");
        }
        return None;
    };
    let found = recorder_of(&checked.checkpoint.origin);
    let Some((recorder, _)) = found.filter(|&(_, found)| found == year) else {
        let other = format!("it is of the log {}", checked.checkpoint.origin);
        report.find(Word::UnknownLog, &place, other);
        return None;
    };
    let same = |older: &CheckedNote<'_>| older.checkpoint.origin == checked.checkpoint.origin;
    let seen = if checked.has_quorum {
        Some(checked.clone())
    } else {
        cosigned.filter(|older| older.has_quorum && same(older))
    };
    if seen.is_none() {
        let signed = checked.cosigners.len();
        report.find(Word::NoQuorum, &place, format!("{signed} known witnesses cosigned"));
    }
    Some(Head {
        year,
        recorder,
        cosigners: cosigners(seen.as_ref().unwrap_or(&checked)),
        second: checked.second,
        cosigned: seen.map(|seen| seen.checkpoint),
        checkpoint: checked.checkpoint,
    })
}

/// A signed checkpoint of a source; nothing if there is none, or none that is good.
fn read_note<'p>(
    source: &dyn Source,
    place: &str,
    policy: &'p Policy,
    report: &mut Report,
) -> Option<CheckedNote<'p>> {
    match source.read(place, MAX_CHECKPOINT_BYTES) {
        Ok(Some(bytes)) => open_note(place, &bytes, policy, report).map(|(_, checked)| checked),
        Ok(None) => None,
        Err(error) => {
            unreadable(place, &error, report);
            None
        }
    }
}

/// The known witnesses that cosigned, by their names in the policy.
pub(crate) fn cosigners(checked: &CheckedNote<'_>) -> Vec<(String, u64)> {
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    checked.cosigners.iter().map(|good| (name(&good.witness.name), good.timestamp_s)).collect()
}

/// A signed checkpoint held against the policy; what is wrong with it goes into the report.
pub fn open_note<'p>(
    place: &str,
    bytes: &[u8],
    policy: &'p Policy,
    report: &mut Report,
) -> Option<(SignedNote, CheckedNote<'p>)> {
    let note = match SignedNote::parse(bytes) {
        Ok(note) => note,
        Err(error) => {
            report.find(Word::CheckpointMalformed, place, causes(&error));
            return None;
        }
    };
    match policy.check(&note) {
        Ok(checked) => Some((note, checked)),
        Err(error) => {
            report.find(word_of(&error), place, causes(&error));
            None
        }
    }
}

pub(crate) const fn word_of(error: &CheckNoteError) -> Word {
    match error {
        CheckNoteError::ParseCheckpoint(_) => Word::CheckpointMalformed,
        CheckNoteError::UnknownLog { .. } => Word::UnknownLog,
        CheckNoteError::VerifyLog(_) => Word::BadSignature,
        CheckNoteError::VerifyWitness(_) => Word::BadCosignature,
    }
}

pub(crate) fn unreadable(place: &str, error: &SourceError, report: &mut Report) {
    let word = match error {
        SourceError::TooLarge { .. } => Word::TooLarge,
        _ => Word::Unreadable,
    };
    report.find(word, place, causes(error));
}
