//! How a disclosure stands, and what is still owed of it: computed from what happened to it and from what
//! the clock says.

use domain::WallTime;
use law::korean_holidays;
use time::{Date, Duration};

use crate::clock::{days_of, open_from};
use crate::{CountDaysError, day_in_korea};

/// Grounds of which nothing is published: consent, and the investigation of crime (Act 18(4)).
const UNPUBLISHED: [&str; 2] = ["provision-1", "provision-7"];

/// What happens to a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisclosureStep {
    /// It was asked for.
    Received,
    /// Another person granted it.
    Granted,
    /// Another person refused it.
    Refused,
    /// One person on duty went ahead, as somebody confirmed from afar.
    Compelled,
    /// Another person looked at what was compelled.
    Reviewed,
    /// The recipient saw it or has it.
    Provided,
    /// It is published that it was given.
    Published,
    /// The recipient said in writing what it did, and that it destroyed it.
    Reported,
    /// It was taken back before anything was given.
    Withdrawn,
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisclosureEvent {
    /// When.
    pub at: WallTime,
    /// What.
    pub step: DisclosureStep,
}

/// How a disclosure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisclosureStanding {
    /// Somebody has to decide.
    AwaitsDecision,
    /// It may be given.
    AwaitsProvision,
    /// It was given; something is still owed.
    Provided,
    /// Everything that is owed was done.
    Done,
    /// It was refused.
    Refused,
    /// It was taken back.
    Withdrawn,
}

impl DisclosureStanding {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AwaitsDecision => "awaits-decision",
            Self::AwaitsProvision => "awaits-provision",
            Self::Provided => "provided",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What the law makes of a disclosure beyond its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms<'a> {
    /// The id of the rule that is its ground; empty if its record is destroyed.
    pub ground: &'a str,
    /// The last day on which the recipient may use it; none of our own use without conditions.
    pub use_until: Option<Date>,
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// What one person did alone is looked at by another.
    Review,
    /// It is published.
    Publish,
    /// The recipient reports what it did and that it destroyed it.
    Report,
}

impl DutyKind {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Publish => "publish",
            Self::Report => "report",
        }
    }
}

/// Something that is owed, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub kind: DutyKind,
    /// The last day.
    pub due: Date,
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureStepError {
    /// It was done already.
    #[error("this was done already")]
    Already,
    /// Nobody granted it.
    #[error("it has to be granted first")]
    DecisionFirst,
    /// Nothing was given.
    #[error("it has to be given first")]
    ProvisionFirst,
    /// Nothing of that is owed.
    #[error("nothing of that is owed of this disclosure")]
    NotOwed,
    /// It is over.
    #[error("it is over: it was refused or taken back")]
    Over,
}

/// What is known of a disclosure from its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Course {
    granted_at: Option<WallTime>,
    is_refused: bool,
    compelled_at: Option<WallTime>,
    is_reviewed: bool,
    provided_at: Option<WallTime>,
    is_published: bool,
    is_reported: bool,
    is_withdrawn: bool,
}

/// How a disclosure stands; none without its receipt. What the order of steps forbids counts for nothing.
#[must_use]
pub fn disclosure_standing(
    events: &[DisclosureEvent],
    terms: Terms<'_>,
) -> Option<DisclosureStanding> {
    let course = course(events, terms)?;
    Some(if course.is_withdrawn {
        DisclosureStanding::Withdrawn
    } else if course.is_refused {
        DisclosureStanding::Refused
    } else if course.granted_at.is_none() {
        DisclosureStanding::AwaitsDecision
    } else if course.provided_at.is_none() {
        DisclosureStanding::AwaitsProvision
    } else if course.owes(DutyKind::Review, terms)
        || course.owes(DutyKind::Publish, terms)
        || course.owes(DutyKind::Report, terms)
    {
        DisclosureStanding::Provided
    } else {
        DisclosureStanding::Done
    })
}

/// What is owed of a disclosure, what is due first at the front.
///
/// # Errors
/// If a day cannot be counted.
pub fn duties(events: &[DisclosureEvent], terms: Terms<'_>) -> Result<Vec<Duty>, CountDaysError> {
    let Some(course) = course(events, terms) else { return Ok(Vec::new()) };
    let mut duties = Vec::new();
    if let Some(at) = course.compelled_at.filter(|_| course.owes(DutyKind::Review, terms)) {
        let next = day_in_korea(at).saturating_add(Duration::days(1));
        duties.push(Duty { kind: DutyKind::Review, due: open_from(next, korean_holidays())? });
    }
    if let Some(at) = course.provided_at.filter(|_| course.owes(DutyKind::Publish, terms)) {
        let given = day_in_korea(at);
        let due =
            given.saturating_add(Duration::days(days_of("deadline-provision-notice", given)?));
        duties.push(Duty { kind: DutyKind::Publish, due });
    }
    if let Some(due) = terms.use_until.filter(|_| course.owes(DutyKind::Report, terms)) {
        duties.push(Duty { kind: DutyKind::Report, due });
    }
    duties.sort_by_key(|duty| duty.due);
    Ok(duties)
}

/// How long a publication has to stay at least, in days.
///
/// # Errors
/// If the law of the day has no such time.
pub fn days_published(on: Date) -> Result<i64, CountDaysError> {
    days_of("period-provision-notice", on)
}

/// Whether a step can be taken now.
///
/// # Errors
/// Why not.
pub fn may_disclose(
    events: &[DisclosureEvent],
    terms: Terms<'_>,
    step: DisclosureStep,
) -> Result<(), DisclosureStepError> {
    let course = course(events, terms).ok_or(DisclosureStepError::Over)?;
    course.may(step, terms)
}

fn course(events: &[DisclosureEvent], terms: Terms<'_>) -> Option<Course> {
    let (received, later) = events.split_first()?;
    if received.step != DisclosureStep::Received {
        return None;
    }
    let mut course = Course::default();
    for event in later {
        if course.may(event.step, terms).is_ok() {
            course.take(*event);
        }
    }
    Some(course)
}

impl Course {
    fn owes(&self, kind: DutyKind, terms: Terms<'_>) -> bool {
        let is_given = self.provided_at.is_some();
        // Of what was taken back nothing was given, and nothing is owed.
        if self.is_withdrawn {
            return false;
        }
        match kind {
            DutyKind::Review => self.compelled_at.is_some() && !self.is_reviewed,
            DutyKind::Publish => {
                is_given && !self.is_published && !UNPUBLISHED.contains(&terms.ground)
            }
            DutyKind::Report => is_given && !self.is_reported && terms.use_until.is_some(),
        }
    }

    fn may(&self, step: DisclosureStep, terms: Terms<'_>) -> Result<(), DisclosureStepError> {
        use DisclosureStepError::{Already, DecisionFirst, NotOwed, Over, ProvisionFirst};
        let is_granted = self.granted_at.is_some();
        let is_given = self.provided_at.is_some();
        let owed = |kind, is_done: bool| match (self.owes(kind, terms), is_done) {
            (true, _) => Ok(()),
            (false, true) => Err(Already),
            (false, false) if kind != DutyKind::Review && !is_given => Err(ProvisionFirst),
            (false, false) => Err(NotOwed),
        };
        if self.is_refused || self.is_withdrawn {
            return Err(Over);
        }
        match step {
            DisclosureStep::Received => Err(Already),
            DisclosureStep::Granted | DisclosureStep::Refused | DisclosureStep::Compelled => {
                if is_granted {
                    Err(Already)
                } else {
                    Ok(())
                }
            }
            DisclosureStep::Provided if is_given => Err(Already),
            DisclosureStep::Provided => {
                if is_granted {
                    Ok(())
                } else {
                    Err(DecisionFirst)
                }
            }
            DisclosureStep::Withdrawn => {
                if is_given {
                    Err(Already)
                } else {
                    Ok(())
                }
            }
            DisclosureStep::Reviewed => owed(DutyKind::Review, self.is_reviewed),
            DisclosureStep::Published => owed(DutyKind::Publish, self.is_published),
            DisclosureStep::Reported => owed(DutyKind::Report, self.is_reported),
        }
    }

    fn take(&mut self, event: DisclosureEvent) {
        match event.step {
            DisclosureStep::Received => {}
            DisclosureStep::Granted => self.granted_at = Some(event.at),
            DisclosureStep::Refused => self.is_refused = true,
            DisclosureStep::Compelled => {
                (self.granted_at, self.compelled_at) = (Some(event.at), Some(event.at));
            }
            DisclosureStep::Reviewed => self.is_reviewed = true,
            DisclosureStep::Provided => self.provided_at = Some(event.at),
            DisclosureStep::Published => self.is_published = true,
            DisclosureStep::Reported => self.is_reported = true,
            DisclosureStep::Withdrawn => self.is_withdrawn = true,
        }
    }
}

#[cfg(test)]
#[path = "duty_tests.rs"]
mod tests;
