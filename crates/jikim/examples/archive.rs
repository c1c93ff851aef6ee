//! A large archive for measurements, made by the recorder's own vault, ledger and catalog with a
//! clock that runs ahead: 30 days of many cameras in minutes.
//!
//! ```text
//! cargo run --release -p jikim --example archive -- make --data DIR
//! cargo run --release -p jikim --example archive -- start --data DIR
//! cargo run --release -p jikim --example archive -- seek --data DIR
//! cargo run --release -p jikim --example archive -- check --data DIR
//! cargo run --release -p jikim --example archive -- rebuild --data DIR
//! ```
//!
//! What is real: reels, keys, ledger entries, the catalog's rows, their number and all their sizes
//! but these: of most days each camera has few and tiny chunks (`--chunks`), so that it fits on a
//! disk. The newest reels have a chunk a second, the very newest of the size of 2 Mbit/s, and the
//! last is left open as a kill leaves it.
#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

#[path = "../src/listing.rs"]
#[allow(dead_code, reason = "the counters are for the recorder alone")]
mod listing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use catalog::Catalog;
use clap::{Parser, Subcommand};
use domain::{
    AccountId, Action, Actor, CameraId, Feed, FeedKind, Purpose, PurposeKind, RecorderId,
    Retention, Role, WallTime,
};
use host::{Clock, Disk, Fs, SystemClock};
use ledger::act::PlayFootage;
use ledger::{Grant, Ledger, LedgerConfig};
use listing::CatalogListing;
use rules::{Ask, Facts, Target, decide};
use testkit::TestClock;
use vault::{Codec, CodecConfig, FeedSealer, Frame, Vault, VaultConfig, VolumeConfig};

const REEL_S: u64 = 300;
type Told<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the archive and ends as if it were killed.
    Make(Make),
    /// How long from nothing to the first durable frame, and to everything found.
    Start(Data),
    /// From the request to the first frame, over random cameras and moments.
    Seek(Seek),
    /// Reads everything.
    Check(Data),
    /// Lists everything anew.
    Rebuild(Data),
}

#[derive(clap::Args)]
struct Data {
    /// The recorder's data folder.
    #[arg(long)]
    data: PathBuf,
}

#[derive(clap::Args)]
struct Make {
    #[command(flatten)]
    place: Data,
    #[arg(long, default_value_t = 200)]
    cameras: u16,
    #[arg(long, default_value_t = 30)]
    days: u64,
    /// Chunks of each camera in a reel of five minutes, of most days.
    #[arg(long, default_value_t = 4)]
    chunks: u32,
    /// Reels after those with a chunk a second.
    #[arg(long, default_value_t = 96)]
    full_reels: u32,
    /// Reels after those with `real_seconds` of 2 Mbit/s.
    #[arg(long, default_value_t = 4)]
    real_reels: u32,
    #[arg(long, default_value_t = 15)]
    real_seconds: u32,
}

#[derive(clap::Args)]
struct Seek {
    #[command(flatten)]
    place: Data,
    #[arg(long, default_value_t = 2000)]
    count: u32,
    #[arg(long, default_value_t = 200)]
    cameras: u16,
    /// How far back, in seconds; all of it without.
    #[arg(long)]
    newest_s: Option<u64>,
    /// Forget the file's pages before each.
    #[arg(long)]
    cold: bool,
}

#[tokio::main]
async fn main() -> Told<()> {
    match Arguments::parse().command {
        Command::Make(make) => make_archive(&make).await,
        Command::Start(data) => start(&data.data).await,
        Command::Seek(seek) => measure_seeks(&seek).await,
        Command::Check(data) => check(&data.data).await,
        Command::Rebuild(data) => rebuild(&data.data).await,
    }
}

fn feed(number: u16) -> Feed {
    let mut id = [0x77; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    Feed { camera: CameraId::from_bytes(id), kind: FeedKind::Main }
}

/// The parts of a recorder that footage goes through.
struct House {
    clock: Arc<dyn Clock>,
    ledger: Ledger,
    catalog: Catalog,
    vault: Vault,
}

impl House {
    async fn open(
        data: &Path,
        clock: Arc<dyn Clock>,
    ) -> Told<(Self, Vec<(&'static str, Duration)>)> {
        let mut steps = Vec::new();
        let mut last = Instant::now();
        let mut step = |name| {
            steps.push((name, last.elapsed()));
            last = Instant::now();
        };
        let recorder = recorder_id(data)?;
        let fs: Arc<dyn Fs> = Arc::new(Disk);
        let config = LedgerConfig { folder: data.join("ledger"), recorder };
        let ledger = Ledger::open(&config, Arc::clone(&fs), Arc::clone(&clock))?;
        step("ledger");
        let catalog = Catalog::open(&data.join("catalog.sqlite3")).await?;
        step("catalog opened");
        let listed = catalog.reels().await?.into_iter().map(|row| row.reel).collect();
        step("its reels");
        let newest = catalog.newest_all(domain::WallTime::from_micros(i64::MAX)).await?;
        step("its newest footage");
        let listing = Arc::new(CatalogListing::new(catalog.clone(), clock.wall()));
        let config = VaultConfig {
            folder: data.join("vault"),
            holders: vault::HoldersConfig::default(),
            recorder,
            volumes: vec![VolumeConfig { path: data.join("volumes").join("1"), place: None }],
            clock_is_confirmed: true,
        };
        let vault = tokio::task::block_in_place(|| {
            Vault::open(&config, &fs, &clock, &ledger, &listed, listing)
        })?;
        step("vault");
        println!("{} feeds listed, {} ends not listed", newest.len(), vault.unlisted_ends().len());
        Ok((Self { clock, ledger, catalog, vault }, steps))
    }

    fn camera(&self, feed: Feed) -> Told<FeedSealer> {
        let length = Duration::from_secs(40 * 86_400);
        let sealer = self.vault.sealer().feed(feed, Retention::new(Duration::ZERO, length)?);
        sealer.set_config(CodecConfig {
            kind: Codec::H264,
            width: 1280,
            height: 720,
            record: vec![
                1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1f, 1, 0, 2, 0x68, 0xee,
            ],
        });
        Ok(sealer)
    }

    fn may_play(&self, feed: Feed, from: WallTime, to: WallTime) -> Told<Grant<PlayFootage>> {
        let ask = Ask {
            actor: Actor::Person(AccountId::from_bytes([1; 16])),
            action: Action::PlayFootage,
            target: Target::Footage { cameras: vec![feed.camera], from, to },
            purpose: Some(Purpose::new(PurposeKind::Incident, "a measurement")?),
            proposal: None,
        };
        let facts = Facts { roles: vec![Role::Manager, Role::Officer], ..Facts::nobody() };
        let permit =
            decide(ask, &facts, self.clock.wall()).map_err(|refusal| format!("{refusal:?}"))?;
        Ok(self.ledger.admit_blocking(permit)?)
    }
}

fn recorder_id(data: &Path) -> Told<RecorderId> {
    const FORM: &str = "jikim recorder v1 ";
    let path = data.join("recorder.id");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(text.trim_end().strip_prefix(FORM).ok_or("not a recorder's id")?.parse()?);
    }
    Disk.make_folder(data)?;
    let id = RecorderId::from_random(host::random_bytes());
    Disk.replace(&path, format!("{FORM}{id}\n").as_bytes())?;
    Ok(id)
}

async fn make_archive(make: &Make) -> Told<()> {
    let begun = Instant::now();
    let reels = make.days * 86_400 / REEL_S;
    let length = Duration::from_secs(make.days * 86_400 + 3600);
    let clock = TestClock::new(SystemClock.wall() - length);
    let (house, _) = House::open(&make.place.data, Arc::new(clock.clone())).await?;
    let cameras: Vec<FeedSealer> =
        (0..make.cameras).map(|number| house.camera(feed(number))).collect::<Told<_>>()?;
    let special = u64::from(make.full_reels + make.real_reels);
    for reel in 0..reels {
        let from_end = reels - reel;
        tokio::task::block_in_place(|| {
            if from_end <= u64::from(make.real_reels) {
                // As large as 2 Mbit/s: 15 frames a second, a keyframe every two.
                for second in 0..make.real_seconds {
                    real_second(&cameras, &clock, second % 2 == 0);
                    house.vault.flush();
                }
                clock.advance(Duration::from_secs(REEL_S - u64::from(make.real_seconds)));
            } else {
                let chunks = if from_end <= special { 300 } else { make.chunks };
                let apart = Duration::from_secs(REEL_S) / chunks;
                for chunk in 0..chunks {
                    cameras.iter().for_each(|camera| shoot(camera, &clock, true, apart, 64));
                    clock.advance(apart);
                    // The first opens the reel, so that it closes after five minutes as it would.
                    if chunk == 0 || chunk % 50 == 49 {
                        house.vault.flush();
                    }
                }
            }
            // The very last stays as it was written last: a kill comes before its end.
            if from_end > 1 || make.real_reels == 0 {
                house.vault.flush();
            }
            if reel % 96 == 0 {
                house.vault.settle();
                println!("{reel} of {reels} reels, {} s", begun.elapsed().as_secs());
            }
        });
    }
    tokio::task::block_in_place(|| house.vault.settle());
    println!("made in {} s; now killed", begun.elapsed().as_secs());
    std::process::exit(0);
}

fn shoot(camera: &FeedSealer, clock: &TestClock, keyframe: bool, shown: Duration, length: usize) {
    camera.push(&Frame {
        bytes: Bytes::from(vec![0x55; length]),
        keyframe,
        wall: clock.wall(),
        uncertainty_us: 1000,
        elapsed: clock.elapsed(),
        presentation_offset_us: 0,
        duration_us: u32::try_from(shown.as_micros()).unwrap_or(u32::MAX),
        connection: 1,
    });
}

fn real_second(cameras: &[FeedSealer], clock: &TestClock, begins: bool) {
    let apart = Duration::from_micros(66_667);
    for frame in 0..15 {
        let keyframe = begins && frame == 0;
        let length = if keyframe { 60_000 } else { 14_600 };
        cameras.iter().for_each(|camera| shoot(camera, clock, keyframe, apart, length));
        clock.advance(apart);
    }
}

async fn start(data: &Path) -> Told<()> {
    let begun = Instant::now();
    let (house, steps) = House::open(data, Arc::new(SystemClock)).await?;
    let camera = house.camera(feed(0))?;
    camera.push(&Frame {
        bytes: Bytes::from_static(&[0x55; 64]),
        keyframe: true,
        wall: house.clock.wall(),
        uncertainty_us: 1000,
        elapsed: house.clock.elapsed(),
        presentation_offset_us: 0,
        duration_us: 66_667,
        connection: 1,
    });
    tokio::task::block_in_place(|| house.vault.flush());
    let recording = begun.elapsed();
    if camera.status().frames != 1 {
        return Err("the frame is not durable".into());
    }
    for (name, took) in steps {
        println!("  {name}: {} ms", took.as_millis());
    }
    println!("first durable frame after {} ms", recording.as_millis());
    tokio::task::block_in_place(|| house.vault.settle());
    println!("everything found, closed and listed after {} ms", begun.elapsed().as_millis());
    close(house).await;
    Ok(())
}

/// A stream of numbers that is the same each time (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

async fn measure_seeks(seek: &Seek) -> Told<()> {
    let (house, _) = House::open(&seek.place.data, Arc::new(SystemClock)).await?;
    tokio::task::block_in_place(|| house.vault.settle());
    let reels = house.catalog.reels().await?;
    let newest = house.catalog.newest_all(domain::WallTime::from_micros(i64::MAX)).await?;
    let newest = newest.iter().filter(|(of, _)| *of != feed(0)).map(|(_, end)| *end).max();
    let newest = newest.ok_or("nothing is recorded")?;
    let first = reels.iter().map(|reel| reel.bucket_start).min().ok_or("no reels")?;
    let first = seek
        .newest_s
        .map_or(first + Duration::from_secs(3600), |s| newest - Duration::from_secs(s));
    let span_us = u64::try_from(newest.since(first).as_micros())?;
    let paths: Vec<PathBuf> = std::fs::read_dir(seek.place.data.join("volumes/1/reels"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    if seek.cold {
        rustix::fs::sync();
    }
    let mut chance = Chance(1);
    let (mut all, mut granting, mut finding, mut opening) = (vec![], vec![], vec![], vec![]);
    let mut nothing = 0;
    for _ in 0..seek.count {
        let feed = feed(u16::try_from(1 + chance.below(u64::from(seek.cameras) - 1))?);
        let at = first + Duration::from_micros(chance.below(span_us));
        if seek.cold {
            forget(&paths)?;
        }
        let begun = Instant::now();
        let grant = tokio::task::block_in_place(|| {
            house.may_play(feed, at - Duration::from_secs(60), at + Duration::from_secs(3600))
        })?;
        let granted = begun.elapsed();
        let opener = house.vault.opener();
        let reader = opener.footage(&grant);
        let place = reader.seek(feed, at)?;
        let found = begun.elapsed();
        let Some(place) = place else {
            nothing += 1;
            continue;
        };
        let chunk = reader.open(&place)?;
        if chunk.frames.is_empty() {
            return Err("a chunk without frames".into());
        }
        all.push(begun.elapsed());
        granting.push(granted);
        finding.push(found - granted);
        opening.push(begun.elapsed() - found);
    }
    println!(
        "{} seeks in {} reels, {nothing} into nothing{}",
        all.len(),
        reels.len(),
        if seek.cold { ", cold" } else { "" }
    );
    for (name, times) in
        [("grant", granting), ("seek", finding), ("open", opening), ("request to first frame", all)]
    {
        println!("  {name}: {}", percentiles(times));
    }
    println!("  resident {} MB", resident_mb());
    close(house).await;
    Ok(())
}

/// Pages of the reels leave memory; names and lengths stay known.
fn forget(paths: &[PathBuf]) -> Told<()> {
    for path in paths {
        let file = std::fs::File::open(path)?;
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
    }
    Ok(())
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |of_thousand: usize| {
        let index = (times.len() * of_thousand / 1000).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    format!("p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms", at(500), at(990), at(1000))
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1024
}

async fn check(data: &Path) -> Told<()> {
    let (house, _) = House::open(data, Arc::new(SystemClock)).await?;
    tokio::task::block_in_place(|| house.vault.settle());
    let begun = Instant::now();
    let report = tokio::task::block_in_place(|| house.vault.check());
    let took = begun.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "a figure to be read")]
    let rate = report.bytes as f64 / took / 1e9;
    println!(
        "{} reels, {} records, {} bytes in {took:.2} s: {rate:.2} GB/s, {} faults",
        report.reels,
        report.records,
        report.bytes,
        report.faults.len()
    );
    report
        .faults
        .iter()
        .take(5)
        .for_each(|fault| println!("  {}: {}", fault.path.display(), fault.what));
    close(house).await;
    Ok(())
}

async fn rebuild(data: &Path) -> Told<()> {
    for end in ["", "-wal", "-shm"] {
        let path = data.join(format!("catalog.sqlite3{end}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    let begun = Instant::now();
    let (house, steps) = House::open(data, Arc::new(SystemClock)).await?;
    for (name, took) in steps {
        println!("  {name}: {} ms", took.as_millis());
    }
    tokio::task::block_in_place(|| house.vault.settle());
    house.catalog.rebuild_finish().await?;
    let took = begun.elapsed().as_secs_f64();
    let report = house.catalog.check().await?;
    println!("{} rows of {} reels listed in {took:.1} s", report.reel_feeds, report.reels);
    close(house).await;
    Ok(())
}

async fn close(house: House) {
    tokio::task::block_in_place(|| {
        house.vault.close();
        house.ledger.close();
    });
    house.catalog.close().await;
}
