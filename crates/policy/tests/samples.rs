//! The five institutions of `samples/`: each can be published, and every fact of its published policy
//! stands in what Jikim makes of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use papers::{Block, html};
use policy::{Check, Description, Policy, Severity};

struct Sample {
    name: &'static str,
    text: &'static str,
    cameras: u32,
    /// What the published text says, as data.
    facts: &'static [&'static str],
}

const SAMPLES: [Sample; 5] = [
    Sample {
        name: "patent",
        text: include_str!("../../../samples/institutions/patent.toml"),
        cameras: 9,
        facts: &[
            "한국특허기술진흥원",
            "시설안전 및 화재 예방",
            "제25조제1항",
            "1층 복도 및 로비",
            "2층 복도 및 로비",
            "전면 출입구",
            "후면 출입구",
            "엘리베이터 내부",
            "합계 9대",
            "서울시 마포구 연희로 11(동교동)",
            "실장 전략기획실 042-000-0001",
            "책임 경영관리팀 042-000-0002",
            "24시간",
            "30일",
            "1층 방재실",
            "㈜SK쉴더스",
            "1500-0003",
            "10일",
            "2013. 10. 23.",
            "2022. 4. 4.",
            "2022. 8. 4.",
        ],
    },
    Sample {
        name: "smes",
        text: include_str!("../../../samples/institutions/smes.toml"),
        cameras: 2,
        facts: &[
            "중소벤처기업부",
            "시설안전 및 관리, 화재 예방",
            "고객의 안전을 위한 범죄 예방",
            "민원실 2대",
            "운영지원과장",
            "044-000-0005",
            "주무관",
            "24시간",
            "30일",
            "보안실",
            "세종특별자치시 가름로 180",
            "10일",
            "2012. 3. 30.",
            "2024. 11. 1.",
            "개인정보 보호법 개정 사항 반영",
        ],
    },
    Sample {
        name: "customs",
        text: include_str!("../../../samples/institutions/customs.toml"),
        cameras: 171,
        facts: &[
            "관세인재개발원",
            "범죄예방",
            "시설안전",
            "본관 (1층~3층) 31대",
            "생활관 A동 (1층~3층) 36대",
            "생활관 B동 (1층~3층) 31대",
            "후생관 지하 및 1층~2층 8대",
            "정문 2대",
            "후문 5대",
            "체험관 지하 및 외곽 1층~3층 23대",
            "탐지견 훈련센터(인천) 35대",
            "합계 171대",
            "교육지원과장",
            "041-000-0007",
            "보안담당자",
            "041-000-0008",
            "24시간",
            "30일",
            "관세인재개발원 본관 안내실",
            "7일 전",
            "2015. 3. 24.",
            "2019. 4. 1. 2019. 4. 8.",
            "2020. 3. 1. 2020. 3. 1.",
            "2021. 5. 26. 2021. 5. 26.",
            "2022. 5. 12. 2022. 5. 12.",
            "2023. 5. 8. 2023. 5. 8.",
        ],
    },
    Sample {
        name: "gunsan",
        text: include_str!("../../../samples/institutions/gunsan.toml"),
        cameras: 12,
        facts: &[
            "군산시",
            "범죄의 예방 및 수사",
            "시설안전 및 화재 예방",
            "교통단속",
            "교통정보의 수집·분석 및 제공",
            "건물로비 및 출입구주변",
            "24시간",
            "30일",
            "수시 모니터링",
            "부시장",
            "교통행정과",
            "지능형교통계장",
            "행정지원과",
            "과장",
            "주무관",
            "10일",
            "2013. 6. 20. 2013. 6. 20.",
            "가정한 것",
        ],
    },
    Sample {
        name: "labor",
        text: include_str!("../../../samples/institutions/labor.toml"),
        cameras: 60,
        facts: &[
            "중부지방고용노동청",
            "인천고용복지+센터",
            "시설안전 및 화재 예방",
            "고객의 안전을 위한 범죄 예방",
            "차량도난 및 파손방지(주차장)",
            "중부지방고용노동청 소계 4대",
            "인천고용복지+센터 소계 56대",
            "합계 60대",
            "고객지원실 사무공간 1대",
            "광역근로감독과 사무공간 1대",
            "산재예방지도과 사무공간 1대",
            "부정수급조사과 사무공간 1대",
            "정문 출입구(1) 1대",
            "입구 및 주차장내부(5) 5대",
            "주차장 내부(3) 3대",
            "엘리베이터 내부(2) 2대",
            "1~6층 및 옥상계단(1대씩) 7대",
            "로비(1), 문서고 내부(2) 3대",
            "1층 로비(3), 2~6층 로비(1대씩) 8대",
            "실업급여과 출입구(2), 1층 사무공간(7) 9대",
            "2층 사무공간(8) 8대",
            "3층 사무공간(2) 2대",
            "4층 사무공간(4) 4대",
            "5층 사무공간(2) 2대",
            "6층 사무공간(2) 2대",
            "정부인천지방종합청사 청사관리소(032-000-0009)",
            "과장 고용관리과 032-000-0010",
            "주무관 고용관리과 032-000-0011",
            "주무관 취업지원과 032-000-0012",
            "24시간",
            "30일",
            "4층 고용관리과",
            "1층 경비실",
            "ADT캡스",
            "1500-0013",
            "2021. 7. 23.",
        ],
    },
];

fn described(sample: &Sample) -> Description {
    Description::read(sample.text).unwrap_or_else(|error| panic!("{}: {error}", sample.name))
}

fn law_of(described: &Description) -> law::Law<'static> {
    let newest = described.versions.last().unwrap();
    law::korea().on(law::date(&newest.effective).unwrap())
}

fn policy(sample: &Sample) -> Policy {
    let described = described(sample);
    Policy::of(&described, law_of(&described))
}

/// All the words of a policy, one blank apart.
fn words(policy: &Policy) -> String {
    let mut texts = vec![policy.paper.title.as_str()];
    for block in &policy.paper.blocks {
        match block {
            Block::Heading { text, .. } => texts.push(text),
            Block::Paragraph { sentences } | Block::List { items: sentences, .. } => {
                texts.extend(sentences.iter().map(|sentence| sentence.text.as_str()));
            }
            Block::Table { caption, head, rows } => {
                texts.push(caption);
                texts.extend(head.iter().map(String::as_str));
                texts.extend(rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.as_str()));
            }
            Block::Note { sentence } => texts.push(&sentence.text),
            Block::PageBreak => {}
        }
    }
    texts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_of_the_five_can_be_published() {
    for sample in &SAMPLES {
        let described = described(sample);
        let findings = described.findings(law_of(&described));
        let errors: Vec<_> =
            findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", sample.name);
        assert_eq!(described.cameras(), sample.cameras, "{}", sample.name);
        assert!(!described.mended.is_empty(), "{} tells what was mended", sample.name);
    }
}

#[test]
fn every_fact_of_the_published_text_is_in_the_policy() {
    for sample in &SAMPLES {
        let policy = policy(sample);
        let words = words(&policy);
        let page = html(&policy.document(), "");
        for fact in sample.facts {
            assert!(words.contains(fact), "{}: {fact:?} is missing in\n{words}", sample.name);
            let longest = fact.split(' ').max_by_key(|word| word.len()).unwrap();
            assert!(page.contains(longest), "{}: {longest:?} is not on the page", sample.name);
        }
    }
}

#[test]
fn every_promise_stands_in_the_text_once_and_every_line_of_cameras_makes_one() {
    for sample in &SAMPLES {
        let (described, policy) = (described(sample), policy(sample));
        let page = html(&policy.document(), "");
        let mut ids: Vec<&str> =
            policy.promises.iter().map(|promise| promise.id.as_str()).collect();
        for id in &ids {
            let stands = page.matches(&format!("data-promise=\"{id}\"")).count();
            assert_eq!(stands, 1, "{}: {id}", sample.name);
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{}: two promises have one id", sample.name);
        let lines = policy.promises.iter();
        let lines = lines.filter(|promise| matches!(promise.check, Check::SpotCameras { .. }));
        assert_eq!(lines.count(), described.spots.len());
    }
}

#[test]
fn a_document_of_a_policy_is_the_same_after_its_json() {
    for sample in &SAMPLES {
        let document = policy(sample).document();
        assert_eq!(papers::Document::read(document.to_json().as_bytes()).unwrap(), document);
    }
}

#[test]
fn the_words_follow_the_law_of_the_day() {
    let described = described(&SAMPLES[0]);
    let on = |day: &str| words(&Policy::of(&described, law::korea().on(law::date(day).unwrap())));
    assert!(on("2023-09-15").contains("고정형 영상정보처리기기가 무엇을"));
    assert!(!on("2023-09-14").contains("고정형 영상정보처리기기가 무엇을"));
    // Since January 2024 a request is refused on the grounds of the Act alone.
    let reason = "그 밖에 거부할 만한 정당한 사유가 있는 경우";
    assert!(on("2024-01-03").contains(reason));
    assert!(!on("2024-01-04").contains(reason));
}
