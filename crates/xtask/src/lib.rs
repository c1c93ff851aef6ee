//! Tidy: the walls of the house, checked as an ordinary test.
//!
//! Each check is a function from what it looks at to its findings, so that its own unit test can
//! hand it a bad sample and see it object. `tests/tidy.rs` runs every check over this repository;
//! nothing here needs the network.

pub mod bans;
pub mod docs;
pub mod rust;
pub mod tree;
pub mod uses;
pub mod walls;

mod allowed;

use std::fmt;

/// One thing that is not as it must be, with where it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Crate, or path from the root, with the line where there is one.
    pub place: String,
    /// What is wrong and what would be right.
    pub text: String,
}

impl Finding {
    fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }

    fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), text)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}
