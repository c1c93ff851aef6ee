//! The writer: one thread that appends in batches, one sync for all that wait.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use domain::{RecorderId, WallTime};
use tlog::{Frontier, Tree, leaf_hash};
use tokio::sync::oneshot;

use crate::flip::{self, Memory};
use crate::journal::{Frame, Journal};
use crate::life::RootFact;
use crate::open::{Inner, ShardView, journal_path};
use crate::publish::Publisher;
use crate::seal::RecordRoots;
use crate::{AppendError, Entry, EntryNumber, Event, ExpireError, Expired, Kind, OpenLedgerError};

/// A checkpoint is at most this old while entries come in.
const PUBLISH_EVERY: Duration = Duration::from_millis(1000);
/// The most events that one sync acknowledges.
const BATCH_EVENTS: usize = 1024;

/// How an answer goes back: to a task or to a thread, the writer need not know which.
pub(crate) type Reply<T> = Box<dyn FnOnce(Result<T, AppendError>) + Send>;

pub(crate) enum Job {
    Append {
        events: Vec<Event>,
        reply: Reply<Vec<EntryNumber>>,
    },
    Publish {
        reply: Reply<()>,
    },
    /// Destroy record roots that are due at a time.
    Expire {
        due: Vec<RootFact>,
        now: WallTime,
        reply: Reply<Result<Expired, ExpireError>>,
    },
}

/// An answer for a task. Somebody who hung up has still acted: the entry stays.
pub(crate) fn task_reply<T: Send + 'static>()
-> (Reply<T>, oneshot::Receiver<Result<T, AppendError>>) {
    let (sender, done) = oneshot::channel();
    (Box::new(move |answer| drop(sender.send(answer))), done)
}

/// An answer for a thread.
pub(crate) fn blocking_reply<T: Send + 'static>() -> (Reply<T>, Receiver<Result<T, AppendError>>) {
    let (sender, done) = sync_channel(1);
    (Box::new(move |answer| drop(sender.send(answer))), done)
}

/// One year's log as its writer holds it.
pub(crate) struct Shard {
    pub(crate) year: u16,
    journal: Journal,
    /// Two computations of the same root that share no code above the hash of a node.
    pub(crate) frontier: Frontier,
    pub(crate) tree: Tree,
    pub(crate) signed_size: u64,
}

impl Shard {
    /// Reads a year's journal and holds it against its signed checkpoint, and against what it says
    /// of the log before it.
    pub(crate) fn load(
        publisher: &Publisher,
        year: u16,
        before: Option<&Self>,
        followed: &mut Followed,
    ) -> Result<(Self, ShardView), OpenLedgerError> {
        let signed = publisher.signed(year)?;
        let signed_size = signed.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let (mut frontier, mut tree, mut view) =
            (Frontier::new(), Tree::new(), ShardView::default());
        let (mut first_bad, mut previous) = (None, None);
        let path = journal_path(&publisher.folder, year);
        let journal = Journal::open(&*publisher.fs, &path, signed_size, |offset, frame| {
            let number = EntryNumber { year, index: frontier.size() };
            let leaf = leaf_hash(&frame.entry);
            frontier.push(leaf);
            tree.push(leaf);
            view.offsets.push(offset);
            match Entry::parse(&frame.entry) {
                Ok(Entry { kind: Kind::Opened { previous: told, .. }, .. }) => previous = told,
                Ok(entry) => followed.take(number, &entry.kind),
                Err(source) => {
                    first_bad.get_or_insert(OpenLedgerError::Entry { number, source });
                }
            }
        })?;
        if let Some(error) = first_bad {
            return Err(error);
        }
        for signed in signed.into_iter().chain(publisher.cosigned(year)?) {
            let found = frontier.size();
            if found < signed.size {
                return Err(OpenLedgerError::Shrunk { year, found, signed: signed.size });
            }
            if tree.root_at(signed.size).ok() != Some(signed.root) {
                return Err(OpenLedgerError::Rewritten { year, size: signed.size });
            }
        }
        if let Some((size, root)) = previous {
            let before = before.ok_or(OpenLedgerError::YearMissing { year })?;
            before.ended_with(size, &root)?;
        }
        Ok((Self { year, journal, frontier, tree, signed_size }, view))
    }

    /// Whether this log is what the next one's first entry says that it was.
    fn ended_with(&self, size: u64, root: &str) -> Result<(), OpenLedgerError> {
        let (year, found) = (self.year, self.frontier.size());
        if found < size {
            return Err(OpenLedgerError::Shrunk { year, found, signed: size });
        }
        match self.tree.root_at(size) {
            Ok(ended) if ended.to_base64() == root => Ok(()),
            _ => Err(OpenLedgerError::Rewritten { year, size }),
        }
    }
}

/// What a start must know of the whole log before anything is opened or appended.
#[derive(Default)]
pub(crate) struct Followed {
    /// Intents that have no outcome.
    pub(crate) open_intents: Vec<EntryNumber>,
    /// What was said of record roots, in order.
    pub(crate) roots: Vec<RootFact>,
}

impl Followed {
    fn take(&mut self, number: EntryNumber, kind: &Kind) {
        match kind {
            Kind::Intent { .. } => self.open_intents.push(number),
            Kind::Outcome { intent, .. } => self.open_intents.retain(|other| other != intent),
            Kind::RecordRoot(root) => self.roots.push(root.clone()),
            _ => {}
        }
    }
}

pub(crate) struct Writer {
    inner: Weak<Inner>,
    recorder: RecorderId,
    shard: Option<Shard>,
    broken: Option<Arc<str>>,
}

impl Writer {
    pub(crate) fn new(inner: &Arc<Inner>, recorder: RecorderId, shard: Option<Shard>) -> Self {
        let writer = Self { inner: Arc::downgrade(inner), recorder, shard, broken: None };
        if let Some(shard) = &writer.shard {
            inner.publisher().note_size(inner, shard);
        }
        writer
    }

    /// Starts the thread. It ends when the ledger is closed or its last handle is gone.
    pub(crate) fn start(mut self, jobs: Receiver<Job>) {
        let run = move || {
            let ended = std::panic::catch_unwind(AssertUnwindSafe(|| self.run(&jobs)));
            // An invariant that does not hold: people stop, and are told why.
            if let (Err(_), Some(inner)) = (ended, self.inner.upgrade()) {
                inner.stop("its writer came to an unexpected end; the log says where");
            }
        };
        std::thread::Builder::new()
            .name("ledger".into())
            .spawn(run)
            .expect("the operating system gives a thread");
    }

    fn run(&mut self, jobs: &Receiver<Job>) {
        loop {
            let first = match jobs.recv_timeout(PUBLISH_EVERY) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let Some(inner) = self.inner.upgrade() else { return };
            self.turn(&inner, first, jobs);
        }
    }

    /// Does what waits, and publishes if it is time.
    pub(crate) fn turn(&mut self, inner: &Inner, first: Option<Job>, jobs: &Receiver<Job>) {
        let (mut batch, mut publish, mut expire) = (Vec::new(), Vec::new(), Vec::new());
        let mut events = 0;
        for job in first.into_iter().chain(std::iter::from_fn(|| jobs.try_recv().ok())) {
            match job {
                Job::Append { events: more, reply } => {
                    events += more.len();
                    batch.push((more, reply));
                }
                Job::Publish { reply } => publish.push(reply),
                Job::Expire { due, now, reply } => expire.push((due, now, reply)),
            }
            if events >= BATCH_EVENTS {
                break;
            }
        }
        self.commit(inner, batch);
        for (due, now, reply) in expire {
            reply(Ok(self.expire(inner, &due, now)));
        }
        if !publish.is_empty() || self.is_publishing_due(inner) {
            let result = self.publish(inner);
            for reply in publish {
                reply(result.clone());
            }
        }
    }

    /// One batch: one write, one sync, then every answer.
    fn commit(&mut self, inner: &Inner, batch: Vec<(Vec<Event>, Reply<Vec<EntryNumber>>)>) {
        if batch.is_empty() {
            return;
        }
        let (events, replies): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let lengths: Vec<usize> = events.iter().map(Vec::len).collect();
        let events: Vec<Event> = events.into_iter().flatten().collect();
        let result = self.append(inner, &events);
        let mut numbers = result.as_ref().map(|numbers| numbers.iter().copied()).ok();
        for (length, reply) in lengths.into_iter().zip(replies) {
            let answer = match (&mut numbers, &result) {
                (Some(numbers), _) => Ok(numbers.take(length).collect()),
                (None, Err(error)) => Err(error.clone()),
                (None, Ok(_)) => unreachable!("numbers are there when the result is"),
            };
            reply(answer);
        }
    }

    pub(crate) fn append(
        &mut self,
        inner: &Inner,
        events: &[Event],
    ) -> Result<Vec<EntryNumber>, AppendError> {
        self.mind_a_stop(inner)?;
        let time = inner.clock.wall();
        self.open_year(inner, time)?;
        self.append_to_shard(inner, time, events)
    }

    /// Begins a new year's log when the year has changed; a clock that goes back stays in the log
    /// that is open, and so does one that may not be signed now: its last checkpoint would be missing.
    fn open_year(&mut self, inner: &Inner, time: WallTime) -> Result<(), AppendError> {
        // A log without an entry was cut off by a crash before its first one: it is begun again.
        let goes_on = |shard: &Shard| shard.year >= time.year() || inner.holds_signing(shard.year);
        if self.shard.as_ref().is_some_and(|it| it.frontier.size() > 0 && goes_on(it)) {
            return Ok(());
        }
        let previous = match &self.shard {
            Some(_) => {
                self.publish(inner)?;
                self.shard
                    .as_ref()
                    .map(|shard| (shard.frontier.size(), shard.frontier.root().to_base64()))
            }
            None => None,
        };
        let year = time.year();
        let opened = inner
            .fs
            .make_folder(&inner.folder.join(year.to_string()))
            .and_then(|()| inner.fs.sync_folder(&inner.folder))
            .and_then(|()| {
                Journal::open(&*inner.fs, &journal_path(&inner.folder, year), 0, |_, _| ())
            });
        let journal = opened.map_err(|error| self.fail(inner, &error.to_string()))?;
        let (frontier, tree) = (Frontier::new(), Tree::new());
        self.shard = Some(Shard { year, journal, frontier, tree, signed_size: 0 });
        let kind = Kind::Opened { recorder: self.recorder, previous };
        self.append_to_shard(inner, time, &[kind.into()]).map(drop)
    }

    fn append_to_shard(
        &mut self,
        inner: &Inner,
        time: WallTime,
        events: &[Event],
    ) -> Result<Vec<EntryNumber>, AppendError> {
        let shard = self.shard.as_ref().expect("the year was opened");
        let first = EntryNumber { year: shard.year, index: shard.frontier.size() };
        let mut frames = Vec::with_capacity(events.len());
        let mut numbers = Vec::with_capacity(events.len());
        for (index, event) in (first.index..).zip(events) {
            let number = EntryNumber { index, ..first };
            frames.push(self.frame(inner, number, time, event)?);
            numbers.push(number);
        }
        // A root that was made for one of these is said behind them; a crash between is made up for
        // at the next start.
        let made = inner.roots.take_new().into_iter().map(|root| Kind::RecordRoot(root).into());
        let made: Vec<Event> = made.collect();
        let last = first.index + events.len() as u64;
        for (index, event) in (last..).zip(&made) {
            frames.push(self.frame(inner, EntryNumber { index, ..first }, time, event)?);
        }
        let shard = self.shard.as_mut().expect("the year was opened");
        let offsets = match shard.journal.append(&frames) {
            Ok(offsets) => offsets,
            Err(error) => return Err(self.fail(inner, &error.to_string())),
        };
        for frame in &mut frames {
            flip::may(Memory::Entry, &mut frame.entry);
            // Hashed once for each computation, so that a flipped bit in one is noticed.
            let (mut one, mut other) = (leaf_hash(&frame.entry), leaf_hash(&frame.entry));
            flip::may(Memory::LeafOfFrontier, &mut one.0);
            flip::may(Memory::LeafOfTree, &mut other.0);
            shard.frontier.push(one);
            shard.tree.push(other);
        }
        let mut views = inner.shards.write().unwrap_or_else(PoisonError::into_inner);
        views.entry(shard.year).or_default().offsets.extend(offsets);
        drop(views);
        inner.publisher().note_size(inner, shard);
        let mut projection = inner.projection.write().unwrap_or_else(PoisonError::into_inner);
        for (index, event) in (first.index..).zip(events.iter().chain(&made)) {
            let number = EntryNumber { index, ..first };
            projection.apply(number, time, &event.kind, event.record.as_ref());
        }
        Ok(numbers)
    }

    fn frame(
        &mut self,
        inner: &Inner,
        number: EntryNumber,
        time: WallTime,
        event: &Event,
    ) -> Result<Frame, AppendError> {
        let prepared = event.record.as_ref().map(RecordRoots::prepare);
        let commitment = prepared.as_ref().map(|prepared| prepared.commitment);
        let entry = Entry { time, kind: event.kind.clone(), commitment }.encode();
        if entry.len() > Entry::MAX_BYTES {
            return Err(AppendError::TooLong(entry.len()));
        }
        let sealed = match prepared {
            Some(prepared) => match inner.roots.seal(number, time, prepared) {
                Ok(sealed) => sealed,
                Err(error) => return Err(self.fail(inner, &error.to_string())),
            },
            None => Vec::new(),
        };
        Ok(Frame { entry, sealed })
    }

    fn is_publishing_due(&self, inner: &Inner) -> bool {
        let Some(shard) = &self.shard else { return false };
        shard.signed_size < shard.frontier.size() && self.broken.is_none() && {
            let status = inner.status.read().unwrap_or_else(PoisonError::into_inner);
            let age = status.signed_at.map(|at| inner.clock.wall().since(at));
            age.is_none_or(|age| age >= PUBLISH_EVERY)
        }
    }

    fn publish(&mut self, inner: &Inner) -> Result<(), AppendError> {
        self.mind_a_stop(inner)?;
        let Some(shard) = &mut self.shard else { return Ok(()) };
        if inner.holds_signing(shard.year) {
            return Ok(());
        }
        match inner.publisher().publish(inner, shard) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(inner, &error)),
        }
    }

    /// After a failure, or a witness's word, nothing more is acknowledged or signed.
    fn mind_a_stop(&mut self, inner: &Inner) -> Result<(), AppendError> {
        if let (None, Some(reason)) = (&self.broken, inner.stopped.get()) {
            self.broken = Some(Arc::clone(reason));
        }
        self.broken.as_ref().map_or(Ok(()), |reason| Err(AppendError::Broken(Arc::clone(reason))))
    }

    /// From here on nothing is acknowledged: after a failed sync nobody knows what the disk holds,
    /// and trying again would turn a loss into a lie.
    fn fail(&mut self, inner: &Inner, reason: &str) -> AppendError {
        let reason: Arc<str> = self.broken.get_or_insert_with(|| reason.into()).clone();
        inner.healthy.store(false, Ordering::Release);
        inner.status.write().unwrap_or_else(PoisonError::into_inner).broken =
            Some(reason.to_string());
        tracing::error!(%reason, "the ledger cannot write; viewing and exporting stop");
        AppendError::Broken(reason)
    }
}
