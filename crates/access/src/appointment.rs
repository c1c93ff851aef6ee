//! To what somebody is appointed: which post, for how long, on which days, and on what grounds.
//!
//! A pledge and training come before an account ([`Appointment::check_new`]); the end comes by itself
//! ([`Access::mind_appointments`], once a second): rights that somebody has to remember to take away
//! are rights that stay.

use std::time::Duration;

use domain::{AccountId, Actor, Role, SystemActor, WallTime};
use ledger::act::ManageAccounts;
use ledger::{AccountRecord, AppointmentRecord, Grant};
use rules::{RefusalReason, Target, Term};

use crate::account::{Account, fit_name};
use crate::{Access, AccountError, Asker, PerformError, Request};

/// A pledge is signed and training is had within a year before the account.
pub const TRAINING_HOLDS_FOR: Duration = Duration::from_secs(366 * 86_400);
/// The longest time on duty at a stretch.
pub const LONGEST_DUTY: Duration = Duration::from_secs(31 * 86_400);
/// Times on duty of one person.
const MOST_DUTY: usize = 100;
/// By how much a day that was chosen on a page may lie ahead of the recorder's clock.
const CLOCK_SLACK: Duration = Duration::from_secs(86_400);

/// To what somebody is appointed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appointment {
    /// The post of the institution's description; none while nobody said which.
    pub post: Option<String>,
    /// The number of the document that says so.
    pub document: Option<String>,
    /// For whom it stands in.
    pub deputy_of: Option<AccountId>,
    /// For how long, and when on duty.
    pub term: Term,
    /// When the person signed the pledge of secrecy.
    pub pledged_at: Option<WallTime>,
    /// When the person was trained last.
    pub trained_at: Option<WallTime>,
}

/// Why an appointment cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppointmentError {
    /// Whoever handles footage pledges first (Guide 15(3)).
    #[error("say when the person signed the pledge: it comes before the account")]
    PledgeMissing,
    /// And is trained first.
    #[error("say when the person was trained, within the last year: it comes before the account")]
    TrainingMissing,
    /// It lies ahead.
    #[error("the pledge and the training have been, not will be")]
    NotYetDone,
    /// It ends before it begins, or is over.
    #[error("it ends after it begins, and not before now")]
    Term,
    /// Times on duty that do not follow one another.
    #[error(
        "times on duty follow one another, each of 31 days at most, and there are {MOST_DUTY} at most"
    )]
    Duty,
    /// Nobody is there whom this one could stand in for.
    #[error("a deputy stands in for another account that is in force and is no deputy itself")]
    Deputy,
    /// Not one line, or too long.
    #[error("a post and a document have at most 64 characters on one line")]
    Text,
}

impl Appointment {
    /// From the ledger; none if a part cannot be read: doubt gives no right.
    pub(crate) fn read(record: &AppointmentRecord) -> Option<Self> {
        let time = |text: &Option<String>| text.as_deref().map(str::parse::<WallTime>).transpose();
        let span =
            |(from, until): &(String, String)| Some((from.parse().ok()?, until.parse().ok()?));
        Some(Self {
            post: record.post.clone(),
            document: record.document.clone(),
            deputy_of: record.deputy_of.as_deref().map(str::parse).transpose().ok()?,
            term: Term {
                from: time(&record.from).ok()?,
                until: time(&record.until).ok()?,
                duty: record.duty.iter().map(span).collect::<Option<_>>()?,
            },
            pledged_at: time(&record.pledged_at).ok()?,
            trained_at: time(&record.trained_at).ok()?,
        })
    }

    pub(crate) fn write(&self) -> Option<AppointmentRecord> {
        if *self == Self::default() {
            return None;
        }
        let time = |time: Option<WallTime>| time.map(|it| it.to_string());
        let duty = self.term.duty.iter().map(|(from, until)| (from.to_string(), until.to_string()));
        Some(AppointmentRecord {
            post: self.post.clone(),
            document: self.document.clone(),
            deputy_of: self.deputy_of.map(|id| id.to_string()),
            from: time(self.term.from),
            until: time(self.term.until),
            duty: duty.collect(),
            pledged_at: time(self.pledged_at),
            trained_at: time(self.trained_at),
        })
    }

    /// Fit for an account that is given now.
    pub(crate) fn check_new(&self, roles: &[Role], now: WallTime) -> Result<(), AppointmentError> {
        self.check(now)?;
        if !roles.iter().any(|role| is_sworn(*role)) {
            return Ok(());
        }
        self.pledged_at.ok_or(AppointmentError::PledgeMissing)?;
        match self.trained_at {
            Some(at) if now.since(at) <= TRAINING_HOLDS_FOR => Ok(()),
            _ => Err(AppointmentError::TrainingMissing),
        }
    }

    /// Fit by itself.
    pub(crate) fn check(&self, now: WallTime) -> Result<(), AppointmentError> {
        let texts = [&self.post, &self.document];
        if texts.into_iter().flatten().any(|text| fit_name(text).as_ref() != Ok(text)) {
            return Err(AppointmentError::Text);
        }
        let done = [self.pledged_at, self.trained_at];
        if done.into_iter().flatten().any(|at| at > now + CLOCK_SLACK) {
            return Err(AppointmentError::NotYetDone);
        }
        let Term { from, until, duty } = &self.term;
        if until.is_some_and(|until| until <= now || from.is_some_and(|from| until <= from)) {
            return Err(AppointmentError::Term);
        }
        let is_fit = |(from, until): &(WallTime, WallTime)| {
            from < until && until.since(*from) <= LONGEST_DUTY
        };
        let follow = duty.windows(2).all(|two| two[0].1 <= two[1].0);
        if duty.len() > MOST_DUTY || !duty.iter().all(is_fit) || !follow {
            return Err(AppointmentError::Duty);
        }
        Ok(())
    }

    /// From when its one-time link is of use.
    pub(crate) fn first_moment(&self, now: WallTime) -> WallTime {
        let begins = self.term.from.unwrap_or(now).max(now);
        let next = self.term.duty.iter().find(|(_, until)| *until > begins);
        next.map_or(begins, |(from, _)| begins.max(*from))
    }
}

/// Whether somebody of this role handles footage, and so pledges and is trained first: whoever looks,
/// and whoever administers what others look at.
#[must_use]
pub const fn is_sworn(role: Role) -> bool {
    role.sees_footage() || matches!(role, Role::Administrator)
}

impl Access {
    /// Says anew to what somebody is appointed. Roles stay as they are. What it takes away ends at once.
    ///
    /// # Errors
    /// If the rules refuse, it cannot be, or nobody of its kind would be left without an end.
    pub async fn change_appointment(
        &self,
        asker: &Asker,
        account: AccountId,
        appointment: Appointment,
    ) -> Result<(), PerformError<AccountError>> {
        let _changing = self.changing_accounts.lock().await;
        let target = self.target_of(account).map_err(PerformError::Effect)?;
        let effect = async |grant: &Grant<ManageAccounts>| {
            let Target::Account { account, .. } = grant.target() else {
                return Err(AccountError::NoSuchAccount);
            };
            appointment.check(self.clock.wall())?;
            self.check_deputy(*account, &appointment)?;
            if !appointment.term.is_open_ended() {
                self.check_not_the_last(*account)?;
            }
            let mut record = self.ledger.account(*account).ok_or(AccountError::NoSuchAccount)?;
            record.appointment = appointment.write();
            self.enter_account(grant.actor(), record).await?;
            self.cut_off_if_over(*account);
            Ok(())
        };
        self.perform(asker, Request::new(domain::Action::ChangeAppointment, target), effect).await
    }

    /// Whom it stands in for is there, and is no deputy: else nobody would be behind it.
    pub(crate) fn check_deputy(
        &self,
        own: AccountId,
        appointment: &Appointment,
    ) -> Result<(), AppointmentError> {
        let Some(of) = appointment.deputy_of else { return Ok(()) };
        let other = self.account(of).filter(Account::is_in_force);
        let stands = other.is_some_and(|it| it.appointment.deputy_of.is_none());
        if own != of && stands { Ok(()) } else { Err(AppointmentError::Deputy) }
    }

    /// Ends the sessions of who is off duty, and for good the rights of whose time is over.
    pub(crate) async fn mind_appointments(&self) {
        let now = self.clock.wall();
        for account in self.ledger.accounts().iter().filter_map(Account::read) {
            match account.appointment.term.refuses(now) {
                None => {}
                Some(RefusalReason::AppointmentOver) if account.is_in_force() => {
                    self.lapse(account.id).await;
                }
                Some(_) => self.cut_off_if_over(account.id),
            }
        }
    }

    async fn lapse(&self, account: AccountId) {
        let _changing = self.changing_accounts.lock().await;
        // Asked anew: it may have been made longer while this waited.
        let now = self.clock.wall();
        let over =
            |it: &Account| it.appointment.term.refuses(now) == Some(RefusalReason::AppointmentOver);
        let Some(record) =
            self.account(account).filter(over).and_then(|_| self.ledger.account(account))
        else {
            return;
        };
        let actor = Actor::System(SystemActor::Recorder);
        if let Err(error) = self.take_rights(actor, account, record).await {
            tracing::error!(%error, "the end of an appointment could not be entered");
        }
    }

    /// Rights that the rules give no more are not used either: what is being watched ends.
    fn cut_off_if_over(&self, id: AccountId) {
        let now = self.clock.wall();
        let over = self.account(id).is_none_or(|it| it.appointment.term.refuses(now).is_some());
        if over && self.sessions().has(id, self.clock.elapsed()) {
            self.cut_off(id);
        }
    }

    /// Enters that an account has no role any more, and ends what it does.
    pub(crate) async fn take_rights(
        &self,
        actor: Actor,
        account: AccountId,
        mut record: AccountRecord,
    ) -> Result<(), AccountError> {
        record.roles = Vec::new();
        record.link_sha256 = None;
        record.link_until = None;
        let ended = self.enter_account(actor, record).await;
        // Also when the entry failed: rights are rather ended once too often.
        self.cut_off(account);
        ended?;
        // Only tidying: without a role the verifier lets nobody in.
        if let Err(error) = self.catalog.remove_verifier(account).await {
            tracing::warn!(%error, "the verifier of an ended account stays in the catalog");
        }
        Ok(())
    }
}
