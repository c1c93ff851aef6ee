//! What the rules have to know of an objection: who decided, who entered it, and who else could decide.

use domain::Action;
use ledger::{RequestDecision, RequestFact, RequestStep, RequestStepFact};
use rules::{Ask, Reconsidered, RequestTarget, Target, could_decide};

use crate::approval::person;
use crate::{Access, Account};

/// What stands of a request, and the objection to it that waits.
#[derive(Default)]
struct Decided<'a> {
    decision: Option<&'a RequestStepFact>,
    objection: Option<&'a RequestStepFact>,
}

impl<'a> Decided<'a> {
    fn of(steps: &'a [RequestStepFact]) -> Self {
        let mut decided = Self::default();
        for fact in steps {
            match fact.step {
                RequestStep::Objected { .. } => decided.objection = Some(fact),
                // That extends its days, and decides nothing.
                RequestStep::Decided { decision: RequestDecision::Postponed, .. }
                    if decided.objection.is_some() => {}
                RequestStep::Decided { .. } => {
                    decided = Self { decision: Some(fact), objection: None };
                }
                RequestStep::Withdrawn { .. } => decided.objection = None,
                _ => {}
            }
        }
        decided
    }
}

impl Access {
    /// Of a request that is to be decided anew: who decided it before, and who could now.
    pub(crate) fn objection(&self, ask: &Ask) -> Option<Reconsidered> {
        let Target::Request(target) = &ask.target else { return None };
        if ask.action != Action::DecideRequest {
            return None;
        }
        let fact = self.ledger.request(target.request?)?;
        Decided::of(&fact.steps).objection?;
        Some(self.reconsidered(&fact, target))
    }

    /// Who decided a request, who entered the objection that waits, if one does, and who could decide requests
    /// about its cameras.
    #[must_use]
    pub fn reconsidered(&self, fact: &RequestFact, target: &RequestTarget) -> Reconsidered {
        let target = Target::Request(Box::new(target.clone()));
        let now = self.clock.wall();
        let able = |record| {
            let account = Account::read(record)?;
            let term = &account.appointment.term;
            let is_able = account.is_in_force()
                && could_decide(&account.roles, &account.scope, term, &target, now);
            is_able.then_some(account.id)
        };
        let Decided { decision, objection } = Decided::of(&fact.steps);
        Reconsidered {
            decided_by: decision.and_then(|step| person(&step.by)),
            entered_by: objection.and_then(|step| person(&step.by)),
            able: self.ledger.accounts().iter().filter_map(able).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{EntryNumber, WallTime};

    use super::*;

    fn steps(steps: &[(&str, RequestStep)]) -> Vec<RequestStepFact> {
        let fact = |(by, step): &(&str, RequestStep)| RequestStepFact {
            at: WallTime::EPOCH,
            step: step.clone(),
            by: (*by).into(),
            note: ledger::RequestNote::default(),
        };
        steps.iter().map(fact).collect()
    }

    #[test]
    fn who_extended_the_days_of_an_objection_decided_nothing() {
        let request = EntryNumber { year: 2026, index: 3 };
        let decided = |decision| RequestStep::Decided { request, decision };
        let all = steps(&[
            ("first", decided(RequestDecision::Refused)),
            ("clerk", RequestStep::Objected { request }),
            ("second", decided(RequestDecision::Postponed)),
            ("clerk", RequestStep::Withdrawn { request }),
            ("clerk", RequestStep::Objected { request }),
            ("third", decided(RequestDecision::Granted)),
        ]);
        let of = |count: usize| {
            let Decided { decision, objection } = Decided::of(&all[..count]);
            (decision.map(|it| it.by.as_str()), objection.map(|it| it.by.as_str()))
        };
        assert_eq!(of(1), (Some("first"), None));
        assert_eq!(of(2), (Some("first"), Some("clerk")));
        assert_eq!(of(3), (Some("first"), Some("clerk")));
        assert_eq!(of(4), (Some("first"), None));
        assert_eq!(of(5), (Some("first"), Some("clerk")));
        assert_eq!(of(6), (Some("third"), None));
        // The control: without an objection it is the request that is postponed.
        let postponed = steps(&[("second", decided(RequestDecision::Postponed))]);
        assert_eq!(Decided::of(&postponed).decision.map(|it| it.by.as_str()), Some("second"));
    }
}
