//! How wide a table's columns are: as much as their words ask for, the whole width in all.

use papers::{Cell, Row};

/// The widths of a table's columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    /// Of each its share of the whole; together 1.
    pub(crate) shares: Vec<f64>,
    /// Words up to so many Hangul letters stand whole in their columns; none if all do.
    pub(crate) longest: Option<f64>,
}

/// A column asks for no more than this; all lengths are in widths of a Hangul letter.
const WIDE: f64 = 26.0;
/// What names the fields of a form is this wide in every table of it, if that is enough.
const LABEL: f64 = 9.5;
/// Room to write a word by hand.
const WRITTEN: f64 = 7.0;
/// No column is narrower.
const NARROW: f64 = 2.0;

/// What a column asks for.
#[derive(Debug, Clone, Copy)]
struct Wish {
    /// Its longest word.
    least: f64,
    /// Its longest line.
    wanted: f64,
    /// Whether it takes nothing of what is left over.
    is_content: bool,
}

/// The columns of a table in `room`; `margin` of it belongs to each column's edges. What reaches over
/// several columns takes what there is.
pub(crate) fn columns(head: &[String], rows: &[Row], room: f64, margin: f64) -> Columns {
    let is_form = head.is_empty();
    let wishes: Vec<Wish> = (0..count(head, rows))
        .map(|column| {
            let cells: Vec<&Cell> = rows.iter().filter_map(|row| cell_at(row, column)).collect();
            let texts = cells.iter().map(|cell| &cell.text).chain(head.get(column));
            let mut wish = Wish { least: NARROW, wanted: NARROW, is_content: false };
            for text in texts {
                wish.least = text.split_whitespace().map(width).fold(wish.least, f64::max);
                wish.wanted = text.lines().map(width).fold(wish.wanted, f64::max).min(WIDE);
            }
            if is_form && cells.iter().any(|cell| cell.is_label) {
                wish = Wish { wanted: wish.wanted.max(LABEL), is_content: true, ..wish };
            } else if cells.iter().all(|cell| cell.text.is_empty()) {
                wish.wanted = wish.wanted.max(WRITTEN);
            }
            Wish {
                wanted: wish.wanted.max(wish.least) + margin,
                least: wish.least + margin,
                ..wish
            }
        })
        .collect();
    share(&wishes, room, margin)
}

fn count(head: &[String], rows: &[Row]) -> usize {
    if head.is_empty() {
        rows.first().map_or(0, |row| row.cells.iter().map(|cell| usize::from(cell.columns)).sum())
    } else {
        head.len()
    }
}

/// The cell of a row that stands in this column alone.
fn cell_at(row: &Row, column: usize) -> Option<&Cell> {
    let mut at = 0;
    for cell in &row.cells {
        if at == column {
            return Some(cell).filter(|cell| cell.columns == 1);
        }
        at += usize::from(cell.columns);
    }
    None
}

/// Each at least what its longest word needs; what is left goes to those that want more.
fn share(wishes: &[Wish], room: f64, margin: f64) -> Columns {
    let asked: f64 = wishes.iter().map(|wish| wish.wanted).sum();
    if asked <= room {
        let open = wishes.iter().filter(|wish| !wish.is_content).count().max(1);
        #[allow(clippy::cast_precision_loss, reason = "a table has few columns")]
        let each = (room - asked) / open as f64;
        let more = |wish: &Wish| if wish.is_content { 0.0 } else { each };
        return part(wishes.iter().map(|wish| wish.wanted + more(wish)), None);
    }
    let needed = |longest: f64| wishes.iter().map(|wish| wish.least.min(longest)).sum::<f64>();
    let mut longest = wishes.iter().map(|wish| wish.least).fold(NARROW + margin, f64::max);
    let is_roomy = needed(longest) <= room;
    while needed(longest) > room && longest > NARROW + margin {
        longest -= 0.25;
    }
    let least = |wish: &Wish| wish.least.min(longest);
    let gain = ((room - needed(longest)) / (asked - needed(longest))).max(0.0);
    let widths = wishes.iter().map(|wish| least(wish) + (wish.wanted - least(wish)) * gain);
    part(widths, (!is_roomy).then_some(longest - margin))
}

fn part(widths: impl Iterator<Item = f64>, longest: Option<f64>) -> Columns {
    let widths: Vec<f64> = widths.collect();
    let whole: f64 = widths.iter().sum();
    Columns { shares: widths.iter().map(|width| width / whole).collect(), longest }
}

/// How wide a text is, in widths of a Hangul letter.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(|letter| if letter < '\u{1100}' { 0.6 } else { 0.97 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Row {
        Row { cells: texts.iter().map(|text| Cell::from(*text)).collect(), promise: None }
    }

    fn heads() -> [String; 3] {
        ["연번", "기관", "설치 목적"].map(String::from)
    }

    #[test]
    fn a_long_text_gets_more_than_a_number() {
        let rows =
            [row(&["1", "한국특허기술진흥원", "시설안전 및 화재 예방, 범죄의 예방 및 수사"])];
        let found = columns(&heads(), &rows, 30.0, 1.0);
        assert!((found.shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(found.shares[2] > found.shares[1] && found.shares[1] > found.shares[0]);
        // The long word of the second column stands whole.
        assert!(found.longest.is_none());
        assert!(found.shares[1] * 30.0 >= width("한국특허기술진흥원") + 1.0);
    }

    #[test]
    fn where_room_is_short_the_longest_words_give_way_first() {
        let rows = [row(&["1", "한국특허기술진흥원", "시설안전 및 화재 예방"])];
        let found = columns(&heads(), &rows, 15.0, 1.0);
        let longest = found.longest.unwrap();
        assert!(longest < width("한국특허기술진흥원") && longest >= width("시설안전"));
        assert!(found.shares[2] * 15.0 >= width("시설안전") + 1.0);
    }

    #[test]
    fn what_reaches_over_columns_makes_none_wide() {
        let mut wide = row(&["합계가 아주 긴 이름을 가진 줄", "9대"]);
        wide.cells[0].columns = 2;
        let found = columns(&heads(), &[wide, row(&["가", "나", "다라마바"])], 40.0, 1.0);
        assert!(found.shares[0] < found.shares[2]);
    }

    #[test]
    fn a_form_leaves_its_room_to_what_is_written() {
        let mut line = row(&["성명", "", "전화번호", ""]);
        line.cells[0].is_label = true;
        line.cells[2].is_label = true;
        let found = columns(&[], &[line], 50.0, 1.0);
        assert!(found.shares[1] > found.shares[0] && found.shares[3] > found.shares[2]);
        assert!((found.shares[0] - found.shares[2]).abs() < 1e-9);
    }
}
