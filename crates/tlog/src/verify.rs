//! Verifies inclusion and consistency proofs, by the algorithms of RFC 9162, sections 2.1.3.2 and
//! 2.1.4.2 (the proofs are those of RFC 6962).
//!
//! Strict: a proof has exactly the hashes it needs. One too many is refused, since what nobody
//! checks is a place to hide something in.

use thiserror::Error;

use crate::hash::{Hash, empty_root, node_hash};

/// The most hashes that a proof in a tree with a 64-bit size can need.
pub const MAX_PROOF_HASHES: usize = 65;

/// Why a proof was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VerifyProofError {
    /// The entry is not in the tree.
    #[error("entry {index} cannot be in a tree of {size} entries")]
    NoSuchEntry {
        /// Entry, from 0.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// The old tree is larger than the new one: the log went back.
    #[error("the log went back: it had {old_size} entries and now shows {new_size}")]
    WentBack {
        /// Entries in the earlier tree.
        old_size: u64,
        /// Entries in the later tree.
        new_size: u64,
    },
    /// Fewer hashes than the proof needs.
    #[error("the proof has too few hashes")]
    TooShort,
    /// More hashes than the proof needs.
    #[error("the proof has hashes that it does not need")]
    TooLong,
    /// The hashes do not lead to the root: the entry, the proof or the root is another's.
    #[error("the proof does not lead to the root it was given for")]
    WrongRoot,
    /// The hashes lead to the later root and not to the earlier one: the log was rewritten. The
    /// proof shows it to anybody who trusts both roots.
    #[error("the proof does not lead to the earlier root: the log was rewritten")]
    WrongOldRoot,
}

/// Checks that the entry with hash `leaf` is number `index` (from 0) of the tree with `size` entries
/// and this `root`.
///
/// # Errors
/// If it is not, or the proof has a hash too few or too many.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyProofError> {
    if index >= size {
        return Err(VerifyProofError::NoSuchEntry { index, size });
    }
    let (mut node, mut last) = (index, size - 1);
    let mut computed = leaf;
    for &sibling in proof {
        if last == 0 {
            return Err(VerifyProofError::TooLong);
        }
        if node & 1 == 1 || node == last {
            computed = node_hash(sibling, computed);
            skip_lone_levels(&mut node, &mut last);
        } else {
            computed = node_hash(computed, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(VerifyProofError::TooShort);
    }
    if computed == root { Ok(()) } else { Err(VerifyProofError::WrongRoot) }
}

/// Checks that the tree of `new_size` entries with `new_root` begins with the tree of `old_size`
/// entries with `old_root`.
///
/// Every tree begins with the empty one: for an `old_size` of 0 the proof is empty and says nothing
/// about `new_root`.
///
/// # Errors
/// If it does not, or the proof has a hash too few or too many.
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyProofError> {
    if old_size > new_size {
        return Err(VerifyProofError::WentBack { old_size, new_size });
    }
    if old_size == 0 || old_size == new_size {
        return verify_without_proof(old_size, old_root, new_size, new_root, proof);
    }
    // The old root itself begins the proof where the old tree is one perfect subtree: the prover
    // left it out, since the verifier has it.
    let (&first, rest) = if old_size.is_power_of_two() {
        (&old_root, proof)
    } else {
        proof.split_first().ok_or(VerifyProofError::TooShort)?
    };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    let lone = node.trailing_ones();
    node >>= lone;
    last >>= lone;
    let (mut old_computed, mut new_computed) = (first, first);
    for &sibling in rest {
        if last == 0 {
            return Err(VerifyProofError::TooLong);
        }
        if node & 1 == 1 || node == last {
            old_computed = node_hash(sibling, old_computed);
            new_computed = node_hash(sibling, new_computed);
            skip_lone_levels(&mut node, &mut last);
        } else {
            new_computed = node_hash(new_computed, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(VerifyProofError::TooShort);
    }
    // Every hash of the proof goes into the new root: where that is right, the proof is the new
    // tree's own, and another old root means that this tree has another beginning.
    if new_computed != new_root {
        return Err(VerifyProofError::WrongRoot);
    }
    if old_computed == old_root { Ok(()) } else { Err(VerifyProofError::WrongOldRoot) }
}

fn verify_without_proof(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyProofError> {
    if !proof.is_empty() {
        return Err(VerifyProofError::TooLong);
    }
    if old_size == 0 && old_root != empty_root() {
        return Err(VerifyProofError::WrongOldRoot);
    }
    if old_size == new_size && old_root != new_root {
        return Err(VerifyProofError::WrongRoot);
    }
    Ok(())
}

/// Climbs past the levels at which a node on the right edge has no sibling.
fn skip_lone_levels(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}
