//! One year's log, whole: each bundle of entries against its tile, and the root from the entries.

use std::collections::BTreeMap;

use domain::EntryNumber;
use tlog::tile::{BundleError, bundles_between};
use tlog::{Checkpoint, EntryBundle, Frontier, Hash, TILE_WIDTH, leaf_hash};

use super::tiles::{TileReader, Tiles};
use super::{Head, Take};
use crate::entry::Entry;
use crate::source::Source;
use crate::{Report, Word, causes};

/// A bundle that was taken apart.
#[derive(Debug, Clone)]
pub struct CheckedBundle<'b> {
    /// Its entries.
    pub entries: Vec<&'b [u8]>,
    /// Their hashes.
    pub leaves: Vec<Hash>,
    /// Which of them, from 0, are not what the tile says.
    pub changed: Vec<usize>,
}

/// Takes a bundle apart and holds its entries against the hashes of its tile, if these are known.
///
/// # Errors
/// If the bytes are no bundle of this width.
pub fn check_bundle<'b>(
    bundle: EntryBundle,
    bytes: &'b [u8],
    tile: Option<&[Hash]>,
) -> Result<CheckedBundle<'b>, BundleError> {
    let entries = bundle.parse_entries(bytes)?;
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let changed = tile.map_or_else(Vec::new, |tile| {
        (0..leaves.len()).filter(|&at| tile.get(at) != leaves.get(at)).collect()
    });
    Ok(CheckedBundle { entries, leaves, changed })
}

/// Verifies a year's log, which must continue the earlier checkpoints, and hands on each entry that
/// could be read.
pub(super) fn verify(
    source: &dyn Source,
    head: &Head,
    earlier: &[&Checkpoint],
    report: &mut Report,
    take: &mut Take<'_>,
) {
    let size = head.checkpoint.size;
    let place = format!("{:04}", head.year);
    for old in earlier.iter().filter(|old| old.size > size) {
        let detail = format!("{} entries then, {size} now", old.size);
        report.find(Word::WentBack, &place, detail);
    }
    let tiles = Tiles::read(source, head, report);
    let reader = TileReader::new(source, head.year);
    let mut walk =
        Walk { head, earlier, frontier: Some(Frontier::new()), changed: BTreeMap::new() };
    walk.compare_earlier(report);
    for bundle in bundles_between(0, size) {
        let hashes = tiles.read_one(bundle.tile(), report);
        match walk.read(&reader, bundle, report) {
            Some(bytes) => walk.take_bundle(bundle, &bytes, hashes.as_deref(), report, take),
            // Without these entries the root cannot be computed: the other checks go on.
            None => walk.frontier = None,
        }
    }
    walk.finish(report);
}

struct Walk<'h> {
    head: &'h Head,
    earlier: &'h [&'h Checkpoint],
    /// The tree of all entries so far; none after a bundle that is missing.
    frontier: Option<Frontier>,
    /// Entries that are not what their tile says.
    changed: BTreeMap<u64, ()>,
}

impl Walk<'_> {
    fn read(
        &self,
        reader: &TileReader<'_>,
        bundle: EntryBundle,
        report: &mut Report,
    ) -> Option<Vec<u8>> {
        let path = bundle.path();
        let place = format!("{:04}/{path}", self.head.year);
        let full = EntryBundle { width: TILE_WIDTH, ..bundle };
        let whole = (bundle.width != TILE_WIDTH).then(|| full.path());
        let cut = |bytes: Vec<u8>| cut_bundle(bytes, bundle.width);
        match reader.read_partial(&path, whole, cut) {
            Ok(Some(bytes)) => return Some(bytes),
            Ok(None) => report.find(Word::BundleMissing, place, ""),
            Err(error) => super::head::unreadable(&place, &error, report),
        }
        None
    }

    fn take_bundle(
        &mut self,
        bundle: EntryBundle,
        bytes: &[u8],
        tile: Option<&[Hash]>,
        report: &mut Report,
        take: &mut Take<'_>,
    ) {
        let first = bundle.index * u64::from(TILE_WIDTH);
        let CheckedBundle { entries, leaves, changed } = match check_bundle(bundle, bytes, tile) {
            Ok(checked) => checked,
            Err(error) => {
                let place = format!("{:04}/{}", self.head.year, bundle.path());
                report.find(Word::BundleDamaged, place, causes(&error));
                self.frontier = None;
                return;
            }
        };
        for at in changed {
            let index = first + at as u64;
            self.changed.insert(index, ());
            let detail = format!("it hashes to {}", leaves[at]);
            report.find(Word::EntryChanged, self.number(index), detail);
        }
        for ((bytes, leaf), index) in entries.into_iter().zip(leaves).zip(first..) {
            if let Some(frontier) = &mut self.frontier {
                frontier.push(leaf);
                self.compare_earlier(report);
            }
            match Entry::parse(bytes) {
                Ok(entry) => take(report, self.number(index), &entry),
                Err(error) => {
                    report.find(Word::EntryMalformed, self.number(index), causes(&error));
                }
            }
        }
    }

    const fn number(&self, index: u64) -> EntryNumber {
        EntryNumber { year: self.head.year, index }
    }

    /// At the size of an earlier checkpoint the tree must have had its root.
    fn compare_earlier(&self, report: &mut Report) {
        let Some(frontier) = &self.frontier else { return };
        let here = self.earlier.iter().filter(|old| old.size == frontier.size());
        for old in here.filter(|old| old.root != frontier.root()) {
            let detail = format!("at {} entries the root is {}", old.size, frontier.root());
            report.find(Word::HistoryRewritten, &self.head.checkpoint.origin, detail);
        }
    }

    fn finish(self, report: &mut Report) {
        let Some(frontier) = self.frontier else { return };
        let Checkpoint { size, root, .. } = self.head.checkpoint;
        // Where entries were named one by one, the root says nothing new.
        if frontier.root() != root && self.changed.is_empty() {
            let detail = format!("{size} entries lead to {}, {root} was signed", frontier.root());
            report.find(Word::RootDiffers, format!("{:04}", self.head.year), detail);
        }
    }
}

/// The first entries of a whole bundle. What cannot be cut is left, and refused by its width.
fn cut_bundle(mut bytes: Vec<u8>, width: u16) -> Vec<u8> {
    let mut at = 0;
    for _ in 0..width {
        let Some(length) = bytes.get(at..at + 2) else { return bytes };
        at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
    }
    bytes.truncate(at);
    bytes
}
