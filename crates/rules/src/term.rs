//! For how long somebody is appointed, and when he is on duty.
//!
//! Invariants:
//! 1. Before its first moment and from its end on an appointment gives no right at all; nobody has to
//!    remember to take it away.
//! 2. Whoever is on a rota has rights while he is on duty and at no other time.
//! 3. To leave is always permitted.

use domain::{Action, WallTime};

use crate::decide::{Ask, RefusalReason};

/// For how long somebody is appointed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// The first moment; none for always.
    pub from: Option<WallTime>,
    /// The first moment after it; none for no end.
    pub until: Option<WallTime>,
    /// When he is on duty, from and until; empty for the whole of it.
    pub duty: Vec<(WallTime, WallTime)>,
}

impl Term {
    /// Why it gives no right at a moment, if so.
    #[must_use]
    pub fn refuses(&self, now: WallTime) -> Option<RefusalReason> {
        if self.until.is_some_and(|until| now >= until) {
            Some(RefusalReason::AppointmentOver)
        } else if self.from.is_some_and(|from| now < from) {
            Some(RefusalReason::AppointmentNotYet)
        } else if self.duty.iter().any(|(from, until)| (*from..*until).contains(&now))
            || self.duty.is_empty()
        {
            None
        } else {
            Some(RefusalReason::OffDuty)
        }
    }

    /// Whether it goes on by itself: whoever is alone in his office has to have one such.
    #[must_use]
    pub fn is_open_ended(&self) -> bool {
        self.until.is_none() && self.duty.is_empty()
    }
}

pub(crate) fn check_term(ask: &Ask, term: &Term, now: WallTime) -> Result<(), RefusalReason> {
    match term.refuses(now) {
        Some(reason) if ask.action != Action::SignOut => Err(reason),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOON: WallTime = WallTime::from_micros(1_795_301_858_000_000);

    fn hour(count: u64) -> WallTime {
        NOON + Duration::from_secs(3600 * count)
    }

    #[test]
    fn a_term_gives_rights_from_its_first_moment_to_its_last_and_no_longer() {
        let term = Term { from: Some(hour(1)), until: Some(hour(3)), duty: Vec::new() };
        assert_eq!(term.refuses(NOON), Some(RefusalReason::AppointmentNotYet));
        assert_eq!(term.refuses(hour(1)), None);
        assert_eq!(term.refuses(hour(3)), Some(RefusalReason::AppointmentOver));
        // The control: without a term there is no end.
        assert_eq!(Term::default().refuses(hour(3)), None);
        assert!(Term::default().is_open_ended() && !term.is_open_ended());
    }

    #[test]
    fn who_is_on_a_rota_has_rights_on_duty_alone() {
        let duty = vec![(hour(1), hour(2)), (hour(4), hour(5))];
        let term = Term { duty, ..Term::default() };
        let refused = [0, 2, 3, 5, 6].map(|count| term.refuses(hour(count)));
        assert_eq!(refused, [Some(RefusalReason::OffDuty); 5]);
        assert_eq!([1, 4].map(|count| term.refuses(hour(count))), [None; 2]);
        assert!(!term.is_open_ended());
    }
}
