//! What comes in, goes on step by step and ends: persons' requests and disclosures to others, each counted
//! within its year.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{EntryNumber, WallTime};

use crate::disclosure::Disclosures;
use crate::export::Exports;
use crate::request::Requests;
use crate::{Kind, Record};

/// Cases of a kind that are kept in memory: the newest.
const MOST_KEPT: usize = 4096;
/// Steps of one case that are kept in memory: the first. No desk comes near it.
const MOST_STEPS: usize = 64;
/// How long who asks is kept in memory: no longer than the record's root, which goes within 37 months.
const DETAIL_FOR: Duration = Duration::from_secs(37 * 31 * 86_400);

/// What happened to a case after its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseStepFact<S, N> {
    /// When.
    pub at: WallTime,
    /// What.
    pub step: S,
    /// Who did it, as written; empty if its record is destroyed.
    pub by: String,
    /// What was written beside it.
    pub note: N,
}

/// A case and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFact<R, S, N> {
    /// The entry of its receipt.
    pub number: EntryNumber,
    /// Which of its year, counted from 1: with the year, the number of receipt.
    pub serial: u64,
    /// When it came in.
    pub received_at: WallTime,
    /// Who received it, as written, and what it says; none if its record is destroyed.
    pub detail: Option<(String, R)>,
    /// What happened since, the oldest first.
    pub steps: Vec<CaseStepFact<S, N>>,
}

impl<R, S, N> CaseFact<R, S, N> {
    /// The number of receipt, `2026-17`.
    #[must_use]
    pub fn receipt(&self) -> String {
        format!("{}-{}", self.number.year, self.serial)
    }
}

/// What came to the desk.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) requests: Requests,
    pub(crate) disclosures: Disclosures,
    pub(crate) exports: Exports,
}

impl Desk {
    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        kind: &Kind,
        record: Option<&Record>,
    ) {
        match kind {
            Kind::Request(step) => self.requests.apply(number, time, step, record),
            Kind::Disclosure(step) => self.disclosures.apply(number, time, step, record),
            Kind::Export(step) => self.exports.apply(number, time, step, record),
            _ => {}
        }
    }
}

/// Every case of a kind.
#[derive(Debug)]
pub(crate) struct Cases<R, S, N> {
    known: BTreeMap<EntryNumber, CaseFact<R, S, N>>,
    /// How many each year had.
    counts: BTreeMap<u16, u64>,
}

impl<R, S, N> Default for Cases<R, S, N> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), counts: BTreeMap::new() }
    }
}

impl<R: Clone, S: Clone, N: Clone + Default> Cases<R, S, N> {
    /// Notes that a case came in.
    pub(crate) fn receive(
        &mut self,
        number: EntryNumber,
        at: WallTime,
        detail: Option<(String, R)>,
    ) {
        let count = self.counts.entry(number.year).or_default();
        *count += 1;
        let (serial, steps) = (*count, Vec::new());
        self.known.insert(number, CaseFact { number, serial, received_at: at, detail, steps });
        while self.known.len() > MOST_KEPT {
            self.known.pop_first();
        }
        self.forget(at);
    }

    /// Notes what happened to one; to one that is not known, nothing.
    pub(crate) fn go_on(
        &mut self,
        case: EntryNumber,
        at: WallTime,
        step: S,
        beside: Option<(String, N)>,
    ) {
        let (by, note) = beside.unwrap_or_default();
        if let Some(known) = self.known.get_mut(&case)
            && known.steps.len() < MOST_STEPS
        {
            known.steps.push(CaseStepFact { at, step, by, note });
        }
        self.forget(at);
    }

    fn forget(&mut self, now: WallTime) {
        self.known.values_mut().for_each(|fact| forget_what_is_old(fact, now));
    }

    pub(crate) fn all(&self, now: WallTime) -> Vec<CaseFact<R, S, N>> {
        let mut all: Vec<_> = self.known.values().cloned().collect();
        all.iter_mut().for_each(|fact| forget_what_is_old(fact, now));
        all
    }

    pub(crate) fn get(&self, number: EntryNumber) -> Option<CaseFact<R, S, N>> {
        self.known.get(&number).cloned()
    }

    pub(crate) fn next_serial(&self, year: u16) -> u64 {
        self.counts.get(&year).copied().unwrap_or_default() + 1
    }
}

fn forget_what_is_old<R, S, N: Default>(fact: &mut CaseFact<R, S, N>, now: WallTime) {
    if fact.received_at + DETAIL_FOR < now {
        fact.detail = None;
        for step in &mut fact.steps {
            (step.by, step.note) = Default::default();
        }
    }
}
