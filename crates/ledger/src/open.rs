//! The handle: opening, appending, admitting, reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, Weak};

use domain::{AccountId, RecorderId};
use host::{Clock, Fs};
use rules::{Ask, Permit, Refusal};
use tlog::policy::Policy;
use tokio::sync::oneshot;

use crate::act::Act;
use crate::grant::{Lease, belongs_to};
use crate::journal::{Frame, read_known};
use crate::projection::Projection;
use crate::publish::{Publisher, companion_of, make_companion};
use crate::seal::{RecordRoots, SigningKey};
use crate::second::SecondKey;
use crate::witness::Witnesses;
use crate::writer::{Followed, Job, Shard, Writer, blocking_reply, task_reply};
use crate::{
    AdmitError, AppendError, Companion, Entry, EntryNumber, Grant, Kind, LedgerStatus,
    OpenLedgerError, OutcomeWord, ReadLedgerError, Record,
};

/// Appends that may wait for the writer; more than that and the asker waits too.
const QUEUE_JOBS: usize = 4096;

/// Where a ledger lies and whose it is.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Its folder: `key.slots`, `roots.slots`, `access.slots`, `companion/`, and a folder for each year.
    pub folder: PathBuf,
    /// Whose it is.
    pub recorder: RecorderId,
}

/// Something to be entered.
#[derive(Debug, Clone)]
pub struct Event {
    /// In the open.
    pub kind: Kind,
    /// Sealed beside it.
    pub record: Option<Record>,
}

impl From<Kind> for Event {
    fn from(kind: Kind) -> Self {
        Self { kind, record: None }
    }
}

/// The ledger. Clones are handles of the same one.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) inner: Arc<Inner>,
}

/// What a reader knows of one year's log.
#[derive(Default)]
pub(crate) struct ShardView {
    /// Where each entry begins in the journal.
    pub(crate) offsets: Vec<u64>,
}

pub(crate) struct Inner {
    pub(crate) fs: Arc<dyn Fs>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) folder: PathBuf,
    pub(crate) roots: RecordRoots,
    pub(crate) shards: RwLock<BTreeMap<u16, ShardView>>,
    pub(crate) status: RwLock<LedgerStatus>,
    pub(crate) healthy: AtomicBool,
    pub(crate) projection: RwLock<Projection>,
    leases: Mutex<Vec<Weak<Lease>>>,
    jobs: Mutex<Option<SyncSender<Job>>>,
    /// The writer, if it has no thread: whoever sends a job does it.
    by_hand: Mutex<Option<(Writer, Receiver<Job>)>>,
    publisher: Publisher,
    pub(crate) witnesses: Option<Witnesses>,
    /// Why nothing more may be acknowledged, if a witness's word stopped it.
    pub(crate) stopped: OnceLock<Arc<str>>,
}

impl Ledger {
    /// Opens the ledger, or makes it when the folder holds none; starts its writer.
    ///
    /// Intents that a crash left without an outcome are closed as unknown before this returns.
    ///
    /// # Errors
    /// If the disk refused, or what was signed for is not all there.
    pub fn open(
        config: &LedgerConfig,
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenLedgerError> {
        Self::open_with(config, fs, clock, None, |_, writer, jobs| writer.start(jobs))
    }

    /// As [`Ledger::open`], with witnesses: nothing of a year is signed until a
    /// quorum of them was [`heard`](Ledger::heard) of it, unless the log's key was made just now.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_witnessed(
        config: &LedgerConfig,
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
        policy: Policy,
    ) -> Result<Self, OpenLedgerError> {
        Self::open_with(config, fs, clock, Some(policy), |_, writer, jobs| writer.start(jobs))
    }

    /// As [`Ledger::open`], without a thread: whoever appends does the writing, and it is done when
    /// the call returns. For simulations, in which nothing may happen beside the test.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    #[doc(hidden)]
    pub fn open_by_hand(
        config: &LedgerConfig,
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenLedgerError> {
        Self::open_with(config, fs, clock, None, |inner, writer, jobs| {
            *inner.by_hand.lock().unwrap_or_else(PoisonError::into_inner) = Some((writer, jobs));
        })
    }

    fn open_with(
        config: &LedgerConfig,
        fs: Arc<dyn Fs>,
        clock: Arc<dyn Clock>,
        policy: Option<Policy>,
        start: impl FnOnce(&Inner, Writer, Receiver<Job>),
    ) -> Result<Self, OpenLedgerError> {
        let folder = config.folder.clone();
        fs.make_folder(&folder)?;
        fs.make_folder(&folder.join("companion"))?;
        let years = years_in(&*fs, &folder)?;
        let (key, key_is_new) =
            SigningKey::open(&*fs, &folder.join("key.slots"), years.is_empty())?;
        let second = SecondKey::open(&*fs, &folder.join("key-p256.slots"))?;
        let roots = RecordRoots::open(&*fs, &folder, config.recorder)?;
        let publisher =
            Publisher::new(Arc::clone(&fs), folder.clone(), config.recorder, key, second);

        let mut views = BTreeMap::new();
        let mut followed = Followed::default();
        let mut current = None;
        let mut cosigned = BTreeMap::new();
        for year in years {
            let (shard, view) = Shard::load(&publisher, year, current.as_ref(), &mut followed)?;
            views.insert(year, view);
            cosigned.insert(year, publisher.cosigned(year)?.map_or(0, |it| it.size));
            if shard.frontier.size() > 0 {
                // One without an entry was cut off by a crash before its first; the log before it
                // goes on, or a clock that went back would begin that one anew.
                current = Some(shard);
            }
        }
        let start_year = clock.wall().year();
        let (sender, receiver) = sync_channel(QUEUE_JOBS);
        let inner = Arc::new(Inner {
            fs,
            clock,
            folder,
            roots,
            shards: RwLock::new(views),
            status: RwLock::new(publisher.first_status(current.as_ref())),
            healthy: AtomicBool::new(true),
            projection: RwLock::default(),
            leases: Mutex::new(Vec::new()),
            jobs: Mutex::new(Some(sender)),
            by_hand: Mutex::default(),
            publisher,
            witnesses: policy
                .map(|policy| Witnesses::new(policy, cosigned, !key_is_new, start_year)),
            stopped: OnceLock::new(),
        });
        let unsaid = inner.mind_the_roots(&followed.roots)?;
        inner.project_all()?;
        start(&inner, Writer::new(&inner, config.recorder, current), receiver);
        let ledger = Self { inner };
        if !unsaid.is_empty() {
            ledger.append_blocking(unsaid)?;
        }
        ledger.close_open_intents(followed.open_intents)?;
        Ok(ledger)
    }

    /// Enters events in order, all or none acknowledged; gives their numbers when they are durable.
    ///
    /// # Errors
    /// If the ledger cannot append.
    pub async fn append(&self, events: Vec<Event>) -> Result<Vec<EntryNumber>, AppendError> {
        self.inner.append(events).await
    }

    /// As [`Ledger::append`], for a thread that is no task.
    ///
    /// # Errors
    /// If the ledger cannot append.
    pub fn append_blocking(&self, events: Vec<Event>) -> Result<Vec<EntryNumber>, AppendError> {
        let (reply, done) = blocking_reply();
        self.inner.send(Job::Append { events, reply })?;
        done.recv().unwrap_or(Err(AppendError::Closed))
    }

    /// Turns a permit into a grant: enters the intent, waits until it is durable, and only then
    /// gives the receipt.
    ///
    /// # Errors
    /// If the intent could not be entered: then there is no grant.
    ///
    /// # Panics
    /// If the permit is for an action of another kind of act: a mistake in the program.
    pub async fn admit<A: Act>(&self, permit: Permit) -> Result<Grant<A>, AdmitError> {
        self.inner.mind_the_witnesses::<A>()?;
        let event = intent_of::<A>(&permit);
        let numbers = self.inner.append(vec![event]).await?;
        Ok(self.issue(numbers[0], permit))
    }

    /// As [`Ledger::admit`], for a thread that is no task.
    ///
    /// # Errors
    /// If the intent could not be entered: then there is no grant.
    ///
    /// # Panics
    /// If the permit is for an action of another kind of act: a mistake in the program.
    pub fn admit_blocking<A: Act>(&self, permit: Permit) -> Result<Grant<A>, AdmitError> {
        self.inner.mind_the_witnesses::<A>()?;
        let event = intent_of::<A>(&permit);
        let numbers = self.append_blocking(vec![event])?;
        Ok(self.issue(numbers[0], permit))
    }

    /// Enters a refusal.
    ///
    /// # Errors
    /// If the ledger cannot append.
    pub async fn refuse(&self, refusal: &Refusal) -> Result<EntryNumber, AppendError> {
        let kind =
            Kind::Refusal { action: refusal.ask.action, reason: refusal.reason.word().into() };
        let event = Event { kind, record: Some(Record::ask(&refusal.ask)) };
        self.inner.append(vec![event]).await.map(|numbers| numbers[0])
    }

    /// Ends every open grant of an account at its next check.
    pub fn revoke(&self, account: AccountId) {
        for lease in self.inner.open_leases() {
            if belongs_to(&lease, account) {
                lease.revoked.store(true, Ordering::Release);
            }
        }
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> LedgerStatus {
        self.inner.status.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a public list durable beside the log; the entry that names it is the caller's.
    ///
    /// # Errors
    /// If the disk refused.
    pub fn keep_companion(&self, lines: &[String]) -> Result<Companion, ReadLedgerError> {
        Ok(make_companion(&*self.inner.fs, &self.inner.folder.join("companion"), lines)?)
    }

    /// What a list would be called as a companion; keeps nothing.
    #[must_use]
    pub fn companion_of(lines: &[String]) -> Companion {
        companion_of(lines).0
    }

    /// The proof that an entry is in the log, as a `tlog-proof` file; waits for a checkpoint that
    /// covers it.
    ///
    /// # Errors
    /// If there is no such entry, or the proof could not be made.
    pub async fn proof(&self, number: EntryNumber) -> Result<String, ReadLedgerError> {
        if number.index >= self.inner.size_of(number.year) {
            return Err(ReadLedgerError::Missing(number));
        }
        let failed = |reason: String| ReadLedgerError::Proof { number, reason };
        self.publish().await.map_err(|error| failed(error.to_string()))?;
        self.inner.publisher.proof(number).map_err(failed)
    }

    /// A published file of the log by its public path (`2026/checkpoint`, `2026/tile/0/000.p/7`,
    /// `companion/<sha256>`); `None` if there is none or the path is not one of these.
    #[must_use]
    pub fn published(&self, path: &str) -> Option<Vec<u8>> {
        self.inner.publisher.read(path)
    }

    /// The verifier key of the log, as C2SP writes it (`name+id+key`).
    #[must_use]
    pub fn verifier_key(&self, year: u16) -> String {
        self.inner.publisher.verifier_key(year)
    }

    /// Reads the whole log again and holds it against its root and its signed checkpoints; gives
    /// how many entries there are.
    ///
    /// # Errors
    /// What does not agree, in a sentence.
    pub fn check(&self) -> Result<u64, String> {
        crate::publish::check(&self.inner)
    }

    /// Signs and publishes now rather than within the second.
    ///
    /// # Errors
    /// If the ledger cannot write.
    pub async fn publish(&self) -> Result<(), AppendError> {
        let (reply, done) = task_reply();
        self.inner.send(Job::Publish { reply })?;
        done.await.unwrap_or(Err(AppendError::Closed))
    }

    /// Publishes what is there and stops the writer; later appends are refused.
    pub fn close(&self) {
        let sender = self.inner.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (reply, done) = blocking_reply();
        if sender.is_some_and(|sender| sender.send(Job::Publish { reply }).is_ok()) {
            self.inner.work_by_hand();
            let _ = done.recv();
        }
    }

    fn issue<A: Act>(&self, number: EntryNumber, permit: Permit) -> Grant<A> {
        let lease = Arc::new(Lease { actor: permit.actor(), revoked: AtomicBool::new(false) });
        let until = self.inner.clock.wall() + permit.usable_for();
        let mut leases = self.inner.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases.retain(|lease| lease.strong_count() > 0);
        leases.push(Arc::downgrade(&lease));
        Grant::issue(Arc::clone(&self.inner), number, permit, until, lease)
    }

    /// The sweep: an intent without an outcome was cut off by a crash. Nobody can say what of it
    /// happened, so it counts as all.
    fn close_open_intents(&self, intents: Vec<EntryNumber>) -> Result<(), AppendError> {
        if intents.is_empty() {
            return Ok(());
        }
        tracing::info!(count = intents.len(), "closing acts that a crash cut off");
        let close = |intent| Event::from(Kind::Outcome { intent, result: OutcomeWord::Unknown });
        self.append_blocking(intents.into_iter().map(close).collect()).map(drop)
    }
}

impl Inner {
    pub(crate) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Acquire)
    }

    pub(crate) async fn append(&self, events: Vec<Event>) -> Result<Vec<EntryNumber>, AppendError> {
        self.submit(events)?.await.unwrap_or(Err(AppendError::Closed))
    }

    /// Enters an event when nobody can wait for it (a grant that is dropped).
    pub(crate) fn append_later(&self, event: Event) {
        // A failure leaves the intent open: the sweep at the next start closes it.
        drop(self.submit(vec![event]));
    }

    fn submit(
        &self,
        events: Vec<Event>,
    ) -> Result<oneshot::Receiver<Result<Vec<EntryNumber>, AppendError>>, AppendError> {
        let (reply, done) = task_reply();
        self.send(Job::Append { events, reply })?;
        Ok(done)
    }

    pub(crate) fn send(&self, job: Job) -> Result<(), AppendError> {
        let sender = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        sender.ok_or(AppendError::Closed)?.send(job).map_err(|_| AppendError::Closed)?;
        self.work_by_hand();
        Ok(())
    }

    /// Does what was sent, if no thread does.
    fn work_by_hand(&self) {
        let mut by_hand = self.by_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((writer, jobs)) = &mut *by_hand {
            writer.turn(self, None, jobs);
        }
    }

    fn open_leases(&self) -> Vec<Arc<Lease>> {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases.iter().filter_map(Weak::upgrade).collect()
    }

    pub(crate) fn projection(&self) -> RwLockReadGuard<'_, Projection> {
        self.projection.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    pub(crate) fn size_of(&self, year: u16) -> u64 {
        let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
        shards.get(&year).map_or(0, |view| view.offsets.len() as u64)
    }

    pub(crate) fn read(&self, number: EntryNumber) -> Result<(Entry, Vec<u8>), ReadLedgerError> {
        let frame = self.read_frame(number)?;
        let entry = Entry::parse(&frame.entry)
            .map_err(|source| ReadLedgerError::Entry { number, source })?;
        Ok((entry, frame.sealed))
    }

    fn read_frame(&self, number: EntryNumber) -> Result<Frame, ReadLedgerError> {
        let offset = {
            let shards = self.shards.read().unwrap_or_else(PoisonError::into_inner);
            let view = shards.get(&number.year).ok_or(ReadLedgerError::Missing(number))?;
            let index = usize::try_from(number.index).unwrap_or(usize::MAX);
            *view.offsets.get(index).ok_or(ReadLedgerError::Missing(number))?
        };
        Ok(read_known(&*self.fs, &journal_path(&self.folder, number.year), offset)?)
    }

    /// The bytes of an entry, as they are hashed.
    pub(crate) fn read_bytes(&self, number: EntryNumber) -> Result<Vec<u8>, ReadLedgerError> {
        self.read_frame(number).map(|frame| frame.entry)
    }

    pub(crate) fn open_record(
        &self,
        number: EntryNumber,
    ) -> Result<Option<Record>, ReadLedgerError> {
        let (entry, sealed) = self.read(number)?;
        let Some(commitment) = entry.commitment else { return Ok(None) };
        let record = self.roots.open_record(number, &sealed, commitment);
        record.map(Some).ok_or(ReadLedgerError::Sealed(number))
    }
}

fn intent_of<A: Act>(permit: &Permit) -> Event {
    assert!(
        A::ACTIONS.contains(&permit.action()),
        "a permit for {} cannot become a grant of another kind",
        permit.action().word()
    );
    let ask = Ask {
        actor: permit.actor(),
        action: permit.action(),
        target: permit.target().clone(),
        purpose: permit.purpose().cloned(),
        proposal: permit.proposal(),
    };
    let kind = Kind::Intent { action: permit.action(), proposal: permit.proposal() };
    Event { kind, record: Some(Record::ask(&ask)) }
}

pub(crate) fn journal_path(folder: &Path, year: u16) -> PathBuf {
    folder.join(year.to_string()).join("journal")
}

fn years_in(fs: &dyn Fs, folder: &Path) -> Result<Vec<u16>, OpenLedgerError> {
    let is_year = |name: &String| name.len() == 4 && name.bytes().all(|c| c.is_ascii_digit());
    let names = fs.list(folder)?;
    let mut years: Vec<u16> =
        names.iter().filter(|name| is_year(name)).filter_map(|name| name.parse().ok()).collect();
    years.sort_unstable();
    Ok(years)
}
