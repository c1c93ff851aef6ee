//! What a witness holds against this recorder: the checkpoint that it cosigned and that is not the
//! history here. It is signed by this log's key and by the witness, so it shows anybody who has both
//! keys that there was another history; it is kept as it came, for whoever judges that.
//!
//! A file `evidence/<year>-<witness>-<hash of it>.checkpoint` in the data folder is the note
//! itself (C2SP signed-note); `jikim-verify checkpoint` reads it. It is synced, never overwritten and
//! never removed by the recorder. There are at most [`MOST`]: the earliest tell the most.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host::{Disk, Fs};
use ledger::Ledger;
use tlog::witness::cosignature_by;
use tlog::{Checkpoint, SignedNote, VerifierKey, leaf_hash, verify_consistency};

use crate::{Told, sentence};

/// In the data folder.
pub(crate) const FOLDER: &str = "evidence";
/// Files of evidence of a recorder.
pub(crate) const MOST: usize = 16;
/// Characters of a witness's name, and of a hash, in the name of a file.
const PART: usize = 32;

/// The files of evidence of a recorder. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    folder: PathBuf,
    names: Arc<Mutex<BTreeSet<String>>>,
}

impl Evidence {
    /// Those of a data folder, with what earlier runs have kept.
    pub(crate) fn open(data: &Path) -> Told<Self> {
        let folder = data.join(FOLDER);
        let mut names = BTreeSet::new();
        if Disk.exists(&folder).map_err(sentence)? {
            names.extend(Disk.list(&folder).map_err(sentence)?);
            names.retain(|name| !name.ends_with(".tmp"));
        }
        Ok(Self { folder, names: Arc::new(Mutex::new(names)) })
    }

    /// Where all of it lies, within the data folder.
    pub(crate) fn files(&self) -> Vec<String> {
        self.names().iter().map(|name| format!("{FOLDER}/{name}")).collect()
    }

    /// Keeps a checkpoint, durable, unless it is kept already; gives where within the data folder.
    pub(crate) fn keep(&self, witness: &str, year: u16, note: &[u8]) -> Told<String> {
        let name = file_name(witness, year, note);
        // Held while it is written: of two at once, one is the first.
        let mut names = self.names();
        if !names.contains(&name) {
            if names.len() >= MOST {
                return Err(format!("{MOST} files of evidence are kept already"));
            }
            Disk.make_folder(&self.folder).map_err(sentence)?;
            Disk.sync_folder(self.folder.parent().unwrap_or(Path::new("."))).map_err(sentence)?;
            Disk.replace(&self.folder.join(&name), note).map_err(sentence)?;
            names.insert(name.clone());
        }
        Ok(format!("{FOLDER}/{name}"))
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn file_name(witness: &str, year: u16, note: &[u8]) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let witness: String = witness.chars().take(PART).map(plain).collect();
    let hash = leaf_hash(note);
    let hash: String = hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{year}-{witness}-{}.checkpoint", &hash[..PART])
}

/// What a witness gave as its newest checkpoint of a year, if it is evidence: signed by this log and
/// cosigned by this witness, and not of the history that was signed here.
pub(crate) fn judge(
    ledger: &Ledger,
    year: u16,
    witness: &VerifierKey,
    bytes: &[u8],
    ours: &SignedNote,
) -> Told<()> {
    let log: VerifierKey = ledger.verifier_key(year).parse().map_err(sentence)?;
    let theirs = Checkpoint::open(bytes, &log).map_err(sentence)?;
    let note = SignedNote::parse(bytes).map_err(sentence)?;
    cosignature_by(witness, note.text(), note.signatures()).map_err(sentence)?;
    let ours = Checkpoint::parse(ours.text()).map_err(sentence)?;
    let continues = theirs.size <= ours.size
        && ledger.consistency(year, theirs.size, ours.size).is_ok_and(|proof| {
            verify_consistency(theirs.size, theirs.root, ours.size, ours.root, &proof).is_ok()
        });
    if continues {
        return Err("its newest checkpoint is of the history here, whatever it says".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_kept_once_never_overwritten_and_not_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = Evidence::open(folder.path()).unwrap();
        assert!(evidence.files().is_empty());
        let first = evidence.keep("../w 1", 2026, b"a").unwrap();
        assert!(first.starts_with("evidence/2026-___w_1-"), "{first}");
        let path = folder.path().join(&first);
        std::fs::write(&path, "as it was").unwrap();
        // The same again, in this run and in the next one.
        let again = Evidence::open(folder.path()).unwrap();
        for evidence in [&evidence, &again] {
            assert_eq!(evidence.keep("../w 1", 2026, b"a").unwrap(), first);
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"as it was");
        for number in 1..MOST {
            again.keep("w", 2026, format!("{number}").as_bytes()).unwrap();
        }
        let told = again.keep("w", 2026, b"one more").unwrap_err();
        assert!(told.contains("already"), "{told}");
        assert_eq!(again.files().len(), MOST);
        assert_eq!(again.keep("../w 1", 2026, b"a").unwrap(), first);
    }
}
