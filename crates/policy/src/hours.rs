//! When a unit films: all day, or at hours of the week, in Korean time.

use domain::WallTime;
use law::KOREA_AHEAD;

const MINUTE_US: i64 = 60_000_000;
const DAY_MINUTES: u16 = 24 * 60;
const DAY_US: i64 = 86_400_000_000;
const AHEAD_US: i64 = KOREA_AHEAD.as_secs().cast_signed() * 1_000_000;
/// Stretches of a week that may be written.
const MAX_PARTS: usize = 14;
const DAYS: [(&str, &str); 7] = [
    ("mon", "월"),
    ("tue", "화"),
    ("wed", "수"),
    ("thu", "목"),
    ("fri", "금"),
    ("sat", "토"),
    ("sun", "일"),
];

/// The hours of a week in which is filmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours(Vec<Part>);

/// From one minute of a day to another, on some days of each week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    first_day: usize,
    last_day: usize,
    from: u16,
    to: u16,
}

/// Why a text names no hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadHoursError;

impl Hours {
    /// Reads `24h`, or hours of a week: `mon-fri 08:00-19:00, sat 09:00-13:00`; without days they are
    /// those of every day. What goes on over midnight is written as two.
    ///
    /// # Errors
    /// If it is neither.
    pub fn read(text: &str) -> Result<Self, ReadHoursError> {
        if text == "24h" {
            return Ok(Self(Vec::new()));
        }
        let parts: Option<Vec<Part>> =
            text.split(',').map(|part| Part::read(part.trim())).collect();
        let parts = parts.filter(|parts| parts.len() <= MAX_PARTS);
        parts.map(Self).ok_or(ReadHoursError)
    }

    /// Whether it is all day, every day.
    #[must_use]
    pub const fn is_all_day(&self) -> bool {
        self.0.is_empty()
    }

    /// Until when nothing changes, and whether is filmed until then; none if it never changes.
    #[must_use]
    pub fn at(&self, now: WallTime) -> (bool, Option<WallTime>) {
        if self.is_all_day() {
            return (true, None);
        }
        // Two weeks hold every change there is.
        let horizon = (now.as_micros(), now.as_micros() + 14 * DAY_US);
        let next = self.within(horizon).into_iter().next();
        let (from, to) = next.expect("there is a part, so each week has one");
        let is_open = from <= horizon.0;
        let until = if is_open { to } else { from };
        // A part that reaches over all of it never ends.
        (is_open, (until < horizon.1).then(|| WallTime::from_micros(until)))
    }

    /// The stretches of a span in which is filmed, in microseconds, in order, none touching another.
    #[must_use]
    pub fn within(&self, (from, to): (i64, i64)) -> Vec<(i64, i64)> {
        if self.is_all_day() {
            return vec![(from, to)];
        }
        let mut found: Vec<(i64, i64)> = Vec::new();
        let days = (from + AHEAD_US).div_euclid(DAY_US)..=(to + AHEAD_US).div_euclid(DAY_US);
        for day in days {
            let midnight = day * DAY_US - AHEAD_US;
            let mut parts: Vec<&Part> = self.0.iter().filter(|part| part.is_on(day)).collect();
            parts.sort_by_key(|part| part.from);
            for part in parts {
                let start = (midnight + i64::from(part.from) * MINUTE_US).max(from);
                let end = (midnight + i64::from(part.to) * MINUTE_US).min(to);
                match found.last_mut().filter(|last| last.1 >= start) {
                    Some(last) => last.1 = last.1.max(end),
                    None if end > start => found.push((start, end)),
                    None => {}
                }
            }
        }
        found
    }

    /// As published.
    #[must_use]
    pub fn text(&self) -> String {
        if self.is_all_day() {
            return "24시간".into();
        }
        let parts: Vec<String> = self.0.iter().map(Part::text).collect();
        parts.join(", ")
    }
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        let (days, times) = text.split_once(' ').unwrap_or(("mon-sun", text));
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first_day, last_day) = (weekday(first)?, weekday(last)?);
        let (from, to) = times.split_once('-')?;
        let (from, to) = (minute(from)?, minute(to)?);
        let part = Self { first_day, last_day, from, to };
        (first_day <= last_day && from < to).then_some(part)
    }

    /// Whether it is on a day, counted from 1970 in Korea.
    const fn is_on(&self, day: i64) -> bool {
        // 1970 began on a Thursday.
        let weekday = (day + 3).rem_euclid(7).unsigned_abs() as usize;
        self.first_day <= weekday && weekday <= self.last_day
    }

    fn text(&self) -> String {
        let days = match (self.first_day, self.last_day) {
            (0, 6) => "매일".to_owned(),
            (first, last) if first == last => DAYS[first].1.to_owned(),
            (first, last) => format!("{}~{}", DAYS[first].1, DAYS[last].1),
        };
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{days} {}~{}", time(self.from), time(self.to))
    }
}

fn weekday(word: &str) -> Option<usize> {
    DAYS.iter().position(|(name, _)| *name == word)
}

/// `08:30`, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= DAY_MINUTES).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> WallTime {
        text.parse().unwrap()
    }

    #[test]
    fn hours_of_a_week_are_korean_hours() {
        let hours = Hours::read("mon-fri 08:00-19:00, sat 09:00-13:00").unwrap();
        assert_eq!(hours.text(), "월~금 08:00~19:00, 토 09:00~13:00");
        // 2026-11-23 is a Monday; 08:00 in Korea is 23:00 of the day before in UTC.
        let cases = [
            ("2026-11-22T22:59:59.999999Z", false, "2026-11-22T23:00:00Z"),
            ("2026-11-22T23:00:00Z", true, "2026-11-23T10:00:00Z"),
            ("2026-11-23T09:59:59.999999Z", true, "2026-11-23T10:00:00Z"),
            ("2026-11-23T10:00:00Z", false, "2026-11-23T23:00:00Z"),
            ("2026-11-28T03:00:00Z", true, "2026-11-28T04:00:00Z"),
            ("2026-11-28T04:00:00Z", false, "2026-11-29T23:00:00Z"),
        ];
        for (now, is_open, until) in cases {
            assert_eq!(hours.at(at(now)), (is_open, Some(at(until))), "{now}");
        }
    }

    #[test]
    fn what_touches_or_overlaps_is_one() {
        let night = Hours::read("20:00-24:00, 00:00-06:00, 05:00-07:00").unwrap();
        assert_eq!(night.at(at("2026-11-23T12:00:00Z")), (true, Some(at("2026-11-23T22:00:00Z"))));
        let always = Hours::read("00:00-24:00").unwrap();
        assert_eq!(always.at(at("2026-11-23T12:00:00Z")), (true, None));
        assert_eq!(always.text(), "매일 00:00~24:00");
        assert_eq!(Hours::read("24h").unwrap().at(at("2026-11-23T12:00:00Z")), (true, None));
        let day = (at("2026-11-22T15:00:00Z").as_micros(), at("2026-11-23T15:00:00Z").as_micros());
        let open: i64 = night.within(day).iter().map(|(from, to)| to - from).sum();
        assert_eq!(open, 11 * 60 * MINUTE_US);
    }

    #[test]
    fn what_is_no_hours_is_refused() {
        let bad = [
            "",
            "09-18",
            "9:00-18:00",
            "18:00-09:00",
            "09:00-09:00",
            "09:00-25:00",
            "09:60-10:00",
            "fri-mon 09:00-18:00",
            "montag 09:00-18:00",
            "mon 09:00-18:00,",
            "mon  09:00-18:00",
        ];
        for text in bad {
            assert_eq!(Hours::read(text), Err(ReadHoursError), "{text}");
        }
        let many = ["mon 09:00-10:00"; 15].join(", ");
        assert!(Hours::read(&many).is_err());
    }
}
