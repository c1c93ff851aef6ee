//! Appointments: who gets an account with which roles, and by which one-time link.
//!
//! Roles are given once, with the account, and taken away once, with the appointment: there is no
//! changing of roles, so there is no path on which an account slides from one kind to the other.

use std::time::Duration;

use domain::{AccountId, Action, Actor, Role, SystemActor, WallTime};
use ledger::act::ManageAccounts;
use ledger::{AccountRecord, AppendError, Event, Grant, Kind, Record};
use rules::{Scope, Target};

use crate::account::{Account, NameError, fit_name, write_roles, write_scope};
use crate::secret::{LinkSecret, hex, sha256};
use crate::{Access, Appointment, AppointmentError, Asker, PerformError, Request};

/// How long a one-time link can be used.
pub const LINK_VALID_FOR: Duration = Duration::from_secs(24 * 3600);
/// Accounts of one recorder, ended ones included.
const MOST_ACCOUNTS: usize = 4096;

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is none.
    #[error("there is no such account, or its appointment has ended")]
    NoSuchAccount,
    /// Without a role.
    #[error("name at least one role")]
    NoRole,
    /// The name that others see.
    #[error(transparent)]
    Name(#[from] NameError),
    /// To what it is appointed.
    #[error(transparent)]
    Appointment(#[from] AppointmentError),
    /// The last of its kind.
    #[error("this is the last {} who can sign in and has no end: appoint another first", .0.word())]
    LastOne(Role),
    /// Too many.
    #[error("a recorder has at most {MOST_ACCOUNTS} accounts")]
    TooMany,
    /// Accounts without anybody's appointment are for the demo.
    #[error("this recorder is no demo: accounts are made by appointment")]
    NoDemo,
    /// The ledger cannot append.
    #[error(transparent)]
    Ledger(#[from] AppendError),
}

/// An account that is to be.
#[derive(Debug, Clone)]
pub struct NewAccount<'n> {
    /// What others are to see.
    pub display_name: &'n str,
    /// What it may do.
    pub roles: &'n [Role],
    /// The cameras they are for.
    pub scope: Scope,
    /// To what it is appointed.
    pub appointment: Appointment,
}

/// The links of the first start, to be handed to two different people.
#[derive(Debug)]
pub struct FirstRunLinks {
    /// The administrator's; none if it was used already.
    pub administrator: Option<LinkSecret>,
    /// The manager's; none if it was used already.
    pub manager: Option<LinkSecret>,
}

impl Access {
    /// All accounts, ended ones included.
    ///
    /// # Errors
    /// If the rules refuse.
    pub async fn accounts(
        &self,
        asker: &Asker,
    ) -> Result<Vec<Account>, PerformError<AccountError>> {
        self.look(asker, Action::ReadAccounts, Target::House).await?;
        Ok(self.ledger.accounts().iter().filter_map(Account::read).collect())
    }

    /// Gives somebody an account. The link is handed over in person; it is not shown again.
    ///
    /// # Errors
    /// If the rules refuse, or the account cannot be.
    pub async fn appoint(
        &self,
        asker: &Asker,
        new: NewAccount<'_>,
    ) -> Result<(AccountId, LinkSecret), PerformError<AccountError>> {
        let NewAccount { display_name, roles, scope, appointment } = new;
        let id = AccountId::from_random(host::random_bytes());
        let display_name = fit_name(display_name).map_err(unfit)?;
        if roles.is_empty() {
            return Err(PerformError::Effect(AccountError::NoRole));
        }
        appointment.check_new(roles, self.clock.wall()).map_err(unfit)?;
        self.check_deputy(id, &appointment).map_err(unfit)?;
        let action = by_kind(roles, Action::AppointTechnical, Action::AppointFootage);
        let target = Target::Account { account: id, roles: roles.to_vec() };
        let _changing = self.changing_accounts.lock().await;
        let effect = async |grant: &Grant<ManageAccounts>| {
            if self.ledger.accounts().len() >= MOST_ACCOUNTS {
                return Err(AccountError::TooMany);
            }
            // What is done is read from the grant.
            let Target::Account { account, roles } = grant.target() else {
                return Err(AccountError::NoSuchAccount);
            };
            let mut account = new_account(*account, display_name, roles, &scope);
            account.appointment = appointment.write();
            self.issue_link(grant.actor(), account).await
        };
        let link = self.perform(asker, Request::new(action, target), effect).await?;
        Ok((id, link))
    }

    /// Takes an account's rights away: sessions and running acts end at once, and the password is
    /// removed.
    ///
    /// # Errors
    /// If the rules refuse, or there is no such account, or nobody of its kind would be left.
    pub async fn end_appointment(
        &self,
        asker: &Asker,
        account: AccountId,
    ) -> Result<(), PerformError<AccountError>> {
        let _changing = self.changing_accounts.lock().await;
        let target = self.target_of(account).map_err(PerformError::Effect)?;
        let effect = async |grant: &Grant<ManageAccounts>| {
            self.check_not_the_last(account)?;
            let record = self.ledger.account(account).ok_or(AccountError::NoSuchAccount)?;
            self.take_rights(grant.actor(), account, record).await
        };
        self.perform(asker, Request::new(Action::EndAppointment, target), effect).await
    }

    /// Issues a new one-time link. The old password and all sessions end at once.
    ///
    /// # Errors
    /// If the rules refuse, or there is no such account.
    pub async fn reset(
        &self,
        asker: &Asker,
        account: AccountId,
    ) -> Result<LinkSecret, PerformError<AccountError>> {
        let _changing = self.changing_accounts.lock().await;
        let target = self.target_of(account).map_err(PerformError::Effect)?;
        let Target::Account { roles, .. } = &target else {
            return Err(PerformError::Effect(AccountError::NoSuchAccount));
        };
        let action = by_kind(roles, Action::ResetTechnical, Action::ResetFootage);
        let effect = async |grant: &Grant<ManageAccounts>| {
            let record = self.ledger.account(account).ok_or(AccountError::NoSuchAccount)?;
            let link = self.issue_link(grant.actor(), record).await;
            self.cut_off(account);
            link
        };
        self.perform(asker, Request::new(action, target), effect).await
    }

    /// The links of the first start: when the ledger knows no account, the administrator's and the
    /// manager's accounts are made. At a later start, whichever of the two was never claimed gets a
    /// new link in the place of the old one. No other account ever gets a link this way: the
    /// manager who appoints a deputy and leaves does not open a door for whoever can restart.
    ///
    /// # Errors
    /// If the ledger cannot append.
    pub async fn first_run_links(&self) -> Result<Option<FirstRunLinks>, AccountError> {
        let _changing = self.changing_accounts.lock().await;
        let is_first = self.ledger.accounts().is_empty();
        let mut events = Vec::new();
        let mut link_for = |role: Role, display_name: &str| {
            self.founding(role, "first run", display_name, is_first, &mut events)
        };
        let administrator = link_for(Role::Administrator, "시스템 관리자 Administrator");
        let manager = link_for(Role::Manager, "관리책임자 Manager");
        if events.is_empty() {
            return Ok(None);
        }
        self.ledger.append(events).await?;
        Ok(Some(FirstRunLinks { administrator, manager }))
    }

    /// Makes an account, for the demo, without anybody's appointment; at a later start gives a new
    /// link while it was never claimed. The ledger names `system:recorder` as who did it, so an
    /// inspector sees it; a recorder that is not opened as a demo refuses.
    ///
    /// # Errors
    /// If this is no demo, or the ledger cannot append.
    pub async fn appoint_for_demo(
        &self,
        role: Role,
        display_name: &str,
    ) -> Result<Option<LinkSecret>, AccountError> {
        if !self.config.is_demo {
            return Err(AccountError::NoDemo);
        }
        let display_name = fit_name(display_name)?;
        let _changing = self.changing_accounts.lock().await;
        let mut events = Vec::new();
        let link = self.founding(role, "demo", &display_name, true, &mut events);
        if !events.is_empty() {
            self.ledger.append(events).await?;
        }
        Ok(link)
    }

    /// The event of an account that nobody appoints, with its link; nothing once it was claimed or
    /// ended. Its id follows from the recorder and the occasion, so that no other account can ever
    /// be taken for it.
    fn founding(
        &self,
        role: Role,
        occasion: &str,
        display_name: &str,
        may_make: bool,
        events: &mut Vec<Event>,
    ) -> Option<LinkSecret> {
        let seed = format!("jikim account\n{}\n{occasion}\n{}", self.config.recorder, role.word());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&sha256(seed.as_bytes())[..16]);
        let id = AccountId::from_random(bytes);
        let record = match self.ledger.account(id) {
            Some(record) if record.name.is_empty() && !record.roles.is_empty() => record,
            Some(_) => return None,
            None if may_make => new_account(id, display_name.to_owned(), &[role], &Scope::All),
            None => return None,
        };
        let (record, link) = with_link(record, self.wall_in(LINK_VALID_FOR));
        events.push(account_event(Actor::System(SystemActor::Recorder), record));
        Some(link)
    }

    async fn issue_link(
        &self,
        actor: Actor,
        record: AccountRecord,
    ) -> Result<LinkSecret, AccountError> {
        let now = self.clock.wall();
        let account = Account::read(&record).ok_or(AccountError::NoSuchAccount)?;
        let (record, link) =
            with_link(record, account.appointment.first_moment(now) + LINK_VALID_FOR);
        self.enter_account(actor, record).await?;
        Ok(link)
    }

    pub(crate) async fn enter_account(
        &self,
        actor: Actor,
        record: AccountRecord,
    ) -> Result<(), AccountError> {
        self.ledger.append(vec![account_event(actor, record)]).await?;
        Ok(())
    }

    /// Sessions and running acts of an account end.
    pub(crate) fn cut_off(&self, account: AccountId) {
        self.sessions().end_all_of(account);
        self.ledger.revoke(account);
        if let Some(name) = self.account(account).and_then(|account| account.name) {
            self.forget_peers(&crate::account::name_key(&name));
        }
    }

    /// The account as it is now, with its roles, on which the rules decide.
    pub(crate) fn target_of(&self, id: AccountId) -> Result<Target, AccountError> {
        let account = self.account(id).filter(Account::is_in_force);
        let account = account.ok_or(AccountError::NoSuchAccount)?;
        Ok(Target::Account { account: id, roles: account.roles })
    }

    /// Without a manager nobody could ever see footage again, without an administrator nobody could
    /// add a camera. So there is always one of each whose appointment neither ends nor pauses.
    pub(crate) fn check_not_the_last(&self, id: AccountId) -> Result<(), AccountError> {
        let accounts: Vec<Account> =
            self.ledger.accounts().iter().filter_map(Account::read).collect();
        for role in [Role::Administrator, Role::Manager] {
            let has = |account: &&Account| account.roles.contains(&role);
            let stays =
                |account: &&Account| has(account) && account.appointment.term.is_open_ended();
            let is_one = accounts.iter().filter(stays).any(|account| account.id == id);
            let mut others = accounts.iter().filter(stays).filter(|account| account.id != id);
            if is_one && !others.any(Account::can_sign_in) {
                return Err(AccountError::LastOne(role));
            }
        }
        Ok(())
    }
}

fn unfit<E: Into<AccountError>>(error: E) -> PerformError<AccountError> {
    PerformError::Effect(error.into())
}

/// The action for an account of these roles. Mixed roles count as footage: the rules refuse them.
fn by_kind(roles: &[Role], technical: Action, footage: Action) -> Action {
    if roles.iter().any(|role| role.sees_footage()) { footage } else { technical }
}

fn new_account(
    id: AccountId,
    display_name: String,
    roles: &[Role],
    scope: &Scope,
) -> AccountRecord {
    AccountRecord {
        account: id.to_string(),
        name: String::new(),
        display_name,
        roles: write_roles(roles),
        scope: write_scope(scope),
        link_sha256: None,
        link_until: None,
        made_at: None,
        appointment: None,
    }
}

fn with_link(mut record: AccountRecord, until: WallTime) -> (AccountRecord, LinkSecret) {
    let link = LinkSecret::random();
    record.link_sha256 = Some(hex(&link.sha256()));
    record.link_until = Some(until.to_string());
    (record, link)
}

fn account_event(actor: Actor, account: AccountRecord) -> Event {
    let record = Record::Account { actor: actor.to_string(), account };
    Event { kind: Kind::Account, record: Some(record) }
}
