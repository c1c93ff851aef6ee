//! Forms: cited and absent, numbered like others, saying the reverse.

use super::look::has_any;
use crate::{FormReference, Found, Look, Rule, Severity};

pub(super) const ABSENT: Rule =
    Rule { id: "form.absent", severity: Severity::Error, law: "Dec 41(2)", look: absent };
pub(super) const NUMBER: Rule =
    Rule { id: "form.number", severity: Severity::Error, law: "Guide 44(2), 45", look: number };
pub(super) const CONSENT_WORDS: Rule = Rule {
    id: "form.consent_words",
    severity: Severity::Error,
    law: "Act 15(2), 17(2)",
    look: consent_words,
};
pub(super) const REVERSED: Rule = Rule {
    id: "form.reversed",
    severity: Severity::Error,
    law: "Act 15(2)4, 16(3)",
    look: reversed,
};

fn is_same(one: &FormReference, other: &FormReference) -> bool {
    match (one.number, other.number) {
        (Some(a), Some(b)) => a == b && kind(&one.text) == kind(&other.text),
        (None, None) => plain(&one.title) == plain(&other.title),
        _ => false,
    }
}

/// 별지, 별첨, 붙임, 별표: each is counted on its own.
fn kind(text: &str) -> &'static str {
    ["별첨", "붙임", "별표"].into_iter().find(|it| text.contains(it)).unwrap_or("별지")
}

fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).collect()
}

fn absent(look: &Look<'_>) -> Vec<Found> {
    let forms = &look.published.forms;
    let mut told: Vec<&FormReference> = Vec::new();
    let mut found = Vec::new();
    for form in forms.iter().filter(|it| !it.is_of_law && !it.is_the_form) {
        let line = look.published.source.line(form.line).map_or("", |it| it.squeezed.as_str());
        let is_here =
            forms.iter().any(|it| it.is_the_form && (is_same(it, form) || is_titled(it, form)));
        let is_linked = has_any(line, &["http", "www.", "내려받", "다운로드", "다운받"]);
        if is_here || is_linked || told.iter().any(|it| is_same(it, form)) {
            continue;
        }
        told.push(form);
        found.push(Found::new(
            form.line,
            format!("‘{}’을(를) 쓰라고 하였으나 붙어 있지 않습니다. 서식을 붙이거나 받을 곳을 적으십시오.", form.text),
            format!("{:?} is cited and not there: append it, or say where it can be had", form.text),
        ));
    }
    found
}

/// A form without a number is told by what it is for.
fn is_titled(form: &FormReference, cited: &FormReference) -> bool {
    let (form, cited) = (plain(&form.title), plain(&cited.title));
    let both = |word: &str| form.contains(word) && cited.contains(word);
    both("청구서") || both("관리대장") || both("동의서") || both("위임장")
}

/// A form of this policy has the number of another national form.
fn number(look: &Look<'_>) -> Vec<Found> {
    let forms = look.published.forms.iter();
    let clash = forms
        .filter(|it| !it.is_of_law && kind(&it.text) == "별지" && it.text.contains("별지"))
        .find_map(|form| {
            let line = look.published.source.line(form.line).map_or("", |it| it.squeezed.as_str());
            let is_request = has_any(&form.title, &["청구"]);
            let is_register = has_any(&form.title, &["대장", "기록"])
                || (form.title.is_empty()
                    && has_any(line, &["기록·관리", "기록하고관리", "관리대장"]));
            let national = match form.number? {
                2 if is_request => None,
                3 if is_register => None,
                1 => Some("개인정보 유출 등 신고서"),
                2 if is_register => Some("개인영상정보 열람·존재확인 청구서"),
                3 if is_request => Some("개인영상정보 관리대장"),
                _ => None,
            };
            national.filter(|_| is_request || is_register).map(|it| (form, it))
        });
    let found = clash.map(|(form, national)| {
        Found::new(
            form.line,
            format!(
                "‘{}’은(는) 표준 개인정보 보호지침에서 ‘{national}’의 번호입니다. 청구서는 제2호, 관리대장은 제3호 서식입니다.",
                form.text
            ),
            format!("{:?} is another form in the national guideline: requests are form 2, the register form 3", form.text),
        )
    });
    found.into_iter().collect()
}

/// Consent to collection is announced, the form asks for consent to provision.
fn consent_words(look: &Look<'_>) -> Vec<Found> {
    let announced = look.prose().any(|line| {
        has_any(
            &line.squeezed,
            &[
                "수집에대한동의",
                "수집·이용에대한동의",
                "수집이용에대한동의",
                "수집동의",
                "수집·이용동의",
                "수집에동의",
            ],
        )
    });
    let mut asked = look
        .form_lines()
        .filter(|line| has_any(&line.squeezed, &["제공동의", "제공에동의", "제공에대한동의"]));
    let found = asked.next().filter(|_| announced).map(|line| {
        Found::new(
            line.number,
            "본문은 ‘수집’에 대한 동의라 하고 서식은 ‘제공’에 대한 동의를 받습니다. 서식을 ‘수집·이용 동의’로 고치십시오.",
            "the text speaks of consent to collection, the form asks for consent to provision: mend the form",
        )
    });
    found.into_iter().collect()
}

/// `Whoever signs may be kept out`: meant is whoever does not.
fn reversed(look: &Look<'_>) -> Vec<Found> {
    const LIMITED: [&str; 5] = ["제한될수", "제한할수", "제한됩니다", "제한받을수", "제한을받을수"];
    const SIGNED: [&str; 8] = [
        "서명시에는",
        "서명시",
        "서명하는경우",
        "서명하시는경우",
        "서명하면",
        "동의하는경우",
        "동의하시는경우",
        "동의시",
    ];
    let lines: Vec<_> = look.lines().collect();
    let found = lines.iter().enumerate().find(|(at, line)| {
        let before = at.checked_sub(1).map_or("", |at| lines[at].squeezed.as_str());
        let text = format!("{before}{}", line.squeezed);
        let ends = LIMITED.iter().filter_map(|it| text.find(it)).min();
        let Some(end) = ends.filter(|end| *end >= before.len()) else { return false };
        let window: Vec<char> = text[..end].chars().rev().take(45).collect();
        let window: String = window.into_iter().rev().collect();
        let signed = SIGNED.iter().filter_map(|it| window.rfind(it)).max();
        signed.is_some_and(|at| {
            !has_any(&window[at..], &["않", "아니", "거부", "미동의", "미서명"])
                && window[at..].contains("출입")
        })
    });
    let found = found.map(|(_, line)| {
        Found::new(
            line.number,
            "서명(동의)하면 출입이 제한된다고 적혀 뜻이 거꾸로입니다. ‘동의하지 않는 경우’로 고치십시오.",
            "it says that who signs may be kept out, the reverse of what is meant: who does not consent",
        )
    });
    found.into_iter().collect()
}
