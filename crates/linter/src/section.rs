//! Sections: which item of the decree or of the national template a part of the text is.

mod item;
mod read;

pub(crate) use read::sections;

/// What a section is about. Told by words of its heading, never by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A list of the headings that follow (차례).
    Contents,
    /// Before the first heading: whose policy this is.
    Preamble,
    /// Legal ground and purpose: Dec 25(1)1.
    Ground,
    /// Number, places, range: Dec 25(1)2.
    Cameras,
    /// Manager, department, who may look: Dec 25(1)3.
    People,
    /// Hours, retention, storage, processing: Dec 25(1)4.
    Keeping,
    /// How and where footage can be seen: Dec 25(1)5.
    Viewing,
    /// What is done on requests: Dec 25(1)6.
    Requests,
    /// Technical, managerial, physical protection: Dec 25(1)7.
    Safety,
    /// Whatever else: Dec 25(1)8.
    Other,
    /// Work that is given to others: Dec 26.
    Processor,
    /// Signs: Act 25(4).
    Sign,
    /// Collection, use, provision to others.
    Provision,
    /// Keeping and destruction as a section of its own.
    Destruction,
    /// Changes, versions, days.
    Changes,
    /// Which forms, or a form itself (별지, 별첨, 붙임, 청구서).
    Annex,
    /// A heading that says something else.
    Unknown,
}

/// A part of the text under one heading. Sections follow each other without gap, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub item: Item,
    /// Other items that its heading announces as well (`촬영시간, 보관기간 … 및 파기`).
    pub also: Vec<Item>,
    /// Its number as written: `3.`, `제3조`, `가.`; empty if it has none.
    pub number: String,
    /// Its heading without the number; empty for the preamble.
    pub heading: String,
    /// Its first line: that of the heading.
    pub first: u32,
    /// Its last line.
    pub last: u32,
}

impl Section {
    /// Whether it is about an item, first or also.
    #[must_use]
    pub fn is(&self, item: Item) -> bool {
        self.item == item || self.also.contains(&item)
    }

    /// As findings name it: `3. 관리책임자`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} {}", self.number, self.heading).trim().to_owned()
    }
}
