//! A policy as it was published, looked through for a page: findings, facts, and the description that says
//! the same. Nothing of it is kept.

use std::borrow::Cow;

use api::{ErrorCode, ReadingDraft, ReadingField, ReadingFinding, ReadingLine};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use linter::{Draft, Field, FieldKind, Finding, Mark, Published, Severity};
use policy::Description;
use server::HouseError;
use time::Date;

use crate::house::House;
use crate::policy_desk::{day_of, findings};
use crate::text_file::text_of;

/// Bytes of the longest text that a page may send; thirty pages are a tenth of it.
const LONGEST_TEXT: usize = 512 * 1024;
/// Bytes of the longest file that holds one: a word processor's has pictures too.
const LONGEST_FILE: usize = 2 * 1024 * 1024;

/// Looks through a text under the law of a day.
pub(crate) fn read(
    house: &House,
    asked: &api::NewPolicyReading,
) -> Result<api::PolicyReading, HouseError> {
    let text = text(asked)?;
    if text.len() > LONGEST_TEXT {
        return Err(HouseError::Unfit(ErrorCode::BadRequest));
    }
    let today = day_of(house.clock.wall());
    let date = match &asked.date {
        Some(text) => law::date(text).map_err(|_| HouseError::Unfit(ErrorCode::DayUnfit))?,
        None => today,
    };
    let law = law::korea().on(date);
    let published = linter::read(&text);
    let findings = linter::check(&published, law);
    let facts = serde_json::from_value(linter::facts(&published));
    let facts = facts.expect("the linter's facts are the wire's; a test compares");
    let not_understood = published.not_understood.iter();
    let line = |it: &linter::NotUnderstood| ReadingLine { line: it.line, text: it.text.clone() };
    Ok(api::PolicyReading {
        date: date.to_string(),
        text: matches!(text, Cow::Owned(_)).then(|| text.into_owned()),
        findings: findings.into_iter().map(finding).collect(),
        not_understood: not_understood.map(line).collect(),
        facts,
        draft: draft(&published, asked, today),
    })
}

/// The text that was sent, or what is in the file.
fn text(asked: &api::NewPolicyReading) -> Result<Cow<'_, str>, HouseError> {
    let unfit = || HouseError::Unfit(ErrorCode::BadRequest);
    let Some(file) = &asked.file_base64 else { return Ok(Cow::Borrowed(&asked.text)) };
    let bytes = BASE64.decode(file).map_err(|_| unfit())?;
    if bytes.len() > LONGEST_FILE || !asked.text.is_empty() {
        return Err(unfit());
    }
    text_of(&bytes).map(Cow::Owned).map_err(|_| unfit())
}

/// The description that says the same, and what stands against announcing it today.
fn draft(published: &Published, asked: &api::NewPolicyReading, today: Date) -> ReadingDraft {
    let Draft { toml, fields } = linter::draft(published, &asked.answers);
    let (unreadable, findings) = match Description::read(&toml) {
        Ok(described) => (None, findings(&described, law::korea().on(today))),
        Err(error) => (Some(error.to_string()), Vec::new()),
    };
    let fields = fields.into_iter().map(field).collect();
    ReadingDraft { toml, fields, unreadable, findings }
}

fn finding(it: Finding) -> ReadingFinding {
    ReadingFinding {
        rule: it.rule.into(),
        severity: match it.severity {
            Severity::Style => api::ReadingSeverity::Style,
            Severity::Warning => api::ReadingSeverity::Warning,
            Severity::Error => api::ReadingSeverity::Error,
        },
        line: it.line,
        section: it.section,
        text_ko: it.ko,
        text_en: it.en,
        law: it.law.into(),
    }
}

fn field(it: Field) -> ReadingField {
    let choice = |(word, text_ko, text_en)| api::ReadingChoice { word, text_ko, text_en };
    ReadingField {
        path: it.path,
        state: match it.mark {
            Mark::Read(_) | Mark::Answered => api::ReadingFieldState::Read,
            Mark::Assumed => api::ReadingFieldState::Assumed,
            Mark::Asked => api::ReadingFieldState::Asked,
        },
        kind: match it.kind {
            FieldKind::Text => api::ReadingFieldKind::Text,
            FieldKind::Number => api::ReadingFieldKind::Number,
            FieldKind::Date => api::ReadingFieldKind::Date,
            FieldKind::Choice => api::ReadingFieldKind::Choice,
        },
        line: if let Mark::Read(line) = it.mark { line } else { 0 },
        value: it.value,
        text_ko: it.ko,
        text_en: it.en,
        of_ko: it.of_ko,
        of_en: it.of_en,
        choices: it.choices.into_iter().map(choice).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, file: &[u8]) -> api::NewPolicyReading {
        api::NewPolicyReading {
            text: text.into(),
            file_base64: Some(BASE64.encode(file)),
            date: None,
            answers: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn a_file_is_read_in_its_encoding_or_refused() {
        // "방침" in code page 949.
        assert_eq!(text(&asked("", &[0xb9, 0xe6, 0xc4, 0xa7])).unwrap(), "방침");
        assert!(text(&asked("both", "방침".as_bytes())).is_err());
        assert!(text(&asked("", b"PK\x03\x04 and nothing")).is_err());
        assert!(text(&asked("", &vec![b'a'; LONGEST_FILE])).is_ok());
        assert!(text(&asked("", &vec![b'a'; LONGEST_FILE + 1])).is_err());
        let no_base64 = api::NewPolicyReading { file_base64: Some("*".into()), ..asked("", b"") };
        assert!(text(&no_base64).is_err());
    }

    /// The wire's facts are those that scripts are given.
    #[test]
    fn facts_of_any_text_are_the_wires() {
        for text in [
            "",
            "1. 설치 대수\n총 4대\n로비\t3대",
            include_str!("../../../testdata/policies/10-pureun-county.txt"),
        ] {
            let facts = linter::facts(&linter::read(text));
            let read: api::ReadingFacts = serde_json::from_value(facts.clone()).unwrap();
            assert_eq!(
                read.cameras_total.map(u64::from),
                facts["cameras_total"].as_u64(),
                "{text}"
            );
            assert_eq!(read.groups.len(), facts["groups"].as_array().unwrap().len());
        }
    }
}
