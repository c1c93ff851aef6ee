//! Reading a policy as it was published: what is wrong with it, and what description would say the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ErrorBody, PolicyFinding};

/// A published text that is to be looked through. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyReading {
    /// The text, at most 512 KiB, tables with tabs or `|`; empty if it is in the file.
    pub text: String,
    /// Instead of it the file that holds it, at most 2 MiB: HWPX, or text in UTF-8, UTF-16 or CP949.
    #[serde(default)]
    pub file_base64: Option<String>,
    /// The day whose law is asked, `2026-11-23`; today if left out.
    #[serde(default)]
    pub date: Option<String>,
    /// What was answered of the fields of the draft, by their paths.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyReading {
    /// The day whose law was asked.
    pub date: String,
    /// The text that was in the file, if one was sent.
    pub text: Option<String>,
    /// What is wrong, the first line first; what is missing from the whole text before.
    pub findings: Vec<ReadingFinding>,
    /// Lines of which nothing was understood.
    pub not_understood: Vec<ReadingLine>,
    /// What was understood.
    pub facts: ReadingFacts,
    /// A description that says the same.
    pub draft: ReadingDraft,
}

/// How bad a finding in a published text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingSeverity {
    /// Only how it is written.
    Style,
    /// Outdated, uncertain or unwise.
    Warning,
    /// It contradicts itself, breaks its own promise, or lacks what the law asks for.
    Error,
}

/// Something that is wrong with a published text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingFinding {
    /// The rule: `count.sum`.
    pub rule: String,
    /// How bad it is.
    pub severity: ReadingSeverity,
    /// On which line, from 1; 0 if it is missing from the whole text.
    pub line: u32,
    /// The section of the line, as it is headed there; empty without one.
    pub section: String,
    /// What is wrong and what to do.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
    /// The article: `Dec 25(1)2`.
    pub law: String,
}

/// A line of a published text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingLine {
    /// From 1.
    pub line: u32,
    /// What stands there.
    pub text: String,
}

/// What was understood of a published text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingFacts {
    /// Whose policy it is.
    pub institution: Option<String>,
    /// Cameras: the sum of what is listed, else what is stated.
    pub cameras_total: Option<u32>,
    /// Cameras as stated.
    pub cameras_stated: Option<u32>,
    /// By what the text groups them.
    pub groups: Vec<ReadingGroup>,
    /// The longest that footage is kept.
    pub retention_days_max: Option<u32>,
    /// `24`, `schedule`, `mixed` or `unknown`.
    pub hours: String,
    /// As written.
    pub purposes: Vec<String>,
    /// As written.
    pub storage_places: Vec<String>,
    /// `yes`, `no` or `unknown`: whether work is given to others.
    pub processor: String,
    /// Versions with their days.
    pub versions: Vec<ReadingVersion>,
}

/// Cameras that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingGroup {
    /// What the text calls them.
    pub name: String,
    /// How many; null if it does not say.
    pub cameras: Option<u32>,
}

/// A version that a text speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingVersion {
    /// The day of its announcement.
    pub announced: Option<String>,
    /// Its first day.
    pub effective: Option<String>,
}

/// A description of the institution that follows from a published text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingDraft {
    /// The description, as `docs/formats/institution.md` says, with what is not known left as a blank.
    pub toml: String,
    /// What of it was read, assumed or has to be asked, in its order.
    pub fields: Vec<ReadingField>,
    /// Why it cannot be read as a description yet; null if it can.
    pub unreadable: Option<String>,
    /// What stands against announcing it; empty while it cannot be read.
    pub findings: Vec<PolicyFinding>,
}

/// Where a field of a draft comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingFieldState {
    /// It stands in the text, or was answered.
    Read,
    /// Nobody said so; it is usual.
    Assumed,
    /// The text does not say.
    Asked,
}

/// What can be answered to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingFieldKind {
    /// Words on one line.
    Text,
    /// A whole number.
    Number,
    /// A day, `2026-11-23`.
    Date,
    /// One of the choices.
    Choice,
}

/// One field of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingField {
    /// Its path: `unit main.retention_days`. No two are the same.
    pub path: String,
    /// Where it comes from.
    pub state: ReadingFieldState,
    /// What can be answered.
    pub kind: ReadingFieldKind,
    /// On which line it was read, from 1; 0 if on none.
    pub line: u32,
    /// As it stands in the description; empty if it is asked.
    pub value: String,
    /// What it is.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
    /// What it belongs to: a line of cameras with its name.
    pub of_ko: String,
    /// The same in English.
    pub of_en: String,
    /// What can be chosen; empty for any answer.
    pub choices: Vec<ReadingChoice>,
}

/// One answer that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingChoice {
    /// What is answered.
    pub word: String,
    /// What it means.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
}

/// Looks through a published text and drafts the description that says the same. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/policy/reading", tag = "policy",
    request_body = NewPolicyReading,
    responses((status = 200, body = PolicyReading), (status = "default", body = ErrorBody)))]
pub fn read_published() {}
