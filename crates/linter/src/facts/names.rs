//! Whose policy it is, and every spelling of its name.

use super::squeezed;
use crate::{At, Item, Published};

/// What was read of names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) title: Option<At<String>>,
    pub(super) institution: Option<At<String>>,
    pub(super) short: Option<At<String>>,
    pub(super) names: Vec<At<String>>,
}

/// Reads title, name, short name and spellings.
pub(super) fn names(published: &Published) -> Names {
    let title = title(published);
    let (subject, short) = subject(published);
    let of_title = title.as_ref().and_then(title_name);
    let institution = subject
        .map(|it| in_full(published, it))
        .or_else(|| of_title.clone())
        .or_else(|| by_ending(published))
        .or_else(|| by_count(published));
    let mut names: Vec<At<String>> = of_title.into_iter().collect();
    if let Some(own) = &institution {
        names.push(own.clone());
        names.extend(spellings(published, &own.value));
    }
    names.extend(short.clone());
    names.sort();
    names.dedup();
    Names { title, institution, short, names }
}

const DEVICE: &[&str] = &[
    "방범용",
    "다목적",
    "생활방범",
    "고정형",
    "이동형",
    "영상정보처리",
    "영상 정보",
    "CCTV",
    "개인영상",
    "폐쇄회로",
    "운영",
];

/// The first line that is a title.
fn title(published: &Published) -> Option<At<String>> {
    published.source.lines.iter().take(40).find_map(|line| {
        let bare = &line.squeezed;
        let is_device = bare.contains("영상정보") || bare.contains("CCTV");
        let is_paper = ["방침", "지침", "규정", "내규", "안내"].iter().any(|it| bare.contains(it));
        let is_title =
            is_device && is_paper && bare.chars().count() <= 50 && !bare.contains("니다");
        is_title.then(|| At { line: line.number, value: line.text.trim().to_owned() })
    })
}

/// `【 가나시청 영상정보처리기기 운영·관리 방침 】` names whose it is.
fn title_name(title: &At<String>) -> Option<At<String>> {
    let text = title.value.trim_matches(|it: char| !it.is_alphanumeric() && it != '(');
    let at = DEVICE.iter().filter_map(|it| text.find(it)).min()?;
    let name = text[..at].trim().trim_end_matches(['의', ' ']).trim_start_matches("본 ");
    let name = name.trim_matches(|it: char| !it.is_alphanumeric() && !matches!(it, '(' | ')'));
    let is_name = name.chars().count() >= 2
        && !name.chars().all(|it| it.is_ascii_digit())
        && !is_generic(name);
    is_name.then(|| At { line: title.line, value: name.to_owned() })
}

fn is_generic(name: &str) -> bool {
    let bare = squeezed(name);
    [
        "본기관",
        "기타",
        "우리기관",
        "당기관",
        "본원",
        "본교",
        "우리원",
        "우리",
        "기관",
        "본",
        "당사",
        "본사",
        "학교",
        "붙임",
        "별첨",
    ]
    .contains(&bare.as_str())
        || bare.starts_with("제") && bare.ends_with('장')
}

/// `가나시청(이하 "시청"이라 함)은 … 방침을 통해`.
fn subject(published: &Published) -> (Option<At<String>>, Option<At<String>>) {
    for section in published.sections.iter().take(4).filter(|it| it.item != Item::Annex) {
        for line in published.source.between(section.first, section.last) {
            if published.is_in_table(line.number) || line.squeezed.chars().count() < 12 {
                continue;
            }
            let short = short_of(&line.text).map(|value| At { line: line.number, value });
            let speaks = [
                "방침을통",
                "통해",
                "알려드",
                "방침」",
                "설치·운영",
                "설치및운영",
                "지침을",
                "이하",
                "설치운영",
            ]
            .iter()
            .any(|it| line.squeezed.contains(it));
            if let Some(name) = subject_of(&line.text).filter(|_| speaks) {
                return (Some(At { line: line.number, value: name }), short);
            }
        }
    }
    (None, None)
}

/// The subject with which a sentence begins.
fn subject_of(text: &str) -> Option<String> {
    let text = crate::marker::marked(text).rest;
    let text = ["이 방침은 ", "이 지침은 ", "이 규정은 ", "본 방침은 ", "이 규칙은 "]
        .iter()
        .find_map(|it| text.strip_prefix(it))
        .unwrap_or(text);
    let open = text.find("이하").and_then(|at| text[..at].rfind('('));
    // `(주)가나는(이하 "회사"라 함)`: the particle stands before the bracket.
    let named = open.map(|at| text[..at].trim_end().trim_end_matches(['은', '는']));
    let own = named.or_else(|| before_particle(text))?;
    let own = own
        .trim()
        .trim_start_matches("()")
        .trim_start_matches("본 ")
        .trim_start_matches("우리 ")
        .trim_matches(['"', '\'', ' ', '「', '」']);
    let own = own.rsplit("」").next().unwrap_or(own).trim();
    let own = own.strip_prefix("본 ()").unwrap_or(own).trim_start_matches("()").trim();
    // `○○의료재단 △△병원`: the last word runs the cameras.
    let own = match own.rsplit_once(' ') {
        Some((before, last)) if before.contains("재단") && last.chars().count() >= 4 => last,
        _ => own,
    };
    let count = own.chars().count();
    let is_name = (2..=30).contains(&count)
        && !is_generic(own)
        && !is_common(own)
        && !["방침", "법", "영상", "방법", "다음", "목적", "개인정보", "정보주체"]
            .iter()
            .any(|it| own.contains(it));
    is_name.then(|| own.to_owned())
}

/// A common word for a kind of agency, or the beginning of a clause: no name.
fn is_common(name: &str) -> bool {
    let bare = squeezed(name);
    let common = [
        "회사",
        "농업협동조합",
        "농협",
        "금고",
        "기관",
        "통합관제센터",
        "관제센터",
        "주민센터",
        "도서관",
        "학교",
        "병원",
        "센터",
        "조합",
        "대학",
        "진흥원",
        "공단",
        "공사",
        "재단",
        "의료원",
        "연구원",
        "본관",
        "사이트",
        "홈페이지",
        "기업",
        "협회",
        "복지관",
        "법인",
        "귀하",
        "고객",
        "이용자",
        "교내",
        "학교내",
    ];
    let is_clause = ["되", "하", "있", "된", "한", "할", "있는", "하여", "되어", "위하"]
        .iter()
        .any(|end| bare.ends_with(end));
    // Rooms and counters that every agency has.
    let is_room = ["관제센터", "주민센터", "콜센터", "고객센터", "안내센터", "보안센터", "축협"]
        .iter()
        .any(|it| bare.ends_with(it));
    common.contains(&bare.as_str()) || is_clause || is_room
}

/// What stands before the first particle of a subject.
fn before_particle(text: &str) -> Option<&str> {
    let mut best: Option<usize> = None;
    for particle in ["은 ", "는 ", "에서는 ", "에서 ", "이 설치", "가 설치", "의 "] {
        if let Some(at) = text.find(particle) {
            best = Some(best.map_or(at, |it| it.min(at)));
        }
    }
    let own = &text[..best?];
    Some(own.strip_suffix("에서").unwrap_or(own))
}

/// What `이하 …라 함` names.
fn short_of(text: &str) -> Option<String> {
    let at = text.find("이하")?;
    let rest = text[at + "이하".len()..].trim_start();
    let end = rest.find(')').unwrap_or(rest.len());
    let inner = super::keeping::first_letters(&rest[..end], 40);
    let quoted = inner
        .split(['"', '\'', '「', '」', '『', '』', '“'])
        .nth(1)
        .filter(|it| !it.trim().is_empty());
    let own = quoted.map_or_else(|| without_ending(inner), str::trim);
    let own = own.trim();
    let is_name = (1..=20).contains(&own.chars().count());
    is_name.then(|| own.to_owned())
}

fn without_ending(text: &str) -> &str {
    const ENDS: &[&str] = &[
        "이라 함",
        "이라함",
        "라 함",
        "라함",
        "이라고 함",
        "라고 함",
        "이라 한다",
        "라 한다",
        "이라고 한다",
        "라고 한다",
        "이라 합니다",
        "라 합니다",
        "이라고 합니다",
        "라고 합니다",
        "으로 한다",
        "로 한다",
        "함",
        "한다",
        ".",
    ];
    let text = text.trim().trim_end_matches('.');
    ENDS.iter().find_map(|it| text.strip_suffix(it)).unwrap_or(text)
}

/// A word at the head that ends as agencies do, where nothing else names it.
fn by_ending(published: &Published) -> Option<At<String>> {
    const ENDS: &[&str] = &[
        "시청",
        "구청",
        "군청",
        "경찰청",
        "경찰서",
        "소방서",
        "교육청",
        "교육지원청",
        "공단",
        "공사",
        "대학교",
        "초등학교",
        "중학교",
        "고등학교",
        "유치원",
        "병원",
        "의료원",
        "재단",
        "연구원",
        "진흥원",
        "개발원",
        "도서관",
        "박물관",
        "복지관",
        "위원회",
        "센터",
        "보건소",
        "관리소",
        "관리원",
        "우체국",
        "세무서",
        "법원",
        "검찰청",
        "노동청",
        "공원",
        "체육관",
        "문화원",
        "협회",
        "은행",
        "처",
        "부",
        "청",
        "원",
        "시",
        "군",
    ];
    for line in published.source.lines.iter().take(12) {
        for word in line.text.split([' ', '\t', '(', ')', '"', ',']) {
            let own = word.trim_end_matches(['은', '는', '의', '에']).trim_end_matches("에서");
            let count = own.chars().count();
            let is_long = |end: &str| end.chars().count() > 1 && count >= end.chars().count() + 2;
            if (4..=20).contains(&count)
                && own.chars().all(|it| ('가'..='힣').contains(&it))
                && ENDS.iter().any(|end| is_long(end) && own.ends_with(end))
                && !is_common(own)
            {
                return Some(At { line: line.number, value: own.to_owned() });
            }
        }
    }
    None
}

/// `관리원은`: the name in full stands elsewhere, ending so.
fn in_full(published: &Published, short: At<String>) -> At<String> {
    const SHORT: usize = 4;
    let own = short.value.as_str();
    if own.chars().count() > SHORT || !own.chars().all(|it| ('가'..='힣').contains(&it)) {
        return short;
    }
    let ends_as_agency = ["원", "관", "청", "단", "사", "소", "교", "회", "센터", "재단", "공사"];
    if !ends_as_agency.iter().any(|it| own.ends_with(it)) {
        return short;
    }
    for line in published.source.lines.iter().take(HEAD_LINES) {
        let words = line.text.split(|it: char| !('가'..='힣').contains(&it));
        let mut full = words.filter_map(|it| it.find(own).map(|at| &it[..at + own.len()]));
        let named = full.find(|it| (own.chars().count() + 2..=20).contains(&it.chars().count()));
        if let Some(named) = named {
            return At { line: line.number, value: named.to_owned() };
        }
    }
    short
}

/// The name stands at the head of the text.
const HEAD_LINES: usize = 40;

/// Where nothing names it: the word that ends as agencies do and stands most often.
fn by_count(published: &Published) -> Option<At<String>> {
    const ENDS: [&str; 22] = [
        "초등학교",
        "중학교",
        "고등학교",
        "대학교",
        "유치원",
        "어린이집",
        "복지관",
        "도서관",
        "박물관",
        "미술관",
        "병원",
        "의료원",
        "공단",
        "공사",
        "재단",
        "연구원",
        "진흥원",
        "리조트",
        "호텔",
        "농협",
        "신협",
        "새마을금고",
    ];
    const OTHERS: [&str; 6] = ["인터넷진흥원", "개인정보", "분쟁", "침해", "심판", "경찰"];
    const MOST: usize = 400;
    const MOST_NAMES: usize = 64;
    let mut seen: Vec<(String, u32, u32)> = Vec::new();
    for line in published.source.lines.iter().take(MOST) {
        for word in line.text.split(|it: char| !('가'..='힣').contains(&it)) {
            let end =
                ENDS.iter().filter_map(|it| word.find(it).map(|at| (at, at + it.len()))).min();
            let Some((at, end)) = end.filter(|(at, _)| *at >= 2 * '가'.len_utf8()) else {
                continue;
            };
            let own = &word[..end];
            let is_other = OTHERS.iter().any(|it| own.contains(it)) || is_common(own);
            if is_other || own.chars().count() > 20 || is_role_word(&word[..at]) {
                continue;
            }
            if let Some((_, _, count)) = seen.iter_mut().find(|(name, ..)| name == own) {
                *count += 1;
            } else if seen.len() < MOST_NAMES {
                seen.push((own.to_owned(), line.number, 1));
            }
        }
    }
    let best = seen.iter().max_by_key(|(_, line, count)| (*count, u32::MAX - line))?.clone();
    // Two of a kind: either may be it.
    let kind: String = best.0.chars().rev().take(2).collect();
    let is_rival = |it: &str| {
        it != best.0 && it.chars().rev().take(2).eq(kind.chars()) && !it.contains(best.0.as_str())
    };
    if seen.iter().any(|(name, ..)| is_rival(name)) {
        return None;
    }
    let is_school = best.0.ends_with("학교") || best.0.ends_with("유치원");
    // `복지관은`: the text calls itself by its kind.
    let kind = ENDS.iter().find(|it| best.0.ends_with(*it))?;
    let is_subject = || {
        let speaks = |it: &crate::Line| {
            it.squeezed.starts_with(&format!("{kind}은"))
                || it.squeezed.starts_with(&format!("{kind}는"))
        };
        published.source.lines.iter().any(speaks)
    };
    (best.2 > 1 || is_school || is_subject()).then_some(At { line: best.1, value: best.0 })
}

/// Words that stand before an agency's kind and name none: `소속 병원`, `각급 학교`.
fn is_role_word(head: &str) -> bool {
    ["소속", "각급", "해당", "관할", "인근", "전국", "국공립"].contains(&head)
}

/// Words that begin and end as the name does.
fn spellings(published: &Published, name: &str) -> Vec<At<String>> {
    let own = squeezed(name);
    let letters: Vec<char> = own.chars().collect();
    let mut found: Vec<At<String>> = Vec::new();
    if letters.len() < 4 || !letters.iter().all(|it| ('가'..='힣').contains(it)) {
        return found;
    }
    let head: String = letters[..2].iter().collect();
    let tail = letters[letters.len() - 1];
    for line in &published.source.lines {
        for (at, _) in line.text.match_indices(&head) {
            let before = line.text[..at].chars().next_back();
            if before.is_some_and(|it| ('가'..='힣').contains(&it)) {
                continue;
            }
            let word: String = line.text[at..]
                .chars()
                .take_while(|it| ('가'..='힣').contains(it))
                .take(letters.len() + 4)
                .collect();
            let Some(end) = word.rfind(tail) else { continue };
            let spelling = &word[..end + tail.len_utf8()];
            let rest = &word[end + tail.len_utf8()..];
            let count = spelling.chars().count();
            let is_near = count >= 4 && count + 3 >= letters.len() && count <= letters.len() + 3;
            let is_word = [
                "",
                "은",
                "는",
                "이",
                "가",
                "의",
                "에",
                "을",
                "를",
                "에서",
                "에서는",
                "장",
                "과",
                "와",
                "로",
                "에게",
                "장에게",
                "이라",
            ]
            .contains(&rest);
            if is_near && is_word {
                found.push(At { line: line.number, value: spelling.to_owned() });
            }
        }
    }
    found
}
