//! L8 of the guarantees: a log that says nothing new is an alarm within two minutes, whatever is
//! repeated in its name and whatever the wall clock shows.

use std::time::Duration;

use witness::{Alarm, Report, Witness};

use crate::history::{Log, Place, is_cosigned};

fn silent(alarms: &[Alarm]) -> usize {
    alarms.iter().filter(|alarm| matches!(alarm, Alarm::Silent { .. })).count()
}

fn shown(witness: &Witness, place: &Place) -> Vec<bool> {
    Report::of(witness, &place.clock).logs.iter().map(|log| log.silent).collect()
}

/// Lets a witness look each second for so long; gives its alarms.
fn look(witness: &Witness, place: &Place, seconds: u64) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for _ in 0..seconds {
        place.pass(1);
        alarms.extend(witness.alarms());
    }
    alarms
}

#[test]
fn l8_a_log_that_stops_is_an_alarm_within_two_minutes_and_its_return_is_told() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    for size in 1..=30 {
        assert!(is_cosigned(&witness.add_checkpoint(&log.ask(size as u64 - 1, &vec![0; size]))));
        assert_eq!(look(&witness, &place, 10), []);
    }
    assert_eq!(look(&witness, &place, 109), []);
    assert_eq!(shown(&witness, &place), [false]);
    let alarms = look(&witness, &place, 1);
    let (origin, quiet) = (log.origin().to_owned(), Duration::from_secs(120));
    assert_eq!(alarms, [Alarm::Silent { origin: origin.clone(), quiet }]);
    assert_eq!(shown(&witness, &place), [true]);
    assert!(Report::of(&witness, &place.clock).is_alarm());
    // Told again each ten minutes, not each second.
    assert_eq!(silent(&look(&witness, &place, 1800)), 3);
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(30, &[0; 31]))));
    assert_eq!(look(&witness, &place, 1), [Alarm::Back { origin }]);
    assert_eq!(shown(&witness, &place), [false]);
}

#[test]
fn l8_a_log_that_never_came_is_an_alarm() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    assert_eq!(look(&witness, &place, 119), []);
    assert_eq!(silent(&look(&witness, &place, 1)), 1);
    let report = Report::of(&witness, &place.clock);
    assert_eq!((report.logs[0].origin.as_str(), report.logs[0].silent), (log.origin(), true));
    // A start begins to count anew: the time before was the witness's own silence.
    drop(witness);
    let witness = place.open().unwrap();
    assert_eq!(look(&witness, &place, 119), []);
    assert_eq!(silent(&look(&witness, &place, 1)), 1);
}

/// Somebody who kept a checkpoint repeats it each ten seconds: each is cosigned, none is news. The
/// control is a watch that counts answers, which the same requests keep calm.
#[test]
fn l8_repeating_an_old_checkpoint_calms_nobody() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 5]))));
    let (mut alarms, mut answered_s) = (0, 0);
    for now_s in 1..=120 {
        alarms += silent(&look(&witness, &place, 1));
        if now_s % 10 == 0 && is_cosigned(&witness.add_checkpoint(&log.ask(5, &[0; 5]))) {
            answered_s = now_s;
        }
    }
    assert_eq!(alarms, 1);
    let control_is_silent = 120 - answered_s >= 120;
    assert!(!control_is_silent);
}

#[test]
fn l8_a_wall_clock_that_stands_still_or_goes_back_hides_no_silence() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 5]))));
    let wall = host::Clock::wall(&place.clock);
    let mut alarms = 0;
    for second in 0..120 {
        alarms += silent(&look(&witness, &place, 1));
        place.clock.set_wall(if second % 2 == 0 { wall } else { wall - Duration::from_secs(900) });
    }
    assert_eq!(alarms, 1);
}

#[test]
fn l8_one_silent_log_among_many_is_the_one_that_is_told() {
    let logs: Vec<Log> = (1..=5).map(|recorder| Log::of_year(recorder, 2026)).collect();
    let place = Place::new(1, &logs.iter().collect::<Vec<_>>());
    let witness = place.open().unwrap();
    let mut alarms = Vec::new();
    for size in 1..=20 {
        for (number, log) in logs.iter().enumerate() {
            if number != 3 || size < 4 {
                let body = log.ask(size as u64 - 1, &vec![0; size]);
                assert!(is_cosigned(&witness.add_checkpoint(&body)));
            }
        }
        alarms.extend(look(&witness, &place, 10));
    }
    let [Alarm::Silent { origin, .. }] = &alarms[..] else { panic!("{alarms:?}") };
    assert_eq!(origin, logs[3].origin());
}

#[test]
fn a_year_that_is_over_is_not_silent_and_the_one_that_follows_is() {
    let (old, new) = (Log::of_year(1, 2026), Log::of_year(1, 2027));
    let place = Place::new(1, &[&old]);
    let witness = place.open().unwrap();
    place.clock.set_wall("2026-12-31T23:59:00Z".parse().unwrap());
    assert!(is_cosigned(&witness.add_checkpoint(&old.ask(0, &[0; 5]))));
    assert_eq!(look(&witness, &place, 100), []);
    assert!(is_cosigned(&witness.add_checkpoint(&new.ask(0, &[0; 1]))));
    assert_eq!(look(&witness, &place, 100), []);
    assert_eq!(shown(&witness, &place), [false, false]);
    assert_eq!(silent(&look(&witness, &place, 20)), 1);
    assert_eq!(shown(&witness, &place), [false, true]);
}
