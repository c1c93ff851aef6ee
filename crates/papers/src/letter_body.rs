//! What each kind of letter says between what was asked and how to object.

use crate::fields::{form, heading, pair, say, wide};
use crate::letter::{Absence, Decided, Expired, Refusal};
use crate::{Block, Row};

/// What of an absence can be proven, and by whom: said of footage whose time was over, and of what was destroyed.
const PROOF: [&str; 2] = [
    "영상은 그 영상을 잠근 열쇠를 없애는 방법으로 파기하며, 파기할 때마다 고칠 수 없는 원장에 기록합니다.",
    "요구하시면 파기 증명서를 드립니다. 증명서에는 그 영상이 언제 어떤 까닭으로 파기되었는지 적혀 있으며, 우리 기관의 \
     장비 없이도 누구나 검증 프로그램(jikim-verify destruction)으로 확인할 수 있습니다. 파기가 확인되지 않는 영상에는 증명서를 드릴 수 없습니다.",
];

pub(crate) fn receipt(
    channel: &str,
    due: Option<&str>,
    identity_until: Option<&str>,
    held_until: Option<&str>,
    absent: &[String],
) -> Vec<Block> {
    let due = due.map_or_else(
        || "접수한 날의 다음 날부터 10일 이내".to_owned(),
        |day| format!("{}까지", korean_day(day)),
    );
    let mut blocks = vec![
        heading("접수"),
        say("위와 같이 청구하신 것을 접수하였습니다."),
        form("접수와 처리", vec![wide("접수 방법", channel), wide("결과를 알려 드리는 날", &due)]),
    ];
    let mut points = Vec::new();
    if let Some(until) = held_until {
        points.push(format!(
            "청구하신 시간의 영상은 접수한 때부터 보전하고 있습니다. 지금 정해진 보전 기한은 {until}입니다."
        ));
    }
    if let Some(until) = identity_until {
        points.push(format!(
            "{until}까지 신분증(대리인은 위임장 또는 법정대리인임을 보이는 서류도)으로 누구인지 확인해 주십시오. 그때까지 \
             확인하지 못하면 청구와 영상의 보전이 함께 끝납니다."
        ));
    }
    points.push("결정하기 전에는 언제든지 청구를 거두실 수 있습니다.".into());
    points.push("문의하실 때는 접수번호를 알려 주십시오.".into());
    blocks.extend(nothing_of(absent));
    blocks.push(heading("알아 두실 것"));
    blocks.push(Block::List {
        is_numbered: false,
        items: points.into_iter().map(Into::into).collect(),
    });
    blocks
}

pub(crate) fn existence(
    there: &[String],
    absent: &[String],
    held_until: Option<&str>,
    decided: &Decided,
    is_to_see: bool,
) -> Vec<Block> {
    let told = match (there.is_empty(), absent.is_empty()) {
        (false, true) => "청구하신 시간과 장소의 영상이 있습니다.",
        (false, false) => "청구하신 시간의 영상이 일부 장소에 있습니다.",
        (true, _) => "청구하신 시간과 장소의 영상은 남아 있지 않습니다.",
    };
    let mut blocks = decision("존재확인", told, decided);
    let rows = there.iter().map(|place| (place, "있음"));
    let rows = rows.chain(absent.iter().map(|place| (place, "접수할 때 남아 있지 않음")));
    blocks.push(Block::Table {
        caption: "카메라가 설치된 곳마다 찾아본 결과".into(),
        head: vec!["카메라가 설치된 곳".into(), "그 시간의 영상".into()],
        rows: rows
            .map(|(place, found)| Row {
                cells: vec![place.as_str().into(), found.into()],
                promise: None,
            })
            .collect(),
    });
    if let Some(until) = held_until.filter(|_| !there.is_empty()) {
        blocks.push(say(if is_to_see {
            format!("이 영상은 {until}까지 보전합니다. 열람은 따로 알려 드립니다.")
        } else {
            format!("이 영상은 {until}까지 보전합니다. 보고 싶으시면 그 전에 열람을 청구하십시오.")
        }));
    }
    blocks
}

pub(crate) fn postponed(
    reason: &str,
    until: &str,
    due: Option<&str>,
    decided: &Decided,
) -> Vec<Block> {
    let told = "청구하신 것을 지금은 들어드릴 수 없어 연기합니다. 그 사유를 알려 드립니다.";
    let due = due.map_or_else(
        || "연기한 사유가 끝나는 날의 다음 날부터 10일 이내".to_owned(),
        |day| format!("{}까지", korean_day(day)),
    );
    let mut blocks = decision("연기", told, decided);
    blocks.push(form(
        "연기",
        vec![
            wide("연기한 사유", reason),
            wide("사유가 끝나는 날", &korean_day(until)),
            wide("결과를 알려 드리는 날", &due),
        ],
    ));
    blocks.push(say(
        "사유가 끝나면 지체 없이 다시 결정하여 알려 드립니다. 다시 청구하지 않으셔도 됩니다.",
    ));
    blocks
}

pub(crate) fn absent(absences: &[Absence], decided: &Decided) -> Vec<Block> {
    let told = "청구하신 시간의 영상을 녹화기에서 찾아보았으나 남아 있는 것이 없습니다. 이것은 거절이 아니라 찾아본 결과입니다.";
    let mut blocks = decision("남은 영상 없음", told, decided);
    let found = |it: &Absence| match &it.expired {
        Some(Expired { kept, at }) => {
            format!("보관 기간(촬영한 때부터 {kept}까지)이 {at}에 끝남")
        }
        None => "보관 기간이 끝나지 않았으나 그 시간의 영상이 없음".to_owned(),
    };
    blocks.push(Block::Table {
        caption: "카메라가 설치된 곳마다 찾아본 결과".into(),
        head: vec!["카메라가 설치된 곳".into(), "영상이 없는 까닭".into()],
        rows: absences
            .iter()
            .map(|it| Row {
                cells: vec![it.place.as_str().into(), found(it).into()],
                promise: None,
            })
            .collect(),
    });
    if absences.iter().any(|it| it.expired.is_some()) {
        blocks.push(heading("파기되었음을 확인하는 방법"));
        blocks.push(Block::Paragraph { sentences: PROOF.map(Into::into).to_vec() });
    }
    if absences.iter().any(|it| it.expired.is_none()) {
        blocks.push(say(
            "보관 기간이 끝나지 않았는데 영상이 없는 것은 그 시간에 녹화되지 않았거나 그 전에 파기된 것입니다. 녹화되지 않은 \
             시간과 파기는 원장에 남아 있으므로, 문의하시면 그 기록을 찾아 알려 드립니다.",
        ));
    }
    blocks
}

pub(crate) fn destroyed(how: &str, decided: &Decided) -> Vec<Block> {
    let told = "청구하신 영상을 삭제하였습니다. 그 영상을 잠근 열쇠를 없앴으므로 누구도 다시 볼 수 없습니다.";
    let mut blocks = decision("삭제", told, decided);
    blocks.push(form("삭제", vec![wide("삭제한 일", how)]));
    blocks.push(heading("파기되었음을 확인하는 방법"));
    blocks.push(Block::Paragraph { sentences: PROOF.map(Into::into).to_vec() });
    blocks
}

/// What was decided, when and on which articles.
pub(crate) fn decision(word: &str, told: &str, decided: &Decided) -> Vec<Block> {
    vec![
        heading("결정"),
        say(told),
        form(
            "결정한 것",
            vec![
                pair("결정", word, "결정한 날", &korean_day(&decided.on)),
                wide("근거", &decided.article),
            ],
        ),
    ]
}

pub(crate) fn reasons(caption: &str, refusal: &Refusal) -> Block {
    form(
        caption,
        vec![
            wide("사유", &refusal.ground),
            wide("근거", &refusal.article),
            wide("그 사유가 되는 사실", &refusal.facts),
        ],
    )
}

pub(crate) fn nothing_of(absent: &[String]) -> Option<Block> {
    (!absent.is_empty()).then(|| {
        say(format!(
            "다음 곳에는 접수할 때 그 시간의 영상이 남아 있지 않았습니다: {}.",
            absent.join(", ")
        ))
    })
}

/// `2026-11-22` as a letter writes it.
pub(crate) fn korean_day(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => format!("{year}. {}. {}.", bare(month), bare(day)),
        _ => day.to_owned(),
    }
}

fn bare(number: &str) -> &str {
    number.trim_start_matches('0')
}
