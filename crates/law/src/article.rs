//! An article as a document names it in Korean.

/// What the files call the laws, and what the laws are called.
const LAWS: [(&str, &str); 4] = [
    ("Act", "개인정보 보호법"),
    ("Dec", "개인정보 보호법 시행령"),
    ("Guide", "표준 개인정보 보호지침"),
    ("Safe", "개인정보의 안전성 확보조치 기준"),
];

/// `Act 35(4)1, Dec 42(2)` is `「개인정보 보호법」 제35조제4항제1호, 「개인정보 보호법 시행령」 제42조제2항`. What is
/// written otherwise stays as it is.
#[must_use]
pub fn article_in_korean(articles: &str) -> String {
    let mut before = "";
    let named = articles.split(", ").map(|part| {
        let (law, number) = part.rsplit_once(' ').unwrap_or((before, part));
        let Some(number) = number_in_korean(number).filter(|_| !law.is_empty()) else {
            return part.to_owned();
        };
        let is_same = law == before;
        before = law;
        if is_same { number } else { format!("「{}」 {number}", name(law)) }
    });
    named.collect::<Vec<_>>().join(", ")
}

fn name(law: &str) -> &str {
    LAWS.iter().find(|(short, _)| *short == law).map_or(law, |(_, name)| name)
}

/// `35(4)1` is `제35조제4항제1호`.
fn number_in_korean(text: &str) -> Option<String> {
    let (article, rest) = digits(text)?;
    let mut korean = format!("제{article}조");
    let mut rest = rest;
    if let Some(inner) = rest.strip_prefix('(') {
        let (paragraph, after) = digits(inner)?;
        korean += &format!("제{paragraph}항");
        rest = after.strip_prefix(')')?;
    }
    if !rest.is_empty() {
        let (item, after) = digits(rest)?;
        korean += &format!("제{item}호");
        rest = after;
    }
    rest.is_empty().then_some(korean)
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Topic, korea};

    #[test]
    fn an_article_is_named_as_a_document_names_it() {
        let pairs = [
            ("Act 35(4)1", "「개인정보 보호법」 제35조제4항제1호"),
            ("Act 35", "「개인정보 보호법」 제35조"),
            (
                "Act 35(4), Dec 41(5), Dec 42(1)",
                "「개인정보 보호법」 제35조제4항, 「개인정보 보호법 시행령」 제41조제5항, 제42조제1항",
            ),
            (
                "Act 38(5), 행정기본법 36(1)",
                "「개인정보 보호법」 제38조제5항, 「행정기본법」 제36조제1항",
            ),
            ("행정심판법 27(1), 27(3)", "「행정심판법」 제27조제1항, 제27조제3항"),
            ("의료법 38의2(1)~(3)", "의료법 38의2(1)~(3)"),
            ("", ""),
        ];
        for (article, korean) in pairs {
            assert_eq!(article_in_korean(article), korean);
        }
    }

    #[test]
    fn every_article_that_a_letter_names_is_named_in_korean() {
        let told = |rule: &&crate::Rule| {
            matches!(rule.topic, Topic::Objection | Topic::RefusalGround)
                || rule.id.starts_with("letter-")
        };
        for rule in korea().all().iter().filter(told) {
            let korean = article_in_korean(&rule.article);
            assert!(!korean.contains(|c: char| c.is_ascii_alphabetic() || c == '('), "{korean}");
        }
    }
}
