//! What a witness knows, for people and machines: as JSON, for Prometheus, and from its folder alone.

use std::path::Path;
use std::time::Duration;

use domain::{Elapsed, WallTime};
use host::{Clock, Fs};
use serde_json::{Value, json};

use crate::OpenWitnessError;
use crate::book::{Seen, read_all};
use crate::evidence::{Evidence, Finding};
use crate::key::verifier_key;
use crate::logs::Logs;
use crate::witness::Witness;

/// A clock is set by so much without anybody being told.
const CLOCK_MAY_DIFFER: Duration = Duration::from_secs(60);

/// One log as its witness sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogReport {
    /// Which log.
    pub origin: String,
    /// Entries that were cosigned last; 0 before the first.
    pub size: u64,
    /// Root of that tree, in base64; none before the first.
    pub root: Option<String>,
    /// Time of the last cosignature, in seconds since 1970.
    pub cosigned_at_s: Option<u64>,
    /// When the log last grew, in seconds since 1970.
    pub grown_at_s: Option<u64>,
    /// Whether it has said nothing new for too long. Only the latest year of a recorder can be.
    pub silent: bool,
    /// How long it has said nothing new, in seconds.
    pub quiet_s: u64,
    /// Proven forks that are kept as evidence.
    pub forks: usize,
    /// Requests without a good proof that are kept as evidence.
    pub unproven: usize,
}

/// All that a witness knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The witness's verifier key.
    pub witness: String,
    /// When this was told.
    pub time: WallTime,
    /// Whether the witness runs.
    pub running: bool,
    /// Each log.
    pub logs: Vec<LogReport>,
    /// Books that cannot be read, and why.
    pub damaged: Vec<String>,
    /// Answers since the start by HTTP status; empty where it does not run.
    pub answered: Vec<(u16, u64)>,
}

impl Report {
    /// What a running witness knows.
    #[must_use]
    pub fn of(witness: &Witness, clock: &dyn Clock) -> Self {
        let silence = witness.settings().silence;
        let mut logs = Vec::new();
        for watched in witness.watched() {
            let found = lines(&watched.origin, watched.books, watched.quiet, silence);
            logs.extend(found.into_iter().map(|log| {
                let (forks, unproven) = witness.findings(&log.origin);
                LogReport { forks, unproven, ..log }
            }));
        }
        Self {
            witness: witness.verifier_key().to_string(),
            time: clock.wall(),
            running: true,
            logs,
            damaged: witness.damaged().to_vec(),
            answered: witness.answered().into_iter().collect(),
        }
    }

    /// Whether the clock shows a time well before that of a cosignature: it was, or is, wrong. Until
    /// it has caught up, cosignatures repeat the later time.
    #[must_use]
    pub fn clock_is_behind(&self) -> bool {
        let latest = self.logs.iter().filter_map(|log| log.cosigned_at_s).max();
        latest.is_some_and(|latest| wall(latest).since(self.time) > CLOCK_MAY_DIFFER)
    }

    /// Whether a person should look.
    #[must_use]
    pub fn is_alarm(&self) -> bool {
        !self.running
            || self.clock_is_behind()
            || !self.damaged.is_empty()
            || self.logs.iter().any(|log| log.silent || log.forks > 0)
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let logs: Vec<Value> = self.logs.iter().map(LogReport::to_json).collect();
        json!({
            "witness": self.witness,
            "time": self.time.to_string(),
            "running": self.running,
            "alarm": self.is_alarm(),
            "clock_is_behind": self.clock_is_behind(),
            "logs": logs,
            "damaged": self.damaged,
        })
    }

    /// For Prometheus, in its text format.
    #[must_use]
    pub fn to_metrics(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, value: &dyn Fn(&LogReport) -> Option<u64>| {
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
            for log in &self.logs {
                if let Some(value) = value(log) {
                    text.push_str(&format!("{name}{{log=\"{}\"}} {value}\n", escaped(&log.origin)));
                }
            }
        };
        gauge("jikim_witness_log_size", "Entries cosigned last.", &|log| Some(log.size));
        gauge("jikim_witness_log_cosigned_seconds", "Time of the last cosignature.", &|log| {
            log.cosigned_at_s
        });
        gauge("jikim_witness_log_quiet_seconds", "Since the log last grew.", &|log| {
            Some(log.quiet_s)
        });
        gauge("jikim_witness_log_silent", "1 if that is too long.", &|log| {
            Some(u64::from(log.silent))
        });
        gauge("jikim_witness_log_forks", "Proven forks kept as evidence.", &|log| {
            Some(log.forks as u64)
        });
        gauge("jikim_witness_log_unproven", "Requests without a good proof, kept.", &|log| {
            Some(log.unproven as u64)
        });
        text.push_str(&format!(
            "# HELP jikim_witness_damaged_books Logs whose book cannot be read.\n\
             # TYPE jikim_witness_damaged_books gauge\njikim_witness_damaged_books {}\n\
             # HELP jikim_witness_clock_behind 1 if the clock is behind the last cosignature.\n\
             # TYPE jikim_witness_clock_behind gauge\njikim_witness_clock_behind {}\n\
             # HELP jikim_witness_answers_total Answers to add-checkpoint.\n\
             # TYPE jikim_witness_answers_total counter\n",
            self.damaged.len(),
            u64::from(self.clock_is_behind()),
        ));
        for (status, count) in &self.answered {
            text.push_str(&format!("jikim_witness_answers_total{{status=\"{status}\"}} {count}\n"));
        }
        text
    }
}

impl LogReport {
    fn to_json(&self) -> Value {
        let time = |seconds: Option<u64>| seconds.map(|seconds| wall(seconds).to_string());
        json!({
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "cosigned_at": time(self.cosigned_at_s),
            "grown_at": time(self.grown_at_s),
            "silent": self.silent,
            "quiet_s": self.quiet_s,
            "forks": self.forks,
            "unproven": self.unproven,
        })
    }
}

/// What the folder of a witness says, whether it runs or not. Without its clock since the start,
/// silence is judged by wall time.
///
/// # Errors
/// If there is no witness, or the disk refuses.
pub fn read_report(
    fs: &dyn Fs,
    clock: &dyn Clock,
    folder: &Path,
    silence: Duration,
) -> Result<Report, OpenWitnessError> {
    let key = verifier_key(fs, folder)?;
    let (logs, evidence) = (Logs::read(fs, folder)?, Evidence::open(fs, folder)?);
    let (mut books, mut damaged) = (Vec::new(), Vec::new());
    for found in read_all(fs, folder, &key, Elapsed::from_nanos(0))? {
        match found {
            Ok(book) => books.push(book),
            Err(error) => damaged.push(error.to_string()),
        }
    }
    books.sort_by(|one, two| one.0.cmp(&two.0));
    let now = clock.wall();
    let mut reports = Vec::new();
    for line in logs.lines() {
        let of_line: Vec<(String, Seen)> =
            books.iter().filter(|(origin, _)| line.covers(origin)).cloned().collect();
        let grown_s = of_line.iter().filter_map(|(_, seen)| seen.grown_at_s).max();
        let quiet = now.since(grown_s.map_or(WallTime::EPOCH, wall));
        reports.extend(lines(line.origin(), of_line, quiet, silence).into_iter().map(|log| {
            LogReport {
                forks: evidence.count(&log.origin, Finding::Fork),
                unproven: evidence.count(&log.origin, Finding::Unproven),
                ..log
            }
        }));
    }
    Ok(Report {
        witness: key.to_string(),
        time: now,
        running: crate::witness::is_running(fs, folder)?,
        logs: reports,
        damaged,
        answered: Vec::new(),
    })
}

/// The logs of a line: its books, of which the last alone can be silent, or the line itself where
/// nothing was cosigned yet.
fn lines(
    origin: &str,
    books: Vec<(String, Seen)>,
    quiet: Duration,
    silence: Duration,
) -> Vec<LogReport> {
    let empty = LogReport {
        origin: origin.to_owned(),
        size: 0,
        root: None,
        cosigned_at_s: None,
        grown_at_s: None,
        silent: quiet >= silence,
        quiet_s: quiet.as_secs(),
        forks: 0,
        unproven: 0,
    };
    if books.is_empty() {
        return vec![empty];
    }
    let live = books.len() - 1;
    let of_book = |(number, (origin, seen)): (usize, (String, Seen))| LogReport {
        origin,
        size: seen.head.size,
        root: Some(seen.head.root.to_base64()),
        cosigned_at_s: seen.cosigned_at_s,
        grown_at_s: seen.grown_at_s,
        silent: number == live && empty.silent,
        ..empty.clone()
    };
    books.into_iter().enumerate().map(of_book).collect()
}

fn wall(seconds: u64) -> WallTime {
    WallTime::from_micros(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000))
}

/// A label's value as Prometheus reads it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
