//! Public holidays: the days on which public offices are closed.
//!
//! Which days they are is a file beside the rules: days of each year, lunar days as a table by year, what was
//! declared, and since when a holiday that falls on another day off is made good. Beyond the table's years nothing
//! is known, and that is what is answered.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use serde::Deserialize;
use time::{Date, Duration, Month, Weekday};

use crate::rule::{read_date, read_some_date};

/// A day on which public offices are closed, though it need be no Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Which.
    pub date: Date,
    /// Its name in Korean.
    pub ko: String,
    /// Its name in English.
    pub en: String,
    /// Whether it stands for a holiday that fell on another day off.
    pub is_substitute: bool,
    /// The decree or declaration that says so.
    pub source: String,
}

/// The public holidays of a jurisdiction, for the years that are known.
#[derive(Debug)]
pub struct Calendar {
    years: RangeInclusive<i32>,
    holidays: BTreeMap<Date, Vec<Holiday>>,
}

/// What is wrong with a file of holidays.
#[derive(Debug, thiserror::Error)]
pub enum ReadHolidaysError {
    /// It is no such file.
    #[error("the file of holidays: {0}")]
    File(#[from] Box<toml::de::Error>),
    /// It contradicts itself; mend the entry that is named.
    #[error("holiday {id}: {what}")]
    Entry {
        /// Which.
        id: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// The Republic of Korea, as public offices keep them.
///
/// # Panics
/// If the file is wrong; a test reads it.
#[must_use]
pub fn korean_holidays() -> &'static Calendar {
    static KOREAN: OnceLock<Calendar> = OnceLock::new();
    let text = include_str!("../korea/holidays.toml");
    KOREAN.get_or_init(|| Calendar::read(text).expect("the file is read by a test"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    day: Vec<Day>,
    substitution: Vec<Substitution>,
    declared: Vec<Declared>,
    lunar: Vec<Lunar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    id: String,
    on: Option<String>,
    lunar: Option<String>,
    #[serde(default)]
    around: Vec<i64>,
    #[serde(deserialize_with = "read_date")]
    from: Date,
    #[serde(default, deserialize_with = "read_some_date")]
    to: Option<Date>,
    source: String,
    ko: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Substitution {
    #[serde(deserialize_with = "read_date")]
    from: Date,
    #[serde(default, deserialize_with = "read_some_date")]
    to: Option<Date>,
    source: String,
    sunday: Vec<String>,
    weekend: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(deserialize_with = "read_date")]
    date: Date,
    ko: String,
    en: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Lunar {
    year: i32,
    #[serde(deserialize_with = "read_date")]
    new_year: Date,
    #[serde(deserialize_with = "read_date")]
    buddha: Date,
    #[serde(deserialize_with = "read_date")]
    chuseok: Date,
}

impl Calendar {
    /// Reads a file of holidays.
    ///
    /// # Errors
    /// If it cannot be read, leaves out a year, or names what it does not have.
    pub fn read(text: &str) -> Result<Self, ReadHolidaysError> {
        let file: File = toml::from_str(text).map_err(Box::new)?;
        let years = years(&file.lunar)?;
        let mut listed = Vec::new();
        for lunar in &file.lunar {
            for day in &file.day {
                let dates = day.dates(lunar)?.into_iter();
                let holds = dates.filter(|date| is_within(*date, day.from, day.to));
                listed.extend(holds.map(|date| (day.id.as_str(), day.holiday(date))));
            }
        }
        let mut holidays: BTreeMap<Date, Vec<Holiday>> = BTreeMap::new();
        for (_, holiday) in &listed {
            holidays.entry(holiday.date).or_default().push(holiday.clone());
        }
        for it in file.declared {
            let Declared { date, ko, en, source } = it;
            let holiday = Holiday { date, ko, en, is_substitute: false, source };
            holidays.entry(date).or_default().push(holiday);
        }
        let ids: BTreeSet<&str> = file.day.iter().map(|day| day.id.as_str()).collect();
        for substitution in &file.substitution {
            substitution.check(&ids)?;
        }
        for substitute in substitutes(&listed, &file.substitution, &holidays) {
            holidays.entry(substitute.date).or_default().push(substitute);
        }
        Ok(Self { years, holidays })
    }

    /// The years of which the holidays are known.
    #[must_use]
    pub fn years(&self) -> RangeInclusive<i32> {
        self.years.clone()
    }

    /// The holidays of a year by date, Sundays apart; none if the year is not known.
    #[must_use]
    pub fn of_year(&self, year: i32) -> Option<Vec<&Holiday>> {
        let all = || self.holidays.values().flatten().filter(|it| it.date.year() == year);
        self.years.contains(&year).then(|| all().collect())
    }

    /// The holidays that a day is; none if its year is not known.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<&[Holiday]> {
        let holidays = self.holidays.get(&date).map_or(&[][..], Vec::as_slice);
        self.years.contains(&date.year()).then_some(holidays)
    }

    /// Whether offices are closed: a Saturday, a Sunday or a holiday. None if the year is not known.
    #[must_use]
    pub fn is_closed(&self, date: Date) -> Option<bool> {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.on(date).map(|holidays| weekend || !holidays.is_empty())
    }

    /// The first day from this one on when offices are open; none if its year is not known.
    #[must_use]
    pub fn open_from(&self, date: Date) -> Option<Date> {
        let mut day = date;
        while self.is_closed(day)? {
            day = day.next_day()?;
        }
        Some(day)
    }
}

impl Day {
    fn dates(&self, lunar: &Lunar) -> Result<Vec<Date>, ReadHolidaysError> {
        let wrong = |what| ReadHolidaysError::Entry { id: self.id.clone(), what };
        let first = match (&self.on, self.lunar.as_deref()) {
            (Some(on), None) => {
                return Ok(vec![
                    month_day(lunar.year, on)
                        .ok_or_else(|| wrong("on is no month-day like 03-01"))?,
                ]);
            }
            (None, Some("new-year")) => lunar.new_year,
            (None, Some("buddha")) => lunar.buddha,
            (None, Some("chuseok")) => lunar.chuseok,
            _ => return Err(wrong("needs either on or a day of the lunar table")),
        };
        if self.around.is_empty() {
            return Err(wrong("a lunar day needs around"));
        }
        Ok(self.around.iter().filter_map(|it| first.checked_add(Duration::days(*it))).collect())
    }

    fn holiday(&self, date: Date) -> Holiday {
        let (ko, en, source) = (self.ko.clone(), self.en.clone(), self.source.clone());
        Holiday { date, ko, en, is_substitute: false, source }
    }
}

impl Substitution {
    fn check(&self, ids: &BTreeSet<&str>) -> Result<(), ReadHolidaysError> {
        let mut named = self.sunday.iter().chain(&self.weekend);
        match named.find(|id| !ids.contains(id.as_str())) {
            Some(id) => {
                let what = "is made good, but is no holiday";
                Err(ReadHolidaysError::Entry { id: id.clone(), what })
            }
            None => Ok(()),
        }
    }
}

fn years(lunar: &[Lunar]) -> Result<RangeInclusive<i32>, ReadHolidaysError> {
    let wrong = |id: i32, what| ReadHolidaysError::Entry { id: id.to_string(), what };
    let (Some(first), Some(last)) = (lunar.first(), lunar.last()) else {
        return Err(wrong(0, "the lunar table is empty"));
    };
    for (it, year) in lunar.iter().zip(first.year..) {
        let dates = [it.new_year, it.buddha, it.chuseok];
        if it.year != year || dates.iter().any(|date| date.year() != year) {
            return Err(wrong(
                it.year,
                "the lunar table leaves out a year, or has a day of another",
            ));
        }
    }
    Ok(first.year..=last.year)
}

fn is_within(date: Date, from: Date, to: Option<Date>) -> bool {
    from <= date && to.is_none_or(|to| date <= to)
}

fn month_day(year: i32, text: &str) -> Option<Date> {
    let (month, day) = text.split_once('-')?;
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, day.parse().ok()?).ok()
}

/// The days that are closed instead. Two holidays on one weekday are made good once; each that falls on a day off of
/// the week, by itself.
fn substitutes(
    listed: &[(&str, Holiday)],
    rules: &[Substitution],
    holidays: &BTreeMap<Date, Vec<Holiday>>,
) -> Vec<Holiday> {
    let mut listed: Vec<_> = listed.iter().collect();
    listed.sort_by_key(|(_, holiday)| holiday.date);
    let mut found: Vec<Holiday> = Vec::new();
    let mut made_good = BTreeSet::new();
    for (id, holiday) in &listed {
        let date = holiday.date;
        let rule = rules.iter().find(|rule| is_within(date, rule.from, rule.to));
        let Some(rule) = rule else { continue };
        let has = |ids: &[String]| ids.iter().any(|it| it == id);
        let (sunday, weekend) = (has(&rule.sunday), has(&rule.weekend));
        let is_due = match date.weekday() {
            Weekday::Sunday => sunday || weekend,
            Weekday::Saturday => weekend,
            _ => {
                let others = listed.iter().filter(|(_, other)| other.date == date).count();
                (sunday || weekend) && others > 1 && made_good.insert(date)
            }
        };
        if is_due {
            found.extend(next_open(date, &found, holidays).map(|date| Holiday {
                date,
                ko: format!("{} 대체공휴일", holiday.ko),
                en: format!("Instead of {}", holiday.en),
                is_substitute: true,
                source: rule.source.clone(),
            }));
        }
    }
    found
}

fn next_open(
    after: Date,
    taken: &[Holiday],
    holidays: &BTreeMap<Date, Vec<Holiday>>,
) -> Option<Date> {
    let mut day = after.next_day()?;
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        || holidays.contains_key(&day)
        || taken.iter().any(|it| it.date == day)
    {
        day = day.next_day()?;
    }
    Some(day)
}

#[cfg(test)]
#[path = "holidays_tests.rs"]
mod tests;
