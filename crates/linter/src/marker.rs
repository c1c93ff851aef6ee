//! What lines begin with: numbers, letters and signs of a list.

/// Kinds of list signs, the more important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Marker {
    /// 제3조
    Article,
    /// Ⅲ. or III.
    Roman,
    /// 3.
    Decimal,
    /// # of markdown
    Hash,
    /// □ ■ ▣ ▶ ◆
    Square,
    /// 가.
    Letter,
    /// 3) or (3)
    Paren,
    /// ① or ❶
    Circled,
    /// 가) or (가)
    LetterParen,
    /// 【 】, < >, [ ]
    Bracket,
    /// ○ ◎
    Ring,
    /// - · *
    Dash,
    /// ※
    Note,
    /// 3.1, 3-1
    Nested,
    /// Nothing.
    None,
}

/// A line without its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marked<'t> {
    /// What kind of sign.
    pub(crate) marker: Marker,
    /// The sign as written, without spaces around: `3.`, `제3조`.
    pub(crate) sign: &'t str,
    /// Its number, if it has one.
    pub(crate) number: Option<u32>,
    /// What follows.
    pub(crate) rest: &'t str,
}

const LETTERS: &str = "가나다라마바사아자차카타파하";
const ROMANS: &str = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ";
const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮";
const BLACK_CIRCLED: &str = "❶❷❸❹❺❻❼❽❾❿";
const SQUARES: &[char] =
    &['□', '■', '▣', '▶', '◆', '◇', '▷', '▪', '▸', '❏', '❑', '▢', '◈', '☞', '►', '➤'];
const RINGS: &[char] = &['○', '◎', '⊙', '◦', '❍', '❖', '✔', '✓'];

/// Parts a line from its sign.
pub(crate) fn marked(line: &str) -> Marked<'_> {
    let text = numbered_once(line.trim().trim_start_matches("**").trim_start());
    let none = Marked { marker: Marker::None, sign: "", number: None, rest: text };
    let made = |marker, length: usize, number| {
        let (sign, rest) = text.split_at(length);
        Marked { marker, sign: sign.trim(), number, rest: rest.trim_start() }
    };
    let Some(first) = text.chars().next() else { return none };
    if first == '제' {
        return article(text)
            .map_or(none, |(length, number)| made(Marker::Article, length, Some(number)));
    }
    if let Some(at) = place(ROMANS, first) {
        let length = first.len_utf8() + dot(&text[first.len_utf8()..]);
        return made(Marker::Roman, length, Some(at));
    }
    if let Some(at) = place(CIRCLED, first).or_else(|| place(BLACK_CIRCLED, first)) {
        return made(Marker::Circled, first.len_utf8(), Some(at));
    }
    if first == '#' {
        let hashes = text.bytes().take_while(|it| *it == b'#').count();
        let inner = marked_below(&text[hashes..]);
        return Marked { marker: Marker::Hash, ..inner };
    }
    if SQUARES.contains(&first) {
        return made(Marker::Square, first.len_utf8(), None);
    }
    if RINGS.contains(&first) && !text[first.len_utf8()..].starts_with(RINGS) {
        return made(Marker::Ring, first.len_utf8(), None);
    }
    if matches!(first, '【' | '<' | '[' | '〔' | '《' | '〈') {
        return made(Marker::Bracket, first.len_utf8(), None);
    }
    if matches!(first, '-' | '·' | '*' | '+' | '∘' | '▲' | '∎') {
        return made(Marker::Dash, first.len_utf8(), None);
    }
    if first == '※' {
        return made(Marker::Note, first.len_utf8(), None);
    }
    numbered(text).map_or(none, |(marker, length, number)| made(marker, length, Some(number)))
}

/// A list of the page numbers what has its number already: `1. 1. 설치 근거`.
fn numbered_once(text: &str) -> &str {
    let Some((number, rest)) = text.split_once(". ") else { return text };
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    let rest = rest.trim_start();
    let is_twice = is_number && rest.strip_prefix(number).is_some_and(|it| it.starts_with('.'));
    if is_twice { rest } else { text }
}

/// What follows the hashes of markdown: with its own number, if there is one.
fn marked_below(text: &str) -> Marked<'_> {
    marked(text.trim_start().trim_start_matches('#'))
}

fn place(list: &str, letter: char) -> Option<u32> {
    let at = list.chars().position(|it| it == letter)?;
    u32::try_from(at + 1).ok()
}

fn dot(text: &str) -> usize {
    text.len() - text.trim_start_matches(['.', ')', ' ', ',']).len()
}

/// `제 3 조`, `제3조의2`: its bytes and number.
fn article(text: &str) -> Option<(usize, u32)> {
    let rest = text.strip_prefix('제')?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest.get(..digits.min(4))?.parse().ok()?;
    let rest = rest[digits..].trim_start();
    // 제1장 and 제1절 are no item; 제25조제1항 is a reference.
    let rest = rest.strip_prefix('조')?;
    let rest = rest
        .strip_prefix("의")
        .map_or(rest, |it| it.trim_start_matches(|c: char| c.is_ascii_digit()));
    (!rest.trim_start().starts_with("제")).then_some((text.len() - rest.len(), number))
}

/// `3.`, `3)`, `(3)`, `3.1`, `가.`, `(가)`.
fn numbered(text: &str) -> Option<(Marker, usize, u32)> {
    let open = text.strip_prefix('(');
    let inner = open.unwrap_or(text);
    let opened = text.len() - inner.len();
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    // `2조(설치 대수)`, the first letter lost.
    if (1..=2).contains(&digits) && inner[digits..].starts_with("조(") && open.is_none() {
        return Some((Marker::Article, digits + "조".len(), inner[..digits].parse().ok()?));
    }
    if let Some(number) = article_without_words(inner, digits).filter(|_| open.is_none()) {
        return Some((Marker::Article, digits, number));
    }
    if (1..=2).contains(&digits) {
        let number = inner[..digits].parse().ok()?;
        let rest = &inner[digits..];
        let after = rest.chars().next()?;
        let length = opened + digits + after.len_utf8();
        let follows = rest[after.len_utf8()..].trim_start().chars().next()?;
        return match after {
            '.' | ',' | '·' if open.is_none() && !follows.is_ascii_digit() => {
                Some((Marker::Decimal, length, number))
            }
            ')' => Some((Marker::Paren, length, number)),
            '.' | '-' if open.is_none() => nested(inner, number),
            _ => None,
        };
    }
    let first = inner.chars().next()?;
    let Some(number) = place(LETTERS, first) else { return roman(text) };
    let rest = &inner[first.len_utf8()..];
    let after = rest.chars().next()?;
    let length = opened + first.len_utf8() + after.len_utf8();
    match after {
        '.' if open.is_none() => Some((Marker::Letter, length, number)),
        ')' => Some((Marker::LetterParen, length, number)),
        _ => None,
    }
}

/// `2(설치 대수 및 위치)`, a line of its own: `제` and `조` lost.
fn article_without_words(text: &str, digits: usize) -> Option<u32> {
    const SHORTEST: usize = 6;
    let inner = text.get(digits..)?.strip_prefix('(')?.trim_end().strip_suffix(')')?;
    let is_heading = (1..=2).contains(&digits)
        && !inner.contains(['(', ')'])
        && inner.starts_with(|it: char| ('가'..='힣').contains(&it))
        && inner.chars().count() >= SHORTEST;
    text.get(..digits).filter(|_| is_heading)?.parse().ok()
}

/// `3.1`, `3-1.`; not `30-1 Street` and not a day.
fn nested(text: &str, number: u32) -> Option<(Marker, usize, u32)> {
    let length =
        text.bytes().take_while(|it| it.is_ascii_digit() || matches!(it, b'.' | b'-')).count();
    let parts = text[..length].split(['.', '-']).filter(|it| !it.is_empty());
    let (count, is_short) = parts.fold((0, true), |(n, short), it| (n + 1, short && it.len() <= 2));
    let follows = text[length..].chars().next()?;
    (count == 2 && is_short && follows == ' ').then_some((Marker::Nested, length, number))
}

/// `III.`, `IV.`
fn roman(text: &str) -> Option<(Marker, usize, u32)> {
    const ROMAN: [&str; 12] =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let length = text.bytes().take_while(|it| matches!(it, b'I' | b'V' | b'X')).count();
    let at = ROMAN.iter().position(|it| *it == &text[..length])?;
    let after = dot(&text[length..]);
    (after > 0).then(|| (Marker::Roman, length + after, u32::try_from(at + 1).unwrap_or(0)))
}
