//! What the machine lives by, as the ledger says it: accounts, credentials, cameras.
//!
//! Rights are decided on this and not on a database row, so that an UPDATE in SQL makes no one a
//! manager. It is filled from the log at the start and by each append after it is durable.

use std::collections::{BTreeMap, VecDeque};

use domain::{Action, EntryNumber, HoldId, ReelId, WallTime};
use rules::{EarlyRule, Target};

use crate::case::Desk;
use crate::hold::Holds;
use crate::life::RootFact;
use crate::plan::Plans;
use crate::range::Ranges;
use crate::ticket::Tickets;
use crate::visit::Visits;
use crate::{
    AccountRecord, AttestationFact, CameraRecord, Companion, Decision, HolderFact, Kind,
    OutcomeWord, Record, ReelFinding,
};

/// Steps of the clock, and reels found damaged, that are kept in memory: the newest.
const MOST_KEPT: usize = 10_000;
/// What shows pictures.
const SHOWS: [Action; 3] = [Action::WatchLive, Action::PlayFootage, Action::TakeStill];

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

/// A step of the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStep {
    /// Its entry.
    pub number: EntryNumber,
    /// What the clock showed after it.
    pub at: WallTime,
    /// By how much it was set, forward is positive.
    pub step_us: i64,
}

/// A reel with which something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Which.
    pub reel: ReelId,
    /// What was found first.
    pub finding: ReelFinding,
    /// When.
    pub at: WallTime,
}

/// A version of the policy that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFact {
    /// Its entry.
    pub number: EntryNumber,
    /// When it was announced.
    pub at: WallTime,
    /// Counted from 1.
    pub version: u64,
    /// The first day on which it is in force, `2026-11-01`.
    pub effective: String,
    /// The lines of the description.
    pub companion: Companion,
}

/// What was last found of the policy's promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisesFact {
    /// Its entry.
    pub number: EntryNumber,
    /// When somebody looked.
    pub at: WallTime,
    /// How many were kept.
    pub kept: u64,
    /// How many were broken.
    pub broken: u64,
    /// Of how many nobody could say.
    pub unproven: u64,
    /// Each promise.
    pub companion: Companion,
}

/// The rule on early destruction, and what was done by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EarlyFact {
    /// The rule that stands.
    pub rule: Option<EarlyRule>,
    /// When footage was last destroyed early, and on which intent.
    pub last: Option<(EntryNumber, WallTime)>,
}

/// A fact that rests on the newest record of its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    Account(String),
    Credential(String),
    Camera(String),
    Hold(HoldId),
    Floor(String),
    FloorPicture(String),
    RangePicture(String),
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
    clock_steps: VecDeque<ClockStep>,
    damage: VecDeque<Damage>,
    holds: Holds,
    plans: Plans,
    ranges: Ranges,
    early: EarlyFact,
    holders: Option<(EntryNumber, Vec<HolderFact>)>,
    doctor: Option<(WallTime, Companion)>,
    /// Acts that were to show pictures.
    viewings: u64,
    /// The newest destruction of what was due.
    destroyed: Option<(EntryNumber, WallTime)>,
    policies: Vec<PolicyFact>,
    promises: VecDeque<PromisesFact>,
    attestations: VecDeque<AttestationFact>,
    tickets: Tickets,
    visits: Visits,
    pub(crate) desk: Desk,
    second_key: Option<String>,
    /// The policy of its witnesses as last entered.
    witnesses: Option<Companion>,
    /// The newest intent of early destruction.
    early_intent: Option<EntryNumber>,
    /// The record roots in the order in which they were made, as last said.
    roots: Vec<RootFact>,
    /// The entry of each fact that counts.
    entered: BTreeMap<Fact, EntryNumber>,
}

impl Fact {
    fn of(record: &Record) -> Option<Self> {
        match record {
            Record::Account { account, .. } => Some(Self::Account(account.account.clone())),
            Record::Credential { account, .. } => Some(Self::Credential(account.clone())),
            Record::Camera { camera, .. } => Some(Self::Camera(camera.camera.clone())),
            Record::Hold { hold, .. } => hold.hold.parse().ok().map(Self::Hold),
            Record::Floor { floor, .. } => Some(Self::Floor(floor.floor.clone())),
            Record::FloorPicture { floor, .. } => Some(Self::FloorPicture(floor.clone())),
            Record::RangePicture { camera, .. } => Some(Self::RangePicture(camera.clone())),
            _ => None,
        }
    }
}

impl Projection {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        kind: &Kind,
        record: Option<&Record>,
    ) {
        self.tickets.note(time);
        match kind {
            Kind::Ticket(step) => self.tickets.apply(number, time, step, record),
            Kind::Visit(step) => self.visits.apply(number, time, step, record),
            Kind::Request(_) | Kind::Disclosure(_) | Kind::Export(_) => {
                self.desk.apply(number, time, kind, record);
            }
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
                self.note_early(*intent, *result, time);
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
            Kind::ClockStep { step_us } => {
                push(&mut self.clock_steps, ClockStep { number, at: time, step_us: *step_us });
            }
            Kind::ReelDamaged { reel, finding } => {
                push(&mut self.damage, Damage { reel: *reel, finding: *finding, at: time });
            }
            Kind::Doctor { companion, .. } => self.doctor = Some((time, companion.clone())),
            Kind::Policy { version, effective, companion } => self.policies.push(PolicyFact {
                number,
                at: time,
                version: *version,
                effective: effective.clone(),
                companion: companion.clone(),
            }),
            Kind::Promises { kept, broken, unproven, companion } => {
                let (kept, broken, unproven) = (*kept, *broken, *unproven);
                let companion = companion.clone();
                let fact = PromisesFact { number, at: time, kept, broken, unproven, companion };
                push(&mut self.promises, fact);
            }
            Kind::Attestation(said) => {
                push(
                    &mut self.attestations,
                    AttestationFact { number, at: time, said: said.clone() },
                );
            }
            Kind::RecordRoot(root) => self.apply_root(root),
            Kind::Witnesses { companion } => self.witnesses.clone_from(companion),
            Kind::LogKey { spki } => self.second_key = Some(spki.clone()),
            Kind::Holders { holders } => self.holders = Some((number, holders.clone())),
            Kind::EarlyRule { proposal, from } => {
                self.early.rule = from.map(|from| EarlyRule { proposal: *proposal, from });
            }
            _ => {}
        }
        if let Kind::Intent { action, .. } = kind
            && SHOWS.contains(action)
        {
            self.viewings += 1;
        }
        if let Kind::Destroyed { .. } = kind {
            self.destroyed = Some((number, time));
        }
        if let Kind::Intent { action: Action::DestroyEarly, .. } = kind {
            self.early_intent = Some(number);
        }
        if let Some(record) = record {
            self.apply_record(number, time, record);
        }
    }

    /// An act of early destruction counts unless it failed: what nobody can say counts as done.
    fn note_early(&mut self, intent: EntryNumber, result: OutcomeWord, time: WallTime) {
        if self.early_intent == Some(intent) && result != OutcomeWord::Failed {
            self.early.last = Some((intent, time));
        }
    }

    fn apply_root(&mut self, root: &RootFact) {
        match self.roots.iter_mut().find(|known| known.name() == root.name()) {
            Some(known) => known.state = root.state.max(known.state),
            None => self.roots.push(root.clone()),
        }
    }

    fn apply_record(&mut self, number: EntryNumber, time: WallTime, record: &Record) {
        if let Some(fact) = Fact::of(record) {
            self.entered.insert(fact, number);
        }
        match record {
            Record::Account { account, .. } => {
                // One that was sealed anew says itself since when the account is there.
                let made = account.made_at.as_ref().and_then(|at| at.parse().ok()).unwrap_or(time);
                let dates = self.dates.entry(account.account.clone()).or_insert((made, None));
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
            Record::Hold { hold, .. } => self.holds.apply(hold),
            Record::Floor { floor, .. } => self.plans.apply(number, time, floor),
            Record::FloorPicture { floor, picture, .. } => {
                self.plans.apply_picture(number, time, floor, picture.is_some());
            }
            Record::RangePicture { camera, picture, .. } => {
                self.ranges.apply(number, time, camera, picture.is_some());
            }
            Record::Proposal { actor, action, target, reason, until } => {
                let (action, target) = (Action::from_word(action), target.for_two());
                let (Some(action), Some(target), Ok(until)) = (action, target, until.parse())
                else {
                    return;
                };
                if !rules::fits_two(action, &target) {
                    return;
                }
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
            | Record::Approval { .. }
            | Record::Attestation { .. }
            | Record::Ticket { .. }
            | Record::TicketStep { .. }
            | Record::Visit { .. }
            | Record::VisitStep { .. }
            | Record::Request { .. }
            | Record::RequestStep { .. }
            | Record::Disclosure { .. }
            | Record::DisclosureStep { .. }
            | Record::Export { .. }
            | Record::ExportRevoked { .. } => {}
        }
    }

    /// A fact is no more: the record that it rested on is destroyed.
    pub(crate) fn forget(&mut self, fact: &Fact) {
        self.entered.remove(fact);
        match fact {
            Fact::Account(account) => {
                self.accounts.remove(account);
                self.dates.remove(account);
            }
            Fact::Credential(account) => drop(self.verifiers.remove(account)),
            Fact::Camera(camera) => drop(self.cameras.remove(camera)),
            Fact::Hold(hold) => self.holds.forget(*hold),
            Fact::Floor(floor) => self.plans.forget(floor),
            Fact::FloorPicture(floor) => self.plans.forget_picture(floor),
            Fact::RangePicture(camera) => self.ranges.forget(camera),
        }
    }

    pub(crate) fn roots(&self) -> &[RootFact] {
        &self.roots
    }

    /// Each fact and the entry that it rests on.
    pub(crate) fn entered(&self) -> Vec<(Fact, EntryNumber)> {
        self.entered.iter().map(|(fact, number)| (fact.clone(), *number)).collect()
    }

    pub(crate) fn clock_steps(&self) -> Vec<ClockStep> {
        self.clock_steps.iter().copied().collect()
    }

    pub(crate) fn damage(&self) -> Vec<Damage> {
        self.damage.iter().copied().collect()
    }

    pub(crate) const fn holds(&self) -> &Holds {
        &self.holds
    }

    pub(crate) const fn ranges(&self) -> &Ranges {
        &self.ranges
    }

    pub(crate) const fn plans(&self) -> &Plans {
        &self.plans
    }

    pub(crate) const fn early(&self) -> EarlyFact {
        self.early
    }

    pub(crate) fn doctor(&self) -> Option<(WallTime, Companion)> {
        self.doctor.clone()
    }

    pub(crate) const fn viewings(&self) -> u64 {
        self.viewings
    }

    pub(crate) const fn destroyed(&self) -> Option<(EntryNumber, WallTime)> {
        self.destroyed
    }

    pub(crate) fn policies(&self) -> Vec<PolicyFact> {
        self.policies.clone()
    }

    pub(crate) const fn promises(&self) -> &VecDeque<PromisesFact> {
        &self.promises
    }

    pub(crate) fn attestations(&self) -> Vec<AttestationFact> {
        self.attestations.iter().cloned().collect()
    }

    pub(crate) const fn tickets(&self) -> &Tickets {
        &self.tickets
    }

    pub(crate) const fn visits(&self) -> &Visits {
        &self.visits
    }

    pub(crate) const fn witnesses(&self) -> Option<&Companion> {
        self.witnesses.as_ref()
    }

    pub(crate) const fn second_key(&self) -> Option<&String> {
        self.second_key.as_ref()
    }

    pub(crate) fn holders(&self) -> Option<(EntryNumber, Vec<HolderFact>)> {
        self.holders.clone()
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

/// Keeps the newest.
fn push<T>(kept: &mut VecDeque<T>, new: T) {
    kept.push_back(new);
    if kept.len() > MOST_KEPT {
        kept.pop_front();
    }
}
