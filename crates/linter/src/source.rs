//! Characters to lines: one spelling of every character, and the line numbers of the file.
//!
//! Texts come from web pages, PDF and word processors. What only looks alike is made alike here (wide
//! digits, twelve kinds of dots and dashes, spaces that are none), so that readers and rules know one
//! spelling. Lines keep the numbers that they have in the file.

/// A text may be this long: thirty pages are a tenth of it.
pub const MAX_TEXT_BYTES: usize = 2 << 20;

/// A line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    /// As it is written.
    pub raw: String,
    /// In one spelling: half-width, `·` for every middle dot, `-` for every dash, `○` for every ring,
    /// one space between words; tabs are kept, for they part the cells of tables.
    pub text: String,
    /// The same without any space: `운 영합니다` and `운영합니다` are alike in it.
    pub squeezed: String,
}

/// All lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The first has number 1.
    pub lines: Vec<Line>,
}

/// Several lines without any space and without their breaks, to look for words that a break or a stray
/// space parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Squeezed {
    /// The characters.
    pub text: String,
    /// Where in it each line begins, in bytes, and its number.
    starts: Vec<(usize, u32)>,
}

impl Source {
    /// Reads a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = Vec::new();
        for (at, raw) in text.lines().enumerate() {
            let text = one_spelling(raw);
            let squeezed = text.chars().filter(|it| !it.is_whitespace()).collect();
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            lines.push(Line { number, raw: raw.to_owned(), text, squeezed });
        }
        Self { lines }
    }

    /// A line by its number.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&Line> {
        self.lines.get((number as usize).checked_sub(1)?)
    }

    /// The lines from one number to another, both included.
    #[must_use]
    pub fn between(&self, first: u32, last: u32) -> &[Line] {
        let from = (first.max(1) as usize - 1).min(self.lines.len());
        let to = (last as usize).clamp(from, self.lines.len());
        &self.lines[from..to]
    }

    /// All lines squeezed together.
    #[must_use]
    pub fn squeezed(&self) -> Squeezed {
        Squeezed::of(&self.lines)
    }
}

impl Squeezed {
    /// Squeezes lines together.
    #[must_use]
    pub fn of(lines: &[Line]) -> Self {
        let mut made = Self::default();
        for line in lines {
            made.starts.push((made.text.len(), line.number));
            made.text.push_str(&line.squeezed);
        }
        made
    }

    /// Whether the words stand there; they are written without a space.
    #[must_use]
    pub fn has(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// The line on which the words begin for the first time.
    #[must_use]
    pub fn find(&self, words: &str) -> Option<u32> {
        self.text.find(words).map(|at| self.line_at(at))
    }

    /// Every place where the words begin: byte and line.
    pub fn find_all<'a>(&'a self, words: &'a str) -> impl Iterator<Item = (usize, u32)> + 'a {
        self.text.match_indices(words).map(|(at, _)| (at, self.line_at(at)))
    }

    /// The line of a byte of `text`.
    #[must_use]
    pub fn line_at(&self, byte: usize) -> u32 {
        let after = self.starts.partition_point(|(start, _)| *start <= byte);
        after.checked_sub(1).map_or(1, |at| self.starts[at].1)
    }
}

/// One spelling of every character of a line; tags and entities of HTML are taken out.
pub(crate) fn one_spelling(raw: &str) -> String {
    let plain = if raw.contains(['<', '&']) { without_html(raw) } else { raw.to_owned() };
    let mut text = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match one_letter(letter) {
            Some(' ') if text.ends_with([' ', '\t']) => {}
            Some(letter) => text.push(letter),
            None => {}
        }
    }
    compose(&text).replace("**", "").trim_end_matches([' ']).to_owned()
}

/// The one letter for all that look like it; none for what cannot be seen.
fn one_letter(letter: char) -> Option<char> {
    Some(match letter {
        '\t' => '\t',
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}' | '\r' => {
            return None;
        }
        '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        'ㆍ' | '・' | '‧' | '∙' | '•' | '·' | '⋅' | '･' | '᛫' | '●' | '⦁' => '·',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '﹣' | 'ㅡ' | '─' => {
            '-'
        }
        '〜' | '～' | '∼' | '˜' | '∽' => '~',
        '〇' | '◯' | '⚪' | '⭕' => '○',
        '“' | '”' | '„' | '″' | '＂' => '"',
        '‘' | '’' | '‚' | '′' | '＇' | '`' => '\'',
        '「' | '」' | '『' | '』' | '｢' | '｣' => letter,
        '：' | '∶' => ':',
        '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0)?,
        other if other.is_control() => return None,
        other if other.is_whitespace() => ' ',
        other => other,
    })
}

/// Takes out tags that are known and entities; what is no tag (`<요구 절차>`) stays.
fn without_html(raw: &str) -> String {
    const ENTITIES: [(&str, &str); 8] = [
        ("&nbsp;", " "),
        ("&middot;", "·"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((entity, plain)) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity))
        {
            text.push_str(plain);
            rest = &rest[entity.len()..];
        } else if let Some((length, cell)) = tag(rest) {
            text.push(if cell { '\t' } else { ' ' });
            rest = &rest[length..];
        } else {
            let letter = rest.chars().next().unwrap_or(' ');
            text.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    text.push_str(rest);
    text
}

/// How long the tag is that the text begins with, and whether it parts two cells.
fn tag(text: &str) -> Option<(usize, bool)> {
    const TAGS: [&str; 18] = [
        "br", "p", "div", "span", "td", "th", "tr", "table", "tbody", "thead", "b", "strong", "u",
        "li", "ul", "ol", "a", "font",
    ];
    let inside = text.strip_prefix('<')?;
    let window: String = inside.chars().take(200).collect();
    let end = window.find('>')?;
    let name = window[..end].trim_start_matches('/').trim_end_matches('/');
    let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    let closes_cell = inside.starts_with('/') && matches!(name.as_str(), "td" | "th");
    TAGS.contains(&name.as_str()).then_some((end + 2, closes_cell))
}

/// Hangul that came apart into its letters (file names and texts of some systems) is put together.
fn compose(text: &str) -> String {
    const S: u32 = 0xac00;
    const L: u32 = 0x1100;
    const V: u32 = 0x1161;
    const T: u32 = 0x11a7;
    if !text.chars().any(|it| ('\u{1100}'..='\u{11ff}').contains(&it)) {
        return text.to_owned();
    }
    let mut made: Vec<char> = Vec::new();
    for letter in text.chars() {
        let code = u32::from(letter);
        let joined = made.last().and_then(|before| {
            let before = u32::from(*before);
            if (L..L + 19).contains(&before) && (V..V + 21).contains(&code) {
                char::from_u32(S + ((before - L) * 21 + (code - V)) * 28)
            } else if (S..S + 11_172).contains(&before)
                && (before - S).is_multiple_of(28)
                && (T + 1..T + 28).contains(&code)
            {
                char::from_u32(before + (code - T))
            } else {
                None
            }
        });
        match joined {
            Some(joined) => {
                made.pop();
                made.push(joined);
            }
            None => made.push(letter),
        }
    }
    made.into_iter().collect()
}
