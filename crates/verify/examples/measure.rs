//! How fast the verifier is: a ledger of a million entries on the disk, and windows of an image a
//! second on one core. Run with `cargo run --release -p verify --example measure`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement fails by panicking, prints what it measured and takes of the tests' shelf \
              what it needs"
)]

#[path = "../tests/verify/shelf.rs"]
mod shelf;

use std::collections::BTreeMap;
use std::time::Instant;

use verify::disk::{Commitments, Form, Owner, scan};
use verify::ledger::audit;
use verify::source::Folder;

fn main() {
    let entries = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    ledger(entries);
    for (name, forms) in [
        ("raw", vec![Form::Raw]),
        (
            "raw, hex, base64, aes-schedule",
            vec![Form::Raw, Form::Hex, Form::Base64, Form::AesSchedule],
        ),
        ("all", Form::ALL.to_vec()),
    ] {
        for commitments in [1_000, 100_000] {
            windows(name, &forms, commitments);
        }
    }
}

fn ledger(entries: usize) {
    let (shelf, _) = shelf::shelf(entries);
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &shelf.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let source = Folder { folder: folder.path().to_owned() };
    for round in 1..=3 {
        let (begun, before) = (Instant::now(), cpu_seconds());
        let report = audit("ledger", &source, &shelf::policy(), None).report;
        let (seconds, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - before);
        let word = report.word().text();
        println!(
            "{entries} entries, round {round}: {word} in {seconds:.2} s ({cpu:.2} s of a core)"
        );
    }
}

/// Seconds that this thread had a core, which others may want as well.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn windows(name: &str, forms: &[Form], commitments: u64) {
    let known: BTreeMap<_, _> = (0..commitments)
        .map(|at| (shelf::sha256(&shelf::key(at)), (Owner::VaultKey(at), true)))
        .collect();
    let commitments = Commitments::new(known);
    // Like ciphertext, which is what a disk of footage holds.
    let image: Vec<u8> = (0..1_u64 << 19).flat_map(|at| shelf::sha256(&at.to_le_bytes())).collect();
    let (begun, before) = (Instant::now(), cpu_seconds());
    let found = scan(&image, 0, image.len(), forms, &commitments);
    let million = image.len() as f64 / 1e6;
    let of_core = million / (cpu_seconds() - before);
    let of_clock = million / begun.elapsed().as_secs_f64();
    let (destroyed, _) = commitments.counts();
    println!(
        "{name}, {destroyed} commitments: {of_core:.1} million windows in a second of one core \
         ({of_clock:.1} by the clock)"
    );
    assert!(found.hits.is_empty());
}
