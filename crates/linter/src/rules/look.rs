//! What rules see of a policy besides its facts: the words of its parts.

use crate::{Item, Line, Look, Published, Squeezed};

/// The bodies of several sections, without spaces; headings are left out.
#[derive(Debug)]
pub(super) struct Part(Vec<Squeezed>);

impl Part {
    /// Whether the words stand in one of them.
    pub(super) fn has(&self, words: &str) -> bool {
        self.0.iter().any(|body| body.has(words))
    }

    /// Whether one of several words stands there.
    pub(super) fn has_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(word))
    }

    /// The line on which the first of several words stands.
    pub(super) fn find_any(&self, words: &[&str]) -> Option<u32> {
        let found = words.iter().filter_map(|word| self.0.iter().find_map(|it| it.find(word)));
        found.min()
    }

    /// The bodies.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Squeezed> {
        self.0.iter()
    }
}

impl<'p> Look<'p> {
    /// The whole text without spaces.
    pub(super) fn whole(&self) -> Squeezed {
        self.published.source.squeezed()
    }

    /// The bodies of the sections about some items.
    pub(super) fn part(&self, items: &[Item]) -> Part {
        let wanted = self.published.sections.iter().filter(|it| items.iter().any(|i| it.is(*i)));
        Part(wanted.map(|section| self.published.squeezed(section)).collect())
    }

    /// Whether a section is about an item.
    pub(super) fn has_section(&self, item: Item) -> bool {
        self.published.about(item).next().is_some()
    }

    /// The line of the heading of the first section about an item; 0 without one.
    pub(super) fn heading_of(&self, item: Item) -> u32 {
        self.published.about(item).next().map_or(0, |section| section.first)
    }

    /// All lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'p Line> {
        self.published.source.lines.iter()
    }

    /// What the section of a line is about.
    pub(super) fn item(&self, line: u32) -> Item {
        self.published.section_of(line).map_or(Item::Preamble, |section| section.item)
    }

    /// Whether a line is a heading.
    pub(super) fn is_heading(&self, line: u32) -> bool {
        let section = self.published.section_of(line);
        section.is_some_and(|it| it.first == line && !it.heading.is_empty())
    }

    /// Lines outside of forms, annexes and lists of contents.
    pub(super) fn prose(&self) -> impl Iterator<Item = &'p Line> {
        let published: &'p Published = self.published;
        let is_form = move |number| {
            published
                .section_of(number)
                .is_some_and(|section| matches!(section.item, Item::Annex | Item::Contents))
        };
        published.source.lines.iter().filter(move |line| !is_form(line.number))
    }

    /// Lines of forms and annexes.
    pub(super) fn form_lines(&self) -> impl Iterator<Item = &'p Line> {
        let published: &'p Published = self.published;
        let is_form = move |number| {
            published.section_of(number).is_some_and(|section| section.item == Item::Annex)
        };
        published.source.lines.iter().filter(move |line| is_form(line.number))
    }
}

/// The sentences of a line without spaces.
pub(super) fn sentences(squeezed: &str) -> impl Iterator<Item = &str> {
    squeezed.split_inclusive("다.").filter(|it| !it.is_empty())
}

/// Whether any of the words stands in the text.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether `then` begins within so many characters after `first` ends.
pub(super) fn followed_by(text: &str, first: &str, letters: usize, then: &[&str]) -> bool {
    text.match_indices(first).any(|(at, _)| {
        let rest = &text[at + first.len()..];
        let end = rest.char_indices().nth(letters).map_or(rest.len(), |(at, _)| at);
        let longest = then.iter().map(|it| it.len()).max().unwrap_or(0);
        let mut end = (end + longest).min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        has_any(&rest[..end], then)
    })
}

/// Digits of a telephone number.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// What nobody filled in: rings, underlines, a dash.
pub(super) fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|it| matches!(it, '○' | '-' | '_' | '*' | ' ' | 'O' | '×' | '△' | '□'))
}
