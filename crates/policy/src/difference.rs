//! What is different in the text of two versions, side by side.

use std::collections::HashMap;

use papers::{Block, Paper, Row, Sentence};

/// A place where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Below which heading; empty before the first.
    pub section: String,
    /// What stood there; none if it is new.
    pub before: Option<String>,
    /// What stands there; none if it is gone.
    pub after: Option<String>,
}

/// Where `new` differs from `old`, in the order of the text.
#[must_use]
pub fn differences(old: &Paper, new: &Paper) -> Vec<Difference> {
    let (old, new) = (lines(old), lines(new));
    let common = common(&old, &new);
    let mut found = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    for (next_old, next_new) in common.into_iter().chain([(old.len(), new.len())]) {
        pair(&old[at_old..next_old], &new[at_new..next_new], &mut found);
        (at_old, at_new) = (next_old + 1, next_new + 1);
    }
    found
}

/// A line of a text, and the heading above it.
#[derive(PartialEq, Eq)]
struct Line {
    section: String,
    text: String,
}

/// What went and what came at one place: the first of a section beside the first, and so on.
fn pair(gone: &[Line], come: &[Line], found: &mut Vec<Difference>) {
    let mut come: Vec<&Line> = come.iter().collect();
    for line in gone {
        let beside = come.iter().position(|other| other.section == line.section);
        let after = beside.map(|at| come.remove(at).text.clone());
        found.push(Difference {
            section: line.section.clone(),
            before: Some(line.text.clone()),
            after,
        });
    }
    found.extend(come.into_iter().map(|line| Difference {
        section: line.section.clone(),
        before: None,
        after: Some(line.text.clone()),
    }));
}

/// What the search for the longest common part may hold: two texts of some thousand lines each. A policy
/// has some hundreds.
const MOST_CELLS: usize = 4_000_000;

/// The longest common part, as pairs of places; of texts that are too long for that, a common part.
fn common(old: &[Line], new: &[Line]) -> Vec<(usize, usize)> {
    let mut words: HashMap<&Line, usize> = HashMap::new();
    let mut word = |line| -> usize {
        let next = words.len();
        *words.entry(line).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(&mut word).collect();
    let new: Vec<usize> = new.iter().map(&mut word).collect();
    if (old.len() + 1).saturating_mul(new.len() + 1) > MOST_CELLS {
        return first_found(&old, &new);
    }
    // How long the common part of the rest of both is, from each pair of places on.
    let width = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Each word of the old text at its next place in the new one.
fn first_found(old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, word) in new.iter().enumerate() {
        places.entry(*word).or_default().push(at);
    }
    let (mut from, mut pairs) = (0, Vec::new());
    for (i, word) in old.iter().enumerate() {
        let known = places.get(word).map_or(&[][..], Vec::as_slice);
        if let Some(j) = known.get(known.partition_point(|at| *at < from)) {
            pairs.push((i, *j));
            from = j + 1;
        }
    }
    pairs
}

impl std::hash::Hash for Line {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.section.hash(state);
        self.text.hash(state);
    }
}

fn lines(paper: &Paper) -> Vec<Line> {
    let mut section = String::new();
    let mut lines = Vec::new();
    for block in &paper.blocks {
        let texts: Vec<String> = match block {
            Block::Heading { text, .. } => {
                section.clone_from(text);
                vec![text.clone()]
            }
            Block::Paragraph { sentences } => texts(sentences),
            Block::List { items, .. } => texts(items),
            Block::Table { caption, head, rows } => {
                let head = (!head.is_empty()).then(|| head.join(" | "));
                std::iter::once(caption.clone()).chain(head).chain(rows.iter().map(row)).collect()
            }
            Block::Note { sentence } => vec![sentence.text.clone()],
            Block::PageBreak => Vec::new(),
        };
        let line = |text| Line { section: section.clone(), text };
        lines.extend(texts.into_iter().map(line));
    }
    lines
}

fn texts(sentences: &[Sentence]) -> Vec<String> {
    sentences.iter().map(|sentence| sentence.text.clone()).collect()
}

fn row(row: &Row) -> String {
    row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Description, Policy};

    fn text(change: impl Fn(&mut Description)) -> Paper {
        let text = include_str!("../../../samples/institutions/labor.toml");
        let mut described = Description::read(text).unwrap();
        change(&mut described);
        Policy::of(&described, law::korea().on(law::date("2026-11-23").unwrap())).paper
    }

    #[test]
    fn what_changed_stands_side_by_side_and_nothing_else_does() {
        let old = text(|_| ());
        assert_eq!(differences(&old, &old), []);
        let new = text(|it| it.units[1].retention_days = 20);
        let found = differences(&old, &new);
        assert!(!found.is_empty());
        for it in &found {
            let (before, after) = (it.before.as_ref().unwrap(), it.after.as_ref().unwrap());
            assert!(before.contains("30일") && after.contains("20일"), "{it:?}");
            assert!(before.contains("인천고용복지+센터") || after.contains("20일"), "{it:?}");
        }
        // The other way round before and after are changed.
        let back = differences(&new, &old);
        assert_eq!(back.len(), found.len());
        assert_eq!(back[0].after, found[0].before);
    }

    #[test]
    fn a_text_of_any_length_is_compared_in_bounded_memory() {
        let paragraph = |count: usize, last: &str| {
            let line = |n: usize| Sentence::from(format!("문장 {n}"));
            let mut sentences: Vec<Sentence> = (0..count).map(line).collect();
            sentences.push(Sentence::from(last.to_owned()));
            let mut paper = text(|_| ());
            paper.blocks = vec![Block::Paragraph { sentences }];
            paper
        };
        for count in [100, 20_000] {
            let found = differences(&paragraph(count, "전"), &paragraph(count, "후"));
            assert_eq!(found.len(), 1, "{count}");
            assert_eq!(found[0].before.as_deref(), Some("전"));
            assert_eq!(found[0].after.as_deref(), Some("후"));
        }
    }

    #[test]
    fn what_is_new_has_nothing_beside_it() {
        let (old, new) = (text(|it| drop(it.spots.pop())), text(|_| ()));
        let found = differences(&old, &new);
        assert!(found.iter().any(|it| it.before.is_none() && it.after.is_some()), "{found:?}");
        let gone = differences(&new, &old);
        assert!(gone.iter().any(|it| it.before.is_some() && it.after.is_none()), "{gone:?}");
    }
}
