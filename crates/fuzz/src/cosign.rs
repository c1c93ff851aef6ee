//! A witness and what is sent to it: requests that a log with two histories signs, requests of any
//! bytes, ends of the process in between.
//!
//! An input is a sequence of steps, each a byte of what and what belongs to it. 0: a body of any bytes
//! (a piece). 1: a request of the log: branch, size, old size, a byte each, with the proof that this
//! branch gives. 2: the same, whose proof is a piece cut into hashes. 3: the same as 1, where a piece
//! is written over the body at the place of a byte times 8. 4: the process ends and starts again.
//! 5: so many seconds pass. 6: somebody reads status, metrics and the latest checkpoint.
//!
//! What must hold: of all that is cosigned, one history begins with the other; only what the log signed
//! is cosigned, and the cosignature is good; a request that was read is written again the same; what a
//! monitor reads is the largest that was cosigned, after a start as well.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use domain::RecorderId;
use testkit::{MemoryDisk, TestClock};
use tlog::note::message_to_sign;
use tlog::witness::{AddCheckpoint, Answer, cosignature_by};
use tlog::{
    Algorithm, Checkpoint, Hash, Signature, SignedNote, Tree, VerifierKey, leaf_hash,
    prove_consistency,
};
use witness::{Reply, Report, Settings, Witness};

use crate::{Target, piece, take, take_piece};

pub(crate) const TARGET: Target = Target {
    name: "witness",
    seeds,
    words: &[
        "old 0\n",
        "old 4\n",
        "\n\n",
        "\n\u{2014} ",
        "jikim/",
        "/2026\n",
        "9223372036854775807",
    ],
    run,
    mutations: 500,
};

const FOLDER: &str = "/witness";
const MOST_STEPS: usize = 40;
const BRANCHES: u8 = 4;
const LONGEST: u8 = 20;

/// The branches part from the first one after so many entries.
const PARTS: [u8; BRANCHES as usize] = [LONGEST, 0, 4, 7];

/// A log with two tongues, and a witness that knows it.
struct House {
    log: VerifierKey,
    witness: VerifierKey,
    disk: MemoryDisk,
    trees: BTreeMap<(u8, u8), (Tree, SignedNote)>,
    /// What each signed text says.
    texts: BTreeMap<String, Vec<u8>>,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).expect("any 32 bytes are a seed");
    let public = pair.public_key().as_ref().try_into().expect("32 bytes");
    let origin = tlog::origin(RecorderId::from_bytes([1; 16]), 2026);
    let log = VerifierKey::new(origin, Algorithm::Ed25519, public).expect("a name");
    let (disk, folder) = (MemoryDisk::default(), Path::new(FOLDER));
    let witness = witness::create(&disk, folder, "witness.example").expect("memory takes it");
    witness::add_log(&disk, folder, &log.to_string()).expect("memory takes it");
    let (mut trees, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for (branch, size) in (0..BRANCHES).flat_map(|one| (0..=LONGEST).map(move |two| (one, two))) {
        let entries = history(branch, size);
        let tree = tree(&entries);
        let (origin, root) = (log.name().to_owned(), tree.root());
        let checkpoint = Checkpoint { origin, size: size.into(), root, extensions: Vec::new() };
        let text = checkpoint.encode().expect("it keeps the limits");
        let raw = pair.sign(message_to_sign(&text));
        let mut note = SignedNote::new(text.clone()).expect("it keeps the limits");
        note.add(Signature::from_raw(&log, raw.as_ref()).expect("64 bytes")).expect("the first");
        trees.insert((branch, size), (tree, note));
        texts.insert(text, entries);
    }
    House { log, witness, disk, trees, texts }
});

fn history(branch: u8, size: u8) -> Vec<u8> {
    let parts = PARTS[usize::from(branch)];
    (0..size).map(|place| if place < parts { 0 } else { branch }).collect()
}

fn tree(entries: &[u8]) -> Tree {
    let mut tree = Tree::new();
    entries.iter().enumerate().for_each(|(at, entry)| {
        tree.push(leaf_hash(format!("{at}: {entry}").as_bytes()));
    });
    tree
}

/// A witness, and what it has cosigned.
struct Model {
    disk: MemoryDisk,
    clock: TestClock,
    witness: Option<Witness>,
    largest: Option<Vec<u8>>,
}

fn run(mut input: &[u8]) {
    let mut model = Model {
        disk: HOUSE.disk.fork(),
        clock: TestClock::at("2026-11-22T12:00:00Z"),
        witness: None,
        largest: None,
    };
    model.start();
    for _ in 0..MOST_STEPS {
        if input.is_empty() {
            break;
        }
        let [what] = take(&mut input);
        match what % 7 {
            0 => model.ask(take_piece(&mut input)),
            1 => {
                let body = request(&mut input, None);
                model.ask(body.as_bytes());
            }
            2 => {
                let head: [u8; 3] = take(&mut input);
                let proof = take_piece(&mut input).chunks_exact(32);
                let proof = proof.map(|hash| Hash::from_slice(hash).expect("32 bytes")).collect();
                let body = request(&mut &head[..], Some(proof));
                model.ask(body.as_bytes());
            }
            3 => {
                let mut body = request(&mut input, None).into_bytes();
                let [at] = take(&mut input);
                let at = (usize::from(at) * 8).min(body.len());
                let over = take_piece(&mut input);
                let until = (at + over.len()).min(body.len());
                body.splice(at..until, over.iter().copied());
                model.ask(&body);
            }
            4 => model.start(),
            5 => {
                let [seconds] = take(&mut input);
                model.clock.advance(Duration::from_secs(seconds.into()));
            }
            _ => model.look(),
        }
    }
    model.start();
    model.look();
}

/// A request of the log by three bytes: branch, size, old size.
fn request(input: &mut &[u8], proof: Option<Vec<Hash>>) -> String {
    let [branch, size, old_size] = take(input);
    let (branch, size) = (branch % BRANCHES, size % (LONGEST + 1));
    let (tree, note) = &HOUSE.trees[&(branch, size)];
    let old_size = u64::from(old_size);
    let mut proof =
        proof.unwrap_or_else(|| prove_consistency(old_size, tree.size(), tree).unwrap_or_default());
    proof.truncate(tlog::witness::MAX_CONSISTENCY_HASHES);
    let request = AddCheckpoint::new(old_size, proof, note.clone());
    request.expect("it keeps the limits").encode()
}

impl Model {
    /// The process ends, and starts again.
    fn start(&mut self) {
        self.witness = None;
        let (fs, clock) = (Arc::new(self.disk.clone()), Arc::new(self.clock.clone()));
        let opened = Witness::open(Path::new(FOLDER), fs, clock, Settings::default());
        self.witness = Some(opened.expect("nothing was damaged"));
    }

    fn witness(&self) -> &Witness {
        self.witness.as_ref().expect("it runs")
    }

    fn ask(&mut self, body: &[u8]) {
        let read = AddCheckpoint::parse(body);
        if let Ok(request) = &read {
            assert_eq!(request.encode().as_bytes(), body, "one spelling");
        }
        let reply = self.witness().add_checkpoint(body);
        let refused = reply == Reply::Answer(Answer::BadRequest);
        assert!(refused || read.is_ok(), "what cannot be read is a 400");
        let Reply::Answer(answer) = reply else { return };
        let again =
            Answer::read(answer.status(), Some(answer.content_type()), answer.body().as_bytes());
        assert_eq!(again.as_ref(), Ok(&answer), "a log can read every answer");
        let Answer::Cosigned(lines) = answer else { return };
        let request = read.expect("what is cosigned was read");
        let text = request.note().text();
        cosignature_by(&HOUSE.witness, text, &lines).expect("it is good");
        let entries = HOUSE.texts.get(text).expect("the log has signed it");
        let before = self.largest.get_or_insert_default();
        assert!(entries.starts_with(before), "{before:?} and {entries:?} are both cosigned");
        self.largest = Some(entries.clone());
    }

    fn look(&self) {
        let report = Report::of(self.witness(), &self.clock);
        assert_eq!(report.logs.len(), 1);
        assert!(report.damaged.is_empty());
        let (_, _) = (report.to_json(), report.to_metrics());
        let latest = self.witness().latest(HOUSE.log.name());
        let latest = latest.map(|note| Checkpoint::open(note.as_bytes(), &HOUSE.log));
        let latest = latest.map(|opened| opened.expect("it is the log's"));
        let size = self.largest.as_ref().map(|entries| entries.len() as u64);
        assert_eq!(latest.as_ref().map(|latest| latest.size), size);
        assert_eq!(report.logs[0].size, size.unwrap_or(0));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let ask = |branch: u8, size: u8, old: u8| vec![1, branch, size, old];
    let raw = |branch: u8, size: u8, old: u8| {
        let body = request(&mut &[branch, size, old][..], None);
        [vec![0], piece(body.as_bytes())].concat()
    };
    let (start, later, look) = (vec![4], vec![5, 2], vec![6]);
    vec![
        [ask(0, 3, 0), ask(0, 3, 3), later.clone(), ask(0, 9, 3), look.clone()].concat(),
        [ask(0, 5, 0), ask(2, 9, 5), ask(2, 5, 0), start.clone(), ask(2, 9, 5)].concat(),
        [ask(3, 9, 0), start, ask(0, 12, 9), ask(3, 12, 9), look].concat(),
        [raw(0, 7, 0), raw(0, 12, 7), raw(2, 12, 7), raw(1, 1, 0)].concat(),
        [ask(0, 8, 0), vec![2, 2, 12, 8], piece(&[7; 96])].concat(),
        [ask(0, 8, 0), vec![3, 0, 12, 8, 3], piece(b"old 8\n\n")].concat(),
        [ask(0, 0, 0), ask(1, 0, 0), ask(1, 20, 0), ask(0, 20, 20)].concat(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The control: what the log signs is cosigned, by made and by raw requests, so a witness that
    /// took a fork would be seen.
    #[test]
    fn requests_of_the_log_are_cosigned() {
        let mut model = Model {
            disk: HOUSE.disk.fork(),
            clock: TestClock::at("2026-11-22T12:00:00Z"),
            witness: None,
            largest: None,
        };
        model.start();
        model.ask(request(&mut &[2, 6, 0][..], None).as_bytes());
        assert_eq!(model.largest, Some(history(2, 6)));
        model.start();
        model.ask(request(&mut &[2, 9, 6][..], None).as_bytes());
        assert_eq!(model.largest, Some(history(2, 9)));
        model.ask(request(&mut &[0, 12, 9][..], None).as_bytes());
        assert_eq!(model.largest, Some(history(2, 9)));
    }

    #[test]
    #[should_panic(expected = "both cosigned")]
    fn a_second_history_would_be_seen() {
        let mut model = Model {
            disk: HOUSE.disk.fork(),
            clock: TestClock::at("2026-11-22T12:00:00Z"),
            witness: None,
            largest: Some(history(0, 9)),
        };
        model.start();
        model.ask(request(&mut &[2, 6, 0][..], None).as_bytes());
    }
}
