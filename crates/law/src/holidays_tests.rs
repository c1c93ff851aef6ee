//! The holidays of Korea year by year, and files that are wrong.

use super::*;
use crate::date;

fn day(text: &str) -> Date {
    date(text).unwrap()
}

/// How many days of each year are holidays, and which stand for others: as the calendars of those years had them.
#[rustfmt::skip]
const YEARS: &[(i32, usize, &[&str])] = &[
    (2011, 14, &[]),
    (2012, 16, &[]),
    (2013, 15, &[]),
    (2014, 17, &["09-10"]),
    (2015, 17, &["09-29"]),
    (2016, 18, &["02-10"]),
    (2017, 18, &["01-30", "10-06"]),
    (2018, 18, &["05-07", "09-26"]),
    (2019, 16, &["05-06"]),
    (2020, 18, &["01-27"]),
    (2021, 18, &["08-16", "10-04", "10-11"]),
    (2022, 19, &["09-12", "10-10"]),
    (2023, 18, &["01-24", "05-29"]),
    (2024, 19, &["02-12", "05-06"]),
    (2025, 19, &["03-03", "05-06", "10-08"]),
    (2026, 22, &["03-02", "05-25", "08-17", "10-05"]),
    (2027, 24, &["02-09", "05-03", "07-19", "08-16", "10-04", "10-11", "12-27"]),
];

#[test]
fn each_year_has_the_days_of_its_calendar() {
    let calendar = korean_holidays();
    assert_eq!(calendar.years(), 2011..=2027);
    for (year, count, substitutes) in YEARS {
        let holidays = calendar.of_year(*year).unwrap();
        let dates: BTreeSet<Date> = holidays.iter().map(|it| it.date).collect();
        assert_eq!(dates.len(), *count, "{year}");
        let instead: Vec<String> = holidays
            .iter()
            .filter(|it| it.is_substitute)
            .map(|it| it.date.to_string()[5..].to_owned())
            .collect();
        assert_eq!(instead, *substitutes, "{year}");
    }
}

#[test]
fn the_rules_change_on_their_days() {
    let on = |text| korean_holidays().on(day(text)).unwrap().len();
    // Hangul Day since the end of 2012, Labour and Constitution Day since May 2026.
    assert_eq!((on("2012-10-09"), on("2013-10-09")), (0, 1));
    assert_eq!((on("2025-05-01"), on("2026-05-01")), (0, 1));
    assert_eq!((on("2025-07-17"), on("2026-07-17")), (0, 1));
    // A Sunday of Chuseok was not made good in 2012; nor was Liberation Day in 2020, Christmas in 2022.
    assert_eq!((on("2012-10-02"), on("2014-09-10")), (0, 1));
    assert_eq!((on("2015-08-17"), on("2021-08-16")), (0, 1));
    assert_eq!((on("2022-12-26"), on("2027-12-27")), (0, 1));
    // Children's Day and Buddha's Birthday on one Monday are made good once.
    assert_eq!((on("2025-05-05"), on("2025-05-06"), on("2025-05-07")), (2, 1, 0));
}

/// Until August 2021 the decree made good a Saturday, too, on which Seollal or Chuseok met another holiday. The
/// data says nothing of that; no such day occurred.
#[test]
fn no_lunar_holiday_met_another_on_a_saturday_while_that_counted() {
    for year in 2014..=2021 {
        for it in korean_holidays().of_year(year).unwrap() {
            let met = korean_holidays().on(it.date).unwrap().len() > 1;
            assert!(!(met && it.date.weekday() == Weekday::Saturday), "{}", it.date);
        }
    }
}

#[test]
fn a_closed_day_gives_way_to_the_next_open_one() {
    let open = |text| korean_holidays().open_from(day(text)).unwrap();
    assert_eq!(open("2026-11-23"), day("2026-11-23"));
    assert_eq!(open("2026-11-21"), day("2026-11-23"));
    assert_eq!(open("2025-10-03"), day("2025-10-10"));
    assert_eq!(open("2027-02-06"), day("2027-02-10"));
}

#[test]
fn what_lies_beyond_the_table_is_not_known() {
    let calendar = korean_holidays();
    assert!(calendar.of_year(2010).is_none() && calendar.of_year(2028).is_none());
    assert_eq!(calendar.is_closed(day("2028-01-02")), None);
    assert_eq!(calendar.open_from(day("2010-12-31")), None);
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let text = include_str!("../korea/holidays.toml");
    assert!(Calendar::read(text).is_ok());
    for (what, old, new) in [
        ("a year left out", "year = 2015\nnew-year = \"2015", "year = 2014\nnew-year = \"2015"),
        ("a lunar day of another year", "chuseok = \"2014-", "chuseok = \"2013-"),
        ("no such lunar day", "lunar = \"chuseok\"", "lunar = \"dano\""),
        ("no month", "on = \"03-01\"", "on = \"13-01\""),
        ("neither", "on = \"03-01\"\n", ""),
        ("made good, but unknown", "\"children\", \"christmas\"]", "\"children\", \"easter\"]"),
        ("an unknown field", "id = \"labour\"", "id = \"labour\"\nwage = 1"),
    ] {
        let wrong = text.replacen(old, new, 1);
        assert_ne!(wrong, text, "{what}");
        assert!(Calendar::read(&wrong).is_err(), "{what}");
    }
}
