//! Which letters a request is answered with, and what an officer writes into one.
//!
//! All else of a letter is what the records of the request say: it is written by nobody twice.

use std::collections::BTreeSet;

use domain::WallTime;
use time::{Date, Duration};

use crate::{Asked, DecidedAs, Objected, Standing, day_in_korea, start_of};

/// Characters of the longest document number.
const LONGEST_NUMBER: usize = 50;
/// Characters of the longest name of a room.
const LONGEST_PLACE: usize = 100;
/// How far ahead an appointment may lie, in days: what is held after a decision is held no longer.
const LATEST_APPOINTMENT_DAYS: i64 = 30;

/// A kind of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// 접수증: that the request came in.
    Receipt,
    /// 존재확인 결과: whether there is such footage.
    Existence,
    /// 열람 통지: where and when it is shown.
    Viewing,
    /// 일부열람 통지: what is shown, and why the rest is not.
    Partial,
    /// 연기 통지: why, and until when.
    Postponed,
    /// 거절 통지: why, and how to object.
    Refused,
    /// 남은 영상 없음: that nothing is kept, and how that can be proven.
    Absent,
    /// 이의신청 결과 통지, or that its days are extended.
    Objection,
    /// 삭제 결과 통지: that what was asked about is destroyed.
    Destroyed,
}

impl LetterKind {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Receipt,
        Self::Existence,
        Self::Viewing,
        Self::Partial,
        Self::Postponed,
        Self::Refused,
        Self::Absent,
        Self::Objection,
        Self::Destroyed,
    ];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Existence => "existence",
            Self::Viewing => "viewing",
            Self::Partial => "partial",
            Self::Postponed => "postponed",
            Self::Refused => "refused",
            Self::Absent => "absent",
            Self::Objection => "objection",
            Self::Destroyed => "destroyed",
        }
    }

    /// What a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Whether it names the day, time and place at which somebody is shown something.
    #[must_use]
    pub fn has_appointment(self, asks: &BTreeSet<Asked>) -> bool {
        match self {
            Self::Viewing => true,
            Self::Partial => asks.contains(&Asked::Viewing),
            _ => false,
        }
    }
}

/// The letters that a request can be answered with as it stands: its receipt always, and what tells what was
/// decided last. What was decided of an objection is told by a letter of its own, with the one that names a
/// viewing or what was found. Of the destruction of footage
/// none of these tells: that letter is due when it is done ([`owes_destruction`]).
#[must_use]
pub fn letters(
    standing: Standing,
    result_of: Option<Objected>,
    asks: &BTreeSet<Asked>,
) -> Vec<LetterKind> {
    let mut kinds = vec![LetterKind::Receipt];
    let decided = match standing {
        Standing::Objected(Objected { extended: Some(_), .. }) => {
            kinds.push(LetterKind::Objection);
            return kinds;
        }
        Standing::Decided(decided) | Standing::Done(decided) => decided,
        Standing::Postponed(until) => DecidedAs::Postponed(until),
        _ => return kinds,
    };
    kinds.extend(result_of.map(|_| LetterKind::Objection));
    match decided {
        // Its ground and how to appeal are in the result of the objection.
        DecidedAs::Refused if result_of.is_some() => {}
        DecidedAs::Granted => {
            kinds.extend(asks.contains(&Asked::Existence).then_some(LetterKind::Existence));
            kinds.extend(asks.contains(&Asked::Viewing).then_some(LetterKind::Viewing));
        }
        DecidedAs::Partly => kinds.push(LetterKind::Partial),
        DecidedAs::Refused => kinds.push(LetterKind::Refused),
        DecidedAs::Postponed(_) => kinds.push(LetterKind::Postponed),
        DecidedAs::Absent => kinds.push(LetterKind::Absent),
    }
    kinds
}

/// Whether footage is to be destroyed because that was asked and granted (Act 36). It is answered when nothing of it
/// is kept any more, by [`LetterKind::Destroyed`].
#[must_use]
pub fn owes_destruction(standing: Standing, asks: &BTreeSet<Asked>) -> bool {
    let decided = match standing {
        Standing::Decided(decided) | Standing::Done(decided) => decided,
        _ => return false,
    };
    decided == DecidedAs::Granted && asks.contains(&Asked::Deletion)
}

/// The agency's number of a document (문서번호), as an officer writes it; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentNumber(String);

/// When and where somebody is shown something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    day: Date,
    minute: u16,
    place: String,
}

/// Why a letter cannot be written so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The request does not stand there.
    #[error("the request has no such letter as it stands")]
    NotDue,
    /// It names an appointment, and none was written, or a part of it.
    #[error("write the day, the time and the place of the viewing")]
    AppointmentMissing,
    /// It names none, and one was written.
    #[error("this letter names no day, time and place of a viewing")]
    AppointmentUnneeded,
    /// It is over, far ahead, or after the footage is held no longer.
    #[error(
        "a viewing lies ahead, at most {LATEST_APPOINTMENT_DAYS} days, and before its footage is held no longer"
    )]
    AppointmentTime,
    /// More than a line, or none.
    #[error("write a place on one line of 1 to {LONGEST_PLACE} characters")]
    Place,
    /// More than a line.
    #[error("write a document number on one line of at most {LONGEST_NUMBER} characters")]
    DocumentNumber,
}

impl DocumentNumber {
    /// A number as it was written.
    ///
    /// # Errors
    /// If it is more than a line, or a long one.
    pub fn new(text: &str) -> Result<Self, LetterError> {
        let text = text.trim();
        let is_fit = text.chars().count() <= LONGEST_NUMBER && !text.chars().any(char::is_control);
        if is_fit { Ok(Self(text.to_owned())) } else { Err(LetterError::DocumentNumber) }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Appointment {
    /// An appointment from its day (`2026-11-30`), its time in Korea (`14:00`) and its place. What is shown is
    /// held until `held_until`, if it is held.
    ///
    /// # Errors
    /// If a part is missing or no such thing, or it cannot be kept.
    pub fn new(
        (day, time, place): (&str, &str, &str),
        now: WallTime,
        held_until: Option<WallTime>,
    ) -> Result<Self, LetterError> {
        if [day, time, place].iter().any(|part| part.trim().is_empty()) {
            return Err(LetterError::AppointmentMissing);
        }
        let place = place.trim();
        if place.chars().count() > LONGEST_PLACE || place.chars().any(char::is_control) {
            return Err(LetterError::Place);
        }
        let day = law::date(day).map_err(|_| LetterError::AppointmentMissing)?;
        let minute = minute_of(time).ok_or(LetterError::AppointmentMissing)?;
        let today = day_in_korea(now);
        if day < today || day - today > Duration::days(LATEST_APPOINTMENT_DAYS) {
            return Err(LetterError::AppointmentTime);
        }
        let at = start_of(day) + std::time::Duration::from_secs(u64::from(minute) * 60);
        if at < now || held_until.is_some_and(|until| at >= until) {
            return Err(LetterError::AppointmentTime);
        }
        Ok(Self { day, minute, place: place.to_owned() })
    }

    /// The day.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.day
    }

    /// The time of that day in Korea, `14:00`.
    #[must_use]
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

/// `14:05` as minutes of its day.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str, below: u16| {
        let is_fit = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_fit.then(|| text.parse::<u16>().ok()).flatten().filter(|number| *number < below)
    };
    Some(two(hour, 24)? * 60 + two(minute, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

    fn noon() -> WallTime {
        "2026-11-23T03:00:00.000000Z".parse().unwrap()
    }

    fn until(text: &str) -> Date {
        law::date(text).unwrap()
    }

    #[test]
    fn a_letter_tells_what_was_decided_last_and_nothing_else() {
        let both = BTreeSet::from([Asked::Existence, Asked::Viewing]);
        let of = |standing| letters(standing, None, &both);
        use LetterKind::{Absent, Existence, Partial, Postponed, Receipt, Refused, Viewing};
        assert_eq!(of(Standing::AwaitsIdentity(noon())), [Receipt]);
        assert_eq!(of(Standing::AwaitsDecision), [Receipt]);
        assert_eq!(of(Standing::Withdrawn), [Receipt]);
        assert_eq!(of(Standing::Lapsed), [Receipt]);
        assert_eq!(of(Standing::Postponed(until("2026-12-01"))), [Receipt, Postponed]);
        for after in [Standing::Decided, Standing::Done] {
            assert_eq!(of(after(DecidedAs::Granted)), [Receipt, Existence, Viewing]);
            assert_eq!(of(after(DecidedAs::Partly)), [Receipt, Partial]);
            assert_eq!(of(after(DecidedAs::Refused)), [Receipt, Refused]);
            assert_eq!(of(after(DecidedAs::Absent)), [Receipt, Absent]);
        }
        let granted = Standing::Decided(DecidedAs::Granted);
        assert_eq!(letters(granted, None, &BTreeSet::from([Asked::Viewing])), [Receipt, Viewing]);
        let deletion = BTreeSet::from([Asked::Deletion]);
        assert_eq!(letters(granted, None, &deletion), [Receipt]);
        assert!(owes_destruction(granted, &deletion));
        assert!(!owes_destruction(granted, &BTreeSet::from([Asked::Viewing])));
        assert!(!owes_destruction(Standing::Decided(DecidedAs::Refused), &deletion));
        assert!(!owes_destruction(Standing::AwaitsDecision, &deletion));
    }

    #[test]
    fn what_was_decided_of_an_objection_is_told_as_its_result() {
        let asks = BTreeSet::from([Asked::Viewing]);
        let (to, on) = (DecidedAs::Refused, until("2026-12-01"));
        let objected = Objected { to, on, was_told: true, extended: None };
        use LetterKind::{Absent, Objection, Partial, Receipt, Refused, Viewing};
        let of = |decided| letters(Standing::Decided(decided), Some(objected), &asks);
        assert_eq!(of(DecidedAs::Refused), [Receipt, Objection]);
        assert_eq!(of(DecidedAs::Granted), [Receipt, Objection, Viewing]);
        assert_eq!(of(DecidedAs::Partly), [Receipt, Objection, Partial]);
        assert_eq!(of(DecidedAs::Absent), [Receipt, Objection, Absent]);
        // The control: the same decision without an objection.
        let first = letters(Standing::Decided(DecidedAs::Refused), None, &asks);
        assert_eq!(first, [Receipt, Refused]);
        // While it waits there is nothing to tell, until its days are extended.
        assert_eq!(letters(Standing::Objected(objected), None, &asks), [Receipt]);
        let extended = Objected { extended: Some(until("2026-12-20")), ..objected };
        assert_eq!(letters(Standing::Objected(extended), None, &asks), [Receipt, Objection]);
    }

    #[test]
    fn who_did_not_ask_to_see_it_has_no_appointment() {
        let (seen, asked) = (BTreeSet::from([Asked::Viewing]), BTreeSet::from([Asked::Existence]));
        let with = |asks| LetterKind::ALL.into_iter().filter(|it| it.has_appointment(asks)).count();
        assert_eq!((with(&seen), with(&asked)), (2, 1));
        assert!(!LetterKind::Partial.has_appointment(&asked));
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(LetterKind::from_word("deletion"), None);
    }

    #[test]
    fn an_appointment_is_whole_lies_ahead_and_is_while_the_footage_is_held() {
        let long = "방".repeat(101);
        let at = |day, time, place| Appointment::new((day, time, place), noon(), None);
        let fit = at("2026-11-30", "14:05", " 1층 방재실 ").unwrap();
        assert_eq!(
            (fit.day(), &*fit.time(), fit.place()),
            (until("2026-11-30"), "14:05", "1층 방재실")
        );
        for (day, time, place) in [
            ("", "14:00", "방재실"),
            ("2026-11-30", "", "방재실"),
            ("2026-11-30", "14:00", " "),
            ("2026-11-31", "14:00", "방재실"),
            ("2026-11-30", "24:00", "방재실"),
            ("2026-11-30", "9:00", "방재실"),
            ("2026-11-30", "+9:00", "방재실"),
        ] {
            assert_eq!(at(day, time, place), Err(LetterError::AppointmentMissing), "{day} {time}");
        }
        assert_eq!(at("2026-11-30", "14:00", "방\n재"), Err(LetterError::Place));
        assert_eq!(at("2026-11-30", "14:00", &long), Err(LetterError::Place));
        // It is noon in Korea.
        assert!(at("2026-11-23", "12:00", "방재실").is_ok());
        for (day, time) in
            [("2026-11-23", "11:59"), ("2026-11-22", "14:00"), ("2026-12-24", "14:00")]
        {
            assert_eq!(at(day, time, "방재실"), Err(LetterError::AppointmentTime), "{day} {time}");
        }
        let held = |until| Appointment::new(("2026-11-25", "12:00", "방재실"), noon(), Some(until));
        assert_eq!(held(noon() + DAY * 2), Err(LetterError::AppointmentTime));
        assert!(held(noon() + DAY * 3).is_ok());
    }

    #[test]
    fn a_document_number_is_one_line_or_none() {
        assert_eq!(DocumentNumber::new(" 총무-17 ").unwrap().as_str(), "총무-17");
        assert_eq!(DocumentNumber::new("").unwrap(), DocumentNumber::default());
        for bad in ["총무\n17".to_owned(), "가".repeat(51)] {
            assert_eq!(DocumentNumber::new(&bad), Err(LetterError::DocumentNumber));
        }
    }
}
