//! What proof costs: intents beside reels that are written, and the destruction of keys.
//!
//! ```text
//! cargo run --release -p jikim --example proof -- intents --data DIR
//! cargo run --release -p jikim --example proof -- rotate --data DIR
//! cargo run --release -p jikim --example proof -- day --data DIR --gigabytes 16
//! ```
//!
//! `DIR` is made, and holds a ledger and a vault of their own. What is real: ledger, keys, reels,
//! syncs, at the speed of the clock. What is not: the pictures, which are filler of the size of
//! 2 Mbit/s, and of `rotate` and `day` the time in which the archive was made.
#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

use std::collections::HashSet;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use domain::{
    AccountId, Action, Actor, CameraId, Feed, FeedKind, GapCause, Purpose, PurposeKind, RecorderId,
    ReelId, Retention, Role, SystemActor, WallTime,
};
use host::{Clock, Disk, Fs, SystemClock};
use ledger::act::{DestroyExpired, PlayFootage};
use ledger::{Ledger, LedgerConfig};
use rules::{Ask, Facts, Target, decide};
use testkit::TestClock;
use vault::{
    ClosedReel, Codec, CodecConfig, FeedSealer, Frame, Listing, Vault, VaultConfig, VolumeConfig,
};

type Told<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const HOUR: Duration = Duration::from_secs(3600);
/// Frames of 2 Mbit/s: 15 a second, a keyframe every two.
const FRAME: Duration = Duration::from_micros(66_667);

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How long an intent takes to be durable beside cameras that are recorded, and how many a
    /// second there can be, beside SQLite's durable commits.
    Intents(Intents),
    /// How long a rotation takes, with how much kept, while it records.
    Rotate(Rotate),
    /// How long destroying a day takes, by how large it is.
    Day(Day),
}

#[derive(clap::Args)]
struct Intents {
    #[arg(long)]
    data: PathBuf,
    #[arg(long, default_value_t = 200)]
    cameras: u16,
    /// Of each part.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Intents a second in the first part.
    #[arg(long, default_value_t = 100)]
    pace: u32,
    /// Threads that ask as fast as they are answered in the second part.
    #[arg(long, default_value_t = 64)]
    people: u32,
}

#[derive(clap::Args)]
struct Rotate {
    #[arg(long)]
    data: PathBuf,
    #[arg(long, default_value_t = 200)]
    cameras: u16,
    #[arg(long, default_value_t = 30)]
    days: u32,
    #[arg(long, default_value_t = 5)]
    rotations: u32,
}

#[derive(clap::Args)]
struct Day {
    #[arg(long)]
    data: PathBuf,
    #[arg(long, default_value_t = 1)]
    gigabytes: u64,
    /// The reels have holes instead of blocks.
    #[arg(long)]
    sparse: bool,
}

fn main() -> Told<()> {
    match Arguments::parse().command {
        Command::Intents(asked) => intents(&asked),
        Command::Rotate(asked) => rotate(&asked),
        Command::Day(asked) => day(&asked),
    }
}

/// Counts gaps, and remembers nothing.
#[derive(Default)]
struct Gaps(AtomicU64);

impl Listing for Gaps {
    fn reel_closed(&self, _: &ClosedReel) {}
    fn reel_gone(&self, _: ReelId) {}
    fn gap(&self, _: Feed, _: WallTime, _: WallTime, _: GapCause, _: u64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A recorder without cameras, people and pages.
struct House {
    clock: Arc<dyn Clock>,
    ledger: Ledger,
    vault: Vault,
    gaps: Arc<Gaps>,
    reels: PathBuf,
}

impl House {
    fn make(data: &Path, clock: Arc<dyn Clock>) -> Told<Self> {
        std::fs::create_dir(data)?;
        let fs: Arc<dyn Fs> = Arc::new(Disk);
        let recorder = RecorderId::from_random(host::random_bytes());
        let config = LedgerConfig { folder: data.join("ledger"), recorder };
        let ledger = Ledger::open(&config, Arc::clone(&fs), Arc::clone(&clock))?;
        let config = VaultConfig {
            folder: data.join("vault"),
            holders: vault::HoldersConfig::default(),
            recorder,
            volumes: vec![VolumeConfig { path: data.join("volume"), place: None }],
            clock_is_confirmed: true,
        };
        let gaps = Arc::new(Gaps::default());
        let listing = Arc::clone(&gaps) as Arc<dyn Listing>;
        let vault = Vault::open(&config, &fs, &clock, &ledger, &HashSet::new(), listing)?;
        Ok(Self { clock, ledger, vault, gaps, reels: data.join("volume/reels") })
    }

    fn cameras(&self, count: u16, kept: Duration) -> Told<Vec<FeedSealer>> {
        let camera = |number: u16| -> Told<FeedSealer> {
            let mut id = [0x77; 16];
            id[..2].copy_from_slice(&number.to_be_bytes());
            let feed = Feed { camera: CameraId::from_bytes(id), kind: FeedKind::Main };
            let sealer = self.vault.sealer().feed(feed, Retention::new(Duration::ZERO, kept)?);
            sealer.set_config(CodecConfig {
                kind: Codec::H264,
                width: 1280,
                height: 720,
                record: vec![
                    1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1f, 1, 0, 2, 0x68, 0xee,
                ],
            });
            Ok(sealer)
        };
        (0..count).map(camera).collect()
    }

    /// One intent, durable; how long that took.
    fn intend(&self) -> Told<Duration> {
        let now = self.clock.wall();
        let cameras = vec![CameraId::from_bytes([0x77; 16])];
        let ask = Ask {
            actor: Actor::Person(AccountId::from_bytes([1; 16])),
            action: Action::PlayFootage,
            target: Target::Footage { cameras, from: now - HOUR, to: now },
            purpose: Some(Purpose::new(PurposeKind::Incident, "a measurement")?),
            proposal: None,
        };
        let facts = Facts { roles: vec![Role::Manager, Role::Officer], ..Facts::nobody() };
        let permit = decide(ask, &facts, now).map_err(|refusal| format!("{refusal:?}"))?;
        let begun = Instant::now();
        let grant = self.ledger.admit_blocking::<PlayFootage>(permit)?;
        let took = begun.elapsed();
        drop(grant);
        Ok(took)
    }

    /// What the retention does once an hour; how long it took, from the intent on.
    fn destroy_expired(&self) -> Told<(Duration, vault::RotationReport)> {
        let ask = Ask {
            actor: Actor::System(SystemActor::Retention),
            action: Action::DestroyExpired,
            target: Target::House,
            purpose: None,
            proposal: None,
        };
        let permit = decide(ask, &Facts::nobody(), self.clock.wall())
            .map_err(|refusal| format!("{refusal:?}"))?;
        let begun = Instant::now();
        let grant = self.ledger.admit_blocking::<DestroyExpired>(permit)?;
        let report = self.vault.rotate(&grant)?;
        Ok((begun.elapsed(), report))
    }

    fn frames_lost(&self) -> u64 {
        self.vault.sealer().statuses().iter().map(|(_, status)| status.frames_lost).sum()
    }

    fn frames(&self) -> u64 {
        self.vault.sealer().statuses().iter().map(|(_, status)| status.frames).sum()
    }
}

/// Every camera films a picture each fifteenth of a second until told to stop.
fn film(cameras: &[FeedSealer], clock: &dyn Clock, stop: &AtomicBool) {
    let filler = vec![0x55; 60_000];
    let begun = Instant::now();
    for number in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        for (index, camera) in cameras.iter().enumerate() {
            let keyframe = (number as usize + index).is_multiple_of(30);
            let length = if keyframe { 60_000 } else { 15_100 };
            shoot(camera, clock, keyframe, &filler[..length]);
        }
        std::thread::sleep((FRAME * (number + 1)).saturating_sub(begun.elapsed()));
    }
}

fn shoot(camera: &FeedSealer, clock: &dyn Clock, keyframe: bool, bytes: &[u8]) {
    camera.push(&Frame {
        bytes,
        keyframe,
        wall: clock.wall(),
        uncertainty_us: 1000,
        elapsed: clock.elapsed(),
        presentation_offset_us: 0,
        duration_us: 66_667,
        connection: 1,
    });
}

fn intents(asked: &Intents) -> Told<()> {
    let house = House::make(&asked.data, Arc::new(SystemClock))?;
    println!("without cameras:");
    measure_intents(&house, asked)?;
    let cameras = house.cameras(asked.cameras, 30 * 24 * HOUR)?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| -> Told<()> {
        scope.spawn(|| film(&cameras, &*house.clock, &stop));
        std::thread::sleep(Duration::from_secs(5));
        println!("beside {} cameras of 2 Mbit/s:", asked.cameras);
        let measured = measure_intents(&house, asked);
        stop.store(true, Ordering::Relaxed);
        measured
    })?;
    house.vault.flush();
    let (frames, lost) = (house.frames(), house.frames_lost());
    println!("{frames} frames durable, {lost} lost, {} gaps", house.gaps.0.load(Ordering::Relaxed));
    house.vault.close();
    Ok(())
}

fn measure_intents(house: &House, asked: &Intents) -> Told<()> {
    let length = Duration::from_secs(asked.seconds);
    let (at_pace, syncs) = std::thread::scope(|scope| -> Told<_> {
        let syncs = scope.spawn(|| bare_syncs(&asked.data, length));
        let at_pace = at_pace(house, asked.pace, length)?;
        Ok((at_pace, syncs.join().map_err(|_| "the disk was not measured")??))
    })?;
    println!("  intent, {} a second: {}", asked.pace, percentiles(at_pace));
    println!("  4 KiB and fdatasync, 50 a second: {}", percentiles(syncs));
    let answered = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| -> Told<()> {
        let ask = || -> Told<()> {
            while begun.elapsed() < length {
                house.intend()?;
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        };
        let all: Vec<_> = (0..asked.people).map(|_| scope.spawn(ask)).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| "a thread ended")?)
    })?;
    let rate = per_second(answered.into_inner(), begun.elapsed());
    println!("  {} at once: {rate} intents a second, and their outcomes", asked.people);
    println!("  SQLite, WAL, synchronous=FULL: {} commits a second", sqlite(&asked.data, length)?);
    Ok(())
}

fn at_pace(house: &House, pace: u32, length: Duration) -> Told<Vec<Duration>> {
    const PEOPLE: u32 = 8;
    let apart = Duration::from_secs(1) * PEOPLE / pace;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let person = |number: u32| {
            scope.spawn(move || -> Told<Vec<Duration>> {
                let mut times = Vec::new();
                let mut next = apart * number / PEOPLE;
                while next < length {
                    std::thread::sleep(next.saturating_sub(begun.elapsed()));
                    times.push(house.intend()?);
                    next += apart;
                }
                Ok(times)
            })
        };
        let all: Vec<_> = (0..PEOPLE).map(person).collect();
        let mut times = Vec::new();
        for one in all {
            times.extend(one.join().map_err(|_| "a thread ended")??);
        }
        Ok(times)
    })
}

/// What the disk itself takes to make a page durable.
fn bare_syncs(data: &Path, length: Duration) -> Told<Vec<Duration>> {
    let file = std::fs::File::create(data.join("bare"))?;
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < length {
        let one = Instant::now();
        file.write_all_at(&[1; 4096], times.len() as u64 * 4096)?;
        file.sync_data()?;
        times.push(one.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(times)
}

/// SQLite as Python brings it, one row of 200 bytes a commit.
fn sqlite(data: &Path, length: Duration) -> Told<u64> {
    const SCRIPT: &str = r"
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('PRAGMA journal_mode=WAL')
db.execute('PRAGMA synchronous=FULL')
db.execute('CREATE TABLE IF NOT EXISTS entry (n INTEGER PRIMARY KEY, what BLOB)')
count, end, row = 0, time.monotonic() + float(sys.argv[2]), b'x' * 200
while time.monotonic() < end:
    db.execute('INSERT INTO entry (what) VALUES (?)', (row,))
    count += 1
print(int(count / float(sys.argv[2])))
";
    let output = std::process::Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(data.join("peer.sqlite3"))
        .arg(length.as_secs().to_string())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn rotate(asked: &Rotate) -> Told<()> {
    let kept = 24 * HOUR * asked.days;
    let clock = TestClock::new(SystemClock.wall() - kept);
    let house = House::make(&asked.data, Arc::new(clock.clone()))?;
    let cameras = house.cameras(asked.cameras, kept)?;
    for _ in 0..asked.days * 24 - 2 {
        cameras.iter().for_each(|camera| shoot(camera, &clock, true, &[0x55; 64]));
        house.vault.flush();
        clock.advance(HOUR);
    }
    house.vault.settle();
    println!("{} buckets are kept", house.vault.status().buckets);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| -> Told<()> {
        scope.spawn(|| film(&cameras, &clock, &stop));
        scope.spawn(|| go_by(&clock, &stop));
        let measured = (0..asked.rotations).try_for_each(|_| {
            std::thread::sleep(Duration::from_secs(4));
            // Another hour is due.
            clock.advance(HOUR);
            std::thread::sleep(Duration::from_secs(1));
            let lost = house.frames_lost();
            let (took, report) = house.destroy_expired()?;
            std::thread::sleep(Duration::from_secs(2));
            println!(
                "  {} buckets destroyed of {} in {} ms, {} reels; {} frames lost",
                report.buckets,
                house.vault.status().buckets + report.buckets,
                took.as_millis(),
                report.reels,
                house.frames_lost() - lost
            );
            Ok(())
        });
        stop.store(true, Ordering::Relaxed);
        measured
    })?;
    house.vault.close();
    Ok(())
}

/// Time goes by as it does.
fn go_by(clock: &TestClock, stop: &AtomicBool) {
    let mut last = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(2));
        let now = Instant::now();
        clock.advance(now - last);
        last = now;
    }
}

fn day(asked: &Day) -> Told<()> {
    let kept = 30 * 24 * HOUR;
    let clock = TestClock::new(SystemClock.wall() - kept);
    let house = House::make(&asked.data, Arc::new(clock.clone()))?;
    let cameras = house.cameras(20, kept)?;
    for _ in 0..24 * 12 {
        cameras.iter().for_each(|camera| shoot(camera, &clock, true, &[0x55; 64]));
        house.vault.flush();
        clock.advance(HOUR / 12);
    }
    clock.advance(HOUR);
    house.vault.flush();
    house.vault.settle();
    let bytes = grow(&house.reels, asked)?;
    clock.advance(kept);
    house.vault.hear_time("this program", clock.wall());
    let (took, report) = house.destroy_expired()?;
    println!(
        "{} buckets and {} reels of {} GB{} destroyed in {} ms",
        report.buckets,
        report.reels,
        (bytes + 500_000_000) / 1_000_000_000,
        if asked.sparse { ", sparse," } else { "" },
        took.as_millis()
    );
    house.vault.close();
    Ok(())
}

/// Gives the reels the size of a day's: with blocks of the disk, or with holes.
fn grow(reels: &Path, asked: &Day) -> Told<u64> {
    let paths: Vec<PathBuf> = std::fs::read_dir(reels)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    let each = asked.gigabytes * 1_000_000_000 / paths.len().max(1) as u64;
    for path in &paths {
        let mut file = std::fs::OpenOptions::new().append(true).open(path)?;
        if asked.sparse {
            file.set_len(each)?;
        } else {
            rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, each)?;
        }
        file.flush()?;
    }
    Ok(each * paths.len() as u64)
}

fn per_second(count: u64, length: Duration) -> u64 {
    count * 1000 / u64::try_from(length.as_millis()).unwrap_or(u64::MAX).max(1)
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |of_thousand: usize| {
        let index = (times.len() * of_thousand / 1000).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    format!("p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms", at(500), at(990), at(1000))
}
