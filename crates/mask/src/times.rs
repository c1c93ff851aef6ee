//! When each frame of a clip is shown: read from the original by a caged ffprobe, and written into the covered
//! clip, so that a second of it is the same second.
//!
//! The encoder is handed pictures without times, and writes them at even spacing. Cameras do not film so: a stall of
//! two seconds would be lost, and a person would seem to run. So the encoder's table of times is replaced.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// Ticks a second of the encoder's track (`-video_track_timescale`).
pub(crate) const TICKS_A_SECOND: u64 = 90_000;
/// The longest time between two frames that is believed, and the longest clip: 24 hours.
const LONGEST_TICKS: u64 = 86_400 * TICKS_A_SECOND;
/// Bytes of the longest head of a clip: 24 hours of 60 frames a second have less.
const LONGEST_HEAD: u64 = 96 << 20;
/// How deep the boxes on the way to the table lie: moov, trak, mdia, minf, stbl, and what is in them.
const DEEPEST: usize = 6;

/// When each frame is shown, in ticks after the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Times(Vec<u64>);

impl Times {
    /// Of what ffprobe says of a clip's packets, `pts=…` each, and of their `time_base=…`. None where a time is
    /// missing, comes twice, or cannot be.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut base = None;
        let mut stamps: Vec<i64> = Vec::new();
        for line in text.lines() {
            if let Some(stamp) = line.strip_prefix("pts=") {
                stamps.push(stamp.parse().ok()?);
            } else if let Some(fraction) = line.strip_prefix("time_base=") {
                let (above, below) = fraction.split_once('/')?;
                base = Some((above.parse::<u32>().ok()?, below.parse::<u32>().ok()?));
            }
        }
        let (above, below) = base.filter(|(above, below)| *above > 0 && *below > 0)?;
        // As they are shown; with frames in between they are stored in another order.
        stamps.sort_unstable();
        let first = *stamps.first()?;
        let ticks = |stamp: i64| -> Option<u64> {
            let units = u128::from(stamp.abs_diff(first)) * u128::from(above);
            u64::try_from(units * u128::from(TICKS_A_SECOND) / u128::from(below)).ok()
        };
        let times = stamps.into_iter().map(ticks).collect::<Option<Vec<_>>>()?;
        let is_rising = times.is_sorted_by(|one, next| one < next);
        (is_rising && times.last()? < &LONGEST_TICKS).then_some(Self(times))
    }

    /// How many frames there are.
    pub(crate) fn frames(&self) -> u64 {
        self.0.len() as u64
    }

    /// Milliseconds after the first frame.
    pub(crate) fn milliseconds(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|ticks| ticks * 1000 / TICKS_A_SECOND)
    }

    /// How long each frame is shown; the last as long as the one before it.
    fn durations(&self) -> Vec<u32> {
        let between = self.0.windows(2).map(|pair| pair[1] - pair[0]);
        let short = |ticks: u64| u32::try_from(ticks).unwrap_or(u32::MAX);
        let mut all: Vec<u32> = between.map(short).collect();
        all.push(all.last().copied().unwrap_or(TICKS_A_SECOND as u32 / 25));
        all
    }

    /// Replaces the even times of a clip that the encoder wrote.
    ///
    /// # Errors
    /// If it is not of the shape that the encoder writes: its head at the end, one track in these ticks, as many
    /// frames as there are times.
    pub(crate) fn write_into(&self, clip: &File) -> io::Result<()> {
        let odd = || io::Error::new(io::ErrorKind::InvalidData, "the encoder wrote another shape");
        let end = clip.metadata()?.len();
        let (at, length) = last_box(clip, end)?.ok_or_else(odd)?;
        if length > LONGEST_HEAD {
            return Err(odd());
        }
        let mut head = vec![0; usize::try_from(length).map_err(|_large| odd())?];
        clip.read_exact_at(&mut head, at)?;
        let mut rewrite =
            Rewrite { durations: self.durations(), movie_ticks: None, tables: 0, depth: 0 };
        let head = rewrite.content(&head).filter(|_| rewrite.tables == 1).ok_or_else(odd)?;
        clip.write_all_at(&head, at)?;
        clip.set_len(at + head.len() as u64)
    }
}

/// Where the last box begins and how long it is, if it is a `moov`.
fn last_box(clip: &File, end: u64) -> io::Result<Option<(u64, u64)>> {
    let mut at = 0;
    while at + 8 <= end {
        let mut head = [0; 16];
        let there = usize::try_from(end - at).unwrap_or(16).min(16);
        clip.read_exact_at(&mut head[..there], at)?;
        let (short, rest) = head.split_first_chunk::<4>().expect("there are 16");
        let long = u64::from_be_bytes(head[8..].try_into().expect("there are 8"));
        let length = match u32::from_be_bytes(*short) {
            1 => long,
            short => u64::from(short),
        };
        if length < 8 || length > end - at {
            return Ok(None);
        }
        if &rest[..4] == b"moov" && at + length == end {
            return Ok(Some((at, length)));
        }
        at += length;
    }
    Ok(None)
}

/// ISO/IEC 14496-12: the boxes on the way to the table of times, and those that repeat how long it all is.
struct Rewrite {
    durations: Vec<u32>,
    /// Ticks a second of the whole, once its head was seen.
    movie_ticks: Option<u64>,
    tables: usize,
    depth: usize,
}

impl Rewrite {
    fn total(&self) -> u64 {
        self.durations.iter().map(|ticks| u64::from(*ticks)).sum()
    }

    /// The boxes of a box, each of them anew. None where they do not add up.
    fn content(&mut self, boxes: &[u8]) -> Option<Vec<u8>> {
        self.depth += 1;
        let content = if self.depth <= DEEPEST { self.boxes(boxes) } else { None };
        self.depth -= 1;
        content
    }

    fn boxes(&mut self, mut boxes: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(boxes.len() + 1024);
        while !boxes.is_empty() {
            let length = u32::from_be_bytes(*boxes.first_chunk()?) as usize;
            let (this, rest) = boxes.split_at_checked(length)?;
            let (name, content) = this.get(4..)?.split_at_checked(4)?;
            let content = match name {
                b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" => self.content(content)?,
                b"mvhd" => self.movie(content)?,
                b"tkhd" => {
                    let total = self.total() * self.movie_ticks? / TICKS_A_SECOND;
                    with_duration(content, [20, 28], total)?
                }
                b"mdhd" => {
                    let at = if *content.first()? == 1 { 20 } else { 12 };
                    let ticks = u32::from_be_bytes(*content.get(at..)?.first_chunk()?);
                    (u64::from(ticks) == TICKS_A_SECOND).then_some(())?;
                    with_duration(content, [16, 24], self.total())?
                }
                b"stts" => self.table(content)?,
                _ => content.to_vec(),
            };
            out.extend(u32::try_from(content.len() + 8).ok()?.to_be_bytes());
            out.extend_from_slice(name);
            out.extend(content);
            boxes = rest;
        }
        Some(out)
    }

    fn movie(&mut self, content: &[u8]) -> Option<Vec<u8>> {
        let at = if *content.first()? == 1 { 20 } else { 12 };
        let ticks = u64::from(u32::from_be_bytes(*content.get(at..)?.first_chunk()?));
        self.movie_ticks = Some(ticks);
        with_duration(content, [16, 24], self.total() * ticks / TICKS_A_SECOND)
    }

    fn table(&mut self, content: &[u8]) -> Option<Vec<u8>> {
        self.tables += 1;
        let runs = content.get(8..)?.chunks_exact(8);
        let count = |run: &[u8]| u64::from(u32::from_be_bytes([run[0], run[1], run[2], run[3]]));
        (runs.map(count).sum::<u64>() == self.durations.len() as u64).then_some(())?;
        let runs: Vec<_> = self.durations.chunk_by(|one, next| one == next).collect();
        let mut table = content.get(..4)?.to_vec();
        table.extend(u32::try_from(runs.len()).ok()?.to_be_bytes());
        for run in runs {
            table.extend(u32::try_from(run.len()).ok()?.to_be_bytes());
            table.extend(run[0].to_be_bytes());
        }
        Some(table)
    }
}

/// A box with another duration, which stands at one place in version 0 and at another, longer, in version 1.
fn with_duration(content: &[u8], at: [usize; 2], ticks: u64) -> Option<Vec<u8>> {
    let mut content = content.to_vec();
    if *content.first()? == 1 {
        content.get_mut(at[1]..at[1] + 8)?.copy_from_slice(&ticks.to_be_bytes());
    } else {
        let ticks = u32::try_from(ticks).ok()?;
        content.get_mut(at[0]..at[0] + 4)?.copy_from_slice(&ticks.to_be_bytes());
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_shown() {
        let times =
            Times::read("pts=512\npts=1536\npts=1024\npts=30000\ntime_base=1/15360\n").unwrap();
        assert_eq!(times.0, [0, 3000, 6000, 172_781]);
        assert_eq!(times.milliseconds().collect::<Vec<_>>(), [0, 33, 66, 1919]);
        assert_eq!(times.durations(), [3000, 3000, 166_781, 166_781]);
        let unfit = [
            "pts=N/A\ntime_base=1/25\n",
            "pts=1\npts=1\ntime_base=1/25\n",
            "pts=1\n",
            "time_base=1/25\n",
            "pts=1\ntime_base=0/25\n",
            "pts=0\npts=9000000000\ntime_base=1/25\n",
        ];
        for text in unfit {
            assert_eq!(Times::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_head_of_another_shape_is_left_alone() {
        let file = tempfile::tempfile().unwrap();
        let times = Times(vec![0, 3000]);
        // Boxes within boxes without end.
        let nested = (0..300_000_u32)
            .rev()
            .flat_map(|inside| [&(inside * 8 + 8).to_be_bytes()[..], b"moov"].concat());
        let nested: Vec<u8> = nested.collect();
        for bytes in
            [&nested[..], b"", b"\0\0\0\x08moov", b"\0\0\0\x10moovmdat\0\0\0\0", b"\0\0\0\x01moov"]
        {
            file.set_len(0).unwrap();
            file.write_all_at(bytes, 0).unwrap();
            assert!(times.write_into(&file).is_err(), "{bytes:?}");
            assert_eq!(file.metadata().unwrap().len(), bytes.len() as u64);
        }
    }
}
