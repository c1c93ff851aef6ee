//! The bytes and proofs of the ledger, byte for byte as C2SP writes them; pure.
//!
//! Nothing here reads a clock, touches a disk or holds a key: hashes go in, hashes, tiles, notes
//! and proofs come out, and signatures are checked but never made. The specifications, what we add
//! to them and every limit are in `docs/formats/tlog.md`.
//!
//! - [`Hash`], [`leaf_hash`], [`node_hash`], [`empty_root`]: RFC 6962, section 2.1.
//! - [`Frontier`] and [`Tree`]: two ways to the same root that share no code above the hash of a
//!   node, compared before a checkpoint is signed.
//! - [`tile`]: tiles and entry bundles, their paths and bytes.
//! - [`prove_inclusion`], [`prove_consistency`] and their verifiers.
//! - [`note`], [`Checkpoint`], [`TlogProof`]: what is signed, and what an outsider verifies offline.
//! - [`witness`]: what a log and a witness say to each other, and what a witness checks.
//! - [`policy`]: whom somebody who verifies trusts, and the quorum of witnesses.

mod checkpoint;
mod frontier;
mod hash;
pub mod note;
pub mod policy;
pub mod proof;
mod prove;
pub mod tile;
mod tree;
mod verify;
pub mod witness;

pub use checkpoint::{
    Checkpoint, CheckpointError, MAX_EXTENSION_BYTES, MAX_EXTENSIONS, MAX_ORIGIN_BYTES,
    MAX_TREE_SIZE, OpenCheckpointError, origin, recorder_of,
};
pub use frontier::Frontier;
pub use hash::{Hash, HashError, empty_root, leaf_hash, node_hash};
pub use note::{Algorithm, Signature, SignedNote, VerifierKey};
pub use proof::TlogProof;
pub use prove::{ProveError, prove_consistency, prove_inclusion};
pub use tile::{
    EntryBundle, HashReader, ReadTileError, TILE_WIDTH, Tile, bundles_between, tiles_between,
};
pub use tree::{Tree, root_from_tiles};
pub use verify::{MAX_PROOF_HASHES, VerifyProofError, verify_consistency, verify_inclusion};
