//! The scrub: reads every closed reel once a week, without keys, slowly, and says what it finds.
//!
//! Each reel is held against its checksums, its footer and the ledger, as the whole check does it.
//! Twice a day it is looked whether every reel is still there, so that one that somebody deleted by
//! hand is entered within a day (R6). What is found is entered once (`reel-damaged`), the end of each
//! pass too (`scrubbed`). Where a pass is, is kept in the file `scrub` in the vault's folder, so that
//! a restart goes on there; a file that cannot be read begins a new pass.
//!
//! It has no thread of its own: whoever calls [`Vault::scrub`] gives the thread and the pauses.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use domain::{ReelId, WallTime};
use host::{File, Fs, FsError, FsResult};
use ledger::{Kind, ReelFinding};

use crate::check::{Fault, VaultReport, check_file};
use crate::open::{Shared, Vault};
use crate::reels::ReelPlace;

/// A pass ends within this time.
const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// So much faster than a week asks for, for the time that the recorder does not run.
const HASTE_PERCENT: u64 = 125;
/// It is never slower than this, so that a small archive is read in an hour and not in a week.
const LEAST_BYTES_PER_S: u64 = 1 << 20;
/// How often it is looked whether every reel is there.
const LOOK_EVERY: Duration = Duration::from_secs(12 * 3600);
const MAGIC: &str = "jikim scrub v1";
const MAX_BYTES: usize = 4096;

/// A pass that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScrubPass {
    /// When it ended.
    pub ended_at: WallTime,
    /// Reels read.
    pub reels: u64,
    /// Bytes read.
    pub length_bytes: u64,
    /// Reels with which something was wrong.
    pub damaged: u64,
}

/// How the scrub stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScrubStatus {
    /// The last pass that came to its end.
    pub last: Option<ScrubPass>,
    /// Reels read in the present pass.
    pub reels: u64,
    /// Bytes read in it.
    pub length_bytes: u64,
    /// When it was last looked whether every reel is there.
    pub looked_at: Option<WallTime>,
    /// Reels that should be there and with which something is wrong.
    pub damaged: u64,
}

/// Where the scrub is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scrub {
    /// The reel that was read last in this pass: they are read by rising id.
    after: Option<ReelId>,
    began_at: Option<WallTime>,
    reels: u64,
    length_bytes: u64,
    damaged: u64,
    looked_at: Option<WallTime>,
    last: Option<ScrubPass>,
}

impl Vault {
    /// Reads on where the scrub is: the next closed reel, in small pieces, with `pause` after each;
    /// gives how long to wait until the next call. Stops in the middle when `pause` says `false`.
    pub fn scrub(&self, pause: &(dyn Fn(Duration) -> bool + Sync)) -> Duration {
        let shared = &*self.shared;
        if !shared.search.is_complete() {
            return Duration::from_secs(1);
        }
        shared.look_whether_all_are_there();
        let began_at = shared.scrubbing().began_at;
        let now = shared.clock.wall();
        // One that ended waits until its week is over.
        if let Some(wait) = began_at.filter(|_| shared.scrubbing().after.is_none()) {
            let next = wait + WEEK;
            if now < next && now >= wait {
                return next.since(now).min(LOOK_EVERY / 12);
            }
        }
        let open = shared.reels.open();
        let after = shared.scrubbing().after;
        let closed = shared.reels.all().into_iter().filter(|it| !open.contains(&it.header.reel));
        let next = closed
            .filter(|it| !shared.volumes[it.volume].is_fenced())
            .filter(|it| after.is_none_or(|after| it.header.reel > after))
            .min_by_key(|it| it.header.reel);
        match next {
            Some(place) => shared.scrub_reel(&place, &open, pause),
            None if after.is_some() => shared.end_pass(now),
            None => return LOOK_EVERY / 12,
        }
        Duration::ZERO
    }

    /// How the scrub stands.
    #[must_use]
    pub fn scrub_status(&self) -> ScrubStatus {
        let damaged = self.damaged_reels().len() as u64;
        let scrub = self.shared.scrubbing();
        ScrubStatus {
            last: scrub.last,
            reels: scrub.reels,
            length_bytes: scrub.length_bytes,
            looked_at: scrub.looked_at,
            damaged,
        }
    }

    /// Reels that should be there and with which something is wrong, as the ledger says it.
    fn damaged_reels(&self) -> BTreeSet<ReelId> {
        let damage = self.shared.ledger.damage();
        let found = damage.iter().map(|it| it.reel);
        found.filter(|reel| self.shared.reels.place(*reel).is_some()).collect()
    }

    /// Enters that these reels, which were listed and are not due, are not there: what was found
    /// when the recorder started.
    pub fn report_missing(&self, reels: &[ReelId]) {
        let shared = &*self.shared;
        for reel in reels.iter().filter(|reel| shared.reels.place(**reel).is_none()) {
            shared.note_finding(*reel, ReelFinding::Missing);
        }
    }
}

impl Shared {
    fn scrubbing(&self) -> MutexGuard<'_, Scrub> {
        self.scrub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes a second at which everything that fits on the volumes is read within the week.
    fn scrub_rate(&self) -> u64 {
        let spaces = self.volumes.iter().filter_map(|volume| volume.fs.space(&volume.path).ok());
        let total_bytes: u64 = spaces.map(|space| space.total_bytes).sum();
        (total_bytes / WEEK.as_secs() * HASTE_PERCENT / 100).max(LEAST_BYTES_PER_S)
    }

    fn look_whether_all_are_there(&self) {
        let now = self.clock.wall();
        let last = self.scrubbing().looked_at;
        if last.is_some_and(|last| now >= last && now.since(last) < LOOK_EVERY) {
            return;
        }
        for place in self.reels.all() {
            let volume = &self.volumes[place.volume];
            let is_gone = !volume.is_fenced() && matches!(volume.fs.exists(&place.path), Ok(false));
            // A rotation may have taken it away between the two.
            if is_gone && self.reels.place(place.header.reel).is_some() && !self.is_due(&place) {
                self.note_finding(place.header.reel, ReelFinding::Missing);
            }
        }
        self.scrubbing().looked_at = Some(now);
        self.keep_scrub();
    }

    /// Due, or as good as: a rotation takes its ciphertext away at any moment.
    fn is_due(&self, place: &ReelPlace) -> bool {
        let length = place.header.retention.bucket_length();
        place.expires_at() < self.trusted.now() + length * 2
    }

    fn scrub_reel(
        &self,
        place: &ReelPlace,
        open: &HashSet<ReelId>,
        pause: &(dyn Fn(Duration) -> bool + Sync),
    ) {
        let reel = place.header.reel;
        let volume = &self.volumes[place.volume];
        let is_stopped = AtomicBool::new(false);
        let mut report = VaultReport::default();
        let checked = volume.fs.open_read(&place.path).map_err(Fault::from).and_then(|file| {
            let bytes_per_s = self.scrub_rate();
            let slow = Slow {
                file: &*file,
                path: &place.path,
                bytes_per_s,
                pause,
                is_stopped: &is_stopped,
            };
            check_file(&slow, &place.path, open, &self.ledger, &mut report)
        });
        if is_stopped.load(Ordering::Relaxed) {
            return;
        }
        let finding = match checked {
            Ok(()) | Err(Fault::Unentered(_)) => None,
            Err(Fault::Gone) => (self.reels.place(reel).is_some() && !self.is_due(place))
                .then_some(ReelFinding::Missing),
            Err(Fault::Changed(_)) => Some(ReelFinding::Changed),
            Err(Fault::Found(_)) => Some(ReelFinding::Damaged),
            Err(Fault::Disk(error)) if error.source.kind() == std::io::ErrorKind::InvalidData => {
                Some(ReelFinding::Damaged)
            }
            Err(Fault::Disk(_)) => Some(ReelFinding::Unreadable),
        };
        if let Some(finding) = finding {
            self.note_finding(reel, finding);
        }
        let mut scrub = self.scrubbing();
        if scrub.after.is_none() {
            let began_at = Some(self.clock.wall());
            *scrub = Scrub {
                began_at,
                looked_at: scrub.looked_at,
                last: scrub.last,
                ..Scrub::default()
            };
        }
        scrub.after = Some(reel);
        scrub.reels += 1;
        scrub.length_bytes += report.bytes;
        scrub.damaged += u64::from(finding.is_some());
        drop(scrub);
        self.keep_scrub();
    }

    /// Enters what was found, once for each reel and finding.
    fn note_finding(&self, reel: ReelId, finding: ReelFinding) {
        let known = self.ledger.damage();
        if known.iter().any(|it| (it.reel, it.finding) == (reel, finding)) {
            return;
        }
        tracing::error!(%reel, ?finding, "a scrub found damage");
        let kind = Kind::ReelDamaged { reel, finding };
        if let Err(error) = self.ledger.append_blocking(vec![kind.into()]) {
            // It is found again in the next pass.
            tracing::error!(%error, "what the scrub found could not be entered");
        }
    }

    fn end_pass(&self, now: WallTime) {
        let kind = {
            let mut scrub = self.scrubbing();
            let (reels, length_bytes, damaged) = (scrub.reels, scrub.length_bytes, scrub.damaged);
            scrub.last = Some(ScrubPass { ended_at: now, reels, length_bytes, damaged });
            scrub.after = None;
            Kind::Scrubbed { reels, length_bytes, damaged }
        };
        if let Err(error) = self.ledger.append_blocking(vec![kind.into()]) {
            tracing::error!(%error, "the end of a scrub could not be entered");
        }
        self.keep_scrub();
    }

    fn keep_scrub(&self) {
        let text = self.scrubbing().encode();
        if let Err(error) = self.fs.replace(&self.scrub_path, text.as_bytes()) {
            tracing::warn!(%error, "where the scrub is could not be kept");
        }
    }
}

impl Scrub {
    /// What was kept; a new one if it cannot be read.
    pub(crate) fn read(fs: &dyn Fs, path: &Path) -> Self {
        let bytes = fs.read(path, MAX_BYTES).unwrap_or_default();
        std::str::from_utf8(&bytes).ok().and_then(parse).unwrap_or_default()
    }

    fn encode(&self) -> String {
        let time = |time: Option<WallTime>| {
            time.map_or_else(|| "-".to_owned(), |time| time.as_micros().to_string())
        };
        let after = self.after.map_or_else(|| "-".to_owned(), |reel| reel.to_string());
        let last = self.last;
        let pass = last.map_or((0, 0, 0), |it| (it.reels, it.length_bytes, it.damaged));
        format!(
            "{MAGIC} {after} {} {} {} {} {} {} {} {} {}\n",
            time(self.began_at),
            self.reels,
            self.length_bytes,
            self.damaged,
            time(self.looked_at),
            time(last.map(|last| last.ended_at)),
            pass.0,
            pass.1,
            pass.2
        )
    }
}

fn parse(text: &str) -> Option<Scrub> {
    fn or_none<T: std::str::FromStr>(word: &str) -> Option<Option<T>> {
        if word == "-" { Some(None) } else { word.parse().ok().map(Some) }
    }
    let time = |word: &str| or_none(word).map(|it: Option<i64>| it.map(WallTime::from_micros));
    let rest = text.strip_prefix(MAGIC)?.strip_suffix('\n')?.trim_start();
    let words: Vec<&str> = rest.split(' ').collect();
    let [after, began, reels, bytes, damaged, looked, ended, a, b, c] = words[..] else {
        return None;
    };
    let (a, b, c) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    Some(Scrub {
        after: or_none(after)?,
        began_at: time(began)?,
        reels: reels.parse().ok()?,
        length_bytes: bytes.parse().ok()?,
        damaged: damaged.parse().ok()?,
        looked_at: time(looked)?,
        last: time(ended)?.map(|ended_at| ScrubPass {
            ended_at,
            reels: a,
            length_bytes: b,
            damaged: c,
        }),
    })
}

/// A file that is read slowly.
struct Slow<'a> {
    file: &'a dyn File,
    path: &'a Path,
    bytes_per_s: u64,
    pause: &'a (dyn Fn(Duration) -> bool + Sync),
    is_stopped: &'a AtomicBool,
}

impl File for Slow<'_> {
    fn write_at(&self, _: u64, _: &[u8]) -> FsResult<()> {
        unreachable!("a scrub reads")
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> FsResult<()> {
        self.file.read_at(offset, bytes)?;
        let length = Duration::from_micros(bytes.len() as u64 * 1_000_000 / self.bytes_per_s);
        if (self.pause)(length) {
            return Ok(());
        }
        self.is_stopped.store(true, Ordering::Relaxed);
        let source = std::io::ErrorKind::Interrupted.into();
        Err(FsError { doing: "go on reading", path: self.path.to_owned(), source })
    }

    fn len(&self) -> FsResult<u64> {
        self.file.len()
    }

    fn set_len(&self, _: u64) -> FsResult<()> {
        unreachable!("a scrub reads")
    }

    fn sync(&self) -> FsResult<()> {
        unreachable!("a scrub reads")
    }
}
