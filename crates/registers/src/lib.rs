//! The registers of personal video data that the law asks for and nobody types: views over the ledger.
//!
//! Each is a function from what the ledger says to rows: no clock, no disk. What an entry's details said
//! stands in a row as long as they can be read; where their time is up the row stays and says so. A
//! column whose fact the system does not have stays empty, and a note beneath says which and why.

mod access;
mod destruction;
mod disclosures;
mod document;
mod events;
mod personal_video;
mod requests;
mod rights_register;
mod text;
mod tickets;
mod visits;
mod words;

use std::collections::BTreeMap;

use domain::{EntryNumber, RegisterName, WallTime};
use ledger::{DisclosureFact, ExportFact, ListedKey, RegisterEntry, RequestFact, TicketFact};

pub use document::document;
pub use events::{asked_at, counted_events, disclosure_events, disclosure_terms, events, standing};
pub use text::korean_minute;
pub use words::title;

/// A row whose details' time is up says this where they stood.
pub const EXPIRED: &str = "보관 기간이 지나 내용이 파기됨";

/// The most rows that a register shows at once.
pub const MOST_ROWS: usize = 3000;

/// A column: its key is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The word by which programs know it.
    pub key: &'static str,
    /// What it is called.
    pub ko: &'static str,
    /// The same in English.
    pub en: &'static str,
}

/// A row of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The entry that it rests on.
    pub entry: EntryNumber,
    /// Whether the time of its details is up.
    pub is_expired: bool,
    /// One text for each column.
    pub cells: Vec<String>,
}

/// What stands beneath a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// In Korean.
    pub ko: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A register of some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Which.
    pub name: RegisterName,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its rows, the oldest first.
    pub rows: Vec<Row>,
    /// What it does not say, and why.
    pub notes: Vec<Note>,
}

/// The list of keys of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// The entry that names it.
    pub number: EntryNumber,
    /// When it was entered.
    pub at: WallTime,
    /// Whether these keys were destroyed by it, or made.
    pub is_destroyed: bool,
    /// Whose they are.
    pub keys: Vec<ListedKey>,
}

/// What people and cameras are called, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Of accounts: what others see, and the name to sign in with.
    pub accounts: BTreeMap<String, (String, String)>,
    /// Of cameras: name and spot.
    pub cameras: BTreeMap<String, (String, String)>,
}

/// Which rows are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which register.
    pub name: RegisterName,
    /// The first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// The one camera; none for all.
    pub camera: Option<String>,
}

/// What registers are made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// Entries, the oldest first; acts go on after their intents.
    pub entries: &'s [RegisterEntry],
    /// Lists of keys, the oldest first.
    pub keys: &'s [KeyList],
    /// Persons' requests.
    pub requests: &'s [RequestFact],
    /// Sealed files that left.
    pub exports: &'s [ExportFact],
    /// Disclosures to others, and use beyond the purpose.
    pub disclosures: &'s [DisclosureFact],
    /// Tickets of contractors.
    pub tickets: &'s [TicketFact],
    /// What things are called.
    pub names: &'s Names,
    /// What time it is.
    pub now: WallTime,
}

impl Asked {
    pub(crate) fn is_in(&self, at: WallTime) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether something of these cameras is asked for; `all` is what it means that none is named.
    pub(crate) fn is_of<'c>(
        &self,
        cameras: impl IntoIterator<Item = &'c String>,
        all: bool,
    ) -> bool {
        let Some(asked) = &self.camera else { return true };
        let mut cameras = cameras.into_iter().peekable();
        (all && cameras.peek().is_none()) || cameras.any(|camera| camera == asked)
    }
}

/// The register that is asked for.
#[must_use]
pub fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    match asked.name {
        RegisterName::PersonalVideo => personal_video::register(asked, sources),
        RegisterName::Destruction => destruction::register(asked, sources),
        RegisterName::Requests => requests::register(asked, sources),
        RegisterName::Disclosures => disclosures::register(asked, sources),
        RegisterName::Tickets => tickets::register(asked, sources),
        RegisterName::Visits => visits::register(asked, sources),
        RegisterName::Access => access::register(asked, sources),
        RegisterName::Rights => rights_register::register(asked, sources),
    }
}

#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod tests;
