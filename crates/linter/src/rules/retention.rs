//! How long footage is kept, against what the law asks.

use super::look::has_any;
use crate::{Bound, Found, Item, Look, Retention, Rule, Severity};

pub(super) const MINIMUM: Rule = Rule {
    id: "retention.minimum",
    severity: Severity::Error,
    law: "주차장법 시행규칙 6(1), 영유아보육법 15-5, Guide 41(1)",
    look: minimum,
};
pub(super) const LONG: Rule =
    Rule { id: "retention.long", severity: Severity::Warning, law: "Guide 41(2)", look: long };
pub(super) const BOUND_ONLY: Rule = Rule {
    id: "retention.bound_only",
    severity: Severity::Warning,
    law: "Dec 25(1)4",
    look: bound_only,
};

/// Days of the longest month.
const MONTH_DAYS: u32 = 31;
/// Days that a nursery keeps footage at least (영유아보육법 15-5).
const NURSERY_DAYS: u32 = 60;

fn own<'p>(look: &Look<'p>) -> impl Iterator<Item = &'p Retention> {
    look.published
        .retention
        .iter()
        .filter(|it| !it.is_of_law && !matches!(it.item, Item::Safety | Item::Annex))
}

/// A statute's minimum against the maximum that is promised.
fn minimum(look: &Look<'_>) -> Vec<Found> {
    let cited = |law: &str| look.published.citations.iter().find(|it| it.law.contains(law));
    let most = own(look).filter(|it| it.bound != Bound::AtLeast && !it.in_months).map(|it| it.days);
    let Some(most) = most.max() else { return Vec::new() };
    // Of several times that of the car park counts, if it is told apart.
    let of_parking = own(look).filter(|it| it.group.as_ref().is_some_and(|it| it.contains("주차")));
    let parking_days = of_parking.map(|it| it.days).max().unwrap_or_else(|| {
        own(look).filter(|it| it.item == Item::Keeping).map(|it| it.days).max().unwrap_or(most)
    });
    let mut found = Vec::new();
    if let Some(statute) = cited("주차장법")
        && parking_days < MONTH_DAYS
    {
        found.push(Found::new(
            statute.line,
            format!("주차장법 시행규칙을 근거로 든 주차장의 영상은 한 달(31일) 이상 보관하여야 하는데 {parking_days}일입니다. 주차장만 따로 정하십시오."),
            format!("the car park's footage has to be kept for a month (31 days), not {parking_days}: set it apart"),
        ));
    }
    let nursery = look.published.cameras.rows.iter().find(|row| {
        row.place.contains("어린이집")
            || row.group.as_ref().is_some_and(|it| it.contains("어린이집"))
    });
    if let Some(row) = nursery
        && most < NURSERY_DAYS
        && row.place.contains("보육실")
    {
        found.push(Found::new(
            row.line,
            format!(
                "어린이집의 영상은 60일 이상 보관하여야 하는데 {most}일입니다. 따로 정하십시오."
            ),
            format!("a nursery keeps footage for 60 days at least, not {most}: set it apart"),
        ));
    }
    found
}

fn long(look: &Look<'_>) -> Vec<Found> {
    let limit = look.law.rule("retention-default-maximum").and_then(|it| it.amount);
    let limit = limit.map_or(30, |it| u32::try_from(it.value).unwrap_or(30));
    let over = own(look).find(|it| {
        let line = look.published.source.line(it.line).map_or("", |line| line.squeezed.as_str());
        // A statute or a reason on the same line is what the guideline asks for.
        let has_reason =
            has_any(line, &["법」", "법제", "규칙", "조례", "사유:", "따라", "위하여"]);
        it.days > limit.max(MONTH_DAYS) && it.bound != Bound::AtLeast && !has_reason
    });
    let found = over.map(|it| {
        Found::new(
            it.line,
            format!("{}일은 지침의 30일보다 깁니다. 까닭을 적거나 줄이십시오.", it.days),
            format!(
                "{} days are more than the 30 of the guideline: give the reason, or shorten it",
                it.days
            ),
        )
    });
    found.into_iter().collect()
}

fn bound_only(look: &Look<'_>) -> Vec<Found> {
    let told: Vec<&Retention> = own(look).collect();
    match told.first() {
        Some(first) if told.iter().all(|it| it.bound == Bound::AtMost) => vec![Found::new(
            first.line,
            format!(
                "‘{}’은 한도일 뿐 실제 보관기간이 아닙니다. 설정된 기간을 적으십시오.",
                first.text
            ),
            format!(
                "{:?} is a bound and no period: say how long footage is really kept",
                first.text
            ),
        )],
        _ => Vec::new(),
    }
}
