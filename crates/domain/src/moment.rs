//! Moments and lengths of time.
//!
//! Order never rests on wall time (a clock can be set back); wall time says what a person would
//! have read on a clock that was right.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment on the wall clock: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(i64);

/// The last moment that can be written in RFC 3339 (9999-12-31T23:59:59.999999Z).
const LAST_MICROS: i64 = 253_402_300_799_999_999;

impl WallTime {
    /// The moment 0.
    pub const EPOCH: Self = Self(0);
    /// The last moment that can be written down.
    pub const LAST: Self = Self(LAST_MICROS);

    /// From microseconds since the epoch; what cannot be written down is brought to the nearest
    /// moment that can.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        if micros < 0 {
            Self(0)
        } else if micros > LAST_MICROS {
            Self(LAST_MICROS)
        } else {
            Self(micros)
        }
    }

    /// Microseconds since the epoch, never negative.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The year in UTC.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.date().year()).expect("a wall time is between 1970 and 9999")
    }

    /// The month in UTC, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.date().month().into()
    }

    /// The start of the period of length `period` that this moment lies in, counted from the epoch.
    #[must_use]
    pub fn floor(self, period: Duration) -> Self {
        let period_us = i64::try_from(period.as_micros()).unwrap_or(i64::MAX).max(1);
        Self(self.0 - self.0 % period_us)
    }

    fn date(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .expect("a wall time is between 1970 and 9999")
    }
}

impl Add<Duration> for WallTime {
    type Output = Self;
    fn add(self, length: Duration) -> Self {
        let micros = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }
}

impl Sub<Duration> for WallTime {
    type Output = Self;
    fn sub(self, length: Duration) -> Self {
        let micros = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }
}

/// RFC 3339 in UTC with microseconds: `2026-11-21T22:57:38.000123Z`; always 27 characters.
impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            date.hour(),
            date.minute(),
            date.second(),
            date.microsecond()
        )
    }
}

/// What is wrong with a written moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MomentError;

impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a moment is written as in RFC 3339, between 1970 and 9999: 2026-11-21T22:57:38Z",
        )
    }
}

impl std::error::Error for MomentError {}

impl FromStr for WallTime {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let date = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| MomentError)?;
        let micros = i64::try_from(date.unix_timestamp_nanos() / 1000).map_err(|_| MomentError)?;
        let moment = Self::from_micros(micros);
        if moment.0 == micros { Ok(moment) } else { Err(MomentError) }
    }
}

/// A reading of a clock that never goes back and runs on while the machine sleeps
/// (`CLOCK_BOOTTIME`): nanoseconds since that clock's own beginning.
///
/// Two readings can be compared only within one boot of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Elapsed(u64);

impl Elapsed {
    /// From nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Elapsed {
    type Output = Self;
    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(length.as_nanos()).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_being_written_and_read() {
        for micros in [0, 1, 1_795_301_858_000_123, LAST_MICROS] {
            let moment = WallTime::from_micros(micros);
            assert_eq!(moment.to_string().len(), 27);
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        assert_eq!(
            "2026-11-21T22:57:38+09:00".parse::<WallTime>().unwrap().to_string(),
            "2026-11-21T13:57:38.000000Z"
        );
    }

    #[test]
    fn a_moment_outside_the_calendar_is_refused_or_brought_in() {
        assert_eq!("1969-12-31T23:59:59Z".parse::<WallTime>(), Err(MomentError));
        assert_eq!("yesterday".parse::<WallTime>(), Err(MomentError));
        assert_eq!(WallTime::EPOCH - Duration::from_secs(1), WallTime::EPOCH);
        assert_eq!(WallTime::LAST + Duration::MAX, WallTime::LAST);
    }

    #[test]
    fn a_period_begins_at_a_multiple_of_its_length() {
        let moment = WallTime::from_micros(3_600_000_000 * 5 + 17);
        assert_eq!(moment.floor(Duration::from_secs(3600)).as_micros(), 3_600_000_000 * 5);
    }
}
