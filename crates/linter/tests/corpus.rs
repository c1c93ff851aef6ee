//! The rules against policies of which somebody wrote down before what a careful reader finds.
//!
//! Prints recall and precision of each rule, what was missed, what was found falsely, and which facts were
//! read wrongly. Runs over `testdata/policies`, and over each folder of `JIKIM_POLICIES` (parted by `:`)
//! that has an `expected.toml`, or, for the five given texts, over `testdata/policies/given.toml` if
//! `JIKIM_GIVEN_POLICIES` is the folder of the texts.

#![allow(clippy::print_stdout, reason = "what it measures is for whoever develops")]

mod measure;

use std::path::Path;

use measure::{Expected, Measured};

/// The share of expected findings that has to be found in our own corpus, in hundredths.
const LEAST_RECALL: usize = 97;
/// The share of findings that has to be expected there, in hundredths.
const LEAST_PRECISION: usize = 97;
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/policies"))
}

fn measure(name: &str, folder: &Path, expected: &Path) -> Measured {
    let expected = Expected::read(expected);
    let mut measured = Measured::default();
    for policy in &expected.policies {
        let text =
            std::fs::read_to_string(folder.join(&policy.file)).expect("the text can be read");
        measured.add(policy, &text);
    }
    println!("\n# {name}\n{measured}");
    measured
}

#[test]
fn our_corpus() {
    let measured = measure("corpus", root(), &root().join("expected.toml"));
    assert!(measured.wrong_facts.is_empty(), "facts were read wrongly");
    assert!(measured.recall() >= LEAST_RECALL, "too much is missed");
    assert!(measured.precision() >= LEAST_PRECISION, "too much is found that is not there");
}

/// The measure itself can fail: a text that has none of its faults any more is not found right.
#[test]
fn the_measure_tells_another_text() {
    let expected = Expected::read(&root().join("expected.toml"));
    let mut measured = Measured::default();
    let clean = std::fs::read_to_string(root().join("05-sandeul-school.txt")).expect("it is there");
    let faulty =
        expected.policies.iter().find(|it| it.file.starts_with("03")).expect("it is there");
    measured.add(faulty, &clean);
    assert!(measured.recall() < 20 && !measured.wrong_facts.is_empty());
}

/// Texts that are no part of the project: printed, and judged by whoever gave them.
#[test]
fn texts_of_others() {
    if let Ok(folders) = std::env::var("JIKIM_POLICIES") {
        for folder in folders.split(':').filter(|it| !it.is_empty()) {
            measure(folder, Path::new(folder), &Path::new(folder).join("expected.toml"));
        }
    }
    if let Ok(folder) = std::env::var("JIKIM_GIVEN_POLICIES") {
        let measured = measure("given", Path::new(&folder), &root().join("given.toml"));
        assert!(measured.recall() >= 90, "of what a careful reader finds nine in ten");
    }
}
