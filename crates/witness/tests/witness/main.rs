//! The witness held to its guarantees: what it refuses (L3), that no split view gets a quorum (L5),
//! that silence is an alarm (L8), wherever the machine ends; then its doors and its program.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod crash;
mod edge;
mod history;
mod program;
mod protocol;
mod rewriting;
mod silence;
mod split_view;
