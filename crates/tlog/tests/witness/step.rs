//! The witness's step: when it refuses and with what answer, and that no sequence of requests makes
//! it cosign two histories.

use proptest::prelude::*;
use tlog::note::VerifyNoteError;
use tlog::witness::{Accepted, AddCheckpoint, Answer, Refusal, TreeHead, cosignature_by, step};
use tlog::{Algorithm, Tree, VerifyProofError, empty_root, prove_consistency};

use crate::{ORIGIN, Signer, log, request, signed, tree, witness};

fn head(tree: &Tree) -> TreeHead {
    TreeHead { size: tree.size(), root: tree.root() }
}

fn judge(known: TreeHead, request: &AddCheckpoint) -> Result<Accepted, Refusal> {
    step(known, request, &log().key)
}

#[test]
fn a_log_that_only_grows_is_cosigned() {
    let mut known = TreeHead::empty();
    for size in [0, 1, 2, 3, 3, 8, 8, 13, 64, 65, 300] {
        let tree = tree(&vec![0; size]);
        let accepted = judge(known, &request(known.size, &tree)).unwrap();
        assert_eq!(accepted.head(), head(&tree));
        assert_eq!(accepted.grown(), tree.size() > known.size);
        known = accepted.head();
    }
}

#[test]
fn what_the_witness_signs_verifies_as_its_cosignature() {
    let (tree, witness) = (tree(&[0; 9]), witness());
    let request = request(0, &tree);
    let accepted = judge(TreeHead::empty(), &request).unwrap();
    assert_eq!(accepted.text(), request.note().text());
    let raw = witness.pair.sign(&accepted.message(1_790_000_000));
    let line = accepted.cosignature(&witness.key, 1_790_000_000, raw.as_ref()).unwrap();
    let answer = Answer::Cosigned(vec![line.clone()]);
    let Ok(Answer::Cosigned(lines)) = Answer::read(200, None, answer.body().as_bytes()) else {
        panic!("what is written is read")
    };
    let found = cosignature_by(&witness.key, request.note().text(), &lines).unwrap();
    assert_eq!(found, (line, 1_790_000_000));
}

#[test]
fn each_refusal_has_its_answer() {
    let (old, new) = (tree(&[0; 5]), tree(&[0; 9]));
    let known = head(&old);
    let refused = |request: &AddCheckpoint| {
        let refusal = judge(known, request).unwrap_err();
        (refusal.answer(), refusal)
    };
    // 404: another log's checkpoint, by the same key.
    let elsewhere = signed("log.example", 9, new.root(), &log());
    let (answer, _) = refused(&AddCheckpoint::new(5, vec![], elsewhere).unwrap());
    assert_eq!(answer, Answer::UnknownLog);
    // 403: a stranger of the same name.
    let stranger = Signer::new(ORIGIN, Algorithm::Ed25519, 9);
    let forged = signed(ORIGIN, 9, new.root(), &stranger);
    let (answer, refusal) = refused(&AddCheckpoint::new(5, vec![], forged).unwrap());
    assert_eq!(answer, Answer::UnknownKey);
    assert_eq!(refusal, Refusal::Signature(VerifyNoteError::NoKnownKey));
    // 400: an old size above the checkpoint's.
    let note = request(5, &new).note().clone();
    let (answer, _) = refused(&AddCheckpoint::new(10, vec![], note.clone()).unwrap());
    assert_eq!(answer, Answer::BadRequest);
    // 409: the log does not know what was cosigned last.
    for old_size in [0, 4, 6, 9] {
        let (answer, refusal) = refused(&request(old_size, &new));
        assert_eq!(answer, Answer::Conflict { size: 5 });
        assert!(!refusal.proves_fork());
    }
    // 409: the log went back.
    let (answer, _) = refused(&request(3, &tree(&[0; 4])));
    assert_eq!(answer, Answer::Conflict { size: 5 });
    // 422: a proof that is missing, or another's.
    let (answer, refusal) = refused(&AddCheckpoint::new(5, vec![], note).unwrap());
    assert_eq!(answer, Answer::Inconsistent);
    assert!(!refusal.proves_fork());
    // 422 for the sizes that are equal, since their proof has no hash.
    let note = request(5, &old).note().clone();
    let (answer, _) = refused(&AddCheckpoint::new(5, vec![empty_root()], note).unwrap());
    assert_eq!(answer, Answer::Inconsistent);
}

#[test]
fn two_trees_of_one_size_are_a_fork_whatever_the_old_size() {
    let (ours, other) = (tree(&[0; 5]), tree(&[0, 0, 0, 0, 1]));
    for old_size in 0..=5 {
        let refusal = judge(head(&ours), &request(old_size, &other)).unwrap_err();
        assert_eq!(refusal, Refusal::Fork { known: head(&ours), root: other.root() });
        assert_eq!(refusal.answer(), Answer::Conflict { size: 5 });
        assert!(refusal.proves_fork());
    }
    // The tree without entries has one root alone.
    let note = signed(ORIGIN, 0, ours.root(), &log());
    let refusal = judge(TreeHead::empty(), &AddCheckpoint::new(0, vec![], note).unwrap());
    assert!(refusal.unwrap_err().proves_fork());
}

#[test]
fn a_rewritten_log_proves_its_own_fork() {
    let (ours, rewritten) = (tree(&[0; 5]), tree(&[0, 1, 0, 0, 0, 0, 0, 0, 0]));
    let refusal = judge(head(&ours), &request(5, &rewritten)).unwrap_err();
    let source = VerifyProofError::WrongOldRoot;
    assert_eq!(refusal, Refusal::Inconsistent { known: head(&ours), source });
    assert!(refusal.proves_fork());
    // A proof that somebody spoilt on the way accuses nobody.
    let honest = tree(&[0; 9]);
    let good = request(5, &honest);
    for spoilt in 0..good.proof().len() {
        let mut proof = good.proof().to_vec();
        proof[spoilt].0[7] ^= 1;
        let request = AddCheckpoint::new(5, proof, good.note().clone()).unwrap();
        let refusal = judge(head(&ours), &request).unwrap_err();
        assert_eq!(refusal.answer(), Answer::Inconsistent);
        assert!(!refusal.proves_fork(), "hash {spoilt}");
    }
}

/// Requests that two histories with one key could send: the branch of each entry, an old size, a
/// size, and whether the proof is that of the other history.
type Attack = (Vec<u8>, usize, usize, bool);

fn attacks() -> impl Strategy<Value = Vec<Attack>> {
    let branch = prop_oneof![8 => Just(0_u8), 1 => Just(1_u8)];
    let history = proptest::collection::vec(branch, 40);
    proptest::collection::vec((history, 0_usize..=40, 0_usize..=40, any::<bool>()), 1..30)
}

/// What a witness cosigned when it answered these requests: the histories, cut at their sizes.
fn cosigned(
    attacks: &[Attack],
    mut judge: impl FnMut(TreeHead, &AddCheckpoint) -> Option<TreeHead>,
) -> Vec<Vec<u8>> {
    let (mut known, mut cosigned) = (TreeHead::empty(), Vec::new());
    for (branches, old_size, size, guess) in attacks {
        let branches = &branches[..*size];
        let tree = tree(branches);
        // Half of them know what was cosigned last, since a witness tells everybody.
        let old_size = if *guess { known.size } else { *old_size as u64 };
        let proof = prove_consistency(old_size, tree.size(), &tree).unwrap_or_default();
        let note = signed(ORIGIN, tree.size(), tree.root(), &log());
        let request = AddCheckpoint::new(old_size, proof, note).unwrap();
        if let Some(head) = judge(known, &request) {
            known = head;
            cosigned.push(branches.to_vec());
        }
    }
    cosigned
}

fn one_history(cosigned: &[Vec<u8>]) -> bool {
    cosigned.windows(2).all(|pair| pair[1].starts_with(&pair[0]))
}

proptest! {
    /// L3 of the guarantees, the pure half: whatever is asked, what is cosigned is one history.
    #[test]
    fn l3_no_requests_make_a_witness_cosign_two_histories(attacks in attacks()) {
        let cosigned = cosigned(&attacks, |known, request| {
            judge(known, request).ok().map(|accepted| accepted.head())
        });
        prop_assert!(one_history(&cosigned), "{:?}", cosigned);
    }
}

/// The control: a witness that takes sizes for proof enough cosigns two histories.
#[test]
fn l3_control_a_witness_without_the_proof_cosigns_two_histories() {
    let mut fork = vec![0; 40];
    fork[3] = 1;
    let attacks = [(vec![0; 40], 0, 10, true), (fork, 0, 20, true)];
    let careless = cosigned(&attacks, |known, request| {
        let claimed = request.claimed();
        let head = TreeHead { size: claimed.size, root: claimed.root };
        (request.old_size() == known.size && head.size >= known.size).then_some(head)
    });
    assert!(!one_history(&careless));
    let careful = cosigned(&attacks, |known, request| {
        judge(known, request).ok().map(|accepted| accepted.head())
    });
    assert!(one_history(&careful));
    assert_eq!(careful.len(), 1);
}
