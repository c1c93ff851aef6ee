//! `jikim policy check`: what is wrong with a published text, or with a description.

use std::process::ExitCode;

use linter::{Finding, Published, Severity};
use policy::Description;
use serde_json::Value;

use super::paper::law_day;
use crate::arguments::PolicyCheckArguments;
use crate::text_file::read_policy;
use crate::{Told, give, sentence, tell};

/// Errors were found.
const FOUND: u8 = 1;
/// The file cannot be read.
const UNREADABLE: u8 = 2;

/// Looks, and says so: 0 without errors, 1 with errors, 2 if the file cannot be read.
pub(crate) fn check(arguments: &PolicyCheckArguments) -> ExitCode {
    match look(arguments) {
        Ok(true) => ExitCode::from(FOUND),
        Ok(false) => ExitCode::SUCCESS,
        Err(told) => {
            tell(&told);
            ExitCode::from(UNREADABLE)
        }
    }
}

/// Whether there are errors.
fn look(arguments: &PolicyCheckArguments) -> Told<bool> {
    let law = law::korea().on(law_day(arguments.date.as_deref())?);
    let text = read_policy(&arguments.file)?;
    let (published, findings) = if is_description(&text) {
        let described = Description::read(&text).map_err(sentence)?;
        let mut published = linter::from_description(&described, law);
        let mut findings = of_description(&described, &text, law);
        findings
            .extend(linter::check(&published, law).into_iter().map(|it| Finding { line: 0, ..it }));
        published.versions = linter::versions_of(&described);
        (published, findings)
    } else {
        let published = linter::read(&text);
        let findings = linter::check(&published, law);
        (published, findings)
    };
    if arguments.json {
        let report = linter::report(&published, &findings);
        give(&serde_json::to_string_pretty(&report).map_err(sentence)?);
    } else {
        told(&published, &findings);
    }
    Ok(findings.iter().any(|it| it.severity == Severity::Error))
}

/// TOML with the table that every description has; its mistakes are told when it is read.
pub(super) fn is_description(text: &str) -> bool {
    text.lines().take(400).any(|line| line.trim() == "[institution]")
}

/// What stands against publishing a description, with the line of the table that it is about.
fn of_description(described: &Description, text: &str, law: law::Law<'_>) -> Vec<Finding> {
    let line_of = |at: &str| {
        let named = at.split(' ').next_back().map(|id| format!("\"{id}\""));
        let found = named.and_then(|id| text.lines().position(|line| line.contains(&id)));
        found.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
    };
    let findings = described.findings(law).into_iter();
    findings
        .map(|it| Finding {
            rule: it.rule,
            severity: match it.severity {
                policy::Severity::Warning => Severity::Warning,
                policy::Severity::Error => Severity::Error,
            },
            line: line_of(&it.at),
            section: it.at,
            ko: it.ko,
            en: it.en,
            law: it.article,
        })
        .collect()
}

/// For a person: the facts in short, then one finding after the other.
fn told(published: &Published, findings: &[Finding]) {
    let facts = linter::facts(published);
    let count = |key: &str| match &facts[key] {
        Value::Null => "?".to_owned(),
        value => value.to_string(),
    };
    let name = facts["institution"].as_str().unwrap_or("?");
    give(&format!(
        "{name}: {} cameras (stated: {}), kept {} days at most, hours {}",
        count("cameras_total"),
        count("cameras_stated"),
        count("retention_days_max"),
        facts["hours"].as_str().unwrap_or("?"),
    ));
    for it in findings {
        let at = if it.line == 0 { String::new() } else { format!("line {}: ", it.line) };
        let section =
            if it.section.is_empty() { String::new() } else { format!("{}: ", it.section) };
        let word = it.severity.word();
        give(&format!("{word} [{}] {at}{section}{} / {} ({})", it.rule, it.ko, it.en, it.law));
    }
    for it in &published.not_understood {
        give(&format!("not understood, line {}: {}", it.line, it.text));
    }
    if findings.is_empty() {
        give("nothing was found");
    }
}
