//! The boxes file (docs/formats/boxes.md), written while the second pass runs, so that it needs no memory.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use serde_json::json;
use tempfile::NamedTempFile;

use crate::clip::Clip;
use crate::geometry::{Box2, Kind};
use crate::pipeline::{BESIDE, BESIDE_FACE};
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
    pub(crate) fn begin(file: &NamedTempFile, clip: &Clip, frames: u64) -> io::Result<Self> {
        let mut out = BufWriter::new(file.reopen()?);
        let (width, height) = (clip.width, clip.height);
        let about =
            json!({ "width": width, "height": height, "rate": clip.rate, "frames": frames });
        write!(out, "{{\"format\":\"jikim-boxes-1\",\"clip\":{about},\"beside\":")?;
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

    /// The tracks, and its end. Gives how many boxes of tracks there are, over all frames.
    pub(crate) fn finish(
        mut self,
        tracks: &[Track],
        kept: &[u32],
        rate: f32,
        frames: u32,
    ) -> io::Result<u64> {
        let mut count = 0;
        write!(self.out, "],\n\"tracks\":[")?;
        for (number, track) in (1_u32..).zip(tracks) {
            let comma = if number == 1 { "" } else { "," };
            let kind = if track.kind == Kind::Person { "person" } else { "face" };
            let kept = kept.contains(&number);
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
        let (wide, high) = (self.width as f32, self.height as f32);
        [
            (place.left * wide).floor() as u32,
            (place.top * high).floor() as u32,
            (place.right * wide).ceil() as u32,
            (place.bottom * high).ceil() as u32,
        ]
    }
}
