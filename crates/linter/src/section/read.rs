//! Finds headings and parts the text by them.

use super::item::items;
use super::{Item, Section};
use crate::marker::{Marked, Marker, marked};
use crate::{Source, Table};

/// A heading may be this long, in letters without spaces.
const LONGEST_HEADING: usize = 60;

/// No policy has more sections; what follows belongs to the last.
const MOST_SECTIONS: usize = 300;

/// A line that may be a heading.
struct Candidate {
    line: u32,
    marker: Marker,
    sign: String,
    number: Option<u32>,
    heading: String,
    item: Item,
    also: Vec<Item>,
}

/// Parts a text into sections, without gap.
pub(crate) fn sections(source: &Source, tables: &[Table]) -> Vec<Section> {
    let in_table = lines_of(tables, source.lines.len());
    let candidates: Vec<Candidate> = source
        .lines
        .iter()
        .filter(|line| !in_table[line.number as usize])
        .filter_map(|line| candidate(line.number, &line.text))
        .collect();
    let contents = contents(source, &candidates);
    let is_listed =
        |line: u32| contents.is_some_and(|(first, last)| (first..=last).contains(&line));
    let candidates: Vec<Candidate> =
        candidates.into_iter().filter(|it| !is_listed(it.line)).collect();
    let top = top_marker(&candidates);
    let mut starts: Vec<Candidate> = Vec::new();
    let known: Vec<(u32, Option<u32>)> = candidates
        .iter()
        .filter(|it| it.marker == top && it.item != Item::Unknown)
        .map(|it| (it.line, it.number))
        .take(MOST_SECTIONS)
        .collect();
    for candidate in candidates {
        let last = starts.iter().rev().find_map(|it| it.number.filter(|_| it.marker == top));
        if starts.len() < MOST_SECTIONS && is_start(&candidate, top, last, &known) {
            starts.push(candidate);
        }
    }
    annexes(source, &mut starts);
    if let Some((first, last)) = contents {
        starts.push(bare_start(first, Item::Contents));
        if !starts.iter().any(|it| it.line == last + 1) && (last as usize) < source.lines.len() {
            starts.push(bare_start(last + 1, Item::Preamble));
        }
    }
    starts.sort_by_key(|it| it.line);
    starts.dedup_by_key(|it| it.line);
    let mut made = parts(starts, u32::try_from(source.lines.len()).unwrap_or(u32::MAX));
    first_purpose(&mut made);
    made
}

/// The first and last line of a list of headings that stand again below it, with what they head.
fn contents(source: &Source, candidates: &[Candidate]) -> Option<(u32, u32)> {
    const SHORTEST: usize = 4;
    const AGAIN: usize = 3;
    let mut run: Vec<&Candidate> = Vec::new();
    let mut last_line = 0;
    for candidate in candidates {
        let between = source.between(last_line + 1, candidate.line - 1);
        let goes_on = between.iter().all(|it| it.squeezed.is_empty());
        if !run.is_empty() && !goes_on && run.len() >= SHORTEST {
            break;
        }
        if !goes_on {
            run.clear();
        }
        run.push(candidate);
        last_line = candidate.line;
    }
    let items = |of: &[&Candidate]| {
        let mut items: Vec<Item> =
            of.iter().map(|it| it.item).filter(|it| *it != Item::Unknown).collect();
        items.sort_unstable();
        items.dedup();
        items
    };
    let (first, last) = (run.first()?.line, run.last()?.line);
    let below: Vec<&Candidate> = candidates.iter().filter(|it| it.line > last).collect();
    let (listed, below) = (items(&run), items(&below));
    let again = listed.iter().filter(|it| below.contains(it)).count();
    (run.len() >= SHORTEST && listed.len() >= SHORTEST && again >= AGAIN).then_some((first, last))
}

fn bare_start(line: u32, item: Item) -> Candidate {
    Candidate {
        line,
        marker: Marker::None,
        sign: String::new(),
        number: None,
        heading: String::new(),
        item,
        also: Vec::new(),
    }
}

/// Which lines belong to a table; index is the number of the line.
fn lines_of(tables: &[Table], count: usize) -> Vec<bool> {
    let mut inside = vec![false; count + 2];
    for table in tables {
        let last = (table.last as usize).min(count);
        inside[table.first as usize..=last].fill(true);
    }
    inside
}

fn candidate(line: u32, text: &str) -> Option<Candidate> {
    if text.trim().is_empty() || text.contains('\t') {
        return None;
    }
    let Marked { marker, sign, number, rest } = marked(text);
    let heading = heading_of(marker, rest);
    let squeezed: String = heading.chars().filter(|it| !it.is_whitespace()).collect();
    let length = squeezed.chars().count();
    let is_sentence =
        ["니다", "니다.", "한다", "한다.", "있음", "하여", "하고", "합니다", "경우", "경우에"]
            .iter()
            .any(|end| squeezed.ends_with(end));
    if !(2..=LONGEST_HEADING).contains(&length) || is_sentence {
        let text: String = rest.chars().filter(|it| !it.is_whitespace()).collect();
        return ground_sentence(&text, number).then(|| Candidate {
            line,
            marker,
            sign: sign.to_owned(),
            number,
            heading: String::new(),
            item: Item::Ground,
            also: Vec::new(),
        });
    }
    let (item, also) = items(&squeezed);
    let is_bare = matches!(marker, Marker::None | Marker::Dash | Marker::Ring);
    // Without a number only a line that is nothing but the words of a heading.
    if is_bare && (item == Item::Unknown || length > 34 || squeezed.contains([':', '"', '(', '.']))
    {
        return None;
    }
    // `기타: 승강기 2대` goes on with a list.
    let has_value =
        squeezed.chars().count() < rest.chars().filter(|it| !it.is_whitespace()).count();
    if is_bare && item == Item::Other && has_value {
        return None;
    }
    let heading = heading.trim().trim_matches(['*', '#']).trim().to_owned();
    Some(Candidate { line, marker, sign: sign.to_owned(), number, heading, item, also })
}

/// `1. 본 기관은 개인정보 보호법 제25조제1항에 따라 … 목적으로 … 설치합니다.` stands for a heading.
fn ground_sentence(squeezed: &str, number: Option<u32>) -> bool {
    let short = squeezed.chars().count() <= 120;
    let says = ["목적으로", "설치", "조제1항"].iter().all(|it| squeezed.contains(it));
    short && says && number == Some(1)
}

/// What of a line is its heading: in brackets after `제3조`, before a colon elsewhere.
fn heading_of(marker: Marker, rest: &str) -> &str {
    // `제 2 조 | 설치 대수`
    let rest = rest.trim_start_matches(['|', ' ']);
    if marker == Marker::Article {
        let inner = rest.trim_start().strip_prefix(['(', '[', '【', '<']);
        if let Some(end) = inner.and_then(|it| it.find([')', ']', '】', '>'])) {
            return inner.map_or(rest, |it| &it[..end]);
        }
    }
    if marker == Marker::Bracket {
        return rest.trim_end_matches(['】', '>', ']', '〕', '》', '〉', ' ']);
    }
    let rest = rest.trim_end_matches([' ', ':']);
    rest.split_once(':').map_or(rest, |(heading, _)| heading)
}

/// The kind of sign that most items have.
fn top_marker(candidates: &[Candidate]) -> Marker {
    const KINDS: [Marker; 14] = [
        Marker::Article,
        Marker::Roman,
        Marker::Decimal,
        Marker::Hash,
        Marker::Square,
        Marker::Letter,
        Marker::Paren,
        Marker::Circled,
        Marker::LetterParen,
        Marker::Bracket,
        Marker::Ring,
        Marker::None,
        Marker::Nested,
        Marker::Dash,
    ];
    let items = |kind: Marker| {
        let mut items: Vec<Item> =
            candidates.iter().filter(|it| it.marker == kind).map(|it| it.item).collect();
        items.retain(|item| !matches!(item, Item::Unknown | Item::Annex));
        items.sort_unstable();
        items.dedup();
        items.len()
    };
    let mut best = (0, Marker::Decimal);
    for kind in KINDS {
        let count = items(kind);
        if count > best.0 {
            best = (count, kind);
        }
    }
    best.1
}

fn is_start(
    candidate: &Candidate,
    top: Marker,
    last: Option<u32>,
    known: &[(u32, Option<u32>)],
) -> bool {
    if candidate.heading.starts_with("부칙") || candidate.heading.starts_with("부 칙") {
        return candidate.heading.chars().count() < 30;
    }
    if candidate.marker != top {
        return false;
    }
    let follows = match (candidate.number, last) {
        (Some(number), Some(last)) => number == last + 1,
        (Some(number), None) => number <= 1,
        (None, _) => true,
    };
    if candidate.item != Item::Unknown {
        // A list inside a section may have the same sign and a word that is known.
        let comes_later = known.iter().any(|(line, number)| {
            *line > candidate.line && number.is_some() && *number == last.map(|it| it + 1)
        });
        return follows || candidate.number.is_none() || !comes_later;
    }
    let named_later =
        known.iter().any(|(line, number)| *line > candidate.line && *number == candidate.number);
    match top {
        Marker::None | Marker::Dash | Marker::Ring => false,
        Marker::Square | Marker::Bracket => true,
        _ => follows && !named_later,
    }
}

/// Forms at the end begin a section of their own.
fn annexes(source: &Source, starts: &mut Vec<Candidate>) {
    let after = starts.iter().map(|it| it.line).max().unwrap_or(0);
    let mut last = 0;
    for line in source.lines.iter().filter(|line| line.number > after) {
        let (is_label, is_title) = (is_annex_label(&line.squeezed), is_form_title(&line.squeezed));
        if !(is_label || is_title) || (last > 0 && line.number <= last + 3) {
            continue;
        }
        last = line.number;
        let heading = line.text.split('\t').next().unwrap_or("").trim().to_owned();
        starts.push(Candidate {
            line: line.number,
            marker: Marker::Bracket,
            sign: String::new(),
            number: None,
            heading,
            item: Item::Annex,
            also: Vec::new(),
        });
    }
}

/// `[별지 제3호]`, `<별지 제1호 서식>`, `[별첨1]`.
fn is_annex_label(squeezed: &str) -> bool {
    let inner = squeezed.trim_start_matches(['[', '<', '【', '■', '□', '(', '※', '-', '*']);
    let is_label = ["별지", "별첨", "붙임", "첨부", "서식"].iter().any(|it| inner.starts_with(it));
    is_label && inner.chars().count() <= 40 && !inner.ends_with("참조") && !inner.contains("니다")
}

/// `개인영상정보(□ 존재확인 □ 열람) 청구서`.
fn is_form_title(squeezed: &str) -> bool {
    let title = squeezed.trim_matches(['<', '>', '[', ']', '【', '】', '*']);
    let short = title.chars().count() <= 40;
    let is_request = title.contains("청구서") && title.contains(['□', '☐']);
    let ends = ["청구서", "관리대장", "기록부", "위임장", "동의서", "신청서"];
    short && (is_request || (ends.iter().any(|it| title.ends_with(it)) && !title.contains(':')))
}

fn parts(starts: Vec<Candidate>, last_line: u32) -> Vec<Section> {
    let mut made: Vec<Section> = Vec::new();
    let first = starts.first().map_or(last_line + 1, |it| it.line);
    if first > 1 {
        made.push(Section {
            item: Item::Preamble,
            also: Vec::new(),
            number: String::new(),
            heading: String::new(),
            first: 1,
            last: first - 1,
        });
    }
    let ends: Vec<u32> = starts.iter().skip(1).map(|it| it.line - 1).chain([last_line]).collect();
    for (start, last) in starts.into_iter().zip(ends) {
        made.push(Section {
            item: start.item,
            also: start.also,
            number: start.sign,
            heading: start.heading,
            first: start.line,
            last,
        });
    }
    made
}

/// `제1조(목적)` tells what the document is for, where another section is about ground and purpose.
fn first_purpose(sections: &mut [Section]) {
    let is_alone = sections.iter().filter(|it| it.item == Item::Ground).count() < 2;
    for section in
        sections.iter_mut().filter(|it| it.item == Item::Ground && it.heading.trim() == "목적")
    {
        if !is_alone {
            section.item = Item::Preamble;
        }
    }
}
