//! Maintenance tickets: which contractor works when, at what, and who is with him.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, NamedCamera, Role, TicketState, Time};

/// A ticket that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// Whose account it is for: a contractor's.
    pub contractor: Id,
    /// Who is with him: any other account that has a role of the institution.
    pub escort: Id,
    /// What is to be done: 1 to 500 characters. Sealed.
    #[schema(min_length = 1, max_length = 500)]
    pub work: String,
    /// The cameras that it is about; left out or empty, the recorder as a whole.
    #[serde(default)]
    pub cameras: Vec<Id>,
    /// From when: at most 7 days ahead, at most 10 minutes ago.
    pub from: Time,
    /// The first moment after it: at most 12 hours after its beginning.
    pub until: Time,
}

/// Which ticket is to be closed, and what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketClosing {
    /// What was done: 1 to 500 characters. Sealed.
    #[schema(min_length = 1, max_length = 500)]
    pub remark: String,
}

/// All tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tickets {
    /// The newest first, at most 200.
    pub tickets: Vec<Ticket>,
    /// Whom one can be for; empty for who may not open one.
    pub contractors: Vec<TicketPerson>,
    /// Who can be with a contractor; likewise.
    pub escorts: Vec<TicketPerson>,
}

/// Somebody who can be named on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketPerson {
    /// The account.
    pub id: Id,
    /// What others see.
    pub display_name: String,
    /// The roles in force.
    pub roles: Vec<Role>,
}

/// One ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    /// Year of its entry in the ledger.
    pub year: u16,
    /// Number of its entry within the year.
    pub number: u64,
    /// How it stands.
    pub state: TicketState,
    /// What is to be done; empty if its record is destroyed.
    pub work: String,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<NamedCamera>,
    /// Who works, as others see that person.
    pub contractor: String,
    /// Who is with him.
    pub escort: String,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Time,
    /// From when it holds.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
    /// When the contractor was signed in, the first 64 times.
    pub visits: Vec<TicketVisit>,
    /// Who closed it; null if nobody did.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<Time>,
    /// What was done; null if nobody said.
    pub remark: Option<String>,
}

/// One session of the contractor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketVisit {
    /// When it began.
    pub from: Time,
    /// When it ended; null while it goes on.
    pub until: Option<Time>,
}
