//! A request as it comes in: the fields of the form 개인영상정보(존재확인·열람) 청구서.

use std::collections::BTreeSet;

use domain::{CameraId, Hold, WallTime};
use time::Date;

/// Characters of the longest line.
pub const LONGEST_LINE: usize = 100;
/// Characters of the longest reason.
pub const LONGEST_REASON: usize = 500;

/// What can be asked for; each is decided for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// 존재확인: whether there is such footage.
    Existence,
    /// 열람: to see it.
    Viewing,
    /// 삭제: that it is destroyed (Act 36).
    Deletion,
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// At the counter.
    Counter,
    /// By telephone; the clerk wrote it down.
    Telephone,
    /// On paper, by post or handed in.
    Paper,
    /// From the public form.
    Web,
}

/// By what right somebody asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentKind {
    /// 위임장: a power of attorney.
    PowerOfAttorney,
    /// 법정대리인: a legal representative, as of a child under 14.
    LegalRepresentative,
}

macro_rules! words {
    ($type:ident: $($name:ident = $word:literal),+) => {
        impl $type {
            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word that stands for it outside; stable.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}
pub(crate) use words;

words!(Asked: Existence = "existence", Viewing = "viewing", Deletion = "deletion");
words!(Channel: Counter = "counter", Telephone = "telephone", Paper = "paper", Web = "web");
words!(AgentKind: PowerOfAttorney = "power-of-attorney", LegalRepresentative = "legal-representative");

/// A person, as the form has one. What was not said is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Date of birth.
    pub born: Option<Date>,
    /// Address.
    pub address: String,
}

/// Who asks for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// By what right.
    pub kind: AgentKind,
    /// Who.
    pub person: Person,
    /// What the agent is to the requester: 자녀, 배우자.
    pub relation: String,
}

/// What stands on the form, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Who was filmed and asks: the data subject.
    pub requester: Person,
    /// Who asks for that person.
    pub agent: Option<Agent>,
    /// What is asked.
    pub asks: BTreeSet<Asked>,
    /// Which cameras.
    pub cameras: Vec<CameraId>,
    /// The first minute.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// What for, and by what the requester is known on it.
    pub reason: String,
    /// How it came.
    pub channel: Channel,
}

/// A request that can be worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request(Form);

/// What is wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Without these nobody can be asked back.
    #[error("write the requester's name and telephone number")]
    Requester,
    /// An agent without a name, or nobody knows what he is to the requester.
    #[error("write the agent's name, telephone number and relation to the requester")]
    Agent,
    /// Nothing is asked.
    #[error("choose what is asked: existence, viewing, deletion")]
    NothingAsked,
    /// It cannot be held in one act.
    #[error("name 1 to 9 cameras, each once, and at most four hours of whole minutes")]
    Footage,
    /// It is about what has not been recorded.
    #[error("the time that is asked for lies ahead")]
    Ahead,
    /// No reason.
    #[error("write the purpose and reason in 1 to {LONGEST_REASON} characters")]
    Reason,
    /// A line that is too long or more than one.
    #[error("write each field on one line of at most {LONGEST_LINE} characters")]
    Line,
    /// Born ahead.
    #[error("a date of birth lies ahead")]
    Born,
}

impl Request {
    /// What a form says, if it can be worked on.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn new(form: Form, now: WallTime) -> Result<Self, FormError> {
        let people = [Some(&form.requester), form.agent.as_ref().map(|agent| &agent.person)];
        for person in people.into_iter().flatten() {
            check_person(person, now)?;
        }
        if form.requester.name.trim().is_empty() || form.requester.phone.trim().is_empty() {
            return Err(FormError::Requester);
        }
        if let Some(Agent { person, relation, .. }) = &form.agent {
            check_line(relation)?;
            if [&person.name, &person.phone, relation].iter().any(|line| line.trim().is_empty()) {
                return Err(FormError::Agent);
            }
        }
        if form.asks.is_empty() {
            return Err(FormError::NothingAsked);
        }
        if Hold::fits(&form.cameras, (form.from, form.until)).is_err() {
            return Err(FormError::Footage);
        }
        if form.until > now {
            return Err(FormError::Ahead);
        }
        let reason = form.reason.trim();
        let has_control = reason.chars().any(|c| c.is_control() && c != '\n');
        if !(1..=LONGEST_REASON).contains(&reason.chars().count()) || has_control {
            return Err(FormError::Reason);
        }
        Ok(Self(form))
    }

    /// What it says.
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.0
    }

    /// Whether footage is held for it from receipt on: not if nothing but its destruction is asked.
    #[must_use]
    pub fn is_to_hold(&self) -> bool {
        self.0.asks.iter().any(|asked| *asked != Asked::Deletion)
    }
}

fn check_person(person: &Person, now: WallTime) -> Result<(), FormError> {
    for line in [&person.name, &person.phone, &person.address] {
        check_line(line)?;
    }
    let is_ahead = person.born.is_some_and(|born| born > crate::day_in_korea(now));
    if is_ahead { Err(FormError::Born) } else { Ok(()) }
}

fn check_line(line: &str) -> Result<(), FormError> {
    let is_fit = line.chars().count() <= LONGEST_LINE && !line.chars().any(char::is_control);
    if is_fit { Ok(()) } else { Err(FormError::Line) }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
