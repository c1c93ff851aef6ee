//! Time grows with the length of the text and no faster, whatever stands in it.

use std::time::{Duration, Instant};

use linter::{check, read};

/// Letters of a page, roughly; thirty pages are a long policy.
const PAGE_LETTERS: usize = 1800;

fn law() -> law::Law<'static> {
    law::korea().on(law::date("2026-11-23").expect("a day"))
}

/// The quickest of three runs: what else the machine does counts for nothing.
fn time(text: &str) -> Duration {
    let once = || {
        let begin = Instant::now();
        let published = read(text);
        let findings = check(&published, law());
        assert!(findings.len() < 100_000);
        begin.elapsed()
    };
    (0..3).map(|_| once()).min().expect("three runs")
}

fn corpus(pages: usize) -> String {
    let parts = [
        include_str!("../../../testdata/policies/02-noeul-city.txt"),
        include_str!("../../../testdata/policies/06-neulbit-metro.txt"),
        include_str!("../../../testdata/policies/11-haeoreum-tax.txt"),
    ];
    let letters = pages * PAGE_LETTERS;
    parts.join("\n").chars().cycle().take(letters).collect()
}

#[test]
fn thirty_pages_take_no_longer_than_somebody_waits() {
    let text = corpus(30);
    let took = time(&text);
    println!("30 pages, {} lines: {took:?}", text.lines().count());
    // In a build for use it is a tenth of a second at most (docs/linter.md); this one is not optimised.
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn time_grows_no_faster_than_the_text() {
    let of = |text: &dyn Fn(usize) -> String| (text(1), text(4));
    let kinds: [(&str, &dyn Fn(usize) -> String); 8] = [
        ("policies", &|times| corpus(15 * times)),
        ("one line", &|times| "영상정보 30일 2024. 1. 1. 제25조 3대, ".repeat(1500 * times)),
        ("brackets", &|times| "(".repeat(10_000 * times)),
        ("tabs", &|times| "가\t1대\t나\n".repeat(1_000 * times)),
        ("headings", &|times| "설치대수\n설치위치\n".repeat(500 * times)),
        ("blanks", &|times| "설치위치 설치대수 촬영범위\n정문\n옆 3 길\n".repeat(700 * times)),
        ("cells", &|times| "설치대수\n설치위치\n3\n가\n4\n나\n다\n합계\n7\n".repeat(300 * times)),
        ("tags", &|times| "<br><td>&nbsp;".repeat(4_000 * times)),
    ];
    for (name, text) in kinds {
        let (short, long) = of(text);
        let (short, long) = (time(&short), time(&long));
        let floor = Duration::from_millis(20);
        println!("{name}: {short:?}, four times as long: {long:?}");
        assert!(long < short.max(floor) * 12, "{name}: {short:?} became {long:?}");
    }
}
