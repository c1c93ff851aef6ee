//! The boxes file (docs/formats/boxes.md), written while the second pass runs, so that it needs no memory.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::clip::Clip;
use crate::edits::Edits;
use crate::geometry::{Box2, Kind};
use crate::pipeline::{BESIDE, BESIDE_FACE};
use crate::times::Times;
use crate::track::Track;

/// A boxes file that grows.
pub(crate) struct Report {
    out: BufWriter<File>,
    width: usize,
    height: usize,
    any: bool,
}

impl Report {
    /// Begins it.
    pub(crate) fn begin(
        file: &NamedTempFile,
        clip: &Clip,
        frames: u64,
        findings: &str,
    ) -> io::Result<Self> {
        let mut out = BufWriter::new(file.reopen()?);
        let (width, height) = (clip.width, clip.height);
        let about =
            json!({ "width": width, "height": height, "rate": clip.rate, "frames": frames });
        write!(out, "{{\"format\":\"jikim-boxes-1\",\"clip\":{about},")?;
        write!(out, "\"findings\":\"{findings}\",\"beside\":")?;
        let ((wide, high), (face_wide, face_high)) = (BESIDE, BESIDE_FACE);
        write!(out, "{{\"person\":[{wide},{high}],\"face\":[{face_wide},{face_high}]}},")?;
        write!(out, "\n\"unexplained\":[")?;
        Ok(Self { out, width, height, any: false })
    }

    /// What moved in a frame and was explained by no track.
    pub(crate) fn unexplained(&mut self, frame: u32, boxes: &[Box2]) -> io::Result<()> {
        for place in boxes {
            let comma = if self.any { "," } else { "" };
            self.any = true;
            let [left, top, right, bottom] = self.pixels(*place);
            write!(self.out, "{comma}\n[{frame},{left},{top},{right},{bottom}]")?;
        }
        Ok(())
    }

    /// When each frame is shown, where that is known; after what moved, before the tracks.
    pub(crate) fn times(&mut self, times: Option<&Times>) -> io::Result<()> {
        write!(self.out, "]")?;
        let Some(times) = times else { return Ok(()) };
        write!(self.out, ",\n\"times_ms\":[")?;
        for (frame, time) in times.milliseconds().enumerate() {
            let comma = if frame == 0 { "" } else { "," };
            write!(self.out, "{comma}{time}")?;
        }
        write!(self.out, "]")
    }

    /// The tracks, and its end. Gives how many boxes of tracks there are, over all frames.
    pub(crate) fn finish(
        mut self,
        tracks: &[Track],
        edits: &Edits,
        rate: f32,
        frames: u32,
    ) -> io::Result<u64> {
        let mut count = 0;
        write!(self.out, ",\n\"tracks\":[")?;
        for (number, track) in (1_u32..).zip(tracks) {
            let comma = if number == 1 { "" } else { "," };
            let kind = if track.kind == Kind::Person { "person" } else { "face" };
            let kept = edits.shows_ever(number);
            write!(self.out, "{comma}\n{{\"number\":{number},\"kind\":\"{kind}\",")?;
            write!(self.out, "\"kept\":{kept},\"boxes\":[")?;
            let (first, last) = track.span(rate, frames);
            for frame in first..=last {
                let Some(placed) = track.at(frame, rate) else { continue };
                let comma = if frame == first { "" } else { "," };
                let [left, top, right, bottom] = self.pixels(placed.place);
                let sure = placed.sure;
                write!(self.out, "{comma}[{frame},{left},{top},{right},{bottom},{sure}]")?;
                count += 1;
            }
            write!(self.out, "]}}")?;
        }
        writeln!(self.out, "]}}")?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        Ok(count)
    }

    fn pixels(&self, place: Box2) -> [u32; 4] {
        pixels(place, self.width, self.height)
    }
}

fn pixels(place: Box2, width: usize, height: usize) -> [u32; 4] {
    let (wide, high) = (width as f32, height as f32);
    [
        (place.left * wide).floor() as u32,
        (place.top * high).floor() as u32,
        (place.right * wide).ceil() as u32,
        (place.bottom * high).ceil() as u32,
    ]
}

/// By what the findings of a clip are told from any others: SHA-256, hexadecimal, over its size, its frames, and for
/// each track its kind and each finding, all u32 in little endian.
pub(crate) fn findings(clip: &Clip, frames: u64, tracks: &[Track]) -> String {
    let mut hash = Sha256::new();
    let mut add = |number: u32| hash.update(number.to_le_bytes());
    let short = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    add(short(clip.width));
    add(short(clip.height));
    add(u32::try_from(frames).unwrap_or(u32::MAX));
    for track in tracks {
        add(if track.kind == Kind::Person { 1 } else { 2 });
        add(short(track.found().count()));
        for (frame, place) in track.found() {
            add(frame);
            pixels(place, clip.width, clip.height).into_iter().for_each(&mut add);
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
