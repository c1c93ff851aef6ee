//! What a working copy lists: its case, its time, each clip by its hash. No name, no picture.

use access::ExportTarget;
use domain::FileHash;
use ledger::Target;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 2;

/// The list, version 2. One of another version is of no use any more, and destroyed when its week is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyList {
    version: u32,
    /// The entry of the case's receipt, `2026/17`.
    pub(super) case: String,
    /// Ids.
    pub(super) cameras: Vec<String>,
    /// RFC 3339.
    pub(super) from: String,
    /// RFC 3339.
    pub(super) to: String,
    pub(super) masked: bool,
    pub(super) clips: Vec<ListedClip>,
    pub(super) gaps: Vec<ListedGap>,
}

/// A clip of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedClip {
    /// Id.
    pub(super) camera: String,
    /// RFC 3339.
    pub(super) from: String,
    /// RFC 3339.
    pub(super) until: String,
    /// Of the clip's bytes, hexadecimal.
    pub(super) sha256: String,
    /// Of what was found in it; none of one that is whole.
    pub(super) mask: Option<ListedMask>,
}

/// How a clip was masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedMask {
    /// Of the boxes' bytes, hexadecimal.
    pub(super) boxes_sha256: String,
    pub(super) frames: u64,
    /// Boxes, summed over frames.
    pub(super) boxes: u64,
    pub(super) covered_permille: u32,
    /// Of the footage that lies under the cover, hexadecimal.
    pub(super) original_sha256: String,
    /// What somebody decided about it.
    pub(super) edits: api::ClipEdits,
}

/// A stretch of time of which a camera has no picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedGap {
    /// Id.
    pub(super) camera: String,
    /// RFC 3339.
    pub(super) from: String,
    /// RFC 3339.
    pub(super) until: String,
    /// A word of `domain::GapCause`.
    pub(super) cause: Option<String>,
}

impl CopyList {
    pub(super) fn new(target: &ExportTarget, gaps: Vec<ListedGap>) -> Self {
        Self {
            version: VERSION,
            case: target.case.to_string(),
            cameras: target.cameras.iter().map(ToString::to_string).collect(),
            from: target.from.to_string(),
            to: target.to.to_string(),
            masked: target.is_masked,
            clips: Vec::new(),
            gaps,
        }
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|list: &Self| list.version == VERSION)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a list has nothing that JSON cannot hold")
    }

    /// What it is a copy of.
    pub(super) fn target(&self, copy: FileHash) -> Option<ExportTarget> {
        Some(ExportTarget {
            case: self.case.parse().ok()?,
            cameras: self.cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
            from: self.from.parse().ok()?,
            to: self.to.parse().ok()?,
            is_masked: self.masked,
            copy: Some(copy),
        })
    }

    /// Whether it is the copy that a grant names: case, cameras, time and masking, and not the hash alone.
    pub(super) fn is_of(&self, target: &Target) -> bool {
        let Target::Export(target) = target else { return false };
        target.copy.and_then(|copy| self.target(copy)).is_some_and(|own| own == **target)
    }

    /// Where a clip stands among the parts of a copy, or what was found in it: clips first, then boxes, in the
    /// order of the list.
    pub(super) fn blob_of(&self, clip: u32, boxes: bool) -> Option<usize> {
        let at = usize::try_from(clip).ok()?.checked_sub(1)?;
        let listed = self.clips.get(at)?;
        if !boxes {
            return Some(at);
        }
        listed.mask.as_ref()?;
        let before = self.clips[..at].iter().filter(|clip| clip.mask.is_some()).count();
        Some(self.clips.len() + before)
    }

    /// Whether these are the clips that it lists.
    pub(super) fn names(&self, parts: &[Vec<u8>]) -> bool {
        let clips = self.clips.iter().map(|clip| &clip.sha256);
        let boxes = self.clips.iter().filter_map(|clip| clip.mask.as_ref());
        let hashes = clips.chain(boxes.map(|mask| &mask.boxes_sha256));
        hashes.eq(parts.iter().map(|part| sha256(part)).collect::<Vec<_>>().iter())
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    vault::hash_of(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_its_clip_and_named_by_its_hash() {
        let mask = |bytes: &[u8]| ListedMask {
            boxes_sha256: sha256(bytes),
            frames: 1,
            boxes: 0,
            covered_permille: 0,
            original_sha256: String::new(),
            edits: api::ClipEdits::default(),
        };
        let clip = |bytes: &[u8], mask| ListedClip {
            camera: String::new(),
            from: String::new(),
            until: String::new(),
            sha256: sha256(bytes),
            mask,
        };
        let clips = vec![clip(b"a", None), clip(b"b", Some(mask(b"c")))];
        let (from, to) = (domain::WallTime::from_micros(0), domain::WallTime::from_micros(1));
        let case = domain::EntryNumber { year: 2026, index: 3 };
        let target =
            ExportTarget { case, cameras: Vec::new(), from, to, is_masked: false, copy: None };
        let list = CopyList { clips, ..CopyList::new(&target, Vec::new()) };
        assert_eq!((list.blob_of(1, false), list.blob_of(2, true)), (Some(0), Some(2)));
        for (clip, boxes) in [(0, false), (3, false), (1, true)] {
            assert_eq!(list.blob_of(clip, boxes), None);
        }
        let parts = |all: &[&[u8]]| all.iter().map(|it| it.to_vec()).collect::<Vec<_>>();
        assert!(list.names(&parts(&[b"a", b"b", b"c"])));
        assert!(!list.names(&parts(&[b"a", b"b", b"d"])) && !list.names(&parts(&[b"a", b"b"])));
        assert_eq!(CopyList::read(&list.to_bytes()), Some(list.clone()));
        let copy = "a".repeat(64).parse().unwrap();
        let own = Target::Export(Box::new(ExportTarget { copy: Some(copy), ..target.clone() }));
        assert!(list.is_of(&own));
        let masked = ExportTarget { copy: Some(copy), is_masked: true, ..target };
        assert!(!list.is_of(&Target::Export(Box::new(masked))));
    }
}
