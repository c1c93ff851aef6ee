//! Refusals in the ledger, without letting a flood of them fill it.
//!
//! Of refusals of one kind (who, what, why, whose account) the first [`ENTERED_A_MINUTE`] of a
//! minute are entered one by one; the rest are counted, and the count is entered when the minute is
//! over. So none is silent, and nobody fills the disk by being refused.

use std::collections::HashMap;
use std::time::Duration;

use domain::{AccountId, Action, Actor, Elapsed, WallTime};
use ledger::{Event, Kind, Record};
use rules::{Refusal, RefusalReason, Target};

/// Refusals of one kind entered one by one within a minute.
pub(crate) const ENTERED_A_MINUTE: u32 = 30;
const MINUTE: Duration = Duration::from_secs(60);

type Key = (Actor, Action, RefusalReason, Option<AccountId>);

struct Window {
    began: Elapsed,
    began_wall: WallTime,
    entered: u32,
    counted: u64,
}

/// What is counted and not entered yet. The keys are bounded by accounts × actions × reasons.
#[derive(Default)]
pub(crate) struct Refusals {
    windows: HashMap<Key, Window>,
}

impl Refusals {
    /// Whether a refusal is to be entered by itself; otherwise it is counted here.
    pub(crate) fn is_entered(&mut self, refusal: &Refusal, now: Elapsed, wall: WallTime) -> bool {
        let account = match &refusal.ask.target {
            Target::Account { account, .. } => Some(*account),
            _ => None,
        };
        let key = (refusal.ask.actor, refusal.ask.action, refusal.reason, account);
        let fresh = || Window { began: now, began_wall: wall, entered: 0, counted: 0 };
        let window = self.windows.entry(key).or_insert_with(fresh);
        // A window with a count waits for `take_counts`, so that the count is not lost.
        if now.since(window.began) >= MINUTE && window.counted == 0 {
            *window = fresh();
        }
        if window.entered < ENTERED_A_MINUTE {
            window.entered += 1;
            return true;
        }
        window.counted += 1;
        false
    }

    /// The counts of minutes that are over (or of all, when the recorder stops), as entries.
    pub(crate) fn take_counts(&mut self, now: Elapsed, wall: WallTime, all: bool) -> Vec<Event> {
        let mut events = Vec::new();
        self.windows.retain(|key, window| {
            if now.since(window.began) < MINUTE && !all {
                return true;
            }
            if window.counted > 0 {
                events.push(count_event(key, window, wall));
            }
            false
        });
        events
    }
}

fn count_event(key: &Key, window: &Window, wall: WallTime) -> Event {
    let (actor, action, reason, account) = key;
    let whose = account.map_or(String::new(), |account| format!(" for account {account}"));
    let note = format!(
        "{} more refusals of {} ({reason}){whose} between {} and {wall}",
        window.counted,
        action.word(),
        window.began_wall
    );
    let kind = Kind::Refusal { action: *action, reason: reason.word().into() };
    Event { kind, record: Some(Record::Outcome { actor: actor.to_string(), note }) }
}

#[cfg(test)]
mod tests {
    use rules::Ask;

    use super::*;

    #[test]
    fn a_flood_is_entered_in_part_and_counted_in_whole() {
        let mut refusals = Refusals::default();
        let refusal = Refusal {
            ask: Box::new(Ask {
                actor: Actor::Unknown,
                action: Action::SignIn,
                target: Target::House,
                purpose: None,
                proposal: None,
            }),
            reason: RefusalReason::WrongCredentials,
        };
        let (now, wall) = (Elapsed::from_nanos(0), WallTime::EPOCH);
        let entered = (0..10_000).filter(|_| refusals.is_entered(&refusal, now, wall)).count();
        assert_eq!(entered, ENTERED_A_MINUTE as usize);
        assert!(refusals.take_counts(now, wall, false).is_empty());
        let later = now + MINUTE;
        let events = refusals.take_counts(later, wall, false);
        let [Event { record: Some(Record::Outcome { note, .. }), .. }] = &events[..] else {
            panic!("{events:?}");
        };
        assert!(note.starts_with("9970 more refusals of session.sign-in"), "{note}");
        assert!(refusals.windows.is_empty());
        assert!(refusals.is_entered(&refusal, later, wall));
    }
}
