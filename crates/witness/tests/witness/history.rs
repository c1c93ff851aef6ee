//! Logs with their keys and histories, and witnesses over a disk that forgets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use host::{Clock, Fs};
pub(crate) use testkit::is_long;
use testkit::{FickleDisk, TestClock};
use tlog::note::message_to_sign;
use tlog::witness::{AddCheckpoint, Answer};
use tlog::{
    Algorithm, Checkpoint, Hash, Signature, SignedNote, Tree, VerifierKey, leaf_hash,
    prove_consistency,
};
use witness::{Reply, Settings, Witness};

pub(crate) const FOLDER: &str = "/witness";
pub(crate) const START: &str = "2026-11-22T12:00:00Z";

/// How many, where the environment asks for a number of them.
pub(crate) fn seeds(usual: u64, long: u64) -> u64 {
    let asked = std::env::var("JIKIM_SEEDS").ok().map(|text| text.parse().unwrap());
    asked.unwrap_or(if is_long() { long } else { usual })
}

/// The same numbers in every run (splitmix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

/// A history: a number for each entry. Two that begin alike are one log; two that differ are a fork.
pub(crate) fn tree(entries: &[u32]) -> Tree {
    let mut tree = Tree::new();
    for (place, entry) in entries.iter().enumerate() {
        tree.push(leaf_hash(format!("{place}: {entry}").as_bytes()));
    }
    tree
}

/// Whether of any two histories one begins with the other.
pub(crate) fn one_history(left: &[Vec<u32>]) -> bool {
    let mut sorted: Vec<_> = left.iter().collect();
    sorted.sort_by_key(|entries| entries.len());
    sorted.windows(2).all(|pair| pair[1].starts_with(pair[0]))
}

/// A log with its key.
pub(crate) struct Log {
    pair: Ed25519KeyPair,
    pub(crate) key: VerifierKey,
}

impl Log {
    pub(crate) fn new(origin: &str, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        let key = VerifierKey::new(origin, Algorithm::Ed25519, public_key).unwrap();
        Self { pair, key }
    }

    /// The log of a year of the recorder with this number.
    pub(crate) fn of_year(recorder: u8, year: u16) -> Self {
        let id = domain::RecorderId::from_bytes([recorder; 16]);
        Self::new(&tlog::origin(id, year), recorder)
    }

    pub(crate) fn origin(&self) -> &str {
        self.key.name()
    }

    pub(crate) fn sign(&self, size: u64, root: Hash, extension: Option<&str>) -> SignedNote {
        let extensions = extension.into_iter().map(str::to_owned).collect();
        let checkpoint = Checkpoint { origin: self.origin().to_owned(), size, root, extensions };
        let text = checkpoint.encode().unwrap();
        let raw = self.pair.sign(message_to_sign(&text));
        let mut note = SignedNote::new(text).unwrap();
        note.add(Signature::from_raw(&self.key, raw.as_ref()).unwrap()).unwrap();
        note
    }

    /// The request of a log with these entries to a witness that has cosigned `old_size` of them; the
    /// proof is as good as that history allows.
    pub(crate) fn ask(&self, old_size: u64, entries: &[u32]) -> Vec<u8> {
        let tree = tree(entries);
        let proof = prove_consistency(old_size, tree.size(), &tree).unwrap_or_default();
        self.ask_with(old_size, proof, &tree)
    }

    pub(crate) fn ask_with(&self, old_size: u64, proof: Vec<Hash>, tree: &Tree) -> Vec<u8> {
        let note = self.sign(tree.size(), tree.root(), None);
        AddCheckpoint::new(old_size, proof, note).unwrap().encode().into_bytes()
    }
}

/// How far the two branches go, and where they part.
pub(crate) const LONGEST: usize = 9;
const PARTS: usize = 3;

/// The beginning of a history, or of another that parts from it after a few entries.
pub(crate) fn branch(number: usize, size: usize) -> Vec<u32> {
    let number = u32::try_from(number).unwrap();
    (0..size).map(|place| if place < PARTS { 0 } else { number }).collect()
}

/// Every request that a log with the two branches can send, made once.
pub(crate) struct Requests(BTreeMap<(Vec<u32>, usize), Vec<u8>>);

impl Requests {
    pub(crate) fn of(log: &Log) -> Self {
        let mut requests = BTreeMap::new();
        for (number, size) in (0..2).flat_map(|one| (1..=LONGEST).map(move |two| (one, two))) {
            let entries = branch(number, size);
            for old_size in 0..=size {
                let body = log.ask(old_size as u64, &entries);
                requests.insert((entries.clone(), old_size), body);
            }
        }
        Self(requests)
    }

    pub(crate) fn get(&self, entries: &[u32], old_size: usize) -> &[u8] {
        &self.0[&(entries.to_vec(), old_size)]
    }
}

/// A witness over a disk that loses what was not synced.
pub(crate) struct Place {
    pub(crate) disk: FickleDisk,
    pub(crate) clock: TestClock,
    pub(crate) key: VerifierKey,
}

impl Place {
    /// A witness that was made and knows these logs.
    pub(crate) fn new(seed: u64, logs: &[&Log]) -> Self {
        let disk = FickleDisk::new(seed);
        let (fs, folder) = (disk.start(), Path::new(FOLDER));
        let key = witness::create(&fs, folder, "witness.example/one").unwrap();
        for log in logs {
            witness::add_log(&fs, folder, &log.key.to_string()).unwrap();
        }
        Self { disk, clock: TestClock::at(START), key }
    }

    pub(crate) fn open(&self) -> Result<Witness, witness::OpenWitnessError> {
        self.open_over(Arc::new(self.disk.start()))
    }

    pub(crate) fn open_over(&self, fs: Arc<dyn Fs>) -> Result<Witness, witness::OpenWitnessError> {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        Witness::open(Path::new(FOLDER), fs, clock, Settings::default())
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// What was cosigned, with the time of the cosignature; the signature is verified.
pub(crate) fn cosigned(reply: &Reply, body: &[u8], key: &VerifierKey) -> Option<u64> {
    let Reply::Answer(Answer::Cosigned(lines)) = reply else { return None };
    let request = AddCheckpoint::parse(body).unwrap();
    let (_, time) = tlog::witness::cosignature_by(key, request.note().text(), lines).unwrap();
    Some(time)
}

pub(crate) fn is_cosigned(reply: &Reply) -> bool {
    matches!(reply, Reply::Answer(Answer::Cosigned(_)))
}
