//! Maintenance tickets, as the ledger says them.
//!
//! That one was opened, for when, that its contractor was there and that it ended is public; who it
//! was, at what, and with whom is in the side records.

use std::collections::{BTreeMap, BTreeSet};

use domain::{EntryNumber, WallTime};
use serde::{Deserialize, Serialize};

use crate::Record;
use crate::words::as_text;

/// Tickets that are kept in memory: the newest.
const MOST_KEPT: usize = 4096;
/// Visits of one ticket that are kept in memory: the first.
const MOST_VISITS: usize = 64;

/// What an entry says of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum TicketStep {
    /// It was opened; this entry's number is its own.
    Opened {
        /// From when it holds.
        #[serde(with = "as_text")]
        from: WallTime,
        /// The first moment after it.
        #[serde(with = "as_text")]
        until: WallTime,
    },
    /// A session of its contractor began.
    Entered {
        /// Which.
        #[serde(with = "as_text")]
        ticket: EntryNumber,
    },
    /// That session ended.
    Left {
        /// Which.
        #[serde(with = "as_text")]
        ticket: EntryNumber,
    },
    /// A person closed it.
    Closed {
        /// Which.
        #[serde(with = "as_text")]
        ticket: EntryNumber,
    },
    /// Its time was over.
    Lapsed {
        /// Which.
        #[serde(with = "as_text")]
        ticket: EntryNumber,
    },
}

/// How a ticket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketEnd {
    /// When.
    pub at: WallTime,
    /// Who closed it, as written; none if its time was over.
    pub by: Option<String>,
    /// What was done.
    pub remark: String,
}

/// A ticket and what became of it. The texts are empty if its record is destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketFact {
    /// The entry by which it was opened.
    pub number: EntryNumber,
    /// When.
    pub opened_at: WallTime,
    /// By whom, as written.
    pub opened_by: String,
    /// Who works, as written.
    pub contractor: String,
    /// Who is with him, as written.
    pub escort: String,
    /// At what.
    pub work: String,
    /// The cameras that it is about; empty for the recorder as a whole.
    pub cameras: Vec<String>,
    /// From when it holds.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// When sessions of the contractor began and ended.
    pub visits: Vec<(WallTime, Option<WallTime>)>,
    /// Sessions that began and did not end.
    pub inside: u64,
    /// How it ended.
    pub end: Option<TicketEnd>,
    /// The latest moment of any entry since it was opened, until it ended.
    pub latest: WallTime,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TicketCounts {
    /// Opened.
    pub opened: u64,
    /// Sessions of contractors that began.
    pub entered: u64,
    /// Of these, those that did not begin within the time of a ticket that was open.
    pub outside: u64,
}

/// Every ticket.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    known: BTreeMap<EntryNumber, TicketFact>,
    open: BTreeSet<EntryNumber>,
    counts: TicketCounts,
}

impl Tickets {
    /// Something was entered, whatever it was.
    pub(crate) fn note(&mut self, time: WallTime) {
        for number in &self.open {
            if let Some(ticket) = self.known.get_mut(number) {
                ticket.latest = ticket.latest.max(time);
            }
        }
    }

    pub(crate) fn apply(
        &mut self,
        number: EntryNumber,
        time: WallTime,
        step: &TicketStep,
        record: Option<&Record>,
    ) {
        match step {
            TicketStep::Opened { from, until } => {
                self.counts.opened += 1;
                self.known.insert(number, opened(number, time, (*from, *until), record));
                self.open.insert(number);
                self.make_room();
            }
            TicketStep::Entered { ticket } => {
                self.counts.entered += 1;
                let is_within = self
                    .known
                    .get(ticket)
                    .is_some_and(|it| it.end.is_none() && it.from <= time && time < it.until);
                self.counts.outside += u64::from(!is_within);
                let Some(known) = self.known.get_mut(ticket) else { return };
                known.inside += 1;
                if known.visits.len() < MOST_VISITS {
                    known.visits.push((time, None));
                }
            }
            TicketStep::Left { ticket } => {
                let Some(known) = self.known.get_mut(ticket) else { return };
                known.inside = known.inside.saturating_sub(1);
                if let Some(visit) = known.visits.iter_mut().find(|visit| visit.1.is_none()) {
                    visit.1 = Some(time);
                }
            }
            TicketStep::Closed { ticket } => {
                let (by, remark) = match record {
                    Some(Record::TicketStep { actor, remark }) => (actor.clone(), remark.clone()),
                    _ => Default::default(),
                };
                self.end(*ticket, TicketEnd { at: time, by: Some(by), remark });
            }
            TicketStep::Lapsed { ticket } => {
                self.end(*ticket, TicketEnd { at: time, by: None, remark: String::new() });
            }
        }
    }

    fn end(&mut self, ticket: EntryNumber, end: TicketEnd) {
        self.open.remove(&ticket);
        if let Some(known) = self.known.get_mut(&ticket) {
            known.end.get_or_insert(end);
        }
    }

    /// The oldest go; one that goes while it is open holds no more.
    fn make_room(&mut self) {
        while self.known.len() > MOST_KEPT {
            if let Some((number, _)) = self.known.pop_first() {
                self.open.remove(&number);
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<TicketFact> {
        self.known.values().cloned().collect()
    }

    /// Those that did not end.
    pub(crate) fn open(&self) -> Vec<TicketFact> {
        self.open.iter().filter_map(|number| self.known.get(number).cloned()).collect()
    }

    pub(crate) fn get(&self, number: EntryNumber) -> Option<TicketFact> {
        self.known.get(&number).cloned()
    }

    pub(crate) const fn counts(&self) -> TicketCounts {
        self.counts
    }
}

fn opened(
    number: EntryNumber,
    time: WallTime,
    (from, until): (WallTime, WallTime),
    record: Option<&Record>,
) -> TicketFact {
    let empty = TicketFact {
        number,
        opened_at: time,
        opened_by: String::new(),
        contractor: String::new(),
        escort: String::new(),
        work: String::new(),
        cameras: Vec::new(),
        from,
        until,
        visits: Vec::new(),
        inside: 0,
        end: None,
        latest: time,
    };
    let Some(Record::Ticket { actor, contractor, escort, work, cameras }) = record else {
        return empty;
    };
    TicketFact {
        opened_by: actor.clone(),
        contractor: contractor.clone(),
        escort: escort.clone(),
        work: work.clone(),
        cameras: cameras.clone(),
        ..empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);

    fn number(index: u64) -> EntryNumber {
        EntryNumber { year: 2026, index }
    }

    fn hour(count: u64) -> WallTime {
        NOON + std::time::Duration::from_secs(3600 * count)
    }

    #[test]
    fn a_session_counts_as_outside_unless_it_began_within_an_open_ticket() {
        let mut tickets = Tickets::default();
        let ticket = number(1);
        let opened = TicketStep::Opened { from: hour(1), until: hour(2) };
        tickets.apply(ticket, NOON, &opened, None);
        let enter = TicketStep::Entered { ticket };
        // The control: within it.
        tickets.apply(number(2), hour(1), &enter, None);
        assert_eq!(tickets.counts(), TicketCounts { opened: 1, entered: 1, outside: 0 });
        tickets.apply(number(3), hour(2), &enter, None);
        tickets.apply(number(4), NOON, &enter, None);
        tickets.apply(number(5), hour(1), &TicketStep::Entered { ticket: number(9) }, None);
        tickets.apply(number(6), hour(1), &TicketStep::Closed { ticket }, None);
        tickets.apply(number(7), hour(1), &enter, None);
        assert_eq!(tickets.counts(), TicketCounts { opened: 1, entered: 5, outside: 4 });
    }

    #[test]
    fn what_was_entered_since_it_was_opened_says_how_late_it_is() {
        let mut tickets = Tickets::default();
        tickets.apply(number(1), NOON, &TicketStep::Opened { from: NOON, until: hour(9) }, None);
        tickets.note(hour(5));
        tickets.note(hour(3));
        assert_eq!(tickets.open()[0].latest, hour(5));
        tickets.apply(number(2), hour(3), &TicketStep::Lapsed { ticket: number(1) }, None);
        assert_eq!(tickets.open(), []);
        assert_eq!(tickets.get(number(1)).unwrap().end.unwrap().by, None);
    }
}
