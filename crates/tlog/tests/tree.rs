//! Roots, tiles and proofs of trees, against RFC 6962's own definitions written down naively.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use proptest::prelude::*;
use tlog::tile::bundles_between;
use tlog::{
    EntryBundle, Frontier, Hash, HashReader, ProveError, ReadTileError, Tile, Tree,
    VerifyProofError, empty_root, leaf_hash, node_hash, prove_consistency, prove_inclusion,
    root_from_tiles, tiles_between, verify_consistency, verify_inclusion,
};

/// MTH of RFC 6962, section 2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = largest_power_below(leaves.len());
            node_hash(naive_root(&leaves[..k]), naive_root(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962, section 2.1.1, word for word.
fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = largest_power_below(leaves.len());
    let (mut path, last) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(last);
    path
}

/// SUBPROOF of RFC 6962, section 2.1.2, word for word.
fn naive_subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = largest_power_below(leaves.len());
    let (mut proof, last) = if m <= k {
        (naive_subproof(m, &leaves[..k], whole), naive_root(&leaves[k..]))
    } else {
        (naive_subproof(m - k, &leaves[k..], false), naive_root(&leaves[..k]))
    };
    proof.push(last);
    proof
}

fn largest_power_below(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(leaf).collect()
}

fn tree(count: u64) -> Tree {
    let mut tree = Tree::new();
    (0..count).for_each(|number| tree.push(leaf(number)));
    tree
}

fn frontier_root(count: u64) -> Hash {
    (0..count).map(leaf).collect::<Frontier>().root()
}

/// Tiles as the ledger keeps them: only those it was told to write, and never wider than then.
struct Written(std::collections::BTreeMap<String, Vec<u8>>);

impl HashReader for Written {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        let path = tile.path();
        let bytes = self.0.get(&path).ok_or(ReadTileError::Missing { path })?;
        tile.parse_hashes(bytes)
    }
}

#[test]
fn the_roots_of_certificate_transparency_come_out() {
    let entries = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let (mut tree, mut frontier) = (Tree::new(), Frontier::new());
    assert_eq!(frontier.root().to_string(), roots[0]);
    for (entry, root) in entries.iter().zip(&roots[1..]) {
        let bytes: Vec<u8> = (0..entry.len() / 2)
            .map(|at| u8::from_str_radix(&entry[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        tree.push(leaf_hash(&bytes));
        frontier.push(leaf_hash(&bytes));
        assert_eq!(frontier.root().to_string(), *root);
        assert_eq!(tree.root().to_string(), *root);
    }
}

#[test]
fn two_ways_lead_to_one_root_at_each_of_ten_thousand_sizes() {
    let (mut tree, mut frontier) = (Tree::new(), Frontier::new());
    for size in 0..10_000 {
        assert_eq!(tree.root(), frontier.root(), "size {size}");
        tree.push(leaf(size));
        frontier.push(leaf(size));
    }
    for size in [0, 1, 255, 256, 257, 511, 4096, 9_999, 10_000] {
        let naive = naive_root(&leaves(size));
        assert_eq!(tree.root_at(size).unwrap(), naive, "size {size}");
        assert_eq!(frontier_root(size), naive, "size {size}");
    }
}

#[test]
fn one_flipped_bit_parts_the_two_ways() {
    let (mut tree, mut frontier) = (Tree::new(), Frontier::new());
    for number in 0..1000 {
        let mut hash = leaf(number);
        tree.push(hash);
        hash.0[31] ^= u8::from(number == 500);
        frontier.push(hash);
        assert_eq!(tree.root() == frontier.root(), number < 500);
    }
}

#[test]
fn a_tree_across_three_tile_levels_keeps_one_root() {
    let tree = tree(70_000);
    let paths: Vec<Tile> = tiles_between(0, 70_000);
    let count = |level, full| {
        paths.iter().filter(|tile| tile.level == level && tile.is_full() == full).count()
    };
    // The example of tlog-tiles: 273 full tiles and one of 112; one full and one of 17; one of 1.
    assert_eq!([count(0, true), count(0, false)], [273, 1]);
    assert_eq!([count(1, true), count(1, false)], [1, 1]);
    assert_eq!([count(2, true), count(2, false)], [0, 1]);
    assert_eq!(paths.len(), 277);
    let widths: Vec<u16> = paths.iter().map(|tile| tile.width).filter(|&w| w < 256).collect();
    assert_eq!(widths, [112, 17, 1]);
    for size in [65_535, 65_536, 65_537, 70_000] {
        assert_eq!(tree.root_at(size).unwrap(), frontier_root(size));
    }
    for index in [0, 65_535, 65_536, 69_887, 69_888, 69_999] {
        let proof = prove_inclusion(index, 70_000, &tree).unwrap();
        verify_inclusion(leaf(index), index, 70_000, tree.root(), &proof).unwrap();
    }
}

#[test]
fn a_tree_of_256_has_a_full_tile_and_one_hash_above_it() {
    let tiles = tiles_between(255, 256);
    let above = Tile { level: 1, index: 0, width: 1 };
    assert_eq!(tiles, [Tile { level: 0, index: 0, width: 256 }, above]);
    assert_eq!(tiles_between(256, 256), []);
    assert_eq!(tiles_between(257, 256), []);
    let above = tree(256).tile_bytes(above).unwrap();
    assert_eq!(above, naive_root(&leaves(256)).0);
}

#[test]
fn growing_step_by_step_writes_all_tiles_a_proof_needs() {
    let mut written = Written(Default::default());
    let mut tree = Tree::new();
    let (mut size, mut roots) = (0, vec![(0, empty_root())]);
    for step in [1, 1, 60, 193, 1, 1, 255, 300, 1024, 2000].into_iter().cycle().take(25) {
        (size..size + step).for_each(|number| tree.push(leaf(number)));
        for tile in tiles_between(size, size + step) {
            written.0.insert(tile.path(), tree.tile_bytes(tile).unwrap());
        }
        size += step;
        tree.forget(size);
        roots.push((size, tree.root()));
    }
    for &(size, root) in &roots {
        assert_eq!(root_from_tiles(size, &written).unwrap(), root);
        assert_eq!(frontier_root(size), root);
    }
    for (&(old, old_root), &(new, new_root)) in roots.iter().zip(&roots[1..]) {
        let proof = prove_consistency(old, new, &written).unwrap();
        verify_consistency(old, old_root, new, new_root, &proof).unwrap();
        let proof = prove_inclusion(new - 1, new, &written).unwrap();
        verify_inclusion(leaf(new - 1), new - 1, new, new_root, &proof).unwrap();
    }
}

#[test]
fn a_tree_resumed_from_tiles_grows_as_if_it_had_never_stopped() {
    let whole = tree(1300);
    for size in [0, 1, 255, 256, 257, 700, 768, 1299] {
        let mut resumed = Tree::resume(size, &whole).unwrap();
        assert_eq!(resumed.root(), whole.root_at(size).unwrap(), "size {size}");
        (size..1300).for_each(|number| resumed.push(leaf(number)));
        assert_eq!(resumed.root(), whole.root(), "resumed at {size}");
        for tile in tiles_between(size, 1300) {
            assert_eq!(resumed.tile_bytes(tile).unwrap(), whole.tile_bytes(tile).unwrap());
        }
    }
}

#[test]
fn what_was_forgotten_is_an_error_and_not_another_root() {
    let mut tree = tree(1000);
    let root = tree.root();
    tree.forget(600);
    assert_eq!(tree.root_at(600).unwrap(), frontier_root(600));
    assert_eq!(tree.root(), root);
    assert!(tree.root_at(511).is_err());
    assert!(tree.root_at(1001).is_err());
    assert!(tree.tile_bytes(Tile { level: 0, index: 0, width: 256 }).is_err());
    assert!(tree.tile_bytes(Tile { level: 0, index: 3, width: 233 }).is_err());
    assert!(tree.tile_bytes(Tile { level: 9, index: 0, width: 1 }).is_err());
    assert!(tree.tile_bytes(Tile { level: 0, index: u64::MAX, width: 1 }).is_err());
    for width in [0, 257] {
        assert!(tree.tile_bytes(Tile { level: 0, index: 3, width }).is_err());
    }
    tree.forget(u64::MAX);
    assert_eq!(tree.root(), root);
}

#[test]
fn proofs_are_those_of_the_rfc_at_every_place_of_small_trees() {
    let all = leaves(40);
    let tree = tree(40);
    for size in 1..=40_usize {
        let part = &all[..size];
        for index in 0..size {
            let proof = prove_inclusion(index as u64, size as u64, &tree).unwrap();
            assert_eq!(proof, naive_path(index, part), "{index} of {size}");
        }
        for old in 1..=size {
            let proof = prove_consistency(old as u64, size as u64, &tree).unwrap();
            assert_eq!(proof, naive_subproof(old, part, true), "{old} to {size}");
        }
    }
}

#[test]
fn no_proof_fits_another_place_of_small_trees() {
    let tree = tree(24);
    let root = |size| tree.root_at(size).unwrap();
    for size in 1..=24 {
        for index in 0..size {
            let proof = prove_inclusion(index, size, &tree).unwrap();
            for (other, to) in (1..=24).flat_map(|to| (0..to).map(move |other| (other, to))) {
                let verdict = verify_inclusion(leaf(index), other, to, root(to), &proof);
                assert_eq!(verdict.is_ok(), (other, to) == (index, size));
            }
        }
        for old in 1..=size {
            let proof = prove_consistency(old, size, &tree).unwrap();
            for other in 1..=24 {
                let verdict = verify_consistency(other, root(old), size, root(size), &proof);
                assert_eq!(verdict.is_ok(), other == old, "{old} or {other} to {size}");
            }
        }
    }
}

#[test]
fn an_empty_tree_begins_every_tree_and_proves_nothing() {
    let (empty, root) = (empty_root(), frontier_root(5));
    assert_eq!(prove_consistency(0, 5, tree(5)).unwrap(), []);
    assert_eq!(verify_consistency(0, empty, 5, root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, empty, 0, empty, &[]), Ok(()));
    assert_eq!(verify_consistency(0, root, 5, root, &[]), Err(VerifyProofError::WrongOldRoot));
    assert_eq!(verify_consistency(0, empty, 5, root, &[root]), Err(VerifyProofError::TooLong));
    assert_eq!(verify_consistency(5, root, 5, root, &[root]), Err(VerifyProofError::TooLong));
    assert_eq!(verify_consistency(5, root, 5, empty, &[]), Err(VerifyProofError::WrongRoot));
    let went_back = VerifyProofError::WentBack { old_size: 5, new_size: 4 };
    assert_eq!(verify_consistency(5, root, 4, root, &[]), Err(went_back));
}

#[test]
fn what_cannot_be_proven_is_refused() {
    let tree = tree(10);
    let refused = prove_inclusion(10, 10, &tree);
    assert!(matches!(refused, Err(ProveError::NoSuchEntry { index: 10, size: 10 })));
    assert!(matches!(prove_consistency(6, 5, &tree), Err(ProveError::WrongOrder { .. })));
    assert!(matches!(prove_inclusion(0, 11, &tree), Err(ProveError::ReadTile(_))));
    let huge = u64::MAX;
    assert!(matches!(prove_inclusion(huge - 1, huge, &tree), Err(ProveError::ReadTile(_))));
    assert!(matches!(prove_consistency(1, huge, &tree), Err(ProveError::ReadTile(_))));
    assert!(verify_inclusion(leaf(0), huge - 1, huge, leaf(0), &[leaf(1); 64]).is_err());
    assert!(verify_consistency(huge - 1, leaf(0), huge, leaf(0), &[leaf(1); 65]).is_err());
}

#[test]
fn an_entry_outside_the_tree_is_in_no_tree() {
    let (one, none) = (leaf(0), empty_root());
    assert_eq!(verify_inclusion(one, 0, 1, one, &[]), Ok(()));
    // Without the first check these would pass: the path of the only leaf is empty.
    for (index, size, root) in [(1, 1, one), (5, 1, one), (u64::MAX, 1, one), (0, 0, none)] {
        let refused = Err(VerifyProofError::NoSuchEntry { index, size });
        assert_eq!(verify_inclusion(root, index, size, root, &[]), refused);
    }
}

#[test]
fn a_hash_too_many_or_too_few_is_named_as_that() {
    let tree = tree(11);
    let (root, old_root) = (tree.root(), tree.root_at(6).unwrap());
    let inclusion = prove_inclusion(7, 11, &tree).unwrap();
    let consistency = prove_consistency(6, 11, &tree).unwrap();
    let included = |proof: &[Hash]| verify_inclusion(leaf(7), 7, 11, root, proof);
    let consistent = |proof: &[Hash]| verify_consistency(6, old_root, 11, root, proof);
    assert_eq!(included(&[&inclusion[..], &[root]].concat()), Err(VerifyProofError::TooLong));
    assert_eq!(included(&inclusion[1..]), Err(VerifyProofError::TooShort));
    assert_eq!(consistent(&[&consistency[..], &[root]].concat()), Err(VerifyProofError::TooLong));
    assert_eq!(consistent(&consistency[1..]), Err(VerifyProofError::TooShort));
    assert_eq!(consistent(&[]), Err(VerifyProofError::TooShort));
}

#[test]
fn a_reader_that_gives_too_few_hashes_is_not_believed() {
    struct Short(Tree);
    impl HashReader for Short {
        fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
            self.0.tile(tile).map(|hashes| hashes[1..].to_vec())
        }
    }
    let short = Short(tree(300));
    assert!(matches!(root_from_tiles(300, &short), Err(ReadTileError::Length { .. })));
    let refused = prove_inclusion(0, 300, &short);
    assert!(matches!(refused, Err(ProveError::ReadTile(ReadTileError::Length { .. }))));
}

#[test]
fn a_tile_has_the_bytes_its_width_asks_for() {
    let tile = Tile { level: 0, index: 0, width: 3 };
    let bytes = tree(3).tile_bytes(tile).unwrap();
    assert_eq!(tile.parse_hashes(&bytes).unwrap(), leaves(3));
    for bytes in [&[], &bytes[..64], &bytes[..95], &[&bytes[..], &[0]].concat()] {
        assert!(matches!(tile.parse_hashes(bytes), Err(ReadTileError::Length { .. })));
    }
}

#[test]
fn bundles_go_with_the_tiles_of_level_0() {
    for (old, new) in [(0, 1), (0, 256), (255, 257), (256, 256), (300, 299), (10, 2000)] {
        let tiles: Vec<Tile> =
            tiles_between(old, new).into_iter().filter(|tile| tile.level == 0).collect();
        let bundles: Vec<Tile> = bundles_between(old, new).iter().map(EntryBundle::tile).collect();
        assert_eq!(bundles, tiles, "{old} to {new}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_change_to_an_inclusion_proof_is_noticed(
        (size, index) in (1..3000_u64).prop_flat_map(|size| (Just(size), 0..size)),
        at in any::<prop::sample::Index>(),
        bit in 0..256_usize,
    ) {
        let tree = tree(size);
        let root = tree.root();
        let proof = prove_inclusion(index, size, &tree).unwrap();
        prop_assert_eq!(verify_inclusion(leaf(index), index, size, root, &proof), Ok(()));
        for (name, changed) in changes(&proof, at, bit) {
            let verdict = verify_inclusion(leaf(index), index, size, root, &changed);
            prop_assert!(verdict.is_err(), "{}", name);
        }
        prop_assert!(verify_inclusion(flip(leaf(index), bit), index, size, root, &proof).is_err());
        prop_assert!(verify_inclusion(leaf(index), index, size, flip(root, bit), &proof).is_err());
    }

    #[test]
    fn every_change_to_a_consistency_proof_is_noticed(
        (new, old) in (1..3000_u64).prop_flat_map(|new| (Just(new), 1..=new)),
        at in any::<prop::sample::Index>(),
        bit in 0..256_usize,
    ) {
        let tree = tree(new);
        let (old_root, root) = (tree.root_at(old).unwrap(), tree.root());
        let proof = prove_consistency(old, new, &tree).unwrap();
        prop_assert_eq!(verify_consistency(old, old_root, new, root, &proof), Ok(()));
        for (name, changed) in changes(&proof, at, bit) {
            let verdict = verify_consistency(old, old_root, new, root, &changed);
            prop_assert!(verdict.is_err(), "{}", name);
        }
        prop_assert!(verify_consistency(old, flip(old_root, bit), new, root, &proof).is_err());
        prop_assert!(verify_consistency(old, old_root, new, flip(root, bit), &proof).is_err());
    }
}

fn flip(mut hash: Hash, bit: usize) -> Hash {
    hash.0[bit / 8] ^= 1 << (bit % 8);
    hash
}

/// The ways to change a list of hashes that leave another list.
fn changes(proof: &[Hash], at: prop::sample::Index, bit: usize) -> Vec<(&'static str, Vec<Hash>)> {
    let mut changes = vec![
        ("one more at the end", [proof, &[leaf(9)]].concat()),
        ("one more at the front", [&[leaf(9)], proof].concat()),
    ];
    if let Some(at) = (!proof.is_empty()).then(|| at.index(proof.len())) {
        let mut flipped = proof.to_vec();
        flipped[at] = flip(flipped[at], bit);
        changes.push(("a bit flipped", flipped));
        changes.push(("one left out", [&proof[..at], &proof[at + 1..]].concat()));
        changes.push(("one twice", [&proof[..=at], &proof[at..]].concat()));
        let mut turned = proof.to_vec();
        turned.rotate_left(1);
        if turned != proof {
            changes.push(("in another order", turned));
        }
    }
    changes
}
