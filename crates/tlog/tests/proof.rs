//! Proof files, verified as an outsider does: all good ones pass, every changed one is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use proptest::prelude::*;
use tlog::note::{VerifyNoteError, message_to_cosign, message_to_sign};
use tlog::proof::{
    MAX_EXTRA_BYTES, MAX_INCLUSION_HASHES, MAX_PROOF_BYTES, Policy, ProofError,
    VerifyTlogProofError,
};
use tlog::tile::{BundleError, encode_entries};
use tlog::{
    Algorithm, Checkpoint, EntryBundle, Hash, OpenCheckpointError, Signature, SignedNote, Tile,
    TlogProof, Tree, VerifierKey, VerifyProofError, leaf_hash, prove_inclusion,
};

struct Signer {
    pair: Ed25519KeyPair,
    key: VerifierKey,
}

impl Signer {
    fn new(name: &str, algorithm: Algorithm, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public_key = pair.public_key().as_ref().try_into().unwrap();
        let key = VerifierKey::new(name, algorithm, public_key).unwrap();
        Self { pair, key }
    }

    fn sign(&self, text: &str) -> Signature {
        if self.key.algorithm() == Algorithm::Ed25519 {
            let raw = self.pair.sign(message_to_sign(text));
            Signature::from_raw(&self.key, raw.as_ref()).unwrap()
        } else {
            let raw = self.pair.sign(&message_to_cosign(text, 1_790_000_000));
            Signature::from_raw_cosignature(&self.key, 1_790_000_000, raw.as_ref()).unwrap()
        }
    }
}

fn log() -> Signer {
    Signer::new("jikim/07070707-0707-4707-8707-070707070707/2026", Algorithm::Ed25519, 1)
}

fn witness(number: u8) -> Signer {
    Signer::new(&format!("witness.example/{number}"), Algorithm::CosignatureV1, 100 + number)
}

fn policy(witnesses: &[Signer], quorum: usize) -> Policy {
    let witnesses = witnesses.iter().map(|witness| witness.key.clone()).collect();
    Policy { log_key: log().key, witnesses, quorum }
}

fn leaf(number: u64) -> Hash {
    leaf_hash(format!("entry {number}").as_bytes())
}

fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|number| tree.push(leaf(number)));
    tree
}

fn checkpoint(tree: &Tree, signers: &[Signer]) -> SignedNote {
    let (origin, size, root) = (log().key.name().to_owned(), tree.size(), tree.root());
    let text = Checkpoint { origin, size, root, extensions: Vec::new() }.encode().unwrap();
    let mut note = SignedNote::new(text.clone()).unwrap();
    signers.iter().for_each(|signer| note.add(signer.sign(&text)).unwrap());
    note
}

fn proof(index: u64, tree: &Tree, checkpoint: &SignedNote) -> TlogProof {
    let hashes = prove_inclusion(index, tree.size(), tree).unwrap();
    TlogProof { extra: None, index, hashes, checkpoint: checkpoint.clone() }
}

/// L9 of the guarantees: 10,000 proofs accepted, 10,000 changed ones refused.
#[test]
fn ten_thousand_proofs_pass_and_as_many_changed_ones_are_refused() {
    let (tree, policy) = (tree(10_000), policy(&[witness(1)], 1));
    let checkpoint = checkpoint(&tree, &[log(), witness(1)]);
    let mut chance = 1_u64;
    for index in 0..10_000 {
        let mut bytes = proof(index, &tree, &checkpoint).encode().unwrap().into_bytes();
        TlogProof::parse(&bytes).unwrap().verify(leaf(index), &policy).unwrap();
        // A linear congruence is chance enough, and the same in each run.
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let at = usize::try_from(chance >> 33).unwrap() % bytes.len();
        bytes[at] ^= 1 << (chance >> 30 & 7);
        if let Ok(changed) = TlogProof::parse(&bytes) {
            assert!(changed.verify(leaf(index), &policy).is_err(), "byte {at} of proof {index}");
        }
    }
}

#[test]
fn every_bit_of_one_proof_matters() {
    let (tree, policy) = (tree(300), policy(&[witness(1)], 1));
    let checkpoint = checkpoint(&tree, &[log(), witness(1)]);
    let good = proof(77, &tree, &checkpoint).encode().unwrap().into_bytes();
    let (mut unread, mut unproven) = (0, BTreeSet::new());
    for (at, bit) in (0..good.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << bit;
        match TlogProof::parse(&bytes).map(|proof| proof.verify(leaf(77), &policy).map(drop)) {
            Err(_) => unread += 1,
            Ok(Err(refused)) => drop(unproven.insert(refused.to_string())),
            Ok(Ok(())) => panic!("bit {bit} of byte {at} is looked at by nobody"),
        }
    }
    assert!(unread > 1000, "{unread}");
    assert!(unproven.len() >= 4, "each check refuses something: {unproven:?}");
}

#[test]
fn a_proof_is_for_one_entry_of_one_log() {
    let (tree, policy) = (tree(300), policy(&[], 0));
    let good = proof(77, &tree, &checkpoint(&tree, &[log()]));
    assert!(good.verify(leaf(77), &policy).is_ok());
    let wrong = |result: Result<_, VerifyTlogProofError>| result.map(drop).unwrap_err();
    let root = VerifyTlogProofError::VerifyInclusion(VerifyProofError::WrongRoot);
    assert_eq!(wrong(good.verify(leaf(78), &policy)), root);
    let elsewhere = TlogProof { index: 78, ..good.clone() };
    assert_eq!(wrong(elsewhere.verify(leaf(77), &policy)), root);

    let stranger = Signer::new(log().key.name(), Algorithm::Ed25519, 9);
    let forged = proof(77, &tree, &checkpoint(&tree, &[stranger]));
    let refused = wrong(forged.verify(leaf(77), &policy));
    let no_key = OpenCheckpointError::VerifyNote(VerifyNoteError::NoKnownKey);
    assert_eq!(refused, VerifyTlogProofError::OpenCheckpoint(no_key));
}

#[test]
fn a_quorum_counts_different_witnesses() {
    let tree = tree(10);
    let (one, two) = (witness(1), witness(2));
    let found = |signers: &[Signer], witnesses: &[Signer]| {
        let policy = policy(witnesses, usize::MAX);
        let refused = proof(3, &tree, &checkpoint(&tree, signers)).verify(leaf(3), &policy);
        match refused.map(drop).unwrap_err() {
            VerifyTlogProofError::NoQuorum { found, .. } => found,
            other => panic!("{other}"),
        }
    };
    let known = [witness(1), witness(2)];
    assert_eq!(found(&[log()], &known), 0);
    assert_eq!(found(&[log(), witness(1)], &known), 1);
    assert_eq!(found(&[log(), witness(1), witness(1)], &known), 1);
    assert_eq!(found(&[log(), witness(1), witness(3)], &known), 1);
    assert_eq!(found(&[log(), one, two], &known), 2);
    // One key under two names is one witness.
    let alias = || Signer::new("witness.example/alias", Algorithm::CosignatureV1, 101);
    assert_eq!(found(&[log(), witness(1), alias()], &[witness(1), alias()]), 1);
    // The log is no witness of itself, and a plain signature is no cosignature.
    let itself = || Signer::new(log().key.name(), Algorithm::CosignatureV1, 1);
    assert_eq!(found(&[log(), itself()], &[itself()]), 0);
    let plain = || Signer::new("witness.example/plain", Algorithm::Ed25519, 50);
    assert_eq!(found(&[log(), plain()], &[plain()]), 0);
}

#[test]
fn a_bad_cosignature_of_a_known_witness_is_refused_even_without_a_quorum() {
    let tree = tree(10);
    let mut note = checkpoint(&tree, &[log()]);
    note.add(witness(1).sign("another text\n")).unwrap();
    let proof = proof(3, &tree, &note);
    assert!(proof.verify(leaf(3), &policy(&[], 0)).is_ok());
    let refused = proof.verify(leaf(3), &policy(&[witness(1)], 0)).map(drop);
    assert!(matches!(refused, Err(VerifyTlogProofError::VerifyCosignature(_))));
}

#[test]
fn what_is_not_a_proof_is_refused() {
    let tree = tree(3);
    let mut proof = proof(1, &tree, &checkpoint(&tree, &[log()]));
    proof.extra = Some(b"extra".to_vec());
    let good = proof.encode().unwrap();
    assert_eq!(TlogProof::parse(good.as_bytes()), Ok(proof.clone()));
    let hash = proof.hashes[0].to_base64();
    for (bad, why) in [
        (String::new(), ProofError::Header),
        (good.replace("@v1", "@v2"), ProofError::Header),
        (format!("\n{good}"), ProofError::Header),
        (good.replace("extra ", "Extra "), ProofError::Index),
        (good.replace("extra ZXh0cmE=", "extra "), ProofError::Extra),
        (good.replace("extra ZXh0cmE=", "extra ZXh0cmE"), ProofError::Extra),
        (good.replace("index 1", "index 01"), ProofError::Index),
        (good.replace("index 1", "index"), ProofError::Index),
        (good.replace("index 1\n", ""), ProofError::Index),
        (good.replace("index 1", "index 1\nindex 1"), inclusion_hash(1)),
        (good.replace("index 1", "index 1\r"), ProofError::Index),
        (good.replace(&hash, &hash[1..]), inclusion_hash(1)),
        (good.replace(&hash, &format!("{hash} ")), inclusion_hash(1)),
        (good.replacen(&hash, &format!("{hash}\n").repeat(64), 1), ProofError::TooManyHashes),
        (good.split("\n\n").next().unwrap().into(), ProofError::NoCheckpoint),
        ("x".repeat(MAX_PROOF_BYTES + 1), ProofError::TooLong),
    ] {
        assert_eq!(TlogProof::parse(bad.as_bytes()), Err(why), "{bad}");
    }
    let refused = TlogProof::parse(good.replace("\n\n", "\n\n\n").as_bytes());
    assert!(matches!(refused, Err(ProofError::ParseCheckpoint(_))));
    let refused = TlogProof::parse(good.replace('\u{2014}', "-").as_bytes());
    assert!(matches!(refused, Err(ProofError::ParseNote(_))));
    assert_eq!(TlogProof::parse(b"\xff\n\n"), Err(ProofError::Encoding));

    for extra in [0, MAX_EXTRA_BYTES + 1] {
        proof.extra = Some(vec![0; extra]);
        assert_eq!(proof.encode(), Err(ProofError::Extra));
    }
    proof.extra = Some(vec![0; MAX_EXTRA_BYTES]);
    proof.hashes = vec![leaf(1); MAX_INCLUSION_HASHES];
    assert_eq!(TlogProof::parse(proof.encode().unwrap().as_bytes()), Ok(proof.clone()));
    proof.hashes.push(leaf(1));
    assert_eq!(proof.encode(), Err(ProofError::TooManyHashes));
}

fn inclusion_hash(line: usize) -> ProofError {
    ProofError::InclusionHash { line, source: tlog::HashError }
}

#[test]
fn damaged_bundles_are_refused() {
    let bundle = EntryBundle { index: 0, width: 3 };
    let bytes = encode_entries(&["one", "", "three"]).unwrap();
    assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
    assert_eq!(bundle.parse_entries(&bytes).unwrap(), [&b"one"[..], b"", b"three"]);
    for cut in 0..bytes.len() {
        assert!(bundle.parse_entries(&bytes[..cut]).is_err(), "cut to {cut}");
    }
    let cut = bundle.parse_entries(&bytes[..bytes.len() - 1]);
    assert_eq!(cut, Err(BundleError::Cut(2)));
    assert_eq!(bundle.parse_entries(&bytes[..6]), Err(BundleError::Cut(1)));
    let few = Err(BundleError::TooFew { width: 3, found: 2 });
    assert_eq!(bundle.parse_entries(&bytes[..7]), few);
    let more = [&bytes[..], b"\0\0"].concat();
    assert_eq!(bundle.parse_entries(&more), Err(BundleError::TooMany { width: 3 }));
    let more = [&bytes[..], b"\0"].concat();
    assert_eq!(bundle.parse_entries(&more), Err(BundleError::Cut(3)));

    assert!(encode_entries(&[vec![0; 65_535]]).is_ok());
    let long = BundleError::EntryTooLong { at: 1, length_bytes: 65_536 };
    assert_eq!(encode_entries(&[vec![], vec![0; 65_536]]), Err(long));
    assert!(encode_entries(&[""; 256]).is_ok());
    assert_eq!(encode_entries(&[""; 257]), Err(BundleError::TooMany { width: 256 }));
}

proptest! {
    #[test]
    fn what_is_read_as_a_path_is_written_back_unchanged(
        level in 0..=63_u8,
        index in any::<u64>(),
        width in 1..=256_u16,
        path in "tile/([0-9]{1,2}|entries)(/x[0-9]{3}){0,3}/[0-9]{3}(\\.p/[0-9]{1,3})?",
    ) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(Tile::parse(&tile.path()), Ok(tile));
        let bundle = EntryBundle { index, width };
        prop_assert_eq!(EntryBundle::parse(&bundle.path()), Ok(bundle));
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        } else if let Ok(bundle) = EntryBundle::parse(&path) {
            prop_assert_eq!(bundle.path(), path);
        }
    }

    #[test]
    fn bundles_survive_being_written_and_read(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..=256),
    ) {
        let width = u16::try_from(entries.len()).unwrap();
        let bytes = encode_entries(&entries).unwrap();
        let read = EntryBundle { index: 0, width }.parse_entries(&bytes).unwrap();
        prop_assert_eq!(read, entries);
    }

    #[test]
    fn what_is_read_as_a_proof_is_written_back_unchanged(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let tree = tree(20);
        let mut proof = proof(1, &tree, &checkpoint(&tree, &[log()]));
        proof.extra = Some(b"extra".to_vec());
        let mut bytes = proof.encode().unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = TlogProof::parse(&bytes) {
            prop_assert_eq!(read.encode().unwrap().into_bytes(), bytes);
        }
    }
}
