//! Signing in and out, unlocking, handing over, and the one-time link.

use std::net::IpAddr;
use std::time::Duration;

use catalog::CatalogError;
use domain::{AccountId, Action, Actor, WallTime};
use ledger::act::KeepSession;
use ledger::{AppendError, Event, Kind, Record};
use rules::{Ask, Refusal, RefusalReason, Target};

use crate::account::{Account, NameError, fit_name, name_key};
use crate::door::Denied;
use crate::guess::Verdict;
use crate::password::{PasswordError, Passwords, Queue};
use crate::secret::{LinkSecret, SessionSecret, hex, is_same, sha256};
use crate::session::SessionView;
use crate::{Access, Asker, PerformError, Request, SessionState};

/// Asked of the catalog when there is no such name, so that the answer takes the same time.
const NOBODY: AccountId = AccountId::from_bytes([0; 16]);

/// Why somebody was not let in. Says nothing about which names exist.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name or password.
    #[error("name or password is wrong")]
    WrongCredentials,
    /// Too often.
    #[error("too many attempts; try again in {} s", wait.as_secs() + 1)]
    TooManyAttempts {
        /// How long to wait.
        wait: Duration,
    },
    /// The link opens nothing (any more).
    #[error("this link was used, replaced, or is too old; ask for a new one")]
    LinkNotOpen,
    /// The session has ended.
    #[error("you are signed out; sign in again")]
    NoSession,
    /// The one who comes is the one who goes.
    #[error("the person who takes over signs in with another name")]
    SamePerson,
    /// The chosen name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The chosen password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The rules say no.
    #[error("refused: {0}")]
    Refused(RefusalReason),
    /// The ledger cannot append.
    #[error(transparent)]
    Ledger(#[from] AppendError),
    /// The database refuses.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<Denied> for SignInError {
    fn from(denied: Denied) -> Self {
        PerformError::<Self>::from(denied).into()
    }
}

impl From<PerformError<Self>> for SignInError {
    fn from(error: PerformError<Self>) -> Self {
        match error {
            PerformError::Refused(RefusalReason::WrongCredentials) => Self::WrongCredentials,
            PerformError::Refused(reason) => Self::Refused(reason),
            PerformError::Ledger(error) => Self::Ledger(error),
            PerformError::Effect(error) => error,
            PerformError::Cut => unreachable!("only long viewing is cut off"),
        }
    }
}

/// One's own session, for the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionStatus {
    /// Whose.
    pub account: Account,
    /// Whether the controls work.
    pub state: SessionState,
    /// When they lock, if nothing is touched until then.
    pub locks_at: WallTime,
    /// When it ends.
    pub ends_at: WallTime,
    /// When the ticket ends on which it rests, of a contractor.
    pub ticket_until: Option<WallTime>,
}

/// Somebody whose credentials were right, and the verifier by which they were.
struct Proven {
    account: AccountId,
    verifier_sha256: String,
}

impl Access {
    /// Signs a person in by name and password. `peer` is where the attempt comes from.
    ///
    /// Wrong names and wrong passwords get the same answer in the same time. Each failure is
    /// entered in the ledger, or counted there when there is a flood.
    ///
    /// # Errors
    /// Why not.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        peer: IpAddr,
    ) -> Result<SessionSecret, SignInError> {
        let proven = self.prove_by_name(name, password, peer).await?;
        self.open_session(proven).await
    }

    /// Uses a one-time link: sets name, display name (unless it stays) and password, spends the
    /// link, signs in.
    ///
    /// # Errors
    /// Why not; the link is spent only if the new password counts.
    pub async fn claim(
        &self,
        link: &LinkSecret,
        name: &str,
        display_name: Option<&str>,
        password: &str,
    ) -> Result<SessionSecret, SignInError> {
        let link_sha256 = hex(&link.sha256());
        // Asked before any work is done for it: whoever has no link costs us nothing.
        self.account_of_link(&link_sha256).await?;
        let name = fit_name(name)?;
        let display_name = display_name.map(fit_name).transpose()?;
        Passwords::check(&name, password)?;
        let verifier = self.passwords.hash(password).await;

        let _changing = self.changing_accounts.lock().await;
        let id = self.account_of_link(&link_sha256).await?;
        self.check_name_is_free(&name, id)?;
        let request = Request::new(Action::SignIn, Target::House);
        let effect = async |_: &ledger::Grant<KeepSession>| {
            self.set_credentials(id, &name, display_name, verifier).await
        };
        self.perform(&Asker::at_the_door(id), request, effect).await.map_err(SignInError::from)
    }

    /// The catalog first, then the ledger: a crash between the two leaves the link open and the new
    /// verifier worth nothing. The other way round it would leave a spent link and no password.
    async fn set_credentials(
        &self,
        id: AccountId,
        name: &str,
        display_name: Option<String>,
        verifier: String,
    ) -> Result<SessionSecret, SignInError> {
        let mut account = self.ledger.account(id).ok_or(SignInError::LinkNotOpen)?;
        self.forget_peers(&name_key(&account.name));
        self.catalog.set_verifier(id, &verifier).await?;
        account.name = name.to_owned();
        account.display_name = display_name.unwrap_or(account.display_name);
        account.link_sha256 = None;
        account.link_until = None;
        let verifier_sha256 = hex(&sha256(verifier.as_bytes()));
        let actor = Actor::Person(id).to_string();
        let credential = Record::Credential {
            account: id.to_string(),
            verifier_sha256,
            verifier: Some(verifier),
        };
        let events = vec![
            Event { kind: Kind::Credential, record: Some(credential) },
            Event { kind: Kind::Account, record: Some(Record::Account { actor, account }) },
        ];
        self.ledger.append(events).await?;
        Ok(self.begin_session(id).await?)
    }

    /// The account that a link is open for.
    async fn account_of_link(&self, link_sha256: &str) -> Result<AccountId, SignInError> {
        let now = self.clock.wall();
        // All are compared, each in the same time, whichever it is.
        let mut found = None;
        for record in self.ledger.accounts() {
            if record.link_sha256.as_deref().is_some_and(|open| is_same(open, link_sha256)) {
                found = Account::read(&record);
            }
        }
        match found {
            Some(account) if account.is_in_force() && Some(now) < account.link_until => {
                Ok(account.id)
            }
            _ => {
                let refusal = refusal(Actor::Unknown, Action::SignIn, None, false);
                match self.refuse(refusal).await {
                    Denied::Refused(_) => Err(SignInError::LinkNotOpen),
                    Denied::Ledger(error) => Err(error.into()),
                }
            }
        }
    }

    fn check_name_is_free(&self, name: &str, own: AccountId) -> Result<(), NameError> {
        let (key, own) = (name_key(name), own.to_string());
        let taken = self.ledger.accounts().into_iter().any(|record| {
            record.account != own && !record.name.is_empty() && name_key(&record.name) == key
        });
        if taken { Err(NameError::Taken) } else { Ok(()) }
    }

    /// Signs out, and ends what the session watches. Works without the ledger too: it gives
    /// nothing.
    ///
    /// # Errors
    /// If there is no such session.
    pub async fn sign_out(&self, secret: &SessionSecret) -> Result<(), SignInError> {
        let asker = self.asker(secret).ok_or(SignInError::NoSession)?;
        let request = Request::new(Action::SignOut, Target::House);
        let effect = async |_: &ledger::Grant<KeepSession>| Ok::<_, SignInError>(());
        let entered = self.perform(&asker, request, effect).await;
        if let Some(id) = asker.session() {
            self.sessions().end(id);
        }
        if let Err(error) = entered {
            tracing::warn!(%error, "a sign-out could not be entered");
        }
        Ok(())
    }

    /// The person has touched the controls. Nothing else puts the idle limit off.
    pub fn touch(&self, asker: &Asker) {
        if let Some(id) = asker.session() {
            self.sessions().touch(id, self.clock.elapsed());
        }
    }

    /// One's own session; none when it has ended.
    #[must_use]
    pub fn session(&self, secret: &SessionSecret) -> Option<SessionStatus> {
        let view = self.sessions().find(secret, self.clock.elapsed())?;
        let ticket = view.ticket.and_then(|ticket| self.ledger.ticket(ticket));
        let ticket_until = ticket.map(|ticket| ticket.until);
        let ends_at = self.wall_in(view.ends_in);
        Some(SessionStatus {
            account: self.account(view.account)?,
            state: view.state,
            locks_at: self.wall_in(view.locks_in),
            ends_at: ticket_until.map_or(ends_at, |until| until.min(ends_at)),
            ticket_until,
        })
    }

    /// Unlocks one's own session after the idle limit.
    ///
    /// # Errors
    /// Why not.
    pub async fn unlock(&self, secret: &SessionSecret, password: &str) -> Result<(), SignInError> {
        let (asker, view) = self.signed_in(secret)?;
        self.prove_again(view, password, Action::Unlock).await?;
        let request = Request::new(Action::Unlock, Target::House);
        let effect = async |_: &ledger::Grant<KeepSession>| {
            let unlocked = self.sessions().unlock(view.id, self.clock.elapsed());
            if unlocked { Ok(()) } else { Err(SignInError::NoSession) }
        };
        self.perform(&asker, request, effect).await.map_err(SignInError::from)
    }

    /// Hands a running wall to the next person on duty; takes both sign-ins.
    ///
    /// The outgoing session is nobody's from now on. What it watches goes on until the incoming
    /// session has begun a long act of its own ([`Access::perform_while`]), at most ten seconds.
    ///
    /// # Errors
    /// Why not; then the outgoing session stays.
    pub async fn hand_over(
        &self,
        secret: &SessionSecret,
        outgoing_password: &str,
        name: &str,
        password: &str,
        peer: IpAddr,
    ) -> Result<SessionSecret, SignInError> {
        let (asker, view) = self.signed_in(secret)?;
        self.prove_again(view, outgoing_password, Action::HandOver).await?;
        let incoming = self.prove_by_name(name, password, peer).await?;
        if incoming.account == view.account {
            return Err(SignInError::SamePerson);
        }
        let roles = self.account(incoming.account).map(|account| account.roles).unwrap_or_default();
        let target = Target::Account { account: incoming.account, roles };
        let effect = async |_: &ledger::Grant<KeepSession>| {
            let next = self.open_session(incoming).await?;
            self.sessions().hand_over(view.id, &next, self.clock.elapsed());
            Ok(next)
        };
        let request = Request::new(Action::HandOver, target);
        self.perform(&asker, request, effect).await.map_err(SignInError::from)
    }

    fn signed_in(&self, secret: &SessionSecret) -> Result<(Asker, SessionView), SignInError> {
        let view = self.sessions().find(secret, self.clock.elapsed());
        let view = view.ok_or(SignInError::NoSession)?;
        Ok((Asker::session_of(view.account, view.id), view))
    }

    /// Opens a session for somebody whose credentials were right, if they still are: between the
    /// check and now the account may have been reset or ended.
    async fn open_session(&self, proven: Proven) -> Result<SessionSecret, SignInError> {
        let request = Request::new(Action::SignIn, Target::House);
        let effect = async |_: &ledger::Grant<KeepSession>| {
            let still_counts = || {
                let sha256 = self.ledger.verifier_sha256(proven.account);
                let counts = self.account(proven.account).is_some_and(|it| it.can_sign_in());
                counts && sha256.as_deref() == Some(&proven.verifier_sha256)
            };
            if !still_counts() {
                return Err(SignInError::WrongCredentials);
            }
            let secret = self.begin_session(proven.account).await?;
            // Once more: an account that was ended while this was entered ended its sessions then.
            if still_counts() {
                return Ok(secret);
            }
            self.sessions().end_all_of(proven.account);
            Err(SignInError::WrongCredentials)
        };
        let asker = Asker::at_the_door(proven.account);
        self.perform(&asker, request, effect).await.map_err(SignInError::from)
    }

    async fn prove_by_name(
        &self,
        name: &str,
        password: &str,
        peer: IpAddr,
    ) -> Result<Proven, SignInError> {
        let key = name_key(name);
        let account = self.account_of_name(&key);
        let refused =
            |too_many| refusal(Actor::Unknown, Action::SignIn, account.as_ref(), too_many);
        let queue = match self.guess(&key, peer) {
            Verdict::Known => Queue::Known,
            Verdict::Stranger => Queue::Stranger,
            Verdict::TooMany(wait) => return Err(self.turn_away(refused(true), wait).await),
        };
        let id = account.as_ref().map_or(NOBODY, |account| account.id);
        let verifier = self.verifier_that_counts(id).await?;
        let proven = verifier.as_ref().map(|verifier| Proven {
            account: id,
            verifier_sha256: hex(&sha256(verifier.as_bytes())),
        });
        let matches = self.passwords.verify(queue, password, verifier).await;
        match (matches, proven) {
            (Ok(true), Some(proven)) => {
                self.guessed_right(&key, peer);
                Ok(proven)
            }
            (Ok(_), _) => Err(self.refuse(refused(false)).await.into()),
            (Err(_), _) => Err(self.turn_away(refused(true), Duration::from_secs(1)).await),
        }
    }

    /// The person of a session proves once more to be the one.
    async fn prove_again(
        &self,
        view: SessionView,
        password: &str,
        action: Action,
    ) -> Result<(), SignInError> {
        let actor = Actor::Person(view.account);
        let guess = self.sessions().guess(view.id, self.clock.elapsed());
        if let Err(wait) = guess {
            return Err(self.turn_away(refusal(actor, action, None, true), wait).await);
        }
        let verifier = self.verifier_that_counts(view.account).await?;
        match self.passwords.verify(Queue::Known, password, verifier).await {
            Ok(true) => Ok(()),
            _ => Err(self.refuse(refusal(actor, action, None, false)).await.into()),
        }
    }

    async fn turn_away(&self, refusal: Refusal, wait: Duration) -> SignInError {
        match self.refuse(refusal).await {
            Denied::Refused(_) => SignInError::TooManyAttempts { wait },
            Denied::Ledger(error) => error.into(),
        }
    }

    /// The account that may sign in under a name.
    fn account_of_name(&self, key: &str) -> Option<Account> {
        let records = self.ledger.accounts().into_iter();
        let named =
            records.filter(|record| !record.name.is_empty() && name_key(&record.name) == key);
        named.filter_map(|record| Account::read(&record)).find(Account::can_sign_in)
    }

    /// The verifier in the catalog, if it is the one that the ledger says: a row that somebody
    /// wrote with SQL lets nobody in.
    async fn verifier_that_counts(&self, id: AccountId) -> Result<Option<String>, CatalogError> {
        let verifier = match self.catalog.verifier(id).await? {
            Some(verifier) => Some(verifier),
            // The catalog was lost: it is only a projection, and gets the row back.
            None => match self.ledger.verifier(id) {
                Some(kept) => {
                    self.catalog.set_verifier(id, &kept).await?;
                    Some(kept)
                }
                None => None,
            },
        };
        let sha256_in_ledger = self.ledger.verifier_sha256(id);
        let counts = |verifier: &String| {
            let sha256 = hex(&sha256(verifier.as_bytes()));
            sha256_in_ledger.is_some_and(|in_ledger| is_same(&in_ledger, &sha256))
        };
        if verifier.is_some() && !verifier.as_ref().is_some_and(counts) {
            tracing::warn!(account = %id, "a password verifier in the catalog is not the ledger's");
            return Ok(None);
        }
        Ok(verifier)
    }
}

/// What is entered of a failed attempt: never the name that was typed, which may be a password.
fn refusal(actor: Actor, action: Action, account: Option<&Account>, too_many: bool) -> Refusal {
    let target = account.map_or(Target::House, |account| Target::Account {
        account: account.id,
        roles: account.roles.clone(),
    });
    let reason =
        if too_many { RefusalReason::TooManyAttempts } else { RefusalReason::WrongCredentials };
    let ask = Box::new(Ask { actor, action, target, purpose: None, proposal: None });
    Refusal { ask, reason }
}
