//! The vectors of `testdata/tlog`, which a Python script made from the specifications alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use serde_json::Value;
use tlog::note::{key_id, message_to_cosign};
use tlog::proof::Policy;
use tlog::tile::encode_entries;
use tlog::{
    Algorithm, Checkpoint, EntryBundle, Frontier, Hash, SignedNote, Tile, TlogProof, Tree,
    VerifierKey, leaf_hash, prove_consistency, prove_inclusion, verify_consistency,
    verify_inclusion,
};

const TREE: &str = include_str!("../../../testdata/tlog/tree.json");
const PATHS: &str = include_str!("../../../testdata/tlog/paths.json");
const NOTES: &str = include_str!("../../../testdata/tlog/notes.json");

fn entry(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    (0..70_000).for_each(|number| tree.push(leaf_hash(&entry(number))));
    tree
}

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = value[name].as_array().unwrap();
    assert!(!list.is_empty(), "{name}");
    list
}

fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hash(hex: &str) -> Hash {
    Hash::from_slice(&bytes(hex)).unwrap()
}

fn hashes(value: &Value) -> Vec<Hash> {
    value["hashes"].as_array().unwrap().iter().map(|hex| hash(hex.as_str().unwrap())).collect()
}

fn sha256(bytes: &[u8]) -> Hash {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    Hash::from_slice(digest.as_ref()).unwrap()
}

#[test]
fn roots() {
    let (tree, vectors) = (tree(), vectors(TREE));
    let mut frontier = Frontier::new();
    for vector in list(&vectors, "roots") {
        let (size, root) = (number(vector, "size"), hash(text(vector, "root")));
        frontier.extend((frontier.size()..size).map(|number| leaf_hash(&entry(number))));
        assert_eq!(frontier.root(), root, "size {size}");
        assert_eq!(tree.root_at(size).unwrap(), root, "size {size}");
    }
}

#[test]
fn inclusion_proofs() {
    let (tree, vectors) = (tree(), vectors(TREE));
    for vector in list(&vectors, "inclusion") {
        let (index, size) = (number(vector, "index"), number(vector, "size"));
        let (proof, root) = (hashes(vector), tree.root_at(size).unwrap());
        assert_eq!(prove_inclusion(index, size, &tree).unwrap(), proof, "{index} of {size}");
        verify_inclusion(leaf_hash(&entry(index)), index, size, root, &proof).unwrap();
    }
}

#[test]
fn consistency_proofs() {
    let (tree, vectors) = (tree(), vectors(TREE));
    for vector in list(&vectors, "consistency") {
        let (old, new) = (number(vector, "old"), number(vector, "new"));
        let (proof, root) = (hashes(vector), |size| tree.root_at(size).unwrap());
        assert_eq!(prove_consistency(old, new, &tree).unwrap(), proof, "{old} to {new}");
        verify_consistency(old, root(old), new, root(new), &proof).unwrap();
    }
}

#[test]
fn tiles() {
    let (tree, vectors) = (tree(), vectors(TREE));
    for vector in list(&vectors, "tiles") {
        let tile = Tile::parse(text(vector, "path")).unwrap();
        let bytes = tree.tile_bytes(tile).unwrap();
        assert_eq!(bytes.len(), tile.length_bytes());
        assert_eq!(sha256(&bytes), hash(text(vector, "sha256")), "{}", tile.path());
    }
}

#[test]
fn entry_bundles() {
    for vector in list(&vectors(TREE), "bundles") {
        let bundle = EntryBundle::parse(text(vector, "path")).unwrap();
        let first = bundle.index * 256;
        let entries: Vec<_> = (first..first + u64::from(bundle.width)).map(entry).collect();
        let bytes = encode_entries(&entries).unwrap();
        assert_eq!(sha256(&bytes), hash(text(vector, "sha256")), "{}", bundle.path());
        assert_eq!(bundle.parse_entries(&bytes).unwrap(), entries);
    }
}

#[test]
fn paths() {
    let vectors = vectors(PATHS);
    for vector in list(&vectors, "good") {
        let tile = Tile {
            level: u8::try_from(number(vector, "level")).unwrap(),
            index: text(vector, "index").parse().unwrap(),
            width: u16::try_from(number(vector, "width")).unwrap(),
        };
        assert_eq!(tile.path(), text(vector, "path"));
        assert_eq!(Tile::parse(text(vector, "path")), Ok(tile));
    }
    for path in list(&vectors, "bad") {
        let path = path.as_str().unwrap();
        assert!(Tile::parse(path).is_err(), "{path:?}");
        let bundle = path.replacen("tile/0/", "tile/entries/", 1);
        if bundle != "tile/entries/000" {
            assert!(EntryBundle::parse(&bundle).is_err(), "{bundle:?}");
        }
    }
}

fn key(vector: &Value) -> VerifierKey {
    let key = VerifierKey::parse(text(vector, "vkey")).unwrap();
    assert_eq!(key.name(), text(vector, "name"));
    assert_eq!(u64::from(key.algorithm().byte()), number(vector, "algorithm"));
    assert_eq!(key.public_key()[..], bytes(text(vector, "public_key")));
    assert_eq!(format!("{:08x}", key.id()), text(vector, "key_id"));
    assert_eq!(key.id(), key_id(key.name(), key.algorithm().byte(), key.public_key()));
    assert_eq!(key.to_string(), text(vector, "vkey"));
    key
}

fn policy(vectors: &Value) -> Policy {
    let witnesses = list(vectors, "witnesses").iter().map(key).collect();
    Policy { log_key: key(&vectors["log"]), witnesses, quorum: 2 }
}

#[test]
fn checkpoints() {
    let vectors = vectors(NOTES);
    let Policy { log_key, witnesses, .. } = policy(&vectors);
    assert_eq!(log_key.algorithm(), Algorithm::Ed25519);
    for vector in list(&vectors, "checkpoints") {
        let bytes = text(vector, "note").as_bytes();
        let checkpoint = Checkpoint::open(bytes, &log_key).unwrap();
        assert_eq!(checkpoint.origin, log_key.name());
        assert_eq!(checkpoint.size, number(vector, "size"));
        assert_eq!(checkpoint.root, hash(text(vector, "root")));
        assert_eq!(checkpoint.encode().unwrap(), text(vector, "text"));
        let note = SignedNote::parse(bytes).unwrap();
        assert_eq!(note.encode().unwrap().as_bytes(), bytes);
        let times: Vec<_> =
            note.verify(&witnesses).unwrap().iter().map(|good| good.timestamp_s).collect();
        assert_eq!(times, [Some(1_790_000_000), Some(1_790_000_001)]);
    }
}

#[test]
fn signatures_are_made_over_the_same_bytes() {
    let vectors = vectors(NOTES);
    for vector in list(&vectors, "checkpoints") {
        let note = SignedNote::parse(text(vector, "note").as_bytes()).unwrap();
        for (witness, line) in list(&vectors, "witnesses").iter().zip(&note.signatures()[1..]) {
            let seed = bytes(text(witness, "seed"));
            let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
            let time = u64::from_be_bytes(line.bytes()[..8].try_into().unwrap());
            let raw = pair.sign(&message_to_cosign(note.text(), time));
            assert_eq!(line.bytes()[8..], *raw.as_ref());
        }
    }
}

#[test]
fn tlog_proofs() {
    let vectors = vectors(NOTES);
    let policy = policy(&vectors);
    for vector in list(&vectors, "proofs") {
        let proof = TlogProof::parse(text(vector, "proof").as_bytes()).unwrap();
        assert_eq!(proof.encode().unwrap(), text(vector, "proof"));
        assert_eq!(proof.extra.clone().unwrap_or_default(), bytes(text(vector, "extra")));
        let leaf = leaf_hash(text(vector, "entry").as_bytes());
        let good = proof.verify(leaf, &policy).unwrap();
        assert_eq!(good.checkpoint.size, number(vector, "size"));
        assert_eq!(good.cosignatures.len(), 2);
        assert!(proof.verify(leaf_hash(b"another entry"), &policy).is_err());
    }
}
