//! The history of versions: gaps, order, and whether earlier ones can be read.

use crate::{Found, Item, Look, Rule, Severity, VersionStated};

pub(super) const GAP: Rule =
    Rule { id: "version.gap", severity: Severity::Error, law: "Dec 25(2)", look: gap };
pub(super) const ORDER: Rule =
    Rule { id: "version.order", severity: Severity::Error, law: "Dec 25(2)", look: order };
pub(super) const UNREACHABLE: Rule = Rule {
    id: "version.unreachable",
    severity: Severity::Style,
    law: "Guide 21",
    look: unreachable,
};

/// Days on which no version held, or two.
fn gap(look: &Look<'_>) -> Vec<Found> {
    let mut versions: Vec<&VersionStated> =
        look.published.versions.iter().filter(|it| it.effective.is_some()).collect();
    versions.sort_by_key(|it| it.effective);
    versions.dedup_by_key(|it| it.effective);
    let mut found = Vec::new();
    for pair in versions.windows(2) {
        let (Some(until), Some(next)) = (pair[0].until, pair[1].effective) else { continue };
        if until.next_day() == Some(next) {
            continue;
        }
        let (ko, en) = if until < next {
            ("사이에 시행 중인 방침이 없는 날이 있습니다", "no version held in between")
        } else {
            ("두 방침의 기간이 겹칩니다", "two versions hold at once")
        };
        found.push(Found::new(
            pair[0].line,
            format!("{until}까지인 방침과 {next}부터인 방침: {ko}. 날짜를 확인하십시오."),
            format!("one version ends on {until}, the next begins on {next}: {en}"),
        ));
    }
    found
}

/// Announced after it took effect; changed before it was made.
fn order(look: &Look<'_>) -> Vec<Found> {
    let versions = &look.published.versions;
    let mut found = Vec::new();
    for version in versions {
        let (Some(announced), Some(effective)) = (version.announced, version.effective) else {
            continue;
        };
        if announced > effective {
            found.push(Found::new(
                version.line,
                format!(
                    "시행일({effective})보다 늦게({announced}) 공고하였습니다. 날짜를 확인하십시오."
                ),
                format!(
                    "announced on {announced}, after it took effect on {effective}: check the days"
                ),
            ));
        }
    }
    let made = versions.iter().find_map(|it| Some((it.line, it.enacted?)));
    let Some((line, day)) = made else { return found };
    let earlier = versions.iter().find(|it| it.effective.is_some_and(|at| at < day));
    if let Some(earlier) = earlier {
        found.push(Found::new(
            earlier.line,
            format!("{line}번째 줄의 제정일({day})보다 먼저 시행된 것으로 적혀 있습니다. 날짜를 확인하십시오."),
            format!("it took effect before the policy was made ({day}, line {line}): check the days"),
        ));
    }
    found.extend(changed_when_made(look, line, day));
    found
}

/// One sentence says that it was changed on a day, another that it was made on that very day.
fn changed_when_made(look: &Look<'_>, made: u32, day: time::Date) -> Option<Found> {
    let said = format!("{}년{}월{}일", day.year(), u8::from(day.month()), day.day());
    let line = look.prose().find(|line| {
        look.item(line.number) == Item::Changes
            && ["에변경되었", "에개정되었"]
                .iter()
                .any(|it| line.squeezed.contains(&format!("{said}{it}")))
    })?;
    Some(Found::new(
        line.number,
        format!(
            "{day}에 변경되었다고 하나 {made}번째 줄에서는 그날 제정되었습니다. 제정일과 개정일을 나누어 적으십시오."
        ),
        format!("changed on {day} here, made on that day on line {made}: tell the two days apart"),
    ))
}

fn unreachable(look: &Look<'_>) -> Vec<Found> {
    let mut without = look.published.versions.iter().filter(|it| it.link_is_missing);
    let found = without.next().map(|version| {
        Found::new(
            version.line,
            "이전 방침을 볼 수 있다고 하였으나 주소가 없습니다. 이전 방침의 주소나 파일을 붙이십시오.",
            "earlier versions are said to be shown, without an address: add link or file",
        )
    });
    found.into_iter().collect()
}
