//! What rules are, and what they find.

use law::Law;

use crate::{Published, RULES};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Only how it is written.
    Style,
    /// Outdated, uncertain or unwise.
    Warning,
    /// It contradicts itself, breaks its own promise, or lacks what the law asks for.
    Error,
}

impl Severity {
    /// As scripts write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule: what it is called, how bad it is, on what it rests, and how it looks.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `count.sum`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The article that asks for it: `Dec 25(1)2`.
    pub law: &'static str,
    /// Looks, and tells what it found; at most once for one cause.
    pub look: fn(&Look<'_>) -> Vec<Found>,
}

/// What a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'p> {
    /// The policy.
    pub published: &'p Published,
    /// The law of the day that is asked about.
    pub law: Law<'p>,
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// On which line, from 1; 0 if it is missing from the whole text.
    pub line: u32,
    /// What is wrong and what to do, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

impl Found {
    /// Makes one.
    #[must_use]
    pub fn new(line: u32, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line, ko: ko.into(), en: en.into() }
    }
}

/// A finding as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// On which line, from 1; 0 if it is missing from the whole text.
    pub line: u32,
    /// The section of the line; empty without one.
    pub section: String,
    /// What is wrong and what to do, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
    /// The article that asks for it.
    pub law: &'static str,
}

/// What is wrong with a policy under the law of a day: the worst first, then by line.
#[must_use]
pub fn check(published: &Published, law: Law<'_>) -> Vec<Finding> {
    let look = Look { published, law };
    let mut findings = Vec::new();
    for rule in RULES.iter().copied() {
        for found in (rule.look)(&look) {
            let section =
                published.section_of(found.line).map_or(String::new(), crate::Section::label);
            findings.push(Finding {
                rule: rule.id,
                severity: rule.severity,
                line: found.line,
                section,
                ko: found.ko,
                en: found.en,
                law: rule.law,
            });
        }
    }
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.line.cmp(&b.line)));
    findings.dedup();
    findings
}
