//! The edge as a browser and the command line meet it: real TLS on loopback, a real door before a
//! real ledger, and a house that only pretends.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod browser;
mod command_line;
mod disclosures;
mod early;
mod exports;
mod house;
mod matrix;
mod minutes;
mod pages;
mod pretended;
mod recorder;
mod requests;
mod sessions;
mod stopping;
mod viewing;
