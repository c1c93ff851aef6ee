//! The published policy: what an institution says of its cameras, once, and everything that follows.
//!
//! A [`Description`] is a text file that a clerk can read: who, where, why, how long, who may look.
//! [`Description::findings`] says what stands against publishing it under the law of a day. [`Policy`]
//! is the text that follows from it, in our own words, and the promises that the text makes: each with
//! an id, and with what has to be looked at to say whether it is kept. [`judge`] says so, from facts
//! that are handed in.
//!
//! No clock, no disk, no database: today and the facts come from the program. Numbers in the text are
//! counted from the description, never typed.

mod appointment;
mod asset;
mod attested;
mod change;
mod check;
mod consultation;
mod contract;
mod description;
mod desk;
mod difference;
mod duties;
mod facts;
mod hours;
mod judge;
mod names;
mod order;
mod organisation;
mod registers;
mod safety;
mod sections;
mod signs;
mod tasks;
mod text;
mod versions;

pub use appointment::APPOINTMENT_AHEAD_DAYS;
pub use asset::{AssetFact, CERTIFICATE_AHEAD_DAYS};
pub use attested::{
    AttestError, Attestation, LONGEST_REMARK, MOST_DAYS_AGO, MOST_PICTURE_BYTES, Seen, Word,
    attestable, good_until, newest, picture_type, sentence_sha256,
};
pub use change::{Loosening, loosenings};
pub use check::{Finding, Severity};
pub use consultation::{Consultation, Hearing};
pub use contract::{Company, Contract, ContractItem, Outsourcing, Processor, Subcontractor};
pub use description::{
    Address, Description, Duty, Foreign, Institution, MAX_DESCRIPTION_BYTES, Measure, Mended,
    Method, Monitoring, Notice, Place, PlaceClass, Post, Purpose, ReadDescriptionError, Requests,
    Safety, Spot, SpotKind, Unit, Version,
};
pub use desk::{AnswerTerm, DeskFacts};
pub use difference::{Difference, differences};
pub use duties::duties;
pub use facts::{AccountFact, CameraFact, CameraSound, Facts};
pub use hours::{Hours, ReadHoursError};
pub use judge::{Judged, State, judge};
pub use order::{Order, Terms, order};
pub use organisation::{Body, Predecessor};
pub use signs::signs;
pub use tasks::{
    ASKED_BEFORE_DAYS, CONTRACT_AHEAD_DAYS, FIRST_DUTY_DAYS, FIRST_LOOK_DAYS, LAW_AHEAD_DAYS,
    Outlook, Place as TaskPlace, Task, TaskKind, tasks,
};
pub use text::{Check, Policy, Promise};
pub use versions::{Timetable, VersionState};
