//! L3 of the guarantees, the witness's half: whoever has the log's key, its disk and its database
//! can rewrite nothing that was cosigned. Random attacks on a log that goes on growing.

use crate::history::{Chance, Log, Place, is_cosigned, is_long, tree};
use tlog::witness::{AddCheckpoint, TreeHead};
use tlog::{Hash, prove_consistency};

/// An entry of an attacker: none that an honest log of these tests has.
const FORGED: u32 = 1_000_000;

/// The ways to rewrite a history below its cosigned size.
const KINDS: [&str; 8] = ["edit", "delete", "insert", "swap", "truncate", "fork", "replay", "anew"];

/// A history that is not the cosigned one, nor goes on from it; `known` has at least two entries.
fn rewrite(known: &[u32], kind: &str, chance: &mut Chance) -> Vec<u32> {
    let mut entries = known.to_vec();
    let at = chance.below(known.len());
    match kind {
        "edit" => entries[at] = FORGED,
        "delete" => drop(entries.remove(at)),
        "insert" => entries.insert(at, FORGED),
        "swap" => entries.swap(at, (at + 1) % known.len()),
        "truncate" | "replay" => entries.truncate(at),
        "fork" => entries[at..].fill(FORGED),
        _ => entries.fill(FORGED),
    }
    // Most attackers then go on as if nothing had been.
    if !matches!(kind, "replay" | "truncate") || kind == "truncate" && chance.below(2) == 0 {
        let more = chance.below(20);
        entries.extend((0..more).map(|_| FORGED + 1));
    }
    entries
}

/// A proof for it: its own, that of the true log, none, or one that was pieced together.
fn proof(known: &[u32], rewritten: &[u32], old_size: u64, chance: &mut Chance) -> Vec<Hash> {
    let of = |entries: &[u32]| {
        let tree = tree(entries);
        prove_consistency(old_size.min(tree.size()), tree.size(), &tree).unwrap_or_default()
    };
    let mut proof = match chance.below(4) {
        0 => Vec::new(),
        1 => of(&[known, &vec![0; rewritten.len().saturating_sub(known.len())]].concat()),
        _ => of(rewritten),
    };
    if chance.below(4) == 0 && !proof.is_empty() {
        let at = chance.below(proof.len());
        match chance.below(3) {
            0 => proof[at] = tree(known).root(),
            1 => drop(proof.remove(at)),
            _ => proof.insert(at, tree(rewritten).root()),
        }
    }
    proof
}

/// Attacks on one log, between which it grows, against something that cosigns; how many of each
/// kind succeeded.
fn campaign(
    rounds: usize,
    chance: &mut Chance,
    mut cosigns: impl FnMut(&[u8]) -> bool,
    tally: &mut [[usize; 2]; KINDS.len()],
) {
    let log = Log::of_year(1, 2026);
    let mut known = Vec::new();
    for round in 0..rounds {
        if known.len() < 2 || chance.below(3) == 0 {
            let (old_size, more) = (known.len() as u64, 2 + chance.below(5));
            // No two entries are alike: to swap two is to change something.
            known.extend((0..more).map(|number| u32::try_from(round * 8 + number).unwrap()));
            assert!(cosigns(&log.ask(old_size, &known)), "the honest log grows");
        }
        let kind = round % KINDS.len();
        let rewritten = rewrite(&known, KINDS[kind], chance);
        if rewritten.starts_with(&known) {
            // Only in the control: what is forged throughout can be forged again to the same.
            continue;
        }
        let size = rewritten.len() as u64;
        let guess = chance.below(rewritten.len() + 1) as u64;
        let old_size = if chance.below(4) == 0 { guess } else { known.len() as u64 };
        let old_size = old_size.min(size);
        let proof = proof(&known, &rewritten, old_size, chance);
        tally[kind][0] += 1;
        if cosigns(&log.ask_with(old_size, proof, &tree(&rewritten))) {
            tally[kind][1] += 1;
            // For whoever believes it, this is the history now.
            known = rewritten;
        }
    }
}

const ROUNDS: usize = 80;

#[test]
fn l3_no_rewriting_of_what_was_cosigned_is_cosigned() {
    let (mut chance, mut tally) = (Chance(7), [[0; 2]; KINDS.len()]);
    for campaigns in 0..if is_long() { 125 } else { 8 } {
        let place = Place::new(campaigns, &[&Log::of_year(1, 2026)]);
        let witness = place.open().unwrap();
        let cosigns = |body: &[u8]| {
            place.pass(2);
            is_cosigned(&witness.add_checkpoint(body))
        };
        campaign(ROUNDS, &mut chance, cosigns, &mut tally);
    }
    for (kind, [tried, succeeded]) in KINDS.iter().zip(tally) {
        assert!(tried > 40, "{kind}: {tried}");
        assert_eq!(succeeded, 0, "{kind}: of {tried}");
    }
}

/// The control: the same attacks against a witness that takes sizes for proof enough.
#[test]
fn l3_control_without_the_consistency_proof_the_attacks_succeed() {
    let (mut chance, mut tally) = (Chance(7), [[0; 2]; KINDS.len()]);
    let mut known = TreeHead::empty();
    let careless = |body: &[u8]| {
        let request = AddCheckpoint::parse(body).unwrap();
        let claimed = request.claimed();
        let fits = request.old_size() == known.size && claimed.size > known.size;
        if fits {
            known = TreeHead { size: claimed.size, root: claimed.root };
        }
        fits
    };
    campaign(ROUNDS, &mut chance, careless, &mut tally);
    let succeeded: Vec<_> =
        KINDS.iter().zip(tally).filter(|(_, [_, succeeded])| *succeeded > 0).collect();
    assert!(succeeded.len() >= 4, "{succeeded:?}");
}
