//! The bytes and proofs of the ledger (C2SP); pure.
