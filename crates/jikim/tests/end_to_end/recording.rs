//! Recording: what a death of the process may cost, and what an outage of a camera must declare.

use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::Value;

use crate::house::{FPS, House, Seen, Web, camera, cameras, is_long};

const MAY_BE_LOST_US: i64 = 2_000_000;

fn now() -> WallTime {
    SystemClock.wall()
}

fn micros(time: &Value) -> i64 {
    time.as_str().unwrap().parse::<WallTime>().unwrap().as_micros()
}

/// One death of the process.
#[derive(Debug)]
struct Kill {
    /// When the signal went out: what was lost counts from here.
    sent_us: i64,
    /// When the process was gone. One that waits for the disk goes only when the disk has answered.
    gone_us: i64,
    /// The slowest answer of the disk in the seconds before. What waits for the disk is not written
    /// yet, so it may be lost beside the two seconds: by the sync under way, and by the one after.
    slowest_sync_us: i64,
    /// Frames of each camera that the status called durable before.
    durable: Vec<u64>,
}

/// Asks the disk below a folder, twenty times a second, how long it takes to make one page durable.
struct DiskProbe {
    answers: Arc<Mutex<Vec<(i64, i64)>>>,
    ends: Arc<AtomicBool>,
}

impl DiskProbe {
    fn of(path: PathBuf) -> Self {
        let probe = Self { answers: Arc::default(), ends: Arc::default() };
        let (answers, ends) = (Arc::clone(&probe.answers), Arc::clone(&probe.ends));
        std::thread::spawn(move || {
            let file = std::fs::File::create(path).unwrap();
            while !ends.load(Ordering::Relaxed) {
                let began = Instant::now();
                file.write_all_at(&[0x5a; 4096], 0).unwrap();
                file.sync_data().unwrap();
                let took_us = i64::try_from(began.elapsed().as_micros()).unwrap();
                answers.lock().unwrap().push((now().as_micros(), took_us));
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        probe
    }

    /// The slowest answer that came after this time.
    fn slowest_us_since(&self, from_us: i64) -> i64 {
        let answers = self.answers.lock().unwrap();
        answers.iter().filter(|(at, _)| *at >= from_us).map(|(_, took)| *took).max().unwrap_or(0)
    }
}

impl Drop for DiskProbe {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

/// Holds what one camera kept against the kills: `Err` says what was lost that may not be.
fn judge(seen: &Seen, camera: usize, kills: &[Kill]) -> Result<(), String> {
    if seen.twice > 0 {
        return Err(format!("{} frames came twice", seen.twice));
    }
    for kill in kills {
        let before = seen.frames.values().filter(|wall_us| **wall_us <= kill.gone_us);
        let (count, last) = (before.clone().count() as u64, before.max().copied());
        if count < kill.durable[camera] {
            let durable = kill.durable[camera];
            return Err(format!("{durable} frames were durable, {count} are left at {kill:?}"));
        }
        let lost_us = kill.sent_us - last.unwrap_or(0);
        if lost_us > MAY_BE_LOST_US + 2 * kill.slowest_sync_us {
            return Err(format!("{lost_us} µs before the kill are lost: {kill:?}"));
        }
    }
    let pairs = seen.frames.iter().zip(seen.frames.iter().skip(1));
    for ((counter, wall_us), (next, next_wall_us)) in pairs {
        let is_at_a_kill =
            kills.iter().any(|k| *wall_us <= k.gone_us && k.sent_us <= *next_wall_us);
        if counter + 1 != *next && !is_at_a_kill {
            let hole = format!("{counter} to {next}, {wall_us} to {next_wall_us} µs");
            return Err(format!("frames {hole}, are lost without a kill: {kills:?}"));
        }
    }
    Ok(())
}

/// The hole of each kill is declared, from the last frame before it to a time after it.
fn declared(gaps: &Value, seen: &Seen, kills: &[Kill]) -> Result<(), String> {
    for kill in kills {
        let last = seen.frames.values().filter(|wall_us| **wall_us <= kill.gone_us).max().unwrap();
        let fits = |gap: &&Value| {
            gap["cause"] == "recorder-stopped"
                && (micros(&gap["from"]) - last).abs() <= 500_000
                && micros(&gap["to"]) >= kill.gone_us
        };
        gaps.as_array()
            .unwrap()
            .iter()
            .find(fits)
            .ok_or_else(|| format!("no gap is declared from {last} for {kill:?}: {gaps}"))?;
    }
    Ok(())
}

#[test]
fn r1_sigkill_costs_two_seconds_at_most_and_no_acknowledged_entry() {
    const CAMERAS: usize = 4;
    let sim = cameras((0..CAMERAS).map(camera).collect());
    let mut house = House::run();
    let began = now();
    let add = |i: usize| house.add_camera(&format!("카메라 {i}"), &sim.url(i), &[]);
    let ids: Vec<String> = (0..CAMERAS).map(add).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut web = house.claim("manager");
    let disk = DiskProbe::of(house.beside("probe"));
    let (mut kills, mut up_to) = (Vec::new(), String::new());
    for _ in 0..if is_long() { 30 } else { 3 } {
        ids.iter().for_each(|id| house.wait_for_frames(id, house.frames(id) + 20));
        let [low, high] = host::random_bytes::<2>();
        let wait_ms = u64::from(u16::from_be_bytes([low, high]) % 2000);
        std::thread::sleep(Duration::from_millis(wait_ms));
        let acknowledged = web.ledger(200);
        let durable = ids.iter().map(|id| house.frames(id)).collect();
        let sent_us = now().as_micros();
        house.kill();
        let gone_us = now().as_micros();
        let slowest_sync_us = disk.slowest_us_since(sent_us - 4_000_000);
        kills.push(Kill { sent_us, gone_us, slowest_sync_us, durable });
        house.start(&[]);
        up_to = now().to_string();
        web = house.sign_in("manager");
        assert_entries_are_there(&web, &acknowledged);
    }
    // A hole is declared with the first frame after it.
    ids.iter().for_each(|id| house.wait_for_frames(id, house.frames(id) + 15));
    drop(disk);
    let footage = web.footage(&ids, &began.to_string(), &up_to);
    for (i, seen) in footage.iter().enumerate() {
        judge(seen, i, &kills).unwrap();
        declared(&house.camera(ids[i])["gaps"], seen, &kills).unwrap();
    }
    assert_eq!(house.cli(&["check", "--json"]).json()["ok"], true);
}

/// Entries that were read before a kill are the same after it.
#[track_caller]
fn assert_entries_are_there(web: &Web, acknowledged: &[Value]) {
    assert!(acknowledged.iter().any(|entry| entry["action"] == "session.sign-in"));
    let there = web.ledger(200);
    for entry in acknowledged {
        let (year, number) = (&entry["year"], &entry["number"]);
        let same = |e: &&Value| e["year"] == *year && e["number"] == *number;
        let kept = there.iter().find(same).cloned().unwrap_or_else(|| {
            let mut kept = web.get(&format!("/api/v1/ledger/{year}/{number}"));
            assert_eq!(kept.status, 200, "an acknowledged entry is gone: {entry}");
            kept.body["entry"].take()
        });
        let facts = |e: &Value| (e["kind"].clone(), e["time"].clone(), e["action"].clone());
        assert_eq!(facts(&kept), facts(entry));
    }
}

#[test]
fn r1_control_a_recorder_that_held_ten_seconds_in_memory_would_be_caught() {
    let frame_us = 1_000_000 / i64::from(FPS);
    let frames = |until_us: i64| {
        let times = (0..).map(|n: u64| (n, i64::try_from(n).unwrap() * frame_us));
        Seen { frames: times.take_while(|(_, us)| *us <= until_us).collect(), ..Seen::default() }
    };
    let kill = |durable| {
        let durable = vec![durable];
        [Kill { sent_us: 60_000_000, gone_us: 60_100_000, slowest_sync_us: 10_000, durable }]
    };
    let kills = kill(700);
    judge(&frames(59_000_000), 0, &kills).unwrap();
    assert!(judge(&frames(50_000_000), 0, &kills).unwrap_err().contains("before the kill"));
    // A frame that was called durable, or one in the middle, may never be lost.
    assert!(judge(&frames(59_000_000), 0, &kill(2000)).is_err());
    let mut holed = frames(59_000_000);
    holed.frames.remove(&300);
    assert!(judge(&holed, 0, &kills).unwrap_err().contains("without a kill"));
    assert!(declared(&serde_json::json!([]), &frames(59_000_000), &kills).is_err());
}

#[test]
fn r9_an_outage_is_declared_with_its_cause_and_no_time_is_missing() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let began = now();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 30);
    sim.stop_camera(0);
    std::thread::sleep(Duration::from_secs(4));
    let during = house.camera(&id);
    assert_eq!(during["gaps"].as_array().unwrap().last().unwrap()["to"], Value::Null, "{during}");
    assert_ne!(during["state"], "recording");
    sim.start_camera(0);
    house.wait_for_frames(&id, house.frames(&id) + 45);

    let web = house.claim("manager");
    let seen = &web.footage(&[&id], &began.to_string(), &now().to_string())[0];
    let gaps = house.camera(&id)["gaps"].as_array().unwrap().clone();
    assert!(gaps.iter().any(|gap| gap["cause"] == "camera-unreachable"), "{gaps:?}");
    let (first, last) = (seen.frames.values().min().unwrap(), seen.frames.values().max().unwrap());
    let frame_us = 1_000_000 / i64::from(FPS);
    let recorded_us = i64::try_from(seen.frames.len()).unwrap() * frame_us;
    let length = |gap: &Value| micros(&gap["to"]).min(*last) - micros(&gap["from"]).max(*first);
    let declared_us: i64 = gaps.iter().map(length).map(|length| length.max(0)).sum();
    assert!(declared_us > 3_000_000, "{gaps:?}");
    let missing_us = (last - first + frame_us) - recorded_us - declared_us;
    assert!(
        missing_us.abs() <= 500_000,
        "{missing_us} µs are neither recorded nor declared: {gaps:?}"
    );
}
