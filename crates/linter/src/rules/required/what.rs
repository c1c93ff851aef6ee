//! Ground, purpose, number and range of cameras, and whatever else.

use crate::rules::look::has_any;
use crate::{ColumnKind, Found, Item, Look, Rule, Section, Severity};

pub(in crate::rules) const GROUND: Rule =
    Rule { id: "required.ground", severity: Severity::Error, law: "Dec 25(1)1", look: ground };
pub(in crate::rules) const PURPOSE: Rule =
    Rule { id: "required.purpose", severity: Severity::Error, law: "Dec 25(1)1", look: purpose };
pub(in crate::rules) const CAMERAS: Rule =
    Rule { id: "required.cameras", severity: Severity::Error, law: "Dec 25(1)2", look: cameras };
pub(in crate::rules) const RANGE: Rule =
    Rule { id: "required.range", severity: Severity::Error, law: "Dec 25(1)2", look: range };
pub(in crate::rules) const OTHER: Rule =
    Rule { id: "required.other", severity: Severity::Warning, law: "Dec 25(1)8", look: other };

fn ground(look: &Look<'_>) -> Vec<Found> {
    let cited = look
        .published
        .citations
        .iter()
        .any(|it| it.article == Some(25) || matches!(look.item(it.line), Item::Ground));
    if cited || look.whole().has("제25조") {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Ground),
        "설치 근거가 없습니다. 「개인정보 보호법」 제25조제1항의 몇 호에 따른 것인지 적으십시오.",
        "the legal ground is missing: name the number of Act 25(1) on which the cameras rest",
    )]
}

fn purpose(look: &Look<'_>) -> Vec<Found> {
    let whole = look.whole();
    let told = whole.has("목적")
        && has_any(
            &whole.text,
            &["범죄예방", "범죄의예방", "화재예방", "시설안전을", "시설물관리"],
        );
    let in_section =
        look.part(&[Item::Ground]).has_any(&["예방", "방지", "확보", "단속", "안전", "방범"])
            || (whole.has("다음과같은목적으로") && has_any(&whole.text, &["예방", "방지"]));
    if !look.published.purposes.is_empty() || told || in_section {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Ground),
        "설치 목적이 없습니다. 무엇을 위하여 촬영하는지 적으십시오.",
        "the purpose is missing: say what is filmed for",
    )]
}

fn has_counts(look: &Look<'_>) -> bool {
    look.published.cameras.total().is_some_and(|it| it > 0)
}

/// Whether a number of cameras stands somewhere, though no list could be read.
fn has_any_number(look: &Look<'_>) -> bool {
    look.prose().any(|line| {
        let text = &line.squeezed;
        let elsewhere = matches!(look.item(line.number), Item::Changes | Item::Keeping);
        let is_count = |at: usize| {
            let before: Vec<char> = text[..at].chars().rev().take(12).collect();
            let before: String = before.into_iter().rev().collect();
            let of_cars = before.contains("주차대수") || text[at..].starts_with("대를초과하는");
            before.ends_with(|it: char| it.is_ascii_digit()) && !of_cars
        };
        !elsewhere && text.match_indices('대').any(|(at, _)| is_count(at))
    })
}

/// Below a line of the column words of a list stand bare numbers: cells that came out loose.
fn has_loose_numbers(look: &Look<'_>) -> bool {
    const BELOW: usize = 12;
    let is_number =
        |text: &str| (1..=4).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    let lines: Vec<_> = look
        .prose()
        .filter(|it| !matches!(look.item(it.number), Item::Changes | Item::Requests))
        .collect();
    let in_section = |line: u32| matches!(look.item(line), Item::Cameras);
    let alone = lines.iter().filter(|it| in_section(it.number) && is_number(&it.squeezed));
    if alone.count() >= 2 {
        return true;
    }
    let is_header = |text: &str| {
        has_any(text, &["대수", "수량", "카메라수"]) && has_any(text, &["위치", "장소", "범위"])
    };
    lines.iter().enumerate().filter(|(_, it)| is_header(&it.squeezed)).any(|(at, _)| {
        let below = lines[at + 1..].iter().take(BELOW);
        below
            .filter(|it| !it.squeezed.contains('년') && !it.squeezed.ends_with('-'))
            .any(|it| it.text.split_whitespace().any(is_number))
    })
}

/// `총 1,813개` near the words of a column of counts.
fn has_pieces(look: &Look<'_>) -> bool {
    const BELOW: usize = 6;
    const OTHER: [&str; 4] = ["월", "년", "소", "인"];
    let lines: Vec<_> = look.prose().collect();
    let is_piece = |text: &str| {
        text.match_indices('개').any(|(at, _)| {
            let after = &text[at + '개'.len_utf8()..];
            text[..at].ends_with(|it: char| it.is_ascii_digit())
                && !OTHER.iter().any(|it| after.starts_with(it))
        })
    };
    lines
        .iter()
        .enumerate()
        .filter(|(_, it)| it.squeezed.contains("대수"))
        .any(|(at, _)| lines[at..].iter().take(BELOW).any(|it| is_piece(&it.squeezed)))
}

fn cameras(look: &Look<'_>) -> Vec<Found> {
    if has_counts(look) || has_any_number(look) || has_loose_numbers(look) || has_pieces(look) {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Cameras),
        "설치 대수를 알 수 없습니다. 위치별 대수를 적거나 현황표를 붙이십시오.",
        "the number of cameras is missing: list it by place, or append the table",
    )]
}

/// Whether a cell that is place and range in one says more than the name of a room.
fn tells_range(text: &str) -> bool {
    const TELLS: [&str; 16] = [
        "입구", "출구", "출입", "복도", "로비", "현관", "외곽", "통로", "주차", "내부", "전체",
        "주변", "계단", "승강", "정문", "후문",
    ];
    let text = text.trim();
    text.contains([' ', ',', '(', '~', '·', '/']) || has_any(text, &TELLS)
}

fn range(look: &Look<'_>) -> Vec<Found> {
    if !has_counts(look) {
        return Vec::new();
    }
    let rows = &look.published.cameras.rows;
    let shared =
        look.published.tables.iter().any(|it| it.column(ColumnKind::PlaceAndRange).is_some());
    let own = rows.iter().any(|row| row.range.as_ref().is_some_and(|it| !it.trim().is_empty()));
    let cells = look.published.tables.iter().flat_map(|table| {
        table.rows.iter().filter_map(|row| table.cell(row, ColumnKind::PlaceAndRange))
    });
    let in_cell = cells.into_iter().any(|cell| tells_range(&cell.text));
    let has_column = look.published.tables.iter().any(|it| it.column(ColumnKind::Range).is_some());
    let said = look
        .prose()
        .filter(|line| !look.is_heading(line.number) && look.item(line.number) != Item::Sign)
        .any(|line| {
            !shared
                && !line.squeezed.contains("안내판")
                && has_any(&line.squeezed, &["촬영범위", "촬영구역", "반경", "를촬영", "을촬영"])
        });
    if (own && !shared) || in_cell || has_column || said {
        return Vec::new();
    }
    vec![Found::new(
        rows.first().map_or_else(|| look.heading_of(Item::Cameras), |row| row.line),
        "촬영범위가 없습니다. 위치마다 무엇이 찍히는지 적으십시오.",
        "the filming range is missing: say for each place what is filmed",
    )]
}

/// Whether a section is the rest (그 밖의 사항, 기타).
fn is_rest(section: &Section) -> bool {
    let heading: String = section.heading.chars().filter(|it| !it.is_whitespace()).collect();
    section.item == Item::Other || heading.starts_with("그밖") || heading.starts_with("기타")
}

/// Item 8 is empty words, or nothing goes beyond the other items.
fn other(look: &Look<'_>) -> Vec<Found> {
    const CONCRETE: [&str; 16] = [
        "교육",
        "감독",
        "안내판",
        "점검",
        "녹음",
        "수탁",
        "임의",
        "자체",
        "모자이크",
        "제공",
        "수수료",
        "이의",
        "신고",
        "상담",
        "비공개",
        "위탁",
    ];
    let further = [Item::Other, Item::Sign, Item::Provision, Item::Destruction, Item::Unknown];
    let sections = look.published.sections.iter().filter(|it| !it.heading.is_empty()).count();
    if !further.iter().any(|it| look.has_section(*it)) {
        if sections < 5 {
            return Vec::new();
        }
        return vec![Found::new(
            0,
            "‘그 밖에 설치·운영 및 관리에 필요한 사항’이 없습니다. 안내판, 교육, 자체점검, 마스킹 등을 적으십시오.",
            "nothing is said of whatever else is needed: signs, training, self-inspection, masking",
        )];
    }
    let Some(section) = look.published.sections.iter().find(|it| is_rest(it)) else {
        return Vec::new();
    };
    let body = look.published.squeezed(section).text;
    let is_empty_words = body.chars().count() < 170
        && has_any(
            &body,
            &["필요한조치를하고", "필요한조치를취하고", "안전하게관리", "최선을다하"],
        )
        && !has_any(&body, &CONCRETE);
    if !is_empty_words && !body.is_empty() {
        return Vec::new();
    }
    vec![Found::new(
        section.first,
        "앞의 보호조치를 되풀이할 뿐 내용이 없습니다. 안내판, 교육, 자체점검, 마스킹 등을 적으십시오.",
        "it repeats the protection above and says nothing more: tell signs, training, self-inspection, masking",
    )]
}
