//! Proposals: acts that take two people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{NamedCamera, ProposalState, Time};

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

/// One proposal: to keep a camera's footage for longer, or to allow early destruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Year of its entry in the ledger.
    pub year: u16,
    /// Number of its entry within the year.
    pub number: u64,
    /// The act: `camera.lengthen-retention` or `footage.allow-early`.
    pub action: String,
    /// Whose footage; null if it is about all of it.
    pub camera: Option<NamedCamera>,
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
    /// Whether that person may carry it out now: it was approved, and is one of the two.
    pub can_carry_out: bool,
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
    /// Whether to approve. An approval is carried out at once; no is a refusal, or taking back what
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
