//! A second implementation, in Python and from the C2SP text alone, is fed the same proofs.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tlog::policy::Policy;
use tlog::{TlogProof, Tree, leaf_hash, prove_inclusion};
use verify::{Class, receipt};

use crate::is_long;
use crate::shelf::{RECORDER, Shelf, log, note, usual, witness};

/// One proof and the entry it is for.
struct Pair {
    proof: Vec<u8>,
    entry: Vec<u8>,
}

/// A linear congruence is chance enough, and the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// All witnesses are asked for, so that no line of a note is without meaning.
fn policy_text() -> String {
    let (one, two) = (witness(1).key, witness(2).key);
    format!(
        "# all of two\nlog {}\nwitness one {one}\nwitness two {two}\n\
         group both all one two\nquorum both\n",
        log(2026).key
    )
}

/// Proofs that are good, from checkpoints of several sizes.
fn good(count: usize) -> Vec<Pair> {
    let entries = usual(&mut Shelf::default(), 2026, 10_000);
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    let signers = [log(2026), witness(1), witness(2)];
    let sizes = [1, 2, 255, 256, 257, 511, 1000, 4097, 9999, 10_000];
    let origin = format!("jikim/{RECORDER}/2026");
    let notes = sizes.map(|size| note(&origin, size, tree.root_at(size).unwrap(), &signers));
    let mut chance = Chance(7);
    (0..count)
        .map(|at| {
            let size = sizes[at % sizes.len()];
            let index = chance.below(usize::try_from(size).unwrap());
            let hashes = prove_inclusion(index as u64, size, &tree).unwrap();
            let checkpoint = notes[at % sizes.len()].clone();
            let proof = TlogProof { extra: None, index: index as u64, hashes, checkpoint };
            let proof = proof.encode().unwrap().into_bytes();
            Pair { proof, entry: entries[index].clone() }
        })
        .collect()
}

/// The same proof with something changed: a bit, a byte more or less, its end, a line, the entry.
fn mutated(pair: &Pair, other: &Pair, chance: &mut Chance) -> Option<Pair> {
    let Pair { mut proof, mut entry } =
        Pair { proof: pair.proof.clone(), entry: pair.entry.clone() };
    let at = chance.below(proof.len());
    let byte = u8::try_from(chance.below(256)).unwrap();
    match chance.below(8) {
        0 | 1 => proof[at] ^= 1 << (byte & 7),
        2 => proof[at] = byte,
        3 => drop(proof.remove(at)),
        4 => proof.insert(at, byte),
        5 => proof.truncate(at),
        6 => {
            let at = chance.below(entry.len());
            entry[at] ^= 1 << (byte & 7);
        }
        _ => {
            // A line of another proof in the place of one of this.
            let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
                bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect()
            };
            let (mut mine, others) = (lines(&proof), lines(&other.proof));
            let at = chance.below(mine.len());
            mine[at] = others[chance.below(others.len())].clone();
            proof = mine.join(&b'\n');
        }
    }
    (proof != pair.proof || entry != pair.entry).then_some(Pair { proof, entry })
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/tlog/verify.py")
}

/// What the second implementation says of each.
fn second_opinion(pairs: &[Pair]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (policy, batch) = (folder.path().join("policy"), folder.path().join("batch"));
    std::fs::write(&policy, policy_text()).unwrap();
    let line = |pair: &Pair| {
        let (proof, entry) = (STANDARD.encode(&pair.proof), STANDARD.encode(&pair.entry));
        format!("{{\"proof\":\"{proof}\",\"entry\":\"{entry}\"}}\n")
    };
    std::fs::write(&batch, pairs.iter().map(line).collect::<String>()).unwrap();
    let mut python = Command::new("python3");
    let output = python.arg(script()).arg(&policy).arg("--batch").arg(&batch).output();
    let output = output.expect("python3 is there: ./x brings it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn l9_a_second_implementation_agrees_on_every_proof() {
    let count = if is_long() { 10_000 } else { 400 };
    let policy = Policy::parse(policy_text().as_bytes()).unwrap();
    let ours = |pair: &Pair| {
        receipt::verify(&pair.proof, &policy, Some(&pair.entry)).word().class() == Class::Verified
    };
    let good = good(count);
    let mut chance = Chance(11);
    let mut bad = Vec::new();
    while bad.len() < count {
        let (one, other) = (&good[bad.len()], &good[chance.below(count)]);
        bad.extend(mutated(one, other, &mut chance));
    }
    assert!(good.iter().all(ours));
    let accepted: Vec<usize> = (0..count).filter(|&at| ours(&bad[at])).collect();
    assert!(accepted.is_empty(), "we accept mutations {accepted:?}");
    let said = second_opinion(&good);
    assert_eq!(said.len(), count);
    assert!(said.iter().all(|said| said == "accepted"), "{said:?}");
    let said = second_opinion(&bad);
    assert_eq!(said.len(), count);
    let mut reasons: Vec<&String> = said.iter().collect();
    assert!(reasons.iter().all(|said| said.starts_with("refused: ")), "{reasons:?}");
    // The control: they are refused for many reasons, and not all for one that has nothing to do
    // with what was changed.
    reasons.sort_unstable();
    reasons.dedup();
    assert!(reasons.len() >= 8, "{reasons:?}");
}

/// Second signatures: what is accepted with them, altered or missing, both say the same of.
#[test]
fn l9_second_signatures_are_judged_alike() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
    use tlog::note::EcdsaKey;

    let folder = tempfile::tempdir().unwrap();
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let key = EcdsaKey::new(log(2026).key.name(), pair.public_key().as_ref().try_into().unwrap());
    let key = key.unwrap();
    let text = format!("log {key}\n{}", policy_text());
    let policy = tlog::policy::Policy::parse(text.as_bytes()).unwrap();
    let policy_path = folder.path().join("policy");
    std::fs::write(&policy_path, &text).unwrap();

    let entry = b"an entry".to_vec();
    let root = tlog::leaf_hash(&entry);
    let signers = [log(2026), witness(1), witness(2)];
    let plain = note(log(2026).key.name(), 1, root, &signers);
    let (mut lines, mut expected, mut accepted) = (String::new(), String::new(), 0);
    for at in 0..60_usize {
        let raw = pair.sign(&SystemRandom::new(), plain.text().as_bytes()).unwrap();
        let mut raw = raw.as_ref().to_vec();
        // One in three is whole, one in three altered in a byte, one is another text's.
        match at % 3 {
            0 => {}
            1 => {
                let byte = (at * 7) % raw.len();
                raw[byte] ^= 1 << (at % 8);
            }
            _ => raw = pair.sign(&SystemRandom::new(), b"another\n").unwrap().as_ref().to_vec(),
        }
        let mut signed = plain.clone();
        signed.add(tlog::Signature::from_raw_ecdsa(&key, &raw).unwrap()).unwrap();
        let proof = TlogProof { extra: None, index: 0, hashes: Vec::new(), checkpoint: signed };
        let ours = policy.check_proof(&proof, root);
        assert!(ours.as_ref().map_or(at % 3 != 0, |it| it.second == Some(true)), "{at}");
        accepted += usize::from(ours.is_ok());
        expected += if ours.is_ok() { "accepted\n" } else { "refused\n" };
        let proof = STANDARD.encode(proof.encode().unwrap());
        let entry = STANDARD.encode(&entry);
        lines += &format!("{{\"proof\":\"{proof}\",\"entry\":\"{entry}\"}}\n");
    }
    assert_eq!(accepted, 20);
    // Without the second one nothing is refused, and it is said that it is missing.
    assert_eq!(policy.check(&plain).unwrap().second, Some(false));
    let batch = folder.path().join("batch");
    std::fs::write(&batch, lines).unwrap();
    let said = std::process::Command::new("python3")
        .arg(script())
        .arg(&policy_path)
        .arg("--batch")
        .arg(&batch)
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let words: String =
        said.lines().map(|line| format!("{}\n", line.split(':').next().unwrap())).collect();
    assert_eq!(words, expected);
}
