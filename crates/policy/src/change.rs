//! What a new version promises less than the one before: that takes a second person.

use crate::{Description, Hours, Unit};

/// Something that is promised less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosening {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// Hours that cannot be read are none, and block.
fn minutes_a_week(hours: &str) -> i64 {
    const WEEK_US: i64 = 7 * 86_400_000_000;
    let parts = Hours::read(hours).map(|hours| hours.within((0, WEEK_US))).unwrap_or_default();
    parts.iter().map(|(from, to)| (to - from) / 60_000_000).sum()
}

/// Days that any footage of a unit is kept at most.
fn kept_days(described: &Description, unit: &Unit) -> u16 {
    let spots = described.spots.iter().filter(|spot| spot.unit == unit.id);
    spots.map(|spot| described.retention_days(spot)).max().unwrap_or(unit.retention_days)
}

/// Whatever `new` promises less than `old`: longer keeping, more who may look, fewer measures, later
/// answers, shorter notice, a purpose or a camera more.
#[must_use]
pub fn loosenings(old: &Description, new: &Description) -> Vec<Loosening> {
    let mut found = Vec::new();
    let mut tell = |ko: String, en: String| found.push(Loosening { ko, en });
    for unit in &new.units {
        // Of units that were merged the one that kept its footage for the shortest time is the measure.
        let before = old.units_before(unit).map(|before| kept_days(old, before)).min();
        let after = kept_days(new, unit);
        if let Some(before) = before.filter(|before| *before < after) {
            tell(
                format!("{}의 보관기간이 {before}일에서 {after}일로 길어집니다.", unit.name),
                format!("{}: kept for {after} days instead of {before}", unit.name),
            );
        }
    }
    for unit in &new.units {
        let before = old.units_before(unit).map(|before| minutes_a_week(&before.hours)).min();
        if before.is_some_and(|before| before < minutes_a_week(&unit.hours)) {
            tell(
                format!("{}의 촬영시간이 늘어납니다.", unit.name),
                format!("{}: filmed for more of the week", unit.name),
            );
        }
    }
    let (before, after) = (old.posts.len(), new.posts.len());
    if before < after {
        tell(
            format!("영상을 볼 수 있는 자리가 {before}곳에서 {after}곳으로 늘어납니다."),
            format!("{after} posts may look instead of {before}"),
        );
    }
    let still = |measure: &&crate::Measure| !new.safety.measures.contains(measure);
    for measure in old.safety.measures.iter().filter(still) {
        tell(
            format!("안전 조치 하나가 빠집니다: {measure:?}"),
            format!("a measure is taken out: {measure:?}"),
        );
    }
    for purpose in new.purposes.iter().filter(|new| old.purposes.iter().all(|it| it.id != new.id)) {
        tell(
            format!("목적이 늘어납니다: {}", purpose.text),
            format!("another purpose: {}", purpose.text),
        );
    }
    if old.cameras() < new.cameras() {
        let (before, after) = (old.cameras(), new.cameras());
        tell(
            format!("카메라가 {before}대에서 {after}대로 늘어납니다."),
            format!("{after} cameras instead of {before}"),
        );
    }
    if old.requests.answer_days < new.requests.answer_days
        || old.requests.refusal_days < new.requests.refusal_days
        || (old.requests.without_delay && !new.requests.without_delay)
        || (old.requests.urgent_interest && !new.requests.urgent_interest)
    {
        tell("열람 요구에 대한 약속이 줄어듭니다.".into(), "less is promised to who asks".into());
    }
    if new.notice.days < old.notice.days {
        tell("예고 기간이 짧아집니다.".into(), "changes are announced later".into());
    }
    found
}
