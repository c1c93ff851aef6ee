//! The result as scripts read it: findings, facts and what was not understood, as JSON.

use serde_json::{Value, json};
use time::Date;

use crate::{Finding, HoursKind, Published};

/// Findings, facts and what was not understood.
#[must_use]
pub fn report(published: &Published, findings: &[Finding]) -> Value {
    let not_understood = published.not_understood.iter();
    let not_understood: Vec<Value> =
        not_understood.map(|it| json!({"line": it.line, "text": it.text})).collect();
    json!({
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "facts": facts(published),
        "not_understood": not_understood,
    })
}

fn finding(it: &Finding) -> Value {
    json!({
        "rule": it.rule,
        "severity": it.severity.word(),
        "line": it.line,
        "section": it.section,
        "message_ko": it.ko,
        "message_en": it.en,
        "law": it.law,
    })
}

/// The facts alone.
#[must_use]
pub fn facts(published: &Published) -> Value {
    let cameras = &published.cameras;
    let groups = cameras.groups.iter();
    let groups: Vec<Value> =
        groups.map(|it| json!({"name": it.name, "cameras": it.cameras})).collect();
    let mut kinds: Vec<&str> =
        published.purposes.iter().flat_map(|it| &it.kinds).map(|it| it.word()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut storage: Vec<&str> = Vec::new();
    for place in published.storage.iter().filter(|it| !it.text.contains('○')) {
        if !storage.contains(&place.text.as_str()) {
            storage.push(&place.text);
        }
    }
    let versions =
        published.versions.iter().filter(|it| it.announced.is_some() || it.effective.is_some());
    let mut days: Vec<Value> = Vec::new();
    for it in versions {
        let version =
            json!({"announced": it.announced.map(day), "effective": it.effective.map(day)});
        if !days.contains(&version) {
            days.push(version);
        }
    }
    json!({
        "institution": published.institution.as_ref().map(|it| it.value.as_str()),
        "cameras_total": cameras.total(),
        "cameras_stated": cameras.stated_total().map(|it| it.count),
        "groups": groups,
        "retention_days_max": retention_days_max(published),
        "hours": hours(published),
        "purposes": published.purposes.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        "purpose_kinds": kinds,
        "storage_places": storage,
        "processor": published.processor.outsourced.word(),
        "versions": days,
    })
}

/// The longest time for which footage is kept.
fn retention_days_max(published: &Published) -> Option<u32> {
    published.retention.iter().filter(|it| !it.is_of_law).map(|it| it.days).max()
}

/// `24`, `schedule`, `mixed` or `unknown`.
fn hours(published: &Published) -> &'static str {
    let has = |kind: HoursKind| published.hours.iter().any(|it| it.kind == kind);
    match (has(HoursKind::AllDay), has(HoursKind::Schedule)) {
        (true, false) => "24",
        (false, true) => "schedule",
        (true, true) => "mixed",
        (false, false) => "unknown",
    }
}

fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
