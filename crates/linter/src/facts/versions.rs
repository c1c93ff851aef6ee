//! Versions of the policy with their days.

use time::Date;

use super::keeping::{first_letters, last_letters};
use super::squeezed;
use crate::scan::dates;
use crate::{Item, NotUnderstood, Published, Row, RowKind, Table, VersionStated};

/// What a day is the day of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    Announced,
    Effective,
    Enacted,
    /// Revised, or nothing is said.
    Revised,
}

/// The versions in the order of the text, and days that are none.
pub(super) fn versions(published: &Published) -> (Vec<VersionStated>, Vec<NotUnderstood>) {
    let mut reader = Reader::default();
    for section in published.sections.iter().filter(|it| it.item != Item::Annex) {
        for line in published.source.between(section.first, section.last) {
            let about = section.is(Item::Changes);
            let in_table = published.is_in_table(line.number);
            if about && in_table {
                if let Some((table, row)) = row_of(published, line.number) {
                    reader.row(table, row);
                }
            } else if !in_table && (about || is_of_versions(&line.squeezed, section.item)) {
                reader.line(line.number, &line.text, about);
            }
        }
    }
    (reader.found, reader.wrong)
}

fn row_of(published: &Published, line: u32) -> Option<(&Table, &Row)> {
    published.tables.iter().find_map(|table| {
        let row = table.rows.iter().find(|row| row.line == line && row.kind == RowKind::Body)?;
        Some((table, row))
    })
}

/// Days of versions also stand at the head of the document.
fn is_of_versions(squeezed: &str, item: Item) -> bool {
    let named = ["공고일", "시행일", "공고일자", "시행일자", "적용일"]
        .iter()
        .any(|it| squeezed.contains(it));
    let says =
        squeezed.contains("방침은") || squeezed.contains("지침은") || squeezed.contains("규정은");
    let takes_effect = says && ["부터시행", "부터적용"].iter().any(|it| squeezed.contains(it));
    let heads = ["제정", "개정", "시행", "[시행", "전부개정", "일부개정", "변경"];
    let at_head = item == Item::Preamble
        && heads.iter().any(|it| squeezed.trim_start_matches(['(', '<', '[']).starts_with(it));
    // `운영·관리 방침 (2014. 3. 27. ~ 2016. 11. 30.)`
    let is_title = item == Item::Preamble
        && squeezed.contains("방침")
        && squeezed.contains('~')
        && !squeezed.contains("니다");
    (named || is_title || at_head || takes_effect) && squeezed.chars().count() <= 80
}

#[derive(Default)]
struct Reader {
    found: Vec<VersionStated>,
    wrong: Vec<NotUnderstood>,
}

impl Reader {
    fn line(&mut self, line: u32, text: &str, about: bool) {
        let all = dates(text);
        let mut at = 0;
        while at < all.len() {
            let day = &all[at];
            let Some(value) = day.value else {
                self.wrong
                    .push(NotUnderstood { line, text: text.trim().chars().take(120).collect() });
                at += 1;
                continue;
            };
            let from = at.checked_sub(1).map_or(0, |it| all[it].end);
            let next = all.get(at + 1);
            let between = next.map_or("", |next| &text[day.end..next.start]);
            if let Some(until) = next.filter(|_| {
                squeezed(between)
                    .trim_matches(['(', ')', '.', '일', '부', '터'])
                    .starts_with(['~', '-'])
            }) {
                let rest = squeezed(&text[until.end..]);
                self.found.push(VersionStated {
                    effective: Some(value),
                    until: until.value,
                    link_is_missing: is_bare_link(&rest),
                    ..empty(line)
                });
                at += 2;
                continue;
            }
            let to = next.map_or(text.len(), |it| it.start);
            let kind = kind(&squeezed(&text[from..day.start]), &squeezed(&text[day.end..to]));
            self.day(line, value, kind, about, &squeezed(&text[day.end..to]));
            at += 1;
        }
    }

    fn day(&mut self, line: u32, value: Date, kind: Day, about: bool, after: &str) {
        let last = self.found.last_mut().filter(|it| it.until.is_none() && line <= it.line + 3);
        match (kind, last) {
            (Day::Announced, _) => {
                self.found.push(VersionStated { announced: Some(value), ..empty(line) });
            }
            (Day::Effective, Some(last)) if last.effective.is_none() => {
                last.effective = Some(value);
            }
            (Day::Effective, _) => self.found.push(VersionStated {
                effective: Some(value),
                link_is_missing: is_bare_link(after),
                ..empty(line)
            }),
            (Day::Enacted, _) => {
                self.found.push(VersionStated { enacted: Some(value), ..empty(line) });
            }
            (Day::Revised, _) if about => {
                self.found.push(VersionStated { effective: Some(value), ..empty(line) });
            }
            (Day::Revised, _) => {}
        }
    }

    fn row(&mut self, table: &Table, row: &Row) {
        let mut made = empty(row.line);
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let all = dates(&cell.text);
            let Some(day) = all.first() else { continue };
            if day.value.is_none() {
                self.wrong.push(NotUnderstood { line: cell.line, text: cell.text.clone() });
            }
            let title = squeezed(&column.title);
            let words = format!("{title}{}", squeezed(&cell.text[day.end..]));
            match kind(&words, "") {
                Day::Announced => made.announced = day.value,
                Day::Enacted => made.enacted = day.value,
                Day::Effective => made.effective = day.value,
                Day::Revised => made.effective = made.effective.or(day.value),
            }
            if let Some(until) = all.get(1).filter(|it| cell.text[day.end..it.start].contains('~'))
            {
                made.until = until.value;
            }
        }
        if made != empty(row.line) {
            self.found.push(made);
        }
    }
}

const fn empty(line: u32) -> VersionStated {
    VersionStated {
        line,
        announced: None,
        effective: None,
        until: None,
        enacted: None,
        link_is_missing: false,
    }
}

/// `(링크)`, `[바로가기]` and nothing that could be followed.
fn is_bare_link(after: &str) -> bool {
    let bare = after.trim_matches(['(', ')', '[', ']', '<', '>', '.']);
    ["링크", "바로가기", "보기", "다운로드", "클릭", "내려받기"].contains(&bare)
}

/// What a day is, by the words before and behind it.
fn kind(before: &str, after: &str) -> Day {
    let before = last_letters(before, 14);
    let after = first_letters(after, 14);
    let nearest = |words: &[&str]| words.iter().filter_map(|it| before.rfind(it)).max();
    let announced = nearest(&["공고", "공지", "게시", "고지", "공포"]);
    let effective = nearest(&["시행", "적용"]);
    let enacted = nearest(&["제정"]);
    let revised = nearest(&["개정", "변경", "수정"]);
    let best = [
        (announced, Day::Announced),
        (effective, Day::Effective),
        (enacted, Day::Enacted),
        (revised, Day::Revised),
    ]
    .into_iter()
    .filter_map(|(at, day)| at.map(|at| (at, day)))
    .max_by_key(|(at, _)| *at);
    if let Some((_, day)) = best {
        // `제정·시행 2020.1.1.` holds from then on.
        return day;
    }
    let has = |words: &[&str]| words.iter().any(|it| after.contains(it));
    if has(&["적용", "시행"]) {
        Day::Effective
    } else if has(&["제정"]) {
        Day::Enacted
    } else if has(&["공고", "공지", "게시"]) {
        Day::Announced
    } else {
        Day::Revised
    }
}
