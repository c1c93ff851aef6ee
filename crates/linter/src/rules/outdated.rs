//! What was right once: terms, grounds and references of laws that have changed.

use law::date;

use super::look::has_any;
use crate::{Found, Item, Look, Refusal, Rule, Severity};

pub(super) const TERM: Rule =
    Rule { id: "outdated.term", severity: Severity::Warning, law: "Act 2(7)", look: term };
pub(super) const URGENT_INTEREST: Rule = Rule {
    id: "outdated.urgent_interest",
    severity: Severity::Warning,
    law: "Guide 44(1)",
    look: urgent_interest,
};
pub(super) const REFUSAL: Rule = Rule {
    id: "outdated.refusal",
    severity: Severity::Warning,
    law: "Act 35(4), Guide 44(4)",
    look: refusal,
};
pub(super) const DESTRUCTION_REQUEST: Rule = Rule {
    id: "outdated.destruction_request",
    severity: Severity::Warning,
    law: "Act 36, Guide 44(1)",
    look: destruction_request,
};
pub(super) const ARTICLE: Rule =
    Rule { id: "outdated.article", severity: Severity::Warning, law: "Act 3(3)", look: article };
pub(super) const FORM: Rule =
    Rule { id: "outdated.form", severity: Severity::Warning, law: "Act 24-2", look: form };

/// The bare term, where the law of the day calls the device fixed.
fn term(look: &Look<'_>) -> Vec<Found> {
    let now = look.law.rule("term-device").map_or("", |it| it.ko.as_str());
    let whole = look.whole();
    if !now.starts_with("고정형") || whole.has("고정형영상정보처리기") {
        return Vec::new();
    }
    let first = whole.find("영상정보처리기기").or_else(|| whole.find("화상정보"));
    let found = first.map(|line| {
        Found::new(
            line,
            "2023년 9월 15일부터 법의 용어는 ‘고정형 영상정보처리기기’입니다. 모두 고치십시오.",
            "since 15 September 2023 the law says fixed visual data processing device (고정형): mend throughout",
        )
    });
    found.into_iter().collect()
}

fn urgent_interest(look: &Look<'_>) -> Vec<Found> {
    if look.law.rule("scope-urgent").is_some() {
        return Vec::new();
    }
    let whole = look.whole();
    let mut places = whole.find_all("급박한생명");
    // Provision to others may still rest on it (Act 18(2)3).
    let found = places.find(|(at, line)| {
        let before: Vec<char> = whole.text[..*at].chars().rev().take(14).collect();
        let before: String = before.into_iter().rev().collect();
        !matches!(look.item(*line), Item::Provision | Item::Annex) && !before.contains("제3자")
    });
    let found = found.map(|(_, line)| {
        Found::new(
            line,
            "급박한 이익을 위한 열람은 2024년 1월 지침에서 빠졌습니다. 남겨 두면 법보다 넓은 약속으로서 지켜야 합니다.",
            "viewing for an urgent interest left the guideline in January 2024: kept, it binds as a wider promise",
        )
    });
    found.into_iter().collect()
}

fn refusal(look: &Look<'_>) -> Vec<Found> {
    if look.law.rule("refusal-prosecution").is_some() {
        return Vec::new();
    }
    let old =
        |it: Refusal| matches!(it, Refusal::Prosecution | Refusal::Expired | Refusal::OtherReason);
    let by_fact: Vec<u32> =
        look.published.refusals.iter().filter(|it| old(it.value)).map(|it| it.line).collect();
    const OLD: [&str; 4] =
        ["공소유지", "보관기간경과파기", "보관기간경과로파기", "보관기간이경과하여파기"];
    let by_word = look.part(&[Item::Requests, Item::Viewing]).find_any(&OLD);
    let found = by_fact.iter().copied().min().or(by_word).map(|line| {
        Found::new(
            line,
            "2024년 1월부터 열람을 거절할 수 있는 사유는 법 제35조제4항뿐입니다(기간이 지나 파기한 것은 거절이 아니라 사실입니다). 고치십시오.",
            "since January 2024 only Act 35(4) allows a refusal; that footage expired is a fact, no refusal: mend",
        )
    });
    found.into_iter().collect()
}

fn destruction_request(look: &Look<'_>) -> Vec<Found> {
    const WORDS: [&str; 7] = [
        "존재확인·파기",
        "존재확인또는파기",
        "존재확인,파기",
        "존재확인및파기",
        "존재확인/파기",
        "열람또는파기",
        "열람·파기를",
    ];
    let mut lines = look.prose().filter(|it| {
        !matches!(look.item(it.number), Item::Keeping | Item::Safety | Item::Destruction)
            && has_any(&it.squeezed, &WORDS)
    });
    let found = lines.next().map(|line| {
        Found::new(
            line.number,
            "정보주체가 요구하는 것은 ‘파기’가 아니라 ‘삭제’입니다(법 제36조). 고치십시오.",
            "what data subjects ask for is deletion (삭제), not destruction (파기): mend",
        )
    });
    found.into_iter().collect()
}

/// An act that the Personal Information Protection Act replaced.
const REPEALED: &str = "공공기관의개인정보보호에관한법률";
/// An act whose chapter on privacy moved to that act.
const NETWORK_ACT: &str = "정보통신망이용촉진및정보보호";

/// What is wrong with a reference, if anything.
fn wrong_reference(law: &str, article: u32, line: &str) -> Option<(&'static str, &'static str)> {
    if law.contains("표준개인정보보호지침") || law == "표준지침" {
        let of_request = has_any(line, &["청구", "열람", "존재확인"]);
        let of_retention = has_any(line, &["보관및파기", "30일이내", "보관기간"]);
        let has_moved = matches!(article, 49..=52)
            || (matches!(article, 47 | 48) && of_request)
            || (article == 45 && of_retention);
        return has_moved.then_some((
            "지침의 조문 번호가 바뀌었습니다: 열람 등의 요구는 제44조, 보호조치는 제46조와 제47조, 점검은 제48조입니다.",
            "the guideline was renumbered: requests are article 44, protection 46 and 47, inspection 48",
        ));
    }
    let areas = has_any(line, &["보호구역", "보호지역", "출입"]);
    (law.contains("보안업무규정") && article == 30 && areas).then_some((
        "보안업무규정의 조문 번호가 바뀌었습니다(보호지역은 제34조). 확인하여 고치십시오.",
        "the security decree was renumbered (protected areas are article 34): check and mend",
    ))
}

fn article(look: &Look<'_>) -> Vec<Found> {
    let text = |line| look.published.source.line(line).map_or("", |it| it.squeezed.as_str());
    let mut found: Vec<Found> = Vec::new();
    if let Some(line) = look.whole().find(REPEALED) {
        found.push(Found::new(
            line,
            "이 법률은 2011년 9월 30일 「개인정보 보호법」으로 바뀌어 폐지되었습니다. 고치십시오.",
            "that act was replaced by the Personal Information Protection Act in 2011: mend",
        ));
    }
    let is_moved = date("2020-08-05").is_ok_and(|day| look.law.date() >= day);
    let by_network_act = look.lines().find(|line| {
        // It may stand where users are told what they must not do; as a ground it is gone.
        line.squeezed.contains(NETWORK_ACT)
            && has_any(&line.squeezed, &["따라", "따름", "의거", "의하여", "근거", "준용", "절차"])
            && !has_any(&line.squeezed, &["위반", "이용자는", "안되며"])
    });
    if let Some(line) = by_network_act.filter(|_| is_moved) {
        found.push(Found::new(
            line.number,
            "정보통신망법의 개인정보 규정은 2020년 8월 5일 「개인정보 보호법」으로 옮겨졌습니다. 고치십시오.",
            "what the network act said on privacy moved to the Personal Information Protection Act in 2020: mend",
        ));
    }
    found.extend(former_ministry(look).filter(|_| is_moved));
    for citation in &look.published.citations {
        let Some(article) = citation.article.filter(|_| citation.branch.is_none()) else {
            continue;
        };
        let law: String = citation.law.chars().filter(|it| !it.is_whitespace()).collect();
        if let Some((ko, en)) = wrong_reference(&law, article, text(citation.line))
            && !found.iter().any(|it| it.ko == ko)
        {
            found.push(Found::new(citation.line, ko, en));
        }
    }
    let of_form = form_article(look).filter(|it| !found.iter().any(|old| old.line == it.line));
    found.extend(of_form);
    found
}

/// The guideline as a notice of a ministry; since August 2020 it is the Commission's.
fn former_ministry(look: &Look<'_>) -> Option<Found> {
    const FORMER: [&str; 4] =
        ["행정안전부고시", "안전행정부고시", "행정자치부고시", "행정안전부의고시"];
    let line = look
        .lines()
        .find(|it| it.squeezed.contains("보호지침") && has_any(&it.squeezed, &FORMER))?;
    Some(Found::new(
        line.number,
        "표준 개인정보 보호지침은 2020년 8월부터 개인정보 보호위원회의 고시입니다. 고시와 조문을 현행으로 고치십시오.",
        "since August 2020 the guideline is a notice of the Commission: cite today's notice and article",
    ))
}

/// The sentence of the request form rests on article 44; a scan may have lost the name of the guideline.
fn form_article(look: &Look<'_>) -> Option<Found> {
    let line = look.form_lines().find(|it| {
        let at = it.squeezed.find("조에따라위");
        let number = at.map(|at| {
            let before: Vec<char> =
                it.squeezed[..at].chars().rev().take_while(char::is_ascii_digit).collect();
            before.into_iter().rev().collect::<String>()
        });
        let is_of_video = has_any(&it.squeezed, &["영상정보", "존재확인", "열람"]);
        is_of_video
            && number.is_some_and(|it| !it.is_empty() && !["44", "35", "36"].contains(&it.as_str()))
    });
    line.map(|line| {
        Found::new(
            line.number,
            "청구서의 근거 조문이 현행과 다릅니다: 「표준 개인정보 보호지침」 제44조입니다.",
            "the form rests on another article than today's: it is article 44 of the guideline",
        )
    })
}

/// A form that asks for the resident registration number, which needs a statute since 2014-08-07.
fn form(look: &Look<'_>) -> Vec<Found> {
    let since = date("2014-08-07").is_ok_and(|day| look.law.date() >= day);
    let is_field = |text: &str| {
        text.contains("주민등록번호")
            && !has_any(text, &["뒷자리", "기재하지", "가리고", "수집하지", "제외"])
    };
    let mut lines = look.form_lines().filter(|it| since && is_field(&it.squeezed));
    let found = lines.next().map(|line| {
        Found::new(
            line.number,
            "청구서가 주민등록번호를 요구합니다. 현행 서식대로 생년월일로 바꾸십시오.",
            "the form asks for the resident registration number: ask for the date of birth, as today's form does",
        )
    });
    found.into_iter().collect()
}
