//! Reading: from lines to facts, one module for each kind of fact.

use crate::{Published, Source};

/// Reads a policy. Whatever the text is, something comes back; at worst no fact.
#[must_use]
pub fn read(text: &str) -> Published {
    Published { source: Source::read(text), ..Published::default() }
}
