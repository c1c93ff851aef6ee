//! The append-only ledger: entries, checkpoints, side records, grants.
