//! What was left over from the national template, or from scanning.

use super::look::has_any;
use crate::{Found, Item, Line, Look, RowKind, Rule, Severity};

pub(super) const PLACEHOLDER: Rule = Rule {
    id: "template.placeholder",
    severity: Severity::Error,
    law: "Dec 25(1), Act 3(3)",
    look: placeholder,
};
pub(super) const REMNANT: Rule =
    Rule { id: "template.remnant", severity: Severity::Warning, law: "Act 3(3)", look: remnant };
pub(super) const DEBRIS: Rule =
    Rule { id: "template.debris", severity: Severity::Style, law: "Act 3(3)", look: debris };

/// `○○`, `OO`, `△△`; a name of which a part is masked (`김○○`) is none.
fn has_placeholder(line: &Line) -> bool {
    line.text.split(|it: char| it.is_whitespace() || "()[]/,:|·\"'".contains(it)).any(|word| {
        let letters: Vec<char> = word.chars().collect();
        let ring = |it: char| matches!(it, '○' | '△' | '◇' | 'Ο' | 'О');
        let pair = letters.windows(2).any(|it| ring(it[0]) && ring(it[1]));
        let latin =
            word.contains("OO") && !letters.iter().any(|it| it.is_ascii_alphabetic() && *it != 'O');
        let is_masked = letters.len() == 3
            && ('가'..='힣').contains(&letters[0])
            && !"총약각".contains(letters[0]);
        // `02-####-####`
        let hashes = word.contains("-##") || word.contains("##-");
        (pair || latin || hashes || is_zeros(word)) && !is_masked
    })
}

/// `00대`, `000실`, `0000과`; no time of the day.
fn is_zeros(word: &str) -> bool {
    let rest = word.trim_start_matches('0');
    let zeros = word.len() - rest.len();
    let letters = rest.chars().count();
    zeros >= 2
        && (1..=4).contains(&letters)
        && rest.chars().all(|it| ('가'..='힣').contains(&it))
        && !["시", "분", "초"].iter().any(|it| rest.starts_with(it))
        || (zeros >= 2 && rest.starts_with("시간"))
}

fn placeholder(look: &Look<'_>) -> Vec<Found> {
    let lines: Vec<u32> =
        look.prose().filter(|it| has_placeholder(it)).map(|it| it.number).collect();
    let Some(first) = lines.first() else { return Vec::new() };
    vec![Found::new(
        *first,
        format!("채우지 않은 칸(○○)이 {}줄에 있습니다. 실제 내용을 적으십시오.", lines.len()),
        format!("{} lines hold placeholders (○○): fill them in", lines.len()),
    )]
}

/// A hint in brackets to whoever fills in the template: `(해당하는 경우만 작성)`.
fn has_hint(line: &Line, is_heading: bool) -> bool {
    const ANYWHERE: [&str; 8] = [
        "설치하는경우)",
        "경우만작성",
        "경우에만작성",
        "시에만작성",
        "경우만기재",
        "시작성)",
        "작성예시",
        "기재요령",
    ];
    const IN_HEADINGS: [&str; 7] =
        ["경우만", "경우에만", "시에만", "해당시", "해당되는경우", "해당하는경우", "필요시"];
    // One of the two particles should have been struck out.
    if has_any(&line.squeezed, &["는(은)", "은(는)", "을(를)", "를(을)", "과(와)", "와(과)"])
    {
        return true;
    }
    // The template tells when the statute on parking may be named as well.
    if line.squeezed.contains("초과하는규모의경우") && line.squeezed.contains("가능") {
        return true;
    }
    let mut rest = line.squeezed.as_str();
    while let Some(at) = rest.find('(') {
        let inside = &rest[at..];
        let longest = inside.char_indices().nth(41).map_or(inside.len(), |(at, _)| at);
        let window = &inside[..longest];
        let end = window.find(')').map_or(longest, |it| it + 1);
        let hint = &inside[..end];
        if hint.chars().count() <= 40
            && (has_any(hint, &ANYWHERE) || (is_heading && has_any(hint, &IN_HEADINGS)))
        {
            return true;
        }
        rest = &inside[1..];
    }
    false
}

fn remnant(look: &Look<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let hint = look.prose().find(|it| has_hint(it, look.is_heading(it.number)));
    if let Some(line) = hint {
        found.push(Found::new(
            line.number,
            "표준안의 작성 안내 문구가 남아 있습니다. 지우십시오.",
            "a hint of the template to whoever fills it in was left: take it out",
        ));
    }
    let rows = look.published.tables.iter().flat_map(|it| &it.rows);
    let row = rows.filter(|it| it.kind == RowKind::Example).map(|it| it.line).min();
    let words = look.prose().find(|it| {
        it.squeezed.contains("(예시)")
            || it.squeezed.starts_with("예시:")
            || it.text.starts_with("예시\t")
    });
    let words = words.filter(|it| look.item(it.number) != Item::Requests).map(|it| it.number);
    if let Some(line) = row.into_iter().chain(words).min() {
        found.push(Found::new(
            line,
            "표준안의 예시가 그대로 남아 있습니다. 실제 내용으로 바꾸십시오.",
            "an example of the template was left: put the real content in its place",
        ));
    }
    found
}

/// Letters that no text has: half syllables, signs for unreadable characters, cells of mere points.
fn is_debris(line: &Line) -> bool {
    let half =
        line.raw.chars().filter(|it| ('ㅏ'..='ㅣ').contains(it) || ('ㄱ'..='ㅎ').contains(it));
    let points = |cell: &str| {
        let signs: Vec<char> = cell.chars().filter(|it| !it.is_whitespace()).collect();
        signs.len() >= 3
            && signs.iter().all(|it| matches!(it, ',' | '.' | '·' | '\'' | '`' | '^' | ';'))
            && signs.contains(&',')
    };
    half.filter(|it| *it != 'ㆍ' && *it != 'ㅡ').count() >= 3
        || line.text.contains('\u{fffd}')
        || line.text.split('\t').any(points)
}

fn debris(look: &Look<'_>) -> Vec<Found> {
    let Some(line) = look.lines().find(|it| is_debris(it)) else { return Vec::new() };
    vec![Found::new(
        line.number,
        "글자 인식이 깨진 부분이 있습니다. 원본과 대조하여 고치십시오.",
        "characters were lost when the text was scanned: compare with the original",
    )]
}
