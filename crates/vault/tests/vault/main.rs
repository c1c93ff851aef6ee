//! The vault as others meet it: what it promises, each promise with the control that shows that the
//! test can fail. The ids are those of the guarantees.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::needless_pass_by_value, reason = "a test hands over what it needs no more")]

mod clock;
mod copies;
mod crash;
mod damage;
mod devices;
mod disclosures;
mod double;
mod early;
mod expiry;
mod fault;
mod grant;
mod hold_model;
mod holders;
mod holds;
mod house;
mod keys;
mod load;
mod objects;
mod places;
mod raw_disk;
mod remembered;
mod requests;
mod scanner;
mod schedules;
mod scrub;
mod sealed;
mod single;
mod start;
mod unzeroed;
mod versions;
