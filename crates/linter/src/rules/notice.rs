//! The notice that is promised before a change, and the days on which it was given.

use law::korean_holidays;
use time::{Date, Weekday};

use crate::{Found, Look, Rule, Severity};

pub(super) const BROKEN: Rule =
    Rule { id: "notice.broken", severity: Severity::Error, law: "Guide 36(1)", look: broken };
pub(super) const HOLIDAY: Rule =
    Rule { id: "notice.holiday", severity: Severity::Error, law: "Guide 36(1)", look: on_holiday };

fn broken(look: &Look<'_>) -> Vec<Found> {
    let promised = look.published.notice_days.as_ref().filter(|it| it.value > 0);
    let Some(promised) = promised else { return Vec::new() };
    let mut short = Vec::new();
    let mut dated = 0;
    for version in &look.published.versions {
        let (Some(announced), Some(effective)) = (version.announced, version.effective) else {
            continue;
        };
        dated += 1;
        let given = (effective - announced).whole_days();
        if given < i64::from(promised.value) {
            short.push((version.line, effective, given));
        }
    }
    let Some((line, ..)) = short.first() else { return Vec::new() };
    let each: Vec<String> =
        short.iter().map(|(_, day, given)| format!("{day} ({given}일)")).collect();
    let each_en: Vec<String> =
        short.iter().map(|(_, day, given)| format!("{day} ({given})")).collect();
    vec![Found::new(
        *line,
        format!(
            "시행 {}일 전에 알린다고 약속하였으나 {dated}번 가운데 {}번 지키지 않았습니다: {}. 다음부터는 기간을 두고 공고하십시오.",
            promised.value,
            short.len(),
            each.join(", ")
        ),
        format!(
            "{} days of notice are promised and were not given in {} of {dated} changes: {}",
            promised.value,
            short.len(),
            each_en.join(", ")
        ),
    )]
}

/// What day it is, if offices are closed on it: Korean and English.
fn closed(day: Date) -> Option<(String, String)> {
    let calendar = korean_holidays();
    if let Some(holiday) = calendar.on(day).and_then(<[_]>::first) {
        return Some((holiday.ko.clone(), holiday.en.clone()));
    }
    let (ko, en) = match day.weekday() {
        Weekday::Saturday => ("토요일", "a Saturday"),
        Weekday::Sunday => ("일요일", "a Sunday"),
        _ => return None,
    };
    Some((ko.to_owned(), en.to_owned()))
}

/// Offices publish on working days: an announcement on another day was not made on that day.
fn on_holiday(look: &Look<'_>) -> Vec<Found> {
    let days = look.published.versions.iter().filter_map(|it| Some((it.line, it.announced?)));
    let found = days.filter_map(|(line, day)| {
        let (ko, en) = closed(day)?;
        Some(Found::new(
            line,
            format!("공고일 {day}은 쉬는 날({ko})입니다. 실제로 게시한 날을 확인하여 적으십시오."),
            format!("announced on {day}, {en}: check the day on which it was really posted"),
        ))
    });
    found.collect()
}
