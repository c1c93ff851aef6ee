//! What a new version promises less than the one before: that takes a second person.

use crate::{Description, Hours, Spot, Unit};

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

/// The lines that a line was before. Where nobody says what it was, all that are gone may have been it:
/// otherwise another word would promise less with nobody's leave.
fn lines_before<'o>(old: &'o Description, new: &Description, line: &Spot) -> Vec<&'o Spot> {
    let known = old.lines_before(line);
    if !known.is_empty() {
        return known;
    }
    let is_gone = |it: &&Spot| {
        new.spots.iter().all(|spot| spot.id != it.id && !spot.formerly.contains(&it.id))
    };
    old.spots.iter().filter(is_gone).collect()
}

/// Before and after, of the lines of a unit of which a number grew: the least and the most. Of lines that
/// were merged the least is the measure.
fn grown<T: Ord + Copy>(
    (old, new): (&Description, &Description),
    unit: &Unit,
    number: impl Fn(&Description, &Spot) -> T,
) -> Option<(T, T)> {
    let lines = new.spots.iter().filter(|line| line.unit == unit.id);
    let grown = lines.filter_map(|line| {
        let before = lines_before(old, new, line).into_iter().map(|it| number(old, it)).min()?;
        let after = number(new, line);
        (before < after).then_some((before, after))
    });
    grown.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Whatever `new` promises less than `old`: longer keeping, more who may look, fewer measures, later
/// answers, shorter notice, a purpose or a camera more.
#[must_use]
pub fn loosenings(old: &Description, new: &Description) -> Vec<Loosening> {
    let mut found = Vec::new();
    let mut tell = |ko: String, en: String| found.push(Loosening { ko, en });
    let hours = |described: &Description, line: &Spot| {
        described.unit(&line.unit).map_or(0, |unit| minutes_a_week(&unit.hours))
    };
    for unit in &new.units {
        if let Some((before, after)) = grown((old, new), unit, Description::retention_days) {
            tell(
                format!("{}의 보관기간이 {before}일에서 {after}일로 길어집니다.", unit.name),
                format!("{}: kept for {after} days instead of {before}", unit.name),
            );
        }
        if grown((old, new), unit, hours).is_some() {
            tell(
                format!("{}의 촬영시간이 늘어납니다.", unit.name),
                format!("{}: filmed for more of the week", unit.name),
            );
        }
    }
    let people = |it: &Description| {
        it.posts.iter().map(|post| 1 + usize::from(post.deputies)).sum::<usize>()
    };
    let (before, after) = (people(old), people(new));
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
