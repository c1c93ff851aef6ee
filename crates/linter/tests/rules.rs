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

/// A time in any section is held against the others, if it is that of footage.
#[test]
fn retention_is_compared_wherever_the_text_speaks_of_footage() {
    let text = |viewing: &str| {
        format!(
            "샘터시 고정형 영상정보처리기기 운영·관리 방침\n\n4. 촬영시간, 보관기간, 보관장소\n\
             촬영시간\t보관기간\t보관장소\n24시간\t촬영일로부터 30일\t1층 방재실\n\n\
             6. 개인영상정보의 확인 방법\n- {viewing}\n"
        )
    };
    let told = |viewing: &str| {
        findings(&text(viewing)).into_iter().any(|it| it.rule == "conflict.retention")
    };
    assert!(told("영상정보는 촬영일로부터 60일간 보관합니다."));
    assert!(told("영상정보의 보관기간은 60일입니다."));
    // The control, and papers that have a time of their own.
    assert!(!told("영상정보는 촬영일로부터 30일간 보관합니다."));
    assert!(!told("영상정보의 열람 신청서는 3년간 보관합니다."));
}
