//! On what cameras rest, and where they may not hang.

use super::look::has_any;
use crate::{CameraRow, Found, Item, Look, Rule, Severity};

pub(super) const NONOPEN: Rule = Rule {
    id: "ground.nonopen",
    severity: Severity::Warning,
    law: "Act 15(1), 25(1)",
    look: nonopen,
};
pub(super) const RESTATED: Rule = Rule {
    id: "ground.restated",
    severity: Severity::Warning,
    law: "Dec 25(1)1, Act 25(1)",
    look: restated,
};
pub(super) const UNSPECIFIED: Rule = Rule {
    id: "ground.unspecified",
    severity: Severity::Error,
    law: "Act 25(1)1",
    look: unspecified,
};
pub(super) const FORBIDDEN: Rule =
    Rule { id: "place.forbidden", severity: Severity::Error, law: "Act 25(2)", look: forbidden };

/// What stands before a room does not film it.
const BEFORE: [&str; 15] = [
    "벽면", "쪽", "방향", "우측", "좌측", "앞", "입구", "출입", "외부", "주변", "복도", "통로",
    "방면", "진입", "옆",
];

/// What is filmed: the range, and the place where the range says nothing of its own.
fn words_of(row: &CameraRow) -> String {
    const SAYS_NOTHING: [&str; 8] =
        ["내부", "실내", "전체", "내부전체", "전역", "건물내부", "실내전체", "상동"];
    let plain = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
    let range = row.range.as_deref().map(plain).unwrap_or_default();
    if range.chars().count() >= 2 && !SAYS_NOTHING.contains(&range.as_str()) {
        return range;
    }
    format!("{}{range}", plain(&row.place))
}

/// Whether a room is named and not merely what stands before it.
fn films(words: &str, room: &str) -> bool {
    words.match_indices(room).any(|(at, _)| {
        let after: String = words[at + room.len()..].chars().take(6).collect();
        !BEFORE.iter().any(|it| after.trim_start_matches(['(', '문', ',']).starts_with(it))
    })
}

fn nonopen(look: &Look<'_>) -> Vec<Found> {
    const ROOMS: [&str; 35] = [
        "사무공간",
        "사무처",
        "상담실",
        "진료실",
        "치료실",
        "사무실",
        "문서고",
        "서고",
        "기록관",
        "전산실",
        "서버실",
        "통신실",
        "기계실",
        "전기실",
        "연구실",
        "실험실",
        "간호사실",
        "약제실",
        "수장고",
        "숙직실",
        "당직실",
        "회의실",
        "조사실",
        "휴게실",
        "교무실",
        "통제구역",
        "제한구역",
        "탕비실",
        "수술실",
        "회복실",
        "격리실",
        "무균실",
        "중환자실",
        "마취준비실",
        "분만실",
    ];
    const KNOWS: [&str; 8] = [
        "제15조",
        "비공개장소",
        "비공개된장소",
        "공개되지아니한",
        "공개되지않은",
        "비공개구역",
        "동의를받",
        "동의를얻",
    ];
    let rows = &look.published.cameras.rows;
    let inside: Vec<&CameraRow> = rows
        .iter()
        .filter(|row| {
            let words = words_of(row);
            ROOMS.iter().any(|room| films(&words, room)) && !words.contains("관리사무실")
        })
        .collect();
    let whole = look.whole();
    let Some(first) = inside.first() else { return Vec::new() };
    if KNOWS.iter().any(|it| whole.has(it)) {
        return Vec::new();
    }
    vec![Found::new(
        first.line,
        format!(
            "‘{}’ 등 공개되지 않은 장소 {}곳을 제25조만을 근거로 촬영합니다. 동의 등 제15조의 근거를 밝히십시오.",
            first.place,
            inside.len()
        ),
        format!(
            "{} places that are not open to the public ({:?}) rest on Article 25 alone: name the ground of Article 15",
            inside.len(),
            first.place
        ),
    )]
}

/// Purposes that only repeat the words of Act 25(1).
fn restated(look: &Look<'_>) -> Vec<Found> {
    const ENDS: [&str; 4] = ["필요한경우", "허용하고있는경우", "허용하는경우", "운영하는경우"];
    let lines: Vec<u32> = look
        .prose()
        .filter(|it| matches!(look.item(it.number), Item::Ground | Item::Preamble | Item::Unknown))
        .filter(|it| {
            let text = it.squeezed.trim_end_matches(['.', ';', ',']);
            ENDS.iter().any(|end| text.ends_with(end))
                && has_any(
                    text,
                    &[
                        "범죄의예방",
                        "시설안전",
                        "시설의안전",
                        "교통단속",
                        "교통정보",
                        "법령에서",
                        "법령에구체적",
                    ],
                )
        })
        .map(|it| it.number)
        .collect();
    if lines.len() < 3 {
        return Vec::new();
    }
    vec![Found::new(
        lines[0],
        "설치 목적이 법 제25조제1항의 문구를 옮긴 것뿐입니다. 이 기관이 실제로 무엇을 위하여 촬영하는지 적으십시오.",
        "the purposes merely repeat the words of the Act: say what this agency films for",
    )]
}

/// `A statute permits it` without the statute.
fn unspecified(look: &Look<'_>) -> Vec<Found> {
    let said = look
        .prose()
        .filter(|it| matches!(look.item(it.number), Item::Ground | Item::Preamble | Item::Unknown))
        .find(|it| has_any(&it.squeezed, &["법령에서구체적으로허용", "법령에구체적으로허용"]));
    let Some(said) = said else { return Vec::new() };
    let named = look.published.citations.iter().any(|it| {
        it.law != "개인정보보호법"
            && !it.law.starts_with("개인정보보호법시행")
            && matches!(look.item(it.line), Item::Ground)
    });
    if named || said.squeezed.contains('「') {
        return Vec::new();
    }
    vec![Found::new(
        said.number,
        "‘법령에서 구체적으로 허용하는 경우’라고만 하고 어느 법령인지 적지 않았습니다. 법령과 조문을 적거나 지우십시오.",
        "a statute is said to permit it, but not which: name law and article, or strike it",
    )]
}

fn forbidden(look: &Look<'_>) -> Vec<Found> {
    const ROOMS: [&str; 8] =
        ["화장실", "탈의실", "목욕실", "목욕탕", "샤워실", "수유실", "발한실", "사우나실"];
    let rows = look.published.cameras.rows.iter().filter(|it| it.count.is_some_and(|n| n > 0));
    let mut inside = rows.filter(|row| {
        let words = words_of(row);
        !has_any(&words, &["제외", "미설치"]) && ROOMS.iter().any(|room| films(&words, room))
    });
    let found = inside.next().map(|row| {
        Found::new(
            row.line,
            format!(
                "‘{}’: 사생활을 현저히 침해할 우려가 있는 장소의 안에는 설치할 수 없습니다. 철거하거나, 앞을 비춘다면 그렇게 적으십시오.",
                row.place
            ),
            format!("{:?}: no camera may be inside such a place; take it down, or say what it films", row.place),
        )
    });
    found.into_iter().collect()
}
