//! Sessions: who is signed in at which browser. In memory only; a restart signs everybody out.
//!
//! - An idle session *locks*: its pictures go on, but nothing new is permitted until it is
//!   unlocked. Only [`Sessions::touch`] puts that off: a page that refreshes itself must not keep
//!   an empty chair signed in.
//! - A session *ends* at its limit, by signing out, by being handed over, or when its person's
//!   rights are taken away. Its end is the drop of [`Session::alive`], which every act of it sees.
//! - After a hand-over the old session is *leaving*: it is nobody's any more, but its acts go on
//!   until the new session's first long act has begun, at most [`HAND_OVER_GRACE`].

use std::collections::HashMap;
use std::time::Duration;

use domain::{AccountId, Elapsed, EntryNumber, SessionId};
use tokio::sync::watch;

use crate::guess::{Bucket, SESSION};
use crate::secret::SessionSecret;

/// Sessions of one account at once; a further one ends the oldest.
const MOST_PER_ACCOUNT: usize = 8;
/// How long the pictures of a session that was handed over go on, at most.
pub(crate) const HAND_OVER_GRACE: Duration = Duration::from_secs(10);

/// Whether the controls work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// They do.
    Open,
    /// The idle limit locked them; the password of the same person unlocks.
    Locked,
}

/// How long sessions last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionLimits {
    pub(crate) idle: Duration,
    pub(crate) session: Duration,
}

/// A session as its owner may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionView {
    pub(crate) id: SessionId,
    pub(crate) account: AccountId,
    pub(crate) state: SessionState,
    /// The ticket on which it rests, of a contractor.
    pub(crate) ticket: Option<EntryNumber>,
    /// How long until it locks.
    pub(crate) locks_in: Duration,
    /// How long until it ends.
    pub(crate) ends_in: Duration,
}

struct Session {
    id: SessionId,
    account: AccountId,
    opened: Elapsed,
    touched: Elapsed,
    state: SessionState,
    ticket: Option<EntryNumber>,
    guesses: Bucket,
    /// The session whose pictures go on until this one's have begun.
    relieves: Option<SessionId>,
    /// Dropped at the end.
    alive: watch::Sender<()>,
}

struct Leaving {
    session: Session,
    until: Elapsed,
}

/// All sessions.
pub(crate) struct Sessions {
    limits: SessionLimits,
    /// By SHA-256 of the secret.
    open: HashMap<[u8; 32], Session>,
    leaving: Vec<Leaving>,
}

impl Sessions {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        Self { limits, open: HashMap::new(), leaving: Vec::new() }
    }

    /// Opens a session. The caller has made sure of the person, and of a contractor's ticket.
    pub(crate) fn open(
        &mut self,
        account: AccountId,
        ticket: Option<EntryNumber>,
        now: Elapsed,
    ) -> SessionSecret {
        self.make_room(account);
        let secret = SessionSecret::random();
        let session = Session {
            id: SessionId::from_random(host::random_bytes()),
            account,
            opened: now,
            touched: now,
            state: SessionState::Open,
            ticket,
            guesses: Bucket::full(SESSION, now),
            relieves: None,
            alive: watch::Sender::new(()),
        };
        self.open.insert(secret.sha256(), session);
        secret
    }

    fn make_room(&mut self, account: AccountId) {
        let of_account = self.open.iter().filter(|(_, session)| session.account == account);
        let mut ages: Vec<_> = of_account.map(|(key, session)| (session.opened, *key)).collect();
        ages.sort_unstable();
        let too_many = (ages.len() + 1).saturating_sub(MOST_PER_ACCOUNT);
        for (_, key) in ages.into_iter().take(too_many) {
            self.open.remove(&key);
        }
    }

    /// The session of a secret.
    pub(crate) fn find(&mut self, secret: &SessionSecret, now: Elapsed) -> Option<SessionView> {
        self.sweep(now);
        self.open.get(&secret.sha256()).map(|session| self.view(session, now))
    }

    /// The session of an id, if it has not ended.
    pub(crate) fn get(&mut self, id: SessionId, now: Elapsed) -> Option<SessionView> {
        self.sweep(now);
        self.open.values().find(|session| session.id == id).map(|session| self.view(session, now))
    }

    fn view(&self, session: &Session, now: Elapsed) -> SessionView {
        SessionView {
            id: session.id,
            account: session.account,
            state: session.state,
            ticket: session.ticket,
            locks_in: self.limits.idle.saturating_sub(now.since(session.touched)),
            ends_in: self.limits.session.saturating_sub(now.since(session.opened)),
        }
    }

    /// The person has touched the controls. A locked session stays locked.
    pub(crate) fn touch(&mut self, id: SessionId, now: Elapsed) {
        self.sweep(now);
        if let Some(session) = self.by_id(id)
            && session.state == SessionState::Open
        {
            session.touched = now;
        }
    }

    /// Counts an attempt at the password of a session that is there.
    ///
    /// # Errors
    /// How long to wait for the next.
    pub(crate) fn guess(&mut self, id: SessionId, now: Elapsed) -> Result<(), Duration> {
        self.by_id(id).map_or(Ok(()), |session| session.guesses.take(now))
    }

    /// Unlocks; `false` if the session has ended meanwhile.
    pub(crate) fn unlock(&mut self, id: SessionId, now: Elapsed) -> bool {
        let Some(session) = self.by_id(id) else { return false };
        session.state = SessionState::Open;
        session.touched = now;
        session.guesses = Bucket::full(SESSION, now);
        true
    }

    /// Ends one session.
    pub(crate) fn end(&mut self, id: SessionId) {
        self.open.retain(|_, session| session.id != id);
    }

    /// Whether an account has a session, or pictures of one that go on.
    pub(crate) fn has(&mut self, account: AccountId, now: Elapsed) -> bool {
        self.sweep(now);
        let mut leaving = self.leaving.iter().map(|leaving| &leaving.session);
        self.open.values().any(|it| it.account == account)
            || leaving.any(|it| it.account == account)
    }

    /// Ends every session of an account, with its acts.
    pub(crate) fn end_all_of(&mut self, account: AccountId) {
        self.open.retain(|_, session| session.account != account);
        self.leaving.retain(|leaving| leaving.session.account != account);
    }

    /// Ends every session that rests on a ticket.
    pub(crate) fn end_all_on(&mut self, ticket: EntryNumber) {
        self.open.retain(|_, session| session.ticket != Some(ticket));
    }

    /// How many rest on it.
    pub(crate) fn count_on(&mut self, ticket: EntryNumber, now: Elapsed) -> u64 {
        self.sweep(now);
        self.open.values().filter(|session| session.ticket == Some(ticket)).count() as u64
    }

    /// Ends every session.
    pub(crate) fn end_all(&mut self) {
        self.open.clear();
        self.leaving.clear();
    }

    /// The old session is nobody's from now on; its acts go on until the new one relieves it.
    pub(crate) fn hand_over(&mut self, from: SessionId, to: &SessionSecret, now: Elapsed) {
        let key = self.open.iter().find(|(_, session)| session.id == from).map(|(key, _)| *key);
        let Some(session) = key.and_then(|key| self.open.remove(&key)) else { return };
        if let Some(next) = self.open.get_mut(&to.sha256()) {
            next.relieves = Some(from);
            self.leaving.push(Leaving { session, until: now + HAND_OVER_GRACE });
        }
    }

    /// The session has begun a long act of its own: whoever it relieves may go.
    pub(crate) fn relieve(&mut self, id: SessionId) {
        if let Some(old) = self.by_id(id).and_then(|session| session.relieves.take()) {
            self.leaving.retain(|leaving| leaving.session.id != old);
        }
    }

    /// Something that says when the session has ended: then its channel is closed.
    pub(crate) fn watch(&mut self, id: SessionId) -> Option<watch::Receiver<()>> {
        self.by_id(id).map(|session| session.alive.subscribe())
    }

    /// Locks what is idle, ends what is over its limit.
    pub(crate) fn sweep(&mut self, now: Elapsed) {
        let limits = self.limits;
        self.open.retain(|_, session| now.since(session.opened) < limits.session);
        self.leaving.retain(|leaving| now < leaving.until);
        for session in self.open.values_mut() {
            if now.since(session.touched) >= limits.idle {
                session.state = SessionState::Locked;
            }
        }
    }

    fn by_id(&mut self, id: SessionId) -> Option<&mut Session> {
        self.open.values_mut().find(|session| session.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Elapsed = Elapsed::from_nanos(3_600_000_000_000);
    const MINUTE: Duration = Duration::from_secs(60);

    fn sessions() -> Sessions {
        Sessions::new(SessionLimits { idle: MINUTE * 15, session: MINUTE * 720 })
    }

    fn account() -> AccountId {
        AccountId::from_bytes([1; 16])
    }

    #[test]
    fn an_idle_session_locks_and_a_touch_puts_it_off_but_not_after() {
        let mut sessions = sessions();
        let secret = sessions.open(account(), None, START);
        let id = sessions.find(&secret, START).unwrap().id;
        sessions.touch(id, START + MINUTE * 14);
        let state = |sessions: &mut Sessions, at| sessions.find(&secret, at).unwrap().state;
        assert_eq!(state(&mut sessions, START + MINUTE * 28), SessionState::Open);
        // Looking is no touch.
        assert_eq!(state(&mut sessions, START + MINUTE * 29), SessionState::Locked);
        sessions.touch(id, START + MINUTE * 30);
        assert_eq!(state(&mut sessions, START + MINUTE * 30), SessionState::Locked);
        assert!(sessions.unlock(id, START + MINUTE * 31));
        assert_eq!(state(&mut sessions, START + MINUTE * 31), SessionState::Open);
    }

    #[test]
    fn a_session_ends_at_its_limit_and_its_acts_see_it() {
        let mut sessions = sessions();
        let secret = sessions.open(account(), None, START);
        let id = sessions.find(&secret, START).unwrap().id;
        let alive = sessions.watch(id).unwrap();
        sessions.sweep(START + MINUTE * 719);
        assert!(alive.has_changed().is_ok());
        sessions.sweep(START + MINUTE * 720);
        assert!(alive.has_changed().is_err());
        assert_eq!(sessions.find(&secret, START), None);
    }

    #[test]
    fn a_ninth_session_ends_the_oldest() {
        let mut sessions = sessions();
        let secrets: Vec<_> = (0..9)
            .map(|n| sessions.open(account(), None, START + Duration::from_secs(n)))
            .collect();
        let now = START + MINUTE;
        assert_eq!(sessions.find(&secrets[0], now), None);
        assert!(secrets[1..].iter().all(|secret| sessions.find(secret, now).is_some()));
    }

    #[test]
    fn a_session_that_was_handed_over_is_nobodys_and_goes_when_relieved() {
        let mut sessions = sessions();
        let (old, new) =
            (sessions.open(account(), None, START), sessions.open(account(), None, START));
        let old_id = sessions.find(&old, START).unwrap().id;
        let new_id = sessions.find(&new, START).unwrap().id;
        let alive = sessions.watch(old_id).unwrap();
        sessions.hand_over(old_id, &new, START);
        assert_eq!(sessions.find(&old, START), None);
        assert!(alive.has_changed().is_ok(), "the pictures go on");
        sessions.relieve(new_id);
        assert!(alive.has_changed().is_err());
    }

    #[test]
    fn nobody_relieves_and_the_grace_ends() {
        let mut sessions = sessions();
        let (old, new) =
            (sessions.open(account(), None, START), sessions.open(account(), None, START));
        let old_id = sessions.find(&old, START).unwrap().id;
        let alive = sessions.watch(old_id).unwrap();
        sessions.hand_over(old_id, &new, START);
        sessions.sweep(START + HAND_OVER_GRACE);
        assert!(alive.has_changed().is_err());
    }
}
