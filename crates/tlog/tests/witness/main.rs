//! What a log and a witness say to each other, and the witness's step: every refusal, every limit,
//! and random histories.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod bytes;
mod step;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use tlog::note::{message_to_cosign, message_to_sign};
use tlog::witness::AddCheckpoint;
use tlog::{
    Algorithm, Checkpoint, Hash, Signature, SignedNote, Tree, VerifierKey, leaf_hash,
    prove_consistency,
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
        let raw = self.pair.sign(message_to_sign(text));
        Signature::from_raw(&self.key, raw.as_ref()).unwrap()
    }

    fn cosign(&self, text: &str, timestamp_s: u64) -> Signature {
        let raw = self.pair.sign(&message_to_cosign(text, timestamp_s));
        Signature::from_raw_cosignature(&self.key, timestamp_s, raw.as_ref()).unwrap()
    }
}

const ORIGIN: &str = "jikim/07070707-0707-4707-8707-070707070707/2026";

fn log() -> Signer {
    Signer::new(ORIGIN, Algorithm::Ed25519, 1)
}

fn witness() -> Signer {
    Signer::new("example.com/witness", Algorithm::CosignatureV1, 2)
}

/// A history: entry by entry, the branch that it was written on.
fn tree(branches: &[u8]) -> Tree {
    let mut tree = Tree::new();
    for (number, branch) in branches.iter().enumerate() {
        tree.push(leaf_hash(format!("entry {number} of {branch}").as_bytes()));
    }
    tree
}

fn signed(origin: &str, size: u64, root: Hash, signer: &Signer) -> SignedNote {
    let checkpoint = Checkpoint { origin: origin.into(), size, root, extensions: Vec::new() };
    let text = checkpoint.encode().unwrap();
    let mut note = SignedNote::new(text.clone()).unwrap();
    note.add(signer.sign(&text)).unwrap();
    note
}

/// What a log with this tree sends to a witness that has cosigned `old_size` entries of it.
fn request(old_size: u64, tree: &Tree) -> AddCheckpoint {
    let proof = prove_consistency(old_size, tree.size(), tree).unwrap();
    let note = signed(ORIGIN, tree.size(), tree.root(), &log());
    AddCheckpoint::new(old_size, proof, note).unwrap()
}
