//! Rows of cells to tables: headings, turned tables, merged cells, sums.

use super::grid::{RawRow, grids};
use super::{Cell, Column, ColumnKind, Row, RowKind, Table, kind_of};
use crate::Source;
use crate::facts::role_of;
use crate::scan::{counts, lone_number};

/// The tables of a text, in their order.
pub(crate) fn tables(source: &Source) -> Vec<Table> {
    grids(source).into_iter().filter_map(table).collect()
}

fn table(rows: Vec<RawRow>) -> Option<Table> {
    let first = rows.first()?.line;
    let last = rows.last()?.last;
    let width = rows.iter().map(|row| row.cells.len()).max()?;
    let rows = pairs(rows, width);
    let width = rows.iter().map(|row| row.cells.len()).max()?;
    let headings = heading_rows(&rows);
    let (rows, headings) =
        if is_turned(&rows, headings) { (turn(&rows, width), 1) } else { (rows, headings) };
    let width = rows.iter().map(|row| row.cells.len()).max()?;
    let mut columns = columns(&rows[..headings.min(rows.len())], width);
    if headings == 0 {
        by_content(&mut columns, &rows);
    }
    let rows: Vec<RawRow> = rows.into_iter().map(|row| shifted(row, &columns)).collect();
    let rows = below_group(rows, &columns);
    let body = &rows[headings.min(rows.len())..];
    if headings > 0 {
        spanned(&mut columns, body);
    }
    let rows = body.iter().map(|row| body_row(row, width, &columns)).collect();
    let mut made = Table { first, last, columns, heading_rows: headings, rows };
    inherit(&mut made);
    Some(made)
}

fn is_known(cell: &str) -> bool {
    kind_of(cell) != ColumnKind::Other && lone_number(cell).is_none()
}

/// Rows of `label, value, label, value` come to rows of `label, value`.
fn pairs(rows: Vec<RawRow>, width: usize) -> Vec<RawRow> {
    let known = |odd: usize| -> usize {
        let labels = rows.iter().flat_map(|row| row.cells.iter().skip(odd).step_by(2));
        labels.filter(|it| is_known(it)).count()
    };
    let (labels, values) = (known(0), known(1));
    let first = rows
        .first()
        .map_or(0, |row| row.cells.iter().skip(1).step_by(2).filter(|it| is_known(it)).count());
    let enough = first == 0 && (labels >= 3 || (labels == 2 && rows.len() == 1));
    if width < 4 || !width.is_multiple_of(2) || !enough || values * 3 > labels {
        return rows;
    }
    let mut made = Vec::new();
    for row in rows {
        let chunks = row.cells.chunks_exact(2).zip(row.lines.chunks_exact(2));
        for (cells, lines) in chunks.filter(|(cells, _)| !cells[0].is_empty()) {
            made.push(RawRow {
                line: row.line,
                last: row.last,
                cells: cells.to_vec(),
                lines: lines.to_vec(),
            });
        }
    }
    made
}

/// How many of the first rows are headings: none, one or two.
fn heading_rows(rows: &[RawRow]) -> usize {
    let known = |row: &RawRow| row.cells.iter().filter(|it| is_known(it)).count();
    let Some(first) = rows.first() else { return 0 };
    if has_names_above(rows) {
        return 2;
    }
    let filled = first.filled();
    let has_number =
        first.cells.iter().any(|it| lone_number(it).is_some() || !counts(it).is_empty());
    if filled == 0 || known(first) * 2 < filled || (known(first) < 2 && filled > 1) || has_number {
        return 0;
    }
    let has_gaps = first.filled() < first.cells.len();
    let is_second = |row: &&RawRow| {
        let is_below = row.cells.first().is_none_or(String::is_empty)
            || row.cells.first() == first.cells.first();
        has_gaps && is_below && known(row) >= 1 && known(row) * 3 >= row.filled() * 2
    };
    1 + usize::from(rows.get(1).filter(is_second).is_some())
}

/// The first row names what the headings in the second are of: `CCTV 카메라 | | 녹화장치 |`.
fn has_names_above(rows: &[RawRow]) -> bool {
    let [first, second, ..] = rows else { return false };
    let known = |row: &RawRow| row.cells.iter().filter(|it| is_known(it)).count();
    let has_digits =
        |row: &RawRow| row.cells.iter().any(|it| it.contains(|it: char| it.is_ascii_digit()));
    let is_below = second.cells.first().is_none_or(String::is_empty);
    let has_gaps = first.filled() < second.cells.len() && first.cells.len() <= second.cells.len();
    has_gaps
        && is_below
        && first.filled() >= 2
        && first.cells.first().is_some_and(|it| is_known(it))
        && known(second) >= 2
        && known(second) * 3 >= second.filled() * 2
        && !has_digits(first)
        && !has_digits(second)
}

/// Whether the headings stand in the first column.
fn is_turned(rows: &[RawRow], headings: usize) -> bool {
    let below = |from: usize| {
        rows[from.min(rows.len())..]
            .iter()
            .filter(|row| row.cells.first().is_some_and(|it| is_known(it)))
            .count()
    };
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let is_list = |row: &RawRow| {
        let kinds: Vec<ColumnKind> = row.cells.iter().map(|it| kind_of(it)).collect();
        kinds.len() == 2 && matches!(kinds[0], ColumnKind::Group)
    };
    if width < 2 || rows.len() < 2 {
        return width == 2 && rows.len() == 1 && headings == 0 && below(0) == 1;
    }
    // Persons stand below each other with their role before them: no headings.
    let roles = rows
        .iter()
        .filter(|row| row.cells.first().is_some_and(|it| kind_of(it) == ColumnKind::Name))
        .count();
    let known = below(0);
    if headings == 0 {
        return known >= 2 && known * 2 > rows.len() && roles * 2 <= known;
    }
    rows.first().is_some_and(is_list)
        && below(1) >= 2
        && below(1) * 2 > rows.len() - 1
        && roles * 2 <= below(1)
}

fn turn(rows: &[RawRow], width: usize) -> Vec<RawRow> {
    (0..width)
        .map(|at| {
            let cells =
                rows.iter().map(|row| row.cells.get(at).cloned().unwrap_or_default()).collect();
            let lines: Vec<u32> =
                rows.iter().map(|row| row.lines.get(at).copied().unwrap_or(row.line)).collect();
            let first = lines.first().copied().unwrap_or(1);
            let last = rows.last().map_or(first, |row| row.last);
            RawRow { line: first, last, cells, lines }
        })
        .collect()
}

fn columns(headings: &[RawRow], width: usize) -> Vec<Column> {
    let mut above = String::new();
    let has_two = headings.len() > 1;
    (0..width)
        .map(|at| {
            let cell = |row: usize| {
                headings.get(row).and_then(|it| it.cells.get(at)).map_or("", String::as_str)
            };
            let (top, below) = (cell(0), if has_two { cell(1) } else { "" });
            if !top.is_empty() {
                top.clone_into(&mut above);
            }
            let shown = if top.is_empty() && below.is_empty() { "" } else { above.as_str() };
            let shown = if has_two && !below.is_empty() { shown } else { top };
            let title = if shown == below { below.to_owned() } else { format!("{shown} {below}") };
            let title = title.trim().to_owned();
            let own = kind_of(below);
            let is_of_recorder =
                ["녹화", "기록장치", "DVR", "NVR", "저장장치"].iter().any(|it| shown.contains(it));
            let kind = match own {
                _ if is_of_recorder => kind_of(&title),
                ColumnKind::Other | ColumnKind::Group => kind_of(&title),
                own => own,
            };
            Column { kind: if kind == ColumnKind::Other { own } else { kind }, title }
        })
        .collect()
}

/// One heading over two columns of words: the first groups what the second names.
fn spanned(columns: &mut [Column], body: &[RawRow]) {
    let words = |at: usize| {
        let cells = body.iter().filter_map(|row| row.cells.get(at));
        cells.filter(|it| !it.is_empty() && lone_number(it).is_none()).count()
    };
    for at in 1..columns.len() {
        let kind = columns[at - 1].kind;
        let is_over = columns[at].title.is_empty()
            && matches!(kind, ColumnKind::Place | ColumnKind::Group)
            && !columns[at - 1].title.is_empty();
        if is_over && words(at) * 2 >= body.len() && words(at) >= words(at - 1) && words(at) > 1 {
            columns[at - 1].kind = ColumnKind::Group;
            columns[at].kind = ColumnKind::Place;
        }
    }
}

/// Without headings: a column of counts like `2대` makes the first column of words a place.
fn by_content(columns: &mut [Column], rows: &[RawRow]) {
    let cells = |at: usize| {
        rows.iter().filter_map(move |row| row.cells.get(at)).filter(|it| !it.is_empty())
    };
    let is_count = |cell: &String| lone_number(cell).is_some() && cell.contains('대');
    let counted = (0..columns.len()).find(|at| {
        let all = cells(*at).count();
        all >= 2 && cells(*at).filter(|it| is_count(it)).count() * 4 >= all * 3
    });
    let Some(counted) = counted else { return };
    columns[counted].kind = ColumnKind::Count;
    let words: Vec<usize> = (0..columns.len())
        .filter(|at| *at != counted && cells(*at).any(|it| lone_number(it).is_none()))
        .collect();
    match words.as_slice() {
        [place] => columns[*place].kind = ColumnKind::Place,
        [group, place, ..] => {
            columns[*group].kind = ColumnKind::Group;
            columns[*place].kind = ColumnKind::Place;
        }
        [] => {}
    }
}

/// A row that lacks its first cell, merged with the one above: its count stands one column too early.
fn shifted(mut row: RawRow, columns: &[Column]) -> RawRow {
    let Some(count) = columns.iter().position(|it| it.kind == ColumnKind::Count) else {
        return row;
    };
    let is_count = |at: usize| row.cells.get(at).is_some_and(|it| lone_number(it).is_some());
    let is_early = count > 0 && is_count(count - 1) && !is_count(count);
    let is_number = columns.first().is_some_and(|it| it.kind == ColumnKind::Number);
    if is_early && row.cells.len() < columns.len() && !(is_number && count == 1) {
        row.cells.insert(0, String::new());
        row.lines.insert(0, row.line);
    }
    row
}

/// A person's row that lacks its first cell, merged with the one above: its role stands one column too early.
fn below_group(mut rows: Vec<RawRow>, columns: &[Column]) -> Vec<RawRow> {
    let is_role = |row: &RawRow, at: usize| {
        row.cells.get(at).is_some_and(|it| it.chars().count() <= 12 && role_of(it).is_some())
    };
    let is_grouped = columns.first().is_some_and(|it| it.kind == ColumnKind::Group)
        && rows.iter().skip(1).any(|row| row.cells.len() == columns.len() && is_role(row, 1));
    for row in rows.iter_mut().skip(1).filter(|_| is_grouped) {
        if !is_role(row, 0) || is_role(row, 1) {
            continue;
        }
        // As wide as the others, it ends with a cell in which nothing stands.
        if row.cells.len() == columns.len() && row.cells.last().is_some_and(String::is_empty) {
            row.cells.pop();
            row.lines.pop();
        }
        if row.cells.len() < columns.len() {
            row.cells.insert(0, String::new());
            row.lines.insert(0, row.line);
        }
    }
    rows
}

fn body_row(row: &RawRow, width: usize, columns: &[Column]) -> Row {
    let mut cells: Vec<Cell> = row
        .cells
        .iter()
        .zip(&row.lines)
        .map(|(text, line)| Cell { text: text.clone(), is_inherited: false, line: *line })
        .collect();
    cells.resize(width, Cell { line: row.line, ..Cell::default() });
    Row { line: row.line, kind: row_kind(row, columns), cells }
}

fn row_kind(row: &RawRow, columns: &[Column]) -> RowKind {
    let Some(first) = row.cells.iter().find(|it| !it.is_empty()) else { return RowKind::Note };
    let squeezed: String = first.chars().filter(|it| !it.is_whitespace()).collect();
    let bare = squeezed.trim_matches(['(', ')', '[', ']', '*', '<', '>']);
    let bare = bare.split(['(', ':']).next().unwrap_or(bare);
    let sums = [
        "계",
        "합계",
        "소계",
        "총계",
        "총합계",
        "누계",
        "전체",
        "총",
        "총대수",
        "합",
        "총설치대수",
        "총수량",
    ];
    let is_sum_of = bare.ends_with("소계") || bare.ends_with("합계") || bare.ends_with("총계");
    // The number may stand in the cell of the word: `총 17대`.
    let is_with_number = ["총", "계", "합계", "소계", "총계"]
        .iter()
        .any(|word| bare.strip_prefix(word).is_some_and(|it| lone_number(it).is_some()));
    if sums.contains(&bare) || is_sum_of || is_with_number {
        return RowKind::Total;
    }
    // The word may stand in the second cell: `본관 | 소계 | 12`.
    let second = row.cells.iter().filter(|it| !it.is_empty()).nth(1);
    let is_second = second.is_some_and(|it| {
        let it: String = it.chars().filter(|it| !it.is_whitespace()).collect();
        matches!(it.as_str(), "소계" | "합계" | "총계" | "계")
    });
    if is_second && columns.len() > 2 {
        return RowKind::Total;
    }
    if bare == "예시" || squeezed.starts_with("(예시") || squeezed.starts_with("예)") {
        return RowKind::Example;
    }
    let is_alone = row.filled() == 1 && columns.len() > 2;
    let is_note = squeezed.starts_with(['※', '*'])
        || squeezed.contains("참조")
        || (is_alone && (squeezed.chars().count() > 30 || squeezed.ends_with("니다.")));
    if is_note && row.filled() <= 2 { RowKind::Note } else { RowKind::Body }
}

/// Empty cells of merged columns, and `상동`, have the text of the cell above.
fn inherit(table: &mut Table) {
    const MERGED: [ColumnKind; 10] = [
        ColumnKind::Group,
        ColumnKind::Purpose,
        ColumnKind::Hours,
        ColumnKind::Retention,
        ColumnKind::Storage,
        ColumnKind::Recorder,
        ColumnKind::Department,
        ColumnKind::Company,
        ColumnKind::Viewing,
        ColumnKind::Monitoring,
    ];
    for at in 0..table.columns.len() {
        let merges = MERGED.contains(&table.columns[at].kind);
        let is_group = table.columns[at].kind == ColumnKind::Group;
        let is_sum = |it: &str| {
            ["계", "총", "합"].iter().any(|word| it.starts_with(word)) || it.ends_with("계")
        };
        let mut above = String::new();
        for row in &mut table.rows {
            let cell = &mut row.cells[at];
            let squeezed: String = cell.text.chars().filter(|it| !it.is_whitespace()).collect();
            let same = [
                "상동",
                "\"",
                "\"\"",
                "위와같음",
                "동일",
                "''",
                "〃",
                "상기동일",
                "위와동일",
                "(상동)",
            ];
            let is_same = same.contains(&squeezed.as_str());
            if row.kind != RowKind::Body {
                // `본관 | 계 | 6` above its rows names their group.
                let names = is_group && row.kind == RowKind::Total && !is_sum(&squeezed);
                if names && !squeezed.is_empty() {
                    above.clone_from(&cell.text);
                }
                continue;
            }
            if is_same || (merges && squeezed.is_empty()) {
                cell.is_inherited = true;
                cell.text.clone_from(&above);
            } else if !squeezed.is_empty() {
                above.clone_from(&cell.text);
            }
        }
    }
}
