//! The visitors' book of controlled areas: who came, whether he consented to his data being kept, and,
//! apart from that, whether he was let in.
//!
//! Without consent nothing is kept that says who he was; that alone keeps nobody out.

use domain::{AccountId, Action, Actor, EntryNumber};
use ledger::act::RecordVisit;
use ledger::{
    AdmissionWord, AppendError, ConsentWord, Event, Grant, Kind, ReadLedgerError, Record,
    VisitFact, VisitRecord, VisitStep,
};
use rules::{Target, can_escort};

use crate::approval::Party;
use crate::{Access, Account, Asker, PerformError, Request};

/// Visits that are shown: the newest.
const MOST_SHOWN: usize = 200;
/// Characters of the longest name, body, business or reason.
const LONGEST_LINE: usize = 200;

/// Why a visit was not entered.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// A line that is empty where it may not be, too long, or more than a line.
    #[error("write each field on one line of at most {LONGEST_LINE} characters")]
    Line,
    /// Without consent nothing may be kept that says who it was.
    #[error("the visitor did not consent: leave name, body and business empty")]
    NoConsent,
    /// He consented, and nothing says who he is.
    #[error("write who comes and what for")]
    NameMissing,
    /// Not let in, and nobody says why.
    #[error("write why the visitor is not let in")]
    ReasonMissing,
    /// Nobody of the institution is with him.
    #[error("name who of the institution is with the visitor")]
    EscortMissing,
    /// There is none, or he left or took it back already.
    #[error("there is no such visit, or it is so already")]
    Ended,
    /// The text that was shown could not be kept.
    #[error(transparent)]
    Notice(#[from] ReadLedgerError),
    /// The ledger cannot append.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// What is to be entered of a visit.
#[derive(Debug, Clone)]
pub struct VisitAsk {
    /// The room: a word of the institution's description, and what it is called.
    pub area: (String, String),
    /// Who of the institution is with him.
    pub escort: AccountId,
    /// Whether he consents to the collection of his data.
    pub has_consented: bool,
    /// Whether he is let in.
    pub is_admitted: bool,
    /// Who; empty without consent.
    pub name: String,
    /// From where; likewise, and may be empty.
    pub body: String,
    /// What for; likewise.
    pub business: String,
    /// Why he is not let in.
    pub reason: String,
}

/// A visit, as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitView {
    /// What the ledger says.
    pub fact: VisitFact,
    /// Who entered it; none when it is to be read as records are.
    pub entered_by: Option<Party>,
    /// Who was with him; likewise.
    pub escort: Option<Party>,
}

impl Access {
    /// The newest 200 visits, the newest first: with names only those of the last day and a half, and
    /// of whoever is still there.
    ///
    /// # Errors
    /// If the rules refuse.
    pub async fn visits(&self, asker: &Asker) -> Result<Vec<VisitView>, PerformError<VisitError>> {
        self.look(asker, Action::ReadVisits, Target::House).await?;
        let newest = self.ledger.visits(self.clock.wall()).into_iter().rev().take(MOST_SHOWN);
        Ok(newest.map(|fact| self.visit_view(fact)).collect())
    }

    /// Who can be with a visitor: everybody of the institution, for whoever may enter a visit.
    #[must_use]
    pub fn visit_escorts(&self, asker: &Asker) -> Vec<Account> {
        let may = |it: &crate::Permission| it.action == Action::RecordVisit;
        if !self.permissions(asker).iter().any(may) {
            return Vec::new();
        }
        let accounts = self.ledger.accounts();
        let accounts = accounts.iter().filter_map(Account::read);
        accounts.filter(|account| can_escort(&account.roles)).collect()
    }

    /// Enters who came. `notice` is the text that he was shown: it is public beside the log.
    ///
    /// # Errors
    /// If the rules refuse, or a field does not fit.
    pub async fn enter_visit(
        &self,
        asker: &Asker,
        ask: VisitAsk,
        notice: Vec<String>,
    ) -> Result<VisitView, PerformError<VisitError>> {
        let visit = self.fit_visit(&ask).map_err(PerformError::Effect)?;
        let effect = async |grant: &Grant<RecordVisit>| {
            let ledger = self.ledger.clone();
            let kept = tokio::task::spawn_blocking(move || ledger.keep_companion(&notice));
            let companion = kept.await.expect("keeping a list does not panic")?;
            let step = VisitStep::Arrived {
                consent: if ask.has_consented { ConsentWord::Given } else { ConsentWord::Refused },
                admission: match ask.is_admitted {
                    true => AdmissionWord::Granted,
                    false => AdmissionWord::Denied,
                },
                companion,
            };
            let record = Record::Visit { actor: grant.actor().to_string(), visit };
            let number = self.enter_step(step, record).await?;
            self.one_visit(number)
        };
        self.perform(asker, Request::new(Action::RecordVisit, Target::House), effect).await
    }

    /// Enters that a visitor left.
    ///
    /// # Errors
    /// If the rules refuse, or he is not there.
    pub async fn leave_visit(
        &self,
        asker: &Asker,
        number: EntryNumber,
    ) -> Result<VisitView, PerformError<VisitError>> {
        let is_fit = |fact: &VisitFact| fact.is_inside();
        self.step_visit(asker, number, is_fit, VisitStep::Departed { visit: number }).await
    }

    /// Enters that a visitor takes his consent back: from then on he is named nowhere but in the sealed
    /// record, which goes in its time.
    ///
    /// # Errors
    /// If the rules refuse, or there is no consent to take back.
    pub async fn withdraw_visit(
        &self,
        asker: &Asker,
        number: EntryNumber,
    ) -> Result<VisitView, PerformError<VisitError>> {
        let is_fit =
            |fact: &VisitFact| fact.consent == ConsentWord::Given && fact.withdrawn_at.is_none();
        self.step_visit(asker, number, is_fit, VisitStep::Withdrawn { visit: number }).await
    }

    async fn step_visit(
        &self,
        asker: &Asker,
        number: EntryNumber,
        is_fit: impl Fn(&VisitFact) -> bool,
        step: VisitStep,
    ) -> Result<VisitView, PerformError<VisitError>> {
        let _visiting = self.visiting.lock().await;
        let effect = async |grant: &Grant<RecordVisit>| {
            self.ledger.visit(number).filter(is_fit).ok_or(VisitError::Ended)?;
            let record = Record::VisitStep { actor: grant.actor().to_string() };
            self.enter_step(step, record).await?;
            self.one_visit(number)
        };
        self.perform(asker, Request::new(Action::RecordVisit, Target::House), effect).await
    }

    async fn enter_step(&self, step: VisitStep, record: Record) -> Result<EntryNumber, VisitError> {
        let event = Event { kind: Kind::Visit(step), record: Some(record) };
        Ok(self.ledger.append(vec![event]).await?[0])
    }

    fn one_visit(&self, number: EntryNumber) -> Result<VisitView, VisitError> {
        self.ledger.visit(number).map(|fact| self.visit_view(fact)).ok_or(VisitError::Ended)
    }

    fn fit_visit(&self, ask: &VisitAsk) -> Result<VisitRecord, VisitError> {
        let [name, body, business, reason] =
            [&ask.name, &ask.body, &ask.business, &ask.reason].map(|line| line.trim().to_owned());
        if [&name, &body, &business, &reason].into_iter().any(|line| !fits(line)) {
            return Err(VisitError::Line);
        }
        let says_who = [&name, &body, &business].into_iter().any(|line| !line.is_empty());
        if says_who && !ask.has_consented {
            return Err(VisitError::NoConsent);
        }
        if ask.has_consented && (name.is_empty() || business.is_empty()) {
            return Err(VisitError::NameMissing);
        }
        if !ask.is_admitted && reason.is_empty() {
            return Err(VisitError::ReasonMissing);
        }
        if !can_escort(&self.roles_now(ask.escort)) {
            return Err(VisitError::EscortMissing);
        }
        let said = |line: String| (!line.is_empty()).then_some(line);
        let (area, area_name) = ask.area.clone();
        Ok(VisitRecord {
            area,
            area_name,
            escort: Actor::Person(ask.escort).to_string(),
            name: said(name),
            body: said(body),
            business: said(business),
            reason: if ask.is_admitted { String::new() } else { reason },
        })
    }

    fn visit_view(&self, fact: VisitFact) -> VisitView {
        let parties = fact.detail.as_ref();
        let parties = parties.map(|(by, visit)| (self.party(by), self.party(&visit.escort)));
        let (entered_by, escort) = parties.unzip();
        VisitView { fact, entered_by, escort }
    }
}

fn fits(line: &str) -> bool {
    line.chars().count() <= LONGEST_LINE && !line.chars().any(char::is_control)
}
