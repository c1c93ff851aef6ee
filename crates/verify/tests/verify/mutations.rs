//! L3, the verifier's half: every byte of what was committed, changed, is flagged.

use tlog::tile::bundles_between;
use tlog::{Hash, Tile};
use verify::Class;
use verify::ledger::{audit, check_bundle};

use crate::is_long;
use crate::shelf::{Shelf, policy, shelf};

const ENTRIES: usize = 10_000;

/// The hashes of a bundle's tile, as the shelf has them.
fn hashes(shelf: &Shelf, tile: Tile) -> Vec<Hash> {
    tile.parse_hashes(&shelf.files[&format!("2026/{}", tile.path())]).unwrap()
}

/// Every byte of every bundle (entries and their lengths) is changed, and the bundle is held against
/// the tile that leads to the signed root, by the code that the whole command runs. The control does
/// the same without the tile, as a verifier would that trusts the checkpoint and does not compute the
/// hashes again: it lets nearly everything pass.
#[test]
fn l3_every_changed_byte_of_ten_thousand_entries_is_flagged() {
    let (shelf, _) = shelf(ENTRIES);
    let step = if is_long() { 1 } else { 211 };
    let (mut changed, mut flagged, mut passed_control) = (0_u64, 0_u64, 0_u64);
    for bundle in bundles_between(0, ENTRIES as u64) {
        let tile = hashes(&shelf, bundle.tile());
        let good = &shelf.files[&format!("2026/{}", bundle.path())];
        let mut bytes = good.clone();
        for at in (0..bytes.len()).step_by(step) {
            bytes[at] ^= 1 << (at % 8);
            let held = check_bundle(bundle, &bytes, Some(&tile));
            flagged += u64::from(!held.is_ok_and(|held| held.changed.is_empty()));
            let control = check_bundle(bundle, &bytes, None);
            passed_control += u64::from(control.is_ok_and(|held| held.changed.is_empty()));
            changed += 1;
            bytes[at] = good[at];
        }
        let whole = check_bundle(bundle, &bytes, Some(&tile)).unwrap();
        assert!(whole.changed.is_empty(), "unchanged, it passes");
    }
    assert_eq!(flagged, changed);
    assert!(changed > if is_long() { 1_000_000 } else { 5_000 }, "{changed}");
    assert!(passed_control * 10 > changed * 9, "the control passes {passed_control} of {changed}");
    println!(
        "{changed} bytes changed one by one, all flagged; the control let {passed_control} pass"
    );
}

/// The whole command, over changed bytes of every kind of file. Bytes of a checkpoint are all tried.
#[test]
fn l3_the_whole_command_flags_a_changed_byte_of_any_file() {
    let (good, _) = shelf(600);
    let flags = |path: &str, at: usize| {
        let mut shelf = good.clone();
        shelf.files.get_mut(path).unwrap()[at] ^= 1 << (at % 7);
        let report = audit("ledger", &shelf, &policy(), None).report;
        // A byte of a witness's name or key id makes it a stranger: the quorum is then missed.
        report.word().class() != Class::Verified
    };
    for (path, bytes) in &good.files {
        let step = match path.as_str() {
            "2026/checkpoint" => 1,
            _ if is_long() => 17,
            _ => 2003,
        };
        for at in (0..bytes.len()).step_by(step) {
            assert!(flags(path, at), "byte {at} of {path}");
        }
    }
    assert_eq!(audit("ledger", &good, &policy(), None).report.word().class(), Class::Verified);
}
