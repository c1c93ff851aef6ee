//! K2, R8: a clock that is wrong destroys nothing early, and what it dated is neither kept for
//! years nor gone the moment it is right.

use std::sync::Arc;

use domain::{GapCause, WallTime};
use host::{Clock as _, Disk};
use ledger::Kind;
use testkit::TestClock;

use crate::house::{Camera, DAY, HOUR, House, Place, Start, retention, seconds};
use crate::keys;

const NOON: &str = "2026-11-21T12:00:00Z";

/// A recorder that filmed a second of thirty days' retention.
fn filmed() -> (Place, TestClock, House, Camera) {
    let (place, clock) = (Place::new(), TestClock::at(NOON));
    let house = House::new(&place, &clock);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    (place, clock, house, camera)
}

fn wrong_times() -> [WallTime; 4] {
    let noon: WallTime = NOON.parse().unwrap();
    [noon + 3653 * DAY, noon + 29 * DAY, noon - HOUR, WallTime::EPOCH + 10 * DAY]
}

fn frozen(house: &House) -> Option<String> {
    house.vault.status().destruction.frozen
}

/// The control of every test here: by the wall clock alone, it would be due.
fn would_be_due(clock: &TestClock, camera: &Camera) -> bool {
    let start = camera.filmed[0].0.floor(HOUR);
    retention(30 * DAY).expires_at(start) < clock.wall() + HOUR
}

#[test]
fn k2_r8_a_clock_that_is_set_freezes_destruction_until_it_is_right() {
    for (index, wrong) in wrong_times().into_iter().enumerate() {
        let (_place, clock, house, mut camera) = filmed();
        let right = clock.wall();
        clock.set_wall(wrong);
        house.vault.flush();
        assert!(frozen(&house).unwrap().contains("was set"), "{wrong}");
        // The control: whoever trusts the wall clock destroys now.
        assert_eq!(would_be_due(&clock, &camera), index == 0);
        assert_eq!(house.rotate_now().unwrap().buckets, 0);
        assert!(!house.vault.is_destruction_due());
        camera.film_a_second();
        house.vault.flush();
        house.vault.settle();
        let entries = house.ledger.entries(house.ledger.status().year, None, 1000).unwrap();
        let steps: Vec<i64> = entries
            .iter()
            .filter_map(|(_, entry)| match entry.kind {
                Kind::ClockStep { step_us } => Some(step_us),
                _ => None,
            })
            .collect();
        assert_eq!(steps, [wrong.as_micros() - right.as_micros()]);

        // Both can be seen, under the time that the clock showed.
        for (wall, bytes) in [camera.filmed[0].clone(), camera.filmed[2].clone()] {
            let seen = house.seen(camera.feed, wall, wall + seconds(1));
            assert_eq!(seen[0], (wall, bytes), "{wrong}");
        }
        clock.set_wall(right + seconds(1));
        house.vault.flush();
        assert_eq!(frozen(&house), None);
        assert_eq!(house.rotate_now().unwrap().buckets, 0);
        clock.advance(30 * DAY);
        // What was filmed while it was wrong goes with the rest, not years later.
        assert_eq!(house.rotate_now().unwrap().buckets, 2, "{wrong}");
        assert!(keys::buckets(&house.root).is_empty());
        house.close();
    }
}

#[test]
fn r9_a_gap_under_a_slow_clock_is_there_when_it_is_right() {
    let (place, clock, house, mut camera) = filmed();
    let right = clock.wall();
    clock.set_wall(right - 400 * DAY);
    house.vault.flush();
    let from = clock.wall();
    camera.sealer.declare_gap(from, from + seconds(1), GapCause::CameraSilent, 0);
    camera.film_a_second();
    house.vault.flush();
    house.close();
    clock.set_wall(right + seconds(5));
    // The catalog is lost too, so that nothing but a reel knows of it.
    let house = House::new(&place, &clock);
    house.rotate_now().unwrap();
    let reels = house.listed.reels.lock().unwrap();
    let gaps = reels.values().flat_map(|reel| &reel.gaps).filter(|(_, gap)| gap.start == from);
    assert_eq!(gaps.count(), 1);
    drop(reels);
    house.close();
}

#[test]
fn k2_small_steps_do_not_add_up() {
    let (_place, clock, house, camera) = filmed();
    let noon = clock.wall();
    for step in 1..60u32 {
        clock.set_wall(noon + seconds(50) * step);
        let _ = house.vault.is_destruction_due();
        clock.advance(seconds(1));
    }
    assert!(frozen(&house).is_some(), "fifty minutes in a minute are no drift");
    // A drift that NTP makes is followed.
    clock.set_wall(noon + seconds(59));
    assert_eq!(frozen(&house), None);
    for _ in 0..60 {
        clock.advance(30 * 60 * seconds(1));
        clock.set_wall(clock.wall() + seconds(1) / 2);
        let _ = house.vault.is_destruction_due();
    }
    assert_eq!(frozen(&house), None);
    assert_eq!(camera.sealer.status().frames, 2);
    house.close();
}

fn reopen(place: &Place, clock: &TestClock, clock_is_confirmed: bool) -> House {
    let start = Start { clock_is_confirmed, ..Start::default() };
    House::open(place, Arc::new(Disk), clock, start).unwrap()
}

#[test]
fn k2_a_restart_in_the_same_boot_does_not_launder_a_wrong_clock() {
    for wrong in wrong_times() {
        let (place, clock, house, _) = filmed();
        let right = clock.wall();
        house.close();
        clock.set_wall(wrong);
        let house = reopen(&place, &clock, false);
        assert!(frozen(&house).is_some(), "{wrong}");
        assert_eq!(house.rotate_now().unwrap().buckets, 0);
        assert_eq!(keys::buckets(&house.root).len(), 1, "{wrong}");
        house.close();
        clock.set_wall(right);
        let house = reopen(&place, &clock, false);
        assert_eq!(frozen(&house), None);
        clock.advance(30 * DAY);
        assert_eq!(house.rotate_now().unwrap().buckets, 1);
        house.close();
    }
}

#[test]
fn k2_after_a_boot_a_clock_far_off_is_not_believed_until_it_is_right() {
    for wrong in wrong_times() {
        let (place, clock, house, mut camera) = filmed();
        let right = clock.wall();
        house.close();
        clock.reboot(HOUR / 2);
        clock.set_wall(wrong);
        let house = reopen(&place, &clock, false);
        assert!(frozen(&house).unwrap().contains("while the machine was off"), "{wrong}");
        assert_eq!(house.rotate_now().unwrap().buckets, 0, "{wrong}");
        let sealer = house.camera(1, 30 * DAY).sealer;
        camera.sealer = sealer;
        camera.film_a_second();
        house.vault.flush();
        // The network's time comes, and it is right.
        clock.set_wall(right + HOUR / 2 + seconds(2));
        assert_eq!(frozen(&house), None, "{wrong}");
        assert_eq!(house.rotate_now().unwrap().buckets, 0, "{wrong}");
        assert_eq!(keys::buckets(&house.root).len(), 2);
        clock.advance(30 * DAY);
        assert_eq!(house.rotate_now().unwrap().buckets, 2, "{wrong}");
        house.close();
    }
}

#[test]
fn k2_after_a_boot_half_an_hour_is_believed_and_more_if_two_say_so_or_somebody() {
    let (place, clock, house, _) = filmed();
    house.close();
    clock.reboot(HOUR / 2);
    let house = reopen(&place, &clock, false);
    assert_eq!(frozen(&house), None);
    house.close();
    clock.reboot(6 * DAY);
    let house = reopen(&place, &clock, false);
    assert!(frozen(&house).unwrap().contains("no second source"));
    // A source that says another time settles nothing, one that agrees does.
    house.vault.hear_time("time server", clock.wall() - DAY);
    assert!(frozen(&house).is_some());
    house.vault.hear_time("time server", clock.wall());
    assert_eq!(frozen(&house), None);
    house.close();
    clock.reboot(40 * DAY);
    let house = reopen(&place, &clock, false);
    assert!(frozen(&house).is_some());
    assert_eq!(house.rotate_now().unwrap().buckets, 0);
    // A restart of the program forgets no doubt.
    house.close();
    let house = reopen(&place, &clock, false);
    assert!(frozen(&house).is_some());
    house.close();
    let house = reopen(&place, &clock, true);
    assert_eq!(frozen(&house), None);
    assert_eq!(house.rotate_now().unwrap().buckets, 1);
    house.close();
}

/// Eight hours of a retention of a day, twenty minutes of which the machine was off: to be destroyed
/// are more than three times the usual, and some of them by the wall clock's word alone.
#[test]
fn k2_more_than_three_times_the_usual_waits_for_a_second_source() {
    for is_confirmed in [false, true] {
        let (place, clock) = (Place::new(), TestClock::at(NOON));
        let house = House::new(&place, &clock);
        // Two hours' retention: a bucket of five minutes.
        let mut camera = house.camera(1, 2 * HOUR);
        for _ in 0..12 {
            camera.film_a_second();
            house.vault.flush();
            clock.advance(seconds(299));
        }
        house.close();
        clock.advance(HOUR / 2);
        // The machine was off for half an hour, says the wall clock; and so says nobody else.
        let house = reopen(&place, &clock, false);
        house.close();
        clock.reboot(HOUR - seconds(60));
        let house = reopen(&place, &clock, false);
        assert_eq!(frozen(&house), None);
        assert_eq!(keys::buckets(&place.root()).len(), 12);
        if is_confirmed {
            house.vault.hear_time("time server", clock.wall());
        }
        let gone = house.rotate().unwrap().buckets;
        if is_confirmed {
            assert_eq!((gone, frozen(&house)), (8, None));
        } else {
            assert_eq!(gone, 0);
            assert!(frozen(&house).unwrap().contains("three times the usual"));
            // What is due however long the machine was off goes.
            clock.advance(HOUR);
            assert!(house.rotate().unwrap().buckets > 0);
            // And when it is confirmed, the rest.
            house.vault.hear_time("time server", clock.wall());
            house.rotate().unwrap();
            assert_eq!(keys::buckets(&place.root()).len(), 0);
            assert_eq!(frozen(&house), None);
        }
        house.close();
    }
}

#[test]
fn r8_a_clock_that_was_set_while_the_program_did_not_run_is_entered() {
    let (place, clock, house, _) = filmed();
    house.close();
    let right = clock.wall();
    clock.set_wall(right - HOUR);
    let house = reopen(&place, &clock, false);
    house.vault.settle();
    assert_eq!(house.ledger.clock_steps().iter().map(|it| it.step_us).sum::<i64>(), -3_600_000_000);
    house.close();
    clock.set_wall(right);
    clock.reboot(HOUR / 2);
    // The control: a clock that ran on while the machine was off did not step.
    let house = reopen(&place, &clock, true);
    house.vault.settle();
    assert_eq!(house.ledger.clock_steps().len(), 1);
    house.close();
}

/// The chunks' sequence is what order rests on: over a restart and a clock set back it goes on.
#[test]
fn r8_the_sequence_of_chunks_never_goes_back() {
    let (place, clock, house, _) = filmed();
    house.close();
    clock.set_wall(NOON.parse::<WallTime>().unwrap() - HOUR);
    let house = reopen(&place, &clock, false);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    let mut camera = house.camera(1, 20 * DAY);
    camera.film_a_second();
    house.close();
    let mut found: Vec<(u64, u64)> = Vec::new();
    for (path, bytes) in keys::files(&place.root().join("a/reels")) {
        let read = |at: u64, into: &mut [u8]| -> Result<(), ()> {
            let at = usize::try_from(at).unwrap();
            into.copy_from_slice(&bytes[at..at + into.len()]);
            Ok(())
        };
        let mut scanner = reel::Scanner::open(bytes.len() as u64, reel::Verify::All, read).unwrap();
        while let Some(record) = scanner.next_record().unwrap() {
            if let reel::Record::Chunk(header) = record.record {
                found.push((header.elapsed_ns, header.sequence));
            }
        }
        assert!(path.extension().is_some());
    }
    found.sort_unstable();
    assert_eq!(found.len(), 3);
    assert!(found.windows(2).all(|pair| pair[0].1 < pair[1].1), "{found:?}");
}

/// The wall clock is set while a camera films; by the dating before and by the one after, what was
/// filmed on either side is found.
#[test]
fn r8_both_datings_find_the_footage_on_either_side_of_a_step() {
    for step_s in [3600i64, -3600, 300] {
        let (_place, clock, house, mut camera) = filmed();
        house.vault.settle();
        // The control: without a step there is one dating.
        let noon = camera.filmed[0].0;
        assert_eq!(house.vault.other_datings(noon, noon + seconds(1)), []);
        clock.advance(seconds(10));
        let right = clock.wall();
        clock.set_wall(WallTime::from_micros(right.as_micros() + step_s * 1_000_000));
        house.vault.flush();
        camera.film_a_second();
        house.vault.flush();
        house.vault.settle();
        let (before, after) = (camera.filmed[0].clone(), camera.filmed[2].clone());
        let moved =
            |time: WallTime, by_s: i64| WallTime::from_micros(time.as_micros() + by_s * 1_000_000);
        for ((wall, bytes), by_s) in [(before, step_s), (after, -step_s)] {
            let asked = moved(wall, by_s);
            assert!(house.seen(camera.feed, asked, asked + seconds(1)).is_empty(), "{step_s}");
            let others = house.vault.other_datings(asked, asked + seconds(1));
            let found = others.iter().flat_map(|it| house.seen(camera.feed, it.from, it.to));
            assert!(found.into_iter().any(|seen| seen == (wall, bytes.clone())), "{step_s}");
        }
        house.close();
    }
}
