//! The vault: opening, the threads, what is shared between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use domain::{BucketId, Feed, RecorderId, ReelId, Retention, StoragePlace, VolumeId, WallTime};
use host::{Clock, Fs, FsError};
use ledger::Ledger;
use reel::BucketKey;

use crate::decision::Decision;
use crate::feed::{FeedShared, Waiting};
use crate::find::{self, Rest, Search, find_first};
use crate::hand::Hand;
use crate::holder::Holders;
use crate::keyring::{Bucket, Keyring};
use crate::notary::{self, Listing, Notice};
use crate::open_keyring::open_keyring;
use crate::reels::Reels;
use crate::rope::Pieces;
use crate::rotate::Destruction;
use crate::scrub::Scrub;
use crate::stop::StopOnPanic;
use crate::trusted::TrustedTime;
use crate::volume::{Volume, open_volumes};
use crate::writer::{Order, Writer};
use crate::{DestructionState, HolderStatus, HoldersConfig, OpenVaultError, Opener, Sealer, check};

/// Where a volume is to be.
#[derive(Debug, Clone)]
pub struct VolumeConfig {
    /// Its folder, best on a disk of its own.
    pub path: PathBuf,
    /// The room in which it stands, if somebody said so.
    pub place: Option<StoragePlace>,
}

/// Where a vault lies and whose it is.
#[derive(Debug, Clone)]
pub struct VaultConfig {
    /// The folder of its small things: a holder's slots, the anchor of time, the volumes it knows.
    pub folder: PathBuf,
    /// What keeps the vault key.
    pub holders: HoldersConfig,
    /// Whose it is.
    pub recorder: RecorderId,
    /// Its volumes; at least one.
    pub volumes: Vec<VolumeConfig>,
    /// Somebody has looked at the clock and says it is right.
    pub clock_is_confirmed: bool,
}

/// How a volume stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeStatus {
    /// Which.
    pub id: VolumeId,
    /// Where.
    pub path: PathBuf,
    /// The room in which it stands, if somebody said so.
    pub place: Option<StoragePlace>,
    /// Whether it failed and nothing more is written to it.
    pub is_fenced: bool,
    /// Whether it is so full that no footage is written to it until there is room again.
    pub is_full: bool,
    /// Reels on it.
    pub reels: u64,
    /// Room on it, if the disk says.
    pub space: Option<host::Space>,
}

/// How the vault stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultStatus {
    /// The epoch of the vault key.
    pub epoch: u64,
    /// Bucket keys that are kept.
    pub buckets: u64,
    /// What keeps the vault key.
    pub holders: Vec<HolderStatus>,
    /// Volumes.
    pub volumes: Vec<VolumeStatus>,
    /// How destruction stands.
    pub destruction: DestructionState,
}

/// The bucket of a feed, of how long it is kept, and of the start of its time.
pub(crate) type Buckets = HashMap<(Feed, Retention, WallTime), BucketId>;

/// What writer, opener and rotation share.
pub(crate) struct Shared {
    pub(crate) recorder: RecorderId,
    pub(crate) fs: Arc<dyn Fs>,
    pub(crate) decision_path: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ledger: Ledger,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) reels: Reels,
    pub(crate) holders: Holders,
    pub(crate) trusted: TrustedTime,
    pub(crate) destruction: Mutex<Destruction>,
    /// Had by who destroys, and by who changes what is held; before the lock of the keyring.
    pub(crate) holds: Mutex<()>,
    keyring: Mutex<Keyring>,
    generation: AtomicU64,
    pub(crate) feeds: RwLock<BTreeMap<Feed, Arc<FeedShared>>>,
    /// Replaced by one of another retention or place, with something still to be written.
    pub(crate) retired: Mutex<Vec<Arc<FeedShared>>>,
    pub(crate) waiting: Arc<Waiting>,
    /// The number before the first chunk of this run, of every feed.
    pub(crate) first_sequence: u64,
    notices: Sender<Notice>,
    pub(crate) search: Search,
    pub(crate) scrub: Mutex<Scrub>,
    pub(crate) scrub_path: PathBuf,
}

/// The vault. Dropping it without [`Vault::close`] loses at most what waits for the writer.
pub struct Vault {
    pub(crate) shared: Arc<Shared>,
    pub(crate) orders: Vec<Sender<Order>>,
}

impl Vault {
    /// Opens the vault: volumes by their identity, the keyring by the key that is held; then starts a
    /// writer for each volume and the notary, so that recording can begin. Reels that a crash left
    /// open are closed, entered and listed beside it: see [`Vault::settle`].
    ///
    /// # Errors
    /// If a volume is not the one it must be, or keys are missing; nothing is destroyed then.
    pub fn open(
        config: &VaultConfig,
        fs: &Arc<dyn Fs>,
        clock: &Arc<dyn Clock>,
        ledger: &Ledger,
        listed: &HashSet<ReelId>,
        listing: Arc<dyn Listing>,
    ) -> Result<Self, OpenVaultError> {
        let (shared, inbox, rest) = Shared::open(config, fs, clock, ledger, listed)?;
        let orders = start_threads(&shared, inbox, listing);
        find::start(&shared, rest);
        Ok(Self { shared, orders })
    }

    /// The side that can only seal.
    #[must_use]
    pub fn sealer(&self) -> Sealer {
        Sealer { shared: Arc::clone(&self.shared) }
    }

    /// The side that opens, against grants.
    #[must_use]
    pub fn opener(&self) -> Opener {
        Opener::new(Arc::clone(&self.shared))
    }

    /// Writes what waits, and returns when it is durable or was given up: [`crate::FeedStatus`]
    /// counts what is durable, and nothing else does.
    pub fn flush(&self) {
        self.order(Order::Flush);
    }

    /// Returns when every reel was found, and everything found or written so far is entered and
    /// listed.
    pub fn settle(&self) {
        self.shared.search.wait();
        let (done, wait) = channel();
        self.shared.notify(Notice::Flush(done));
        let _ = wait.recv();
    }

    /// Writes what waits, closes and enters every reel, stops the writers.
    pub fn close(&self) {
        self.shared.search.stop();
        self.order(Order::Stop);
        self.settle();
        if let Err(error) = self.shared.trusted.keep() {
            tracing::warn!(%error, "the anchor of time could not be kept");
        }
    }

    fn order(&self, make: impl Fn(Sender<()>) -> Order) {
        let (done, wait) = channel();
        for orders in &self.orders {
            let _ = orders.send(make(done.clone()));
        }
        drop(done);
        // Ends when every writer has answered or ended.
        while wait.recv().is_ok() {}
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> VaultStatus {
        let shared = &self.shared;
        let places = shared.reels.all();
        let volumes = shared.volumes.iter().enumerate().map(|(index, volume)| VolumeStatus {
            id: volume.id,
            path: volume.path.clone(),
            place: volume.place.clone(),
            is_fenced: volume.is_fenced(),
            is_full: volume.is_full(),
            reels: places.iter().filter(|place| place.volume == index).count() as u64,
            space: volume.fs.space(&volume.path).ok(),
        });
        let volumes = volumes.collect();
        let destruction = shared.destruction_state();
        let keyring = shared.keyring();
        VaultStatus {
            epoch: keyring.epoch,
            buckets: keyring.len() as u64,
            holders: shared.holders.statuses(),
            volumes,
            destruction,
        }
    }

    /// Has every closed reel listed once more, and those taken off the list that are not there:
    /// for a catalog that is built anew while the recorder runs.
    ///
    /// # Errors
    /// If a footer cannot be read.
    pub fn list_again(&self, listed: &HashSet<ReelId>) -> Result<(), String> {
        self.shared.search.wait();
        find::list_all_again(&self.shared, listed)
    }

    /// Where the footage of each feed ends, as far as the catalog did not list it when the vault was
    /// opened: what a crash left.
    #[must_use]
    pub fn unlisted_ends(&self) -> Vec<(Feed, WallTime)> {
        self.shared.search.ends()
    }

    /// Reads every reel whole, without keys, and holds it against its checksums and the ledger.
    #[must_use]
    pub fn check(&self) -> check::VaultReport {
        self.shared.search.wait();
        check::check(&self.shared.volumes, &self.shared.reels, &self.shared.ledger)
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.shared.search.stop();
    }
}

impl Shared {
    /// Everything of a vault but what runs beside it: see [`Vault::open`].
    pub(crate) fn open(
        config: &VaultConfig,
        fs: &Arc<dyn Fs>,
        clock: &Arc<dyn Clock>,
        ledger: &Ledger,
        listed: &HashSet<ReelId>,
    ) -> Result<(Arc<Self>, Receiver<Notice>, Rest), OpenVaultError> {
        fs.make_folder(&config.folder)?;
        let volumes = open_volumes(config, fs)?;
        let holders = Holders::open(fs, clock, &config.folder, config.recorder, &config.holders)?;
        let decision_path = Decision::path(&config.folder);
        let scrub_path = config.folder.join("scrub");
        let opened = open_keyring(&**fs, &holders, &decision_path, &volumes)?;
        let trusted = TrustedTime::open(
            Arc::clone(fs),
            Arc::clone(clock),
            config.folder.join("anchor"),
            config.clock_is_confirmed,
            opened.keyring.iter().map(|bucket| bucket.start).max(),
        )?;
        let first_sequence = begin_run(&**fs, &config.folder.join("runs"))?;
        let (notices, inbox) = channel();
        if opened.is_new {
            let (epoch, commitment) = (opened.keyring.epoch, opened.keyring.commitment());
            let _ = notices.send(Notice::VaultKey { epoch, commitment });
        }
        let shared = Arc::new(Self {
            recorder: config.recorder,
            fs: Arc::clone(fs),
            decision_path,
            clock: Arc::clone(clock),
            ledger: ledger.clone(),
            volumes,
            reels: Reels::default(),
            holders,
            trusted,
            destruction: Mutex::new(Destruction { pending: opened.decided, ..Default::default() }),
            holds: Mutex::default(),
            keyring: Mutex::new(opened.keyring),
            generation: AtomicU64::new(1),
            feeds: RwLock::default(),
            retired: Mutex::default(),
            waiting: Arc::default(),
            first_sequence,
            notices,
            search: Search::default(),
            scrub: Mutex::new(Scrub::read(&**fs, &scrub_path)),
            scrub_path,
        });
        if shared.trusted.opening_step_us() != 0 {
            shared.notify(Notice::ClockStep(shared.trusted.opening_step_us()));
        }
        shared.begin_rotations();
        let rest = find_first(&shared, listed)?;
        Ok((shared, inbox, rest))
    }

    pub(crate) fn keyring(&self) -> MutexGuard<'_, Keyring> {
        self.keyring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the steps of the clock: after one, new buckets begin.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub(crate) fn pieces(&self) -> &Pieces {
        &self.waiting.pieces
    }

    pub(crate) fn notify(&self, notice: Notice) {
        // The notary lives as long as this does.
        let _ = self.notices.send(notice);
    }

    pub(crate) fn feeds(&self) -> Vec<Arc<FeedShared>> {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        feeds.values().cloned().collect()
    }

    /// A step of the wall clock is entered and opens new buckets.
    pub(crate) fn mind_the_clock(&self) {
        let step_us = self.trusted.step_us();
        if step_us != 0 {
            self.generation.fetch_add(1, Ordering::AcqRel);
            tracing::warn!(step_us, "the wall clock was set");
            self.notify(Notice::ClockStep(step_us));
        }
    }

    /// The buckets that are wanted; those that are missing are made, and are safe on every healthy
    /// volume before this returns: no chunk is written whose key a crash could lose.
    pub(crate) fn make_buckets(
        &self,
        wanted: Vec<(Feed, Retention, WallTime)>,
    ) -> Result<Buckets, FsError> {
        let generation = self.generation();
        let mut keyring = self.keyring();
        let mut buckets = Buckets::new();
        let mut made: Vec<Bucket> = Vec::new();
        for (feed, retention, start) in wanted {
            buckets.entry((feed, retention, start)).or_insert_with(|| {
                let expires_at = retention.expires_at(start);
                keyring.current(feed, start, expires_at, generation).unwrap_or_else(|| {
                    let id = BucketId::from_random(host::random_bytes());
                    made.push(Bucket {
                        id,
                        feed,
                        start,
                        end: start + retention.bucket_length(),
                        expires_at,
                        key: BucketKey::from_bytes(host::random_bytes()),
                    });
                    id
                })
            });
        }
        if made.is_empty() {
            return Ok(buckets);
        }
        self.keep_on_every_volume(&keyring, &made)?;
        self.notify(Notice::Keys(made.iter().map(Bucket::fact).collect()));
        made.into_iter().for_each(|bucket| keyring.set_current(bucket, generation));
        Ok(buckets)
    }

    fn keep_on_every_volume(&self, keyring: &Keyring, made: &[Bucket]) -> Result<(), FsError> {
        let mut last_error = None;
        let mut safe_on = 0;
        for volume in self.volumes.iter().filter(|volume| !volume.is_fenced()) {
            match keyring.append(volume, made) {
                Ok(()) => safe_on += 1,
                Err(error) => {
                    volume.fence(&error);
                    last_error = Some(error);
                }
            }
        }
        if safe_on > 0 {
            return Ok(());
        }
        Err(last_error.unwrap_or_else(|| FsError {
            doing: "keep the keys of new footage on",
            path: self.volumes[0].path.clone(),
            source: std::io::Error::other("every volume has failed"),
        }))
    }
}

/// The number before the first chunk of this run: a chunk's sequence never goes back, over restarts
/// neither, so each run has a trillion numbers of its own.
fn begin_run(fs: &dyn Fs, path: &Path) -> Result<u64, FsError> {
    const MAGIC: &str = "jikim runs v1 ";
    let text = if fs.exists(path)? { fs.read(path, 64)? } else { Vec::new() };
    let last = String::from_utf8_lossy(&text);
    let last = last.strip_prefix(MAGIC).and_then(|rest| rest.trim_end().parse().ok());
    let run = last.unwrap_or(0u64) + 1;
    fs.replace(path, format!("{MAGIC}{run}\n").as_bytes())?;
    Ok(run << 40)
}

fn start_threads(
    shared: &Arc<Shared>,
    inbox: Receiver<Notice>,
    listing: Arc<dyn Listing>,
) -> Vec<Sender<Order>> {
    let ledger = shared.ledger.clone();
    let spawn = |name: String, run: Box<dyn FnOnce() + Send>| {
        std::thread::Builder::new()
            .name(name)
            .spawn(run)
            .expect("the operating system gives a thread");
    };
    // Within the closure, so that it is dropped before the receiver: who waits for an answer must not
    // go on (and end the process in good order) while a panic unwinds.
    spawn(
        "notary".into(),
        Box::new(move || {
            let _stops = StopOnPanic("the notary");
            notary::run(&inbox, &ledger, &*listing);
        }),
    );
    (0..shared.volumes.len())
        .map(|index| {
            let (sender, orders) = channel();
            let hand = Hand::new(format!("disk-{index}"));
            let writer = Writer::new(Arc::clone(shared), index, hand);
            let run = move || {
                let _stops = StopOnPanic("a writer");
                writer.run(&orders);
            };
            spawn(format!("volume-{index}"), Box::new(run));
            sender
        })
        .collect()
}
