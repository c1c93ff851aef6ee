//! A receipt: a proof file, which shows that an entry is in a checkpoint that witnesses saw.

use domain::EntryNumber;
use tlog::policy::Policy;
use tlog::{TlogProof, leaf_hash, recorder_of, verify_inclusion};

use crate::checkpoint::{require_quorum, tell};
use crate::entry::Entry;
use crate::ledger::word_of;
use crate::{Report, Word, causes};

/// Verifies a proof file. The entry is the one given, or the one that the file carries as its extra
/// data: nothing vouches for that, but only the right bytes hash to the leaf.
#[must_use]
pub fn verify(proof: &[u8], policy: &Policy, entry: Option<&[u8]>) -> Report {
    let mut report = Report::new("receipt");
    drop(look(proof, policy, entry, &mut report));
    report
}

/// The signed checkpoint of a proof file, as a note.
pub(crate) fn checkpoint_of(proof: &[u8]) -> Option<Vec<u8>> {
    let proof = TlogProof::parse(proof).ok()?;
    Some(proof.checkpoint.encode().ok()?.into_bytes())
}

/// Reports on a proof file, and gives the entry with its number if that is in the log.
pub(crate) fn look(
    proof: &[u8],
    policy: &Policy,
    entry: Option<&[u8]>,
    report: &mut Report,
) -> Option<(EntryNumber, Entry)> {
    let proof = match TlogProof::parse(proof) {
        Ok(proof) => proof,
        Err(error) => {
            report.find(Word::ProofMalformed, "receipt", causes(&error));
            return None;
        }
    };
    let checked = match policy.check(&proof.checkpoint) {
        Ok(checked) => checked,
        Err(error) => {
            report.find(word_of(&error), "receipt", causes(&error));
            return None;
        }
    };
    let year = recorder_of(&checked.checkpoint.origin).map(|(_, year)| year);
    let number = year.map(|year| EntryNumber { year, index: proof.index });
    let place = number.map_or_else(|| proof.index.to_string(), |number| number.to_string());
    report.fact("entry", ("기록 번호", "entry"), place.clone());
    tell(&checked, report);
    let mut found = None;
    match entry.or(proof.extra.as_deref()) {
        Some(entry) => {
            let (size, root) = (checked.checkpoint.size, checked.checkpoint.root);
            let included =
                |entry| verify_inclusion(leaf_hash(entry), proof.index, size, root, &proof.hashes);
            // An entry that was saved as a line of text has a line feed more.
            let line = entry.strip_suffix(b"\n").filter(|line| included(line).is_ok());
            let entry = line.unwrap_or(entry);
            match included(entry) {
                Ok(()) => found = tell_entry(entry, &place, report),
                Err(error) => report.find(Word::NotIncluded, &place, causes(&error)),
            }
        }
        None => report.find(Word::EntryNotGiven, &place, ""),
    }
    require_quorum(&checked, report);
    number.zip(found)
}

/// What an entry says that is in the log.
fn tell_entry(bytes: &[u8], place: &str, report: &mut Report) -> Option<Entry> {
    match Entry::parse(bytes) {
        Ok(entry) => {
            report.fact("kind", ("종류", "kind"), entry.word);
            report.fact("time", ("시각", "time"), entry.time.to_string());
            let text = String::from_utf8_lossy(bytes).into_owned();
            report.fact("says", ("내용", "it says"), text);
            Some(entry)
        }
        Err(error) => {
            report.find(Word::EntryMalformed, place, causes(&error));
            None
        }
    }
}
