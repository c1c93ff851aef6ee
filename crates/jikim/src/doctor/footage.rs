//! Attacks on footage: reels without their keys, and keys that were destroyed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reel::{BucketKey, ChunkHeader, Record, Scanner, Verify};
use verify::disk::{Commitments, Form, Hit, scan};
use verify::ledger::audit;

use super::{Claim, Patient};
use crate::{Told, sentence};

const SEALED: &str = "reel-without-key";
const DESTROYED: &str = "destroyed-key";

/// Bytes of one file that are looked through.
const MOST_FILE_BYTES: u64 = 256 << 20;
/// Keys that are tried.
const MOST_KEYS: usize = 20_000;
/// How often the ledger is asked which keys there are, if none in use is found: longer than its checkpoint takes.
const ATTEMPTS: usize = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);
/// Bytes of a reel that are looked at.
const REEL_BYTES: u64 = 8 << 20;

/// Every 32 bytes of what lies beside a reel, and of the reel, as the key of a chunk in it: what a
/// thief of the disk has who does not have the holder.
pub(crate) fn sealed(patient: &Patient) -> Claim {
    let attack = || -> Told<Claim> {
        let reels = files(patient.volumes.iter().map(|it| it.join("reels")), "reel");
        let newest =
            reels.iter().max_by_key(|path| path.metadata().and_then(|it| it.modified()).ok());
        let path = newest.ok_or("there is no reel yet")?;
        let reel = head(path, REEL_BYTES)?;
        let (header, record) = smallest_chunk(&reel).ok_or("no reel holds footage yet")?;
        let id = Scanner::open(reel.len() as u64, Verify::Headers, reader(&reel))
            .map_err(sentence)?
            .header()
            .reel;
        let mut keys: Vec<Vec<u8>> = vec![reel.clone()];
        for path in files(patient.volumes.iter().map(|it| it.join("keyring")), "keys") {
            keys.push(head(&path, REEL_BYTES)?);
        }
        let mut tried = 0;
        let mut opened = 0;
        for bytes in &keys {
            let step = (bytes.len() * keys.len()).div_ceil(MOST_KEYS).max(1);
            for window in bytes.windows(32).step_by(step) {
                let Ok(window) = <[u8; 32]>::try_from(window) else { continue };
                let key = BucketKey::from_bytes(window).minute(header.bucket, header.minute);
                let key = key.chunk(id, header.feed);
                tried += 1;
                opened += u64::from(reel::open_chunk(&key, id, record).is_ok());
            }
        }
        let told =
            format!("{tried} keys from reel and keyring tried on a chunk, {opened} opened it");
        Ok(Claim::new(SEALED, tried, opened, told))
    };
    attack().unwrap_or_else(|why| Claim::untested(SEALED, why))
}

pub(super) fn reader(bytes: &[u8]) -> impl FnMut(u64, &mut [u8]) -> Result<(), String> + '_ {
    |at, into| {
        let at = usize::try_from(at).map_err(sentence)?;
        let from = bytes.get(at..at + into.len()).ok_or("behind its end")?;
        into.copy_from_slice(from);
        Ok(())
    }
}

/// The smallest chunk of a reel, as it lies there.
fn smallest_chunk(reel: &[u8]) -> Option<(ChunkHeader, &[u8])> {
    let mut scanner = Scanner::open(reel.len() as u64, Verify::Headers, reader(reel)).ok()?;
    let mut smallest: Option<(ChunkHeader, &[u8])> = None;
    while let Ok(Some(record)) = scanner.next_record() {
        let Record::Chunk(header) = record.record else { continue };
        let at = usize::try_from(record.offset_bytes).ok()?;
        let length = usize::try_from(record.head.length_bytes()).ok()?;
        let Some(bytes) = reel.get(at..at + length) else { break };
        if smallest.as_ref().is_none_or(|(_, known)| bytes.len() < known.len()) {
            smallest = Some((header, bytes));
        }
    }
    smallest
}

/// Every window of every file in which keys ever lay, against the commitments of destroyed keys.
/// Keys in use must be found, or the search is worth nothing.
pub(crate) fn destroyed(patient: &Patient) -> Claim {
    search(patient).unwrap_or_else(|why| Claim::untested(DESTROYED, why))
}

/// The vault key changes with each rotation. So what was destroyed is read before the files, and which keys
/// there are after them: a key that lay in them and was in use then is never taken for a destroyed one, and
/// is known as soon as the ledger's checkpoint has come to it.
fn search(patient: &Patient) -> Told<Claim> {
    let before = commitments(patient)?;
    let (_, destroyed) = before.counts();
    let gone = before.destroyed_buckets().count();
    if gone == 0 {
        return Err("nothing has been destroyed yet".into());
    }
    let files = key_files(patient, MOST_FILE_BYTES)?;
    let windows: u64 = files.iter().map(|bytes| bytes.len().saturating_sub(31) as u64).sum();
    for _ in 0..ATTEMPTS {
        let known = commitments(patient)?;
        let all = files.iter().map(|bytes| scan(bytes, 0, bytes.len(), &Form::ALL, &known).hits);
        let hits: Vec<_> = all.flatten().collect();
        let is_gone = |hit: &&Hit| before.is_destroyed(&hit.commitment);
        let found = hits.iter().filter(is_gone).count();
        if hits.is_empty() {
            std::thread::sleep(BETWEEN_ATTEMPTS);
            continue;
        }
        let told = format!(
            "{windows} places in {} files searched for {destroyed} destroyed keys of {gone} buckets: \
             {found} found ({} keys in use were)",
            files.len(),
            hits.len() - found
        );
        return Ok(Claim::new(DESTROYED, windows, found as u64, told));
    }
    Err(format!("of {destroyed} destroyed keys none was found, and of those in use none"))
}

fn commitments(patient: &Patient) -> Told<Commitments> {
    let policy = patient.policy()?;
    let source = verify::source::Folder { folder: patient.data.join("ledger") };
    Ok(Commitments::of(&audit("doctor", &source, &policy, None).history))
}

/// Every file in which keys ever lay, so many bytes of each: those of the holder, of the records behind
/// entries, the keyrings, and whatever else lies beside them.
pub(super) fn key_files(patient: &Patient, most_bytes: u64) -> Told<Vec<Vec<u8>>> {
    // What changes is read first.
    let vault = files([patient.data.join("vault")], "").into_iter();
    let others = files([patient.data.join("ledger"), patient.data.clone()], "").into_iter();
    let keyrings = files(patient.volumes.iter().map(|it| it.join("keyring")), "").into_iter();
    // The keyring of the epoch before goes with a rotation, as do temporary files: also between two looks.
    let read =
        |path: PathBuf| Some(head(&path, most_bytes)).filter(|it| it.is_ok() || path.exists());
    vault.chain(keyrings).chain(others).filter_map(read).collect()
}

/// The files directly in folders, of an extension if one is named.
pub(super) fn files(folders: impl IntoIterator<Item = PathBuf>, extension: &str) -> Vec<PathBuf> {
    let entries = folders.into_iter().flat_map(|it| std::fs::read_dir(it).into_iter().flatten());
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let fits = |path: &PathBuf| {
        path.is_file()
            && (extension.is_empty() || path.extension().is_some_and(|it| it == extension))
    };
    paths.filter(fits).collect()
}

pub(super) fn head(path: &Path, most_bytes: u64) -> Told<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.take(most_bytes).read_to_end(&mut bytes).map_err(sentence)?;
    Ok(bytes)
}
