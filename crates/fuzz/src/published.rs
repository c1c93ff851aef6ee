//! The text of a published policy, from whoever pastes one: sections, tables, facts, rules, and the draft.
//!
//! An input is a byte of how (low three bits: how often the rest is repeated, as a power of two), then the
//! text, of which what is no UTF-8 counts as a sign that stands for nothing. Repeated it must come back as
//! soon for its length as alone: the fuzzer's own limit of time sees to it.

use std::collections::{BTreeMap, BTreeSet};

use policy::{Description, MAX_DESCRIPTION_BYTES};

use crate::{Target, take};

pub(crate) const TARGET: Target =
    Target { name: "published", seeds, words: WORDS, run, mutations: 200 };

/// Bytes of the longest text that is made of an input.
const LONGEST: usize = 256 * 1024;

const WORDS: &[&str] = &[
    "제1조(목적)",
    "1. ",
    "가. ",
    "①",
    "- ",
    "□ ",
    "\t",
    "|",
    "\n",
    "연번",
    "설치대수",
    "설치위치",
    "촬영범위",
    "합계",
    "소계",
    "총 60대",
    "각 1대",
    "1~6층",
    "(3), ",
    "대",
    "30일",
    "1개월",
    "24시간",
    "09:00~18:00",
    "촬영일로부터",
    "2023. 5. 8.",
    "'23.5.8",
    "시행일자",
    "공고일자",
    "관리책임자",
    "접근권한자",
    "수탁업체",
    "042-000-0001",
    "○○○",
    "(예 : ",
    "이하 ",
    "라 함",
    "별지 제2호 서식",
    "제25조제1항",
    "위탁",
    "해당 없음",
];

fn run(mut input: &[u8]) {
    let [how] = take(&mut input);
    let once = String::from_utf8_lossy(input);
    let most = LONGEST / once.len().max(1);
    let text = once.repeat((1 << (how & 7)).min(most.max(1)));
    let lines = u32::try_from(text.lines().count() + 1).expect("it is short");
    let published = linter::read(&text);
    let today = law::date("2026-11-23").expect("it is a day");
    let findings = linter::check(&published, law::korea().on(today));
    for finding in &findings {
        assert!(finding.line <= lines, "{finding:?} of {lines} lines");
        assert!(!finding.ko.is_empty() && !finding.en.is_empty(), "{finding:?}");
    }
    let report = linter::report(&published, &findings);
    assert!(report["facts"].is_object());
    let draft = linter::draft(&published, &BTreeMap::new());
    let paths: BTreeSet<&str> = draft.fields.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths.len(), draft.fields.len(), "an answer is to one field");
    // Whatever the text is, what is left to say is said of a description.
    if draft.toml.len() <= MAX_DESCRIPTION_BYTES
        && let Err(error) = Description::read(&draft.toml)
    {
        panic!("{error}: {}", draft.toml);
    }
}

/// Policies of our own writing in several layouts.
const POLICIES: [&[u8]; 6] = [
    include_bytes!("../../../testdata/policies/01-hanbit-district.txt"),
    include_bytes!("../../../testdata/policies/02-noeul-city.txt"),
    include_bytes!("../../../testdata/policies/06-neulbit-metro.txt"),
    include_bytes!("../../../testdata/policies/08-garam-institute.txt"),
    include_bytes!("../../../testdata/policies/11-haeoreum-tax.txt"),
    include_bytes!("../../../testdata/policies/13-dangun-port.txt"),
];

/// Those policies, whole; and one line of each kind.
fn seeds() -> Vec<Vec<u8>> {
    let whole = POLICIES.iter().map(|text| [&[0], *text].concat());
    let lines = WORDS.iter().map(|word| [&[7], word.as_bytes()].concat());
    whole.chain(lines).collect()
}
