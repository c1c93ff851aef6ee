//! What must hold between the entries of a ledger, whatever they are about.

use std::collections::{HashMap, HashSet};

use domain::{Action, EntryNumber, RecorderId, WallTime};

use super::companion;
use super::{About, Destruction, Head, History, HolderList, KeyLine, KeyList, Under, VaultKey};
use crate::certificate::{Found, Wanted};
use crate::entry::{CompanionName, Decision, Entry, Exported, Kind, Outcome};
use crate::source::Source;
use crate::{Report, Word, to_hex};

/// Follows the entries in their order and reports what contradicts what stands before.
#[derive(Default)]
pub struct Rules {
    year: u16,
    /// The first year that was read: what entries name of the years before cannot be looked up.
    first_year: Option<u16>,
    recorder: Option<RecorderId>,
    /// Size and root of the year before.
    before: Option<(u64, [u8; 32])>,
    intents: HashMap<EntryNumber, Intent>,
    proposals: HashMap<EntryNumber, Proposal>,
    exports: HashSet<EntryNumber>,
    /// The newest intent to destroy.
    destroying: Option<Under>,
    clock: Clock,
    history: History,
    /// The first log that was read continues none.
    is_from_beginning: bool,
    /// Buckets that are looked for.
    wanted: Option<Wanted>,
}

struct Intent {
    action: Action,
    proposal: Option<EntryNumber>,
    ended: Option<Outcome>,
}

struct Proposal {
    action: Action,
    decision: Option<Decision>,
    used_by: Option<EntryNumber>,
}

/// The recorder's wall clock, as its entries show it. It can go back: order is the index.
#[derive(Default)]
struct Clock {
    last: Option<WallTime>,
    went_back: u64,
    steps: u64,
}

impl Rules {
    /// Rules that look for buckets on the way.
    pub(super) fn wanting(wanted: Option<Wanted>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// A year's log begins. `before` is the size and root of the log of the year before, if it was
    /// read.
    pub fn begin_year(&mut self, head: &Head, before: Option<(u64, [u8; 32])>) {
        self.year = head.year;
        self.first_year.get_or_insert(head.year);
        self.recorder = Some(head.recorder);
        self.before = before;
    }

    /// Takes the next entry.
    pub fn take(
        &mut self,
        source: &dyn Source,
        report: &mut Report,
        number: EntryNumber,
        entry: &Entry,
    ) {
        self.take_time(report, number, entry.time);
        let is_opened = matches!(entry.kind, Kind::Opened { .. });
        if is_opened != (number.index == 0) {
            report.find(Word::OrderBroken, number, "a log begins with `opened`, once");
        }
        match &entry.kind {
            Kind::Opened { recorder, previous } => {
                self.take_opened(report, number, *recorder, *previous);
            }
            Kind::Intent { action, proposal } => {
                self.take_intent(report, number, *action, *proposal);
            }
            Kind::Proposal { action } => {
                let proposal = Proposal { action: *action, decision: None, used_by: None };
                self.proposals.insert(number, proposal);
            }
            Kind::Approval { proposal, decision } => {
                if let Some(known) = self.proposal(report, number, *proposal) {
                    known.decision.get_or_insert(*decision);
                }
            }
            Kind::Outcome { intent, result } => self.take_outcome(report, number, *intent, *result),
            Kind::Served { intent } => drop(self.intent(report, number, *intent)),
            Kind::Keys { companion } => {
                let keys = self.read_list(source, report, number, companion, false);
                self.history.made.push(KeyList { number, time: entry.time, keys });
            }
            Kind::VaultKey { epoch, sha256 } => {
                self.take_vault_key(report, number, entry.time, *epoch, *sha256);
            }
            Kind::Holders { holders } => {
                self.history.holders.push(HolderList { number, holders: holders.clone() });
            }
            Kind::Destroyed { epoch, companion, held_by } => {
                self.take_held_by(report, number, *held_by);
                let keys = self.read_list(source, report, number, companion, true);
                self.take_destroyed(report, number, entry.time, *epoch, companion, keys);
            }
            Kind::RecordRoot { root, state, sha256 } => {
                let said = (*root, *state, *sha256);
                self.history.record_roots.take(report, number, said, self.is_from_beginning);
            }
            Kind::Listed { companion } | Kind::Witnesses { companion: Some(companion) } => {
                companion::look(source, companion, report);
            }
            Kind::ClockStep { .. } => self.clock.steps += 1,
            Kind::Export(Exported::Sealed { case, .. }) => {
                // Of a case in a year that was not read nothing is known.
                if *case >= number {
                    report.find(Word::OrderBroken, number, "it answers a case of later");
                }
                self.exports.insert(number);
            }
            Kind::Export(Exported::Revoked { export }) => {
                let may_be_before = self.first_year.is_some_and(|year| export.year < year);
                if !may_be_before && !self.exports.contains(export) {
                    let detail = format!("it revokes {export}, which is no export");
                    report.find(Word::OrderBroken, number, detail);
                }
                self.history.revoked.entry(*export).or_insert((number, entry.time));
            }
            Kind::EarlyRule { proposal, .. } => drop(self.proposal(report, number, *proposal)),
            Kind::Witnesses { companion: None } | Kind::Other => {}
        }
    }

    fn read_list(
        &mut self,
        source: &dyn Source,
        report: &mut Report,
        number: EntryNumber,
        name: &CompanionName,
        is_destroyed: bool,
    ) -> Vec<KeyLine> {
        let (wanted, found) = (&self.wanted, &mut self.history.found);
        let mut each = |key: KeyLine, about: Option<About>| {
            let is_wanted = wanted.as_ref().is_some_and(|it| it.is_wanted(&key, about.as_ref()));
            if is_wanted {
                found.push(Found { number, is_destroyed, key });
            }
        };
        companion::read(source, name, report, &mut each).unwrap_or_default()
    }

    fn take_time(&mut self, report: &mut Report, number: EntryNumber, time: WallTime) {
        if time.year() > number.year {
            let detail = format!("its time is {time}, of a later year");
            report.find(Word::OrderBroken, number, detail);
        }
        self.clock.went_back += u64::from(self.clock.last.is_some_and(|last| time < last));
        self.clock.last = Some(time);
    }

    fn take_opened(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        recorder: RecorderId,
        previous: Option<(u64, [u8; 32])>,
    ) {
        if self.recorder.is_some_and(|expected| expected != recorder) {
            report.find(Word::YearBroken, number, format!("it is of the recorder {recorder}"));
        }
        match (previous, self.before) {
            (None, None) => self.is_from_beginning = true,
            (Some(said), Some(was)) if said == was => {}
            (Some((size, root)), Some(was)) => {
                let detail = format!(
                    "it continues {size} entries with root {}, the year before has {} and {}",
                    to_hex(&root),
                    was.0,
                    to_hex(&was.1)
                );
                report.find(Word::YearBroken, number, detail);
            }
            (None, Some(_)) => {
                report.find(
                    Word::YearBroken,
                    number,
                    "it names no log before it, and there is one",
                );
            }
            (Some((size, _)), None) => {
                let detail = format!("it continues a log of {size} entries");
                report.find(Word::YearMissing, number, detail);
            }
        }
    }

    fn take_intent(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        action: Action,
        proposal: Option<EntryNumber>,
    ) {
        self.intents.insert(number, Intent { action, proposal, ended: None });
        let early = action == Action::DestroyEarly;
        let by_hand = action == Action::DestroyMinutes;
        if early || by_hand || action == Action::DestroyExpired {
            self.destroying = Some(Under { intent: number, early: early || by_hand, proposal });
        }
        let Some(named) = proposal else { return };
        let Some(known) = self.proposal(report, number, named) else { return };
        // Early destruction rests on the proposal of the standing rule, and does not use it up.
        let expected = if early { Action::AllowEarly } else { action };
        if known.action != expected {
            let detail =
                format!("{} rests on a proposal of {}", action.word(), known.action.word());
            report.find(Word::OrderBroken, number, detail);
        }
        if known.decision != Some(Decision::Approved) {
            report.find(Word::OrderBroken, number, format!("proposal {named} was not approved"));
        }
        if !early {
            known.used_by.get_or_insert(number);
        }
    }

    fn take_outcome(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        intent: EntryNumber,
        result: Outcome,
    ) {
        let Some(known) = self.intent(report, number, intent) else { return };
        if known.ended.replace(result).is_some() {
            report.find(Word::OrderBroken, number, format!("intent {intent} had ended before"));
            return;
        }
        let (action, proposal) = (known.action, known.proposal);
        let used_by = proposal.and_then(|named| self.proposals.get(&named)?.used_by);
        if result == Outcome::Done
            && action != Action::DestroyEarly
            && used_by.is_some_and(|by| by != intent)
        {
            report.find(Word::OrderBroken, number, "its proposal was used up by another act");
        }
    }

    fn take_vault_key(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        time: WallTime,
        epoch: u64,
        sha256: [u8; 32],
    ) {
        if let Some(last) = self.history.vault_keys.last()
            && epoch <= last.epoch
            && (epoch, sha256) != (last.epoch, last.sha256)
        {
            let detail = format!("epoch {epoch} comes after epoch {}", last.epoch);
            report.find(Word::OrderBroken, number, detail);
        }
        self.history.vault_keys.push(VaultKey { number, time, epoch, sha256 });
    }

    /// What a destruction says that kept the key must be what was entered last before it.
    fn take_held_by(&self, report: &mut Report, number: EntryNumber, held_by: Option<EntryNumber>) {
        let Some(held_by) = held_by else { return };
        let newest = self.history.holders.last().map(|list| list.number);
        if newest != Some(held_by) && (newest.is_some() || self.can_look_up(held_by)) {
            let detail = format!("{held_by} is not the newest list of holders before it");
            report.find(Word::OrderBroken, number, detail);
        }
    }

    fn take_destroyed(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        time: WallTime,
        epoch: u64,
        companion: &CompanionName,
        keys: Vec<KeyLine>,
    ) {
        // An act that ended well had its `destroyed` before its outcome.
        let under = self.destroying.filter(|under| {
            let known = self.intents.get(&under.intent);
            known.is_some_and(|known| known.ended != Some(Outcome::Done))
        });
        if under.is_none() {
            report.find(Word::OrderBroken, number, "no open intent before it is to destroy");
        }
        self.history.destroyed.push(Destruction {
            list: KeyList { number, time, keys },
            count: companion.count,
            companion: companion.sha256,
            epoch,
            under,
        });
    }

    fn intent(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        intent: EntryNumber,
    ) -> Option<&mut Intent> {
        if !self.intents.contains_key(&intent) && self.can_look_up(intent) {
            report.find(Word::OrderBroken, number, format!("{intent} is no intent before it"));
        }
        self.intents.get_mut(&intent)
    }

    fn proposal(
        &mut self,
        report: &mut Report,
        number: EntryNumber,
        proposal: EntryNumber,
    ) -> Option<&mut Proposal> {
        if !self.proposals.contains_key(&proposal) && self.can_look_up(proposal) {
            report.find(Word::OrderBroken, number, format!("{proposal} is no proposal before it"));
        }
        self.proposals.get_mut(&proposal)
    }

    /// Whether what an entry names would have been read, if it were there.
    fn can_look_up(&self, number: EntryNumber) -> bool {
        self.first_year.is_some_and(|first| number.year >= first)
    }

    /// What is known when all entries were taken.
    pub(super) fn tell(&self, report: &mut Report) {
        let open = self.intents.values().filter(|intent| intent.ended.is_none()).count();
        report.fact("acts", ("행위", "acts"), self.intents.len());
        report.fact("acts_open", ("끝나지 않은 행위", "acts that have not ended"), open);
        let history = &self.history;
        let made: usize = history.made.iter().map(|list| list.keys.len()).sum();
        report.fact("bucket_keys_made", ("만든 버킷 열쇠", "bucket keys made"), made);
        let gone: u64 = history.destroyed.iter().map(|gone| gone.count).sum();
        report.fact("bucket_keys_destroyed", ("파기한 버킷 열쇠", "bucket keys destroyed"), gone);
        report.fact("rotations", ("열쇠 교체", "rotations"), history.destroyed.len());
        report.fact("clock_steps", ("시계 변경", "steps of the clock"), self.clock.steps);
        let back = self.clock.went_back;
        report.fact("times_back", ("앞보다 이른 시각", "times before the one before"), back);
    }

    pub(super) fn into_history(self) -> History {
        self.history
    }
}
