//! What is inside an entry as JSON: the words and fields of each kind, in the order in which they
//! are written.

use domain::Action;
use serde::{Deserialize, Serialize};

use crate::entry::Kind;
use crate::{
    Attested, Companion, Decision, DisclosureStep, ExportStep, HolderFact, OutcomeWord,
    ParseEntryError, ReelFinding, RequestStep, RootFact, TicketStep, VisitStep,
};

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Body {
    Opened {
        recorder: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<Previous>,
    },
    Started,
    Stopped,
    Alive,
    Intent {
        action: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<String>,
    },
    Proposal {
        action: String,
    },
    Approval {
        proposal: String,
        decision: Decision,
    },
    Outcome {
        intent: String,
        result: OutcomeWord,
    },
    Served {
        intent: String,
    },
    Refusal {
        action: String,
        reason: String,
    },
    Account,
    Credential,
    Camera,
    Hold,
    Plan,
    Keys {
        companion: Companion,
    },
    VaultKey {
        epoch: u64,
        sha256: String,
    },
    Destroyed {
        epoch: u64,
        companion: Companion,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_by: Option<String>,
    },
    Holders {
        holders: Vec<HolderFact>,
    },
    LogKey {
        spki: String,
    },
    RecordRoot(RootFact),
    Witnesses {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        companion: Option<Companion>,
    },
    ReelClosed {
        reel: String,
        sha256: String,
        length_bytes: u64,
        chunks: u64,
    },
    ClockStep {
        step_us: i64,
    },
    ReelDamaged {
        reel: String,
        finding: ReelFinding,
    },
    Scrubbed {
        reels: u64,
        length_bytes: u64,
        damaged: u64,
    },
    Doctor {
        held: u64,
        broken: u64,
        untested: u64,
        companion: Companion,
    },
    Site {
        companion: Companion,
    },
    Policy {
        version: u64,
        effective: String,
        companion: Companion,
    },
    Promises {
        kept: u64,
        broken: u64,
        unproven: u64,
        companion: Companion,
    },
    Attestation(Attested),
    Ticket(TicketStep),
    Visit(VisitStep),
    Request(RequestStep),
    Disclosure(DisclosureStep),
    Export(ExportStep),
    EarlyRule {
        proposal: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Previous {
    size: u64,
    root: String,
}

impl From<&Kind> for Body {
    fn from(kind: &Kind) -> Self {
        match kind.clone() {
            Kind::Opened { recorder, previous } => Self::Opened {
                recorder: recorder.to_string(),
                previous: previous.map(|(size, root)| Previous { size, root }),
            },
            Kind::Started => Self::Started,
            Kind::Stopped => Self::Stopped,
            Kind::Alive => Self::Alive,
            Kind::Intent { action, proposal } => Self::Intent {
                action: action.word().into(),
                proposal: proposal.map(|number| number.to_string()),
            },
            Kind::Proposal { action } => Self::Proposal { action: action.word().into() },
            Kind::Approval { proposal, decision } => {
                Self::Approval { proposal: proposal.to_string(), decision }
            }
            Kind::Outcome { intent, result } => {
                Self::Outcome { intent: intent.to_string(), result }
            }
            Kind::Served { intent } => Self::Served { intent: intent.to_string() },
            Kind::Refusal { action, reason } => {
                Self::Refusal { action: action.word().into(), reason }
            }
            Kind::Account => Self::Account,
            Kind::Credential => Self::Credential,
            Kind::Camera => Self::Camera,
            Kind::Hold => Self::Hold,
            Kind::Plan => Self::Plan,
            Kind::Keys { companion } => Self::Keys { companion },
            Kind::VaultKey { epoch, sha256 } => Self::VaultKey { epoch, sha256 },
            Kind::Destroyed { epoch, companion, held_by } => Self::Destroyed {
                epoch,
                companion,
                held_by: held_by.map(|number| number.to_string()),
            },
            Kind::Holders { holders } => Self::Holders { holders },
            Kind::LogKey { spki } => Self::LogKey { spki },
            Kind::RecordRoot(root) => Self::RecordRoot(root),
            Kind::Witnesses { companion } => Self::Witnesses { companion },
            Kind::ReelClosed { reel, sha256, length_bytes, chunks } => {
                Self::ReelClosed { reel: reel.to_string(), sha256, length_bytes, chunks }
            }
            Kind::ClockStep { step_us } => Self::ClockStep { step_us },
            Kind::ReelDamaged { reel, finding } => {
                Self::ReelDamaged { reel: reel.to_string(), finding }
            }
            Kind::Scrubbed { reels, length_bytes, damaged } => {
                Self::Scrubbed { reels, length_bytes, damaged }
            }
            Kind::Doctor { held, broken, untested, companion } => {
                Self::Doctor { held, broken, untested, companion }
            }
            Kind::Site { companion } => Self::Site { companion },
            Kind::Policy { version, effective, companion } => {
                Self::Policy { version, effective, companion }
            }
            Kind::Promises { kept, broken, unproven, companion } => {
                Self::Promises { kept, broken, unproven, companion }
            }
            Kind::Attestation(said) => Self::Attestation(said),
            Kind::Ticket(step) => Self::Ticket(step),
            Kind::Visit(step) => Self::Visit(step),
            Kind::Request(step) => Self::Request(step),
            Kind::Disclosure(step) => Self::Disclosure(step),
            Kind::Export(step) => Self::Export(step),
            Kind::EarlyRule { proposal, from } => Self::EarlyRule {
                proposal: proposal.to_string(),
                from: from.map(|from| from.to_string()),
            },
        }
    }
}

impl TryFrom<Body> for Kind {
    type Error = ParseEntryError;
    fn try_from(body: Body) -> Result<Self, ParseEntryError> {
        let bad = |what: &str| ParseEntryError(what.to_owned());
        let number = |text: String| text.parse().map_err(|_| bad("number"));
        let action = |text: String| Action::from_word(&text).ok_or_else(|| bad("action"));
        Ok(match body {
            Body::Opened { recorder, previous } => Self::Opened {
                recorder: recorder.parse().map_err(|_| bad("recorder"))?,
                previous: previous.map(|previous| (previous.size, previous.root)),
            },
            Body::Started => Self::Started,
            Body::Stopped => Self::Stopped,
            Body::Alive => Self::Alive,
            Body::Intent { action: word, proposal } => {
                Self::Intent { action: action(word)?, proposal: proposal.map(number).transpose()? }
            }
            Body::Proposal { action: word } => Self::Proposal { action: action(word)? },
            Body::Approval { proposal, decision } => {
                Self::Approval { proposal: number(proposal)?, decision }
            }
            Body::Outcome { intent, result } => Self::Outcome { intent: number(intent)?, result },
            Body::Served { intent } => Self::Served { intent: number(intent)? },
            Body::Refusal { action: word, reason } => {
                Self::Refusal { action: action(word)?, reason }
            }
            Body::Account => Self::Account,
            Body::Credential => Self::Credential,
            Body::Camera => Self::Camera,
            Body::Hold => Self::Hold,
            Body::Plan => Self::Plan,
            Body::Keys { companion } => Self::Keys { companion },
            Body::VaultKey { epoch, sha256 } => Self::VaultKey { epoch, sha256 },
            Body::Destroyed { epoch, companion, held_by } => {
                Self::Destroyed { epoch, companion, held_by: held_by.map(number).transpose()? }
            }
            Body::Holders { holders } => Self::Holders { holders },
            Body::LogKey { spki } => Self::LogKey { spki },
            Body::RecordRoot(root) => Self::RecordRoot(root),
            Body::Witnesses { companion } => Self::Witnesses { companion },
            Body::ReelClosed { reel, sha256, length_bytes, chunks } => Self::ReelClosed {
                reel: reel.parse().map_err(|_| bad("reel"))?,
                sha256,
                length_bytes,
                chunks,
            },
            Body::ClockStep { step_us } => Self::ClockStep { step_us },
            Body::ReelDamaged { reel, finding } => {
                Self::ReelDamaged { reel: reel.parse().map_err(|_| bad("reel"))?, finding }
            }
            Body::Scrubbed { reels, length_bytes, damaged } => {
                Self::Scrubbed { reels, length_bytes, damaged }
            }
            Body::Doctor { held, broken, untested, companion } => {
                Self::Doctor { held, broken, untested, companion }
            }
            Body::Site { companion } => Self::Site { companion },
            Body::Policy { version, effective, companion } => {
                Self::Policy { version, effective, companion }
            }
            Body::Promises { kept, broken, unproven, companion } => {
                Self::Promises { kept, broken, unproven, companion }
            }
            Body::Attestation(said) => Self::Attestation(said),
            Body::Ticket(step) => Self::Ticket(step),
            Body::Visit(step) => Self::Visit(step),
            Body::Request(step) => Self::Request(step),
            Body::Disclosure(step) => Self::Disclosure(step),
            Body::Export(step) => Self::Export(step.checked().ok_or_else(|| bad("sha256"))?),
            Body::EarlyRule { proposal, from } => Self::EarlyRule {
                proposal: number(proposal)?,
                from: from.map(|from| from.parse().map_err(|_| bad("from"))).transpose()?,
            },
        })
    }
}
