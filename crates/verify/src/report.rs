//! What a verification found, for people and for programs.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

use crate::words::{Class, Word};

/// Findings that are kept one by one; of further ones only the count.
pub const MAX_FINDINGS: usize = 1000;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub word: Word,
    /// Where: an entry (`2026/17`), a file of the ledger, an offset of an image.
    pub place: String,
    /// What exactly, in English.
    pub detail: String,
}

/// Something that was established, or a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its name for programs.
    pub key: &'static str,
    /// What it is, in Korean and English.
    pub label: (&'static str, &'static str),
    /// Its value.
    pub value: Value,
}

/// The result of a command.
#[derive(Debug, Clone, Default)]
pub struct Report {
    command: &'static str,
    findings: Vec<Finding>,
    /// All findings, those that were not kept too.
    count: u64,
    worst: Option<Word>,
    facts: Vec<Fact>,
}

impl Report {
    /// An empty report of a command: verified until something is found.
    #[must_use]
    pub fn new(command: &'static str) -> Self {
        Self { command, ..Self::default() }
    }

    /// Adds a finding. [`Word::Verified`] is none.
    pub fn find(&mut self, word: Word, place: impl fmt::Display, detail: impl fmt::Display) {
        if word.class() == Class::Verified {
            return;
        }
        self.count += 1;
        // The first of the worst class gives the result its word.
        if self.worst.is_none_or(|worst| word.class() > worst.class()) {
            self.worst = Some(word);
        }
        if self.findings.len() < MAX_FINDINGS {
            let (place, detail) = (place.to_string(), detail.to_string());
            self.findings.push(Finding { word, place, detail });
        }
    }

    /// Adds a fact.
    pub fn fact(
        &mut self,
        key: &'static str,
        label: (&'static str, &'static str),
        value: impl Into<Value>,
    ) {
        self.facts.push(Fact { key, label, value: value.into() });
    }

    /// The word of the result: the first finding of the worst class, or that all is verified.
    #[must_use]
    pub fn word(&self) -> Word {
        self.worst.unwrap_or(Word::Verified)
    }

    /// The findings, at most [`MAX_FINDINGS`].
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How often a word was found among those kept.
    #[must_use]
    pub fn count_of(&self, word: Word) -> usize {
        self.findings.iter().filter(|finding| finding.word == word).count()
    }

    /// Whether something was found at a place.
    #[must_use]
    pub fn has_found_at(&self, place: &str) -> bool {
        self.findings.iter().any(|finding| finding.place == place)
    }

    /// A fact by its name.
    #[must_use]
    pub fn fact_of(&self, key: &str) -> Option<&Value> {
        self.facts.iter().find(|fact| fact.key == key).map(|fact| &fact.value)
    }

    /// The report as one JSON document: `v`, `command`, `result`, `class`, `exit_code`, `findings`
    /// (with `word`, `place`, `detail`), `findings_in_all`, `facts`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "word": finding.word.text(),
                "place": finding.place,
                "detail": finding.detail,
            })
        });
        let facts: Map<String, Value> =
            self.facts.iter().map(|fact| (fact.key.to_owned(), fact.value.clone())).collect();
        let class = self.word().class();
        json!({
            "v": 1,
            "command": self.command,
            "result": self.word().text(),
            "class": class.text(),
            "exit_code": class.exit_code(),
            "findings": findings.collect::<Vec<_>>(),
            "findings_in_all": self.count,
            "facts": facts,
        })
    }

    /// The report for people: the word, then what it says in Korean and English, then findings and
    /// facts, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        let word = self.word();
        let mut text = format!("{}\n  {}\n  {}\n", word.text(), word.korean(), word.english());
        for finding in self.findings.iter().take(SHOWN_FINDINGS) {
            let _ = writeln!(
                text,
                "- {} {}: {} {}",
                finding.word.text(),
                finding.place,
                finding.word.korean(),
                finding.detail
            );
        }
        if self.count > SHOWN_FINDINGS as u64 {
            let more = self.count - SHOWN_FINDINGS as u64;
            let _ = writeln!(text, "- … {more} 건 더 · {more} more");
        }
        for Fact { label: (korean, english), value, .. } in &self.facts {
            match value {
                Value::Array(items) => {
                    let _ = writeln!(text, "{korean} · {english}: {}", items.len());
                    items.iter().take(SHOWN_FINDINGS).for_each(|item| {
                        let _ = writeln!(text, "  {}", plain(item));
                    });
                }
                value => {
                    let _ = writeln!(text, "{korean} · {english}: {}", plain(value));
                }
            }
        }
        text
    }
}

/// Lines of findings, or of one fact, that people are shown; `--json` has more.
const SHOWN_FINDINGS: usize = 40;

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            let said = |value: &Value| {
                !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty())
            };
            let pairs = map.iter().filter(|(_, value)| said(value));
            let pairs = pairs.map(|(key, value)| format!("{key} {}", plain(value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
