//! The real program from end to end: processes, cameras, pages' own requests, disks.
//!
//! Each test names the guarantee that it holds the program to. `JIKIM_TEST_SIZE=long` runs more of
//! the same; without it everything is done in about two minutes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod contract;
mod house;
