//! Tiles and entry bundles (C2SP tlog-tiles): which there are, how their paths are written and what
//! bytes they hold.

use std::error::Error as StdError;

use thiserror::Error;

use crate::hash::Hash;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Tree levels that one tile level spans: 256 = 2^8.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// Tile levels that a tree whose size fits 64 bits can have.
pub(crate) const TILE_LEVELS: u8 = 8;

/// The highest level that a path may name.
const MAX_LEVEL: u8 = 63;

/// Bytes of a hash in a tile.
const HASH_BYTES: usize = 32;

/// One tile: hashes `index * 256 ..` of a level, `width` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 holds leaf hashes; each hash of a higher level is the root of a full tile below. 0 to 63.
    pub level: u8,
    /// Which tile of its level, from 0.
    pub index: u64,
    /// Hashes in it: 1 to 255 for a partial tile, 256 for a full one.
    pub width: u16,
}

/// One bundle of entries: entries `index * 256 ..`, `width` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryBundle {
    /// Which bundle, from 0.
    pub index: u64,
    /// Entries in it: 1 to 255 for a partial bundle, 256 for a full one.
    pub width: u16,
}

/// Why a path names no tile or bundle.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TilePathError {
    /// It does not have the form at all.
    #[error("a path is tile/LEVEL/INDEX or tile/entries/INDEX, with .p/WIDTH when partial")]
    Form,
    /// The level is not a number from 0 to 63 without leading zeroes.
    #[error("the level of a tile is a number from 0 to 63 without leading zeroes")]
    Level,
    /// The index is not in groups of three digits, or has more groups than it needs.
    #[error("an index is written in groups of three digits, as x001/x234/067")]
    Index,
    /// The width of a partial tile is not a number from 1 to 255.
    #[error("the width of a partial tile is a number from 1 to 255 without leading zeroes")]
    Width,
}

impl Tile {
    /// The path below the log's prefix: `tile/<L>/<N>[.p/<W>]`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, tail(self.index, self.width))
    }

    /// Reads what [`Tile::path`] writes, and nothing else.
    ///
    /// # Errors
    /// If the path is of any other form: one tile has one path.
    pub fn parse(path: &str) -> Result<Self, TilePathError> {
        let rest = path.strip_prefix("tile/").ok_or(TilePathError::Form)?;
        let (level, rest) = rest.split_once('/').ok_or(TilePathError::Form)?;
        let level = decimal(level)
            .and_then(|level| u8::try_from(level).ok())
            .filter(|&level| level <= MAX_LEVEL)
            .ok_or(TilePathError::Level)?;
        let (index, width) = parse_tail(rest)?;
        Ok(Self { level, index, width })
    }

    /// Whether the tile can never change again.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Bytes of the tile.
    #[must_use]
    pub fn length_bytes(&self) -> usize {
        usize::from(self.width) * HASH_BYTES
    }

    /// Reads the bytes of this tile: its hashes one after the other.
    ///
    /// # Errors
    /// If there are not exactly as many bytes as the tile's width asks for.
    pub fn parse_hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, ReadTileError> {
        if bytes.len() != self.length_bytes() {
            let found_bytes = bytes.len();
            return Err(ReadTileError::Length { path: self.path(), found_bytes });
        }
        let (hashes, _) = bytes.as_chunks::<HASH_BYTES>();
        Ok(hashes.iter().map(|&hash| Hash(hash)).collect())
    }
}

/// The bytes of a tile: its hashes one after the other.
#[must_use]
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

impl EntryBundle {
    /// The path below the log's prefix: `tile/entries/<N>[.p/<W>]`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/entries/{}", tail(self.index, self.width))
    }

    /// Reads what [`EntryBundle::path`] writes, and nothing else.
    ///
    /// # Errors
    /// If the path is of any other form.
    pub fn parse(path: &str) -> Result<Self, TilePathError> {
        let rest = path.strip_prefix("tile/entries/").ok_or(TilePathError::Form)?;
        let (index, width) = parse_tail(rest)?;
        Ok(Self { index, width })
    }

    /// The tile of level 0 that holds the hashes of the bundle's entries.
    #[must_use]
    pub const fn tile(&self) -> Tile {
        Tile { level: 0, index: self.index, width: self.width }
    }

    /// Reads the bytes of this bundle: exactly `width` entries.
    ///
    /// # Errors
    /// If an entry is cut short, or there are more or fewer than the width says.
    pub fn parse_entries<'b>(&self, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, BundleError> {
        let mut entries = Vec::with_capacity(usize::from(self.width));
        let mut rest = bytes;
        while let Some((length_bytes, after)) = rest.split_first_chunk() {
            let length_bytes = usize::from(u16::from_be_bytes(*length_bytes));
            let at = entries.len();
            let (entry, after) =
                after.split_at_checked(length_bytes).ok_or(BundleError::Cut(at))?;
            if at == usize::from(self.width) {
                return Err(BundleError::TooMany { width: self.width });
            }
            entries.push(entry);
            rest = after;
        }
        if !rest.is_empty() {
            return Err(BundleError::Cut(entries.len()));
        }
        if entries.len() < usize::from(self.width) {
            return Err(BundleError::TooFew { width: self.width, found: entries.len() });
        }
        Ok(entries)
    }
}

/// Why the bytes of a bundle could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleError {
    /// An entry that a 16-bit length cannot describe.
    #[error("entry {at} of the bundle has {length_bytes} bytes; at most 65535 fit")]
    EntryTooLong {
        /// Which entry of the bundle, from 0.
        at: usize,
        /// Its length.
        length_bytes: usize,
    },
    /// The bytes end within this entry of the bundle.
    #[error("the bundle ends within its entry {0}: the file is cut short or damaged")]
    Cut(usize),
    /// Fewer entries than the bundle's width.
    #[error("the bundle holds {found} entries, its path says {width}")]
    TooFew {
        /// Entries its path promises.
        width: u16,
        /// Entries found.
        found: usize,
    },
    /// More entries than the bundle's width.
    #[error("the bundle holds more than the {width} entries its path says")]
    TooMany {
        /// Entries its path promises.
        width: u16,
    },
}

/// The bytes of a bundle: each entry behind its length as a big-endian 16-bit number.
///
/// Bundles may be written by appending: the bytes of more entries are the bytes of each in turn.
///
/// # Errors
/// If there are more than 256 entries, or one is longer than 65,535 bytes.
pub fn encode_entries<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(BundleError::TooMany { width: TILE_WIDTH });
    }
    let mut bytes = Vec::with_capacity(entries.iter().map(|entry| entry.as_ref().len() + 2).sum());
    for (at, entry) in entries.iter().map(AsRef::as_ref).enumerate() {
        let length = u16::try_from(entry.len())
            .map_err(|_| BundleError::EntryTooLong { at, length_bytes: entry.len() })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Gives the hashes of tiles, from disk, memory or another's copy. Proofs are computed from it.
pub trait HashReader {
    /// The hashes of a tile: exactly `tile.width` of them.
    ///
    /// A reader whose partial tile is gone may cut the full tile to the width asked for.
    ///
    /// # Errors
    /// If the tile is not there, cannot be read or has another length.
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        (**self).tile(tile)
    }
}

/// Why a tile could not be read.
#[derive(Debug, Error)]
pub enum ReadTileError {
    /// There is no such tile.
    #[error("the ledger has no {path}: restore it from a copy")]
    Missing {
        /// Path of the tile.
        path: String,
    },
    /// The tile has another length than its path says.
    #[error(
        "{path} has {found_bytes} bytes, which its width does not allow: restore it from a copy"
    )]
    Length {
        /// Path of the tile.
        path: String,
        /// What was found.
        found_bytes: usize,
    },
    /// The place the tile lies in failed.
    #[error("{path} could not be read")]
    Read {
        /// Path of the tile.
        path: String,
        /// What the disk or network said.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// The tiles to write when a tree grows from `old_size` to `new_size` entries: all that are new or
/// wider than before, of all levels, partial ones included, lower levels first. Empty when the tree
/// did not grow.
#[must_use]
pub fn tiles_between(old_size: u64, new_size: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for level in 0..TILE_LEVELS {
        let (old, new) = (width_of_level(old_size, level), width_of_level(new_size, level));
        if new <= old {
            break;
        }
        tiles.extend(rows(old, new).map(|(index, width)| Tile { level, index, width }));
    }
    tiles
}

/// The entry bundles to write when a tree grows from `old_size` to `new_size` entries.
#[must_use]
pub fn bundles_between(old_size: u64, new_size: u64) -> Vec<EntryBundle> {
    if new_size <= old_size {
        return Vec::new();
    }
    rows(old_size, new_size).map(|(index, width)| EntryBundle { index, width }).collect()
}

/// Complete hashes that a tree of `size` entries has at a tile level.
pub(crate) fn width_of_level(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// The tile that holds hash number `at` of a level, as wide as a tree of `size` entries makes it.
pub(crate) fn tile_holding(level: u8, at: u64, size: u64) -> Tile {
    let index = at / u64::from(TILE_WIDTH);
    let left = width_of_level(size, level) - index * u64::from(TILE_WIDTH);
    Tile { level, index, width: clip(left) }
}

/// Index and width of the tiles that a row touches when it grows from `old` to `new` hashes.
fn rows(old: u64, new: u64) -> impl Iterator<Item = (u64, u16)> {
    let width = u64::from(TILE_WIDTH);
    (old / width..new.div_ceil(width)).map(move |index| (index, clip(new - index * width)))
}

fn clip(hashes: u64) -> u16 {
    u16::try_from(hashes).map_or(TILE_WIDTH, |hashes| hashes.min(TILE_WIDTH))
}

/// `<N>[.p/<W>]`: the index in groups of three digits, all but the last behind an `x`.
fn tail(index: u64, width: u16) -> String {
    let mut tail = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        tail = format!("x{:03}/{tail}", rest % 1000);
        rest /= 1000;
    }
    if width != TILE_WIDTH {
        tail.push_str(&format!(".p/{width}"));
    }
    tail
}

fn parse_tail(tail: &str) -> Result<(u64, u16), TilePathError> {
    let Some((index, width)) = tail.split_once(".p/") else {
        return Ok((parse_index(tail)?, TILE_WIDTH));
    };
    let width = decimal(width)
        .and_then(|width| u16::try_from(width).ok())
        .filter(|&width| (1..TILE_WIDTH).contains(&width))
        .ok_or(TilePathError::Width)?;
    Ok((parse_index(index)?, width))
}

fn parse_index(text: &str) -> Result<u64, TilePathError> {
    let (groups, last) = text.rsplit_once('/').map_or((None, text), |(g, last)| (Some(g), last));
    let mut index = 0_u64;
    for (at, group) in groups.into_iter().flat_map(|groups| groups.split('/')).enumerate() {
        let group = three_digits(group.strip_prefix('x').ok_or(TilePathError::Index)?)?;
        if at == 0 && group == 0 {
            return Err(TilePathError::Index); // a leading group of zeroes: a second spelling
        }
        index = shift_in(index, group)?;
    }
    shift_in(index, three_digits(last)?)
}

fn shift_in(index: u64, group: u64) -> Result<u64, TilePathError> {
    let index = index.checked_mul(1000).and_then(|index| index.checked_add(group));
    index.ok_or(TilePathError::Index)
}

fn three_digits(text: &str) -> Result<u64, TilePathError> {
    if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TilePathError::Index);
    }
    text.parse().map_err(|_| TilePathError::Index)
}

/// An ASCII decimal without sign or leading zeroes, as all C2SP texts write numbers.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    if !canonical || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
