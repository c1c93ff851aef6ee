//! What a person decided about a clip: who stays to be seen and when, and areas drawn by hand
//! (`docs/formats/boxes.md`).
//!
//! Invariant: a decision holds for the findings it was made on. Where tracks are numbered otherwise today (another
//! model, another version), showing "track 3" would show somebody else: then nothing is made.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Told;
use crate::clip::Clip;
use crate::geometry::Box2;

/// Tracks that are shown, areas, and corners of all areas: more than a person sets.
const MOST_SHOWN: usize = 512;
const MOST_AREAS: usize = 512;
const MOST_KEYS: usize = 4096;
/// Bytes of the longest file of edits.
pub(crate) const LONGEST_EDITS: u64 = 1 << 19;

/// The edits of one clip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edits {
    /// SHA-256 of the findings that they were made on, as the boxes file names it.
    #[serde(default)]
    pub(crate) findings: Option<String>,
    /// Who stays to be seen.
    #[serde(default)]
    pub(crate) shown: Vec<Shown>,
    /// What was drawn.
    #[serde(default)]
    pub(crate) areas: Vec<Area>,
}

/// A track that stays to be seen, from one frame to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    pub(crate) track: u32,
    #[serde(default)]
    pub(crate) first: u32,
    #[serde(default = "last_of_all")]
    pub(crate) last: u32,
}

const fn last_of_all() -> u32 {
    u32::MAX
}

/// A rectangle that moves evenly from one key to the next, and is not there before the first and after the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Area {
    pub(crate) what: What,
    pub(crate) keys: Vec<Key>,
}

/// What an area does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// It is covered, whoever stays to be seen there.
    Cover,
    /// What moves there is known to be harmless and stays, but for where another person's box lies.
    Show,
}

/// Where an area is in one frame, in pixels; right and bottom are beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    pub(crate) frame: u32,
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) right: u32,
    pub(crate) bottom: u32,
}

impl Edits {
    /// Of a file, and of tracks named one by one.
    pub(crate) fn read(file: Option<&Path>, kept: &[u32]) -> Told<Self> {
        let mut edits = match file {
            None => Self::default(),
            Some(path) => {
                let told = |why: String| format!("{} cannot be read: {why}", path.display());
                let length =
                    std::fs::metadata(path).map_err(|error| told(error.to_string()))?.len();
                if length > LONGEST_EDITS {
                    return Err(told(format!("it has more than {LONGEST_EDITS} bytes")));
                }
                let bytes = std::fs::read(path).map_err(|error| told(error.to_string()))?;
                serde_json::from_slice(&bytes).map_err(|error| told(error.to_string()))?
            }
        };
        if !edits.shown.is_empty() && edits.findings.is_none() {
            return Err("edits that show somebody name the findings they were made on".into());
        }
        let whole = |track: &u32| Shown { track: *track, first: 0, last: last_of_all() };
        edits.shown.extend(kept.iter().map(whole));
        Ok(edits)
    }

    /// Whether they are of this clip and what was found in it.
    pub(crate) fn check(&self, clip: &Clip, frames: u64, tracks: u32, findings: &str) -> Told<()> {
        if self.findings.as_deref().is_some_and(|named| named != findings) {
            return Err(
                "what is found in the clip is not what the edits were made on: make them anew"
                    .into(),
            );
        }
        let unknown = |shown: &&Shown| !(1..=tracks).contains(&shown.track);
        if let Some(Shown { track, .. }) = self.shown.iter().find(unknown) {
            return Err(format!("there is no track {track}: the clip has {tracks}"));
        }
        let keys = self.areas.iter().map(|area| area.keys.len()).sum::<usize>();
        if self.shown.len() > MOST_SHOWN || self.areas.len() > MOST_AREAS || keys > MOST_KEYS {
            return Err(format!(
                "more than {MOST_SHOWN} tracks, {MOST_AREAS} areas or {MOST_KEYS} corners are edited"
            ));
        }
        match (1_usize..).zip(&self.areas).find(|(_, area)| !area.is_within(clip, frames)) {
            Some((number, _)) => Err(format!("area {number} does not lie within the clip")),
            None => Ok(()),
        }
    }

    /// Whether a track stays to be seen in a frame.
    pub(crate) fn shows(&self, track: u32, frame: u32) -> bool {
        let holds = |shown: &Shown| (shown.first..=shown.last).contains(&frame);
        self.shown.iter().any(|shown| shown.track == track && holds(shown))
    }

    /// Whether a track stays to be seen in any.
    pub(crate) fn shows_ever(&self, track: u32) -> bool {
        self.shown.iter().any(|shown| shown.track == track)
    }

    /// The areas that are in a frame.
    pub(crate) fn areas_at(&self, clip: &Clip, frame: u32) -> impl Iterator<Item = (What, Box2)> {
        let (wide, high) = (clip.width as f32, clip.height as f32);
        self.areas.iter().filter_map(move |area| Some((area.what, area.at(frame, wide, high)?)))
    }
}

impl Area {
    fn is_within(&self, clip: &Clip, frames: u64) -> bool {
        let fits = |key: &Key| {
            u64::from(key.frame) < frames
                && key.left < key.right
                && key.top < key.bottom
                && key.right as usize <= clip.width
                && key.bottom as usize <= clip.height
        };
        !self.keys.is_empty()
            && self.keys.iter().all(fits)
            && self.keys.is_sorted_by(|one, next| one.frame < next.frame)
    }

    fn at(&self, frame: u32, wide: f32, high: f32) -> Option<Box2> {
        let place = |key: &Key| Box2 {
            left: key.left as f32 / wide,
            top: key.top as f32 / high,
            right: key.right as f32 / wide,
            bottom: key.bottom as f32 / high,
        };
        let next = self.keys.partition_point(|key| key.frame < frame);
        let after = self.keys.get(next)?;
        if after.frame == frame {
            return Some(place(after));
        }
        let before = &self.keys[next.checked_sub(1)?];
        let part = (frame - before.frame) as f32 / (after.frame - before.frame) as f32;
        Some(place(before).toward(place(after), part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(frame: u32, left: u32) -> Key {
        Key { frame, left, top: 10, right: left + 20, bottom: 40 }
    }

    fn edits(keys: Vec<Key>) -> Edits {
        let areas = vec![Area { what: What::Cover, keys }];
        let shown = vec![Shown { track: 2, first: 5, last: 9 }];
        Edits { findings: Some("a".into()), shown, areas }
    }

    #[test]
    fn an_area_moves_from_key_to_key_and_is_nowhere_else() {
        let clip = Clip::of_size(200, 100);
        let edits = edits(vec![key(10, 20), key(20, 120)]);
        let left = |frame| edits.areas_at(&clip, frame).next().map(|(_, place)| place.left * 200.0);
        assert_eq!((left(9), left(21)), (None, None));
        let near = |frame, to: f32| (left(frame).unwrap() - to).abs() < 0.01;
        assert!(near(10, 20.0) && near(15, 70.0) && near(20, 120.0));
        assert!(edits.shows(2, 5) && edits.shows(2, 9) && !edits.shows(2, 10));
        assert!(!edits.shows(1, 5) && edits.shows_ever(2) && !edits.shows_ever(1));
    }

    #[test]
    fn edits_of_other_findings_or_another_clip_are_refused() {
        let clip = Clip::of_size(200, 100);
        let check = |edits: &Edits, tracks, findings| edits.check(&clip, 30, tracks, findings);
        let good = edits(vec![key(10, 20), key(20, 120)]);
        assert_eq!(check(&good, 2, "a"), Ok(()), "the control");
        assert!(check(&good, 2, "b").unwrap_err().contains("make them anew"));
        assert!(check(&good, 1, "a").unwrap_err().contains("no track 2"));
        let beyond = [vec![key(30, 0)], vec![key(5, 181)], vec![key(9, 0), key(9, 1)], Vec::new()];
        for keys in beyond {
            assert!(check(&edits(keys), 2, "a").unwrap_err().contains("area 1"));
        }
    }

    #[test]
    fn a_file_that_shows_somebody_says_on_what_findings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("edits.json");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Edits::read(Some(&path), &[])
        };
        assert!(read("{\"shown\":[{\"track\":1}]}").is_err());
        assert!(read("{\"findings\":\"a\",\"shown\":[{\"track\":1}]}").unwrap().shows(1, 99));
        assert!(read("{\"areas\":[{\"what\":\"erase\",\"keys\":[]}]}").is_err());
        assert!(read("{\"keep\":[]}").is_err() && read("").is_err());
        assert!(Edits::read(None, &[3]).unwrap().shows(3, 0), "by hand a number is enough");
    }
}
