//! A ledger with witnesses in memory, and the rounds that the recorder makes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{EntryNumber, RecorderId};
use host::{Disk, Fs};
use ledger::{Heard, Kind, Ledger, LedgerConfig};
use testkit::{TestClock, TestWitness};
use tlog::policy::Policy;
use tlog::witness::{AddCheckpoint, Answer};
use tlog::{Checkpoint, Signature, SignedNote, VerifierKey};

pub(crate) const SHORT: Duration = Duration::from_millis(200);

pub(crate) fn config(folder: &Path) -> LedgerConfig {
    LedgerConfig { folder: folder.to_owned(), recorder: RecorderId::from_bytes([7; 16]) }
}

/// A ledger without witnesses, to learn its key.
pub(crate) fn public_key(folder: &Path, fs: Arc<dyn Fs>, clock: &TestClock) -> [u8; 32] {
    let ledger = Ledger::open(&config(folder), fs, Arc::new(clock.clone())).unwrap();
    let key: VerifierKey = ledger.verifier_key(2026).parse().unwrap();
    *key.public_key()
}

pub(crate) fn policy(witnesses: &[TestWitness], threshold: usize) -> Policy {
    let mut text = String::new();
    let names: Vec<String> = (0..witnesses.len()).map(|at| format!("w{at}")).collect();
    for (name, witness) in names.iter().zip(witnesses) {
        text += &format!("witness {name} {} http://127.0.0.1:1\n", witness.key());
    }
    text += &format!("group all {threshold} {}\nquorum all\n", names.join(" "));
    Policy::parse(text.as_bytes()).unwrap()
}

pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: TestClock,
    pub(crate) witnesses: Vec<TestWitness>,
    threshold: usize,
    pub(crate) ledger: Ledger,
}

impl House {
    /// A ledger of two entries that all witnesses were asked about; none is signed yet.
    pub(crate) async fn new(count: usize, threshold: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let key = public_key(folder.path(), Arc::new(Disk), &clock);
        let names = (0..count).map(|at| format!("witness.example/{at}"));
        let witnesses: Vec<_> = names.map(|name| TestWitness::new(&name, key)).collect();
        let ledger = open(folder.path(), &clock, &witnesses, threshold);
        let mut house = Self { folder, clock, witnesses, threshold, ledger };
        house.append(1).await;
        house.round(count);
        house
    }

    pub(crate) fn reopen(self) -> Self {
        self.ledger.close();
        drop(self.ledger);
        let Self { folder, clock, witnesses, threshold, .. } = self;
        let ledger = open(folder.path(), &clock, &witnesses, threshold);
        Self { folder, clock, witnesses, threshold, ledger }
    }

    pub(crate) async fn append(&self, count: usize) -> EntryNumber {
        let events = (0..count).map(|_| Kind::Started.into()).collect();
        *self.ledger.append(events).await.unwrap().last().unwrap()
    }

    /// What the recorder does in a round, with the first so many of the witnesses.
    pub(crate) fn round(&mut self, answering: usize) {
        round(&self.ledger, &mut self.witnesses[..answering]);
    }
}

/// What the recorder does in a round, with these witnesses.
pub(crate) fn round(ledger: &Ledger, witnesses: &mut [TestWitness]) {
    for (year, note) in ledger.to_be_cosigned().unwrap() {
        let mut cosigned = note.clone();
        for (at, witness) in witnesses.iter_mut().enumerate() {
            if let Some(signature) = ask(ledger, &format!("w{at}"), witness, year, &note) {
                cosigned.add(signature).unwrap();
            }
        }
        if cosigned != note {
            ledger.keep_cosigned(&cosigned).unwrap();
        }
    }
}

/// One witness's cosignature on a checkpoint, after what it knows was learned.
fn ask(
    ledger: &Ledger,
    name: &str,
    witness: &mut TestWitness,
    year: u16,
    note: &SignedNote,
) -> Option<Signature> {
    let size = Checkpoint::parse(note.text()).unwrap().size;
    let mut old_size = 0;
    for _ in 0..2 {
        let proof = ledger.consistency(year, old_size, size).unwrap();
        let request = AddCheckpoint::new(old_size, proof, note.clone()).unwrap();
        let heard = match witness.add_checkpoint(&request) {
            Answer::Cosigned(signatures) => {
                ledger.heard(name, &Heard::Knows { year, size });
                return Some(signatures[0].clone());
            }
            Answer::Conflict { size: known } if known == old_size => Heard::OtherHistory { year },
            Answer::Conflict { size: known } => Heard::Knows { year, size: known },
            Answer::Inconsistent => Heard::OtherHistory { year },
            other => panic!("{other:?}"),
        };
        ledger.heard(name, &heard);
        match heard {
            Heard::Knows { size: known, .. } if known <= size => old_size = known,
            _ => return None,
        }
    }
    None
}

pub(crate) fn open(
    folder: &Path,
    clock: &TestClock,
    witnesses: &[TestWitness],
    threshold: usize,
) -> Ledger {
    let policy = policy(witnesses, threshold);
    let clock = Arc::new(clock.clone());
    Ledger::open_witnessed(&config(folder), Arc::new(Disk), clock, policy).unwrap()
}
