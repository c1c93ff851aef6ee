//! Hours, retention, places of storage and viewing, safeguards.

use super::labels::{Labelled, outside_brackets};
use super::squeezed;
use crate::scan::{Period, Span, lone_number, numbers, periods};
use crate::{
    At, Bound, ColumnKind, HoursKind, HoursStated, Item, Measure, PlaceStated, Published, Retention,
};

/// Hours of filming.
pub(super) fn hours(published: &Published, labels: &[Labelled]) -> Vec<HoursStated> {
    let mut found: Vec<HoursStated> = labels
        .iter()
        .filter(|it| it.kind == ColumnKind::Hours && is_said(&it.value))
        .flat_map(hours_of_label)
        .collect();
    if found.is_empty() {
        found.extend(hours_of_prose(published));
    }
    found
}

/// One value, or several where its parts differ: `본관 24시간, 별관 09:00~18:00`.
fn hours_of_label(label: &Labelled) -> Vec<HoursStated> {
    let made = |text: &str, kind: HoursKind| HoursStated {
        line: label.line,
        text: text.trim().to_owned(),
        kind,
        group: label.group.clone(),
    };
    let parts = outside_brackets(&label.value, &[',', '/', ';']);
    let kinds: Vec<(&str, HoursKind)> = parts.iter().map(|it| (*it, hours_kind(it))).collect();
    let has = |kind: HoursKind| kinds.iter().any(|it| it.1 == kind);
    if has(HoursKind::AllDay) && has(HoursKind::Schedule) {
        kinds.into_iter().map(|(text, kind)| made(text, kind)).collect()
    } else {
        vec![made(&label.value, hours_kind(&label.value))]
    }
}

fn hours_of_prose(published: &Published) -> Vec<HoursStated> {
    let about = published.sections.iter().filter(|it| it.is(Item::Keeping) || it.is(Item::Cameras));
    let lines = about.flat_map(|it| published.source.between(it.first, it.last));
    lines
        .filter(|line| {
            let films =
                ["촬영", "녹화", "운영", "가동"].iter().any(|it| line.squeezed.contains(it));
            films
                && !line.squeezed.contains("○○")
                && line.squeezed.contains("24시간")
                && !published.is_in_table(line.number)
        })
        .map(|line| HoursStated {
            line: line.number,
            text: line.text.trim().to_owned(),
            kind: HoursKind::AllDay,
            group: None,
        })
        .take(1)
        .collect()
}

fn hours_kind(value: &str) -> HoursKind {
    let bare = squeezed(value);
    let all_day = [
        "24시간",
        "24시",
        "상시",
        "연중",
        "365일",
        "종일",
        "항시",
        "24H",
        "24h",
        "00:00~24:00",
        "0시~24시",
    ];
    let is_range = bare.contains('~') && bare.chars().any(|it| it.is_ascii_digit());
    let all = all_day.iter().any(|it| bare.contains(it));
    let to_midnight =
        bare.ends_with("~24시") && !bare.starts_with("0시") && !bare.starts_with("00시");
    if all && (!to_midnight || bare.contains("24시간")) {
        HoursKind::AllDay
    } else if is_range || bare == "24" {
        if bare == "24" { HoursKind::AllDay } else { HoursKind::Schedule }
    } else {
        HoursKind::Unclear
    }
}

/// Something stands there, and not a dash.
pub(super) fn is_said(value: &str) -> bool {
    let bare = squeezed(value);
    !bare.is_empty() && bare.chars().any(|it| it.is_alphanumeric() || it == '○')
}

/// How long footage is kept, every mention.
pub(super) fn retention(published: &Published, labels: &[Labelled]) -> Vec<Retention> {
    let mut found: Vec<Retention> = Vec::new();
    for label in labels.iter().filter(|it| it.kind == ColumnKind::Retention && is_said(&it.value)) {
        let value = squeezed(&label.value);
        let made = |days, in_months, bound| Retention {
            line: label.line,
            item: label.item,
            text: label.value.clone(),
            days,
            bound,
            in_months,
            group: label.group.clone(),
            is_of_law: false,
        };
        let all = periods(&value);
        let Some(period) = kept_for(&value) else {
            // A bare number under the heading: `30`.
            let days = lone_number(&value).filter(|it| (1..=3650).contains(it));
            found.extend(days.map(|days| made(days, false, Bound::Exactly)));
            continue;
        };
        let days = period.value.days;
        // `00일` of the template.
        if days == 0 {
            continue;
        }
        found.push(made(days, period.value.in_months, bound(&value, period.start, period.end)));
        // `카메라 : 30일, 영상촬영장치 : 180일`: each part with its label.
        for part in value.split(',').skip(1).filter(|it| it.contains(':') && !is_of_papers(it)) {
            let other = kept_for(part).filter(|it| it.value.days > 1);
            found.extend(
                other.map(|it| {
                    made(it.value.days, it.value.in_months, bound(part, it.start, it.end))
                }),
            );
        }
        // `30일 (단, 주정차 단속은 60일)`: what is excepted is kept as long as it says.
        let but = ["단,", "다만"].iter().filter_map(|it| value.find(it)).min();
        let excepted = all.iter().skip(1).find(|it| but.is_some_and(|but| it.start > but));
        found
            .extend(excepted.map(|it| {
                made(it.value.days, it.value.in_months, bound(&value, it.start, it.end))
            }));
    }
    for section in &published.sections {
        found.extend(retention_of_prose(published, section, &found));
    }
    found.sort_by_key(|it| it.line);
    found
}

/// Requests and registers have periods of their own.
fn is_of_papers(text: &str) -> bool {
    ["청구서", "대장", "기록", "서류", "신청서"].iter().any(|it| text.contains(it))
}

/// The period of a value; `촬영일로부터 30` has lost its last letter, `24시간` is when is filmed.
fn kept_for(value: &str) -> Option<Span<Period>> {
    let all = periods(value);
    let at = all.iter().position(|it| !value[it.start..].starts_with("24시간"));
    // `20일 ~ 30일`: the longer of both.
    let found = at.map(|at| match all.get(at + 1) {
        Some(last) if &value[all[at].end..last.start] == "~" => *last,
        _ => all[at],
    });
    found.or_else(|| {
        let number = numbers(value).last().copied().filter(|it| it.end == value.len())?;
        let is_days = value[..number.start].ends_with("부터") && number.value > 1;
        let period = Period { days: number.value, in_months: false };
        is_days.then_some(Span { start: number.start, end: number.end, value: period })
    })
}

fn retention_of_prose(
    published: &Published,
    section: &crate::Section,
    labelled: &[Retention],
) -> Vec<Retention> {
    let mut found = Vec::new();
    if matches!(section.item, Item::Annex | Item::Changes) {
        return found;
    }
    for line in published.source.between(section.first, section.last) {
        let taken = labelled.iter().any(|it| it.line == line.number);
        if published.is_in_table(line.number) || taken {
            continue;
        }
        for period in periods(&line.squeezed) {
            let text = &line.squeezed;
            let before = last_letters(&text[..period.start], 28);
            let after = first_letters(&text[period.end..], 16);
            if !is_keeping(before, after) || text[period.start..].starts_with("24시간") {
                continue;
            }
            let is_of_law = ["법」", "법률", "보호법", "주차장법", "시행규칙", "시행령", "지침"]
                .iter()
                .any(|it| before.contains(it));
            found.push(Retention {
                line: line.number,
                item: section.item,
                text: line.text.trim().chars().take(80).collect(),
                days: period.value.days,
                bound: bound(text, period.start, period.end),
                in_months: period.value.in_months,
                group: None,
                is_of_law,
            });
        }
    }
    found
}

/// Whether the words around a period speak of keeping footage.
fn is_keeping(before: &str, after: &str) -> bool {
    let keeps =
        ["보관", "보유", "보존", "저장", "촬영일", "촬영후", "녹화후", "수집후", "촬영한날"];
    let before = before.replace("정보관", "정보");
    let is_before = keeps.iter().any(|it| before.contains(it));
    let is_after = ["보관", "보유", "보존", "저장", "간보관", "경과", "후삭제", "후자동"]
        .iter()
        .any(|it| after.find(it).is_some_and(|at| after[..at].chars().count() <= 8));
    let other = [
        "통지",
        "공고",
        "공지",
        "서면",
        "조치",
        "거부",
        "예고",
        "접속기록",
        "대장",
        "로그",
        "권한",
        "교육",
        "점검",
        "신청",
        "청구",
        "게시",
        "제출",
        "동의서",
        "계약",
        "영업일",
        "근무일",
    ];
    let is_other = other.iter().any(|it| before.contains(it) || after.contains(it));
    let is_case =
        after.starts_with("이상인경우") || after.starts_with("을초과") || after.starts_with("초과");
    (is_before || is_after) && !is_other && !is_case
}

fn bound(text: &str, start: usize, end: usize) -> Bound {
    let before = last_letters(&text[..start], 4);
    let after = first_letters(&text[end..], 6);
    let after = after.trim_start_matches(['간', '(', '의', '동', '안']);
    if ["이내", "이하", "까지", "미만", "내"].iter().any(|it| after.starts_with(it))
        || before.contains("최대")
    {
        Bound::AtMost
    } else if after.starts_with("이상") || before.contains("최소") {
        Bound::AtLeast
    } else {
        Bound::Exactly
    }
}

/// The last so many letters.
pub(super) fn last_letters(text: &str, count: usize) -> &str {
    let from = text.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at);
    &text[from..]
}

/// The first so many letters.
pub(crate) fn first_letters(text: &str, count: usize) -> &str {
    let to = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    &text[..to]
}

/// Places of a kind: of storage or of viewing.
pub(super) fn places(labels: &[Labelled], kind: ColumnKind) -> Vec<PlaceStated> {
    let mut found = Vec::new();
    for label in labels.iter().filter(|it| it.kind == kind && is_said(&it.value)) {
        if label.item == Item::Annex {
            continue;
        }
        for part in outside_brackets(&label.value, &[',', '/', ';']) {
            let text = without_remark(part.trim().trim_end_matches('.').trim());
            let ends =
                ["에 저장", "에 보관", " 저장", " 보관", " 내 NVR", " 내 DVR", " NVR", " DVR"];
            let text =
                ends.iter().fold(text, |text, end| text.strip_suffix(end).unwrap_or(text).trim());
            // `000실` of the template.
            let is_blank = text.starts_with("00");
            if is_said(text) && text.chars().count() <= 80 && !is_blank {
                found.push(PlaceStated {
                    line: label.line,
                    item: label.item,
                    text: text.to_owned(),
                    group: label.group.clone(),
                });
            }
        }
    }
    found
}

/// A place without the remark behind it: `방송실(잠금장치 설치)`.
fn without_remark(place: &str) -> &str {
    let open = place.rfind('(').filter(|at| *at > 0 && place.ends_with(')'));
    let is_remark =
        |at: usize| ["장치", "설치", "구역", "통제"].iter().any(|it| place[at..].contains(it));
    open.filter(|at| is_remark(*at)).map_or(place, |at| place[..at].trim())
}

/// Where sentences say that footage is kept: `30일간 통합관제센터 서버실에 보관한다`.
pub(super) fn storage_of_prose(published: &Published) -> Vec<PlaceStated> {
    const KEEPS: [&str; 6] =
        ["에 보관", "에서 보관", "에 저장", "에 보존", "에서 저장", "에 안전하게 보관"];
    const PLACES: [&str; 12] =
        ["실", "센터", "소", "층", "과", "팀", "관", "청", "데스크", "국", "부", "동"];
    let mut found = Vec::new();
    for section in
        published.sections.iter().filter(|it| !matches!(it.item, Item::Annex | Item::Safety))
    {
        for line in published.source.between(section.first, section.last) {
            let at = KEEPS.iter().filter_map(|it| line.text.find(it)).min();
            let Some(at) = at.filter(|_| !published.is_in_table(line.number)) else { continue };
            let head = &line.text[..at];
            let from = ["은 ", "는 ", "간 ", "부터 ", ", ", "을 ", "를 ", "여 ", "동안 ", ") "]
                .iter()
                .filter_map(|it| head.rfind(it).map(|at| at + it.len()))
                .max()
                .unwrap_or(0);
            let place = head[from..].trim();
            let is_place =
                PLACES.iter().any(|it| place.ends_with(it)) && place.chars().count() <= 40;
            if is_place && is_said(place) {
                found.push(PlaceStated {
                    line: line.number,
                    item: section.item,
                    text: place.to_owned(),
                    group: None,
                });
            }
        }
    }
    found
}

/// `삭제 방법 파일 삭제 보관장소 전산실`: the label stands in the middle of a line, its value ends it.
pub(super) fn storage_in_line(published: &Published) -> Vec<PlaceStated> {
    const LABELS: [&str; 3] = ["보관장소", "보관 장소", "저장장소"];
    let mut found = Vec::new();
    for line in &published.source.lines {
        let at = LABELS.iter().find_map(|it| line.text.rfind(it).map(|at| at + it.len()));
        let Some(place) = at.map(|at| line.text[at..].trim_start_matches([' ', ':'])) else {
            continue;
        };
        let count = place.chars().count();
        let is_title = ["및", "등", "·", ",", "은 ", "는 ", "에 ", "와 ", "의 "];
        if published.is_in_table(line.number)
            || !(2..=24).contains(&count)
            || place.contains(['.', ':'])
            || is_title.iter().any(|it| place.starts_with(it))
            || !is_said(place)
            || crate::table::kind_of(place) != ColumnKind::Other
        {
            continue;
        }
        let item = published.section_of(line.number).map_or(Item::Preamble, |it| it.item);
        if item != Item::Annex {
            let text = place.trim().to_owned();
            found.push(PlaceStated { line: line.number, item, text, group: None });
        }
    }
    found
}

/// Safeguards, by their words.
pub(super) fn measures(published: &Published) -> Vec<At<Measure>> {
    const WORDS: &[(&str, Measure)] = &[
        ("내부관리계획", Measure::Plan),
        ("접근통제", Measure::GradedAccess),
        ("접근권한", Measure::GradedAccess),
        ("접근을통제", Measure::GradedAccess),
        ("접근제한", Measure::GradedAccess),
        ("암호화", Measure::Encryption),
        ("저장·전송", Measure::SafeTransfer),
        ("저장및전송", Measure::SafeTransfer),
        ("비밀번호", Measure::Password),
        ("패스워드", Measure::Password),
        ("위·변조", Measure::ViewingRecords),
        ("위조·변조", Measure::ViewingRecords),
        ("위조및변조", Measure::ViewingRecords),
        ("위변조", Measure::ViewingRecords),
        ("생성일시", Measure::ViewingRecords),
        ("특정컴퓨터", Measure::CertainComputers),
        ("전용컴퓨터", Measure::CertainComputers),
        ("잠금", Measure::Locks),
        ("시건", Measure::Locks),
        ("출입통제", Measure::Locks),
        ("보관시설", Measure::Facility),
        ("통제구역", Measure::ControlledArea),
        ("제한구역", Measure::ControlledArea),
        ("교육", Measure::Supervision),
        ("관리·감독", Measure::Supervision),
        ("감독하", Measure::Supervision),
        ("보안프로그램", Measure::Software),
        ("방화벽", Measure::Software),
        ("백신", Measure::Software),
    ];
    let mut found: Vec<At<Measure>> = Vec::new();
    for section in published.sections.iter().filter(|it| it.item != Item::Annex) {
        let is_safety = section.is(Item::Safety);
        let text = published.squeezed(section);
        for (word, measure) in WORDS {
            let anywhere = matches!(measure, Measure::ControlledArea | Measure::Encryption);
            let of_processor = *measure == Measure::Supervision
                && matches!(section.item, Item::Processor | Item::Other);
            let line = text.find(word).filter(|_| is_safety || anywhere || of_processor);
            if let Some(line) =
                line.filter(|line| found.iter().all(|it| (it.line, it.value) != (*line, *measure)))
            {
                found.push(At { line, value: *measure });
            }
        }
    }
    found.sort();
    found
}
