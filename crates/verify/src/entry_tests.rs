//! Entries against the recorder's own vectors.

use super::*;

const VECTORS: &str = include_str!("../../../testdata/ledger/entries.json");

/// The recorder's own vectors: all that it writes is read, all that it refuses is refused, and
/// no kind is missing in the list above.
#[test]
fn the_vectors_of_the_format_are_read_and_refused() {
    let document: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for vector in document["entries"].as_array().unwrap() {
        let text = vector["entry"].as_str().unwrap();
        let entry = Entry::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(vector["kind"].as_str(), Some(entry.word));
        seen.insert(entry.word);
    }
    assert_eq!(seen, KINDS.iter().copied().collect());
    for vector in document["refused"].as_array().unwrap() {
        let text = vector["entry"].as_str().unwrap();
        assert!(Entry::parse(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(Entry::parse(&[b' '; MAX_ENTRY_BYTES + 1]), Err(ParseEntryError::TooLong));
}
