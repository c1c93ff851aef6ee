//! Each target over its seeds, over all that was ever found, and over mutations that are the same
//! each time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use fuzz::{Mutator, TARGETS, Target, target};

fn findings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz")
}

/// Everything that was ever found for a target, with the names of the files.
fn found(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = findings().join(target.name);
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    files
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect()
}

fn try_it(target: &Target, what: &str, input: &[u8]) {
    if catch_unwind(|| (target.run)(input)).is_err() {
        let kept = std::env::temp_dir().join(format!("fuzz-{}", target.name));
        std::fs::write(&kept, input).unwrap();
        panic!("{what}: ./x fuzz {} {} shows it", target.name, kept.display());
    }
}

fn hold(name: &str) {
    let target = target(name).unwrap();
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    for (number, seed) in seeds.iter().enumerate() {
        try_it(target, &format!("seed {number}"), seed);
    }
    for (path, input) in found(target) {
        try_it(target, &path, &input);
    }
    let mut mutator = Mutator::new(1);
    for number in 0..target.mutations {
        try_it(target, &format!("mutation {number}"), &mutator.mutate(&seeds, target.words));
    }
}

#[test]
fn nothing_that_a_camera_says_does_harm() {
    hold("camera");
}

#[test]
fn nothing_that_reaches_the_public_form_does_harm() {
    hold("front");
}

#[test]
fn no_file_that_nobody_sealed_is_a_genuine_bundle() {
    hold("bundle");
}

#[test]
fn nothing_that_a_published_text_says_does_harm() {
    hold("published");
}

#[test]
fn no_parameter_set_does_harm() {
    hold("parameters");
}

#[test]
fn nothing_in_a_reel_does_harm() {
    hold("reel");
}

#[test]
fn nothing_in_a_ledger_does_harm() {
    hold("ledger");
}

#[test]
fn nothing_that_a_page_says_does_harm() {
    hold("http");
}

#[test]
fn no_request_makes_a_witness_cosign_two_histories() {
    hold("witness");
}

#[test]
fn no_signed_note_does_harm_or_is_forged() {
    hold("note");
}

#[test]
fn no_proof_file_does_harm_or_is_forged() {
    hold("proof");
}

#[test]
fn no_tile_bundle_or_path_does_harm() {
    hold("tile");
}

#[test]
fn no_policy_file_does_harm() {
    hold("policy");
}

/// A target without a test, or a folder of findings that no test reads, would prove nothing.
#[test]
fn every_target_is_tested_and_every_folder_is_a_targets() {
    let source = include_str!("targets.rs");
    for target in TARGETS {
        assert!(source.contains(&format!("hold(\"{}\")", target.name)), "{}", target.name);
    }
    let names: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names.len(), TARGETS.len());
    for folder in std::fs::read_dir(findings()).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "{name}");
    }
}
