//! Each rule on a clean policy, where it is silent, and on the same with one fault, where it is not.

mod faults;

use std::collections::BTreeSet;
use std::path::Path;

use faults::{FAULTS, Fault};
use law::korea;
use linter::{Finding, RULES, check, read};

fn findings(text: &str) -> Vec<Finding> {
    check(&read(text), korea().on(law::date("2026-11-23").expect("a day")))
}

fn clean(file: &str) -> String {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/policies"));
    std::fs::read_to_string(folder.join(file)).expect("it is there")
}

fn spoilt(fault: &Fault) -> String {
    let mut text = clean(fault.file);
    for (there, instead) in fault.changes {
        assert!(text.contains(there), "{}: {there:?} is not in {}", fault.rule, fault.file);
        text = text.replace(there, instead);
    }
    text
}

#[test]
fn every_rule_finds_its_fault_and_nothing_without_it() {
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let is_it = |it: &&Finding| it.rule == fault.rule;
        if let Some(found) = findings(&clean(fault.file)).iter().find(is_it) {
            wrong.push(format!("{}: line {} of the clean text", fault.rule, found.line));
        }
        if !findings(&spoilt(fault)).iter().any(|it| it.rule == fault.rule) {
            wrong.push(format!("{}: silent", fault.rule));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_has_its_fault_and_its_name() {
    let named: BTreeSet<&str> = RULES.iter().map(|it| it.id).collect();
    let proven: BTreeSet<&str> = FAULTS.iter().map(|it| it.rule).collect();
    assert_eq!(named, proven);
}

/// One fault is told once, and draws at most two other findings with it.
#[test]
fn one_fault_is_one_finding() {
    for fault in FAULTS.iter().filter(|it| it.changes.len() == 1) {
        let before = findings(&clean(fault.file)).len();
        let found = findings(&spoilt(fault));
        let own = found.iter().filter(|it| it.rule == fault.rule).count();
        assert_eq!(own, 1, "{}", fault.rule);
        assert!(found.len() <= before + 3, "{}: {found:#?}", fault.rule);
    }
}

/// A date before the law changed: what was right then is not outdated.
#[test]
fn the_law_is_that_of_the_day() {
    let outdated = |day: &str, text: &str| {
        let law = korea().on(law::date(day).expect("a day"));
        let found = check(&read(text), law);
        found
            .iter()
            .filter(|it| it.rule.starts_with("outdated"))
            .map(|it| it.rule)
            .collect::<Vec<_>>()
    };
    let fault =
        |rule: &str| FAULTS.iter().find(|it| it.rule == rule).map(spoilt).expect("it is there");
    let term = fault("outdated.term");
    assert_eq!(outdated("2023-09-14", &term), Vec::<&str>::new());
    assert_eq!(outdated("2023-09-15", &term), ["outdated.term"]);
    for rule in ["outdated.urgent_interest", "outdated.refusal"] {
        assert_eq!(outdated("2024-01-03", &fault(rule)), Vec::<&str>::new(), "{rule}");
        assert_eq!(outdated("2024-01-04", &fault(rule)), [rule]);
    }
}

/// docs/linter.md has a line for each rule.
#[test]
fn every_rule_is_in_the_document() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/linter.md"));
    let text = std::fs::read_to_string(path).expect("it is there");
    for rule in RULES {
        assert!(text.contains(&format!("| `{}` |", rule.id)), "{}", rule.id);
    }
}
