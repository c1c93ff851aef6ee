//! The door as others meet it: a real ledger and a real catalog on a real disk.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod appoint;
mod approval;
mod door;
mod early;
mod house;
mod sign_in;
mod ticket;
mod visit;
mod watch;
