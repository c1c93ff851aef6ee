//! What came to the desk, as the judge of promises asks for it.

use domain::WallTime;
use ledger::{DisclosureFact, DisclosureStep, RequestFact};
use policy::{AnswerTerm, DeskFacts};
use registers::{counted_events, disclosure_events, disclosure_terms, standing};
use rights::{DecidedAs, Standing, Step, day_in_korea};

use crate::house::House;

pub(crate) fn desk_facts(house: &House, now: WallTime) -> DeskFacts {
    let requests = house.ledger.requests(now);
    let disclosures = house.ledger.disclosures(now);
    let is_given = |it: &&DisclosureFact| {
        it.steps.iter().any(|step| matches!(step.step, DisclosureStep::Provided { .. }))
    };
    DeskFacts {
        terms: requests.iter().flat_map(|fact| terms(fact, now)).collect(),
        disclosures: disclosures.iter().filter(is_given).count() as u64,
        late_duties: disclosures.iter().flat_map(|fact| late_duties(fact, now)).collect(),
    }
}

/// Whoever asks is answered, or put off, in so many days; what was put off in so many after its reason ended.
fn terms(fact: &RequestFact, now: WallTime) -> Vec<AnswerTerm> {
    if matches!(standing(fact, now), Standing::Withdrawn | Standing::Lapsed) {
        return Vec::new();
    }
    let events = counted_events(fact);
    let mut terms = Vec::new();
    let mut term = AnswerTerm {
        receipt: fact.receipt(),
        from: day_in_korea(events[0].at),
        ended: None,
        is_refusal: false,
    };
    let (mut is_put_off, mut waits) = (false, false);
    for event in &events {
        match event.step {
            // An answer was given: an objection to it has days of its own, of which nothing is promised.
            Step::Objected(on) if !is_put_off => {
                term.ended.get_or_insert(on);
                break;
            }
            Step::Objected(_) => waits = true,
            // That extends the days of the objection alone.
            Step::Decided(DecidedAs::Postponed(_)) if waits => {}
            Step::Decided(DecidedAs::Postponed(until)) => {
                let next = AnswerTerm { from: until, ..term.clone() };
                terms.push(AnswerTerm { ended: Some(day_in_korea(event.at)), ..term });
                term = next;
                is_put_off = true;
            }
            Step::Decided(decided) => {
                term.is_refusal = matches!(decided, DecidedAs::Refused | DecidedAs::Partly);
                (is_put_off, waits) = (false, false);
            }
            Step::Done => term.ended = Some(day_in_korea(event.at)),
            Step::Withdrawn => waits = false,
            Step::Received | Step::Identified => {}
        }
    }
    terms.push(term);
    terms
}

fn late_duties(fact: &DisclosureFact, now: WallTime) -> Vec<String> {
    let today = day_in_korea(now);
    let owed = rights::duties(&disclosure_events(fact), disclosure_terms(fact)).unwrap_or_default();
    let late = owed.into_iter().filter(|duty| duty.due < today);
    late.map(|duty| format!("{} {}", fact.receipt(), duty.kind.word())).collect()
}

#[cfg(test)]
mod tests {
    use domain::EntryNumber;
    use ledger::{RequestDecision, RequestNote, RequestStep, RequestStepFact};

    use super::*;

    const REQUEST: EntryNumber = EntryNumber { year: 2026, index: 3 };

    fn at(day: &str) -> WallTime {
        format!("{day}T12:00:00+09:00").parse().unwrap()
    }

    fn asked(steps: Vec<(&str, RequestStep, Option<&str>)>) -> RequestFact {
        let step = |(day, step, until): (&str, RequestStep, Option<&str>)| RequestStepFact {
            at: at(day),
            step,
            by: String::new(),
            note: RequestNote { until: until.map(Into::into), ..RequestNote::default() },
        };
        RequestFact {
            number: REQUEST,
            serial: 1,
            received_at: at("2026-11-02"),
            detail: None,
            steps: steps.into_iter().map(step).collect(),
        }
    }

    fn told(fact: &RequestFact) -> Vec<(String, Option<String>, bool)> {
        let terms = terms(fact, at("2026-11-23")).into_iter();
        terms
            .map(|it| (it.from.to_string(), it.ended.map(|day| day.to_string()), it.is_refusal))
            .collect()
    }

    #[test]
    fn what_is_put_off_has_two_terms_and_what_is_over_without_an_answer_none() {
        let identified = ("2026-11-03", RequestStep::Identified { request: REQUEST }, None);
        let decided = |decision| RequestStep::Decided { request: REQUEST, decision };
        let put_off = ("2026-11-04", decided(RequestDecision::Postponed), Some("2026-11-16"));
        let refused = ("2026-11-18", decided(RequestDecision::Refused), None);
        let done = ("2026-11-19", RequestStep::Done { request: REQUEST }, None);
        let day = |text: &str| Some(text.to_owned());
        let all = asked(vec![identified.clone(), put_off, refused, done]);
        let first = ("2026-11-02".to_owned(), day("2026-11-04"), false);
        assert_eq!(told(&all), [first, ("2026-11-16".into(), day("2026-11-19"), true)]);
        let open = asked(vec![identified]);
        assert_eq!(told(&open), [("2026-11-02".into(), None, false)], "nobody has answered it");
        assert_eq!(told(&asked(Vec::new())), [], "nobody showed who asks");
    }
    /// What is promised is the answer: an objection to it neither takes back that it was given nor is answered by it.
    #[test]
    fn an_answer_that_was_given_in_time_stays_so_whoever_objects_to_it() {
        let identified = ("2026-11-03", RequestStep::Identified { request: REQUEST }, None);
        let decided = |decision| RequestStep::Decided { request: REQUEST, decision };
        let refused = ("2026-11-04", decided(RequestDecision::Refused), None);
        let done = |day| (day, RequestStep::Done { request: REQUEST }, None);
        let objected = ("2026-11-06", RequestStep::Objected { request: REQUEST }, None);
        let granted = ("2026-11-20", decided(RequestDecision::Granted), None);
        let answered = ("2026-11-02".to_owned(), Some("2026-11-05".to_owned()), true);
        let first = vec![identified.clone(), refused, done("2026-11-05"), objected.clone()];
        let later = [first.clone(), vec![granted, done("2026-11-21")]].concat();
        for steps in [first, later] {
            assert_eq!(told(&asked(steps)), std::slice::from_ref(&answered));
        }
        // One to a postponement does not answer the request; that its days are extended begins no other term.
        let put_off = ("2026-11-04", decided(RequestDecision::Postponed), Some("2026-11-16"));
        let extended = ("2026-11-19", decided(RequestDecision::Postponed), Some("2026-11-25"));
        let open = told(&asked(vec![identified, put_off, objected, extended]));
        assert_eq!((open.len(), &open[1]), (2, &("2026-11-16".into(), None, false)));
    }
}
