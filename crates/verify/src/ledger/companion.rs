//! Companions: lists of bucket keys' commitments that are too long for an entry.

use domain::BucketId;
use tlog::{Frontier, leaf_hash};

use super::head::unreadable;
use crate::entry::CompanionName;
use crate::source::{MAX_COMPANION_BYTES, Source};
use crate::{Report, Word, from_hex, sha256, to_hex};

/// A line of such a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyLine {
    /// The bucket.
    pub bucket: BucketId,
    /// SHA-256 of its key.
    pub sha256: [u8; 32],
}

/// Reads the list that an entry names and holds it against its hash, its count and its root.
pub(super) fn read(
    source: &dyn Source,
    name: &CompanionName,
    report: &mut Report,
) -> Option<Vec<KeyLine>> {
    let place = format!("companion/{}", to_hex(&name.sha256));
    let bytes = match source.read(&place, MAX_COMPANION_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            report.find(Word::CompanionMissing, place, "");
            return None;
        }
        Err(error) => {
            unreadable(&place, &error, report);
            return None;
        }
    };
    match parse(&bytes, name) {
        Ok(lines) => Some(lines),
        Err(wrong) => {
            report.find(Word::CompanionDamaged, place, wrong);
            None
        }
    }
}

fn parse(bytes: &[u8], name: &CompanionName) -> Result<Vec<KeyLine>, &'static str> {
    if sha256(bytes) != name.sha256 {
        return Err("its bytes hash to something else");
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
    let mut frontier = Frontier::new();
    let mut keys = Vec::new();
    for line in text.split_terminator('\n') {
        frontier.push(leaf_hash(line.as_bytes()));
        let key = line.split_once(' ').and_then(|(bucket, key)| {
            Some(KeyLine { bucket: bucket.parse().ok()?, sha256: from_hex(key)? })
        });
        keys.push(key.ok_or("a line of it is not a bucket and a hash")?);
    }
    if keys.len() as u64 != name.count {
        return Err("it has not as many lines as the entry says");
    }
    if frontier.root().0 != name.root {
        return Err("its lines have another root than the entry says");
    }
    Ok(keys)
}
