//! Who asks, and for what.

use domain::{AccountId, Action, Actor, EntryNumber, Purpose, SessionId, SystemActor};
use rules::Target;

/// Who asks. A person's comes from a session alone ([`crate::Access::asker`]); it says who asks,
/// never what that person may do: that is looked up at each act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    actor: Actor,
    session: Option<SessionId>,
}

impl Asker {
    /// Somebody on the machine itself; `uid` is what the kernel says of the socket's peer.
    #[must_use]
    pub const fn os(uid: u32) -> Self {
        Self { actor: Actor::Os { uid }, session: None }
    }

    /// A part of the machine.
    #[must_use]
    pub const fn system(part: SystemActor) -> Self {
        Self { actor: Actor::System(part), session: None }
    }

    pub(crate) const fn session_of(account: AccountId, session: SessionId) -> Self {
        Self { actor: Actor::Person(account), session: Some(session) }
    }

    /// A person whose credentials were just checked and who has no session yet.
    pub(crate) const fn at_the_door(account: AccountId) -> Self {
        Self { actor: Actor::Person(account), session: None }
    }

    /// As the ledger names it.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// The account, of a person.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self.actor {
            Actor::Person(account) => Some(account),
            _ => None,
        }
    }

    /// The session, of a person who is signed in.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The approved proposal it rests on, for an act that takes two people.
    pub proposal: Option<EntryNumber>,
}

impl Request {
    /// A request that names no purpose.
    #[must_use]
    pub const fn new(action: Action, target: Target) -> Self {
        Self { action, target, purpose: None, proposal: None }
    }
}
