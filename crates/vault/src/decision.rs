//! The decision file: what makes a rotation irrevocable, and what is still to be said of it.
//!
//! It is written, synced and renamed into its place after the new vault key is held and before the
//! old one is touched. Without it a start that finds two keys keeps the older one, because nothing
//! was destroyed; with it the start goes on to the end and enters the outcome, so that no key is
//! ever destroyed without an entry that says so. It holds no secret: epochs, ids and commitments.
//!
//! `rotation` in the vault's folder, text (`docs/formats/keyring.md`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use host::{Fs, FsError, FsResult};
use ledger::{Companion, Kind, Ledger};

use crate::minute::{KeyId, MinuteId};

const MAGIC: &str = "jikim rotation v1 ";
/// Before the list of minutes that are split out, and before each of them.
const SPLIT: &str = "split ";
const KEPT: &str = "keeps ";
/// A hundred bytes for each bucket that is due; more buckets than a keyring can hold are refused.
const MAX_BYTES: usize = 1 << 30;
/// Entries that are looked through for the outcome of a rotation that a crash cut off.
const MAX_LOOKED_THROUGH: usize = 20_000;

/// A rotation that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) old_epoch: u64,
    pub(crate) new_epoch: u64,
    /// SHA-256 of the new vault key, hexadecimal.
    pub(crate) new_key: String,
    /// The list of what is destroyed, as the ledger keeps it.
    pub(crate) companion: Companion,
    /// The list of minutes that are split out of their buckets, likewise; none if there are none.
    pub(crate) split: Option<Companion>,
    /// What is destroyed.
    pub(crate) destroyed: BTreeSet<KeyId>,
    /// The minutes of those buckets that survive.
    pub(crate) kept: BTreeSet<MinuteId>,
}

impl Decision {
    pub(crate) fn path(folder: &Path) -> PathBuf {
        folder.join("rotation")
    }

    pub(crate) fn write(&self, fs: &dyn Fs, path: &Path) -> FsResult<()> {
        let list = |it: &Companion| format!("{} {} {}\n", it.count, it.sha256, it.root);
        let mut text = format!("{MAGIC}{} {} {}\n", self.old_epoch, self.new_epoch, self.new_key);
        text.push_str(&list(&self.companion));
        if let Some(split) = &self.split {
            text.push_str(&format!("{SPLIT}{}", list(split)));
        }
        self.destroyed.iter().for_each(|key| text.push_str(&format!("{key}\n")));
        self.kept.iter().for_each(|minute| text.push_str(&format!("{KEPT}{minute}\n")));
        fs.replace(path, text.as_bytes())
    }

    /// The decision that is there. One that cannot be read is an error, never none: to guess could
    /// bring back what was destroyed, or lose what was not.
    pub(crate) fn read(fs: &dyn Fs, path: &Path) -> FsResult<Option<Self>> {
        let bytes = match fs.read(path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let parsed = std::str::from_utf8(&bytes).ok().and_then(parse);
        parsed.map(Some).ok_or_else(|| FsError {
            doing: "understand the decision of a rotation in",
            path: path.to_owned(),
            source: std::io::ErrorKind::InvalidData.into(),
        })
    }

    /// Takes the decision away: when all of it is done, or before another is prepared.
    pub(crate) fn clear(fs: &dyn Fs, path: &Path) -> FsResult<()> {
        match fs.unlink(path) {
            Err(error) if error.is_missing() => Ok(()),
            Err(error) => Err(error),
            Ok(()) => fs.sync_folder(path.parent().unwrap_or(Path::new("."))),
        }
    }

    /// What the ledger has to say of it and does not say yet: a crash can come after the entry and
    /// before the file is gone, and an entry is never doubled.
    pub(crate) fn kinds_missing_in(&self, ledger: &Ledger) -> Vec<Kind> {
        let companion = self.companion.clone();
        let held_by = ledger.holders().map(|(number, _)| number);
        let destroyed = Kind::Destroyed { epoch: self.old_epoch, companion, held_by };
        let split = self.split.iter().map(|it| Kind::Keys { companion: it.clone() });
        let vault_key = Kind::VaultKey { epoch: self.new_epoch, sha256: self.new_key.clone() };
        // A key is said to be there before the one that it derives from is said to be gone.
        let mut missing: Vec<Kind> = split.chain([destroyed, vault_key]).collect();
        let year = ledger.status().year;
        for year in [year, year.saturating_sub(1)] {
            let mut before = None;
            for _ in 0..MAX_LOOKED_THROUGH / 256 {
                let Ok(page) = ledger.entries(year, before, 256) else { break };
                let Some((last, _)) = page.last() else { break };
                before = Some(last.index);
                for (_, entry) in &page {
                    missing.retain(|kind| !says_the_same(kind, &entry.kind));
                    // Epochs rise: what is older than this was entered before.
                    let older = |epoch: u64| epoch < self.old_epoch;
                    if missing.is_empty()
                        || matches!(entry.kind, Kind::VaultKey { epoch, .. } if older(epoch))
                    {
                        return missing;
                    }
                }
            }
        }
        missing
    }
}

/// What kept the key may have changed between an entry and a start that looks for it.
fn says_the_same(kind: &Kind, entered: &Kind) -> bool {
    match (kind, entered) {
        (
            Kind::Destroyed { epoch, companion, .. },
            Kind::Destroyed { epoch: known, companion: list, .. },
        ) => epoch == known && companion == list,
        _ => kind == entered,
    }
}

fn parse(text: &str) -> Option<Decision> {
    let mut lines = text.strip_prefix(MAGIC)?.strip_suffix('\n')?.split('\n');
    let mut words = lines.next()?.split(' ');
    let (old_epoch, new_epoch) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let new_key = words.next()?.to_owned();
    let companion = parse_list(lines.next()?)?;
    let mut lines = lines.peekable();
    let split = match lines.next_if(|line| line.starts_with(SPLIT)) {
        Some(line) => Some(parse_list(line.strip_prefix(SPLIT)?)?),
        None => None,
    };
    let (mut destroyed, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for line in lines {
        match line.strip_prefix(KEPT).map(str::parse) {
            None => destroyed.insert(line.parse().ok()?),
            Some(Ok(KeyId::Minute(minute))) => kept.insert(minute),
            Some(_) => return None,
        };
    }
    let is_whole = destroyed.len() as u64 == companion.count
        && kept.len() as u64 == split.as_ref().map_or(0, |list| list.count);
    is_whole.then_some(Decision {
        old_epoch,
        new_epoch,
        new_key,
        companion,
        split,
        destroyed,
        kept,
    })
}

fn parse_list(line: &str) -> Option<Companion> {
    let mut words = line.split(' ');
    Some(Companion {
        count: words.next()?.parse().ok()?,
        sha256: words.next()?.to_owned(),
        root: words.next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::BucketId;
    use host::Disk;

    #[test]
    fn a_decision_survives_being_written_and_a_damaged_one_is_no_decision_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = Decision::path(folder.path());
        assert_eq!(Decision::read(&Disk, &path).unwrap(), None);
        let list = |count| Companion { count, sha256: "cd".repeat(32), root: "ef".repeat(32) };
        let bucket = |number| BucketId::from_bytes([number; 16]);
        let minute = |of, number| MinuteId { bucket: bucket(of), number };
        let without = Decision {
            old_epoch: 4,
            new_epoch: 5,
            new_key: "ab".repeat(32),
            companion: list(2),
            split: None,
            destroyed: [KeyId::Bucket(bucket(1)), KeyId::Minute(minute(3, 7))].into(),
            kept: BTreeSet::new(),
        };
        let decision = Decision {
            split: Some(list(2)),
            kept: [minute(1, 28_000_000), minute(1, 28_000_059)].into(),
            ..without.clone()
        };
        for decision in [without, decision] {
            decision.write(&Disk, &path).unwrap();
            assert_eq!(Decision::read(&Disk, &path).unwrap(), Some(decision));
        }
        let mut bytes = Disk.read(&path, 1 << 20).unwrap();
        bytes.truncate(bytes.len() - 5);
        std::fs::write(&path, bytes).unwrap();
        assert!(Decision::read(&Disk, &path).is_err());
        Decision::clear(&Disk, &path).unwrap();
        Decision::clear(&Disk, &path).unwrap();
        assert_eq!(Decision::read(&Disk, &path).unwrap(), None);
    }
}
