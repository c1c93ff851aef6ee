//! Days against a table that was counted by hand, from the calendars of those years.

use super::*;

fn day(text: &str) -> Date {
    law::date(text).unwrap()
}

/// Received; then the last day by the calendar, by the Civil Act, by the petitions act; and what is
/// particular about it.
#[rustfmt::skip]
const BY_HAND: &[(&str, &str, &str, &str, &str)] = &[
    ("2011-12-22", "2012-01-01", "2012-01-02", "2012-01-04", "new year on a Sunday"),
    ("2012-02-19", "2012-02-29", "2012-02-29", "2012-03-05", "a leap day; received on a Sunday"),
    ("2014-08-29", "2014-09-08", "2014-09-11", "2014-09-16", "the first substitute day of Chuseok"),
    ("2016-02-19", "2016-02-29", "2016-02-29", "2016-03-04", "a leap day"),
    ("2017-09-26", "2017-10-06", "2017-10-10", "2017-10-17", "ten days closed, one of them declared"),
    ("2018-12-31", "2019-01-10", "2019-01-10", "2019-01-14", "over a year's end"),
    ("2020-08-07", "2020-08-17", "2020-08-18", "2020-08-21", "a declared holiday"),
    ("2021-08-05", "2021-08-15", "2021-08-17", "2021-08-19", "a substitute of Liberation Day"),
    ("2022-09-02", "2022-09-12", "2022-09-13", "2022-09-19", "a substitute of Chuseok"),
    ("2023-02-20", "2023-03-02", "2023-03-02", "2023-03-06", "February without a leap day"),
    ("2023-09-22", "2023-10-02", "2023-10-04", "2023-10-12", "Chuseok and a declared holiday"),
    ("2024-02-20", "2024-03-01", "2024-03-04", "2024-03-05", "February with a leap day, March First"),
    ("2024-12-24", "2025-01-03", "2025-01-03", "2025-01-08", "over a year's end"),
    ("2025-09-25", "2025-10-05", "2025-10-10", "2025-10-15", "Chuseok, its substitute, Hangul Day"),
    ("2025-12-22", "2026-01-01", "2026-01-02", "2026-01-06", "new year"),
    ("2026-09-17", "2026-09-27", "2026-09-28", "2026-10-02", "a Sunday after Chuseok"),
    ("2026-11-11", "2026-11-21", "2026-11-23", "2026-11-24", "a Saturday"),
    ("2026-11-23", "2026-12-03", "2026-12-03", "2026-12-04", "nothing"),
    ("2027-01-28", "2027-02-07", "2027-02-10", "2027-02-12", "Seollal and its substitute"),
    ("2027-12-17", "2027-12-27", "2027-12-28", "2027-12-31", "a substitute of Christmas"),
];

#[test]
fn the_ten_days_are_those_counted_by_hand() {
    for (received, calendar, civil, petitions, about) in BY_HAND {
        let due = Deadlines::of_request(day(received)).unwrap();
        assert_eq!(due.from(), day(received));
        let counted = Counting::ALL.map(|counting| due.by(counting).to_string());
        assert_eq!(counted, [*calendar, *civil, *petitions], "{received}: {about}");
        assert_eq!(due.earliest(), day(calendar), "{received}");
    }
}

/// The control: without the holidays the table is another.
#[test]
fn a_calendar_without_holidays_gives_other_days() {
    let file = include_str!("../../law/korea/holidays.toml");
    let years = &file[file.find("[[lunar]]").unwrap()..];
    let none = format!("day = []\nsubstitution = []\ndeclared = []\n{years}");
    let holidays = Calendar::read(&none).unwrap();
    let other = BY_HAND.iter().filter(|(received, _, civil, petitions, _)| {
        let due = Deadlines::count(day(received), 10, &holidays).unwrap();
        due.civil() != day(civil) || due.petitions() != day(petitions)
    });
    assert_eq!(other.count(), 17);
}

#[test]
fn what_lies_beyond_the_table_of_holidays_is_an_error() {
    // Its tenth open day would be in 2028; so would be that by the calendar of the second.
    for received in ["2027-12-20", "2027-12-22", "2028-03-02"] {
        let error = Deadlines::of_request(day(received)).unwrap_err();
        assert_eq!(error, CountDaysError::HolidaysUnknown(2028), "{received}");
    }
    let before = Deadlines::of_request(day("2011-09-29"));
    assert_eq!(before, Err(CountDaysError::NoDeadline(day("2011-09-29"))));
    let early = Deadlines::count(day("2010-12-31"), 10, korean_holidays());
    assert_eq!(early, Err(CountDaysError::HolidaysUnknown(2010)));
}

#[test]
fn ten_days_begin_anew_when_the_reason_of_a_postponement_ended() {
    let due = Deadlines::after_postponement(day("2026-11-11")).unwrap();
    assert_eq!((due.calendar(), due.civil()), (day("2026-11-21"), day("2026-11-23")));
    assert_eq!(due.days_left(day("2026-11-21")), 0);
    assert_eq!(due.days_left(day("2026-11-22")), -1);
}

#[test]
fn a_day_begins_at_midnight_in_korea() {
    let last = "2026-09-16T14:59:59.999999Z".parse().unwrap();
    assert_eq!(day_in_korea(last), day("2026-09-16"));
    let first: WallTime = "2026-09-16T15:00:00Z".parse().unwrap();
    assert_eq!(day_in_korea(first), day("2026-09-17"));
    assert_eq!(start_of(day("2026-09-17")), first);
}
