//! The real program from end to end: processes, cameras, pages' own requests, disks.
//!
//! Each test names the guarantee that it holds the program to. `JIKIM_TEST_SIZE=long` runs more of
//! the same; without it everything is done in about two minutes.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and say why")]

// The longest test comes first in the alphabet, so that the others run beside it.
mod aging;
mod attesting;
mod bad_input;
mod certificate;
mod contract;
mod disclosing;
mod door;
mod enforcement;
mod exporting;
mod fronting;
mod hostile;
mod house;
mod institution;
mod letters;
mod login;
mod objecting;
mod pictures;
mod plaintext;
mod plans;
mod promises;
mod reading;
mod recording;
mod registering;
mod remembered;
mod requesting;
mod restart;
mod visiting;
mod witness;
