//! Small scanners: numbers, counts of cameras, days, periods, telephone numbers. One pass, no backtracking
//! beyond a few letters.

use time::{Date, Month};

/// Something found in a line, with the bytes that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<T> {
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) value: T,
}

/// Whole numbers, with commas between thousands.
pub(crate) fn numbers(text: &str) -> Vec<Span<u32>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut value: u64 = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii_digit() {
                value = (value * 10 + u64::from(bytes[at] - b'0')).min(u64::from(u32::MAX));
                at += 1;
            } else if bytes[at] == b',' && is_thousands(&bytes[at..]) && at - start <= 3 + 4 {
                at += 1;
            } else {
                break;
            }
        }
        let value = u32::try_from(value).unwrap_or(u32::MAX);
        found.push(Span { start, end: at, value });
    }
    found
}

/// `,123` and then no digit.
fn is_thousands(bytes: &[u8]) -> bool {
    let digits = bytes.iter().skip(1).take_while(|it| it.is_ascii_digit()).count();
    digits == 3
}

/// Counts of cameras: `60대`, `60 대`, `1,234대`, `두 대`, `예순 대`.
pub(crate) fn counts(text: &str) -> Vec<Span<u32>> {
    let mut found: Vec<Span<u32>> = Vec::new();
    for number in numbers(text) {
        let rest = &text[number.end..];
        let before = text[..number.start].chars().next_back();
        // `00대` of the template is no count.
        let is_part = before.is_some_and(|it| it == '.' || it.is_ascii_alphanumeric())
            || text[number.start..number.end].starts_with("00");
        if let Some(taken) = counter(rest).filter(|_| !is_part) {
            found.push(Span { end: number.end + taken, ..number });
        }
    }
    if found.is_empty() {
        found.extend(spoken_counts(text));
    }
    found
}

/// How many bytes the word for cameras takes that the text begins with.
fn counter(rest: &str) -> Option<usize> {
    let trimmed = rest.trim_start_matches(' ');
    if rest.len() - trimmed.len() > 2 {
        return None;
    }
    let after = trimmed.strip_prefix('대')?;
    // `20대 남성`, `3대 전략`, `30대표`: no cameras.
    const OTHER: [&str; 9] = ["표", "학", "중교통", "전략", "남성", "여성", "책", "강당", "회의"];
    let is_other = OTHER.iter().any(|word| after.starts_with(word))
        || ["남성", "여성"].iter().any(|word| after.trim_start().starts_with(word));
    (!is_other).then_some(rest.len() - after.len())
}

/// `두 대`, `열두 대`, `예순 대`.
fn spoken_counts(text: &str) -> Option<Span<u32>> {
    const TENS: [(&str, u32); 10] = [
        ("열", 10),
        ("스물", 20),
        ("스무", 20),
        ("서른", 30),
        ("마흔", 40),
        ("쉰", 50),
        ("예순", 60),
        ("일흔", 70),
        ("여든", 80),
        ("아흔", 90),
    ];
    const ONES: [(&str, u32); 14] = [
        ("한", 1),
        ("하나", 1),
        ("두", 2),
        ("둘", 2),
        ("세", 3),
        ("셋", 3),
        ("네", 4),
        ("넷", 4),
        ("다섯", 5),
        ("여섯", 6),
        ("일곱", 7),
        ("여덟", 8),
        ("아홉", 9),
        ("석", 3),
    ];
    for (at, _) in text.match_indices('대') {
        let head = text[..at].trim_end_matches(' ');
        let (rest, ones) = ONES
            .iter()
            .find_map(|(word, value)| head.strip_suffix(word).map(|rest| (rest, *value)))
            .unwrap_or((head, 0));
        let (rest, tens) = TENS
            .iter()
            .find_map(|(word, value)| rest.strip_suffix(word).map(|rest| (rest, *value)))
            .unwrap_or((rest, 0));
        let begins_word = rest.chars().next_back().is_none_or(|it| !it.is_alphanumeric());
        if tens + ones > 0 && begins_word && counter(&text[at..]).is_some() {
            return Some(Span {
                start: rest.len(), end: at + '대'.len_utf8(), value: tens + ones
            });
        }
    }
    None
}

/// A number alone in a cell: `2`, `2대`, `2 대`, `(2)`, `2EA`.
pub(crate) fn lone_number(cell: &str) -> Option<u32> {
    let squeezed: String = cell.chars().filter(|it| !it.is_whitespace()).collect();
    let inner = squeezed.trim_matches(['(', ')', '[', ']']);
    let number = *numbers(inner).first()?;
    let rest = &inner[number.end..];
    if inner.starts_with("00") {
        return None;
    }
    let is_alone = matches!(rest, "" | "대" | "개" | "개소" | "EA" | "ea" | "식" | "점" | "대.");
    (number.start == 0 && is_alone).then_some(number.value)
}

/// Days of the calendar, with whether there is such a day.
pub(crate) fn dates(text: &str) -> Vec<Span<Option<Date>>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Span<Option<Date>>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit());
        let date = if begins { date_at(text, at) } else { None };
        match date {
            Some(date) => {
                at = date.end;
                found.push(date);
            }
            None => at += 1,
        }
    }
    found
}

fn date_at(text: &str, start: usize) -> Option<Span<Option<Date>>> {
    let (year, length) = digits(&text[start..]);
    let mut at = start + length;
    let is_short = length == 2 && text[..start].ends_with('\'');
    if length == 8 {
        let (year, rest) = (year / 10_000, year % 10_000);
        let value = day(year, rest / 100, rest % 100);
        let is_near = (1990..2100).contains(&year);
        return is_near.then_some(Span { start, end: at, value });
    }
    if length != 4 && !is_short {
        return None;
    }
    let year = if is_short { 2000 + year } else { year };
    if !(1990..2100).contains(&year) {
        return None;
    }
    at = separator(text, at, "년")?;
    let (month, length) = digits(&text[at..]);
    if length == 0 || length > 2 {
        return None;
    }
    at = separator(text, at + length, "월")?;
    let (number, length) = digits(&text[at..]);
    if length == 0 || length > 2 {
        return None;
    }
    at += length;
    let rest = &text[at..];
    let trimmed = rest.trim_start_matches(' ');
    if let Some(after) = trimmed.strip_prefix('일') {
        at = text.len() - after.len();
    }
    Some(Span { start, end: at, value: day(year, month, number) })
}

fn day(year: u32, month: u32, day: u32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()
}

/// The number that the text begins with, and how many digits it has; at most nine are read.
fn digits(text: &str) -> (u32, usize) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text.get(..length.min(9)).and_then(|it| it.parse().ok()).unwrap_or(0);
    (value, length)
}

/// The byte after what parts year, month and day.
fn separator(text: &str, at: usize, word: &str) -> Option<usize> {
    let rest = &text[at..];
    let trimmed = rest.trim_start_matches(' ');
    let after = trimmed
        .strip_prefix(word)
        .or_else(|| trimmed.strip_prefix(['.', '-', '/', '·']))
        .filter(|_| rest.len() - trimmed.len() <= 3)?;
    let after = after.trim_start_matches(' ');
    Some(text.len() - after.len())
}

/// A period in days: `30일`, `1개월`, `2주`, `1년`, `72시간`; with whether it is told in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    /// In days; a month is 30.
    pub(crate) days: u32,
    /// `1개월`, `한 달`, `1년`.
    pub(crate) in_months: bool,
}

/// Periods in a text without spaces.
pub(crate) fn periods(squeezed: &str) -> Vec<Span<Period>> {
    const UNITS: [(&str, u32, bool); 9] = [
        ("일", 1, false),
        ("개월", 30, true),
        ("달", 30, true),
        ("주일", 7, false),
        ("주간", 7, false),
        ("주", 7, false),
        ("년", 365, true),
        ("시간", 0, false),
        ("월간", 30, true),
    ];
    let mut found = Vec::new();
    for number in numbers(squeezed) {
        let rest = squeezed[number.end..].trim_start_matches(')');
        let end = squeezed.len() - rest.len();
        let unit = UNITS.iter().find(|(word, ..)| rest.starts_with(word));
        let Some((word, days, in_months)) = unit else { continue };
        let mut before = squeezed[..number.start].chars().rev();
        let (last, second) = (before.next(), before.next());
        // `본관:30일` is a period, `12:30` a time of the day.
        let is_time = last == Some(':') && second.is_some_and(|it| it.is_ascii_digit());
        if is_time || last.is_some_and(|it| matches!(it, '.' | '-' | '/' | '월' | '년' | '제')) {
            continue;
        }
        // A year of the calendar is no period.
        if *word == "년" && number.value > 30 {
            continue;
        }
        let days = if *days == 0 { number.value / 24 } else { number.value.saturating_mul(*days) };
        let value = Period { days, in_months: *in_months };
        found.push(Span { start: number.start, end: end + word.len(), value });
    }
    const SPOKEN: [(&str, u32); 3] = [("한달", 30), ("1달", 30), ("두달", 60)];
    for (word, days) in SPOKEN {
        for (start, _) in squeezed.match_indices(word).filter(|_| word != "1달") {
            let value = Period { days, in_months: true };
            found.push(Span { start, end: start + word.len(), value });
        }
    }
    found
}

/// Telephone numbers: bytes, area, and whether it is nationwide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dialled {
    /// As written.
    pub(crate) text: String,
    /// `042`.
    pub(crate) area: Option<String>,
    /// `1588-…`, `080-…`.
    pub(crate) is_nationwide: bool,
}

/// Telephone numbers of a line.
pub(crate) fn phones(text: &str) -> Vec<Span<Dialled>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit());
        if !begins {
            at += 1;
            continue;
        }
        let (groups, end) = groups_of_digits(text, at);
        if let Some(value) = dialled(&groups, &text[at..end]) {
            found.push(Span { start: at, end, value });
            at = end;
        } else {
            at += groups.first().map_or(1, |it| it.len().max(1));
        }
    }
    found
}

/// Groups of digits that only `-`, `)`, `.` and spaces part; at most four.
fn groups_of_digits(text: &str, start: usize) -> (Vec<&str>, usize) {
    let mut groups = Vec::new();
    let (mut at, mut end) = (start, start);
    while groups.len() < 4 {
        let length = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            break;
        }
        groups.push(&text[at..at + length]);
        end = at + length;
        let rest = &text[end..];
        let trimmed = rest.trim_start_matches([' ', '-', ')', '.']);
        let parted = rest.len() - trimmed.len();
        if parted == 0 || parted > 3 || !rest[..parted].contains(['-', ')', '.']) {
            break;
        }
        at = end + parted;
    }
    (groups, end)
}

fn dialled(groups: &[&str], text: &str) -> Option<Dialled> {
    let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
    let text = text.to_owned();
    let is_area = |it: &str| {
        it == "02" || (it.len() == 3 && it.starts_with('0') && it.as_bytes()[1].is_ascii_digit())
    };
    match (groups, lengths.as_slice()) {
        ([area, ..], [_, 3 | 4, 4]) if is_area(area) => {
            let is_nationwide = *area == "080";
            let is_mobile = area.starts_with("01") || *area == "070" || *area == "050";
            let area = (!is_nationwide && !is_mobile).then(|| (*area).to_owned());
            Some(Dialled { text, area, is_nationwide })
        }
        ([head, _], [4, 4])
            if head.starts_with("15") || head.starts_with("16") || head.starts_with("18") =>
        {
            Some(Dialled { text, area: None, is_nationwide: true })
        }
        ([_, _], [3 | 4, 4]) => Some(Dialled { text, area: None, is_nationwide: false }),
        _ => None,
    }
}
