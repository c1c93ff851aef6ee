//! A ledger in memory: entries as a recorder writes them, tiles, bundles, checkpoints that a log and
//! witnesses signed.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use tlog::note::{message_to_cosign, message_to_sign};
use tlog::tile::{bundles_between, encode_entries};
use tlog::{
    Algorithm, Checkpoint, Frontier, Hash, Signature, SignedNote, Tree, VerifierKey, leaf_hash,
    tiles_between,
};
use verify::source::{Source, SourceError};

pub(crate) const RECORDER: &str = "07070707-0707-4707-8707-070707070707";

/// When the witnesses signed.
pub(crate) const SIGNED_AT_S: u64 = 1_790_000_000;

pub(crate) struct Signer {
    pair: Ed25519KeyPair,
    pub(crate) key: VerifierKey,
}

impl Signer {
    pub(crate) fn new(name: &str, algorithm: Algorithm, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        Self { pair, key: VerifierKey::new(name, algorithm, public_key).unwrap() }
    }

    pub(crate) fn sign(&self, text: &str) -> Signature {
        if self.key.algorithm() == Algorithm::Ed25519 {
            let raw = self.pair.sign(message_to_sign(text));
            return Signature::from_raw(&self.key, raw.as_ref()).unwrap();
        }
        let raw = self.pair.sign(&message_to_cosign(text, SIGNED_AT_S));
        Signature::from_raw_cosignature(&self.key, SIGNED_AT_S, raw.as_ref()).unwrap()
    }
}

pub(crate) fn log(year: u16) -> Signer {
    Signer::new(&format!("jikim/{RECORDER}/{year}"), Algorithm::Ed25519, 1)
}

pub(crate) fn witness(number: u8) -> Signer {
    Signer::new(&format!("witness.example/{number}"), Algorithm::CosignatureV1, 100 + number)
}

/// The log of 2026 and three witnesses, of which two are asked for.
pub(crate) fn policy_text() -> String {
    let mut text = format!("log {}\n", log(2026).key);
    for number in 1..=3 {
        text.push_str(&format!("witness W{number} {}\n", witness(number).key));
    }
    text + "group two 2 W1 W2 W3\nquorum two\n"
}

pub(crate) fn policy() -> tlog::policy::Policy {
    tlog::policy::Policy::parse(policy_text().as_bytes()).unwrap()
}

/// Signs a tree head.
pub(crate) fn note(origin: &str, size: u64, root: Hash, signers: &[Signer]) -> SignedNote {
    let origin = origin.to_owned();
    let text = Checkpoint { origin, size, root, extensions: Vec::new() }.encode().unwrap();
    let mut note = SignedNote::new(text.clone()).unwrap();
    signers.iter().for_each(|signer| note.add(signer.sign(&text)).unwrap());
    note
}

/// The files of a ledger by path, and its entries.
#[derive(Clone, Default)]
pub(crate) struct Shelf {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// A server does not list its years.
    pub(crate) lists_years: bool,
}

impl Shelf {
    /// Publishes a year's log of these entries, signed by the log and two witnesses.
    pub(crate) fn publish(&mut self, year: u16, entries: &[Vec<u8>]) -> Hash {
        let root = self.fill(year, entries);
        let signers = [log(year), witness(1), witness(3)];
        let origin = format!("jikim/{RECORDER}/{year}");
        self.put_note(year, &note(&origin, entries.len() as u64, root, &signers));
        root
    }

    /// Writes tiles and bundles without a checkpoint.
    pub(crate) fn fill(&mut self, year: u16, entries: &[Vec<u8>]) -> Hash {
        let (mut tree, size) = (Tree::new(), entries.len() as u64);
        entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
        for tile in tiles_between(0, size) {
            self.files.insert(format!("{year}/{}", tile.path()), tree.tile_bytes(tile).unwrap());
        }
        for bundle in bundles_between(0, size) {
            let from = usize::try_from(bundle.index).unwrap() * 256;
            let bytes = encode_entries(&entries[from..from + usize::from(bundle.width)]).unwrap();
            self.files.insert(format!("{year}/{}", bundle.path()), bytes);
        }
        tree.root()
    }

    pub(crate) fn put_note(&mut self, year: u16, note: &SignedNote) {
        self.files.insert(format!("{year}/checkpoint"), note.encode().unwrap().into_bytes());
    }

    /// Keeps a list and gives what an entry says of it.
    pub(crate) fn companion(&mut self, lines: &[String]) -> String {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let frontier: Frontier = lines.iter().map(|line| leaf_hash(line.as_bytes())).collect();
        let sha256 = hex(&sha256(text.as_bytes()));
        self.files.insert(format!("companion/{sha256}"), text.into_bytes());
        let (count, root) = (lines.len(), frontier.root());
        format!(r#""companion":{{"count":{count},"sha256":"{sha256}","root":"{root}"}}"#)
    }
}

impl Source for Shelf {
    fn read(&self, path: &str, limit_bytes: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let bytes = self.files.get(path);
        if bytes.is_some_and(|bytes| bytes.len() as u64 > limit_bytes) {
            return Err(SourceError::TooLarge { path: path.to_owned(), limit_bytes });
        }
        Ok(bytes.cloned())
    }

    fn years(&self) -> Result<Option<Vec<u16>>, SourceError> {
        if !self.lists_years {
            return Ok(None);
        }
        let mut years: Vec<u16> =
            self.files.keys().filter_map(|path| path.split('/').next()?.parse().ok()).collect();
        years.dedup();
        Ok(Some(years))
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().try_into().unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An entry of this kind and these fields, at a second of a November day of its year.
pub(crate) fn entry(year: u16, second: u64, rest: &str) -> Vec<u8> {
    let (minute, second) = (second / 60 % 60, second % 60);
    format!(r#"{{"v":1,"time":"{year}-11-22T10:{minute:02}:{second:02}.000000Z",{rest}}}"#)
        .into_bytes()
}

pub(crate) fn opened(year: u16, previous: Option<(u64, Hash)>) -> Vec<u8> {
    let previous = previous.map_or(String::new(), |(size, root)| {
        format!(r#","previous":{{"size":{size},"root":"{}"}}"#, root.to_base64())
    });
    entry(year, 0, &format!(r#""kind":"opened","recorder":"{RECORDER}"{previous}"#))
}

pub(crate) fn intent(year: u16, second: u64, action: &str) -> Vec<u8> {
    let commitment = "07".repeat(32);
    let rest = format!(r#""kind":"intent","action":"{action}","commitment":"{commitment}""#);
    entry(year, second, &rest)
}

pub(crate) fn outcome(year: u16, second: u64, intent: usize) -> Vec<u8> {
    let rest = format!(r#""kind":"outcome","intent":"{year}/{intent}","result":"done""#);
    entry(year, second, &rest)
}

/// A key that everybody knows.
pub(crate) fn key(number: u64) -> [u8; 32] {
    sha256(&[&b"a test key "[..], &number.to_be_bytes()].concat())
}

pub(crate) fn key_line(number: u64) -> String {
    let bucket = domain::BucketId::from_random(key(number)[..16].try_into().unwrap());
    format!("{bucket} {}", hex(&sha256(&key(number))))
}

/// A year's entries: a rotation that destroyed keys 0 to 9 and vault key 1000 (epoch 1) while keys 10
/// to 19 and vault key 1001 (epoch 2) are in use, then viewings until there are `size` entries.
pub(crate) fn usual(shelf: &mut Shelf, year: u16, size: usize) -> Vec<Vec<u8>> {
    let lines = |from, to| (from..to).map(key_line).collect::<Vec<_>>();
    let made = shelf.companion(&lines(0, 20));
    let gone = shelf.companion(&lines(0, 10));
    let vault_key = |epoch: u64| {
        let sha256 = hex(&sha256(&key(999 + epoch)));
        format!(r#""kind":"vault-key","epoch":{epoch},"sha256":"{sha256}""#)
    };
    let mut entries = vec![
        opened(year, None),
        entry(year, 1, r#""kind":"started""#),
        entry(year, 2, &vault_key(1)),
        entry(year, 2, &format!(r#""kind":"keys",{made}"#)),
        intent(year, 3, "footage.destroy-expired"),
        entry(year, 4, &format!(r#""kind":"destroyed","epoch":1,{gone}"#)),
        entry(year, 4, &vault_key(2)),
        outcome(year, 4, 4),
    ];
    while entries.len() < size {
        let at = entries.len();
        let second = 5 + at as u64 % 3000;
        entries.push(intent(year, second, "footage.play"));
        entries.push(outcome(year, second, at));
    }
    entries.truncate(size);
    entries
}

/// A shelf with one year of `size` entries.
pub(crate) fn shelf(size: usize) -> (Shelf, Vec<Vec<u8>>) {
    let mut shelf = Shelf { lists_years: true, ..Shelf::default() };
    let entries = usual(&mut shelf, 2026, size);
    shelf.publish(2026, &entries);
    (shelf, entries)
}
