//! The words of the wire, written and read.

use super::*;

#[test]
fn every_word_is_what_serde_writes() {
    for (set, agrees) in every_set_agrees_with_serde() {
        assert!(agrees, "{set} writes another word than it says");
    }
}

#[test]
fn a_word_comes_back() {
    for &cause in GapCause::ALL {
        assert_eq!(GapCause::from_word(cause.word()), Some(cause));
    }
    assert_eq!(GapCause::from_word("sunspots"), None);
}
