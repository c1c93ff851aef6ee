//! The compact range: the roots of the perfect subtrees that a tree of some size consists of.
//!
//! Enough to grow a tree and know its root without any of its tiles, and one of the two ways to the
//! root before it is signed (the other is [`crate::Tree::root_at`]).

use crate::hash::{Hash, empty_root, node_hash};

/// A tree of `size` entries, as the roots of its perfect subtrees, largest first. There are as many
/// of them as `size` has bits set: at most 64, whatever the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The tree without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an entry by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        // Every bit that carries is a pair of perfect subtrees of one size that become one.
        for _ in 0..self.size.trailing_ones() {
            let left = self.roots.pop().expect("a subtree for each bit set in the size");
            root = node_hash(left, root);
        }
        self.roots.push(root);
        self.size += 1;
    }

    /// All of it that lies in memory, to be spoilt: for tests of what notices a bit that flips. It is
    /// no tree any more then.
    #[doc(hidden)]
    pub fn memory_mut(&mut self) -> (&mut u64, impl Iterator<Item = &mut Hash>) {
        (&mut self.size, self.roots.iter_mut())
    }

    /// Entries in the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root hash of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_right = self.roots.iter().rev().copied();
        let Some(last) = from_right.next() else { return empty_root() };
        from_right.fold(last, |right, left| node_hash(left, right))
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut frontier = Self::new();
        frontier.extend(leaves);
        frontier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn holds_one_root_for_each_bit_of_the_size() {
        let mut frontier = Frontier::new();
        assert_eq!(frontier.root(), empty_root());
        for size in 1..=1000_u64 {
            frontier.push(leaf_hash(&size.to_be_bytes()));
            assert_eq!(frontier.size(), size);
            assert_eq!(frontier.roots.len(), size.count_ones() as usize);
        }
    }
}
