//! The two passes, and that a covered clip has its name only when it is whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use host::{Clock as _, SystemClock};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::Told;
use crate::arguments::{CoverArguments, Style};
use crate::caged::{Cage, Caged};
use crate::clip::{Clip, next_picture, words};
use crate::cover::Cover;
use crate::detector;
use crate::edits::{Edits, What};
use crate::geometry::{Box2, Kind};
use crate::guard;
use crate::mark::Mark;
use crate::motion::{Background, Grid};
use crate::places;
use crate::progress::Progress;
use crate::report::{Report, findings};
use crate::times::{TICKS_A_SECOND, Times};
use crate::track::{Track, Tracker};

/// How much address space the encoder has.
const MEMORY_MIB: u64 = 2048;

/// How often is looked, in seconds, where nothing else is asked.
const LOOK_EVERY_S: f32 = 0.3;

/// How much of a box is covered beside it, by its width and its height: arms, bags, hair.
pub(crate) const BESIDE: (f32, f32) = (0.18, 0.12);

/// The same of a face, whose box is narrow.
pub(crate) const BESIDE_FACE: (f32, f32) = (0.4, 0.4);

/// What came of it.
struct Outcome {
    frames: u64,
    boxes: u64,
    covered: f64,
}

/// Covers a clip.
pub(crate) fn cover(asked: &CoverArguments) -> Told<()> {
    if asked.progress {
        guard::end_with_the_listener()?;
    }
    let clock = SystemClock;
    let began = clock.elapsed();
    let edits = Edits::read(asked.edits.as_deref(), &asked.keep_subject)?;
    let mark = asked.mark.as_deref().map(|text| Mark::of(text).ok_or("the mark cannot be written"));
    let mark = mark.transpose()?;
    let clip = Clip::open(&asked.input)?;
    let mut progress = Progress::new(asked.progress, clip.about_frames());
    let models = places::models(&asked.finding)?;
    let boxes_file = asked.boxes.clone().unwrap_or_else(|| boxes_beside(&asked.out));
    let rate = rate(&clip.rate);
    let mut tracker = Tracker::new(rate);
    let mut frame = 0;
    let every = asked.finding.every.unwrap_or(((rate * LOOK_EVERY_S) as u32).clamp(1, 30));
    let frames = detector::look(&clip, &models, (&asked.finding, every), |found| {
        if let Some(found) = found {
            tracker.see(frame, &found);
        }
        frame += 1;
        progress.step();
    })?;
    progress.passes_have(frames);
    let tracks = tracker.finish();
    let known = u32::try_from(tracks.len()).unwrap_or(u32::MAX);
    edits.check(&clip, frames, known, &findings(&clip, frames, &tracks))?;
    // A decoder may make fewer or more pictures than there are packets: then nobody knows which came when.
    let times = clip.times()?.filter(|times| times.frames() == frames);
    let (out, boxes) = (begun(&asked.out)?, begun(&boxes_file)?);
    let job = Job { clip: &clip, tracks: &tracks, edits: &edits, mark, times, style: asked.style };
    let outcome = second_pass(&job, &mut progress, (out.path(), &boxes))?;
    if let Some(times) = &job.times {
        let timed = times.write_into(out.as_file());
        timed.map_err(|error| format!("the clip's times cannot be written: {error}"))?;
    }
    out.as_file().sync_all().map_err(|error| format!("the clip cannot be kept: {error}"))?;
    named(boxes, &boxes_file)?;
    named(out, &asked.out)?;
    let nanos = clock.elapsed().as_nanos().saturating_sub(began.as_nanos()).max(1);
    say(asked, &outcome, nanos as f64 / 1e9, &boxes_file)
}

/// Frames a second.
fn rate(fraction: &str) -> f32 {
    let parts =
        fraction.split_once('/').map(|(above, below)| (above.parse::<f32>(), below.parse::<f32>()));
    match parts {
        Some((Ok(above), Ok(below))) => above / f32::max(below, 1.0),
        _ => 25.0,
    }
}

/// What the second pass works on.
struct Job<'a> {
    clip: &'a Clip,
    tracks: &'a [Track],
    edits: &'a Edits,
    mark: Option<Mark>,
    /// When the original shows each frame, where that is known.
    times: Option<Times>,
    style: Style,
}

fn second_pass(
    job: &Job<'_>,
    progress: &mut Progress,
    out: (&Path, &NamedTempFile),
) -> Told<Outcome> {
    let Job { clip, tracks, edits, .. } = *job;
    let frames = progress.frames();
    let (width, height) = (clip.width, clip.height);
    let rate = rate(&clip.rate);
    let written = |error: std::io::Error| format!("the boxes cannot be written: {error}");
    let mut report =
        Report::begin(out.1, job.clip, frames, &findings(clip, frames, tracks)).map_err(written)?;
    let mut decoder = clip.decode((width, height), "yuv420p", Stdio::piped())?;
    let mut pictures = decoder.output()?;
    let mut encoder = encode(clip, out.0)?;
    let mut sink = encoder.input().ok_or("the encoder takes nothing")?;
    let grid = Grid::over(width, height);
    let mut frame_cover = Cover::new(grid, width, height);
    let mut background = Background::new(grid, width, height);
    let mut moves = vec![false; grid.squares()];
    let mut picture = vec![0; width * height * 3 / 2];
    let (mut number, mut covered) = (0_u32, 0_u64);
    let mut upcoming = Upcoming::new(tracks, rate, u32::try_from(frames).unwrap_or(u32::MAX));
    while next_picture(&mut pictures, &mut picture)? {
        background.see(&picture[..width * height], &mut moves);
        frame_cover.clear();
        upcoming.cover(number, edits, &mut frame_cover);
        for (what, place) in edits.areas_at(clip, number) {
            match what {
                What::Cover => frame_cover.add(place),
                What::Show => frame_cover.explain(place),
            }
        }
        let unexplained = frame_cover.add_unexplained(&moves);
        report.unexplained(number, &unexplained).map_err(written)?;
        frame_cover.paint(&mut picture, job.style);
        if let Some(mark) = &job.mark {
            mark.paint(&mut picture, width, height);
        }
        covered += frame_cover.count() as u64;
        if sink.write_all(&picture).is_err() {
            return Err(encoder.why("took no more pictures"));
        }
        number += 1;
        progress.step();
    }
    drop(sink);
    decoder.finish()?;
    encoder.finish()?;
    if u64::from(number) != frames {
        return Err(format!("the clip had {frames} frames and then {number}: did it change?"));
    }
    report.times(job.times.as_ref()).map_err(written)?;
    let boxes = report.finish(tracks, edits, rate, number).map_err(written)?;
    let squares = grid.squares() as f64 * f64::from(number);
    Ok(Outcome { frames, boxes, covered: covered as f64 / squares })
}

/// The tracks that are in a frame, without looking at all of them for each.
struct Upcoming<'a> {
    /// Number, track, first and last frame; by first frame, last one first.
    waiting: Vec<(u32, &'a Track, u32, u32)>,
    now: Vec<(u32, &'a Track, u32, u32)>,
    rate: f32,
}

impl<'a> Upcoming<'a> {
    fn new(tracks: &'a [Track], rate: f32, frames: u32) -> Self {
        let spans = (1..).zip(tracks).map(|(number, track)| {
            let (first, last) = track.span(rate, frames);
            (number, track, first, last)
        });
        let mut waiting: Vec<_> = spans.collect();
        waiting.sort_by_key(|one| std::cmp::Reverse(one.2));
        Self { waiting, now: Vec::new(), rate }
    }

    fn cover(&mut self, frame: u32, edits: &Edits, cover: &mut Cover) {
        while self.waiting.last().is_some_and(|one| one.2 <= frame) {
            self.now.extend(self.waiting.pop());
        }
        self.now.retain(|one| one.3 >= frame);
        let rate = self.rate;
        let placed = |one: &(u32, &Track, u32, u32)| one.1.at(frame, rate).map(|at| at.place);
        let kept_now = || self.now.iter().filter(|one| edits.shows(one.0, frame));
        let subjects: Vec<Box2> = kept_now().filter_map(placed).collect();
        // Where it is sure that who is kept is there, the margins of others hide nothing of it; their boxes do.
        let sure = kept_now().filter_map(|one| one.1.at(frame, rate)).filter(|at| at.sure);
        let spared: Vec<Box2> = sure.map(|at| at.place).collect();
        for one in &self.now {
            let Some(place) = placed(one) else { continue };
            let face = one.1.kind == Kind::Face;
            let (wide, high) = if face { BESIDE_FACE } else { BESIDE };
            let grown = place.grown(wide, high);
            let own_face = face && subjects.iter().any(|subject| is_head(place, *subject));
            if edits.shows(one.0, frame) || own_face {
                cover.explain(grown);
            } else {
                cover.add(place);
                cover.add_beside(grown, &spared);
            }
        }
    }
}

/// Whether a face is where a person's head is.
fn is_head(face: Box2, person: Box2) -> bool {
    let (x, y) = face.centre();
    let head = person.top + 0.35 * person.height();
    x > person.left && x < person.right && y < head && face.shared(person) > 0.7 * face.area()
}

/// A file that is written under another name, in the folder of its own.
fn begun(path: &Path) -> Told<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    tempfile::Builder::new()
        .prefix(".jikim-mask-")
        .suffix(".part")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn named(file: NamedTempFile, path: &Path) -> Told<()> {
    let kept = file.persist(path);
    kept.map(drop).map_err(|error| format!("{} cannot be kept: {}", path.display(), error.error))
}

fn boxes_beside(out: &Path) -> PathBuf {
    out.with_extension("boxes.json")
}

/// An encoder that can reach one file: the covered clip. Nothing of the original's head is handed to it.
fn encode(clip: &Clip, out: &Path) -> Told<Caged> {
    let out = out.canonicalize().map_err(|error| error.to_string())?;
    let size = format!("{}x{}", clip.width, clip.height);
    let mut arguments = words("-nostdin -v error -y -f rawvideo -pix_fmt yuv420p -s");
    arguments.extend(words(&size));
    arguments.extend(words("-framerate"));
    arguments.extend(words(&clip.rate));
    arguments
        .extend(words("-i pipe:0 -an -c:v libx264 -preset superfast -crf 23 -bf 0 -threads 2"));
    arguments.extend(words("-x264-params rc-lookahead=8 -map_metadata -1 -fflags +bitexact"));
    // The head comes last, so that its table of times can grow.
    arguments.extend(words("-flags:v +bitexact -use_editlist 0 -video_track_timescale"));
    arguments.extend(words(&TICKS_A_SECOND.to_string()));
    arguments.extend(words("-f mp4"));
    let mut url = std::ffi::OsString::from("file:");
    url.push(&out);
    arguments.push(url);
    let cage =
        Cage { write: Some(out), memory_mib: MEMORY_MIB, cpu_s: clip.cpu_s(), ..Cage::default() };
    cage.start("encoder", &places::installed("ffmpeg")?, &arguments, Stdio::piped(), Stdio::null())
}

fn say(asked: &CoverArguments, outcome: &Outcome, seconds: f64, boxes_file: &Path) -> Told<()> {
    let fps = outcome.frames as f64 / seconds;
    let text = if asked.json {
        let round = |value: f64, to: f64| (value * to).round() / to;
        json!({
            "frames": outcome.frames,
            "detections": outcome.boxes,
            "covered_ratio": round(outcome.covered, 1e4),
            "fps": round(fps, 100.0),
            "boxes_file": boxes_file,
        })
        .to_string()
    } else {
        format!(
            "{}장면, 가린 상자 {}개, 화면의 {:.1}%를 가림, 초당 {fps:.1}장면\n\
             {} frames, {} boxes, {:.1}% of the picture covered, {fps:.1} frames a second\n{}",
            outcome.frames,
            outcome.boxes,
            outcome.covered * 100.0,
            outcome.frames,
            outcome.boxes,
            outcome.covered * 100.0,
            boxes_file.display()
        )
    };
    // A script that stops reading has its clip all the same.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}
