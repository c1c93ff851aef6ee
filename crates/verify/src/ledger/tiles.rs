//! The tiles of one year, from a source: each is held against the level above it, up to the root.

use std::collections::BTreeMap;

use tlog::{
    Frontier, Hash, HashReader, ReadTileError, TILE_WIDTH, Tile, root_from_tiles, tiles_between,
};

use super::Head;
use crate::source::{MAX_FILE_BYTES, Source, SourceError};
use crate::{Report, Word, causes};

/// Reads tiles of one year from a source.
pub struct TileReader<'s> {
    source: &'s dyn Source,
    year: u16,
}

impl<'s> TileReader<'s> {
    /// The tiles of a year.
    #[must_use]
    pub fn new(source: &'s dyn Source, year: u16) -> Self {
        Self { source, year }
    }

    /// The bytes of a file of the year that may be partial. Where the partial one is gone, since the
    /// log has grown, the whole one is taken and cut by `cut`.
    pub(super) fn read_partial(
        &self,
        path: &str,
        whole: Option<String>,
        cut: impl Fn(Vec<u8>) -> Vec<u8>,
    ) -> Result<Option<Vec<u8>>, SourceError> {
        let read =
            |path: &str| self.source.read(&format!("{:04}/{path}", self.year), MAX_FILE_BYTES);
        match (read(path)?, whole) {
            (None, Some(whole)) => Ok(read(&whole)?.map(cut)),
            (found, _) => Ok(found),
        }
    }
}

impl HashReader for TileReader<'_> {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        let path = tile.path();
        let whole = (!tile.is_full()).then(|| Tile { width: TILE_WIDTH, ..tile }.path());
        let cut = |mut bytes: Vec<u8>| {
            bytes.truncate(tile.length_bytes());
            bytes
        };
        let bytes = self
            .read_partial(&path, whole, cut)
            .map_err(|error| ReadTileError::Read { path: path.clone(), source: Box::new(error) })?;
        tile.parse_hashes(&bytes.ok_or(ReadTileError::Missing { path })?)
    }
}

/// The tiles of a year that were led up to its root, but for those of level 0, which are as many as
/// the entries and are read one by one.
pub(super) struct Tiles<'s> {
    reader: TileReader<'s>,
    head: &'s Head,
    /// Hashes of level 1 and above by level and tile; those that could not be believed are absent.
    above: BTreeMap<(u8, u64), Vec<Hash>>,
    /// Whether the right edge leads to the signed root.
    is_rooted: bool,
}

impl<'s> Tiles<'s> {
    /// Reads the tiles above level 0 and holds them against each other and the root.
    pub(super) fn read(source: &'s dyn Source, head: &'s Head, report: &mut Report) -> Self {
        let reader = TileReader::new(source, head.year);
        let size = head.checkpoint.size;
        let is_rooted = match root_from_tiles(size, &reader) {
            Ok(root) if root == head.checkpoint.root => true,
            Ok(_) => {
                let place = format!("{:04}/tile", head.year);
                report.find(Word::TileDamaged, place, "the right edge does not lead to the root");
                false
            }
            // The tile itself is named where it is read below.
            Err(_) => false,
        };
        let mut tiles = Self { reader, head, above: BTreeMap::new(), is_rooted };
        let mut upper = tiles_between(0, size);
        upper.retain(|tile| tile.level > 0);
        // From the top, so that a tile is held against one that was held against its own above.
        for tile in upper.into_iter().rev() {
            if let Some(hashes) = tiles.read_one(tile, report) {
                tiles.above.insert((tile.level, tile.index), hashes);
            }
        }
        tiles
    }

    /// A tile that is what the tile above it says, or that is part of a right edge that leads to the
    /// root. What is wrong is reported.
    pub(super) fn read_one(&self, tile: Tile, report: &mut Report) -> Option<Vec<Hash>> {
        let place = format!("{:04}/{}", self.head.year, tile.path());
        let hashes = match self.reader.tile(tile) {
            Ok(hashes) => hashes,
            Err(error) => {
                let word = match error {
                    ReadTileError::Missing { .. } => Word::TileMissing,
                    ReadTileError::Length { .. } => Word::TileDamaged,
                    ReadTileError::Read { .. } => Word::Unreadable,
                };
                report.find(word, place, causes(&error));
                return None;
            }
        };
        let good = if tile.is_full() {
            let parent = self.above.get(&(tile.level + 1, tile.index / u64::from(TILE_WIDTH)));
            let at = usize::try_from(tile.index % u64::from(TILE_WIDTH)).expect("below 256");
            // Without the one above nothing can be said of this one here.
            let said = parent?.get(at).copied();
            said == Some(hashes.iter().copied().collect::<Frontier>().root())
        } else {
            // All partial tiles are the right edge.
            self.is_rooted
        };
        if !good && tile.is_full() {
            report.find(Word::TileDamaged, place, "its root is not the one in the tile above");
        }
        good.then_some(hashes)
    }
}
