//! Where a bit may flip in memory between an entry's way to the disk and the signature above it: in
//! the product nowhere, in the tests of L7 (`flip_tests.rs`) where they say.

/// What is hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "only tests flip what lies in memory longer"))]
pub(crate) enum Memory {
    /// An entry, after it was written to the journal.
    Entry,
    /// Its hash, as the first computation takes it.
    LeafOfFrontier,
    /// Its hash, as the second takes it.
    LeafOfTree,
    /// What the first computation remembers.
    Frontier,
    /// What the second remembers.
    Tree,
    /// How long the first believes that the log is.
    SizeOfFrontier,
    /// How long the second does.
    SizeOfTree,
    /// The root on which both agreed.
    AgreedRoot,
    /// The text that is signed.
    Text,
    /// The signed checkpoint.
    Note,
}

#[cfg(not(test))]
mod product {
    use super::Memory;
    use crate::writer::Shard;

    pub(crate) const fn may(_: Memory, _: &mut [u8]) {}
    pub(crate) const fn may_in_text(_: Memory, _: &mut str) {}
    pub(crate) const fn may_in(_: &mut Shard) {}

    /// Whether the computations are not compared: the control of L7.
    pub(crate) const fn is_unguarded() -> bool {
        false
    }
}

#[cfg(not(test))]
pub(crate) use product::{is_unguarded, may, may_in, may_in_text};

#[cfg(test)]
pub(crate) use crate::flip_tests::{is_unguarded, may, may_in, may_in_text};
