//! Single papers: receipts, checkpoints, and what was destroyed in a span.

use tlog::{TlogProof, Tree, leaf_hash, prove_inclusion};
use verify::checkpoint::{self, Earlier};
use verify::ledger::audit;
use verify::{Word, destruction, receipt};

use crate::shelf::{RECORDER, Shelf, Signer, log, note, policy, shelf, usual, witness};

fn tree(entries: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    tree
}

fn proof(entries: &[Vec<u8>], index: u64, signers: &[Signer], extra: Option<Vec<u8>>) -> Vec<u8> {
    let (tree, size) = (tree(entries), entries.len() as u64);
    let hashes = prove_inclusion(index, size, &tree).unwrap();
    let checkpoint = note(&format!("jikim/{RECORDER}/2026"), size, tree.root(), signers);
    TlogProof { extra, index, hashes, checkpoint }.encode().unwrap().into_bytes()
}

#[test]
fn a_receipt_says_which_part_of_it_fails() {
    let entries = usual(&mut Shelf::default(), 2026, 300);
    let all = || [log(2026), witness(1), witness(2)];
    let good = proof(&entries, 77, &all(), None);
    let word = |proof: &[u8], entry: Option<&[u8]>| receipt::verify(proof, &policy(), entry).word();
    assert_eq!(word(&good, Some(&entries[77])), Word::Verified);
    let line = [&entries[77][..], b"\n"].concat();
    assert_eq!(word(&good, Some(&line)), Word::Verified, "an entry saved as a line");
    assert_eq!(word(&good, Some(&entries[78])), Word::NotIncluded);
    assert_eq!(word(&good, None), Word::EntryNotGiven);
    assert_eq!(word(b"a letter", None), Word::ProofMalformed);
    assert_eq!(word(&proof(&entries, 77, &[log(2026)], None), Some(&entries[77])), Word::NoQuorum);
    let unsigned = proof(&entries, 77, &[witness(1), witness(2)], None);
    assert_eq!(word(&unsigned, Some(&entries[77])), Word::BadSignature);
    // A receipt may carry its entry: nothing vouches for it but its hash.
    assert_eq!(word(&proof(&entries, 77, &all(), Some(entries[77].clone())), None), Word::Verified);
    let lie = proof(&entries, 77, &all(), Some(entries[78].clone()));
    assert_eq!(word(&lie, None), Word::NotIncluded);

    let report = receipt::verify(&good, &policy(), Some(&entries[77]));
    assert_eq!(report.fact_of("entry").unwrap(), "2026/77");
    assert_eq!(report.fact_of("kind").unwrap(), "outcome");
    let cosigners = report.fact_of("cosigners").unwrap().as_array().unwrap().clone();
    assert_eq!(cosigners.len(), 2);
    assert_eq!(cosigners[0]["at"], "2026-09-21T14:13:20.000000Z");
}

#[test]
fn a_checkpoint_continues_an_earlier_one_or_not() {
    let (shelf, entries) = shelf(1000);
    let new = shelf.files["2026/checkpoint"].clone();
    let word = |old: &[u8], shelf: &Shelf, new: &[u8]| {
        checkpoint::verify(new, &policy(), Some(&Earlier { note: old, source: shelf })).word()
    };
    let at = |entries: &[Vec<u8>]| {
        let mut earlier = Shelf::default();
        earlier.publish(2026, entries);
        earlier.files["2026/checkpoint"].clone()
    };
    assert_eq!(checkpoint::verify(&new, &policy(), None).word(), Word::Verified);
    for size in [1, 256, 257, 1000] {
        assert_eq!(word(&at(&entries[..size]), &shelf, &new), Word::Verified, "{size}");
    }
    let mut other = entries.clone();
    other[3] = other[1].clone();
    for size in [256, 300, 1000] {
        assert_eq!(word(&at(&other[..size]), &shelf, &new), Word::HistoryRewritten, "{size}");
    }
    assert_eq!(word(&new, &shelf, &at(&entries[..999])), Word::WentBack);
    let mut damaged = shelf.clone();
    damaged.files.get_mut("2026/tile/0/003.p/232").unwrap()[7] ^= 1;
    assert_eq!(word(&at(&entries[..500]), &damaged, &new), Word::TileDamaged);
    damaged.files.remove("2026/tile/0/003.p/232").unwrap();
    assert_eq!(word(&at(&entries[..500]), &damaged, &new), Word::TileMissing);
}

#[test]
fn what_was_destroyed_in_a_span_is_told() {
    let (shelf, _) = shelf(20);
    let told = |span: &str| {
        let audit = audit("destruction", &shelf, &policy(), None);
        destruction::report(audit, span.parse().unwrap())
    };
    let report = told("2026-11-22..2026-11-22");
    assert_eq!(report.word(), Word::Verified);
    let rotations = report.fact_of("destroyed").unwrap().as_array().unwrap();
    assert_eq!(rotations.len(), 1);
    assert_eq!(rotations[0]["reason"], "due");
    assert_eq!(rotations[0]["entry"], "2026/5");
    assert_eq!(rotations[0]["intent"], "2026/4");
    assert_eq!(rotations[0]["keys"], 10);
    assert!(rotations[0]["vault_key_sha256"].is_string());
    assert_eq!(report.fact_of("keys_due").unwrap(), 10);
    let report = told("2026-11-23..2026-12-31");
    assert!(report.fact_of("destroyed").unwrap().as_array().unwrap().is_empty());
}
