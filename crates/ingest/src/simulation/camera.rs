//! A camera as the recorder meets it: pictures with the camera's own time, some late, some lost; and
//! what is to be remembered of each picture, to be held against what is found.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::{CameraId, Feed, FeedKind, Retention};

use super::draw::Draw;
use crate::camera::{CameraSink, Codec, Picture, VideoConfig};
use crate::filming::{Film, Filming};
use crate::record::CameraState;

/// What became of a picture on its way to the recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// On its way.
    OnWay,
    /// Handed to the recorder, in which run of it and when by true time.
    Given(u32, u64),
    /// Lost on the way, and the recorder was told.
    Told,
    /// The recorder was not there, or the camera was not.
    Missed,
}

/// What is remembered of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    /// When it was filmed, by true time.
    pub(super) true_us: u64,
    pub(super) size_bytes: u32,
    pub(super) keyframe: bool,
    pub(super) retention: Retention,
    pub(super) fate: Fate,
}

/// One connection to the recorder.
struct Link {
    sink: Filming,
    first_us: Option<u64>,
    lost: u32,
}

pub(super) struct Camera {
    pub(super) feed: Feed,
    pub(super) retention: Retention,
    pub(super) interval_us: u64,
    /// By number.
    pub(super) facts: Vec<Fact>,
    /// How its pictures are recorded in this run.
    pub(super) film: Option<Arc<Film>>,
    link: Option<Link>,
    on_way: VecDeque<usize>,
    group: usize,
    since_keyframe: usize,
    largest_bytes: u64,
    drift_ppm: i64,
    next_us: u64,
    /// It sends nothing before.
    pub(super) away_until_us: u64,
    /// It films nothing at all before: it has no power.
    pub(super) off_until_us: u64,
    /// How late what it sends arrives.
    pub(super) late_us: u64,
    /// One of so many pictures is lost; none if 0.
    pub(super) loses_one_in: u64,
    /// A protection taken out, for the controls: what is lost is not told.
    pub(super) hides_losses: bool,
}

/// The bytes of a picture: whose and which it is, and a filler that follows from that.
pub(super) fn bytes_of(feed: Feed, number: usize, size_bytes: u32) -> Vec<u8> {
    let camera = feed.camera.as_bytes()[0];
    let mut bytes = Vec::with_capacity(size_bytes as usize);
    bytes.push(camera);
    bytes.extend_from_slice(&(number as u64).to_le_bytes());
    let mut draw = Draw::new(number as u64 ^ u64::from(camera) << 40);
    while bytes.len() < size_bytes as usize {
        bytes.extend_from_slice(&draw.next().to_le_bytes());
    }
    bytes.truncate(size_bytes as usize);
    bytes
}

/// Which picture bytes say they are.
pub(super) fn number_in(bytes: &[u8]) -> Option<(u8, usize)> {
    let number = u64::from_le_bytes(bytes.get(1..9)?.try_into().ok()?);
    Some((bytes[0], usize::try_from(number).ok()?))
}

impl Camera {
    pub(super) fn new(number: u8, retention: Retention, draw: &mut Draw) -> Self {
        Self {
            feed: Feed { camera: CameraId::from_bytes([number; 16]), kind: FeedKind::Main },
            retention,
            interval_us: draw.pick(&[66_667, 100_000, 200_000, 40_000]),
            facts: Vec::new(),
            film: None,
            link: None,
            on_way: VecDeque::new(),
            group: draw.index(40) + 1,
            since_keyframe: 0,
            largest_bytes: draw.pick(&[60, 300, 2000]),
            drift_ppm: draw.pick(&[0, 0, 100, -200]),
            next_us: draw.below(100_000),
            away_until_us: draw.below(1_000_000),
            off_until_us: 0,
            late_us: 0,
            loses_one_in: 0,
            hides_losses: false,
        }
    }

    /// Time has come to `now_us`: films, and hands over what has arrived.
    pub(super) fn go_on(&mut self, now_us: u64, run: u32, draw: &mut Draw) {
        while self.next_us <= now_us {
            let at = self.next_us;
            self.next_us += self.interval_us;
            if at >= self.off_until_us {
                self.shoot(at, draw);
            }
        }
        if now_us >= self.away_until_us && now_us >= self.off_until_us {
            self.hand_over(now_us, run);
        }
    }

    fn shoot(&mut self, at_us: u64, draw: &mut Draw) {
        let keyframe = self.since_keyframe.is_multiple_of(self.group);
        self.since_keyframe += 1;
        let largest = if keyframe { self.largest_bytes * 4 } else { self.largest_bytes };
        let size_bytes = u32::try_from(draw.range(20, largest)).expect("it is small");
        let is_reachable = at_us >= self.away_until_us && self.film.is_some();
        let is_lost = self.loses_one_in > 0 && draw.one_in(self.loses_one_in);
        let fate = match (is_reachable, is_lost) {
            (false, _) => Fate::Missed,
            (true, true) => Fate::Told,
            (true, false) => Fate::OnWay,
        };
        let retention = self.retention;
        self.facts.push(Fact { true_us: at_us, size_bytes, keyframe, retention, fate });
        if is_reachable {
            self.on_way.push_back(self.facts.len() - 1);
        }
    }

    fn hand_over(&mut self, now_us: u64, run: u32) {
        let Some(film) = self.film.clone() else { return };
        while let Some(&number) = self.on_way.front() {
            if self.facts[number].true_us + self.late_us > now_us {
                break;
            }
            self.on_way.pop_front();
            self.give(number, (now_us, run), &film);
        }
    }

    fn give(&mut self, number: usize, (now_us, run): (u64, u32), film: &Arc<Film>) {
        let fact = self.facts[number];
        if self.link.is_none() {
            // The receiver lets nothing through before the first keyframe of a connection.
            if !fact.keyframe || fact.fate == Fate::Told {
                self.facts[number].fate = Fate::Missed;
                return;
            }
            let mut sink = Filming::new(Arc::clone(film));
            let record = Bytes::from_static(&[1, 66, 0, 30, 255]);
            sink.config(&VideoConfig { codec: Codec::H264, width: 64, height: 64, record });
            self.link = Some(Link { sink, first_us: None, lost: 0 });
        }
        let link = self.link.as_mut().expect("it was just made");
        if fact.fate == Fate::Told {
            link.lost += u32::from(!self.hides_losses);
            return;
        }
        let first_us = *link.first_us.get_or_insert(fact.true_us);
        let passed_us = i64::try_from(fact.true_us - first_us).expect("a run is short");
        let picture = Picture {
            rtp_elapsed_us: passed_us + passed_us * self.drift_ppm / 1_000_000,
            presentation_offset_us: 0,
            keyframe: fact.keyframe,
            lost_packets_before: std::mem::take(&mut link.lost),
            clock_jumped: false,
        };
        link.sink.picture(&bytes_of(self.feed, number, fact.size_bytes), picture);
        self.facts[number].fate = Fate::Given(run, now_us);
    }

    /// The connection ends, and what is on its way never comes.
    pub(super) fn hang_up(&mut self, state: CameraState) {
        for number in std::mem::take(&mut self.on_way) {
            self.facts[number].fate = Fate::Missed;
        }
        if let Some(film) = &self.film {
            film.trouble(state, "it hung up");
        }
        self.link = None;
        if let Some(film) = &self.film {
            film.disconnect();
        }
        // The next connection begins with a keyframe.
        self.since_keyframe = 0;
    }

    /// The recorder is gone, or records it anew.
    pub(super) fn let_go(&mut self) {
        self.hang_up(CameraState::Unreachable);
        if let Some(film) = self.film.take() {
            film.end();
        }
    }

    /// Nobody filmed anything for a while: what stands for it, so that the time must be declared.
    pub(super) fn was_off(&mut self, from_us: u64, to_us: u64) {
        let steps = 4;
        let step = Duration::from_micros((to_us - from_us) / steps);
        for turn in 1..steps {
            let after = u64::try_from(step.as_micros()).expect("a run is short") * turn;
            let fact = Fact {
                true_us: from_us + after,
                size_bytes: 0,
                keyframe: false,
                retention: self.retention,
                fate: Fate::Missed,
            };
            self.facts.push(fact);
        }
        self.next_us = to_us;
        self.off_until_us = to_us;
    }
}
