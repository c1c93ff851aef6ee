//! What cameras are for.

use super::labels::Labelled;
use super::squeezed;
use crate::marker::{Marker, marked};
use crate::{ColumnKind, Item, Published, Purpose, PurposeKind};

/// The purposes that the text lists; those of the table of cameras where it lists none.
pub(super) fn purposes(published: &Published, labels: &[Labelled]) -> Vec<Purpose> {
    let mut found: Vec<Purpose> = Vec::new();
    for section in published.about(Item::Ground) {
        found.extend(of_heading(published, section));
        let first = section.first + u32::from(!section.heading.is_empty());
        for line in published.source.between(first, section.last) {
            if published.is_in_table(line.number) || line.squeezed.is_empty() {
                continue;
            }
            let mut marked = marked(&line.text);
            if matches!(marked.marker, Marker::Dash | Marker::Ring) && !marked.rest.starts_with('※')
            {
                marked.rest = crate::marker::marked(marked.rest).rest;
            }
            let bare = squeezed(marked.rest);
            let is_note = marked.rest.starts_with('※')
                || marked.marker == Marker::Note
                || bare.starts_with('※');
            let is_sentence =
                bare.contains("니다") || bare.ends_with("한다.") || bare.ends_with("한다");
            let is_item = marked.marker != Marker::None && bare.chars().count() <= 80;
            if is_note {
                continue;
            }
            let kinds = kinds(&bare);
            let cites =
                bare.contains("조") && ["의거", "따라", "근거"].iter().any(|it| bare.contains(it));
            let of_law = if cites { of_sentence(line.number, &line.text) } else { None };
            if let Some(purpose) = of_law {
                found.push(purpose);
            } else if is_item && !is_sentence && !kinds.is_empty() {
                push(&mut found, line.number, marked.rest, kinds);
            } else if is_sentence && !bare.contains("다음과같은목적") {
                found.extend(of_sentence(line.number, &line.text));
            } else if marked.marker == Marker::None
                && bare.chars().count() <= 40
                && !kinds.is_empty()
            {
                push(&mut found, line.number, marked.rest, kinds);
            }
        }
    }
    if found.is_empty() && published.about(Item::Ground).next().is_none() {
        let lines = published.source.lines.iter().filter(|line| {
            let text = &line.squeezed;
            text.contains("목적은") || (text.contains("목적으로") && text.contains("설치"))
        });
        found.extend(lines.filter_map(|line| of_sentence(line.number, &line.text)));
    }
    if found.is_empty() {
        found.extend(below_sentence(published));
    }
    if found.is_empty() {
        for label in labels.iter().filter(|it| it.kind == ColumnKind::Purpose) {
            let kinds = kinds(&squeezed(&label.value));
            let is_new = found.iter().all(|it| squeezed(&it.text) != squeezed(&label.value));
            if !kinds.is_empty() && is_new {
                push(&mut found, label.line, &label.value, kinds);
            }
        }
    }
    found
}

/// The list below `다음과 같은 목적으로 … 설치합니다.` where no heading tells it.
fn below_sentence(published: &Published) -> Vec<Purpose> {
    const MOST: usize = 8;
    let lines = &published.source.lines;
    let says = |it: &crate::Line| {
        let text = &it.squeezed;
        (text.contains("다음과같은목적") || text.contains("각호의목적")) && text.contains("설치")
    };
    let mut found = Vec::new();
    let Some(at) = lines.iter().position(says) else { return found };
    let has_words = |it: &&crate::Line| it.squeezed.contains(char::is_alphanumeric);
    for line in lines[at + 1..].iter().filter(has_words).take(MOST) {
        let rest = marked(&line.text).rest;
        let kinds = kinds(&squeezed(rest));
        let is_item = line.squeezed.chars().count() <= 80 && !line.squeezed.ends_with("니다.");
        if kinds.is_empty() || !is_item || published.is_in_table(line.number) {
            break;
        }
        push(&mut found, line.number, rest, kinds);
    }
    found
}

/// `설치 목적 : 시설 안전 및 화재 예방`: the heading has its value behind it.
fn of_heading(published: &Published, section: &crate::Section) -> Option<Purpose> {
    let line = published.source.line(section.first).filter(|_| !section.heading.is_empty())?;
    let (label, value) = line.text.split_once(':').or_else(|| {
        let at = line.text.find("목적 ").filter(|_| !line.squeezed.contains("근거"))?;
        Some(line.text.split_at(at + "목적".len()))
    })?;
    let value = value.trim();
    let kinds = kinds(&squeezed(value));
    let is_value = squeezed(label).contains("목적") && value.chars().count() <= 80;
    (is_value && !kinds.is_empty()).then(|| Purpose {
        line: line.number,
        text: value.to_owned(),
        kinds,
    })
}

fn push(found: &mut Vec<Purpose>, line: u32, text: &str, kinds: Vec<PurposeKind>) {
    let text = text.trim().trim_matches(['"', '\'', '「', '」', '.', ';', ',']).trim();
    let text = text.split_once(':').map_or(text, |(label, value)| {
        if squeezed(label).ends_with("목적") { value.trim() } else { text }
    });
    found.push(Purpose { line, text: text.to_owned(), kinds });
}

/// `제25조에 따라 「범죄예방 및 시설안전용」으로`, `… 범죄예방을 목적으로`, `… 화재예방을 위하여`.
fn of_sentence(line: u32, text: &str) -> Option<Purpose> {
    let ends = [
        "을 목적으로",
        "를 목적으로",
        "목적으로",
        "을 위하여",
        "를 위하여",
        "하기 위하여",
        "하기 위해",
        "을 위해",
        "를 위해",
        "용으로",
        "용」으로",
        "용\"으로",
        "위한 목적",
    ];
    // `설치 목적은 범죄 예방입니다.`
    let is =
        text.contains("목적은").then(|| ["입니다", "이다"].iter().find_map(|it| text.find(it)));
    let end = ends.iter().filter_map(|it| text.find(it)).chain(is.flatten()).min()?;
    let head = &text[..end];
    let from = [
        "에 따라",
        "에 의거",
        "에 의하여",
        "에 근거하여",
        "의거하여",
        "따라서",
        "함으로써 ",
        "은 ",
        "는 ",
    ]
    .iter()
    .filter_map(|it| head.rfind(it).map(|at| at + it.len()))
    .max()
    .unwrap_or(0);
    let own = head[from..].trim().trim_start_matches([',', ' ', '"', '\'', '「', '하', '여']);
    let own = own.trim_end_matches(['"', '\'', '」', ' ']);
    let kinds = kinds(&squeezed(own));
    let is_short = own.chars().count() <= 100;
    (is_short && !kinds.is_empty()).then(|| Purpose { line, text: own.to_owned(), kinds })
}

/// What a purpose comes to.
fn kinds(bare: &str) -> Vec<PurposeKind> {
    const WORDS: &[(&[&str], PurposeKind)] = &[
        (&["법령에서", "법령이"], PurposeKind::Statute),
        (&["범죄", "방범", "도난방지", "학교폭력", "폭력예방"], PurposeKind::CrimePrevention),
        (&["시설", "청사방호", "청사관리"], PurposeKind::FacilitySafety),
        (&["화재"], PurposeKind::Fire),
        (
            &[
                "교통단속",
                "주정차",
                "주·정차",
                "불법주차",
                "과속",
                "신호위반",
                "차량단속",
                "버스전용",
            ],
            PurposeKind::TrafficEnforcement,
        ),
        (&["교통정보", "교통량", "교통흐름", "교통상황"], PurposeKind::TrafficInformation),
        (&["통계"], PurposeKind::Statistics),
        (&["차량도난", "주차장", "차량파손", "주차관리", "주차계도"], PurposeKind::Parking),
        (&["쓰레기", "무단투기", "불법투기"], PurposeKind::Waste),
        (&["재난", "재해", "산불", "하천", "침수", "홍수"], PurposeKind::Disaster),
        (
            &[
                "출입통제",
                "출입관리",
                "출입자통제",
                "출입자관리",
                "방문객의관리",
                "방문객관리",
                "방문자관리",
            ],
            PurposeKind::AccessControl,
        ),
        (
            &[
                "어린이",
                "민원",
                "안전",
                "응급",
                "보안",
                "질서",
                "환자",
                "사고",
                "감시",
                "문화재",
                "악성",
                "방호",
            ],
            PurposeKind::Other,
        ),
    ];
    let mut found: Vec<PurposeKind> = WORDS
        .iter()
        .filter(|(words, _)| words.iter().any(|it| bare.contains(it)))
        .map(|(_, kind)| *kind)
        .collect();
    let of_goods = bare.contains("도난") && !bare.contains("차량") && !bare.contains("주차");
    if of_goods && !found.contains(&PurposeKind::CrimePrevention) {
        found.push(PurposeKind::CrimePrevention);
    }
    // `안전` alone is another purpose only where nothing else is.
    if found.len() > 1 {
        found.retain(|kind| *kind != PurposeKind::Other);
    }
    found
}
