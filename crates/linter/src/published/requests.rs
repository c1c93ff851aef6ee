//! What may be asked for and by when it is answered; on what the text rests: statutes, forms, versions.

use time::Date;

use crate::Item;

/// A reference to a statute, decree or guideline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Its line.
    pub line: u32,
    /// The law as written, without brackets and spaces: `개인정보보호법`, `주차장법시행규칙`; `같은법`
    /// and the like are resolved to the law before.
    pub law: String,
    /// 제N조.
    pub article: Option<u32>,
    /// 제N조의N.
    pub branch: Option<u32>,
    /// 제N항.
    pub paragraph: Option<u32>,
    /// 제N호.
    pub number: Option<u32>,
}

/// What is done by a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadlineOf {
    /// Acting on a request (조치).
    Action,
    /// Telling that a request is refused, limited or postponed.
    Refusal,
    /// Telling a change of the policy.
    Notice,
    /// Whatever else.
    Other,
}

/// By when something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The line.
    pub line: u32,
    /// The item of the section.
    pub item: Item,
    /// What.
    pub of: DeadlineOf,
    /// In so many days; none for `without delay`.
    pub days: Option<u32>,
    /// `지체 없이`.
    pub without_delay: bool,
    /// `특별한 사유가 없는 한`.
    pub is_qualified: bool,
}

/// Why a request may be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Investigation, prosecution, trial (to 2024-01-03).
    Prosecution,
    /// It was destroyed when its time ended (to 2024-01-03).
    Expired,
    /// Another justified reason (to 2024-01-03).
    OtherReason,
    /// Act 35(4)1: a statute forbids it.
    Statute,
    /// Act 35(4)2: life, body, property of another.
    OthersInterest,
    /// Act 35(4)3: taxes, examinations, audit.
    PublicTask,
    /// The privacy of others who were filmed.
    OthersPrivacy,
    /// Whatever else the list names.
    Else,
}

/// One version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionStated {
    /// Its line.
    pub line: u32,
    /// When it was announced.
    pub announced: Option<Date>,
    /// From when it holds.
    pub effective: Option<Date>,
    /// The last day on which it held, for an earlier version.
    pub until: Option<Date>,
    /// The day of the first making (제정).
    pub enacted: Option<Date>,
    /// A link or file should show the text; only the word `link` is there.
    pub link_is_missing: bool,
}

/// A form, register or annex that is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormReference {
    /// Its line.
    pub line: u32,
    /// As written: `별지 제2호 서식`.
    pub text: String,
    /// Its number.
    pub number: Option<u32>,
    /// What it is for, as far as the words around it tell: `열람·존재확인 청구서`, `관리대장`.
    pub title: String,
    /// It belongs to the standard guideline or another law, not to this policy.
    pub is_of_law: bool,
    /// It is the form itself, not a mention.
    pub is_the_form: bool,
}
