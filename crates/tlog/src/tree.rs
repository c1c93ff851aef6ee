//! A tree as its tiles, and the root as the tiles give it: the second way to a root, beside
//! [`crate::Frontier`].

use crate::hash::{Hash, empty_root, node_hash};
use crate::tile::{
    HashReader, ReadTileError, TILE_LEVELS, TILE_WIDTH, Tile, encode_hashes, tile_holding,
    width_of_level,
};

const WIDTH: u64 = TILE_WIDTH as u64;

/// A tree in memory: the hashes of every tile level, or of its right edge only.
///
/// 32 bytes an entry (and 1/255 more for the upper levels) until [`Tree::forget`] drops the full
/// tiles that are safely written; a tree resumed from tiles starts with its right edge, which is at
/// most 8 × 255 hashes.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    size: u64,
    rows: Vec<Row>,
}

/// The hashes of one tile level from number `first` on; `first` is a multiple of 256.
#[derive(Debug, Clone, Default)]
struct Row {
    first: u64,
    hashes: Vec<Hash>,
}

impl Tree {
    /// The tree without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree that already has `size` entries, from the partial tiles at its right edge.
    ///
    /// The caller compares [`Tree::root_at`] with a checkpoint it has verified: a tile read from
    /// disk is a claim, not a fact.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn resume(size: u64, reader: &impl HashReader) -> Result<Self, ReadTileError> {
        let mut rows = Vec::new();
        for level in (0..TILE_LEVELS).take_while(|&level| width_of_level(size, level) > 0) {
            let hashes = right_edge(level, size, reader)?;
            rows.push(Row { first: width_of_level(size, level) - hashes.len() as u64, hashes });
        }
        Ok(Self { size, rows })
    }

    /// Appends an entry by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.size += 1;
        self.append(0, leaf);
    }

    /// Appends to a level, and to the levels above as long as that fills a tile.
    fn append(&mut self, level: usize, hash: Hash) {
        if level == self.rows.len() {
            self.rows.push(Row::default());
        }
        let row = &mut self.rows[level];
        row.hashes.push(hash);
        if (row.first + row.hashes.len() as u64).is_multiple_of(WIDTH) {
            let full = row.hashes.len() - usize::from(TILE_WIDTH);
            let root = merkle_root(&row.hashes[full..]);
            self.append(level + 1, root);
        }
    }

    /// All of it that lies in memory, to be spoilt: for tests of what notices a bit that flips. It is
    /// no tree any more then.
    #[doc(hidden)]
    pub fn memory_mut(&mut self) -> (&mut u64, impl Iterator<Item = &mut Hash>) {
        (&mut self.size, self.rows.iter_mut().flat_map(|row| &mut row.hashes))
    }

    /// Entries in the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree as it is, from its tiles.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root_at(self.size).expect("a tree always holds its own right edge")
    }

    /// The root the tree had when it had `size` entries, from its tiles.
    ///
    /// # Errors
    /// If the tree never had that many, or the tiles were forgotten.
    pub fn root_at(&self, size: u64) -> Result<Hash, ReadTileError> {
        root_from_tiles(size, self)
    }

    /// The bytes of a tile, as they are written to disk.
    ///
    /// # Errors
    /// If the tree has no such tile, or has forgotten it.
    pub fn tile_bytes(&self, tile: Tile) -> Result<Vec<u8>, ReadTileError> {
        self.hashes(tile).map(encode_hashes).ok_or_else(|| missing(tile))
    }

    /// Drops from memory what only full tiles need in which no entry from `size` on takes part.
    ///
    /// Roots and tiles of trees of `size` entries and more remain.
    pub fn forget(&mut self, size: u64) {
        let size = size.min(self.size);
        for (level, row) in (0..TILE_LEVELS).zip(&mut self.rows) {
            let first = width_of_level(size, level) / WIDTH * WIDTH;
            let gone = usize::try_from(first.saturating_sub(row.first));
            row.hashes.drain(..gone.expect("no more hashes than memory holds"));
            row.hashes.shrink_to(usize::from(TILE_WIDTH));
            row.first = row.first.max(first);
        }
    }

    fn hashes(&self, tile: Tile) -> Option<&[Hash]> {
        if tile.width == 0 || tile.width > TILE_WIDTH {
            return None;
        }
        let row = self.rows.get(usize::from(tile.level))?;
        let from = tile.index.checked_mul(WIDTH)?.checked_sub(row.first)?;
        let from = usize::try_from(from).ok()?;
        row.hashes.get(from..from.checked_add(usize::from(tile.width))?)
    }
}

impl HashReader for Tree {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        self.hashes(tile).map(<[Hash]>::to_vec).ok_or_else(|| missing(tile))
    }
}

fn missing(tile: Tile) -> ReadTileError {
    ReadTileError::Missing { path: tile.path() }
}

/// The root of a tree of `size` entries, from the partial tiles at its right edge.
///
/// # Errors
/// If one of them cannot be read.
pub fn root_from_tiles(size: u64, reader: &impl HashReader) -> Result<Hash, ReadTileError> {
    // Everything right of a level's last complete hash is one more, incomplete subtree: it stands
    // behind the hashes of the partial tile as if it were the next of them.
    let mut rest = None;
    for level in (0..TILE_LEVELS).take_while(|&level| width_of_level(size, level) > 0) {
        let mut row = right_edge(level, size, reader)?;
        row.extend(rest);
        rest = (!row.is_empty()).then(|| merkle_root(&row));
    }
    Ok(rest.unwrap_or_else(empty_root))
}

/// The hashes of the partial tile that a tree of `size` entries has at a level; none if the last
/// tile of the level is full, since its root stands in the level above.
fn right_edge(level: u8, size: u64, reader: &impl HashReader) -> Result<Vec<Hash>, ReadTileError> {
    let hashes = width_of_level(size, level);
    if hashes.is_multiple_of(WIDTH) {
        return Ok(Vec::new());
    }
    read_checked(tile_holding(level, hashes - 1, size), reader)
}

/// Reads a tile and does not trust the reader with its length.
pub(crate) fn read_checked(
    tile: Tile,
    reader: &impl HashReader,
) -> Result<Vec<Hash>, ReadTileError> {
    let hashes = reader.tile(tile)?;
    if hashes.len() != usize::from(tile.width) {
        let found_bytes = hashes.len() * 32;
        return Err(ReadTileError::Length { path: tile.path(), found_bytes });
    }
    Ok(hashes)
}

/// MTH of RFC 6962, section 2.1, over hashes that stand for its leaves: split at the largest power
/// of two that leaves something on the right.
///
/// # Panics
/// Without hashes: the empty tree is the caller's case.
pub(crate) fn merkle_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => panic!("the root of no hashes was asked for"),
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
            node_hash(merkle_root(left), merkle_root(right))
        }
    }
}
