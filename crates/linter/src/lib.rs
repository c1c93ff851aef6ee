//! The policy linter: reads what an agency publishes about its cameras and says what is wrong with it.
//!
//! [`read`] makes a [`Published`] of a text: sections, tables and every fact that was understood, each with
//! its line, and what was not understood. [`check`] runs the rules over it under the law of a day. A rule is
//! a short module of its own in `rules`, with its article, its message and its tests.
//!
//! No clock and no disk: today's law is handed in. Time grows with the length of the text and no faster.

mod described;
mod draft;
mod facts;
mod finding;
mod marker;
mod published;
mod report;
mod rules;
mod scan;
mod section;
mod source;
mod table;

pub use described::{from_description, versions_of};
pub use draft::{Choice, Draft, Field, FieldKind, Mark, draft};
pub use facts::read;
pub use finding::{Finding, Found, Look, Rule, Severity, check};
pub use published::{
    Address, At, Bound, CameraRow, Cameras, Citation, Company, Deadline, DeadlineOf, FormReference,
    Group, HoursKind, HoursStated, Measure, NotUnderstood, Outsourced, Person, Phone, PlaceStated,
    Processor, Published, Purpose, PurposeKind, Refusal, Retention, Role, StatedCount,
    VersionStated,
};
pub use report::{facts, report};
pub use rules::RULES;
pub use section::{Item, Section};
pub use source::{Line, MAX_TEXT_BYTES, Source, Squeezed};
pub use table::{Cell, Column, ColumnKind, Row, RowKind, Table};
