//! Attacks on history: an entry is changed, an old copy is put back, a second history is signed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use host::{Clock, Disk, Fs, SystemClock};
use ledger::{Kind, Ledger, LedgerConfig};
use tlog::witness::{AddCheckpoint, Answer};
use tlog::{SignedNote, bundles_between, tiles_between};
use tokio::time::Instant;
use verify::{Class, ledger::audit};
use witness::{Reply, Settings, Witness};

use super::snapshot::Snapshot;
use super::{Claim, Patient};
use crate::house::recorder_id;
use crate::witness_line::Authorities;
use crate::{Told, sentence, witnesses};

/// Whoever changes a byte of what is published is noticed by an outsider.
pub(crate) const EDITED: &str = "history-edited";
/// Whoever changes an entry in the journal does not get the recorder to go on with it.
pub(crate) const REOPENED: &str = "journal-edited";
/// Whoever signs a second history with the log's own key gets no cosignature.
pub(crate) const FORKED: &str = "history-forked";
/// An old copy that is put back signs nothing.
pub(crate) const PUT_BACK: &str = "old-copy-put-back";

/// What one attack may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes that are changed at most.
const MOST_EDITS: u64 = 200;
/// A history that is longer is not written anew, to be offered as a fork.
const MOST_WRITTEN_ANEW: u64 = 200_000;
/// How long the recorder has to go beyond the copy: it enters something each minute.
const GROWS_WITHIN: Duration = Duration::from_secs(90);

/// Whether a verifier that knows both keys finds nothing: neither a fault nor a second signature
/// that is gone, which is told beside the result.
fn is_vouched_for(folder: &Path, policy: &tlog::policy::Policy) -> bool {
    let source = verify::source::Folder { folder: folder.to_owned() };
    let report = audit("doctor", &source, policy, None).report;
    let second = report.fact_of("second_signature").and_then(|fact| fact.as_str());
    report.word().class() == Class::Verified && second == Some("holds")
}

/// Chance enough to choose places.
fn below(limit: u64) -> u64 {
    u64::from_le_bytes(host::random_bytes()) % limit.max(1)
}

/// Bytes of the published files, one bit each, held against the verifier.
pub(crate) fn edited(patient: &Patient, old: &Snapshot) -> Claim {
    let attack = || -> Told<Claim> {
        let (policy, copy) = (patient.policy()?, old.copy()?);
        if !is_vouched_for(&copy.ledger(), &policy) {
            return Ok(Claim::untested(EDITED, "unchanged it is not verified already"));
        }
        let files = published(&copy.ledger())?;
        let (begun, mut tried, mut unseen) = (Instant::now(), 0, 0);
        while tried < MOST_EDITS && begun.elapsed() < PATIENCE {
            let path = &files[usize::try_from(below(files.len() as u64)).unwrap_or(0)];
            let bytes = std::fs::read(path).map_err(sentence)?;
            let mut changed = bytes.clone();
            let at = usize::try_from(below(bytes.len() as u64)).unwrap_or(0);
            changed[at] ^= 1 << below(8);
            std::fs::write(path, &changed).map_err(sentence)?;
            unseen += u64::from(is_vouched_for(&copy.ledger(), &policy));
            tried += 1;
            std::fs::write(path, &bytes).map_err(sentence)?;
        }
        let told = format!("{tried} single bits changed in checkpoints and tiles, {unseen} unseen");
        Ok(Claim::new(EDITED, tried, unseen, told))
    };
    attack().unwrap_or_else(|why| Claim::untested(EDITED, why))
}

/// What an outsider reads of a ledger's years: each checkpoint, and the tiles and bundles of its size. Those
/// of earlier sizes are kept for a while and no longer looked at, so that nobody need notice a change in
/// them.
fn published(ledger: &Path) -> Told<Vec<PathBuf>> {
    let mut found = Vec::new();
    for year in years(ledger) {
        let folder = ledger.join(&year);
        let checkpoint = folder.join("checkpoint");
        let note = SignedNote::parse(&std::fs::read(&checkpoint).map_err(sentence)?);
        let signed = tlog::Checkpoint::parse(note.map_err(sentence)?.text()).map_err(sentence)?;
        found.extend(tiles_of(signed.size).into_iter().map(|path| folder.join(path)));
        found.push(checkpoint);
    }
    Ok(found)
}

/// The paths of the tiles and bundles that hold so many entries.
fn tiles_of(size: u64) -> Vec<String> {
    let tiles = tiles_between(0, size).into_iter().map(|tile| tile.path());
    tiles.chain(bundles_between(0, size).into_iter().map(|bundle| bundle.path())).collect()
}

fn years(ledger: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(ledger).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut years: Vec<String> = names.filter(|name| name.parse::<u16>().is_ok()).collect();
    years.sort();
    years
}

fn open(data: &Path, folder: PathBuf, policy: Option<tlog::policy::Policy>) -> Told<Ledger> {
    let config = LedgerConfig { folder, recorder: recorder_id(data)? };
    let (fs, clock): (Arc<dyn Fs>, Arc<dyn Clock>) = (Arc::new(Disk), Arc::new(SystemClock));
    let opened = match policy {
        Some(policy) => Ledger::open_witnessed(&config, fs, clock, policy),
        None => Ledger::open(&config, fs, clock),
    };
    opened.map_err(sentence)
}

/// Entries of the journal that are signed for, changed and opened again.
pub(crate) fn reopened_after_an_edit(patient: &Patient, old: &Snapshot) -> Claim {
    const ENTRY: &[u8] = b"{\"v\":1,\"time\":\"";
    let attack = || -> Told<Claim> {
        let copy = old.copy()?;
        let year = years(&copy.ledger()).pop().ok_or("the ledger has no year yet")?;
        let journal = copy.ledger().join(&year).join("journal");
        let checkpoint = copy.ledger().join(&year).join("checkpoint");
        let note = SignedNote::parse(&std::fs::read(checkpoint).map_err(sentence)?);
        let note = note.map_err(sentence)?;
        let signed = tlog::Checkpoint::parse(note.text()).map_err(sentence)?.size;
        let bytes = std::fs::read(&journal).map_err(sentence)?;
        let starts: Vec<usize> = bytes
            .windows(ENTRY.len())
            .enumerate()
            .filter_map(|(at, window)| (window == ENTRY).then_some(at))
            .take(usize::try_from(signed).unwrap_or(usize::MAX))
            .collect();
        let (begun, mut tried, mut taken) = (Instant::now(), 0, 0);
        while !starts.is_empty() && tried < 20 && begun.elapsed() < PATIENCE {
            let mut changed = bytes.clone();
            // A digit of when it was.
            let start = starts[usize::try_from(below(starts.len() as u64)).unwrap_or(0)];
            let second = start + ENTRY.len() + "2026-11-21T22:57:3".len();
            changed[second] = if changed[second] == b'7' { b'8' } else { b'7' };
            std::fs::write(&journal, &changed).map_err(sentence)?;
            if let Ok(ledger) = open(&patient.data, copy.ledger(), None) {
                taken += 1;
                ledger.close();
            }
            tried += 1;
        }
        let told = format!("the time changed in {tried} signed entries, {taken} of them taken");
        Ok(Claim::new(REOPENED, tried, taken, told))
    };
    attack().unwrap_or_else(|why| Claim::untested(REOPENED, why))
}

/// What the recorder has signed now.
fn newest_note(data: &Path) -> Told<(u16, SignedNote, u64)> {
    let ledger = data.join("ledger");
    let year = years(&ledger).pop().ok_or("the ledger has no year yet")?;
    let bytes = std::fs::read(ledger.join(&year).join("checkpoint")).map_err(sentence)?;
    let note = SignedNote::parse(&bytes).map_err(sentence)?;
    let size = tlog::Checkpoint::parse(note.text()).map_err(sentence)?.size;
    Ok((year.parse().map_err(|_| "a year is a number")?, note, size))
}

/// A witness of our own that has cosigned the real log is asked to cosign another, made with the
/// log's own key from the copy.
pub(crate) async fn forked(patient: &Patient, old: &Snapshot) -> Claim {
    let attack = async || -> Told<Claim> {
        let (year, real, size) = newest_note(&patient.data)?;
        let (copy, fork) = second_history(patient, old, size)?;
        let judge = witness_of(copy.folder(), &patient.key)?;
        show(&judge, &real)?;
        // The owner of the key writes what he likes.
        let (tried, cosigned) = offer(&fork, copy.folder(), &judge, (year, size)).await?;
        fork.close();
        let told = format!(
            "{tried} checkpoints of a second history, signed with the log's own key, to a witness of \
             our own that knew {size} entries: {cosigned} cosigned"
        );
        Ok(Claim::new(FORKED, tried, cosigned, told))
    };
    attack().await.unwrap_or_else(|why| Claim::untested(FORKED, why))
}

/// A ledger whose next entry makes it another history than the real one of this size.
///
/// What only goes on from the copy is another one once the recorder has gone on as well, past all that
/// the copy holds: also what was in its journal and not signed yet.
fn second_history(patient: &Patient, old: &Snapshot, size: u64) -> Told<(Snapshot, Ledger)> {
    let copy = old.copy()?;
    let fork = open(&patient.data, copy.ledger(), None)?;
    if fork.status().size < size {
        return Ok((copy, fork));
    }
    fork.close();
    if size > MOST_WRITTEN_ANEW {
        return Err("nothing was entered meanwhile, and it is long".into());
    }
    let copy = old.key_alone()?;
    let fork = open(&patient.data, copy.ledger(), None)?;
    Ok((copy, fork))
}

/// Offers checkpoints of a second history that is longer than `size`; gives how many there were, and
/// how many were cosigned.
async fn offer(
    fork: &Ledger,
    folder: &Path,
    judge: &Witness,
    (year, size): (u16, u64),
) -> Told<(u64, u64)> {
    let (mut tried, mut cosigned) = (0, 0);
    for _ in 0..4 {
        let mut missing = size.saturating_sub(fork.status().size) + 1 + below(3);
        while missing > 0 {
            let some = missing.min(1000);
            let events = (0..some).map(|_| Kind::Alive.into()).collect();
            fork.append(events).await.map_err(sentence)?;
            missing -= some;
        }
        fork.publish().await.map_err(sentence)?;
        let (_, note, forked) = newest_note(folder)?;
        for old_size in [0, 1, size.min(forked), size] {
            let proof = fork.consistency(year, old_size.min(forked), forked);
            let request = AddCheckpoint::new(old_size, proof.map_err(sentence)?, note.clone());
            let Ok(request) = request else { continue };
            let reply = judge.add_checkpoint(request.encode().as_bytes());
            tried += 1;
            cosigned += u64::from(matches!(reply, Reply::Answer(Answer::Cosigned(_))));
        }
    }
    Ok((tried, cosigned))
}

/// A witness in memory, for a log.
fn witness_of(folder: &Path, key: &str) -> Told<Witness> {
    let (fs, clock): (Arc<dyn Fs>, Arc<dyn Clock>) = (Arc::new(Disk), Arc::new(SystemClock));
    let folder = folder.join("witness");
    witness::create(&*fs, &folder, "doctor.invalid").map_err(sentence)?;
    witness::add_log(&*fs, &folder, key).map_err(sentence)?;
    Witness::open(&folder, fs, clock, Settings::default()).map_err(sentence)
}

/// It cosigns what the recorder signed last.
fn show(judge: &Witness, real: &SignedNote) -> Told<()> {
    let request = AddCheckpoint::new(0, Vec::new(), real.clone()).map_err(sentence)?;
    match judge.add_checkpoint(request.encode().as_bytes()) {
        Reply::Answer(Answer::Cosigned(_)) => Ok(()),
        other => Err(format!("the witness did not cosign the real log: status {}", other.status())),
    }
}

/// The copy, which is old by now, is opened as the recorder would open it, and asks the recorder's
/// own witnesses.
pub(crate) async fn put_back(patient: &Patient, old: &Snapshot) -> Claim {
    let attack = async || -> Told<Claim> {
        let Some(policy) = witnesses::policy_of(&patient.data)? else {
            return Ok(Claim::untested(
                PUT_BACK,
                "the recorder has no witness: nobody would notice an old copy that is put back",
            ));
        };
        let (copied, begun) = (newest_note(old.folder())?, Instant::now());
        while cosigned_size(&patient.data, copied.0) <= copied.2 {
            if begun.elapsed() > GROWS_WITHIN {
                return Ok(Claim::untested(
                    PUT_BACK,
                    "no witness has cosigned anything newer than the copy",
                ));
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let (refusing, has_signed) = go_on(&patient.data, &old.copy()?, Some(policy)).await?;
        let told = format!(
            "a copy of {} entries, put back after a witness had seen more: {} said so, it {}",
            copied.2,
            if refusing == 1 { "1 witness".into() } else { format!("{refusing} witnesses") },
            if has_signed { "signed all the same" } else { "signed nothing" }
        );
        Ok(Claim::new(PUT_BACK, 1, u64::from(has_signed), told))
    };
    attack().await.unwrap_or_else(|why| Claim::untested(PUT_BACK, why))
}

/// Opens a copy as the recorder would and goes on with it; gives how many witnesses said that it is
/// old, and whether it signed anything.
async fn go_on(
    data: &Path,
    copy: &Snapshot,
    policy: Option<tlog::policy::Policy>,
) -> Told<(usize, bool)> {
    let (_, _, before) = newest_note(copy.folder())?;
    let ledger = open(data, copy.ledger(), policy)?;
    witnesses::ask_once(&ledger, &SystemClock, &Authorities::read(data)).await?;
    let refusing = ledger.witness_status().map_or(0, |status| status.refusing.len());
    // Where it has stopped they are refused, which is what is hoped for.
    let _ = ledger.append(vec![Kind::Alive.into()]).await;
    let _ = ledger.publish().await;
    ledger.close();
    let (_, _, signed) = newest_note(copy.folder())?;
    Ok((refusing, signed > before))
}

fn cosigned_size(data: &Path, year: u16) -> u64 {
    let path = data.join("ledger").join(year.to_string()).join("cosigned");
    let note = std::fs::read(path).ok().and_then(|bytes| SignedNote::parse(&bytes).ok());
    let checkpoint = note.and_then(|note| tlog::Checkpoint::parse(note.text()).ok());
    checkpoint.map_or(0, |checkpoint| checkpoint.size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::snapshot;

    /// A recorder's data folder with a ledger of some entries.
    async fn data() -> (tempfile::TempDir, String, String) {
        let data = tempfile::tempdir().unwrap();
        let ledger = open(data.path(), data.path().join("ledger"), None).unwrap();
        // Past the first full tile, with what was published of it before it was full.
        for count in [250, 50] {
            ledger.append((0..count).map(|_| Kind::Alive.into()).collect()).await.unwrap();
            ledger.publish().await.unwrap();
        }
        let year = ledger.status().year;
        let (key, second_key) = (ledger.verifier_key(year), ledger.second_verifier_key(year));
        ledger.close();
        (data, key, second_key)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn l3_l6_control_the_attacks_succeed_where_nobody_watches() {
        let (data, key, _) = data().await;
        let old = snapshot::take(data.path()).unwrap();
        // A witness that never saw the real log cosigns the second history.
        let (year, _, size) = newest_note(data.path()).unwrap();
        let copy = old.copy().unwrap();
        let judge = witness_of(copy.folder(), &key).unwrap();
        let fork = open(data.path(), copy.ledger(), None).unwrap();
        let (tried, cosigned) = offer(&fork, copy.folder(), &judge, (year, size)).await.unwrap();
        fork.close();
        assert!(cosigned > 0, "none of {tried} was");
        // Without witnesses an old copy goes on.
        assert_eq!(go_on(data.path(), &old.copy().unwrap(), None).await.unwrap(), (0, true));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_read_of_a_ledger_is_there_and_what_was_read_before_is_not_among_it() {
        let (data, ..) = data().await;
        let ledger = data.path().join("ledger");
        let files = published(&ledger).unwrap();
        assert!(files.iter().all(|path| path.is_file()), "{files:?}");
        let year = ledger.join(&years(&ledger)[0]);
        assert!(files.contains(&year.join("tile/0/000")) && year.join("tile/0/000.p").is_dir());
        assert!(!files.iter().any(|path| path.starts_with(year.join("tile/0/000.p"))));
    }

    /// What the copy holds beyond the checkpoint that it holds is history too, once that is signed.
    #[tokio::test(flavor = "multi_thread")]
    async fn l3_what_was_entered_and_not_signed_when_the_copy_was_made_is_no_fork() {
        let (data, key, second_key) = data().await;
        let old = snapshot::take(data.path()).unwrap();
        let ledger = open(data.path(), data.path().join("ledger"), None).unwrap();
        ledger.append(vec![Kind::Alive.into()]).await.unwrap();
        ledger.publish().await.unwrap();
        // As if the copy had been made between the entry and its signature.
        let year = years(&old.ledger()).pop().unwrap();
        let journal = |ledger: PathBuf| ledger.join(&year).join("journal");
        std::fs::copy(journal(data.path().join("ledger")), journal(old.ledger())).unwrap();
        let size = newest_note(data.path()).unwrap().2;
        assert!(size > newest_note(old.folder()).unwrap().2, "it was signed later");
        let (data, volumes) = (data.path().to_owned(), Vec::new());
        let patient =
            Patient { data, address: ([127, 0, 0, 1], 1).into(), key, second_key, volumes };
        let forked = forked(&patient, &old).await;
        ledger.close();
        assert_eq!(forked.succeeded, 0, "{}", forked.detail);
        assert!(forked.tried > 8);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn l3_edits_are_noticed_and_a_verifier_that_looks_at_nothing_would_not() {
        let (data, key, second_key) = data().await;
        let old = snapshot::take(data.path()).unwrap();
        let patient = Patient {
            data: data.path().to_owned(),
            address: ([127, 0, 0, 1], 1).into(),
            key,
            second_key,
            volumes: Vec::new(),
        };
        let edits = edited(&patient, &old);
        assert_eq!((edits.succeeded, edits.tried), (0, MOST_EDITS), "{}", edits.detail);
        let reopened = reopened_after_an_edit(&patient, &old);
        assert_eq!((reopened.succeeded, reopened.tried), (0, 20), "{}", reopened.detail);
        let forked = forked(&patient, &old).await;
        assert_eq!(forked.succeeded, 0, "{}", forked.detail);
        assert!(forked.tried > 8);
        // The control: of another log's key nothing is verified, so nothing is said to be held.
        let (_other, key, _) = self::data().await;
        let stranger = Patient { key, ..patient };
        assert_eq!(edited(&stranger, &old).result, crate::doctor::Outcome::Untested);
        // What was copied is gone.
        let folder = old.folder().to_owned();
        drop(old);
        assert!(!folder.exists());
    }
}
