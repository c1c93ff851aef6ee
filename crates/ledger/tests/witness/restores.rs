//! L6 with numbers: copies of the ledger's folder from every moment of a history, whole ones and
//! half ones, put back beside or over what is there now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use host::{Clock as _, Fs as _};
use ledger::{Kind, Ledger};
use testkit::{Chance, MemoryDisk, TestClock, TestWitness};

use crate::house::{config, policy, public_key, round};

const FOLDER: &str = "/ledger";
const LONGEST_FILE: usize = 16 << 20;
/// Two of three.
const QUORUM: usize = 2;
/// Copies that are taken of one history.
const MOMENTS: usize = 60;

/// Restores, at least: a thousand with `JIKIM_TEST_SIZE=long`.
fn restores() -> usize {
    let is_long = testkit::is_long();
    if is_long { 1_000 } else { 50 }
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A history over New Year, every moment of which was copied.
struct History {
    clock: TestClock,
    witnesses: Vec<TestWitness>,
    copies: Vec<Files>,
    now: Files,
}

fn open(disk: &MemoryDisk, clock: &TestClock, witnesses: &[TestWitness]) -> Ledger {
    let config = config(Path::new(FOLDER));
    let (fs, clock) = (Arc::new(disk.clone()), Arc::new(clock.clone()));
    Ledger::open_witnessed(&config, fs, clock, policy(witnesses, QUORUM)).unwrap()
}

fn files(disk: &MemoryDisk) -> Files {
    let mut found = Files::new();
    let mut folders = vec![PathBuf::from(FOLDER)];
    while let Some(folder) = folders.pop() {
        for name in disk.list(&folder).unwrap() {
            let path = folder.join(name);
            match disk.read(&path, LONGEST_FILE) {
                Ok(bytes) => drop(found.insert(path, bytes)),
                Err(_) if disk.list(&path).is_ok() => folders.push(path),
                // What the ledger renamed meanwhile is not in this copy.
                Err(_) => {}
            }
        }
    }
    found
}

fn disk_of(files: &Files) -> MemoryDisk {
    let disk = MemoryDisk::default();
    for (path, bytes) in files {
        disk.make_folder(path.parent().unwrap()).unwrap();
        disk.put(path, bytes);
    }
    disk.make_folder(Path::new(FOLDER)).unwrap();
    disk
}

impl History {
    async fn new(chance: &mut Chance) -> Self {
        let (disk, clock) = (MemoryDisk::default(), TestClock::at("2025-12-31T23:00:00Z"));
        let key = public_key(Path::new(FOLDER), Arc::new(disk.clone()), &clock);
        let names = (0..3).map(|at| format!("witness.example/{at}"));
        let mut witnesses: Vec<_> = names.map(|name| TestWitness::new(&name, key)).collect();
        let mut copies = Vec::new();
        let mut ledger = open(&disk, &clock, &witnesses);
        while copies.len() < MOMENTS {
            match chance.below(8) {
                0..3 => drop(ledger.append(some(1 + chance.below(30))).await.unwrap()),
                3 | 4 => ledger.publish().await.unwrap(),
                5 | 6 => round(&ledger, &mut witnesses[..QUORUM + chance.below(2)]),
                _ => {
                    ledger.close();
                    drop(ledger);
                    ledger = open(&disk, &clock, &witnesses);
                }
            }
            copies.push(files(&disk));
            clock.advance(Duration::from_secs(30 + chance.below(180) as u64));
        }
        // All of it is cosigned in the end, and something in the new year.
        for _ in 0..3 {
            round(&ledger, &mut witnesses);
            ledger.append(some(5)).await.unwrap();
            ledger.publish().await.unwrap();
        }
        round(&ledger, &mut witnesses);
        ledger.publish().await.unwrap();
        round(&ledger, &mut witnesses);
        let status = ledger.witness_status().unwrap();
        assert_eq!((status.waiting_since, status.refusing.len()), (None, 0));
        assert_eq!(ledger.status().year, 2026);
        ledger.close();
        Self { clock, witnesses, copies, now: files(&disk) }
    }
}

fn some(count: usize) -> Vec<ledger::Event> {
    (0..count).map(|_| Kind::Alive.into()).collect()
}

fn year_of(path: &Path) -> Option<&str> {
    let name = path.strip_prefix(FOLDER).ok()?.components().next()?.as_os_str().to_str()?;
    name.bytes().all(|c| c.is_ascii_digit()).then_some(name)
}

fn is(path: &Path, names: &[&str]) -> bool {
    year_of(path).is_some() && names.iter().any(|name| path.ends_with(name))
}

/// What of the old copy is put back, and where the rest comes from.
const FORMS: [&str; 10] = [
    "the whole copy",
    "2026 of the copy, else what is there now",
    "2025 of the copy, else what is there now",
    "the journals of the copy, else what is there now",
    "the journals of the copy, no checkpoint",
    "the journals of now, the checkpoints of the copy",
    "the journals and checkpoints of the copy, what was cosigned of now",
    "the keys alone, no year",
    "what is there now without 2026",
    "the journals of now cut off somewhere, no checkpoint",
];

fn put_back(form: usize, old: &Files, now: &Files, chance: &mut Chance) -> Files {
    let from = |files: &Files, keep: &dyn Fn(&Path) -> bool| -> Files {
        let kept = files.iter().filter(|(path, _)| keep(path));
        kept.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    };
    let mixed = |is_old: &dyn Fn(&Path) -> bool| -> Files {
        let mut files = from(now, &|path| !is_old(path));
        files.extend(from(old, is_old));
        files
    };
    let signed = ["checkpoint", "cosigned"];
    match form {
        0 => old.clone(),
        1 => mixed(&|path| year_of(path) == Some("2026")),
        2 => mixed(&|path| year_of(path) == Some("2025")),
        3 => mixed(&|path| is(path, &["journal"])),
        4 => from(&mixed(&|path| is(path, &["journal"])), &|path| !is(path, &signed)),
        5 => mixed(&|path| is(path, &signed)),
        6 => mixed(&|path| year_of(path).is_some() && !is(path, &["cosigned"])),
        7 => from(now, &|path| year_of(path).is_none()),
        8 => from(now, &|path| year_of(path) != Some("2026")),
        _ => {
            let mut files = from(now, &|path| !is(path, &signed));
            for (path, bytes) in &mut files {
                if is(path, &["journal"]) {
                    bytes.truncate(chance.below(bytes.len()));
                }
            }
            files
        }
    }
}

/// What is signed, by file.
fn signed(files: &Files) -> BTreeMap<PathBuf, Vec<u8>> {
    let signed = files.iter().filter(|(path, _)| is(path, &["checkpoint"]));
    signed.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

/// Whether nothing is lost: all entries are there, and what was signed last of the open year. What
/// goes on from there is no second history.
fn is_all_there(files: &Files, now: &Files) -> bool {
    let matters = |path: &Path| is(path, &["journal"]) || is(path, &["2026/checkpoint"]);
    let mut all = now.iter().filter(|(path, _)| matters(path));
    all.all(|(path, bytes)| files.get(path) == Some(bytes))
}

/// What became of a copy that was put back.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// It did not open.
    Shut,
    /// It opened, signed nothing, and lets nobody see anything.
    Stopped,
    /// It opened, signed nothing, and goes on.
    GoesOn,
    /// It signed something.
    Signed,
}

/// Starts what was put back, with or without the witnesses, lets it work for days, and looks.
async fn work(restored: &Files, history: &mut History, asks: bool, chance: &mut Chance) -> End {
    let (disk, clock) = (disk_of(restored), TestClock::new(history.clock.wall()));
    let (config, before) = (config(Path::new(FOLDER)), signed(restored));
    let (fs, time) = (Arc::new(disk.clone()), Arc::new(clock.clone()));
    let opened = match asks {
        true => Ledger::open_witnessed(&config, fs, time, policy(&history.witnesses, QUORUM)),
        false => Ledger::open(&config, fs, time),
    };
    let Ok(ledger) = opened else {
        assert_eq!(signed(&files(&disk)), before, "it signed and did not open");
        return End::Shut;
    };
    for turn in 0..4 {
        // Also past what the witnesses know before it can ask.
        let _ = ledger.append(some(1 + chance.below(400))).await;
        let _ = ledger.publish().await;
        if asks {
            // At times too few answer.
            round(&ledger, &mut history.witnesses[..if turn == 0 { 1 } else { 3 }]);
        }
        let _ = ledger.publish().await;
        clock.advance(Duration::from_secs(3600));
    }
    let is_stopped = ledger.append(some(1)).await.is_err() && ledger.status().broken.is_some();
    ledger.close();
    match (signed(&files(&disk)) == before, is_stopped) {
        (false, _) => End::Signed,
        (true, true) => End::Stopped,
        (true, false) => End::GoesOn,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l6_of_many_restores_of_whole_and_half_copies_none_signs_anything() {
    let mut chance = Chance(6);
    let (mut tried, mut ends, mut forms) = (0, Vec::new(), BTreeSet::new());
    let (mut alone, mut forked) = (0, 0);
    while tried < restores() {
        let mut history = History::new(&mut chance).await;
        let (copies, now) = (history.copies.clone(), history.now.clone());
        for _ in 0..MOMENTS {
            let form = tried % FORMS.len();
            let old = &copies[chance.below(copies.len())];
            let restored = put_back(form, old, &now, &mut chance);
            if is_all_there(&restored, &now) {
                continue;
            }
            let end = work(&restored, &mut history, true, &mut chance).await;
            let told = format!("{} ({tried}): {end:?}", FORMS[form]);
            assert!(matches!(end, End::Shut | End::Stopped), "{told}");
            forms.insert(form);
            ends.push(end);
            tried += 1;
            // The control: without witnesses it signs a second history, if it opens.
            if tried % 3 == 0 {
                alone += 1;
                let end = work(&restored, &mut history, false, &mut chance).await;
                forked += usize::from(end == End::Signed);
            }
        }
    }
    assert_eq!(forms.len(), FORMS.len(), "a form of restoring that never came");
    let stopped = ends.iter().filter(|end| **end == End::Stopped).count();
    eprintln!("{tried} restores: {stopped} stopped by witnesses, the others did not open");
    eprintln!("control: of {alone} without witnesses {forked} signed a second history");
    assert!(stopped * 2 > tried && forked * 2 > alone, "{stopped} {forked}");
}
