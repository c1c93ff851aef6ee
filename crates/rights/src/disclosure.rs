//! What another body asks for, or the institution wants for something else than its purpose: the form, and
//! whether its ground is complete.
//!
//! Provision to others and use beyond the purpose rest on one of the ten grounds of Act 18(2). Which of them
//! hold on a day is data of the law; what has to be written down so that one is complete is here. What is
//! asked of the recipient (Act 18(5)) binds other bodies. A person's own copy carries none of it.

use domain::{CameraId, Hold, WallTime};
use law::{Rule, Topic, korea};
use time::{Date, Duration};

use crate::request::{LONGEST_LINE, LONGEST_REASON, words};

/// How long the recipient may use it at most before it reports, in days.
const LONGEST_USE_DAYS: i64 = 366;
/// How long before it is entered somebody may have confirmed a compelled disclosure.
const CONFIRMED_WITHIN: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisclosureKind {
    /// 제3자 제공: to another body.
    Provision,
    /// 목적 외 이용: by the institution itself, for something else than its purpose.
    OwnUse,
}

/// What has to be written so that a ground is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Whose separate consent, and of which day.
    Consent,
    /// The statute and its article.
    Statute,
    /// What danger, for whom, and why now.
    Danger,
    /// The Commission's resolution: number and day.
    Resolution,
    /// The treaty or agreement.
    Treaty,
    /// The number of the investigation or prosecution.
    Investigation,
    /// The court and the number of its case.
    Trial,
    /// The decision that is carried out.
    Execution,
    /// What emergency of public health or safety.
    Emergency,
}

/// Why one person alone may go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompelledBy {
    /// 영장: a warrant of a judge.
    Warrant,
    /// 실종아동등: a missing child or other missing person.
    MissingPerson,
}

/// How somebody who is not there confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfirmedHow {
    /// By telephone.
    Telephone,
    /// In writing, from afar.
    Message,
}

words!(DisclosureKind: Provision = "provision", OwnUse = "own-use");
words!(Basis: Consent = "consent", Statute = "statute", Danger = "danger", Resolution = "resolution",
    Treaty = "treaty", Investigation = "investigation", Trial = "trial", Execution = "execution",
    Emergency = "emergency");
words!(CompelledBy: Warrant = "warrant", MissingPerson = "missing-person");
words!(ConfirmedHow: Telephone = "telephone", Message = "message");

impl Basis {
    /// What a ground asks for, by the id of its rule.
    #[must_use]
    pub fn of(ground: &str) -> Option<Self> {
        Some(match ground {
            "provision-1" => Self::Consent,
            "provision-2" => Self::Statute,
            "provision-3" => Self::Danger,
            "provision-5" => Self::Resolution,
            "provision-6" => Self::Treaty,
            "provision-7" => Self::Investigation,
            "provision-8" => Self::Trial,
            "provision-9" => Self::Execution,
            "provision-10" => Self::Emergency,
            _ => return None,
        })
    }
}

/// What stands on the form, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureForm {
    /// What it is.
    pub kind: DisclosureKind,
    /// The body that asks, or the department of ours.
    pub body: String,
    /// Who came for it: name and rank or post.
    pub officer: String,
    /// That one's telephone number.
    pub phone: String,
    /// The number of the paper that asks for it.
    pub document: String,
    /// The id of the rule that is its ground.
    pub ground: String,
    /// What makes the ground complete: see [`Basis`].
    pub basis: String,
    /// What it is for.
    pub purpose: String,
    /// Which cameras.
    pub cameras: Vec<CameraId>,
    /// The first minute.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// What is asked of the recipient: how it may use it, and how it keeps it safe (Act 18(5)).
    pub conditions: String,
    /// The last day on which the recipient may use it; then it reports what it did and that it destroyed it.
    pub use_until: Option<Date>,
}

/// A disclosure that can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure(DisclosureForm);

/// What is wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// Nobody knows who asks.
    #[error("write which body asks, who came for it and the telephone number")]
    Body,
    /// Without its number the paper cannot be found again.
    #[error("write the number of the paper that asks for it")]
    Document,
    /// No such ground on the day.
    #[error("the law of {0} has no such ground: choose one that is in force")]
    GroundUnknown(Date),
    /// The ground alone.
    #[error("write what the ground asks for: {}", .0.word())]
    BasisMissing(Basis),
    /// No purpose.
    #[error("write the purpose in 1 to {LONGEST_REASON} characters")]
    Purpose,
    /// It cannot be held in one act.
    #[error("name 1 to 9 cameras, each once, and at most four hours of whole minutes")]
    Footage,
    /// It is about what has not been recorded.
    #[error("the time that is asked for lies ahead")]
    Ahead,
    /// The recipient is bound in writing.
    #[error("write what is asked of the recipient, in 1 to {LONGEST_REASON} characters")]
    Conditions,
    /// It could be used for ever.
    #[error("the last day of use lies from today on, at most {LONGEST_USE_DAYS} days ahead")]
    UseUntil,
    /// A line that is too long or more than one.
    #[error("write each field on one line of at most {LONGEST_LINE} characters")]
    Line,
}

impl Disclosure {
    /// The grounds of a day, as a desk chooses among them.
    pub fn grounds(on: Date) -> impl Iterator<Item = (&'static Rule, Basis)> {
        let rules = korea().on(on).topic(Topic::ProvisionGround);
        rules.filter_map(|rule| Some((rule, Basis::of(&rule.id)?)))
    }

    /// What a form says, if it is complete under the law of today.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn new(form: DisclosureForm, now: WallTime) -> Result<Self, DisclosureError> {
        let today = crate::day_in_korea(now);
        for line in [&form.body, &form.officer, &form.phone, &form.document, &form.basis] {
            let is_fit = line.chars().count() <= LONGEST_LINE;
            if !is_fit || line.chars().any(char::is_control) {
                return Err(DisclosureError::Line);
            }
        }
        if [&form.body, &form.officer, &form.phone].iter().any(|line| line.trim().is_empty()) {
            return Err(DisclosureError::Body);
        }
        if form.document.trim().is_empty() {
            return Err(DisclosureError::Document);
        }
        let ground = Self::grounds(today).find(|(rule, _)| rule.id == form.ground);
        let (_, basis) = ground.ok_or(DisclosureError::GroundUnknown(today))?;
        if form.basis.trim().is_empty() {
            return Err(DisclosureError::BasisMissing(basis));
        }
        if !is_text(&form.purpose) {
            return Err(DisclosureError::Purpose);
        }
        if Hold::fits(&form.cameras, (form.from, form.until)).is_err() {
            return Err(DisclosureError::Footage);
        }
        if form.until > now {
            return Err(DisclosureError::Ahead);
        }
        check_conditions(&form, today)?;
        Ok(Self(form))
    }

    /// What it says.
    #[must_use]
    pub const fn form(&self) -> &DisclosureForm {
        &self.0
    }
}

/// Another body is bound in writing, and for a time; our own departments are bound as we are.
fn check_conditions(form: &DisclosureForm, today: Date) -> Result<(), DisclosureError> {
    if form.kind == DisclosureKind::OwnUse && form.conditions.is_empty() && form.use_until.is_none()
    {
        return Ok(());
    }
    if !is_text(&form.conditions) {
        return Err(DisclosureError::Conditions);
    }
    let days_ahead = form.use_until.map(|until| until - today);
    match days_ahead {
        Some(ahead) if ahead >= Duration::ZERO && ahead <= Duration::days(LONGEST_USE_DAYS) => {
            Ok(())
        }
        _ => Err(DisclosureError::UseUntil),
    }
}

/// What one person on duty writes who goes ahead alone: why, and who confirmed it from afar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compelled {
    by: CompelledBy,
    confirmed_by: String,
    how: ConfirmedHow,
    confirmed_at: WallTime,
}

/// Why nobody may go ahead alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompelError {
    /// Nobody else knows of it.
    #[error("write who confirmed it: one line of at most {LONGEST_LINE} characters")]
    ConfirmedBy,
    /// Not today's word.
    #[error("it was confirmed within the last 24 hours, and not ahead")]
    ConfirmedAt,
}

impl Compelled {
    /// A disclosure that cannot wait for a second person.
    ///
    /// # Errors
    /// If it is not written who confirmed it, or that was too long ago.
    pub fn new(
        by: CompelledBy,
        confirmed_by: &str,
        how: ConfirmedHow,
        confirmed_at: WallTime,
        now: WallTime,
    ) -> Result<Self, CompelError> {
        let confirmed_by = confirmed_by.trim();
        let is_line = (1..=LONGEST_LINE).contains(&confirmed_by.chars().count());
        if !is_line || confirmed_by.chars().any(char::is_control) {
            return Err(CompelError::ConfirmedBy);
        }
        if confirmed_at > now || confirmed_at + CONFIRMED_WITHIN < now {
            return Err(CompelError::ConfirmedAt);
        }
        Ok(Self { by, confirmed_by: confirmed_by.to_owned(), how, confirmed_at })
    }

    /// Why.
    #[must_use]
    pub const fn by(&self) -> CompelledBy {
        self.by
    }

    /// Who confirmed it.
    #[must_use]
    pub fn confirmed_by(&self) -> &str {
        &self.confirmed_by
    }

    /// How.
    #[must_use]
    pub const fn how(&self) -> ConfirmedHow {
        self.how
    }

    /// When.
    #[must_use]
    pub const fn confirmed_at(&self) -> WallTime {
        self.confirmed_at
    }
}

fn is_text(text: &str) -> bool {
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    (1..=LONGEST_REASON).contains(&text.trim().chars().count()) && !has_control
}

#[cfg(test)]
#[path = "disclosure_tests.rs"]
mod tests;
