//! Recorded footage as a person with a purpose sees it: which frames, by their stamps.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::stamp::{self, Stamp, UUID};

use super::{Heard, Web};

/// What a viewing showed of one camera.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Wall time in microseconds, by frame counter.
    pub(crate) frames: BTreeMap<u64, i64>,
    /// Frames that came more than once.
    pub(crate) twice: u64,
    /// What was said of holes.
    pub(crate) gaps: Vec<Value>,
}

impl Seen {
    /// Frame counters without a hole between them, to be read by a person.
    pub(crate) fn runs(&self) -> String {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for &counter in self.frames.keys() {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == counter => *last = counter,
                _ => runs.push((counter, counter)),
            }
        }
        format!("{runs:?}, holes told: {:?}", self.gaps)
    }
}

/// Every stamp in bytes of media.
pub(crate) fn stamps(media: &[u8]) -> Vec<Stamp> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = media[from..].windows(UUID.len()).position(|window| window == UUID) {
        let at = from + at;
        found.extend(stamp::find(&media[at - 1..]));
        from = at + UUID.len();
    }
    found
}

/// The opening message of a viewing of recorded footage, with a purpose.
pub(crate) fn opening(cameras: &[&str], from: &str, to: &str) -> Value {
    let purpose = json!({ "kind": "incident", "note": "2026-17" });
    json!({ "cameras": cameras, "from": from, "to": to, "purpose": purpose })
}

impl Web {
    /// Opens recorded footage for a purpose and takes all of it. Times are RFC 3339.
    #[track_caller]
    pub(crate) fn footage(&self, cameras: &[&str], from: &str, to: &str) -> Vec<Seen> {
        let mut socket = self.open("/api/v1/footage", &opening(cameras, from, to));
        let opened = socket.words();
        assert_eq!(opened["type"], "opened", "{opened}");
        // A page that has played to the end is sent everything at once.
        socket.say(&json!({ "type": "position", "at": to }));
        let mut seen = vec![Seen::default(); cameras.len()];
        let mut left = cameras.len();
        while left > 0 {
            match socket.hear(Duration::from_secs(20)) {
                Heard::Media(message) => {
                    let (header, media) = api::BinaryHeader::decode(&message).unwrap();
                    let tile = &mut seen[usize::from(header.tile)];
                    for stamp in stamps(media) {
                        let before = tile.frames.insert(stamp.counter, stamp.wall_us);
                        tile.twice += u64::from(before.is_some());
                    }
                }
                Heard::Said(words) => match words["type"].as_str().unwrap() {
                    "end" => left -= 1,
                    "gap" => {
                        let tile = usize::try_from(words["tile"].as_u64().unwrap()).unwrap();
                        seen[tile].gaps.push(words);
                    }
                    "tile" => {}
                    other => panic!("{other}: {words}"),
                },
                other => panic!("the footage did not come to its end: {other:?}"),
            }
        }
        seen
    }
}
