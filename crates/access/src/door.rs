//! The one door: facts → rules → ledger → effect → outcome.

use std::fmt::Display;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use catalog::Catalog;
use domain::{AccountId, Action, Actor, EntryNumber, RecorderId, Role, Trace, WallTime};
use host::Clock;
use ledger::act::Act;
use ledger::{
    AdmitError, AppendError, DisclosureStep, DisclosureStepFact, Grant, Granted, Ledger,
    OutcomeWord,
};
use rules::{Ask, Cell, Facts, Place, Refusal, RefusalReason, Target, cell, decide, socket_may};

use crate::account::{Account, cameras_of};
use crate::approval::person;
use crate::guess::{Guesses, Verdict};
use crate::password::{PasswordCost, Passwords};
use crate::refusals::Refusals;
use crate::secret::SessionSecret;
use crate::session::{SessionLimits, SessionState, Sessions};
use crate::{Asker, Request};

/// How strict the door is.
#[derive(Debug, Clone, Copy)]
pub struct AccessConfig {
    /// Whose door it is; the two first accounts' ids come from it.
    pub recorder: RecorderId,
    /// A session locks after this long without a touch.
    pub idle_limit: Duration,
    /// A session ends after this long.
    pub session_limit: Duration,
    /// What one password hash costs.
    pub password_cost: PasswordCost,
    /// How often a long viewing enters what was served.
    pub served_every: Duration,
    /// Whether accounts may be made without anybody's appointment: in the demo only.
    pub is_demo: bool,
}

impl AccessConfig {
    /// What is meant for an institution: locked after 15 minutes, ended after 12 hours.
    #[must_use]
    pub fn new(recorder: RecorderId) -> Self {
        Self {
            recorder,
            idle_limit: Duration::from_secs(15 * 60),
            session_limit: Duration::from_secs(12 * 3600),
            password_cost: PasswordCost::default(),
            served_every: Duration::from_secs(10 * 60),
            is_demo: false,
        }
    }
}

/// Sign-in, sessions, and the door through which every act goes.
pub struct Access {
    pub(crate) ledger: Ledger,
    pub(crate) catalog: Catalog,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: AccessConfig,
    pub(crate) passwords: Passwords,
    pub(crate) sessions: Mutex<Sessions>,
    /// Held while an account is read and written: a link is spent once, a name given once.
    pub(crate) changing_accounts: tokio::sync::Mutex<()>,
    pub(crate) deciding: tokio::sync::Mutex<()>,
    /// Held while a contractor's session begins or ends, so that each is entered once.
    pub(crate) visiting: tokio::sync::Mutex<()>,
    guesses: Mutex<Guesses>,
    refusals: Mutex<Refusals>,
}

/// Why an act did not happen, or not as intended.
#[derive(Debug, thiserror::Error)]
pub enum PerformError<E> {
    /// The rules say no; the refusal is in the ledger.
    #[error("refused: {0}")]
    Refused(RefusalReason),
    /// The ledger cannot append: nothing is done that could not be written down.
    #[error(transparent)]
    Ledger(#[from] AppendError),
    /// The effect itself failed; so says the outcome in the ledger.
    #[error("{0}")]
    Effect(E),
    /// The right was taken away, or the session ended, while the act went on, and the effect did
    /// not end by itself.
    #[error("the right to it was taken away while it went on")]
    Cut,
}

/// Why there is no grant.
pub(crate) enum Denied {
    Refused(RefusalReason),
    Ledger(AppendError),
}

impl<E> From<Denied> for PerformError<E> {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(reason) => Self::Refused(reason),
            Denied::Ledger(error) => Self::Ledger(error),
        }
    }
}

impl From<AppendError> for Denied {
    fn from(error: AppendError) -> Self {
        Self::Ledger(error)
    }
}

/// One thing a person may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// What.
    pub action: Action,
    /// On which condition.
    pub cell: Cell,
    /// The only cameras it is about; none for all.
    pub cameras: Option<Vec<domain::CameraId>>,
}

impl Access {
    /// A door before a ledger. Takes as long as one password hash.
    ///
    /// # Panics
    /// If the password cost is not one that Argon2 allows.
    #[must_use]
    pub fn new(
        ledger: Ledger,
        catalog: Catalog,
        clock: Arc<dyn Clock>,
        config: AccessConfig,
    ) -> Self {
        let limits = SessionLimits { idle: config.idle_limit, session: config.session_limit };
        Self {
            ledger,
            catalog,
            clock,
            passwords: Passwords::new(config.password_cost),
            sessions: Mutex::new(Sessions::new(limits)),
            changing_accounts: tokio::sync::Mutex::new(()),
            deciding: tokio::sync::Mutex::new(()),
            visiting: tokio::sync::Mutex::new(()),
            guesses: Mutex::new(Guesses::new()),
            refusals: Mutex::default(),
            config,
        }
    }

    /// Performs an act: asks the rules, enters the intent, and only when that is durable runs the
    /// effect, which is handed the grant; then enters the outcome.
    ///
    /// If the outcome cannot be entered after the effect has happened, the effect's result is given
    /// all the same and the sweep at the next start closes the intent. If this future is dropped
    /// (the client hung up) the outcome is entered as unknown.
    ///
    /// The error's text goes into the outcome's record: it may not hold a secret.
    ///
    /// # Errors
    /// If the rules refuse, the ledger cannot append, or the effect fails.
    ///
    /// # Panics
    /// If the request's action is not of the kind `A`: a mistake in the program.
    pub async fn perform<A, T, E, F>(
        &self,
        asker: &Asker,
        request: Request,
        effect: F,
    ) -> Result<T, PerformError<E>>
    where
        A: Act,
        E: Display,
        F: AsyncFnOnce(&Grant<A>) -> Result<T, E>,
    {
        let grant = self.admit::<A>(asker, request).await?;
        let result = effect(&grant).await;
        close(grant, &result).await;
        result.map_err(PerformError::Effect)
    }

    /// Whether something may be looked at whose traces are refusals only (a page that refreshes
    /// itself). Nothing is entered when it may.
    ///
    /// # Errors
    /// If the rules refuse, or the refusal cannot be entered.
    ///
    /// # Panics
    /// If the action leaves a full trace: that is for [`Access::perform`].
    pub async fn look<E>(
        &self,
        asker: &Asker,
        action: Action,
        target: Target,
    ) -> Result<(), PerformError<E>> {
        assert!(
            action.trace() == Trace::Refusals,
            "{} leaves a full trace: it goes through perform",
            action.word()
        );
        let ask = Ask { actor: asker.actor(), action, target, purpose: None, proposal: None };
        let facts = self.facts_of(asker, &ask, None);
        match decide(ask, &facts, self.clock.wall()) {
            Ok(_permit) => Ok(()),
            Err(refusal) => Err(self.refuse(refusal).await.into()),
        }
    }

    /// Whether the rules would permit something now. It permits nothing and enters nothing: it is
    /// for what is asked before an act is begun that could not succeed.
    #[must_use]
    pub fn would_permit(&self, asker: &Asker, request: &Request) -> bool {
        let Request { action, target, purpose, proposal } = request.clone();
        let ask = Ask { actor: asker.actor(), action, target, purpose, proposal };
        let facts = self.facts_of(asker, &ask, None);
        decide(ask, &facts, self.clock.wall()).is_ok()
    }

    /// What somebody may do, for the pages to show. It decides nothing.
    #[must_use]
    pub fn permissions(&self, asker: &Asker) -> Vec<Permission> {
        let facts = self.facts_of(asker, &plain_ask(asker), None);
        let cell_of = |action| match asker.actor() {
            Actor::Person(_) => best_cell(&facts.roles, action),
            Actor::Os { .. } if socket_may(action) => Cell::Yes,
            _ => Cell::No,
        };
        let all = Action::ALL.iter().map(|&action| Permission {
            action,
            cell: cell_of(action),
            cameras: cameras_of(&facts.scope),
        });
        all.filter(|permission| permission.cell != Cell::No).collect()
    }

    /// The receipt for an act, if the rules and the ledger give one.
    pub(crate) async fn admit<A: Act>(
        &self,
        asker: &Asker,
        request: Request,
    ) -> Result<Grant<A>, Denied> {
        let Request { action, target, purpose, proposal } = request;
        let ask = Ask { actor: asker.actor(), action, target, purpose, proposal };
        let facts = self.facts_of(asker, &ask, None);
        let permit = match decide(ask.clone(), &facts, self.clock.wall()) {
            Ok(permit) => permit,
            Err(refusal) => return Err(self.refuse(refusal).await),
        };
        let grant = self.ledger.admit(permit).await.map_err(|AdmitError::Append(error)| error)?;
        // Rights that were taken away while the intent was being written would not see this grant:
        // it was not there to be revoked. From here on it is.
        let facts = self.facts_of(asker, &ask, Some(grant.number()));
        if let Err(refusal) = decide(ask, &facts, self.clock.wall()) {
            note_failed_close(grant.close(OutcomeWord::Failed, refusal.reason.word()).await);
            return Err(self.refuse(refusal).await);
        }
        Ok(grant)
    }

    /// What is true of somebody at this moment, as the ledger says it. A session that has ended
    /// carries no right, whatever the account still has. `own` is the intent that was entered for
    /// this very ask: a proposal that it uses is not used up for it.
    fn facts_of(&self, asker: &Asker, ask: &Ask, own: Option<EntryNumber>) -> Facts {
        let Some(account) = asker.account().and_then(|id| self.account(id)) else {
            return Facts { early_rule: self.ledger.early().rule, ..Facts::nobody() };
        };
        let (state, ticket) = match asker.session() {
            None => (SessionState::Open, None),
            Some(id) => match self.sessions().get(id, self.clock.elapsed()) {
                Some(view) => (view.state, view.ticket),
                None => return Facts::nobody(),
            },
        };
        let is_contractor = account.roles.contains(&Role::Contractor);
        Facts {
            roles: account.roles,
            scope: account.scope,
            session_locked: state == SessionState::Locked,
            device_is_unseen: ask.action == Action::TakeStill && self.is_unseen(&ask.target),
            proposal: self.proposal_of(ask, own),
            early_rule: None,
            tickets: if is_contractor { self.tickets_for(asker, ticket) } else { Vec::new() },
            term: account.appointment.term,
            preceded_by: self.preceded_by(ask),
            granted: self.granted(ask),
            objection: self.objection(ask),
        }
    }

    /// Who took the step before, of a case that is asked about: received it, or compelled what is reviewed.
    fn preceded_by(&self, ask: &Ask) -> Option<AccountId> {
        match &ask.target {
            Target::Request(target) => {
                let (received_by, _) = self.ledger.request(target.request?)?.detail?;
                person(&received_by)
            }
            Target::Disclosure(target) => {
                let fact = self.ledger.disclosure(target.disclosure?)?;
                let (received_by, _) = fact.detail?;
                if ask.action != Action::ReviewDisclosure {
                    return person(&received_by);
                }
                let is_compelled = |step: &&DisclosureStepFact| {
                    matches!(step.step, DisclosureStep::Compelled { .. })
                };
                person(&fact.steps.iter().find(is_compelled)?.by)
            }
            _ => None,
        }
    }

    /// What the case lets out of which something is to leave.
    fn granted(&self, ask: &Ask) -> Option<Granted> {
        let target = match &ask.target {
            Target::Proposed { target, .. } => &**target,
            target => target,
        };
        let Target::Export(export) = target else { return None };
        self.ledger.granted(export.case)
    }

    /// Whether the device at a camera's spot never showed its one test picture.
    fn is_unseen(&self, target: &Target) -> bool {
        let Target::Camera(camera) = target else { return false };
        self.ledger.camera(*camera).is_some_and(|camera| {
            camera.retired_at.is_none()
                && camera.devices.last().is_some_and(|device| device.seen_at.is_none())
        })
    }

    /// An account as the ledger says it.
    #[must_use]
    pub(crate) fn account(&self, id: AccountId) -> Option<Account> {
        self.ledger.account(id).as_ref().and_then(Account::read)
    }

    /// Enters a refusal, or counts it when there is a flood of them; gives what to say of it.
    pub(crate) async fn refuse(&self, refusal: Refusal) -> Denied {
        let (now, wall) = (self.clock.elapsed(), self.clock.wall());
        let is_entered = lock(&self.refusals).is_entered(&refusal, now, wall);
        if is_entered && let Err(error) = self.ledger.refuse(&refusal).await {
            return Denied::Ledger(error);
        }
        Denied::Refused(refusal.reason)
    }

    /// What time does to sessions and to counted refusals. To be called once a second: a session
    /// that is over ends its pictures here.
    pub async fn tick(&self) {
        self.sessions().sweep(self.clock.elapsed());
        self.mind_appointments().await;
        self.mind_tickets().await;
        self.enter_counts(false).await;
    }

    /// Ends every session with its acts, and enters what was counted: the recorder stops.
    pub async fn close(&self) {
        self.sessions().end_all();
        self.mind_tickets().await;
        self.enter_counts(true).await;
    }

    async fn enter_counts(&self, all: bool) {
        let (now, wall) = (self.clock.elapsed(), self.clock.wall());
        let counts = lock(&self.refusals).take_counts(now, wall, all);
        if !counts.is_empty()
            && let Err(error) = self.ledger.append(counts).await
        {
            tracing::error!(%error, "counted refusals could not be entered");
        }
    }

    /// Who has this session; none when it has ended. Asking does not put the idle limit off.
    #[must_use]
    pub fn asker(&self, secret: &SessionSecret) -> Option<Asker> {
        let view = self.sessions().find(secret, self.clock.elapsed())?;
        Some(Asker::session_of(view.account, view.id))
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }

    pub(crate) fn guess(&self, name: &str, peer: IpAddr) -> Verdict {
        lock(&self.guesses).attempt(name, peer, self.clock.elapsed())
    }

    pub(crate) fn guessed_right(&self, name: &str, peer: IpAddr) {
        lock(&self.guesses).succeeded(name, peer);
    }

    pub(crate) fn forget_peers(&self, name: &str) {
        lock(&self.guesses).forget(name);
    }

    pub(crate) fn wall_in(&self, length: Duration) -> WallTime {
        self.clock.wall() + length
    }
}

/// Enters how an act ended. That it could not be entered does not make it not have happened.
pub(crate) async fn close<A: Act, T, E: Display>(grant: Grant<A>, result: &Result<T, E>) {
    let closing = match result {
        Ok(_) => grant.close(OutcomeWord::Done, "").await,
        Err(error) => grant.close(OutcomeWord::Failed, &error.to_string()).await,
    };
    note_failed_close(closing);
}

fn note_failed_close<T>(closing: Result<T, AppendError>) {
    if let Err(error) = closing {
        tracing::warn!(%error, "an outcome could not be entered; the next start closes the intent");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change under these locks is whole or nothing; a panic elsewhere leaves them right.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most that any of the roles says, as `rules` weighs them: beside a technical role a role that
/// sees footage shows nothing.
fn best_cell(roles: &[Role], action: Action) -> Cell {
    let technical = roles.iter().any(|role| matches!(role, Role::Administrator | Role::Contractor));
    let weight = |cell: &Cell| match cell {
        Cell::No => 0,
        Cell::OncePerDevice => 1,
        Cell::WithApproval => 2,
        Cell::RecentWithPurpose => 3,
        Cell::WithPurpose => 4,
        Cell::Yes => 5,
    };
    let counting = roles.iter().filter(|role| !(technical && role.sees_footage()));
    let cells = counting.map(|role| cell(*role, action, Place::InScope));
    cells.max_by_key(weight).unwrap_or(Cell::No)
}

/// An ask on which nothing but the person depends.
const fn plain_ask(asker: &Asker) -> Ask {
    Ask {
        actor: asker.actor(),
        action: Action::ReadSession,
        target: Target::House,
        purpose: None,
        proposal: None,
    }
}
