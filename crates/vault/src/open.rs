//! The vault: opening, the threads, what is shared between them.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use domain::{BucketId, Feed, RecorderId, ReelId, Retention, VolumeId, WallTime};
use host::{Clock, Fs, FsError, Secret};
use ledger::Ledger;
use reel::BucketKey;

use crate::holder::{Holder, SlotHolder};
use crate::keyring::{Bucket, Keyring};
use crate::notary::{self, Listing, Notice};
use crate::reels::{Reels, reels_on};
use crate::rotate::Destruction;
use crate::sealer::FeedShared;
use crate::trusted::TrustedTime;
use crate::volume::Volume;
use crate::writer::{Order, Writer};
use crate::{DestructionState, OpenVaultError, Opener, Sealer, check};

/// Where a volume is to be.
#[derive(Debug, Clone)]
pub struct VolumeConfig {
    /// Its folder, best on a disk of its own.
    pub path: PathBuf,
}

/// Where a vault lies and whose it is.
#[derive(Debug, Clone)]
pub struct VaultConfig {
    /// The folder of its small things: the holder's slots, the anchor of time, the volumes it knows.
    pub folder: PathBuf,
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
    /// Whether it failed and nothing more is written to it.
    pub is_fenced: bool,
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
    pub holder: &'static str,
    /// Volumes.
    pub volumes: Vec<VolumeStatus>,
    /// How destruction stands.
    pub destruction: DestructionState,
}

/// What writer, opener and rotation share.
pub(crate) struct Shared {
    pub(crate) recorder: RecorderId,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ledger: Ledger,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) reels: Reels,
    pub(crate) holder: Box<dyn Holder>,
    pub(crate) trusted: TrustedTime,
    pub(crate) destruction: Mutex<Destruction>,
    keyring: Mutex<Keyring>,
    generation: AtomicU64,
    feeds: RwLock<BTreeMap<Feed, Arc<FeedShared>>>,
    notices: Sender<Notice>,
}

/// The vault. Dropping it without [`Vault::close`] loses at most what waits for the writer.
pub struct Vault {
    pub(crate) shared: Arc<Shared>,
    orders: Vec<Sender<Order>>,
}

impl Vault {
    /// Opens the vault: volumes by their identity, the keyring by the key that is held, reels that a
    /// crash left open closed; then starts a writer for each volume and the notary.
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
        fs.make_folder(&config.folder)?;
        let volumes = open_volumes(config, fs)?;
        let holder: Box<dyn Holder> =
            Box::new(SlotHolder::open(&**fs, &config.folder.join("holder.slots"))?);
        let trusted = TrustedTime::open(
            Arc::clone(fs),
            Arc::clone(clock),
            config.folder.join("anchor"),
            config.clock_is_confirmed,
        )?;
        let (keyring, is_new) = open_keyring(&*holder, &volumes)?;
        let (notices, inbox) = channel();
        if is_new {
            let (epoch, commitment) = (keyring.epoch, keyring.commitment());
            let _ = notices.send(Notice::VaultKey { epoch, commitment });
        }
        let shared = Arc::new(Shared {
            recorder: config.recorder,
            clock: Arc::clone(clock),
            ledger: ledger.clone(),
            volumes,
            reels: Reels::default(),
            holder,
            trusted,
            destruction: Mutex::default(),
            keyring: Mutex::new(keyring),
            generation: AtomicU64::new(1),
            feeds: RwLock::default(),
            notices,
        });
        find_reels(&shared, listed)?;
        let orders = start_threads(&shared, inbox, listing);
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

    /// Writes what waits, and returns when it is durable.
    pub fn flush(&self) {
        self.order(Order::Flush);
    }

    /// Returns when everything found or written so far is entered and listed.
    pub fn settle(&self) {
        let (done, wait) = channel();
        self.shared.notify(Notice::Flush(done));
        let _ = wait.recv();
    }

    /// Writes what waits, closes and enters every reel, stops the writers.
    pub fn close(&self) {
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
            is_fenced: volume.is_fenced(),
            reels: places.iter().filter(|place| place.volume == index).count() as u64,
            space: volume.fs.space(&volume.path).ok(),
        });
        let volumes = volumes.collect();
        let keyring = shared.keyring();
        VaultStatus {
            epoch: keyring.epoch,
            buckets: keyring.len() as u64,
            holder: shared.holder.name(),
            volumes,
            destruction: shared.destruction_state(),
        }
    }

    /// Has every closed reel listed once more, and those taken off the list that are not there:
    /// for a catalog that is built anew while the recorder runs.
    ///
    /// # Errors
    /// If a footer cannot be read.
    pub fn list_again(&self, listed: &HashSet<ReelId>) -> Result<(), String> {
        let mut missing = listed.clone();
        for place in self.shared.reels.all() {
            missing.remove(&place.header.reel);
            check::list_again(&self.shared, &place)?;
        }
        missing.into_iter().for_each(|reel| self.shared.notify(Notice::Gone(reel)));
        Ok(())
    }

    /// Reads every reel whole, without keys, and holds it against its checksums and the ledger.
    #[must_use]
    pub fn check(&self) -> check::VaultReport {
        check::check(&self.shared.volumes, &self.shared.ledger)
    }
}

impl Shared {
    pub(crate) fn keyring(&self) -> MutexGuard<'_, Keyring> {
        self.keyring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the steps of the clock: after one, new buckets begin.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub(crate) fn notify(&self, notice: Notice) {
        // The notary lives as long as this does.
        let _ = self.notices.send(notice);
    }

    pub(crate) fn feeds(&self) -> Vec<Arc<FeedShared>> {
        let feeds = self.feeds.read().unwrap_or_else(PoisonError::into_inner);
        feeds.values().cloned().collect()
    }

    pub(crate) fn feeds_on(&self, volume: usize) -> Vec<Arc<FeedShared>> {
        let mut feeds = self.feeds();
        feeds.retain(|feed| feed.volume() == volume);
        feeds
    }

    pub(crate) fn find_feed(&self, feed: Feed) -> Option<Arc<FeedShared>> {
        self.feeds.read().unwrap_or_else(PoisonError::into_inner).get(&feed).cloned()
    }

    /// The feed's shared part; made on the volume that has the fewest feeds.
    pub(crate) fn feed(&self, feed: Feed, retention: Retention) -> Arc<FeedShared> {
        let volume = self.lightest_volume();
        let mut feeds = self.feeds.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = feeds.get(&feed).filter(|found| found.retention == retention) {
            return Arc::clone(found);
        }
        let made = Arc::new(FeedShared::new(feed, retention, volume));
        feeds.insert(feed, Arc::clone(&made));
        made
    }

    fn lightest_volume(&self) -> usize {
        let feeds = self.feeds();
        let load = |index: usize| feeds.iter().filter(|feed| feed.volume() == index).count();
        let healthy = (0..self.volumes.len()).filter(|&index| !self.volumes[index].is_fenced());
        healthy.min_by_key(|&index| load(index)).unwrap_or(0)
    }

    /// After a volume was fenced its feeds go on elsewhere.
    pub(crate) fn move_feeds_from(&self, volume: usize) {
        for feed in self.feeds_on(volume) {
            feed.volume.store(self.lightest_volume(), Ordering::Release);
        }
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

    /// Makes the buckets that are wanted and missing, safe on every healthy volume before this
    /// returns: no chunk is written whose key a crash could lose.
    pub(crate) fn make_buckets(
        &self,
        wanted: Vec<(Feed, Retention, WallTime)>,
    ) -> Result<(), FsError> {
        let generation = self.generation();
        let mut keyring = self.keyring();
        let mut made: Vec<Bucket> = Vec::new();
        for (feed, retention, start) in wanted {
            let known = keyring.current(feed, start, generation).is_some()
                || made.iter().any(|bucket| bucket.feed == feed && bucket.start == start);
            if !known {
                made.push(Bucket {
                    id: BucketId::from_random(host::random_bytes()),
                    feed,
                    start,
                    end: start + retention.bucket_length(),
                    expires_at: retention.expires_at(start),
                    key: BucketKey::from_bytes(host::random_bytes()),
                });
            }
        }
        if made.is_empty() {
            return Ok(());
        }
        let mut last_error = None;
        let mut safe_on = 0;
        for volume in self.volumes.iter().filter(|volume| !volume.is_fenced()) {
            match keyring.append(volume, &made) {
                Ok(()) => safe_on += 1,
                Err(error) => {
                    volume.fence(&error);
                    last_error = Some(error);
                }
            }
        }
        if let (0, Some(error)) = (safe_on, last_error) {
            return Err(error);
        }
        self.notify(Notice::Keys(made.iter().map(|b| (b.id, b.key.commitment())).collect()));
        made.into_iter().for_each(|bucket| keyring.set_current(bucket, generation));
        Ok(())
    }
}

/// Opens the volumes; which id belongs to which folder is kept, so that a folder that lost its disk
/// is noticed.
fn open_volumes(config: &VaultConfig, fs: &Arc<dyn Fs>) -> Result<Vec<Volume>, OpenVaultError> {
    if config.volumes.is_empty() {
        return Err(OpenVaultError::NoVolume);
    }
    let list = config.folder.join("volumes");
    let text = if fs.exists(&list)? { fs.read(&list, 1 << 20)? } else { Vec::new() };
    let text = String::from_utf8_lossy(&text).into_owned();
    let known = |path: &str| {
        text.lines().find_map(|line| {
            let (id, known_path) = line.split_once(' ')?;
            (known_path == path).then(|| id.parse().ok()).flatten()
        })
    };
    let mut volumes = Vec::new();
    for volume in &config.volumes {
        let known = known(&volume.path.to_string_lossy());
        volumes.push(Volume::open(fs, &volume.path, config.recorder, known)?);
    }
    let lines: String =
        volumes.iter().map(|volume| format!("{} {}\n", volume.id, volume.path.display())).collect();
    if lines != text {
        fs.replace(&list, lines.as_bytes())?;
    }
    Ok(volumes)
}

/// The keyring of the key that is held. After a crash in a rotation two keys are held: the rotation
/// is completed if the new keyring is there, and abandoned if not.
fn open_keyring(
    holder: &dyn Holder,
    volumes: &[Volume],
) -> Result<(Keyring, bool), OpenVaultError> {
    let mut held = holder.held()?;
    let Some((newest, key)) = held.pop() else {
        return new_keyring(holder, volumes).map(|keyring| (keyring, true));
    };
    match read_keyring(volumes, newest, &key)? {
        Some(keyring) => {
            for (old, _) in held {
                tracing::info!(epoch = old, "completing a rotation that a crash cut off");
                holder.destroy(old)?;
            }
            settle(&keyring, volumes)?;
            Ok((keyring, false))
        }
        None => {
            let Some((old, key)) = held.pop() else {
                return Err(OpenVaultError::KeyringMissing { epoch: newest });
            };
            let keyring = read_keyring(volumes, old, &key)?
                .ok_or(OpenVaultError::KeyringMissing { epoch: old })?;
            tracing::info!(epoch = newest, "abandoning a rotation that a crash cut off");
            holder.destroy(newest)?;
            settle(&keyring, volumes)?;
            Ok((keyring, false))
        }
    }
}

fn new_keyring(holder: &dyn Holder, volumes: &[Volume]) -> Result<Keyring, OpenVaultError> {
    for volume in volumes {
        // Keyrings without a key: the slots were lost. To begin anew here would bury the footage.
        if !volume.fs.list(&volume.keyring_folder())?.is_empty() && !reels_on(volume, 0)?.is_empty()
        {
            return Err(OpenVaultError::KeyringMissing { epoch: 0 });
        }
    }
    let keyring = Keyring::new(1, Secret::random());
    settle(&keyring, volumes)?;
    holder.wrap(1, keyring.vault_key())?;
    Ok(keyring)
}

/// Joins what the volumes hold of an epoch: a volume that was away for a while lacks some buckets.
fn read_keyring(
    volumes: &[Volume],
    epoch: u64,
    key: &Secret,
) -> Result<Option<Keyring>, OpenVaultError> {
    let mut joined: Option<Keyring> = None;
    for volume in volumes {
        let Some(found) = Keyring::read(volume, epoch, key)? else { continue };
        joined = Some(match joined {
            None => found,
            Some(mut joined) => {
                joined.join(found);
                joined
            }
        });
    }
    Ok(joined)
}

/// Every volume holds the keyring whole, and no other.
fn settle(keyring: &Keyring, volumes: &[Volume]) -> Result<(), OpenVaultError> {
    for volume in volumes {
        if !keyring.is_whole_on(volume)? {
            keyring.write_whole(volume)?;
        }
        keyring.unlink_others(volume)?;
    }
    Ok(())
}

/// Finds every reel: closes those that a crash left open, takes away those whose keys are destroyed,
/// and has entered and listed what is not.
fn find_reels(shared: &Arc<Shared>, listed: &HashSet<ReelId>) -> Result<(), OpenVaultError> {
    let mut missing = listed.clone();
    for (index, volume) in shared.volumes.iter().enumerate() {
        for place in reels_on(volume, index)? {
            missing.remove(&place.header.reel);
            check::settle_reel(shared, volume, &place, listed.contains(&place.header.reel))?;
        }
    }
    missing.into_iter().for_each(|reel| shared.notify(Notice::Gone(reel)));
    Ok(())
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
    spawn("notary".into(), Box::new(move || notary::run(&inbox, &ledger, &*listing)));
    (0..shared.volumes.len())
        .map(|index| {
            let (sender, orders) = channel();
            let writer = Writer::new(Arc::clone(shared), index);
            spawn(format!("volume-{index}"), Box::new(move || writer.run(&orders)));
            sender
        })
        .collect()
}
