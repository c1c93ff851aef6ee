//! Sign-in, sessions and the one door: [`Access::perform`].
//!
//! Every act goes the same road: person → session → facts → `rules::decide` → permit → ledger
//! (intent, durable) → grant → effect → outcome. Facts (roles, scopes, links, which password
//! counts) come from the ledger and never from the catalog: a row written with SQL gives no right.
//!
//! Whoever shows, changes or destroys something takes `&Grant<…>`; a grant is given by this door
//! alone, and only for as long as the act goes on.
//!
//! An effect cannot happen without a grant:
//! ```compile_fail
//! fn show(grant: &ledger::Grant<ledger::act::WatchLive>) {}
//! fn handler() { show(); }
//! ```
//! nor under the grant of another kind of act:
//! ```compile_fail
//! use access::{Access, Asker, Request};
//! use ledger::{Grant, act::{PlayFootage, WatchLive}};
//! fn show(grant: &Grant<WatchLive>) {}
//! async fn handler(access: &Access, asker: &Asker, request: Request) {
//!     let effect = async |grant: &Grant<PlayFootage>| { show(grant); Ok::<_, String>(()) };
//!     let _ = access.perform(asker, request, effect).await;
//! }
//! ```
//! and a grant cannot leave the act:
//! ```compile_fail
//! use access::{Access, Asker, Request};
//! use ledger::{Grant, act::WatchLive};
//! async fn keep(access: &Access, asker: &Asker, request: Request) {
//!     let mut kept: Option<&Grant<WatchLive>> = None;
//!     let effect = async |grant: &Grant<WatchLive>| { kept = Some(grant); Ok::<_, String>(()) };
//!     let _ = access.perform(asker, request, effect).await;
//! }
//! ```
//! A person who asks cannot be made up; it takes a session:
//! ```compile_fail
//! let asker = access::Asker {
//!     actor: domain::Actor::Person(domain::AccountId::from_bytes([1; 16])),
//!     session: None,
//! };
//! ```
//! The same handler, done right, compiles:
//! ```
//! use access::{Access, Asker, Request};
//! use ledger::{Grant, act::WatchLive};
//! fn show(grant: &Grant<WatchLive>) {}
//! async fn handler(access: &Access, asker: &Asker, request: Request) {
//!     let effect = async |grant: &Grant<WatchLive>| { show(grant); Ok::<_, String>(()) };
//!     let _ = access.perform(asker, request, effect).await;
//! }
//! ```

mod account;
mod appoint;
mod appointment;
mod approval;
mod asker;
mod door;
mod early;
mod guess;
mod objection;
mod password;
mod refusals;
mod secret;
mod session;
mod sign_in;
mod ticket;
mod visit;
mod watch;

pub use account::{Account, NameError};
pub use appoint::{AccountError, FirstRunLinks, LINK_VALID_FOR, NewAccount};
pub use appointment::{Appointment, AppointmentError, LONGEST_DUTY, TRAINING_HOLDS_FOR, is_sworn};
pub use approval::{ApprovalError, Party, ProposalState, ProposalView};
pub use asker::{Asker, Request};
pub use door::{Access, AccessConfig, PerformError, Permission};
pub use early::EarlyDestruction;
pub use password::{PasswordCost, PasswordError};
pub use secret::{LinkSecret, SecretError, SessionSecret};
pub use session::SessionState;
pub use sign_in::{SessionStatus, SignInError};
pub use ticket::{TicketAsk, TicketError, TicketState, TicketView};
pub use visit::{VisitAsk, VisitError, VisitView};
pub use watch::Served;

// What a handler names when it asks: the edge imports neither rules nor ledger.
pub use domain::EntryNumber;
pub use ledger::{AdmissionWord, AppendError, ConsentWord, Grant, GrantEnded, VisitFact, act};
pub use rules::{
    Cell, DisclosureTarget, ExportTarget, HeldFor, OPERATOR_LOOK_BACK, Reconsidered, RefusalReason,
    RequestTarget, Scope, Target, Term,
};
