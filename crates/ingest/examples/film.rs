//! The road of a frame by itself: cameras to reels, without pages, door and catalog. For profiles.
//!
//! `cargo run --release -p ingest --example film -- FOLDER SECONDS RETENTION_S URL COUNT`: records
//! URL1 to URLCOUNT (`rtsp://127.0.0.1:8554/cam` and 200, say) into a new folder, and prints each
//! ten seconds how many frames are durable, how many are lost, and how many gaps there are.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::{CameraId, Feed, GapCause, RecorderId, ReelId, SpotId, WallTime};
use host::{Clock, Disk, Fs, SystemClock};
use ledger::{CameraRecord, DeviceRecord, Ledger, LedgerConfig};
use vault::{ClosedReel, Listing, Vault, VaultConfig, VolumeConfig};

#[derive(Default)]
struct Gaps(AtomicU64);

impl Listing for Gaps {
    fn reel_closed(&self, _: &ClosedReel) {}
    fn reel_gone(&self, _: ReelId) {}
    fn gap(&self, _: Feed, _: WallTime, _: WallTime, _: GapCause, _: u64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn camera(url: String, name: &str, now: WallTime, retention_s: u64) -> CameraRecord {
    let device = DeviceRecord {
        device: name.to_owned(),
        url,
        sub_url: None,
        credentials: None,
        transport: "tcp".to_owned(),
        since: now.to_string(),
        reason: None,
        seen_at: None,
        certificate: None,
        asset: None,
    };
    CameraRecord {
        camera: CameraId::from_random(host::random_bytes()).to_string(),
        spot: SpotId::from_random(host::random_bytes()).to_string(),
        name: name.to_owned(),
        policy_spot: None,
        spot_name: String::new(),
        retention_minimum_s: 0,
        retention_maximum_s: retention_s,
        added_at: now.to_string(),
        retired_at: None,
        retired_reason: None,
        devices: vec![device],
    }
}

#[allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds, retention_s, url, count] = &arguments[..] else {
        return Err("give FOLDER SECONDS RETENTION_S URL COUNT".into());
    };
    let (folder, seconds): (PathBuf, u64) = (folder.into(), seconds.parse()?);
    let (retention_s, count): (u64, usize) = (retention_s.parse()?, count.parse()?);
    std::fs::create_dir(&folder)?;
    let fs: Arc<dyn Fs> = Arc::new(Disk);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let recorder = RecorderId::from_random(host::random_bytes());
    let config = LedgerConfig { folder: folder.join("ledger"), recorder };
    let ledger = Ledger::open(&config, Arc::clone(&fs), Arc::clone(&clock))?;
    let gaps = Arc::new(Gaps::default());
    let config = VaultConfig {
        folder: folder.join("vault"),
        holders: vault::HoldersConfig::default(),
        recorder,
        volumes: vec![VolumeConfig { path: folder.join("volume"), place: None }],
        clock_is_confirmed: false,
    };
    let none = std::collections::HashSet::new();
    let vault = Vault::open(&config, &fs, &clock, &ledger, &none, Arc::clone(&gaps) as _)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let entered = runtime.enter();
    let cameras = ingest::Recorder::new(
        vault.sealer(),
        Arc::clone(&clock),
        Box::new(|_| ingest::Order::default()),
    );
    for number in 1..=count {
        let url = format!("{url}{number}");
        let record = camera(url, &number.to_string(), clock.wall(), retention_s);
        cameras.start(&record, |_| None);
    }
    for _ in 0..seconds.div_ceil(10) {
        std::thread::sleep(Duration::from_secs(10));
        let all = vault.sealer().statuses();
        let frames: u64 = all.iter().map(|(_, status)| status.frames).sum();
        let lost: u64 = all.iter().map(|(_, status)| status.frames_lost).sum();
        let gaps = gaps.0.load(Ordering::Relaxed);
        println!("{} feeds, {frames} frames durable, {lost} lost, {gaps} gaps", all.len());
    }
    cameras.stop_all();
    drop(entered);
    vault.close();
    Ok(())
}
