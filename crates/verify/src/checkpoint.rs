//! One signed checkpoint: signatures, cosignatures with their times, and whether it continues an
//! earlier one.

use domain::WallTime;
use serde_json::json;
use tlog::policy::{CheckedNote, Policy};
use tlog::tile::ReadTileError;
use tlog::{
    Checkpoint, Hash, HashReader, ProveError, TILE_WIDTH, Tile, prove_consistency, recorder_of,
    root_from_tiles, verify_consistency,
};

use crate::ledger::{TileReader, open_note};
use crate::source::Source;
use crate::{Report, Word, causes};

/// An earlier checkpoint, and where the tiles are that prove that the later one continues it.
pub struct Earlier<'e> {
    /// The earlier checkpoint, as a note.
    pub note: &'e [u8],
    /// The ledger.
    pub source: &'e dyn Source,
}

/// Verifies a checkpoint.
#[must_use]
pub fn verify(note: &[u8], policy: &Policy, earlier: Option<&Earlier<'_>>) -> Report {
    let mut report = Report::new("checkpoint");
    let Some((_, checked)) = open_note("checkpoint", note, policy, &mut report) else {
        return report;
    };
    require_quorum(&checked, &mut report);
    tell(&checked, &mut report);
    if let Some(earlier) = earlier {
        let old = open_note("the earlier checkpoint", earlier.note, policy, &mut report);
        if let Some((_, old)) = old {
            let (old, new) = (&old.checkpoint, &checked.checkpoint);
            report.fact("earlier_entries", ("앞선 체크포인트의 기록", "entries then"), old.size);
            continues(old, new, earlier.source, &mut report);
        }
    }
    report
}

/// A checkpoint without a quorum is a finding.
pub(crate) fn require_quorum(checked: &CheckedNote<'_>, report: &mut Report) {
    if !checked.has_quorum {
        let signed = checked.cosigners.len();
        report.find(Word::NoQuorum, &checked.checkpoint.origin, format!("{signed} cosigned"));
    }
}

/// What a checkpoint says, and who vouches for it.
pub(crate) fn tell(checked: &CheckedNote<'_>, report: &mut Report) {
    let Checkpoint { origin, size, root, .. } = &checked.checkpoint;
    report.fact("log", ("원장", "log"), origin.clone());
    report.fact("entries", ("기록", "entries"), *size);
    report.fact("root", ("뿌리", "root"), root.to_base64());
    let cosigners = crate::ledger::cosigners(checked).into_iter();
    let cosigners = cosigners.map(|(name, at_s)| json!({ "witness": name, "at": moment(at_s) }));
    tell_second([checked.second], report);
    report.fact("cosigners", ("함께 서명한 증인", "cosigned by"), cosigners.collect::<Vec<_>>());
}

/// Whether the log signed a second time too (ECDSA), as far as the policy lists a key for it.
pub(crate) fn tell_second(seconds: impl IntoIterator<Item = Option<bool>>, report: &mut Report) {
    let seconds: Vec<bool> = seconds.into_iter().flatten().collect();
    let word = match (seconds.len(), seconds.iter().filter(|holds| **holds).count()) {
        (0, _) => "not-asked",
        (all, holds) if all == holds => "holds",
        (_, 0) => "missing",
        _ => "missing-in-part",
    };
    report.fact("second_signature", ("둘째 서명(ECDSA P-256)", "second signature"), word);
}

/// Seconds since 1970 as a moment; as the number where no clock could show it.
pub(crate) fn moment(at_s: u64) -> String {
    let us = i64::try_from(at_s).ok().and_then(|at_s| at_s.checked_mul(1_000_000));
    us.map_or_else(|| at_s.to_string(), |us| WallTime::from_micros(us).to_string())
}

fn continues(old: &Checkpoint, new: &Checkpoint, source: &dyn Source, report: &mut Report) {
    if old.origin != new.origin {
        let detail = format!("the earlier one is of {}", old.origin);
        return report.find(Word::UnknownLog, &new.origin, detail);
    }
    if old.size > new.size {
        let detail = format!("{} entries then, {} now", old.size, new.size);
        return report.find(Word::WentBack, &new.origin, detail);
    }
    let Some((_, year)) = recorder_of(&new.origin) else {
        return report.find(Word::UnknownLog, &new.origin, "it is no recorder's log");
    };
    match proven_root(old.size, new, &TileReader::new(source, year)) {
        Ok(root) if root == old.root => {}
        Ok(root) => {
            let detail = format!("at {} entries the root is {root}, not {}", old.size, old.root);
            report.find(Word::HistoryRewritten, &new.origin, detail);
        }
        Err(error) => {
            let word = match &error {
                ContinueError::Verify(_) => Word::TileDamaged,
                ContinueError::Prove(ProveError::ReadTile(ReadTileError::Missing { .. })) => {
                    Word::TileMissing
                }
                ContinueError::Prove(_) => Word::Unreadable,
            };
            report.find(word, &new.origin, causes(&error));
        }
    }
}

/// Why the tiles prove nothing.
#[derive(Debug, thiserror::Error)]
enum ContinueError {
    /// They could not be read.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// They do not lead to the new root.
    #[error("the tiles do not lead to the new root")]
    Verify(#[from] tlog::VerifyProofError),
}

/// The root that the log had at a size, by its tiles, which are held against the new root: so a
/// damaged tile is told from a history that was rewritten.
fn proven_root(size: u64, new: &Checkpoint, tiles: &TileReader<'_>) -> Result<Hash, ContinueError> {
    let grown = Grown { tiles, size: new.size };
    let root = root_from_tiles(size, &grown).map_err(ProveError::from)?;
    let proof = prove_consistency(size, new.size, tiles)?;
    verify_consistency(size, root, new.size, new.root, &proof)?;
    Ok(root)
}

/// The tiles of a smaller tree, cut from those of the tree of `size` entries: partial tiles of a size
/// that was never published exist nowhere.
struct Grown<'t> {
    tiles: &'t TileReader<'t>,
    size: u64,
}

impl HashReader for Grown<'_> {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        let level = self.size.checked_shr(8 * u32::from(tile.level)).unwrap_or(0);
        let left = level.saturating_sub(tile.index.saturating_mul(u64::from(TILE_WIDTH)));
        let width = u16::try_from(left).map_or(TILE_WIDTH, |left| left.min(TILE_WIDTH));
        let mut hashes = self.tiles.tile(Tile { width, ..tile })?;
        hashes.truncate(usize::from(tile.width));
        Ok(hashes)
    }
}
