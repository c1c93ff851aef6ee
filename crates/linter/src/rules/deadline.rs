//! What is promised to who asks: by when, with which reserve, more than the law asks.

use super::look::{followed_by, has_any, sentences};
use crate::{Deadline, DeadlineOf, Found, Item, Look, Rule, Severity};

pub(super) const ACTION: Rule = Rule {
    id: "deadline.action",
    severity: Severity::Warning,
    law: "Guide 44(3), Act 35(3)",
    look: action,
};
pub(super) const LONG: Rule =
    Rule { id: "deadline.long", severity: Severity::Error, law: "Dec 41(4), 42(2)", look: long };
pub(super) const QUALIFIER: Rule = Rule {
    id: "deadline.qualifier",
    severity: Severity::Warning,
    law: "Guide 44(3), Act 35(3)",
    look: qualifier,
};
pub(super) const WIDER: Rule =
    Rule { id: "promise.wider", severity: Severity::Warning, law: "Act 35(3), 38(3)", look: wider };
pub(super) const NOT_ALLOWED: Rule = Rule {
    id: "refusal.not_allowed",
    severity: Severity::Error,
    law: "Act 35(4), Guide 46",
    look: not_allowed,
};

fn told<'p>(look: &Look<'p>) -> impl Iterator<Item = &'p Deadline> {
    look.published
        .deadlines
        .iter()
        .filter(|it| !matches!(it.item, Item::Annex | Item::Changes | Item::Keeping))
        // The days of notice before a change, in a text without headings.
        .filter(|it| {
            !look.published.source.line(it.line).is_some_and(|it| it.squeezed.contains("공지"))
        })
}

fn action(look: &Look<'_>) -> Vec<Found> {
    let acted: Vec<_> = told(look).filter(|it| it.of == DeadlineOf::Action).collect();
    let days = acted.iter().find_map(|it| Some((it.line, it.days?)));
    match days {
        Some((line, days)) if !acted.iter().any(|it| it.without_delay) => vec![Found::new(
            line,
            format!(
                "열람 등의 요구에는 {days}일 이내가 아니라 ‘지체 없이’ 조치하여야 합니다. 10일은 늦어도 지켜야 하는 기한입니다."
            ),
            format!(
                "requests are acted on without delay, not within {days} days: ten days are the latest"
            ),
        )],
        _ => Vec::new(),
    }
}

fn long(look: &Look<'_>) -> Vec<Found> {
    let most = look.law.rule("deadline-access").and_then(|it| it.amount).map_or(10, |it| it.value);
    let late = told(look).find(|it| {
        it.of != DeadlineOf::Notice
            && it.of != DeadlineOf::Other
            && it.days.is_some_and(|days| u64::from(days) > most)
    });
    let found = late.map(|it| {
        let days = it.days.unwrap_or(0);
        Found::new(
            it.line,
            format!("{days}일은 법이 정한 {most}일보다 깁니다. {most}일 이내로 고치십시오."),
            format!("{days} days are more than the {most} of the law: shorten it"),
        )
    });
    found.into_iter().collect()
}

fn qualifier(look: &Look<'_>) -> Vec<Found> {
    const WORDS: [&str; 6] = [
        "특별한사유가없는한",
        "특별한사정이없는한",
        "특별한사유가없으면",
        "특별한사정이없으면",
        "부득이한사유가없는한",
        "부득이한사정이없는한",
    ];
    let by_fact = told(look).find(|it| it.is_qualified).map(|it| it.line);
    let by_word = look.part(&[Item::Requests, Item::Viewing]).find_any(&WORDS);
    let found = by_fact.or(by_word).map(|line| {
        Found::new(
            line,
            "‘특별한 사유가 없는 한’은 지침에 없는 단서입니다. 지우고, 미룰 때에는 사유를 알린다고 적으십시오.",
            "the guideline knows no such reserve: strike it; what is postponed is told with its reason",
        )
    });
    found.into_iter().collect()
}

fn wider(look: &Look<'_>) -> Vec<Found> {
    let legal = look.law.rule("deadline-access").and_then(|it| it.amount).map_or(10, |it| it.value);
    let short = told(look).find(|it| {
        let counts = matches!(it.of, DeadlineOf::Action | DeadlineOf::Refusal)
            || (it.of == DeadlineOf::Other && matches!(it.item, Item::Requests | Item::Viewing));
        counts && it.days.is_some_and(|days| days > 0 && u64::from(days) < legal)
    });
    let found = short.map(|it| {
        let days = it.days.unwrap_or(0);
        Found::new(
            it.line,
            format!("법이 정한 {legal}일보다 짧은 {days}일을 약속하였습니다. 약속한 이상 지켜야 하니 지킬 수 있는지 확인하십시오."),
            format!("{days} days are promised, fewer than the {legal} of the law: it binds, be sure to keep it"),
        )
    });
    found.into_iter().collect()
}

/// Grounds of refusal that are often heard and no law knows.
fn not_allowed(look: &Look<'_>) -> Vec<Found> {
    const REFUSED: [&str; 7] =
        ["거부", "거절", "불가", "할수없", "제한할수", "제한합니다", "허용하지"];
    const MASKED: [&str; 6] = ["모자이크", "알아볼수없", "식별할수없", "마스킹", "비식별", "가림"];
    let mut found = Vec::new();
    for line in look.prose() {
        for sentence in sentences(&line.squeezed) {
            if !has_any(sentence, &REFUSED) {
                continue;
            }
            let police = followed_by(sentence, "경찰", 8, &["입회", "동행", "대동", "참관"]);
            let others = ["다른사람", "타인", "제3자"].iter().any(|it| {
                followed_by(
                    sentence,
                    it,
                    8,
                    &["함께촬영", "같이촬영", "함께찍", "같이찍", "촬영된경우", "포함된경우"],
                )
            });
            if police {
                found.push(Found::new(
                    line.number,
                    "경찰관의 입회는 열람의 조건이 될 수 없습니다. 이 문구를 지우십시오.",
                    "the police need not be present: strike this ground of refusal",
                ));
            } else if others && !has_any(sentence, &MASKED) {
                found.push(Found::new(
                    line.number,
                    "다른 사람이 함께 찍혔다는 것만으로는 거절할 수 없습니다. 알아볼 수 없게 처리하여 보여 준다고 적으십시오.",
                    "that others appear is no ground to refuse: they are made unrecognisable",
                ));
            }
        }
    }
    found
}
