//! Names and headings: another spelling of the agency, a heading that promises what is not there.

use super::look::has_any;
use crate::{ColumnKind, Found, Item, Look, Rule, Severity};

pub(super) const HEADING: Rule =
    Rule { id: "conflict.heading", severity: Severity::Error, law: "Act 3(3)", look: heading };
pub(super) const OTHER_DOCUMENT: Rule = Rule {
    id: "conflict.heading",
    severity: Severity::Warning,
    law: "Act 3(3)",
    look: other_document,
};
pub(super) const NAME: Rule =
    Rule { id: "conflict.name", severity: Severity::Error, law: "Act 3(3)", look: name };

fn heading(look: &Look<'_>) -> Vec<Found> {
    method(look).into_iter().collect()
}

/// A heading speaks of the privacy policy, in a text that is another.
fn other_document(look: &Look<'_>) -> Vec<Found> {
    let is_ours = look.lines().take(12).any(|it| it.squeezed.contains("영상정보처리기"));
    let other = look.published.sections.iter().find(|section| {
        let heading: String = section.heading.chars().filter(|it| !it.is_whitespace()).collect();
        heading.contains("개인정보처리방침") && !heading.contains("영상정보처리기기")
    });
    let found = other.filter(|_| is_ours).map(|other| {
        Found::new(
            other.first,
            "제목이 다른 문서(개인정보 처리방침)를 가리킵니다. 이 방침의 이름으로 고치십시오.",
            "the heading names another document (the privacy policy): name this one",
        )
    });
    found.into_iter().collect()
}

/// The method of filming is announced, and told nowhere.
fn method(look: &Look<'_>) -> Option<Found> {
    let has_column = look.published.tables.iter().any(|it| it.column(ColumnKind::Method).is_some());
    if has_column {
        return None;
    }
    let words = ["촬영방법", "촬영방식"];
    let sections: Vec<_> = look.published.about(Item::Cameras).collect();
    let lines = sections.iter().flat_map(|it| look.published.source.between(it.first, it.last));
    let announced: Vec<_> = lines.filter(|line| has_any(&line.squeezed, &words)).collect();
    let told = look.part(&[Item::Cameras]).has_any(&[
        "촬영방법:",
        "촬영방식:",
        "고정식",
        "고정형카메라",
        "회전",
        "PTZ",
        "줌기능",
        "360",
        "스피드돔",
        "연속촬영",
    ]);
    let first = announced.first().filter(|_| !told)?;
    Some(Found::new(
        first.number,
        "촬영방법을 알린다고 하였으나 표에 촬영방법이 없습니다. 적거나 제목에서 빼십시오.",
        "the method of filming is announced and told nowhere: tell it, or do not announce it",
    ))
}

/// How many single letters have to be changed to make one of the other; names are short.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().take(40).collect();
    let other: Vec<char> = other.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = before + usize::from(a != b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).collect()
}

/// Whether two names are spellings of one: they begin or end alike and little else differs.
fn is_misspelling(of: &str, other: &str) -> bool {
    if of.contains(other) || other.contains(of) || of.chars().count() < 4 {
        return false;
    }
    let head: String = of.chars().take(2).collect();
    let far = distance(of, other);
    other.starts_with(&head)
        && of.chars().last() == other.chars().last()
        && far * 2 <= of.chars().count().max(other.chars().count())
}

fn name(look: &Look<'_>) -> Vec<Found> {
    let Some(full) = &look.published.institution else { return Vec::new() };
    let full = plain(&full.value);
    let short = look.published.short.as_ref().map(|it| plain(&it.value));
    let mut wrong: Vec<(u32, String)> = Vec::new();
    for other in &look.published.names {
        let spelt = plain(&other.value);
        let is_known = spelt == full || short.as_ref() == Some(&spelt);
        if !is_known && is_misspelling(&full, &spelt) {
            wrong.push((other.line, other.value.clone()));
        }
    }
    // A name that stands alone on its line: the signature below the text.
    let head: String = full.chars().take(2).collect();
    let tail: String = full.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    for line in look.lines().filter(|line| line.squeezed.chars().count() <= 30) {
        let spelt = plain(&line.squeezed);
        let is_one = spelt.starts_with(&head) && spelt.ends_with(&tail);
        if is_one && spelt == line.squeezed && spelt != full && is_misspelling(&full, &spelt) {
            wrong.push((line.number, spelt));
        }
    }
    wrong.sort();
    let Some((line, first)) = wrong.first() else { return Vec::new() };
    let mut spellings: Vec<&str> = wrong.iter().map(|(_, it)| it.as_str()).collect();
    spellings.sort_unstable();
    spellings.dedup();
    vec![Found::new(
        *line,
        format!(
            "기관 이름이 ‘{first}’ 등으로 다르게 적혔습니다({}). 정식 이름 ‘{full}’ 하나로 맞추십시오.",
            spellings.join(", ")
        ),
        format!("the agency is spelt {} as well: use {full:?} throughout", spellings.join(", ")),
    )]
}

#[cfg(test)]
mod tests {
    use super::is_misspelling;

    #[test]
    fn spellings_of_one_name() {
        assert!(is_misspelling("가람벤처기업부", "가람기업기업부"));
        assert!(is_misspelling("늘빛교통공사", "늘빛도시철도공사"));
        assert!(!is_misspelling("가람시", "가람시청"));
        assert!(!is_misspelling("가람시교육청", "나루시교육청"));
    }
}
