//! K6 over random schedules: recorded, held, renewed, released, lapsed, the clock moved, rotated,
//! started again. After each step that can destroy, what the disk gives away to who has every key on
//! it is what the model says can be seen, no more and no less.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::{Action, Actor, CameraId, HoldId, RecorderId, SystemActor, WallTime};
use host::{Clock, Fs};
use ledger::act::{Act, DestroyExpired, ManageHolds};
use ledger::{Grant, Ledger, LedgerConfig};
use rules::{Ask, Facts, Target, decide};
use testkit::{FickleDisk, TestClock};
use vault::{ByHand, Frame, HoldersConfig, VaultConfig, VolumeConfig};

use crate::hold_model::{Answer, HOUR, Hold, Model};
use crate::house::{DAY, Listed, codec, feed, person, retention, seconds};
use crate::keys;

/// Chance that follows from a seed (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn within(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).unsigned_abs()).cast_signed()
    }

    fn camera(&mut self) -> u8 {
        1 + u8::try_from(self.below(3)).unwrap()
    }
}

/// A recorder in memory, worked by hand.
struct Machine {
    disk: FickleDisk,
    clock: TestClock,
    start: WallTime,
    listed: Arc<Listed>,
    runs: Option<(Ledger, ByHand)>,
}

impl Machine {
    fn new(seed: u64) -> Self {
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let start = clock.wall();
        let disk = FickleDisk::new(seed);
        let mut machine = Self { disk, clock, start, listed: Arc::default(), runs: None };
        machine.restart(true);
        machine
    }

    fn root() -> PathBuf {
        PathBuf::from("/disk")
    }

    fn restart(&mut self, in_order: bool) {
        match self.runs.take() {
            Some((ledger, vault)) if in_order => {
                vault.close();
                ledger.close();
            }
            was => {
                self.disk.kill();
                drop(was);
            }
        }
        let fs: Arc<dyn Fs> = Arc::new(self.disk.start());
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        fs.make_folder(Path::new(&Self::root())).unwrap();
        let recorder = RecorderId::from_bytes([7; 16]);
        let config = LedgerConfig { folder: Self::root().join("ledger"), recorder };
        let ledger = Ledger::open_by_hand(&config, Arc::clone(&fs), Arc::clone(&clock)).unwrap();
        let config = VaultConfig {
            folder: Self::root().join("vault"),
            holders: HoldersConfig::default(),
            recorder,
            volumes: vec![VolumeConfig { path: Self::root().join("a"), place: None }],
            clock_is_confirmed: false,
        };
        let listing = Arc::clone(&self.listed) as _;
        let known: HashSet<_> = self.listed.ids();
        let mut vault = ByHand::open(&config, &fs, &clock, &ledger, &known, listing).unwrap();
        vault.search();
        while vault.take_notice() {}
        self.runs = Some((ledger, vault));
    }

    fn vault(&mut self) -> &mut ByHand {
        &mut self.runs.as_mut().unwrap().1
    }

    fn admit<A: Act>(&self, actor: Actor, action: Action, target: Target) -> Grant<A> {
        let purpose = domain::Purpose::new(domain::PurposeKind::Incident, "a test").unwrap();
        let purpose = matches!(actor, Actor::Person(_)).then_some(purpose);
        let ask = Ask { actor, action, target, purpose, proposal: None };
        let facts = Facts { roles: vec![domain::Role::Manager], ..Facts::nobody() };
        let permit = decide(ask, &facts, self.clock.wall()).unwrap();
        self.runs.as_ref().unwrap().0.admit_blocking(permit).unwrap()
    }

    fn record(&mut self, camera: u8) {
        let sealer = self.vault().vault().sealer().feed(feed(camera), retention(DAY));
        sealer.set_config(codec());
        let before = sealer.status().frames;
        sealer.push(&Frame {
            bytes: Bytes::from(vec![camera; 40]),
            keyframe: true,
            wall: self.clock.wall(),
            uncertainty_us: 1000,
            elapsed: self.clock.elapsed(),
            presentation_offset_us: 0,
            duration_us: 1_000_000,
            connection: 1,
        });
        for _ in 0..2 {
            self.clock.advance(seconds(1));
            self.vault().look(0);
        }
        while self.vault().take_notice() {}
        assert_eq!(sealer.status().frames, before + 1, "it is durable");
    }

    fn rotate(&mut self) {
        if self.vault().vault().is_destruction_due() {
            let retention = Actor::System(SystemActor::Retention);
            let grant =
                self.admit::<DestroyExpired>(retention, Action::DestroyExpired, Target::House);
            self.vault().vault().rotate(&grant).unwrap();
        }
        while self.vault().take_notice() {}
    }

    fn moment(&self, time: i64) -> WallTime {
        WallTime::from_micros(self.start.as_micros() + time * 1_000_000)
    }

    fn manage(&mut self, action: Action, id: u8, hold: &Hold) -> Answer {
        let cameras = hold.cameras.iter().map(|camera| CameraId::from_bytes([*camera; 16]));
        let span = (self.moment(hold.from), self.moment(hold.to));
        let (id, until) = (HoldId::from_bytes([id; 16]), self.moment(hold.until));
        let hold = domain::Hold::new(id, "case", cameras.collect(), span, until).unwrap();
        let grant = self.admit::<ManageHolds>(person(1), action, Target::Hold(hold));
        match self.vault().vault().manage_hold(&grant) {
            Ok(_) => Answer::Done,
            Err(_) => Answer::Refused,
        }
    }

    /// What the disk gives away.
    fn visible(&self) -> BTreeSet<(u8, i64)> {
        let since = |wall: WallTime| (wall.as_micros() - self.start.as_micros()) / 1_000_000;
        let frames = keys::openable(&self.disk.files());
        frames.keys().map(|(feed, wall)| (feed.camera.as_bytes()[0], since(*wall))).collect()
    }

    /// What a person sees.
    fn played(&self) -> BTreeSet<(u8, i64)> {
        let vault = &self.runs.as_ref().unwrap().1;
        let mut seen = BTreeSet::new();
        let last = self.clock.wall() + DAY;
        for camera in 1..=3 {
            let mut from = self.start;
            while from < last {
                let target =
                    Target::Footage { cameras: vec![feed(camera).camera], from, to: from + DAY };
                let grant = self.admit(person(1), Action::PlayFootage, target);
                let reader = vault.vault().opener().footage(&grant);
                for (wall, _) in crate::house::read(&reader, feed(camera), from) {
                    seen.insert((camera, wall.since(self.start).as_secs().cast_signed()));
                }
                from = from + DAY;
            }
        }
        seen
    }
}

/// What the recorder is not told of: as if that half of the protection were out.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    Holds,
    Release,
}

struct Schedule {
    draw: Draw,
    machine: Machine,
    model: Model,
    holds: u8,
    without: Without,
}

impl Schedule {
    fn new(seed: u64, without: Without) -> Self {
        let mut draw = Draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..4).for_each(|_| {
            draw.below(2);
        });
        let (machine, model) = (Machine::new(seed), Model::default());
        Self { draw, machine, model, holds: 0, without }
    }

    fn advance(&mut self, time: i64) {
        self.machine.clock.advance(Duration::from_secs(time.unsigned_abs()));
        self.model.time += time;
    }

    fn set_off(&mut self, off: i64) {
        self.model.off = off;
        self.machine.clock.set_wall(self.machine.moment(self.model.time + off));
    }

    /// One step; gives what differs.
    fn step(&mut self) -> Result<(), String> {
        if self.model.off != 0 && self.draw.below(3) == 0 {
            self.set_off(0);
        }
        match self.draw.below(20) {
            0..5 if self.model.off == 0 => {
                let camera = self.draw.camera();
                self.machine.record(camera);
                self.model.record(camera);
                self.model.time += 2;
            }
            0..7 => {
                let minutes = self.draw.within(1, 180);
                self.advance(minutes * 60);
            }
            7..10 => {
                let hours = self.draw.within(2, 12);
                self.advance(hours * HOUR);
            }
            10..12 => self.place()?,
            12..14 => self.renew_or_release()?,
            14 => {
                let off = [3, -3][usize::from(self.draw.below(2) == 0)];
                self.set_off(off * HOUR);
            }
            15 => {
                let in_order = self.draw.below(2) == 0;
                self.machine.restart(in_order);
                return self.compare("a start");
            }
            _ => {
                self.machine.rotate();
                self.model.rotate();
                return self.compare("a rotation");
            }
        }
        Ok(())
    }

    fn until(&mut self) -> i64 {
        let wall = self.model.time + self.model.off;
        wall + self.draw.within(1, 120 * HOUR)
    }

    fn place(&mut self) -> Result<(), String> {
        // Mostly of something: pictures are few, and the rest of a day is empty.
        let pictures: Vec<i64> = self.model.visible().iter().map(|(_, at)| at / 60).collect();
        let minute = match pictures.len() as u64 {
            0 => self.model.time / 60,
            count => pictures[usize::try_from(self.draw.below(count)).unwrap()],
        };
        let from = self.draw.within((minute - 60).max(0), minute + 2) * 60;
        let hold = Hold {
            cameras: (0..=self.draw.below(2)).map(|_| self.draw.camera()).collect(),
            from,
            to: from + self.draw.within(1, 241) * 60,
            until: self.until(),
        };
        self.holds += 1;
        let expected = self.model.hold(self.holds, hold.clone());
        if self.without == Without::Holds {
            return Ok(());
        }
        agree("placing", self.machine.manage(Action::HoldFootage, self.holds, &hold), expected)
    }

    fn renew_or_release(&mut self) -> Result<(), String> {
        let id = 1 + u8::try_from(self.draw.below(u64::from(self.holds) + 1)).unwrap();
        let Some(known) = self.model.known(id).cloned() else { return Ok(()) };
        if self.draw.below(2) == 0 && self.without == Without::Nothing {
            let until = self.until();
            let hold = Hold { until, ..known };
            let done = self.machine.manage(Action::RenewHold, id, &hold);
            return agree("renewing", done, self.model.renew(id, until));
        }
        let expected = self.model.release(id);
        if self.without != Without::Nothing {
            return Ok(());
        }
        agree("releasing", self.machine.manage(Action::ReleaseHold, id, &known), expected)
    }

    fn compare(&self, after: &str) -> Result<(), String> {
        let (visible, expected) = (self.machine.visible(), self.model.visible());
        if visible == *expected {
            return Ok(());
        }
        let lost: Vec<_> = expected.difference(&visible).collect();
        let left: Vec<_> = visible.difference(expected).collect();
        Err(format!("after {after} at {}: lost {lost:?}, left {left:?}", self.model.time))
    }

    fn run(mut self) -> Result<(), String> {
        for _ in 0..40 {
            self.step()?;
        }
        if self.model.off == 0 {
            self.machine.rotate();
            self.model.rotate();
            let played = self.machine.played();
            if played != *self.model.visible() {
                return Err(format!("played {played:?}, not {:?}", self.model.visible()));
            }
        }
        self.compare("the end")
    }
}

fn agree(what: &str, done: Answer, expected: Answer) -> Result<(), String> {
    if done == expected { Ok(()) } else { Err(format!("{what}: {done:?}, not {expected:?}")) }
}

/// How many of so many schedules differ from the model, and the first of these.
fn differences(seeds: std::ops::Range<u64>, without: Without) -> (u64, Option<(u64, String)>) {
    let mut count = 0;
    let mut first = None;
    for seed in seeds {
        if let Err(what) = Schedule::new(seed, without).run() {
            count += 1;
            first.get_or_insert((seed, what));
        }
    }
    (count, first)
}

/// A thousand; a hundred thousand with `JIKIM_TEST_SIZE=long`, or as many as `JIKIM_SEEDS` says.
fn schedules() -> u64 {
    let is_long = testkit::is_long();
    let said = std::env::var("JIKIM_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    said.unwrap_or(if is_long { 100_000 } else { 1000 })
}

#[test]
fn k6_a_hold_wins_over_expiry_and_expiry_after_its_release() {
    let workers = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let each = schedules().div_ceil(workers);
    let found: Vec<_> = std::thread::scope(|scope| {
        let work =
            |worker: u64| move || differences(worker * each..(worker + 1) * each, Without::Nothing);
        let running: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        running.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for (count, first) in found {
        assert_eq!((count, first), (0, None));
    }
}

/// The controls: where the recorder does not know of the holds, or not of their release, the same
/// schedules differ.
#[test]
fn k6_control_without_either_half_the_schedules_differ() {
    for without in [Without::Holds, Without::Release] {
        let (count, _) = differences(0..100, without);
        assert!(count > 20, "{count} of 100");
    }
}
