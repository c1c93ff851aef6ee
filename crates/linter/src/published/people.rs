//! Who answers for what, how to reach them, and who works for the institution.

use crate::Item;

/// What somebody answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 관리책임자.
    Manager,
    /// 보호책임자.
    ProtectionOfficer,
    /// 관리담당자, 담당자, 보호담당자, 운영자.
    Officer,
    /// 접근권한자.
    Access,
    /// A contractor's person.
    Contractor,
    /// Whatever else.
    Other,
}

/// One mention of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The line.
    pub line: u32,
    /// The item of the section.
    pub item: Item,
    /// What they answer for.
    pub role: Role,
    /// The same as written: `개인영상정보 관리책임자`.
    pub role_text: String,
    /// For which building or body.
    pub group: Option<String>,
    /// The name; also `○○○`.
    pub name: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The department or company.
    pub department: Option<String>,
    /// Telephone or address as written.
    pub contact: Option<String>,
    /// The table has a cell for a contact and nothing stands in it.
    pub contact_is_empty: bool,
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its line.
    pub line: u32,
    /// As written.
    pub text: String,
    /// `042`, `02`; none for nationwide (`1588`) and mobile numbers and where none is written.
    pub area: Option<String>,
    /// `15XX-`, `16XX-`, `18XX-`, `080`.
    pub is_nationwide: bool,
    /// A fax number.
    pub is_fax: bool,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its line.
    pub line: u32,
    /// As written.
    pub text: String,
    /// The telephone area of its province or city: `02`, `042`.
    pub area: &'static str,
}

/// Whether work is given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Outsourced {
    /// It is, and a company is named.
    Yes,
    /// It is said that it is not (해당 없음, 위탁하지 않).
    No,
    /// Nothing is said, or two things.
    #[default]
    Unknown,
}

impl Outsourced {
    /// As scripts write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// Work that is given to others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processor {
    /// Whether.
    pub outsourced: Outsourced,
    /// Who, every mention.
    pub companies: Vec<Company>,
    /// A sentence says that work is given to others.
    pub says_yes: Option<u32>,
    /// A sentence or cell says that none is (`해당 없음`, `-`).
    pub says_no: Option<u32>,
    /// A sentence says that who works for it cannot reach the footage.
    pub no_access: Option<u32>,
    /// A sentence says that who works for it may reach it, for maintenance.
    pub access: Option<u32>,
}

/// A company that works for the institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// The line.
    pub line: u32,
    /// The name; also `○○○○`.
    pub name: String,
    /// A person there.
    pub person: Option<String>,
    /// Its telephone.
    pub contact: Option<String>,
    /// What it does.
    pub work: Option<String>,
}
