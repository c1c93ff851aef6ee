//! Days on which no office in Korea works: Saturdays, Sundays, public holidays.
//!
//! The decree on public holidays (관공서의 공휴일에 관한 규정), 2011 to 2028; holidays of the lunar calendar as
//! the almanac has them. Days that a government gave in place of another are left out.

use time::{Date, Month, Weekday};

/// New year, Buddha's birthday, Chuseok by the lunar calendar.
const LUNAR: [(i32, [(u8, u8); 3]); 18] = [
    (2011, [(2, 3), (5, 10), (9, 12)]),
    (2012, [(1, 23), (5, 28), (9, 30)]),
    (2013, [(2, 10), (5, 17), (9, 19)]),
    (2014, [(1, 31), (5, 6), (9, 8)]),
    (2015, [(2, 19), (5, 25), (9, 27)]),
    (2016, [(2, 8), (5, 14), (9, 15)]),
    (2017, [(1, 28), (5, 3), (10, 4)]),
    (2018, [(2, 16), (5, 22), (9, 24)]),
    (2019, [(2, 5), (5, 12), (9, 13)]),
    (2020, [(1, 25), (4, 30), (10, 1)]),
    (2021, [(2, 12), (5, 19), (9, 21)]),
    (2022, [(2, 1), (5, 8), (9, 10)]),
    (2023, [(1, 22), (5, 27), (9, 29)]),
    (2024, [(2, 10), (5, 15), (9, 17)]),
    (2025, [(1, 29), (5, 5), (10, 6)]),
    (2026, [(2, 17), (5, 24), (9, 25)]),
    (2027, [(2, 7), (5, 13), (9, 15)]),
    (2028, [(1, 27), (5, 2), (10, 3)]),
];

/// What day it is, if no office works on it: Korean and English.
pub(super) fn holiday(date: Date) -> Option<(&'static str, &'static str)> {
    let day = (u8::from(date.month()), date.day());
    let fixed = match day {
        (1, 1) => Some(("새해 첫날", "New Year")),
        (3, 1) => Some(("삼일절", "Independence Movement Day")),
        (5, 5) => Some(("어린이날", "Children's Day")),
        (6, 6) => Some(("현충일", "Memorial Day")),
        (8, 15) => Some(("광복절", "Liberation Day")),
        (10, 3) => Some(("개천절", "National Foundation Day")),
        (10, 9) if date.year() >= 2013 => Some(("한글날", "Hangeul Day")),
        (12, 25) => Some(("성탄절", "Christmas")),
        _ => None,
    };
    fixed.or_else(|| lunar(date)).or_else(|| match date.weekday() {
        Weekday::Saturday => Some(("토요일", "a Saturday")),
        Weekday::Sunday => Some(("일요일", "a Sunday")),
        _ => None,
    })
}

fn lunar(date: Date) -> Option<(&'static str, &'static str)> {
    let (_, days) = LUNAR.iter().find(|(year, _)| *year == date.year())?;
    let away = |(month, day): (u8, u8)| {
        let that = Date::from_calendar_date(date.year(), Month::try_from(month).ok()?, day).ok()?;
        Some((date - that).whole_days().abs())
    };
    if away(days[0])? <= 1 {
        return Some(("설 연휴", "Lunar New Year"));
    }
    if away(days[1])? == 0 {
        return Some(("부처님 오신 날", "Buddha's Birthday"));
    }
    (away(days[2])? <= 1).then_some(("추석 연휴", "Chuseok"))
}

#[cfg(test)]
mod tests {
    use super::holiday;

    #[test]
    fn weekends_fixed_days_and_the_moon() {
        let on = |date| holiday(law::date(date).unwrap()).map(|(_, en)| en);
        assert_eq!(on("2020-03-01"), Some("Independence Movement Day"));
        assert_eq!(on("2024-09-16"), Some("Chuseok"));
        assert_eq!(on("2026-11-22"), Some("a Sunday"));
        assert_eq!(on("2026-11-23"), None);
        assert_eq!(on("2012-10-09"), None, "a working day until 2012");
    }
}
