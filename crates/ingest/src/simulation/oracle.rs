//! What must hold, whatever happened: what was filmed, handed over, counted and acknowledged is held
//! against what is found.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::WallTime;
use ledger::Ledger;
use tlog::{Frontier, leaf_hash};

use super::camera::{Camera, Fact, Fate, bytes_of};
use super::house::Listed;
use super::medium::{Found, standing};

/// What a hole between two pictures may be without being declared: a camera's own pause is told from
/// two seconds on.
const UNTOLD: Duration = Duration::from_millis(2200);
/// What of a declared hole may be uncovered: two clocks' readings, and one picture.
const UNCOVERED: Duration = Duration::from_millis(700);
/// What the end of the process, or of the power, may cost.
pub(super) const MOST_LOST_US: u64 = 2_000_000;

/// What is known of the truth at a check.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now_us: u64,
    /// By how much earlier than its time something may have been destroyed: what the clocks were
    /// allowed to be wrong by.
    pub(super) early_us: u64,
}

/// The end of a run of the recorder.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) run: u32,
    pub(super) at_us: u64,
    /// Frames counted as durable, by camera.
    pub(super) counted: Vec<u64>,
    /// Whether the writers had nothing to hold them up in the last seconds.
    pub(super) was_calm: bool,
    /// Whether it began with a volume that failed.
    pub(super) was_hindered: bool,
    /// Whether the wall clock was wrong in it at any time.
    pub(super) was_off: bool,
}

#[derive(Default)]
pub(super) struct Oracle {
    /// Size and root of the log after each acknowledgement, by year.
    acknowledged: BTreeMap<u16, BTreeMap<u64, String>>,
    pub(super) endings: Vec<Ending>,
    vault_keys: BTreeMap<u64, [u8; 32]>,
    /// Epochs whose key was looked for after it was destroyed.
    sought: BTreeSet<u64>,
    /// The catalog was lost at least once.
    pub(super) lost_lists: bool,
    pub(super) checks: u64,
}

fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).expect("a simulation is short")
}

impl Fact {
    /// Whether its time may be up.
    fn may_be_gone(&self, moment: Moment) -> bool {
        let bucket = self.retention.bucket_length();
        let kept = micros(self.retention.maximum()).saturating_sub(micros(bucket) * 3);
        moment.now_us >= (self.true_us + kept).saturating_sub(moment.early_us)
    }

    fn must_be_gone(&self, moment: Moment) -> bool {
        moment.now_us > self.true_us + micros(self.retention.maximum()) + 5_000_000
    }

    pub(super) fn is_of(&self, run: u32) -> bool {
        matches!(self.fate, Fate::Given(of, _) if of == run)
    }

    const fn was_given(&self) -> bool {
        matches!(self.fate, Fate::Given(..))
    }
}

impl Oracle {
    /// The ledger acknowledged something: all of it so far must be there for ever.
    pub(super) fn acknowledge(&mut self, ledger: &Ledger) {
        let status = ledger.status();
        if status.size == 0 {
            return;
        }
        self.acknowledged.entry(status.year).or_default().insert(status.size, status.root);
    }

    /// L2, L3: whatever was acknowledged is there, in the order and with the bytes it had then.
    pub(super) fn check_ledger(&self, ledger: &Ledger) -> Result<(), String> {
        for (year, roots) in &self.acknowledged {
            let mut entries = ledger.entries(*year, None, usize::MAX).map_err(|e| e.to_string())?;
            entries.reverse();
            let mut frontier = Frontier::new();
            let mut met = 0;
            for (number, entry) in &entries {
                frontier.push(leaf_hash(&entry.encode()));
                if let Some(root) = roots.get(&(number.index + 1)) {
                    met += 1;
                    if *root != frontier.root().to_base64() {
                        return Err(format!("L3: the log of {year} changed before {number}"));
                    }
                }
            }
            if met != roots.len() {
                let newest = roots.keys().last();
                return Err(format!("L2: {year} has {} entries of {newest:?}", entries.len()));
            }
        }
        ledger.check().map(drop).map_err(|error| format!("L7: {error}"))
    }

    /// R6, R8: nothing that was not filmed so is there, and the order of chunks is that of filming.
    pub(super) fn check_found(&self, cameras: &[Camera], found: &Found) -> Result<(), String> {
        if let Some(strange) = found.strange.first() {
            return Err(format!("R6: {strange}"));
        }
        for (of, bytes) in &found.bytes {
            let camera = &cameras[usize::from(of.0) - 1];
            let fact = camera.facts.get(of.1).ok_or("R6: a picture that nobody filmed")?;
            if !fact.was_given() || *bytes != bytes_of(camera.feed, of.1, fact.size_bytes) {
                return Err(format!("R6: picture {of:?} is not what was handed over"));
            }
        }
        let frames: Vec<_> = found.frames.iter().collect();
        for pair in frames.windows(2) {
            let ((first, one), (second, other)) = (pair[0], pair[1]);
            if first.0 == second.0 && one.sequence > other.sequence {
                return Err(format!("R8: {first:?} was filed behind {second:?}"));
            }
        }
        Ok(())
    }

    /// R1, R2: what was counted is there, and the end of a run cost two seconds at most.
    pub(super) fn check_ending(
        &self,
        cameras: &[Camera],
        found: &Found,
        moment: Moment,
    ) -> Result<(), String> {
        let Some(ending) = self.endings.last() else { return Ok(()) };
        for (index, camera) in cameras.iter().enumerate() {
            let (mut there, mut excused, mut first_missing_us) = (0, 0, None);
            for (number, fact) in camera.facts.iter().enumerate() {
                let Fate::Given(run, given_us) = fact.fate else { continue };
                if run != ending.run {
                    continue;
                }
                if found.frames.contains_key(&(camera.feed.camera.as_bytes()[0], number)) {
                    there += 1;
                    first_missing_us = None;
                } else {
                    excused += u64::from(fact.may_be_gone(moment));
                    first_missing_us = first_missing_us.or(Some(given_us));
                }
            }
            let counted = ending.counted.get(index).copied().unwrap_or(0);
            if there + excused < counted {
                return Err(format!(
                    "R1: {counted} pictures of {} were counted, {there} are there, {excused} may be due",
                    camera.feed
                ));
            }
            let lost_us = first_missing_us.map_or(0, |first| ending.at_us.saturating_sub(first));
            if ending.was_calm && lost_us > MOST_LOST_US && excused == 0 {
                return Err(format!("R1: {lost_us} µs of {} were lost", camera.feed));
            }
        }
        Ok(())
    }

    /// R9: between two pictures that are there and were not filmed one after the other, the time is
    /// declared. Of run `run`, which goes on, nothing is asked yet.
    pub(super) fn check_gaps(
        &self,
        cameras: &[Camera],
        found: &Found,
        listed: &Listed,
        moment: Moment,
        run: u32,
    ) -> Result<(), String> {
        for (index, camera) in cameras.iter().enumerate() {
            let name = camera.feed.camera.as_bytes()[0];
            let mut found_of_run: BTreeMap<u32, u64> = BTreeMap::new();
            let interval = Duration::from_micros(camera.interval_us);
            let of_camera = found.frames.range((name, 0)..=(name, usize::MAX));
            let gaps = listed.gaps_of(camera.feed);
            let mut before: Option<(usize, WallTime)> = None;
            for (&(_, number), frame) in of_camera {
                if camera.facts[number].is_of(run) {
                    break;
                }
                let Fate::Given(of_run, _) = camera.facts[number].fate else { continue };
                let ordinal = found_of_run.entry(of_run).or_default();
                *ordinal += 1;
                let was_counted = self.counts(index, of_run, *ordinal);
                if let Some((last, wall)) = before {
                    let between = &camera.facts[last + 1..number];
                    let is_told = between.iter().any(|fact| fact.fate == Fate::Told);
                    let may_be_gone =
                        between.iter().any(|fact| fact.was_given() && fact.may_be_gone(moment));
                    let allowed = if is_told { UNCOVERED } else { UNTOLD };
                    // Where a clock was set in between, by the dating before it or the one after.
                    let passed = camera.facts[number].true_us - camera.facts[last].true_us;
                    let passed = Duration::from_micros(passed) - interval;
                    let (end, begin) = (wall + interval, frame.wall);
                    let mut least = uncovered(&gaps, end, end + passed).min(uncovered(
                        &gaps,
                        begin - passed,
                        begin,
                    ));
                    if begin > end {
                        least = least.min(uncovered(&gaps, end, begin));
                    }
                    let is_excused = may_be_gone
                        || !was_counted
                        || self.excuses(&camera.facts[last], &camera.facts[number]);
                    if !between.is_empty() && !is_excused && least > allowed {
                        let fates: Vec<Fate> =
                            camera.facts[last..=number].iter().map(|fact| fact.fate).collect();
                        let near = Duration::from_secs(5);
                        let near: Vec<_> = gaps
                            .iter()
                            .filter(|(from, to)| *to + near >= end && *from <= begin + near)
                            .collect();
                        return Err(format!(
                            "R9: {least:?} of {} are neither there nor declared, {end} to {begin} (pictures {last} to {number}, {passed:?}, {fates:?}; declared: {near:?})",
                            camera.feed
                        ));
                    }
                }
                before = Some((number, frame.wall));
            }
        }
        Ok(())
    }

    /// Whether the picture that is the `ordinal`th that is there of a run was counted as durable
    /// before it ended. One that was not is there by luck, and what was written in front of it in
    /// the same second, or to a volume that failed then, may have had less: a gap's record.
    fn counts(&self, camera: usize, run: u32, ordinal: u64) -> bool {
        let mut of_run = self.endings.iter().filter(|ending| ending.run == run);
        let counted = of_run.next().and_then(|ending| ending.counted.get(camera));
        counted.is_some_and(|counted| ordinal <= *counted)
    }

    /// What is known not to be declared (`docs/reliability.md`): the time between two runs after the
    /// clock was wrong in one; gaps of such a run, if the catalog is lost too; the time before a run
    /// that began while the volume with the newest footage failed.
    fn excuses(&self, last: &Fact, next: &Fact) -> bool {
        let (Fate::Given(one, _), Fate::Given(other, _)) = (last.fate, next.fate) else {
            return false;
        };
        self.endings.iter().any(|ending| {
            let is_misdated =
                ending.run <= other && ending.was_off && (one != other || self.lost_lists);
            let is_unseen = ending.run == other && ending.was_hindered && one != other;
            is_misdated || is_unseen
        })
    }

    /// K2: what is not there any more was due.
    pub(super) fn check_kept(
        &self,
        cameras: &[Camera],
        was: &BTreeSet<(u8, usize)>,
        found: &Found,
        moment: Moment,
    ) -> Result<(), String> {
        for of in was {
            let fact = cameras[usize::from(of.0) - 1].facts[of.1];
            if !found.frames.contains_key(of) && !fact.may_be_gone(moment) {
                let age = Duration::from_micros(moment.now_us - fact.true_us);
                return Err(format!("K2: {of:?} is gone after {age:?} of {:?}", fact.retention));
            }
        }
        Ok(())
    }

    /// K1, K3: after a rotation nothing is older than was promised.
    pub(super) fn check_gone(
        &self,
        cameras: &[Camera],
        found: &Found,
        moment: Moment,
    ) -> Result<(), String> {
        for of in found.frames.keys() {
            let fact = cameras[usize::from(of.0) - 1].facts[of.1];
            if fact.must_be_gone(moment) {
                let age = Duration::from_micros(moment.now_us - fact.true_us);
                return Err(format!("K1: {of:?} opens after {age:?} of {:?}", fact.retention));
            }
        }
        Ok(())
    }

    /// K1: a vault key that is not held any more stands nowhere.
    pub(super) fn check_keys(
        &mut self,
        found: &Found,
        files: &[(std::path::PathBuf, Vec<u8>)],
    ) -> Result<(), String> {
        let gone =
            self.vault_keys.iter().filter(|(epoch, _)| !found.vault_keys.contains_key(epoch));
        // Looked for once: what was overwritten does not come back by itself.
        let gone = gone.filter(|(epoch, _)| self.sought.insert(**epoch));
        let gone: BTreeSet<[u8; 32]> = gone.map(|(_, key)| *key).collect();
        self.vault_keys.extend(&found.vault_keys);
        let standing = standing(files, &gone);
        if standing > 0 {
            Err(format!("K1: {standing} destroyed vault keys are there"))
        } else {
            Ok(())
        }
    }
}

/// What of a stretch of time no gap covers.
fn uncovered(gaps: &[(WallTime, WallTime)], from: WallTime, to: WallTime) -> Duration {
    let (mut at, mut uncovered) = (from, Duration::ZERO);
    for (start, end) in gaps {
        if *end > at && *start < to {
            uncovered += start.since(at);
            at = at.max(*end);
        }
    }
    uncovered + to.since(at)
}
