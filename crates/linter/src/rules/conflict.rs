//! Sections that contradict each other: retention, storage, deadlines, the contractor's access.

use std::collections::BTreeSet;

use super::look::{has_any, is_blank};
use crate::{
    Bound, DeadlineOf, Found, HoursKind, Item, Look, Measure, Retention, Role, Rule, Severity,
};

pub(super) const RETENTION: Rule = Rule {
    id: "conflict.retention",
    severity: Severity::Error,
    law: "Dec 25(1)4",
    look: retention,
};
pub(super) const STORAGE: Rule =
    Rule { id: "conflict.storage", severity: Severity::Error, law: "Dec 25(1)4", look: storage };
pub(super) const DEADLINE: Rule =
    Rule { id: "conflict.deadline", severity: Severity::Error, law: "Dec 41(4)", look: deadline };
pub(super) const CONTRACTOR_ACCESS: Rule = Rule {
    id: "conflict.contractor_access",
    severity: Severity::Error,
    law: "Act 26(5), Dec 26(1)",
    look: contractor_access,
};

pub(super) const HOURS: Rule =
    Rule { id: "conflict.hours", severity: Severity::Error, law: "Dec 25(1)4", look: hours };
pub(super) const PROCESSOR: Rule = Rule {
    id: "conflict.processor",
    severity: Severity::Error,
    law: "Act 26(2), Guide 43(1)",
    look: processor,
};
pub(super) const REFERENCE: Rule =
    Rule { id: "conflict.reference", severity: Severity::Error, law: "Act 3(3)", look: reference };

fn retention(look: &Look<'_>) -> Vec<Found> {
    let own: Vec<&Retention> =
        look.published.retention.iter().filter(|it| is_own(look, it)).collect();
    let Some(first) = own.first() else { return Vec::new() };
    let differs = |other: &&&Retention| {
        // Groups may be kept for different times; what names no group has to agree with one of them.
        let comparable: Vec<&&Retention> = own
            .iter()
            .filter(|it| {
                it.line < other.line
                    && (it.group == other.group || it.group.is_none() || other.group.is_none())
            })
            .collect();
        let agrees = |it: &&Retention| it.days == other.days && it.bound == other.bound;
        let is_elsewhere = comparable.iter().any(|it| it.item != other.item || it.group.is_none());
        !comparable.is_empty() && is_elsewhere && !comparable.iter().any(|it| agrees(it))
    };
    let Some(other) = own.iter().find(differs) else { return Vec::new() };
    vec![Found::new(
        other.line,
        format!(
            "보관기간이 {}번째 줄에서는 ‘{}’, 여기서는 ‘{}’입니다. 실제 설정대로 하나로 맞추십시오.",
            first.line, first.text, other.text
        ),
        format!(
            "footage is kept {:?} on line {}, {:?} here: make both what is set",
            first.text, first.line, other.text
        ),
    )]
}

fn is_own(look: &Look<'_>, retention: &Retention) -> bool {
    // What the guideline says is quoted, not promised.
    let line = look.published.source.line(retention.line);
    let is_quoted =
        line.is_some_and(|it| has_any(&it.squeezed, &["지침", "고시", "산정하기", "시행규칙"]));
    let told_in = matches!(
        retention.item,
        Item::Keeping | Item::Destruction | Item::Cameras | Item::Other | Item::Unknown
    );
    // Elsewhere papers and registers have times of their own: there the line has to speak of footage.
    let of_footage = line.is_some_and(|it| {
        has_any(
            &it.squeezed,
            &["촬영일로부터", "영상은", "영상을", "영상의", "보관기간은", "보관기간:"],
        ) && !has_any(&it.squeezed, &["대장", "기록부", "신청서", "청구서", "서류", "출력물"])
    });
    (told_in || of_footage)
        && !is_quoted
        && !retention.is_of_law
        && retention.bound != Bound::AtLeast
}

/// The room in which a place ends: `본관 1층 방재실` is `방재실`.
fn room(text: &str) -> Option<&str> {
    const ENDS: [&str; 6] = ["실", "센터", "데스크", "초소", "창구", "서버"];
    let mut words = text.split(|it: char| it.is_whitespace() || "()[],/".contains(it));
    words.rfind(|word| ENDS.iter().any(|end| word.ends_with(end)) && word.chars().count() >= 2)
}

/// Rooms in which other sections say that footage is kept: `전산실에 보관하며`.
fn rooms_elsewhere(look: &Look<'_>) -> Vec<(u32, String)> {
    let mut rooms = Vec::new();
    for line in look.prose() {
        if !matches!(look.item(line.number), Item::Safety | Item::Destruction | Item::Other) {
            continue;
        }
        if !has_any(&line.squeezed, &["영상", "녹화"]) {
            continue;
        }
        let words: Vec<&str> = line.text.split_whitespace().collect();
        for pair in words.windows(2) {
            let room = pair[0].strip_suffix('에').filter(|it| it.ends_with('실'));
            let kept = ["보관", "저장", "설치하"].iter().any(|it| pair[1].starts_with(it));
            if let (Some(room), true) = (room, kept) {
                rooms.push((line.number, room.to_owned()));
            }
        }
    }
    rooms
}

fn storage(look: &Look<'_>) -> Vec<Found> {
    const PUBLIC: [&str; 5] = ["안내실", "안내데스크", "민원실", "로비", "안내소"];
    let published = look.published;
    let kept = |it: &&crate::PlaceStated| matches!(it.item, Item::Keeping | Item::Cameras);
    let stated: Vec<_> = published.storage.iter().filter(kept).collect();
    let rooms: BTreeSet<&str> = stated.iter().filter_map(|it| room(&it.text)).collect();
    let Some(first) = stated.first() else { return Vec::new() };
    let mut elsewhere = rooms_elsewhere(look);
    for other in published.storage.iter().filter(|it| !kept(it) && it.item != Item::Annex) {
        if let Some(room) = room(&other.text) {
            elsewhere.push((other.line, room.to_owned()));
        }
    }
    let tell = |line: u32, other: &str| {
        vec![Found::new(
            line,
            format!(
                "보관장소가 {}번째 줄에서는 ‘{}’, 여기서는 ‘{other}’입니다. 실제로 둔 곳으로 맞추십시오.",
                first.line, first.text
            ),
            format!(
                "footage is kept in {:?} on line {}, in {other:?} here: name the one place",
                first.text, first.line
            ),
        )]
    };
    let same = |other: &str| rooms.iter().any(|it| it.ends_with(other) || other.ends_with(*it));
    if let Some((line, other)) = elsewhere.iter().find(|(_, other)| !same(other))
        && !rooms.is_empty()
    {
        return tell(*line, other);
    }
    let controlled = published.measures.iter().find(|it| it.value == Measure::ControlledArea);
    match controlled {
        Some(area) if stated.iter().all(|it| has_any(&it.text, &PUBLIC)) => {
            tell(area.line, "통제구역")
        }
        _ => Vec::new(),
    }
}

fn deadline(look: &Look<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for of in [DeadlineOf::Action, DeadlineOf::Refusal] {
        let told = look.published.deadlines.iter().filter(|it| {
            it.of == of && it.days.is_some() && !matches!(it.item, Item::Annex | Item::Changes)
        });
        let told: Vec<_> = told.collect();
        let Some(first) = told.first() else { continue };
        if let Some(other) = told.iter().find(|it| it.days != first.days) {
            let (a, b) = (first.days.unwrap_or(0), other.days.unwrap_or(0));
            found.push(Found::new(
                other.line,
                format!(
                    "처리 기한이 {}번째 줄에서는 {a}일, 여기서는 {b}일입니다. 하나로 맞추십시오.",
                    first.line
                ),
                format!("{a} days on line {}, {b} days here: promise one", first.line),
            ));
        }
    }
    found
}

fn contractor_access(look: &Look<'_>) -> Vec<Found> {
    let processor = &look.published.processor;
    let Some(line) = processor.no_access else { return Vec::new() };
    let listed = look
        .published
        .people
        .iter()
        .find(|it| it.role == Role::Contractor && it.item == Item::People)
        .map(|it| it.line);
    let Some(other) = processor.access.or(listed) else { return Vec::new() };
    vec![Found::new(
        line,
        format!(
            "수탁업체는 영상에 접근할 수 없다면서 {other}번째 줄에서는 접근권한자로 두었습니다. 기기 점검과 영상 열람을 나누어 적으십시오."
        ),
        format!(
            "the contractor cannot reach footage here, but is among those with access on line {other}: tell device and footage apart"
        ),
    )]
}

/// All day in one section, from one hour to another in a second, of the whole institution in both.
fn hours(look: &Look<'_>) -> Vec<Found> {
    let whole: Vec<_> = look.published.hours.iter().filter(|it| it.group.is_none()).collect();
    let item = |line| look.item(line);
    let Some(first) = whole.iter().find(|it| it.kind != HoursKind::Unclear) else {
        return Vec::new();
    };
    let other = whole.iter().find(|it| {
        it.kind != first.kind
            && it.kind != HoursKind::Unclear
            && item(it.line) != item(first.line)
            && !matches!(item(it.line), Item::Viewing | Item::Requests | Item::People | Item::Annex)
    });
    let found = other.map(|other| {
        Found::new(
            other.line,
            format!(
                "촬영시간이 {}번째 줄에서는 ‘{}’, 여기서는 ‘{}’입니다. 실제 시간으로 맞추십시오.",
                first.line, first.text, other.text
            ),
            format!(
                "filmed {:?} on line {}, {:?} here: tell the real hours in both",
                first.text, first.line, other.text
            ),
        )
    });
    found.into_iter().collect()
}

/// Work is given to nobody, and yet a company does it.
fn processor(look: &Look<'_>) -> Vec<Found> {
    let told = &look.published.processor;
    let named = told.companies.iter().find(|it| !is_blank(&it.name) && !it.name.contains('○'));
    let denied = told.says_no.filter(|line| {
        let line = look.published.source.line(*line).map_or("", |it| it.squeezed.as_str());
        has_any(line, &["위탁하지", "위탁하고있지", "위탁은없", "위탁사항없"])
    });
    match (denied, named) {
        (Some(line), Some(company)) => vec![Found::new(
            line,
            format!(
                "위탁하지 않는다고 하면서 {}번째 줄에는 업체(‘{}’)가 있습니다. 사실대로 맞추십시오.",
                company.line, company.name
            ),
            format!(
                "no work is given to others, and yet line {} names {:?}: say what is true",
                company.line, company.name
            ),
        )],
        _ => Vec::new(),
    }
}

/// A reference to an article of this text that it does not have.
fn reference(look: &Look<'_>) -> Vec<Found> {
    const OURS: [&str; 7] =
        ["상기제", "상기(제", "위의제", "본방침제", "이방침제", "본방침의제", "이방침의제"];
    let number = |text: &str| -> Option<u32> {
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    let digits = |text: &str| text.trim_start_matches(|it: char| !it.is_ascii_digit()).to_owned();
    let numbers: Vec<u32> =
        look.published.sections.iter().filter_map(|it| number(&digits(&it.number))).collect();
    let Some(most) = numbers.iter().max().filter(|_| numbers.len() >= 4) else {
        return Vec::new();
    };
    let missing = look.prose().find_map(|line| {
        OURS.iter().find_map(|word| {
            let after = &line.squeezed[line.squeezed.find(word)? + word.len()..];
            let cited = number(after)?;
            let is_article =
                after.trim_start_matches(|it: char| it.is_ascii_digit()).starts_with('조');
            (is_article && cited > *most).then_some((line.number, cited))
        })
    });
    let found = missing.map(|(line, cited)| {
        Found::new(
            line,
            format!("제{cited}조를 가리키지만 이 방침에는 제{most}조까지만 있습니다. 맞는 조문으로 고치십시오."),
            format!("article {cited} is cited, this text has {most}: name the right one"),
        )
    });
    found.into_iter().collect()
}
