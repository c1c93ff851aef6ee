//! How long footage is kept, against what the law asks.

use law::Unit;

use super::look::has_any;
use crate::{Bound, Found, Item, Look, Retention, Rule, Severity};

pub(super) const MINIMUM: Rule = Rule {
    id: "retention.minimum",
    severity: Severity::Error,
    law: "주차장법 시행규칙 6(1)11, 영유아보육법 15의4(3), Guide 41(1)",
    look: minimum,
};
/// The same as [`MINIMUM`], short by a day or two of the longest month.
pub(super) const MONTH: Rule = Rule {
    id: "retention.minimum",
    severity: Severity::Warning,
    law: "주차장법 시행규칙 6(1)11, Guide 41(1)",
    look: month,
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

fn own<'p>(look: &Look<'p>) -> impl Iterator<Item = &'p Retention> {
    look.published
        .retention
        .iter()
        .filter(|it| !it.is_of_law && !matches!(it.item, Item::Safety | Item::Annex))
}

/// A statute that asks for footage to be kept: the rule of the pack, its name, the word of what it is about.
const STATUTES: [(&str, &str, &str); 4] = [
    ("retention-parking-minimum", "주차장법", "주차"),
    ("retention-childcare-minimum", "영유아보육법", "어린이집"),
    ("retention-long-term-care-minimum", "노인장기요양보험법", "요양"),
    ("retention-apartments-minimum", "공동주택관리법", "공동주택"),
];

/// Days of the shortest month.
const SHORT_MONTH_DAYS: u32 = 28;

/// A statute's minimum against the maximum that is promised.
fn minimum(look: &Look<'_>) -> Vec<Found> {
    STATUTES.iter().filter_map(|statute| below(look, *statute, false)).collect()
}

/// Thirty days where a month is asked for: too short in seven months of twelve.
fn month(look: &Look<'_>) -> Vec<Found> {
    STATUTES.iter().filter_map(|statute| below(look, *statute, true)).collect()
}

fn below(
    look: &Look<'_>,
    (rule, statute, word): (&str, &str, &str),
    by_a_day: bool,
) -> Option<Found> {
    let amount = look.law.rule(rule)?.amount?;
    let value = u32::try_from(amount.value).ok()?;
    // A month is as long as the longest: a fixed number of days has to cover it.
    let least = if amount.unit == Unit::Months { value * MONTH_DAYS } else { value };
    let line = named(look, statute, word)?;
    // Of several times that of the place itself counts, if it is told apart.
    let told = || own(look).filter(|it| it.bound != Bound::AtLeast && !it.in_months);
    let of_place = told().filter(|it| it.group.as_ref().is_some_and(|it| it.contains(word)));
    let of_all = || told().filter(|it| it.item == Item::Keeping).map(|it| it.days).max();
    let days = of_place
        .map(|it| it.days)
        .max()
        .or_else(of_all)
        .or_else(|| told().map(|it| it.days).max())?;
    if by_a_day && is_hint(look, line) && !has_car_park(look) {
        return None;
    }
    let is_month = amount.unit == Unit::Months && days >= SHORT_MONTH_DAYS;
    (days < least && is_month == by_a_day).then(|| {
        Found::new(
            line,
            format!("「{statute}」에 따라 {least}일 이상 보관하여야 하는 영상({word})을 {days}일만 보관합니다. 그 영상만 따로 정하십시오."),
            format!("a statute ({statute}) asks for {least} days at least, {days} are promised: set that footage apart"),
        )
    })
}

/// The template tells when the statute may be named; nobody claims it by that.
fn is_hint(look: &Look<'_>, line: u32) -> bool {
    let line = look.published.source.line(line);
    line.is_some_and(|it| has_any(&it.squeezed, &["초과하는규모의경우", "운영가능"]))
}

/// A car park stands in the list by itself.
fn has_car_park(look: &Look<'_>) -> bool {
    let mut rows = look.published.cameras.rows.iter();
    rows.any(|row| row.place.trim().ends_with("주차장") && !row.place.contains(','))
}

/// Where the statute is cited, or cameras hang in the rooms that it is about.
fn named(look: &Look<'_>, statute: &str, word: &str) -> Option<u32> {
    let cited = look.published.citations.iter().find(|it| it.law.contains(statute));
    let rooms = look.published.cameras.rows.iter().find(|row| {
        let is_there =
            row.place.contains(word) || row.group.as_ref().is_some_and(|it| it.contains(word));
        is_there && has_any(&row.place, &["보육실", "공동거실"])
    });
    cited.map(|it| it.line).or_else(|| rooms.map(|it| it.line))
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
