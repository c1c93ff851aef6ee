//! What the machine lives by, as the ledger says it: accounts, credentials, cameras.
//!
//! Rights are decided on this and not on a database row, so that an UPDATE in SQL makes no one a
//! manager. It is filled from the log at the start and by each append after it is durable.

use std::collections::BTreeMap;

use domain::{Action, EntryNumber, ReelId, WallTime};
use rules::Target;

use crate::{AccountRecord, CameraRecord, Decision, Kind, OutcomeWord, Record};

/// What a password is verified with.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) sha256: String,
    pub(crate) text: Option<String>,
}

/// A proposal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalFact {
    /// The act.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// Why.
    pub reason: String,
    /// Who proposed it, as written.
    pub proposed_by: String,
    /// When.
    pub proposed_at: WallTime,
    /// Until when it can be approved and carried out.
    pub until: WallTime,
    /// What was decided first, by whom (as written), when.
    pub decision: Option<(Decision, String, WallTime)>,
    /// The intent that rests on it.
    pub used_by: Option<EntryNumber>,
    /// How that act ended; none while it goes on.
    pub outcome: Option<OutcomeWord>,
}

/// The latest word of the ledger on each account and camera.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    accounts: BTreeMap<String, AccountRecord>,
    verifiers: BTreeMap<String, Verifier>,
    cameras: BTreeMap<String, CameraRecord>,
    reels: BTreeMap<ReelId, String>,
    dates: BTreeMap<String, (WallTime, Option<WallTime>)>,
    proposals: BTreeMap<EntryNumber, ProposalFact>,
    /// The proposal that an intent rests on.
    rests_on: BTreeMap<EntryNumber, EntryNumber>,
}

impl Projection {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        kind: &Kind,
        record: Option<&Record>,
    ) {
        match kind {
            Kind::ReelClosed { reel, sha256, .. } => {
                self.reels.insert(*reel, sha256.clone());
            }
            Kind::Intent { proposal: Some(proposal), .. } => {
                // The first alone: an act that came too late does not take it from the one in time.
                if let Some(known) = self.proposals.get_mut(proposal)
                    && known.used_by.is_none()
                {
                    known.used_by = Some(number);
                    self.rests_on.insert(number, *proposal);
                }
            }
            Kind::Outcome { intent, result } => {
                let proposal = self.rests_on.remove(intent);
                if let Some(known) = proposal.and_then(|it| self.proposals.get_mut(&it)) {
                    known.outcome = Some(*result);
                }
            }
            Kind::Approval { proposal, decision } => {
                let by = record.and_then(Record::actor).map(str::to_owned);
                if let Some(known) = self.proposals.get_mut(proposal)
                    && known.decision.is_none()
                {
                    known.decision = by.map(|by| (*decision, by, time));
                }
            }
            _ => {}
        }
        if let Some(record) = record {
            self.apply_record(number, time, record);
        }
    }

    fn apply_record(&mut self, number: EntryNumber, time: WallTime, record: &Record) {
        match record {
            Record::Account { account, .. } => {
                let dates = self.dates.entry(account.account.clone()).or_insert((time, None));
                dates.1 = account.roles.is_empty().then_some(time);
                self.accounts.insert(account.account.clone(), account.clone());
            }
            Record::Credential { account, verifier_sha256, verifier } => {
                let known = Verifier { sha256: verifier_sha256.clone(), text: verifier.clone() };
                self.verifiers.insert(account.clone(), known);
            }
            Record::Camera { camera, .. } => {
                self.cameras.insert(camera.camera.clone(), camera.clone());
            }
            Record::Proposal { actor, action, target, reason, until } => {
                let (action, target) = (Action::from_word(action), target.for_two());
                let (Some(action), Some(target), Ok(until)) = (action, target, until.parse())
                else {
                    return;
                };
                let made = ProposalFact {
                    action,
                    target,
                    reason: reason.clone(),
                    proposed_by: actor.clone(),
                    proposed_at: time,
                    until,
                    decision: None,
                    used_by: None,
                    outcome: None,
                };
                self.proposals.insert(number, made);
            }
            Record::Ask { .. }
            | Record::Outcome { .. }
            | Record::Served { .. }
            | Record::Approval { .. } => {}
        }
    }

    pub(crate) fn proposal(&self, number: EntryNumber) -> Option<ProposalFact> {
        self.proposals.get(&number).cloned()
    }

    pub(crate) fn proposals(&self) -> Vec<(EntryNumber, ProposalFact)> {
        self.proposals.iter().map(|(number, fact)| (*number, fact.clone())).collect()
    }

    pub(crate) fn reel(&self, reel: ReelId) -> Option<String> {
        self.reels.get(&reel).cloned()
    }

    pub(crate) fn dates(&self, account: &str) -> Option<(WallTime, Option<WallTime>)> {
        self.dates.get(account).copied()
    }

    pub(crate) fn accounts(&self) -> Vec<AccountRecord> {
        self.accounts.values().cloned().collect()
    }

    pub(crate) fn account(&self, account: &str) -> Option<AccountRecord> {
        self.accounts.get(account).cloned()
    }

    pub(crate) fn verifier(&self, account: &str) -> Option<&Verifier> {
        self.verifiers.get(account)
    }

    pub(crate) fn cameras(&self) -> Vec<CameraRecord> {
        self.cameras.values().cloned().collect()
    }

    pub(crate) fn camera(&self, camera: &str) -> Option<CameraRecord> {
        self.cameras.get(camera).cloned()
    }
}
