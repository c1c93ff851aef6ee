//! K2: whatever is done to the clock, nothing is due before its time. A random walk with an oracle
//! that knows what time it really is.

use testkit::TestClock;

use super::*;
use crate::anchor::NOT_KEPT;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
const KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);
/// Hours that one seed lives.
const HOURS: u64 = 40 * 24;

/// Runs of the walk: as many as `JIKIM_SEEDS` says (10,000 is the size `long`).
fn seeds() -> u64 {
    std::env::var("JIKIM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// An hour of footage: when it was really filmed, and under which bucket it was filed.
#[derive(Clone, Copy)]
struct Hour {
    filmed: WallTime,
    filed: WallTime,
}

struct Walk {
    fs: Arc<dyn Fs>,
    folder: tempfile::TempDir,
    clock: TestClock,
    /// What time it really is; nobody in the program knows.
    truth: WallTime,
    trusted: TrustedTime,
    chance: Chance,
    boots: u32,
    kept: Vec<Hour>,
}

impl Walk {
    fn new(seed: u64) -> Self {
        // In memory where there is such a folder: thousands of syncs say nothing here.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let fs: Arc<dyn Fs> = Arc::new(host::Disk);
        let trusted = open(&fs, &clock, &folder, false);
        let truth = clock.wall();
        let chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        Self { fs, folder, clock, truth, trusted, chance, boots: 0, kept: Vec::new() }
    }

    fn hour(&mut self) {
        let start = self.clock.wall().floor(HOUR);
        let filed = self.trusted.file_under(start, HOUR, self.clock.elapsed());
        self.kept.push(Hour { filmed: self.truth, filed });
        self.clock.advance(HOUR);
        self.truth = self.truth + HOUR;
    }

    /// Something is done to the clock.
    fn disturb(&mut self) {
        // As the program does each minute; each hour would be a sync too many for a test.
        self.trusted.keep().unwrap();
        let offset = [HOUR / 2, HOUR, 29 * DAY, 3653 * DAY][self.chance.below(4) as usize];
        let sign = self.chance.below(2) == 0;
        let wrong = if sign { self.clock.wall() + offset } else { self.clock.wall() - offset };
        match self.chance.below(12) {
            0 | 1 => self.clock.set_wall(wrong),
            2 | 3 => self.clock.set_wall(self.truth),
            4 => self.clock.set_wall(WallTime::EPOCH + DAY),
            // A time server that tells the truth, or one that does not: the wall clock does not
            // follow it, so that it never agrees with another liar.
            5 | 6 => self.trusted.hear("one", self.truth),
            7 if self.clock.wall() == self.truth => self.trusted.hear("liar", wrong + 5 * HOUR),
            8 => self.restart(),
            9 if self.boots < 3 => {
                self.boots += 1;
                let off = [Duration::from_secs(90), HOUR, 50 * HOUR][self.chance.below(3) as usize];
                self.clock.reboot(off);
                self.truth = self.truth + off;
                if self.chance.below(2) == 0 {
                    self.clock.set_wall(wrong);
                }
                self.restart();
            }
            _ => {}
        }
    }

    fn restart(&mut self) {
        self.trusted = open(&self.fs, &self.clock, &self.folder, false);
    }

    /// The ages at which footage is destroyed now.
    fn destroy(&mut self, wall_clock_alone: bool) -> Vec<Duration> {
        if !wall_clock_alone && self.trusted.doubt().is_some() {
            return Vec::new();
        }
        let now = if wall_clock_alone { self.clock.wall() } else { self.trusted.now() };
        let slow = self.trusted.late_by();
        let late = |filed: WallTime| {
            let touched = slow.iter().filter(|it| filed < it.to && it.from < filed + HOUR);
            touched.map(|it| it.by).sum::<Duration>()
        };
        let (gone, kept): (Vec<Hour>, Vec<Hour>) = self
            .kept
            .iter()
            .partition(|hour| hour.filed + KEPT_FOR + late(hour.filed) <= now + HOUR);
        self.kept = kept;
        gone.iter().map(|hour| self.truth.since(hour.filmed)).collect()
    }
}

fn open(
    fs: &Arc<dyn Fs>,
    clock: &TestClock,
    folder: &tempfile::TempDir,
    confirmed: bool,
) -> TrustedTime {
    let path = folder.path().join("anchor");
    open_filed(fs, clock, path, confirmed, None)
}

fn open_filed(
    fs: &Arc<dyn Fs>,
    clock: &TestClock,
    path: PathBuf,
    confirmed: bool,
    filed: Option<WallTime>,
) -> TrustedTime {
    TrustedTime::open(Arc::clone(fs), Arc::new(clock.clone()), path, confirmed, filed).unwrap()
}

/// The least age at which anything was destroyed, and how many hours of footage were.
fn walk(seed: u64, wall_clock_alone: bool) -> (Option<Duration>, usize) {
    let mut walk = Walk::new(seed);
    let (mut least, mut count) = (None::<Duration>, 0);
    for _ in 0..HOURS {
        walk.hour();
        if walk.chance.below(8) == 0 {
            walk.disturb();
        }
        for age in walk.destroy(wall_clock_alone) {
            count += 1;
            least = Some(least.map_or(age, |least| least.min(age)));
        }
    }
    (least, count)
}

/// An hour before its time is a bucket's length; three boots whose clock is believed are an hour
/// each, and sixty seconds are no step.
const ALLOWED: Duration = Duration::from_secs(5 * 3600);

#[test]
fn k2_whatever_is_done_to_the_clock_nothing_is_due_before_its_time() {
    let mut destroyed = 0;
    for seed in 0..seeds() {
        let (least, count) = walk(seed, false);
        destroyed += count;
        if let Some(least) = least {
            assert!(least + ALLOWED >= KEPT_FOR, "seed {seed}: destroyed at the age of {least:?}");
        }
    }
    assert!(destroyed > 0, "nothing was ever due: the walk proves nothing");
}

#[test]
fn k2_control_who_trusts_the_wall_clock_destroys_early() {
    let early = (0..20).filter(|seed| walk(*seed, true).0.is_some_and(|age| age < DAY));
    assert!(early.count() >= 10);
}

#[test]
fn k2_a_second_source_settles_a_doubt_and_a_lone_liar_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let fs: Arc<dyn Fs> = Arc::new(host::Disk);
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let trusted = open(&fs, &clock, &folder, false);
    clock.set_wall(clock.wall() + 10 * DAY);
    assert!(trusted.doubt().is_some());
    // It says something else than the wall clock: nothing is settled.
    trusted.hear("one", clock.wall() - DAY);
    assert!(trusted.doubt().is_some());
    // One agrees, one does not.
    trusted.hear("two", clock.wall());
    assert!(trusted.doubt().is_some());
    trusted.hear("one", clock.wall());
    assert_eq!(trusted.doubt(), None);
    // What was filmed before is due ten days later than written.
    let slow = trusted.late_by();
    trusted.keep().unwrap();
    assert_eq!(slow.len(), 1);
    assert!(
        slow[0].by.abs_diff(10 * DAY) < HOUR && slow[0].to - NOT_KEPT == slow[0].from + TOLERANCE
    );
    // It is remembered over a restart, and what was said long ago counts no more.
    let trusted = open(&fs, &clock, &folder, false);
    assert_eq!(open(&fs, &clock, &folder, false).late_by(), slow);
    trusted.hear("one", clock.wall() + DAY);
    clock.advance(2 * HOUR);
    clock.set_wall(clock.wall() + DAY);
    assert!(trusted.doubt().is_some());
}

/// How much later than written footage is due that was filmed under a slow clock while the anchor
/// could not be kept, `hours` after the start; the keyring says, or does not, that it was filed.
fn late_after_a_disk_failed(hours: u32, keyring_is_asked: bool) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anchor");
    let fs: Arc<dyn Fs> = Arc::new(host::Disk);
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    drop(open(&fs, &clock, &folder, false));
    clock.reboot(10 * DAY);
    let trusted = open(&fs, &clock, &folder, false);
    assert!(trusted.doubt().is_some());
    let kept = std::fs::read(&path).unwrap();
    clock.advance(HOUR * hours);
    let filed = trusted.file_under(clock.wall().floor(HOUR), HOUR, clock.elapsed());
    trusted.keep().unwrap();
    drop(trusted);
    // What the disk has is from right after the start.
    std::fs::write(&path, kept).unwrap();
    clock.reboot(HOUR / 4);
    let trusted = open_filed(&fs, &clock, path, false, keyring_is_asked.then_some(filed));
    trusted.hear("a time server", clock.wall());
    assert_eq!(trusted.doubt(), None);
    let slow = trusted.late_by();
    let touched = slow.iter().filter(|it| filed < it.to && it.from < filed + HOUR);
    touched.map(|it| it.by).sum()
}

#[test]
fn k2_what_was_filed_while_the_anchor_could_not_be_kept_is_due_later() {
    for hours in [0, 1, 2, 30] {
        assert!(late_after_a_disk_failed(hours, true) >= 10 * DAY, "after {hours} hours");
    }
    // The control: by the anchor alone it would have been destroyed ten days early.
    assert_eq!(late_after_a_disk_failed(3, false), Duration::ZERO);
}
