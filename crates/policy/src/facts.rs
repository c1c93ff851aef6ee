//! What is looked up to say whether promises are kept.

use domain::{Role, WallTime};
use time::Date;

use crate::{Attestation, DeskFacts};

/// A camera as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraFact {
    /// What it is called.
    pub name: String,
    /// The word of the spot where it hangs, if the register says so.
    pub spot: Option<String>,
    /// Whether pictures come.
    pub is_recording: bool,
    /// Since when it is in the register.
    pub added_at: WallTime,
    /// For how long its footage is kept at most, in seconds.
    pub retention_s: u64,
    /// The oldest footage of it that is not held, as the reels say.
    pub oldest: Option<WallTime>,
    /// How long nothing was recorded of the last day, in microseconds, and whether each time has a
    /// cause.
    pub missing_us: i64,
    /// Whether each of these times is declared.
    pub is_declared: bool,
    /// How much of the last day was recorded outside its hours, in microseconds.
    pub outside_us: i64,
    /// Where its footage lies: the names of the places of its volumes, none for one of which nobody said
    /// where it stands; empty if no footage was found, or nobody named a place at all.
    pub stored_in: Vec<Option<String>>,
    /// What it does with sound; none if it was not connected yet.
    pub sound: Option<CameraSound>,
}

/// What a camera does with sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraSound {
    /// It offers none.
    None,
    /// It offers some, which is not taken.
    Offered,
    /// It sends some although nobody asked.
    Sent,
}

/// An account that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFact {
    /// What others see.
    pub name: String,
    /// What it is appointed to.
    pub roles: Vec<Role>,
    /// The post of the description, if it says one; of a deputy that of whom it stands in for.
    pub post: Option<String>,
    /// Whether it stands in for another.
    pub is_deputy: bool,
    /// The day of the pledge of secrecy.
    pub pledged: Option<Date>,
    /// The day of the last training.
    pub trained: Option<Date>,
    /// The last day of its rights, if there is one.
    pub ends: Option<Date>,
}

/// What was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// When.
    pub now: WallTime,
    /// The day that it is then where the institution is.
    pub today: Date,
    /// Cameras that are not retired.
    pub cameras: Vec<CameraFact>,
    /// Accounts.
    pub accounts: Vec<AccountFact>,
    /// When the oldest hour of footage whose key is there has to be gone; what is held is none.
    pub due_at: Option<WallTime>,
    /// Why nothing is destroyed, if so.
    pub frozen: Option<String>,
    /// The last destruction: when, and which entry of the ledger proves it.
    pub destroyed: Option<(WallTime, String)>,
    /// Viewings that the ledger holds.
    pub viewings: u64,
    /// Whether the rules in force let a contractor see a picture.
    pub contractors_may_see: bool,
    /// Whether the ledger appends; without it nobody can look.
    pub ledger_appends: bool,
    /// How many entries it has this year.
    pub entries: u64,
    /// Entries that witnesses cosigned; none without witnesses.
    pub cosigned: Option<u64>,
    /// Reels, and those of them that are sealed with a known cipher.
    pub reels: u64,
    /// Of these, sealed.
    pub reels_sealed: u64,
    /// Maintenance tickets that were opened.
    pub tickets: u64,
    /// Sessions of contractors that were entered.
    pub contractor_sessions: u64,
    /// Of these, those that did not begin within the time of an open ticket.
    pub sessions_outside: u64,
    /// Visits of controlled areas that were entered.
    pub visits: u64,
    /// Of these, visitors who consented to the collection of their data.
    pub visits_consented: u64,
    /// Of those who did not, who was let in all the same.
    pub visits_admitted_without: u64,
    /// What came to the desk.
    pub desk: DeskFacts,
    /// What persons looked at, in the order in which it was entered.
    pub attestations: Vec<Attestation>,
}
