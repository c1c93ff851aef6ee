//! The verifier against ledgers, proofs and images that are as they should be, and against such as
//! are not, each of which must end with its own word.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod bundles;
mod certificates;
mod images;
mod ledgers;
mod mutations;
mod papers;
mod program;
mod second;
mod shelf;

/// Whether the long sizes run: `JIKIM_TEST_SIZE=long`.
fn is_long() -> bool {
    std::env::var("JIKIM_TEST_SIZE").is_ok_and(|size| size == "long")
}
