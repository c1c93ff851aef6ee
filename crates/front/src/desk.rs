//! What the front does, without HTTP: it takes a form, seals it and forgets it; it says how a request
//! stands to whoever has its code.

use std::sync::Arc;
use std::time::Duration;

use domain::WallTime;
use host::{Clock, FsError};

use crate::form::{Mistake, Typed, check};
use crate::key::PublicKey;
use crate::limits::{Counter, Limits, Peer};
use crate::settings::Settings;
use crate::standing::{Standing, State};
use crate::store::{KeepError, Store};
use crate::ticket::{Code, Receipt};
use crate::token::{Tokens, Use};

const HOUR: Duration = Duration::from_secs(3600);

/// The desk.
pub struct Desk {
    settings: Settings,
    key: PublicKey,
    store: Store,
    clock: Arc<dyn Clock>,
    tokens: Tokens,
    taken_of_one: Counter<Peer>,
    taken_of_all: Counter<()>,
    wrong_of_one: Counter<Peer>,
    wrong_of_receipt: Counter<Receipt>,
    wrong_of_all: Counter<()>,
    pages_of_one: Counter<Peer>,
}

/// Why something was not done; each is told in words, with where the counter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This address sent too much lately.
    TooManyOfYou,
    /// All together sent too much lately, or too much waits.
    TooManyOfAll,
    /// This form was sent before.
    Again,
    /// It was not sent from this front's own page.
    Foreign,
    /// The disk refused.
    Failed,
}

/// What became of a form.
pub enum Taken {
    /// It is sealed and durable.
    Sealed {
        /// The number of receipt.
        receipt: Receipt,
        /// The code, which nobody can say again.
        code: Code,
        /// When.
        at: WallTime,
    },
    /// It has mistakes, or lay open too long (then there is none).
    Wrong(Vec<Mistake>),
    /// It was not taken.
    Refused(Refusal),
}

/// What a number and a code open.
pub enum Looked {
    /// How it stands.
    Found(Receipt, Standing),
    /// No such pair.
    Unknown,
    /// Nobody looked.
    Refused(Refusal),
}

impl Desk {
    /// A desk of one agency.
    #[must_use]
    pub fn new(
        settings: Settings,
        key: PublicKey,
        store: Store,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Self {
        Self {
            settings,
            key,
            store,
            clock,
            tokens: Tokens::new(),
            taken_of_one: Counter::new(limits.taken_of_one, HOUR),
            taken_of_all: Counter::new(limits.taken_of_all, HOUR),
            wrong_of_one: Counter::new(limits.wrong_of_one, HOUR),
            wrong_of_receipt: Counter::new(limits.wrong_of_receipt, HOUR),
            wrong_of_all: Counter::new(limits.wrong_of_all, HOUR),
            pages_of_one: Counter::new(limits.pages_of_one, Duration::from_secs(60)),
        }
    }

    /// What the agency says of itself.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A token for a new form.
    #[must_use]
    pub fn token(&self) -> String {
        self.tokens.token(self.clock.elapsed())
    }

    /// Whether this address may have one page more now.
    pub fn may_ask(&self, peer: Peer) -> bool {
        self.pages_of_one.take(peer, self.clock.elapsed())
    }

    /// Takes a form. Waits for the disk.
    pub fn take(&self, typed: &Typed, peer: Peer) -> Taken {
        let now = self.clock.elapsed();
        let token = typed.one("token");
        match self.tokens.look(token, now) {
            Use::Again => return Taken::Refused(Refusal::Again),
            Use::Stale => return Taken::Wrong(Vec::new()),
            Use::Good => {}
        }
        let at = self.clock.wall();
        let (receipt, code, parcel) = match check(typed, &self.settings, at) {
            Ok(checked) => checked,
            Err(mistakes) => return Taken::Wrong(mistakes),
        };
        if !self.taken_of_one.take(peer, now) {
            return Taken::Refused(Refusal::TooManyOfYou);
        }
        if !self.taken_of_all.take((), now) {
            tracing::warn!(
                "more requests in an hour than are taken: see whether somebody floods it"
            );
            return Taken::Refused(Refusal::TooManyOfAll);
        }
        if self.tokens.spend(token, now) != Use::Good {
            return Taken::Refused(Refusal::Again);
        }
        let first = Standing {
            state: State::Waiting,
            as_of: at.to_string(),
            sealed_at: at.to_string(),
            number: None,
            until: None,
        };
        let sealed = parcel.seal(&receipt, &self.key);
        match self.store.keep(&receipt, &sealed, &first.seal(&receipt, &code)) {
            Ok(()) => Taken::Sealed { receipt, code, at },
            Err(error) => {
                match &error {
                    KeepError::Disk(error) => tell(error),
                    error => tracing::error!(%error, "a request could not be kept"),
                }
                Taken::Refused(match error {
                    KeepError::Full(_) | KeepError::NoRoom => Refusal::TooManyOfAll,
                    KeepError::Disk(_) => Refusal::Failed,
                })
            }
        }
    }

    /// Says how a request stands. Waits for the disk.
    pub fn look(&self, receipt: &str, code: &str, peer: Peer) -> Looked {
        let now = self.clock.elapsed();
        if !self.wrong_of_one.has(&peer, now) {
            return Looked::Refused(Refusal::TooManyOfYou);
        }
        if !self.wrong_of_all.has(&(), now) {
            return Looked::Refused(Refusal::TooManyOfAll);
        }
        let (Ok(receipt), Ok(code)) = (Receipt::typed(receipt), Code::typed(code)) else {
            // A mistyped one opens nothing whoever has it; it still counts for the address.
            self.wrong_of_one.take(peer, now);
            return Looked::Unknown;
        };
        if !self.wrong_of_receipt.has(&receipt, now) {
            return Looked::Refused(Refusal::TooManyOfYou);
        }
        match self.store.standing(&receipt, &code) {
            Ok(Some(standing)) => Looked::Found(receipt, standing),
            Ok(None) => {
                self.wrong_of_one.take(peer, now);
                self.wrong_of_receipt.take(receipt, now);
                self.wrong_of_all.take((), now);
                Looked::Unknown
            }
            Err(error) => {
                tell(&error);
                Looked::Refused(Refusal::Failed)
            }
        }
    }
}

/// Without the file's name, which has a number of receipt.
fn tell(error: &FsError) {
    tracing::error!(doing = error.doing, error = %error.source, "the disk refused");
}
