//! What cameras are for, how many there are, and where.

/// Kinds of purpose, by the grounds of Act 25(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PurposeKind {
    /// A statute permits it: ground 1.
    Statute,
    /// Preventing (and investigating) crime: ground 2.
    CrimePrevention,
    /// Safety and management of a facility: ground 3.
    FacilitySafety,
    /// Fire: ground 3.
    Fire,
    /// Traffic enforcement: ground 4.
    TrafficEnforcement,
    /// Traffic information: ground 5.
    TrafficInformation,
    /// Statistics without storing: ground 6.
    Statistics,
    /// Parking: theft of and damage to cars.
    Parking,
    /// Disasters, forest fires, floods.
    Disaster,
    /// Dumping of waste.
    Waste,
    /// Who comes in.
    AccessControl,
    /// Whatever else the list names.
    Other,
}

impl PurposeKind {
    /// As `expected.toml` and scripts write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Statute => "statute",
            Self::CrimePrevention => "crime-prevention",
            Self::FacilitySafety => "facility-safety",
            Self::Fire => "fire",
            Self::TrafficEnforcement => "traffic-enforcement",
            Self::TrafficInformation => "traffic-information",
            Self::Statistics => "statistics",
            Self::Parking => "parking",
            Self::Disaster => "disaster",
            Self::Waste => "waste",
            Self::AccessControl => "access-control",
            Self::Other => "other",
        }
    }
}

/// A purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Its line.
    pub line: u32,
    /// As published: `시설안전 및 화재 예방`.
    pub text: String,
    /// What it comes to; `시설안전 및 화재 예방` is two.
    pub kinds: Vec<PurposeKind>,
}

/// How many cameras, where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cameras {
    /// Each line of the list or table of cameras.
    pub rows: Vec<CameraRow>,
    /// The buildings, bodies or purposes by which the text groups; if it does not, each row.
    pub groups: Vec<Group>,
    /// Every sum that the text states: of the whole, or of a group.
    pub stated: Vec<StatedCount>,
    /// The sum of what is listed; none if a count is listed nowhere.
    pub listed: Option<u32>,
}

impl Cameras {
    /// The stated sum of the whole; the first, if there are several.
    #[must_use]
    pub fn stated_total(&self) -> Option<&StatedCount> {
        self.stated.iter().find(|it| it.of.is_none())
    }

    /// The sum of what is listed, else what is stated.
    #[must_use]
    pub fn total(&self) -> Option<u32> {
        self.listed.or_else(|| self.stated_total().map(|it| it.count))
    }
}

/// One line of the list of cameras.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraRow {
    /// Its line.
    pub line: u32,
    /// The table that it is a row of, by its place in [`Published::tables`].
    pub table: Option<usize>,
    /// The group that it belongs to.
    pub group: Option<String>,
    /// Where.
    pub place: String,
    /// What is filmed, if that is a cell of its own.
    pub range: Option<String>,
    /// What for, if that is a cell of its own.
    pub purpose: Option<String>,
    /// The cell of the count as written; empty where nothing stands.
    pub count_text: String,
    /// How many; none where nothing can be read.
    pub count: Option<u32>,
    /// The cell of the count is empty and may be part of the one above, merged over several rows.
    pub count_may_be_above: bool,
    /// What the row's own sub-counts add up to: `로비(1), 문서고(2)` is 3, `2~6층 (1대씩)` is 5.
    pub parts: Option<u32>,
}

/// A building, body or purpose by which cameras are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// As written.
    pub name: String,
    /// Its first line.
    pub line: u32,
    /// The sum of its rows.
    pub cameras: u32,
}

/// A sum that the text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedCount {
    /// Its line.
    pub line: u32,
    /// How many.
    pub count: u32,
    /// Of which group; none for the whole.
    pub of: Option<String>,
    /// What the rows that it sums up add up to, where that is clear.
    pub rows: Option<u32>,
}
