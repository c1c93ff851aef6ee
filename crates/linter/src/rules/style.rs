//! How it is written: particles, separators, two words for one thing.

use super::look::has_any;
use crate::{Found, Item, Look, Rule, Severity};

pub(super) const PARTICLE: Rule =
    Rule {
        id: "style.particle", severity: Severity::Style, law: "국어기본법 14", look: particle
    };
pub(super) const SEPARATOR: Rule = Rule {
    id: "style.separator",
    severity: Severity::Style,
    law: "국어기본법 14",
    look: separator,
};
pub(super) const MIXED_TERMS: Rule = Rule {
    id: "style.mixed_terms",
    severity: Severity::Style,
    law: "국어기본법 14",
    look: mixed_terms,
};

/// Whether a syllable ends in a consonant; none for what is no syllable.
fn is_closed(letter: char) -> Option<bool> {
    ('가'..='힣').contains(&letter).then(|| (u32::from(letter) - 0xac00) % 28 != 0)
}

/// The particle that does not fit: what stands, what should.
fn wrong_particle(closed: bool, particle: char) -> Option<char> {
    match (closed, particle) {
        (true, '는') => Some('은'),
        (true, '가') => Some('이'),
        (true, '를') => Some('을'),
        (false, '은') => Some('는'),
        (false, '을') => Some('를'),
        _ => None,
    }
}

/// `…원(이하 “진흥원”이라 함)는`: the particle follows the word before the brackets.
fn particle(look: &Look<'_>) -> Vec<Found> {
    for line in look.prose().take(60) {
        let text = &line.squeezed;
        let Some(open) = text.match_indices('(').map(|(at, _)| at).find(|at| {
            let inside: String = text[*at..].chars().take(60).collect();
            inside.split(')').next().is_some_and(|it| it.contains("이하"))
        }) else {
            continue;
        };
        let Some(close) = text[open..].find(')').map(|at| at + open) else { continue };
        let before = text[..open].chars().last().and_then(is_closed);
        let mut after = text[close + 1..].chars();
        let (particle, next) = (after.next(), after.next());
        // A particle ends its word: what follows is another word or a mark.
        let (Some(closed), Some(particle)) = (before, particle) else { continue };
        let ends =
            line.text.contains(&format!("){particle} ")) || next.is_none() || next == Some(',');
        if let Some(right) = wrong_particle(closed, particle).filter(|_| ends) {
            return vec![Found::new(
                line.number,
                format!("‘{particle}’이(가) 아니라 ‘{right}’입니다: 괄호 앞의 말에 맞추십시오."),
                format!(
                    "the particle is {right}, not {particle}: it follows the word before the brackets"
                ),
            )];
        }
    }
    Vec::new()
}

/// `운영·관리`, `운영.관리`, `운영,관리` in one text.
fn separator(look: &Look<'_>) -> Vec<Found> {
    let mut seen: Vec<(char, u32, u32)> = Vec::new();
    for line in look.prose() {
        for (at, _) in line.squeezed.match_indices("관리") {
            let mut before = line.squeezed[..at].chars().rev();
            let mark = before.next().filter(|it| matches!(it, '·' | '.' | ',' | '/'));
            let words: String = before.take(2).collect();
            if let Some(mark) = mark.filter(|_| words == "영운") {
                match seen.iter_mut().find(|it| it.0 == mark) {
                    Some(one) => one.2 += 1,
                    None => seen.push((mark, line.number, 1)),
                }
            }
        }
    }
    if seen.len() < 2 {
        return Vec::new();
    }
    let most = seen.iter().map(|it| it.2).max().unwrap_or(0);
    let main = seen.iter().position(|it| it.2 == most);
    let other =
        seen.iter().enumerate().filter(|(at, _)| Some(*at) != main).map(|(_, it)| it.1).min();
    let marks: Vec<String> = seen.iter().map(|it| format!("운영{}관리", it.0)).collect();
    vec![Found::new(
        other.unwrap_or(0),
        format!("가운뎃점이 섞여 쓰였습니다({}). ‘운영·관리’로 맞추십시오.", marks.join(", ")),
        format!("separators are mixed ({}): write 운영·관리", marks.join(", ")),
    )]
}

fn mixed_terms(look: &Look<'_>) -> Vec<Found> {
    const ASKED: [&str; 9] = [
        "청구를해야",
        "청구를하",
        "청구하는때",
        "청구하는경우",
        "청구하시는",
        "청구하여야",
        "청구하실수",
        "청구할수",
        "청구시",
    ];
    let asks = look.part(&[Item::Requests, Item::Viewing]);
    let claimed = asks.find_any(&ASKED).filter(|_| asks.has("요구"));
    if let Some(line) = claimed {
        return vec![Found::new(
            line,
            "같은 것을 ‘요구’라고도 ‘청구’라고도 합니다. 법의 말인 ‘요구’로 맞추십시오.",
            "one thing is called 요구 and 청구: use 요구, the word of the Act",
        )];
    }
    let found = bare_term(look).map(|line| {
        Found::new(
            line,
            "다른 곳에서는 ‘고정형 영상정보처리기기’라 하고 여기서는 ‘고정형’이 빠졌습니다. 맞추십시오.",
            "elsewhere the device is called fixed (고정형), here it is not: make it one term",
        )
    });
    found.into_iter().collect()
}

/// The old term in a text that uses the new one; not where the old one was defined as its short form.
fn bare_term(look: &Look<'_>) -> Option<u32> {
    let whole = look.whole();
    let is_new = look.law.rule("term-device").is_some_and(|it| it.ko.starts_with("고정형"));
    let term = "영상정보처리기기";
    let is_bare = |at: usize| {
        let before: Vec<char> = whole.text[..at].chars().rev().take(4).collect();
        let before: String = before.into_iter().rev().collect();
        !has_any(&before, &["고정형", "이동형"])
    };
    let defines = has_any(
        &whole.text,
        &["이하\"영상정보처리기기", "이하'영상정보처리기기", "이하영상정보처리기기"],
    );
    let all: Vec<(usize, u32)> = whole.find_all(term).collect();
    let bare: Vec<u32> = all.iter().filter(|(at, _)| is_bare(*at)).map(|it| it.1).collect();
    let in_use = all.len() - bare.len();
    (is_new && !defines && in_use >= 2).then(|| bare.first().copied()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{is_closed, wrong_particle};

    #[test]
    fn particles_follow_the_last_sound() {
        assert_eq!(is_closed('원'), Some(true));
        assert_eq!(is_closed('사'), Some(false));
        assert_eq!(is_closed('H'), None);
        assert_eq!(wrong_particle(true, '는'), Some('은'));
        assert_eq!(wrong_particle(false, '는'), None);
    }
}
