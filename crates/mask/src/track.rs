//! Things found in single frames, followed over all of them.
//!
//! A track holds the frames in which it was found; between two of them it lies in between. It is taken to
//! have been there before it was first found and after it was last found, for a while and in a larger box:
//! whoever is not found any more has not gone.

use crate::geometry::{Box2, Found, Kind};

/// How long a track may go without being found and still be the same, in seconds.
const LOST_S: f32 = 2.5;

/// How long it is covered before it was first and after it was last found, in seconds.
const BEYOND_S: f32 = 1.5;

/// From how long a gap between two findings on what lies between is unsure, in seconds.
const UNSURE_S: f32 = 0.7;

/// How much of the last known movement is believed of the next.
const STEADY: f32 = 0.6;

/// One finding of a track.
#[derive(Debug, Clone, Copy)]
struct Point {
    frame: u32,
    place: Box2,
}

/// One person or face, over all frames.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    pub(crate) kind: Kind,
    points: Vec<Point>,
    /// Movement by frame.
    speed: (f32, f32),
}

/// Where a track is in one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    pub(crate) place: Box2,
    /// Found here, or so near to where it was found that it cannot be far.
    pub(crate) sure: bool,
}

impl Track {
    fn last(&self) -> Point {
        self.points[self.points.len() - 1]
    }

    /// Where it should be by now.
    fn expected(&self, frame: u32) -> Box2 {
        let last = self.last();
        // A person who was lost may have stood still: the further off, the less is believed.
        let frames = (frame - last.frame).min(8) as f32;
        last.place.moved(self.speed.0 * frames, self.speed.1 * frames)
    }

    fn add(&mut self, frame: u32, place: Box2) {
        let last = self.last();
        let frames = (frame - last.frame).max(1) as f32;
        let ((x0, y0), (x1, y1)) = (last.place.centre(), place.centre());
        let mix = |old: f32, new: f32| old * STEADY + new / frames * (1.0 - STEADY);
        self.speed = (mix(self.speed.0, x1 - x0), mix(self.speed.1, y1 - y0));
        self.points.push(Point { frame, place });
    }

    /// Where it was found.
    pub(crate) fn found(&self) -> impl Iterator<Item = (u32, Box2)> {
        self.points.iter().map(|point| (point.frame, point.place))
    }

    /// The first and the last frame in which it is covered.
    pub(crate) fn span(&self, rate: f32, frames: u32) -> (u32, u32) {
        let beyond = seconds(BEYOND_S, rate);
        let last = self.last().frame.saturating_add(beyond);
        (self.points[0].frame.saturating_sub(beyond), last.min(frames.saturating_sub(1)))
    }

    /// Where it is in a frame, if it is taken to be there.
    pub(crate) fn at(&self, frame: u32, rate: f32) -> Option<Placed> {
        let next = self.points.partition_point(|point| point.frame < frame);
        let after = self.points.get(next);
        let before = next.checked_sub(1).map(|index| self.points[index]);
        match (before, after) {
            (_, Some(point)) if point.frame == frame => {
                Some(Placed { place: point.place, sure: true })
            }
            (Some(before), Some(after)) => {
                let gap = after.frame - before.frame;
                let part = (frame - before.frame) as f32 / gap as f32;
                let sure = gap <= seconds(UNSURE_S, rate);
                let grow = if sure { 0.0 } else { 0.25 };
                let place = before.place.toward(after.place, part).grown(grow, grow / 2.0);
                Some(Placed { place, sure })
            }
            (None, Some(first)) => self.beyond(*first, first.frame - frame, rate),
            (Some(last), None) => self.beyond(last, frame - last.frame, rate),
            (None, None) => None,
        }
    }

    /// Outside what was found: where it was nearest, larger with each frame.
    fn beyond(&self, nearest: Point, frames: u32, rate: f32) -> Option<Placed> {
        let most = seconds(BEYOND_S, rate);
        if frames > most {
            return None;
        }
        let part = frames as f32 / most as f32;
        Some(Placed { place: nearest.place.grown(0.6 * part, 0.15 * part), sure: false })
    }
}

fn seconds(seconds: f32, rate: f32) -> u32 {
    (seconds * rate).ceil().max(1.0) as u32
}

/// Follows what is found, frame by frame.
#[derive(Debug)]
pub(crate) struct Tracker {
    rate: f32,
    open: Vec<Track>,
    closed: Vec<Track>,
}

impl Tracker {
    /// For a clip of so many frames a second.
    pub(crate) fn new(rate: f32) -> Self {
        Self { rate, open: Vec::new(), closed: Vec::new() }
    }

    /// What was found in a frame that was looked at.
    pub(crate) fn see(&mut self, frame: u32, found: &[Found]) {
        let lost = seconds(LOST_S, self.rate);
        let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|track| frame - track.last().frame <= lost);
        self.open = open;
        self.closed.extend(closed);
        let mut pairs = Vec::new();
        for (which, track) in self.open.iter().enumerate() {
            let expected = track.expected(frame);
            for (index, one) in found.iter().enumerate().filter(|(_, one)| one.kind == track.kind) {
                let gap = frame - track.last().frame;
                if let Some(fit) = fit(expected, one.place, gap as f32 / self.rate) {
                    pairs.push((fit, which, index));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut tracks_left = vec![true; self.open.len()];
        let mut found_left = vec![true; found.len()];
        for (_, which, index) in pairs {
            if tracks_left[which] && found_left[index] {
                tracks_left[which] = false;
                found_left[index] = false;
                self.open[which].add(frame, found[index].place);
            }
        }
        for (one, left) in found.iter().zip(found_left) {
            if left {
                let points = vec![Point { frame, place: one.place }];
                self.open.push(Track { kind: one.kind, points, speed: (0.0, 0.0) });
            }
        }
    }

    /// All tracks, by where they begin: their place in the list, from 1 on, is their number.
    pub(crate) fn finish(mut self) -> Vec<Track> {
        self.closed.append(&mut self.open);
        self.closed.sort_by(|a, b| {
            let key = |track: &Track| (track.points[0].frame, track.points[0].place.left);
            let ((one, left), (other, right)) = (key(a), key(b));
            one.cmp(&other).then(left.total_cmp(&right))
        });
        self.closed
    }
}

/// How well a finding fits where a track should be: nothing where it cannot be the same.
fn fit(expected: Box2, place: Box2, gap_s: f32) -> Option<f32> {
    let overlap = expected.overlap(place);
    let ((x0, y0), (x1, y1)) = (expected.centre(), place.centre());
    let size = expected.height().max(place.height()).max(1e-3);
    let away = ((x1 - x0).powi(2) + (y1 - y0).powi(2)).sqrt() / size;
    let alike = expected.height().min(place.height()) / size;
    let reach = 0.35 + 0.4 * gap_s.min(2.0);
    (alike > 0.5 && (overlap > 0.15 || away < reach)).then_some(overlap - away * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 10.0;

    fn person(left: f32) -> Found {
        let place = Box2 { left, top: 0.3, right: left + 0.1, bottom: 0.7 };
        Found { kind: Kind::Person, score: 0.9, place }
    }

    fn walk(frames: impl IntoIterator<Item = u32>) -> Tracker {
        let mut tracker = Tracker::new(RATE);
        for frame in frames {
            tracker.see(frame, &[person(0.1 + 0.01 * frame as f32)]);
        }
        tracker
    }

    #[test]
    fn between_two_findings_it_lies_in_between() {
        let tracks = walk((0..40).filter(|frame| !(10..20).contains(frame))).finish();
        assert_eq!(tracks.len(), 1);
        let placed = tracks[0].at(15, RATE).unwrap();
        assert!(placed.place.left < 0.25 && placed.place.right > 0.35, "{placed:?}");
        assert!(!placed.sure);
        assert!(tracks[0].at(5, RATE).unwrap().sure);
    }

    #[test]
    fn it_is_covered_before_it_was_found_and_after() {
        let tracks = walk(20..30).finish();
        assert_eq!(tracks[0].span(RATE, 100), (5, 44));
        assert!(!tracks[0].at(10, RATE).unwrap().sure);
        assert!(tracks[0].at(40, RATE).unwrap().place.width() > 0.1);
        assert!(tracks[0].at(50, RATE).is_none());
        assert_eq!(tracks[0].span(RATE, 32).1, 31, "not past the clip");
    }

    #[test]
    fn who_leaves_and_comes_back_later_is_another() {
        let tracks = walk((0..10).chain(80..90)).finish();
        assert_eq!(tracks.len(), 2);
        assert!(tracks[0].at(50, RATE).is_none() && tracks[1].at(85, RATE).is_some());
    }

    #[test]
    fn two_who_pass_one_another_stay_two() {
        let mut tracker = Tracker::new(RATE);
        for frame in 0..40 {
            let step = 0.015 * frame as f32;
            tracker.see(frame, &[person(0.1 + step), person(0.7 - step)]);
        }
        assert_eq!(tracker.finish().len(), 2);
    }
}
