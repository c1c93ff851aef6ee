//! The published policy: its versions, its text, what stands against a draft, and its promises.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PolicyState, PromiseState, Severity, Time};

/// The policy in force and every version that was announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PolicyView {
    /// The newest first.
    pub versions: Vec<PolicyVersion>,
    /// The one that is shown; null if none was ever announced.
    pub shown: Option<u64>,
    /// Its text: a document as `docs/formats/document.md` says; null with it.
    #[schema(value_type = Option<Object>)]
    pub document: Option<serde_json::Value>,
    /// What was mended of the text that it was made from.
    pub mended: Vec<PolicyMended>,
    /// Its lines of cameras.
    pub lines: Vec<PolicyLine>,
    /// Why it came, if it says so.
    pub reason: Option<String>,
    /// Where its text differs from the version before it; none for the first.
    pub differences: Vec<PolicyDifference>,
    /// The signs on the wall that it asks for.
    pub signs: Vec<PolicySign>,
    /// Lines for which no sign speaks, since nobody may come there who was not asked.
    pub unsigned: Vec<PolicyLine>,
}

/// A sign on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicySign {
    /// The word of its unit, as `jikim policy sign --unit` takes it.
    pub unit: String,
    /// What stands above.
    pub title: String,
    /// What the law asks it to say.
    pub lines: Vec<PolicySignLine>,
    /// Where the policy can be read.
    pub url: Option<String>,
    /// The lines of cameras for which it speaks.
    pub covers: Vec<PolicyLine>,
}

/// A line of a sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicySignLine {
    /// What it is about.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// A place where the texts of two versions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyDifference {
    /// Below which heading.
    pub section: String,
    /// What stood there; null if it is new.
    pub before: Option<String>,
    /// What stands there; null if it is gone.
    pub after: Option<String>,
}

/// A line of cameras: each camera that records belongs to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyLine {
    /// Its word: a camera's `policy_spot`.
    pub id: String,
    /// As published, with its unit before it.
    pub name: String,
    /// How many cameras it promises.
    pub cameras: u16,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyVersion {
    /// Counted from 1.
    pub version: u64,
    /// The entry of the ledger that announced it.
    pub entry: String,
    /// When it was announced.
    pub announced_at: Time,
    /// The first day on which it is in force: `2026-11-01`.
    pub effective: String,
    /// What it is today.
    pub state: PolicyState,
}

/// Something that was otherwise in the text that a description was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyMended {
    /// What was found.
    pub found: String,
    /// What stands there now.
    pub now: String,
}

/// A description, as a file of TOML (`docs/formats/institution.md`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicy {
    /// The file: at most 256 KiB.
    #[schema(max_length = 262144)]
    pub description: String,
}

/// Proposes a version that promises less than the one before: it takes two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyProposal {
    /// The description, TOML.
    pub description: String,
    /// Why, in a few words: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// A version that is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedPolicy {
    /// The first day on which it would be in force: `2026-12-01`.
    pub effective: String,
    /// What it promises less than the newest version.
    pub loosenings: Vec<PolicyLoosening>,
    /// The description, TOML: what is approved is this and nothing else.
    pub description: String,
}

/// What a description would become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PolicyDraft {
    /// Why the file could not be read; null if it could.
    pub unreadable: Option<String>,
    /// What stands against publishing it; errors first, and they block.
    pub findings: Vec<PolicyFinding>,
    /// What it promises less than the version before it.
    pub loosenings: Vec<PolicyLoosening>,
    /// Where its text would differ from that.
    pub differences: Vec<PolicyDifference>,
    /// Whether it can be announced.
    pub can_be_announced: bool,
    /// The first day on which it would be in force.
    pub effective: Option<String>,
    /// Its text; null if it could not be read.
    #[schema(value_type = Option<Object>)]
    pub document: Option<serde_json::Value>,
}

/// Something that stands against publishing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyFinding {
    /// How bad it is.
    pub severity: Severity,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub at: String,
    /// What is wrong and what to do.
    pub text_ko: String,
    /// The same in English.
    pub text_en: String,
    /// The article that asks for it.
    pub article: String,
}

/// Something that is promised less than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyLoosening {
    /// In Korean.
    pub text_ko: String,
    /// In English.
    pub text_en: String,
}

/// The promises of the policy in force, and what became of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Promises {
    /// The version whose promises they are; null if no policy is in force.
    pub version: Option<u64>,
    /// When they were last entered in the ledger, and in which entry.
    pub entered: Option<PromisesEntered>,
    /// In the order of the text.
    pub promises: Vec<Promise>,
    /// What the manager has to see to each year beside them: of no section, published nowhere.
    pub duties: Vec<Promise>,
}

/// An entry of promises in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromisesEntered {
    /// Which.
    pub entry: String,
    /// When.
    pub at: Time,
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Promise {
    /// Stable: `cameras.lobby`.
    pub id: String,
    /// The number of the section it stands in.
    pub section: u8,
    /// As published.
    pub text_ko: String,
    /// In English.
    pub text_en: String,
    /// What became of it.
    pub state: PromiseState,
    /// What was seen, in Korean.
    pub evidence: String,
    /// The same in English.
    pub evidence_en: String,
    /// When it was looked at.
    pub checked_at: Time,
    /// For how many days the word of a person counts; null if the program looks at it itself.
    pub attested_every_days: Option<u16>,
    /// The word that counts for it now; null if there is none.
    pub attestation: Option<crate::Attestation>,
    /// The article it rests on.
    pub article: String,
    /// What breaking it costs, if the law names something.
    pub penalty_ko: Option<String>,
    /// The same in English.
    pub penalty_en: Option<String>,
}

/// A file of the public site, as the one who wrote it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Below the folder of the site: letters, digits, dots, hyphens, and `/` between names.
    pub name: String,
    /// SHA-256 of it, 64 hexadecimal digits in small letters.
    pub sha256: String,
}

impl SiteFile {
    /// Whether it can stand in a list of lines, and leads nowhere else.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let is_name =
            |name: &str| !name.is_empty() && !name.starts_with('.') && name.bytes().all(letters);
        self.sha256.len() == 64
            && self.sha256.bytes().all(is_hex)
            && self.name.len() <= 100
            && self.name.split('/').all(is_name)
    }
}

/// What was published, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteEntry {
    /// The entry, as it is hashed.
    pub entry: String,
    /// Its receipt.
    pub receipt: String,
    /// Whether a quorum of witnesses has cosigned it.
    pub is_cosigned: bool,
}
