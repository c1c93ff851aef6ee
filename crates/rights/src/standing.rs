//! How a request stands: computed from what happened to it, and from what the clock says.

use std::time::Duration;

use domain::{Hold, WallTime};
use time::Date;

use crate::{CountDaysError, Deadlines, Decision, day_in_korea};

const DAY: Duration = Duration::from_secs(86_400);

/// Within so long of receipt somebody shows who he is, or the request lapses and what was held for it is let
/// go. The institution's choice; the law names no time.
pub const IDENTITY_WITHIN: Duration = Hold::LONGEST_UNIDENTIFIED;

/// For so long what a decision was about is held on, so that who objects to it objects to something. The
/// personal data law names no time for an objection; the General Act on Public Administration gives thirty days
/// for one to a disposition (행정기본법 제36조제1항).
pub const OBJECTION_WITHIN: Duration = Duration::from_secs(30 * DAY.as_secs());

/// What was decided, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecidedAs {
    /// As was asked.
    Granted,
    /// In part.
    Partly,
    /// Not at all.
    Refused,
    /// Later: its reason ends on that day.
    Postponed(Date),
    /// Nothing of it is kept.
    Absent,
}

impl From<&Decision> for DecidedAs {
    fn from(decision: &Decision) -> Self {
        match decision {
            Decision::Granted => Self::Granted,
            Decision::Partly(_) => Self::Partly,
            Decision::Refused(_) => Self::Refused,
            Decision::Postponed(postponement) => Self::Postponed(postponement.until()),
            Decision::Absent => Self::Absent,
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It came in.
    Received,
    /// Somebody saw who asks, and, of an agent, by what right.
    Identified,
    /// It was decided.
    Decided(DecidedAs),
    /// What was decided was told, or shown.
    Done,
    /// Whoever asked took it back.
    Withdrawn,
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: WallTime,
    /// What.
    pub step: Step,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Received; who asks is not known. Lapses at that moment.
    AwaitsIdentity(WallTime),
    /// Somebody has to decide.
    AwaitsDecision,
    /// Postponed; somebody has to decide after that day.
    Postponed(Date),
    /// Decided; it has to be told or shown.
    Decided(DecidedAs),
    /// At its end.
    Done(DecidedAs),
    /// Taken back.
    Withdrawn,
    /// Nobody showed in time who he is.
    Lapsed,
}

impl Standing {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AwaitsIdentity(_) => "awaits-identity",
            Self::AwaitsDecision => "awaits-decision",
            Self::Postponed(_) => "postponed",
            Self::Decided(_) => "decided",
            Self::Done(_) => "done",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether somebody has to decide it, so that its days count.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::AwaitsIdentity(_) | Self::AwaitsDecision | Self::Postponed(_))
    }
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// It is not known who asks.
    #[error("check first who asks")]
    IdentityFirst,
    /// It was done already.
    #[error("this was done already")]
    Already,
    /// Nothing was decided that could be told.
    #[error("decide first")]
    DecisionFirst,
    /// It is over.
    #[error("the request is over: it was answered, withdrawn, or lapsed")]
    Over,
}

/// How a request stands; none without its receipt. What the order of steps forbids counts for nothing.
#[must_use]
pub fn standing(events: &[Event], now: WallTime) -> Option<Standing> {
    let (received, later) = events.split_first()?;
    if received.step != Step::Received {
        return None;
    }
    let lapses_at = received.at + IDENTITY_WITHIN;
    let mut standing = Standing::AwaitsIdentity(lapses_at);
    for event in later {
        standing = lapse(standing, event.at);
        if may(standing, event.step).is_ok() {
            standing = after(standing, event.step);
        }
    }
    Some(lapse(standing, now))
}

/// Whether a step can be taken from where a request stands.
///
/// # Errors
/// Why not.
pub const fn may(standing: Standing, step: Step) -> Result<(), StepError> {
    use Standing::{AwaitsDecision, AwaitsIdentity, Decided, Postponed};
    match (standing, step) {
        (AwaitsIdentity(_), Step::Identified)
        | (AwaitsDecision | Postponed(_), Step::Decided(_))
        | (AwaitsIdentity(_) | AwaitsDecision | Postponed(_), Step::Withdrawn)
        | (Decided(_), Step::Done) => Ok(()),
        (AwaitsIdentity(_), Step::Decided(_)) => Err(StepError::IdentityFirst),
        (AwaitsIdentity(_) | AwaitsDecision | Postponed(_), Step::Done) => {
            Err(StepError::DecisionFirst)
        }
        (_, Step::Received)
        | (AwaitsDecision | Postponed(_), Step::Identified)
        | (Decided(_), Step::Decided(_)) => Err(StepError::Already),
        _ => Err(StepError::Over),
    }
}

/// The days in which a request is answered: from its receipt, or from the end of its last postponement. None
/// without its receipt.
///
/// # Errors
/// If they cannot be counted.
pub fn deadlines(events: &[Event]) -> Option<Result<Deadlines, CountDaysError>> {
    let received = events.first()?;
    let until = events.iter().rev().find_map(|event| match event.step {
        Step::Decided(DecidedAs::Postponed(until)) => Some(until),
        _ => None,
    });
    Some(match until {
        Some(until) => Deadlines::after_postponement(until),
        None => Deadlines::of_request(day_in_korea(received.at)),
    })
}

const fn after(standing: Standing, step: Step) -> Standing {
    match (standing, step) {
        (_, Step::Identified) => Standing::AwaitsDecision,
        (_, Step::Decided(DecidedAs::Postponed(until))) => Standing::Postponed(until),
        (_, Step::Decided(decided)) => Standing::Decided(decided),
        (Standing::Decided(decided), Step::Done) => Standing::Done(decided),
        (_, Step::Withdrawn) => Standing::Withdrawn,
        _ => standing,
    }
}

fn lapse(standing: Standing, now: WallTime) -> Standing {
    match standing {
        Standing::AwaitsIdentity(until) if now >= until => Standing::Lapsed,
        other => other,
    }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
