//! What is decided of a request.
//!
//! A refusal rests on a ground of the law of its day. That others appear, or that the police is not there, is
//! no ground, so there is no value that says so: a [`Refusal`] has private fields and one constructor.
//!
//! ```compile_fail,E0451
//! let refusal = rights::Refusal { ground: "others-appear".into(), facts: "남이 함께 찍힘".into() };
//! ```

use law::{Rule, Topic, korea};
use time::{Date, Duration};

/// Characters of the longest text of a decision.
const LONGEST_TEXT: usize = 500;
/// How far ahead the end of a postponement may lie, in days: what is held for it is held no longer than that
/// without another look.
const LONGEST_POSTPONEMENT_DAYS: i64 = 60;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// As was asked.
    Granted,
    /// In part; the rest is refused.
    Partly(Refusal),
    /// Not at all.
    Refused(Refusal),
    /// Later.
    Postponed(Postponement),
    /// Nothing of what was asked about is kept: its time was over, or nothing was recorded. A fact, and no
    /// refusal.
    Absent,
}

/// A refusal, with the ground of the law on which it rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    ground: String,
    facts: String,
}

/// Why and until when a decision waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postponement {
    reason: String,
    until: Date,
}

/// Why something cannot be decided so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// It is often said, and is none.
    #[error("this is no ground of refusal: {0}")]
    NoGround(String),
    /// The law of the day knows no such ground.
    #[error("the law of {0} has no such ground of refusal: choose one that is in force")]
    GroundUnknown(Date),
    /// Nothing or too much is written.
    #[error("write the facts or the reason in 1 to {LONGEST_TEXT} characters")]
    Text,
    /// It ends before it begins, or too late.
    #[error(
        "a postponement ends on a day from today on, at most {LONGEST_POSTPONEMENT_DAYS} days ahead"
    )]
    Until,
}

impl Refusal {
    /// The grounds of a day, as a desk chooses among them.
    pub fn grounds(on: Date) -> impl Iterator<Item = &'static Rule> {
        korea().on(on).topic(Topic::RefusalGround)
    }

    /// A refusal on a ground that is in force on a day, with the facts of the case that make it one.
    ///
    /// # Errors
    /// If there is no such ground on that day, or no facts are written.
    pub fn new(ground: &str, facts: &str, on: Date) -> Result<Self, DecideError> {
        let rule = korea().on(on).rule(ground).ok_or(DecideError::GroundUnknown(on))?;
        match rule.topic {
            Topic::RefusalGround => {}
            Topic::NoRefusalGround => return Err(DecideError::NoGround(rule.ko.clone())),
            _ => return Err(DecideError::GroundUnknown(on)),
        }
        Ok(Self { ground: rule.id.clone(), facts: fit_text(facts)? })
    }

    /// The id of the rule.
    #[must_use]
    pub fn ground(&self) -> &str {
        &self.ground
    }

    /// The facts that were written.
    #[must_use]
    pub fn facts(&self) -> &str {
        &self.facts
    }
}

impl Postponement {
    /// A postponement that is decided on a day.
    ///
    /// # Errors
    /// If no reason is written, or its end does not fit.
    pub fn new(reason: &str, until: Date, on: Date) -> Result<Self, DecideError> {
        if until < on || until - on > Duration::days(LONGEST_POSTPONEMENT_DAYS) {
            return Err(DecideError::Until);
        }
        Ok(Self { reason: fit_text(reason)?, until })
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The day on which the reason ends: ten days are counted from it.
    #[must_use]
    pub const fn until(&self) -> Date {
        self.until
    }
}

fn fit_text(text: &str) -> Result<String, DecideError> {
    let text = text.trim();
    let is_fit = (1..=LONGEST_TEXT).contains(&text.chars().count());
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    if is_fit && !has_control { Ok(text.to_owned()) } else { Err(DecideError::Text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        law::date(text).unwrap()
    }

    #[test]
    fn a_refusal_rests_on_a_ground_of_its_day() {
        let today = day("2026-11-23");
        let ids: Vec<_> = Refusal::grounds(today).map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, ["refusal-act-1", "refusal-act-2", "refusal-act-3"]);
        // The grounds of the guideline ended with 3 January 2024.
        let old = |on| Refusal::new("refusal-other", "재판 중", day(on));
        assert!(old("2024-01-03").is_ok());
        assert_eq!(old("2024-01-04"), Err(DecideError::GroundUnknown(day("2024-01-04"))));
    }

    #[test]
    fn that_others_appear_or_no_police_is_there_is_no_ground() {
        let today = day("2026-11-23");
        for none in ["no-refusal-others-appear", "no-refusal-police"] {
            let refused = Refusal::new(none, "다른 사람이 함께 찍혔습니다", today);
            assert!(matches!(refused, Err(DecideError::NoGround(_))), "{none}");
        }
        // What is a rule, but of something else, is none either.
        let other = Refusal::new("deadline-access", "늦음", today);
        assert_eq!(other, Err(DecideError::GroundUnknown(today)));
        // The control: the same facts on a ground, written out; and without them not.
        let facts = "함께 찍힌 사람이 청구인을 피해 보호를 받고 있습니다";
        assert_eq!(Refusal::new("refusal-act-2", facts, today).unwrap().facts(), facts);
        assert_eq!(Refusal::new("refusal-act-2", "  ", today), Err(DecideError::Text));
    }

    #[test]
    fn a_postponement_has_a_reason_and_an_end_ahead() {
        let today = day("2026-11-23");
        let until = |text| Postponement::new("가림 작업", day(text), today);
        assert!(until("2026-11-23").is_ok() && until("2027-01-22").is_ok());
        assert_eq!(until("2026-11-22"), Err(DecideError::Until));
        assert_eq!(until("2027-01-23"), Err(DecideError::Until));
        assert_eq!(Postponement::new("", today, today), Err(DecideError::Text));
    }
}
