//! Deadlines and grounds of refusal.

use super::keeping::{first_letters, last_letters};
use crate::marker::{Marker, marked};
use crate::scan::periods;
use crate::{At, Deadline, DeadlineOf, Item, Published, Refusal, Section};

/// By when something is done, every mention.
pub(super) fn deadlines(published: &Published) -> Vec<Deadline> {
    let mut found = Vec::new();
    for section in &published.sections {
        for line in published.source.between(section.first, section.last) {
            found.extend(of_line(section, line.number, &line.squeezed));
        }
    }
    found
}

fn of_line(section: &Section, line: u32, text: &str) -> Vec<Deadline> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let is_qualified = [
            "특별한사유가없는한",
            "부득이한사유가없는한",
            "정당한사유가없는한",
            "특별한사정이없는한",
        ]
        .iter()
        .any(|it| sentence.contains(it));
        let of = of_what(section.item, sentence);
        let made = |days, without_delay, from: usize| Deadline {
            line,
            item: section.item,
            of: of_clause(of, &sentence[from..]),
            days,
            without_delay,
            is_qualified,
        };
        for period in periods(sentence).into_iter().filter(|it| !it.value.in_months) {
            let after = first_letters(&sentence[period.end..], 4);
            // 정보관련 is no 보관.
            let before = last_letters(&sentence[..period.start], 14).replace("정보관", "정보");
            let is_within = ["이내", "내에", "안에", "전에", "전부터", "전까지", "전"]
                .iter()
                .any(|it| after.starts_with(it));
            let is_kept = ["보관", "보유", "촬영", "저장", "보존", "수집후"]
                .iter()
                .any(|it| before.contains(it));
            if is_within && !is_kept {
                found.push(made(Some(period.value.days), false, period.end));
            }
        }
        let at_once = ["지체없이", "지체하지않고"].iter().find_map(|it| sentence.find(it));
        if let Some(at) = at_once {
            found.push(made(None, true, at));
        }
    }
    found
}

/// Sentences of a line without spaces.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive("니다")
        .flat_map(|it| it.split_inclusive("한다."))
        .filter(|it| !it.is_empty())
}

fn of_what(item: Item, sentence: &str) -> DeadlineOf {
    let has = |words: &[&str]| words.iter().any(|it| sentence.contains(it));
    if item == Item::Changes {
        DeadlineOf::Notice
    } else if has(&["거부", "거절", "제한", "연기"]) && has(&["통지", "알려", "통보", "알립"])
    {
        DeadlineOf::Refusal
    } else if matches!(item, Item::Requests | Item::Viewing | Item::Annex)
        || has(&["열람", "존재확인"])
    {
        DeadlineOf::Action
    } else {
        DeadlineOf::Other
    }
}

/// One sentence may act and refuse: what follows within its clause decides.
fn of_clause(of: DeadlineOf, after: &str) -> DeadlineOf {
    let clause = ["하며", "하고", "하되", "하겠", ",", "합니다"]
        .iter()
        .filter_map(|it| after.find(it))
        .min()
        .map_or(after, |end| &after[..end]);
    let acts = ["조치", "열람하게", "처리"].iter().any(|it| clause.contains(it));
    let tells = ["사유", "통지", "거부", "거절"].iter().any(|it| clause.contains(it));
    if of == DeadlineOf::Refusal && acts && !tells { DeadlineOf::Action } else { of }
}

/// Days of notice that are promised before a change.
pub(super) fn notice_days(deadlines: &[Deadline], published: &Published) -> Option<At<u32>> {
    let of_notice = || deadlines.iter().filter(|it| it.of == DeadlineOf::Notice);
    let announces = |line: u32| {
        let text = published.source.line(line).map_or("", |it| it.squeezed.as_str());
        ["공지", "공고", "고지", "게시", "알리", "알려", "안내"].iter().any(|it| text.contains(it))
    };
    let in_days = of_notice().find(|it| it.days.is_some() && announces(it.line));
    let at_once = of_notice().find(|it| it.without_delay && announces(it.line));
    in_days
        .map(|it| At { line: it.line, value: it.days.unwrap_or(0) })
        .or_else(|| at_once.map(|it| At { line: it.line, value: 0 }))
}

/// Why a request may be refused: the list below the sentence that says so.
pub(super) fn refusals(published: &Published) -> Vec<At<Refusal>> {
    let mut found = Vec::new();
    for section in &published.sections {
        if !matches!(
            section.item,
            Item::Requests | Item::Viewing | Item::Provision | Item::Unknown | Item::Other
        ) {
            continue;
        }
        let mut open = false;
        for line in published.source.between(section.first, section.last) {
            let text = &line.squeezed;
            let refuses = [
                "거부할수",
                "거절할수",
                "제한할수",
                "제한하거나거절",
                "거부사유",
                "제한·거절",
                "응하지않을",
                "거부또는제한",
            ];
            if refuses.iter().any(|it| text.contains(it)) {
                open = true;
                continue;
            }
            if !open || text.is_empty() {
                continue;
            }
            let marker = marked(&line.text).marker;
            let is_item = marker != Marker::None || text.ends_with("경우") || text.ends_with("때");
            if !is_item || text.contains("니다") {
                open = is_item;
                continue;
            }
            found.push(At { line: line.number, value: refusal(text) });
        }
    }
    found
}

fn refusal(text: &str) -> Refusal {
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if has(&["수사", "공소", "재판"]) {
        Refusal::Prosecution
    } else if has(&["보관기간이경과", "보관기간경과", "파기한", "파기된", "삭제된"])
    {
        Refusal::Expired
    } else if has(&["사생활"]) {
        Refusal::OthersPrivacy
    } else if has(&["생명", "신체"]) {
        Refusal::OthersInterest
    } else if has(&["조세", "시험", "감사", "보상금"]) {
        Refusal::PublicTask
    } else if has(&["정당한사유", "상당한사유", "그밖에", "기타"]) {
        Refusal::OtherReason
    } else if has(&["법률", "법령"]) {
        Refusal::Statute
    } else {
        Refusal::Else
    }
}
