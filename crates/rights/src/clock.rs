//! Days: the three ways in which the ten days of an answer are counted.
//!
//! The law of personal data says "ten days" and not how they are counted. So all three ways are computed
//! and shown, each with its article, and the desk works to the earliest: whichever a court takes, the
//! answer was in time.

use domain::WallTime;
use law::{Calendar, KOREA_AHEAD, Unit, korea, korean_holidays};
use time::{Date, Duration, OffsetDateTime};

/// A way of counting days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counting {
    /// Days of the calendar, whatever the last one is. The day of receipt does not count.
    Calendar,
    /// The same, but a last day on a Saturday or holiday gives way to the next open day.
    Civil,
    /// Days on which offices are open. The day of receipt counts, if it is one.
    Petitions,
}

impl Counting {
    /// All, from the strictest.
    pub const ALL: [Self; 3] = [Self::Calendar, Self::Civil, Self::Petitions];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Civil => "civil",
            Self::Petitions => "petitions",
        }
    }

    /// The articles that say so, as a Korean text names them.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Calendar => "민법 제157조·제159조",
            Self::Civil => "민법 제157조·제159조·제161조",
            Self::Petitions => "민원 처리에 관한 법률 제19조제2항",
        }
    }
}

/// By when something is done, counted in each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    from: Date,
    calendar: Date,
    civil: Date,
    petitions: Date,
}

/// Why days cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountDaysError {
    /// The table of holidays does not reach that far: add the year to it.
    #[error("the table of holidays has nothing of {0}: add that year to it (crate law)")]
    HolidaysUnknown(i32),
    /// No deadline was in force on that day.
    #[error("the law of {0} has no deadline for this")]
    NoDeadline(Date),
}

impl Deadlines {
    /// The days in which a request that was received on a day is answered: as many as the law of that day
    /// says (Act 35(3), Decree 41(4)).
    ///
    /// # Errors
    /// If the law had no such deadline then, or the holidays are not known that far.
    pub fn of_request(received: Date) -> Result<Self, CountDaysError> {
        Self::by_rule("deadline-access", received)
    }

    /// The days in which footage is shown after the reason of a postponement ended on a day.
    ///
    /// # Errors
    /// As of a request.
    pub fn after_postponement(ended: Date) -> Result<Self, CountDaysError> {
        Self::by_rule("deadline-after-postponement", ended)
    }

    /// The days in which the result of an objection is told that came on a day (행정기본법 제36조제2항).
    ///
    /// # Errors
    /// As of a request.
    pub fn of_objection(on: Date) -> Result<Self, CountDaysError> {
        Self::by_rule("deadline-objection", on)
    }

    fn by_rule(id: &str, from: Date) -> Result<Self, CountDaysError> {
        let days = u16::try_from(days_of(id, from)?);
        let days = days.map_err(|_| CountDaysError::NoDeadline(from))?;
        Self::count(from, days, korean_holidays())
    }

    /// So many days from one on.
    ///
    /// # Errors
    /// If the holidays are not known that far.
    pub fn count(from: Date, days: u16, holidays: &Calendar) -> Result<Self, CountDaysError> {
        // All three or none: one of them alone would pass for the answer.
        let petitions = nth_open_day(from, days, holidays)?;
        let calendar = from.saturating_add(Duration::days(i64::from(days)));
        let civil = open_from(calendar, holidays)?;
        Ok(Self { from, calendar, civil, petitions })
    }

    /// The day from which they are counted.
    #[must_use]
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day, in one of the ways.
    #[must_use]
    pub const fn by(self, counting: Counting) -> Date {
        match counting {
            Counting::Calendar => self.calendar,
            Counting::Civil => self.civil,
            Counting::Petitions => self.petitions,
        }
    }

    /// The last day by the calendar.
    #[must_use]
    pub const fn calendar(self) -> Date {
        self.calendar
    }

    /// The last day by the Civil Act.
    #[must_use]
    pub const fn civil(self) -> Date {
        self.civil
    }

    /// The last day by the petitions act.
    #[must_use]
    pub const fn petitions(self) -> Date {
        self.petitions
    }

    /// The day to which the desk works.
    #[must_use]
    pub fn earliest(self) -> Date {
        self.calendar.min(self.civil).min(self.petitions)
    }

    /// Days until then: 0 on the last one, negative after it.
    #[must_use]
    pub fn days_left(self, today: Date) -> i64 {
        (self.earliest() - today).whole_days()
    }
}

/// The days of a rule, as the law of a day has them.
pub(crate) fn days_of(rule: &str, on: Date) -> Result<i64, CountDaysError> {
    let amount = korea().on(on).rule(rule).and_then(|rule| rule.amount);
    let days = amount.filter(|amount| amount.unit == Unit::Days);
    days.and_then(|amount| i64::try_from(amount.value).ok()).ok_or(CountDaysError::NoDeadline(on))
}

fn nth_open_day(from: Date, days: u16, holidays: &Calendar) -> Result<Date, CountDaysError> {
    let mut day = open_from(from, holidays)?;
    for _ in 1..days {
        day = open_from(day.saturating_add(Duration::days(1)), holidays)?;
    }
    Ok(day)
}

/// The first day from this one on, on which offices are open.
pub(crate) fn open_from(day: Date, holidays: &Calendar) -> Result<Date, CountDaysError> {
    let year = day.year();
    let is_known = holidays.years().contains(&year);
    let unknown = CountDaysError::HolidaysUnknown(if is_known { year + 1 } else { year });
    holidays.open_from(day).ok_or(unknown)
}

/// The day that it is in Korea at a moment.
#[must_use]
pub fn day_in_korea(at: WallTime) -> Date {
    let seconds = (at + KOREA_AHEAD).as_micros().div_euclid(1_000_000);
    OffsetDateTime::from_unix_timestamp(seconds).map_or(Date::MAX, OffsetDateTime::date)
}

/// The moment at which a day begins in Korea.
#[must_use]
pub fn start_of(day: Date) -> WallTime {
    let seconds = day.midnight().assume_utc().unix_timestamp();
    WallTime::from_micros(seconds * 1_000_000) - KOREA_AHEAD
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
