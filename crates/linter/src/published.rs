//! What a published policy says: every fact that was understood, with its line.
//!
//! Nothing here is judged. A fact that does not stand in the text is not here; rules may look into the
//! lines themselves ([`Published::squeezed`]) for words that are no fact.

mod cameras;
mod keeping;
mod people;
mod requests;

use crate::{Item, Section, Source, Squeezed, Table};

pub use cameras::{CameraRow, Cameras, Group, Purpose, PurposeKind, StatedCount};
pub use keeping::{Bound, HoursKind, HoursStated, Measure, PlaceStated, Retention};
pub use people::{Address, Company, Outsourced, Person, Phone, Processor, Role};
pub use requests::{Citation, Deadline, DeadlineOf, FormReference, Refusal, VersionStated};

/// Something and the line on which it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At<T> {
    /// Its line, from 1.
    pub line: u32,
    /// What stands there.
    pub value: T,
}

/// A policy as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// The lines.
    pub source: Source,
    /// Its parts, in their order, without gap.
    pub sections: Vec<Section>,
    /// Its tables, in their order.
    pub tables: Vec<Table>,
    /// The title of the document.
    pub title: Option<At<String>>,
    /// Whose policy it is: the full name as the text gives it first.
    pub institution: Option<At<String>>,
    /// What it calls itself (이하 "…").
    pub short: Option<At<String>>,
    /// Every spelling of an agency's name that stands where the institution speaks of itself, the full
    /// name and `short` included: title, subject of a sentence, place of viewing, addressee of a form.
    pub names: Vec<At<String>>,
    /// References to statutes.
    pub citations: Vec<Citation>,
    /// What cameras are for, each as the list of purposes has it.
    pub purposes: Vec<Purpose>,
    /// How many cameras, where.
    pub cameras: Cameras,
    /// Who answers for what, every mention in every section.
    pub people: Vec<Person>,
    /// Every telephone number.
    pub phones: Vec<Phone>,
    /// Every postal address.
    pub addresses: Vec<Address>,
    /// Hours of filming, every mention.
    pub hours: Vec<HoursStated>,
    /// How long footage is kept, every mention.
    pub retention: Vec<Retention>,
    /// Where footage is kept, every mention.
    pub storage: Vec<PlaceStated>,
    /// Where it can be seen, every mention.
    pub viewing: Vec<PlaceStated>,
    /// Whether work is given to others.
    pub processor: Processor,
    /// By when something is done, every mention.
    pub deadlines: Vec<Deadline>,
    /// Why a request may be refused, each ground of the list.
    pub refusals: Vec<At<Refusal>>,
    /// How footage is kept safe, every mention.
    pub measures: Vec<At<Measure>>,
    /// Versions with their days, as the text lists them.
    pub versions: Vec<VersionStated>,
    /// Days of notice that are promised before a change; 0 if it is `without delay`.
    pub notice_days: Option<At<u32>>,
    /// Every mention of a form, register or annex.
    pub forms: Vec<FormReference>,
    /// Lines of which the meaning was expected and not found.
    pub not_understood: Vec<NotUnderstood>,
}

/// A line of which the meaning was expected and not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// Its line.
    pub line: u32,
    /// As it is written, shortened.
    pub text: String,
}

impl Published {
    /// The sections about an item.
    pub fn about(&self, item: Item) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.is(item))
    }

    /// The section of a line.
    #[must_use]
    pub fn section_of(&self, line: u32) -> Option<&Section> {
        let after = self.sections.partition_point(|section| section.first <= line);
        self.sections[..after].last().filter(|section| line <= section.last)
    }

    /// Whether a line belongs to a table.
    #[must_use]
    pub fn is_in_table(&self, line: u32) -> bool {
        let after = self.tables.partition_point(|table| table.first <= line);
        self.tables[..after].iter().rev().take(4).any(|table| line <= table.last)
    }

    /// The text of a section without spaces and breaks, its heading left out.
    #[must_use]
    pub fn squeezed(&self, section: &Section) -> Squeezed {
        let first = if section.heading.is_empty() { section.first } else { section.first + 1 };
        Squeezed::of(self.source.between(first, section.last))
    }

    /// The tables that begin in a section.
    pub fn tables_of<'p>(&'p self, section: &'p Section) -> impl Iterator<Item = &'p Table> {
        let lines = section.first..=section.last;
        self.tables.iter().filter(move |table| lines.contains(&table.first))
    }
}
