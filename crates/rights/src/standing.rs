//! How a request stands: computed from what happened to it, and from what the clock says.

use std::time::Duration;

use domain::{Hold, WallTime};
use time::Date;

use crate::{CountDaysError, Deadlines, Decision, Objected, day_in_korea};

const DAY: Duration = Duration::from_secs(86_400);

/// Within so long of receipt somebody shows who he is, or the request lapses and what was held for it is let
/// go. The institution's choice; the law names no time.
pub const IDENTITY_WITHIN: Duration = Hold::LONGEST_UNIDENTIFIED;

/// For so long after a decision was told somebody can object to it, and what it was about is held on, so that who
/// objects to it objects to something. The personal data law names no time for an objection; the General Act on
/// Public Administration gives thirty days for one to a disposition (행정기본법 제36조제1항).
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
    /// Whoever asked objected to what was decided; it came on that day.
    Objected(Date),
    /// Whoever asked took it back: the request, or the objection that waits.
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
    /// Somebody objected to what was decided; another person has to decide it anew.
    Objected(Objected),
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
            Self::Objected(_) => "objected",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether somebody has to decide it, so that its days count.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::AwaitsIdentity(_) | Self::AwaitsDecision | Self::Postponed(_) | Self::Objected(_)
        )
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
    /// It was granted, is not decided, or was objected to before.
    #[error("nothing was decided that could be objected to, or this is the result of an objection")]
    NothingToObject,
    /// It came before the decision, too late, or is still to come.
    #[error("an objection comes from the day of the decision to the thirtieth after its notice")]
    ObjectionDay,
    /// The days of an objection are extended once.
    #[error("the days of this objection were extended already: decide it")]
    ExtendedBefore,
    /// They are extended to a day after their end, and not far.
    #[error("extend the days of an objection to a day after their end, by ten days at most")]
    Extension,
}

/// What is known of a request from its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) standing: Standing,
    /// The last decision; that the days of an objection were extended is none.
    pub(crate) decided_at: Option<WallTime>,
    pub(crate) told_at: Option<WallTime>,
    /// The day to which it was postponed last.
    postponed: Option<Date>,
    pub(crate) last_objection: Option<Objected>,
    /// The objection of which the last decision is the result.
    pub(crate) result_of: Option<Objected>,
}

/// How a request stands; none without its receipt. What the order of steps forbids counts for nothing.
#[must_use]
pub fn standing(events: &[Event], now: WallTime) -> Option<Standing> {
    Course::of(events, now).map(|course| course.standing)
}

/// Whether a step can be taken now: its order, and the days of an objection.
///
/// # Errors
/// Why not.
pub fn may_take(events: &[Event], step: Step, now: WallTime) -> Result<(), StepError> {
    Course::of(events, now).ok_or(StepError::Over)?.may(step, now)
}

impl Course {
    pub(crate) fn of(events: &[Event], now: WallTime) -> Option<Self> {
        let (received, later) = events.split_first()?;
        if received.step != Step::Received {
            return None;
        }
        let mut course = Self {
            standing: Standing::AwaitsIdentity(received.at + IDENTITY_WITHIN),
            decided_at: None,
            told_at: None,
            postponed: None,
            last_objection: None,
            result_of: None,
        };
        for event in later {
            course.standing = lapse(course.standing, event.at);
            if course.may(event.step, event.at).is_ok() {
                course.take(*event);
            }
        }
        course.standing = lapse(course.standing, now);
        Some(course)
    }

    fn may(&self, step: Step, now: WallTime) -> Result<(), StepError> {
        may(self.standing, step)?;
        match (self.standing, step) {
            (_, Step::Objected(on)) => {
                let objectable = self.objectable().ok_or(StepError::NothingToObject)?;
                objectable.admits(on, day_in_korea(now))
            }
            (Standing::Objected(objected), Step::Decided(DecidedAs::Postponed(until))) => {
                objected.may_extend(until)
            }
            _ => Ok(()),
        }
    }

    fn take(&mut self, event: Event) {
        let before = self.standing;
        self.standing = after(before, event.step);
        match (before, event.step) {
            (_, Step::Done) => self.told_at = Some(event.at),
            (Standing::Objected(_), Step::Decided(DecidedAs::Postponed(_))) => {}
            (_, Step::Decided(decided)) => {
                (self.decided_at, self.told_at) = (Some(event.at), None);
                if let DecidedAs::Postponed(until) = decided {
                    self.postponed = Some(until);
                }
                self.result_of = match before {
                    Standing::Objected(objected) => Some(objected),
                    _ => None,
                };
            }
            _ => {}
        }
        if let Standing::Objected(objected) = self.standing {
            self.last_objection = Some(objected);
        }
    }
}

/// Whether a step can be taken from where a request stands, as far as the order of steps goes; see [`may_take`].
///
/// # Errors
/// Why not.
pub const fn may(standing: Standing, step: Step) -> Result<(), StepError> {
    use Standing::{AwaitsDecision, AwaitsIdentity, Decided, Done, Objected, Postponed};
    match (standing, step) {
        (AwaitsIdentity(_), Step::Identified)
        | (AwaitsDecision | Postponed(_) | Objected(_), Step::Decided(_))
        | (AwaitsIdentity(_) | AwaitsDecision | Postponed(_) | Objected(_), Step::Withdrawn)
        | (Decided(_) | Done(_) | Postponed(_), Step::Objected(_))
        | (Decided(_), Step::Done) => Ok(()),
        (AwaitsIdentity(_), Step::Decided(_)) => Err(StepError::IdentityFirst),
        (AwaitsIdentity(_) | AwaitsDecision | Postponed(_) | Objected(_), Step::Done) => {
            Err(StepError::DecisionFirst)
        }
        (AwaitsIdentity(_) | AwaitsDecision, Step::Objected(_)) => Err(StepError::NothingToObject),
        (_, Step::Received)
        | (Objected(_), Step::Objected(_))
        | (AwaitsDecision | Postponed(_) | Objected(_), Step::Identified)
        | (Decided(_), Step::Decided(_)) => Err(StepError::Already),
        _ => Err(StepError::Over),
    }
}

/// The days in which a request is answered: from its receipt, or from the end of its last postponement. None
/// without its receipt. Those of an objection are others: [`crate::objection_deadlines`].
///
/// # Errors
/// If they cannot be counted.
pub fn deadlines(events: &[Event]) -> Option<Result<Deadlines, CountDaysError>> {
    let (received, last) = (events.first()?, events.last()?);
    Some(match Course::of(events, last.at)?.postponed {
        Some(until) => Deadlines::after_postponement(until),
        None => Deadlines::of_request(day_in_korea(received.at)),
    })
}

const fn after(standing: Standing, step: Step) -> Standing {
    match (standing, step) {
        (_, Step::Identified) => Standing::AwaitsDecision,
        (Standing::Objected(it), Step::Decided(DecidedAs::Postponed(until))) => {
            Standing::Objected(Objected { extended: Some(until), ..it })
        }
        (_, Step::Decided(DecidedAs::Postponed(until))) => Standing::Postponed(until),
        (_, Step::Decided(decided)) => Standing::Decided(decided),
        (Standing::Decided(decided), Step::Done) => Standing::Done(decided),
        (Standing::Decided(to), Step::Objected(on)) => objected(to, on, false),
        (Standing::Done(to), Step::Objected(on)) => objected(to, on, true),
        (Standing::Postponed(until), Step::Objected(on)) => {
            objected(DecidedAs::Postponed(until), on, true)
        }
        // The decision stands as if nobody had objected.
        (Standing::Objected(it), Step::Withdrawn) => match (it.to, it.was_told) {
            (DecidedAs::Postponed(until), _) => Standing::Postponed(until),
            (to, true) => Standing::Done(to),
            (to, false) => Standing::Decided(to),
        },
        (_, Step::Withdrawn) => Standing::Withdrawn,
        _ => standing,
    }
}

const fn objected(to: DecidedAs, on: Date, was_told: bool) -> Standing {
    Standing::Objected(Objected { to, on, was_told, extended: None })
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
