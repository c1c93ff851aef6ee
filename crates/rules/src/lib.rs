//! Who may do what.
//!
//! [`decide`] is the only maker of a [`Permit`], and it is pure: who asks, what for, the facts and
//! the time are handed in; it reads no clock and no database. The whole answer is in git as a table
//! (`crates/rules/permissions.txt`), so that a change of rights is a diff that a lawyer can read.
//!
//! A permit cannot be forged:
//! ```compile_fail
//! let permit = rules::Permit { actor: domain::Actor::Unknown, action: domain::Action::WatchLive,
//!     purpose: None, target: rules::Target::House, usable_for_s: 1 };
//! ```
//! nor kept for a second act:
//! ```compile_fail
//! fn twice(permit: rules::Permit) -> (rules::Permit, rules::Permit) { (permit.clone(), permit) }
//! ```

mod decide;
mod disclosure;
mod export;
mod objection;
mod proposal;
mod request;
mod roles;
mod table;
mod target;
mod term;
mod ticket;

pub use decide::{
    Ask, Facts, LONGEST_LIVE, LONGEST_PLAY, LONGEST_REGISTER, MAX_LIVE_CAMERAS, OPERATOR_LOOK_BACK,
    Permit, Place, Refusal, RefusalReason, Scope, decide,
};
pub use disclosure::DisclosureTarget;
pub use export::{ExportTarget, Granted};
pub use objection::{Reconsidered, could_decide};
pub use proposal::{
    Approval, COOLING_OFF, EarlyRule, PROPOSAL_VALID_FOR, Proposal, fits_two, takes_two, waits_for,
};
pub use request::{HeldFor, RequestTarget};
pub use table::{Cell, cell, permission_table, socket_may};
pub use target::Target;
pub use term::Term;
pub use ticket::{LONGEST_TICKET, NewTicket, TICKET_AHEAD, Ticket, can_escort};
