//! Maintenance tickets: a contractor has a session only while one holds, and each of his sessions is
//! entered with its beginning and its end.
//!
//! What counts is decided by `rules::decide` at every act; here the facts are gathered, and what time
//! does to tickets and sessions is entered ([`Access::mind_tickets`], once a second).

use domain::{AccountId, Action, Actor, CameraId, EntryNumber, Role, WallTime};
use ledger::act::ManageTickets;
use ledger::{AppendError, Event, Grant, Kind, Record, TicketFact, TicketStep};
use rules::{Ask, NewTicket, Target};

use crate::approval::{Party, person};
use crate::secret::SessionSecret;
use crate::{Access, Account, Asker, PerformError, Request};

/// Tickets of one contractor that did not end.
const MOST_OPEN: usize = 20;
/// Tickets that are shown: the newest.
const MOST_SHOWN: usize = 200;
/// Characters of the longest text of what is to be done, or was.
const LONGEST_TEXT: usize = 500;

/// Why a ticket was not opened or closed.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// No text, or too long a one.
    #[error("write in 1 to {LONGEST_TEXT} characters what is to be done, or what was")]
    Text,
    /// Two that hold at once would leave open which one a session belongs to.
    #[error("another ticket is for this contractor at that time: close it, or choose another time")]
    Overlaps,
    /// Too many wait already.
    #[error("{MOST_OPEN} tickets wait for this contractor: close one first")]
    TooMany,
    /// There is none, or it ended already.
    #[error("there is no such ticket, or it is over")]
    Ended,
    /// The ledger cannot append.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// Its time has not come.
    Planned,
    /// It holds.
    Open,
    /// A person closed it.
    Closed,
    /// Its time is over.
    Lapsed,
}

/// A ticket, as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketView {
    /// Its entry.
    pub number: EntryNumber,
    /// How it stands.
    pub state: TicketState,
    /// At what somebody works.
    pub work: String,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<String>,
    /// Who works.
    pub contractor: Party,
    /// Who is with him.
    pub escort: Party,
    /// Who opened it.
    pub opened_by: Party,
    /// When.
    pub opened_at: WallTime,
    /// From when it holds.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// When sessions of the contractor began and ended; none while one goes on.
    pub visits: Vec<(WallTime, Option<WallTime>)>,
    /// Who closed it, and when.
    pub closed: Option<(Party, WallTime)>,
    /// What was done.
    pub remark: String,
}

/// What a ticket is to say.
#[derive(Debug, Clone)]
pub struct TicketAsk {
    /// Who is to work.
    pub contractor: AccountId,
    /// Who is with him.
    pub escort: AccountId,
    /// At what.
    pub work: String,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<CameraId>,
    /// From when.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
}

impl Access {
    /// The newest 200 tickets, the newest first.
    ///
    /// # Errors
    /// If the rules refuse.
    pub async fn tickets(
        &self,
        asker: &Asker,
    ) -> Result<Vec<TicketView>, PerformError<TicketError>> {
        self.look(asker, Action::ReadTickets, Target::House).await?;
        let now = self.clock.wall();
        let newest = self.ledger.tickets().into_iter().rev().take(MOST_SHOWN);
        Ok(newest.map(|fact| self.ticket_view(fact, now)).collect())
    }

    /// Whom a ticket can be for, and who can be with him: for whoever may open one, else nobody.
    #[must_use]
    pub fn ticket_people(&self, asker: &Asker) -> (Vec<Account>, Vec<Account>) {
        let may = |it: &crate::Permission| it.action == Action::OpenTicket;
        if !self.permissions(asker).iter().any(may) {
            return Default::default();
        }
        let accounts = self.ledger.accounts();
        let accounts = accounts.iter().filter_map(Account::read).filter(Account::is_in_force);
        accounts.partition(|account| account.roles.contains(&Role::Contractor))
    }

    /// Opens a ticket; its entry's number is its name from now on.
    ///
    /// # Errors
    /// If the rules refuse, there is no text, or another ticket is for that time.
    pub async fn open_ticket(
        &self,
        asker: &Asker,
        ticket: TicketAsk,
    ) -> Result<TicketView, PerformError<TicketError>> {
        let work = fit_text(&ticket.work).map_err(PerformError::Effect)?;
        let target = Target::NewTicket(Box::new(NewTicket {
            contractor: ticket.contractor,
            contractor_roles: self.roles_of(ticket.contractor),
            escort: ticket.escort,
            escort_roles: self.roles_now(ticket.escort),
            cameras: ticket.cameras,
            from: ticket.from,
            until: ticket.until,
        }));
        let _visiting = self.visiting.lock().await;
        let effect = async |grant: &Grant<ManageTickets>| {
            let Target::NewTicket(ticket) = grant.target() else {
                unreachable!("the rules give such a grant for a new ticket alone");
            };
            self.check_no_other(ticket)?;
            let record = Record::Ticket {
                actor: grant.actor().to_string(),
                contractor: Actor::Person(ticket.contractor).to_string(),
                escort: Actor::Person(ticket.escort).to_string(),
                work,
                cameras: ticket.cameras.iter().map(ToString::to_string).collect(),
            };
            let step = TicketStep::Opened { from: ticket.from, until: ticket.until };
            let event = Event { kind: Kind::Ticket(step), record: Some(record) };
            let number = self.ledger.append(vec![event]).await?[0];
            self.one_ticket(number)
        };
        self.perform(asker, Request::new(Action::OpenTicket, target), effect).await
    }

    /// Closes a ticket, with what was done. Sessions that rest on it end at once.
    ///
    /// # Errors
    /// If the rules refuse, there is no text, or it is over.
    pub async fn close_ticket(
        &self,
        asker: &Asker,
        number: EntryNumber,
        remark: &str,
    ) -> Result<TicketView, PerformError<TicketError>> {
        let remark = fit_text(remark).map_err(PerformError::Effect)?;
        let _visiting = self.visiting.lock().await;
        let effect = async |grant: &Grant<ManageTickets>| {
            let Target::Ticket(number) = *grant.target() else {
                unreachable!("the rules give such a grant for a ticket alone");
            };
            let fact = self.ledger.ticket(number).filter(|fact| fact.end.is_none());
            let fact = fact.ok_or(TicketError::Ended)?;
            self.sessions().end_all_on(number);
            let mut events = self.departures(&fact);
            events.push(Event {
                kind: Kind::Ticket(TicketStep::Closed { ticket: number }),
                record: Some(Record::TicketStep { actor: grant.actor().to_string(), remark }),
            });
            self.ledger.append(events).await?;
            self.one_ticket(number)
        };
        let target = Target::Ticket(number);
        self.perform(asker, Request::new(Action::CloseTicket, target), effect).await
    }

    /// The tickets on which the rules decide: the session's own, or at the door all of the person.
    pub(crate) fn tickets_for(
        &self,
        asker: &Asker,
        own: Option<EntryNumber>,
    ) -> Vec<rules::Ticket> {
        let facts = match (asker.session(), own) {
            (Some(_), own) => own.and_then(|own| self.ledger.ticket(own)).into_iter().collect(),
            (None, _) => {
                let actor = asker.actor().to_string();
                let mut all = self.ledger.tickets();
                all.retain(|fact| fact.contractor == actor);
                all
            }
        };
        facts.iter().filter_map(|fact| self.ticket_of(fact)).collect()
    }

    fn ticket_of(&self, fact: &TicketFact) -> Option<rules::Ticket> {
        let cameras = fact.cameras.iter().map(|camera| camera.parse().ok());
        Some(rules::Ticket {
            contractor: person(&fact.contractor)?,
            escort_roles: person(&fact.escort).map(|it| self.roles_now(it)).unwrap_or_default(),
            cameras: cameras.collect::<Option<_>>()?,
            from: fact.from,
            until: fact.until,
            is_ended: fact.end.is_some(),
            latest: fact.latest,
        })
    }

    /// Opens the session of somebody who was just let in. A contractor's rests on the ticket that
    /// holds, and is entered before it is there.
    pub(crate) async fn begin_session(
        &self,
        account: AccountId,
    ) -> Result<SessionSecret, AppendError> {
        if !self.roles_of(account).contains(&Role::Contractor) {
            return Ok(self.sessions().open(account, None, self.clock.elapsed()));
        }
        let _visiting = self.visiting.lock().await;
        // The door has let him in on one of these; if it ended since, the session has no right.
        let ticket = self.ticket_that_holds(account);
        if let Some(ticket) = ticket {
            self.ledger.append(vec![moved(account, TicketStep::Entered { ticket })]).await?;
        }
        Ok(self.sessions().open(account, ticket, self.clock.elapsed()))
    }

    fn ticket_that_holds(&self, account: AccountId) -> Option<EntryNumber> {
        let actor = Actor::Person(account).to_string();
        let mut open = self.ledger.open_tickets();
        open.retain(|fact| fact.contractor == actor);
        let holds = |fact: &&TicketFact| self.still_holds(account, fact);
        open.iter().find(holds).map(|fact| fact.number)
    }

    fn still_holds(&self, account: AccountId, fact: &TicketFact) -> bool {
        let facts = rules::Facts {
            roles: self.roles_now(account),
            tickets: self.ticket_of(fact).into_iter().collect(),
            ..rules::Facts::nobody()
        };
        let ask = Ask {
            actor: Actor::Person(account),
            action: Action::ReadSession,
            target: Target::House,
            purpose: None,
            proposal: None,
        };
        rules::decide(ask, &facts, self.clock.wall()).is_ok()
    }

    /// Ends the sessions whose ticket holds no more, and enters who left and which tickets are over.
    pub(crate) async fn mind_tickets(&self) {
        let open = self.ledger.open_tickets();
        if open.is_empty() {
            return;
        }
        let _visiting = self.visiting.lock().await;
        let now = self.clock.wall();
        let mut events = Vec::new();
        // Asked anew: one may have been closed while this waited.
        for fact in self.ledger.open_tickets() {
            let holds = person(&fact.contractor).is_some_and(|it| self.still_holds(it, &fact));
            if !holds {
                self.sessions().end_all_on(fact.number);
            }
            events.extend(self.departures(&fact));
            if now >= fact.until {
                events.push(Kind::Ticket(TicketStep::Lapsed { ticket: fact.number }).into());
            }
        }
        if !events.is_empty()
            && let Err(error) = self.ledger.append(events).await
        {
            tracing::error!(%error, "the end of a contractor's session could not be entered");
        }
    }

    /// Who is gone and of whom that was not entered: also those whom a restart sent away.
    fn departures(&self, fact: &TicketFact) -> Vec<Event> {
        let there = self.sessions().count_on(fact.number, self.clock.elapsed());
        let gone = fact.inside.saturating_sub(there);
        let left = |_| Event {
            kind: Kind::Ticket(TicketStep::Left { ticket: fact.number }),
            record: Some(Record::TicketStep {
                actor: fact.contractor.clone(),
                remark: String::new(),
            }),
        };
        (0..gone).map(left).collect()
    }

    fn check_no_other(&self, ticket: &NewTicket) -> Result<(), TicketError> {
        let (actor, now) = (Actor::Person(ticket.contractor).to_string(), self.clock.wall());
        let mut open = self.ledger.open_tickets();
        open.retain(|fact| fact.contractor == actor && now < fact.until);
        if open.iter().any(|fact| fact.from < ticket.until && ticket.from < fact.until) {
            return Err(TicketError::Overlaps);
        }
        if open.len() < MOST_OPEN { Ok(()) } else { Err(TicketError::TooMany) }
    }

    fn one_ticket(&self, number: EntryNumber) -> Result<TicketView, TicketError> {
        let fact = self.ledger.ticket(number).ok_or(TicketError::Ended)?;
        Ok(self.ticket_view(fact, self.clock.wall()))
    }

    fn ticket_view(&self, fact: TicketFact, now: WallTime) -> TicketView {
        let state = match &fact.end {
            Some(end) if end.by.is_some() => TicketState::Closed,
            Some(_) => TicketState::Lapsed,
            None if now >= fact.until => TicketState::Lapsed,
            None if now < fact.from => TicketState::Planned,
            None => TicketState::Open,
        };
        let closed = fact.end.as_ref().and_then(|end| Some((self.party(end.by.as_ref()?), end.at)));
        TicketView {
            number: fact.number,
            state,
            contractor: self.party(&fact.contractor),
            escort: self.party(&fact.escort),
            opened_by: self.party(&fact.opened_by),
            work: fact.work,
            cameras: fact.cameras,
            opened_at: fact.opened_at,
            from: fact.from,
            until: fact.until,
            visits: fact.visits,
            closed,
            remark: fact.end.map(|end| end.remark).unwrap_or_default(),
        }
    }
}

fn moved(account: AccountId, step: TicketStep) -> Event {
    let actor = Actor::Person(account).to_string();
    let record = Record::TicketStep { actor, remark: String::new() };
    Event { kind: Kind::Ticket(step), record: Some(record) }
}

fn fit_text(text: &str) -> Result<String, TicketError> {
    let text = text.trim();
    let is_unfit = |c: char| c.is_control() && c != '\n';
    if (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.chars().any(is_unfit) {
        Ok(text.to_owned())
    } else {
        Err(TicketError::Text)
    }
}
