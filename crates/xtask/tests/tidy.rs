//! Tidy over this repository: each test is one rule of CONTRIBUTING.md.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use cargo_metadata::{CargoOpt, MetadataCommand};
use xtask::tree::Source;
use xtask::walls::Edge;
use xtask::{Finding, bans, docs, rust, tree, uses, walls};

static TREE: LazyLock<(Vec<String>, Vec<Source>)> = LazyLock::new(|| tree::tracked(&tree::root()));

static CRATES: LazyLock<(BTreeSet<String>, Vec<Edge>)> = LazyLock::new(|| {
    let read = |manifest| {
        let metadata = MetadataCommand::new()
            .manifest_path(tree::root().join(manifest))
            .no_deps()
            .features(CargoOpt::AllFeatures)
            .other_options(vec!["--offline".to_owned()])
            .exec()
            .expect("cargo metadata reads the workspace without a network");
        walls::edges(&metadata)
    };
    let (mut names, mut edges) = read("Cargo.toml");
    let (other_names, other_edges) = read("press/Cargo.toml");
    names.extend(other_names);
    edges.extend(other_edges);
    (names, edges)
});

#[track_caller]
fn assert_tidy(found: &[Finding]) {
    let mut text = String::new();
    for finding in found {
        let _ = writeln!(text, "  {finding}");
    }
    assert!(found.is_empty(), "\n{text}");
}

#[test]
fn the_tree_and_the_crates_are_seen() {
    assert!(TREE.1.iter().filter(|source| source.is("rs")).count() > 10);
    assert!(CRATES.0.len() > 10 && CRATES.0.contains("press") && CRATES.1.len() > 50);
}

#[test]
fn crates_import_what_the_table_allows() {
    assert_tidy(&walls::check_imports(&CRATES.0, &CRATES.1));
}

#[test]
fn capabilities_have_one_owner() {
    assert_tidy(&walls::check_capabilities(&CRATES.1));
    assert_tidy(&uses::check_reaches(&TREE.1));
}

#[test]
fn pure_crates_are_pure() {
    assert_tidy(&walls::check_purity(&CRATES.0, &CRATES.1));
}

#[test]
fn clocks_are_read_in_one_place() {
    assert_tidy(&uses::check_clocks(&TREE.1));
}

#[test]
fn every_file_says_what_it_is() {
    assert_tidy(&rust::check_heads(&TREE.1));
}

#[test]
fn no_name_is_empty() {
    assert_tidy(&rust::check_names(&TREE.1));
}

#[test]
fn files_are_short() {
    assert_tidy(&rust::check_file_lengths(&TREE.1));
}

#[test]
fn functions_are_short() {
    assert_tidy(&rust::check_function_lengths(&TREE.1));
}

#[test]
fn documents_name_what_is_there() {
    assert_tidy(&docs::check_documents(&TREE.1, &docs::Known::new(&TREE.0, &TREE.1)));
}

#[test]
fn nothing_is_unfinished() {
    assert_tidy(&bans::check_unfinished(&TREE.1));
}

#[test]
fn nothing_belongs_to_one_machine() {
    assert_tidy(&bans::check_machine_places(&TREE.1));
    assert_tidy(&bans::check_package_hosts(&TREE.1));
}
