//! When is filmed, how long and where footage is kept, and how it is kept safe.

use crate::Item;

/// How hours are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoursKind {
    /// All day (24시간, 상시, 연중무휴).
    AllDay,
    /// From one hour to another.
    Schedule,
    /// Something that is no hour.
    Unclear,
}

/// Hours of filming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursStated {
    /// The line.
    pub line: u32,
    /// As written.
    pub text: String,
    /// How.
    pub kind: HoursKind,
    /// Of which group.
    pub group: Option<String>,
}

/// How a period is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// 30일.
    Exactly,
    /// 30일 이내, 30일 이하, 최대 30일.
    AtMost,
    /// 30일 이상, 최소 30일.
    AtLeast,
}

/// How long footage is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The line.
    pub line: u32,
    /// The item of the section.
    pub item: Item,
    /// As written: `촬영일로부터 30일`.
    pub text: String,
    /// In days; a month is 30, a week 7.
    pub days: u32,
    /// How it is bounded.
    pub bound: Bound,
    /// It is stated in months: `1개월`.
    pub in_months: bool,
    /// Of which group.
    pub group: Option<String>,
    /// A statute's own minimum or another rule is told, not this institution's time.
    pub is_of_law: bool,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceStated {
    /// The line.
    pub line: u32,
    /// The item of the section.
    pub item: Item,
    /// As written: `1층 방재실`.
    pub text: String,
    /// Of which group.
    pub group: Option<String>,
}

/// How footage is kept safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// 내부 관리계획.
    Plan,
    /// 접근 통제, 접근 권한의 제한·차등 부여.
    GradedAccess,
    /// 암호화.
    Encryption,
    /// 안전하게 저장·전송할 수 있는 기술.
    SafeTransfer,
    /// 비밀번호.
    Password,
    /// 생성 일시, 열람 기록, 위·변조 방지.
    ViewingRecords,
    /// 특정 컴퓨터.
    CertainComputers,
    /// 잠금장치.
    Locks,
    /// 보관시설.
    Facility,
    /// 통제구역, 제한구역.
    ControlledArea,
    /// 교육, 감독.
    Supervision,
    /// 보안 프로그램, 방화벽.
    Software,
}
