//! Proposals: acts that take two people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{NamedCamera, ProposalState, ProposedPolicy, Time};

/// All proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposals {
    /// The newest first.
    pub proposals: Vec<Proposal>,
    /// The standing rule on early destruction, and what was done by it.
    pub early: EarlyDestruction,
}

/// The rule that the oldest footage goes before its time when the disk is nearly full, never below
/// a statutory minimum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EarlyDestruction {
    /// The proposal that the standing rule rests on, as `2026/17`; null without a rule.
    pub proposal: Option<String>,
    /// From when it is in force: a day after it was made.
    pub in_force_from: Option<Time>,
    /// The ledger entry of the last act by which footage was destroyed early; null if none ever was.
    pub last_act: Option<String>,
    /// When that was.
    pub last_at: Option<Time>,
}

/// One proposal: to keep a camera's footage for longer, to allow early destruction, to destroy single
/// minutes, or to announce a policy that promises less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Year of its entry in the ledger.
    pub year: u16,
    /// Number of its entry within the year.
    pub number: u64,
    /// The act: `camera.lengthen-retention`, `footage.allow-early`, `footage.destroy-minutes` or
    /// `policy.loosen`; decided on, but not listed here, `export.seal`.
    pub action: String,
    /// Whose footage; null if it is about all of it, or about `minutes`.
    pub camera: Option<NamedCamera>,
    /// What is to be destroyed; null if that is not what it is about.
    pub minutes: Option<Minutes>,
    /// The version that is to be announced; null if that is not what it is about.
    pub policy: Option<ProposedPolicy>,
    /// For how long it is to be kept at most; null if that is not what it is about.
    pub retention_max_s: Option<u32>,
    /// For how long it is kept now; likewise.
    pub present_max_s: Option<u32>,
    /// Why.
    pub reason: String,
    /// Who proposed it, as others see that person.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Time,
    /// Until when it can be approved and carried out.
    pub until: Time,
    /// How it stands.
    pub state: ProposalState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
    /// Whether the person who asks proposed it.
    pub mine: bool,
    /// From when it can be carried out; null before it was approved. Single minutes wait for a day.
    pub carry_out_from: Option<Time>,
    /// Whether that person may carry it out now: it was approved, its time has come, and that person
    /// is one of the two.
    pub can_carry_out: bool,
}

/// Minutes of footage that are to be destroyed before their time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Minutes {
    /// Whose footage.
    pub cameras: Vec<NamedCamera>,
    /// The first of them.
    pub from: Time,
    /// The first moment after them.
    pub to: Time,
}

/// Proposes to destroy single minutes before their time: just these, nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMinutes {
    /// Whose footage: 1 to 9 cameras, each once.
    pub cameras: Vec<crate::Id>,
    /// The first of them: a whole minute.
    pub from: Time,
    /// The first moment after them: a whole minute, at most 4 hours later.
    pub to: Time,
    /// Why, in a few words: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Proposes to keep a camera's footage for longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    /// The camera.
    pub camera: crate::Id,
    /// The longest that a frame is to be kept.
    pub retention_max_s: u32,
    /// Why, in a few words: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Decides of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalDecision {
    /// Whether to approve. An approval is carried out at once, but for the destruction of single
    /// minutes, which somebody carries out a day later; no is a refusal, or taking back what
    /// one proposed oneself.
    pub approves: bool,
}

/// Keeps a camera's footage for a shorter time from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionChange {
    /// The longest that a frame is kept.
    pub retention_max_s: u32,
}
