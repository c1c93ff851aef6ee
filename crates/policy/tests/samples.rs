//! The five institutions of `samples/`: each can be published, and every fact of its published policy
//! stands in what Jikim makes of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use papers::html;
use policy::{Check, Description, Policy, Severity};

struct Sample {
    name: &'static str,
    text: &'static str,
    cameras: u32,
}

const SAMPLES: [Sample; 5] = [
    Sample {
        name: "patent",
        text: include_str!("../../../samples/institutions/patent.toml"),
        cameras: 9,
    },
    Sample {
        name: "smes",
        text: include_str!("../../../samples/institutions/smes.toml"),
        cameras: 2,
    },
    Sample {
        name: "customs",
        text: include_str!("../../../samples/institutions/customs.toml"),
        cameras: 171,
    },
    Sample {
        name: "gunsan",
        text: include_str!("../../../samples/institutions/gunsan.toml"),
        cameras: 12,
    },
    Sample {
        name: "labor",
        text: include_str!("../../../samples/institutions/labor.toml"),
        cameras: 60,
    },
];

/// What the published text says, as data: the press looks for the same in PDF and HWPX.
const FACTS: &str = include_str!("../../../testdata/policy/facts.json");

fn facts(sample: &Sample) -> Vec<String> {
    let all: BTreeMap<String, Vec<String>> = serde_json::from_str(FACTS).unwrap();
    assert_eq!(all.len(), SAMPLES.len());
    all[sample.name].clone()
}

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
    policy.document().texts().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
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
        for fact in &facts(sample) {
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
