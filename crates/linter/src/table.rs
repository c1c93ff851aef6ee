//! Tables: rows of cells with a meaning for each column.

mod below;
mod blank;
mod column;
mod grid;
mod read;
mod wide;

pub(crate) use column::kind_of;
pub(crate) use read::tables;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// Running number.
    Number,
    /// By what rows are grouped: body, building, kind (구분, 기관명).
    Group,
    /// How many cameras.
    Count,
    /// Where they hang.
    Place,
    /// What they film.
    Range,
    /// Place and range in one.
    PlaceAndRange,
    /// What they are for.
    Purpose,
    /// Hours of filming.
    Hours,
    /// How long footage is kept.
    Retention,
    /// Where it is kept.
    Storage,
    /// How it is watched, and where.
    Monitoring,
    /// Where the recorder is (DVR 위치).
    Recorder,
    /// How it is filmed (촬영방법).
    Method,
    /// A person's name.
    Name,
    /// A person's title.
    Title,
    /// A department.
    Department,
    /// A telephone or mail address.
    Contact,
    /// A company that works for the institution.
    Company,
    /// What work is given to it.
    Work,
    /// Where footage can be seen.
    Viewing,
    /// A day: of announcement, of effect.
    Day,
    /// A remark.
    Remark,
    /// Anything else.
    Other,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading; where headings stand in two rows, both, parted by a space.
    pub title: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One thing of the list.
    Body,
    /// A sum of rows above or below (계, 합계, 소계).
    Total,
    /// A sentence or reference in the place of a row (※ 붙임 참조).
    Note,
    /// A row that the template shows as an example (예시).
    Example,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What stands in it, or in the merged cell that it was part of.
    pub text: String,
    /// Nothing stands in it: the text is that of the cell above (merged cell, or 상동).
    pub is_inherited: bool,
    /// Its line; in a table that was turned, cells of a row stand on several.
    pub line: u32,
}

/// A row below the headings; as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line.
    pub line: u32,
    /// What it is.
    pub kind: RowKind,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its first line.
    pub first: u32,
    /// Its last line.
    pub last: u32,
    /// Its columns, as many as its widest row.
    pub columns: Vec<Column>,
    /// How many rows are headings.
    pub heading_rows: usize,
    /// Its rows below the headings.
    pub rows: Vec<Row>,
}

impl Table {
    /// The first column of a kind.
    #[must_use]
    pub fn column(&self, kind: ColumnKind) -> Option<usize> {
        self.columns.iter().position(|column| column.kind == kind)
    }

    /// A row's cell of a kind; none if there is no such column or nothing in it.
    #[must_use]
    pub fn cell<'t>(&self, row: &'t Row, kind: ColumnKind) -> Option<&'t Cell> {
        let cell = row.cells.get(self.column(kind)?)?;
        (!cell.text.is_empty()).then_some(cell)
    }
}
