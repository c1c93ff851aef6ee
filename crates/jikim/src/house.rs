//! The house: everything that runs, opened in its order and closed in the reverse one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::{Access, AccessConfig};
use catalog::{Catalog, OpenCatalogError, ReelRow};
use domain::{Feed, RecorderId, WallTime};
use host::{Clock, Disk, Fs, MemoryLock};
use ingest::{CameraDesk, Recorder};
use ledger::{AccessLife, Kind, Ledger, LedgerConfig};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use vault::{HoldersConfig, Vault, VaultConfig, VolumeConfig};

use crate::enforcement::{self, Enforcement};
use crate::exports::Exports;
use crate::listing::CatalogListing;
use crate::lying::Lying;
use crate::rates::{self, Rates};
use crate::scrub::Scrubbing;
use crate::witness_line::Authorities;
use crate::witnesses::{self, Evidence, Witnesses};
use crate::{Told, retention, sentence, time_source};

/// Where and how a recorder runs.
pub(crate) struct HouseConfig {
    pub(crate) data: PathBuf,
    pub(crate) volumes: Vec<VolumeConfig>,
    /// What keeps the vault key.
    pub(crate) holders: HoldersConfig,
    pub(crate) clock_is_confirmed: bool,
    pub(crate) is_demo: bool,
    /// Time servers that are asked beside the wall clock.
    pub(crate) time_servers: Vec<String>,
    /// How long the records of acts are kept.
    pub(crate) access_life: AccessLife,
    /// The socket of the press.
    pub(crate) press: PathBuf,
    /// The socket of the program that covers people.
    pub(crate) mask: PathBuf,
    /// Whether cameras are recorded and what is due destroyed; a check does neither.
    pub(crate) records: bool,
    /// What time it is: the machine's clock, but for tests.
    pub(crate) clock: Arc<dyn Clock>,
    /// What keeps this process's memory off the disk: taken before a key is read. None where no real
    /// footage is opened.
    pub(crate) memory: Option<MemoryLock>,
}

/// A recorder that runs.
pub(crate) struct House {
    pub(crate) recorder_id: RecorderId,
    /// How long the records of acts and visits are kept.
    pub(crate) access_life: AccessLife,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ledger: Ledger,
    pub(crate) catalog: Catalog,
    pub(crate) listing: Arc<CatalogListing>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) access: Arc<Access>,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) desk: CameraDesk,
    pub(crate) rates: Arc<Rates>,
    pub(crate) witnesses: Witnesses,
    /// What witnesses hold against this recorder.
    pub(crate) evidence: Evidence,
    /// Promises are to be looked at now, and not only when it is their time.
    pub(crate) look_again: Notify,
    /// In which rooms footage was found.
    pub(crate) lying: tokio::sync::Mutex<Lying>,
    pub(crate) memory: Option<MemoryLock>,
    pub(crate) exports: Arc<Exports>,
    /// Where PDF, HWPX and XLSX are made, if somebody listens there.
    pub(crate) press: PathBuf,
    /// One change of floor plans at a time.
    pub(crate) changing_plans: tokio::sync::Mutex<()>,
    /// One step of requests and disclosures at a time: a number of receipt is given once.
    pub(crate) receiving: tokio::sync::Mutex<()>,
    background: Vec<JoinHandle<()>>,
    scrubbing: Option<Scrubbing>,
    _lock: Box<dyn Send + Sync>,
}

impl House {
    /// Opens everything and starts recording.
    pub(crate) async fn open(config: HouseConfig) -> Told<Self> {
        let fs: Arc<dyn Fs> = Arc::new(Disk);
        let clock = Arc::clone(&config.clock);
        let lock = lock_data(&config.data)?;
        let recorder_id = recorder_id(&config.data)?;
        let started = clock.wall();

        let ledger =
            tokio::task::block_in_place(|| open_ledger(&config.data, recorder_id, &fs, &clock))?;
        let catalog = open_catalog(&config.data).await?;
        let rows = catalog.reels().await.map_err(sentence)?;
        let listed = rows.iter().map(|row| row.reel).collect();
        let listing = Arc::new(CatalogListing::new(catalog.clone(), started));
        let vault_config = VaultConfig {
            folder: config.data.join("vault"),
            holders: config.holders.clone(),
            recorder: recorder_id,
            volumes: volumes(&config),
            clock_is_confirmed: config.clock_is_confirmed,
        };
        let vault = tokio::task::block_in_place(|| {
            Vault::open(&vault_config, &fs, &clock, &ledger, &listed, Arc::clone(&listing) as _)
        });
        let vault = Arc::new(vault.map_err(sentence)?);
        let mut started = vec![Kind::Started.into()];
        started.extend(ledger.second_key_event().map(Into::into));
        started.extend(witnesses::event_of(&config.data, &ledger)?.map(Into::into));
        ledger.append(started).await.map_err(sentence)?;

        let access_config =
            AccessConfig { is_demo: config.is_demo, ..AccessConfig::new(recorder_id) };
        let access = Arc::new(Access::new(
            ledger.clone(),
            catalog.clone(),
            Arc::clone(&clock),
            access_config,
        ));
        let enforcement = Enforcement::new(&ledger, &clock, &vault_config.volumes);
        let recorder = Recorder::new(vault.sealer(), Arc::clone(&clock), enforcement.orders());
        let recorder = Arc::new(recorder);
        let desk = CameraDesk::new(ledger.clone(), Arc::clone(&recorder), Arc::clone(&clock));
        let exports = Arc::new(Exports::open(&fs, &clock, &config.data, config.mask.clone())?);
        let mut house = Self {
            recorder_id,
            clock,
            ledger,
            catalog,
            listing,
            vault,
            access,
            recorder,
            desk,
            rates: Arc::default(),
            witnesses: Witnesses::default(),
            evidence: Evidence::open(&config.data)?,
            look_again: Notify::new(),
            lying: tokio::sync::Mutex::default(),
            access_life: config.access_life,
            memory: config.memory,
            press: config.press.clone(),
            exports: Arc::clone(&exports),
            changing_plans: tokio::sync::Mutex::default(),
            receiving: tokio::sync::Mutex::default(),
            background: Vec::new(),
            scrubbing: None,
            _lock: lock,
        };
        house.start(config, rows).await?;
        Ok(house)
    }

    /// Cameras are recorded as soon as it is known where the footage of each ends. What a crash left
    /// is closed and listed beside that; a catalog that was lost is complete again before anything
    /// is destroyed.
    async fn start(&mut self, config: HouseConfig, rows: Vec<ReelRow>) -> Told<()> {
        if !self.catalog.is_complete().await.map_err(sentence)? {
            self.vault.freeze_destruction(Some("the catalog is being rebuilt from the reels"));
        }
        if !config.records {
            return complete(&self.vault, &self.catalog).await;
        }
        let mut ends: HashMap<Feed, WallTime> = self
            .catalog
            .newest_all(self.clock.wall())
            .await
            .map_err(sentence)?
            .into_iter()
            .collect();
        for (feed, end) in self.vault.unlisted_ends() {
            let known = ends.entry(feed).or_insert(end);
            *known = end.max(*known);
        }
        self.desk.start_all(|feed| ends.get(&feed).copied());
        self.scrubbing = Some(Scrubbing::start(Arc::clone(&self.vault)));
        let (vault, catalog) = (Arc::clone(&self.vault), self.catalog.clone());
        let started = self.clock.wall();
        self.background.push(tokio::spawn(async move {
            match complete(&vault, &catalog).await {
                Ok(()) => tokio::task::block_in_place(|| report_missing(&vault, &rows, started)),
                Err(error) => {
                    tracing::error!(
                        error,
                        "the catalog is not complete; the next start tries again"
                    );
                }
            }
        }));

        let kept = retention::Kept {
            vault: Arc::clone(&self.vault),
            ledger: self.ledger.clone(),
            access: Arc::clone(&self.access),
            access_life: config.access_life,
            exports: Arc::clone(&self.exports),
        };
        self.background.push(tokio::spawn(retention::run(kept, Arc::clone(&self.clock))));
        let (ledger, clock) = (self.ledger.clone(), Arc::clone(&self.clock));
        let authorities = Authorities::read(&config.data);
        let (views, evidence) = (self.witnesses.clone(), self.evidence.clone());
        let asking = witnesses::run(ledger, clock, views, authorities, evidence);
        self.background.push(tokio::spawn(asking));
        if !config.time_servers.is_empty() {
            let vault = Arc::clone(&self.vault);
            self.background.push(tokio::spawn(time_source::run(vault, config.time_servers)));
        }
        let (readings, sealer) = (Arc::clone(&self.rates), self.vault.sealer());
        let clock = Arc::clone(&self.clock);
        self.background.push(tokio::spawn(async move {
            loop {
                readings.note(clock.elapsed(), sealer.statuses());
                tokio::time::sleep(rates::APART).await;
            }
        }));
        let following = enforcement::follow(self.ledger.clone(), Arc::clone(&self.recorder));
        self.background.push(tokio::spawn(following));
        let access = Arc::clone(&self.access);
        self.background.push(tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(400)).await;
                access.tick().await;
            }
        }));
        Ok(())
    }

    /// Stops recording, makes everything durable, closes in order.
    pub(crate) async fn close(&self) {
        self.background.iter().for_each(JoinHandle::abort);
        self.scrubbing.iter().for_each(Scrubbing::stop);
        self.recorder.stop_all();
        self.access.close().await;
        tokio::task::block_in_place(|| self.vault.close());
        if let Err(error) = self.ledger.append(vec![Kind::Stopped.into()]).await {
            tracing::error!(%error, "the stop could not be entered");
        }
        tokio::task::block_in_place(|| self.ledger.close());
        self.catalog.close().await;
    }
}

/// Returns when every reel is found and listed; only then anything is destroyed.
async fn complete(vault: &Arc<Vault>, catalog: &Catalog) -> Told<()> {
    let settling = Arc::clone(vault);
    tokio::task::spawn_blocking(move || settling.settle()).await.map_err(sentence)?;
    catalog.rebuild_finish().await.map_err(sentence)?;
    vault.freeze_destruction(None);
    match catalog.look_through().await.map_err(sentence)? {
        None => Ok(()),
        Some(finding) => Err(format!("the catalog is damaged ({finding}); it is made anew then")),
    }
}

/// What was listed when the recorder started, is not due, and is not there: somebody deleted it, or a
/// disk lost it.
fn report_missing(vault: &Vault, rows: &[ReelRow], now: WallTime) {
    let volumes = vault.status().volumes;
    let works = |row: &&ReelRow| volumes.iter().any(|it| it.id == row.volume && !it.is_fenced);
    let is_due = |row: &&ReelRow| row.expires_at < now + row.retention.bucket_length() * 2;
    let missing = rows.iter().filter(works).filter(|row| !is_due(row)).map(|row| row.reel);
    vault.report_missing(&missing.collect::<Vec<_>>());
}

/// One recorder at a time in a data folder.
pub(crate) fn lock_data(data: &Path) -> Told<Box<dyn Send + Sync>> {
    Disk.make_folder(data).map_err(|error| {
        format!("the data folder cannot be used: {error}; choose another with --data")
    })?;
    Disk.lock(&data.join("lock")).map_err(sentence)?.ok_or_else(|| {
        format!("a recorder runs on {} already; stop it, or choose another folder", data.display())
    })
}

/// Who this recorder is; made at the first start.
pub(crate) fn recorder_id(data: &Path) -> Told<RecorderId> {
    const FORM: &str = "jikim recorder v1 ";
    let path = data.join("recorder.id");
    if Disk.exists(&path).map_err(sentence)? {
        let bytes = Disk.read(&path, 256).map_err(sentence)?;
        let text = String::from_utf8_lossy(&bytes);
        let id = text.trim_end().strip_prefix(FORM).and_then(|id| id.parse().ok());
        return id
            .ok_or_else(|| format!("{} is damaged; restore it from a backup", path.display()));
    }
    let id = RecorderId::from_random(host::random_bytes());
    Disk.replace(&path, format!("{FORM}{id}\n").as_bytes()).map_err(sentence)?;
    Ok(id)
}

pub(crate) fn open_ledger(
    data: &Path,
    recorder: RecorderId,
    fs: &Arc<dyn Fs>,
    clock: &Arc<dyn Clock>,
) -> Told<Ledger> {
    let config = LedgerConfig { folder: data.join("ledger"), recorder };
    let (fs, clock) = (Arc::clone(fs), Arc::clone(clock));
    match witnesses::policy_of(data)? {
        Some(policy) => Ledger::open_witnessed(&config, fs, clock, policy),
        None => Ledger::open(&config, fs, clock),
    }
    .map_err(sentence)
}

/// The catalog; one that is damaged is put aside, since it is only a projection, and built anew.
pub(crate) async fn open_catalog(data: &Path) -> Told<Catalog> {
    let path = data.join("catalog.sqlite3");
    match Catalog::open(&path).await {
        Err(error @ (OpenCatalogError::NotADatabase { .. } | OpenCatalogError::Damaged { .. })) => {
            tracing::error!(%error, "the catalog is damaged; it is put aside and built anew");
            for end in ["", "-wal", "-shm", ".damaged"] {
                let from = data.join(format!("catalog.sqlite3{end}"));
                if Disk.exists(&from).map_err(sentence)? {
                    let aside = data.join(format!("catalog.damaged.sqlite3{end}"));
                    Disk.rename(&from, &aside).map_err(sentence)?;
                }
            }
            Catalog::open(&path).await.map_err(sentence)
        }
        other => other.map_err(sentence),
    }
}

/// The volumes of the configuration; without one those that the vault knows, or at the first start
/// two folders in the data folder.
fn volumes(config: &HouseConfig) -> Vec<VolumeConfig> {
    let known = std::fs::read_to_string(config.data.join("vault").join("volumes"));
    let known = known.unwrap_or_default();
    let known = known.lines().filter_map(|line| line.split_once(' '));
    let somewhere = |path: PathBuf| VolumeConfig { path, place: None };
    let mut volumes = config.volumes.clone();
    if volumes.is_empty() {
        volumes = known.map(|(_, path)| somewhere(path.into())).collect();
    }
    if volumes.is_empty() {
        let two = ["1", "2"].map(|name| somewhere(config.data.join("volumes").join(name)));
        volumes = two.into();
    }
    volumes
}
