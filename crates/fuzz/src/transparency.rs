//! What an outsider reads of a ledger, and what a stranger could hand them: signed notes, proof
//! files, tiles and bundles with their paths, policy files.
//!
//! Nobody can forge a signature, a fuzzer included: so whatever verifies with the keys of the vectors
//! must say what the vectors say.

use std::sync::LazyLock;

use serde_json::Value;
use tlog::policy::Policy;
use tlog::tile::{encode_entries, encode_hashes};
use tlog::{Checkpoint, EntryBundle, SignedNote, Tile, TlogProof, VerifierKey, leaf_hash};

use crate::{Target, piece, take, take_piece};

/// An input is a note.
pub(crate) const NOTE: Target =
    Target { name: "note", seeds: notes, words: WORDS, run: run_note, mutations: 4000 };

/// An input is a proof file behind the entry that it is for, which has its length before it.
pub(crate) const PROOF: Target =
    Target { name: "proof", seeds: proofs, words: WORDS, run: run_proof, mutations: 3000 };

/// An input is a byte of how (bit 0: a path, else a file), two of the width, and the path or file.
pub(crate) const TILE: Target = Target {
    name: "tile",
    seeds: tiles,
    words: &["tile/", "entries/", "x001/", ".p/"],
    run: run_tile,
    mutations: 6000,
};

/// An input is a policy file.
pub(crate) const POLICY: Target =
    Target { name: "policy", seeds: policies, words: WORDS, run: run_policy, mutations: 4000 };

const WORDS: &[&str] = &[
    "\u{2014} ",
    "\n\n",
    "index ",
    "extra ",
    "c2sp.org/tlog-proof@v1\n",
    "log ",
    "witness ",
    "group ",
    "quorum ",
    "none",
    "all",
    "any",
    "#",
];

const PATHS: &str = include_str!("../../../testdata/tlog/paths.json");

static NOTES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../testdata/tlog/notes.json"))
        .expect("vectors are JSON")
});

fn list(name: &str) -> &'static [Value] {
    NOTES[name].as_array().expect("a list of vectors")
}

fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().expect("a text")
}

fn log_key() -> VerifierKey {
    text(&NOTES["log"], "vkey").parse().expect("the vector's key is one")
}

fn policy_text(quorum: &str) -> String {
    let witnesses = list("witnesses").iter().enumerate();
    let lines = witnesses.map(|(at, key)| format!("witness W{at} {}\n", text(key, "vkey")));
    let log = text(&NOTES["log"], "vkey");
    format!("log {log}\n{}group both all W0 W1\nquorum {quorum}\n", lines.collect::<String>())
}

static TRUST: LazyLock<Policy> = LazyLock::new(|| {
    Policy::parse(policy_text("both").as_bytes()).expect("a policy of the vectors' keys")
});

fn run_note(input: &[u8]) {
    let Ok(note) = SignedNote::parse(input) else { return };
    assert_eq!(note.encode().expect("what was read is written").as_bytes(), input);
    if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
        assert_eq!(checkpoint.encode().as_deref(), Ok(note.text()));
    }
    if note.verify([&log_key()]).is_ok() {
        let signed = |vector: &Value| text(vector, "text") == note.text();
        assert!(list("checkpoints").iter().any(signed), "nobody signed this text");
    }
    let _ = TRUST.check(&note);
}

fn run_proof(mut input: &[u8]) {
    let entry = take_piece(&mut input);
    let Ok(proof) = TlogProof::parse(input) else { return };
    assert_eq!(proof.encode().expect("what was read is written").as_bytes(), input);
    if let Ok(checked) = TRUST.check_proof(&proof, leaf_hash(entry)) {
        // The entries of the vectors are numbered: only the right one is at its place.
        let expected = format!("entry {}", proof.index);
        assert_eq!(entry, expected.as_bytes(), "an entry that is not in the log");
        assert!(checked.checkpoint.size > proof.index);
    }
}

fn run_tile(mut input: &[u8]) {
    let [how, low, high] = take(&mut input);
    if how & 1 != 0 {
        let Ok(path) = std::str::from_utf8(input) else { return };
        if let Ok(tile) = Tile::parse(path) {
            assert_eq!(tile.path(), path);
        }
        if let Ok(bundle) = EntryBundle::parse(path) {
            assert_eq!(bundle.path(), path);
        }
        return;
    }
    let width = u16::from_le_bytes([low, high]) % 256 + 1;
    let bundle = EntryBundle { index: 7, width };
    if let Ok(entries) = bundle.parse_entries(input) {
        assert_eq!(entries.len(), usize::from(width));
        assert_eq!(encode_entries(&entries).as_deref(), Ok(input));
    }
    if let Ok(hashes) = bundle.tile().parse_hashes(input) {
        assert_eq!(encode_hashes(&hashes), input);
    }
}

fn run_policy(input: &[u8]) {
    let Ok(policy) = Policy::parse(input) else { return };
    let witnesses = policy.witnesses().len();
    assert!(policy.liars_to_split() <= witnesses);
    assert!(policy.absent_to_stop().is_none_or(|absent| (1..=witnesses).contains(&absent)));
    assert_eq!(policy.asks_for_witnesses(), policy.absent_to_stop().is_some());
    // A comment before it means nothing.
    assert_eq!(Policy::parse(&[b" \t# x\n\n", input].concat()).as_ref(), Ok(&policy));
    for vector in list("checkpoints") {
        let note = SignedNote::parse(text(vector, "note").as_bytes()).expect("a note");
        if let Ok(checked) = policy.check(&note) {
            assert!(policy.logs().iter().any(|log| log.key.public_key() == log_key().public_key()));
            assert!(checked.cosigners.len() <= list("witnesses").len());
        }
    }
}

fn notes() -> Vec<Vec<u8>> {
    list("checkpoints").iter().map(|vector| text(vector, "note").into()).collect()
}

fn proofs() -> Vec<Vec<u8>> {
    let seed = |vector: &Value| {
        let entry = piece(text(vector, "entry").as_bytes());
        [&entry[..], text(vector, "proof").as_bytes()].concat()
    };
    list("proofs").iter().map(seed).collect()
}

fn tiles() -> Vec<Vec<u8>> {
    let paths: Value = serde_json::from_str(PATHS).expect("vectors are JSON");
    let texts = |name: &str| paths[name].as_array().expect("a list").clone();
    let good = texts("good").into_iter().map(|vector| vector["path"].clone());
    let seed = |path: Value| [&[1, 0, 0], path.as_str().expect("a path").as_bytes()].concat();
    let mut seeds: Vec<Vec<u8>> = good.chain(texts("bad")).map(seed).collect();
    seeds.push(seed(Value::from("tile/entries/x001/234.p/7")));
    for width in [1_u8, 3, 256_u16.to_le_bytes()[0]] {
        let count = if width == 0 { 256 } else { usize::from(width) };
        let low = width.wrapping_sub(1);
        let entries: Vec<String> = (0..count).map(|at| format!("entry {at}")).collect();
        let bundle = encode_entries(&entries).expect("a bundle");
        seeds.push([&[0, low, 0], &bundle[..]].concat());
        seeds.push([&[0, low, 0], &vec![0xab; 32 * count][..]].concat());
    }
    seeds
}

fn policies() -> Vec<Vec<u8>> {
    let log = text(&NOTES["log"], "vkey");
    let both = ["both", "none", "W1"].map(|quorum| policy_text(quorum).into_bytes());
    let nested =
        policy_text("top").replace("quorum", "group inner 1 both\ngroup top any inner\nquorum");
    let addressed = format!("# one log\nlog {log} https://recorder.example/\nquorum none\n");
    both.into_iter().chain([nested.into_bytes(), addressed.into_bytes()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The control: the seeds are what they should be, so that the checks above are reached.
    #[test]
    fn the_seeds_verify() {
        for vector in list("checkpoints") {
            let note = SignedNote::parse(text(vector, "note").as_bytes()).unwrap();
            assert!(TRUST.check(&note).unwrap().has_quorum);
        }
        for vector in list("proofs") {
            let proof = TlogProof::parse(text(vector, "proof").as_bytes()).unwrap();
            let leaf = leaf_hash(text(vector, "entry").as_bytes());
            assert!(TRUST.check_proof(&proof, leaf).unwrap().has_quorum);
        }
        assert!(policies().iter().all(|policy| Policy::parse(policy).is_ok()));
    }
}
