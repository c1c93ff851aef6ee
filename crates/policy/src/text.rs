//! The text of a policy and the promises it makes, from a description and the law of its day.
//!
//! A promise is made where its sentence is written, so no sentence can promise what nobody checks, and
//! no check is without its sentence. The ids are stable: a register of promises can follow one through
//! all versions.

use law::Law;
use papers::{Block, Document, Paper, Sentence};

use crate::Description;
use crate::names::{day, with};

/// What has to be looked at to say whether a promise is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// So many cameras of a spot are there and record.
    SpotCameras {
        /// Its word.
        spot: String,
        /// How many.
        cameras: u16,
    },
    /// So many cameras in all, and none beside them.
    AllCameras {
        /// How many.
        cameras: u32,
    },
    /// They film at the published hours, and at no other.
    Hours,
    /// No camera makes sound.
    NoSound,
    /// Footage of a unit is never older.
    Retention {
        /// Its word.
        unit: String,
        /// Days at most.
        days: u16,
    },
    /// Footage of a unit lies in its place and nowhere else.
    Storage {
        /// The unit's word.
        unit: String,
        /// The place's name.
        place: String,
    },
    /// What is due is destroyed by destroying its key.
    Destruction,
    /// Only those of the list may look.
    AccessList,
    /// No contractor saw a picture.
    ContractorSeesNothing,
    /// Each viewing is written down before it begins.
    ViewingRecorded,
    /// Footage is encrypted where it lies.
    Encrypted,
    /// The records cannot be altered unseen.
    RecordsUnaltered,
    /// Every use, disclosure, destruction and request is in the register.
    Register,
    /// Changes were announced so long before.
    Notice {
        /// Days.
        days: u16,
    },
    /// Requests are answered in time.
    RequestsAnswered {
        /// Days.
        days: u16,
    },
    /// Something outside the program, which a person has to look at and say.
    Attested {
        /// How long what was said counts, in days.
        every_days: u16,
    },
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Stable: `cameras.lobby`.
    pub id: String,
    /// The number of the section it stands in.
    pub section: u8,
    /// As published.
    pub ko: String,
    /// In English.
    pub en: String,
    /// What has to be looked at.
    pub check: Check,
    /// The article it rests on.
    pub article: &'static str,
    /// What breaking it costs: the id of a [`law::Topic::Penalty`], if one is named.
    pub penalty: Option<&'static str>,
}

/// A policy: its text, and the promises of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What it says.
    pub paper: Paper,
    /// What it promises, in the order of the text.
    pub promises: Vec<Promise>,
}

impl Policy {
    /// The policy that follows from a description under a law.
    ///
    /// The description's findings are another matter: a text can be made of any description, so that
    /// a draft can be looked at.
    #[must_use]
    pub fn of(described: &Description, law: Law<'_>) -> Self {
        let mut writer = Writer::new(described, law);
        writer.preamble();
        writer.grounds();
        writer.cameras();
        writer.people();
        writer.keeping();
        writer.viewing();
        writer.requests();
        writer.safety();
        writer.processor();
        writer.signs();
        writer.changes();
        writer.annex();
        writer.finish()
    }

    /// As a document.
    #[must_use]
    pub fn document(&self) -> Document {
        Document::Paper(self.paper.clone())
    }
}

/// Writes section after section.
pub(crate) struct Writer<'d> {
    pub(crate) described: &'d Description,
    pub(crate) law: Law<'d>,
    pub(crate) section: u8,
    pub(crate) blocks: Vec<Block>,
    promises: Vec<Promise>,
}

impl<'d> Writer<'d> {
    fn new(described: &'d Description, law: Law<'d>) -> Self {
        Self { described, law, section: 0, blocks: Vec::new(), promises: Vec::new() }
    }

    /// The short name and its particle, `은` or `는`.
    pub(crate) fn subject(&self) -> String {
        with(&self.described.institution.short, "은", "는")
    }

    pub(crate) fn heading(&mut self, title: &str) {
        self.section += 1;
        let text = format!("{}. {title}", self.section);
        self.blocks.push(Block::Heading { level: 1, text });
    }

    /// The title of a section as the decree names its content.
    pub(crate) fn heading_of(&mut self, rule: &str, otherwise: &str) {
        let title = self.law.rule(rule).map_or(otherwise, |rule| rule.ko.as_str()).to_owned();
        self.heading(&title);
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph { sentences: vec![text.into().into()] });
    }

    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Note { sentence: text.into().into() });
    }

    /// Makes a promise; its sentence is to be put into the text by the caller.
    pub(crate) fn promise(
        &mut self,
        id: impl Into<String>,
        (ko, en): (impl Into<String>, impl Into<String>),
        check: Check,
        article: &'static str,
        penalty: Option<&'static str>,
    ) -> Sentence {
        let (id, ko, en) = (id.into(), ko.into(), en.into());
        let sentence = Sentence { text: ko.clone(), promise: Some(id.clone()) };
        self.promises.push(Promise { id, section: self.section, ko, en, check, article, penalty });
        sentence
    }

    fn finish(self) -> Policy {
        let institution = &self.described.institution;
        let newest = self.described.versions.last();
        let date = newest.map_or_else(String::new, |version| version.effective.clone());
        let footer = match date.as_str() {
            "" => institution.name.clone(),
            date => format!("{} · {} 시행", institution.name, day(date)),
        };
        let paper = Paper {
            title: format!("{} 고정형 영상정보처리기기 운영·관리 방침", institution.name),
            author: institution.name.clone(),
            language: "ko".into(),
            date,
            footer,
            is_landscape: false,
            blocks: self.blocks,
        };
        Policy { paper, promises: self.promises }
    }
}
