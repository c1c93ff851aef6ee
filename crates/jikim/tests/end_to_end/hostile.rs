//! Cameras that do everything wrong: what that may cost the others (R10), and the recorder with time
//! (R12).

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::SimFault;

use crate::house::{FPS, House, camera, cameras, is_long, wait_until};

const MIB: u64 = 1 << 20;

/// What the system says of the recorder's process.
#[derive(Debug, Clone, Copy)]
struct Cost {
    at: Instant,
    cpu_s: f64,
    resident_bytes: u64,
    open_files: usize,
}

fn cost(house: &House) -> Cost {
    let of = |name: &str| format!("/proc/{}/{name}", house.pid());
    let stat = std::fs::read_to_string(of("stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    // Counted from behind the name: user and system time are fields 14 and 15, in hundredths.
    let ticks = fields.split_whitespace().skip(11).take(2).map(|word| word.parse::<f64>().unwrap());
    let status = std::fs::read_to_string(of("status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let resident_kib: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    Cost {
        at: Instant::now(),
        cpu_s: ticks.sum::<f64>() / 100.0,
        resident_bytes: resident_kib * 1024,
        open_files: std::fs::read_dir(of("fd")).unwrap().count(),
    }
}

fn number(camera: &Value, field: &str) -> u64 {
    camera[field].as_u64().unwrap()
}

/// Whether a camera was recorded as if nothing had happened, between two readings of its status.
fn judge(before: &Value, after: &Value, passed: Duration) -> Result<(), String> {
    if number(after, "frames_lost") > 0 || after["gaps"] != serde_json::json!([]) {
        return Err(format!("it lost pictures: {after}"));
    }
    let frames = number(after, "frames_recorded") - number(before, "frames_recorded");
    // What is durable at a reading is up to two seconds old.
    let due = (passed.as_secs_f64() - 2.5) * f64::from(FPS);
    if (frames as f64) < due {
        return Err(format!("{frames} frames in {passed:?}, {due:.0} were due"));
    }
    Ok(())
}

#[test]
fn r10_one_hostile_camera_harms_only_itself() {
    const GOOD: usize = 15;
    let each = if is_long() { Duration::from_secs(300) } else { Duration::from_secs(8) };
    let sim = cameras((0..=GOOD).map(camera).collect());
    let mut house = House::run();
    let add = |i: usize| house.add_camera(&format!("카메라 {i}"), &sim.url(i), &[]);
    let ids: Vec<String> = (0..=GOOD).map(add).collect();
    ids.iter().for_each(|id| house.wait_for_frames(id, 30));
    let status = |house: &House| ids.iter().map(|id| house.camera(id)).collect::<Vec<_>>();

    for fault in [SimFault::Flood, SimFault::GarbageRtp(1.0), SimFault::GarbageRtsp] {
        let (before, calm) = (status(&house), cost(&house));
        sim.set_fault(GOOD, fault.clone()).unwrap();
        let began = Instant::now();
        let mut most_bytes = 0;
        while began.elapsed() < each {
            std::thread::sleep(Duration::from_millis(250));
            most_bytes = most_bytes.max(cost(&house).resident_bytes);
        }
        let (after, passed, now) = (status(&house), began.elapsed(), cost(&house));
        for camera in 0..GOOD {
            if let Err(harm) = judge(&before[camera], &after[camera], passed) {
                panic!("{fault:?} of another camera harmed camera {camera}: {harm}");
            }
        }
        // The control: the same judge finds the harm where it is.
        assert!(judge(&before[GOOD], &after[GOOD], passed).is_err(), "{fault:?}: {}", after[GOOD]);
        let grown = most_bytes.saturating_sub(calm.resident_bytes);
        assert!(grown <= 64 * MIB, "{fault:?}: {} MiB more", grown / MIB);
        let cores = (now.cpu_s - calm.cpu_s) / (now.at - calm.at).as_secs_f64();
        eprintln!("{fault:?}: {} MiB more, {cores:.2} cores", grown / MIB);
        assert!(cores <= 1.0, "{fault:?} costs {cores:.2} cores");
        sim.clear_faults(GOOD);
        let recorded = number(&after[GOOD], "frames_recorded");
        house.wait_for_frames(&ids[GOOD], recorded + 30);
    }
    house.assert_running();
}

#[test]
fn r12_faults_in_turn_leave_nothing_behind() {
    const CAMERAS: usize = 4;
    let length = if is_long() { Duration::from_secs(3600) } else { Duration::from_secs(20) };
    let sim = cameras((0..CAMERAS).map(camera).collect());
    let mut house = House::run();
    let add = |i: usize| house.add_camera(&format!("카메라 {i}"), &sim.url(i), &[]);
    let ids: Vec<String> = (0..CAMERAS).map(add).collect();
    let faults = [
        SimFault::Drop(0.05),
        SimFault::Stall,
        SimFault::GarbageRtp(0.5),
        SimFault::Reboot { down_s: 1 },
        SimFault::GarbageRtsp,
        SimFault::Flood,
    ];
    let round = |house: &House, number: usize| {
        let (index, fault) = (number % CAMERAS, &faults[number % faults.len()]);
        sim.set_fault(index, fault.clone()).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        sim.clear_faults(index);
        let recorded = house.frames(&ids[index]);
        let what = format!("camera {index} is recorded again after {fault:?}");
        wait_until(&what, Duration::from_secs(60), || house.frames(&ids[index]) > recorded + 15);
    };
    // Each fault once, and in the hour five minutes of them: buffers have then grown to what they
    // need, and the first reels were closed.
    let (warm, mut rounds) = (Instant::now(), 0);
    while rounds < faults.len() || warm.elapsed() < length / 12 {
        round(&house, rounds);
        rounds += 1;
    }
    let (before, began) = (cost(&house), Instant::now());
    let mut told = began;
    while began.elapsed() < length {
        round(&house, rounds);
        rounds += 1;
        if told.elapsed() >= length / 12 {
            told = Instant::now();
            eprintln!("after {rounds} faults {} MiB", cost(&house).resident_bytes / MIB);
        }
    }
    let after = cost(&house);
    eprintln!("{rounds} faults in {:?}: {before:?}, {after:?}", began.elapsed());
    // One more while a camera connects, and one for the command line that asks.
    assert!(after.open_files <= before.open_files + 3, "{before:?} {after:?}");
    let grown = after.resident_bytes.saturating_sub(before.resident_bytes);
    assert!(grown <= 16 * MIB, "{} MiB more: {before:?} {after:?}", grown / MIB);
    house.assert_running();
}
