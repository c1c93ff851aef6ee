//! Objections (이의신청) to what was decided of a request: until when one can come, and by when it is decided.
//!
//! The personal data act says that there has to be a way to object and names no days (Act 38(5)). Those of the
//! General Act on Public Administration are used: one comes within thirty days of the notice (행정기본법
//! 제36조제1항), and its result is told within fourteen days, which can be extended once by ten
//! (제36조제2항). Days are counted as by [`Deadlines`]: to the earliest for the desk, and for whoever objects to
//! the latest of the calendar and the Civil Act, so that nobody is told that he is late who is not.

use domain::WallTime;
use law::korean_holidays;
use time::{Date, Duration};

use crate::clock::days_of;
use crate::standing::Course;
use crate::{
    CountDaysError, Deadlines, DecidedAs, Event, OBJECTION_WITHIN, Standing, StepError,
    day_in_korea,
};

/// An objection that has to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objected {
    /// To what.
    pub to: DecidedAs,
    /// The day on which it came.
    pub on: Date,
    /// Whether the decision that it is about was told when it came: what stands again if it is taken back.
    pub was_told: bool,
    /// The day to which its fourteen days were extended.
    pub extended: Option<Date>,
}

/// Until when somebody can object to what was decided last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objectable {
    /// To what.
    pub to: DecidedAs,
    /// The first day on which an objection can have come: that of the decision.
    pub from: Date,
    /// The last; none while nobody told the decision, for then its days have not begun.
    pub until: Option<Date>,
}

impl Objected {
    /// Whether it is about a postponement, and so not about what is asked.
    #[must_use]
    pub const fn to_postponement(&self) -> bool {
        matches!(self.to, DecidedAs::Postponed(_))
    }

    /// The days in which it is decided.
    ///
    /// # Errors
    /// If they cannot be counted.
    pub fn deadlines(&self) -> Result<Deadlines, CountDaysError> {
        match self.extended {
            None => Deadlines::of_objection(self.on),
            Some(until) => Deadlines::count(until, 0, korean_holidays()),
        }
    }

    /// The last day to which its days can be extended: ten days after the earliest on which they end.
    ///
    /// # Errors
    /// If they cannot be counted.
    pub fn extendable_until(&self) -> Result<Date, CountDaysError> {
        let more = days_of("deadline-objection-extension", self.on)?;
        let end = Deadlines::of_objection(self.on)?.earliest();
        Ok(end.saturating_add(Duration::days(more)))
    }

    /// Whether its days can be extended to a day.
    ///
    /// # Errors
    /// If they were extended before, or not to that day.
    pub(crate) fn may_extend(&self, until: Date) -> Result<(), StepError> {
        if self.extended.is_some() {
            return Err(StepError::ExtendedBefore);
        }
        let days = self.deadlines().map(Deadlines::earliest);
        let (Ok(end), Ok(last)) = (days, self.extendable_until()) else {
            return Err(StepError::Extension);
        };
        if end < until && until <= last { Ok(()) } else { Err(StepError::Extension) }
    }
}

impl Objectable {
    /// Whether an objection that came on a day is in time.
    pub(crate) fn admits(&self, on: Date, today: Date) -> Result<(), StepError> {
        let is_late = self.until.is_some_and(|until| on > until);
        if on < self.from || on > today || is_late { Err(StepError::ObjectionDay) } else { Ok(()) }
    }
}

/// Until when somebody can object to what was decided last; none if there is nothing to object to: it was
/// granted, is not decided, or is the result of an objection.
#[must_use]
pub fn objectable(events: &[Event], now: WallTime) -> Option<Objectable> {
    Course::of(events, now)?.objectable()
}

/// The days in which the last objection is or was to be decided. None if there was none.
///
/// # Errors
/// If they cannot be counted.
pub fn objection_deadlines(events: &[Event]) -> Option<Result<Deadlines, CountDaysError>> {
    let last = events.last()?;
    let objected = Course::of(events, last.at)?.last_objection?;
    Some(objected.deadlines())
}

/// The days that count as a request stands: those of the objection that waits, else those of the request itself.
/// None without its receipt.
///
/// # Errors
/// If they cannot be counted.
pub fn deadlines_now(events: &[Event], now: WallTime) -> Option<Result<Deadlines, CountDaysError>> {
    match Course::of(events, now)?.standing {
        Standing::Objected(objected) => Some(objected.deadlines()),
        _ => crate::deadlines(events),
    }
}

/// The objection of which the last decision is the result; none if it is the result of none.
#[must_use]
pub fn result_of_objection(events: &[Event]) -> Option<Objected> {
    let last = events.last()?;
    Course::of(events, last.at)?.result_of
}

impl Course {
    pub(crate) fn objectable(&self) -> Option<Objectable> {
        let decided_at = self.decided_at?;
        let (to, told_at) = match self.standing {
            // A postponement is told at once; the ledger has no step for that.
            Standing::Postponed(until) => (DecidedAs::Postponed(until), Some(decided_at)),
            Standing::Decided(to) => (to, None),
            Standing::Done(to) => (to, self.told_at),
            _ => return None,
        };
        // Who objected to a postponement alone has not yet objected to what came of it.
        let is_final = self.result_of.is_some_and(|objected| !objected.to_postponement());
        if to == DecidedAs::Granted || is_final {
            return None;
        }
        let until = told_at.map(|at| last_day(day_in_korea(at)));
        Some(Objectable { to, from: day_in_korea(decided_at), until })
    }
}

/// The last day of an objection to what was told on a day. A last day on which offices are closed gives way to
/// the next (민법 제161조); where the table of holidays does not reach, to none.
fn last_day(told: Date) -> Date {
    let days = OBJECTION_WITHIN.as_secs() / 86_400;
    let calendar = told.saturating_add(Duration::days(days.try_into().unwrap_or(i64::MAX)));
    let days = u16::try_from(days).unwrap_or(u16::MAX);
    Deadlines::count(told, days, korean_holidays()).map_or(calendar, Deadlines::civil)
}

#[cfg(test)]
#[path = "objection_tests.rs"]
mod tests;
