//! References to statutes, and to forms.

use super::keeping::{first_letters, last_letters};
use super::squeezed;
use crate::scan::numbers;
use crate::{Citation, FormReference, Item, Published};

/// Laws by the ends of their names without spaces, the longer first.
const LAWS: &[&str] = &[
    "개인정보보호법시행규칙",
    "개인정보보호법시행령",
    "개인정보보호법",
    "표준개인정보보호지침",
    "개인정보보호지침",
    "개인정보의안전성확보조치기준",
    "개인정보처리방법에관한고시",
    "주차장법시행규칙",
    "주차장법시행령",
    "주차장법",
    "보안업무규정시행규칙",
    "보안업무규정",
    "공공기관의정보공개에관한법률",
    "같은법시행규칙",
    "같은법시행령",
    "같은법",
    "동법시행규칙",
    "동법시행령",
    "동법",
    "동시행령",
    "동지침",
    "같은지침",
    "시행규칙",
    "시행령",
    "법",
];

/// References to articles, in the order of the text.
pub(super) fn citations(published: &Published) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    for section in &published.sections {
        let text = crate::Squeezed::of(published.source.between(section.first, section.last));
        let mut last = String::new();
        for (at, line) in text.find_all("제").collect::<Vec<_>>() {
            let Some((article, branch, rest)) = article(&text.text[at..]) else { continue };
            let Some(law) = law_before(&text.text[..at]) else { continue };
            let law = resolved(&law, &last);
            law.clone_into(&mut last);
            let (paragraph, rest) = ordinal(rest, '항');
            let (number, _) = ordinal(rest, '호');
            found.push(Citation { line, law, article: Some(article), branch, paragraph, number });
        }
    }
    found
}

/// `같은법시행령` after `개인정보보호법` is its decree.
fn resolved(law: &str, last: &str) -> String {
    let base = last.trim_end_matches("시행규칙").trim_end_matches("시행령");
    match law {
        "같은법" | "동법" | "법" if !base.is_empty() => base.to_owned(),
        "같은법시행령" | "동법시행령" | "동시행령" | "시행령" if !base.is_empty() =>
        {
            format!("{base}시행령")
        }
        "같은법시행규칙" | "동법시행규칙" | "시행규칙" if !base.is_empty() => {
            format!("{base}시행규칙")
        }
        "법" => "개인정보보호법".to_owned(),
        "시행령" => "개인정보보호법시행령".to_owned(),
        other => other.to_owned(),
    }
}

/// `제25조의2` and what follows.
fn article(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let rest = text.strip_prefix('제')?;
    let number = numbers(first_letters(rest, 6)).first().copied().filter(|it| it.start == 0)?;
    let rest = rest[number.end..].strip_prefix('조')?;
    let branch = rest.strip_prefix('의').and_then(|after| {
        let number =
            numbers(first_letters(after, 4)).first().copied().filter(|it| it.start == 0)?;
        Some((number.value, &after[number.end..]))
    });
    Some(match branch {
        Some((branch, rest)) => (number.value, Some(branch), rest),
        None => (number.value, None, rest),
    })
}

/// `제1항`, `1항`.
fn ordinal(text: &str, word: char) -> (Option<u32>, &str) {
    let rest = text.strip_prefix('제').unwrap_or(text);
    let Some(number) = numbers(first_letters(rest, 5)).first().copied().filter(|it| it.start == 0)
    else {
        return (None, text);
    };
    match rest[number.end..].strip_prefix(word) {
        Some(rest) => (Some(number.value), rest),
        None => (None, text),
    }
}

/// The law that is named right before an article.
fn law_before(head: &str) -> Option<String> {
    let bare = head.trim_end_matches(['」', '』', '"', '\'', '(', '의', ',', '>', '》', '〉']);
    // Brackets name a law of any kind.
    if bare.len() < head.len() {
        let window = last_letters(bare, 60);
        if let Some(at) = window.rfind(['「', '『', '《', '〈']) {
            let name = window[at..].trim_start_matches(['「', '『', '《', '〈']);
            if !name.is_empty() && !name.contains(['」', '』']) {
                return Some(squeezed(name));
            }
        }
    }
    // A date may stand between: 개인정보보호법(2013.3.23.).
    let bare = match bare.strip_suffix(')').and_then(|it| it.rfind('(').map(|at| &it[..at])) {
        Some(without) if last_letters(bare, 14).contains('(') => without,
        _ => bare,
    };
    LAWS.iter().find(|law| bare.ends_with(*law)).map(|law| (*law).to_owned()).or_else(|| {
        let window = last_letters(bare, 16);
        let ends = ["법률", "시행규칙", "시행령", "규정", "조례", "지침", "기준"]
            .iter()
            .any(|it| window.ends_with(it));
        ends.then(|| window.trim_start_matches(|it: char| !it.is_alphanumeric()).to_owned())
    })
}

/// Every mention of a form or annex.
pub(super) fn forms(published: &Published) -> Vec<FormReference> {
    const WORDS: [&str; 6] = ["별지", "별첨", "붙임", "불임", "첨부", "서식"];
    let mut found: Vec<FormReference> = Vec::new();
    for line in &published.source.lines {
        let text = &line.squeezed;
        for word in WORDS {
            for (at, _) in text.match_indices(word) {
                let after = first_letters(&text[at..], 14);
                let before = last_letters(&text[..at], 28);
                if word == "서식" && !is_bare_form(before, after) {
                    continue;
                }
                let number = numbers(first_letters(after, 10)).first().map(|it| it.value);
                let is_of_law = ["지침", "고시", "시행규칙", "시행령", "보호법"]
                    .iter()
                    .any(|it| before.contains(it));
                let section = published.section_of(line.number);
                let is_the_form =
                    section.is_some_and(|it| it.item == Item::Annex && it.first == line.number);
                found.push(FormReference {
                    line: line.number,
                    text: shown(after),
                    number,
                    title: form_title(text, at),
                    is_of_law,
                    is_the_form,
                });
            }
        }
    }
    found.extend(forms_themselves(published));
    found.sort_by_key(|it| it.line);
    found
}

/// `서식1`, `서식 제2호`: a number without 별지.
fn is_bare_form(before: &str, after: &str) -> bool {
    let rest = after["서식".len()..].trim_start_matches('제');
    let is_other = before.ends_with(['호', '지', '첨', '임', '부', '표']);
    rest.starts_with(|it: char| it.is_ascii_digit()) && !is_other
}

/// The reference alone: `별지 제2호 서식`, `별첨1`.
fn shown(after: &str) -> String {
    let inner = after.split([']', '\'', '"', ',', '.', ':']).next().unwrap_or(after);
    let inner = match inner.find("서식") {
        // `별지 서식1호`
        Some(at) if !inner[at + "서식".len()..].starts_with(|it: char| it.is_ascii_digit()) => {
            &inner[..at + "서식".len()]
        }
        _ => match inner.find('호') {
            Some(at) => &inner[..at + '호'.len_utf8()],
            None => {
                let end = numbers(inner).first().map_or(6, |it| it.end);
                inner.get(..end).unwrap_or(inner)
            }
        },
    };
    inner
        .trim_end_matches(['(', ')'])
        .replace('제', " 제")
        .replace("서식", " 서식")
        .replace("( ", "(")
}

/// Forms at the end that have a title and no number.
fn forms_themselves(published: &Published) -> Vec<FormReference> {
    let annexes = published.sections.iter().filter(|it| it.item == Item::Annex);
    annexes
        .filter(|it| !["별지", "별첨", "붙임", "첨부"].iter().any(|word| it.heading.contains(word)))
        .map(|it| FormReference {
            line: it.first,
            text: it.heading.clone(),
            number: None,
            title: squeezed(&it.heading),
            is_of_law: false,
            is_the_form: true,
        })
        .collect()
}

/// What the words around a form say that it is.
fn form_title(text: &str, at: usize) -> String {
    const TITLES: [&str; 12] = [
        "청구서",
        "관리대장",
        "기록부",
        "동의",
        "대장",
        "위임장",
        "신청서",
        "청구",
        "운영현황",
        "현황",
        "서약서",
        "통지서",
    ];
    let (before, after) = (last_letters(&text[..at], 24), first_letters(&text[at..], 30));
    let in_order = TITLES
        .iter()
        .find(|it| after.contains(*it))
        .or_else(|| TITLES.iter().find(|it| before.contains(*it)));
    in_order.map_or(String::new(), |it| (*it).to_owned())
}
