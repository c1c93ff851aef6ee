//! Where footage can be seen, and what is done on requests.

use crate::rules::look::has_any;
use crate::{Found, Item, Look, Rule, Severity};

pub(in crate::rules) const VIEWING: Rule =
    Rule { id: "required.viewing", severity: Severity::Error, law: "Dec 25(1)5", look: viewing };
pub(in crate::rules) const REQUESTS: Rule =
    Rule { id: "required.requests", severity: Severity::Error, law: "Dec 25(1)6", look: requests };
pub(in crate::rules) const REFUSAL: Rule = Rule {
    id: "required.refusal",
    severity: Severity::Warning,
    law: "Act 35(4), Dec 42(2)",
    look: refusal,
};
pub(in crate::rules) const DEADLINE: Rule = Rule {
    id: "required.deadline",
    severity: Severity::Warning,
    law: "Act 35(3), Dec 41(4), 42(2)",
    look: deadline,
};

fn viewing(look: &Look<'_>) -> Vec<Found> {
    let said = look.prose().any(|line| {
        has_any(
            &line.squeezed,
            &[
                "확인방법",
                "확인장소",
                "열람장소",
                "열람방법",
                "확인하실수",
                "방문하시면",
                "방문하면",
            ],
        )
    });
    if !look.published.viewing.is_empty() || look.has_section(Item::Viewing) || said {
        return Vec::new();
    }
    vec![Found::new(
        0,
        "영상정보의 확인 방법과 장소가 없습니다. 누구에게 연락하고 어디로 가면 되는지 적으십시오.",
        "how and where footage can be seen is missing: whom to call, where to go",
    )]
}

fn has_requests(look: &Look<'_>) -> bool {
    let said = look.prose().any(|line| {
        line.squeezed.contains("열람")
            && has_any(
                &line.squeezed,
                &["요구하", "요구할", "청구하", "신청하", "원하는경우", "요구에대하여"],
            )
    });
    look.has_section(Item::Requests) || said
}

fn requests(look: &Look<'_>) -> Vec<Found> {
    if has_requests(look) {
        return Vec::new();
    }
    vec![Found::new(
        0,
        "열람 등의 요구에 대한 조치가 없습니다. 무엇을 요구할 수 있고 언제까지 어떻게 조치하는지 적으십시오.",
        "what is done on requests is missing: what can be asked for, how and by when it is answered",
    )]
}

fn refusal(look: &Look<'_>) -> Vec<Found> {
    let items = [Item::Requests, Item::Viewing, Item::Other, Item::Unknown];
    let said = look.part(&items).has_any(&["거부", "거절", "제한", "제35조"]);
    let elsewhere = !look.has_section(Item::Requests)
        && look.prose().any(|line| has_any(&line.squeezed, &["거부", "거절"]));
    if !has_requests(look) || !look.published.refusals.is_empty() || said || elsewhere {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Requests),
        "열람을 제한·거절할 수 있는 사유와 통지 방법이 없습니다. 법 제35조제4항의 사유와 이의제기 방법을 적으십시오.",
        "grounds of refusal and how it is told are missing: name those of Act 35(4), and how to object",
    )]
}

fn deadline(look: &Look<'_>) -> Vec<Found> {
    // A period in a table of hours and places is how long footage is kept.
    let is_kept = |it: &crate::Deadline| {
        it.of == crate::DeadlineOf::Other && look.published.is_in_table(it.line)
    };
    let told = look
        .published
        .deadlines
        .iter()
        .any(|it| it.days.is_some() && it.item != Item::Changes && !is_kept(it));
    let said = look.lines().any(|line| {
        let changes = look.item(line.number) == Item::Changes;
        !changes && has_any(&line.squeezed, &["10일이내", "십일이내", "10일내", "10일안"])
    });
    if !has_requests(look) || told || said {
        return Vec::new();
    }
    vec![Found::new(
        look.heading_of(Item::Requests),
        "늦어도 며칠 안에 답하는지 없습니다. ‘지체 없이, 늦어도 10일 이내’와 거절 통지의 기한을 적으십시오.",
        "no latest day of an answer is told: without delay, within ten days at the latest; so with a refusal",
    )]
}
