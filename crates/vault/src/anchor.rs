//! How wall clock and clock since boot were related, and what of it is not certain: the file `anchor`
//! in the vault's folder (`docs/formats/keyring.md`).

use std::path::Path;
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::{Fs, FsResult};

/// The anchor follows the wall clock by at most a thousandth: twice what NTP slews, and so little
/// that many small steps do not add up to an early destruction.
const FOLLOW: u32 = 1000;
/// Clocks that differ by less agree.
pub(crate) const TOLERANCE: Duration = Duration::from_secs(60);
/// The anchor is kept about once a minute: so much that was filed since may be ahead of what a boot
/// finds.
pub(crate) const NOT_KEPT: Duration = Duration::from_secs(120);
const MAX_BYTES: usize = 16 << 10;
/// Stretches of footage filmed under a slow clock that are told apart.
const MOST_SLOW: usize = 64;

/// What the wall clock showed at a reading of the clock since boot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) boot: String,
    pub(crate) wall: WallTime,
    pub(crate) elapsed: Elapsed,
}

/// What was filed between two moments while the clock was slow is due so much later; what lies in
/// several such stretches, by their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slow {
    pub(crate) from: WallTime,
    pub(crate) to: WallTime,
    pub(crate) by: Duration,
}

/// What is kept over restarts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) anchor: Anchor,
    /// How much of the anchored time rests on the wall clock's word alone: time the machine was off.
    pub(crate) unconfirmed: Duration,
    /// When, in anchored time, two sources last agreed, or a person confirmed the clock.
    pub(crate) since: WallTime,
    /// The wall time that was kept before this boot, while what the clock showed at the start is not
    /// believed; the anchor goes on from there.
    pub(crate) doubted: Option<WallTime>,
    /// By how much the wall clock was ahead of the anchor: what is entered as a step already.
    pub(crate) off_us: i64,
    /// What was filmed under a slow clock.
    pub(crate) slow: Vec<Slow>,
    /// Where the newest bucket begins that the keyring knew at the start. Not in the file: the file
    /// may not have been written for hours, if its disk failed, while footage was filed ahead of it.
    pub(crate) filed: Option<WallTime>,
}

impl Anchor {
    /// What a wall clock that nobody set would show at a reading of the clock since boot.
    pub(crate) fn at(&self, elapsed: Elapsed) -> WallTime {
        if elapsed >= self.elapsed {
            self.wall + elapsed.since(self.elapsed)
        } else {
            self.wall - self.elapsed.since(elapsed)
        }
    }

    pub(crate) fn follow(&mut self, (wall, elapsed): (WallTime, Elapsed)) {
        let most = elapsed.since(self.elapsed) / FOLLOW;
        let anchored = self.at(elapsed);
        self.wall = wall.max(anchored - most).min(anchored + most);
        self.elapsed = elapsed;
    }
}

impl Kept {
    pub(crate) fn new(anchor: Anchor) -> Self {
        let since = anchor.wall;
        Self {
            anchor,
            unconfirmed: Duration::ZERO,
            since,
            doubted: None,
            off_us: 0,
            slow: Vec::new(),
            filed: None,
        }
    }

    /// The same in another boot, before anything of its wall clock is believed: the anchor goes on
    /// from where it was.
    pub(crate) fn over_a_boot(self, boot: String, elapsed: Elapsed) -> Self {
        let before = self.anchor.wall;
        let anchor = Anchor { boot, wall: before, elapsed };
        Self { anchor, doubted: Some(before), off_us: 0, ..self }
    }

    /// The machine was off for so short a time that the wall clock is believed on its own word.
    pub(crate) fn believe(&mut self, wall: WallTime, elapsed: Elapsed) {
        self.unconfirmed += wall.since(self.anchor.at(elapsed));
        (self.anchor.wall, self.anchor.elapsed, self.doubted) = (wall, elapsed, None);
    }

    /// The anchor goes on to now, so that the next start knows that it is at least so late; with the
    /// wall clock's slow drift, if they agree.
    pub(crate) fn go_on(&mut self, (wall, elapsed): (WallTime, Elapsed), agrees: bool) {
        if agrees {
            return self.anchor.follow((wall, elapsed));
        }
        (self.anchor.wall, self.anchor.elapsed) = (self.anchor.at(elapsed), elapsed);
        self.doubted = self.doubted.map(|_| self.anchor.wall);
    }

    /// The wall clock is taken for right, and the anchor was wrong, nobody knows since when: what was
    /// filed since two sources agreed may be as much younger as the anchor was slow. Unless a second
    /// source said so, that much rests on the wall clock's word, and a later correction is about all
    /// of it. What was filed after the anchor was last kept, before the power went, lies ahead of it:
    /// by two minutes, or as far as the keyring says.
    pub(crate) fn set_right(&mut self, wall: WallTime, elapsed: Elapsed, is_confirmed: bool) {
        let anchored = self.anchor.at(elapsed);
        let by = wall.since(anchored);
        if !by.is_zero() {
            // A chunk may be filed under a bucket that ended a moment before it came.
            let from = self.since - TOLERANCE;
            let filed = self.filed.map_or(anchored, |start| start + TOLERANCE);
            self.slow.push(Slow { from, to: filed.max(anchored + NOT_KEPT), by });
        }
        if self.slow.len() > MOST_SLOW {
            // Rather too late than too early.
            let (one, other) = (self.slow.remove(0), self.slow[0]);
            self.slow[0] = Slow {
                from: one.from.min(other.from),
                to: one.to.max(other.to),
                by: one.by + other.by,
            };
        }
        (self.anchor.wall, self.anchor.elapsed, self.doubted) = (wall, elapsed, None);
        self.off_us = 0;
        if is_confirmed {
            (self.since, self.unconfirmed) = (wall, Duration::ZERO);
        } else {
            self.unconfirmed += by;
        }
    }

    pub(crate) fn read(fs: &dyn Fs, path: &Path) -> FsResult<Option<Self>> {
        if !fs.exists(path)? {
            return Ok(None);
        }
        let bytes = fs.read(path, MAX_BYTES)?;
        Ok(std::str::from_utf8(&bytes).ok().and_then(parse))
    }

    pub(crate) fn encode(&self) -> String {
        let Anchor { boot, wall, elapsed } = &self.anchor;
        let mut text = format!(
            "jikim anchor v1 {boot} {} {} {} {} {}\n",
            wall.as_micros(),
            elapsed.as_nanos(),
            self.unconfirmed.as_micros(),
            self.since.as_micros(),
            self.off_us
        );
        if let Some(before) = self.doubted {
            text.push_str(&format!("doubted {}\n", before.as_micros()));
        }
        for Slow { from, to, by } in &self.slow {
            let (from, to, by) = (from.as_micros(), to.as_micros(), by.as_micros());
            text.push_str(&format!("slow {from} {to} {by}\n"));
        }
        text
    }
}

fn parse(text: &str) -> Option<Kept> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let mut words = lines.next()?.strip_prefix("jikim anchor v1 ")?.split(' ');
    let boot = words.next()?.to_owned();
    let wall = WallTime::from_micros(words.next()?.parse().ok()?);
    let elapsed = Elapsed::from_nanos(words.next()?.parse().ok()?);
    let mut kept = Kept::new(Anchor { boot, wall, elapsed });
    // Older ones end here: they were made by a program that believed the wall clock after a boot.
    if let Some(unconfirmed) = words.next() {
        kept.unconfirmed = Duration::from_micros(unconfirmed.parse().ok()?);
        kept.since = WallTime::from_micros(words.next()?.parse().ok()?);
        kept.off_us = words.next()?.parse().ok()?;
    }
    for line in lines {
        if let Some(before) = line.strip_prefix("doubted ") {
            kept.doubted = Some(WallTime::from_micros(before.parse().ok()?));
            continue;
        }
        let mut words = line.strip_prefix("slow ")?.split(' ');
        let mut time = || words.next()?.parse().ok().map(WallTime::from_micros);
        let (from, to) = (time()?, time()?);
        let by = Duration::from_micros(words.next()?.parse().ok()?);
        kept.slow.push(Slow { from, to, by });
    }
    Some(kept)
}
