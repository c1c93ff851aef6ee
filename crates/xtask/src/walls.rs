//! Who may import whom: the table of ARCHITECTURE.md as data, checked over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata};

use crate::Finding;

/// What a crate may import of ours.
#[derive(Debug, Clone, Copy)]
pub enum Ours {
    /// Only these.
    Only(&'static [&'static str]),
    /// Any: the main program wires everything, the test kit plays every part.
    Any,
}

/// Crate and what it may import of ours. Every crate has its row, every row its crate.
pub const IMPORTS: &[(&str, Ours)] = &[
    ("domain", Ours::Only(&[])),
    ("host", Ours::Only(&["domain"])),
    ("reel", Ours::Only(&["domain"])),
    ("tlog", Ours::Only(&["domain"])),
    ("rules", Ours::Only(&["domain"])),
    ("law", Ours::Only(&[])),
    ("bundle", Ours::Only(&[])),
    ("papers", Ours::Only(&[])),
    ("rights", Ours::Only(&["law", "domain"])),
    ("registers", Ours::Only(&["ledger", "rights", "law", "papers", "domain"])),
    ("policy", Ours::Only(&["law", "papers", "domain"])),
    ("linter", Ours::Only(&["law", "papers", "policy", "domain"])),
    ("verify", Ours::Only(&["tlog", "reel", "domain"])),
    ("ledger", Ours::Only(&["tlog", "rules", "domain", "host"])),
    ("vault", Ours::Only(&["reel", "ledger", "domain", "host"])),
    ("catalog", Ours::Only(&["domain", "host"])),
    ("access", Ours::Only(&["rules", "ledger", "catalog", "domain", "host"])),
    ("ingest", Ours::Only(&["vault", "ledger", "catalog", "domain", "host"])),
    ("playback", Ours::Only(&["vault", "ledger", "catalog", "domain"])),
    ("api", Ours::Only(&[])),
    ("server", Ours::Only(&["api", "access", "playback", "domain"])),
    ("witness", Ours::Only(&["tlog", "domain", "host"])),
    ("front", Ours::Only(&["rights", "law", "host", "domain"])),
    ("cage", Ours::Only(&[])),
    ("mask", Ours::Only(&["host", "domain"])),
    ("press", Ours::Only(&["papers"])),
    ("testkit", Ours::Any),
    ("fuzz", Ours::Any),
    ("jikim", Ours::Any),
    ("xtask", Ours::Only(&[])),
];

/// What any crate's tests may use of ours, beside what lies below the crate itself: the test kit and
/// what it needs, and the inspector's program, which writes nothing that it reads.
pub const TESTS_MAY_USE: &[&str] = &["domain", "host", "rules", "testkit", "verify"];

/// What one crate's tests use of ours beside that: the press sets the policies of the samples.
const TESTS_ALSO_USE: &[(&str, &[&str])] = &[("press", &["policy", "law"])];

/// Crates of others that are a capability, and the only crates that may hold it.
pub const CAPABILITIES: &[(&str, &[&str])] = &[
    ("age", &["bundle"]),
    ("argon2", &["access"]),
    (
        "aws-lc-rs",
        &[
            "host", "reel", "tlog", "policy", "ledger", "vault", "access", "witness", "front",
            "testkit", "fuzz",
        ],
    ),
    ("axum", &["server"]),
    ("clap", &["jikim", "press", "witness", "front", "verify", "cage", "mask"]),
    ("cryptoki", &["vault"]),
    ("encoding_rs", &["jikim"]),
    ("http-auth", &["ingest"]),
    ("hyper", &["server", "jikim", "witness", "front"]),
    ("hyper-util", &["server", "jikim", "witness", "front"]),
    ("landlock", &["cage"]),
    ("libc", &["cage"]),
    ("mp4-atom", &["playback"]),
    ("nix", &["cage", "mask"]),
    ("ort", &["mask"]),
    ("quick-xml", &["jikim"]),
    ("rcgen", &["jikim", "testkit"]),
    ("retina", &["ingest"]),
    ("rtsp-types", &["testkit"]),
    ("rust-embed", &["server"]),
    ("rustix", &["host", "ingest", "jikim", "cage"]),
    ("rustls", &["server", "ingest", "jikim", "witness", "front", "testkit", "verify"]),
    ("seccompiler", &["cage"]),
    (
        "serde",
        &[
            "api", "law", "ledger", "linter", "papers", "policy", "server", "jikim", "front",
            "verify", "mask", "bundle",
        ],
    ),
    ("sqlx", &["catalog"]),
    ("tokio-rustls", &["server", "jikim", "witness", "front"]),
    ("toml", &["jikim", "law", "linter", "policy", "front"]),
    ("tracing-subscriber", &["jikim", "witness", "front"]),
    ("ureq", &["verify"]),
    ("utoipa", &["api", "server"]),
    ("utoipa-axum", &["server"]),
    ("zip", &["jikim", "bundle"]),
];

/// The pure crates: no clock, no disk, no task, no log.
pub const PURE: &[&str] =
    &["domain", "reel", "tlog", "rules", "law", "rights", "papers", "policy", "linter"];

/// The only crates of others that a pure crate may use.
pub const PURE_MAY_USE: &[&str] = &[
    "aws-lc-rs",
    "base64",
    "blake3",
    "serde",
    "serde_json",
    "thiserror",
    "time",
    "toml",
    "zeroize",
];

/// Where a dependency is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In the crate itself, or in its build script.
    Product,
    /// In its tests alone.
    Tests,
}

/// One crate's dependency on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Our crate.
    pub from: String,
    /// What it imports, ours or others'.
    pub to: String,
    /// Where it uses it.
    pub kind: Kind,
}

/// Our crates' names, and every dependency that they declare.
#[must_use]
pub fn edges(metadata: &Metadata) -> (BTreeSet<String>, Vec<Edge>) {
    let packages = metadata.workspace_packages();
    let names = packages.iter().map(|package| package.name.to_string()).collect();
    let mut edges = Vec::new();
    for package in packages {
        for dependency in &package.dependencies {
            let kind = match dependency.kind {
                DependencyKind::Development => Kind::Tests,
                _ => Kind::Product,
            };
            edges.push(Edge { from: package.name.to_string(), to: dependency.name.clone(), kind });
        }
    }
    (names, edges)
}

/// Crates without a row, rows without a crate, imports of ours that the table does not allow.
#[must_use]
pub fn check_imports(names: &BTreeSet<String>, edges: &[Edge]) -> Vec<Finding> {
    let table: BTreeMap<&str, Ours> = IMPORTS.iter().copied().collect();
    let mut found = Vec::new();
    for name in names {
        if !table.contains_key(name.as_str()) {
            found.push(Finding::new(name, "has no row in IMPORTS (crates/xtask/src/walls.rs)"));
        }
    }
    for row in table.keys() {
        if !names.contains(*row) {
            found.push(Finding::new(*row, "has a row in IMPORTS but is no crate"));
        }
    }
    for edge in edges.iter().filter(|edge| names.contains(&edge.to)) {
        let Some(&Ours::Only(allowed)) = table.get(edge.from.as_str()) else { continue };
        let fits = match edge.kind {
            Kind::Product => allowed.contains(&edge.to.as_str()),
            Kind::Tests => {
                let also = TESTS_ALSO_USE.iter().find(|(name, _)| *name == edge.from);
                TESTS_MAY_USE.contains(&edge.to.as_str())
                    || below(&edge.from).contains(&*edge.to)
                    || also.is_some_and(|(_, to)| to.contains(&edge.to.as_str()))
            }
        };
        if !fits {
            let text = format!("may not import {}: ARCHITECTURE.md says why", edge.to);
            found.push(Finding::new(&edge.from, text));
        }
    }
    found
}

/// Everything that a crate may reach through what it may import.
fn below(name: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![name.to_owned()];
    while let Some(name) = next.pop() {
        let row = IMPORTS.iter().find(|(row, _)| *row == name);
        if let Some((_, Ours::Only(allowed))) = row {
            next.extend(allowed.iter().filter(|to| reached.insert(**to)).map(ToString::to_string));
        }
    }
    reached
}

/// Capabilities held by another than their owner. The test kit may hold any; so may tests.
#[must_use]
pub fn check_capabilities(edges: &[Edge]) -> Vec<Finding> {
    let product = edges.iter().filter(|edge| edge.kind == Kind::Product);
    let mut found = Vec::new();
    for edge in product.filter(|edge| edge.from != "testkit") {
        let owners = CAPABILITIES.iter().find(|(name, _)| *name == edge.to).map(|(_, own)| *own);
        if owners.is_some_and(|owners| !owners.contains(&edge.from.as_str())) {
            let text = format!("may not hold {}: only {:?} may", edge.to, owners.unwrap_or(&[]));
            found.push(Finding::new(&edge.from, text));
        }
    }
    found
}

/// Pure crates that hold more than a pure crate may.
#[must_use]
pub fn check_purity(names: &BTreeSet<String>, edges: &[Edge]) -> Vec<Finding> {
    edges
        .iter()
        .filter(|edge| edge.kind == Kind::Product && PURE.contains(&edge.from.as_str()))
        .filter(|edge| !names.contains(&edge.to) && !PURE_MAY_USE.contains(&edge.to.as_str()))
        .map(|edge| Finding::new(&edge.from, format!("is pure and may not use {}", edge.to)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeSet<String> {
        IMPORTS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn edge(from: &str, to: &str, kind: Kind) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), kind }
    }

    fn import(from: &str, to: &str) -> Vec<Finding> {
        check_imports(&names(), &[edge(from, to, Kind::Product)])
    }

    #[test]
    fn the_bold_absences_are_found() {
        for (from, to) in [
            ("server", "vault"),
            ("server", "ledger"),
            ("server", "catalog"),
            ("playback", "host"),
            ("witness", "vault"),
            ("witness", "ledger"),
            ("front", "vault"),
            ("front", "ledger"),
            ("front", "api"),
            ("domain", "host"),
            ("rules", "catalog"),
            ("catalog", "testkit"),
            ("press", "policy"),
        ] {
            assert_eq!(import(from, to).len(), 1, "{from} -> {to}");
        }
        assert!(import("vault", "ledger").is_empty());
        assert!(import("jikim", "vault").is_empty());
    }

    #[test]
    fn tests_may_use_what_lies_below() {
        let tests = |from, to| check_imports(&names(), &[edge(from, to, Kind::Tests)]);
        assert!(tests("playback", "reel").is_empty());
        assert!(tests("catalog", "testkit").is_empty());
        assert_eq!(tests("reel", "vault").len(), 1);
        assert!(tests("press", "policy").is_empty());
    }

    #[test]
    fn the_table_and_the_crates_are_the_same() {
        let mut names = names();
        names.insert("secret".to_owned());
        names.remove("reel");
        let found = check_imports(&names, &[]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].place.as_str(), found[1].place.as_str()), ("secret", "reel"));
    }

    #[test]
    fn a_capability_has_one_owner() {
        let held = |from, to, kind| check_capabilities(&[edge(from, to, kind)]).len();
        assert_eq!(held("server", "sqlx", Kind::Product), 1);
        assert_eq!(held("catalog", "sqlx", Kind::Product), 0);
        assert_eq!(held("ingest", "rcgen", Kind::Tests), 0);
    }

    #[test]
    fn a_pure_crate_has_no_task_and_no_log() {
        let pure = |to| check_purity(&names(), &[edge("rules", to, Kind::Product)]).len();
        assert_eq!(pure("tokio"), 1);
        assert_eq!(pure("tracing"), 1);
        assert_eq!(pure("thiserror"), 0);
        assert_eq!(pure("domain"), 0);
    }
}
