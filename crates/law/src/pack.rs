//! The rules of a jurisdiction, and which of them hold on a day.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use time::Date;

use crate::{Rule, Topic};

/// The files of Korea. A rule is changed there and nowhere else.
const KOREA: &[(&str, &str)] = &[
    ("installation.toml", include_str!("../korea/installation.toml")),
    ("publication.toml", include_str!("../korea/publication.toml")),
    ("requests.toml", include_str!("../korea/requests.toml")),
    ("keeping.toml", include_str!("../korea/keeping.toml")),
    ("provision.toml", include_str!("../korea/provision.toml")),
    ("other_statutes.toml", include_str!("../korea/other_statutes.toml")),
];

/// The Republic of Korea: Personal Information Protection Act, its decree, standard guideline and
/// notices.
///
/// # Panics
/// If a file of the pack is wrong; a test reads them all.
#[must_use]
pub fn korea() -> &'static Pack {
    static KOREAN: OnceLock<Pack> = OnceLock::new();
    KOREAN.get_or_init(|| Pack::read(KOREA).expect("the files of the pack are read by a test"))
}

/// All rules of a jurisdiction in all their wordings.
#[derive(Debug)]
pub struct Pack {
    rules: Vec<Rule>,
}

/// What is wrong with the files of a pack.
#[derive(Debug, thiserror::Error)]
pub enum ReadPackError {
    /// One is no such file.
    #[error("{file}: {source}")]
    File {
        /// Which.
        file: String,
        /// What is wrong, with its line.
        source: Box<toml::de::Error>,
    },
    /// A rule contradicts itself or another wording of it.
    #[error("rule {id}: {what}")]
    Rule {
        /// Which.
        id: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

impl Pack {
    /// Reads the files of a jurisdiction, each with its name for messages.
    ///
    /// # Errors
    /// If one cannot be read, or a rule contradicts itself or another wording of it.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, ReadPackError> {
        let mut rules = Vec::new();
        for (name, text) in files {
            let read: Result<File, _> = toml::from_str(text);
            let told =
                |source| ReadPackError::File { file: (*name).into(), source: Box::new(source) };
            rules.extend(read.map_err(told)?.rule);
        }
        check(&rules)?;
        Ok(Self { rules })
    }

    /// The law of a day.
    #[must_use]
    pub const fn on(&self, date: Date) -> Law<'_> {
        Law { pack: self, date }
    }

    /// Every rule in every wording, in the order of the files.
    #[must_use]
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The days on which something changes: the first of a wording, and the day after its last.
    #[must_use]
    pub fn changes(&self) -> Vec<Date> {
        let ends = self.rules.iter().filter_map(|rule| rule.to?.next_day());
        let mut days: Vec<Date> = self.rules.iter().map(|rule| rule.from).chain(ends).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// The law as it was, is or will be on one day.
#[derive(Debug, Clone, Copy)]
pub struct Law<'p> {
    pack: &'p Pack,
    date: Date,
}

impl<'p> Law<'p> {
    /// The day.
    #[must_use]
    pub const fn date(self) -> Date {
        self.date
    }

    /// All rules that hold.
    pub fn rules(self) -> impl Iterator<Item = &'p Rule> {
        self.pack.rules.iter().filter(move |rule| rule.holds_on(self.date))
    }

    /// Those about something.
    pub fn topic(self, topic: Topic) -> impl Iterator<Item = &'p Rule> {
        self.rules().filter(move |rule| rule.topic == topic)
    }

    /// One rule in the wording of the day; none if it does not hold.
    #[must_use]
    pub fn rule(self, id: &str) -> Option<&'p Rule> {
        self.rules().find(|rule| rule.id == id)
    }
}

fn check(rules: &[Rule]) -> Result<(), ReadPackError> {
    let mut wordings: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        let wrong = |what| Err(ReadPackError::Rule { id: rule.id.clone(), what });
        let texts = [&rule.id, &rule.article, &rule.source, &rule.ko, &rule.en];
        if texts.iter().any(|text| text.trim().is_empty()) {
            return wrong("a text is empty");
        }
        if rule.to.is_some_and(|to| to < rule.from) {
            return wrong("it ends before it begins");
        }
        if rule.topic.has_amount().is_some_and(|has| has != rule.amount.is_some()) {
            return wrong("its topic asks for a number, or has none");
        }
        wordings.entry(&rule.id).or_default().push(rule);
    }
    for (id, mut wordings) in wordings {
        let wrong = |what| Err(ReadPackError::Rule { id: id.into(), what });
        wordings.sort_by_key(|rule| rule.from);
        for pair in wordings.windows(2) {
            if pair[0].to.is_none_or(|to| to >= pair[1].from) {
                return wrong("two wordings hold on the same day");
            }
            if pair[0].topic != pair[1].topic {
                return wrong("its wordings are about different things");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
