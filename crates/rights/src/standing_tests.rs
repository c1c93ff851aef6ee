//! The life of a request, step by step and day by day.

use super::*;
use crate::start_of;

fn noon(text: &str) -> WallTime {
    start_of(law::date(text).unwrap()) + DAY / 2
}

fn events(steps: &[(&str, Step)]) -> Vec<Event> {
    steps.iter().map(|(day, step)| Event { at: noon(day), step: *step }).collect()
}

fn on(day: &str, steps: &[(&str, Step)]) -> Standing {
    standing(&events(steps), noon(day)).unwrap()
}

const RECEIVED: (&str, Step) = ("2026-09-17", Step::Received);
const IDENTIFIED: (&str, Step) = ("2026-09-18", Step::Identified);
const GRANTED: (&str, Step) = ("2026-09-21", Step::Decided(DecidedAs::Granted));

#[test]
fn it_goes_from_receipt_to_its_end() {
    let lapses_at = noon("2026-09-24");
    assert_eq!(on("2026-09-18", &[RECEIVED]), Standing::AwaitsIdentity(lapses_at));
    assert_eq!(on("2026-10-30", &[RECEIVED, IDENTIFIED]), Standing::AwaitsDecision);
    let decided = [RECEIVED, IDENTIFIED, GRANTED];
    assert_eq!(on("2026-09-22", &decided), Standing::Decided(DecidedAs::Granted));
    let done = [RECEIVED, IDENTIFIED, GRANTED, ("2026-09-23", Step::Done)];
    assert_eq!(on("2026-09-24", &done), Standing::Done(DecidedAs::Granted));
    assert_eq!(standing(&[], noon("2026-09-17")), None);
}

#[test]
fn it_lapses_a_week_after_receipt_unless_somebody_showed_who_he_is() {
    let moment = noon("2026-09-24");
    let just_before = moment - Duration::from_micros(1);
    let received = events(&[RECEIVED]);
    assert_eq!(standing(&received, just_before), Some(Standing::AwaitsIdentity(moment)));
    assert_eq!(standing(&received, moment), Some(Standing::Lapsed));
    // Too late is too late, even if it was entered.
    assert_eq!(on("2026-09-30", &[RECEIVED, ("2026-09-25", Step::Identified)]), Standing::Lapsed);
}

#[test]
fn nothing_is_decided_before_it_is_known_who_asks() {
    let lapses_at = noon("2026-09-24");
    let without = [RECEIVED, ("2026-09-18", Step::Decided(DecidedAs::Granted))];
    assert_eq!(on("2026-09-18", &without), Standing::AwaitsIdentity(lapses_at));
    let decided = Step::Decided(DecidedAs::Granted);
    assert_eq!(may(Standing::AwaitsIdentity(lapses_at), decided), Err(StepError::IdentityFirst));
    assert_eq!(may(Standing::AwaitsDecision, decided), Ok(()));
    assert_eq!(may(Standing::AwaitsDecision, Step::Done), Err(StepError::DecisionFirst));
    assert_eq!(may(Standing::Decided(DecidedAs::Granted), decided), Err(StepError::Already));
    for over in [Standing::Lapsed, Standing::Withdrawn, Standing::Done(DecidedAs::Refused)] {
        for step in [Step::Identified, decided, Step::Done, Step::Withdrawn] {
            assert_eq!(may(over, step), Err(StepError::Over), "{over:?} {step:?}");
        }
    }
}

#[test]
fn what_is_postponed_is_decided_again_within_ten_days_of_the_end_of_its_reason() {
    let until = law::date("2026-09-30").unwrap();
    let postponed = ("2026-09-21", Step::Decided(DecidedAs::Postponed(until)));
    let steps = [RECEIVED, IDENTIFIED, postponed];
    assert_eq!(on("2026-09-22", &steps), Standing::Postponed(until));
    let due = |steps: &[_]| deadlines(&events(steps)).unwrap().unwrap().earliest().to_string();
    assert_eq!(due(&[RECEIVED, IDENTIFIED]), "2026-09-27");
    assert_eq!(due(&steps), "2026-10-10");
    let granted = ("2026-10-02", Step::Decided(DecidedAs::Granted));
    let steps = [RECEIVED, IDENTIFIED, postponed, granted];
    assert_eq!(on("2026-10-03", &steps), Standing::Decided(DecidedAs::Granted));
}

#[test]
fn who_asked_takes_it_back_until_it_is_decided() {
    let taken_back = ("2026-09-19", Step::Withdrawn);
    assert_eq!(on("2026-09-20", &[RECEIVED, taken_back]), Standing::Withdrawn);
    assert_eq!(may(Standing::Decided(DecidedAs::Granted), Step::Withdrawn), Err(StepError::Over));
}
