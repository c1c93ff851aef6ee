//! Inclusion and consistency proofs (RFC 6962, sections 2.1.1 and 2.1.2), computed from tiles.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use crate::hash::{Hash, node_hash};
use crate::tile::{HashReader, ReadTileError, TILE_HEIGHT, tile_holding};
use crate::tree::{merkle_root, read_checked};

/// Why a proof could not be computed.
#[derive(Debug, Error)]
pub enum ProveError {
    /// The entry is not in the tree.
    #[error("entry {index} is not in a ledger of {size} entries")]
    NoSuchEntry {
        /// Entry asked for, from 0.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// The tree that should come first is the larger one.
    #[error("a ledger of {old_size} entries cannot come before one of {new_size}")]
    WrongOrder {
        /// Entries in the tree said to be earlier.
        old_size: u64,
        /// Entries in the tree said to be later.
        new_size: u64,
    },
    /// A tile is missing or damaged.
    #[error(transparent)]
    ReadTile(#[from] ReadTileError),
}

/// Proves that entry `index` is in the tree of `size` entries: the hashes from the leaf's sibling
/// up to the root's child, at most 64.
///
/// # Errors
/// If there is no such entry, or a tile cannot be read.
pub fn prove_inclusion(
    index: u64,
    size: u64,
    reader: impl HashReader,
) -> Result<Vec<Hash>, ProveError> {
    if index >= size {
        return Err(ProveError::NoSuchEntry { index, size });
    }
    let mut siblings = Vec::new();
    let mut part = 0..size;
    while part.end - part.start > 1 {
        let (left, right) = split(&part);
        let (inside, beside) = if index < left.end { (left, right) } else { (right, left) };
        siblings.push(beside);
        part = inside;
    }
    roots_from_below(&siblings, size, reader)
}

/// Proves that the tree of `new_size` entries begins with the tree of `old_size` entries. The proof
/// is empty when the old tree is empty or the sizes are equal.
///
/// # Errors
/// If the old tree is larger than the new one, or a tile cannot be read.
pub fn prove_consistency(
    old_size: u64,
    new_size: u64,
    reader: impl HashReader,
) -> Result<Vec<Hash>, ProveError> {
    if old_size > new_size {
        return Err(ProveError::WrongOrder { old_size, new_size });
    }
    if old_size == 0 {
        return Ok(Vec::new());
    }
    let mut siblings = Vec::new();
    let mut part = 0..new_size;
    while part.end != old_size {
        let (left, right) = split(&part);
        let (inside, beside) = if old_size <= left.end { (left, right) } else { (right, left) };
        siblings.push(beside);
        part = inside;
    }
    // A part that begins the tree is the old tree itself, whose root the verifier has.
    if part.start > 0 {
        siblings.push(part);
    }
    roots_from_below(&siblings, new_size, reader)
}

/// Splits a subtree as RFC 6962 does: the left part is the largest power of two below its size.
fn split(part: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let size = part.end - part.start;
    // Without `next_power_of_two`, which would overflow above 2^63.
    let middle = part.start + (1 << (size - 1).ilog2());
    (part.start..middle, middle..part.end)
}

/// The roots of subtrees noted from the root downwards, in the order of a proof: upwards.
fn roots_from_below(
    parts: &[Range<u64>],
    size: u64,
    reader: impl HashReader,
) -> Result<Vec<Hash>, ProveError> {
    let mut subtrees = Subtrees { size, reader, tiles: BTreeMap::new() };
    parts.iter().rev().map(|part| subtrees.root(part.clone())).collect()
}

/// Roots of subtrees of the tree of `size` entries; each tile is read once.
struct Subtrees<R> {
    size: u64,
    reader: R,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<R: HashReader> Subtrees<R> {
    /// The root of the entries `part`, which begins at a multiple of a power of two that is not
    /// smaller than its size.
    fn root(&mut self, mut part: Range<u64>) -> Result<Hash, ProveError> {
        let mut perfect = Vec::new();
        while part.start < part.end {
            let height = (part.end - part.start).ilog2();
            perfect.push(self.perfect_root(part.start >> height, height)?);
            part.start += 1 << height;
        }
        let mut from_right = perfect.into_iter().rev();
        let last = from_right.next().expect("no part of a tree is empty");
        Ok(from_right.fold(last, |right, left| node_hash(left, right)))
    }

    /// The root of perfect subtree number `at` of those with 2^`height` entries.
    fn perfect_root(&mut self, at: u64, height: u32) -> Result<Hash, ProveError> {
        let level = u8::try_from(height / TILE_HEIGHT).expect("at most 63 / 8");
        let count = 1_u64 << (height % TILE_HEIGHT);
        let tile = tile_holding(level, at * count, self.size);
        let hashes = match self.tiles.get(&(level, tile.index)) {
            Some(hashes) => hashes,
            None => {
                let hashes = read_checked(tile, &self.reader)?;
                self.tiles.entry((level, tile.index)).or_insert(hashes)
            }
        };
        let from = usize::try_from(at * count % 256).expect("below 256");
        let to = from + usize::try_from(count).expect("at most 128");
        Ok(merkle_root(&hashes[from..to]))
    }
}
