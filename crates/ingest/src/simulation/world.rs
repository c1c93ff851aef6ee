//! The world around a recorder, worked step by step on one thread: cameras, clock, disk, people, and
//! what goes wrong with each. Everything follows from the seed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{Elapsed, GapCause, Retention, WallTime};
use host::{Clock, Space};
use testkit::{FickleDisk, Lie, TestClock};

use super::camera::Camera;
use super::draw::Draw;
use super::house::{House, Listed};
use super::medium::Found;
use super::oracle::{Moment, Oracle};
use super::runs::End;
use super::viewer::Viewer;
use crate::filming::Film;

/// A look of the writers; cameras are read as often.
const SLICE: Duration = Duration::from_millis(100);
const SLICE_US: u64 = 100_000;

/// A protection taken out, to see that the checks notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Out {
    Nothing,
    /// The disk says that reels are synced, and they are not.
    ReelSync,
    /// The same of the ledger's journal.
    JournalSync,
    /// The clock since boot follows the wall clock, so nobody can tell that it was set.
    SecondClock,
    /// Nobody destroys what is due.
    Rotation,
    /// Lost packets are not told.
    Losses,
}

/// A clock since boot that is set with the wall clock.
struct OneClock(TestClock);

impl Clock for OneClock {
    fn wall(&self) -> WallTime {
        self.0.wall()
    }
    fn elapsed(&self) -> Elapsed {
        let us = u64::try_from(self.0.wall().as_micros()).unwrap_or(0);
        Elapsed::from_nanos(us * 1000)
    }
    fn boot(&self) -> String {
        self.0.boot()
    }
}

pub(super) struct World {
    pub(super) draw: Draw,
    pub(super) out: Out,
    pub(super) disk: FickleDisk,
    pub(super) clock: TestClock,
    pub(super) began: WallTime,
    /// Since the beginning, whatever the clocks show.
    pub(super) now_us: u64,
    /// How far the wall clock is off.
    pub(super) wall_off_us: i64,
    pub(super) run: u32,
    pub(super) house: Option<House>,
    pub(super) cameras: Vec<Camera>,
    pub(super) listed: Arc<Listed>,
    pub(super) oracle: Oracle,
    pub(super) viewers: Vec<Viewer>,
    /// A volume that is away: nothing on it works.
    pub(super) away: Option<&'static str>,
    pub(super) is_full: bool,
    pub(super) calm_since_us: u64,
    pub(super) stalled_until_us: u64,
    /// A fault was planned in this run.
    pub(super) is_faulted: bool,
    /// The run began with a fault, or without a volume.
    pub(super) was_hindered: bool,
    pub(super) searched: bool,
    pub(super) rotated_us: Option<u64>,
    pub(super) kept_us: u64,
    /// When the recorder last kept what time it was, if its disk did.
    pub(super) anchored_us: u64,
    /// The wall clock was set, or the machine was booted with a wrong one.
    pub(super) was_set: bool,
    pub(super) early_us: u64,
    /// The wall clock was wrong in this run.
    pub(super) was_off: bool,
    /// Since a boot nobody but the wall clock said what time it is, and it may be believed.
    pub(super) is_in_doubt: bool,
    /// Pictures that were found at the last check.
    pub(super) known: BTreeSet<(u8, usize)>,
    pub(super) script: Vec<String>,
    /// Of everything that the disk was asked.
    pub(super) trace: u64,
}

impl World {
    pub(super) fn new(seed: u64, out: Out) -> Self {
        let mut draw = Draw::new(seed);
        let began =
            draw.pick(&["2026-11-21T12:00:00Z", "2026-11-21T11:59:57Z", "2026-12-31T23:59:40Z"]);
        let began: WallTime = began.parse().expect("a moment in RFC 3339");
        let disk = FickleDisk::new(draw.next());
        match out {
            Out::ReelSync => disk.lie(Lie::Sync("/reels/")),
            Out::JournalSync => disk.lie(Lie::Sync("/journal")),
            _ => {}
        }
        let count = u8::try_from(draw.range(1, 5)).expect("a few");
        let mut cameras: Vec<Camera> = Vec::new();
        for number in 1..=count {
            let retention = retention(&mut draw);
            cameras.push(Camera::new(number, retention, &mut draw));
        }
        cameras.iter_mut().for_each(|camera| camera.hides_losses = out == Out::Losses);
        Self {
            draw,
            out,
            disk,
            clock: TestClock::new(began),
            began,
            now_us: 0,
            wall_off_us: 0,
            run: 0,
            house: None,
            cameras,
            listed: Arc::default(),
            oracle: Oracle::default(),
            viewers: Vec::new(),
            away: None,
            is_full: false,
            calm_since_us: 0,
            stalled_until_us: 0,
            is_faulted: false,
            was_hindered: false,
            searched: false,
            rotated_us: None,
            kept_us: 0,
            anchored_us: 0,
            was_set: false,
            early_us: 0,
            is_in_doubt: false,
            was_off: false,
            known: BTreeSet::new(),
            script: Vec::new(),
            trace: 0,
        }
    }

    pub(super) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        tracing::info!(at_us = self.now_us, run = self.run, text, "the world");
        self.script.push(format!("{:>14} µs, run {}: {text}", self.now_us, self.run));
    }

    pub(super) fn house(&self) -> &House {
        self.house.as_ref().expect("the recorder runs between two ends")
    }

    /// The ledger acknowledged something.
    pub(super) fn acknowledge(&mut self) {
        if let Some(house) = &self.house {
            self.oracle.acknowledge(&house.ledger);
        }
    }

    pub(super) fn moment(&self) -> Moment {
        Moment { now_us: self.now_us, early_us: self.early_us }
    }

    /// The wall clock, if it is right.
    pub(super) fn true_wall(&self) -> WallTime {
        self.began + Duration::from_micros(self.now_us)
    }

    pub(super) fn set_wall_off(&mut self, off_us: i64) {
        self.wall_off_us = off_us;
        self.was_off |= off_us != 0;
        let wall = self.true_wall().as_micros() + off_us;
        self.clock.set_wall(WallTime::from_micros(wall));
    }

    pub(super) fn the_clock(&self) -> Arc<dyn Clock> {
        match self.out {
            Out::SecondClock => Arc::new(OneClock(self.clock.clone())),
            _ => Arc::new(self.clock.clone()),
        }
    }

    /// A tenth of a second goes by.
    pub(super) fn slice(&mut self) -> Result<(), String> {
        self.now_us += SLICE_US;
        self.clock.advance(SLICE);
        for camera in &mut self.cameras {
            camera.go_on(self.now_us, self.run, &mut self.draw);
        }
        let first = self.draw.index(2);
        let looks = if self.now_us >= self.stalled_until_us { 2 } else { 0 };
        let notices = self.draw.below(4);
        let house = self.house.as_mut().expect("the recorder runs between two ends");
        for turn in 0..looks {
            house.vault.look((first + turn) % 2);
        }
        for _ in 0..notices {
            house.vault.take_notice();
        }
        if !self.searched && self.draw.one_in(6) {
            self.search()?;
        }
        self.retention()?;
        self.people()?;
        if self.disk.is_dead() {
            let end = if self.draw.one_in(2) { End::Kill } else { End::Power };
            self.note(format!("the machine ended at an operation, {end:?}"));
            self.restart(end)?;
        }
        Ok(())
    }

    fn people(&mut self) -> Result<(), String> {
        if !self.searched {
            return Ok(());
        }
        let mut viewers = std::mem::take(&mut self.viewers);
        let mut result = Ok(());
        viewers.retain_mut(|viewer| {
            if result.is_err() || self.draw.one_in(2) {
                return true;
            }
            match viewer.watch(self) {
                Ok(goes_on) => goes_on,
                Err(error) => {
                    result = Err(error);
                    false
                }
            }
        });
        self.viewers = viewers;
        result
    }

    /// What the program's retention does, when it does it.
    fn retention(&mut self) -> Result<(), String> {
        let interval = self.house().vault.vault().rotation_interval();
        let interval_us = u64::try_from(interval.as_micros()).expect("an hour at most");
        if self.rotated_us.is_none_or(|last| self.now_us >= last + interval_us) {
            self.rotated_us = Some(self.now_us);
            self.rotate()?;
        }
        if self.now_us >= self.kept_us + 60_000_000 {
            self.kept_us = self.now_us;
            self.house().vault.vault().keep_time();
            if !self.disk.is_dead() {
                self.anchored_us = self.now_us;
            }
        }
        Ok(())
    }

    pub(super) fn rotate(&mut self) -> Result<(), String> {
        if self.out == Out::Rotation {
            return self.check_rotated();
        }
        let house = self.house();
        let vault = house.vault.vault();
        if !vault.is_destruction_due() {
            return Ok(());
        }
        let Ok(grant) = house.may_destroy() else { return Ok(()) };
        let report = vault.rotate(&grant);
        drop(grant);
        let Ok(report) = report else {
            self.note("a rotation failed");
            return Ok(());
        };
        if report.buckets > 0 {
            self.note(format!("{} buckets were destroyed", report.buckets));
        }
        if self.is_clock_wrong() && report.buckets > 0 && self.out == Out::Nothing {
            return Err("K2: something was destroyed while the clock was wrong".into());
        }
        if report.buckets > 0 && !self.disk.is_dead() && self.draw.one_in(4) {
            self.check_rotated()?;
        }
        Ok(())
    }

    /// Whether the clock is so wrong, and was set in this boot, that everybody can tell.
    fn is_clock_wrong(&self) -> bool {
        self.wall_off_us.unsigned_abs() > 120_000_000 && !self.is_in_doubt
    }

    fn check_rotated(&mut self) -> Result<(), String> {
        let found = self.look()?;
        let is_frozen = self.house().vault.vault().status().destruction.frozen.is_some();
        if !self.was_set && !is_frozen && self.house().fenced() == 0 {
            self.oracle.check_gone(&self.cameras, &found, self.moment())?;
        }
        Ok(())
    }

    /// Looks at the medium: nothing strange, nothing destroyed early, no destroyed key.
    fn look(&mut self) -> Result<Found, String> {
        self.oracle.checks += 1;
        let files = self.disk.files();
        let found = Found::on(&files);
        self.oracle.check_found(&self.cameras, &found)?;
        self.oracle.check_keys(&found, &files)?;
        if self.away.is_none() {
            self.oracle.check_kept(&self.cameras, &self.known, &found, self.moment())?;
        }
        Ok(found)
    }

    pub(super) fn search(&mut self) -> Result<(), String> {
        self.searched = true;
        let house = self.house.as_mut().expect("the recorder runs between two ends");
        house.vault.search();
        while house.vault.take_notice() {}
        if self.disk.is_dead() || self.is_faulted || self.away.is_some() {
            return Ok(());
        }
        self.check_start()
    }

    /// After a start over disks that work.
    fn check_start(&mut self) -> Result<(), String> {
        self.oracle.check_ledger(&self.house().ledger)?;
        let found = self.look()?;
        let moment = self.moment();
        self.oracle.check_ending(&self.cameras, &found, moment)?;
        self.oracle.check_gaps(&self.cameras, &found, &self.listed, moment, self.run)?;
        // Every reel of an earlier run is closed and synced now.
        let is_old =
            |of: &(u8, usize)| !self.cameras[usize::from(of.0) - 1].facts[of.1].is_of(self.run);
        self.known = found.frames.keys().copied().filter(is_old).collect();
        Ok(())
    }

    /// Keeps a camera's footage for another time from now on, as the desk does.
    pub(super) fn set_retention(&mut self, index: usize) {
        let length = retention(&mut self.draw);
        let inlet = self.house().vault.vault().sealer().feed(self.cameras[index].feed, length);
        let now = self.clock.wall();
        let clock = self.the_clock();
        let camera = &mut self.cameras[index];
        let before = camera.film.clone();
        camera.let_go();
        camera.retention = length;
        let film = Film::new(camera.feed, inlet, clock, Some(now));
        camera.film = Some(Arc::new(film.following(before.as_deref())));
    }

    /// Nobody does anything for a long time: cameras have no power, retention goes on.
    pub(super) fn leap(&mut self, length: Duration) -> Result<(), String> {
        for camera in &mut self.cameras {
            camera.hang_up(crate::record::CameraState::Unreachable);
            camera.off_until_us = self.now_us + 3_000_000;
        }
        self.run_for(30)?;
        let steps = self.draw.range(1, 6);
        let step = length / u32::try_from(steps).expect("a few");
        for _ in 0..steps {
            for camera in &mut self.cameras {
                camera.hang_up(crate::record::CameraState::Unreachable);
            }
            let from_us = self.now_us;
            self.now_us += u64::try_from(step.as_micros()).expect("a month at most");
            self.clock.advance(step);
            self.calm_since_us = self.now_us;
            for camera in &mut self.cameras {
                camera.was_off(from_us, self.now_us);
            }
            self.slice()?;
        }
        Ok(())
    }

    /// A time server tells the time, which is right.
    pub(super) fn hear_time(&mut self) {
        let now = self.true_wall();
        self.house().vault.vault().hear_time("a time server", now);
        // Asked now, so that it is settled.
        let _ = self.house().vault.vault().is_destruction_due();
        self.is_in_doubt &= self.wall_off_us != 0;
    }

    pub(super) fn run_for(&mut self, slices: u64) -> Result<(), String> {
        (0..slices).try_for_each(|_| self.slice())
    }

    pub(super) fn set_full(&mut self, is_full: bool) {
        self.is_full = is_full;
        self.calm_since_us = self.now_us + 5_000_000;
        let free_bytes = if is_full { 10 << 20 } else { 1 << 40 };
        self.disk.set_room(Space { free_bytes, total_bytes: 2 << 40 });
    }

    /// What nobody handed in: a gap that is declared from outside.
    pub(super) fn declare(&mut self, index: usize) {
        let camera = &self.cameras[index];
        let now = self.clock.wall();
        let sealer = self.house().vault.vault().sealer().feed(camera.feed, camera.retention);
        sealer.declare_gap(now - Duration::from_secs(1), now, GapCause::CameraSilent, 0);
    }
}

/// From a minute and a half to a month.
fn retention(draw: &mut Draw) -> Retention {
    let seconds = draw.pick(&[90, 600, 7200, 30 * 86_400, 30 * 86_400]);
    Retention::new(Duration::ZERO, Duration::from_secs(seconds)).expect("it is long enough")
}
