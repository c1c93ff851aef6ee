//! The rules: one short module per family.

use crate::Rule;

/// All rules.
pub const RULES: &[Rule] = &[];
