//! Until when one can object, by when that is decided, and that it is decided once.

use super::*;
use crate::{Step, deadlines, may_take, standing, start_of};

fn day(text: &str) -> Date {
    law::date(text).unwrap()
}

fn noon(text: &str) -> WallTime {
    start_of(day(text)) + std::time::Duration::from_secs(43_200)
}

fn events(steps: &[(&str, Step)]) -> Vec<Event> {
    steps.iter().map(|(day, step)| Event { at: noon(day), step: *step }).collect()
}

const RECEIVED: (&str, Step) = ("2026-09-17", Step::Received);
const IDENTIFIED: (&str, Step) = ("2026-09-18", Step::Identified);

fn decided(on: &str, decided: DecidedAs) -> (&str, Step) {
    (on, Step::Decided(decided))
}

fn refused() -> Vec<(&'static str, Step)> {
    vec![
        RECEIVED,
        IDENTIFIED,
        decided("2026-09-21", DecidedAs::Refused),
        ("2026-09-22", Step::Done),
    ]
}

fn objected(on: &str) -> Step {
    Step::Objected(day(on))
}

fn with(more: &[(&'static str, Step)]) -> Vec<Event> {
    events(&[refused(), more.to_vec()].concat())
}

#[test]
fn one_can_object_for_thirty_days_from_the_notice_and_no_longer() {
    let told = with(&[]);
    let of = objectable(&told, noon("2026-09-25")).unwrap();
    assert_eq!((of.to, of.from), (DecidedAs::Refused, day("2026-09-21")));
    // Thirty days after 22 September, a Thursday; the day of the notice does not count.
    assert_eq!(of.until, Some(day("2026-10-22")));
    let on = |text: &str, now: &str| may_take(&told, objected(text), noon(now));
    assert_eq!(on("2026-10-22", "2026-10-22"), Ok(()));
    assert_eq!(on("2026-10-23", "2026-10-23"), Err(StepError::ObjectionDay));
    // It came in time and was entered late; nobody enters one that is still to come, or came before.
    assert_eq!(on("2026-10-22", "2026-10-30"), Ok(()));
    assert_eq!(on("2026-09-26", "2026-09-25"), Err(StepError::ObjectionDay));
    assert_eq!(on("2026-09-20", "2026-09-25"), Err(StepError::ObjectionDay));
    // A last day on a Saturday (24 October) gives way to Monday.
    let steps = [
        RECEIVED,
        IDENTIFIED,
        decided("2026-09-21", DecidedAs::Absent),
        ("2026-09-24", Step::Done),
    ];
    let of = objectable(&events(&steps), noon("2026-09-25")).unwrap();
    assert_eq!(of.until, Some(day("2026-10-26")));
    // What nobody told has no last day yet; and the hold of the decision is as long as the law's thirty days.
    let of = objectable(&events(&steps[..3]), noon("2027-01-04")).unwrap();
    assert_eq!((of.from, of.until), (day("2026-09-21"), None));
    assert_eq!(days_of_the_law(), OBJECTION_WITHIN.as_secs() / 86_400);
}

fn days_of_the_law() -> u64 {
    let rule = law::korea().on(day("2026-09-21")).rule("objection-agency").unwrap();
    rule.amount.unwrap().value
}

#[test]
fn nobody_objects_to_what_was_granted_or_not_decided() {
    let now = noon("2026-09-25");
    let to = |steps: &[_]| may_take(&events(steps), objected("2026-09-23"), now);
    let granted = [RECEIVED, IDENTIFIED, decided("2026-09-21", DecidedAs::Granted)];
    assert_eq!(to(&granted), Err(StepError::NothingToObject));
    assert_eq!(to(&granted[..2]), Err(StepError::NothingToObject));
    assert_eq!(to(&[RECEIVED]), Err(StepError::Over), "it lapsed");
    let taken_back = [RECEIVED, ("2026-09-18", Step::Withdrawn)];
    assert_eq!(to(&taken_back), Err(StepError::Over));
    for decision in [
        DecidedAs::Partly,
        DecidedAs::Refused,
        DecidedAs::Absent,
        DecidedAs::Postponed(day("2026-10-08")),
    ] {
        let steps = [RECEIVED, IDENTIFIED, decided("2026-09-21", decision)];
        assert_eq!(to(&steps), Ok(()), "{decision:?}");
    }
}

#[test]
fn it_is_decided_in_fourteen_days_which_are_extended_once() {
    let waits = with(&[("2026-10-01", objected("2026-09-30"))]);
    let Some(Standing::Objected(it)) = standing(&waits, noon("2026-12-01")) else { panic!() };
    assert_eq!((it.to, it.on, it.extended), (DecidedAs::Refused, day("2026-09-30"), None));
    // From the day on which it came, whenever that was entered.
    let days = objection_deadlines(&waits).unwrap().unwrap();
    assert_eq!((days.from(), days.earliest()), (day("2026-09-30"), day("2026-10-14")));
    assert_eq!(deadlines_now(&waits, noon("2026-10-02")), Some(Ok(days)));
    // The control: the days of the request are as they were.
    assert_eq!(deadlines(&waits).unwrap().unwrap().earliest(), day("2026-09-27"));

    let to = |text: &str| Step::Decided(DecidedAs::Postponed(day(text)));
    let may = |text: &str| may_take(&waits, to(text), noon("2026-10-12"));
    assert_eq!(it.extendable_until(), Ok(day("2026-10-24")));
    assert_eq!(may("2026-10-14"), Err(StepError::Extension), "these are its days");
    assert_eq!(may("2026-10-15"), Ok(()));
    assert_eq!(may("2026-10-24"), Ok(()));
    assert_eq!(may("2026-10-25"), Err(StepError::Extension));
    let longer = with(&[("2026-10-01", objected("2026-09-30")), ("2026-10-12", to("2026-10-20"))]);
    let days = objection_deadlines(&longer).unwrap().unwrap();
    assert_eq!(days.earliest(), day("2026-10-20"));
    assert_eq!(deadlines(&longer).unwrap().unwrap().earliest(), day("2026-09-27"));
    let again = may_take(&longer, to("2026-10-22"), noon("2026-10-13"));
    assert_eq!(again, Err(StepError::ExtendedBefore));
}

#[test]
fn what_was_decided_of_it_is_told_and_is_the_last_word_here() {
    let steps = [("2026-10-01", objected("2026-09-30")), decided("2026-10-09", DecidedAs::Partly)];
    let result = with(&steps);
    let now = noon("2026-10-10");
    assert_eq!(standing(&result, now), Some(Standing::Decided(DecidedAs::Partly)));
    assert_eq!(result_of_objection(&result).map(|it| it.to), Some(DecidedAs::Refused));
    assert_eq!(objectable(&result, now), None);
    let again = may_take(&result, objected("2026-10-10"), now);
    assert_eq!(again, Err(StepError::NothingToObject));
    assert_eq!(may_take(&result, Step::Done, now), Ok(()));
    // Not before it is decided, and not without one that waits.
    assert_eq!(may_take(&with(&steps[..1]), Step::Done, now), Err(StepError::DecisionFirst));
    assert_eq!(may_take(&with(&[]), Step::Decided(DecidedAs::Granted), now), Err(StepError::Over));
    // The control: before it was decided nothing was its result.
    assert_eq!(result_of_objection(&with(&steps[..1])), None);
}

#[test]
fn one_that_is_taken_back_leaves_the_decision_as_it_was() {
    let back = with(&[("2026-10-01", objected("2026-09-30")), ("2026-10-02", Step::Withdrawn)]);
    let now = noon("2026-10-03");
    assert_eq!(standing(&back, now), Some(Standing::Done(DecidedAs::Refused)));
    assert_eq!(may_take(&back, objected("2026-10-03"), now), Ok(()));
    let untold = [&refused()[..3], &[("2026-10-01", objected("2026-09-30"))]].concat();
    let untold = events(&[&untold[..], &[("2026-10-02", Step::Withdrawn)]].concat());
    assert_eq!(standing(&untold, now), Some(Standing::Decided(DecidedAs::Refused)));
}

#[test]
fn who_objected_to_a_postponement_can_object_to_what_came_of_it() {
    let later = DecidedAs::Postponed(day("2026-10-30"));
    let steps = [
        RECEIVED,
        IDENTIFIED,
        decided("2026-09-21", later),
        ("2026-09-28", objected("2026-09-28")),
        decided("2026-10-08", DecidedAs::Refused),
    ];
    let now = noon("2026-10-10");
    assert_eq!(may_take(&events(&steps), objected("2026-10-10"), now), Ok(()));
    assert_eq!(objectable(&events(&steps[..3]), now).unwrap().until, Some(day("2026-10-21")));
}
