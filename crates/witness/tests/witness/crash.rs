//! Wherever the machine ends, and whatever the disk refuses, no two histories are ever cosigned.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use host::{File, Fs, FsResult, Space};
use testkit::disk::{EIO, ENOSPC, Effect, Select};
use testkit::{Fault, FickleDisk, FickleFs};
use tlog::witness::Answer;
use witness::{Reply, Witness};

use crate::history::{
    FOLDER, LONGEST, Log, Place, Requests, branch, is_cosigned, is_long, one_history,
};

fn log() -> Log {
    Log::of_year(1, 2026)
}

/// Asks for every size of both branches, `first` before the other, as a log does that is told the
/// known size by the witness. Adds what was cosigned.
fn ask_for_all(witness: &Witness, place: &Place, first: usize, left: &mut Vec<Vec<u32>>) {
    for size in 1..=LONGEST {
        for number in [first, 1 - first] {
            let entries = branch(number, size);
            let told = witness.add_checkpoint(REQUESTS.get(&entries, 0));
            let Reply::Answer(Answer::Conflict { size: known }) = told else {
                left.extend(is_cosigned(&told).then_some(entries));
                continue;
            };
            place.pass(2);
            let known = usize::try_from(known).unwrap().min(size);
            let reply = witness.add_checkpoint(REQUESTS.get(&entries, known));
            left.extend(is_cosigned(&reply).then_some(entries));
        }
    }
}

static REQUESTS: LazyLock<Requests> = LazyLock::new(|| Requests::of(&log()));

/// How a machine ends.
#[derive(Clone, Copy, Debug)]
struct End {
    after: usize,
    effect: Effect,
    power_too: bool,
}

/// A life with a fault, and one without: what was cosigned in both, and whether the fault ended the
/// first.
fn two_lives(
    seed: u64,
    end: End,
    open: &dyn Fn(&Place, FickleFs) -> Option<Witness>,
) -> (Vec<Vec<u32>>, bool) {
    let place = Place::new(seed, &[&log()]);
    let mut left = Vec::new();
    let fs = place.disk.start();
    place.disk.plan(Fault::new(Select::Any, end.after, end.effect));
    if let Some(witness) = open(&place, fs) {
        ask_for_all(&witness, &place, 0, &mut left);
    }
    let ended = place.disk.is_dead();
    if end.power_too {
        place.disk.lose_power();
    } else {
        place.disk.kill();
    }
    let fs = place.disk.start();
    let witness = open(&place, fs).expect("without faults it opens");
    // The next life begins with the other history: what was forgotten would be cosigned twice.
    ask_for_all(&witness, &place, 1, &mut left);
    (left, ended)
}

fn open(place: &Place, fs: FickleFs) -> Option<Witness> {
    place.open_over(Arc::new(fs)).ok()
}

const EFFECTS: [Effect; 5] =
    [Effect::Die, Effect::DieTorn(30), Effect::Fail(EIO), Effect::Fail(ENOSPC), Effect::Tear(30)];

/// How many operations a whole life has.
fn operations() -> usize {
    let last = |after: &usize| {
        let end = End { after: *after, effect: Effect::Die, power_too: false };
        !two_lives(1, end, &open).1
    };
    let (mut low, mut high) = (0, 2000);
    assert!(last(&high));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if last(&middle) { high = middle } else { low = middle }
    }
    high
}

#[test]
fn l3_wherever_the_machine_ends_no_two_histories_are_cosigned() {
    let (operations, seeds) = (operations(), if is_long() { 10 } else { 1 });
    assert!(operations > 60, "{operations}");
    let (mut runs, mut cosigned) = (0, 0);
    for after in 0..operations {
        for (number, effect) in EFFECTS.into_iter().enumerate() {
            // The end at each operation, and one of the other faults in turn.
            if number > 0 && after % 4 != number - 1 && !is_long() {
                continue;
            }
            for seed in 0..seeds {
                let power_too = (after + number).is_multiple_of(2) == (seed % 2 == 0);
                let end = End { after, effect, power_too };
                let (left, _) = two_lives(seed, end, &open);
                assert!(one_history(&left), "seed {seed}, {end:?}: {left:?}");
                assert!(left.iter().any(|entries| entries.len() == LONGEST), "{end:?}: it goes on");
                runs += 1;
                cosigned += left.len();
            }
        }
    }
    assert!(runs >= 2 * operations && cosigned > runs);
}

/// The control: a witness that answers and persists later cosigns two histories.
#[test]
fn l3_control_a_witness_that_answers_before_it_persists_is_caught() {
    let late = |place: &Place, fs: FickleFs| place.open_over(Arc::new(Late::over(fs))).ok();
    let caught = (0..operations()).any(|after| {
        let end = End { after, effect: Effect::Die, power_too: true };
        !one_history(&two_lives(1, end, &late).0)
    });
    assert!(caught);
}

/// A disk that says a file was replaced and does it when the next one is.
struct Late {
    fs: FickleFs,
    waiting: Mutex<Option<(PathBuf, Vec<u8>)>>,
}

impl Late {
    fn over(fs: FickleFs) -> Self {
        Self { fs, waiting: Mutex::new(None) }
    }
}

impl Fs for Late {
    fn replace(&self, path: &Path, bytes: &[u8]) -> FsResult<()> {
        let next = Some((path.to_owned(), bytes.to_vec()));
        match std::mem::replace(&mut *self.waiting.lock().unwrap(), next) {
            Some((path, bytes)) => self.fs.replace(&path, &bytes),
            None => Ok(()),
        }
    }
    fn create(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.fs.create(path)
    }
    fn open(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.fs.open(path)
    }
    fn open_read(&self, path: &Path) -> FsResult<Box<dyn File>> {
        self.fs.open_read(path)
    }
    fn exists(&self, path: &Path) -> FsResult<bool> {
        self.fs.exists(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> FsResult<()> {
        self.fs.rename(from, to)
    }
    fn unlink(&self, path: &Path) -> FsResult<()> {
        self.fs.unlink(path)
    }
    fn make_folder(&self, path: &Path) -> FsResult<()> {
        self.fs.make_folder(path)
    }
    fn list(&self, folder: &Path) -> FsResult<Vec<String>> {
        self.fs.list(folder)
    }
    fn sync_folder(&self, folder: &Path) -> FsResult<()> {
        self.fs.sync_folder(folder)
    }
    fn space(&self, path: &Path) -> FsResult<Space> {
        self.fs.space(path)
    }
    fn lock(&self, path: &Path) -> FsResult<Option<Box<dyn Send + Sync>>> {
        self.fs.lock(path)
    }
}

/// Whatever ends `init` or `add-log`, calling them again makes a witness of one key.
#[test]
fn a_witness_that_was_half_made_is_made_whole() {
    let folder = Path::new(FOLDER);
    let make = |fs: &FickleFs| {
        let made = witness::create(fs, folder, "witness.example/one");
        made.is_ok() && witness::add_log(fs, folder, &log().key.to_string()).is_ok()
    };
    for after in 0.. {
        let disk = FickleDisk::new(after);
        let fs = disk.start();
        let after = usize::try_from(after).unwrap();
        disk.plan(Fault::new(Select::Any, after, Effect::Die));
        let finished = make(&fs);
        disk.heal();
        let shown = finished.then(|| witness::verifier_key(&fs, folder).unwrap());
        disk.lose_power();
        let fs = disk.start();
        let again = witness::create(&fs, folder, "witness.example/one");
        assert!(again.is_ok() || witness::verifier_key(&fs, folder).is_ok(), "{again:?}");
        witness::add_log(&fs, folder, &log().key.to_string()).unwrap();
        let key = witness::verifier_key(&fs, folder).unwrap();
        assert!(shown.is_none_or(|shown| shown == key));
        let place = Place { disk, clock: testkit::TestClock::at(crate::history::START), key };
        let witness = place.open().unwrap();
        assert!(is_cosigned(&witness.add_checkpoint(&log().ask(0, &[0; 5]))));
        if finished {
            break;
        }
    }
}
