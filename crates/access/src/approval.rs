//! Acts that take two people: proposals, what is decided of them, and what became of them.
//!
//! Proposal, decision and act are each an entry of the ledger, and each goes through the one door.
//! Carrying it out is [`Access::perform`] with the proposal named in the request.

use domain::{AccountId, Action, Actor, EntryNumber, WallTime};
use ledger::act::{DecideProposal, Propose};
use ledger::{AppendError, Decision, Event, Grant, Kind, OutcomeWord, ProposalFact, Record};
use rules::{Approval, Ask, PROPOSAL_VALID_FOR, Proposal, Target, waits_for};

use crate::{Access, Asker, PerformError, Request};

/// Proposals of one person that are open at once.
const MOST_OPEN: usize = 20;
/// Characters of the longest reason.
const LONGEST_REASON: usize = 200;

/// Why a proposal was not made or decided.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// No reason, too long a one, or more than a line.
    #[error("write a reason of 1 to {LONGEST_REASON} characters on one line")]
    Reason,
    /// Too many wait already.
    #[error("{MOST_OPEN} of your proposals wait already: take one back first")]
    TooMany,
    /// The rule that it would make stands already: a second would only begin its day anew.
    #[error("footage may go early already: take that rule back first")]
    StandsAlready,
    /// Somebody else was quicker.
    #[error("it was decided a moment ago")]
    Decided,
    /// The ledger cannot append.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// How a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// It waits for another person.
    Open,
    /// It was approved and waits to be carried out.
    Approved,
    /// It was carried out, or is being carried out, or nobody can say (which counts as done).
    CarriedOut,
    /// It was carried out and failed: nothing was changed. It has to be proposed anew.
    Failed,
    /// Another person refused it.
    Refused,
    /// It was taken back.
    Withdrawn,
    /// Nobody decided, or nobody carried it out, in time.
    Lapsed,
}

/// A proposal, as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalView {
    /// Its entry.
    pub number: EntryNumber,
    /// The act.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: Party,
    /// When.
    pub proposed_at: WallTime,
    /// Until when it can be approved and carried out.
    pub until: WallTime,
    /// How it stands.
    pub state: ProposalState,
    /// From when it can be carried out; none before it was approved.
    pub from: Option<WallTime>,
    /// Who decided, and when.
    pub decided_by: Option<(Party, WallTime)>,
}

/// One of the two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Whose account; none if it cannot be read.
    pub account: Option<AccountId>,
    /// What others see.
    pub display_name: String,
}

impl Access {
    /// Proposals, the newest first.
    ///
    /// # Errors
    /// If the rules refuse.
    pub async fn proposals(
        &self,
        asker: &Asker,
    ) -> Result<Vec<ProposalView>, PerformError<ApprovalError>> {
        self.look(asker, Action::ReadProposals, Target::House).await?;
        let now = self.clock.wall();
        let all = self.ledger.proposals();
        Ok(all.into_iter().rev().map(|(number, fact)| self.view(number, fact, now)).collect())
    }

    /// One proposal.
    #[must_use]
    pub fn proposal(&self, number: EntryNumber) -> Option<ProposalView> {
        let now = self.clock.wall();
        self.ledger.proposal(number).map(|fact| self.view(number, fact, now))
    }

    /// The newest proposal of which something is true.
    #[must_use]
    pub fn proposal_where(&self, is_it: impl Fn(&ProposalView) -> bool) -> Option<ProposalView> {
        let now = self.clock.wall();
        let all = self.ledger.proposals().into_iter().rev();
        all.map(|(number, fact)| self.view(number, fact, now)).find(is_it)
    }

    /// Proposes an act that takes two people; gives the entry by which it is called from now on.
    ///
    /// # Errors
    /// If the rules refuse, there is no reason, or the rule that it would make stands.
    pub async fn propose(
        &self,
        asker: &Asker,
        action: Action,
        target: Target,
        reason: &str,
    ) -> Result<EntryNumber, PerformError<ApprovalError>> {
        let reason = fit_reason(reason).map_err(PerformError::Effect)?;
        let proposed = Target::Proposed { action, target: Box::new(target) };
        let _deciding = self.deciding.lock().await;
        let effect = async |grant: &Grant<Propose>| {
            self.check_room(grant.actor())?;
            let Target::Proposed { action, target } = grant.target() else {
                unreachable!("the rules give such a grant for a proposal alone");
            };
            if *action == Action::AllowEarly && self.early().rule.is_some() {
                return Err(ApprovalError::StandsAlready);
            }
            let record = Record::Proposal {
                actor: grant.actor().to_string(),
                action: action.word().into(),
                target: (&**target).into(),
                reason,
                until: self.wall_in(PROPOSAL_VALID_FOR).to_string(),
            };
            let event = Event { kind: Kind::Proposal { action: *action }, record: Some(record) };
            Ok(self.ledger.append(vec![event]).await?[0])
        };
        self.perform(asker, Request::new(Action::Propose, proposed), effect).await
    }

    /// Approves or refuses what another person proposed, or takes back one's own proposal.
    ///
    /// # Errors
    /// If the rules refuse, or it was decided meanwhile.
    pub async fn decide_proposal(
        &self,
        asker: &Asker,
        number: EntryNumber,
        approves: bool,
    ) -> Result<(), PerformError<ApprovalError>> {
        let _deciding = self.deciding.lock().await;
        let effect = async |grant: &Grant<DecideProposal>| {
            let Target::Proposal { number, approves } = grant.target() else {
                unreachable!("the rules give such a grant for a proposal alone");
            };
            let fact = self.ledger.proposal(*number).filter(|fact| fact.decision.is_none());
            let fact = fact.ok_or(ApprovalError::Decided)?;
            let is_own = grant.actor().to_string() == fact.proposed_by;
            let decision = match (approves, is_own) {
                (true, _) => Decision::Approved,
                (false, true) => Decision::Withdrawn,
                (false, false) => Decision::Refused,
            };
            let record = Record::Approval { actor: grant.actor().to_string() };
            let kind = Kind::Approval { proposal: *number, decision };
            self.ledger.append(vec![Event { kind, record: Some(record) }]).await?;
            Ok(())
        };
        let target = Target::Proposal { number, approves };
        self.perform(asker, Request::new(Action::DecideProposal, target), effect).await
    }

    /// The proposal that an ask is about or rests on, with what its people are now. `own` is the
    /// intent of this very ask.
    pub(crate) fn proposal_of(&self, ask: &Ask, own: Option<EntryNumber>) -> Option<Proposal> {
        let number = match &ask.target {
            Target::Proposal { number, .. } => *number,
            _ => ask.proposal?,
        };
        let fact = self.ledger.proposal(number)?;
        let proposed_by = person(&fact.proposed_by)?;
        let is_spent = fact.used_by.is_some_and(|intent| Some(intent) != own);
        let approval = match &fact.decision {
            _ if is_spent => Approval::Closed,
            None => Approval::Open,
            Some((Decision::Approved, by, at)) => person(by).map_or(Approval::Closed, |by| {
                Approval::Approved { by, roles: self.roles_of(by), at: *at }
            }),
            Some(_) => Approval::Closed,
        };
        Some(Proposal {
            action: fact.action,
            target: fact.target,
            proposed_by,
            proposer_roles: self.roles_of(proposed_by),
            until: fact.until,
            approval,
        })
    }

    fn view(&self, number: EntryNumber, fact: ProposalFact, now: WallTime) -> ProposalView {
        let approved = fact.decision.as_ref().filter(|(it, ..)| *it == Decision::Approved);
        ProposalView {
            number,
            from: approved.map(|(.., at)| *at + waits_for(fact.action)),
            action: fact.action,
            state: state_of(&fact, now),
            target: fact.target,
            reason: fact.reason,
            proposed_by: self.party(&fact.proposed_by),
            proposed_at: fact.proposed_at,
            until: fact.until,
            decided_by: fact.decision.map(|(_, by, at)| (self.party(&by), at)),
        }
    }

    pub(crate) fn party(&self, actor: &str) -> Party {
        let account = person(actor);
        let known = account.and_then(|account| self.account(account));
        Party { account, display_name: known.map(|it| it.display_name).unwrap_or_default() }
    }

    /// What somebody may do at this moment: nothing outside the term of the appointment.
    pub(crate) fn roles_now(&self, account: AccountId) -> Vec<domain::Role> {
        let now = self.clock.wall();
        let account = self.account(account).filter(|it| it.appointment.term.refuses(now).is_none());
        account.map(|account| account.roles).unwrap_or_default()
    }

    pub(crate) fn roles_of(&self, account: AccountId) -> Vec<domain::Role> {
        self.account(account).map(|account| account.roles).unwrap_or_default()
    }

    fn check_room(&self, actor: Actor) -> Result<(), ApprovalError> {
        let (actor, now) = (actor.to_string(), self.clock.wall());
        let waits = |(_, fact): &(EntryNumber, ProposalFact)| {
            fact.proposed_by == actor && state_of(fact, now) == ProposalState::Open
        };
        if self.ledger.proposals().iter().filter(|it| waits(it)).count() < MOST_OPEN {
            Ok(())
        } else {
            Err(ApprovalError::TooMany)
        }
    }
}

fn state_of(fact: &ProposalFact, now: WallTime) -> ProposalState {
    match (&fact.decision, fact.used_by) {
        (_, Some(_)) if fact.outcome == Some(OutcomeWord::Failed) => ProposalState::Failed,
        (_, Some(_)) => ProposalState::CarriedOut,
        (Some((Decision::Refused, ..)), None) => ProposalState::Refused,
        (Some((Decision::Withdrawn, ..)), None) => ProposalState::Withdrawn,
        (_, None) if now >= fact.until => ProposalState::Lapsed,
        (Some((Decision::Approved, ..)), None) => ProposalState::Approved,
        (None, None) => ProposalState::Open,
    }
}

/// Only people propose and decide: anything else is nobody.
pub(crate) fn person(actor: &str) -> Option<AccountId> {
    actor.strip_prefix("person:")?.parse().ok()
}

fn fit_reason(reason: &str) -> Result<String, ApprovalError> {
    let reason = reason.trim();
    let fits = (1..=LONGEST_REASON).contains(&reason.chars().count());
    if fits && !reason.chars().any(char::is_control) {
        Ok(reason.to_owned())
    } else {
        Err(ApprovalError::Reason)
    }
}
