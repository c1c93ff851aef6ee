//! The witness itself: takes requests, judges them by its books, persists, cosigns, and knows who
//! is silent.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use domain::Elapsed;
use host::{Clock, Fs, FsError};
use tlog::note::MAX_TIMESTAMP_S;
use tlog::witness::{Accepted, AddCheckpoint, Answer, Refusal, step};
use tlog::{Signature, VerifierKey};

use crate::book::{Book, BookError, Last, Page, Seen, Signed, read_all};
use crate::evidence::{Evidence, Finding, Kept};
use crate::key::{CosigningKey, OpenKeyError};
use crate::logs::{Logs, LogsError};

const LOCK: &str = "lock";

/// How long a start waits for the lock: a command that looks whether one runs has it for a moment.
const LOCK_WITHIN: Duration = Duration::from_secs(2);

/// A request for what was just cosigned gets the same line again, without a write.
const SAME_AGAIN: Duration = Duration::from_secs(1);

/// How a witness behaves.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a log may say nothing new before that is an alarm.
    pub silence: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { silence: Duration::from_secs(120) }
    }
}

/// Why a witness does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenWitnessError {
    /// Two would cosign what neither alone would.
    #[error("another jikim-witness runs on {0}: stop that one, or choose another --data")]
    Running(PathBuf),
    /// Its key.
    #[error(transparent)]
    Key(#[from] OpenKeyError),
    /// Its list of logs.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
}

/// What is answered to `add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer of tlog-witness.
    Answer(Answer),
    /// 429: too many requests for this log.
    TooMany,
    /// 503: too many wait for this log, which means that the disk hangs.
    Busy,
    /// 500: nothing could be persisted, so nothing is cosigned. The log has the cause.
    Failed,
}

impl Reply {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Answer(answer) => answer.status(),
            Self::TooMany => 429,
            Self::Busy => 503,
            Self::Failed => 500,
        }
    }
}

/// What changed about a log's silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarm {
    /// It has said nothing new for so long. Told again each ten minutes.
    Silent {
        /// The log, or the first year of the recorder.
        origin: String,
        /// How long.
        quiet: Duration,
    },
    /// It grows again.
    Back {
        /// The log, or the first year of the recorder.
        origin: String,
    },
}

/// A witness: its key, its logs, its books.
pub struct Witness {
    fs: Arc<dyn Fs>,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    settings: Settings,
    key: CosigningKey,
    known: RwLock<Known>,
    books: Mutex<HashMap<String, Arc<Book>>>,
    evidence: Evidence,
    damaged: Vec<String>,
    answered: Mutex<BTreeMap<u16, u64>>,
    _lock: Box<dyn Send + Sync>,
}

/// The logs, and since when each line is watched.
struct Known {
    logs: Arc<Logs>,
    since: HashMap<String, Elapsed>,
    /// When the silence of a line was told last.
    told: HashMap<String, Elapsed>,
}

/// A line of the list of logs as it stands now.
pub(crate) struct Watched {
    /// The origin in the line.
    pub(crate) origin: String,
    /// The books that it covers, by origin, the live one last.
    pub(crate) books: Vec<(String, Seen)>,
    /// How long nothing was new.
    pub(crate) quiet: Duration,
}

/// How often a silence that lasts is told again.
const AGAIN: Duration = Duration::from_secs(600);

impl Witness {
    /// Opens the witness in a folder and takes its lock.
    ///
    /// # Errors
    /// If there is none, another process has it, or the disk refuses. A book that is damaged does
    /// not stop the others: its log alone is refused.
    pub fn open(
        folder: &Path,
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Result<Self, OpenWitnessError> {
        let key = CosigningKey::open(&*fs, folder)?;
        let lock = take_lock(&*fs, folder)?;
        let now = clock.elapsed();
        let logs = Arc::new(Logs::read(&*fs, folder)?);
        let since = watched_since(&logs, &HashMap::new(), now);
        let (mut books, mut damaged) = (HashMap::new(), Vec::new());
        for found in read_all(&*fs, folder, key.verifier(), now)? {
            let opened = found.and_then(|(origin, _)| {
                Book::open(&*fs, folder, &origin, key.verifier(), now)
                    .map(|book| (origin, Arc::new(book)))
            });
            match opened {
                Ok((origin, book)) => drop(books.insert(origin, book)),
                Err(error) => {
                    tracing::error!(%error, "a log will not be cosigned");
                    damaged.push(error.to_string());
                }
            }
        }
        let evidence = Evidence::open(&*fs, folder)?;
        let known = RwLock::new(Known { logs, since, told: HashMap::new() });
        Ok(Self {
            fs,
            clock,
            folder: folder.to_owned(),
            settings,
            key,
            known,
            books: Mutex::new(books),
            evidence,
            damaged,
            answered: Mutex::default(),
            _lock: lock,
        })
    }

    /// The key that cosignatures are verified with.
    #[must_use]
    pub const fn verifier_key(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Answers the body of an `add-checkpoint`. Blocks until what is cosigned is durable.
    pub fn add_checkpoint(&self, body: &[u8]) -> Reply {
        let reply = match AddCheckpoint::parse(body) {
            Ok(request) => self.judge(&request),
            Err(error) => {
                tracing::debug!(%error, "a request that is none");
                Reply::Answer(Answer::BadRequest)
            }
        };
        *lock(&self.answered).entry(reply.status()).or_default() += 1;
        reply
    }

    fn judge(&self, request: &AddCheckpoint) -> Reply {
        let origin = &request.claimed().origin;
        let Some(log_key) = self.key_for(origin) else {
            return Reply::Answer(Answer::UnknownLog);
        };
        let book = match self.book(origin) {
            Ok(book) => book,
            Err(error) => {
                tracing::error!(%error, log = %origin, "nothing is cosigned for this log");
                return Reply::Failed;
            }
        };
        let Some(turn) = book.turn() else { return Reply::Busy };
        let page = &mut *book.page(&turn);
        let now = self.clock.elapsed();
        match step(page.head, request, &log_key) {
            // Only the log can grow: whoever repeats its old words cannot use up what it may.
            Ok(accepted) if accepted.grown() && !page.growth.take(now) => Reply::TooMany,
            Ok(accepted) if !accepted.grown() && !page.others.take(now) => Reply::TooMany,
            Ok(accepted) => self.cosign(&book, page, &accepted, request, &log_key),
            // A stranger's words cost nothing but the look at their signature.
            Err(refusal @ (Refusal::Signature(_) | Refusal::OtherLog { .. })) => {
                Reply::Answer(refusal.answer())
            }
            Err(_) if !page.others.take(now) => Reply::TooMany,
            Err(refusal) => {
                self.note_refusal(&book, request, &refusal);
                Reply::Answer(refusal.answer())
            }
        }
    }

    /// Persists an accepted head, then lets the cosignature go.
    fn cosign(
        &self,
        book: &Book,
        page: &mut Page,
        accepted: &Accepted,
        request: &AddCheckpoint,
        log_key: &VerifierKey,
    ) -> Reply {
        let now = self.clock.elapsed();
        if let Some(line) = same_again(page.last.as_ref(), accepted, now) {
            return Reply::Answer(Answer::Cosigned(vec![line]));
        }
        let now_s = self.now_s();
        // A cosignature says what was the largest tree at its time: a clock that went back must not
        // have it said of a time for which something smaller was said.
        let time_s = now_s.max(book.seen().cosigned_at_s.unwrap_or(0));
        let line = self.key.cosign(accepted, time_s);
        let log_line = request
            .note()
            .signatures()
            .iter()
            .find(|line| line.name() == log_key.name() && line.key_id() == log_key.id())
            .expect("the log's signature was verified");
        let signed = Signed { log_line, line: &line, time_s, now_s };
        if let Err(error) = book.persist(&*self.fs, page, accepted, signed, now) {
            tracing::error!(%error, log = %book.origin, "cannot persist, so nothing is cosigned");
            return Reply::Failed;
        }
        tracing::debug!(log = %book.origin, size = accepted.head().size, "cosigned");
        Reply::Answer(Answer::Cosigned(vec![line]))
    }

    fn note_refusal(&self, book: &Book, request: &AddCheckpoint, refusal: &Refusal) {
        let finding = if refusal.proves_fork() {
            Finding::Fork
        } else if matches!(refusal, Refusal::Inconsistent { .. }) {
            Finding::Unproven
        } else {
            tracing::debug!(log = %book.origin, error = %refusal, "refused");
            return;
        };
        let seen = book.seen();
        let kept =
            self.evidence.keep(&*self.fs, finding, seen.note.as_deref(), request, self.now_s());
        let (log, size) = (&book.origin, request.claimed().size);
        match (finding, kept) {
            (Finding::Fork, Ok(Kept::New(path))) => tracing::error!(
                %log, size, known = seen.head.size, evidence = %path.display(),
                "FORK: the log has signed two histories; keep the evidence and call who is in charge"
            ),
            (Finding::Unproven, Ok(Kept::New(path))) => tracing::warn!(
                %log, size, known = seen.head.size, evidence = %path.display(),
                "the log did not prove that it only grew; refused"
            ),
            (_, Ok(Kept::Before | Kept::Full)) => {
                tracing::debug!(%log, size, error = %refusal, "refused again");
            }
            (_, Err(error)) => {
                tracing::error!(%log, size, %error, refusal = %refusal, "refused, and the evidence cannot be kept");
            }
        }
    }

    /// Forks and unproven requests of a log that are kept as evidence.
    pub(crate) fn findings(&self, origin: &str) -> (usize, usize) {
        let count = |finding| self.evidence.count(origin, finding);
        (count(Finding::Fork), count(Finding::Unproven))
    }

    fn key_for(&self, origin: &str) -> Option<VerifierKey> {
        let logs = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).logs);
        logs.key_for(origin, self.clock.wall())
    }

    /// The book of a known log, opened at its first request. Its number is bounded: known lines,
    /// and for a recorder the years up to now.
    fn book(&self, origin: &str) -> Result<Arc<Book>, BookError> {
        if let Some(book) = lock(&self.books).get(origin) {
            return Ok(Arc::clone(book));
        }
        let now = self.clock.elapsed();
        let book = Book::open(&*self.fs, &self.folder, origin, self.verifier_key(), now)?;
        // Opened without the lock, so that a slow disk keeps nobody from the other books. If two
        // open the same, the first one counts: only through it can anything have been cosigned.
        let mut books = lock(&self.books);
        let book = books.entry(origin.to_owned()).or_insert_with(|| Arc::new(book));
        Ok(Arc::clone(book))
    }

    /// The latest checkpoint that was cosigned for a log, as a signed note.
    #[must_use]
    pub fn latest(&self, origin: &str) -> Option<Arc<str>> {
        let book = lock(&self.books).get(origin).map(Arc::clone)?;
        book.seen().note
    }

    /// Reads the list of logs again if it has changed. A list that cannot be read leaves the old.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn refresh(&self) -> Result<(), LogsError> {
        let logs = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).logs);
        if let Some(changed) = logs.changed(&*self.fs, &self.folder)? {
            let now = self.clock.elapsed();
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.since = watched_since(&changed, &known.since, now);
            known.told.clear();
            known.logs = Arc::new(changed);
            tracing::info!(lines = known.logs.lines().len(), "the list of logs has changed");
        }
        Ok(())
    }

    /// How each line stands. Never waits for the disk.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let now = self.clock.elapsed();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let books: Vec<Arc<Book>> = lock(&self.books).values().map(Arc::clone).collect();
        let of_line = |line: &crate::logs::Line| {
            let covered = books.iter().filter(|book| line.covers(&book.origin));
            let mut books: Vec<(String, Seen)> = covered
                .map(|book| (book.origin.clone(), book.seen()))
                .filter(|(_, seen)| seen.note.is_some())
                .collect();
            // Years have four digits, so the order of names is that of years.
            books.sort_by(|one, two| one.0.cmp(&two.0));
            let since = known.since.get(line.origin()).copied().unwrap_or(now);
            let grown = books.iter().map(|(_, seen)| seen.grown).fold(since, Elapsed::max);
            Watched { origin: line.origin().to_owned(), books, quiet: now.since(grown) }
        };
        known.logs.lines().iter().map(of_line).collect()
    }

    /// Who fell silent and who is back since the last call.
    pub fn alarms(&self) -> Vec<Alarm> {
        let (watched, now) = (self.watched(), self.clock.elapsed());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut alarms = Vec::new();
        for Watched { origin, quiet, .. } in watched {
            let told = known.told.get(&origin).copied();
            if quiet < self.settings.silence {
                if told.is_some() {
                    known.told.remove(&origin);
                    alarms.push(Alarm::Back { origin });
                }
            } else if told.is_none_or(|told| now.since(told) >= AGAIN) {
                known.told.insert(origin.clone(), now);
                alarms.push(Alarm::Silent { origin, quiet });
            }
        }
        alarms
    }

    /// How it behaves.
    #[must_use]
    pub const fn settings(&self) -> Settings {
        self.settings
    }

    /// Answers so far by HTTP status.
    pub(crate) fn answered(&self) -> BTreeMap<u16, u64> {
        lock(&self.answered).clone()
    }

    /// What is wrong with the books that could not be read at the start.
    pub(crate) fn damaged(&self) -> &[String] {
        &self.damaged
    }

    /// Seconds since 1970, as the wall clock shows them.
    pub(crate) fn now_s(&self) -> u64 {
        let seconds = self.clock.wall().as_micros() / 1_000_000;
        u64::try_from(seconds).unwrap_or(0).min(MAX_TIMESTAMP_S)
    }
}

fn take_lock(fs: &dyn Fs, folder: &Path) -> Result<Box<dyn Send + Sync>, OpenWitnessError> {
    const STEP: Duration = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        if let Some(lock) = fs.lock(&folder.join(LOCK))? {
            return Ok(lock);
        }
        if waited >= LOCK_WITHIN {
            return Err(OpenWitnessError::Running(folder.to_owned()));
        }
        std::thread::sleep(STEP);
        waited += STEP;
    }
}

/// Whether a witness runs on a folder.
pub(crate) fn is_running(fs: &dyn Fs, folder: &Path) -> Result<bool, FsError> {
    Ok(fs.lock(&folder.join(LOCK))?.is_none())
}

/// When each line began to be watched: as before where it was known.
fn watched_since(
    logs: &Logs,
    before: &HashMap<String, Elapsed>,
    now: Elapsed,
) -> HashMap<String, Elapsed> {
    let since = |origin: &str| before.get(origin).copied().unwrap_or(now);
    logs.lines().iter().map(|line| (line.origin().to_owned(), since(line.origin()))).collect()
}

fn same_again(last: Option<&Last>, accepted: &Accepted, now: Elapsed) -> Option<Signature> {
    let last = last.filter(|last| !accepted.grown() && last.text == accepted.text())?;
    (now.since(last.at) < SAME_AGAIN).then(|| last.line.clone())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
